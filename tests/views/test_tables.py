"""Tables keep what must be read whole, however narrow they are."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QStandardItemModel
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.focus_ring import FocusRing
from bt_desktop.views.widgets.table import LONGEST_STATE, Table
from tests.views.shell_kit import app


def test_the_column_of_the_state_gets_the_room_it_needs(qtbot: QtBot) -> None:
    theme = Theme(mode="light", scale=200)
    table = Table(theme)
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(1, 3, table))
    table.set_shares(50, 40, 10)
    table.resize(900, 200)
    table.show()
    whole = table.viewport().width()
    assert table.columnWidth(2) < whole // 8
    table.keep_whole(2, LONGEST_STATE)
    needed = QFontMetrics(theme.font(15)).horizontalAdvance(LONGEST_STATE)
    assert table.columnWidth(2) > needed
    assert sum(table.columnWidth(c) for c in range(3)) == whole


def test_what_is_in_a_line_stands_on_its_middle(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=8, between=2)
    for tall in (40, 20, 40):
        label = QLabel("x", holder)
        label.setFixedSize(100, tall)
        flow.addWidget(label)
    flow.setGeometry(QRect(0, 0, 230, 200))
    boxes = [flow.itemAt(i).geometry() for i in range(3)]  # type: ignore[union-attr]  # there are three
    assert boxes[0].center().y() == boxes[1].center().y()
    assert boxes[2].top() == boxes[0].bottom() + 1 + 2


def test_the_ring_lies_around_the_frame_that_looks_like_the_control(qtbot: QtBot) -> None:
    theme = Theme(mode="light")
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    frame = QWidget(window)
    line = QLineEdit(frame)
    line.move(20, 10)
    frame.setFixedSize(300, 60)
    line.setProperty("ringAround", frame)
    link = QPushButton("Go", window)
    link.setProperty("kind", "link")
    column.addWidget(frame)
    column.addWidget(link)
    window.show()
    ring = FocusRing(theme, app())
    ring.follow(line)
    assert ring.geometry() == frame.geometry().adjusted(-3, -3, 3, 3)
    ring.follow(link)
    assert ring.geometry() == link.geometry().adjusted(-6, -3, 6, 3)
    ring.follow(None)
    app().focusChanged.disconnect(ring._follow)
