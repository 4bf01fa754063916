"""One incident of four students: four reports of one event and four papers, in the window.

The technician writes the first report, begins the same for the three others with one press, and
tells in each what that child did. The office opens the four papers out of Today's notices. What
comes out is read by a program that is not ours: each is of its own child alone.
"""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bt_desktop.services.results.people import NewGuardian, NewStudent
from bt_desktop.views.editors.narrative import NarrativeEditor
from bt_desktop.views.form_event_sheets import AlsoSheet
from bt_desktop.views.notices_page import NoticesPage
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.release import ReleasePage
from bt_desktop.views.widgets.buttons import LinkButton
from tests.factory import School
from tests.journeys.hands import click, press, type_keys
from tests.journeys.health_office import SEEN, Morning
from tests.views.shell_kit import shown_text

GIVEN = {"mateo": "Mateo", "lucja": "Łucja", "huy": "Huy", "xochitl": "Xochitl"}
FAMILY = {
    "mateo": "Núñez-Okafor",
    "lucja": "Kowalczyk",
    "huy": "Nguyễn",
    "xochitl": "Quartermaine",
}
STORY = (
    "@Mateo\n", " and ", "@Kowal\n", " pulled at one ball; ",
    "@Nguy\n", " called them names; ", "@Xoch\n", " stood beside them.",
)  # fmt: skip
FIRST: dict[str, Any] = {
    "/incident_kinds": ["fight"],
    "/student": "@mateo",
    "/student_part": "took_part",
    "/event_date": "t",
    "/event_began": "1009",
    "/location": "playground",
    "/people[1]/involved_kind": "staff",
    "/people[1]/staff_member": "@dana",
    "/people[1]/involved_roles": ["responder"],
    "/people[2]/involved_kind": "student",
    "/people[2]/other_student": "@lucja",
    "/people[2]/involved_roles": ["involved", "hurt"],
    "/people[3]/involved_kind": "student",
    "/people[3]/other_student": "@huy",
    "/people[3]/involved_roles": ["involved"],
    "/people[4]/involved_kind": "student",
    "/people[4]/other_student": "@xochitl",
    "/people[4]/involved_roles": ["witness"],
}
EACH: dict[str, Any] = {
    "/plan_status": "none",
    "/interpreter_needed": "no",
    "/hands_on": ["none"],
    "/device_used": "no",
    "/kept_in": "no",
    "/others_harmed": "no",
    "/agency_called": "no",
}
UNHURT = {"/student_hurt": "none"}
OWN: dict[str, dict[str, Any]] = {
    "mateo": {"/acts": ["push"], "/directed_at": ["peer"], "/tried": ["space"]} | UNHURT,
    "lucja": {
        "/acts": ["kick"],
        "/directed_at": ["peer"],
        "/student_hurt": "injured",
        "/student_injury": ["scratch"],
        "/student_regions": ["elbow"],
        "/student_care": "first_aid",
        "/tried": ["listening"],
    },
    "huy": {"/acts": ["insult"], "/directed_at": ["peer"], "/tried": ["calm_tone"]} | UNHURT,
    "xochitl": {"/tried": ["sensory"]} | UNHURT,
}
LAST: dict[str, Any] = {
    "/tried_effect": "worked",
    "/returned_to": "office",
    "/written_on": "t",
    "/report_true": True,
}


