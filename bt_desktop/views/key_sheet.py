"""Changing the key of the records: why, who agrees, how far it is; or with a closed account."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from bt_desktop.services.results.export import Second
from bt_desktop.services.work_progress import Progress
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.inputs import Choice, PasswordLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, plain_label
from bt_desktop.views.widgets.waiting import LOOK_MS, Waiting

if TYPE_CHECKING:
    from bt_desktop.services.key_change import KeyStanding
    from bt_desktop.services.results.school import Account
    from bt_desktop.services.workspace import Workspace

_WHAT = (
    "Every page is written anew under another key; nobody's password changes. A backup is made "
    "before and after. It takes about a minute, and nothing can be saved meanwhile."
)
_LIMIT = "Copies and backups made before still open with a password of their time."
_STAGES = {
    "backup": "Making a backup first…",
    "change": "Writing everything under the new key…",
    "after": "Making a backup under the new key…",
}


class KeySheet(Sheet):
    """Changes the key. `saved(KeyChanged)` when it is done, `refused` when it was not."""

    refused = Signal()

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        standing: KeyStanding,
        parent: QWidget,
        *,
        title: str = "Change the key of the records",
        deed: str = "Change the key",
        about: str = _WHAT,
    ) -> None:
        super().__init__(desk, title, deed, parent)
        self._keys = workspace.key_change
        self._asks_second = bool(standing.seconds)
        self._progress: Progress | None = None
        words = plain_label(about, "", self)
        words.setWordWrap(True)
        self.column.addWidget(words)
        self.second, self.password = Choice(), PasswordLine()
        self.second.fill([("Choose who agrees", ""), *((n, u) for u, n in standing.seconds)], "")
        self.add(
            "second",
            "Which administrator agrees to it?",
            self.second,
            required=True,
            hint="The key is changed by two administrators together, here and now.",
        )
        self.add("password", "Their password", self.password, required=True)
        for key in ("second", "password"):
            self.frames[key].setVisible(self._asks_second)
        self.column.addWidget(Muted(_LIMIT, self))
        self.waiting = Waiting("Changing the key", self)
        self.waiting.canceled.connect(self._stop)
        self.add_later(self.waiting)
        self._stage = QTimer(self)
        self._stage.setInterval(LOOK_MS)
        self._stage.timeout.connect(self._say_stage)
        self.on_save(self._collect_key)

    def _second(self) -> Second | None:
        """Who agrees; None where nobody need, or something is missing, which is then said."""
        who = str(self.second.currentData() or "")
        if not who:
            self.frames["second"].say("Choose who agrees.")
        elif not self.password.text():
            self.frames["password"].say("Let them type their own password.")
        else:
            return Second(who, self.password.take())
        return None

    def _collect_key(self) -> Callable[[], object] | None:
        second = self._second() if self._asks_second else None
        if self._asks_second and second is None:
            return None
        progress = self._progress = Progress()
        self.waiting.begin(_STAGES["backup"], progress, may_stop=True)
        self._stage.start()
        return self._work(second, progress)

    def _work(self, second: Second | None, progress: Progress) -> Callable[[], object]:
        keys = self._keys
        return lambda: keys.change(second, progress)

    @Slot()
    def _say_stage(self) -> None:
        stage = self._keys.stage
        self.waiting.words.setText(_STAGES.get(stage, _STAGES["backup"]))
        self.waiting.cancel.setVisible(stage in ("", "backup"))

    @Slot()
    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.cancel()

    def _end(self) -> None:
        self._progress = None
        self._stage.stop()
        self.waiting.end()

    def _done(self, result: object) -> None:
        self._end()
        super()._done(result)

    def _refused(self, problem: BaseException) -> None:
        self._end()
        super()._refused(problem)
        self.refused.emit()
        if getattr(problem, "code", "") == "wrong-password":
            self.banner.clear()
            self.frames["password"].say(str(problem))
            self.password.setFocus()

    def reject(self) -> None:
        """Cancel stops what may still be stopped; what is under way is waited for."""
        if self._progress is not None:
            self._stop()
            return
        super().reject()


class CloseAccountSheet(KeySheet):
    """Closes an account and changes the key at once; or closes it, and the change is owed."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        account: Account,
        standing: KeyStanding,
        parent: QWidget,
    ) -> None:
        super().__init__(
            desk,
            workspace,
            standing,
            parent,
            title=f"Close the account of {account.name}?",
            deed="Close and change the key",
            about="They can no longer sign in; what they signed stays valid. Since they may have "
            f"kept the key of the records, it is changed. {_WHAT}",
        )
        self._account, self._accounts = account, workspace.accounts
        self._only = False
        self.only = LinkButton("Close the account only, and change the key later", self)
        self.only.clicked.connect(self._close_only)
        self.column.insertWidget(self.column.count() - 1, self.only)

    @Slot()
    def _close_only(self) -> None:
        self._only = True
        self.save()
        self._only = False

    def _collect_key(self) -> Callable[[], object] | None:
        if not self._only:
            return super()._collect_key()
        accounts, user_id = self._accounts, self._account.user_id
        return lambda: accounts.disable(user_id)

    def _work(self, second: Second | None, progress: Progress) -> Callable[[], object]:
        keys, user_id = self._keys, self._account.user_id
        return lambda: keys.close_account(user_id, second, progress)
