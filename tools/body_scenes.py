"""Pictures of the body map on its page: some marks, the head, many marks, and a signed one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QScrollArea, QWidget

from bt_desktop.form_engine.body import atlas
from bt_desktop.form_engine.body_drawing import drawing
from bt_desktop.views.editors.body_map import BESIDE, BodyMapEditor

if TYPE_CHECKING:
    from tools.screens import Stage

SECTION, PATH = "body", "/body_marks"


def placed(region: str, view: str, **more: Any) -> dict[str, Any]:
    """A mark at a region's anchor."""
    x, y = drawing("child", view).anchor(region)
    return {"view": view, "region": region, "x": x, "y": y, **more}


def kept(*marks: dict[str, Any]) -> dict[str, Any]:
    """An answer of these marks."""
    return {"figure": "child", "marks": [{"n": n, **m} for n, m in enumerate(marks, 1)]}


SOME = (
    placed("forearm_left", "front", type="bruise", size_1=20, size_2=10, color="purple",
           note="oval, two fingers above the wrist"),
    placed("forearm_left", "front", type="bruise", size_1=8),
    placed("forearm_left", "front", type="abrasion"),
    placed("knee_right", "front", type="abrasion", size_1=30, size_2=25, color="red"),
    placed("upper_back_right", "back", type="swelling"),
    placed("temple_right", "head_front", type="cut", size_1=12),
    placed("crown", "head_top", type="swelling", size_1=35, size_2=30),
)  # fmt: skip


def many(count: int) -> tuple[dict[str, Any], ...]:
    """Marks all over the figure, always the same."""
    dice = random.Random(9)  # noqa: S311 - always the same, that is the point
    regions = tuple(atlas().regions.values())
    chosen = [dice.choice(regions) for _ in range(count)]
    return tuple(placed(r.id, dice.choice(r.views), type="bruise") for r in chosen)


def body_map(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The section of a first-aid report with the drawing."""
    window, shell = stage.signed_in("dana")
    w = window.workspace
    assert w is not None  # noqa: S101 - as in `screens`
    shell.open_record(w.records.start("first_aid"))
    stage.settle()
    page = shell.page
    page.open_section(SECTION)  # type: ignore[union-attr]  # FormPage
    stage.settle()
    yield "body-map-blank", window
    editor = window.findChild(BodyMapEditor)
    assert isinstance(editor, BodyMapEditor)  # noqa: S101 - as above
    for name, marks, sheet in (
        ("-many", many(300), "body"),
        ("-head", SOME, "head"),
        ("", SOME, "body"),
    ):
        page.draft.put(PATH, kept(*marks))  # type: ignore[union-attr]
        page.draft.flush()  # type: ignore[union-attr]
        stage.settle()
        editor.set_typed(page.draft.view(PATH).typed)  # type: ignore[union-attr]
        editor._pick(1)
        editor._turn_to(sheet)
        editor.figure.setFocus()
        yield f"body-map{name}", window
    editor._say(BESIDE)
    stage.settle()
    scroll = _scroll_of(editor)
    if scroll is not None:
        scroll.ensureWidgetVisible(editor.details)
    yield "body-map-details", window
    stage.close(window)


def _scroll_of(widget: QWidget) -> QScrollArea | None:
    at = widget.parentWidget()
    while at is not None and not isinstance(at, QScrollArea):
        at = at.parentWidget()
    return at
