"""The log of calls and letters to the parent: rows are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.form_engine.definition import say
from bt_desktop.form_engine.views import SectionView
from bt_desktop.services.call_sheet import told_of
from bt_desktop.services.problems import Unfinished
from bt_desktop.services.results.calls import CallSheet
from bt_desktop.services.results.records import Notice
from bt_desktop.views.desk import Desk
from bt_desktop.views.editors import EditorContext
from bt_desktop.views.form_rows import row_sentence
from bt_desktop.views.form_section import FieldColumn
from bt_desktop.views.notice_row import NoticeRow
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, PageTitle, plain_label
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.results.people import PersonHit
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.form_draft import Draft
    from bt_desktop.views.form_field import FieldBlock


class NoticePane(QWidget):
    """The section of notices: what is in the log, and one new row to add."""

    added = Signal()

    def __init__(
        self,
        draft: Draft,
        section: SectionView,
        context: EditorContext,
        desk: Desk,
        workspace: Workspace,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = section.name
        self._draft = draft
        self._family: tuple[PersonHit, ...] = ()
        self._context = replace(context, family=lambda: self._family)
        self._desk, self._workspace = desk, workspace
        self.notices: tuple[Notice, ...] = ()
        self._guardians: dict[str, Mapping[str, Any]] = {}
        self.new: NoticeRow | None = None
        self.column: FieldColumn | None = None
        self.form: Card | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(PageTitle(say(section.label), self))
        definition = draft.record.form.section(section.name)
        hint = say(definition.hint) if definition.hint else ""
        words = Muted(
            f"{hint} Every attempt counts. What is added stays as it is.".strip(),
            self,
        )
        words.setObjectName("mutedBody")
        box.addWidget(words)
        self._log = QVBoxLayout()
        self._log.setSpacing(8)
        box.addLayout(self._log)
        self._form_slot = QVBoxLayout()
        box.addLayout(self._form_slot)
        self.add_button = SecondaryButton("+ Log a call or letter", self)
        self.add_button.clicked.connect(self.begin)
        self.add_button.setVisible("add_notice" in draft.record.may)
        line = QHBoxLayout()
        line.addWidget(self.add_button)
        line.addStretch(1)
        box.addLayout(line)
        box.addStretch(1)
        self.reload()

    # --- the log ---------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the log anew."""
        records, record_id = self._workspace.records, self._draft.record.id
        self._desk.tasks.run(self, lambda: records.notices(record_id), self._show)
        if "add_notice" in self._draft.record.may:
            begin = records.begin_notice
            self._desk.tasks.run(self, lambda: begin(record_id), self._know, lambda _: None)

    def _know(self, sheet: CallSheet) -> None:
        """Keep what the roster has of the guardians: they are offered first, and what is known of
        the one who is named is filled in."""
        self._guardians.update({one.id: told_of(one) for one in sheet.guardians})
        self._family = tuple(
            replace(sheet.people[one.id], title=", ".join(filter(None, (one.relation, one.phone))))
            for one in sheet.guardians
            if one.id in sheet.people
        )
        for key, person in sheet.people.items():
            self._draft.people.setdefault(key, person)

    def _show(self, notices: tuple[Notice, ...]) -> None:
        self.notices = notices
        self._draft.know_log(self.name, [notice.row for notice in notices])
        while self._log.count():
            item = self._log.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.deleteLater()
        if not notices:
            self._log.addWidget(Muted("Nothing is in the log yet. Add the first attempt.", self))
        for number, notice in enumerate(notices, 1):
            self._log.addWidget(self._card(number, notice))

    def _row_of(self, row: Mapping[str, Any], *, editable: bool) -> NoticeRow:
        draft = self._draft
        return NoticeRow(
            draft.record.form,
            draft.session.answers(),
            self.name,
            row,
            editable=editable,
            now=self._workspace.clock.now,
            name_of=draft.name_of,
            guardians=self._guardians,
        )

    def _card(self, number: int, notice: Notice) -> Card:
        row = self._row_of(notice.row, editable=False)
        first, second = row_sentence(row, self.name, row.path)  # type: ignore[arg-type]  # a row stands in for the draft
        card = Card(self, spacing=2)
        words = plain_label(f"{number}. {first}", "strong", card)
        words.setWordWrap(True)
        card.column.addWidget(words)
        when = moment_words(notice.at, self._workspace.clock.now())
        logged = f"logged {when} by {notice.by_name}"
        card.column.addWidget(Muted(" · ".join(p for p in (second, logged) if p), card))
        card.setAccessibleName(words.text())
        return card

    # --- a new row -------------------------------------------------------------------------------

    def begin(self, row: Mapping[str, Any] | None = None) -> None:
        """Open the form for one row."""
        self._close_form()
        self.new = self._row_of(row or {}, editable=True)
        self.new.changed = self._changed
        self.form = Card(self, accent=True, spacing=18)
        paths = [p for p in self.new.session.paths(self.name) if p.startswith(self.new.path)]
        self.column = FieldColumn(self.new, paths, self._context, self.form)  # type: ignore[arg-type]  # a row stands in for the draft
        self.form.column.addWidget(self.column)
        add, drop = PrimaryButton("Add to the log", self.form), SecondaryButton("Cancel", self.form)
        add.clicked.connect(self.add)
        drop.clicked.connect(self._close_form)
        line = QHBoxLayout()
        line.addWidget(add)
        line.addWidget(drop)
        line.addStretch(1)
        self.form.column.addLayout(line)
        self._form_slot.addWidget(self.form)
        self.add_button.hide()
        target = self.first_focus()
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def add(self) -> None:
        """Put the row into the log; what is missing is said beside the questions."""
        if self.new is None or self.form is None:
            return
        records, record_id, row = self._workspace.records, self._draft.record.id, self.new.row()
        self.form.setEnabled(False)
        self._desk.tasks.run(
            self, lambda: records.add_notice(record_id, row), self._added, self._refused
        )

    def _added(self, _notice: Notice) -> None:
        self._close_form()
        self.reload()
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.added.emit()

    def _refused(self, problem: BaseException) -> None:
        if self.form is not None:
            self.form.setEnabled(True)
        if isinstance(problem, Unfinished):
            for block in self.blocks().values():
                block.visited = block.blank_counts = True
                block.refresh()
            return
        if isinstance(problem, KnownError):
            self._desk.feedback.report(self, problem)
            return
        raise problem

    def _close_form(self) -> None:
        if self.form is not None:
            self.settle()
            self._form_slot.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self.form = self.column = self.new = None
        self.add_button.setVisible("add_notice" in self._draft.record.may)

    def _changed(self, paths: frozenset[str]) -> None:
        if self.column is not None:
            self.column.refresh(paths)

    # --- as a pane -------------------------------------------------------------------------------

    def typed_row(self) -> dict[str, Any] | None:
        """The row that is being written, kept while the program is locked."""
        return self.new.row() if self.new is not None else None

    def put_row(self, row: Mapping[str, Any]) -> None:
        """Go on writing this row."""
        self.begin(row)

    def blocks(self) -> dict[str, FieldBlock]:
        """The questions of the new row."""
        return dict(self.column.blocks) if self.column is not None else {}

    def settle(self) -> None:
        """Close what editors have open."""
        for block in self.blocks().values():
            block.editor.settle()

    def first_focus(self) -> QWidget | None:
        """The first question of the new row, or the button that begins one."""
        for block in self.blocks().values():
            if not block.isHidden():
                return block.editor.focus_target()
        return self.add_button
