"""The four head checks above a first aid report: made, due or coming, one press to each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from bt_desktop.clock import local_at
from bt_desktop.form_engine.definition import say
from bt_desktop.services.head_points import LEAVING, checks_of, facts_of
from bt_desktop.services.results.head_checks import HeadCheck
from bt_desktop.views.editors.alarm import AlarmNote
from bt_desktop.views.editors.moments import clock_words
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.views.form_draft import Draft
    from bt_desktop.views.form_page import FormPage

SECTION = "head_checks"
_ALARM, _DANGERS = "head_call_911", "head_dangers"
"""The form's note with the words of the alarm, and the number of danger signs in all checks."""
_LOOK_EVERY_MS = 15_000
_TONES = {"done": "ok", "late": "warn", "due": "danger", "coming": "", "open": ""}
_SIGNS = {"done": "✓ ", "late": "✓ ", "due": "▲ ", "coming": "", "open": ""}


def point_words(point: str) -> str:
    """“15 minutes”, “just before leaving”."""
    return "just before leaving" if point == LEAVING else f"{point} minutes"


def chip_words(check: HeadCheck, now: datetime) -> str:
    """What a chip says; the whole meaning is in the words."""
    name = "Leaving" if check.point == LEAVING else f"{check.point} min"
    if check.checked_at is not None:
        late = f", {check.late_by} min late" if check.late_by else ""
        return f"{name}: {clock_words(local_at(check.checked_at, now))}{late}"
    if check.due is None:
        return f"{name}: before the person goes"
    due = clock_words(local_at(check.due, now))
    if check.state == "due":
        return f"{name}: due since {due}"
    minutes = max(1, -int((now - check.due).total_seconds() // 60))
    return f"{name}: at {due}, in {minutes} min"


class HeadChips(QFrame):
    """Shown as long as the report needs head checks. `asked(point)` when a chip is pressed."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("headChips")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._draft: Draft | None = None
        self.chips: dict[str, QPushButton] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 10, 16, 0)
        box.setSpacing(6)
        self.alarm = AlarmNote(self)
        box.addWidget(self.alarm)
        box.addWidget(plain_label("Head checks", "strong", self))
        row = QWidget(self)
        self._row = FlowLayout(row)
        box.addWidget(row)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self.hide()

    def follow(self, draft: Draft) -> None:
        """Show the checks of this record from now on."""
        self._draft = draft
        draft.changed.connect(self.look)
        self._timer.start()
        self.look()

    @Slot()
    def look(self) -> None:
        """Look at the answers and the clock."""
        draft = self._draft
        if draft is None or draft.record.state != "draft":
            self.hide()
            return
        now = draft.now()
        checks = checks_of(facts_of(draft.session), now)
        for check in checks:
            self._show(check, now)
        self._raise(draft)
        self.setVisible(bool(checks))

    def _raise(self, draft: Draft) -> None:
        """The alarm stands above every section while a danger sign is marked anywhere."""
        note = draft.record.form.fields().get(_ALARM)
        dangers = draft.session.view(f"/{_DANGERS}").value if note is not None else None
        if note is not None:
            self.alarm.say(say(note.label), say(note.hint), now=bool(dangers))
        self.alarm.setVisible(bool(dangers))

    def _show(self, check: HeadCheck, now: datetime) -> None:
        chip = self.chips.get(check.point)
        if chip is None:
            chip = self.chips[check.point] = self._chip(check.point)
        words = chip_words(check, now)
        text = f"{_SIGNS[check.state]}{words}"
        if chip.text() == text:
            return
        chip.setText(text)
        chip.setAccessibleName(f"Head check, {words}")
        chip.setProperty("tone", _TONES[check.state])
        chip.style().unpolish(chip)
        chip.style().polish(chip)

    def _chip(self, point: str) -> QPushButton:
        chip = QPushButton(self)
        chip.setProperty("kind", "chip")
        chip.setAutoDefault(False)
        chip.setCursor(Qt.CursorShape.PointingHandCursor)
        chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        chip.setAccessibleDescription("Opens this check.")
        chip.clicked.connect(lambda: self.asked.emit(point))
        self._row.addWidget(chip)
        return chip


def open_check(page: FormPage, point: str) -> None:
    """Go to the row of that check; begin one where there is none and it may be written."""
    draft = page.draft
    if draft is None or SECTION not in {s.name for s in draft.sections() if s.relevant}:
        return
    found = {c.point: c.row for c in checks_of(facts_of(draft.session), draft.now())}
    number = found.get(point, 0)
    if not number and draft.may_edit(SECTION):
        row = draft.add_row(SECTION)
        draft.put(f"{row}/head_point", point)
        number = len(draft.session.rows(SECTION))
    page.jump(f"/{SECTION}[{number}]/head_checked_at" if number else f"/{SECTION}")
