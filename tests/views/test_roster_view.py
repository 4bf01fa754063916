"""A roster is looked at before anything is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.views.feedback import answer_next
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


def test_the_preview_counts_and_lists_what_was_not_understood(office: Office, roster: Path) -> None:
    answer_next(roster)
    view(office)._choose_folder()
    office.until(view(office).result.isVisible)
    assert "2 students" in view(office).facts["added"].text()
    rows = view(office).problems
    shown = [
        (str(rows.index(i, 0).data()), str(rows.index(i, 1).data())) for i in range(rows.rowCount())
    ]
    assert any(place == "users.csv:5" for place, _ in shown), shown
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
