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


class StopCard(Card):
    """One rule that stops the dose. `override()` is what was typed to allow it."""

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
        self._able = [one for one in allowers if may_allow(finding, one[2], own=False)]
        self.what = plain_label("", "strong", self)
        self.why, self.who, self.next = Muted("", self), Muted("", self), plain_label("", "", self)
        for label in (self.what, self.next):
            label.setWordWrap(True)
        for label in (self.what, self.why, self.who, self.next):
            self.column.addWidget(label)
        self.fields = FieldColumn(desk.theme, self)
        self.column.addWidget(self.fields)
        self.told: dict[str, TextLine] = {}
        self.by, self.password, self.reason = Choice(), PasswordLine(), TextLine()
        self._build()
        self.show_finding(finding)

    def _build(self) -> None:
        finding = self.finding
        possible = bool(finding.override_by) and (self._own or bool(self._able))
        self.fields.setVisible(possible)
        if not possible:
            return
        for need in finding.needs:
            if need in _NEEDS:
                line = self.told[need] = TextLine()
                self.fields.add(need, _NEEDS[need], line, required=True)
                line.textEdited.connect(self.changed)
        self.fields.add(
            "allow_reason", "Why it is given all the same", self.reason,
            hint="A few words. They stand in the record.", required=True,
        )  # fmt: skip
        self.reason.textEdited.connect(self.changed)
        if self._own:
            return
        rows: list[tuple[str, object]] = [(name, user) for user, name, _ in self._able]
        self.by.fill([("Choose who allows it", ""), *rows], "")
        self.fields.add("allow_by", "Who allows it", self.by, required=True)
        self.fields.add("allow_password", "Their password", self.password, required=True)

    def show_finding(self, finding: Finding) -> None:
        """The same rule, with other words."""
        self.finding = finding
        self.what.setText(finding.what)
        self.why.setText(finding.why)
        lacking = bool(finding.override_by) and not (self._own or self._able)
        self.who.setText(f"{finding.who} {_NOBODY}" if lacking else finding.who)
        self.next.setText(finding.next)
        self.setAccessibleName(f"Stop: {finding.text()}")

    def override(self) -> Override | None:
        """What was typed to allow it; None where not all of it is there."""
        if self.fields.isHidden() or len(" ".join(self.reason.text().split())) < LEAST_REASON:
            return None
        told = tuple((need, line.text()) for need, line in self.told.items())
        if any(len(text.strip()) < 3 for _, text in told):
            return None
        if self._own:
            return Override(self.finding.rule, self.reason.text(), told)
        who = str(self.by.currentData() or "")
        if not who or not self.password.text():
            return None
        second = Second(who, self.password.text())
        return Override(self.finding.rule, self.reason.text(), told, second)

    def ask(self) -> QWidget | None:
        """Say what is still missing beside its field; where the focus goes, None for nowhere."""
        if self.fields.isHidden():
            return None
        self.fields.clear_says()
        for need, line in self.told.items():
            if len(line.text().strip()) < 3:
                self.fields.frames[need].say("Write it in a few words.")
                return line
        if len(" ".join(self.reason.text().split())) < LEAST_REASON:
            self.fields.frames["allow_reason"].say("Write why, in a few words.")
            return self.reason
        if not self._own and not self.by.currentData():
            self.fields.frames["allow_by"].say("Choose who allows it.")
            return self.by
        if not self._own and not self.password.text():
            self.fields.frames["allow_password"].say("Let them type their own password.")
            return self.password.edit
        return None

    def refused(self, problem: BaseException) -> bool:
        """Say a refusal beside whom it is about; False where it is about something else."""
        who = str(self.by.currentData() or "")
        if self._own or not who or self.fields.isHidden():
            return False
        if isinstance(problem, WrongPassword) and problem.user_id == who:
            self.password.clear()
            self.fields.frames["allow_password"].say(str(problem))
            self.password.edit.setFocus()
            return True
        if isinstance(problem, WitnessRefused):
            self.fields.frames["allow_by"].say(problem.remedy)
            self.by.setFocus()
            return True
        return False

    def forget(self) -> None:
        """Empty the password."""
        self.password.clear()


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
        found = (card.override() for card in self.cards.values())
        return tuple(one for one in found if one is not None)

    def ask(self) -> tuple[bool, QWidget | None]:
        """Whether a stop is not allowed yet, and where to go on."""
        for card in self.cards.values():
            if card.override() is None:
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
