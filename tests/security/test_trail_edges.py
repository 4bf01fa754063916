"""The trail and what is noted of it outside, at the edges: lines, numbers, what a restore tells."""

from __future__ import annotations

import hashlib
import hmac
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bt_desktop.errors import StorageTrouble
from bt_desktop.models.store import Store
from bt_desktop.security import anchors, audit, watermark
from bt_desktop.security.anchors import Accepted, Anchor, AnchorFinding, Restore
from bt_desktop.security.audit import Head
from bt_desktop.security.watermark import Mark, Watermark

KEY, OTHER = b"k" * 32, b"o" * 32
AT = datetime(2026, 11, 12, 16, 0, tzinfo=UTC)


def head(seq: int, letter: str = "ab") -> Head:
    return Head(seq, letter * 32)


# --- lines beside the database ------------------------------------------------------------------


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "anchors.log"
    for seq in range(1, 31):
        anchors.note(path, head(seq), 2, AT + timedelta(minutes=seq), KEY, verified=seq == 20)
    return path


def checked(domain: bytes, told: str) -> str:
    """A line with its check, as another program would work it out."""
    return f"{told} {hmac.new(KEY, domain + told.encode(), hashlib.sha256).hexdigest()[:32]}"


@pytest.mark.usefixtures("pacific_computer")
def test_a_line_is_spelled_as_it_is_documented(tmp_path: Path) -> None:
    path = tmp_path / "anchors.log"
    anchors.note(path, head(7), 2, AT.replace(microsecond=9), KEY)
    anchors.note(path, head(8), 3, AT.astimezone(), KEY, verified=True)
    at = "2026-11-12T16:00:00+00:00"
    lines = (f"v1 7 {'ab' * 32} 2 {at}", f"c1 8 {'ab' * 32} 3 {at}")
    assert path.read_text().splitlines() == [checked(b"bt-anchor-v1\0", one) for one in lines]


def test_nothing_is_noted_in_a_folder_that_went_away(tmp_path: Path) -> None:
    with pytest.raises(StorageTrouble):
        anchors.note(tmp_path / "gone" / "anchors.log", head(7), 2, AT, KEY)


def test_a_line_is_read_as_it_was_noted(log: Path) -> None:
    seen = anchors.read(log, KEY, source="backup")
    assert [one.head.seq for one in seen.known] == list(range(1, 31))
    assert {(one.head.hash, one.edition, one.source) for one in seen.known} == {
        ("ab" * 32, 2, "backup")
    }
    assert seen.known[0].at == AT + timedelta(minutes=1)
    assert (seen.odd, seen.verified) == (0, head(20))
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_only_the_newest_lines_are_read_where_that_is_enough(log: Path) -> None:
    few = anchors.read(log, KEY, newest_lines=3)
    assert few.known[-1].head.seq == 30
    assert 2 <= len(few.known) <= 4
    assert few.odd == 0, "a line that is not begun at its beginning is passed over"
    assert len(anchors.read(log, KEY, newest_lines=1000).known) == 30
    assert anchors.read(log, KEY, newest_lines=1000).odd == 0
    assert anchors.read(log, KEY, newest_lines=0).known == ()
    line = log.read_bytes().splitlines(keepends=True)[-1]
    for more, odd in ((160, 1), (161, 0)):
        log.write_bytes(b"x" * (more - len(line) - 1) + b"\n" + line)
        few = anchors.read(log, KEY, newest_lines=1)
        assert (len(few.known), few.odd) == (1, odd), "what fits is read from its beginning"


def test_lines_of_a_former_key_are_ours(log: Path) -> None:
    anchors.note(log, head(31), 3, AT, OTHER)
    assert (len(anchors.read(log, OTHER).known), anchors.read(log, OTHER).odd) == (1, 30)
    both = anchors.read(log, OTHER, [KEY])
    assert (len(both.known), both.odd) == (31, 0)


def test_the_furthest_line_counts_whoever_wrote_it(log: Path, tmp_path: Path) -> None:
    anchors.note(log, head(90), 3, AT, OTHER)
    anchors.note(log, head(7), 3, AT, KEY)
    log.write_text("hello\n" + log.read_text())
    assert anchors.furthest(log) == 90
    assert anchors.furthest(tmp_path / "nothing") == 0
    (tmp_path / "empty").write_text("hello\n")
    assert anchors.furthest(tmp_path / "empty") == 0


