"""What the editors of a record's page may ask: people, names typed by hand, the clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.editors.protocol import EditorContext, NameOffer
from bt_desktop.views.form_add_person import AddPerson

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.form_draft import Draft


def make_context(page: QWidget, draft: Draft, desk: Desk, workspace: Workspace) -> EditorContext:
    """The context of a page; searches and offers run on the read lane and come back to `page`."""
    people = workspace.people

    def search(text: str, kinds: tuple[str, ...], done: Callable[[Sequence[Any]], None]) -> None:
        desk.tasks.latest(page, "people", lambda: people.search(text, kinds), done)  # type: ignore[arg-type]  # kinds are PersonKind words

    def offers(text: str, done: Callable[[Sequence[NameOffer]], None]) -> None:
        from bt_desktop.services.privacy import name_offers  # with the roster's names: heavy

        desk.tasks.latest(page, "offers", lambda: name_offers(people, text), done)

    def add_person(kind: str, typed: str, done: Callable[[Any], None]) -> None:
        AddPerson(desk, workspace, kind, typed, done, page).open()

    return EditorContext(
        now=workspace.clock.now,
        people=draft.people,
        search=search,
        offers=offers,
        add_person=add_person,
        event_date=draft.event_date,
    )
