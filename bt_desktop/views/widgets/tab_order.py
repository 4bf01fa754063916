"""The order of Tab after parts of a page were made anew: as they stand, not as they came."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLayout, QWidget


def tab_as_laid_out(*roots: QWidget, after: QWidget | None = None) -> None:
    """Let Tab go through everything under these widgets in the order of their layouts.

    `after` is what they follow; what followed it comes after them.
    """
    found = [widget for root in roots for widget in _under(root)]
    if after is not None:
        found.insert(0, after)
    for one, next_one in pairwise(found):
        QWidget.setTabOrder(one, next_one)


def first_stop(root: QWidget) -> QWidget | None:
    """What Tab comes to first under `root`, of what can be used now; None where nothing can."""
    at = root.nextInFocusChain()
    while at is not None and at is not root:
        usable = at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.focusProxy() is None
        if usable and root.isAncestorOf(at) and at.isVisibleTo(root) and at.isEnabled():
            return at
        at = at.nextInFocusChain()
    return None


def _under(widget: QWidget) -> Iterator[QWidget]:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    layout = widget.layout()
    if layout is not None and not isinstance(widget, QAbstractScrollArea):
        yield from _laid_out(layout)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner = item.layout() if item is not None else None
        held = item.widget() if item is not None else None
        if held is not None:
            yield from _under(held)
        elif inner is not None:
            yield from _laid_out(inner)
