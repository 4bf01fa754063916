"""The event of the record on the page: read beside it, and what is done with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from bt_desktop.form_engine.definition import Lead
from bt_desktop.views.feedback import Tone
from bt_desktop.views.form_event_sheets import AlsoSheet, JoinSheet, TakeOutSheet
from bt_desktop.views.tasks import Lane

if TYPE_CHECKING:
    from bt_desktop.services.results.events import EventRecord, EventView, Offer
    from bt_desktop.services.results.records import OpenRecord
    from bt_desktop.views.form_draft import Draft
    from bt_desktop.views.form_page import FormPage


class EventSide(QObject):
    """Keeps the strip of a page in step with the event, and does what its links ask for."""

    def __init__(self, page: FormPage) -> None:
        super().__init__(page)
        self._page = page
        self.view: EventView | None = None
        self._titles: dict[str, str] = {}
        self._compared: tuple[Any, ...] = ()
        strip = page.event_strip
        strip.record_asked.connect(page.other_asked)
        strip.lead_asked.connect(self.start_lead)
        strip.used.connect(self.use)
        strip.left.connect(self.leave)
        strip.also_asked.connect(self.also)

    # --- reading ---------------------------------------------------------------------------------

    def show(self, opened: OpenRecord) -> None:
        """A record came onto the page."""
        self._page.event_strip.show_class(opened.form)
        self._compared = self._gist()
        self.read()

    def read(self) -> None:
        """Read the event anew, behind what is being saved."""
        page = self._page
        events, records, record_id = page.workspace.events, page.workspace.records, page.record_id

        def work() -> tuple[EventView, dict[str, str]]:
            return events.view(record_id), {one.form: one.title for one in records.forms()}

        page.desk.tasks.run(self, work, self._show_view, lane=Lane.READ)

    def _show_view(self, found: tuple[EventView, dict[str, str]]) -> None:
        self.view, self._titles = found
        self._page.event_strip.show_event(self.view, self._page.workspace.clock.now())
        self.update_leads()
        QTimer.singleShot(0, self, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        """What came above the questions pushed them down: the one in work stays in sight."""
        pane, widget = self._page.pane, QApplication.focusWidget()
        if widget is not None and pane is not None and pane.isAncestorOf(widget):
            self._page.area.ensureWidgetVisible(widget, 0, 40)

    def saved(self) -> None:
        """The store has what was typed: another student or time may mean another duplicate."""
        gist = self._gist()
        if gist != self._compared:
            self._compared = gist
            self.read()

    def _gist(self) -> tuple[Any, ...]:
        """What decides on duplicates, whom it is about and when; and which others it names."""
        draft = self._page.draft
        if draft is None:
            return ()
        form = draft.record.form
        names = [form.event_date, form.event_time]
        names += [f.name for f in form.fields().values() if f.fact == "student"]
        named = sorted(set(_students(draft.session.answers())))
        return (*(draft.view(f"/{name}").value for name in names if name), *named)

    def update_leads(self) -> None:
        """Say what the answers lead to now."""
        draft = self._page.draft
        if draft is None:
            return
        may = draft.may_edit(draft.record.form.sections[0].name)
        leads = draft.session.leads() if may else ()
        titles = {form: title for form, title in self._titles.items() if title}
        self._page.event_strip.show_leads(leads, titles, lambda lead: _cite(draft, lead))

    # --- deeds -----------------------------------------------------------------------------------

    def start_lead(self, form: str) -> None:
        """Begin the report that the answers belong in; the facts go along."""
        page = self._page
        page.flush()
        events, record_id = page.workspace.events, page.record_id
        page.desk.tasks.run(page, lambda: events.start(form, like=record_id), page.other_asked.emit)

    def use(self, offer: Offer) -> None:
        """Put the offered facts into the report; Ctrl+Z takes each back."""
        page = self._page
        steps = [step for fact in offer.facts for step in fact.steps]
        ids = {one for _, typed in steps for one in _ids(typed)}
        people = page.workspace.people

        def put(known: dict[str, Any]) -> None:
            draft = page.draft
            if draft is None:
                return
            draft.people.update(known)  # so that they are shown by name
            for path, typed in steps:
                _make_rows(draft, path)
                draft.put(path, typed)
            page.flush()
            self._answer(offer.source, used=True)

        page.desk.tasks.run(
            page, lambda: {one: people.get(one) for one in sorted(ids)}, put, lane=Lane.READ
        )

    def leave(self, offer: Offer) -> None:
        """Leave the offered facts; they are not offered again."""
        self._answer(offer.source, used=False)

    def _answer(self, source: EventRecord, *, used: bool) -> None:
        page = self._page
        events, record_id = page.workspace.events, page.record_id

        def work() -> None:
            events.answer_offer(record_id, source.id, used=used)

        page.desk.tasks.run(page, work, lambda _: self.read())

    def also(self) -> None:
        """The same report for other students of the event."""
        page = self._page
        if self.view is None or page.draft is None:
            return
        page.flush()
        sheet = AlsoSheet(page.desk, page.workspace, page.record_id, self.view.others, page)
        sheet.saved.connect(self._also_begun)
        sheet.open_sheet()

    def _also_begun(self, made: Iterable[str]) -> None:
        count = len(tuple(made))
        reports = "One report is" if count == 1 else f"{count} reports are"
        self._page.banner.tell(
            f"{reports} begun, with when, where and who filled in. Find them below and at home, "
            "under Continue writing.",
            Tone.OK,
        )
        self.read()

    def join(self) -> None:
        """Say that another record is about the same event."""
        page = self._page
        events, record_id = page.workspace.events, page.record_id

        def show(found: tuple[EventRecord, ...]) -> None:
            if not found:
                page.banner.tell(
                    "There is no other record within a week of this one that you may join it to.",
                    Tone.INFO,
                )
                return
            sheet = JoinSheet(page.desk, page.workspace, record_id, found, page)
            sheet.saved.connect(lambda _: page.reload())
            sheet.open_sheet()

        page.flush()
        page.desk.tasks.run(page, lambda: events.near(record_id), show, lane=Lane.READ)

    def take_out(self) -> None:
        """Say that this record is not about the event it stands in."""
        page = self._page
        if self.view is None or not self.view.may_take_out:
            page.banner.tell(
                "This record stands alone, or was signed in the event in which it was begun. If it "
                "does not belong there, amend it and say so.",
                Tone.INFO,
            )
            return
        page.flush()
        sheet = TakeOutSheet(page.desk, page.workspace, page.record_id, page)
        sheet.saved.connect(lambda _: page.reload())
        sheet.open_sheet()


def _cite(draft: Draft, lead: Lead) -> str:
    """“ (EC 49005.1, unverified).”; the rule that the question answers to."""
    view = draft.view(f"/{lead.at}")
    if not view.cite:
        return ""
    return f" ({view.cite}{', unverified' if view.unverified else ''})"


def _ids(typed: Any) -> list[str]:
    """The people that an answer names."""
    told = typed if isinstance(typed, list) else [typed]
    return [one for one in told if isinstance(one, str) and one.startswith(("student:", "staff:"))]


def _students(told: Any) -> Iterator[str]:
    """The students that answers name, in rows too (not those in a story)."""
    if isinstance(told, dict):
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from _students(one)
    elif isinstance(told, str) and told.startswith("student:"):
        yield told


def _make_rows(draft: Draft, path: str) -> None:
    section, in_row, rest = path[1:].partition("[")
    if in_row:
        while len(draft.session.rows(section)) < int(rest.partition("]")[0]):
            draft.add_row(section)
