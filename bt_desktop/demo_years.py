"""Two made-up school years beside the example event: 600 students, their records, calls, reviews.

Told through the same services as everything else, from `resources/demo/years/years.yaml` and one
seed, so that lists, trends and deadlines can be seen with real amounts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bt_desktop import paths
from bt_desktop.clock import SetClock
from bt_desktop.demo_answers import Answerer
from bt_desktop.form_engine.definition import Form
from bt_desktop.form_engine.session import FormSession
from bt_desktop.form_engine.yaml_tree import plain_data
from bt_desktop.services.made_up import Pen
from bt_desktop.services.school_days import Day, Term
from bt_desktop.services.workspace import Workspace

_MORE_THAN_ALL = 10_000
_SOME_BIRTH = date(2017, 1, 1)
_WEDNESDAY = 2
_OPEN_DAYS = 9
"""So many days before the end the work after a report is left to be done, to be seen as such."""


def years() -> dict[str, Any]:
    """What the years are told from (see the head of the file for its shape)."""
    text = (paths.resources_dir() / "demo" / "years" / "years.yaml").read_text("utf-8")
    told: dict[str, Any] = plain_data(text)
    return told


@dataclass(frozen=True, slots=True)
class Child:
    """A student of the made-up school with who is called about them."""

    id: str
    given: str
    birth_date: date
    guardian: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One record to come: which form, when it happened, by whom it is written, about whom."""

    form: str
    at: datetime
    author: str
    student_id: str


@dataclass(slots=True)
class Hand:
    """Somebody who works in the vault: what they may do there, and their signature."""

    workspace: Workspace
    pen: Pen
    forms: dict[str, Form] = field(default_factory=dict)


