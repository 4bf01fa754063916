"""Editors for choices: chips for a few short options, lists that are typed into for more."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors.protocol import Editor, Typed, listed, mark
from bt_desktop.views.editors.suggest import CloseOnLeave, SuggestBox, Suggestion
from bt_desktop.views.editors.text import Line
from bt_desktop.views.widgets.buttons import TogglePressed, paint_tick, with_room_for_bold
from bt_desktop.views.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Choice
    from bt_desktop.form_engine.views import FieldView

MOST_CHIPS = 7
LONGEST_CHIP = 34
_NAME = Qt.ItemDataRole.UserRole


def folded(text: str) -> str:
    """Lower case without accents, for matching what was typed."""
    split = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(c for c in split if not unicodedata.combining(c))


def fits_chips(choices: Sequence[Choice]) -> bool:
    """Whether these options are few and short enough to all stand on the page."""
    return len(choices) <= MOST_CHIPS and all(
        len(say(choice.label)) <= LONGEST_CHIP for choice in choices
    )


class Chip(TogglePressed):
    """One option that is on or off; arrows go to its neighbors, Space presses it."""

    stepped = Signal(int)

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.name = name
        self.setCheckable(True)
        self.setProperty("kind", "chip")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as when it is chosen."""
        return with_room_for_bold(self, super().sizeHint())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As every button, and a tick where it is on."""
        super().paintEvent(event)
        paint_tick(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move within the group; Enter never presses (it would submit elsewhere)."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if event.key() in steps and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.stepped.emit(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)


class ChipsEditor(Editor):
    """Options as chips: one of them (`many=False`; pressing it again clears) or several.

    Tab enters the group once, at the chosen chip or the first; arrows move inside it.
    """

    def __init__(self, many: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._many = many
        self.chips: list[Chip] = []
        self._shown: tuple[tuple[str, str], ...] = ()
        self._flow = FlowLayout(self)
        self._stray: list[str] = []
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def typed(self) -> Typed:
        """The chosen name, or the list of names in the list's order; None where none is."""
        names = [chip.name for chip in self.chips if chip.isChecked()] + self._stray
        if self._many:
            return names or None
        return names[0] if names else None

    def set_typed(self, typed: Typed) -> None:
        """Press these chips in and all others out."""
        names = listed(typed)
        known = {chip.name for chip in self.chips}
        self._stray = [name for name in names if name not in known]
        for chip in self.chips:
            if chip.isChecked() != (chip.name in names):
                chip.setChecked(chip.name in names)
        self._give_tab_to(self._entry())

    def set_view(self, view: FieldView) -> None:
        """Show the options that the session offers now."""
        wanted = tuple((choice.name, say(choice.label)) for choice in view.choices)
        if wanted != self._shown:
            kept = listed(self.typed())
            self._build(view.choices, wanted)
            self.set_typed(kept)
        self.setEnabled(not view.read_only)

    def focus_target(self) -> QWidget:
        """The chip at which Tab enters the group."""
        return self._entry() or self

    def describe(self, name: str, description: str) -> None:
        """Name the group, and every chip within it with the group's name in front."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        for place, chip in enumerate(self.chips, 1):
            label = chip.text().replace("&&", "&")
            chip.setAccessibleName(f"{name}: {label}, {place} of {len(self.chips)}")
            chip.setAccessibleDescription(description)

    def set_wrong(self, wrong: bool) -> None:
        """Mark the chips' frames."""
        for chip in self.chips:
            mark(chip, "wrong", wrong)

    def _build(self, choices: Sequence[Choice], wanted: tuple[tuple[str, str], ...]) -> None:
        held = self.has_focus()
        for chip in self.chips:
            self.forget(chip)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._shown = wanted
        self.chips = [self._chip(choice) for choice in choices]
        if held and self.chips:
            self.focus_target().setFocus()
        self.updateGeometry()

    def _chip(self, choice: Choice) -> Chip:
        chip = Chip(choice.name, say(choice.label), self)
        if choice.prohibited:
            chip.setProperty("prohibited", True)
        hint = say(choice.hint) if choice.hint else ""
        chip.setToolTip(hint)
        chip.clicked.connect(self._pressed)
        chip.stepped.connect(self._step)
        self._flow.addWidget(chip)
        self.watch(chip)
        return chip

    def _pressed(self) -> None:
        pressed = self.sender()
        if not self._many:
            self._stray = []
            for chip in self.chips:
                if chip is not pressed:
                    chip.setChecked(False)
        if isinstance(pressed, Chip):
            self._give_tab_to(pressed)
        self.changed.emit()

    def _step(self, by: int) -> None:
        sender = self.sender()
        if isinstance(sender, Chip):
            target = self.chips[(self.chips.index(sender) + by) % len(self.chips)]
            self._give_tab_to(target)
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def _entry(self) -> Chip | None:
        focused = next((chip for chip in self.chips if chip.hasFocus()), None)
        chosen = next((chip for chip in self.chips if chip.isChecked()), None)
        return focused or chosen or (self.chips[0] if self.chips else None)

    def _give_tab_to(self, entry: Chip | None) -> None:
        for chip in self.chips:
            chip.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if chip is entry else Qt.FocusPolicy.ClickFocus
            )


