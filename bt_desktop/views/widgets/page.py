"""The ground of a page: scrolls, keeps its margins, and has a banner at its head."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from bt_desktop.views.feedback import Banner
from bt_desktop.views.theme import Theme
from bt_desktop.views.tokens import SPACE_4, SPACE_6
from bt_desktop.views.widgets.tab_order import tab_as_laid_out


class Scroll(QScrollArea):
    """Scrolls up and down, without a frame, and brings what gets the focus into view.

    Sideways only where large text in a narrow window leaves no other way to reach something.
    Tab goes through the content as it is laid out, whatever was made later.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._laid_out = QTimer(self, singleShot=True, interval=0)
        self._laid_out.timeout.connect(self._order_tab)

    def setWidget(self, widget: QWidget) -> None:
        """As Qt's, and let the content say how narrow it can get."""
        super().setWidget(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.widget()
            and isinstance(watched, QWidget)
            and event.type() == QEvent.Type.LayoutRequest
        ):
            bar = self.verticalScrollBar().sizeHint().width()
            self.setMinimumWidth(min(watched.minimumSizeHint().width() + bar, 640))
            self._laid_out.start()
        return super().eventFilter(watched, event)

    @Slot()
    def _order_tab(self) -> None:
        inner = self.widget()
        if inner is not None and self.isVisible():
            tab_as_laid_out(inner)


class Page(QWidget):
    """A page of the shell: banner, then `.column` inside a scroll area.

    `title` names the place for screen readers and the foot; it holds no person's name.
    """

    title = ""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, wide: int = 0) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName("page")
        self.setProperty("ownRing", True)  # takes the focus when opened, without a ring
        self.setAccessibleName(self.title)
        self.banner = Banner(theme, self, slot=True)
        self.scroll_area = Scroll(self)
        self.content = QWidget()
        self.content.setObjectName("ground")
        outer = QHBoxLayout(self.content)
        outer.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        inner = QWidget(self.content)
        inner.setObjectName("ground")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE_4)
        outer.addWidget(inner, 1)
        if wide:
            inner.setMaximumWidth(theme.px(wide))
            outer.addStretch(0)
            theme.changed.connect(lambda: inner.setMaximumWidth(theme.px(wide)))
        self.scroll_area.setWidget(self.content)
        self._ground = QVBoxLayout(self)
        self._ground.setContentsMargins(0, 0, 0, 0)
        self._ground.setSpacing(0)
        self._ground.addWidget(self.banner)
        self._ground.addWidget(self.scroll_area, 1)
