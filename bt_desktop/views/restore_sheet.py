"""Puts a backup back, from the page where one signs in: which, who, the password of that time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.door import Door
from bt_desktop.views.feedback import choose_folder
from bt_desktop.views.settings_backups import KIND_WORDS, size_words
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.inputs import Choice, PasswordLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted
from bt_desktop.views.widgets.waiting import Waiting
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.security.vault import VaultState
    from bt_desktop.services.backups import Backup

_ELSEWHERE = "elsewhere"
_ABOUT = (
    "The records become what they were when the backup was made. What lies there now is renamed "
    "and stays beside. An administrator does it, with the password of that time."
)


class RestoreSheet(Sheet):
    """`saved(Restored)` once the backup is back."""

    def __init__(self, desk: Desk, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Put a backup back", "Put it back", parent, wide=560)
        self._door = door
        self._places: dict[str, Path] = {}
        self.column.addWidget(Muted(_ABOUT, self))
        self.which, self.who = Choice(), Choice()
        self.password = PasswordLine()
        self.add("which", "Backup", self.which, required=True)
        self.add("who", "Your name", self.who, required=True)
        self.add("password", "Password of that time", self.password, required=True)
        self.waiting = Waiting("Putting the backup back", self)
        self.add_later(self.waiting)
        self.which.currentIndexChanged.connect(self._chosen)
        self.on_save(self._collect_backup)
        self._desk.tasks.run(self, door.backups, self.show_backups, lane=Lane.READ)

    def show_backups(self, found: tuple[Backup, ...]) -> None:
        """Those beside the records, newest first, and the way to another place."""
        now = self._desk.clock.now()
        good = [one for one in found if not one.damaged]
        self._places |= {one.name: one.folder for one in good}
        rows: list[tuple[str, object]] = [
            (
                f"{moment_words(one.made_at.astimezone(now.tzinfo), now)} · "
                f"{KIND_WORDS.get(one.kind, one.kind)} · {size_words(one.size)}",
                one.name,
            )
            for one in good
        ]
        if not rows:
            rows = [("None beside the records: choose another folder", "")]
        rows.append(("In another folder…", _ELSEWHERE))
        self.which.fill(rows, rows[0][1])
        self._chosen()

    @Slot()
    def _chosen(self) -> None:
        chosen = str(self.which.currentData() or "")
        if chosen == _ELSEWHERE:
            path = choose_folder(self, "The folder of the backup (with backup.json in it)")
            if path is None:
                self.which.setCurrentIndex(0)
                return
            chosen = str(path)
            self._places[chosen] = path
            with QSignalBlocker(self.which):  # the entry moves on by one, and would ask again
                self.which.insertItem(0, chosen, chosen)
                self.which.setCurrentIndex(0)
        place = self._places.get(chosen)
        self.who.fill([])
        self.frames["which"].say("")
        if place is not None:
            self._desk.tasks.run(
                self, lambda: self._door.backup_people(place), self._show_people, self._no_backup,
                lane=Lane.READ,
            )  # fmt: skip

    def _show_people(self, state: VaultState) -> None:
        self.who.fill([(one.sign_in_name, one.user_id) for one in state.users if not one.disabled])

    def _no_backup(self, problem: BaseException) -> None:
        if isinstance(problem, KnownError):
            self.frames["which"].say(str(problem))
        else:
            self._desk.feedback.report(self, problem)

    def _collect_backup(self) -> Callable[[], object] | None:
        from bt_desktop.services.work_progress import Progress

        place = self._places.get(str(self.which.currentData() or ""))
        who, password = self.who.currentData(), self.password.take()
        if place is None:
            self.frames["which"].say("Choose the backup.")
        if who is None:
            self.frames["who"].say("Choose your name.")
        if not password:
            self.frames["password"].say("Type the password of that time.")
        if place is None or who is None or not password:
            return None
        progress = Progress()
        self.waiting.begin("Putting the backup back…", progress)
        return lambda: self._door.restore(place, str(who), password, progress)

    def _done(self, result: object) -> None:
        self.waiting.end()
        super()._done(result)

    def _refused(self, problem: BaseException) -> None:
        self.waiting.end()
        super()._refused(problem)
        if isinstance(problem, KnownError) and problem.code == "wrong-password":
            self.banner.clear()
            self.frames["password"].say(str(problem))
            self.password.setFocus()
