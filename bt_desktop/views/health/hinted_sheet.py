"""A sheet that says what looks odd once, and takes it when the deed is asked for a second time."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from bt_desktop.services.results.people import Problem
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone
from bt_desktop.views.widgets.sheet import Sheet


class HintedSheet(Sheet):
    """As Sheet. `hold_for(hints)` is True where a hint has not been shown yet: it stands beside its
    field then, and the button says that the next press takes it all the same."""

    anyway = "Save it all the same"

    def __init__(
        self, desk: Desk, title: str, deed: str, parent: QWidget | None = None, *, wide: int = 480
    ) -> None:
        super().__init__(desk, title, deed, parent, wide=wide)
        self._word = deed
        self._shown: set[tuple[str, str]] = set()

    def hold_for(self, hints: Iterable[Problem]) -> bool:
        """Show these hints; whether one of them is new and has to be read first."""
        kept = list(hints)
        fresh = [one for one in kept if (one.field, one.sentence) not in self._shown]
        self._shown = {(one.field, one.sentence) for one in kept}
        for one in kept:
            frame = self.frames.get(one.field)
            if frame is not None:
                frame.say(one.sentence, "warn")
        self.deed.setText(self.anyway if kept else self._word)
        if fresh:
            self.banner.tell(
                "Look again at what is marked. If the paper really says so, press "
                f"“{self.anyway}”.",
                Tone.WARN,
            )
        return bool(fresh)
