"""Who received a copy is said on a small sheet, with the slip they signed."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bt_desktop.views.form_dialogs import CopiesMade
from bt_desktop.views.receipt_sheet import ReceiptSheet
from tests.factory import School, signed_report
from tests.views.form_kit import dressed_desk

TOLD = "Mateo threw a book. He was held twice and was calm at 10:19."


def test_a_hand_over_is_logged_from_the_list_of_copies(qtbot: QtBot, school: School) -> None:
    record = signed_report(school)
    office = school.sign_in("olga")
    office.copies.school_copy(record)
    office.copies.release_parent_copy(record, school.ids["rosa"], TOLD, ())
    desk = dressed_desk(school)
    log = CopiesMade(desk, office.copies.log(record), lambda at: at)
    log.table.selectRow(1)
    assert not log.receipt_button.isEnabled()  # the school's own
    log.table.selectRow(0)
    with qtbot.waitSignal(log.receipt_asked) as asked:
        log.receipt_button.click()
    sheet = ReceiptSheet(desk, office, record, asked.args[0])
    assert sheet.to.text() == "Rosa Núñez"
    sheet.to.clear()
    sheet.save()
    assert sheet.frames["to"].says()
    sheet.to.setText("Rosa Núñez")
    sheet.relation.setText("mother")
    sheet.signed.setChecked(True)
    with qtbot.waitSignal(sheet.saved, timeout=20_000):
        sheet.save()
    [receipt] = office.copies.log(record)[0].receipts
    assert (receipt.how, receipt.to, receipt.relation, receipt.signed) == (
        "handed_over",
        "Rosa Núñez",
        "mother",
        True,
    )
    qtbot.waitUntil(desk.tasks.is_idle)
    desk.tasks.close()
