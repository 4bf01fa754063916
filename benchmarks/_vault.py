"""Vaults to measure on: a small one for starting, and ones with many students or records."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bt_desktop.clock import SystemClock
from bt_desktop.models.store import Store
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.services import access
from bt_desktop.services.workspace import Workspace

CHEAP = KdfParams(memory_kib=64, passes=1, lanes=1)
FAST = KdfPolicy(floor=CHEAP, params=CHEAP)
PASSWORD = "nine slow rivers under glass"  # noqa: S105 - a made-up vault, deleted after the run

_ONSETS = "b br c ch d dr f g gr h j k kl l m n p pr qu r s st t tr v w y z".split()  # noqa: SIM905 - reads as a list of sounds
_VOWELS = "a e i o u ai ea ie oa ue".split()  # noqa: SIM905
_ENDS = ["", "n", "r", "s", "l", "ck", "nd", "th"]


def batched(numbers: range, size: int) -> Iterator[range]:
    """`numbers` in runs of `size` (itertools has it from Python 3.12 on)."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def small_vault(folder: Path) -> Path:
    """A vault with an administrator and nothing else; returns its folder."""
    open_vault(folder / "vault").lock()
    return folder / "vault"


def open_vault(folder: Path) -> Workspace:
    """A new vault in `folder`, opened by its administrator."""
    setup = access.Setup(
        "Maple Creek Elementary", "", "", "us-ca", "safety_care", "Tom", "Becker", "", PASSWORD
    )
    made = access.set_up(folder, setup, SystemClock(), kdf_policy=FAST)
    groups = made.recovery_key.split("-")
    return made.confirm(*(groups[n - 1] for n in made.asked))


@contextmanager
def raw_store(workspace: Workspace) -> Iterator[Store]:
    """The store below a workspace: only to fill it quickly, which no service offers."""
    yield workspace.records._context.store


def syllable(n: int) -> str:
    """A made-up syllable, each `n` another."""
    n, onset = divmod(n, len(_ONSETS))
    n, vowel = divmod(n, len(_VOWELS))
    return _ONSETS[onset] + _VOWELS[vowel] + _ENDS[n % len(_ENDS)]


def made_up_name(n: int) -> tuple[str, str]:
    """Given and family name of student number `n`."""
    given = syllable(n * 7 + 3) + syllable(n * 13 + 5)
    family = syllable(n * 17 + 11) + syllable(n * 29 + 1) + syllable(n * 3)
    return given.capitalize(), family.capitalize()


def add_students(workspace: Workspace, count: int) -> None:
    """`count` students with made-up names, written in a few transactions."""
    from bt_desktop.models.people import Student

    with raw_store(workspace) as store:
        for numbers in batched(range(count), 5000):
            with store.write() as session:
                for n in numbers:
                    given, family = made_up_name(n)
                    session.add(
                        Student(
                            id=str(uuid.uuid4()),
                            given=given,
                            family=family,
                            birth_date=date(2010, 1, 1) + timedelta(days=n % 4000),
                            grade=str(n % 6),
                            student_number=str(100000 + n),
                            updated_at=datetime.now(UTC),
                        )
                    )


def add_records(workspace: Workspace, count: int) -> None:
    """`count` signed records without revisions: what lists read, and nothing more."""
    from sqlalchemy import insert, select

    from bt_desktop.models.records import Event, Record

    first = workspace.records.start()
    with raw_store(workspace) as store:
        with store.read() as session:
            model = session.execute(select(Record).where(Record.id == first)).scalar_one()
            base = {c.name: getattr(model, c.name) for c in Record.__table__.columns}
        start = datetime(2020, 1, 1, tzinfo=UTC)
        for numbers in batched(range(count), 20000):
            events, records = [], []
            for n in numbers:
                at = start + timedelta(minutes=2 * n)
                us = int(at.timestamp() * 1_000_000)
                key = str(uuid.UUID(int=n + 1))
                events.append({"id": key, "made_at": at})
                records.append(
                    base | {"id": key, "event_id": key, "state": "signed",
                            "number": f"BER-{at.year}-{n:07}", "number_prefix": "BER",
                            "number_year": at.year, "number_count": n, "event_at": at,
                            "event_us": us, "made_at": at, "updated_at": at, "updated_us": us}
                )  # fmt: skip
            with store.write() as session:
                session.execute(insert(Event), events)
                session.execute(insert(Record), records)
