"""One attempt to tell a parent, as a session of its own beside the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bt_desktop.form_engine.session import FormSession
from bt_desktop.form_engine.views import FieldView

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Form

_FILLED = ("notice_relation", "notice_number", "notice_language")
"""What the roster knows of the guardian who is named; each can be typed over."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """As much of a record as a question looks at."""

    form: Form


class NoticeRow:
    """One row of the log. `guardians` are what the roster knows of each by id (see `told_of`):
    naming one fills in what is still blank, or what the one named before had filled in."""

    def __init__(  # a row stands in for a whole draft
        self,
        form: Form,
        answers: Mapping[str, Any],
        section: str,
        row: Mapping[str, Any],
        *,
        editable: bool,
        now: Callable[[], datetime],
        name_of: Callable[[str], str],
        guardians: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.record = _Asked(form)
        self.name_of = name_of
        self._section = section
        self._editable = editable
        self._guardians = guardians or {}
        self._offered: dict[str, Any] = {}
        self.session = FormSession(
            form, {**answers, section: [dict(row)]}, now=now, person_label=name_of
        )
        self._offered = {name: row[name] for name in _FILLED if name in row}
        self.changed: Callable[[frozenset[str]], None] | None = None

    @property
    def path(self) -> str:
        """The path of the row."""
        return f"/{self._section}[1]"

    def at(self, name: str) -> str:
        """The path of a question of the row."""
        return f"{self.path}/{name}"

    def may_edit(self, section: str) -> bool:
        """Whether this row is being written (a row of the log is only read)."""
        return self._editable and section == self._section

    def view(self, path: str) -> FieldView:
        """What the session says of a field."""
        return self.session.view(path)

    def put(self, path: str, typed: Any, *, typing: bool = False) -> None:
        """Answer a question of the row; naming a guardian fills in what is known of them."""
        touched = set(self.session.set(path, typed, merge=typing))
        if path == self.at("notice_person"):
            touched |= self._fill(self._guardians.get(str(typed or ""), {}))
        self._after(touched)

    def _fill(self, told: Mapping[str, Any]) -> set[str]:
        touched: set[str] = set()
        for name in _FILLED:
            if name not in self.record.form.fields():
                continue
            stands = self.session.view(self.at(name)).typed or ""
            if stands and stands != self._offered.get(name):
                continue  # typed by hand: it stays
            value = told.get(name, "")
            if value != stands:
                touched |= set(self.session.set(self.at(name), value or None))
            self._offered[name] = value
        return touched

    def put_unknown(self, path: str, reason: str) -> None:
        """Answer that it is not known, and why."""
        self._after(self.session.set_unknown(path, reason))

    def put_reason(self, path: str, reason: str) -> None:
        """Give the reason for a blank or a warning."""
        self._after(self.session.set_reason(path, reason))

    def row(self) -> dict[str, Any]:
        """The row as it is kept."""
        rows = self.session.answers().get(self._section) or [{}]
        return dict(rows[0])

    def _after(self, paths: Iterable[str]) -> None:
        if self.changed is not None:
            self.changed(frozenset(paths or ()))
