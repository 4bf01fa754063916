"""Head checks in the window: chips above the report, a banner over every page, nothing by name
while nobody is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.views import head_reminder, head_timer
from bt_desktop.views.editors import alarm
from bt_desktop.views.editors.alarm import AlarmNote
from bt_desktop.views.form_page import FormPage
from tests.conftest import PACIFIC
from tests.factory import School
from tests.first_aid import check, type_part
from tests.views.form_kit import Sitting, sit_down
from tests.views.shell_kit import Office, shown_text

SEEN = datetime(2026, 11, 12, 10, 15, tzinfo=PACIFIC)
BLOW = {
    "/student": "student:s-lucja",
    "/event_date": "11/12/2026",
    "/event_began": "1010",
    "/seen_at": "1015",
    "/head_bump": "yes",
}


def at(school: School, minutes: float) -> None:
    school.clock.set(SEEN + timedelta(minutes=minutes))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What screen readers are told at once."""
    found: list[str] = []
    for module in (head_timer, head_reminder, alarm):
        monkeypatch.setattr(module, "announce", lambda _widget, text: found.append(text))
    return found


def begun(school: School, who: str = "maria") -> str:
    """A blow to the head, seen at 10:15, typed at once."""
    at(school, 1)
    workspace = school.sign_in(who)
    record = workspace.records.start("first_aid")
    type_part(school, workspace, record, BLOW)
    workspace.lock()
    return record


# --- in the report -------------------------------------------------------------------------------


@pytest.fixture
def maria(qtbot: QtBot, school: School) -> Iterator[Sitting]:
    """The nurse before her report, a minute after she first looked."""
    sitting = sit_down(qtbot, school, "maria", begun(school))
    yield sitting
    sitting.leave()


def chips(sitting: Sitting) -> list[str]:
    return [chip.text() for chip in sitting.page.head_chips.chips.values()]


def test_chips_say_in_words_what_is_made_due_and_coming(maria: Sitting) -> None:
    assert not maria.page.head_chips.isHidden()
    assert chips(maria) == [
        "▲ 0 min: due since 10:15 am",
        "15 min: at 10:30 am, in 14 min",
        "30 min: at 10:45 am, in 29 min",
        "Leaving: before the person goes",
    ]
    maria.draft.add_row("head_checks")
    for path, typed in (check(1, "0", "1016") | check(2, "15", "1036")).items():
        maria.answer(path, typed)
    at(maria.school, 31)
    maria.page.head_chips.look()
    assert chips(maria)[:3] == [
        "✓ 0 min: 10:16 am",
        "✓ 15 min: 10:36 am, 6 min late",
        "▲ 30 min: due since 10:45 am",
    ]


def test_a_chip_opens_the_row_of_its_check_and_begins_it_once(maria: Sitting) -> None:
    maria.page.head_chips.chips["30"].click()
    session = maria.draft.session
    assert maria.page.section == "head_checks"
    assert session.view("/head_checks[2]/head_point").value == "30"
    assert maria.block("/head_checks[2]/head_checked_at").isVisible()
    maria.page.head_chips.chips["30"].click()
    assert len(session.rows("head_checks")) == 2
    due = maria.block("/head_checks[2]/head_due").editor
    assert due.focus_target().text() == "10:45 am"  # type: ignore[attr-defined]  # a label


def test_a_danger_sign_raises_the_alarm_across_the_column_and_aloud(
    maria: Sitting, said: list[str]
) -> None:
    maria.go("head_checks")
    alarms = [
        one for one in maria.page.findChildren(AlarmNote) if one.title.text() == "Call 911 now"
    ]
    assert alarms
    assert not any(one.isVisible() for one in alarms)
    maria.answer("/head_checks[1]/head_danger", ["slurred"])
    shown = [one for one in maria.page.findChildren(AlarmNote) if one.isVisible()]
    above = maria.page.head_chips.alarm
    assert above in shown
    assert len(shown) == 2
    assert above.accessibleName().startswith("Alert: Call 911 now. A danger sign was seen")
    assert said == ["Call 911 now. " + above.words.text()]
    maria.go("injuries")
    assert above.isVisible()
    maria.answer("/head_checks[1]/head_danger", ["none"])
    assert not above.isVisible()
    maria.answer("/head_bump", "no")
    assert maria.page.head_chips.isHidden()


# --- above every page ----------------------------------------------------------------------------


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path, said: list[str]) -> Office:
    """One computer of the school, signed out."""
    return Office(qtbot, school, tmp_path / "settings")


def words(office: Office) -> str:
    banner = office.shell.head_banner
    return "" if banner.isHidden() else banner.words.text()


def test_a_due_check_is_said_above_whatever_page_is_shown(office: Office, said: list[str]) -> None:
    record = begun(office.school)
    shell = office.sign_in("maria")
    assert words(office) == "Head check due now: Łucja K., 0 minutes."
    assert said == [words(office)]
    for place in ("students", "records", "settings", "home"):
        shell.go(place)
        office.settle()
        assert words(office)
    at(office.school, 16)
    office.window.idle.touch()  # somebody sat there all the time
    shell.head_watch.look()
    assert words(office) == "Head check due now: Łucja K., 0 minutes. One more is due."
    assert len(said) == 2
    office.window.cover_up()
    assert not office.window.cover.reminder.isHidden()
    assert "Łucja" not in shown_text(office.window.cover)
    office.window.uncover()

    assert shell.head_banner.accessibleName().startswith("Alert: Head check due now")
    assert shell.head_banner.button.accessibleName() == "Open the head check of Łucja K."
    shell.head_banner.button.click()
    office.until(lambda: isinstance(shell.page, FormPage) and shell.page.section == "head_checks")
    office.settle()
    page = shell.page
    assert isinstance(page, FormPage)
    assert page.record_id == record
    assert page.draft is not None
    page.draft.put("/head_checks[1]/head_checked_at", "1016")
    office.until(lambda: "0 minutes" not in words(office))
