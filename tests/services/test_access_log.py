"""One student's access log: complete, dated, without another child's name, sealed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bt_desktop.errors import Denied
from bt_desktop.paper.verify import verify
from bt_desktop.security.audit import Head
from bt_desktop.services.on_paper import trail_code
from bt_desktop.services.pseudonyms import pseudonym
from bt_desktop.services.results.access import AccessRow, Purpose
from bt_desktop.services.results.copies import Receipt
from bt_desktop.services.results.people import NewStudent
from tests.factory import School, signed_report
from tests.paper.pdf import says_square, words
from tests.services.many_records import Made, put

TOLD = "He was held twice and was calm at 10:19."


@pytest.fixture
def record(school: School) -> str:
    return signed_report(school)


def told(school: School, **days: date | None) -> list[tuple[str, str, str]]:
    log = school.sign_in("tom").access_log.read(school.ids["mateo"], **days)
    return [(row.who, row.what, row.purpose) for row in log.rows]


def at_the_counter(school: School, record: str) -> None:
    """A day: the office opens, releases, hands over; the auditor looks, at another child too."""
    olga = school.sign_in("olga", says="parent")
    olga.records.open(record)
    made = olga.copies.release_parent_copy(record, school.ids["rosa"], TOLD, ())
    olga.copies.mark(made.copy_id, "printed")
    school.clock.advance(timedelta(minutes=3))
    now = school.clock.now()
    olga.copies.receive(made.copy_id, Receipt("handed_over", "Rosa Núñez", "mother", now, True))
    amir = school.sign_in("amir", says=None)
    amir.openings.state(Purpose("other", "Complaint 12, with Łucja Kowalczyk"))
    amir.records.open(record)
    put(school, school.sign_in("tom"), [made_up := Made("incident", student="lucja")])
    amir.records.open(made_up.id)


def test_it_says_who_saw_what_when_and_for_what(school: School, record: str) -> None:
    at_the_counter(school, record)
    lines = told(school)
    assert ("Amir Haddad", "Opened a record", "Complaint 12, with Łucja Kowalczyk") in lines
    assert ("Olga Petrenko", "Printed a copy", "A parent or guardian asked") in lines
    assert ("Rosa Núñez", "Got the copy (handed over, copy 1)",
            "Parent's or student's right to a copy") in lines  # fmt: skip
    assert any(who == "Dana Whitcomb" for who, *_ in lines)
    assert len([who for who, what, _ in lines if what == "Opened a record" and "Amir" in who]) == 1
    log = school.sign_in("tom").access_log.read(school.ids["mateo"])
    assert [row.at for row in log.rows] == sorted((row.at for row in log.rows), reverse=True)
    [opened] = [row for row in log.rows if row.who == "Amir Haddad"]
    assert (opened.title, opened.role) == ("District records officer", "Auditor")
    assert opened.number.startswith("BER-2026-")


def test_its_days_are_whole_days_of_the_school(school: School, record: str) -> None:
    today = school.clock.now().date()
    assert told(school, since=today, until=today)
    assert told(school, until=today - timedelta(days=1)) == []
    assert told(school, since=today + timedelta(days=1)) == []


@pytest.mark.parametrize("who", ["dana", "priya", "maria", "olga"])
def test_it_is_read_by_administrators_and_auditors(school: School, record: str, who: str) -> None:
    workspace = school.sign_in(who)
    assert not workspace.access_log.may_read
    for deed in (workspace.access_log.read, workspace.access_log.printed):
        with pytest.raises(Denied):
            deed(school.ids["mateo"])


def test_an_auditor_reads_it_under_a_pseudonym_and_does_not_print_it(
    school: School, record: str
) -> None:
    amir = school.sign_in("amir")
    log = amir.access_log.read(school.ids["mateo"])
    assert log.student_name.startswith("Student ")
    assert log.rows
    with pytest.raises(Denied):
        amir.access_log.printed(school.ids["mateo"])


def test_to_read_it_is_an_entry_in_the_trail(school: School, record: str) -> None:
    tom = school.sign_in("tom")
    tom.access_log.read(school.ids["mateo"])
    [newest, *_] = tom.log.entries()
    assert (newest.action, newest.object) == ("access.read", school.ids["mateo"])


def test_on_paper_it_is_sealed_and_names_no_other_child(school: School, record: str) -> None:
    at_the_counter(school, record)
    tom = school.sign_in("tom")
    made = tom.access_log.printed(school.ids["mateo"])
    assert made.sealed
    ca = tom.copies.school_ca_pem()
    told = verify(made.pdf, ca)
    assert told.kind == "genuine"
    head = Head(told.audit_seq or 0, told.audit_head or "")
    assert says_square(made.pdf, trail_code(head, ca))
    assert tom.log.square_code(trail_code(head, ca)).kind == "fits"
    page = words(made.pdf)
    assert "Mateo Núñez-Okafor" in page
    assert "Rosa Núñez" in page
    assert "Amir Haddad" in page
    assert "Opened a record" in page
    assert "words left out" in page
    for other in ("Łucja", "Kowalczyk", "Huy"):
        assert other not in page
    assert "Mateo" not in made.file_name
    [newest, *_] = tom.log.entries()
    assert (newest.action, newest.object) == ("access.print", school.ids["mateo"])


def test_to_print_it_is_a_line_of_the_next_one(school: School, record: str) -> None:
    school.sign_in("tom").access_log.printed(school.ids["mateo"])
    assert ("Tom Becker", "Printed a copy", "A records request or an audit") in told(school)


def test_a_student_nobody_looked_at_has_an_empty_log(school: School, record: str) -> None:
    tom = school.sign_in("tom")
    assert tom.access_log.read(school.ids["huy"]).rows == ()
    assert "Nobody opened" in words(tom.access_log.printed(school.ids["huy"]).pdf)
    with pytest.raises(KeyError):
        tom.access_log.read("student:nobody")


def test_no_name_gets_into_the_trail(school: School, record: str) -> None:
    at_the_counter(school, record)
    tom = school.sign_in("tom")
    tom.access_log.printed(school.ids["mateo"])
    with tom._context.store.read() as session:
        trail = str(session.execute(text("SELECT group_concat(body) FROM audit")).scalar_one())
    for name in ("Mateo", "Rosa", "Kowalczyk", "Complaint"):
        assert name not in trail


@pytest.mark.slow
def test_a_thousand_lines_are_some_pages(school: School, record: str) -> None:
    from bt_desktop.paper.access_log import AccessLine, AccessPaper, access_log
    from bt_desktop.paper.document import CopyMark, Letterhead

    now = school.clock.now()
    row = AccessRow(now, "Olga Petrenko", "Office manager", "Front office", "Opened a record",
                    "BER-2026-0001", "A parent asked " * 9)  # fmt: skip
    line = AccessLine(row.at, row.who, row.title, row.role, row.what, row.number, row.purpose)
    paper = AccessPaper("Mateo", None, "", None, None, (line,) * 1000)
    pdf = access_log(paper, Letterhead("Maple Creek"), CopyMark("school", 0, now, "Tom Becker"))
    assert pdf.startswith(b"%PDF")


# --- finding it ----------------------------------------------------------------------------------


def test_a_log_is_found_by_name_by_number_and_of_those_who_left(school: School) -> None:
    tom = school.sign_in("tom")
    tom.people.update_student(school.ids["huy"], NewStudent("Huy", "Nguyễn", student_number="0042"))
    tom.people.set_active(school.ids["huy"], False)
    for typed in ("nguyen", "HUY", "0042", "huy ngu"):
        [found] = tom.access_log.find(typed)
        assert (found.student_id, found.left, found.number) == (school.ids["huy"], True, "0042")
    assert tom.access_log.find("004") == ()
    assert tom.access_log.find("nobody") == ()


def test_an_auditor_finds_it_without_a_name(school: School, record: str) -> None:
    amir = school.sign_in("amir")
    code = pseudonym(school.ids["mateo"])
    for typed in (code, code.partition(" ")[2].lower()):
        [found] = amir.access_log.find(typed)
        assert (found.student_id, found.name) == (school.ids["mateo"], code)
        assert (found.number, found.grade) == ("", "")
    assert amir.access_log.find("mateo") == ()


def test_those_looked_at_last_stand_first(school: School, record: str) -> None:
    tom = school.sign_in("tom")
    tom.records.open(record)
    school.clock.advance(timedelta(minutes=1))
    tom.student_pages.open(school.ids["huy"])
    found = tom.access_log.find()
    assert found[0].student_id == school.ids["huy"]
    assert school.ids["mateo"] in {one.student_id for one in found}
    with pytest.raises(Denied):
        school.sign_in("dana").access_log.find()
