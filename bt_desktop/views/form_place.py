"""Where a person is on a record's page, so that they find themselves there after unlocking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer

from bt_desktop.views.form_notices import NoticePane
from bt_desktop.views.head_chips import open_check

if TYPE_CHECKING:
    from bt_desktop.views.form_page import FormPage


def place_of(page: FormPage) -> dict[str, Any]:
    """Section, question, cursor, scrolling, open rows; and what is typed outside the draft.

    The row of a notice and a parent's text in work live only here until they are added or
    released, so the shell keeps this in memory and never writes it.
    """
    block = page.focused_block()
    place: dict[str, Any] = {
        "section": page.section,
        "part_key": page.draft.part_key if page.draft is not None else page.part_key,
        "path": block.path if block is not None else "",
        "cursor": block.editor.caret() if block is not None else 0,
        "scroll": page.area.verticalScrollBar().value(),
        "open_rows": sorted(page.open_rows),
        "visited": sorted(page.visited),
    }
    if isinstance(page.pane, NoticePane):
        place["notice"] = page.pane.typed_row()
    if page.deeds.release_page is not None:
        place["release"] = page.deeds.release_page.place()
    return place


def go_back(page: FormPage, place: Mapping[str, Any]) -> None:
    """Go to that place on a page whose record is loaded."""
    if page.draft is None:
        return
    page.open_rows.update(place.get("open_rows", ()))
    page.visited.update(place.get("visited", ()))
    names = {s.name for s in page.draft.sections()}
    section = str(place.get("section", ""))
    page.show_section(section if section in names else page.section, focus=False)
    if isinstance(page.pane, NoticePane) and place.get("notice"):
        page.pane.put_row(place["notice"])
    block = page.blocks().get(str(place.get("path", "")))
    if block is not None:
        block.editor.focus_target().setFocus(Qt.FocusReason.OtherFocusReason)
        block.editor.set_caret(int(place.get("cursor", 0)))
    scroll = int(place.get("scroll", 0))
    QTimer.singleShot(0, page, lambda: page.area.verticalScrollBar().setValue(scroll))
    page.update_side()
    if place.get("head_check"):
        open_check(page, str(place["head_check"]))
    if place.get("deed"):
        page.deeds.do(str(place["deed"]))
    if place.get("release"):
        page.deeds.parent_copy().restore(place["release"])
