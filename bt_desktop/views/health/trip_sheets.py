"""Sheets of a trip: plan it, say what goes along, write down a dose of the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.amounts import read_amount
from bt_desktop.services.health.away_groups import StudentGroup
from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.model import plain
from bt_desktop.services.health.trip_model import (
    TRAVELS_WORDS,
    Giver,
    OnTheWay,
    Trip,
    TripChild,
    TripItem,
    TripMedicine,
)
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.away_sheet import DaysSheet
from bt_desktop.views.health.choices import rows, units_word
from bt_desktop.views.health.order_parts import box_of
from bt_desktop.views.health.order_words import dose_words, medicine_title
from bt_desktop.views.health.stock_words import left_words, lot_title
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.dates import read_clock
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted
from bt_desktop.views.widgets.when import clock_words, short_day

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_HOW = (
    ("staff", "Somebody of the staff"),
    ("parent", "A parent who goes along"),
    ("self", "The student carries it and takes it alone"),
)
_ON_TRIP = ("given", "R", "V", "S", "W", "A", "E", "O")
"""The outcomes that a slip can tell; the rest cannot happen on the way."""


class TripSheet(DaysSheet):
    """Plan a trip: what it is called, when, who goes."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        today: date,
        groups: Sequence[StudentGroup],
        names: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, workspace, "Plan a trip", "Plan it", today, groups, names, parent)
        self.name, self.place, self.leader = line(), line(), line()
        self.add(
            "name", "What the board calls it", self.name, required=True, hint="For example: Zoo"
        )
        self.add("place", "Where", self.place)
        self.add("leader", "Who leads it", self.leader)
        self.pair("place", "leader")
        self.add_days()
        self.add("who", "Who goes?", self.who, required=True)
        self.first.textEdited.connect(self.last.setText)
        self.on_save(self._collect_trip)

    def _collect_trip(self) -> Callable[[], Any] | None:
        first, last = self.typed_day("first", self.first), self.typed_day("last", self.last)
        leaves_fits, leaves = self.typed_time("leaves", self.leaves.text())
        returns_fits, returns = self.typed_time("returns", self.returns.text())
        if not self.name.text().strip():
            self.frames["name"].say("Write where the trip goes, as the board shows it.")
            return None
        ids = self.chosen()
        if not ids or first is None or last is None or not (leaves_fits and returns_fits):
            return None
        new = NewAway("trip", first, last, leaves, returns, self.name.text())
        place, leader, trips = self.place.text(), self.leader.text(), self._workspace.health.trips
        return lambda: trips.plan(new, ids, place=place, leader=leader)


class MoreSheet(DaysSheet):
    """More students go."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        trip: Trip,
        today: date,
        groups: Sequence[StudentGroup],
        names: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            desk, workspace, "More students go", "Add them", today, groups, names, parent
        )
        self._trip = trip
        self.add("who", "Who else goes?", self.who, required=True)
        self.on_save(self._collect_more)

    def _collect_more(self) -> Callable[[], Any] | None:
        ids, trips = self.chosen(), self._workspace.health.trips
        return (lambda: trips.add_students(self._trip.id, ids)) if ids else None


class LeaveOutSheet(Sheet):
    """One student does not go, or the whole trip is called off."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        trip: Trip,
        children: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Somebody does not go", "Take off the trip", parent)
        self._workspace, self._trip = workspace, trip
        self.who = Choice()
        everybody: list[tuple[str, object]] = [("Everybody: the trip is called off", "")]
        self.who.fill([*((name, which) for which, name in children), *everybody], "")
        self.reason = box_of("")
        self.add("who", "Who?", self.who, required=True)
        self.add("reason", "Why?", self.reason, required=True)
        self.on_save(self._collect_out)

    def _collect_out(self) -> Callable[[], Any] | None:
        reason = self.reason.toPlainText()
        if len(" ".join(reason.split())) < 5:
            self.frames["reason"].say("Say in a few words why.")
            return None
        which = str(self.who.currentData() or "")
        ids = [which] if which else list(self._trip.students)
        trips = self._workspace.health.trips
        return lambda: trips.leave_out(self._trip.id, ids, reason)