def test_a_file_that_cannot_be_read_is_one_odd_line(tmp_path: Path) -> None:
    assert anchors.read(tmp_path, KEY) == anchors.Anchors((), odd=1)
    assert anchors.read(tmp_path / "none", KEY) == anchors.Anchors(())


@pytest.mark.parametrize(
    ("line", "odd"),
    [
        ("v", 0), ("c", 0), ("v1", 0), ("v1 ", 0), ("c1 12", 0), ("v1 " + "9" * 146, 0),
        ("", 0), ("v1 " + "9" * 147, 1), ("v1 " + "\u2028" * 50, 1),
        ("x1 12", 1), ("v2 12", 1), ("  ", 1), ("1", 1), ("hello", 1),
    ],
)  # fmt: skip
def test_a_line_cut_off_by_a_kill_is_not_odd(tmp_path: Path, line: str, odd: int) -> None:
    path = tmp_path / "anchors.log"
    path.write_text(line + "\n")
    assert anchors.read(path, KEY).odd == odd


def test_a_line_after_a_torn_one_begins_anew(log: Path) -> None:
    whole = log.read_bytes()
    log.write_bytes(whole[:-1])
    anchors.note(log, head(99), 2, AT, KEY)
    lines = log.read_bytes().split(b"\n")
    assert len(lines) == 32
    assert lines[-2].startswith(b"v1 99 ")
    assert anchors.read(log, KEY).odd == 0


@pytest.mark.parametrize("lost", [(0, 3000), (0, 130), (400, 700), (2900, 3100)])
def test_zeros_that_a_power_cut_left_are_nobodys_hand(log: Path, lost: tuple[int, int]) -> None:
    whole = log.read_bytes()
    first, last = lost
    last = min(last, len(whole) - 1)
    log.write_bytes(whole[:first] + bytes(last - first) + whole[last:])
    anchors.note(log, head(99), 2, AT, KEY)
    read = anchors.read(log, KEY)
    assert read.odd == 0
    assert read.known[-1].head.seq == 99
    assert anchors.furthest(log) == 99
    log.write_bytes(bytes(200) + log.read_bytes().splitlines()[-1] + b"\n")
    assert [one.head.seq for one in anchors.read(log, KEY).known] == [99]
    assert anchors.furthest(log) == 99


def test_a_time_that_is_none_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "anchors.log"
    text = f"v1 5 {'ab' * 32} 2 {'9' * 20}"
    path.write_text(f"{text} {anchors._mac(KEY, text)}\n")
    [known] = anchors.read(path, KEY).known
    assert (known.head.seq, known.at) == (5, None)


# --- what does not fit --------------------------------------------------------------------------


def found(code: str, seq: int, edition: int = 0, detail: str = "") -> AnchorFinding:
    return AnchorFinding(code, seq, "file", None, edition, 0, detail)


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("database-older", True), ("history-differs", True), ("trail-broken", True),
        ("key-file-older", False), ("anchors-altered", False), ("saves-missing", False),
    ],
)  # fmt: skip
def test_with_what_the_records_open_for_reading_only(code: str, holds: bool) -> None:
    assert found(code, 1).holds is holds


@pytest.mark.parametrize(
    ("finding", "known"),
    [
        (found("database-older", 10, 4), False), (found("database-older", 11, 4), True),
        (found("database-older", 20, 4), True), (found("database-older", 21, 4), False),
        (found("history-differs", 15, 5), False), (found("history-differs", 15, 6), False),
        (found("trail-broken", 15, 4, "hash"), False), (found("trail-broken", 3, 9, "gap"), True),
        (found("trail-broken", 3, 0, "hash"), False), (found("trail-broken", 4, 0, "gap"), False),
    ],
)  # fmt: skip
def test_what_an_administrator_accepted_is_known(finding: AnchorFinding, known: bool) -> None:
    assert Accepted(10, 20, 5, (3, "gap")).covers(finding) is known


@pytest.mark.parametrize(
    ("code", "seq", "known", "explained"),
    [
        ("database-older", 9, (), False), ("database-older", 10, (), True),
        ("history-differs", 11, (), True), ("history-differs", 9, (), False),
        ("key-file-older", 8, (), False), ("key-file-older", 9, (), True),
        ("anchors-altered", 99, (), False), ("database-older", 10, ("m",), False),
        ("database-older", 10, ("x",), True),
    ],
)  # fmt: skip
def test_what_a_restore_accounts_for(
    code: str, seq: int, known: tuple[str, ...], explained: bool
) -> None:
    assert anchors.explained(found(code, seq), [Restore(10, "m")], known) is explained


