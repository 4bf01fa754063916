"""F9: an emergency dose is noted at the locked window, over the cover and in the middle of work."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.security import emergency
from bt_desktop.services.health.emergency_note import EmergencyNote
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.health.dose_emergency import EmergencyPage
from bt_desktop.views.night_note import NOT_SAID, NightNotePage, given_at
from bt_desktop.views.students import StudentsPage
from tests.factory import PASSWORD, School
from tests.health.kit import at
from tests.views.shell_kit import Office, shown_text


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    return Office(qtbot, school, tmp_path / "settings")


@pytest.fixture
def locked(office: Office) -> Office:
    office.open_door()
    office.settle()
    return office


def noting(office: Office) -> NightNotePage:
    page = office.window.stack.currentWidget()
    assert isinstance(page, NightNotePage)
    return page


def press_f9(office: Office) -> NightNotePage:
    """F9 as the window gets it, whatever has the focus."""
    page = office.window.stack.currentWidget()
    if page is office.window.unlock_page:
        office.window.unlock_page._emergency_key.activated.emit()
    else:
        QTest.keyClick(page, Qt.Key.Key_F9)
    return noting(office)


def write(page: NightNotePage, who: str = "Kim", medicine: str = "EpiPen Jr") -> None:
    QTest.keyClicks(page.who, who)
    QTest.keyClicks(page.medicine, medicine)


def files(office: Office) -> list[Path]:
    return list(emergency.waiting(office.school.folder))


def the_note(school: School) -> EmergencyNote:
    [note] = school.sign_in("maria").health.night_notes.waiting()
    return note


# --- locked -------------------------------------------------------------------------------------


def test_one_key_and_three_answers_keep_it(locked: Office) -> None:
    page = press_f9(locked)
    assert locked.window.focusWidget() is page.who
    QTest.keyClicks(page.who, "Kim, room 4")
    QTest.keyClick(page.who, Qt.Key.Key_Return)
    assert locked.window.focusWidget() is page.medicine
    QTest.keyClicks(page.medicine, "EpiPen Jr")
    page.keep()
    locked.settle()
    assert page.done.isVisible()
    assert "sealed" in shown_text(page.done)
    assert "Kim" not in locked.all_text(), "nothing can be read back"
    assert len(files(locked)) == 1
    page.leave.click()
    assert locked.window.stack.currentWidget() is locked.window.unlock_page
    note = the_note(locked.school)
    assert (note.who, note.medicine, note.at) == ("Kim, room 4", "EpiPen Jr", at(15, 30))


def test_every_answer_arrives(locked: Office) -> None:
    page = press_f9(locked)
    write(page)
    QTest.keyClicks(page.dose, "1 device")
    QTest.keyClicks(page.at, "1:05p")
    assert page.frames["at"].says() == "today 1:05 pm"
    QTest.keyClicks(page.happened, "Hives after lunch")
    page.called.chips["yes"].click()
    QTest.keyClicks(page.by, "Ana")
    page.keep()
    locked.settle()
    note = the_note(locked.school)
    assert note == EmergencyNote(
        note.id, "Kim", "EpiPen Jr", at(13, 5), at(15, 30), "1 device", "Hives after lunch",
        "yes", "Ana",
    )  # fmt: skip


def test_who_and_what_are_asked_for_in_place(locked: Office) -> None:
    page = press_f9(locked)
    page.keep()
    assert "Write who got it" in page.frames["who"].says()
    assert "Write what was given" in page.frames["medicine"].says()
    assert locked.window.focusWidget() is page.who
    write(page)
    QTest.keyClicks(page.at, "half past")
    page.keep()
    assert "not a time" in page.frames["at"].says()
    assert files(locked) == []
    page.at.clear()
    page.keep()
    locked.settle()
    assert len(files(locked)) == 1


def test_another_can_follow_at_once(locked: Office) -> None:
    page = press_f9(locked)
    for who in ("Kim", "Lee"):
        write(page, who)
        page.called.chips["no"].click()
        page.keep()
        locked.settle()
        page.more.click()
        assert page.who.text() == ""
        assert not page.called.chips["no"].isChecked()
    assert len(files(locked)) == 2


def test_a_full_folder_keeps_the_words_on_the_screen(locked: Office) -> None:
    place = locked.school.folder / emergency.FOLDER_NAME
    place.mkdir(mode=0o700)
    for number in range(emergency.MOST_NOTES):
        (place / f"{number}.note").write_bytes(b"")
    page = press_f9(locked)
    write(page)
    page.keep()
    locked.settle()
    assert "Write it on paper" in page.banner.text()
    assert page.who.text() == "Kim"
    page.begin()  # the window would ask before it closes


def test_typed_words_are_not_thrown_away_without_asking(locked: Office) -> None:
    page = press_f9(locked)
    write(page)
    answer_next(False)
    page.go_back()
    assert noting(locked) is page
    answer_next(True)
    page.go_back()
    assert locked.window.stack.currentWidget() is locked.window.unlock_page
    assert press_f9(locked).who.text() == ""


def test_an_empty_page_goes_back_at_once(locked: Office) -> None:
    press_f9(locked).go_back()
    assert locked.window.stack.currentWidget() is locked.window.unlock_page


@pytest.mark.parametrize("who", ["Kim", ""])
def test_left_alone_it_is_kept_and_leaves_the_screen(locked: Office, who: str) -> None:
    page = press_f9(locked)
    write(page, who, "inhaler")
    QTest.keyClicks(page.at, "about two")
    page.nobody_there()
    locked.settle()
    assert locked.window.stack.currentWidget() is locked.window.unlock_page
    note = the_note(locked.school)
    assert (note.who, note.medicine) == (who or NOT_SAID, "inhaler")
    assert "about two" in note.happened


def test_left_alone_and_empty_it_only_goes(locked: Office) -> None:
    press_f9(locked).nobody_there()
    assert locked.window.stack.currentWidget() is locked.window.unlock_page
    assert files(locked) == []


def test_where_nobody_ever_signed_in_it_is_not_offered(office: Office) -> None:
    (office.school.folder / emergency.PUBLIC_NAME).unlink()
    office.open_door()
    office.settle()
    page = office.window.unlock_page
    assert not page.emergency.isVisible()
    page._emergency_key.activated.emit()
    assert office.window.stack.currentWidget() is page


def test_closing_the_window_asks_first(locked: Office) -> None:
    page = press_f9(locked)
    write(page)
    answer_next(False)
    assert not locked.window.close()
    answer_next(True)
    assert locked.window.close()


# --- covered, and at work -----------------------------------------------------------------------


def test_over_the_cover_it_uncovers_nothing(office: Office) -> None:
    office.sign_in("maria")
    office.window.cover_up()
    page = press_f9(office)
    write(page)
    page.keep()
    office.settle()
    page.leave.click()
    office.settle()
    assert office.window.stack.currentWidget() is office.window.cover
    assert files(office) == [], "somebody is signed in: it is filed at once"
    assert office.workspace.health.night_notes.count() == 1


def test_in_the_middle_of_work_one_comes_back_to_it(office: Office) -> None:
    shell = office.sign_in("olga")
    shell.go("students")
    QTest.keyClick(shell, Qt.Key.Key_F9)
    signed_in = shell.page
    assert isinstance(signed_in, EmergencyPage), "whoever is signed in looks the student up"
    signed_in.form.unknown.click()
    page = noting(office)
    write(page)
    page.keep()
    office.settle()
    page.leave.click()
    office.settle()
    assert office.window.stack.currentWidget() is shell
    signed_in.go_back()
    assert isinstance(shell.page, StudentsPage)
    assert files(office) == []


def test_a_lock_does_not_take_it_off_the_screen(office: Office) -> None:
    office.sign_in("maria")
    office.window.cover_up()
    page = press_f9(office)
    write(page)
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()
    assert noting(office) is page
    page.keep()
    office.settle()
    page.leave.click()
    assert office.window.stack.currentWidget() is office.window.unlock_page
    assert len(files(office)) == 1
    office.choose("olga")
    office.type_password(PASSWORD)
    office.until(lambda: office.window.shell is not None)
    office.settle()
    assert files(office) == []
    assert "noted while the records were locked" in office.shell.banner.text()


# --- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "now", "given"),
    [
        ("", at(10, 5), at(10, 5)),
        ("now", at(10, 5), at(10, 5)),
        ("9:50", at(10, 5), at(9, 50)),
        ("11:50p", at(0, 5), at(23, 50) - timedelta(days=1)),
        ("23:59", at(0, 1), at(23, 59) - timedelta(days=1)),
        ("0:01", at(0, 1), at(0, 1)),
        ("1p", at(9), at(13)),
        ("10:06", at(10, 5), at(10, 6) - timedelta(days=0)),
    ],
)
def test_the_day_that_is_meant(typed: str, now: datetime, given: datetime) -> None:
    assert given_at(typed, now) == given


def test_a_time_ahead_of_the_clock_is_warned_of_and_kept(locked: Office) -> None:
    page = press_f9(locked)
    write(page)
    QTest.keyClicks(page.at, "4:45p")
    assert "Later than this computer's clock (3:30 pm)" in page.frames["at"].says()
    page.keep()
    locked.settle()
    assert the_note(locked.school).doubts == ("ahead",)


def test_every_field_is_named_and_tab_goes_down_the_page(locked: Office) -> None:
    page = press_f9(locked)
    order: list[QWidget] = [
        page.who, page.medicine, page.dose, page.at, page.happened, page.called.chips["yes"],
        page.by, page.back, page.deed,
    ]  # fmt: skip
    for before, after in pairwise(order):
        assert before.accessibleName() or before.text()  # type: ignore[attr-defined]  # a button
        before.setFocus()
        QTest.keyClick(before, Qt.Key.Key_Tab)
        assert locked.window.focusWidget() is after, after.accessibleName()
