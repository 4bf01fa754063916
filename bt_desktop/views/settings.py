"""Settings: the school, holds, calendar, staff, accounts, activity, this computer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bt_desktop.views.accounts import AccountsSection
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner
from bt_desktop.views.people_staff import StaffSection
from bt_desktop.views.settings_access import AccessSection
from bt_desktop.views.settings_backups import BackupsSection
from bt_desktop.views.settings_calendar import CalendarSection
from bt_desktop.views.settings_computer import ComputerSection
from bt_desktop.views.settings_holds import HoldsSection
from bt_desktop.views.settings_keys import KeysSection
from bt_desktop.views.settings_log import LogSection
from bt_desktop.views.settings_medicine import MedicineSection
from bt_desktop.views.settings_pin import PinCard
from bt_desktop.views.settings_school import SchoolSection
from bt_desktop.views.settings_violence import ViolenceSection
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.page import Scroll
from bt_desktop.views.widgets.text import PageTitle

if TYPE_CHECKING:
    from bt_desktop.services.computer import ThisComputer
    from bt_desktop.services.pin import PinKeeper
    from bt_desktop.services.workspace import Workspace

_LIST_WIDE = 190
_LIST_BELOW = 700


class SettingsPage(QWidget):
    """Sections at the left, the chosen one at the right. `import_asked`, `verify_asked`;
    `preview_asked(copy, title, section)` for a paper that is of no record;
    `access_asked(student_id)` for an access log."""

    title = "Settings"
    import_asked = Signal()
    verify_asked = Signal()
    preview_asked = Signal(object, str, str)
    access_asked = Signal(str)

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        prefs: Preferences,
        this_computer: Callable[[], ThisComputer | None] = lambda: None,
        pin: Callable[[], PinKeeper] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._this_computer = this_computer
        self._pin = None if pin is None else lambda: PinCard(desk, workspace, pin)
        self.setObjectName("page")
        self.setProperty("ownRing", True)
        self._desk = desk
        self.banner = Banner(desk.theme, self, slot=True)
        self.sections = QListWidget(self)
        self.sections.setObjectName("sections")
        self.sections.setAccessibleName("Sections of the settings")
        self.stack = QStackedWidget(self)
        self._made: dict[str, QWidget | None] = {}
        self._makers: dict[str, tuple[str, Callable[[], QWidget]]] = {
            "school": ("School", lambda: SchoolSection(desk, workspace)),
            "holds": ("Names of holds", lambda: HoldsSection(desk, workspace)),
            "calendar": ("School calendar", lambda: CalendarSection(desk, workspace)),
            "staff": ("Staff and trainings", lambda: StaffSection(desk, workspace)),
            "accounts": ("Accounts", lambda: AccountsSection(desk, workspace)),
            **self._keys(desk, workspace),
            "backups": ("Backups", lambda: BackupsSection(desk, workspace)),
            "log": ("Activity", lambda: self._log(desk, workspace)),
            **self._access(desk, workspace),
            **self._violence(desk, workspace),
            **self._medicine(desk, workspace),
            "computer": ("This computer", lambda: self._computer(prefs)),
        }
        self._scrolls: list[Scroll] = []
        for key, (word, _) in self._makers.items():
            QListWidgetItem(word, self.sections)
            scroll = Scroll(self.stack)
            self._scrolls.append(scroll)
            self.stack.addWidget(scroll)
            self._made[key] = None
        self.sections.currentRowChanged.connect(self._show)
        # A screen reader selects a row; only the keyboard makes it the current one, too.
        self.sections.itemSelectionChanged.connect(self._follow_selection)
        self.chooser = Choice(self)  # takes the list's place where there is no room for it
        self.chooser.setAccessibleName("Section of the settings")
        self.chooser.fill([(word, key) for key, (word, _) in self._makers.items()])
        self.chooser.currentIndexChanged.connect(self.sections.setCurrentRow)
        self._left = QWidget(self)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(24, 24, 12, 24)
        left.setSpacing(12)
        left.addWidget(PageTitle("Settings", self))
        left.addWidget(self.sections, 1)
        left.addWidget(self.chooser)
        row = self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(0)
        row.addWidget(self._left)
        row.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addLayout(row, 1)
        desk.theme.changed.connect(self._size_up)
        self._size_up()

    @Slot()
    def load(self) -> None:
        """Show the first section, or read the shown one again."""
        if self.sections.currentRow() < 0:
            self.sections.setCurrentRow(0)
        else:
            self._show(self.sections.currentRow())

    def show_section(self, key: str) -> None:
        """Go to a section by its key."""
        self.sections.setCurrentRow(list(self._makers).index(key))

    @property
    def shown(self) -> str:
        """The key of the section that is shown; "" before any is."""
        row = self.sections.currentRow()
        return list(self._makers)[row] if row >= 0 else ""

    def section(self, key: str) -> QWidget | None:
        """The section of this key, once it was shown."""
        return self._made[key]

    @Slot()
    def _follow_selection(self) -> None:
        for index in self.sections.selectedIndexes():
            self.sections.setCurrentRow(index.row())

    @Slot(int)
    def _show(self, row: int) -> None:
        if row < 0:
            return
        key = list(self._makers)[row]
        section = self._made[key]
        if section is None:
            section = self._made[key] = self._makers[key][1]()
            holder = QWidget()
            holder.setObjectName("ground")
            inside = QHBoxLayout(holder)
            inside.setContentsMargins(24, 24, 24, 24)
            inside.addWidget(section, 1)
            self._scrolls[row].setWidget(holder)
        self.stack.setCurrentIndex(row)
        self.chooser.setCurrentIndex(row)
        load = getattr(section, "load", None)
        if load is not None:
            load()

    def _keys(
        self, desk: Desk, workspace: Workspace
    ) -> dict[str, tuple[str, Callable[[], QWidget]]]:
        """The key of the records, for whoever may change it."""
        if not workspace.key_change.may:
            return {}
        return {"keys": ("Key of the records", lambda: KeysSection(desk, workspace))}

    def _log(self, desk: Desk, workspace: Workspace) -> QWidget:
        """What was done, and the slip of it."""
        section = LogSection(desk, workspace)
        section.preview_asked.connect(
            lambda copy: self.preview_asked.emit(copy, "Anchor slip", "log")
        )
        return section

    def _access(
        self, desk: Desk, workspace: Workspace
    ) -> dict[str, tuple[str, Callable[[], QWidget]]]:
        """Who saw what, for whoever may read it."""

        def make() -> QWidget:
            section = AccessSection(desk, workspace)
            section.log_asked.connect(self.access_asked)
            return section

        return {"access": ("Access logs", make)} if workspace.access_log.may_read else {}

    def _violence(
        self, desk: Desk, workspace: Workspace
    ) -> dict[str, tuple[str, Callable[[], QWidget]]]:
        """The log of violent incidents, for whoever may read it."""

        def make() -> QWidget:
            section = ViolenceSection(desk, workspace)
            section.preview_asked.connect(
                lambda copy: self.preview_asked.emit(copy, "Violent incident log", "violence")
            )
            return section

        return {"violence": ("Violent incidents", make)} if workspace.violence.may_read else {}

    def _medicine(
        self, desk: Desk, workspace: Workspace
    ) -> dict[str, tuple[str, Callable[[], QWidget]]]:
        """What the school decides about medicine, for whoever may change it."""
        if not workspace.health.settings.may_edit:
            return {}
        return {"medicine": ("Medicine", lambda: MedicineSection(desk, workspace))}

    def _computer(self, prefs: Preferences) -> QWidget:
        pin = None if self._pin is None else self._pin()
        section = ComputerSection(self._desk, prefs, self._this_computer, pin)
        section.verify_asked.connect(self.verify_asked)
        return section

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_up()

    @Slot()
    def _size_up(self) -> None:
        narrow = self.width() < self._desk.theme.px(_LIST_BELOW)
        self.sections.setFixedWidth(self._desk.theme.px(_LIST_WIDE))
        self.sections.setVisible(not narrow)
        self.chooser.setVisible(narrow)
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._row.setDirection(down if narrow else right)
        edge = (24, 24, 24, 0) if narrow else (24, 24, 12, 24)
        self._left.layout().setContentsMargins(*edge)  # type: ignore[union-attr]  # it has one
