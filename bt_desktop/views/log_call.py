"""The quick sheet for one call: whom, what came of it, done. From home, a deadline or a record.

A routine call is three keys: the sheet opens on "What came of it?" with everything else filled in
(the first guardian, their number and language, by phone, now, by whoever is signed in), an arrow
and Space choose the outcome, Ctrl+Enter adds it. What is there besides can be typed over.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.clock import local_at
from bt_desktop.errors import KnownError
from bt_desktop.paper.languages import language_name
from bt_desktop.services.call_sheet import told_of
from bt_desktop.services.problems import Unfinished
from bt_desktop.views.editors.moments import moment_of
from bt_desktop.views.editors.protocol import EditorContext
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.form_section import FieldColumn
from bt_desktop.views.notice_row import NoticeRow
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import Muted, SectionTitle, UnderChoice, plain_label
from bt_desktop.views.widgets.when import clock_words, day_words

if TYPE_CHECKING:
    from bt_desktop.services.results.calls import CallSheet
    from bt_desktop.services.results.people import Guardian, PersonHit
    from bt_desktop.services.results.records import Notice
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

_FIRST = (
    "notice_outcome",
    "notice_language",
    "notice_interpreter",
    "notice_interpreter_name",
    "notice_note",
    "notice_decision",
    "notice_decision_other",
    "notice_paper_home",
)
"""What a call has to say, in the order in which it is asked; the rest stands filled in below."""


def open_log_call(
    desk: Desk,
    workspace: Workspace,
    record_id: str,
    parent: QWidget,
    done: Callable[[Notice], None] | None = None,
) -> LogCall:
    """Open the sheet for a record over `parent`; `done` gets the row once it is in the log."""
    sheet = LogCall(desk, workspace, record_id, parent)
    if done is not None:
        sheet.logged.connect(done)
    sheet.open()
    return sheet


class LogCall(QDialog):
    """Logs one attempt. `logged(Notice)` once it is kept, `ready` once the sheet can be filled."""

    logged = Signal(object)
    ready = Signal()

    def __init__(
        self, desk: Desk, workspace: Workspace, record_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._workspace, self._record_id = desk, workspace, record_id
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle("Log a call")
        self.sheet: CallSheet | None = None
        self.row: NoticeRow | None = None
        self.choices: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self.columns: list[FieldColumn] = []
        self.banner = Banner(desk.theme, self)
        self.about = Muted("Looking up whom to call…", self)
        self.add_button = PrimaryButton("&Add to the log", self)
        self.add_button.setAccessibleDescription("Key: Ctrl+Enter")
        self.add_button.clicked.connect(self.add)
        self.more_button = LinkButton("", self)
        self.more_button.clicked.connect(self.show_more)
        self.more_button.hide()
        self._more: QWidget | None = None
        self._lay_out()
        records = workspace.records
        desk.tasks.run(self, lambda: records.begin_notice(record_id), self._begin, self._failed)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("ground")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(4, 4, 12, 4)
        self.column.setSpacing(16)
        scroll = Scroll(self)
        scroll.setWidget(inner)
        cancel = SecondaryButton("Cancel", self)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(Muted("Ctrl+Enter adds it. What is added stays as it is.", self), 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.add_button)
        self.setTabOrder(cancel, self.add_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(22, 20, 14, 18)
        box.setSpacing(8)
        box.addWidget(SectionTitle("Log a call", self))
        box.addWidget(self.about)
        box.addWidget(self.banner)
        box.addWidget(scroll, 1)
        box.addLayout(buttons)
        self.add_button.setEnabled(False)
        px = self._desk.theme.px
        over = self.parentWidget()
        window = over.window() if over is not None else None
        high = px(640) if window is None else min(px(640), max(360, window.height() - 60))
        wide = px(560) if window is None else min(px(560), max(400, window.width() - 40))
        self.resize(wide, high)

    # --- filling ---------------------------------------------------------------------------------

    def _begin(self, sheet: CallSheet) -> None:
        self.sheet = sheet
        now = self._workspace.clock.now()
        day = day_words(local_at(sheet.event_at, now).date()) if sheet.event_at else ""
        about = [sheet.student, sheet.title, sheet.number, day]
        self.about.setText(" · ".join(part for part in about if part))
        self.row = NoticeRow(
            sheet.form,
            sheet.answers,
            sheet.section,
            sheet.row,
            editable=True,
            now=self._workspace.clock.now,
            name_of=lambda i: sheet.people[i].name if i in sheet.people else "",
            guardians={one.id: told_of(one) for one in sheet.guardians},
        )
        self.row.changed = self._changed
        self.column.addWidget(self._who(sheet))
        self._ask(sheet, self.row)
        self.column.addStretch(1)
        self.add_button.setEnabled(True)
        self._focus("notice_outcome")
        self.ready.emit()

    def _who(self, sheet: CallSheet) -> QWidget:
        holder = QWidget(self)
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        asked = plain_label("Who was called?", "fieldLabel", holder)
        box.addWidget(asked)
        for guardian in sheet.guardians:
            box.addWidget(self._choice(guardian, holder))
            if guardian.no_contact:
                why = "▲ There is a no-contact order or note for this person."
                choice = self.choices[guardian.id]
                box.addWidget(UnderChoice(why, choice, holder, name="warnText"))
        other = QRadioButton("Somebody else", holder)
        other.toggled.connect(lambda on: self._somebody_else() if on else None)
        self._group.addButton(other)
        self.choices[""] = other
        box.addWidget(other)
        chosen = self.choices.get(str(sheet.row.get("notice_person", "")), other)
        chosen.setChecked(True)
        asked.setBuddy(chosen)
        return holder

    def _choice(self, guardian: Guardian, holder: QWidget) -> QRadioButton:
        about = ", ".join(
            part
            for part in (
                guardian.relation,
                guardian.phone,
                language_name(guardian.language),
                "needs an interpreter" if guardian.needs_interpreter else "",
            )
            if part
        )
        words = f"{guardian.name} · {about}" if about else guardian.name
        choice = QRadioButton(words.replace("&", "&&"), holder)
        choice.setAccessibleName(words)
        choice.toggled.connect(lambda on: self._call(guardian.id) if on else None)
        self._group.addButton(choice)
        self.choices[guardian.id] = choice
        return choice

    def _ask(self, sheet: CallSheet, row: NoticeRow) -> None:
        paths = [p for p in row.session.paths(sheet.section) if p.startswith(row.path + "/")]
        names = {path.rpartition("/")[2]: path for path in paths}
        first = [names[name] for name in _FIRST if name in names]
        rest = [path for path in paths if path not in first]
        context = self._context(sheet)
        column = FieldColumn(row, first, context, self)  # type: ignore[arg-type]  # a row stands in for the draft
        self.columns.append(column)
        self.column.addWidget(column)
        column.show()  # at once: what is not to be seen yet loses the focus to what is
        self._more = FieldColumn(row, rest, context, self)  # type: ignore[arg-type]  # as above
        self.columns.append(self._more)
        self.column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._more)
        self._more.hide()
        self.more_button.show()
        self._tell_more()

    def _context(self, sheet: CallSheet) -> EditorContext:
        people = self._workspace.people

        def search(
            text: str, kinds: tuple[str, ...], done: Callable[[tuple[PersonHit, ...]], None]
        ) -> None:
            self._desk.tasks.latest(self, "people", lambda: people.search(text, kinds), done)  # type: ignore[arg-type]  # kinds are PersonKind words

        return EditorContext(
            now=self._workspace.clock.now, people=dict(sheet.people), search=search
        )

    # --- typing ----------------------------------------------------------------------------------

    def _call(self, guardian_id: str) -> None:
        if self.row is not None:
            self.row.put(self.row.at("notice_person"), guardian_id)

    def _somebody_else(self) -> None:
        if self.row is not None and self._more is not None:
            self.row.put(self.row.at("notice_person"), None)
            self.show_more()
            self._focus("notice_person")

    def _changed(self, paths: frozenset[str]) -> None:
        for column in self.columns:
            column.refresh(paths)
        self._tell_more()

    def _tell_more(self) -> None:
        """The filled-in rest as one line, which opens it."""
        if self.row is None or self.sheet is None:
            return
        said = []
        for name in ("notice_number", "notice_date", "notice_time", "notice_by"):
            if name in self.sheet.form.fields():
                view = self.row.view(self.row.at(name))
                moment = moment_of(view.field.type, view.value)
                known = self.sheet.people.get(str(view.typed or ""))
                said.append(known.name if known is not None else _words(moment, view.typed))
        self.more_button.setText("Change: " + " · ".join(filter(None, said)))
        self.more_button.setAccessibleName("Change number, date, time and by whom")

    @Slot()
    def show_more(self) -> None:
        """Open the rest: number, date, time, by whom."""
        if self._more is not None and self._more.isHidden():
            self._more.show()
            self.more_button.hide()

    def _focus(self, name: str) -> None:
        for column in self.columns:
            for path, block in column.blocks.items():
                if path.endswith("/" + name):
                    block.editor.focus_target().setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.add()
            return  # Enter in a line is not "add": people press it to go on
        super().keyPressEvent(event)

    # --- done ------------------------------------------------------------------------------------

    @Slot()
    def add(self) -> None:
        """Put it into the log; what is missing is said beside the questions."""
        if self.row is None or not self.add_button.isEnabled():
            return
        for column in self.columns:
            for block in column.blocks.values():
                block.editor.settle()
        self.banner.clear()
        self.add_button.setEnabled(False)
        records, record_id, row = self._workspace.records, self._record_id, self.row.row()
        self._desk.tasks.run(
            self, lambda: records.add_notice(record_id, row), self._added, self._refused
        )

    def _added(self, notice: Notice) -> None:
        self.logged.emit(notice)
        self.accept()

    def _refused(self, problem: BaseException) -> None:
        self.add_button.setEnabled(True)
        if not isinstance(problem, Unfinished):
            self._failed(problem)
            return
        wrong = {issue.path.rpartition("/")[2] for issue in problem.issues}
        if wrong - set(_FIRST):
            self.show_more()
        for column in self.columns:
            for block in column.blocks.values():
                block.visited = block.blank_counts = True
                block.refresh()
        self._focus(next(iter(sorted(wrong, key=_place))))

    def _failed(self, problem: BaseException) -> None:
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)


def _words(moment: date | time | None, typed: object) -> str:
    """A day and a time as people say them; the rest as it was typed."""
    if isinstance(moment, datetime | time):
        return clock_words(moment)
    return day_words(moment) if moment is not None else str(typed or "")


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
