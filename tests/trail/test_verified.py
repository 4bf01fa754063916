"""The trail is verified: what is new at each sign-in, all of it once a week."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bt_desktop.models.store import connect
from bt_desktop.security import anchors
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.services import closed, trail_watch
from bt_desktop.services.trail_watch import Looked
from bt_desktop.services.work_progress import Canceled, Progress
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School


def looked(workspace: Workspace) -> Looked:
    context = workspace._context
    with context.store.read() as session:
        return trail_watch.look(session, context.folder, context.keys)


def changed(school: School, deed: str, *, by: Workspace | None = None) -> None:
    """By somebody with the key, while nobody is signed in; triggers are dropped first.

    As after a kill, nothing tells how the file was closed: that is another story (`test_closed`).
    """
    key = bytearray((by or school.sign_in("tom"))._context.keys.database_key)
    school.close()
    (school.folder / closed.FILE_NAME).unlink()
    connection = connect(school.folder / DATABASE_NAME, key)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(deed)
    connection.close()


def body_edited(seq: int) -> str:
    return f"UPDATE audit SET body = CAST(body || ' ' AS BLOB) WHERE seq = {seq:d}"  # noqa: S608


def test_a_sign_in_looks_at_what_came_since_the_last_only(school: School) -> None:
    tom = school.sign_in("tom")
    first = tom.log.head()[0]
    assert looked(tom).checked == 1, "its own sign-in; what was there before is verified"
    for _ in range(5):
        tom.records.start()
    assert looked(tom).checked == tom.log.head()[0] - first + 1
    tom.lock()
    again = school.sign_in("dana")
    assert looked(again).checked == 1


def test_an_entry_changed_since_is_found_at_the_next_sign_in(school: School) -> None:
    dana = school.sign_in("dana")
    dana.records.start()
    newest = dana.log.head()[0]
    changed(school, body_edited(newest), by=dana)
    tom = school.sign_in("tom")
    assert tom.held.held
    [doubt] = tom.held.report().doubts
    assert (doubt.code, doubt.seq) == ("trail-broken", newest)


def test_one_changed_before_is_found_by_the_weeks_check(school: School) -> None:
    school.sign_in("tom").log.verify()
    changed(school, body_edited(5))
    tom = school.sign_in("tom")
    assert not tom.held.held, "no sign-in looks so far back"
    assert not tom.log.week_due()
    school.clock.advance(timedelta(days=7, minutes=1))
    found = tom.log.verify_week()
    assert found is not None
    assert (found.first_bad, found.holds) == (5, False)
    assert tom.held.held
    assert tom.held.findings[0].detail == found.reason


def test_a_row_beside_the_trail_is_found_by_the_weeks_check(school: School) -> None:
    from tests.factory import signed_report

    signed_report(school)
    changed(school, "UPDATE revision SET body = CAST(body || ' ' AS BLOB)")
    tom = school.sign_in("tom")
    found = tom.log.verify_week()
    assert found is not None
    assert found.reason == "revision-changed"
    assert tom.held.held


def test_the_weeks_check_is_an_entry_and_not_due_again_for_a_week(school: School) -> None:
    dana = school.sign_in("dana")
    assert dana.log.week_due(), "never looked at"
    progress = Progress()
    found = dana.log.verify_week(progress)
    assert found is not None
    assert found.holds
    assert progress.total == 2 * found.head.seq
    assert dana.log.verify_week() is None
    newest = dana._context
    with newest.store.read() as session:
        last = trail_watch.last_full(session)
    assert last is not None
    assert (last.action, last.counts["entries"]) == ("trail.verified", found.checked)
    school.clock.advance(timedelta(days=6, hours=23))
    assert not dana.log.week_due()
    school.clock.advance(timedelta(hours=2))
    assert dana.log.week_due()


def test_a_check_said_to_be_of_a_day_to_come_counts_for_none(school: School) -> None:
    tom = school.sign_in("tom")
    tom.log.verify()
    school.clock.set(school.clock.now() - timedelta(days=3))
    assert tom.log.week_due()


def test_an_entry_pointed_to_that_is_no_check_counts_for_none(school: School) -> None:
    tom = school.sign_in("tom")
    tom.log.verify()
    with tom._context.store.write() as session:
        session.execute(
            text("UPDATE setting SET value = :v WHERE name = 'trail_entries'"),
            {"v": '{"trail.verified": [3], "trail.accepted": [3]}'},
        )
    assert tom.log.week_due()


def test_cancel_leaves_nothing_behind(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bt_desktop.security.audit.STEP", 5)
    tom = school.sign_in("tom")
    before = tom.log.head()
    progress = Progress()
    progress.cancel()
    with pytest.raises(Canceled):
        tom.log.verify_week(progress)
    assert tom.log.head() == before
    assert tom.log.week_due()


def test_a_checkpoint_written_without_the_key_is_told_and_not_believed(school: School) -> None:
    tom = school.sign_in("tom")
    tom.records.start()
    seq, digest = tom.log.head()
    changed(school, body_edited(seq), by=tom)
    log = school.folder / anchors.FILE_NAME
    lines = log.read_text("ascii").splitlines()
    last = next(line for line in reversed(lines) if line.startswith("c1"))
    edition, at, mac = last.split(" ")[3:]
    log.write_text("\n".join([*lines, f"c1 {seq} {digest} {edition} {at} {mac}"]) + "\n", "ascii")
    again = school.sign_in("tom")
    assert {one.code for one in again.doubts} == {"anchors-altered", "trail-broken"}
    assert again.held.held


def test_without_any_checkpoint_the_newest_are_looked_at_and_the_rest_is_due(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_watch, "MOST_AT_SIGN_IN", 4)
    school.sign_in("tom").lock()
    (school.folder / anchors.FILE_NAME).write_bytes(b"")
    tom = school.sign_in("tom")
    context = tom._context
    noted = anchors.read(
        school.folder / anchors.FILE_NAME, context.keys.sub_key(anchors.MAC_PURPOSE)
    )
    assert noted.verified is None, "all of it was not looked at"
    assert tom.log.week_due()
    assert looked(tom).checked == 4
    assert tom.log.verify().holds
    assert looked(tom).checked == 1


def test_years_of_notes_are_read_from_their_end(school: School, tmp_path: Path) -> None:
    tom = school.sign_in("tom")
    mac = tom._context.keys.sub_key(anchors.MAC_PURPOSE)
    log = tmp_path / "long.log"
    head = tom.log.head()
    for _ in range(40):
        anchors.note(log, anchors.Head(*head), 1, school.clock.now(), mac)
    few = anchors.read(log, mac, newest_lines=3)
    assert 0 < len(few.known) < 6
    assert few.odd == 0
    assert len(anchors.read(log, mac).known) == 40


def test_damage_that_is_known_holds_nobody_up_and_stays_in_the_verdict(school: School) -> None:
    changed(school, body_edited(5))
    tom = school.sign_in("tom")
    assert tom.log.verify_week() is not None
    assert tom.held.held
    tom.held.accept(PASSWORD, "A pupil had the disk; see the police report.")
    assert not tom.held.held
    school.clock.advance(timedelta(days=8))
    found = tom.log.verify_week()
    assert found is not None
    assert found.first_bad == 5
    assert not tom.held.held