class Playground(Morning):
    """The technician who was there, then the office that writes to the families."""

    seen = SEEN + timedelta(days=1)
    signs_as = "Dana Whitcomb"

    def tell(self, who: str) -> None:
        """What this child did, and what came of it."""
        self.answer({"/incident_kinds": ["fight"], **EACH, **OWN[who]})
        self.answer(LAST)
        self.saved()

    def tell_story(self) -> None:
        """In the writer's own words, each child by the first name that is offered after `@`."""
        self.page.jump("/narrative")
        editor = self.page.blocks()["/narrative"].editor
        assert isinstance(editor, NarrativeEditor)
        self.hands.focus(editor.box)
        for words in STORY:
            if words.endswith("\n"):
                type_keys(editor.box, words[:-1])
                self.hands.until(editor.box.box.is_open)
                press(editor.box, Qt.Key.Key_Return)
            else:
                type_keys(editor.box, words)
        assert str(editor.typed()).count("{@student:") == len(GIVEN)

    def link(self, words: str) -> LinkButton:
        """A link of the strip above the questions."""

        def links() -> list[LinkButton]:
            offered = [one for r in self.page.event_strip.remarks() for one in r.offered]
            return [one for one in offered if words in one.accessibleName()]

        self.hands.until(lambda: bool(links()))
        return links()[0]

    def write_for_the_others(self) -> None:
        """“Also write for…”, all three."""
        click(self.link("Also write for"))
        self.hands.until(lambda: bool(self.page.findChildren(AlsoSheet)))
        [sheet] = self.page.findChildren(AlsoSheet)
        assert len(sheet.boxes) == 3
        click(sheet.deed)
        self.office.settle()
        assert "3 reports are begun" in self.page.banner.text()

    def open_for(self, who: str) -> None:
        """From one report to the other of the same event."""
        before = self.page
        click(self.link(f"about {GIVEN[who]}" if who != "huy" else "Nguyễn Gia Huy"))
        self.hands.until(lambda: self.office.shell.page is not before)
        self.on_page()

    def print_paper(self, who: str) -> bytes:
        """Today's notices, the row of this child, the text as it stands, Release."""
        shell = self.office.shell
        shell.go("notices")
        self.office.settle()
        notices = shell.page
        assert isinstance(notices, NoticesPage)
        row = next(r for r in notices.rows.values() if GIVEN[who] in r.due.student)
        assert row.due.state == "text"
        click(row.go)
        self.on_page()
        self.hands.until(lambda: isinstance(self.page.stack.currentWidget(), ReleasePage))
        page = self.page.stack.currentWidget()
        assert isinstance(page, ReleasePage)
        self.hands.until(page.release_button.isEnabled)
        assert page.open_findings() == ()
        click(page.release_button)
        self.hands.until(lambda: isinstance(self.page.stack.currentWidget(), PdfPreview))
        preview = self.page.stack.currentWidget()
        assert isinstance(preview, PdfPreview)
        assert preview.copy.sealed
        return preview.copy.pdf


SAID = {
    "mateo": ("Mateo was part of something", "Pushed", "Gave time and space"),
    "lucja": ("and was harmed", "Kicked", "Scratch or scrape: elbow", "Listened"),
    "huy": ("Huy was part of something", "Insulted or swore", "Spoke in a calm voice"),
    "xochitl": ("Xochitl saw something", "Gave things that calm"),
}


def holds_for(who: str, pdf: bytes) -> None:
    """One page, this child's own facts, and no token of the three others."""
    [page] = PdfReader(io.BytesIO(pdf)).pages
    words = " ".join(page.extract_text().split())
    for said in (*SAID[who], GIVEN[who], "pulled at one ball"):
        assert said in words, (who, said)
    assert "Next The office" in words
    for other in GIVEN.keys() - {who}:
        for token in (GIVEN[other], *FAMILY[other].split("-")):
            assert token.casefold() not in words.casefold(), (who, token)
        for said in SAID[other][1:]:
            assert said not in words, (who, said)


@pytest.mark.slow
def test_four_parents_each_read_of_their_own_child_alone(
    qtbot: QtBot, school: School, tmp_path: Path
) -> None:
    people = school.sign_in("tom").people
    school.ids["xochitl"] = people.add_student(NewStudent("Xochitl", FAMILY["xochitl"], grade="4"))
    for who in ("lucja", "huy", "xochitl"):
        people.add_guardian(school.ids[who], NewGuardian("Pat", FAMILY[who], "parent"))
    day = Playground(qtbot, school, tmp_path)
    day.hands.names = {**day.hands.names, "xochitl": "Xochitl"}
    day.office.sign_in("dana")
    day.at(15)

    day.start("Incident report")
    day.answer(FIRST)
    day.tell_story()
    day.tell("mateo")
    day.write_for_the_others()
    day.sign()
    for who in ("lucja", "huy", "xochitl"):
        day.page.show_form(day.page.stack.currentWidget())
        day.open_for(who)
        day.tell(who)
        day.sign()
    day.office.window.lock()
    day.hands.until(lambda: day.office.window.shell is None)

    day.at(90)
    day.office.sign_in("olga")
    papers = {who: day.print_paper(who) for who in GIVEN}
    for who, pdf in papers.items():
        holds_for(who, pdf)
    day.office.shell.go("notices")
    day.office.settle()
    assert day.office.shell.page is not None
    assert "No parent is waiting for a paper." in shown_text(day.office.shell.page)
