"""Every kind of dirt that tables have: understood, or told with its line; never a crash."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bt_desktop.services import csv_values as cells
from bt_desktop.services.csv_fields import FIELDS, guesses, kind_of_table
from bt_desktop.services.csv_match import match
from bt_desktop.services.csv_model import CsvChoice, CsvSet
from bt_desktop.services.csv_read import read_table, unsure_date
from bt_desktop.services.csv_table import NotATable, open_table
from bt_desktop.services.work_progress import Progress
from tests.services.csv_kit import put

TODAY = date(2026, 11, 12)


def read(path: Path, kind: str = "students", order: str = "") -> CsvSet:
    """What a table says, every guess agreed with."""
    table = open_table(path)
    fields = guesses(table.columns, kind)  # type: ignore[arg-type]  # a kind
    told = CsvSet()
    choice = CsvChoice(path, kind, fields, order)  # type: ignore[arg-type]  # as above
    read_table(table, choice, told, TODAY, Progress())
    return told


@pytest.mark.parametrize(
    "raw",
    [
        "ID,Last Name,First Name\n7,Núñez,Ada\n".encode(),
        b"\xef\xbb\xbf" + "ID,Last Name,First Name\n7,Núñez,Ada\n".encode(),
        "ID,Last Name,First Name\r\n7,Núñez,Ada".encode("utf-16"),
        "ID\tLast Name\tFirst Name\n7\tNúñez\tAda\n".encode("utf-16-le"),
        "ID;Last Name;First Name\n7;Núñez;Ada\n".encode("cp1252"),
        "ID|Last Name|First Name\r7|Núñez|Ada\r".encode(),
        "\n\nMaple Creek Elementary\nStudents, 11/12/2026\n\nID,Last Name,First Name\n7,Núñez,Ada\n"
        .encode(),
        'ID , "Last Name",First Name,,\n7,Núñez,Ada,,\n\n,,,,\n'.encode(),
        "ID,Last Name,First Name\n7,Núñez,Ada\nID,Last Name,First Name\n".encode(),
        "STU.ID,STU.LN,STU.FN\n7,Núñez,Ada\n".encode(),
        "Student_Number,Last_Name,First_Name\n7,Núñez,Ada\n".encode(),
        "student.studentNumber,student.lastName,student.firstName\n7,Núñez,Ada\n".encode(),
        '="ID",Last Name,First Name\n="7",Núñez,Ada\n'.encode(),
        "ID,Last Name,First Name\n7.0,  Núñez ,Ada\n".encode(),
        "ID,Student Name\n7,\"Núñez, Ada\"\n".encode(),
        "ID,Student Name\n7,Ada Núñez\n".encode(),
    ],
    ids=["plain", "mark", "utf-16", "tabs", "windows", "bars and old Mac", "titles", "loose header",
         "header twice", "Aeries codes", "PowerSchool", "Infinite Campus", "kept as text",
         "spreadsheet number", "last, first", "first last"],
)  # fmt: skip
def test_one_student_in_any_shape(tmp_path: Path, raw: bytes) -> None:
    [ada] = read(put(tmp_path, raw)).students
    assert (ada.values["given"], ada.values["family"]) == ("Ada", "Núñez")
    assert ada.values["student_number"] == "7"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"PK\x03\x04xl/workbook", "table-workbook"),
        (b"\xd0\xcf\x11\xe0old", "table-workbook"),
        (b"%PDF-1.7", "table-pdf"),
        (b"\xff\xd8\xff\xe0", "table-picture"),
        (b"<html><table><tr><td>ID</td></tr>", "table-web-page"),
        (b"", "table-empty"),
        (b"\x00\x00\x00", "table-empty"),
        (b"just a letter\nwith no columns\n", "table-no-columns"),
        (b"a,b\n" * 200_001, "table-too-long"),
        (b",".join(b"c%d" % i for i in range(301)) + b"\n", "table-too-wide"),
        (b"a,b\n" + b"x" * (33 * 1024 * 1024), "table-too-large"),
    ],
    ids=["xlsx", "xls", "pdf", "photo", "web page", "empty", "zeros", "letter", "rows", "columns",
         "heavy"],
)  # fmt: skip
def test_what_is_no_table_is_said_in_a_sentence(tmp_path: Path, raw: bytes, code: str) -> None:
    with pytest.raises(NotATable) as refused:
        open_table(put(tmp_path, raw))
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.csv"):
        with pytest.raises(NotATable):
            open_table(path)


HEAD = "ID,Last Name,First Name,DOB,IEP,Phone,Grade,Home Language,Allergies,Guardian 1 Name,Email\n"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("7,Ito,Ada,31/31/2016,,,,,,,", "no-date"),
        ("7,Ito,Ada,5/30/2036,,,,,,,", "no-date"),
        ("7,Ito,Ada,,maybe,,,,,,", "not-yes-or-no"),
        ("7,Ito,Ada,,,12,,,,,", "no-phone"),
        ("7,Ito,Ada,,,,,01,,,", "no-home-language"),
        ("1.2E+08,Ito,Ada,,,,,,,,", "no-student-number"),
        ("7,Ito,=HYPERLINK(1),,,,,,,,", "formula"),
        ("7,Ito,Ada,,,=2+3,,,,,", "formula"),
        ("7,,,,,,,,,,", None),
        (",,,5/30/2016,,,,,,,", "no-name"),
        ("7,Ito,NÃºÃ±ez,,,,,,,,", "mangled"),
        ("7,Ito,Ada,,,,,,,Mary Ann Lee,", "name-guessed"),
        ("7,Ito", "cells-do-not-fit"),
        ("7,Ito,A\x00da,,,,,,,,", "unreadable"),
        ('7,"Ito,Ada,,,,,,,,', "open-quote"),
        (f"7,{'x' * 300},Ada,,,,,,,,", "name-too-long"),
        (f"7,Ito,Ada,,,,,,{'x' * 3000},,", "too-long"),
        ("7,Ito,Ada,03/04/2016,,,,,,,", "day-or-month"),
    ],
)
def test_a_dirty_cell_is_told_with_its_line(tmp_path: Path, row: str, code: str | None) -> None:
    told = read(put(tmp_path, HEAD + row + "\n9,Roe,Bo,2016-05-30,,,,,,,\n"))
    assert [(p.line, p.code) for p in told.problems] == ([(2, code)] if code else [])
    assert told.students[-1].values["given"] == "Bo"  # what follows is read all the same


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("5/30/2016", date(2016, 5, 30)),
        ("30.5.2016", date(2016, 5, 30)),
        ("2016-05-30T00:00:00.000Z", date(2016, 5, 30)),
        ("20160530", date(2016, 5, 30)),
        ("30-May-2016", date(2016, 5, 30)),
        ("May 30, 2016", date(2016, 5, 30)),
        ("5/30/16", date(2016, 5, 30)),
        ("42520", date(2016, 5, 30)),
        ("05/30/98", date(1998, 5, 30)),
    ],
)
def test_a_birth_date_in_any_order(typed: str, born: date) -> None:
    assert cells.birth_date_of(typed, "unknown", TODAY)[0] == born


def test_the_order_of_dates_is_asked_only_where_nothing_tells(tmp_path: Path) -> None:
    head = "Name,DOB\n"
    open_ = put(tmp_path, head + '"Ito, Ada",03/04/2016\n"Roe, Bo",05/06/2016\n', "a.csv")
    told = put(tmp_path, head + '"Ito, Ada",03/04/2016\n"Roe, Bo",25/06/2016\n', "b.csv")
    asked = [unsure_date(open_table(p), CsvChoice(p, "students", ("name", "birth_date")))
             for p in (open_, told)]  # fmt: skip
    assert asked == ["03/04/2016", ""]
    assert read(open_, order="day-first").students[0].values["birth_date"] == date(2016, 4, 3)
    assert read(open_, order="month-first").students[0].values["birth_date"] == date(2016, 3, 4)
    assert read(told).students[0].values["birth_date"] == date(2016, 4, 3)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Brooks, Aaliyah Rose", ("Aaliyah", "Rose", "Brooks", "")),
        ("Brooks, Aaliyah (Lia)", ("Aaliyah", "", "Brooks", "Lia")),
        ('Brooks, Aaliyah "Lia"', ("Aaliyah", "", "Brooks", "Lia")),
        ("Brooks, Jr., Sam", ("Sam", "", "Brooks Jr.", "")),
        ("Sam Brooks Jr.", ("Sam", "", "Brooks Jr.", "")),
        ("Sam De La Cruz", ("Sam", "", "De La Cruz", "")),
        ("De La Cruz, Sam", ("Sam", "", "De La Cruz", "")),
        ("Nguyễn, Gia Huy", ("Gia", "Huy", "Nguyễn", "")),
        ("Cher", ("", "", "Cher", "")),
    ],
)
def test_names_are_taken_apart(text: str, parts: tuple[str, str, str, str]) -> None:
    found = cells.name_of(text)
    assert found is not None
    assert found[:4] == parts


def test_plans_in_one_cell_and_in_columns(tmp_path: Path) -> None:
    raw = 'ID,Name,Plans,BIP\n1,"Ito, Ada",IEP; 504 Plan,Y\n2,"Ito, Bo",Special Ed/Magic,N\n'
    told = read(put(tmp_path, raw))
    assert [sorted(one.yes) for one in told.students] == [
        ["bip_iep", "iep", "section_504"],
        ["iep"],
    ]
    assert [sorted(one.no) for one in told.students] == [[], ["bip_iep"]]
    assert [(p.line, p.code) for p in told.problems] == [(3, "plan-unknown")]


def test_passwords_and_social_security_numbers_are_never_read(tmp_path: Path) -> None:
    raw = 'ID,Name,Password,SSN,Student Web PWD\n7,"Ito, Ada",hunter2,000-00-0000,hunter3\n'
    table = open_table(put(tmp_path, raw))
    assert table.samples() == (("7",), ("Ito, Ada",), (), (), ())
    told = CsvSet()
    fields = ("student_number", "name", "allergies", "health_note", "custody_alert")
    read_table(table, CsvChoice(table.path, "students", fields), told, TODAY, Progress())
    assert "hunter" not in repr(told)
    assert "000-00" not in repr(told)


def test_what_a_table_holds_is_seen_by_its_headers() -> None:
    assert kind_of_table(("Employee ID", "Last Name", "First Name", "Title")) == "staff"
    assert kind_of_table(("Student ID", "Relationship", "First Name", "Phone")) == "contacts"
    assert kind_of_table(("Perm ID", "Last Name", "First Name", "Grade")) == "students"


def test_every_alias_means_one_thing() -> None:
    for kind, fields in FIELDS.items():
        for one in fields:
            for alias in one.aliases:
                assert guesses((alias,), kind)[0], (kind, one.key, alias)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), max_size=12)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.lists(WORDS, min_size=4, max_size=4), max_size=5))
def test_any_cells_are_taken_or_told(tmp_path: Path, rows: list[list[str]]) -> None:
    """Whatever stands in the cells: no crash, and each row is a person, a problem, or blank."""
    head = ["Student Number", "Last Name", "First Name", "DOB"]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    told = read(put(tmp_path, out.getvalue()))
    lines = {one.line for one in told.students} | {p.line for p in told.problems}
    for number, line in enumerate(out.getvalue().split("\n")[1:], start=2):
        if line.strip(" ,"):
            assert number in lines, line
    assert len(match(told, []).added) <= len(told.students)


@pytest.mark.parametrize("family", ["Na", "Null", "Nil", "None"])
def test_a_family_may_be_called_like_an_empty_cell(tmp_path: Path, family: str) -> None:
    head = "Perm ID,Last Name,First Name,Middle Name,Birthdate"
    told = read(put(tmp_path, f"{head}\n901,{family},Ji-woo,NA,2017-03-09"))
    assert told.problems == []
    [one] = told.students
    assert (one.values["family"], one.values["given"]) == (family, "Ji-woo")
    assert "middle" not in one.values


NAMES = st.from_regex(r"[A-Z][a-zéñü]{1,9}", fullmatch=True)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    people=st.lists(
        st.tuples(NAMES, NAMES, st.dates(date(2005, 1, 1), date(2022, 1, 1))),
        min_size=1, max_size=6, unique_by=lambda one: one[0],
    ),
    mark=st.sampled_from(",;\t|"),
    order=st.permutations(range(4)),
)  # fmt: skip
def test_a_table_comes_back_as_it_was_written(
    tmp_path: Path, people: list[tuple[str, str, date]], mark: str, order: list[int]
) -> None:
    """Round trip: any order of columns, anything that parts them."""
    head = ["Perm ID", "Last Name", "First Name", "Birthdate"]
    rows = [[f"{900 + i}", f, g, b.isoformat()] for i, (g, f, b) in enumerate(people)]
    text = "\n".join(mark.join(row[at] for at in order) for row in [head, *rows])
    told = read(put(tmp_path, text))
    assert told.problems == []
    assert [
        (one.values["given"], one.values["family"], one.values["birth_date"])
        for one in told.students
    ] == people
    assert len(match(told, []).added) == len(people)