def test_a_finding_says_what_is_lacking_and_when_it_was_noted(trail: Any) -> None:
    seen = [Anchor(head(9), 3, "paper", AT), Anchor(head(7), 9, "keyring")]
    with trail.read() as session:
        told = anchors.compare(session, seen, edition=5, odd=1)
    assert told == (
        AnchorFinding("database-older", 9, "paper"),
        AnchorFinding("database-older", 7, "keyring"),
        AnchorFinding("key-file-older", 7, "keyring"),
        AnchorFinding("anchors-altered", 2, "file"),
    )
    assert [(one.lacking, one.edition, one.at) for one in told] == [
        (7, 3, AT), (5, 9, None), (0, 9, None), (0, 0, None),
    ]  # fmt: skip
    with trail.read() as session:
        left = anchors.compare(session, seen, edition=9, accepted=[Accepted(2, 8, 10)])
        nothing = anchors.compare(session, [Anchor(head(2, "00"), 9, "file")], edition=9)
        same = anchors.compare(session, [Anchor(audit.head(session), 9, "file")], edition=9)
    assert left == (AnchorFinding("database-older", 9, "paper"),)
    assert [one.code for one in nothing] == ["history-differs"]
    assert same == ()


def test_of_two_heads_that_are_as_far_the_first_is_told(trail: Any) -> None:
    later = AT + timedelta(days=1)
    seen = [Anchor(head(9), 1, "file", AT), Anchor(head(9), 1, "file", later)]
    with trail.read() as session:
        [one] = anchors.compare(session, seen, edition=1)
    assert (one.at, one.lacking) == (AT, 7)


def test_every_head_is_compared_also_where_there_are_many(
    trail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchors, "_AT_ONCE", 2)
    for _ in range(3):
        trail.write()
    with trail.read() as session:
        for seq in range(1, 6):
            others = [Anchor(head(n), 1, "file") for n in (*range(seq, 0, -1), 0)]
            [one] = anchors.compare(session, others, edition=1)
            assert (one.code, one.seq) == ("history-differs", seq)
            whole = [Anchor(Head(n, audit.entry_at(session, n).hash), 1, "file")  # type: ignore[union-attr]  # it is there
                     for n in range(1, 6) if n != seq]  # fmt: skip
            [one] = anchors.compare(session, [*whole, Anchor(head(seq), 1, "file")], edition=1)
            assert (one.code, one.seq) == ("history-differs", seq)


def test_restores_are_read_from_the_trail_itself(trail: Any) -> None:
    trail.write("backup.restored", digest="ab" * 32)
    entry = trail.write("record_opened", reason="backup-restored")
    again = trail.write("backup.restored")
    with trail.read() as session:
        told = anchors.restores(session)
    assert [one.seq for one in told] == [3, again.seq]
    assert told[1].mark == again.hash[:16]
    assert entry.seq == 4


# --- the mark beside the database ---------------------------------------------------------------


@pytest.fixture
def mark(tmp_path: Path) -> Watermark:
    return Watermark(tmp_path, lambda: KEY)


def test_a_mark_is_read_back_and_only_goes_forward(mark: Watermark, tmp_path: Path) -> None:
    assert mark.read() is None
    path = tmp_path / watermark.FILE_NAME
    for at, kept in ((5, 5), (4, 5), (6, 6)):
        mark.note(Mark(at, head(at)), KEY)
        mark.note(Mark(kept, head(1)), KEY)  # the one that was there first stays
        assert mark.read() == Mark(kept, head(kept))
        assert path.stat().st_size == 160
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    spelled = checked(b"bt-mark-v1\0", f"m1 6 6 {'ab' * 32}")
    assert path.read_text() == spelled.ljust(159) + "\n"


@pytest.mark.parametrize("hurt", [b"", b"\n", b"x", b"\xff" * 160, b"m1 5 5\n"])
def test_a_mark_that_is_hurt_is_none(mark: Watermark, tmp_path: Path, hurt: bytes) -> None:
    (tmp_path / watermark.FILE_NAME).write_bytes(hurt)
    assert mark.read() is None


