"""The page of a record shows its event: leads, offers, duplicates, the other records."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.events import EventToday
from bt_desktop.views.form_event import Remark
from bt_desktop.views.form_event_sheets import AlsoSheet, JoinSheet, TakeOutSheet
from bt_desktop.views.start_sheet import NEW, StartSheet
from bt_desktop.views.widgets.buttons import LinkButton
from tests.event_kit import sign, type_in, written
from tests.factory import School, signed_report
from tests.views.form_kit import Sitting, dressed_desk, sit_down

Sit = Callable[..., Sitting]


@pytest.fixture
def sit(qtbot: QtBot, school: School) -> Iterator[Sit]:
    """Sits somebody down before a record."""
    made: list[Sitting] = []

    def down(who: str = "dana", record: str | None = None) -> Sitting:
        made.append(sit_down(qtbot, school, who, record))
        made[-1].settle()
        return made[-1]

    yield down
    for sitting in made:
        sitting.leave()


def remarks(sitting: Sitting) -> list[Remark]:
    QApplication.processEvents()
    return sitting.page.event_strip.remarks()


def said(sitting: Sitting) -> list[str]:
    return [remark.words.text() for remark in remarks(sitting)]


def link(sitting: Sitting, words: str) -> LinkButton:
    found = [b for r in remarks(sitting) for b in r.findChildren(LinkButton) if b.text() == words]
    assert len(found) == 1, words
    return found[0]


def asked(sitting: Sitting) -> list[str]:
    """The records the page asked the shell to open."""
    opened: list[str] = []
    sitting.page.other_asked.connect(opened.append)
    return opened


def begin(school: School, **changes: object) -> str:
    dana = school.sign_in("dana")
    record = written(dana, school, **changes)
    dana.lock()
    return record


def test_a_record_alone_says_nothing_of_an_event(sit: Sit) -> None:
    sitting = sit()
    assert remarks(sitting) == []
    assert sitting.page.event_strip.isHidden()


def test_an_answer_leads_to_the_report_it_belongs_in_with_its_reason(
    sit: Sit, school: School
) -> None:
    sitting = sit("dana", begin(school))
    opened = asked(sitting)
    sitting.answer("/hands_on", ["held"])
    sitting.bot.waitUntil(lambda: len(said(sitting)) == 2)
    told = said(sitting)[0]
    assert "Someone held or carried the student" in told
    assert "(EC 49005.1, 49006, unverified)" in told
    assert "a report of its own: Behavior Emergency Report" in told
    assert link(sitting, "Start it for this event").accessibleName() == (
        "Start Behavior Emergency Report for this event"
    )
    link(sitting, "Start it for this event").click()
    sitting.bot.waitUntil(lambda: bool(opened))
    begun = sitting.workspace.records.open(opened[0])
    assert begun.form.form == "restraint"
    assert begun.answers["student"] == school.ids["mateo"]
    sitting.page.reload()
    sitting.bot.waitSignal(sitting.page.ready, timeout=20_000).wait()
    sitting.settle()
    assert not any("belongs in" in words for words in said(sitting))


def test_taking_the_answer_back_takes_the_remark_away(sit: Sit, school: School) -> None:
    sitting = sit("dana", begin(school, hands_on=["held"], held_by=["technician"]))
    assert any("belongs in" in words for words in said(sitting))
    sitting.answer("/hands_on", ["guided"])
    sitting.bot.waitUntil(lambda: not any("belongs in" in words for words in said(sitting)))


def test_what_another_record_knows_is_used_by_one_link_and_undone_by_key(
    sit: Sit, school: School
) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    inc = dana.events.start("incident", dana.records.open(ber).event_id)
    sitting = sit("dana", inc)
    [offer] = [words for words in said(sitting) if words.startswith("From BER-2026-0001: ")]
    assert "student Mateo Núñez-Okafor; Took part; IEP" in offer
    assert "Thursday, November 12, 2026; began 10:09 am; over 10:19 am; Classroom; Room 14" in offer
    link(sitting, "Use").click()
    sitting.settle()
    kept = sitting.kept()
    assert kept["student"] == school.ids["mateo"]
    assert len(kept["people"]) == 5
    sitting.settle()
    assert not any(words.startswith("From BER") for words in said(sitting))
    assert any("Filled in from BER-2026-0001; check it." in words for words in said(sitting))
    sitting.page.undo()
    assert len(sitting.draft.session.answers()["people"][-1]) < 4


def test_what_is_left_is_gone_and_the_record_is_still_named(sit: Sit, school: School) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    sitting = sit("dana", dana.events.start("incident", dana.records.open(ber).event_id))
    link(sitting, "Leave").click()
    sitting.settle()
    sitting.bot.waitUntil(lambda: said(sitting) == ["Same event:"])
    opened = asked(sitting)
    link(sitting, "BER-2026-0001").click()
    assert opened == [ber]


def test_a_likely_duplicate_is_told_when_the_time_is_typed_later(sit: Sit, school: School) -> None:
    first = begin(school)
    dana = school.sign_in("dana")
    sign(dana, first)
    second = written(dana, school, event_began="1500")
    dana.lock()
    sitting = sit("dana", second)
    assert not any("written already" in words for words in said(sitting))
    sitting.answer("/event_began", "1130")
    sitting.wait_saved()
    sitting.bot.waitUntil(lambda: any("written already" in words for words in said(sitting)))
    opened = asked(sitting)
    link(sitting, "INC-2026-0001").click()
    assert opened == [first]
    assert sitting.workspace.records.check(second, "report") == ()


def test_the_same_report_is_begun_for_the_other_students(sit: Sit, school: School) -> None:
    sitting = sit("dana", begin(school))
    link(sitting, "Also write for…").click()
    [sheet] = sitting.page.findChildren(AlsoSheet)
    assert [box.text() for box in sheet.boxes.values()] == ["Łucja Kowalczyk", "Nguyễn Gia Huy"]
    sheet.boxes[school.ids["huy"]].setChecked(False)
    with sitting.bot.waitSignal(sheet.saved):
        sheet.deed.click()
    sitting.settle()
    assert "One report is begun" in sitting.page.banner.text()
    [linked] = sitting.workspace.events.view(sitting.record_id).linked
    assert linked.subject_id == school.ids["lucja"]
    names = [b.text() for b in remarks(sitting)[-1].findChildren(LinkButton)]
    assert any(name == "INC draft of 3:30 pm" for name in names)


def test_records_are_joined_and_taken_out_from_the_menu(sit: Sit, school: School) -> None:
    one, other = begin(school), begin(school, event_began="1020")
    sitting = sit("dana", one)
    sitting.page.deeds.do("join_event")
    sitting.bot.waitUntil(lambda: bool(sitting.page.findChildren(JoinSheet)))
    [sheet] = sitting.page.findChildren(JoinSheet)
    sheet.save()
    assert "Choose a record." in sheet.banner.text()
    sheet.choices[other].setChecked(True)
    with sitting.bot.waitSignal(sitting.page.ready):
        sheet.deed.click()
    sitting.settle()
    assert "Same event:" in said(sitting)
    sitting.page.deeds.do("take_out")
    [out] = sitting.page.findChildren(TakeOutSheet)
    out.reason.setPlainText("It was another fight.")
    with sitting.bot.waitSignal(sitting.page.ready):
        out.deed.click()
    sitting.settle()
    assert "Same event:" not in said(sitting)


def test_a_confidential_record_says_so_in_words(sit: Sit, school: School) -> None:
    dana = school.sign_in("dana")
    sitting = sit("dana", dana.records.start("risk"))
    [band] = said(sitting)
    assert band.startswith("CONFIDENTIAL. Prepared for district risk management.")
    assert "parent_copy" not in sitting.draft.record.may
    assert "&Parent copy…" not in [a.text() for a in sitting.page.head.menu.actions()]


# --- before a report is begun ------------------------------------------------------------------


def today(school: School) -> tuple[EventToday, ...]:
    dana = school.sign_in("dana")
    written(dana, school)
    found = dana.events.today()
    dana.lock()
    return found


def test_by_keys_a_report_is_begun_about_something_written_today(
    qtbot: QtBot, school: School
) -> None:
    events = today(school)
    desk = dressed_desk(school)
    sheet = StartSheet(desk, "First aid", events)
    qtbot.addWidget(sheet)
    sheet.open_sheet()
    qtbot.waitUntil(sheet.choices[NEW].hasFocus)
    assert [one.text() for one in sheet.choices.values()] == [
        "Something new",
        "10:09 am, Playground or field",
    ]
    about = sheet.choices[events[0].event_id].accessibleDescription()
    assert about == "Incident report, begun 3:30 pm, about Mateo Núñez-Okafor"
    chosen: list[str] = []
    sheet.chosen.connect(chosen.append)
    QTest.keyClick(sheet.choices[NEW], Qt.Key.Key_Down)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert chosen == [events[0].event_id]
    desk.tasks.close()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_alone_begins_something_new_and_esc_nothing(
    qtbot: QtBot, school: School, key: Qt.Key
) -> None:
    desk = dressed_desk(school)
    sheet = StartSheet(desk, "First aid", today(school))
    qtbot.addWidget(sheet)
    sheet.open_sheet()
    chosen: list[str] = []
    sheet.chosen.connect(chosen.append)
    QTest.keyClick(sheet, key)
    assert chosen == ([NEW] if key == Qt.Key.Key_Return else [])
    desk.tasks.close()


def test_facts_typed_beside_each_other_do_not_offer_what_is_there(sit: Sit, school: School) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    inc = dana.events.start("incident", dana.records.open(ber).event_id)
    type_in(dana, inc, {"/location": "gym"})
    [offer] = [words for words in said(sit("dana", inc)) if words.startswith("From")]
    assert "Classroom" not in offer
    assert "Room 14" in offer
