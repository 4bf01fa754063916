"""What the window says: a banner for news, a box for decisions, a sheet when we were at fault."""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.errors import KnownError
from bt_desktop.views.announce import announce
from bt_desktop.views.icons import IconLabel, icon
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog, QMessageBox

log = logging.getLogger("bt_desktop.views")

_next_answers: list[bool | str | Path | None] = []
"""The one module-level state of the views: answers that a test lays ready (style.md §7)."""


class Tone(Enum):
    """What kind of news: its token, its icon, and the word a screen reader says first."""

    INFO = ("accent", "info", "Note")
    OK = ("ok", "check", "Done")
    WARN = ("warn", "warn", "Attention")
    DANGER = ("danger", "warn", "Problem")


class Banner(QFrame):
    """One line of news above a page's content; stays until dismissed or replaced.

    `dismissed` is emitted when the person closed it.
    """

    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, slot: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("slot", slot)  # keeps its distance from the page's edges itself
        self._theme = theme
        self._act: Callable[[], None] | None = None
        self._icon = IconLabel(theme, "info", "accent", 20, self)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = LinkButton("", self)
        self._action.clicked.connect(self._do)
        self._close = QToolButton(self)
        self._close.setObjectName("quiet")
        self._close.setIcon(icon(theme, "close", "muted"))
        self._close.setAccessibleName("Dismiss this message")
        self._close.setToolTip("Dismiss")
        self._close.clicked.connect(self._dismiss)
        theme.changed.connect(self._size_up)
        self._size_up()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def tell(
        self,
        text: str,
        tone: Tone = Tone.INFO,
        *,
        action: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        """Show `text`; `action` is the label of a link that calls `act`."""
        token, name, word = tone.value
        self._icon.show_icon(name, token)
        self._text.setText(text)
        self.setAccessibleName(f"{word}: {text}")
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._act = act
        self.setProperty("tone", tone.name.lower())
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        announce(self, self.accessibleName(), now=tone in (Tone.DANGER, Tone.WARN))

    def text(self) -> str:
        """What it says now; empty when hidden."""
        return "" if self.isHidden() else self._text.text()

    def clear(self) -> None:
        """Take it away."""
        self.hide()

    @Slot()
    def _size_up(self) -> None:
        side = self._theme.px(16)
        self._close.setIconSize(QSize(side, side))
        least = self._theme.px(24)  # a target for a hand (WCAG 2.5.8)
        self._close.setMinimumSize(least, least)

    @Slot()
    def _do(self) -> None:
        act = self._act
        self.hide()
        if act is not None:
            act()

    @Slot()
    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()


@runtime_checkable
class HasBanner(Protocol):
    """A page with a banner of its own: problems of its work are said there."""

    banner: Banner


class Feedback:
    """Where problems of background work go when a call site says nothing of its own.

    A `KnownError` is said in the nearest banner above `owner`; anything else is our fault, is
    logged without any content, and opens the crash sheet.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.fallback: QWidget | None = None
        self._kept: QDialog | None = None  # a box without a parent lives as long as it is kept
        """The window whose banner or ground is used when `owner` has none (set by the window)."""

    def report(self, owner: QObject, problem: BaseException) -> None:
        """Say `problem`, near `owner`."""
        if isinstance(problem, KnownError):
            banner = self._banner_above(owner)
            if banner is not None:
                banner.tell(str(problem), Tone.DANGER)
                return
            self._kept = tell_box(self.fallback, str(problem))
            return
        place = log_fault(problem)
        self._kept = show_crash(self._theme, self.fallback, place)

    def _banner_above(self, owner: QObject | None) -> Banner | None:
        node = owner
        while node is not None:
            if isinstance(node, HasBanner):
                return node.banner
            node = node.parent()
        return self.fallback.banner if isinstance(self.fallback, HasBanner) else None


def log_fault(problem: BaseException) -> str:
    """Log a fault of ours by kind and place only (never its text: it can hold a name).

    Returns the code that the crash sheet shows and the log holds.
    """
    frames: list[str] = []
    step = problem.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        frames.append(f"{Path(code.co_filename).name}:{step.tb_lineno}:{code.co_name}")
        step = step.tb_next
    place = frames[-1] if frames else "unknown"
    kind = type(problem).__name__
    log.error("fault %s at %s via %s", kind, place, " < ".join(reversed(frames[-12:])))
    return f"{kind} at {place}"


class CrashSheet(QDialog):
    """Says that we failed, that nothing saved is lost, and what to send to whom."""

    def __init__(self, theme: Theme, place: str, parent: QWidget | None = None) -> None:
        import platform  # deferred, as the dialogs below: nothing of it is needed to start

        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self._details = f"bt_desktop · {platform.system()} {platform.release()} · {place}"
        head = QLabel("Something went wrong in the program", self)
        head.setObjectName("sectionTitle")
        text = QLabel(
            "This is a fault of the program, not yours. Everything that says “Saved” is kept, and "
            "what is on the screen stays where it is. If it happens again, close the program, open "
            "it again, and send the line below to whoever looks after it. It holds no names.",
            self,
        )
        text.setWordWrap(True)
        code = QLabel(self._details, self)
        code.setObjectName("code")
        code.setWordWrap(True)
        code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        code.setAccessibleName("Line to send")
        copy = SecondaryButton("Copy the line", self)
        copy.clicked.connect(self._copy)
        close = PrimaryButton("Go on", self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(copy)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(12)
        for widget in (head, text, code):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.setMinimumWidth(theme.px(480))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)


def show_crash(theme: Theme, parent: QWidget | None, place: str) -> CrashSheet:
    """Open the crash sheet without stopping the program (no nested loop)."""
    sheet = CrashSheet(theme, place, parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.setModal(True)
    sheet.show()
    return sheet


def answer_next(answer: bool | str | Path | None) -> None:
    """For tests: the next question or file choice is answered with this, without a dialog."""
    _next_answers.append(answer)


def answers_left() -> int:
    """How many laid-ready answers nobody asked for (a test asserts that it is none)."""
    return len(_next_answers)


def clear_answers() -> None:
    """Throw laid-ready answers away (after a failed test)."""
    _next_answers.clear()


def ask(parent: QWidget | None, question: str, yes: str, no: str, *, more: str = "") -> bool:
    """Ask for a decision with verbs on the buttons; `no` is the safe choice and the default."""
    if _next_answers:
        return bool(_next_answers.pop(0))
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(QMessageBox.Icon.NoIcon, "", question, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    if more:
        box.setInformativeText(more)
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(no, QMessageBox.ButtonRole.RejectRole))
    box.exec()
    return box.clickedButton() is agree


def tell_box(parent: QWidget | None, text: str) -> QMessageBox:
    """Say something that must be read, where there is no page with a banner.

    Without a parent the caller keeps the box, or it is gone at once.
    """
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(QMessageBox.Icon.NoIcon, "", text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.addButton("Close", QMessageBox.ButtonRole.AcceptRole)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(True)
    box.show()
    return box


def choose_open(parent: QWidget | None, title: str, kinds: str) -> Path | None:
    """Let the person choose a file to read; `kinds` as `"PDF (*.pdf)"`. None when they did not."""
    return _chosen(lambda d: d.getOpenFileName(parent, title, "", kinds)[0])


def choose_several(parent: QWidget | None, title: str, kinds: str) -> tuple[Path, ...]:
    """Let the person choose files to read; empty when they did not."""
    if _next_answers:
        laid = _next_answers.pop(0)
        return (Path(laid),) if isinstance(laid, (str, Path)) else ()
    from PySide6.QtWidgets import QFileDialog

    return tuple(map(Path, QFileDialog.getOpenFileNames(parent, title, "", kinds)[0]))


def choose_save(parent: QWidget | None, title: str, name: str, kinds: str) -> Path | None:
    """Let the person choose where to save, with `name` proposed. None when they did not."""
    return _chosen(lambda d: d.getSaveFileName(parent, title, name, kinds)[0])


def choose_folder(parent: QWidget | None, title: str) -> Path | None:
    """Let the person choose a folder. None when they did not."""
    return _chosen(lambda d: d.getExistingDirectory(parent, title))


def _chosen(dialog: Callable[[type[QFileDialog]], Any]) -> Path | None:
    if _next_answers:
        laid = _next_answers.pop(0)
        return Path(laid) if isinstance(laid, (str, Path)) else None
    from PySide6.QtWidgets import QFileDialog

    chosen = dialog(QFileDialog)
    return Path(chosen) if chosen else None