class Years:
    """Tells the years. `hands` are the people by their key in the story, `clock` is theirs too.

    `share` tells only so much of what happens (for tests).
    """

    def __init__(
        self, hands: Mapping[str, Hand], clock: SetClock, zone: str, share: float = 1.0
    ) -> None:
        self.told = years()
        self._hands = hands
        self._clock = clock
        self._zone = ZoneInfo(zone)
        self._share = share
        self._random = random.Random(self.told["seed"])  # noqa: S311 - a made-up school
        self._until: date = self.told["until"]
        self._students: list[str] = []
        self._children: dict[str, Child] = {}
        self._staff = {key: hand.workspace.actor.staff_id for key, hand in hands.items()}

    # ------------------------------------------------------------------ people

    def import_roster(self) -> list[str]:
        """Import the rest of the school; gives the ids of all students, by name."""
        tom = self._hands["tom"].workspace
        preview = tom.roster.preview(paths.resources_dir() / "demo" / "years" / "roster")
        tom.roster.apply(preview, confirmed=True)
        self._students = [hit.id for hit in tom.people.students(_MORE_THAN_ALL)]
        return self._students

    def enter_calendar(self) -> None:
        """The school's calendar: what deadlines are counted by."""
        calendar = self._hands["tom"].workspace.calendar
        terms = [Term(one["first"], one["last"], _year_name(one)) for one in self.told["years"]]
        terms += [
            Term(one["first"], one["last"], "Summer session", summer=True, bell=self._early_bell)
            for one in self.told["summer"]
        ]
        calendar.set_bell(time.fromisoformat(self.told["bell"]))
        calendar.set_terms(terms)
        off = [
            Day(day, "no_school", None, one["name"])
            for one in self.told["holidays"]
            for day in _weekdays(one["first"], one["last"])
        ]
        known = {day.on for day in off}
        early = [
            Day(day, "early", self._early_bell, "Early Wednesday")
            for one in self.told["years"]
            for day in _weekdays(one["first"], one["last"])
            if day.weekday() == _WEDNESDAY and day not in known
        ]
        calendar.set_days([*off, *early])

    @property
    def _early_bell(self) -> time:
        return time.fromisoformat(self.told["early_bell"])

    def _child(self, student_id: str) -> Child:
        """A student as a record needs them; looked up once, with whom to call."""
        if student_id not in self._children:
            people = self._hands["tom"].workspace.people
            person = people.get(student_id)
            guardians = people.guardians(student_id)
            self._children[student_id] = Child(
                person.id,
                person.called,
                person.birth_date or _SOME_BIRTH,
                guardians[0].id if guardians else "",
            )
        return self._children[student_id]

    # ------------------------------------------------------------------ what happens

    def happenings(self, students: Sequence[str]) -> list[Happening]:
        """All that will be written down, in the order of its happening."""
        # A few children are seen often, as it is everywhere.
        often = self._random.sample(list(students), max(4, len(students) // 12))
        found = []
        for index, year in enumerate(self.told["years"]):
            days = list(self._school_days(year["first"], min(year["last"], self._until)))
            for form, counts in self.told["counts"].items():
                for _ in range(round(counts[index] * self._share)):
                    group = often if form != "first_aid" and self._chance(0.6) else students
                    found.append(
                        Happening(
                            form,
                            self._moment(self._pick(days)),
                            self._pick(self.told["by"][form]),
                            self._pick(group),
                        )
                    )
        return sorted(found, key=lambda one: (one.at, one.form))

    def _school_days(self, first: date, last: date) -> Iterator[date]:
        off = [(one["first"], one["last"]) for one in self.told["holidays"]]
        day = first
        while day <= last:
            if day.weekday() < 5 and not any(begin <= day <= end for begin, end in off):
                yield day
            day += timedelta(days=1)

    def _moment(self, day: date) -> datetime:
        at = time(self._pick(self.told["hours"]), self._random.randrange(60))
        return datetime.combine(day, at, self._zone)

    # ------------------------------------------------------------------ records

    def write(self, happening: Happening) -> str:
        """Write one record: typed, signed, the parent called, the review done where it is time."""
        hand = self._hands[happening.author]
        records = hand.workspace.records
        self._clock.set(happening.at + timedelta(minutes=self._random.randrange(25, 100)))
        record = records.start(happening.form)
        if happening.form not in hand.forms:
            hand.forms[happening.form] = records.open(record).form
        session = FormSession(hand.forms[happening.form], now=self._clock.now)
        answerer = self._answerer(session, happening)
        answerer.fill("report")
        records.save_draft(record, "report", session.answers())
        hand.pen.sign(record, "report")
        self._call_parent(record, session, happening)
        if happening.form != "first_aid":
            self._review(record, session, happening)
        return record

    def _answerer(self, session: FormSession, happening: Happening) -> Answerer:
        child = self._child(happening.student_id)
        return Answerer(
            session,
            self._random,
            drawn={
                **self.told["told"].get(happening.form, {}),
                "student": [child.id],
                "student_birth_date": [child.birth_date.isoformat()],
                "residential_provider": ["no"],
                "interpreter_needed": ["no"],
            },
            sentences=self.told["sentences"],
            child=child.given,
            staff=[
                self._staff[happening.author],
                *(one for key, one in self._staff.items() if key != happening.author),
            ],
            students=self._others(happening.student_id),
            began=happening.at,
        )

    def _others(self, student_id: str) -> list[str]:
        """A few other students that a report may name."""
        return [one for one in self._random.sample(self._students, 4) if one != student_id]

    def _call_parent(self, record: str, session: FormSession, happening: Happening) -> None:
        """One or two calls; of some that were made lately nothing came yet."""
        tries = self._pick((["reached"], ["reached"], ["reached"], ["no_answer", "reached"],
                            ["message"]))  # fmt: skip
        late = self._chance(0.15 if happening.form == "restraint" else 0.04)
        if self._is_open(happening):
            tries = tries[:-1] if self._chance(0.4) else tries
        elif tries[-1] != "reached":
            tries = [*tries, "reached"]
        for number, outcome in enumerate(tries):
            at = self._clock.now() + timedelta(minutes=35 * number, days=3 if late else 0)
            if at.date() > self._until:
                return
            self._clock.set(at)
            row = session.add_row("parent_told")
            for name, typed in {
                "notice_to": "parent",
                "notice_person": self._child(happening.student_id).guardian,
                "notice_date": at.date().isoformat(),
                "notice_time": at.strftime("%H:%M"),
                "notice_method": "phone",
                "notice_by": self._staff["loretta"],
                "notice_outcome": outcome,
            }.items():
                session.set(f"{row}/{name}", typed)
            self._settle_notice(session)
            told = session.final_answers("notice")["parent_told"][-1]
            self._hands["loretta"].workspace.records.add_notice(record, told)
        if late:
            self._say_why(record, happening)

    def _say_why(self, record: str, happening: Happening) -> None:
        """The author says why a parent was told too late; of some calls nobody did yet."""
        deadlines = self._hands[happening.author].workspace.deadlines
        for line in deadlines.of_record(record):
            if line.state == "owed" and not self._is_open(happening):
                deadlines.excuse(line.dates[0].id, self._pick(self.told["late"]))

    def _settle_notice(self, session: FormSession) -> None:
        Answerer(session, self._random, staff=[self._staff["loretta"]]).fill("notice")

    def _review(self, record: str, session: FormSession, happening: Happening) -> None:
        """The principal reviews on the next morning, and decides what follows."""
        if self._is_open(happening):
            return
        tom = self._hands["tom"]
        self._clock.set(_next_morning(self._clock.now()))
        parts = ["review"]
        if happening.form == "restraint":
            parts.append("follow_up")
        for part in parts:
            if part not in session.form.parts():
                continue
            drawn = {"review_result": ["complete"], "reviewer": [self._staff["tom"]]}
            answerer = Answerer(
                session,
                self._random,
                drawn=drawn,
                sentences=self.told["sentences"],
                staff=[self._staff["tom"]],
                began=self._clock.now(),
            )
            answerer.fill(part)
            tom.workspace.records.save_draft(record, part, session.answers())
            tom.pen.sign(record, part)

    def _is_open(self, happening: Happening) -> bool:
        return (self._until - happening.at.date()).days < _OPEN_DAYS

    # ------------------------------------------------------------------ chance

    def _pick(self, of: Any) -> Any:
        return self._random.choice(of)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share


def _weekdays(first: date, last: date) -> Iterator[date]:
    """Mondays to Fridays of a span."""
    day = first
    while day <= last:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def _year_name(year: Mapping[str, date]) -> str:
    """“2026-27”."""
    return f"{year['first'].year}-{year['last'].year % 100}"


def _next_morning(now: datetime) -> datetime:
    """Half past eight on the next weekday."""
    day = now.date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, time(8, 30), now.tzinfo)