class ListLine(Line):
    """A line that opens a list of options below itself."""

    asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.box = SuggestBox(self)
        CloseOnLeave(self, self.box)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The list gets its keys first; Down opens it."""
        if self.box.take_key(event):
            return
        if event.key() == Qt.Key.Key_Down:
            self.asked.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab chooses the marked row before it leaves."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Tab
            and self.box.is_open()
        ):
            self.box.take_key(event)
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select what is there, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()


class OneOfManyEditor(Editor):
    """One option of a long list: typing filters, Down opens all, the mouse wheel does nothing."""

    holds_text = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[Choice, ...] = ()
        self._name: str | None = None
        self._odd = ""
        self.line = ListLine(self)
        self.line.setPlaceholderText("Type to find an option")
        self.line.textEdited.connect(self._typed)
        self.line.asked.connect(self._open_all)
        self.line.box.chosen.connect(self._choose)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.line)
        self.watch(self.line)
        self.left.connect(self._resolve)

    def typed(self) -> Typed:
        """The chosen option's name; text that is no option as it stands; None where blank."""
        return self._name or self._odd or None

    def set_typed(self, typed: Typed) -> None:
        """Show this option."""
        name = typed if isinstance(typed, str) else ""
        choice = next((c for c in self._choices if c.name == name), None)
        self._name, self._odd = (name, "") if choice else (None, name)
        text = say(choice.label) if choice else name
        if text != self.line.text() and not (self.line.hasFocus() and not choice):
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def set_view(self, view: FieldView) -> None:
        """Take over the options; keep what is shown readable."""
        changed = view.choices != self._choices
        self._choices = tuple(view.choices)
        self.line.setReadOnly(view.read_only)
        if changed:
            self.set_typed(self.typed())

    def settle(self) -> None:
        """Close the list."""
        self.line.box.close_list()

    def _matching(self, text: str) -> list[Suggestion]:
        wanted = folded(text).split()
        rows = []
        for choice in self._choices:
            label = say(choice.label)
            flat = folded(label)
            if all(word in flat for word in wanted):
                spans = tuple(
                    (flat.index(w), flat.index(w) + len(w))
                    for w in wanted
                    if len(flat) == len(label)
                )
                hint = say(choice.hint) if choice.hint else ""
                flag = "prohibited" if choice.prohibited else ""
                rows.append(Suggestion(choice.name, label, hint, spans, flag))
        return rows

    def _typed(self, text: str) -> None:
        exact = next((c for c in self._choices if folded(say(c.label)) == folded(text)), None)
        self._name, self._odd = (exact.name, "") if exact else (None, text)
        rows = self._matching(text) if text else []
        at = next((i for i, row in enumerate(rows) if row.key == self._name), 0)
        self.line.box.show_rows(rows, current=at)  # "The office" is not "The nurse's office"
        self.changed.emit()

    def _open_all(self) -> None:
        if not self.line.isReadOnly():
            rows = self._matching("")
            at = next((i for i, row in enumerate(rows) if row.key == self._name), 0)
            self.line.box.show_rows(rows, current=at)

    def _choose(self, row: Suggestion) -> None:
        self._name, self._odd = row.key, ""
        self.line.setText(row.title)
        self.changed.emit()

    def _resolve(self) -> None:
        """On leaving: text that fits exactly one option means that option."""
        if self._odd:
            rows = self._matching(self._odd)
            if len(rows) == 1:
                self._choose(rows[0])


