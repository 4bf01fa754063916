"""The record on the page: its session, whose parts may be filled, and how it gets into the store.

Everything typed passes through here: one gate to the form session, one way to the store.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from bt_desktop.clock import local_at
from bt_desktop.errors import KnownError
from bt_desktop.form_engine.session import FormSession
from bt_desktop.form_engine.views import FieldView, SectionView
from bt_desktop.services.results.records import OpenRecord, PartState, Saved
from bt_desktop.views.editors.moments import moment_of
from bt_desktop.views.feedback import log_fault
from bt_desktop.views.tasks import Lane, Tasks

if TYPE_CHECKING:
    from bt_desktop.form_engine.issues import Issue
    from bt_desktop.services.workspace import Workspace

log = logging.getLogger("bt_desktop.views")

SAVE_AFTER_MS = 250
"""A change waits at most this long before it is handed to the write lane (budget: one second)."""
RETRY_AFTER_MS = 2000
ONE_STROKE_MS = 1200
"""Keystrokes in one question that follow each other this fast are undone as one."""
_STATEMENT = "statement"
_NOTICE = "notice"
_REVIEW = "review"


class Draft(QObject):
    """One open record while it is being filled.

    Signals: `changed(frozenset of paths)` after each change, undo and redo; `saved(datetime)` when
    the store has acknowledged everything typed so far; `save_failed(BaseException)` when it could
    not (it is tried again, nothing is lost); `waiting` when something typed is not yet kept.
    """

    changed = Signal(object)
    saved = Signal(object)
    save_failed = Signal(object)
    waiting = Signal()

    def __init__(
        self,
        workspace: Workspace,
        tasks: Tasks,
        opened: OpenRecord,
        part_key: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.record = opened
        self.part_key = part_key
        self.people: dict[str, Any] = dict(opened.people)
        self._workspace = workspace
        self._tasks = tasks
        answers = dict(opened.answers)
        if part_key in opened.statements:
            answers.update(opened.statements[part_key])
        self.session = FormSession(
            opened.form,
            answers,
            now=workspace.clock.now,
            person_label=self.name_of,
            event_has=opened.event_has,
        )
        self._part_of = {s.name: s.part for s in opened.form.sections}
        self._keys = self._key_of_each_part()
        self._dirty: set[str] = set()
        self._since_typed = QElapsedTimer()
        self._under_way: dict[str, int] = {}
        self._last_saved: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)

    # --- who may fill what -----------------------------------------------------------------------

    def _key_of_each_part(self) -> dict[str, str]:
        keys = {p.part: p.key for p in self.record.parts if p.part != _STATEMENT}
        if self.part_key.startswith(_STATEMENT):
            keys[_STATEMENT] = self.part_key
        return keys

    def part_of(self, section: str) -> str:
        """The part a section belongs to."""
        return self._part_of[section]

    def part_state(self, part: str) -> PartState | None:
        """The state of the part on this page; None where this record has none (a log)."""
        key = self._keys.get(part)
        return next((p for p in self.record.parts if p.key == key), None)

    def is_log(self, section: str) -> bool:
        """Whether the section's rows are a living log beside the record."""
        return self._part_of[section] == _NOTICE

    def may_edit(self, section: str) -> bool:
        """Whether the person signed in may fill this section now."""
        state = self.part_state(self._part_of[section])
        return state is not None and state.state == "open" and state.may_edit

    def sections(self) -> tuple[SectionView, ...]:
        """The sections that this page shows, in reading order."""
        return self._shown(self.session.sections())

    def _shown(self, shown: tuple[SectionView, ...]) -> tuple[SectionView, ...]:
        if not self.part_key.startswith(_STATEMENT):
            return tuple(s for s in shown if s.part != _STATEMENT)
        return shown

    # --- what is asked of the session ------------------------------------------------------------

    def name_of(self, person_id: str) -> str:
        """The name behind an id, as far as it is known on this page."""
        person = self.people.get(person_id)
        return str(person.name) if person is not None else "someone not on the roster"

    def local(self, moment: datetime) -> datetime:
        """A moment in the offset of the clock that this page goes by."""
        return local_at(moment, self._workspace.clock.now())

    def now(self) -> datetime:
        """The moment, by the clock that this page goes by."""
        return self._workspace.clock.now()

    def event_date(self) -> date | None:
        """The day of the event, where it is known."""
        name = self.record.form.event_date
        value = self.session.view(f"/{name}").value if name else None
        day = moment_of("date", value)
        return day if isinstance(day, date) else None

    def subject_name(self) -> str:
        """The name of whom this is about; empty while nobody is chosen."""
        for asked in self.record.form.fields().values():
            if asked.type not in ("student", "staff") or not asked.required or asked.repeat:
                continue
            view = self.session.view(f"/{asked.name}")
            if view.relevant and not asked.is_multiple:
                typed = view.typed
                return self.name_of(typed) if isinstance(typed, str) and ":" in typed else ""
        return ""

    def open_issues(self) -> tuple[Issue, ...]:
        """What stands between the parts that one may fill here and their signatures."""
        return self._open(self.session.issues())

    def overview(self) -> tuple[tuple[SectionView, ...], tuple[Issue, ...]]:
        """`sections()` and `open_issues()` at once."""
        sections, issues = self.session.overview()
        return self._shown(sections), self._open(issues)

    def _open(self, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
        return tuple(
            issue
            for issue in issues
            if issue.severity == "error" and self._waits_here(issue.section)
        )

    def _waits_here(self, section: str) -> bool:
        """Whether the person may fill it; a review waits only once there is a report to review."""
        state = self.part_state(self._part_of[section])
        too_early = state is not None and state.part == _REVIEW and not state.may_sign
        return self.may_edit(section) and not too_early

    def view(self, path: str) -> FieldView:
        """What the session says of a field."""
        return self.session.view(path)

    def gist(self, path: str) -> tuple[object, ...]:
        """What of a question can show outside of it: its issue, whether it is answered, a sum."""
        try:
            view = self.session.view(path)
        except KeyError:
            return ()  # a row, or a question of a row that is gone
        code = view.issue.code if view.issue is not None else None
        answered = view.value is not None or bool(view.typed)
        shown = view.typed if view.field.calculation or view.field.type == "student" else ""
        return (code, view.relevant, answered, view.unknown_reason is None, bool(view.note), shown)

    def put(self, path: str, typed: Any, *, typing: bool = False) -> None:
        """Answer a question. `typing`: a keystroke, undone together with those just before it."""
        quick = self._since_typed.isValid() and self._since_typed.elapsed() < ONE_STROKE_MS
        self._since_typed.start()
        self._after(self.session.set(path, typed, merge=typing and quick))

    def put_unknown(self, path: str, reason: str) -> None:
        """Answer that it is not known, and why."""
        self._after(self.session.set_unknown(path, reason))

    def put_reason(self, path: str, reason: str) -> None:
        """Give the reason for a blank or for a warning."""
        self._after(self.session.set_reason(path, reason))

    def add_row(self, section: str) -> str:
        """Add a row at the end; returns its path."""
        row = self.session.add_row(section)
        self._after(frozenset({row}))
        return row

    def remove_row(self, row: str) -> None:
        """Take a row out; it can be brought back."""
        self.session.remove_row(row)
        self._after(frozenset({row}))

    def bring_back_row(self) -> str:
        """Put the row that was taken out last back in its place."""
        row = self.session.restore_row()
        self._after(frozenset({row}))
        return row

    def undo(self) -> bool:
        """Undo the last change; False where there is none."""
        if not self.session.can_undo:
            return False
        self._after(self.session.undo())
        return True

    def redo(self) -> bool:
        """Do again what was undone; False where there is nothing."""
        if not self.session.can_redo:
            return False
        self._after(self.session.redo())
        return True

    def know_log(self, section: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Take what the log beside the record holds by now: some questions depend on it."""
        self._after(self.session.take_rows(section, rows))

    def touched(self, paths: frozenset[str]) -> None:
        """The session was changed by other hands: keep it and tell the page."""
        self._after(paths)

    def _after(self, paths: Any) -> None:
        changed = frozenset(paths or ())
        touched = {self._keys.get(self._part_of.get(self.section_of(p), "")) for p in changed}
        editable = {p.key for p in self.record.parts if p.state == "open" and p.may_edit}
        self._dirty |= {key for key in touched if key in editable}
        if self._dirty and not self._timer.isActive():
            self._timer.start(SAVE_AFTER_MS)
            self.waiting.emit()
        self.changed.emit(changed)

    def section_of(self, path: str) -> str:
        """The section that a path (of a question, a row or a section) lies in; empty if none."""
        name = path.strip("/").split("/")[0]
        if "[" in name:
            return name.split("[")[0]
        if name in self._part_of:
            return name
        try:
            return self.record.form.field(name).section
        except (KeyError, ValueError):
            return ""

    # --- into the store --------------------------------------------------------------------------

    @property
    def last_saved(self) -> datetime | None:
        """When the store last acknowledged; None before the first time on this page."""
        return self._last_saved

    def is_saved(self) -> bool:
        """Whether the store has acknowledged everything typed so far."""
        return not self._dirty and not self._under_way

    @Slot()
    def flush(self) -> None:
        """Hand what is not yet saved to the write lane now. Does not wait."""
        self._timer.stop()
        waiting = sorted(self._dirty - set(self._under_way))
        if not waiting:
            if self._dirty:
                self._timer.start(SAVE_AFTER_MS)
            return
        answers = self.session.answers()
        for key in waiting:
            self._save(key, answers)

    def flush_for_lock(self) -> None:
        """As `flush`, but a save already under way does not hold back what was typed since.

        The write lane keeps the order, so the newest answers are written last.
        """
        self._timer.stop()
        answers = self.session.answers()
        for key in sorted(self._dirty):
            self._save(key, answers)

    def _save(self, key: str, answers: Mapping[str, Any]) -> None:
        self._dirty.discard(key)
        self._under_way[key] = self._under_way.get(key, 0) + 1
        records, record_id = self._workspace.records, self.record.id
        self._tasks.run(
            self,
            lambda: records.save_draft(record_id, key, answers),
            lambda saved: self._acknowledged(key, saved),
            lambda problem: self._refused(key, problem),
            lane=Lane.WRITE,
        )

    def _acknowledged(self, key: str, saved: Saved) -> None:
        self._settle(key)
        self._last_saved = saved.at
        if self._dirty:
            self.flush()
        if self.is_saved():
            self.saved.emit(saved.at)

    def _refused(self, key: str, problem: BaseException) -> None:
        self._settle(key)
        self._dirty.add(key)
        if not isinstance(problem, KnownError):
            log_fault(problem)
        self._timer.start(RETRY_AFTER_MS)
        self.save_failed.emit(problem)

    def _settle(self, key: str) -> None:
        left = self._under_way.get(key, 0) - 1
        if left > 0:
            self._under_way[key] = left
        else:
            self._under_way.pop(key, None)
