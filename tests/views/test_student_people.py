"""A student's page and form: photo, team, leaving, and the alerts that staff must see."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.views.feedback import answer_next
from bt_desktop.views.people_staff import StaffSection
from bt_desktop.views.student_edit import StudentSheet
from bt_desktop.views.student_moves import MoveSheet
from bt_desktop.views.student_team import AddStaff, CaseloadSheet
from bt_desktop.views.student_view import StudentPage
from tests.factory import School, mateo
from tests.services.picture_maker import jpeg
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.sign_in("olga")
    made.shell.open_student(school.ids["mateo"])
    made.settle()
    return made


def page(office: Office) -> StudentPage:
    found = office.shell.page
    assert isinstance(found, StudentPage)
    return found


def test_a_photo_is_set_and_taken_away(office: Office, school: School, tmp_path: Path) -> None:
    (tmp_path / "m.jpg").write_bytes(jpeg())
    box = page(office).photo
    assert not box.portrait.has_photo
    answer_next(tmp_path / "m.jpg")
    box.choose.click()
    office.until(lambda: box.portrait.has_photo)
    assert box.choose.text() == "Replace the photo…"
    answer_next(True)
    box.take_away.click()
    office.until(lambda: not box.portrait.has_photo)


def test_what_is_no_picture_is_said_on_the_page(office: Office, tmp_path: Path) -> None:
    (tmp_path / "m.jpg").write_bytes(b"no")
    answer_next(tmp_path / "m.jpg")
    page(office).photo.choose.click()
    office.until(lambda: "not a PNG or JPEG" in page(office).banner.text())


def test_staff_are_added_to_a_student_and_taken_away(office: Office, school: School) -> None:
    team = page(office).team
    sheet = AddStaff(office.desk, office.workspace, school.ids["mateo"], page(office))
    sheet.saved.connect(team.load)
    office.settle()
    sheet.who.setCurrentIndex(sheet.who.findData(school.ids["dana"]))
    sheet.save()
    office.until(lambda: "Dana Whitcomb" in shown_text(team))
    assert "added by hand" in shown_text(team)
    team._drop(school.ids["dana"])
    office.until(lambda: "Dana Whitcomb" not in shown_text(team))


def test_students_are_added_to_a_staff_member(office: Office, school: School) -> None:
    dana = next(p for p in office.workspace.people.staff() if p.given == "Dana")
    sheet = CaseloadSheet(office.desk, office.workspace, dana, page(office))
    sheet.open_sheet()
    sheet.line.setText("hu")
    office.until(lambda: not sheet.found.isHidden())
    sheet._add(school.ids["huy"])
    office.until(lambda: "Nguy" in shown_text(sheet.own))
    assert office.workspace.caseloads.of(dana.id) == {school.ids["huy"]}
    sheet.reject()


def test_a_student_leaves_and_comes_back(office: Office, school: School) -> None:
    page(office).active.click()
    [sheet] = page(office).findChildren(MoveSheet)
    sheet.on.setText("11/12/2026")
    sheet.save()
    office.until(lambda: page(office).active.text() == "Comes back…")
    office.until(lambda: "Left Nov 12, 2026" in shown_text(page(office)))
    assert not office.workspace.people.get(school.ids["mateo"]).active


def test_the_sheet_keeps_and_shows_the_alerts(office: Office, school: School) -> None:
    which = school.ids["mateo"]
    alerts = mateo(medical_alert="No prone hold", allergies="Peanuts", sensitive=True,
                   custody_alert="Father: no contact", case_manager=school.ids["dana"])  # fmt: skip
    office.workspace.people.update_student(which, alerts)
    page(office).load()
    office.until(lambda: "No prone hold" in shown_text(page(office)))
    assert "Medical alert, before any hold" in shown_text(page(office))
    office.until(lambda: "Dana Whitcomb" in shown_text(page(office).facts))
    sheet = StudentSheet(
        office.desk, office.workspace, office.workspace.people.get(which), page(office)
    )
    office.settle()
    sheet.allergies.setText("Peanuts, latex")
    sheet.save()
    office.settle()
    kept = office.workspace.people.get(which)
    assert (kept.allergies, kept.medical_alert) == ("Peanuts, latex", "No prone hold")
    assert (kept.sensitive, kept.case_manager) == (True, school.ids["dana"])


def test_alerts_stand_where_the_student_is_chosen_and_beside_holds(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    tom = school.sign_in("tom")
    tom.people.update_student(
        school.ids["mateo"], mateo(medical_alert="No prone hold", allergies="Peanuts")
    )
    tom.lock()
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("dana")
    record = office.workspace.records.start("restraint")
    office.shell.open_record(record)
    office.settle()
    form = office.shell.page
    note = form.alerts.note  # type: ignore[attr-defined]  # FormPage
    form.open_section("student_section")  # type: ignore[attr-defined]  # as above
    assert note.words() == ""
    form.draft.put(form.subject_path, school.ids["mateo"])  # type: ignore[attr-defined]  # as above
    office.until(lambda: "No prone hold" in note.words())
    assert "Peanuts" in note.words()
    form.open_section("when_where")  # type: ignore[attr-defined]  # as above
    assert note.words() == ""
    form.open_section("triage")  # type: ignore[attr-defined]  # as above
    assert "No prone hold" in note.words()
    assert "Peanuts" not in note.words()
    form.flush()  # type: ignore[attr-defined]  # as above
    office.until(lambda: not form.unsaved())  # type: ignore[attr-defined]  # as above
    office.settle()


def test_a_technician_sees_but_does_not_change(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    office = Office(qtbot, school, tmp_path / "settings")
    office.sign_in("dana")
    office.shell.open_student(school.ids["mateo"])
    office.settle()
    shown = page(office)
    assert not shown.active.isVisible()
    assert not shown.photo.choose.isVisible()
    assert not shown.team.add.isVisible()


def test_the_staff_list_leads_to_caseloads(office: Office) -> None:
    section = StaffSection(office.desk, office.workspace)
    office.bot.addWidget(section)
    section.load()
    section.show()
    office.settle()
    assert "Students of Dana Whitcomb" in shown_text(section)
