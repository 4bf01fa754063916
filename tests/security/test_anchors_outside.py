"""Heads noted outside: an old database put back, a cut end, an old key file."""

from __future__ import annotations

import shutil
import stat

import pytest

from bt_desktop.errors import StorageFull
from bt_desktop.security import anchors, audit
from bt_desktop.security.anchors import Anchor, AnchorFinding
from bt_desktop.security.audit import Head
from bt_desktop.security.device import DeviceMemory, KeyringOutcome


@pytest.fixture
def mac_key(trail):
    return trail.keys.sub_key(anchors.MAC_PURPOSE)


@pytest.fixture
def log(tmp_path):
    return tmp_path / "vault" / "anchors.log"


def noted(trail, log, mac_key, edition=None):
    with trail.read() as session:
        head = audit.head(session)
    anchors.note(log, head, edition or trail.keys.edition, trail.clock.now(), mac_key)
    return head


def findings(trail, log, mac_key, *more, edition=None):
    seen = anchors.read(log, mac_key)
    with trail.read() as session:
        return anchors.compare(
            session,
            (*seen.known, *more),
            edition=edition or trail.keys.edition,
            odd=seen.odd,
        )


def test_each_head_is_a_line_that_is_never_overwritten(trail, log, mac_key):
    heads = []
    for _ in range(4):
        trail.write()
        heads.append(noted(trail, log, mac_key))
    assert [one.head for one in anchors.read(log, mac_key).known] == heads
    assert len(log.read_text().splitlines()) == 4
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert findings(trail, log, mac_key) == ()


def test_no_file_yet(trail, log, mac_key):
    assert anchors.read(log, mac_key).known == ()
    assert findings(trail, log, mac_key) == ()


def test_a_cut_end_is_seen(trail, log, mac_key):
    for _ in range(4):
        trail.write()
    head = noted(trail, log, mac_key)
    trail.sql("DELETE FROM audit WHERE seq > 4")
    assert findings(trail, log, mac_key) == (AnchorFinding("database-older", head.seq, "file"),)


def test_last_weeks_database_put_back_is_seen(trail, log, mac_key, tmp_path):
    from bt_desktop.models.store import open_store

    path = trail.db.path
    trail.write()
    trail.db.backup_to(tmp_path / "last-week.db")
    trail.write()
    head = noted(trail, log, mac_key)
    trail.db.close()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copy(tmp_path / "last-week.db", path)
    trail.db = open_store(path, trail.keys.database_key)
    assert trail.verify().holds, "the chain itself sees nothing"
    assert findings(trail, log, mac_key) == (AnchorFinding("database-older", head.seq, "file"),)


def test_a_history_rewritten_with_stolen_keys_is_seen(trail, log, mac_key):
    trail.write("record_signed")
    head = noted(trail, log, mac_key)
    trail.sql("DELETE FROM audit WHERE seq > 2")
    trail.write("record_opened")
    trail.write("record_opened")
    assert trail.verify().holds
    assert findings(trail, log, mac_key) == (AnchorFinding("history-differs", head.seq, "file"),)


def test_an_old_key_file_put_back_is_seen(trail, log, mac_key):
    head = noted(trail, log, mac_key, edition=9)
    assert findings(trail, log, mac_key, edition=8) == (
        AnchorFinding("key-file-older", head.seq, "file"),
    )


def test_the_keyring_and_paper_are_compared_alike(trail, log, mac_key):
    paper = Anchor(Head(99, "ab" * 32), 1, "paper")
    keyring = Anchor(Head(2, "cd" * 32), 1, "keyring")
    assert findings(trail, log, mac_key, paper, keyring) == (
        AnchorFinding("database-older", 99, "paper"),
        AnchorFinding("history-differs", 2, "keyring"),
    )


def test_an_empty_trail_was_once_seen(trail, log, mac_key):
    nothing = Anchor(Head(0, "00" * 32), 1, "file")
    assert findings(trail, log, mac_key, nothing) == ()


def test_the_furthest_finding_of_each_kind_is_told_once(trail, log, mac_key):
    seen = [Anchor(Head(n, "ab" * 32), 1, "file") for n in (70, 90, 80)]
    assert findings(trail, log, mac_key, *seen) == (AnchorFinding("database-older", 90, "file"),)


def test_a_line_torn_by_a_kill_is_passed_over_and_the_next_is_whole(trail, log, mac_key):
    noted(trail, log, mac_key)
    whole = log.read_bytes()
    for cut in (1, 2, 3, 40, len(whole) - 1):
        log.write_bytes(whole + whole[:cut])
        noted(trail, log, mac_key)
        read = anchors.read(log, mac_key)
        assert (len(read.known), read.odd) == (2 + (cut == len(whole) - 1), 0)


def test_lines_that_are_not_ours_are_told(trail, log, mac_key):
    head = noted(trail, log, mac_key)
    line = log.read_text()
    forged = line.replace(f"v1 {head.seq} ", "v1 1 ")
    log.write_text(line + forged + "hello\n" + "é" * 10 + "\n" + "v1 " + "9" * 200 + "\n")
    read = anchors.read(log, mac_key)
    assert (len(read.known), read.odd) == (1, 4)
    assert findings(trail, log, mac_key) == (AnchorFinding("anchors-altered", head.seq, "file"),)


def test_another_vaults_lines_are_not_ours(trail, log, mac_key):
    noted(trail, log, bytes(32))
    assert anchors.read(log, mac_key).odd == 1


def test_a_full_disk_says_so(trail, log, mac_key, monkeypatch):
    import errno
    import os

    def full(_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        noted(trail, log, mac_key)


def test_many_anchors_are_asked_in_portions(trail, log, mac_key, monkeypatch):
    monkeypatch.setattr(anchors, "_AT_ONCE", 2)
    for _ in range(5):
        trail.write()
        noted(trail, log, mac_key)
    assert findings(trail, log, mac_key) == ()


def test_no_name_lies_in_the_file(trail, log, mac_key):
    noted(trail, log, mac_key)
    assert set(log.read_text()) <= set("0123456789abcdef v:T+.-\n")


def test_what_the_keyring_remembers_can_be_an_anchor(trail):
    from bt_desktop.security.device import Answer

    class InMemory:
        kept: str | None = None

        def name(self):
            return "fake"

        def get(self, service):
            if self.kept is None:
                return Answer(KeyringOutcome.NOTHING_STORED)
            return Answer(KeyringOutcome.FOUND, self.kept)

        def set(self, service, value):
            self.kept = value
            return self.get(service)

        def delete(self, service):
            self.kept = None
            return self.get(service)

    mine = DeviceMemory(InMemory(), trail.keys.vault_id, trail.keys.user_id)
    with trail.read() as session:
        mine.remember(audit.head(session), trail.keys.edition)
    kept = mine.recall()
    trail.sql("DELETE FROM audit WHERE seq = 2")
    with trail.read() as session:
        found = anchors.compare(
            session, [Anchor(kept.head, kept.edition, "keyring")], edition=trail.keys.edition
        )
    assert [one.code for one in found] == ["database-older"]
