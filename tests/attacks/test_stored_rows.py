"""Somebody who holds the database's key changes rows beside the trail; and signs as another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bt_desktop.clock import SetClock
from bt_desktop.errors import Denied
from bt_desktop.security.permissions import Role
from bt_desktop.services.integrity import RecordAltered
from bt_desktop.services.problems import AlreadySigned, NotYoursToSign, Unfinished
from bt_desktop.services.results.people import NewStaff
from bt_desktop.services.workspace import Workspace
from tests.conftest import AFTERNOON
from tests.factory import PASSWORD, School, fill, ink, notice_rows, signed_report

TOLD = "Mateo threw a book. He was held twice and was calm at 10:19."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(scope="module")
def whole(founded: School, tmp_path_factory: pytest.TempPathFactory) -> tuple[School, str]:
    """A record with everything that is kept for good: parts, copies, notices, an attachment."""
    folder = tmp_path_factory.mktemp("whole") / "vault"
    school = founded.copied_to(folder, SetClock(AFTERNOON))
    record = signed_report(school)
    nurse = school.sign_in("maria")
    fill(school, nurse, record, "nurse")
    nurse.records.sign_part(record, "nurse", PASSWORD, ink("Maria Chen"))
    office = school.sign_in("olga")
    for row in notice_rows(office, record, school.ids):
        office.records.add_notice(record, row)
    office.copies.school_copy(record)
    office.copies.release_parent_copy(record, school.ids["rosa"], TOLD, ())
    school.sign_in("dana").records.attach(record, "scan.png", "image/png", PNG)
    school.close()
    return school, record


@pytest.fixture
def school(whole: tuple[School, str], tmp_path: Path, clock: SetClock) -> Iterator[School]:
    """The school with that record in it, for one attack."""
    made = whole[0].copied_to(tmp_path / "vault", clock)
    yield made
    made.close()


@pytest.fixture
def kept(whole: tuple[School, str]) -> str:
    """The record's id."""
    return whole[1]


def tamper(workspace: Workspace, *deeds: str) -> None:
    """Change rows as an attacker would: triggers dropped first."""
    with workspace._context.store.write() as session:
        found = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in found.scalars().all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for deed in deeds:
            session.execute(text(deed))


def test_all_that_is_kept_holds_against_the_trail(school: School, kept: str) -> None:
    assert school.sign_in("amir").log.verify().holds


DEEDS = [
    ("UPDATE record SET number = 'BER-2026-0007'", "record-changed"),
    ("UPDATE record SET subject_id = 'student:' || (SELECT id FROM student WHERE family LIKE"
     " 'Kow%')", "record-changed"),
    ("UPDATE form_text SET text = replace(text, 'restraint', 'escort')", "form-changed"),
    ("UPDATE revision SET signed_at = '2026-11-12T09:00:00-08:00' WHERE part_key = 'nurse'",
     "revision-changed"),
    ("UPDATE revision SET part_key = 'review' WHERE part_key = 'nurse'", "revision-changed"),
    ("UPDATE revision SET count = 2 WHERE part_key = 'nurse'", "revision-changed"),
    ("UPDATE revision SET key_id = 'ed25519:00' WHERE part_key = 'nurse'", "revision-changed"),
    ("UPDATE revision SET ink = replace(ink, 'Maria', 'Marta') WHERE part_key = 'nurse'",
     "revision-changed"),
    ("UPDATE revision SET signature = zeroblob(64) WHERE part_key = 'nurse'", "revision-changed"),
    ("DELETE FROM revision WHERE part_key = 'nurse'", "revision-missing"),
    ("UPDATE copy SET for_whom = 'Paul Okafor' WHERE number = 2", "copy-changed"),
    ("UPDATE copy SET text = text || ' He said sorry.' WHERE number = 2", "copy-changed"),
    ("UPDATE copy SET settled = '[{}]' WHERE number = 2", "copy-changed"),
    ("UPDATE copy SET kind = 'school' WHERE number = 2", "copy-changed"),
    ("UPDATE copy SET number = 9 WHERE number = 2", "copy-changed"),
    ("UPDATE copy SET made_at = '2026-11-12T09:00:00-08:00' WHERE number = 2", "copy-changed"),
    ("UPDATE copy SET by_user = 'x' WHERE number = 2", "copy-changed"),
    ("UPDATE copy SET revisions = '[]' WHERE number = 2", "copy-changed"),
    ("UPDATE notice SET row = replace(row, '11:', '10:')", "notice-changed"),
    ("UPDATE notice SET at = '2026-11-12T09:00:00-08:00'", "notice-changed"),
    ("DELETE FROM notice WHERE count = 1", "notice-missing"),
    ("INSERT INTO notice SELECT 'forged', record_id, 9, row, by_user, at FROM notice LIMIT 1",
     "notice-unannounced"),
    ("UPDATE attachment SET data = x'89504e47'", "attachment-changed"),
    ("DELETE FROM attachment", "attachment-missing"),
    ("INSERT INTO attachment SELECT 'forged', record_id, name, media_type, purpose, size, sha256,"
     " data, by_user, at, thumb FROM attachment", "attachment-unannounced"),
]  # fmt: skip


