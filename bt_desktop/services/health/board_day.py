"""The lines and tasks of a day, worked out from orders, doses and who is away. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bt_desktop.services.health.away_model import Away, away_at
from bt_desktop.services.health.board_model import Child, Line, State, Task, Unfinished
from bt_desktop.services.health.dose_facts import refused_in_row, window_of
from bt_desktop.services.health.dose_log import Doses
from bt_desktop.services.health.dose_notes import DoseNotesRead
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import DoseRecord, Order, OrderTerms
from bt_desktop.services.health.rule_facts import blank
from bt_desktop.services.health.rules import Finding, check
from bt_desktop.services.health.settings import MedicationSettings
from bt_desktop.services.health.times import (
    availability,
    clock_words,
    same_slot,
    since,
    slots,
    timing,
)
from bt_desktop.services.school_days import SchoolCalendar

_TASKS = timedelta(days=2)
_OF_TIMING: Mapping[str, State] = {
    "early": "later",
    "soon": "soon",
    "due": "due",
    "late": "late",
    "overdue": "overdue",
    "missed": "overdue",
}


@dataclass(frozen=True, slots=True)
class Day:
    """What every line of a day is worked out from."""

    day: date
    now: datetime
    calendar: SchoolCalendar
    settings: MedicationSettings
    doses: Doses
    by_order: Mapping[str, list[DoseRecord]]
    away: Mapping[str, tuple[Away, ...]]
    notes: DoseNotesRead
    people: Mapping[str, str]

    def lines(self, order: Order, children: Mapping[str, Child]) -> Iterable[Line]:
        """The lines of one order."""
        child = children.get(order.terms.student_id)
        if child is None:  # the school's own stock: given when it is needed, by its order
            return
        doses = self.by_order.get(order.id, [])
        for slot in slots(order.terms, self.day, self.calendar):
            record = next((one for one in doses if same_slot(one, slot.due_at)), None)
            state, words = self._scheduled(order.terms, slot.due_at, record)
            away = self._away_words(child.id, slot.due_at)
            if away and record is None:
                state, words = "away", f"{away} ({clock_words(slot.due_at)})"
            if slot.after_bell and record is None:
                words = f"{words}. School ends before that today."
            yield self._line(
                order.terms, child, state, words, due_at=slot.due_at,
                after_bell=slot.after_bell, record=record, away=away,
            )  # fmt: skip
        if order.terms.prn is not None:
            yield self._as_needed(order.terms, child, doses)

    def tasks(self, orders: Mapping[str, Order], children: Mapping[str, Child]) -> Iterable[Task]:
        """What is still to be told of the doses of the day and the day before (R12, R24)."""
        said: dict[tuple[object, ...], tuple[Finding, ...]] = {}  # most doses are alike
        for dose in self.doses.standing:
            order, child = orders.get(dose.order_id or ""), children.get(dose.student_id)
            if order is None or child is None or since(dose.at, self.now) > _TASKS:
                continue
            terms, former = order.terms, self.by_order[order.id]
            upto = former[: former.index(dose) + 1]
            facts = {
                "prn": terms.prn is not None,
                "was_given": dose.was_given,
                "effect_told": dose.id in self.doses.effects,
                "minutes_since": int(since(dose.at, self.now).total_seconds() // 60),
                "effect_minutes": self.settings.effect_minutes,
                "outcome": dose.outcome,
                "parent_told": dose.parent_called or self.notes.parent_told(dose.id),
                "refused_in_row": refused_in_row(upto),
            }
            key = tuple(facts.values())
            if key not in said:
                said[key] = check("task", blank() | facts)
            for finding in said[key]:
                yield Task(dose, child, terms.medicine.title, finding)

    def missed(
        self, before: Iterable[tuple[date, list[Order]]], children: Mapping[str, Child]
    ) -> Iterable[Line]:
        """Times of these days, of which nothing is written down."""
        for day, orders in before:
            for order in orders:
                child = children.get(order.terms.student_id)
                if order.status != "active" or child is None or not _there_on(order, day):
                    continue
                told = self.by_order.get(order.id, [])
                for slot in slots(order.terms, day, self.calendar):
                    due = slot.due_at
                    if any(same_slot(one, due) for one in told) or self._away_words(child.id, due):
                        continue
                    words = f"{due:%A}, {clock_words(due)}: nothing is written"
                    yield self._line(order.terms, child, "overdue", words, due_at=due)

    def unfinished(self, children: Mapping[str, Child]) -> Iterable[Unfinished]:
        """Emergency doses without an order, or of which no parent was told."""
        for dose in self.doses.standing:
            child = children.get(dose.student_id)
            told = dose.parent_called or self.notes.parent_told(dose.id)
            whole = dose.order_id is not None and told
            if not dose.emergency or whole or self.notes.finished(dose.id):
                continue
            if child is not None:
                yield Unfinished(dose, child)

    def _scheduled(
        self, terms: OrderTerms, due_at: datetime, record: DoseRecord | None
    ) -> tuple[State, str]:
        if record is not None:
            at = clock_words(record.at.astimezone(self.calendar.zone))
            if record.outcome == "given":
                return "given", f"Given {at}{self._by(record)}"
            code = medication_lists().outcomes.get(record.outcome)
            said = code.said if code is not None else record.outcome  # of another version
            return "not_given", f"{said}, {at}{self._by(record)}"
        state = _OF_TIMING[timing(due_at, self.now, window_of(terms, self.settings))]
        due = clock_words(due_at)
        return state, {
            "later": f"Due at {due}",
            "soon": f"Soon: due at {due}",
            "due": f"Due now ({due})",
            "late": f"Late: was due at {due}",
        }.get(state, f"Overdue: was due at {due}")

    def _by(self, record: DoseRecord) -> str:
        who = self.people.get(record.by_user, "")
        return f" by {who}" if who else ""

    def _as_needed(self, terms: OrderTerms, child: Child, doses: list[DoseRecord]) -> Line:
        prn = terms.prn
        if prn is None:  # asked by the caller
            raise ValueError(terms.id)
        stand = availability(prn, doses, self.day, self.calendar, now=self.now)
        state: State = "available"
        words = f"Available, {stand.left} left today"
        if stand.left == 0:
            state, words = "full", "No more today: the most of the day was given"
        elif stand.again_at is not None:
            state, words = "waits", f"Available again at {clock_words(stand.again_at)}"
        away = self._away_words(child.id, self.now)
        return self._line(
            terms, child, state, words, away=away, again_at=stand.again_at, left_today=stand.left,
            last_at=stand.last_at, record=doses[-1] if doses else None,
        )  # fmt: skip

    def _away_words(self, student_id: str, moment: datetime) -> str:
        """Why the student is not there at that moment; blank where they are."""
        held = away_at(self.away.get(student_id, ()), moment, self.calendar)
        return "" if held is None else held.words

    def _line(
        self, terms: OrderTerms, child: Child, state: State, words: str, **more: object
    ) -> Line:
        lists = medication_lists()
        route = lists.routes.get(terms.route)
        return Line(
            terms.id,
            child,
            terms.medicine.title,
            lists.amount(terms.dose),
            route.said if route is not None else terms.route,
            state,
            words,
            controlled=terms.medicine.controlled,
            **more,  # type: ignore[arg-type]  # fields of Line, by name
        )


def _there_on(order: Order, day: date) -> bool:
    """Whether the order had been reviewed by then: what came later was not missed."""
    return order.reviewed_at is not None and order.reviewed_at.date() <= day
