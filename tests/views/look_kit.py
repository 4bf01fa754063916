"""Looks at a window as somebody does who enlarges it, sees little, or no colors: what is cut off,
what lies over something else, what is too faint, what only a color says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from PIL import Image
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from bt_desktop.views.form_field import FieldBlock
from bt_desktop.views.tokens import contrast
from bt_desktop.views.widgets.buttons import ActionButton
from bt_desktop.views.widgets.table import TONE_ROLE, WRAPPED, CellDelegate, Table, has_two_lines

USUAL = 1280
"""How wide a window usually is at least."""
TEXT, LARGE = 4.5, 3.0
"""The least contrast of text, and of large text: 24 px, or bold from 18.66 px (WCAG 1.4.3)."""
_SLACK = 2
"""Rounding of font measures, in pixels."""
TELLING_TONES = {"danger", "warn", "ok"}
"""Colors that stand for something; accent and plain are only looks."""


def shown(root: QWidget) -> list[QWidget]:
    """Everything of this window that is on show, scrolled away or not."""
    return [
        one for one in root.findChildren(QWidget)
        if one.isVisible() and one.window() is root.window() and one.width() and one.height()
    ]  # fmt: skip


def called(widget: QWidget) -> str:
    """What a report calls it."""
    text = getattr(widget, "text", str)()
    words = str(text or widget.accessibleName())[:60]
    return f"{type(widget).__name__} {widget.objectName()} {words!r}".replace("  ", " ")


# --- cut off -----------------------------------------------------------------------------


def cut(root: QWidget) -> list[str]:
    """Words that do not fit their place and are not to be had otherwise (a tip, a spoken name)."""
    found = []
    for one in shown(root):
        lacks = _lacks(one)
        if lacks:
            found.append(f"{called(one)}: cut, {lacks}")
    return found


def cut_cells(root: QWidget) -> list[str]:
    """Words of a table that do not fit their cell, wrapped or as a pill, in a window of usual
    size. (In a narrower one a cell's tip has them.)"""
    found: list[str] = []
    if root.width() < USUAL:
        return found
    for table in root.findChildren(Table):
        if not table.isVisible() or type(table.itemDelegate()) is not CellDelegate:
            continue
        theme, model = table._theme, table.model()
        metrics = QFontMetrics(theme.font(15))
        pill = QFontMetrics(theme.font(13, weight=600))
        for row, column in product(range(model.rowCount()), range(model.columnCount())):
            index = model.index(row, column)
            words, room = str(index.data() or ""), table.columnWidth(column) - theme.px(16)
            if table.isColumnHidden(column) or not words:
                continue
            if index.data(TONE_ROLE):
                fits = pill.horizontalAdvance(words) + theme.px(18) <= room + _SLACK
            else:
                needs = metrics.boundingRect(QRect(0, 0, room, 1000), WRAPPED, words)
                most = 2 if has_two_lines(metrics, table.rowHeight(row)) else 1
                lines = needs.height() <= most * metrics.lineSpacing()
                fits = lines and needs.width() <= room + _SLACK
            if not fits:
                found.append(f"{table.accessibleName()}: {words!r} cut in {room}")
    return sorted(set(found))


def _lacks(one: QWidget) -> str:
    if isinstance(one, QLabel):
        return _label_lacks(one)
    if isinstance(one, QPushButton | QCheckBox | QRadioButton) and one.text():
        return _button_lacks(one)
    if isinstance(one, QComboBox) and one.currentText():
        wide = one.fontMetrics().horizontalAdvance(one.currentText())
        if wide > one.width() - one.height() // 2 and not one.toolTip():
            return f"{wide} wide in {one.width()}"
    if isinstance(one, QLineEdit) and one.placeholderText() and not one.text():
        wide = one.fontMetrics().horizontalAdvance(one.placeholderText())
        whole = one.placeholderText().rstrip("…")  # Qt ends it with dots where it does not fit
        if wide > one.width() and whole not in _heard(one) + one.accessibleName():
            return f"its hint is {wide} wide in {one.width()}"
    return ""


def _label_lacks(one: QLabel) -> str:
    if not one.text() or not one.pixmap().isNull():
        return ""
    room = one.contentsRect()
    if one.wordWrap():
        needs = one.heightForWidth(one.width())
        return f"{needs} high in {one.height()}" if needs > one.height() + _SLACK else ""
    hint = one.sizeHint()
    chrome = one.width() - room.width()
    if hint.width() - chrome > room.width() + _SLACK and one.text() not in _heard(one):
        return f"{hint.width()} wide in {one.width()}"
    high = one.fontMetrics().height()
    return f"{high} high in {one.height()}" if high > one.height() + _SLACK else ""


def _button_lacks(one: QAbstractButton) -> str:
    words = one.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
    lines = words.split("\n")
    metrics = QFontMetrics(one.font())
    wide = max(metrics.horizontalAdvance(line) for line in lines)
    high = metrics.height() * len(lines)
    room = _room_for_words(one)
    if isinstance(one, ActionButton):
        wide, room = one.written_wide(), one.width()  # it paints an icon and its key, too
    if wide > room + _SLACK and words not in _heard(one):
        return f"{wide} wide in {room}"
    return f"{high} high in {one.height()}" if high > one.height() + _SLACK else ""


def _room_for_words(one: QAbstractButton) -> int:
    """What its style leaves for words: without padding, tick box or round mark."""
    parts = QStyle.SubElement
    part = parts.SE_PushButtonContents
    if isinstance(one, QCheckBox | QRadioButton):
        ticked = isinstance(one, QCheckBox)
        part = parts.SE_CheckBoxContents if ticked else parts.SE_RadioButtonContents
    option = QStyleOptionButton()
    one.initStyleOption(option)  # type: ignore[attr-defined]  # each of the three has it
    return one.style().subElementRect(part, option, one).width()


def _heard(one: QWidget) -> str:
    return "\n".join((one.toolTip(), one.parentWidget().toolTip() if one.parentWidget() else ""))


# --- over one another --------------------------------------------------------------------


def overlaps(root: QWidget) -> list[str]:
    """Neighbors of one layout that lie over each other, or stick out of what holds them."""
    found = []
    for holder in (root, *shown(root)):
        layout = holder.layout()
        if layout is None or isinstance(holder, QStackedWidget):
            continue
        laid = [one for one in _laid_out(layout) if one.isVisible() and not one.isWindow()]
        for one, other in combinations(laid, 2):
            both = one.geometry().intersected(other.geometry())
            if min(both.width(), both.height()) > _SLACK:
                found.append(f"{called(one)} lies over {called(other)} in {called(holder)}")
        if isinstance(holder, QLineEdit):
            continue
        inside = holder.rect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK)
        for one in laid:
            if not inside.contains(one.geometry()):
                found.append(f"{called(one)} sticks out of {called(holder)}")
    return found


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def does_not_scroll(root: QWidget) -> list[str]:
    """What is larger than its view and cannot be scrolled to."""
    found = []
    for area in root.findChildren(QScrollArea):
        inner = area.widget()
        if inner is None or not area.isVisible():
            continue
        for policy, needs, room in (
            (area.horizontalScrollBarPolicy(), inner.width(), area.viewport().width()),
            (area.verticalScrollBarPolicy(), inner.height(), area.viewport().height()),
        ):
            if policy is Qt.ScrollBarPolicy.ScrollBarAlwaysOff and needs > room + _SLACK:
                found.append(f"{called(area)} in {called(area.parentWidget())}: {needs} in {room}")
    return found