def test_a_mark_of_another_vault_or_a_changed_one_is_none(mark: Watermark, tmp_path: Path) -> None:
    path = tmp_path / watermark.FILE_NAME
    mark.note(Mark(5, head(7)), OTHER)
    assert mark.read() is None
    mark.note(Mark(6, head(7)), KEY)
    good = path.read_bytes()
    assert mark.read() == Mark(6, head(7))
    for other in (good.replace(b"m1 6 ", b"m1 7 "), good + b"\n", good[:-2] + b"\n\n", good[:-1],
                  good[:-1] + b"  \n"):  # fmt: skip
        path.write_bytes(other)
        assert mark.read() is None


def test_a_mark_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    gone = Watermark(tmp_path / "gone", lambda: KEY)
    gone.note(Mark(1, head(1)), KEY)
    assert gone.read() is None
    (tmp_path / "gone").mkdir()
    gone.note(Mark(1, head(1)), KEY)
    assert gone.read() == Mark(1, head(1)), "it did not count as noted"


def test_each_commit_that_changes_something_is_counted(trail: Any, tmp_path: Path) -> None:
    noted = Watermark(tmp_path, lambda: KEY)
    with trail.db.write() as session:
        before = watermark.commits(session)
        first = noted(session)
    trail_head = audit.head
    with trail.db.write() as session:
        audit.append(session, trail.rosa, trail.clock, "record_opened", "record:7")
        after = noted(session)
        assert watermark.commits(session) == before + 2
        assert noted(session) is watermark._nothing, "nothing more was changed since"
        seen = trail_head(session)
    after()
    assert noted.read() == Mark(before + 2, seen)
    first()
    assert noted.read() == Mark(before + 2, seen)


def test_what_another_connection_changed_is_not_counted_again(
    tmp_path: Path, new_store: Callable[[Path, bytearray], Store]
) -> None:
    db = new_store(tmp_path / "records.db", bytearray(32))  # opened a moment ago; no entry yet
    noted = Watermark(tmp_path, lambda: KEY)
    with db.write() as session:
        noted(session)()
        assert noted.read() is None, "nothing was changed since"
        before = watermark.commits(session)
        session.execute(text("INSERT INTO audit_system_key (id, seed) VALUES (1, x'00')"))
        noted(session)()
    assert noted.read() == Mark(before + 1, Head(0, "00" * 32))
    db.close()


def test_where_the_trails_file_cannot_be_written_the_mark_keeps_nobody_out(
    trail: Any, tmp_path: Path
) -> None:
    (tmp_path / anchors.FILE_NAME).mkdir()
    mac_key = trail.keys.sub_key(watermark.MAC_PURPOSE)
    watermark.watch(tmp_path, trail.keys).note(Mark(9, head(9)), mac_key)
    with trail.read() as session:
        assert watermark.look(session, tmp_path, trail.keys, trail.clock.now()) == ()


def test_what_is_missing_is_told_by_the_mark(trail: Any, tmp_path: Path) -> None:
    folder, keys, now = tmp_path, trail.keys, trail.clock.now()
    noted = watermark.watch(folder, keys)
    mac_key = keys.sub_key(watermark.MAC_PURPOSE)
    with trail.read() as session:
        assert watermark.look(session, folder, keys, now) == ()
    with trail.db.write() as session:
        audit.append(session, trail.rosa, trail.clock, "record_opened", "record:7")
        come = noted(session)
    come()
    with trail.read() as session:
        count, newest = watermark.commits(session), audit.head(session)
        assert noted.read() == Mark(count, newest)
        assert watermark.look(session, folder, keys, now) == ()
        noted.note(Mark(count + 1, newest), mac_key)
        [lost] = watermark.look(session, folder, keys, now)
        assert (lost.code, lost.seq, lost.source) == ("saves-missing", newest.seq, "file")
        assert not lost.holds
        noted.note(Mark(count + 2, Head(0, "00" * 32)), mac_key)
        assert [one.code for one in watermark.look(session, folder, keys, now)] == ["saves-missing"]
        assert not (folder / anchors.FILE_NAME).exists()
        for commits, gone in ((count + 3, head(9)), (count + 4, Head(newest.seq, "cd" * 32))):
            noted.note(Mark(commits, gone), mac_key)
            assert watermark.look(session, folder, keys, now) == ()
            handed = anchors.read(folder / anchors.FILE_NAME, keys.sub_key(anchors.MAC_PURPOSE))
            assert (handed.known[-1].head, handed.known[-1].edition) == (gone, keys.edition)
            assert (handed.known[-1].at, handed.odd, handed.verified) == (now, 0, None)
