"""The page on which a record is filled: sections, one column of questions, what matters now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QWidget,
)
from shiboken6 import isValid

from bt_desktop.errors import KnownError
from bt_desktop.form_engine.definition import say
from bt_desktop.services.problems import PurposeNeeded
from bt_desktop.services.results.people import Person
from bt_desktop.services.results.records import OpenRecord
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone
from bt_desktop.views.form_alerts import FormAlerts
from bt_desktop.views.form_context import make_context
from bt_desktop.views.form_deeds import Deeds
from bt_desktop.views.form_draft import Draft
from bt_desktop.views.form_event_side import EventSide
from bt_desktop.views.form_facts import facts_of, note_of
from bt_desktop.views.form_find import places_of
from bt_desktop.views.form_frame import FormFrame
from bt_desktop.views.form_notices import NoticePane
from bt_desktop.views.form_place import go_back, place_of
from bt_desktop.views.form_prefill import fill_from_roster, subject_path
from bt_desktop.views.form_section import SectionPane
from bt_desktop.views.head_chips import open_check
from bt_desktop.views.purpose_sheet import PurposeSheet, ask_purpose
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.layouts import settle_layouts
from bt_desktop.views.widgets.tab_order import first_stop

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.form_field import FieldBlock


_OVERRIDE = "override"


class FormPage(FormFrame):
    """The page of one record (`desk.RecordPage`).

    `part_key` names the part to begin in; left out, it is the first that the person signed in may
    fill. Signals: `foot(left, right)`, `left_page`, `ready` once the record is on the page,
    `refused(problem)` when it could not be opened, `other_asked(record_id)` to go to another.
    """

    foot = Signal(str, str)
    left_page = Signal()
    ready = Signal()
    refused = Signal(object)
    other_asked = Signal(str)

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        part_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, parent)
        self.workspace, self.record_id = workspace, record_id
        self.draft: Draft | None = None
        self.pane: SectionPane | NoticePane | None = None
        self.part_key = part_key
        self._pending_place: Mapping[str, Any] | None = None
        self._section = ""
        self.open_rows: set[str] = set()
        self.visited: set[str] = set()
        self._over: Callable[[Draft], QWidget] | None = None
        self._left_at: QWidget | None = None
        self._subject_path = ""
        self._subject: object = None
        self._gists: dict[str, tuple[object, ...]] = {}
        self.event_side = EventSide(self)
        self.asked_for: PurposeSheet | None = None
        self.deeds = Deeds(self)
        self.alerts = FormAlerts(self)
        self._slot.setSpacing(16)
        self._slot.insertWidget(0, self.deeds.versions.top)
        self._slot.addWidget(self.alerts.note)
        self._connect_parts()
        self._make_keys()
        self.reload()

    # --- building --------------------------------------------------------------------------------

    def _connect_parts(self) -> None:
        self._side_timer.timeout.connect(self.update_side)
        self.sidebar.chosen.connect(self.open_section)
        self.aside.jumped.connect(self.jump)
        self.finder.chosen.connect(self.jump)
        self.head_chips.asked.connect(partial(open_check, self))
        self.head.back_asked.connect(self.left_page)
        self.head.asked.connect(self.deeds.do)

    def _make_keys(self) -> None:
        keys = {
            "Ctrl+Return": self.next_section,
            "Ctrl+Enter": self.next_section,
            "Ctrl+Shift+Return": self.previous_section,
            "Ctrl+Shift+Enter": self.previous_section,
            "Ctrl+F": self.open_find,
            "Shift+F1": self.open_why,
        }
        for key, slot in keys.items():
            self._key(QKeySequence(key), slot)
        self._key(QKeySequence(QKeySequence.StandardKey.Undo), self.undo)
        self._key(QKeySequence("Ctrl+Y"), self.redo)
        self._key(QKeySequence("Ctrl+Shift+Z"), self.redo)

    def _key(self, sequence: QKeySequence, slot: Any) -> None:
        shortcut = QShortcut(sequence, self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)

    # --- opening ---------------------------------------------------------------------------------

    def reload(self) -> None:
        """Open the record (again): its parts, states and answers as the store has them now."""
        self.flush()  # the write lane keeps the order: what is typed is kept before it is read
        records, record_id = self.workspace.records, self.record_id
        self.desk.tasks.run(
            self, lambda: records.open(record_id), self._show_record, self._not_opened
        )

    def _not_opened(self, problem: BaseException) -> None:
        """Say why the record is not on the page; what is on it already stays."""
        if isinstance(problem, PurposeNeeded):
            self.asked_for = ask_purpose(
                self.desk, self.workspace, problem, self, then=self.reload,
                otherwise=self.left_page.emit,
            )  # fmt: skip
            return
        if self.draft is not None or not isinstance(problem, KnownError):
            self.desk.feedback.report(self, problem)
            return
        self._opening.setText(str(problem))
        self.refused.emit(problem)

    def _show_record(self, opened: OpenRecord) -> None:
        key = self.part_key or first_part(opened)
        if self.draft is not None:
            self.draft.deleteLater()
        self.draft = Draft(self.workspace, self.desk.tasks, opened, key, self)
        self.draft.changed.connect(self._changed)
        self.draft.waiting.connect(self._tell_foot)
        self.draft.saved.connect(self._saved)
        self.draft.save_failed.connect(self._save_failed)
        self._subject_path = subject_path(self.draft)
        self._subject = self.draft.view(self._subject_path).value if self._subject_path else None
        self.alerts.look(self._subject)
        self.context = make_context(self, self.draft, self.desk, self.workspace)
        self.head.show_record(opened, self.draft)
        self.head_chips.follow(self.draft)
        self.aside.deadlines.watch(self.desk, self.workspace, self.record_id)
        sections = self.draft.sections()
        names = [s.name for s in sections]
        if self._section not in names:
            self._section = self._first_section()
        self.stack.setCurrentWidget(self._form)
        self.show_section(self._section, focus=True)
        self.update_side()
        self._tell_foot()
        if self._pending_place is not None:
            place, self._pending_place = self._pending_place, None
            self.restore(place)
        if self._over is not None:
            over, self._over = self._over, None
            self.show_over(over(self.draft))
        self.event_side.show(opened)
        self.deeds.versions.follow(opened)
        self.ready.emit()

    def _first_section(self) -> str:
        """Where to begin: the first open section of the page's part that applies."""
        draft = self.draft
        if draft is None:
            return ""
        sections = [s for s in draft.sections() if s.relevant]
        of_part = [s for s in sections if s.part == draft.part_key.split(":")[0]]
        mine = [s for s in of_part if draft.may_edit(s.name)] or of_part or sections
        begin = next((s for s in mine if s.state != "done"), mine[0])
        return begin.name

    # --- sections --------------------------------------------------------------------------------

    @property
    def subject_path(self) -> str:
        """The path of the question that names the student; empty if there is none."""
        return self._subject_path

    @property
    def section(self) -> str:
        """The name of the section on show."""
        return self._section

    @Slot(str)
    def open_section(self, name: str) -> None:
        """Show a section; what is blank in the one that is left is said from now on."""
        if self.draft is None:
            return
        if name != self._section:
            self.visited.add(self._section)
        self.show_section(name, focus=True)
        self.update_side()

    @Slot()
    def next_section(self) -> None:
        """The next section that applies."""
        self._step(1)

    @Slot()
    def previous_section(self) -> None:
        """The section before that applies."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self.draft is None:
            return
        names = [s.name for s in self.draft.sections() if s.relevant or s.name == self._section]
        at = names.index(self._section) + by
        if at >= len(names):
            self.deeds.do("check")
        elif at >= 0:
            self.open_section(names[at])

    def show_section(self, name: str, *, focus: bool, keep_scroll: bool = False) -> None:
        if self.draft is None:
            return
        at = self.area.verticalScrollBar().value()
        self._section = name
        section = next(s for s in self.draft.sections() if s.name == name)
        self._drop_pane()
        if self.draft.is_log(name):
            notices = NoticePane(self.draft, section, self.context, self.desk, self.workspace)
            notices.added.connect(self.aside.deadlines.refresh)
            self.pane = notices
        else:
            pane = SectionPane(self.draft, section, self.context, self.open_rows, self.visited)
            pane.restructured.connect(self._rebuild)
            pane.checked.connect(self.update_side)
            self.pane = pane
        self._slot.addWidget(self.pane)
        self.pane.show()
        self.alerts.place()
        self.area.verticalScrollBar().setValue(at if keep_scroll else 0)
        if focus:
            self._begin_here()

    def _begin_here(self) -> None:
        """The focus to the section's first question; of what may only be read, to the head."""
        target = self.pane.first_focus() if self.pane is not None else None
        if target is None:
            self.head.first_action().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        # with large text what stands above the questions can fill the page
        QTimer.singleShot(0, target, lambda: self.area.ensureWidgetVisible(target, 0, 40))

    def _drop_pane(self) -> None:
        if self.pane is not None:
            self.pane.settle()
            self._slot.removeWidget(self.pane)
            self.pane.hide()
            self.pane.deleteLater()
            self.pane = None

    @Slot(str)
    def _rebuild(self, hint: str) -> None:
        """Rows came, went, opened or folded: build the pane again; `hint` says where to go on."""
        self.show_section(self._section, focus=False, keep_scroll=True)
        self.update_side()
        if hint.startswith("-") and isinstance(self.pane, SectionPane):
            self.pane.removed.show_removed(hint[1:])
            self.pane.removed.link.setFocus(Qt.FocusReason.OtherFocusReason)
        elif hint:
            blocks = self.blocks()
            path = next(
                (p for p, b in blocks.items() if p.startswith(hint) and not b.isHidden()), None
            )
            if path is not None:
                self._focus_block(blocks[path])
        elif isinstance(self.pane, SectionPane) and self.pane.add_button is not None:
            self.pane.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def blocks(self) -> dict[str, FieldBlock]:
        return self.pane.blocks() if self.pane is not None else {}

    # --- going places ----------------------------------------------------------------------------

    @Slot(str)
    def jump(self, path: str) -> None:
        """Go to a question (or a row, or a section), and say what is wrong there."""
        if self.draft is None:
            return
        section = self.draft.section_of(path)
        if not section:
            return
        self.stack.setCurrentWidget(self._form)
        self.visited.add(path)
        self.visited.add(section)
        self.show_section(section, focus=False)
        if path not in self.blocks() and isinstance(self.pane, SectionPane):
            self.pane.open_row_of(path)
        block = self.blocks().get(path)
        if block is not None:
            self._focus_block(block)
        else:
            self._begin_here()
        self.update_side()

    def _focus_block(self, block: FieldBlock) -> None:
        target = block.reason if block.editor.isHidden() else block.editor.focus_target()
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, block, lambda: self.area.ensureWidgetVisible(block, 0, 60))

    def focused_block(self) -> FieldBlock | None:
        """The question that holds the focus."""
        widget = QApplication.focusWidget()
        for block in self.blocks().values():
            if widget is not None and (
                block.isAncestorOf(widget) or block.foot.isAncestorOf(widget)
            ):
                return block
        return None

    @Slot()
    def open_find(self) -> None:
        """Ctrl+F: find a question."""
        if self.draft is None or self.stack.currentWidget() is not self._form:
            return
        self.finder.open_with(places_of(self.draft))

    @Slot()
    def open_why(self) -> None:
        """Shift+F1: why is this asked?"""
        block = self.focused_block()
        if self.draft is None:
            return
        self.why.explain(self.draft, block, self._section)

    # --- what changed ----------------------------------------------------------------------------

    @Slot(object)
    def _changed(self, paths: frozenset[str]) -> None:
        if isinstance(self.pane, SectionPane) and not self.pane.refresh(paths):
            QTimer.singleShot(0, self, self._rebuild_if_needed)
        if self._subject_path in paths:
            self._fill_from_roster()
        if self._matters(paths):
            settle_layouts()
            self._side_timer.start()

    def _matters(self, paths: frozenset[str]) -> bool:
        """Whether these changes can show beside the column: one more letter seldom does."""
        if self.draft is None:
            return False
        different = False
        for path in paths:
            gist = self.draft.gist(path)
            if self._gists.get(path) != gist:
                self._gists[path] = gist
                different = True
        return different

    def is_side_due(self) -> bool:
        """Whether sidebar and right column are about to be brought up to date."""
        return self._side_timer.isActive()

    def _fill_from_roster(self) -> None:
        """A student was chosen: what the roster knows is filled in where it is blank."""
        draft, people = self.draft, self.workspace.people
        chosen = draft.view(self._subject_path).value if draft is not None else None
        if draft is None or not isinstance(chosen, str) or chosen == self._subject:
            return
        self._subject = chosen
        self.alerts.look(chosen)

        def fill(person: Person) -> None:
            if self.draft is draft and draft.view(self._subject_path).value == person.id:
                fill_from_roster(draft, person)

        self.desk.tasks.run(self, lambda: people.get(chosen), fill, lane=Lane.READ)

    def _rebuild_if_needed(self) -> None:
        """Rows came or went by undo: build the pane again, and go on where one was, or at the row
        that came or where the one that went had stood."""
        pane = self.pane
        if not isinstance(pane, SectionPane) or pane.refresh(()):
            return
        here = self.window().focusWidget()
        held = here is not None and pane.isAncestorOf(here)
        block = self.focused_block()
        path = block.path if block is not None else ""
        self.show_section(self._section, focus=False, keep_scroll=True)
        if not held or not isinstance(self.pane, SectionPane):
            return
        change = self.pane.first_change(pane.shown_rows)
        if change is None and path in self.blocks():
            self._focus_block(self.blocks()[path])
        else:
            self.pane.stop_at(change or 0).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def update_side(self) -> None:
        self._side_timer.stop()
        draft = self.draft
        if draft is None:
            return
        sections, issues = draft.overview()
        signed = frozenset(
            s.name
            for s in sections
            if (state := draft.part_state(s.part)) is not None and state.state == "signed"
        )
        mine = {draft.part_of(self._section), draft.part_key.split(":")[0], "notice"}
        others = frozenset(
            s.name for s in sections if s.part not in mine and not draft.may_edit(s.name)
        )
        self.sidebar.show_sections(sections, self._section, signed, others)
        subject = draft.subject_name()
        self.sidebar.title.setText(say(draft.record.form.title))
        self.sidebar.subject.setText(f"{subject or 'No student yet'} · {self.head.state_words()}")
        self.aside.missing.sections = {s.name: say(s.label) for s in sections}
        self.aside.missing.show_issues(issues)
        self.aside.show_facts(facts_of(draft))
        self.aside.show_note(note_of(draft))
        self.head.show_missing(len(issues))
        self.event_side.update_leads()
        settle_layouts()

    @Slot()
    def undo(self) -> None:
        """Undo the last change anywhere in the form."""
        if self.draft is not None:
            self._travel(self.draft.undo)

    @Slot()
    def redo(self) -> None:
        """Do again what was undone."""
        if self.draft is not None:
            self._travel(self.draft.redo)

    def _travel(self, step: Any) -> None:
        block = self.focused_block()
        if not step():
            return
        self._rebuild_if_needed()
        path = block.path if block is not None else ""
        if path in self.blocks():
            self.blocks()[path].force()

    # --- saving ----------------------------------------------------------------------------------

    def unsaved(self) -> bool:
        """Whether something typed is not acknowledged by the store."""
        return self.draft is not None and not self.draft.is_saved()

    def flush(self) -> None:
        """Hand what is typed but not yet saved to the write lane now. Does not wait."""
        if self.draft is not None:
            if self.pane is not None:
                self.pane.settle()
            self.draft.flush_for_lock()

    @Slot(object)
    def _saved(self, _at: datetime) -> None:
        if self.banner.property("why") == "save":
            self.banner.clear()
            self.banner.setProperty("why", "")
        self.aside.deadlines.refresh()
        self._tell_foot()
        self.event_side.saved()

    def tell_deadlines(self) -> None:
        """A minute has passed."""
        self.aside.deadlines.tell()

    @Slot(object)
    def _save_failed(self, problem: BaseException) -> None:
        self.banner.setProperty("why", "save")
        self.banner.tell(save_problem(problem), Tone.DANGER)
        self._tell_foot()

    @Slot()
    def _tell_foot(self) -> None:
        draft = self.draft
        if draft is None:
            return
        if not draft.is_saved():
            left = "Not saved yet" if self.banner.property("why") == "save" else "Saving…"
        elif draft.last_saved is not None:
            left = f"Saved {draft.local(draft.last_saved):%H:%M:%S}"
        else:
            left = f"Saved {draft.local(draft.record.updated_at):%H:%M:%S}"
        form = draft.record.form
        pack = f"{say(form.pack.title)} pack {form.pack.version}" if form.pack else "no pack"
        self.foot.emit(left, f"{form.prefix} · {pack}")

    # --- lock and come back ----------------------------------------------------------------------

    def place(self) -> Mapping[str, Any]:
        """Where the person is: section, question, cursor, scrolling, open rows."""
        return place_of(self)

    def restore(self, place: Mapping[str, Any]) -> None:
        """Go back there, once the record is loaded."""
        if self.draft is None:
            self._pending_place = place
            self.part_key = str(place.get("part_key", self.part_key))
            return
        go_back(self, place)

    # --- other pages of this record --------------------------------------------------------------

    def show_over(self, page: QWidget) -> None:
        """Show a page of this record (check answers, preview, release) in place of the form.

        The focus goes to its `first_focus`, or to what stands first on it.
        """
        if self.stack.currentWidget() is self._form:
            self._left_at = self.window().focusWidget()
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        begin = getattr(page, "first_focus", None)
        target = begin() if begin is not None else first_stop(page)
        (target or page).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_over_after_reload(self, make: Callable[[Draft], QWidget]) -> None:
        """Read the record again beneath (a part was signed), and show what `make` gives over it."""
        self._over = make
        self.reload()

    def open_part(self, part_key: str) -> None:
        """Go on in another part of this record (one's own statement)."""
        self.flush()
        self.part_key = part_key
        self._section = ""
        self.reload()

    def show_form(self, page: QWidget | None = None) -> None:
        """Back to the form, to where one had left it (from the check: to its first open
        question); `page` is put away."""
        self.stack.setCurrentWidget(self._form)
        if page is not None:
            self.stack.removeWidget(page)
            page.hide()
            page.deleteLater()
        at, self._left_at = self._left_at, None
        if at is None or at is self.head.sign or not self._can_go_to(at):
            self._begin_here()
        else:
            at.setFocus(Qt.FocusReason.OtherFocusReason)

    def _can_go_to(self, widget: QWidget) -> bool:
        return isValid(widget) and self._form.isAncestorOf(widget) and _is_usable(widget)


def _is_usable(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled()


def first_part(opened: OpenRecord) -> str:
    """The part to begin in: the first that may be filled, else the report.

    An exception is never where one begins: most reports need none.
    """
    for part in opened.parts:
        if part.state == "open" and part.may_edit and part.part != _OVERRIDE:
            return part.key
    return opened.parts[0].key if opened.parts else "report"


def save_problem(problem: BaseException) -> str:
    """What to say when the store could not take the last change."""
    said = (
        str(problem)
        if isinstance(problem, KnownError)
        else ("The last change could not be saved yet.")
    )
    return f"{said} Nothing on this page is lost; saving is tried again every two seconds."
