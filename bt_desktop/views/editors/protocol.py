"""What every editor of a question promises, so that the page need not know which one it has.

An editor shows one answer and gives back what was typed; it decides nothing. The form session
says whether an answer is right (`FieldView`), the page shows that beside the editor.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from bt_desktop.views.presence import acted

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView

Typed: TypeAlias = str | list[str] | bool | dict[str, Any] | None
"""What an editor hands over: text, ids or choice names, yes or no, strokes or regions."""


class Person(Protocol):
    """What an editor shows of a person (a `PersonHit` or a person of an open record)."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NameOffer:
    """A roster name typed by hand in a long text: where it stands, and whom it may mean.

    `others` are further people (id, name) who bear it, less likely meant.
    """

    start: int
    end: int
    word: str
    person_id: str
    name: str
    others: tuple[tuple[str, str], ...] = ()


SearchDone = Callable[[Sequence[Any]], None]
Search = Callable[[str, tuple[str, ...], SearchDone], None]
"""search(text, kinds, done): looks people up away from the window, then calls done(hits)."""


def _nobody(_text: str, _kinds: tuple[str, ...], done: SearchDone) -> None:
    done(())


def _no_offers(_text: str, done: Callable[[Sequence[NameOffer]], None]) -> None:
    done(())


def _cannot_add(_kind: str, _typed: str, _done: Callable[[Any], None]) -> None:
    return


@dataclass(slots=True)
class EditorContext:
    """What editors may ask of the world around them; all of it passed in by the page.

    `people` is shared by all editors of a page and grows as people are chosen: id -> person.
    `now` gives the aware moment, `event_date` the day of the event where it is known. `family`
    are the guardians whom a question for any person offers first.
    """

    now: Callable[[], datetime]
    people: dict[str, Any]
    search: Search = _nobody
    offers: Callable[[str, Callable[[Sequence[NameOffer]], None]], None] = _no_offers
    add_person: Callable[[str, str, Callable[[Any], None]], None] = _cannot_add
    event_date: Callable[[], date | None] = lambda: None
    family: Callable[[], Sequence[Any]] = tuple

    def name_of(self, person_id: str) -> str:
        """The readable name behind an id; the id's kind where nobody is known by it."""
        person = self.people.get(person_id)
        return (
            str(person.name)
            if person is not None
            else f"unknown {person_id.split(':', maxsplit=1)[0]}"
        )


class Editor(QWidget):
    """Base of all editors.

    Signals: `changed` when the person at the keyboard altered the answer (never for `set_typed`);
    `left` when the focus went to something outside this editor within the same window.
    """

    changed = Signal()
    left = Signal()
    holds_text = False
    """Whether what is being typed must not be overwritten while the focus is here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watched: list[QWidget] = []
        self.changed.connect(self._acted)

    @Slot()
    def _acted(self) -> None:
        acted(self)

    def typed(self) -> Typed:
        """The answer as it stands in the editor; None where it is blank."""
        raise NotImplementedError

    def set_typed(self, typed: Typed) -> None:
        """Show this answer, without `changed`."""
        raise NotImplementedError

    def set_view(self, view: FieldView) -> None:
        """Take over what the session says: read-only, choices, the value understood."""
        self.setEnabled(not view.read_only)

    def focus_target(self) -> QWidget:
        """The widget that takes the focus, and whose buddy the label is."""
        return self._watched[0] if self._watched else self

    def describe(self, name: str, description: str) -> None:
        """Say to a screen reader what this is and what is wrong with it."""
        target = self.focus_target()
        if target.accessibleName() != name:
            target.setAccessibleName(name)
        if target.accessibleDescription() != description:
            target.setAccessibleDescription(description)

    def set_wrong(self, wrong: bool) -> None:
        """Show the frame of an answer that needs attention (words stand beside it)."""
        for widget in self._watched:
            mark(widget, "wrong", wrong)

    def caret(self) -> int:
        """Where the text cursor stands (0 where there is none)."""
        return 0

    def set_caret(self, position: int) -> None:
        """Put the text cursor there, as far as the text goes."""

    def settle(self) -> None:
        """Finish what is half done (a suggestion list, a picker) because the page goes away."""

    def watch(self, *widgets: QWidget) -> None:
        """Count these as this editor's own parts that can take the focus."""
        for widget in widgets:
            if widget not in self._watched:
                self._watched.append(widget)
                widget.installEventFilter(self)

    def forget(self, widget: QWidget) -> None:
        """No longer count this part (it is going away)."""
        if widget in self._watched:
            self._watched.remove(widget)
            widget.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice when the focus leaves the editor as a whole."""
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            elsewhere = (
                Qt.FocusReason.ActiveWindowFocusReason,
                Qt.FocusReason.PopupFocusReason,
                Qt.FocusReason.MenuBarFocusReason,
            )
            if event.reason() not in elsewhere:
                QTimer.singleShot(0, self, self._tell_if_left)
        return super().eventFilter(watched, event)

    def has_focus(self) -> bool:
        """Whether one of the editor's parts holds the focus."""
        return any(widget.hasFocus() for widget in self._watched)

    def _tell_if_left(self) -> None:
        if not self.has_focus():
            self.left.emit()


def mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet reads, and restyle only if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def leaves_undo_to_page(event: QEvent) -> bool:
    """Whether this is Ctrl+Z or Ctrl+Y being claimed by a text box.

    Undo belongs to the form as a whole, so text boxes must let these keys pass to the page.
    """
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and (
            event.matches(QKeySequence.StandardKey.Undo)
            or event.matches(QKeySequence.StandardKey.Redo)
        )
    )


def listed(typed: object) -> list[str]:
    """Typed as a list of names or ids: blank is empty; a text is words apart by spaces."""
    if isinstance(typed, list | tuple):
        return [str(item) for item in typed]
    return typed.split() if isinstance(typed, str) else []


def as_data(typed: object) -> dict[str, Any]:
    """What an editor of strokes or regions is to show: the data itself, or its JSON text."""
    if isinstance(typed, str) and typed.startswith("{"):
        typed = json.loads(typed)
    return typed if isinstance(typed, dict) else {}
