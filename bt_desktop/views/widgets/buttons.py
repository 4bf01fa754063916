"""Buttons: verbs, 36 px high, with their key beside them where they have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from bt_desktop.views.icons import draw_icon
from bt_desktop.views.presence import acted
from bt_desktop.views.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent


class TogglePressed(QPushButton):
    """A button that may be on or off, and that a screen reader or voice control can press.

    Qt offers them only "toggle" for such a button, which turns it without `clicked`: what was to
    happen would not. Here a toggle that neither the program nor a click brought about is a press.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._ours = False
        self.toggled.connect(self._perhaps_pressed)
        self.clicked.connect(self._acted)

    def setChecked(self, on: bool) -> None:  # Qt's own name
        """As Qt's: the program turns it."""
        self._ours = True
        try:
            super().setChecked(on)
        finally:
            self._ours = False

    def nextCheckState(self) -> None:
        """As Qt's: a click turns it."""
        self._ours = True
        try:
            super().nextCheckState()
        finally:
            self._ours = False

    @Slot()
    def _acted(self) -> None:
        acted(self)

    @Slot(bool)
    def _perhaps_pressed(self, on: bool) -> None:
        group = self.group()
        turned_off_by_another = not on and group is not None and group.exclusive()
        if not self._ours and not turned_off_by_another:
            self.clicked[bool].emit(on)  # type: ignore[index]  # PySide knows both


class _Button(TogglePressed):
    """Enter presses it too, as people expect who never learned that Space does."""

    kind = "secondary"

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", self.kind)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


class PrimaryButton(_Button):
    """The one deed that the page is for."""

    kind = "primary"


class SecondaryButton(_Button):
    """Any other deed."""

    kind = "secondary"


class DangerButton(_Button):
    """A deed that takes something away."""

    kind = "danger"


class LinkButton(_Button):
    """A deed that reads as a link; for going somewhere or for a small thing beside a text."""

    kind = "link"

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


def with_room_for_bold(button: QPushButton, hint: QSize) -> QSize:
    """`hint`, wide enough for the bold text of the chosen state, so that choosing moves nothing."""
    bold, plain = QFont(button.font()), QFont(button.font())
    bold.setWeight(QFont.Weight.DemiBold)
    plain.setWeight(QFont.Weight.Normal)
    text = button.text()
    if button.font().weight() >= QFont.Weight.DemiBold:
        return hint
    more = QFontMetrics(bold).horizontalAdvance(text) - QFontMetrics(plain).horizontalAdvance(text)
    return QSize(hint.width() + more, hint.height())


_TICK = ((0.26, 0.52), (0.35, 0.61), (0.53, 0.40))
"""The corners of a chip's tick, in heights of the chip from its left upper corner."""


def paint_tick(chip: QPushButton) -> None:
    """The tick of a chip that is on, before its words: on or off is never said by color alone."""
    if not chip.isChecked():
        return
    high = chip.height()
    pen = QPen(chip.palette().color(QPalette.ColorRole.Text), high / 17)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter = QPainter(chip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    # in the room that the style sheet leaves before the words
    painter.drawPolyline([QPointF(high * x, high * y) for x, y in _TICK])
    painter.end()


class Chip(_Button):
    """A short option that is on or off, round; its state is also a tick, never color alone."""

    kind = "chip"

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return with_room_for_bold(self, super().sizeHint())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_tick(self)


class FilterChip(_Button):
    """Something that a list is narrowed to, in words; pressing it takes that away."""

    kind = "chip"

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self._theme = theme
        self.setProperty("removes", True)
        self.setAccessibleName(f"Remove filter: {text}")
        self.setToolTip("Remove this filter")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + self._theme.px(18), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = self._theme.px(12)
        x, y = self.width() - side - self._theme.px(11), (self.height() - side) // 2
        color = self._theme.tokens.muted
        draw_icon(QPainter(self), QRectF(x, y, side, side), "close", color)


class ActionButton(_Button):
    """A button with an icon before its text and its key in a small frame after it."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon_name: str = "",
        keys: str = "",
        kind: str = "secondary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme, self._icon_name, self._keys = theme, icon_name, keys
        self._keys_shown = True
        self.setProperty("kind", kind)
        self.setAccessibleName(_spoken(text))
        if keys:
            self.setAccessibleDescription(f"Key: {keys}")
            self.setToolTip(keys)

    def show_keys(self, shown: bool) -> None:
        """Whether the key stands in the button; it is said and in the tool tip always."""
        if shown != self._keys_shown:
            self._keys_shown = shown
            self.updateGeometry()
            self.update()

    def set_icon_name(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self.update()

    def _parts(self) -> tuple[int, int, int]:
        px = self._theme.px
        icon_wide = px(18) + px(8) if self._icon_name else 0
        keys_wide = 0
        if self._keys and self._keys_shown:
            keys_wide = px(8) + px(14) + _text_wide(self._theme, self._keys)
        return icon_wide, self.fontMetrics().horizontalAdvance(_spoken(self.text())), keys_wide

    def written_wide(self) -> int:
        """How wide icon, words and key are together."""
        return sum(self._parts())

    def sizeHint(self) -> QSize:
        base = super().sizeHint()
        wide = self.written_wide() + self._theme.px(32)
        return QSize(max(wide, base.height()), base.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        # deferred: QStyle brings a host of enums, and the unlock page has no such button
        from PySide6.QtWidgets import QStyle, QStyleOptionButton, QStylePainter

        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = {"primary": "accent_ink", "danger": "danger"}.get(self.property("kind"), "ink")
        if not self.isEnabled():
            tint = "muted"
        color = self._theme.color(tint)
        icon_wide, text_wide, keys_wide = self._parts()
        x = (self.width() - icon_wide - text_wide - keys_wide) / 2
        high = self.height()
        if self._icon_name:
            side = self._theme.px(18)
            draw_icon(
                painter, QRectF(x, (high - side) / 2, side, side), self._icon_name, color.name()
            )
        painter.setPen(color)
        painter.setFont(self.font())
        place = QRectF(x + icon_wide, 0, text_wide + 2, high)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(place, int(flags), self.text())
        if self._keys and self._keys_shown:
            self._paint_keys(painter, x + icon_wide + text_wide + self._theme.px(8), color.name())

    def _paint_keys(self, painter: QPainter, x: float, _color: str) -> None:
        wide = _text_wide(self._theme, self._keys) + self._theme.px(14)
        tall = self._theme.px(20)
        frame = QRectF(x + 0.5, (self.height() - tall) / 2 + 0.5, wide - 1, tall - 1)
        pen = QPen(painter.pen().color())
        faint = pen.color()
        faint.setAlphaF(0.45)
        painter.setPen(QPen(faint, 1))
        painter.drawRoundedRect(frame, 4, 4)
        painter.setPen(pen)
        painter.setFont(self._theme.font(12))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self._keys)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()


def _spoken(text: str) -> str:
    """Without the mark of its Alt key."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _text_wide(theme: Theme, text: str) -> int:
    return QFontMetrics(theme.font(12)).horizontalAdvance(text)
