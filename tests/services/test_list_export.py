"""A list as a table: only what the role may take out, nothing a spreadsheet would run, logged."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from bt_desktop.errors import Denied
from bt_desktop.models.access import Opening
from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.csv_cells import FORMULA, safe, table
from bt_desktop.services.problems import ExportRefused, ReasonNeeded, SecondNeeded
from bt_desktop.services.results.export import COLUMNS, USUAL, Second
from bt_desktop.services.results.people import NewStaff, NewStudent
from bt_desktop.services.results.records import RecordFilter
from tests.factory import PASSWORD, School
from tests.services.many_records import Made, put

REASON = "Counts for the state's report"


def read(data: bytes) -> list[list[str]]:
    assert data.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def filled(school: School, *made: Made) -> None:
    tom = school.sign_in("tom")
    put(school, tom, list(made))
    tom.lock()


def test_the_table_is_what_the_list_shows_in_its_order(school: School) -> None:
    filled(
        school,
        Made("incident", "signed", "mateo", place="Hallway", days=1, number=1, due=-1),
        Made("restraint", "final", "huy", days=2, number=2),
        Made("first_aid", "draft", None, days=0),
    )
    tom = school.sign_in("tom")
    made = tom.export.table(RecordFilter(), list(COLUMNS))
    head, *rows = read(made.data)
    assert head == list(COLUMNS.values())
    assert [row[head.index("Number")] for row in rows] == ["", "INC-2026-0001", "BER-2026-0002"]
    first = dict(zip(head, rows[1], strict=True))
    assert (first["Student"], first["Date"], first["Time"], first["Place"], first["Status"]) == (
        "Mateo Núñez-Okafor", "2026-11-11", "15:30", "Hallway", "signed",
    )  # fmt: skip
    assert (first["Open deadlines"], first["Overdue"]) == ("1", "1")
    assert made.records == 3
    assert "Mateo" not in made.file_name
    by_student = tom.export.table(RecordFilter(order="student"), ["student"])
    assert [row[0] for row in read(by_student.data)[1:]] == [
        "Nguyễn Gia Huy", "Mateo Núñez-Okafor", "",
    ]  # fmt: skip


def test_a_nurse_takes_out_first_aid_and_leaves_the_rest(school: School) -> None:
    filled(school, Made("first_aid"), Made("incident"), Made("restraint"))
    maria = school.sign_in("maria")
    plan = maria.export.plan(RecordFilter())
    assert (plan.records, plan.kept, plan.needs_reason) == (1, 2, False)
    rows = read(maria.export.table(RecordFilter(), ["form"]).data)
    assert [row[0] for row in rows[1:]] == ["First aid, injury and accident report"]
    with pytest.raises(ExportRefused):
        maria.export.table(RecordFilter(form="incident"), USUAL)


@pytest.mark.parametrize("who", ["dana", "priya", "olga", "amir"])
def test_other_roles_take_nothing_out(school: School, who: str) -> None:
    filled(school, Made(author="dana"))
    workspace = school.sign_in(who)
    assert not workspace.export.may
    with pytest.raises(Denied):
        workspace.export.table(RecordFilter(), USUAL)
    with pytest.raises(Denied):
        workspace.export.plan(RecordFilter())


def test_many_records_need_a_reason(school: School) -> None:
    filled(school, *(Made("incident", days=n) for n in range(26)))
    tom = school.sign_in("tom")
    assert tom.export.plan(RecordFilter()).needs_reason
    with pytest.raises(ReasonNeeded):
        tom.export.table(RecordFilter(), USUAL, "  because ")
    with pytest.raises(SecondNeeded):
        tom.export.table(RecordFilter(), USUAL, REASON)


@pytest.fixture
def two(school: School) -> School:
    """A second administrator, and a list of 26 records."""
    tom = school.sign_in("tom")
    school.users["rita"] = tom.accounts.add(
        "Rita Gold", PASSWORD, Role.ADMINISTRATOR, NewStaff("Rita", "Gold", "Vice principal")
    )
    tom.lock()
    filled(school, *(Made("incident", days=n) for n in range(26)))
    return school


def test_a_second_person_agrees_with_their_own_password(two: School) -> None:
    tom = two.sign_in("tom")
    plan = tom.export.plan(RecordFilter())
    assert plan.seconds == ((two.users["maria"], "Maria Chen"), (two.users["rita"], "Rita Gold"))
    made = tom.export.table(RecordFilter(), USUAL, REASON, Second(two.users["rita"], PASSWORD))
    assert made.records == 26
    export, second, *_ = tom.log.entries()
    assert (export.action, second.action) == ("list.export", "list.second")
    assert tom.log.verify().holds


@pytest.mark.parametrize("who", ["tom", "dana", "amir", "nobody"])
def test_who_may_not_export_or_is_the_same_person_is_no_second(two: School, who: str) -> None:
    tom = two.sign_in("tom")
    with pytest.raises(SecondNeeded):
        tom.export.table(RecordFilter(), USUAL, REASON, Second(two.users.get(who, who), PASSWORD))
    with tom._context.store.read() as session:
        assert session.scalars(select(Opening).where(Opening.what == "export")).all() == []


def test_a_wrong_password_counts_against_the_second_person(two: School) -> None:
    tom = two.sign_in("tom")
    with pytest.raises(WrongPassword):
        tom.export.table(RecordFilter(), USUAL, REASON, Second(two.users["rita"], "guessed it"))
    assert two.sign_in("rita").failures == 1
    assert "guessed" not in repr(Second("x", "guessed it"))


def test_every_record_that_left_is_a_row_of_who_saw_what(school: School) -> None:
    filled(school, Made("incident"), Made("incident", student="huy"), Made("risk", student=None))
    tom = school.sign_in("tom")
    tom.export.table(RecordFilter(), USUAL, REASON)
    with tom._context.store.read() as session:
        rows = session.scalars(select(Opening).where(Opening.what == "export")).all()
    assert {one.student_id for one in rows} == {school.ids["mateo"], school.ids["huy"], None}
    assert {(one.purpose, one.detail) for one in rows} == {("other", REASON)}
    assert len({one.batch for one in rows}) == 1
    [newest, *_] = tom.log.entries()
    assert (newest.action, newest.detail) == ("list.export", "records 3")
    assert tom.log.verify().holds


def test_nothing_is_written_down_of_an_export_that_was_refused(school: School) -> None:
    filled(school, Made("incident"))
    tom = school.sign_in("tom")
    with pytest.raises(ExportRefused):
        tom.export.table(RecordFilter(), ["nonsense"])
    with tom._context.store.read() as session:
        assert session.scalars(select(Opening).where(Opening.what == "export")).all() == []


@pytest.mark.parametrize(
    "evil",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=HYPERLINK(\"http://x\",\"y\")",
     "＝1", "|calc", "%0A=1", "\u00a0=cmd|' /C calc'!A0", "\u200b=1"],
)  # fmt: skip
def test_a_name_that_is_a_formula_is_text_in_a_spreadsheet(school: School, evil: str) -> None:
    assert safe(evil).startswith("'")
    if "\r" in evil or "\t" in evil:
        return  # such a name cannot be entered
    tom = school.sign_in("tom")
    school.ids["evil"] = tom.people.add_student(NewStudent("", evil))
    tom.lock()
    filled(school, Made("incident", student="evil", place=evil))
    rows = read(school.sign_in("tom").export.table(RecordFilter(), ["student", "place"]).data)
    assert all(cell.startswith("'") for cell in rows[1])


@given(cells=some.lists(some.text(some.characters(exclude_categories=("Cs",))), min_size=1))
@settings(max_examples=100, deadline=None)
def test_every_text_comes_back_and_none_begins_a_formula(cells: list[str]) -> None:
    [_, row] = read(table(["h"] * len(cells), [cells]))
    for cell, back in zip(cells, row, strict=True):
        assert not back.startswith(FORMULA)
        assert back.removeprefix("'") == cell.replace("\0", "").removeprefix("'")
