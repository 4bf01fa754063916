"""Today's board of a school with 2,000 orders, and one dose recorded while it stands.

500 students with four orders each (morning, noon, afternoon, as needed) and three days of doses.
The board's floor opens the same doses from the store and does nothing with them; the dose's floor
writes one signed, sealed entry with its line in the trail. Processor time: a busy machine does not
count.
"""

from __future__ import annotations

import tempfile
import time as time_module
import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from benchmarks._health import put
from benchmarks._row import at_99, in_turns, quick, row, took
from benchmarks._vault import add_students, raw_store
from bt_desktop.clock import SetClock
from bt_desktop.models.people import Student
from bt_desktop.services.health.dose_log import read_doses
from bt_desktop.services.health.entries import (
    DOSE,
)
from bt_desktop.services.health.model import (
    AsNeeded,
    DoseRecord,
    Identified,
    OrderTerms,
    Quantity,
)
from bt_desktop.services.workspace import Workspace
from tests.conftest import AFTERNOON
from tests.factory import School, found_school
from tests.health.dose_kit import noon_dose
from tests.health.kit import IBUPROFEN, as_needed, at, terms

STUDENTS = 50 if quick() else 500
ROUNDS = 3 if quick() else 15
CPU = time_module.process_time
DOSES = 10 if quick() else 60
SEEN = date(2026, 8, 17)
_SET = {"medicine": IBUPROFEN, "dose": Quantity(Decimal(200), "mg")}


def orders_of(student: str) -> tuple[OrderTerms, ...]:
    """Four orders of a student."""
    prn = AsNeeded(("headache",), 240, 2)
    return (
        terms(student, **_SET),
        terms(student, times=(time(13, 30),), **_SET),
        as_needed(student, prn=prn),
        terms(student, times=(time(9),), **_SET),
    )


def fill(nurse: Workspace, students: list[str]) -> list[tuple[str, str]]:
    """Put orders and doses into the store; (student, order) of noon."""
    orders = [replace(o, id=str(uuid.uuid4())) for one in students for o in orders_of(one)]
    now = nurse.clock.now()
    put(nurse, orders, SEEN, lambda order: _given(order, now))
    return [(one.student_id, one.id) for one in orders if one.times == (time(12),)]


def _given(order: OrderTerms, now: datetime) -> list[DoseRecord]:
    """The doses of the last two school days, and of today where it is over by now."""
    made = []
    for back in (2, 1, 0):
        day = now.date() - timedelta(days=back)
        for clock in order.times:
            due = datetime.combine(day, clock, now.tzinfo)
            if due >= now - timedelta(hours=2 if back == 0 else 0):
                continue
            made.append(
                DoseRecord(
                    str(uuid.uuid4()), order.id, order.student_id, "given", due, due, "u",
                    due_at=due, identified=Identified(frozenset(("photo", "birth_date"))),
                )
            )  # fmt: skip
    return made


def ready(folder: Path) -> tuple[School, Workspace, list[tuple[str, str]]]:
    """The school, its nurse at one minute past noon, and the orders of noon."""
    clock = SetClock(AFTERNOON)
    school = found_school(folder / "vault", clock)
    clock.set(at(12, 1))
    add_students(school.sign_in("tom"), STUDENTS)
    nurse = school.sign_in("maria")
    with raw_store(nurse) as store, store.read() as session:
        ids = list(session.scalars(select(Student.id).where(Student.student_number >= "100000")))
    return school, nurse, fill(nurse, [f"student:{one}" for one in ids])


def main() -> None:
    """Print each row."""
    with tempfile.TemporaryDirectory() as folder:
        school, nurse, noon = ready(Path(folder))
        health = nurse.health
        box, store = health.doses._box, health.doses._context.store
        day = at(12).date()

        def opened() -> None:
            with store.read() as session:
                read_doses(session, box, first=day - timedelta(days=3), last=day)

        fresh = school.sign_in("maria")
        first = took(fresh.health.board.today, 1, CPU)[0]
        board, floor = in_turns(ROUNDS, health.board.today, opened, clock=CPU)
        lines = health.board.today()
        count = len(lines.scheduled) + len(lines.as_needed)
        row(f"board of {count} lines, first after signing in", first, floor, "1,000 ms")
        row(f"board of {count} lines, again", board, floor, "300 ms")

        pairs = iter(noon)

        def dose() -> None:
            student, order = next(pairs)
            health.doses.record(noon_dose(student, order))

        def entry() -> None:
            student, order = noon[0]
            record = _given(terms(student, id=order), at(18))[0]
            with store.write() as session:
                box.add(session, student, DOSE, record, about=order, day=day, at=record.at)

        took(dose, 2)
        one, bare = in_turns(min(DOSES, len(noon) - 30), dose, entry, clock=CPU)
        row("one dose recorded, checked by every rule", one, bare, "150 ms")
        row("  its slowest of twenty", at_99(took(dose, 20, CPU)), bare, "300 ms")
        school.close()


if __name__ == "__main__":
    main()
