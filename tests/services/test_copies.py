"""Copies: sealed, logged, for the right person, without another child's name."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bt_desktop.errors import Denied
from bt_desktop.models.copies import Copy
from bt_desktop.paper.verify import verify
from bt_desktop.services.privacy import replace_all
from bt_desktop.services.problems import CopyRefused, NoSuchRecord, UnsettledNames
from bt_desktop.services.results.copies import Settled
from bt_desktop.services.results.people import NewGuardian, NewStudent
from tests.factory import PASSWORD, School, fill, ink, signed_report

TOLD = "Mateo threw a book, which hit Student A. He was held twice and was calm at 10:19."


def words_of(pdf: bytes, folder: Path) -> str:
    (folder / "copy.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-layout", folder / "copy.pdf", "-"], capture_output=True, check=True
    )
    return told.stdout.decode()


@pytest.fixture
def record(school: School) -> str:
    return signed_report(school)


def test_the_schools_copy_is_sealed_kept_and_in_the_trail(
    school: School, record: str, tmp_path: Path
) -> None:
    office = school.sign_in("olga")
    copy = office.copies.school_copy(record)
    assert copy.sealed
    assert copy.file_name == "BER-2026-0001-school-copy-1.pdf"
    assert hashlib.sha256(copy.pdf).hexdigest() == copy.sha256
    verdict = verify(copy.pdf, office.copies.school_ca_pem())
    assert (verdict.kind, verdict.record_number, verdict.copy_number) == (
        "genuine",
        "BER-2026-0001",
        1,
    )
    assert office.copies.copy_status(verdict) == "current"
    assert "Kowalczyk" in words_of(copy.pdf, tmp_path)
    assert office.copies.pdf(copy.copy_id).pdf == copy.pdf
    office.copies.mark(copy.copy_id, "printed")
    [row] = office.copies.log(record)
    assert (row.kind, row.made_by, [what for what, _ in row.marks]) == (
        "school",
        "Olga Petrenko",
        ["printed"],
    )
    trail = school.sign_in("tom").log.entries()
    made = next(entry for entry in trail if entry.action == "copy.make")
    assert made.object == f"copy:{copy.copy_id}"
    assert {"copy.printed", "copy.reprint"} <= {entry.action for entry in trail}


def test_copies_of_a_record_are_counted(school: School, record: str) -> None:
    office = school.sign_in("tom")
    assert [office.copies.school_copy(record).number for _ in range(3)] == [1, 2, 3]


def test_an_unsigned_record_prints_as_draft_and_is_not_sealed(
    school: School, tmp_path: Path
) -> None:
    dana = school.sign_in("dana")
    draft = dana.records.start()
    fill(school, dana, draft)
    for made in (dana.copies.school_copy(draft), dana.copies.draft_print(draft)):
        assert not made.sealed
        assert "DRAFT" in words_of(made.pdf, tmp_path)
    assert [row.kind for row in dana.copies.log(draft)] == ["draft", "draft"]
    shown = dana.copies.draft_parent_print(draft, TOLD)
    assert not shown.sealed


def test_what_nobody_signed_is_not_on_a_sealed_copy(
    school: School, record: str, tmp_path: Path
) -> None:
    nurse = school.sign_in("maria")
    nurse.records.save_draft(record, "nurse", {"nurse_note": "Quibbleworth was mentioned"})
    pdf = school.sign_in("tom").copies.school_copy(record).pdf
    assert "Quibbleworth" not in words_of(pdf, tmp_path)


def test_the_text_for_the_mother_begins_with_the_narrative_and_finds_every_name(
    school: School, record: str
) -> None:
    office = school.sign_in("olga")
    begun = office.copies.begin_parent_text(record)
    assert begun.text.startswith("Mateo was told to put the tablet away.")
    assert [one.word for one in begun.findings] == [
        "Łucja Kowalczyk",
        "Huy",
        "Lucja",
        "huy",
        "Lucja",
    ]
    assert begun.letters == {school.ids["lucja"]: "A", school.ids["huy"]: "B"}


def test_tokens_become_letters_that_stay_for_good(school: School) -> None:
    dana = school.sign_in("dana")
    draft = dana.records.start()
    fill(school, dana, draft)
    answers = dana.records.open(draft).answers
    huy, lucja, mateo = (f"{{@{school.ids[who]}}}" for who in ("huy", "lucja", "mateo"))
    answers["narrative"] = f"{mateo} ran to {huy} and {lucja}."
    dana.records.save_draft(draft, "report", answers)
    dana.records.sign_part(draft, "report", PASSWORD, ink())
    for who in ("olga", "tom"):
        begun = school.sign_in(who).copies.begin_parent_text(draft)
        assert begun.text == "Mateo ran to Student B and Student A."
        assert begun.findings == ()


def test_a_name_the_writer_chose_from_the_list_is_not_asked_about_again(school: School) -> None:
    """Matteo, one letter from Mateo, goes to the school: where the writer chose Mateo by name it
    is settled, where somebody typed it a person is asked."""
    school.sign_in("tom").people.add_student(
        NewStudent("Matteo", "Quartermaine", student_number="M77", grade="2")
    )
    dana = school.sign_in("dana")
    draft = dana.records.start()
    fill(school, dana, draft)
    answers = dana.records.open(draft).answers
    answers["narrative"] = f"{{@{school.ids['mateo']}}} ran out. Then Mateo came back."
    dana.records.save_draft(draft, "report", answers)
    dana.records.sign_part(draft, "report", PASSWORD, ink())
    begun = school.sign_in("olga").copies.begin_parent_text(draft)
    assert [(one.word, one.suggestion) for one in begun.findings] == [("Mateo", "own_child")] * 2
    assert begun.settled == {begun.findings[0].key: "own_child"}


def test_a_copy_waits_until_every_name_is_settled(
    school: School, record: str, tmp_path: Path
) -> None:
    office = school.sign_in("olga")
    begun = office.copies.begin_parent_text(record)
    with pytest.raises(UnsettledNames) as waits:
        office.copies.release_parent_copy(record, school.ids["rosa"], begun.text, ())
    assert len(waits.value.places) == 5
    text = replace_all(begun.text, begun.findings, begun.letters)
    copy = office.copies.release_parent_copy(record, school.ids["rosa"], text, ())
    words = words_of(copy.pdf, tmp_path).casefold()
    assert "student a" in words
    assert "student b" in words
    for name in ("łucja", "lucja", "kowalczyk", "huy", "nguy"):
        assert name not in words
    assert verify(copy.pdf, office.copies.school_ca_pem()).kind == "genuine"
    assert office.copies.log(record)[0].for_whom == "Rosa Núñez"


def test_what_was_settled_is_kept_with_the_copy_and_by_whom(school: School, record: str) -> None:
    office = school.sign_in("olga")
    text = "Mateo said a huy word."
    [found] = office.copies.findings(record, text)
    settled = Settled(found.start, found.end, found.word, "not_a_name", "somebody else")
    copy = office.copies.release_parent_copy(record, school.ids["rosa"], text, [settled])
    with office._context.store.read() as session:
        row = session.get_one(Copy, copy.copy_id)
        assert row.settled[0]["word"] == "huy"
        assert row.settled[0]["by"] == school.ids["olga"]
        assert row.text == text
    with pytest.raises(UnsettledNames):
        office.copies.release_parent_copy(record, school.ids["rosa"], "x " + text, [settled])


def test_only_an_allowed_guardian_of_the_child_gets_a_copy(school: School, record: str) -> None:
    office = school.sign_in("olga")
    people = office.people
    father = people.add_guardian(
        school.ids["mateo"], NewGuardian("Paul", "Okafor", "father", no_contact=True)
    )
    aunt = people.add_guardian(
        school.ids["mateo"], NewGuardian("Ada", "Okafor", "aunt", may_receive_copies=False)
    )
    other = people.add_guardian(school.ids["huy"], NewGuardian("Lan", "Nguyễn", "mother"))
    allowed = {one.id: one.allowed for one in office.copies.recipients(record)}
    assert allowed == {school.ids["rosa"]: True, father: False, aunt: False}
    for guardian in (father, aunt, other):
        with pytest.raises(CopyRefused):
            office.copies.release_parent_copy(record, guardian, TOLD, ())
    with pytest.raises(CopyRefused):
        office.copies.release_parent_copy(record, school.ids["rosa"], "  ", ())
    assert office.copies.log(record) == ()


def test_a_copy_tells_whether_the_record_was_amended_since(school: School, record: str) -> None:
    office = school.sign_in("tom")
    copy = office.copies.school_copy(record)
    verdict = verify(copy.pdf, office.copies.school_ca_pem())
    nurse = school.sign_in("maria")
    fill(school, nurse, record, "nurse")
    nurse.records.sign_part(record, "nurse", PASSWORD, ink("Maria Chen"))
    assert office.copies.copy_status(verdict) == "current"
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "The room was another one")
    assert office.copies.copy_status(verdict) == "current"
    dana.records.sign_part(record, "report", PASSWORD, ink())
    assert office.copies.copy_status(verdict) == "amended"
    newest = verify(office.copies.school_copy(record).pdf, office.copies.school_ca_pem())
    assert office.copies.copy_status(newest) == "current"


def test_a_copy_of_another_school_is_unknown(school: School, record: str) -> None:
    office = school.sign_in("tom")
    copy = office.copies.school_copy(record)
    verdict = verify(copy.pdf, office.copies.school_ca_pem())
    with office._context.store.read() as session:
        assert session.scalars(select(Copy.number)).all() == [1]
    office.copies.school_copy(record)
    assert office.copies.copy_status(replace(verdict, copy_number=9)) == "unknown"
    assert office.copies.copy_status(replace(verdict, record_digest="00" * 32)) == "unknown"


def test_who_may_not_print_does_not(school: School, record: str) -> None:
    for who in ("dana", "priya", "maria", "amir"):
        copies = school.sign_in(who).copies
        with pytest.raises((Denied, NoSuchRecord)):
            copies.school_copy(record)
        with pytest.raises((Denied, NoSuchRecord)):
            copies.release_parent_copy(record, school.ids["rosa"], TOLD, ())
        with pytest.raises((Denied, NoSuchRecord)):
            copies.begin_parent_text(record)
    made = school.sign_in("tom").copies.school_copy(record)
    with pytest.raises(Denied):
        school.sign_in("dana").copies.pdf(made.copy_id)


def test_a_blank_form_is_printed_for_when_the_power_is_out(school: School, tmp_path: Path) -> None:
    assert "What happened" in words_of(school.sign_in("priya").copies.blank(), tmp_path)
    with pytest.raises(Denied):
        school.sign_in("amir").copies.blank()
