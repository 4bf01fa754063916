"""What the school decides about medicine: windows, who gives what is controlled, reminders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import PrimaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice, TextLine
from bt_desktop.views.widgets.text import Muted, SectionTitle

if TYPE_CHECKING:
    from bt_desktop.services.health.settings import MedicationSettings
    from bt_desktop.services.workspace import Workspace

_WHO: tuple[tuple[str, object], ...] = (
    ("A nurse", "nurse"),
    ("A nurse or licensed staff", "licensed"),
    ("A nurse or any staff trained for it", "trained"),
)
_NUMBERS = (
    ("window_min", "Minutes before and after a time", "A dose within them is on time."),
    ("critical_window_min", "The same, for what must be on time", ""),
    ("effect_minutes", "Minutes until an as-needed dose is asked about", ""),
    ("low_school_days", "School days of supply that count as low", ""),
    ("back_limit", "School days after which an administrator allows a late entry", ""),
    ("often_in_month", "As-needed doses in 30 days worth a talk with the parent", ""),
)


class MedicineSection(QWidget):
    """The settings of the health office, for a nurse or an administrator."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._kept: MedicationSettings | None = None
        self.banner = Banner(desk.theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(SectionTitle("Medicine", self))
        column.addWidget(self.banner)
        card = Card(self, margin=20, spacing=14)
        self.who, self.reason, self.policy = Choice(), TextLine(), TextLine()
        self.who.fill(list(_WHO), "nurse")
        self.second = Choice()
        self.second.fill(
            [("The student says the whole name", "name_said"),
             ("The student says the birth date", "birth_date")],
            "name_said",
        )  # fmt: skip
        self.frames: dict[str, FieldFrame] = {
            "second_identifier": FieldFrame(
                desk.theme, "Asked before each dose, beside the photo", self.second,
                hint="Where there is no photo both are asked.",
            ),
            "who_gives_controlled": FieldFrame(
                desk.theme, "Who may give controlled medicine", self.who
            ),
            "who_gives_reason": FieldFrame(
                desk.theme, "Who decided that, and why", self.reason,
                hint="Needed where it is not a nurse alone. Ask counsel: in California the opinion "
                "in ANA v. Torlakson (2013) was read as licensed providers only (unverified).",
            ),
        }  # fmt: skip
        self.numbers: dict[str, TextLine] = {}
        for key, label, hint in _NUMBERS:
            self.numbers[key] = TextLine()
            self.frames[key] = FieldFrame(desk.theme, label, self.numbers[key], hint=hint)
        self.frames["policy_source"] = FieldFrame(
            desk.theme, "Where the district's own policy stands", self.policy
        )
        for frame in self.frames.values():
            card.column.addWidget(frame)
        self.witness = _tick("Two people sign every dose of a controlled medicine")
        self.no_show = _tick("A student who does not come for a dose is a medication error")
        card.column.addWidget(self.witness)
        card.column.addWidget(self.no_show)
        card.column.addWidget(
            Muted(
                "Each change is written into the activity log. It holds from the next dose.", card
            )
        )
        self.save = PrimaryButton("Save", card)
        self.save.clicked.connect(self.keep)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addStretch(1)
        card.column.addLayout(row)
        column.addWidget(card)
        column.addStretch(1)
        self.who.currentIndexChanged.connect(self._ask_reason)

    @Slot()
    def load(self) -> None:
        """Read them."""
        self._desk.tasks.run(
            self, self._workspace.health.settings.get, self.show_settings, lane=Lane.READ
        )

    def show_settings(self, known: MedicationSettings) -> None:
        """Show them."""
        self._kept = known
        self.who.setCurrentIndex(self.who.findData(known.who_gives_controlled))
        self.second.setCurrentIndex(self.second.findData(known.second_identifier))
        self.reason.setText(known.who_gives_reason)
        self.policy.setText(known.policy_source)
        for key, typed in self.numbers.items():
            typed.setText(str(getattr(known, key)))
        self.witness.setChecked(known.witness_on_dose)
        self.no_show.setChecked(known.no_show_is_error)
        self._ask_reason()

    @Slot()
    def _ask_reason(self) -> None:
        self.frames["who_gives_reason"].setVisible(self.who.currentData() != "nurse")

    @Slot()
    def keep(self) -> None:
        """Save what is on the page."""
        if self._kept is None:
            return
        for frame in self.frames.values():
            frame.say("")
        numbers: dict[str, Any] = {}
        for key, typed in self.numbers.items():
            text = typed.text().strip()
            if not text.isascii() or not text.isdigit() or len(text) > 4:
                self.frames[key].say("Write a whole number.")
                typed.setFocus()
                return
            numbers[key] = int(text)
        made = replace(
            self._kept,
            who_gives_controlled=self.who.currentData(),
            second_identifier=self.second.currentData(),
            who_gives_reason=self.reason.text().strip(),
            policy_source=self.policy.text().strip(),
            witness_on_dose=self.witness.isChecked(),
            no_show_is_error=self.no_show.isChecked(),
            **numbers,
        )
        settings = self._workspace.health.settings

        def saved(_: object) -> None:
            self._kept = made
            self.banner.tell("Saved. It holds from the next dose on.", Tone.OK)

        self._desk.tasks.run(self, lambda: settings.save(made), saved, self._refused)

    def _refused(self, problem: BaseException) -> None:
        if not isinstance(problem, KnownError):
            self._desk.feedback.report(self, problem)
            return
        frame = self.frames.get(getattr(problem, "field", ""))
        if frame is not None:
            frame.say(problem.remedy)
            frame.editor.setFocus()
        else:
            self.banner.tell(str(problem), Tone.DANGER)


def _tick(text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setAccessibleName(text)
    return box
