"""The health office: its sections in a row at the head, the chosen one below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner
from bt_desktop.views.health.sections import Section, allowed_sections
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.tasks import Lane
from bt_desktop.views.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6
from bt_desktop.views.widgets.buttons import Chip
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import Muted, PageTitle

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_ROWS = 1.8  # two rows; a row is seldom filled to its end
_NOTHING = (
    "Nothing of the health office is open to your account. The school nurse can delegate named "
    "medicines of named students to you."
)


class HealthPage(QWidget):
    """What a section asks of the shell, it asks through this page.

    `student_asked(student_id)` for a student's health file, `record_asked(record_id)` for a report,
    `paper_asked(copy, title)` to show a paper, `print_asked(whole, copies, title)` to show papers
    for parents as one print and note of each what becomes of it, `notices_asked` for the papers of
    reports;
    `emergency_asked` to record an emergency dose.
    `board_order` is how the board of today was arranged last on this computer.
    """

    title = "Health office"
    student_asked = Signal(str)
    record_asked = Signal(str)
    paper_asked = Signal(object, str)
    print_asked = Signal(object, object, str)
    notices_asked = Signal()
    emergency_asked = Signal()

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        parent: QWidget | None = None,
        *,
        prefs: Preferences | None = None,
    ) -> None:
        super().__init__(parent)
        self._prefs = prefs
        self.setObjectName("page")
        self.setProperty("ownRing", True)
        self._desk, self._workspace = desk, workspace
        self._wanted, self._errand = "", ""
        self._allowed: tuple[Section, ...] | None = None
        self._made: dict[str, QWidget] = {}
        self._grounds: dict[str, QWidget] = {}
        self.banner = Banner(desk.theme, self, slot=True)
        self.chips: dict[str, Chip] = {}
        self._group = QButtonGroup(self)
        self._row = FlowLayout()
        self.chooser = Choice(self)  # takes the chips' place where they would fill half the page
        self.chooser.setAccessibleName("Section of the health office")
        self.chooser.currentIndexChanged.connect(self._choose)
        self.chooser.hide()
        self.nothing = Muted(_NOTHING, self)
        self.nothing.hide()
        self.stack = QStackedWidget(self)
        self.head = QWidget(self)
        head = QVBoxLayout(self.head)
        head.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_4)
        head.setSpacing(SPACE_3)
        head.addWidget(PageTitle(self.title, self))
        head.addLayout(self._row)
        head.addWidget(self.chooser)
        head.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.head)
        column.addWidget(self.stack, 1)
        desk.theme.changed.connect(self._size_up)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_up()

    @Slot()
    def _size_up(self) -> None:
        """Chips while they stand in two rows; else a list to choose from."""
        wide = sum(chip.sizeHint().width() + SPACE_2 for chip in self.chips.values())
        room = max(1, self.width() - 2 * SPACE_6)
        many = wide > _ROWS * room
        for chip in self.chips.values():
            chip.setVisible(not many)
        self.chooser.setVisible(many)

    @Slot()
    def _choose(self) -> None:
        key = str(self.chooser.currentData() or "")
        if key and key != self.shown:
            self.show_section(key)

    def show_head(self, on: bool) -> None:
        """Title and sections; a section that needs all the room hides them for a while."""
        self.head.setVisible(on)

    @property
    def board_order(self) -> str:
        """`time` or `student`."""
        return self._prefs.board_order if self._prefs is not None else ""

    def keep_board_order(self, order: str) -> None:
        """Remember it."""
        if self._prefs is not None:
            self._prefs.keep_board_order(order)

    @Slot()
    def load(self) -> None:
        """Find out what may be shown, and show the section of before, or the first."""
        workspace = self._workspace
        self._desk.tasks.run(
            self, lambda: allowed_sections(workspace), self._show_allowed, lane=Lane.READ
        )

    def show_section(self, key: str, errand: str = "") -> None:
        """Go to a section by its key; once what is allowed is known, where it is not yet.

        `errand` is handed to the section's `errand`: what somebody came for (an order's id).
        """
        self._wanted, self._errand = key, errand or self._errand
        if self._allowed is None:
            return
        found = next((one for one in self._allowed if one.key == key), None)
        if found is not None:
            self._show(found)

    def section(self, key: str) -> QWidget | None:
        """The section of this key, once it was shown."""
        return self._made.get(key)

    @property
    def shown(self) -> str:
        """The key of the section that is shown; "" before any is."""
        return self._wanted if self._wanted in self._made else ""

    def place(self) -> Mapping[str, Any]:
        """Where the person is, for after the next unlocking."""
        return {"section": self.shown}

    def restore(self, place: Mapping[str, Any]) -> None:
        """Go back there."""
        self.show_section(str(place.get("section", "")))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Opened: the section says where one begins, where it says so."""
        super().focusInEvent(event)
        begin = getattr(self._made.get(self._wanted), "begin", None)
        if begin is not None:
            begin()

    def _show_allowed(self, allowed: tuple[Section, ...]) -> None:
        if allowed != self._allowed:
            self._allowed = allowed
            self._make_chips(allowed)
        self.nothing.setVisible(not allowed)
        self.stack.setVisible(bool(allowed))
        keys = [one.key for one in allowed]
        if keys:
            self.show_section(self._wanted if self._wanted in keys else keys[0])

    def _make_chips(self, allowed: tuple[Section, ...]) -> None:
        for chip in self.chips.values():
            self._group.removeButton(chip)
            self._row.removeWidget(chip)
            chip.deleteLater()
        self.chips = {}
        for section in allowed:
            chip = self.chips[section.key] = Chip(section.title, self)
            chip.clicked.connect(lambda _=False, which=section.key: self.show_section(which))
            self._group.addButton(chip)
            self._row.addWidget(chip)
        with QSignalBlocker(self.chooser):
            self.chooser.fill([(one.title, one.key) for one in allowed])
        self._size_up()
        for one, other in zip(self.chips.values(), list(self.chips.values())[1:], strict=False):
            self.setTabOrder(one, other)

    def _show(self, section: Section) -> None:
        made = self._made.get(section.key)
        if made is None:
            made = self._made[section.key] = section.make(self._desk, self._workspace, self)
            ground = self._grounds[section.key] = self._ground(section, made)
            self.stack.addWidget(ground)
        self.chips[section.key].setChecked(True)
        with QSignalBlocker(self.chooser):
            self.chooser.setCurrentIndex(self.chooser.findData(section.key))
        self.show_head(True)
        self.stack.setCurrentWidget(self._grounds[section.key])
        load = getattr(made, "load", None)
        if load is not None:
            load()
        errand, self._errand = self._errand, ""
        if errand and hasattr(made, "errand"):
            made.errand(errand)
        if self.hasFocus():
            begin = getattr(made, "begin", None)
            if begin is not None:
                begin()

    def _ground(self, section: Section, made: QWidget) -> QWidget:
        if not section.scrolls:
            return made
        scroll = Scroll(self.stack)
        holder = QWidget()
        holder.setObjectName("ground")
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(SPACE_6, SPACE_1, SPACE_6, SPACE_6)  # room for a ring
        inside.addWidget(made)
        scroll.setWidget(holder)
        return scroll