# --- too faint ---------------------------------------------------------------------------


def picture(window: QWidget) -> Image.Image:
    """The window as it is painted."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    size = (image.width(), image.height())
    return Image.frombuffer(
        "RGB", size, bytes(image.constBits()), "raw", "RGB", image.bytesPerLine(), 1
    )


def faint(window: QWidget, known: set[tuple[object, ...]]) -> list[str]:
    """Words whose painted color is too near to the ground they stand on.

    `known` remembers the looks that were measured: what is styled alike on a ground of the same
    name is measured once.
    """
    fresh = [one for one in shown(window) if _has_words(one) and _look_of(one) not in known]
    places = [(one, _on_view(one, window)) for one in fresh if one.isEnabled()]
    places = [(one, place) for one, place in places if _is_seen(one, place, window)]
    if not places:
        return []
    whole = picture(window)
    found = []
    for one, place in places:
        known.add(_look_of(one))
        ratio = _ratio(whole, place)
        least = LARGE if _is_large(one) else TEXT
        if ratio is not None and max(ratio, _meant(one, whole, place)) < least:
            found.append(f"{called(one)}: contrast {ratio:.2f}, {least} is the least")
    return found


def _is_seen(one: QWidget, place: QRect, window: QWidget) -> bool:
    """Whether most of it is on show: not scrolled away, and nothing lies over it."""
    whole = one.width() * one.height()
    if place.width() * place.height() < 0.9 * whole or min(place.width(), place.height()) < 8:
        return False
    top = window.childAt(place.center())
    return top is not None and (top is one or one.isAncestorOf(top))


def _meant(one: QWidget, whole: Image.Image, place: QRect) -> float:
    """The color that the style means for the words against the ground as painted: thin strokes
    are smoothed, and no pixel of them has the whole color."""
    ground = _counted(whole, place)[0][1]
    return contrast(_hex(ground), one.palette().color(one.foregroundRole()).name())


def _look_of(one: QWidget) -> tuple[object, ...]:
    """What the stylesheet goes by: kind, name and properties, of it and of what it stands on."""
    look: list[object] = []
    at: QWidget | None = one
    while at is not None and not at.isWindow():
        look += [type(at).__name__, at.objectName(), at.property("kind"), at.property("tone")]
        at = at.parentWidget()
    checked = isinstance(one, QAbstractButton) and one.isChecked()
    return (*look, checked, one.underMouse(), one.hasFocus())


def _has_words(one: QWidget) -> bool:
    if isinstance(one, QLabel):
        return bool(one.text().strip()) and one.pixmap().isNull()
    return isinstance(one, QPushButton) and bool(one.text().strip())


def _is_large(one: QWidget) -> bool:
    size = one.fontInfo().pixelSize()
    return size >= 24 or (one.font().bold() and size >= 19)


def _on_view(one: QWidget, window: QWidget) -> QRect:
    """The part of it that is not scrolled away, in the window's pixels."""
    place = QRect(one.mapTo(window, QPoint(0, 0)), one.size())
    at = one.parentWidget()
    while at is not None:
        place = place.intersected(QRect(at.mapTo(window, QPoint(0, 0)), at.size()))
        if at is window:
            break
        at = at.parentWidget()
    return place


