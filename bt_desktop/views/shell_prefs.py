"""What this computer remembers between runs: window, look, text size. Never a record."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from bt_desktop.views.theme import Theme
from bt_desktop.views.tokens import SCALES


class Preferences:
    """An ini file in the settings folder. Values that make no sense are read as the default."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    @property
    def geometry(self) -> QByteArray | None:
        """Size and place of the window, or None."""
        value = self._file.value("window/geometry")
        return value if isinstance(value, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        """Remember size and place of the window."""
        self._file.setValue("window/geometry", geometry)

    @property
    def mode(self) -> str:
        """`system`, `light` or `dark`."""
        mode = str(self._file.value("look/mode", "system"))
        return mode if mode in {"system", "light", "dark"} else "system"

    @property
    def scale(self) -> int:
        """The text size in percent."""
        try:
            scale = int(str(self._file.value("look/scale", 100)))
        except ValueError:
            return 100
        return scale if scale in SCALES else 100

    def keep_look(self, theme: Theme) -> None:
        """Remember mode and text size."""
        self._file.setValue("look/mode", theme.mode)
        self._file.setValue("look/scale", theme.scale)

    @property
    def board_order(self) -> str:
        """How the board of today stands: by `time` or by `student`."""
        order = str(self._file.value("health/board", "time"))
        return order if order in {"time", "student"} else "time"

    def keep_board_order(self, order: str) -> None:
        """Remember it."""
        self._file.setValue("health/board", order)

    def flush(self) -> None:
        """Write now."""
        self._file.sync()
