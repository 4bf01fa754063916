"""The sections of a record with the state of each: in a sign, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.form_engine.definition import say
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import LinkButton, TogglePressed
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import SectionView

SIGNS = {
    "done": ("check", "ok"),
    "needs": ("attention", "danger"),
    "in_progress": ("circle-half", "accent"),
    "not_started": ("circle", "muted"),
    "not_applicable": ("dash", "muted"),
    "signed": ("lock", "muted"),
}
SIDEBAR_WIDTH = 222
OTHERS = "Filled by others"


def state_words(state: str, needs: int) -> str:
    """The state of a section in words."""
    if state == "needs":
        return f"Needs {needs} answer{'' if needs == 1 else 's'}"
    return {
        "done": "Done",
        "in_progress": "In progress",
        "not_started": "Not started",
        "not_applicable": "Does not apply",
        "signed": "Signed",
    }[state]


class SectionButton(TogglePressed):
    """One section: its sign, its name, and what it needs."""

    stepped = Signal(int)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.name = name
        self._theme = theme
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setProperty("kind", "section")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._sign = IconLabel(theme, "circle", "muted", 16, self)
        self._label = plain_label("", "sectionName", self)
        self._label.setWordWrap(True)
        self._words = plain_label("", "sectionNeeds", self)
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 5, 8, 5)
        grid.setHorizontalSpacing(9)
        grid.setVerticalSpacing(0)
        self._beside = QVBoxLayout()
        self._beside.addWidget(self._sign)
        self._beside.addStretch(1)
        grid.addLayout(self._beside, 1, 0, 2, 1)
        grid.addWidget(self._label, 1, 1)
        grid.addWidget(self._words, 2, 1)
        for edge in (0, 3):  # with large text the button is taller than its words
            grid.setRowStretch(edge, 1)
        grid.setColumnStretch(1, 1)
        for child in (self._sign, self._label, self._words):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_state(self, label: str, state: str, needs: int) -> None:
        """Show the name and the state of the section."""
        sign, token = SIGNS[state]
        self._sign.show_icon(sign, token)
        self._label.setText(label)
        words = state_words(state, needs)
        self._words.setText(words if state == "needs" else "")
        self._words.setVisible(state == "needs")
        self._words.setProperty("tone", "danger" if state == "needs" else "muted")
        self._restyle(state)
        self.setAccessibleName(f"{label}: {words}")
        self.setToolTip(words)
        self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """Another style or size: the sign stands at the middle of the first line of the name."""
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            line = self._label.fontMetrics().lineSpacing()
            self._beside.setContentsMargins(0, max(0, (line - self._sign.height()) // 2), 0, 0)
        return super().event(event)

    def _restyle(self, state: str) -> None:
        quiet = state == "not_applicable"
        self._label.setProperty("quiet", quiet)
        self._label.setProperty("on", self.isChecked())
        for label in (self._label, self._words):
            label.style().unpolish(label)
            label.style().polish(label)

    def hasHeightForWidth(self) -> bool:
        """Long names wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As tall as the words need."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else 0

    def sizeHint(self) -> QSize:
        """As tall as its words need at the width there is."""
        return QSize(120, self.heightForWidth(max(120, self.width())))

    def minimumSizeHint(self) -> QSize:
        """As `sizeHint`: names wrap rather than widen the sidebar."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down move between sections, Enter opens one."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Sidebar(QFrame):
    """The list of sections, those that do not apply folded away. `chosen(name)` when pressed."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formSidebar")
        self._theme = theme
        self.title = plain_label("", "sidebarTitle", self)
        self.title.setWordWrap(True)
        self.subject = plain_label("", "muted", self)
        self.subject.setWordWrap(True)
        self.buttons: dict[str, SectionButton] = {}
        self._captions: list[QWidget] = []
        self._plan: list[tuple[str, str]] = []
        self._shown: dict[str, tuple[str, str, int, bool]] = {}
        self._all = False
        self._sections: Sequence[SectionView] = ()
        self._current, self._signed, self._others = "", frozenset[str](), frozenset[str]()
        self.fold = LinkButton("", self)
        self.fold.clicked.connect(self._toggle)
        self._holder = QWidget(self)
        self._holder.setObjectName("clear")
        self._list = QVBoxLayout(self._holder)
        self._list.setContentsMargins(16, 0, 8, 16)
        self._list.setSpacing(1)
        self._list.addWidget(self.fold)
        self._list.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setObjectName("clear")
        self._scroll.viewport().setObjectName("clear")
        self._scroll.setWidget(self._holder)
        head = QVBoxLayout()
        head.setContentsMargins(28, 16, 12, 8)
        head.setSpacing(2)
        head.addWidget(self.title)
        head.addWidget(self.subject)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._scroll, 1)
        theme.changed.connect(self._fit)
        self._fit()

    def show_sections(
        self,
        sections: Sequence[SectionView],
        current: str,
        signed: frozenset[str],
        others: frozenset[str] = frozenset(),
    ) -> None:
        """Show every section's state; `signed` names those whose part is frozen, `others` those
        that somebody else fills (they stand last)."""
        moved = current != self._current
        self._sections, self._current, self._signed = sections, current, signed
        self._others = others
        sections = sorted(sections, key=lambda s: s.name in others)
        shown = [s for s in sections if s.relevant or self._all or s.name == current]
        plan = [(s.name, OTHERS if s.name in others else "") for s in shown]
        if plan != self._plan:
            self._build(plan)
        for section in shown:
            state = "signed" if section.name in signed else section.state
            on = section.name == current
            now = (say(section.label), state, section.needs, on)
            if self._shown.get(section.name) != now:
                self._shown[section.name] = now
                self.buttons[section.name].setChecked(on)
                self.buttons[section.name].show_state(say(section.label), state, section.needs)
        self._show_fold(len(sections) - len(shown))
        if moved and current in self.buttons:
            self._scroll.ensureWidgetVisible(self.buttons[current], 0, 24)
            self._scroll.horizontalScrollBar().setValue(0)

    def _show_fold(self, hidden: int) -> None:
        said = f"Show {hidden} that do not apply" if hidden else "Hide what does not apply"
        self.fold.setText(f"Show {hidden} more" if hidden else "Show fewer")
        self.fold.setAccessibleName(said)
        self.fold.setToolTip(said)
        self.fold.setVisible(bool(hidden) or self._all)

    def _toggle(self) -> None:
        self._all = not self._all
        self.show_sections(self._sections, self._current, self._signed, self._others)

    def _build(self, plan: list[tuple[str, str]]) -> None:
        for widget in (*self.buttons.values(), *self._captions):
            self._list.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.buttons, self._shown, self._captions, self._plan = {}, {}, [], plan
        place, last = 0, ""
        for name, part in plan:
            if part != last:
                caption = plain_label(part, "sectionCaption", self._holder)
                self._list.insertWidget(place, caption)
                self._captions.append(caption)
                place, last = place + 1, part
            button = SectionButton(self._theme, name, self._holder)
            button.clicked.connect(self._pressed)
            button.stepped.connect(self._step)
            self._list.insertWidget(place, button)
            self.buttons[name] = button
            place += 1
        for one, other in pairwise((*self.buttons.values(), self.fold)):
            QWidget.setTabOrder(one, other)  # what is made later is else reached last

    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, SectionButton):
            button.setChecked(True)
            self.chosen.emit(button.name)

    def _step(self, by: int) -> None:
        button = self.sender()
        if isinstance(button, SectionButton):
            names = list(self.buttons)
            target = names[(names.index(button.name) + by) % len(names)]
            self.buttons[target].setFocus(Qt.FocusReason.TabFocusReason)

    def _fit(self) -> None:
        self.setFixedWidth(min(self._theme.px(SIDEBAR_WIDTH), SIDEBAR_WIDTH + 110))
