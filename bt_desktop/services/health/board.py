"""Today's board: what is due, what was given, what may be given again, what is still to be told.

A view over the students' own files: nothing is kept here. One pass: orders from the book, the
doses of the last days once, students in one question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.people import Student
from bt_desktop.services.context import Context
from bt_desktop.services.health.away import AwayService
from bt_desktop.services.health.away_model import Away, away_at
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_book import DoseBook
from bt_desktop.services.health.dose_facts import refused_in_row, window_of
from bt_desktop.services.health.dose_log import Doses
from bt_desktop.services.health.dose_notes import DoseNotesRead, read_notes
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import DoseRecord, Order, OrderTerms
from bt_desktop.services.health.namesakes import all_namesakes
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.rule_facts import blank
from bt_desktop.services.health.rules import Finding, check
from bt_desktop.services.health.settings import MedicationSettings, medication_settings
from bt_desktop.services.health.times import (
    availability,
    clock_words,
    day_of,
    same_slot,
    since,
    slots,
    times_words,
    timing,
)
from bt_desktop.services.people_rows import bare
from bt_desktop.services.record_load import holders
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.school_days import SchoolCalendar

State = Literal[
    "given", "not_given", "overdue", "late", "due", "soon", "later", "away", "available", "waits",
    "full",
]  # fmt: skip
"""Of a time: given, not given, overdue, late, due, soon (within half an hour of its window), later,
away (absent or on a trip at that time: not due, and recorded all the same if it was given).
Of an as-needed order: available, waits (for its interval), full (the most of the day was given)."""
_TASKS = timedelta(days=2)
_BACK = timedelta(days=5)  # an interval of hours, yesterday's tasks, two refusals in a row
_OF_TIMING: Mapping[str, State] = {
    "early": "later",
    "soon": "soon",
    "due": "due",
    "late": "late",
    "overdue": "overdue",
    "missed": "overdue",
}


@dataclass(frozen=True, slots=True)
class Child:
    """Who a line is about, as far as giving a dose needs it."""

    id: str
    given: str
    family: str
    called: str
    grade: str
    birth_date: date | None
    allergies: str
    alike: tuple[str, ...] = ()  # R2: whole names of students who could be mistaken for them

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the board. `words` say the state without any color: “Given 12:04 pm by MC”."""

    order_id: str
    child: Child
    medicine: str
    dose: str
    route: str
    state: State
    words: str
    due_at: datetime | None = None
    after_bell: bool = False
    again_at: datetime | None = None
    left_today: int | None = None
    last_at: datetime | None = None
    record: DoseRecord | None = None
    controlled: bool = False
    away: str = ""  # “Absent”, “On trip: Zoo”: now for as-needed, else at the time it is due

    @property
    def open(self) -> bool:
        """Whether something is still to be done with it today."""
        return self.state in ("overdue", "late", "due", "soon", "later")


