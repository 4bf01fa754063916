"""Medication records filled from the store: one as full as it can be, and all of a month's end.

600 students with a noon dose on every school day of a month, and one with four doses a day. Floors:
the same entries opened and nothing done with them; the same page laid out from values that are
there. Processor time, so that a busy machine does not count; memory is what the process holds.
Garbage is collected between pieces of work, as the program does it.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time as time_module
import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks._health import put
from benchmarks._row import in_turns, quick, row, took
from benchmarks._vault import add_students, raw_store
from bt_desktop.clock import SetClock
from bt_desktop.models.people import Student
from bt_desktop.paper.mar import mar
from bt_desktop.services.health.dose_log import read_doses
from bt_desktop.services.health.entries import (
    DOSE,
)
from bt_desktop.services.health.mar_fill import fill
from bt_desktop.services.health.model import (
    DoseRecord,
    Identified,
    OrderTerms,
)
from bt_desktop.services.health.months import last_of
from bt_desktop.services.work_progress import Progress
from bt_desktop.services.workspace import Workspace
from tests.conftest import AFTERNOON, PACIFIC
from tests.factory import PASSWORD, School, found_school
from tests.health.kit import terms
from tests.paper import mar_kit, story

RECORDS = 20 if quick() else 600
ROUNDS = 3 if quick() else 15
CPU = time_module.process_time
MONTH = date(2027, 1, 1)
SEEN = date(2026, 12, 31)
OVER = datetime(2027, 2, 1, 8, tzinfo=PACIFIC)
FOUR = (time(8, 30), time(10, 30), time(12), time(14, 15))
_SURE = Identified(frozenset(("photo", "birth_date")))


def doses_of(order: OrderTerms, user: str) -> list[DoseRecord]:
    """A dose at each time of each school day; one in ten is refused."""
    made = []
    for day in range(1, last_of(MONTH).day + 1):
        on = MONTH.replace(day=day)
        for number, clock in enumerate(order.times):
            if on.weekday() >= 5:
                continue
            due = datetime.combine(on, clock, PACIFIC)
            refused = (day + number) % 10 == 0
            made.append(
                DoseRecord(
                    str(uuid.uuid4()), order.id, order.student_id, "R" if refused else "given",
                    due, due + timedelta(minutes=1), user, due_at=due, identified=_SURE,
                    reason="He did not want it today" if refused else "",
                )
            )  # fmt: skip
    return made


def ready(folder: Path) -> tuple[School, Workspace, list[str]]:
    """The school on the first morning of February; the order of four times is the first."""
    clock = SetClock(AFTERNOON)
    school = found_school(folder / "vault", clock)
    add_students(school.sign_in("tom"), RECORDS)
    clock.set(datetime(2026, 12, 31, 9, tzinfo=PACIFIC))
    nurse = school.sign_in("maria")
    with raw_store(nurse) as store, store.read() as session:
        ids = list(session.scalars(select(Student.id).where(Student.student_number >= "100000")))
    orders = [terms(f"student:{one}", id=str(uuid.uuid4())) for one in ids]
    orders[0] = replace(orders[0], times=FOUR)
    put(nurse, orders, SEEN, lambda order: doses_of(order, nurse.actor.user_id))
    clock.set(OVER)
    return school, school.sign_in("maria"), [one.id for one in orders]


def held() -> float:
    """What the process holds now, in MiB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Watched(Progress):
    """Remembers what was held after the twentieth record."""

    early = 0.0

    def step(self, count: int = 1) -> None:
        super().step(count)
        if count and self.done % 10 == 0:
            gc.collect()
        if self.done == min(20, self.total) and not self.early:
            self.early = held()


def main() -> None:
    """Print each row."""
    with tempfile.TemporaryDirectory() as folder:
        school, nurse, orders = ready(Path(folder))
        gc.collect()
        gc.disable()
        months = nurse.health.months
        box, reader, store = months._box, months._reader, months._context.store
        full, plain = orders[0], orders[1]

        def filled() -> object:
            with store.read() as session:
                return fill(reader.source(session, full, MONTH))

        def opened() -> None:
            with store.read() as session:
                for kept in box.read(session, DOSE, about=full):
                    kept.value(DoseRecord)

        took(filled, 2)
        ours, floor = in_turns(ROUNDS, filled, opened, clock=CPU)
        row("MAR of 31 days x 4 times, filled from the store", ours, floor, "40 ms")

        with store.read() as session:
            sheet = fill(reader.source(session, full, MONTH))
        laid = in_turns(
            ROUNDS,
            lambda: months.printed(full, MONTH),
            lambda: mar(sheet, story.HEAD, mar_kit.MARK),
            clock=CPU,
        )
        row("  filled, laid out and sealed (floor: laid out)", *laid, "250 ms")

        def doses() -> None:
            with store.read() as session:
                read_doses(session, box, first=MONTH, last=last_of(MONTH))

        listed, floor = in_turns(3, lambda: months.lines(MONTH), doses, clock=CPU)
        row(f"list of {len(orders)} orders of a month (floor: their doses)", listed, floor, "4 s")

        alone = took(lambda: months.printed(plain, MONTH), 5, CPU)[2]
        watched, began = Watched(), CPU()
        done = months.close_all(MONTH, PASSWORD, progress=watched)
        spent = CPU() - began
        row(f"{done.closed} MARs closed at a month's end, each (floor: printed)",
            spent * 1000 / done.closed, alone, "250 ms")  # fmt: skip
        row("  all of them", spent, alone * done.closed / 1000, "150 s", unit="s")
        row("  memory after them (floor: after twenty)", held(), watched.early, "flat", unit="MiB")
        school.close()


if __name__ == "__main__":
    if sys.argv[1:]:
        RECORDS = int(sys.argv[1])
    main()
