"""The questions of the dose panel, one below the other, and the request they make together."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.problems import WitnessRefused
from bt_desktop.services.health.rules import Finding, unexplained
from bt_desktop.services.results.export import Second
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.dose_confirm import DoseConfirm
from bt_desktop.views.health.dose_fields import FieldColumn
from bt_desktop.views.health.dose_head import DoseHead, DoseOrder
from bt_desktop.views.health.dose_outcome import DoseAmount, DoseOutcome
from bt_desktop.views.health.dose_prn import DosePrn
from bt_desktop.views.health.dose_stops import DoseStops
from bt_desktop.views.health.dose_when import DoseMore
from bt_desktop.views.health.dose_words import OWN_FIELDS, SAID_AT_HEAD
from bt_desktop.views.health.two_people import TwoPeople
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from bt_desktop.services.health.model import Quantity
    from bt_desktop.views.health.dose_read import PanelView

_REASON_OF_CODE = "What is recorded so needs a few words."


class DoseBody(FieldColumn):
    """`changed` when an answer changed; `go` on Enter in the confirmation; `letters(text)`."""

    changed = Signal()
    go = Signal()
    letters = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self.column.setContentsMargins(4, 4, 4, 4)  # room for the ring of the focus
        self._desk = desk
        self.view: PanelView | None = None
        self.id = ""
        self._findings: tuple[Finding, ...] = ()
        self.head = DoseHead(desk, self)
        self.order = DoseOrder(desk, self)
        self.outcome = DoseOutcome(self)
        self.prn = DosePrn(desk, self)
        self.confirm = DoseConfirm(desk, self)
        for part in (self.head, self.order, self.outcome, self.prn, self.confirm):
            self.column.addWidget(part)
        self.stops = DoseStops(desk, self)
        self.amount = DoseAmount(self)
        self.column.addWidget(self.stops)
        self.people: TwoPeople | None = None
        self._signing = FieldColumn(desk.theme, self)
        self.column.addWidget(self._signing)
        self.more_link = LinkButton("Amount, other time, place…", self)
        self.more_link.clicked.connect(self.show_more)
        self.column.addWidget(self.more_link)
        self.more = DoseMore(desk, self.amount)
        self.column.addWidget(self.more)
        self.column.addStretch(1)
        for told in (
            self.order.changed,
            self.outcome.changed,
            self.prn.changed,
            self.confirm.changed,
            self.stops.changed,
            self.more.changed,
        ):
            told.connect(self._changed)
        self.amount.reason.textEdited.connect(self.changed)
        self.confirm.go.connect(self.go)
        self.confirm.letters.connect(self.letters)

    # --- showing ---------------------------------------------------------------------------------

    def show_view(self, view: PanelView) -> None:
        """Ask all of it anew, of this dose."""
        self.view, self.id = view, str(uuid.uuid4())
        self._findings = view.findings
        self.blockSignals(True)
        self.clear_says()
        self.head.show_view(view)
        self.order.show_view(view)
        self.prn.show_order(view.panel.order.terms.prn)
        self.confirm.show_view(view)
        self.stops.clear()
        self.amount.show_view(view)
        self._ask_two_of(view)
        self.more.show_view(view)
        self._fold(not (self.more.other_day or self.more.special.editors))
        self.outcome.begin()
        if view.line.state == "away" and view.line.away.startswith("Absent"):
            self.outcome.choose("A")
        self.blockSignals(False)
        self.show_findings(view.findings)
        self._changed()
        tab_as_laid_out(self)

    def _ask_two_of(self, view: PanelView) -> None:
        """The second person is chosen among those of now."""
        self.column.removeWidget(self._signing)
        place = self.column.indexOf(self.more_link)
        self._signing.hide()
        self._signing.deleteLater()
        self._signing = FieldColumn(self._desk.theme, self)
        self.column.insertWidget(place, self._signing)
        self.people = TwoPeople(self._signing, view.own_id, view.witnesses)

    def first(self) -> QWidget:
        """Where one begins."""
        view = self.view
        if view is not None and view.panel.order.terms.prn is not None:
            return self.prn.first()
        return self.confirm.first()

    @Slot()
    def show_more(self) -> None:
        """Unfold the rest."""
        self._fold(False)
        self.amount.given.setFocus()
        tab_as_laid_out(self)

    def _fold(self, folded: bool) -> None:
        self.more.setVisible(not folded)
        self.more_link.setVisible(folded)

    @Slot()
    def _changed(self) -> None:
        code, view = self.outcome.told, self.view
        if view is None:
            return
        self.confirm.setVisible(code.is_given)
        self.prn.setVisible(code.is_given and view.panel.order.terms.prn is not None)
        for key in ("given", "wasted"):
            self.more.frames[key].setVisible(code.is_given)
        self.more.frames["wasted"].setVisible(code.is_given and view.may_waste)
        self.amount.parent_called.setVisible(not code.is_given or not self.more.isHidden())
        if self.people is not None:
            self.people.show_needed(self.needs_two)
        self._ask_reason()
        self.changed.emit()

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """What the rules say; those with a field of their own say nothing here."""
        view = self.view
        if view is None:
            return
        self._findings = findings
        shown = [
            one
            for one in findings
            if (one.rule not in OWN_FIELDS or _is_other(one)) and not _said_already(one)
        ]
        if self.stops.show_findings(shown, view.own_role, view.allowers):
            tab_as_laid_out(self)
        self._ask_reason()

    def unexplained(self) -> tuple[Finding, ...]:
        """The warnings that want a reason, where none is written."""
        return unexplained(self._findings, self.amount.reason.text())

    def _ask_reason(self) -> None:
        code, asked = self.outcome.told, unexplained(self._findings, "")
        if code.reason_required:
            self.amount.ask_reason(_REASON_OF_CODE, needed=True)
        elif asked:
            self.amount.ask_reason(" ".join(one.next for one in asked), needed=True)
        else:
            self.amount.ask_reason("", needed=False)

    @property
    def needs_two(self) -> bool:
        """Whether two people sign: waste of a controlled medicine; a dose where the school says."""
        view, code = self.view, self.outcome.told
        if view is None or not view.panel.order.terms.medicine.controlled:
            return False
        if code.stock == "wasted" or (code.is_given and self.amount.wasted.text().strip()):
            return True
        return code.is_given and view.settings.witness_on_dose

    # --- reading ---------------------------------------------------------------------------------

    def draft(self) -> DoseRequest | None:
        """The dose as far as it can be read: what is asked of the rules while it is typed."""
        try:
            return self._request(self.amount.read_given(), "", None)
        except ValueError:
            return None

    def complete(self, *, happened: bool) -> DoseRequest | QWidget | None:
        """The dose as it is to be recorded; or where something is missing, said beside it."""
        self.clear_says()
        self.more.clear_says()
        if not happened and self.outcome.told.is_given:
            wrong = self._not_confirmed()
            if wrong is not None:
                return wrong
        for key, read in (
            ("given", self.amount.read_given),
            ("wasted", self.amount.read_wasted),
            ("day", self.more.day.day),
            ("at", self.more.moment),
        ):
            try:
                read()
            except ValueError as problem:
                self._fold(False)
                self.more.frames[key].say(str(problem))
                return self.more.frames[key].editor
        if self.more.special.answers() is None:
            self._fold(False)
            return self.more
        signed = self.people.read() if self.people is not None else ("", None)
        if signed is None:
            if not happened:
                return self._first_wrong()
            signed = ("", None)
        return self._request(self.amount.read_given(), *signed, happened=happened)

    def _not_confirmed(self) -> QWidget | None:
        view = self.view
        prn = view.panel.order.terms.prn if view is not None else None
        if prn is not None and not self.prn.answers().symptom:
            self.prn.symptom.say("Choose what the student has, or write it.")
            return self.prn.first()
        return self.confirm.problem()

    def _first_wrong(self) -> QWidget | None:
        for frame in self._signing.frames.values():
            if frame.says():
                return frame.editor.focusProxy() or frame.editor
        return None

    def _request(
        self,
        given: Quantity | None,
        password: str,
        second: Second | None,
        *,
        happened: bool = False,
    ) -> DoseRequest | None:
        view, code = self.view, self.outcome.told
        if view is None:
            return None
        prn, told = self.prn.answers(), self.confirm.answers()
        at = self._moment()
        return DoseRequest(
            self.id,
            view.line.child.id,
            view.line.order_id,
            outcome=self.outcome.code,
            due_at=view.line.due_at,
            at=at,
            given=given if code.is_given else None,
            site=self.more.site.text().strip(),
            location=self.more.location,
            reason=self.amount.reason.text(),
            symptom=prn.symptom if code.is_given else "",
            home_dose_at=prn.home_at,
            home_asked=prn.home_asked,
            identified=told.identified,
            birth_date_retyped=told.birth_date_retyped,
            rights=told.rights,
            lot_id=self.order.lot_id,
            parent_called=self.amount.parent_called.isChecked(),
            special=tuple((self.more.special.answers() or {}).items()),
            happened=happened,
            overrides=self.stops.overrides(),
            password=password,
            second=second,
        )

    def _moment(self) -> datetime | None:
        view = self.view
        if not self.outcome.told.is_given and view is not None and self.more.other_day:
            return view.line.due_at  # what was not given was not given at its time
        return self.more.moment()

    def refused(self, problem: BaseException) -> bool:
        """Say a refused signature beside whom it is about; False where it is about something else.

        A wrong password names its user: whoever allows a stop is asked before the two who sign.
        """
        people = self.people
        if people is not None and people.needed and isinstance(problem, WitnessRefused):
            return people.refused(problem)
        if self.stops.refused(problem):
            return True
        return people is not None and people.needed and people.refused(problem)

    def forget(self) -> None:
        """Empty every password."""
        if self.people is not None:
            self.people.forget()
        self.stops.forget()


def _is_other(finding: Finding) -> bool:
    """Of a rule with a field of its own: a warning, which the field does not say."""
    return finding.level == "warn"


def _said_already(finding: Finding) -> bool:
    return finding.rule == SAID_AT_HEAD and finding.level == "warn"
