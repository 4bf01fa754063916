"""What the editors of a record's page may ask: people, names typed by hand, the clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.editors.protocol import EditorContext, NameOffer
from bt_desktop.views.editors.tokens_text import TOKEN
from bt_desktop.views.form_add_person import AddPerson

if TYPE_CHECKING:
    from bt_desktop.services.people import PeopleService
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.form_draft import Draft


def offers_in(people: PeopleService, text: str, there: frozenset[str]) -> tuple[NameOffer, ...]:
    """The roster names typed by hand in a text; the tokens in it are left alone."""
    from bt_desktop.services.privacy import find_offers  # with the roster's names: heavy

    plain = TOKEN.sub(lambda found: " " * len(found[0]), text)
    found = find_offers(plain, people.offered_names(), there)
    labels = people.labels(sorted({i for offer in found for i in offer.candidates}))
    out = []
    for offer in found:
        who = [(i, labels[i]) for i in offer.candidates if i in labels]
        if who:
            out.append(NameOffer(offer.start, offer.end, offer.word, *who[0], tuple(who[1:])))
    return tuple(out)


def make_context(page: QWidget, draft: Draft, desk: Desk, workspace: Workspace) -> EditorContext:
    """The context of a page; searches and offers run on the read lane and come back to `page`."""
    people = workspace.people

    def search(text: str, kinds: tuple[str, ...], done: Callable[[Sequence[Any]], None]) -> None:
        desk.tasks.latest(page, "people", lambda: people.search(text, kinds), done)  # type: ignore[arg-type]  # kinds are PersonKind words

    def offers(text: str, done: Callable[[Sequence[NameOffer]], None]) -> None:
        there = frozenset(draft.people)
        desk.tasks.latest(page, "offers", lambda: offers_in(people, text, there), done)

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
