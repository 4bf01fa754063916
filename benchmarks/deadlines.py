"""Home's deadlines and their number in a long-lived school; a draft's change that moves one."""

from __future__ import annotations

import tempfile
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select, update

from benchmarks._row import in_turns, quick, row, took
from benchmarks._vault import add_records, batched, open_vault, raw_store
from bt_desktop.models.deadlines import Deadline
from bt_desktop.models.records import Record
from bt_desktop.models.types import micros
from bt_desktop.services.workspace import Workspace

FEW, MANY = 10_000, 100_000
if quick():
    FEW, MANY = 200, 1_000
EACH = (("T1", "tell_parent", "author"), ("T2", "complete_report", "author"),
        ("T3", "review", "administrator"))  # fmt: skip
OPEN_LAST = 300
"""So many records at the end still have open deadlines; the rest were done long ago."""


def add_deadlines(workspace: Workspace) -> None:
    """Three deadlines for each record; every tenth record is one's own."""
    me = workspace.actor
    with raw_store(workspace) as store:
        with store.write() as session:
            session.execute(
                update(Record)
                .where(Record.number_count % 10 != 0)
                .values(owner_user="another", reported_by="staff:another")
            )
        with store.read() as session:
            ids = session.scalars(select(Record.id).order_by(Record.event_us)).all()
        now = datetime.now(UTC)
        for numbers in batched(range(len(ids)), 20_000):
            with store.write() as session:
                session.execute(
                    insert(Deadline), [one for n in numbers for one in _rows(ids, n, now)]
                )
    assert me.role.value == "administrator"


def _rows(ids: list[str], n: int, now: datetime) -> list[dict[str, object]]:
    left = len(ids) - n
    due = now + timedelta(days=1) - timedelta(minutes=left)
    state = "open" if left <= OPEN_LAST else "done"
    return [
        {
            "id": str(uuid.uuid4()), "record_id": ids[n], "rule": rule, "task": task, "slot": 0,
            "reading": "statute", "label": task, "cite": "EC", "verified": False, "owner": owner,
            "within": "1 school day", "note": "", "at_once": False, "fallback": False,
            "anchor": "event_start", "anchor_at": due, "due_at": due, "due_us": micros(due),
            "state": state, "evidence": "", "evidence_note": "", "late_reason": "", "late_by": "",
        }
        for rule, task, owner in EACH
    ]  # fmt: skip


def home(folder: Path) -> None:
    """The nearest deadlines and how many there are, against the same in a young school."""
    schools = []
    for count in (FEW, MANY):
        workspace = open_vault(folder / f"due{count}")
        add_records(workspace, count)
        add_deadlines(workspace)
        schools.append(workspace)
    few, many = schools
    for what, work in (
        ("home deadlines", lambda w: w.deadlines.open("mine", limit=4)),
        ("page of everybody's deadlines", lambda w: w.deadlines.open("all", limit=50)),
        ("number of deadlines on the rail", lambda w: w.deadlines.counts()),
    ):
        got, floor = in_turns(20, lambda w=work: w(many), lambda w=work: w(few))  # type: ignore[misc]  # bound now
        row(f"{what}, {MANY:,} records (floor: {FEW:,})", got, floor, "ratio 1.50")
    few.lock()
    many.lock()


def typing(folder: Path) -> None:
    """A change that moves a deadline, against one that moves none."""
    workspace = open_vault(folder / "typing")
    record = workspace.records.start("restraint")
    answers: dict[str, object] = {
        "what_happened": ["physical_restraint"],
        "event_date": "2026-11-12",
        "event_began": "2026-11-12T10:09:00-08:00",
        "narrative": "x" * 4000,
    }
    turn = iter(range(1_000_000))

    def letter() -> None:
        answers["activity"] = str(next(turn))
        workspace.records.save_draft(record, "report", answers)

    def fact() -> None:
        answers["event_began"] = f"2026-11-12T10:{next(turn) % 60:02}:00-08:00"
        workspace.records.save_draft(record, "report", answers)

    took(letter, 10)
    took(fact, 10)
    got, floor = in_turns(5 if quick() else 15, fact, letter, each=10)
    row("a draft's change that moves a deadline (floor: one that does not)", got, floor, "50 ms")
    workspace.lock()


def main() -> None:
    """All rows."""
    with tempfile.TemporaryDirectory(prefix="bt-bench-") as folder:
        typing(Path(folder))
        home(Path(folder))


if __name__ == "__main__":
    main()
