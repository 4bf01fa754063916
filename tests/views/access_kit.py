"""Walks a window as somebody does who has only a keyboard and a screen reader."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

LEAST = 24
"""Sides of a target, in pixels at 100 % (WCAG 2.5.8)."""
_MOST_STEPS = 400
_SAYS_NOT_WHAT = {"print", "print again", "save as pdf"}
"""Heard alone, such a name does not say what is printed."""


def controls(root: QWidget) -> list[QWidget]:
    """Everything on show under `root` that can have the keyboard."""
    return [
        one
        for one in root.findChildren(QWidget)
        if one.isVisible()
        and one.isEnabled()
        and one.window() is root.window()
        and one.focusProxy() is None
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


_USED = (
    QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit,
    QTextEdit,
)  # fmt: skip
"""What somebody does something with, whatever its policy of focus says."""


def past_tab(root: QWidget) -> list[str]:
    """What can be used with a mouse and is never a stop of Tab."""
    return [
        f"{_called(one)} of {type(one.parent()).__name__}: Tab passes it by"
        for one in root.findChildren(QWidget)
        if isinstance(one, _USED)
        and not isinstance(one, QHeaderView)
        and one.isVisible()
        and one.isEnabled()
        and one.window() is root.window()
        and one.focusProxy() is None
        and not one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not _is_of_a_group(one)
        and not (isinstance(one, QPlainTextEdit | QTextEdit | QLineEdit) and one.isReadOnly())
    ]


def _is_of_a_group(one: QWidget) -> bool:
    """Of options beside each other one is the stop of Tab; the arrows go to the others."""
    if not isinstance(one, QAbstractButton) or not one.isCheckable():
        return False
    beside = one.parentWidget().findChildren(type(one))
    return any(other.focusPolicy() & Qt.FocusPolicy.TabFocus for other in beside)


def faults(root: QWidget) -> list[str]:
    """What a screen reader or a hand would stumble over under `root`."""
    found = []
    for one in controls(root):
        heard = QAccessible.queryAccessibleInterface(one)
        what = f"{type(one).__name__} {one.objectName()} in {type(one.parent()).__name__}"
        if heard is None:
            found.append(f"{what}: not there for a screen reader")
            continue
        name = heard.text(QAccessible.Text.Name).strip()
        if not name:
            found.append(f"{what}: no name")
        if name.rstrip("….").casefold() in _SAYS_NOT_WHAT:
            found.append(f"{what}: {name!r} does not say what")
        if heard.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client):
            found.append(f"{what}: no role")
        if min(one.width(), one.height()) < LEAST:
            found.append(f"{what}: {one.width()} x {one.height()}")
    for label in root.findChildren(QLabel):
        if label.objectName() == "fieldLabel" and label.isVisible() and label.text():
            buddy = label.buddy()
            if buddy is None:
                found.append(f"label {label.text()!r}: no buddy")
    return found


def walk(root: QWidget) -> list[QWidget]:
    """Everything that Tab reaches, in its order, beginning anywhere; the last step is a return."""
    window = root.window()
    window.activateWindow()
    QApplication.processEvents()
    first = _first_stop(window, controls(root))
    assert first is not None, "nothing to reach"
    first.setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[QWidget] = []
    for _ in range(_MOST_STEPS):
        at = QApplication.focusWidget()
        assert at is not None, f"Tab led nowhere after {reached[-1:]}"
        if at in reached:
            return reached
        reached.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is at and controls(root) in ([], [at]):
            return reached  # it stands alone
        assert QApplication.focusWidget() is not at, f"Tab does not leave {at}"
    raise AssertionError("Tab never comes back")


def _first_stop(window: QWidget, wanted: list[QWidget]) -> QWidget | None:
    """Where Tab begins: the first of them in the window's chain."""
    at = window.nextInFocusChain()
    while at is not window:
        if at in wanted:
            return at
        at = at.nextInFocusChain()
    return None


def out_of_order(reached: list[QWidget]) -> list[str]:
    """Neighbors in the order of Tab, in one column, of which the second stands above the first."""
    found = []
    for one, other in pairwise(reached):
        column = column_of(one)
        if column is not column_of(other):
            continue
        if other.objectName() == "notKnown":
            continue  # it stands beside the question and comes after its answer, on purpose
        first = QRect(one.mapTo(column, QPoint(0, 0)), one.size())
        then = QRect(other.mapTo(column, QPoint(0, 0)), other.size())
        if then.bottom() < first.top():
            found.append(f"{_called(one)} at {first.y()}, then {_called(other)} at {then.y()}")
        elif then.right() < first.left() and _on_one_line(first, then):
            found.append(f"{_called(one)} at {first.x()}, then {_called(other)} left of it")
    return found


def _on_one_line(one: QRect, other: QRect) -> bool:
    """Whether they stand beside each other: the middle of each is as high as some of the other."""
    return (
        one.top() <= other.center().y() <= one.bottom()
        and other.top() <= one.center().y() <= other.bottom()
    )


def column_of(widget: QWidget) -> QWidget:
    """What scrolls it, or the part of the page it stands in."""
    at = widget.parentWidget()
    while at is not None and not at.isWindow():
        parent = at.parentWidget()
        area = parent.parentWidget() if parent is not None else None
        if isinstance(area, QScrollArea) and area.widget() is at:
            return at
        if at.property("column") or at.objectName() in {"rail", "topBar", "formHead", "sidebar"}:
            return at
        at = parent
    return at if isinstance(at, QDialog) else widget.window()


def groups_of_one(reached: list[QWidget], wanted: list[QWidget]) -> list[str]:
    """What the keyboard does not reach by Tab, though it can have it."""
    return [
        _called(one)
        for one in wanted
        if one not in reached and not isinstance(one, QAbstractScrollArea)
    ]


def _called(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()!r}"
