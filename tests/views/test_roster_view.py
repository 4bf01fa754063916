"""A roster is looked at before anything is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.views.feedback import answer_next
from bt_desktop.views.roster_lists import RosterList, RosterRow
from bt_desktop.views.roster_page import RosterPage
from bt_desktop.views.roster_view import RosterView
from tests.factory import School
from tests.views.shell_kit import Office, shown_text

MANIFEST = (
    "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,bulk\n"
    "file.orgs,bulk\n"
)
ORGS = (
    "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
    "s1,,,Maple Creek Elementary,school,,\n"
)
HEAD = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
    "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
)
USERS = (
    HEAD
    + "u1,,,true,s1,student,aaliyah,,Aaliyah,Brooks,,1001,,,,u9,05,secret1\n"
    + "u2,,,true,s1,student,jonah,,Jonah,Petrov,,1002,,,,,02,secret2\n"
    + "u9,,,true,s1,parent,mbrooks,,Maya,Brooks,,,,,,,,\n"
    + "u10,,,true,s1,astronaut,x,,Buzz,Nobody,,,,,,,,\n"
)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    folder = tmp_path / "roster"
    folder.mkdir()
    for name, text in (("manifest", MANIFEST), ("orgs", ORGS), ("users", USERS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.sign_in("tom")
    made.shell.open_roster()
    return made


def view(office: Office) -> RosterView:
    page = office.shell.page
    assert isinstance(page, RosterPage)
    return page.view


def rows_of(office: Office) -> list[tuple[str, ...]]:
    """Every cell that the list on the page holds now."""
    model = view(office).lists.model
    columns = range(model.columnCount())
    return [
        tuple(str(model.index(row, column).data()) for column in columns)
        for row in range(model.rowCount())
    ]


def test_the_preview_counts_and_lists_what_was_not_understood(office: Office, roster: Path) -> None:
    answer_next(roster)
    view(office)._choose_folder()
    office.until(view(office).result.isVisible)
    assert "2 students" in view(office).facts["added"].text()
    view(office).lists.show_one("problems")
    shown = rows_of(office)
    assert any(row[0] == "users.csv, line 5" for row in shown), shown
    assert "secret" not in shown_text(view(office))
    assert office.workspace.people.search("aaliyah") == ()


def test_import_does_what_the_preview_said(office: Office, roster: Path) -> None:
    view(office).read(roster)
    office.until(view(office).result.isVisible)
    if view(office).warnings.isVisible():
        assert not view(office).go.isEnabled()
        view(office).confirmed.setChecked(True)
    view(office).bring_in()
    office.until(lambda: "Imported" in view(office).banner.text())
    assert office.workspace.people.search("aaliyah")[0].grade == "5"


def test_what_is_no_roster_is_said_in_a_sentence(office: Office, tmp_path: Path) -> None:
    (tmp_path / "letter.zip").write_bytes(b"PK\x03\x04 not really")
    answer_next(tmp_path / "letter.zip")
    view(office)._choose_zip()
    office.until(lambda: bool(view(office).banner.text()))
    assert "zip file is damaged" in view(office).banner.text()
    assert view(office).result.isHidden()


def test_a_role_that_may_not_import_is_told(
    qtbot: QtBot, school: School, tmp_path: Path, roster: Path
) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("dana")
    office.shell.open_roster()
    view(office).read(roster)
    office.until(lambda: "role does not allow" in view(office).banner.text())


LATER = (
    HEAD
    + "u1,,,true,s1,student,aaliyah,,Aaliyah,Brooks,,1001,,,,u9,06,\n"
    + "u9,,,true,s1,parent,mbrooks,,Maya,Brooks,,,,,,u2,,\n"
)


def test_who_is_added_who_changes_and_who_leaves_is_listed_and_found_by_typing(
    office: Office, roster: Path
) -> None:
    view(office).read(roster)
    office.until(view(office).result.isVisible)
    view(office).lists.show_one("added")
    assert ("Jonah Petrov", "Student", "grade 2") in rows_of(office)
    view(office).lists.filter.setText("petr")
    assert [row[0] for row in rows_of(office)] == ["Jonah Petrov"]
    view(office).confirmed.setChecked(True)
    view(office).bring_in()
    office.until(lambda: "Imported" in view(office).banner.text())
    (roster / "users.csv").write_text(LATER, encoding="utf-8")
    view(office).read(roster)
    office.until(view(office).result.isVisible)
    view(office).lists.show_one("made_inactive")
    assert [row[:2] for row in rows_of(office)] == [("Jonah Petrov", "Student")]
    view(office).lists.show_one("changed")
    assert ("Aaliyah Brooks", "Grade", "5", "6") in rows_of(office)


def test_a_file_that_would_send_many_away_is_confirmed_with_their_list_in_view(
    office: Office, roster: Path
) -> None:
    many = "".join(
        f"v{i},,,true,s1,student,v{i},,Vera,Number{i},,2{i},,,,,03,\n" for i in range(40)
    )
    (roster / "users.csv").write_text(USERS + many, encoding="utf-8")
    view(office).read(roster)
    office.until(view(office).result.isVisible)
    view(office).bring_in()
    office.until(lambda: "Imported" in view(office).banner.text())
    (roster / "users.csv").write_text(USERS, encoding="utf-8")
    view(office).read(roster)
    office.until(view(office).result.isVisible)
    assert view(office).warnings.isVisible()
    assert view(office).lists.chips["made_inactive"].isChecked()
    assert len(rows_of(office)) == 40
    assert not view(office).go.isEnabled()
    view(office).confirmed.setChecked(True)
    assert view(office).go.isEnabled()


def test_a_doubtful_link_is_made_only_where_it_was_chosen(office: Office, roster: Path) -> None:
    turned = USERS.replace("mbrooks,,Maya,Brooks,,,,,,,,", "mbrooks,,Maya,Brooks,,,,,,u2,,")
    (roster / "users.csv").write_text(turned, encoding="utf-8")
    view(office).read(roster)
    office.until(view(office).result.isVisible)
    view(office).lists.show_one("doubtful")
    assert rows_of(office) == [("No", "Jonah Petrov", "Maya Brooks")]
    table = view(office).lists.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert rows_of(office)[0][0] == "Yes, link"
    view(office).confirmed.setChecked(True)
    view(office).bring_in()
    office.until(lambda: "Imported" in view(office).banner.text())
    people = office.workspace.people
    jonah = people.search("petrov")[0].id
    assert [one.name for one in people.guardians(jonah)] == ["Maya Brooks"]


def test_reading_can_be_given_up(office: Office, roster: Path) -> None:
    view(office).read(roster)
    view(office).give_up()
    office.settle()
    assert view(office).result.isHidden()
    assert "canceled" in view(office).banner.text()
    assert view(office).zip.isEnabled()


def test_fifty_thousand_rows_are_found_in_without_making_them_all(office: Office) -> None:
    rows = tuple(
        RosterRow((f"Ann Number{i}", "Student", ""), f"ann number{i}") for i in range(50_000)
    )
    heads = ("Name", "Who", "What the roster says")
    lists = view(office).lists
    view(office).result.show()
    lists.show_lists((RosterList("added", "Added", heads, (34, 14, 52), rows),))
    lists.filter.setText("number49999")
    assert [row[0] for row in rows_of(office)] == ["Ann Number49999"]
    assert lists.count.text() == "1 of 50,000"
