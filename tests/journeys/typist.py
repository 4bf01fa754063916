"""A program that is killed: the real window over a real vault, typing the event without end.

Run as `python -m tests.journeys.typist VAULT USER PASSWORD SEED`. Without a seed it forks such a
program for each line of its input, which is one (everything is imported once, which is most of a
start); `begun` tells its process, `ended` that it is gone. Each line is one JSON object: `changed`
when a change reached the page (it may be kept from then on), `saved` when the foot line may say so
(everything typed so far is acknowledged), `signed` and `sealed` when the store has acknowledged
those. Whoever reads them knows what must be found again after a kill.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import random
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import bt_desktop
from bt_desktop.clock import SetClock
from bt_desktop.demo import story
from bt_desktop.paper.document import Ink
from bt_desktop.services.workspace import Workspace
from bt_desktop.views.desk import make_desk
from bt_desktop.views.door import Door
from bt_desktop.views.form_page import FormPage
from bt_desktop.views.shell_prefs import Preferences
from bt_desktop.views.shell_window import AppWindow
from bt_desktop.views.theme import Theme
from tests.conftest import AFTERNOON
from tests.factory import FAST


def tell(**what: Any) -> None:
    """One line, out of this process before the next statement runs."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Typist:
    """Signs in, and from then on types, signs and seals until it is killed."""

    def __init__(self, window: AppWindow, user: str, password: str, seed: int) -> None:
        self.window, self.password = window, password
        self.chance = random.Random(seed)
        self.pairs: list[list[Any]] = []
        self.page: FormPage | None = None
        self.timer = QTimer(window)
        self.timer.setInterval(1)
        self.timer.timeout.connect(self.type_one)
        window.unlocked.connect(self.begin)
        window.unlock_page.load()
        QTimer.singleShot(0, lambda: self.sign_in(user))

    def sign_in(self, user: str) -> None:
        """Through the unlock page, as anyone."""
        page = self.window.unlock_page
        index = page.who.findData(user)
        if index < 0:
            QTimer.singleShot(10, lambda: self.sign_in(user))
            return
        page.who.setCurrentIndex(index)
        page.password.setText(self.password)
        page.unlock()

    def begin(self, workspace: Workspace) -> None:
        """Start a record and open its page."""
        self.workspace = workspace
        self.record = workspace.records.start()
        self.pairs = [list(p) for p in story()["record"]["report"]]
        assert self.window.shell is not None
        self.window.shell.open_record(self.record)
        page = self.window.shell.page
        assert isinstance(page, FormPage)
        self.page = page
        page.ready.connect(self.ready)

    def ready(self) -> None:
        """The record is on the page: type."""
        assert self.page is not None
        assert self.page.draft is not None
        tell(started=self.record)
        self.page.draft.changed.connect(self.changed)
        self.page.draft.saved.connect(self.saved)
        self.timer.start()

    def changed(self, paths: frozenset[str]) -> None:
        """Something was typed, or filled in from the roster; not yet acknowledged."""
        assert self.page is not None
        assert self.page.draft is not None
        answers = self.page.draft.session.answers()
        for name in sorted({path.strip("/").split("/")[0].split("[")[0] for path in paths}):
            tell(changed=self.record, field=name, value=answers.get(name))

    def saved(self, _at: object) -> None:
        """The store has acknowledged everything typed so far."""
        assert self.page is not None
        assert self.page.draft is not None
        tell(saved=self.record, answers=self.page.draft.session.answers())

    def type_one(self) -> None:
        """The next answer of the event; when all are in, sign, seal and start another record."""
        draft = self.page.draft if self.page else None
        if draft is None:
            return
        if not self.pairs:
            if draft.is_saved():
                self.timer.stop()
                QTimer.singleShot(0, self.sign)
            return
        path, typed = self.pairs.pop(0)
        section, bracket, rest = path[1:].partition("[")
        while bracket and len(draft.session.rows(section)) < int(rest.partition("]")[0]):
            draft.add_row(section)
        draft.put(path, self.person(typed))

    def person(self, typed: Any) -> Any:
        """`@key` becomes somebody of the school that the test set up."""
        if isinstance(typed, list):
            return [self.person(t) for t in typed]
        if isinstance(typed, str) and typed.startswith("@"):
            kind = "student" if typed[1:] in story()["students"] else "staff"
            name = story()[kind + "s" if kind == "student" else "staff"][typed[1:]]
            hits = self.workspace.people.search(f"{name['given']} {name['family']}", (kind,))
            return hits[0].id if hits else self.workspace.actor.staff_id
        return typed

    def sign(self) -> None:
        """The author's signature, then the school's copy."""
        tell(signing=self.record)
        signed = self.workspace.records.sign_part(
            self.record, "report", self.password, Ink("typed", self.workspace.actor.name)
        )
        tell(signed=self.record, number=signed.number, revision=signed.revision_id)
        tell(sealing=self.record)
        copy = self.workspace.copies.school_copy(self.record)
        tell(sealed=self.record, copy=copy.copy_id, sha256=copy.sha256)
        self.begin(self.workspace)


def program(vault: str, user: str, password: str, seed: int) -> None:
    """The window, until killed."""
    app = QApplication(["typist"])
    theme = Theme()
    theme.apply(app)
    clock = SetClock(AFTERNOON)
    prefs = Preferences(Path(vault).parent / "settings")
    window = AppWindow(make_desk(theme, clock), Door(Path(vault), clock, FAST), prefs, app)
    window.show()
    typist = Typist(window, user, password, seed)  # kept: Qt holds its slots weakly
    assert typist.window is window
    app.exec()


def main() -> None:
    """One program, or one after the other; no thread and no Qt runs before it forks."""
    vault, user, password, *seed = sys.argv[1:]
    if seed:
        program(vault, user, password, int(seed[0]))
        return
    for found in pkgutil.walk_packages(bt_desktop.__path__, "bt_desktop."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    for line in sys.stdin:
        born = os.fork()
        if not born:
            program(vault, user, password, int(line))
            os._exit(0)
        tell(begun=born)
        os.waitpid(born, 0)
        tell(ended=born)


if __name__ == "__main__":
    main()