class ItemSheet(Sheet):
    """What goes along of one medicine, and who gives it."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        trip: Trip,
        child: TripChild,
        medicine: TripMedicine,
        givers: Sequence[Giver],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Goes along?", "Save the plan", parent, wide=560)
        self._workspace, self._trip, self._medicine = workspace, trip, medicine
        order, item = medicine.order, medicine.item
        title = f"{child.name}: {medicine_title(order.terms)}, {dose_words(order.terms)}"
        self.column.addWidget(Muted(title, self))
        self.goes = self.tick("It goes along", item is None or item.goes)
        self.how, self.giver, self.giver_name = Choice(), Choice(), line()
        how: list[tuple[str, object]] = [(words, code) for code, words in _HOW]
        self.how.fill(how, item.how if item else "staff")
        people: list[tuple[str, object]] = [("Choose", "")]
        people += [(f"{one.name} ({one.why})", one.user_id) for one in givers]
        first = givers[0].user_id if givers else ""
        self.giver.fill(people, item.giver if item and item.giver else first)
        self.giver_name.setText(item.giver_name if item else "")
        self.lot, self.amount, self.travels = Choice(), line(), Choice()
        lots = [one for one in medicine.lots if one.office > 0]
        listed: list[tuple[str, object]] = [
            (f"{lot_title(one.lot)}: {left_words(one)}", one.lot.id) for one in lots
        ]
        self.lot.fill(listed or [("There is none at school", "")], item.lot_id if item else None)
        unit = units_word(lots[0].lot.unit if lots else order.terms.counted_in)
        self.amount.setText(plain(item.amount if item and item.amount else medicine.needs))
        ways: list[tuple[str, object]] = [
            (f"In {words}", code) for code, words in TRAVELS_WORDS.items()
        ]
        self.travels.fill(ways, item.travels if item else "envelope")
        self.add("how", "Who gives it on the way?", self.how, required=True)
        self.add("giver", "Who of the staff?", self.giver, required=True, hint=_giver_hint(givers))
        self.add("giver_name", "The parent’s name", self.giver_name, required=True)
        self.add("lot", "From which container?", self.lot, required=True)
        self.add("amount", f"How much ({unit})", self.amount, required=True)
        self.add("travels", "It travels", self.travels, required=True)
        self.pair("amount", "travels")
        self._there = {one.lot.id: plain(one.office) for one in lots}
        self.travels.currentIndexChanged.connect(self._whole_container)
        self.how.currentIndexChanged.connect(self._show_how)
        self.goes.toggled.connect(self._show_how)
        self._show_how()
        self.on_save(self._collect_item)

    def _show_how(self) -> None:
        goes, how = self.goes.isChecked(), self.how.currentData()
        self.frames["how"].setVisible(goes)
        self.frames["giver"].setVisible(goes and how == "staff")
        self.frames["giver_name"].setVisible(goes and how == "parent")
        for key in ("lot", "amount", "travels"):
            self.frames[key].setVisible(goes and how != "self")

    def _whole_container(self) -> None:
        """In its own container all of it goes, unless somebody says less."""
        if self.travels.currentData() == "original":
            self.amount.setText(self._there.get(str(self.lot.currentData()), self.amount.text()))

    def _collect_item(self) -> Callable[[], Any] | None:
        how, amount = self.how.currentData(), Decimal(0)
        taken = self.goes.isChecked() and how != "self"
        if taken:
            typed = self.frames["amount"].read(
                lambda: read_amount(self.amount.text()), "Write how much, as a number."
            )
            if typed is None:
                return None
            amount = typed
        item = TripItem(
            "",
            self._trip.id,
            "",
            self._medicine.order.id,
            how,
            str(self.giver.currentData() or ""),
            self.giver_name.text() if how == "parent" else "",
            (str(self.lot.currentData() or "") or None) if taken else None,
            amount,
            self.travels.currentData(),
            goes=self.goes.isChecked(),
        )
        trips = self._workspace.health.trips
        return lambda: trips.take_along(item)


def _giver_hint(givers: Sequence[Giver]) -> str:
    if givers:
        return "Nurses, and whoever’s skill check holds on every day of the trip."
    return "Nobody may give it on every day of the trip. Delegate it first, or plan a parent."


class DoseSheet(Sheet):
    """A dose of the trip, as its slip tells it."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        trip: Trip,
        child: TripChild,
        medicine: TripMedicine,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "A dose of the trip", "Write it down", parent, wide=560)
        self._workspace, self._trip, self._medicine = workspace, trip, medicine
        terms = medicine.order.terms
        words = f"{child.name}: {medicine_title(terms)}, {dose_words(terms)}"
        self.column.addWidget(Muted(words, self))
        self._dues = {place: one.due_at for place, one in enumerate(medicine.open_doses)}
        self.due, self.outcome = Choice(), Choice()
        listed: list[tuple[str, object]] = [
            (f"{short_day(at.date(), trip.first)}, {clock_words(at)}", place)
            for place, at in self._dues.items()
        ]
        if terms.prn is not None:
            listed.append(("As needed", -1))
        self.due.fill(listed or [("No dose is open", -2)], 0 if self._dues else -1)
        codes = {str(code): said for said, code in rows("outcomes", blank="")}
        self.outcome.fill([(codes[one], one) for one in _ON_TRIP if one in codes], "given")
        self.day, self.at = Choice(), line(hint="12:05 pm")
        days = sorted({at.date() for at in self._dues.values()} | {trip.first, trip.last})
        self.day.fill([(short_day(one, trip.first), one.isoformat()) for one in days], None)
        self.symptom, self.reason = line(), box_of("")
        self.add("due", "Which dose?", self.due, required=True)
        self.add("outcome", "What happened?", self.outcome, required=True)
        self.add("day", "Day", self.day, required=True)
        self.add("at", "At what time?", self.at, required=True)
        self.pair("day", "at")
        self.add("symptom", "What for?", self.symptom, required=True)
        self.frames["symptom"].setVisible(terms.prn is not None)
        self.add("reason", "What else the slip says", self.reason)
        self.sure = self.tick("Whoever gave it knew the student by two identifiers")
        self.due.currentIndexChanged.connect(self._show_due)
        self._show_due()
        self.on_save(self._collect_dose)

    def _show_due(self) -> None:
        due = self._dues.get(self.due.currentData())
        if due is not None:
            self.day.setCurrentIndex(self.day.findData(due.date().isoformat()))
            self.at.setText(clock_words(due))

    def _collect_dose(self) -> Callable[[], Any] | None:
        place = self.due.currentData()
        if place == -2 or self._medicine.item is None:
            self.frames["due"].say("Every dose of the trip is written down.")
            return None
        day = date.fromisoformat(str(self.day.currentData()))
        noon = datetime.combine(day, time(12))
        clock = self.frames["at"].read(
            lambda: read_clock(self.at.text(), noon), "Write when it was."
        )
        if clock is None:
            return None
        due, zone = self._dues.get(place), self._workspace.health.visits.now().tzinfo
        at = datetime.combine(day, clock, zone)
        told = OnTheWay(
            self._medicine.item.id,
            due,
            self.outcome.currentData(),
            at,
            self.reason.toPlainText(),
            self.symptom.text(),
            self.sure.isChecked(),
        )
        trips, trip_id = self._workspace.health.trips, self._trip.id
        return lambda: trips.record(trip_id, told)
