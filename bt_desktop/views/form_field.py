"""One question on the page: label, hint, editor, and what is to be said about the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.form_engine.issues import Code, Issue
from bt_desktop.views.announce import announce
from bt_desktop.views.editors import Editor, EditorContext, make_editor
from bt_desktop.views.editors.alarm import AlarmNote
from bt_desktop.views.editors.body_map import BodyMapEditor
from bt_desktop.views.editors.moments import MomentEditor
from bt_desktop.views.editors.text import Line
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView
    from bt_desktop.views.form_draft import Draft

PROHIBITED = frozenset({Code.PROHIBITED, Code.PROHIBITED_EXPLAINED})
READING = frozenset({"note", "calculate"})
_MARK = "▲ "
SHORT = frozenset({"date", "time", "datetime", "integer", "decimal"})


class QuestionLabel(QLabel):
    """A label that wraps, but asks for its whole line first (a wrapping QLabel asks for half)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fieldLabel")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def sizeHint(self) -> QSize:
        """The text on one line."""
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 6
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for any window."""
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 6
        return QSize(min(60, wide), self.fontMetrics().lineSpacing())


class FieldBlock(QWidget):
    """A question with its editor; `foot` (errors, reasons) can be laid out elsewhere.

    Signals: `edited(path)` after each keystroke; `left(path)` when the focus went elsewhere.
    What is wrong is shown once the field was left (`visited`) and is then kept up to date; a screen
    reader hears it when it turns up, as the focus is in the next question already.
    """

    edited = Signal(str)
    left = Signal(str)

    def __init__(
        self, draft: Draft, path: str, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.path = path
        self._draft = draft
        view = draft.view(path)
        self.field = view.field
        self.visited = False
        self.narrow = False
        self.blank_counts = False
        self.gone = False
        self._cite = ""
        self._told = ""
        choices = draft.record.form.choices.get(self.field.choices or "", ())
        self.editor: Editor = make_editor(self.field, choices, context, self)
        self._make_words()
        self._lay_out()
        self.editor.changed.connect(self._changed)
        self.editor.left.connect(self._was_left)
        self.refresh()

    # --- building -------------------------------------------------------------------------------

    def _make_words(self) -> None:
        self.label = QuestionLabel(self)
        self.label.setBuddy(self.editor.focus_target())
        self.required = plain_label("required", "requiredMark", self)
        self.cite = plain_label("", "muted", self)
        self.cite_below = plain_label("", "muted", self)
        self.cite_below.setWordWrap(True)
        self.cite_below.hide()
        self.hint = plain_label("", "muted", self)
        self.hint.setWordWrap(True)
        self.because = plain_label("", "muted", self)
        self.because.setWordWrap(True)
        self.foot = QWidget(self)
        self.error = plain_label("", "fieldError", self.foot)
        self.error.setWordWrap(True)
        self.reason = Line(self.foot)
        self.reason.textEdited.connect(self._reason_typed)
        self.reason_label = plain_label("", "muted", self.foot)
        self.reason_label.setBuddy(self.reason)
        self.not_known = LinkButton("Not known…", self)
        self.not_known.setObjectName("notKnown")
        self.not_known.clicked.connect(self._toggle_unknown)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self.label, self.required, self.cite):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignBottom)
        beside = self.field.type == "calculate"  # a number to read takes no line of its own
        if beside:
            head.insertWidget(1, self.editor, 1, Qt.AlignmentFlag.AlignBottom)
        else:
            head.addStretch(1)
        head.addWidget(self.not_known, 0, Qt.AlignmentFlag.AlignBottom)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(head)
        box.addWidget(self.cite_below)
        box.addWidget(self.hint)
        box.addWidget(self.because)
        if not beside:
            box.addWidget(self.editor)
        foot = QVBoxLayout(self.foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(4)
        for part in (self.error, self.reason_label, self.reason):
            foot.addWidget(part)
        box.addWidget(self.foot)

    def make_narrow(self) -> None:
        """Half a line is all there is: the label does not wrap, the cite is left to Shift+F1."""
        self.narrow = True
        self.label.setWordWrap(False)
        self.cite.hide()

    # --- showing --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the session says now; touches only what differs."""
        view = self._draft.view(self.path)
        self.editor.set_view(view)
        self._show_value(view)
        self._begin_figure()
        self._show_words(view)
        self._show_foot(view)
        self.setVisible(view.relevant and not self.field.is_helper)

    def force(self) -> None:
        """Show the session's value even though this is being typed in (undo, redo)."""
        self.editor.set_typed(self._draft.view(self.path).typed)
        self.refresh()

    def _show_value(self, view: FieldView) -> None:
        if self.editor.holds_text and self.editor.has_focus():
            return  # never overwrite what is being typed
        self.editor.set_typed(view.typed)
        self._settle_moment(view)

    def _begin_figure(self) -> None:
        """A body begins as the figure that `<field>_figure` of the form works out, if any."""
        helper = f"{self.field.name}_figure"
        if isinstance(self.editor, BodyMapEditor) and helper in self._draft.record.form.fields():
            self.editor.begin_with(str(self._draft.view(f"{self.path}_figure").typed or ""))

    def _settle_moment(self, view: FieldView) -> None:
        if isinstance(self.editor, MomentEditor) and not self.editor.has_focus():
            shown = self.editor.understood()
            if shown is not None and view.value is not None:
                self.editor.set_typed(shown)

    def _show_words(self, view: FieldView) -> None:
        reading = self.field.type in READING
        name = say(view.label)
        text = "" if self.field.type in ("note", "acknowledge") else name
        _say(self.label, text.replace("&", "&&"))
        self.required.setVisible(bool(view.required) and not reading)
        self._cite = "" if self.narrow else view.cite
        _say(self.hint, "" if isinstance(self.editor, AlarmNote) else say(view.hint))
        asked = view.asked_because and self.field.type != "calculate"  # nobody is asked for it
        because = f"Asked because {view.asked_because}" if asked else ""
        _say(self.because, because)
        may = self._draft.may_edit(self.field.section) and not view.read_only and not reading
        blank = view.value is None and not view.typed
        offers = may and view.required and self.field.unknown and blank
        self.not_known.setVisible(bool(offers) or self._unknown(view))
        self.not_known.setText("Answer it" if self._unknown(view) else "Not known…")
        self.not_known.setAccessibleName(f"{self.not_known.text()}: {say(view.label)}")
        if not self._draft.may_edit(self.field.section):
            self.editor.setEnabled(False)
        self._place_cite()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cite goes below the question where the line has no room for both."""
        super().resizeEvent(event)
        self._place_cite()

    def _place_cite(self) -> None:
        needs = self.label.fontMetrics().horizontalAdvance(self.label.text()) + 40
        needs += self.cite.fontMetrics().horizontalAdvance(self._cite)
        for beside in (self.required, self.not_known):
            needs += 0 if beside.isHidden() else beside.sizeHint().width() + 8
        beside_it = needs <= self.width()
        _say(self.cite, self._cite if beside_it else "")
        _say(self.cite_below, "" if beside_it else self._cite)

    def _unknown(self, view: FieldView) -> bool:
        return view.unknown_reason is not None

    def _show_foot(self, view: FieldView) -> None:
        unknown = self._unknown(view)
        self.editor.setVisible(not unknown)
        self.foot.setVisible(True)
        issue = view.issue if self._says_issue(view) else None
        wrong = issue is not None and issue.severity == "error" and not unknown
        self.editor.set_wrong(wrong)
        self._show_error(issue if not unknown or issue is not None else None)
        self._show_reason(view, unknown)
        said = " ".join(
            part
            for part in (
                "Required." if view.required else "",
                say(view.hint),
                "" if issue is None else plainly(issue),
            )
            if part
        )
        self.editor.describe(say(view.label), said)

    def _says_issue(self, view: FieldView) -> bool:
        if view.issue is None:
            return False
        if view.issue.code in PROHIBITED:
            return True
        if view.issue.code is Code.PERSON and self.editor.has_focus():
            return False  # a name is being looked up
        blank = view.value in (None, "", []) and not view.typed
        return self.blank_counts or (self.visited and not blank)

    def _show_error(self, issue: Issue | None) -> None:
        sentence = plainly(issue) if issue is not None else ""
        severity = getattr(issue, "severity", "")
        mark = _MARK if severity in ("error", "warning") else ""
        tone = {"error": "danger", "warning": "warn"}.get(severity, "muted")
        if self.error.property("tone") != tone:
            self.error.setProperty("tone", tone)
            self.error.style().unpolish(self.error)
            self.error.style().polish(self.error)
        _say(self.error, f"{mark}{sentence}" if sentence else "")

    def _show_reason(self, view: FieldView, unknown: bool) -> None:
        ask = ""
        if unknown:
            ask = "Why is it not known?"
        elif (
            view.issue is not None
            and view.issue.severity == "warning"
            and (self._says_issue(view) or view.note)
        ) or view.note:
            ask = "Reason"
        self.reason_label.setVisible(bool(ask))
        self.reason.setVisible(bool(ask))
        if not ask:
            return
        self.reason_label.setText(ask)
        self.reason.setAccessibleName(f"{ask} {say(view.label)}")
        given = (view.unknown_reason if unknown else view.note) or ""
        if not self.reason.hasFocus() and self.reason.text() != given:
            self.reason.setText(given)
        self.reason.setReadOnly(not self._draft.may_edit(self.field.section))

    # --- typing ---------------------------------------------------------------------------------

    def _changed(self) -> None:
        if self.gone:
            return
        typing = self.editor.holds_text
        self._draft.put(self.path, self.editor.typed(), typing=typing)
        self.edited.emit(self.path)

    def _was_left(self) -> None:
        if self.gone:
            return
        self.visited = True
        self.refresh()
        self._tell()
        self.left.emit(self.path)

    def _tell(self) -> None:
        """Say what is wrong here, once: who comes back hears it with the field."""
        wrong = "" if self.error.property("tone") == "muted" else self.error.text()
        if wrong and wrong != self._told:
            question = say(self._draft.view(self.path).label)
            announce(self.editor.focus_target(), f"{question}: {wrong.removeprefix(_MARK)}")
        self._told = wrong

    def _toggle_unknown(self) -> None:
        if self._unknown(self._draft.view(self.path)):
            self._draft.put(self.path, None)
            self.refresh()
            self.editor.focus_target().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._draft.put_unknown(self.path, "")
        self.refresh()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reason_typed(self, text: str) -> None:
        if self._unknown(self._draft.view(self.path)):
            self._draft.put_unknown(self.path, text)
        else:
            self._draft.put_reason(self.path, text)


def plainly(issue: Issue) -> str:
    """The sentence without the place where it stands: beside the question, that is seen."""
    rest = issue.sentence.removeprefix(issue.where).lstrip("?: ")
    return rest[:1].upper() + rest[1:]


def _say(label: QLabel, text: str) -> None:
    """Show words, or nothing at all where there are none."""
    if label.text() != text:
        label.setText(text)
    label.setVisible(bool(text))
