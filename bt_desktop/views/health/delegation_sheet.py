"""Sheets of delegation: who may give which medicines of one student, until when; taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.model import Order
from bt_desktop.services.health.settings import WHO_WORDS, MedicationSettings
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.order_parts import box_of
from bt_desktop.views.health.order_words import dose_words, medicine_title
from bt_desktop.views.health.row_card import empty_layout
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_SEES = (
    "They see exactly this: these medicines of this student, their doses, the emergency card. "
    "They see it at once, and no more once it is taken back or over."
)
_LICENSED = "Kind and number, where they have one (an LVN, say)."


@dataclass(frozen=True, slots=True)
class Delegating:
    """What the sheet chooses from."""

    staff: Sequence[tuple[str, str]]  # user id, name
    orders: Sequence[Order]
    names: Mapping[str, str]  # of students
    settings: MedicationSettings
    today: date
    year_end: date


class DelegationSheet(Sheet):
    """Delegate; `again` is one that is checked anew, and then stands in place of it."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        choices: Delegating,
        again: Delegation | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = "Check the skill again" if again else "Delegate"
        super().__init__(desk, title, "Save" if again else "Delegate", parent, wide=600)
        self._workspace, self._choices, self._again = workspace, choices, again
        today = choices.today
        self.staff, self.student = Choice(), Choice()
        people: list[tuple[str, object]] = [(name, user) for user, name in choices.staff]
        self.staff.fill([("Choose", ""), *people], again.user_id if again else "")
        held = dict.fromkeys(one.terms.student_id for one in choices.orders)
        known = sorted((choices.names.get(one, "Student"), one) for one in held)
        students: list[tuple[str, object]] = [(name, which) for name, which in known]
        self.student.fill([("Choose", ""), *students], again.student_id if again else "")
        self.medicines = QWidget()
        self._boxes = QVBoxLayout(self.medicines)
        self._boxes.setContentsMargins(0, 0, 0, 0)
        self._boxes.setSpacing(2)
        self.ticks: dict[str, QCheckBox] = {}
        self.checked = DayLine(today, today)
        self.until = DayLine(today, choices.year_end)
        self.consented = DayLine(today, again.consented_on if again else None)
        self.license = line(again.license if again else "")
        self.note = line(again.note if again else "")
        self.add("user_id", "Who may give it?", self.staff, required=True)
        self.add("student_id", "To which student?", self.student, required=True)
        self.add("orders", "Which medicines?", self.medicines, required=True)
        self.add("checked_on", "Skill checked on", self.checked, required=True)
        self.add("until", "Holds until", self.until, required=True)
        self.pair("checked_on", "until")
        self.add(
            "consented_on", "They agreed on", self.consented, required=True,
            hint="Nobody has to do it (5 CCR 601).",
        )  # fmt: skip
        self.add("license", "License", self.license, hint=_LICENSED)
        self.pair("consented_on", "license")
        self.add("note", "What was checked", self.note)
        self.controlled = self.tick("Also what is controlled", again.controlled if again else False)
        who = WHO_WORDS[choices.settings.who_gives_controlled]
        self.setting = Muted(f"By the school’s setting, {who} gives what is controlled.", self)
        self.column.addWidget(self.setting)
        self.column.addWidget(Muted(_SEES, self))
        self.student.currentIndexChanged.connect(self._show_medicines)
        self._show_medicines()
        self.on_save(self._collect_delegation)

    def _show_medicines(self) -> None:
        empty_layout(self._boxes)
        self.ticks = {}
        which = self.student.currentData()
        chosen = self._again.order_ids if self._again else frozenset()
        orders = [one for one in self._choices.orders if one.terms.student_id == which]
        for one in orders:
            words = medicine_title(one.terms)
            if one.terms.medicine.controlled:
                words += " (controlled)"
            box = self.ticks[one.id] = QCheckBox(words, self.medicines)
            box.setAccessibleName(f"{words}, {dose_words(one.terms)}")
            box.setChecked(one.id in chosen or (len(orders) == 1 and not chosen))
            box.toggled.connect(self._show_controlled)
            self._boxes.addWidget(box)
            under = Muted(dose_words(one.terms), self.medicines)
            under.setContentsMargins(self._desk.theme.px(29), 0, 0, 4)
            self._boxes.addWidget(under)
        self.frames["orders"].setVisible(bool(which))
        self._show_controlled()

    def _show_controlled(self) -> None:
        wanted = any(
            one.terms.medicine.controlled and (box := self.ticks.get(one.id)) and box.isChecked()
            for one in self._choices.orders
        )
        self.controlled.setVisible(wanted)
        self.setting.setVisible(wanted)

    def _collect_delegation(self) -> Callable[[], Any] | None:
        orders = frozenset(one for one, box in self.ticks.items() if box.isChecked())
        days: dict[str, date | None] = {}
        good = True
        for key, editor in (
            ("checked_on", self.checked),
            ("until", self.until),
            ("consented_on", self.consented),
        ):
            days[key] = self.frames[key].read(editor.day, "Write the day.")
            good = good and days[key] is not None
        for key, told, words in (
            ("user_id", self.staff.currentData(), "Choose who may give it."),
            ("student_id", self.student.currentData(), "Choose the student."),
            ("orders", orders, "Choose at least one medicine."),
        ):
            if not told:
                self.frames[key].say(words)
                good = False
        checked, until, agreed = days["checked_on"], days["until"], days["consented_on"]
        if not good or checked is None or until is None:
            return None
        made = Delegation(
            "",
            str(self.staff.currentData()),
            str(self.student.currentData()),
            orders,
            checked,
            until,
            controlled=self.controlled.isVisible() and self.controlled.isChecked(),
            consented_on=agreed,
            license=self.license.text().strip(),
            note=self.note.text().strip(),
        )
        delegation, again = self._workspace.health.delegation, self._again

        def work() -> str:
            new = delegation.give(made)
            if again is not None:
                delegation.end(again.id, "The skill was checked again")
            return new

        return work


class EndSheet(Sheet):
    """Take a delegation back."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        about: str,
        delegation_id: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Take it back", "Take it back", parent)
        self._workspace, self._id = workspace, delegation_id
        words = f"{about}. They see nothing of it any more, from now on."
        self.column.addWidget(Muted(words, self))
        self.reason = box_of("")
        self.add("reason", "Why?", self.reason, required=True)
        self.on_save(self._collect_end)

    def _collect_end(self) -> Callable[[], Any] | None:
        reason, delegation = self.reason.toPlainText(), self._workspace.health.delegation
        if len(" ".join(reason.split())) < 5:
            self.frames["reason"].say("Say in a few words why it is taken back.")
            return None
        return lambda: delegation.end(self._id, reason)
