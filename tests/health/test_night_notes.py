"""A dose noted while nobody is signed in: sealed at once, filed once, finished by the nurse."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bt_desktop.errors import Denied, StorageFull
from bt_desktop.models.health import HealthEntry
from bt_desktop.security import emergency
from bt_desktop.security.atomic import write_atomically
from bt_desktop.security.problems import NoNotesHere
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.emergency_note import LONGEST, EmergencyNote, leave
from bt_desktop.services.health.model import OFFICE_SUBJECT
from bt_desktop.services.health.night_finish import dose_id_of
from bt_desktop.services.health.problems import DoseRefused, NoteGone, NoteIncomplete
from bt_desktop.services.health.stored import to_bytes
from bt_desktop.services.workspace import Workspace
from tests.factory import School
from tests.health.kit import at

EVERYBODY = ("olga", "dana", "amir", "tom", "maria")


def told(**changes: object) -> EmergencyNote:
    values: dict[str, object] = {
        "id": "",
        "who": "Kim in room 4",
        "medicine": "EpiPen Jr",
        "dose": "1",
        "at": at(10, 5),
        "noted_at": at(10, 5),
        "happened": "Hives and wheezing after the snack",
        "called_911": "yes",
        "by": "Ana, lunch aide",
    }
    return EmergencyNote(**(values | changes))  # type: ignore[arg-type]  # names checked by it


def left(school: School, **changes: object) -> str:
    return leave(school.folder, told(**changes), school.clock)


def files(school: School) -> list[Path]:
    place = school.folder / emergency.FOLDER_NAME
    return sorted(place.iterdir()) if place.exists() else []


def entries(workspace: Workspace) -> list[HealthEntry]:
    with workspace._context.store.read() as session:
        wanted = select(HealthEntry).where(HealthEntry.kind == "night_note")
        return list(session.scalars(wanted.order_by(HealthEntry.count)))


# --- leaving ------------------------------------------------------------------------------------


def test_it_needs_nobody_and_shows_nothing(school: School) -> None:
    note_id = left(school)
    [path] = files(school)
    assert path.name == f"{note_id}.note"
    every = b"".join(one.read_bytes() for one in school.folder.rglob("*") if one.is_file())
    for word in ("Kim in", "EpiPen", "Hives", "lunch aide", "10:05"):
        assert word.encode() not in every


@pytest.mark.parametrize(("missing", "value"), [("who", ""), ("who", "  "), ("medicine", "")])
def test_who_and_what_are_asked_for_and_nothing_else(
    school: School, missing: str, value: str
) -> None:
    with pytest.raises(NoteIncomplete) as refused:
        left(school, **{missing: value})
    assert [one.field for one in refused.value.problems] == [missing]
    assert files(school) == []
    left(school, dose="", happened="", called_911="", by="")
    assert len(files(school)) == 1


def test_too_much_is_cut_and_never_refused(school: School) -> None:
    left(school, who="x" * 5_000, happened="y" * 50_000)
    [note] = school.sign_in("maria").health.night_notes.waiting()
    assert (len(note.who), len(note.happened)) == (LONGEST["who"], LONGEST["happened"])


def test_where_nobody_ever_signed_in_it_says_so(school: School, tmp_path: Path) -> None:
    with pytest.raises(NoNotesHere):
        leave(tmp_path, told(), school.clock)


# --- filing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_whoever_signs_in_files_it_and_the_nurse_reads_it(school: School, who: str) -> None:
    note_id = left(school)
    them = school.sign_in(who)
    assert files(school) == []
    assert len(entries(them)) == 1
    assert any("noted while the records were locked" in one for one in them.news)
    if who != "maria":
        with pytest.raises(Denied):
            them.health.night_notes.waiting()
        with them._context.store.read() as session:
            box = HealthBox(them._context, them.health_keys)
            assert list(box.read(session, "night_note")) == []
    them.lock()
    maria = school.sign_in("maria")
    [note] = maria.health.night_notes.waiting()
    assert note == replace(told(), id=note_id, noted_at=school.clock.now())
    assert school.sign_in("tom").log.verify().holds


def test_several_are_filed_in_the_order_they_were_left(school: School) -> None:
    for number in range(3):
        left(school, who=f"Child {number}")
    olga = school.sign_in("olga")
    assert any(one.startswith("3 emergency doses were") for one in olga.news)
    olga.lock()
    waiting = school.sign_in("maria").health.night_notes.waiting()
    assert sorted(one.who for one in waiting) == ["Child 0", "Child 1", "Child 2"]


def test_killed_before_the_file_was_deleted_it_is_filed_once(
    school: School, tmp_path: Path
) -> None:
    left(school)
    [path] = files(school)
    kept = tmp_path / path.name
    shutil.copy(path, kept)
    school.sign_in("olga").lock()
    assert files(school) == []
    shutil.copy(kept, path)  # as if the program had been killed after the transaction
    dana = school.sign_in("dana")
    assert len(entries(dana)) == 1
    assert files(school) == []
    assert dana.health.night_notes.found.filed == 0
    assert dana.news == ()
    dana.lock()
    maria = school.sign_in("maria")
    [note] = maria.health.night_notes.waiting()
    maria.health.night_notes.finish(note.id, school.ids["mateo"])
    shutil.copy(kept, path)
    maria.lock()
    again = school.sign_in("maria")
    assert again.health.night_notes.waiting() == (), "finished stays finished"


def test_a_full_disk_keeps_nobody_out_and_loses_nothing(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(school)

    def full(*_: object, **__: object) -> str:
        raise StorageFull

    with monkeypatch.context() as patched:
        patched.setattr(HealthBox, "add", full)
        olga = school.sign_in("olga")
        assert entries(olga) == []
        assert len(files(school)) == 1
        olga.lock()
    assert len(entries(school.sign_in("dana"))) == 1
    assert files(school) == []


def test_a_note_sealed_to_another_key_is_kept_and_told(school: School) -> None:
    path = school.folder / emergency.PUBLIC_NAME
    theirs = emergency._key_file(
        school.sign_in("tom")._context.keys.vault_id,
        emergency._pair(bytearray(32), school.open[-1]._context.keys.vault_id),
    )
    school.open[-1].lock()
    path.write_bytes(theirs)
    left(school)
    olga = school.sign_in("olga")
    assert any("emergency.pub.json" in one for one in olga.news)
    assert any("cannot be opened" in one for one in olga.news)
    assert [one.suffix for one in files(school)] == [".damaged"]
    assert olga.health.night_notes.damaged() == 1
    assert entries(olga) == []
    olga.lock()
    tom = school.sign_in("tom")
    assert tom.news == (), "told once, and put right"
    actions = [one.action for one in tom.log.entries(20)]
    assert "emergency.key_changed" in actions
    assert "emergency.note_damaged" in actions
    assert tom.log.verify().holds
    tom.lock()
    left(school)
    assert school.sign_in("maria").health.night_notes.count() == 1


def test_a_damaged_note_does_not_keep_the_others_out(school: School) -> None:
    broken = left(school)
    left(school, who="Somebody else")
    (school.folder / emergency.FOLDER_NAME / f"{broken}.note").write_bytes(b"?")
    maria = school.sign_in("maria")
    assert [one.who for one in maria.health.night_notes.waiting()] == ["Somebody else"]
    assert maria.health.night_notes.found.damaged == 1


def test_what_is_sealed_but_no_note_is_damaged_too(school: School) -> None:
    number = "6e9cf0b2-8b5c-4f4c-9f2c-5f4f9f0a1b2c"
    for content in (b"{}", b"\xff", to_bytes(told(id="another"))):
        emergency.leave(school.folder, number, content)
        olga = school.sign_in("olga")
        assert olga.health.night_notes.found.damaged == 1
        assert entries(olga) == []
        olga.lock()


def test_a_number_that_is_taken_takes_nobodys_place(school: School) -> None:
    """Somebody makes a note up under the number of an entry that is there: both are kept."""
    maria = school.sign_in("maria")
    with maria._context.store.write() as session:
        box = HealthBox(maria._context, maria.health_keys)
        taken = box.add(session, OFFICE_SUBJECT, "dose_effect", told(), day=at(10).date())
    maria.lock()
    emergency.leave(school.folder, taken, to_bytes(told(id=taken)))
    olga = school.sign_in("olga")
    assert olga.health.night_notes.found.damaged == 1
    assert entries(olga) == []


# --- the clock ----------------------------------------------------------------------------------


def test_a_dose_before_midnight_counts_for_its_own_day(school: School) -> None:
    school.clock.set(at(23, 58))
    left(school, at=at(23, 59) - timedelta(minutes=4))
    school.clock.set(at(23, 58) + timedelta(minutes=3))
    left(school, at=at(23, 59) + timedelta(minutes=2))
    maria = school.sign_in("maria")
    assert [one.day for one in entries(maria)] == [at(0).date(), at(0).date() + timedelta(days=1)]


@pytest.mark.parametrize(
    ("given", "doubts"),
    [(timedelta(0), ()), (timedelta(minutes=5), ()), (timedelta(hours=3), ("ahead",))],
)
def test_a_time_ahead_of_the_clock_is_kept_and_doubted(
    school: School, given: timedelta, doubts: tuple[str, ...]
) -> None:
    left(school, at=school.clock.now() + given)
    [note] = school.sign_in("maria").health.night_notes.waiting()
    assert (note.at - school.clock.now(), note.doubts) == (given, doubts)


def test_a_clock_that_went_back_since_is_doubted(school: School) -> None:
    school.clock.advance(timedelta(days=2))
    left(school)
    school.clock.set(school.clock.now() - timedelta(days=2))
    [note] = school.sign_in("maria").health.night_notes.waiting()
    assert note.doubts == ("back",)


def test_a_moment_without_a_zone_is_no_note(school: School) -> None:
    number = "6e9cf0b2-8b5c-4f4c-9f2c-5f4f9f0a1b2c"
    bare = told(id=number, at=datetime(2026, 11, 12, 10, 5))
    emergency.leave(school.folder, number, to_bytes(bare))
    assert school.sign_in("olga").health.night_notes.found.damaged == 1


# --- finishing ----------------------------------------------------------------------------------


@pytest.fixture
def maria(school: School) -> Workspace:
    left(school)
    return school.sign_in("maria")


def test_the_nurse_finishes_it_once(school: School, maria: Workspace) -> None:
    notes = maria.health.night_notes
    [note] = notes.waiting()
    assert notes.finish(note.id, school.ids["mateo"]) == note
    assert (notes.waiting(), notes.count()) == ((), 0)
    with pytest.raises(NoteGone):
        notes.finish(note.id, school.ids["lucja"])
    assert school.sign_in("tom").log.verify().holds


def test_it_is_finished_for_a_student_there_is(maria: Workspace) -> None:
    [note] = maria.health.night_notes.waiting()
    with pytest.raises(KeyError):
        maria.health.night_notes.finish(note.id, "student:nobody")
    assert maria.health.night_notes.count() == 1


def test_what_is_no_students_dose_is_set_aside_with_a_reason(maria: Workspace) -> None:
    notes = maria.health.night_notes
    [note] = notes.waiting()
    with pytest.raises(NoteGone):
        notes.set_aside(note.id, " no ")
    notes.set_aside(note.id, "A visitor; the ambulance took her")
    assert notes.waiting() == ()


def request(student: str, **changes: object) -> DoseRequest:
    values: dict[str, object] = {"medicine_text": "EpiPen Jr, 1", "at": at(10, 5)}
    values |= {"id": ""} | changes
    return DoseRequest(student_id=student, order_id=None, **values)  # type: ignore[arg-type]  # its own


def test_it_becomes_a_dose(school: School, maria: Workspace) -> None:
    mateo = school.ids["mateo"]
    [note] = maria.health.night_notes.waiting()
    made = maria.health.finishing.finish(note.id, request(mateo))
    assert (made.dose.emergency, made.dose.at, made.dose.by_user) == (
        True, at(10, 5), school.users["maria"],
    )  # fmt: skip
    assert maria.health.night_notes.count() == 0
    day = at(10).date()
    assert [one.id for one in maria.health.doses.of_student(mateo, day, day).standing] == [
        made.dose.id
    ]
    with pytest.raises(NoteGone):
        maria.health.finishing.finish(note.id, request(mateo))
    assert school.sign_in("tom").log.verify().holds


def test_killed_between_dose_and_note_it_is_one_dose(school: School, maria: Workspace) -> None:
    mateo = school.ids["mateo"]
    [note] = maria.health.night_notes.waiting()
    first = maria.health.doses.emergency(
        request(mateo, id=dose_id_of(note.id, mateo))  # and then the program was killed
    )
    again = maria.health.finishing.finish(note.id, request(mateo))
    assert (again.again, again.dose) == (True, first.dose)
    assert maria.health.night_notes.waiting() == ()


def test_a_dose_that_cannot_be_leaves_the_note_waiting(school: School, maria: Workspace) -> None:
    [note] = maria.health.night_notes.waiting()
    for wrong in ({"at": at(23)}, {"medicine_text": " "}):
        with pytest.raises(DoseRefused):
            maria.health.finishing.finish(note.id, request(school.ids["mateo"], **wrong))
    assert maria.health.night_notes.waiting() == (note,)
    olga = school.sign_in("olga")
    with pytest.raises(Denied):
        olga.health.finishing.finish(note.id, request(school.ids["mateo"]))


@pytest.mark.parametrize(
    ("who", "counts"), [("tom", 1), ("maria", 1), ("olga", 0), ("dana", 0), ("amir", 1)]
)
def test_who_is_told_that_one_waits(
    school: School, maria: Workspace, who: str, counts: int
) -> None:
    [note] = maria.health.night_notes.waiting()
    them = school.sign_in(who)
    assert them.health.night_notes.count() == counts
    if who != "maria":
        for deed in (
            lambda: them.health.night_notes.finish(note.id, school.ids["mateo"]),
            lambda: them.health.night_notes.set_aside(note.id, "It was nothing"),
        ):
            with pytest.raises(Denied):
                deed()


def test_a_sign_in_without_notes_writes_nothing(school: School) -> None:
    before = len(school.sign_in("tom").log.entries(100))
    school.open[-1].lock()
    assert len(school.sign_in("tom").log.entries(100)) == before + 1


def test_the_public_side_lies_there_after_the_first_sign_in(school: School) -> None:
    path = school.folder / emergency.PUBLIC_NAME
    assert path.exists()
    whole = path.read_bytes()
    path.unlink()
    school.sign_in("dana").lock()
    assert path.read_bytes() == whole
    write_atomically(path, b"{}")
    olga = school.sign_in("olga")
    assert any("emergency.pub.json" in one for one in olga.news)
    assert path.read_bytes() == whole
