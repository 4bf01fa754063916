"""Orders in the window: entered from nothing to active by keyboard, changed, held, ended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.services.health.model import STOCK_SUBJECT, Order
from bt_desktop.views.attachment_view import AttachmentView
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.health.order_card import facts_of
from bt_desktop.views.health.order_sheet import OrderSheet
from bt_desktop.views.health.student_orders import StudentHealthPage
from bt_desktop.views.widgets.sheet import Sheet
from tests.factory import School
from tests.health.kit import active_order, as_needed, terms
from tests.services.picture_maker import png
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office, shown_text
from tests.views.test_health_page import delegate


@pytest.fixture
def office(qtbot: QtBot, school: School, tmp_path: Path) -> Office:
    made = Office(qtbot, school, tmp_path / "settings")
    made.window.resize(1280, 800)
    return made


@pytest.fixture
def nurse(office: Office) -> Office:
    office.sign_in("maria")
    return office


def open_file(office: Office, student: str) -> StudentHealthPage:
    office.shell.open_health(student)
    office.settle()
    page = office.shell.page
    assert isinstance(page, StudentHealthPage)
    return page


def sheet_of(office: Office) -> Sheet:
    office.settle()
    [found] = [w for w in QApplication.topLevelWidgets() if isinstance(w, Sheet) and w.isVisible()]
    return found


def type_at(sheet: Sheet, key: str, text: str) -> None:
    """Go to a field and type into it; of a list, the row that begins so is chosen."""
    frame = sheet.frames[key]
    editor = frame.editor.focusProxy() or frame.editor
    editor.setFocus()
    if isinstance(editor, QComboBox):
        found = [editor.itemText(row).startswith(text) for row in range(editor.count())]
        QTest.keyClick(editor, Qt.Key.Key_Home)
        for _ in range(found.index(True)):
            QTest.keyClick(editor, Qt.Key.Key_Down)
        return
    if isinstance(editor, QLineEdit | QPlainTextEdit):
        editor.selectAll()
    QTest.keyClicks(editor, text)


def press(sheet: Sheet) -> None:
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def save(office: Office, sheet: Sheet) -> None:
    """Ctrl+Enter, until it is saved."""
    press(sheet)
    office.settle()
    assert not shiboken6.isValid(sheet), sheet.banner.text() + said_by(sheet)
    office.window.activateWindow()
    QApplication.processEvents()


def said_by(sheet: Sheet) -> str:
    return " ".join(f"{key}: {f.says()}" for key, f in sheet.frames.items() if f.says())


def orders_of(office: Office, student: str) -> tuple[Order, ...]:
    return office.workspace.health.orders.of_student(student)


METHYLPHENIDATE = {
    "medicine": "Methylphenidate",
    "strength": "10 mg",
    "form": "Tablet",
    "schedule": "C-II",
    "dose": "10",
    "times": "12:00",
    "reason": "ADHD",
}


def fill(sheet: Sheet, values: dict[str, str]) -> None:
    for key, text in values.items():
        type_at(sheet, key, text)


def test_an_order_from_nothing_to_active_by_keyboard(nurse: Office, school: School) -> None:
    mateo = school.ids["mateo"]
    nurse.shell.go("health", "orders")
    nurse.settle()
    section = nurse.shell.page.section("orders")  # type: ignore[union-attr]  # HealthPage
    assert QApplication.focusWidget() is section.filter
    QTest.keyClicks(section.filter, "ma")
    nurse.settle()
    QTest.keyClick(section.filter, Qt.Key.Key_Return)
    nurse.settle()
    page = nurse.shell.page
    assert isinstance(page, StudentHealthPage)
    page.new.setFocus()
    nurse.press(Qt.Key.Key_Return)
    sheet = sheet_of(nurse)
    fill(sheet, METHYLPHENIDATE)
    assert sheet.dose.counted_in.currentData() == "tablet"  # type: ignore[attr-defined]  # OrderSheet
    save(nurse, sheet)
    [order] = orders_of(nurse, mateo)
    assert order.missing == ("prescriber", "parent", "review")
    card = page.cards[order.id]
    assert "Waits for the prescriber’s statement" in card.says[0]

    for deed, values in (
        ("prescriber", {"name": "A. Lane", "licence": "MD", "signed_on": "8/17/2026"}),
        ("parent", {"signed_on": "8/17/2026"}),
    ):
        page.cards[order.id].buttons[deed].setFocus()
        nurse.press(Qt.Key.Key_Return)
        sheet = sheet_of(nurse)
        fill(sheet, values)
        save(nurse, sheet)
    page.cards[order.id].buttons["container"].setFocus()
    nurse.press(Qt.Key.Key_Return)
    sheet = sheet_of(nurse)
    for box in sheet.findChildren(QCheckBox):
        box.setFocus()
        nurse.press(Qt.Key.Key_Space)
    fill(sheet, {"expires_on": "8/1/2027"})
    save(nurse, sheet)
    assert QApplication.focusWidget() is page.cards[order.id].buttons["review"]
    nurse.press(Qt.Key.Key_Return)
    save(nurse, sheet_of(nurse))

    [order] = orders_of(nurse, mateo)
    assert order.status == "active"
    assert order.parent is not None
    assert (order.parent.name, order.parent.guardian_id) == ("Rosa Núñez", school.ids["rosa"])
    assert order.container is not None
    assert len(order.container.ticks) == 7
    assert page.cards[order.id].pill.text() == "Active"
    assert order.terms.stop == date(2027, 6, 30)


def test_what_is_wrong_stands_beside_its_field(nurse: Office, school: School) -> None:
    page = open_file(nurse, school.ids["mateo"])
    page.new_order()
    sheet = sheet_of(nurse)
    press(sheet)
    wrong = {key for key, frame in sheet.frames.items() if frame.says()}
    assert wrong == {"medicine", "dose", "route", "times", "reason"}
    assert QApplication.focusWidget() is sheet.frames["medicine"].editor
    for key in wrong:
        heard = sheet.frames[key].editor
        assert sheet.frames[key].says() in heard.accessibleDescription()
    fill(sheet, METHYLPHENIDATE | {"dose": "1,000", "times": "12:00, 25:99", "stop": "soon"})
    press(sheet)
    assert "read as 1000 or as 1" in sheet.frames["dose"].says()
    assert "not a time" in sheet.frames["times"].says()
    assert "not a day" in sheet.frames["stop"].says()
    assert orders_of(nurse, school.ids["mateo"]) == ()


def test_a_decimal_comma_is_a_point_and_is_said_so(nurse: Office, school: School) -> None:
    page = open_file(nurse, school.ids["mateo"])
    page.new_order()
    sheet = sheet_of(nurse)
    fill(sheet, METHYLPHENIDATE | {"dose": "2,5"})
    assert sheet.frames["dose"].says() == "Understood as 2.5."
    type_at(sheet, "strength", "5 mg")
    save(nurse, sheet)
    [order] = orders_of(nurse, school.ids["mateo"])
    assert (order.terms.dose.amount, order.terms.takes) == (Decimal("2.5"), Decimal("0.5"))


def test_a_thousand_where_ten_is_usual_is_said_and_taken_at_the_second_press(
    nurse: Office, school: School
) -> None:
    page = open_file(nurse, school.ids["mateo"])
    page.new_order()
    sheet = sheet_of(nurse)
    fill(sheet, METHYLPHENIDATE | {"dose": "1000"})
    press(sheet)
    assert "100 times more than usual" in sheet.frames["dose"].says()
    assert sheet.deed.text() == "Enter it all the same"
    assert orders_of(nurse, school.ids["mateo"]) == ()
    save(nurse, sheet)
    [order] = orders_of(nurse, school.ids["mateo"])
    assert order.terms.special["checked"] == "tenfold"
    assert ("Confirmed", "dose far from the usual") in facts_of(order)


def click(office: Office, page: StudentHealthPage, order_id: str, deed: str) -> Sheet:
    page.cards[order_id].buttons[deed].click()
    return sheet_of(office)


def test_a_change_is_one_deed_that_ends_the_order_and_enters_another(
    nurse: Office, school: School
) -> None:
    mateo = school.ids["mateo"]
    first = active_order(nurse.workspace, terms(mateo))
    page = open_file(nurse, mateo)
    sheet = click(nurse, page, first, "change")
    assert sheet.frames["medicine"].editor.text() == "Methylphenidate"  # type: ignore[attr-defined]  # a line
    type_at(sheet, "dose", "20")
    type_at(sheet, "takes", "")
    press(sheet)
    assert sheet.frames["why"].says() == "Say in a few words why."
    type_at(sheet, "why", "Dose raised by Dr. Lane")
    QTest.keyClick(sheet.frames["takes"].editor, Qt.Key.Key_Delete)
    sheet.frames["takes"].editor.clear()  # type: ignore[attr-defined]  # a line
    save(nurse, sheet)
    after, before = orders_of(nurse, mateo)
    assert (before.id, before.status) == (first, "discontinued")
    assert before.end_reason == "Dose raised by Dr. Lane"
    assert (after.terms.replaces, after.status) == (first, "waiting")
    assert (after.terms.dose.amount, after.terms.takes) == (20, 2)
    assert after.terms.stop == before.terms.stop
    assert set(page.cards[first].buttons) == {"renew"}
    # The prescriber of before is offered, but signs anew.
    sheet = click(nurse, page, after.id, "prescriber")
    assert sheet.frames["name"].editor.text() == "A. Prescriber"  # type: ignore[attr-defined]  # a line
    assert sheet.frames["signed_on"].editor.text() == ""  # type: ignore[attr-defined]  # as above
    sheet.reject()


def test_held_resumed_and_ended_each_with_a_reason(nurse: Office, school: School) -> None:
    mateo = school.ids["mateo"]
    order = active_order(nurse.workspace, terms(mateo))
    page = open_file(nurse, mateo)
    for deed, status in (("hold", "hold"), ("resume", "active"), ("discontinue", "discontinued")):
        sheet = click(nurse, page, order, deed)
        press(sheet)
        assert sheet.frames["reason"].says() == "Say in a few words why."
        type_at(sheet, "reason", "Rash on both arms")
        save(nurse, sheet)
        assert orders_of(nurse, mateo)[0].status == status
    card = page.cards[order]
    card.more.click()
    nurse.settle()
    told = shown_text(card.lines)
    assert "Maria Chen, School nurse · Put on hold: Rash on both arms" in told
    assert "Ended Nov 12, 2026: Rash on both arms" in card.says


def test_seizure_rescue_asks_what_the_law_asks(nurse: Office, school: School) -> None:
    mateo = school.ids["mateo"]
    page = open_file(nurse, mateo)
    page.new_order()
    sheet = sheet_of(nurse)
    fill(
        sheet,
        {
            "kind": "Seizure", "medicine": "Diazepam", "strength": "10 mg",
            "form": "Rectal", "schedule": "C-IV", "dose": "10", "reason": "Epilepsy",
            "when": "Only",
        },
    )  # fmt: skip
    press(sheet)
    asked = {key for key, frame in sheet.frames.items() if frame.says()}
    assert asked == {
        f"special.{key}"
        for key in (
            "purpose", "trigger", "circumstances", "adverse", "call_911", "observation",
            "plan_notice",
        )
    }  # fmt: skip
    for key in sorted(asked):
        type_at(sheet, key, "Yes" if key == "special.plan_notice" else "Yes, as the plan says")
    type_at(sheet, "special.give_after_min", "five")
    press(sheet)
    assert "number only" in sheet.frames["special.give_after_min"].says()
    type_at(sheet, "special.give_after_min", "5")
    save(nurse, sheet)
    [order] = orders_of(nurse, mateo)
    assert (order.terms.kind, order.terms.times, order.terms.prn) == ("seizure", (), None)
    assert order.terms.special["plan_notice"] == "yes"
    assert ("When 911 is called", "Yes, as the plan says") in facts_of(order)


def test_the_schools_own_stock_has_a_standing_order_and_asks_no_parent(nurse: Office) -> None:
    page = open_file(nurse, STOCK_SUBJECT)
    page.new_order()
    sheet = sheet_of(nurse)
    fill(
        sheet,
        {
            "kind": "Epin", "medicine": "Epinephrine", "strength": "0.3 mg", "form": "Auto",
            "dose": "0.3", "route": "Into", "reason": "Anaphylaxis", "when": "Only",
        },
    )  # fmt: skip
    save(nurse, sheet)
    [order] = orders_of(nurse, STOCK_SUBJECT)
    assert order.missing == ("prescriber", "review")
    assert "parent" not in page.cards[order.id].buttons


def test_a_scan_is_kept_with_the_statement_and_shown_again(
    nurse: Office, school: School, tmp_path: Path
) -> None:
    mateo = school.ids["mateo"]
    order = nurse.workspace.health.orders.add(terms(mateo))
    page = open_file(nurse, mateo)
    sheet = click(nurse, page, order, "prescriber")
    (tmp_path / "notes.txt").write_text("x")
    answer_next(tmp_path / "notes.txt")
    sheet.paper.choose.click()  # type: ignore[attr-defined]  # PrescriberSheet
    assert "Only PDF, PNG and JPEG" in sheet.paper.says.text()  # type: ignore[attr-defined]  # as above
    scan = tmp_path / "order.png"
    scan.write_bytes(png())
    answer_next(scan)
    sheet.paper.choose.click()  # type: ignore[attr-defined]  # as above
    fill(sheet, {"name": "A. Lane", "signed_on": "12/1/2026"})
    press(sheet)
    assert "has not come yet" in sheet.frames["signed_on"].says()
    type_at(sheet, "signed_on", "11/2/2026")
    save(nurse, sheet)
    [paper] = nurse.workspace.health.orders.documents(mateo, order)
    assert (paper.kind, paper.name) == ("prescriber", "order.png")
    found = orders_of(nurse, mateo)[0].prescriber
    assert found is not None
    assert found.document == paper.id
    page.show_paper(paper)
    nurse.settle()
    assert "Prescriber’s statement" in shown_text(nurse.window)
    all_right(nurse.window)
    page.findChildren(AttachmentView)[0].leave.click()
    nurse.settle()
    assert page.scroll_area.isVisible()


def test_a_word_by_phone_goes_on_waiting(nurse: Office, school: School) -> None:
    mateo = school.ids["mateo"]
    order = nurse.workspace.health.orders.add(terms(mateo))
    page = open_file(nurse, mateo)
    sheet = click(nurse, page, order, "parent")
    sheet.by_phone.click()  # type: ignore[attr-defined]  # ParentSheet
    type_at(sheet, "signed_on", "11/12/2026")
    save(nurse, sheet)
    assert "parent" in orders_of(nurse, mateo)[0].missing
    assert "by phone: the paper is still to come" in shown_text(page.cards[order])


def test_an_expired_container_is_said_before_it_is_taken_in(nurse: Office, school: School) -> None:
    order = nurse.workspace.health.orders.add(terms(school.ids["mateo"]))
    page = open_file(nurse, school.ids["mateo"])
    sheet = click(nurse, page, order, "container")
    fill(sheet, {"expires_on": "11/1/2026", "filled_on": "10/1/2025"})
    press(sheet)
    assert "It expired Nov 1, 2026" in sheet.frames["expires_on"].says()
    assert "more than a year ago" in sheet.frames["filled_on"].says()
    nurse.settle()
    assert orders_of(nurse, school.ids["mateo"])[0].container is None
    save(nurse, sheet)
    assert orders_of(nurse, school.ids["mateo"])[0].container is not None


def test_the_list_is_narrowed_and_finds_whoever_has_no_order_yet(
    nurse: Office, school: School
) -> None:
    active_order(nurse.workspace, terms(school.ids["mateo"]))
    nurse.workspace.health.orders.add(terms(school.ids["lucja"]))
    nurse.shell.go("health", "orders")
    nurse.settle()
    section = nurse.shell.page.section("orders")  # type: ignore[union-attr]  # HealthPage

    def names() -> list[str]:
        nurse.settle()
        model = section.model
        return [model.line(model.index(row, 0)).name.split()[0] for row in range(model.rowCount())]

    assert names() == ["Łucja", "Mateo"]
    section.chips["waiting"].click()
    assert names() == ["Łucja"]
    section.chips["active"].click()
    assert names() == ["Mateo"]
    section.chips["ended"].click()
    assert names() == []
    assert section.says.text() == "No order is like that now."
    section.chips["all"].click()
    QTest.keyClicks(section.filter, "hu")
    assert names() == ["Huy"] or names() == ["Nguyễn"]
    assert section.model.line(section.model.index(0, 0)).state() == ("No orders yet", "plain")


def test_a_delegate_reads_and_cannot_change(office: Office, school: School) -> None:
    delegate(school, "dana")
    office.sign_in("dana")
    page = open_file(office, school.ids["mateo"])
    [card] = page.cards.values()
    assert card.buttons == {}
    assert not page.new.isVisible()
    office.shell.go("health", "orders")
    office.settle()
    section = office.shell.page.section("orders")  # type: ignore[union-attr]  # HealthPage
    assert section.model.rowCount() == 1


def test_a_student_without_a_key_says_why(office: Office, school: School) -> None:
    active_order(school.sign_in("maria"), terms(school.ids["mateo"]))
    office.sign_in("dana")
    page = open_file(office, school.ids["mateo"])
    assert "sealed, and your account holds no key" in page.banner.text()


def all_right(root: QWidget) -> None:
    QApplication.processEvents()
    assert faults(root) == []
    reached = walk(root)
    assert groups_of_one(reached, controls(root)) == []
    assert out_of_order(reached) == []


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
def test_pages_by_keyboard_and_by_ear(nurse: Office, school: School) -> None:
    mateo = school.ids["mateo"]
    active_order(nurse.workspace, terms(mateo))
    nurse.workspace.health.orders.discontinue(
        active_order(nurse.workspace, as_needed(mateo)), "The course is over"
    )
    nurse.workspace.health.orders.add(as_needed(mateo))
    nurse.shell.go("health", "orders")
    nurse.settle()
    all_right(nurse.window)
    open_file(nurse, mateo)
    all_right(nurse.window)


@pytest.mark.slow  # as all windows are walked in `test_every_window.py`
@pytest.mark.parametrize(
    "deed", ["new", "change", "prescriber", "parent", "container", "review", "hold", "discontinue"]
)
def test_sheets_by_keyboard_and_by_ear(nurse: Office, school: School, deed: str) -> None:
    mateo = school.ids["mateo"]
    order = nurse.workspace.health.orders.add(as_needed(mateo))
    page = open_file(nurse, mateo)
    if deed == "new":
        page.new_order()
        sheet = sheet_of(nurse)
    else:
        sheet = click(nurse, page, order, deed)
    all_right(sheet)
    sheet.reject()


def test_a_dose_above_the_label_asks_who_confirmed_it(nurse: Office, school: School) -> None:
    page = open_file(nurse, school.ids["mateo"])
    page.new_order()
    sheet = sheet_of(nurse)
    assert not sheet.frames["over"].isVisible()
    fill(sheet, METHYLPHENIDATE | {"most": "5"})
    press(sheet)
    assert "more than the most that the label" in sheet.frames["dose"].says()
    assert sheet.frames["over"].isVisible()
    fill(sheet, {"over": "Dr. Lane by phone, 9:10 am"})
    save(nurse, sheet)
    [order] = orders_of(nurse, school.ids["mateo"])
    assert order.terms.special["R8"] == "Dr. Lane by phone, 9:10 am"


def test_self_carry_shows_what_the_law_asks_and_what_is_still_open(
    nurse: Office, school: School
) -> None:
    page = open_file(nurse, school.ids["mateo"])
    page.new_order()
    sheet = sheet_of(nurse)
    assert isinstance(sheet, OrderSheet)
    fill(sheet, METHYLPHENIDATE)
    assert not any(box.isVisible() for box in sheet.carry.boxes.values())
    sheet.carry.carries.click()
    assert len(sheet.carry.boxes) == 5
    for key in ("competent", "release", "acknowledged", "backup_at_school"):
        sheet.carry.boxes[key].click()
    save(nurse, sheet)
    [order] = orders_of(nurse, school.ids["mateo"])
    assert ("Self-carry", "still open: The student showed the nurse how") in facts_of(order)
    assert "Carried by the student" in shown_text(page.cards[order.id])


def test_as_needed_asks_for_symptom_interval_and_most(nurse: Office, school: School) -> None:
    page = open_file(nurse, school.ids["mateo"])
    page.new_order()
    sheet = sheet_of(nurse)
    fill(sheet, METHYLPHENIDATE | {"when": "As needed"})
    press(sheet)
    assert {key for key, frame in sheet.frames.items() if frame.says()} == {"symptoms", "prn"}
    fill(sheet, {"symptoms": "headache, fever", "interval": "1,5", "prn": "2"})
    save(nurse, sheet)
    [order] = orders_of(nurse, school.ids["mateo"])
    assert order.terms.prn is not None
    assert order.terms.prn.symptoms == ("headache", "fever")
    assert (order.terms.prn.interval_min, order.terms.prn.most_per_day) == (90, 2)
    assert "as needed for headache, fever, at least 90 minutes apart, at most 2 a day" in (
        shown_text(page.cards[order.id])
    )


def test_common_medicines_are_offered_and_escape_closes_the_list_alone(
    nurse: Office, school: School
) -> None:
    page = open_file(nurse, school.ids["mateo"])
    page.new_order()
    sheet = sheet_of(nurse)
    assert isinstance(sheet, OrderSheet)
    name = sheet.medicine.name
    type_at(sheet, "medicine", "rita")
    offered = [row.title for row in name.box.rows()]
    assert offered == ["Methylphenidate", "Methylphenidate extended-release"]  # Ritalin, Ritalin LA
    QTest.keyClick(name, Qt.Key.Key_Escape)
    assert not name.box.is_open()
    assert sheet.isVisible()
    type_at(sheet, "medicine", "diast")
    QTest.keyClick(name, Qt.Key.Key_Tab)
    assert name.text() == "diast", "what only begins alike must not become another medicine"
    type_at(sheet, "medicine", "diast")
    QTest.keyClick(name, Qt.Key.Key_Down)
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert (name.text(), sheet.medicine.schedule.currentText()) == ("Diazepam", "C-IV")
    assert sheet.isVisible()
    sheet.reject()


def test_an_order_that_is_over_is_entered_again_for_the_next_year(
    nurse: Office, school: School
) -> None:
    mateo = school.ids["mateo"]
    over = active_order(nurse.workspace, terms(mateo, stop=date(2026, 11, 1)))
    page = open_file(nurse, mateo)
    assert page.cards[over].pill.text() == "Over"
    sheet = click(nurse, page, over, "renew")
    save(nurse, sheet)
    again = orders_of(nurse, mateo)[0]
    assert (again.terms.start, again.terms.stop) == (date(2026, 11, 12), date(2027, 6, 30))
    assert (again.terms.replaces, again.status) == (None, "waiting")


def test_allergies_stand_on_top_also_where_nobody_has_asked(nurse: Office, school: School) -> None:
    page = open_file(nurse, school.ids["mateo"])
    assert "Nothing is written down. Ask the family" in page.allergies.words.text()
    assert "asthma" in page.allergies.words.text()


def test_a_file_left_open_is_there_again_after_a_lock(nurse: Office, school: School) -> None:
    mateo = school.ids["mateo"]
    open_file(nurse, mateo)
    nurse.window.lock()
    nurse.until(lambda: nurse.window.shell is None)
    nurse.settle()
    nurse.sign_in("maria")
    page = nurse.shell.page
    assert isinstance(page, StudentHealthPage)
    assert page.name.text() == "Mateo Núñez-Okafor"
