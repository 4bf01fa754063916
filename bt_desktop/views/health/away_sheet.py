"""Sheets for students who are not at school: enter it, for one or for many; take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.away_groups import StudentGroup
from bt_desktop.services.health.away_model import AWAY_WORDS, AwayKind, NewAway
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.order_parts import box_of
from bt_desktop.views.health.who_goes import WhoGoes
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_NO_REASON = "Why a student is ill is not asked: everybody on the staff sees this."


class DaysSheet(Sheet):
    """What an absence and a trip share: who, which days, which times."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        title: str,
        deed: str,
        today: date,
        groups: Sequence[StudentGroup],
        names: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, title, deed, parent, wide=560)
        self._workspace, self._today = workspace, today
        self.who = WhoGoes(desk, workspace, groups, names)
        self.first, self.last = DayLine(today, today), DayLine(today, today)
        self.leaves, self.returns = line(hint="9:00 am"), line(hint="2:00 pm")

    def add_days(self) -> None:
        """The fields of days and times."""
        self.add("first", "First day", self.first, required=True)
        self.add("last", "Last day", self.last, required=True)
        self.pair("first", "last")
        self.add("leaves", "Leaves at", self.leaves)
        self.add("returns", "Comes back at", self.returns)
        self.pair("leaves", "returns")

    def chosen(self) -> tuple[str, ...]:
        """Who was chosen; nobody: the field says so."""
        ids = self.who.ids()
        if not ids:
            self.frames["who"].say("Choose the student, or a whole class.")
        return ids

    def typed_day(self, key: str, editor: DayLine) -> date | None:
        """A day; None, and why beside the field, where it cannot be read or is blank."""
        return self.frames[key].read(editor.day, "Write the day.")

    def typed_time(self, key: str, text: str) -> tuple[bool, time | None]:
        """Whether the time can be read, and it."""
        now = datetime.combine(self._today, time(12))
        try:
            return True, read_clock(text, now)
        except ValueError as wrong:
            self.frames[key].say(str(wrong))
            return False, None


class AwaySheet(DaysSheet):
    """An absence, an early pickup, a late arrival."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        today: date,
        groups: Sequence[StudentGroup],
        names: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, workspace, "Not at school", "Enter it", today, groups, names, parent)
        self.kind = Choice()
        kinds: tuple[AwayKind, ...] = ("absent", "early", "late")
        self.kind.fill([(AWAY_WORDS[one], one) for one in kinds], "absent")
        self.add("who", "Who?", self.who, required=True)
        self.add("kind", "What?", self.kind, required=True)
        self.add_days()
        self.column.addWidget(Muted(_NO_REASON, self))
        self.kind.currentIndexChanged.connect(self._show_kind)
        self.first.textEdited.connect(self.last.setText)
        self._show_kind()
        self.on_save(self._collect_away)

    def _show_kind(self) -> None:
        kind = self.kind.currentData()
        self.frames["leaves"].setVisible(kind == "early")
        self.frames["returns"].setVisible(kind == "late")
        self.frames["last"].setVisible(kind == "absent")
        for key in ("leaves", "returns"):
            self.frames[key].set_required(True)

    def _collect_away(self) -> Callable[[], Any] | None:
        ids, kind = self.chosen(), self.kind.currentData()
        first = self.typed_day("first", self.first)
        last = self.typed_day("last", self.last) if kind == "absent" else first
        leaves_fits, leaves = self.typed_time("leaves", self.leaves.text())
        returns_fits, returns = self.typed_time("returns", self.returns.text())
        if not ids or first is None or last is None or not (leaves_fits and returns_fits):
            return None
        new = NewAway(
            kind,
            first,
            last,
            leaves if kind == "early" else None,
            returns if kind == "late" else None,
        )
        away = self._workspace.health.away
        return lambda: away.add(ids, new)


class BackSheet(Sheet):
    """Take an entry back, with a reason."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        about: str,
        away_ids: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Take it back", "Take it back", parent)
        self._workspace, self._ids = workspace, tuple(away_ids)
        self.column.addWidget(Muted(f"{about}. Both, the entry and its end, stay on record.", self))
        self.reason = box_of("")
        self.add("reason", "Why?", self.reason, required=True)
        self.on_save(self._collect_back)

    def _collect_back(self) -> Callable[[], Any] | None:
        reason, away = self.reason.toPlainText(), self._workspace.health.away
        if len(" ".join(reason.split())) < 5:
            self.frames["reason"].say("Say in a few words why.")
            return None
        return lambda: away.take_back(self._ids, reason)
