"""How far a long command is: told on a terminal only, and only where it takes its time."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable

import pytest

from bt_desktop.cli import waiting
from bt_desktop.services.work_progress import Progress


class Terminal(io.StringIO):
    """What a person sees."""

    def isatty(self) -> bool:
        return True


class Turns(threading.Event):
    """The end of the work, which comes after these turns; how long each was waited for."""

    def __init__(self, *deeds: Callable[[], object]) -> None:
        super().__init__()
        self.deeds, self.waits = list(deeds), list[float | None]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        if not self.deeds:
            return True
        self.deeds.pop(0)()
        return False


def test_a_bar_follows_the_work_and_is_wiped_away(monkeypatch: pytest.MonkeyPatch) -> None:
    progress, seen = Progress(), Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    turns = Turns(lambda: None, lambda: progress.begin(4), lambda: progress.step(3))
    waiting._follow("Checking", progress, turns)
    _, words, none, three, blank, end = seen.getvalue().split("\r")
    assert (words, end) == ("Checking …", "")
    assert none == f"Checking [{'.' * 30}]   0 %"
    assert three == f"Checking [{'#' * 22}{'.' * 8}]  75 %"
    assert blank == " " * len(three)
    assert turns.waits == [1.0, 0.25, 0.25, 0.25], "nothing is drawn within the first second"


def test_what_is_short_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    with waiting.shown("Checking") as progress:
        progress.begin(1)
        progress.step()
    assert seen.getvalue() == ""
    assert not [one for one in threading.enumerate() if one.name == waiting.LINE]


def test_nothing_is_drawn_into_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with waiting.shown("Checking") as progress:
        assert not [one for one in threading.enumerate() if one.name == waiting.LINE]
        progress.begin(1)
    assert capsys.readouterr().err == ""
