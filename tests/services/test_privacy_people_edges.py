"""Whose names the net and the offers get out of the store, and when they are read anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bt_desktop.models.people import Guardian, Guardianship, Staff, Student
from bt_desktop.models.store import Store
from bt_desktop.services.names import PersonNames
from bt_desktop.services.privacy_people import family_of, names_in, names_stamp

THEN = datetime(2026, 11, 12, 16, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 13, 16, 0, tzinfo=UTC)
LUCJA = PersonNames("student:b", "Łucja", "Kowalczyk", "Maria", "Lu")
HUY = PersonNames("student:a", "Huy", "Nguyễn", "Gia", family_first=True)
DANA = PersonNames("staff:d", "Dana", "Whitcomb")
ROSA = PersonNames("guardian:r", "Rosa", "Quiroga")
ANNA = PersonNames("guardian:q", "Anna", "Kowalczyk")


@pytest.fixture
def store(new_store: Callable[[Path, bytearray], Store], tmp_path: Path) -> Iterator[Store]:
    """Two students, of whom one has left, a teacher, and each student's parent."""
    made = new_store(tmp_path / "records.db", bytearray(range(32)))
    with made.write() as session:
        for table, person, active in (
            (Student, LUCJA, True), (Student, HUY, False), (Staff, DANA, True),
            (Guardian, ROSA, True), (Guardian, ANNA, True),
        ):  # fmt: skip
            session.add(
                table(
                    id=person.id.partition(":")[2], given=person.given, family=person.family,
                    middle=person.middle, preferred=person.preferred,
                    family_first=person.family_first, active=active, updated_at=THEN,
                )
            )  # fmt: skip
        session.flush()
        session.add(Guardianship(student_id="b", guardian_id="q", active=False))
        session.add(Guardianship(student_id="a", guardian_id="r"))
    yield made
    made.close()


def test_who_has_left_is_in_the_net_but_is_not_offered(store: Store) -> None:
    with store.read() as session:
        assert names_in(session, ("student",)) == (HUY, LUCJA)
        assert names_in(session, ("student", "staff"), also_left=False) == (LUCJA, DANA)
        assert names_in(session, ("student", "guardian")) == (HUY, LUCJA, ANNA, ROSA)


def test_whose_parents_they_are_or_were(store: Store) -> None:
    with store.read() as session:
        assert family_of(session, LUCJA.id) == {ANNA.id}
        assert family_of(session, HUY.id) == {ROSA.id}
        assert family_of(session, "student:nobody") == frozenset()


def test_names_are_read_anew_when_somebody_came_or_changed(store: Store) -> None:
    def stamp() -> object:
        with store.read() as session:
            return names_stamp(session, ("student", "staff"))

    stamps = [stamp()]
    assert stamp() == stamps[0]
    with store.write() as session:
        session.add(Student(id="c", given="Bo", family="Li", updated_at=THEN))
    stamps.append(stamp())
    with store.write() as session:
        session.get_one(Student, "b").updated_at = LATER
    stamps.append(stamp())
    with store.write() as session:
        session.get_one(Staff, "d").updated_at = LATER
    stamps.append(stamp())
    assert len(set(stamps)) == 4
    with store.write() as session:
        session.get_one(Guardian, "r").updated_at = LATER
    assert stamp() == stamps[-1], "of those who are asked for alone"
