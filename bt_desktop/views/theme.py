"""Turns the tokens into what Qt shows: font, palette, stylesheet; light, dark, 100 to 200 %."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from bt_desktop import paths
from bt_desktop.views.tokens import BODY_PX, DARK, LIGHT, Tokens

FAMILY = "Source Sans Pro"
STYLE = "fusion"
"""Qt's style below our stylesheet; the program starts with it (`-style`)."""
_FACES = ("Regular", "It", "Semibold", "Bold")
_PX = re.compile(r"(?<![\w.#-])(\d+)px")
_COLOR = re.compile(r"\$([a-z_]+)")
_USUAL_POINTS = {"win32": 9.0, "darwin": 13.0}
"""The text size each system comes with; a larger one enlarges us by the same factor."""


class Theme(QObject):
    """What the window looks like now. Emits `changed` when the mode or the scale did.

    `mode` is `system`, `light` or `dark`; `scale` is 100 to 200 (percent, a setting of the person),
    on top of the system's own text size. Collaborators ask `tokens` for colors and `px(n)` for a
    length given at 100 %.
    """

    changed = Signal()

    def __init__(
        self,
        *,
        mode: str = "system",
        scale: int = 100,
        system_factor: float = 1.0,
        style_dir: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self._scale = min(200, max(100, scale))
        self._system = min(2.0, max(1.0, system_factor))
        self._style_dir = style_dir or paths.resources_dir() / "style"
        self._app: QApplication | None = None
        self._template: str | None = None

    @property
    def mode(self) -> str:
        """`system`, `light` or `dark`, as chosen."""
        return self._mode

    @property
    def scale(self) -> int:
        """The chosen text size in percent, 100 to 200."""
        return self._scale

    @property
    def is_dark(self) -> bool:
        """Whether the dark tokens are in force."""
        if self._mode == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    @property
    def tokens(self) -> Tokens:
        """The colors in force."""
        return DARK if self.is_dark else LIGHT

    @property
    def factor(self) -> float:
        """What a length at 100 % is multiplied by, 1.0 to 2.0 (at most twice the design size)."""
        return min(2.0, self._system * self._scale / 100)

    def px(self, at_100: float) -> int:
        """A length in device-independent pixels; hairlines and rings (2 and less) stay."""
        return round(at_100) if at_100 <= 2 else round(at_100 * self.factor)

    def color(self, name: str) -> QColor:
        """A token as `QColor`."""
        return QColor(getattr(self.tokens, name))

    def font(self, at_100: float = BODY_PX, *, weight: int = 400) -> QFont:
        """The application's font at a size given at 100 %, for painted widgets."""
        font = QFont(FAMILY)
        font.setPixelSize(self.px(at_100))
        font.setWeight(QFont.Weight(weight))
        return font

    def set_mode(self, mode: str) -> None:
        """Choose `system`, `light` or `dark`."""
        if mode not in {"system", "light", "dark"}:
            raise ValueError(mode)
        if mode != self._mode:
            self._mode = mode
            self._refresh()

    def set_scale(self, percent: int) -> None:
        """Choose the text size, 100 to 200 percent."""
        percent = min(200, max(100, percent))
        if percent != self._scale:
            self._scale = percent
            self._refresh()

    def stylesheet(self) -> str:
        """The whole stylesheet in force: `resources/style/*.qss` with tokens and sizes put in."""
        if self._template is None:
            files = sorted(self._style_dir.glob("*.qss"))
            self._template = "\n".join(f.read_text(encoding="utf-8") for f in files)
        colors = self.tokens.colors()
        text = _COLOR.sub(lambda m: colors[m[1]], self._template)
        icons = (paths.resources_dir() / "icons").as_posix()
        text = text.replace("%icons%", icons).replace("%tone%", self.tokens.name)
        return _PX.sub(lambda m: f"{self.px(int(m[1]))}px", text)

    def palette(self) -> QPalette:
        """The tokens as a palette, for what no stylesheet reaches."""
        t, role = self.tokens, QPalette.ColorRole
        pairs = {
            role.Window: t.bg,
            role.WindowText: t.ink,
            role.Base: t.surface,
            role.AlternateBase: t.raised,
            role.Text: t.ink,
            role.Button: t.surface,
            role.ButtonText: t.ink,
            role.BrightText: t.danger,
            role.Light: t.surface,
            role.Midlight: t.line,
            role.Mid: t.line,
            role.Dark: t.line_strong,
            role.Shadow: t.line_strong,
            role.Highlight: t.accent,
            role.HighlightedText: t.accent_ink,
            role.Link: t.accent,
            role.LinkVisited: t.accent,
            role.PlaceholderText: t.muted,
            role.ToolTipBase: t.raised,
            role.ToolTipText: t.ink,
            role.Accent: t.accent,
        }
        palette = QPalette()
        for which, color in pairs.items():
            palette.setColor(which, QColor(color))
        for which in (role.Text, role.WindowText, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(t.muted))
        return palette

    def apply(self, app: QApplication) -> None:
        """Dress the application, and again whenever mode, scale or the system's scheme change."""
        self._app = app
        load_fonts()
        if app.property("style") != STYLE:  # setting it anew loads QStyle and all its enums
            app.setStyle(STYLE)
            app.setProperty("style", STYLE)
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._dress()

    @Slot()
    def _follow_system(self) -> None:
        if self._mode == "system":
            self._refresh()

    def _refresh(self) -> None:
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        if self._app is None:
            return
        self._app.setPalette(self.palette())
        self._app.setFont(self.font())
        sheet = self.stylesheet()
        if self._app.styleSheet() != sheet:  # setting it anew polishes every widget there is
            # Taken off first: set over another, Qt walks what it once remembered of every object
            # and polishes each widget once for each one around it; taken off, it forgets and walks
            # the widgets that are there (a fifth of the time, ADR 0034).
            self._app.setStyleSheet("")
            self._app.setStyleSheet(sheet)


def load_fonts() -> None:
    """Make Source Sans Pro known to Qt, from the package that also feeds the PDFs. Once."""
    app = QGuiApplication.instance()
    # Our own mark: asking Qt for its families reads every font of the computer.
    if app is None or app.property("fonts") == FAMILY:
        return
    app.setProperty("fonts", FAMILY)
    import font_source_sans_pro  # deferred: a data package, only needed with a screen

    folder = Path(font_source_sans_pro.__file__).parent / "files"
    for face in _FACES:
        QFontDatabase.addApplicationFont(str(folder / f"SourceSansPro-{face}.ttf"))


def system_text_factor(app: QApplication) -> float:
    """How much larger than usual the system's text is set, 1.0 to 2.0. Ask before `apply`."""
    points = app.font().pointSizeF()
    if points <= 0:
        return 1.0
    return min(2.0, max(1.0, points / _USUAL_POINTS.get(sys.platform, 11.0)))
