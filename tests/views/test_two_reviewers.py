"""Two people review one record at once, each at a window of their own over the same vault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bt_desktop.security.permissions import Role
from bt_desktop.services.results.people import NewStaff
from bt_desktop.views.check_answers import SignedPage
from bt_desktop.views.feedback import answer_next
from bt_desktop.views.review_page import ReviewPage
from bt_desktop.views.sign import SignDialog
from bt_desktop.views.widgets.buttons import LinkButton
from tests.factory import PASSWORD, School, ink, signed_report
from tests.services.review_kit import REMARK, amend, review_answers, sent_back
from tests.views.form_kit import PATIENCE_MS, Sitting, focus, sit_down
from tests.views.shell_kit import shown_text

NAMES = {"tom": "Tom Becker", "ines": "Ines Okoro"}
FOUND = "The times do not fit."


@pytest.fixture
def record(school: School) -> str:
    """A signed report that waits for its review; the school has two administrators."""
    tom = school.sign_in("tom")
    school.ids["ines"] = tom.people.add_staff(NewStaff("Ines", "Okoro", "Assistant principal"))
    school.users["ines"] = tom.accounts.add(
        NAMES["ines"], PASSWORD, Role.ADMINISTRATOR, school.ids["ines"]
    )
    return signed_report(school)


class Desks:
    """Tom's window and Ines's, both with the review of the record begun."""

    def __init__(self, bot: QtBot, school: School, record: str) -> None:
        self.bot, self.school, self.record = bot, school, record
        self.at = {who: sit_down(bot, school, who, record) for who in NAMES}

    def begin(self, who: str) -> ReviewPage:
        """“Review…”, and everything but the findings answered."""
        sitting = self.at[who]
        QTest.mouseClick(sitting.page.head.sign, Qt.MouseButton.LeftButton)
        versions = sitting.page.deeds.versions
        self.bot.waitUntil(lambda: versions.review_page is not None, timeout=PATIENCE_MS)
        sitting.settle()
        told = review_answers(self.school, sitting.workspace, self.record)
        reasons = told.pop("$reasons")
        for name, value in told.items():
            sitting.draft.put(f"/{name}", value)
        for name, words in reasons.items():
            if sitting.draft.view(f"/{name}").value is None:
                sitting.draft.put_reason(f"/{name}", words)
        sitting.wait_saved()
        return self.page(who)

    def page(self, who: str) -> ReviewPage:
        """The review on show."""
        shown = self.at[who].page.stack.currentWidget()
        assert isinstance(shown, ReviewPage)
        return shown

    def find(self, who: str, words: str) -> None:
        """Type the findings, key by key."""
        block = self.page(who)._blocks()["/review_findings"]
        target = block.editor.focus_target()
        focus(self.bot, target)
        QTest.keyClicks(target, words)
        self.at[who].wait_saved()

    def press_countersign(self, who: str) -> SignDialog:
        """Countersign, the name, the password, Sign."""
        page = self.page(who)
        QTest.mouseClick(page.countersign, Qt.MouseButton.LeftButton)
        assert [issue.sentence for issue in page.issues()] == []
        dialog = self.at[who].page.deeds.sign_dialog
        assert dialog is not None
        QTest.keyClicks(dialog.signature.name, NAMES[who])
        QTest.keyClicks(dialog.password, PASSWORD)
        QTest.mouseClick(dialog.sign_button, Qt.MouseButton.LeftButton)
        self.at[who].settle()
        return dialog

    def deed(self, who: str) -> LinkButton:
        """The link in what is said above the review."""
        found = self.page(who).banner.findChild(LinkButton)
        assert isinstance(found, LinkButton)
        return found

    def until(self, who: str, words: str) -> None:
        """Until the review says this above the questions."""
        page = self.page(who)
        self.bot.waitUntil(lambda: words in page.banner.text(), timeout=PATIENCE_MS)


@pytest.fixture
def desks(qtbot: QtBot, school: School, record: str) -> Iterator[Desks]:
    made = Desks(qtbot, school, record)
    yield made
    for one in made.at.values():
        one.leave()


def typed_findings(sitting: Sitting) -> object:
    """What this person's review holds, on the page and in the store."""
    kept = sitting.workspace.records.open(sitting.record_id).answers.get("review_findings")
    assert sitting.draft.view("/review_findings").value == kept
    return kept


@pytest.mark.slow
def test_the_second_of_two_is_told_and_loses_no_word(desks: Desks) -> None:
    desks.begin("tom")
    desks.begin("ines")
    desks.until("ines", "Tom Becker has begun to review this, too. The first to sign reviews it.")
    desks.find("tom", "All as it should be.")
    desks.find("ines", FOUND)

    desks.press_countersign("tom")
    assert isinstance(desks.at["tom"].page.stack.currentWidget(), SignedPage)

    dialog = desks.press_countersign("ines")
    said = dialog.banner.text()
    assert said.startswith("Somebody else signed this part before you (Nov 12, 2026")
    assert "What you typed is kept and is only yours." in said
    dialog.reject()
    ines = desks.at["ines"]
    ines.settle()
    desks.until("ines", "countersigned")
    assert typed_findings(ines) == FOUND
    target = desks.page("ines")._blocks()["/review_findings"].editor.focus_target()
    assert FOUND in shown_text(target.parentWidget())

    answer_next(True)
    QTest.mouseClick(desks.deed("ines"), Qt.MouseButton.LeftButton)
    desks.bot.waitUntil(lambda: ines.page.head.pill.text() == "Final", timeout=PATIENCE_MS)
    ines.settle()
    assert "Thrown away" in ines.page.banner.text()
    assert typed_findings(ines) == "All as it should be."


@pytest.mark.slow
def test_the_second_goes_on_when_the_report_comes_back(desks: Desks) -> None:
    desks.begin("ines")
    desks.find("ines", FOUND)
    tom = desks.school.sign_in("tom").records
    tom.begin(desks.record, "review")
    told = review_answers(desks.school, desks.at["tom"].workspace, desks.record)
    tom.save_draft(desks.record, "review", sent_back(told | {"review_findings": REMARK}))
    tom.sign_part(desks.record, "review", PASSWORD, ink(NAMES["tom"]))
    amend(desks.school.sign_in("dana"), desks.record, reason="I said which of the two it was")

    dialog = desks.press_countersign("ines")
    assert "before you" in dialog.banner.text()
    dialog.reject()
    ines = desks.at["ines"]
    ines.settle()
    assert typed_findings(ines) == FOUND
    assert desks.deed("ines").text() == "Compare"
