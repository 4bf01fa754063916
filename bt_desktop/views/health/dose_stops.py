"""What speaks against a dose: what, why, who can allow it and what to do next; allowed in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.health.dose_request import Override
from bt_desktop.services.health.problems import WitnessRefused
from bt_desktop.services.health.rules import LEAST_REASON, Finding, may_allow
from bt_desktop.services.results.export import Second
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.dose_fields import FieldColumn
from bt_desktop.views.health.dose_words import warn_words
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.inputs import Choice, PasswordLine, TextLine
from bt_desktop.views.widgets.text import Muted, plain_label

_NEEDS = {
    "prescriber_call": "Whom you called, when, and what they said",
    "phone_consent": "Which parent agreed, and when",
}
_NOBODY = "Nobody who can allow it has an account here."


class Allower:
    """One person beside whoever records, who allows a stop with their own password."""

    def __init__(
        self, fields: FieldColumn, able: Sequence[tuple[str, str, Role]], key: str
    ) -> None:
        self._fields, self._keys = fields, (f"allow_by{key}", f"allow_password{key}")
        self.by, self.password = Choice(), PasswordLine()
        rows: list[tuple[str, object]] = [(name, user) for user, name, _ in able]
        role = f"Who allows it ({able[0][2].value})" if key else "Who allows it"
        self.by.fill([("Choose who allows it", ""), *rows], "")
        fields.add(self._keys[0], role, self.by, required=True)
        fields.add(self._keys[1], "Their password", self.password, required=True)

    def second(self) -> Second | None:
        """Who, and their password; None where one of them is not there."""
        who = str(self.by.currentData() or "")
        return Second(who, self.password.text()) if who and self.password.text() else None

    def ask(self) -> QWidget | None:
        """Say what is missing beside it; where the focus goes."""
        if not self.by.currentData():
            self._fields.frames[self._keys[0]].say("Choose who allows it.")
            return self.by
        if not self.password.text():
            self._fields.frames[self._keys[1]].say("Let them type their own password.")
            return self.password.edit
        return None

    def refused(self, problem: BaseException) -> bool:
        """Say a refusal beside whom it is about; False where it is about somebody else."""
        who = str(self.by.currentData() or "")
        if who and isinstance(problem, WrongPassword) and problem.user_id == who:
            self.password.clear()
            self._fields.frames[self._keys[1]].say(str(problem))
            self.password.edit.setFocus()
            return True
        if who and isinstance(problem, WitnessRefused):
            self._fields.frames[self._keys[0]].say(problem.remedy)
            self.by.setFocus()
            return True
        return False


class StopCard(Card):
    """One rule that stops the dose. `overrides()` is what was typed to allow it.

    Where a rule wants a nurse and an administrator together, each of them who is not the one at
    the keyboard has a line of their own.
    """

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        finding: Finding,
        own_role: Role,
        allowers: Sequence[tuple[str, str, Role]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent, margin=14, spacing=6, edge="danger")
        self.finding = finding
        self._own = may_allow(finding, own_role, own=True)
        self._beside = self._who_is_beside(own_role, allowers)
        self.what = plain_label("", "strong", self)
        self.why, self.who, self.next = Muted("", self), Muted("", self), plain_label("", "", self)
        for label in (self.what, self.next):
            label.setWordWrap(True)
        for label in (self.what, self.why, self.who, self.next):
            self.column.addWidget(label)
        self.fields = FieldColumn(desk.theme, self)
        self.column.addWidget(self.fields)
        self.told: dict[str, TextLine] = {}
        self.reason = TextLine()
        self.allowers: list[Allower] = []
        self._possible = bool(finding.override_by) and all(self._beside)
        self.fields.setVisible(self._possible)
        if self._possible:
            self._build()
        self.show_finding(finding)

    def _who_is_beside(
        self, own_role: Role, allowers: Sequence[tuple[str, str, Role]]
    ) -> list[list[tuple[str, str, Role]]]:
        """For each person who is needed beside the one at the keyboard: who it can be."""
        finding = self.finding
        if finding.together:
            others = [one for one in finding.override_by if one != own_role.value]
            return [[who for who in allowers if who[2].value == role] for role in others]
        able = [one for one in allowers if may_allow(finding, one[2], own=False)]
        return [] if self._own else [able]

    def _build(self) -> None:
        for need in self.finding.needs:
            if need in _NEEDS:
                line = self.told[need] = TextLine()
                self.fields.add(need, _NEEDS[need], line, required=True)
                line.textEdited.connect(self.changed)
        self.fields.add(
            "allow_reason", "Why it is given all the same", self.reason,
            hint="A few words. They stand in the record.", required=True,
        )  # fmt: skip
        self.reason.textEdited.connect(self.changed)
        several = len(self._beside) > 1
        for number, able in enumerate(self._beside):
            self.allowers.append(Allower(self.fields, able, str(number) if several else ""))

    def show_finding(self, finding: Finding) -> None:
        """The same rule, with other words."""
        self.finding = finding
        self.what.setText(finding.what)
        self.why.setText(finding.why)
        lacking = bool(finding.override_by) and not self._possible
        self.who.setText(f"{finding.who} {_NOBODY}" if lacking else finding.who)
        self.next.setText(finding.next)
        self.setAccessibleName(f"Stop: {finding.text()}")

    def overrides(self) -> tuple[Override, ...]:
        """What was typed to allow it, by each who must; empty where not all of it is there."""
        if not self._possible or len(" ".join(self.reason.text().split())) < LEAST_REASON:
            return ()
        told = tuple((need, line.text()) for need, line in self.told.items())
        if any(len(text.strip()) < 3 for _, text in told):
            return ()
        rule, reason = self.finding.rule, self.reason.text()
        made = [Override(rule, reason, told)] if self._own else []
        for one in self.allowers:
            second = one.second()
            if second is None:
                return ()
            made.append(Override(rule, reason, told, second))
        return tuple(made)

    def ask(self) -> QWidget | None:
        """Say what is still missing beside its field; where the focus goes, None for nowhere."""
        if not self._possible:
            return None
        self.fields.clear_says()
        for need, line in self.told.items():
            if len(line.text().strip()) < 3:
                self.fields.frames[need].say("Write it in a few words.")
                return line
        if len(" ".join(self.reason.text().split())) < LEAST_REASON:
            self.fields.frames["allow_reason"].say("Write why, in a few words.")
            return self.reason
        return next(filter(None, (one.ask() for one in self.allowers)), None)

    def refused(self, problem: BaseException) -> bool:
        """Say a refusal beside whom it is about; False where it is about something else."""
        return any(one.refused(problem) for one in self.allowers)

    def forget(self) -> None:
        """Empty every password."""
        for one in self.allowers:
            one.password.clear()


class DoseStops(QWidget):
    """Every stop as a card, every warning as a line. `changed` when something was typed."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.cards: dict[str, StopCard] = {}
        self.warnings: list[QWidget] = []
        self._stops, self._warns = QVBoxLayout(), QVBoxLayout()
        self._stops.setSpacing(10)
        self._warns.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._stops)
        column.addLayout(self._warns)
        self.hide()

    def show_findings(
        self,
        findings: Iterable[Finding],
        own_role: Role,
        allowers: Sequence[tuple[str, str, Role]],
    ) -> bool:
        """Show these; what was typed beside a rule that still speaks stays. Whether a card came or
        went."""
        kept = list(findings)
        stops = {one.rule: one for one in kept if one.stops}
        gone = [rule for rule in self.cards if rule not in stops]
        for rule in gone:
            card = self.cards.pop(rule)
            self._stops.removeWidget(card)
            card.hide()
            card.deleteLater()
        fresh = [rule for rule in stops if rule not in self.cards]
        for rule, finding in stops.items():
            if rule in self.cards:
                self.cards[rule].show_finding(finding)
                continue
            card = self.cards[rule] = StopCard(self._desk, finding, own_role, allowers, self)
            card.changed.connect(self.changed)
            self._stops.addWidget(card)
        self._show_warnings([one for one in kept if one.level == "warn"])
        self.setVisible(bool(self.cards or self.warnings))
        return bool(gone or fresh)

    def clear(self) -> None:
        """Nothing speaks against it."""
        self.show_findings((), Role.NURSE, ())

    def overrides(self) -> tuple[Override, ...]:
        """What was typed to allow them."""
        return tuple(one for card in self.cards.values() for one in card.overrides())

    def ask(self) -> tuple[bool, QWidget | None]:
        """Whether a stop is not allowed yet, and where to go on."""
        for card in self.cards.values():
            if not card.overrides():
                return True, card.ask()
        return False, None

    def refused(self, problem: BaseException) -> bool:
        """Say a refusal beside whom it is about."""
        return any(card.refused(problem) for card in self.cards.values())

    def forget(self) -> None:
        """Empty every password."""
        for card in self.cards.values():
            card.forget()

    def _show_warnings(self, findings: Sequence[Finding]) -> None:
        for widget in self.warnings:
            self._warns.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.warnings = []
        for one in findings:
            line = _Warning(self._desk, warn_words(one), self)
            self._warns.addWidget(line)
            self.warnings.append(line)


class _Warning(Card):
    def __init__(self, desk: Desk, words: str, parent: QWidget) -> None:
        super().__init__(parent, margin=10, spacing=4, edge="warn")
        row = QHBoxLayout()
        row.setSpacing(8)
        text = plain_label(words, "", self)
        text.setWordWrap(True)
        row.addWidget(IconLabel(desk.theme, "warn", "warn", 16, self), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        self.column.addLayout(row)
        self.setAccessibleName(f"Attention: {words}")
