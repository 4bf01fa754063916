"""What a reading session read once stays; a writing one sees what it wrote."""

from __future__ import annotations

from bt_desktop.models.school import Setting
from bt_desktop.models.store import read_once
from bt_desktop.services.school import HOLD_NAMES, hold_names
from bt_desktop.services.school_calendar import BELL, school_bell
from tests.factory import School


def test_a_session_that_writes_sees_the_holds_and_the_bell_it_wrote(school: School) -> None:
    with school.sign_in("tom")._context.store.write() as session:
        assert (hold_names(session), school_bell(session)) == ((), None)
        session.merge(Setting(name=HOLD_NAMES, value=[["seated", "Seated hold"]]))
        session.merge(Setting(name=BELL, value="15:10"))
        session.flush()
        assert hold_names(session) == (("seated", "Seated hold"),)
        assert str(school_bell(session)) == "15:10:00"


def test_a_session_that_reads_asks_once_and_the_next_anew(school: School) -> None:
    tom = school.sign_in("tom")
    asked: list[int] = []
    for _ in range(2):
        with tom._context.store.read() as session:
            for _ in range(3):
                read_once(session, "asked", lambda: asked.append(1))
    assert len(asked) == 2