class CheckListEditor(Editor):
    """Several options of a long list, each with a box to check and one line to filter them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._shown: tuple[Choice, ...] = ()
        self.filter = Line(self)
        self.filter.setClearButtonEnabled(True)
        self.filter.textEdited.connect(self._narrow)
        self.list = QListWidget(self)
        self.list.setObjectName("checkList")
        self.list.setTabKeyNavigation(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self.list.itemChanged.connect(self._checked)
        self.list.itemClicked.connect(self._clicked)
        self._pressed_state: Qt.CheckState | None = None
        self.list.itemPressed.connect(self._remember)
        # A screen reader selects a row; so that Space checks it, it is the current one, too.
        self.list.itemSelectionChanged.connect(self._follow_selection)
        self.summary = QLabel(self)
        self.summary.setObjectName("muted")
        self.summary.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for widget in (self.filter, self.list, self.summary):
            box.addWidget(widget)
        self.watch(self.filter, self.list)
        self.filter.installEventFilter(self)

    def typed(self) -> Typed:
        """The names in the list's order; None where none is checked."""
        return list(self._names) or None

    def set_typed(self, typed: Typed) -> None:
        """Check these."""
        names = listed(typed)
        if names == self._names:
            return
        self._names = names
        self._show_checks()

    def set_view(self, view: FieldView) -> None:
        """Show the options that the session offers now."""
        if tuple(view.choices) != self._shown:
            self._build(tuple(view.choices))
        self.setEnabled(not view.read_only)

    def describe(self, name: str, description: str) -> None:
        """Name both parts."""
        self.filter.setAccessibleName(f"{name}: filter the options")
        self.filter.setAccessibleDescription(description)
        self.list.setAccessibleName(name)
        self.list.setAccessibleDescription(f"{self.summary.text()} {description}".strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the filter into the list."""
        if (
            watched is self.filter
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Down
        ):
            self._enter_list()
            return True
        return super().eventFilter(watched, event)

    def _enter_list(self) -> None:
        first = next(
            (i for i in range(self.list.count()) if not self.list.item(i).isHidden()), None
        )
        if first is not None:
            self.list.setCurrentRow(first)
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _build(self, choices: tuple[Choice, ...]) -> None:
        self._shown = choices
        self.list.blockSignals(True)
        self.list.clear()
        for choice in choices:
            text = say(choice.label)
            if choice.prohibited:
                text = f"{text} (prohibited)"
            item = QListWidgetItem(text)
            item.setData(_NAME, choice.name)
            item.setToolTip(say(choice.hint) if choice.hint else "")
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.filter.setPlaceholderText(f"Type to filter {len(choices)} options")
        rows = min(len(choices), 9)
        self.list.setFixedHeight(max(1, rows) * max(1, self.list.sizeHintForRow(0)) + 10)
        self._show_checks()

    def _show_checks(self) -> None:
        self.list.blockSignals(True)
        for i in range(self.list.count()):
            item = self.list.item(i)
            on = item.data(_NAME) in self._names
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self._summarize()

    def _summarize(self) -> None:
        labels = {c.name: say(c.label) for c in self._shown}
        chosen = [labels.get(name, name) for name in self._names]
        self.summary.setText(f"Chosen: {', '.join(chosen)}" if chosen else "None chosen yet")

    def _checked(self, item: QListWidgetItem) -> None:
        name = item.data(_NAME)
        on = {n for n in self._names if n != name}
        if item.checkState() == Qt.CheckState.Checked:
            on.add(name)
        order = [c.name for c in self._shown]
        stray = [n for n in self._names if n not in order]
        self._names = [n for n in order if n in on] + stray
        self._summarize()
        self.changed.emit()

    def _follow_selection(self) -> None:
        for item in self.list.selectedItems():
            self.list.setCurrentItem(item)

    def _remember(self, item: QListWidgetItem) -> None:
        self._pressed_state = item.checkState()

    def _clicked(self, item: QListWidgetItem) -> None:
        """A click anywhere on the row checks it; a click on the box itself already did."""
        if self._pressed_state == item.checkState():
            on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
        self._pressed_state = None

    def _narrow(self, text: str) -> None:
        wanted = folded(text).split()
        for i in range(self.list.count()):
            item = self.list.item(i)
            item.setHidden(not all(word in folded(item.text()) for word in wanted))