def _counted(whole: Image.Image, place: QRect) -> list[tuple[int, object]]:
    """The colors of a part of the picture, the most frequent first."""
    part = whole.crop((place.left(), place.top(), place.right(), place.bottom()))
    return sorted(part.getcolors(part.width * part.height) or [], reverse=True)


def _ratio(whole: Image.Image, place: QRect) -> float | None:
    """Ground (the most frequent color) against what stands out most from it, 1 to 21.

    None where nothing is painted there.
    """
    colors = _counted(whole, place)
    ground = _hex(colors[0][1])
    return max((contrast(ground, _hex(color)) for _, color in colors[1:]), default=None)


def _hex(color: object) -> str:
    red, green, blue = color  # type: ignore[misc]  # of an RGB picture
    return f"#{red:02X}{green:02X}{blue:02X}"


# --- by color alone ----------------------------------------------------------------------


def only_color(root: QWidget) -> list[str]:
    """Widgets whose color stands for something, without words or an icon that says it, too."""
    return [
        f"{called(one)}: {one.property('tone')} is only a color"
        for one in shown(root)
        if one.property("tone") in TELLING_TONES and not _says_it(one)
    ]


def _says_it(one: QWidget) -> bool:
    if str(getattr(one, "text", str)() or "").strip() or one.accessibleDescription().strip():
        return True
    if one.accessibleName().strip() and not one.findChildren(QWidget):
        return True
    return any(
        child.isVisible() and (child.text().strip() or not child.pixmap().isNull())
        for child in one.findChildren(QLabel)
    ) or isinstance(one, QAbstractScrollArea)


# --- errors, sizes -------------------------------------------------------------------------


def errors_unheard(root: QWidget) -> list[str]:
    """Problems below a field that are not part of what is said of the field."""
    found = []
    feet = {block.foot: block for block in root.findChildren(FieldBlock)}
    for label in root.findChildren(QLabel, "fieldError"):
        frame = label.parentWidget()
        if not label.isVisible() or not label.text() or frame is None:
            continue
        frame = feet[frame].editor if frame in feet else frame  # a foot may be laid out elsewhere
        parts = [frame, *frame.findChildren(QWidget)]
        described = [one.accessibleDescription() for one in parts if _can_be_entered(one)]
        if not any(label.text().removeprefix("▲ ") in words for words in described):
            found.append(f"{called(label)}: not said of its field")
    return found


def _can_be_entered(one: QWidget) -> bool:
    return bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus)


def larger_than(root: QWidget, size: QSize) -> list[str]:
    """A window that a usual screen does not hold."""
    fits = root.width() <= size.width() and root.height() <= size.height()
    return [] if fits else [f"{called(root)} is {root.width()} x {root.height()}"]