@pytest.mark.parametrize(("deed", "reason"), DEEDS, ids=[deed[:60] for deed, _ in DEEDS])
def test_a_row_changed_beside_the_trail_is_named(
    school: School, kept: str, deed: str, reason: str
) -> None:
    tom = school.sign_in("tom")
    tamper(tom, deed)
    [newest, *_] = tom.log.entries()
    verdict = tom.log.verify()
    assert not verdict.holds
    assert verdict.reason == reason
    assert verdict.checked > 20
    assert verdict.head.seq == newest.seq


def test_a_signed_part_moved_to_another_record_is_neither_printed_nor_believed(
    school: School, kept: str
) -> None:
    other = signed_report(school)
    tom = school.sign_in("tom")
    tamper(
        tom,
        "CREATE TEMP TABLE swap AS SELECT id, record_id FROM revision WHERE part_key = 'report'",
        "UPDATE revision SET part_key = 'x' || id WHERE part_key = 'report'",
        "UPDATE revision SET record_id = (SELECT s.record_id FROM swap s WHERE s.id != revision.id)"
        " WHERE part_key LIKE 'x%'",
        "UPDATE revision SET part_key = 'report' WHERE part_key LIKE 'x%'",
    )
    for record in (kept, other):
        with pytest.raises(RecordAltered):
            tom.copies.school_copy(record)
    assert tom.log.verify().reason == "revision-changed"


def test_a_record_renumbered_is_not_printed(school: School, kept: str) -> None:
    tom = school.sign_in("tom")
    tamper(tom, "UPDATE record SET number = 'BER-2026-0007'")
    with pytest.raises(RecordAltered):
        tom.copies.school_copy(kept)


def test_a_form_whose_questions_were_changed_is_not_printed(school: School, kept: str) -> None:
    tom = school.sign_in("tom")
    tamper(tom, "UPDATE form_text SET text = replace(text, 'Holds', 'Hugs')")
    tom.lock()
    with pytest.raises(RecordAltered):
        school.sign_in("tom").copies.school_copy(kept)


def test_the_copies_that_were_handed_out_stay_what_they_were(school: School, kept: str) -> None:
    """An altered record stops new copies; the bytes of old ones are still what they were."""
    tom = school.sign_in("tom")
    [parents, _] = tom.copies.log(kept)
    before = tom.copies.pdf(parents.copy_id).pdf
    tamper(tom, "UPDATE revision SET body = CAST(body || ' ' AS BLOB)")
    assert tom.copies.pdf(parents.copy_id).pdf == before


# --- signing -------------------------------------------------------------------------------------


def drafted(school: School) -> str:
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    return record


@pytest.mark.parametrize("who", ["priya", "maria", "olga", "tom", "amir"])
def test_nobody_signs_a_report_of_somebody_else(school: School, who: str) -> None:
    record = drafted(school)
    other = school.sign_in(who)
    with pytest.raises((NotYoursToSign, Denied)) as refused:
        other.records.sign_part(record, "report", PASSWORD, ink())
    assert refused.value.sentence
    assert school.sign_in("dana").records.open(record).number is None


def test_nobody_signs_with_the_password_of_somebody_else(school: School) -> None:
    tom = school.sign_in("tom")
    staff = tom.people.add_staff(NewStaff("Nia", "Ortega", "Behavior technician"))
    word = "nine quiet rivers under the old bridge"
    school.users["nia"] = tom.accounts.add("Nia Ortega", word, Role.TECHNICIAN, staff)
    record = drafted(school)
    dana = school.sign_in("dana")
    with pytest.raises(Exception, match=r"(?i)password") as refused:
        dana.records.sign_part(record, "report", word, ink())
    assert getattr(refused.value, "code", "")
    assert dana.records.open(record).state == "draft"


def test_a_part_is_signed_once(school: School) -> None:
    record = drafted(school)
    dana = school.sign_in("dana")
    first = dana.records.sign_part(record, "report", PASSWORD, ink())
    with pytest.raises(AlreadySigned):
        dana.records.sign_part(record, "report", PASSWORD, ink())
    with pytest.raises(AlreadySigned):
        dana.records.save_draft(record, "report", {"narrative": "It was all quite different."})
    assert dana.records.open(record).number == first.number == "BER-2026-0002"


@pytest.mark.parametrize("part", ["notice", "statement", "statement:nobody", "sign", "", "x"])
def test_what_is_no_part_cannot_be_signed(school: School, part: str) -> None:
    record = drafted(school)
    with pytest.raises((Denied, NotYoursToSign, Unfinished)):
        school.sign_in("dana").records.sign_part(record, part, PASSWORD, ink())


def test_the_signature_says_who_was_signed_in_whatever_was_typed_as_ink(school: School) -> None:
    record = drafted(school)
    dana = school.sign_in("dana")
    dana.records.sign_part(record, "report", PASSWORD, ink("Tom Becker"))
    [signature] = dana.records.document(record).signatures
    assert signature.name == "Dana Whitcomb"
