"""One line of the papers for parents: what waits with its deeds, or what was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.services.health.paper_model import (
    TITLES,
    PaperDue,
    PaperMark,
    PaperRow,
    What,
)
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.text import Muted, plain_label
from bt_desktop.views.widgets.when import moment_words

STATES = {"ready": "✓ Ready", "text": "◐ To read first", "stopped": "▲ Stopped"}
_LOOKS = {"ready": "okText", "text": "", "stopped": "warnText"}
CALL_WORDS: Mapping[str, str] = {
    "reached": "reached",
    "voicemail": "left a message",
    "no_answer": "no answer",
    "wrong_number": "wrong number",
    "declined": "did not want to talk",
}
BECAME: Mapping[What, str] = {
    "handed_over": "Handed over to",
    "mailed": "Mailed to",
    "emailed": "Emailed to",
    "sent_home": "Sent home with the child for",
    "slip": "The slip came back from",
}


def call_words(mark: PaperMark, now: datetime) -> str:
    """“Rosa Núñez called today 10:40 am: no answer”."""
    return f"{mark.to} called {moment_words(mark.at, now)}: {CALL_WORDS.get(mark.code, mark.code)}"


class _Row(QWidget):
    """Words at the left, deeds at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = QVBoxLayout()
        self.words.setSpacing(1)
        self.deeds = QVBoxLayout()
        self.deeds.setSpacing(4)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(16)
        for part, share in ((self.words, 1), (self.deeds, 0)):
            column = QVBoxLayout()  # a stretch, not an alignment: that would cut wrapped words
            column.addLayout(part)
            column.addStretch(1)
            row.addLayout(column, share)

    def say(self, text: str, name: str = "muted") -> None:
        """One more line of words, if there is any."""
        if text:
            label = Muted(text, self) if name == "muted" else plain_label(text, name, self)
            label.setWordWrap(True)
            self.words.addWidget(label)

    def link(self, text: str, about: str) -> LinkButton:
        """A deed as a link below the button."""
        made = LinkButton(text, self)
        made.setAccessibleName(f"{text}: {about}")
        self.deeds.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)
        return made


class DueRow(_Row):
    """A paper that waits: `go` looks at it, `call` logs a call, `waive` says none is needed."""

    def __init__(self, due: PaperDue, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self.due = due
        title = TITLES[due.kind]
        self.say(due.student, "strong")
        day = "" if due.today else moment_words(due.at, now)
        facts = (title, due.medicine, due.says, day, f"for {due.for_whom}" if due.for_whom else "")
        self.say(" · ".join(part for part in facts if part))
        self.say(STATES[due.state], _LOOKS[due.state])
        self.say(due.why)
        for mark in due.attempts:
            self.say(call_words(mark, now))
        about = f"{title}, {due.medicine}, {due.student}"
        self.go = SecondaryButton("Look at it" if due.state == "ready" else "Open", self)
        self.go.setAccessibleName(f"{self.go.text()}: {about}")
        self.deeds.addWidget(self.go)
        self.call = self.link("Log a call…", about)
        self.waive = self.link("No paper needed…", about)


class MadeRow(_Row):
    """A paper that was made: `got` says who received it, `again` prints it once more."""

    def __init__(self, made: PaperRow, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        paper = made.paper
        title = TITLES[paper.kind]
        self.say(made.student, "strong")
        self.say(f"{title} · {paper.medicine} · for {paper.for_whom}")
        when = moment_words(paper.at, now)
        facts = (paper.number, when, f"made by {made.by}" if made.by else "")
        self.say(" · ".join(part for part in facts if part))
        if paper.override is not None:
            self.say(f"▲ Let go in spite of a flag: {paper.override.reason}", "warnText")
        if made.wrong:
            self.say(f"▲ What it tells of was taken out since: {made.wrong}", "warnText")
            self.say("Call the parent. The paper of the right entry waits above, if there is one.")
        for mark in made.marks:
            if mark.what in BECAME:
                self.say(f"{BECAME[mark.what]} {mark.to}, {moment_words(mark.at, now)}")
            elif mark.what == "attempt":
                self.say(call_words(mark, now))
        about = f"{title}, {paper.number}, for {paper.for_whom}"
        self.got = SecondaryButton("Who got it…", self)
        self.got.setAccessibleName(f"Who got it: {about}")
        self.deeds.addWidget(self.got)
        self.again = self.link("Print again…", about)
