"""The questions that a special kind of order asks beside the rest, made from the lists."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.services.health.lists import SpecialField
from bt_desktop.services.health.order_special import PREFIX
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import kind as kind_of
from bt_desktop.views.health.choices import special_fields
from bt_desktop.views.health.two_people import Fields
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice, TextLine

_YES_NO = [("Not answered", ""), ("Yes", "yes"), ("No", "no")]


class SpecialForm(QWidget):
    """One frame for each question; shows those of one kind. Answers are kept as text.

    `of_dose`: what is asked of each dose, not of the order."""

    def __init__(
        self,
        desk: Desk,
        sheet: Fields,
        today: date,
        *,
        required: bool,
        parent: QWidget,
        of_dose: bool = False,
    ) -> None:
        super().__init__(parent)
        self._desk, self._sheet, self._today, self._required = desk, sheet, today, required
        self._of_dose = of_dose
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        self._asked: tuple[SpecialField, ...] = ()
        self.editors: dict[str, QWidget] = {}

    def show_kind(self, kind: str, answers: dict[str, str]) -> None:
        """Ask what this kind asks, with these answers filled in."""
        for key in self.editors:
            frame = self._sheet.frames.pop(f"{PREFIX}{key}")
            self._column.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self._asked = kind_of(kind).dose if self._of_dose else special_fields(kind)
        self.editors = {one.key: self._editor(one, answers.get(one.key, "")) for one in self._asked}
        for one in self._asked:
            frame = FieldFrame(
                self._desk.theme,
                say(one.label),
                self.editors[one.key],
                required=one.required and self._required,
                parent=self,
            )
            self._sheet.frames[f"{PREFIX}{one.key}"] = frame
            self._column.addWidget(frame)
        self.setVisible(bool(self._asked))

    def answers(self) -> dict[str, str] | None:
        """What was answered, by key; None (and said beside the field) for what cannot be read."""
        found: dict[str, str] = {}
        good = True
        for one in self._asked:
            try:
                answer = self._answer(one)
            except ValueError as wrong:
                self._sheet.frames[f"{PREFIX}{one.key}"].say(str(wrong))
                good = False
                continue
            if answer:
                found[one.key] = answer
        return found if good else None

    def _editor(self, asked: SpecialField, answer: str) -> QWidget:
        if asked.kind in ("choice", "yes_no"):
            choice = Choice(self)
            rows = [(one.said, one.code) for one in asked.choices]
            choice.fill([*_YES_NO] if asked.kind == "yes_no" else [("Choose", ""), *rows], answer)
            return choice
        if asked.kind == "choices":
            return _Ticks(asked, answer, self)
        if asked.kind == "date":
            return DayLine(self._today, date.fromisoformat(answer) if answer else None, self)
        line = TextLine(self)
        line.setText(answer)
        return line

    def _answer(self, asked: SpecialField) -> str:
        editor = self.editors[asked.key]
        if isinstance(editor, Choice):
            return str(editor.currentData() or "")
        if isinstance(editor, _Ticks):
            return editor.answer()
        if isinstance(editor, DayLine):
            day = editor.day()
            return day.isoformat() if day else ""
        typed = editor.text().strip() if isinstance(editor, TextLine) else ""
        if asked.kind == "time" and typed:
            at = read_clock(typed, self._desk.clock.now())
            return at.isoformat() if at else ""
        return typed


class _Ticks(QWidget):
    """Several of a few words."""

    def __init__(self, asked: SpecialField, answer: str, parent: QWidget) -> None:
        super().__init__(parent)
        chosen = set(answer.split())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._boxes: dict[str, QCheckBox] = {}
        for one in asked.choices:
            box = self._boxes[one.code] = QCheckBox(one.said, self)
            box.setAccessibleName(one.said)
            box.setChecked(one.code in chosen)
            column.addWidget(box)
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))

    def answer(self) -> str:
        """The codes that are ticked, joined by spaces."""
        return " ".join(code for code, box in self._boxes.items() if box.isChecked())
