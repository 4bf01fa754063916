"""What a reading session read once stays; a writing one sees what it wrote."""

from __future__ import annotations

from bt_desktop.models.school import Setting
from bt_desktop.models.store import read_once
from bt_desktop.services.school import HOLD_NAMES, hold_names
from bt_desktop.services.school_calendar import BELL, school_bell
from bt_desktop.services.workspace import Workspace
from tests.factory import School


def test_a_session_that_writes_sees_the_holds_and_the_bell_it_wrote(school: School) -> None:
    with school.sign_in("tom")._context.store.write() as session:
        assert (hold_names(session), school_bell(session)) == ((), None)
        session.merge(Setting(name=HOLD_NAMES, value=[["seated", "Seated hold"]]))
        session.merge(Setting(name=BELL, value="15:10"))
        session.flush()
        assert hold_names(session) == (("seated", "Seated hold"),)
        assert str(school_bell(session)) == "15:10:00"


def test_what_was_read_is_read_anew_once_anybody_wrote(school: School) -> None:
    tom, dana = school.sign_in("tom"), school.sign_in("dana")
    asked: list[int] = []

    def ask() -> int:
        with tom._context.store.read() as session:
            for _ in range(3):
                read_once(session, "asked", lambda: asked.append(1))
        return len(asked)

    def write(who: Workspace, name: str) -> None:
        with who._context.store.write() as session:
            session.merge(Setting(name=name, value=1))

    assert (ask(), ask()) == (1, 1)
    write(tom, "his own")
    assert (ask(), ask()) == (2, 2)
    write(dana, "of another program")
    assert (ask(), ask()) == (3, 3)


def test_what_a_reading_session_changed_and_dropped_is_not_kept(school: School) -> None:
    store = school.sign_in("tom")._context.store
    with store.read() as session:
        session.merge(Setting(name=BELL, value="15:10"))
        session.flush()
        assert str(school_bell(session)) == "15:10:00"
    with store.read() as session:
        assert school_bell(session) is None