@dataclass(frozen=True, slots=True)
class Task:
    """What is still to be told of a dose: a rule of the kind `task` that speaks (R12, R24)."""

    dose: DoseRecord
    child: Child
    medicine: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An emergency dose that was written down in haste: what, and about whom."""

    dose: DoseRecord
    child: Child


@dataclass(frozen=True, slots=True)
class Board:
    """A day of the health office. `closed` says in words why nothing is scheduled, if so; `early`
    that school ends early. `missed` are times of the last school days that nothing is written of;
    `unfinished` emergency doses whose account is to be completed."""

    day: date
    at: datetime
    scheduled: tuple[Line, ...]
    as_needed: tuple[Line, ...]
    tasks: tuple[Task, ...]
    closed: str = ""
    counts: Mapping[State, int] = field(default_factory=dict)
    early: str = ""
    missed: tuple[Line, ...] = ()
    unfinished: tuple[Unfinished, ...] = ()


class BoardService:
    """Makes the board of a day for whoever is signed in."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reaching: Reaching,
        away: AwayService,
    ) -> None:
        self._context = context
        self._box = box
        self._book = book
        self._reaching = reaching
        self._away = away
        self._doses = DoseBook(box)

    def forget(self) -> None:
        """Let go of what was read (the vault is locked)."""
        self._doses.forget()

    def today(self, day: date | None = None) -> Board:
        """The board of today (of another day), as far as it is reached; delegates see theirs.

        Nothing is refused: whoever reaches nothing sees an empty board.
        """
        with self._context.store.read() as session:
            now = self._context.clock.now()
            calendar = school_calendar(session, now)
            on = day or day_of(now, calendar)
            doses = self._doses.doses(session, on - _BACK, on)
            settings = medication_settings(session)
            away = self._away.of_in(session, None, on - _BACK, on)
            notes = read_notes(session, self._box, on - _BACK)
            people = {user: initials(one.name) for user, one in holders(session).items()}
            made = _Day(on, now, calendar, settings, doses, _by_order(doses), away, notes, people)
            reach = self._reaching.now(session, on)
            standing = [
                one
                for one in self._book.orders(session)
                if reach.sees_order(one.terms.id, one.terms.student_id)
            ]
            orders = [one.on(on) for one in standing]
            active = [one for one in orders if one.status == "active"]
            told = {one.id: one for one in orders}
            before = [
                (day, [one.on(day) for one in standing])
                for day in _school_days_before(on, calendar)
            ]
            wanted = {one.terms.student_id for one in active}
            wanted |= {one.terms.student_id for _, past in before for one in past}
            wanted |= {dose.student_id for dose in made.doses.standing}
            children = _children(session, wanted)
        lines = [line for order in active for line in made.lines(order, children)]
        scheduled = [line for line in lines if line.due_at is not None]
        scheduled.sort(key=lambda one: (one.due_at or now, one.child.family, one.child.given))
        needed = sorted(
            (line for line in lines if line.due_at is None),
            key=lambda one: (one.child.family, one.child.given, one.medicine),
        )
        counts: dict[State, int] = {}
        for line in lines:
            counts[line.state] = counts.get(line.state, 0) + 1
        return Board(
            on,
            now,
            tuple(scheduled),
            tuple(needed),
            tuple(made.tasks(told, children)),
            _closed(on, calendar),
            counts,
            _early(on, calendar),
            tuple(made.missed(before, children)),
            tuple(made.unfinished(children)),
        )


@dataclass(frozen=True, slots=True)
class _Day:
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


def initials(name: str) -> str:
    """“MC” of “Maria Chen”; of a name with a dash every part: “MNO”."""
    return "".join(part[0] for part in name.replace("-", " ").split()).upper()


def _school_days_before(day: date, calendar: SchoolCalendar) -> list[date]:
    """The two school days before, as far as doses are read back, newest first."""
    days = [day - timedelta(days=back) for back in range(1, _BACK.days + 1)]
    return [one for one in days if calendar.is_school_day(one)][:2]


def _there_on(order: Order, day: date) -> bool:
    """Whether the order had been reviewed by then: what came later was not missed."""
    return order.reviewed_at is not None and order.reviewed_at.date() <= day


def _by_order(doses: Doses) -> dict[str, list[DoseRecord]]:
    found: dict[str, list[DoseRecord]] = {}
    for dose in doses.standing:
        if dose.order_id is not None:
            found.setdefault(dose.order_id, []).append(dose)
    return found


def _children(session: Session, ids: Iterable[str]) -> dict[str, Child]:
    wanted = [bare(one) for one in ids if one.startswith("student:")]
    alike = all_namesakes(session, [f"student:{one}" for one in wanted])
    found = {}
    for start in range(0, len(wanted), 500):
        rows = select(Student).where(Student.id.in_(wanted[start : start + 500]))
        for row in session.scalars(rows):
            student = f"student:{row.id}"
            found[student] = Child(
                student,
                row.given,
                row.family,
                row.preferred or row.given,
                row.grade,
                row.birth_date,
                row.allergies,
                tuple(f"{one.given} {one.family}" for one in alike.get(student, ())),
            )
    return found


def _early(day: date, calendar: SchoolCalendar) -> str:
    marked, bell = calendar.days.get(day), calendar.bell_of(day)
    if marked is None or marked.kind != "early" or bell is None:
        return ""
    label = f" ({marked.label})" if marked.label else ""
    return f"School ends at {times_words([bell])} today{label}."


def _closed(day: date, calendar: SchoolCalendar) -> str:
    if calendar.is_school_day(day):
        return ""
    marked = calendar.days.get(day)
    label = f" ({marked.label})" if marked is not None and marked.label else ""
    return (
        f"No school today{label}. As-needed and emergency medicines can be recorded all the same."
    )
