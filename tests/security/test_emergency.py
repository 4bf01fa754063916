"""Notes that anybody may leave and only somebody who signs in can read."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from bt_desktop.errors import StorageReadOnly
from bt_desktop.security import emergency
from bt_desktop.security.canonical import canonical
from bt_desktop.security.emergency import NotOurs
from bt_desktop.security.keys import Keys
from bt_desktop.security.problems import NoNotesHere, TooManyNotes
from bt_desktop.security.vault import create_vault
from tests.security.conftest import ADMIN_PASSWORD, QUICK, School, confirmed

WORDS = b"Kimberly, EpiPen Jr, 10:05, hives after the snack"


@dataclass
class Locked:
    """A vault that somebody signed in to once, and is locked."""

    folder: Path
    keys: Keys

    def note(self, content: bytes = WORDS) -> Path:
        note_id = str(uuid.uuid4())
        emergency.leave(self.folder, note_id, content)
        return self.folder / emergency.FOLDER_NAME / f"{note_id}.note"


@pytest.fixture
def locked(school: School) -> Locked:
    keys = school.admin()
    assert emergency.publish(school.folder, keys) == "written"
    return Locked(school.folder, keys)


def test_what_was_left_is_read_after_a_sign_in(locked: Locked) -> None:
    path = locked.note()
    assert emergency.waiting(locked.folder) == (path,)
    assert emergency.opened(path, locked.keys) == (path.stem, WORDS)
    emergency.remove(path)
    assert emergency.waiting(locked.folder) == ()
    emergency.remove(path)


def test_the_file_shows_no_word_and_no_length(locked: Locked) -> None:
    short, long = locked.note(b"x"), locked.note(WORDS * 20)
    assert short.stat().st_size == long.stat().st_size
    for path in (short, long):
        told = path.read_bytes()
        for word in (b"Kimberly", b"EpiPen", b"10:05", b"hives"):
            assert word not in told
        assert path.stat().st_mode & 0o777 == 0o600
    assert (locked.folder / emergency.FOLDER_NAME).stat().st_mode & 0o777 == 0o700


def test_everybody_who_signs_in_opens_it(school: School, locked: Locked) -> None:
    assert emergency.opened(locked.note(), school.staff())[1] == WORDS


def test_another_vaults_keys_open_nothing(locked: Locked, tmp_path: Path, school: School) -> None:
    other = confirmed(
        create_vault(
            tmp_path / "other",
            school_name="Elsewhere",
            admin_name="Ann",
            password=ADMIN_PASSWORD,
            clock=school.clock,
            policy=QUICK,
        )
    )
    path = locked.note()
    with pytest.raises(NotOurs):
        emergency.opened(path, other)
    told = json.loads(path.read_bytes())
    path.write_bytes(canonical({**told, "vault": other.vault_id}))
    with pytest.raises(NotOurs):
        emergency.opened(path, other)


def test_a_note_moved_under_another_number_is_not_ours(locked: Locked) -> None:
    path = locked.note()
    moved = path.with_name(f"{uuid.uuid4()}.note")
    path.rename(moved)
    with pytest.raises(NotOurs):
        emergency.opened(moved, locked.keys)
    told = json.loads(moved.read_bytes())
    moved.write_bytes(canonical({**told, "id": moved.stem}))
    with pytest.raises(NotOurs):
        emergency.opened(moved, locked.keys)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[1]",
        b"{}",
        b'{"id": 7, "sealed": "AA=="}',
        b'{"id": "7", "sealed": "AA=="}',
        b"[" * 40_000,
        b" " * 100_000,
    ],
)
def test_what_is_no_note_is_not_ours(locked: Locked, data: bytes) -> None:
    path = locked.note()
    path.write_bytes(data)
    with pytest.raises(NotOurs):
        emergency.opened(path, locked.keys)


@pytest.mark.parametrize("change", [{"version": 2}, {"format": "x"}, {"sealed": "AA=="},
                                    {"sealed": "*"}, {"sealed": None}, {"id": None}])  # fmt: skip
def test_a_changed_note_is_not_ours(locked: Locked, change: dict[str, object]) -> None:
    path = locked.note()
    path.write_bytes(canonical({**json.loads(path.read_bytes()), **change}))
    with pytest.raises(NotOurs):
        emergency.opened(path, locked.keys)


def test_a_note_that_is_gone_is_not_ours(locked: Locked) -> None:
    path = locked.note()
    path.unlink()
    with pytest.raises(NotOurs):
        emergency.opened(path, locked.keys)


def test_a_damaged_note_is_kept_and_counted(locked: Locked) -> None:
    path = locked.note()
    path.write_bytes(b"?")
    emergency.keep_damaged(path)
    emergency.keep_damaged(path)  # it is gone from there: nothing happens
    assert emergency.waiting(locked.folder) == ()
    assert emergency.damaged(locked.folder) == 1
    [kept] = (locked.folder / emergency.FOLDER_NAME).iterdir()
    assert kept.read_bytes() == b"?"


def test_the_oldest_comes_first(locked: Locked) -> None:
    import os

    paths = [locked.note() for _ in range(3)]
    for age, path in enumerate(paths):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert emergency.waiting(locked.folder) == tuple(reversed(paths))


def test_a_half_written_file_is_passed_over(locked: Locked) -> None:
    path = locked.note()
    path.with_name(f".{path.name}.1234abcd.part").write_bytes(b"half")
    assert emergency.waiting(locked.folder) == (path,)


def test_a_file_that_vanishes_while_they_are_sorted_is_the_oldest(locked: Locked) -> None:
    assert emergency._when(locked.folder / "nothing")[0] == 0


# --- the public side ---------------------------------------------------------------------------


def test_nothing_can_be_left_where_nobody_ever_signed_in(tmp_path: Path) -> None:
    assert not emergency.can_leave(tmp_path)
    with pytest.raises(NoNotesHere):
        emergency.leave(tmp_path, str(uuid.uuid4()), WORDS)


def test_it_is_verified_at_each_sign_in(locked: Locked) -> None:
    path = locked.folder / emergency.PUBLIC_NAME
    assert emergency.can_leave(locked.folder)
    assert emergency.publish(locked.folder, locked.keys) == "same"
    before = path.read_bytes()
    path.unlink()
    assert emergency.publish(locked.folder, locked.keys) == "written"
    assert path.read_bytes() == before


def test_a_changed_one_is_seen_and_put_right(locked: Locked, school: School) -> None:
    """Somebody puts their own key there: what is left goes to them, and that is seen."""
    path = locked.folder / emergency.PUBLIC_NAME
    mine = emergency._key_file(
        locked.keys.vault_id, emergency._pair(bytearray(32), locked.keys.vault_id)
    )
    path.write_bytes(mine)
    stolen = locked.note()
    assert emergency.publish(locked.folder, school.staff()) == "changed"
    assert path.read_bytes() != mine
    with pytest.raises(NotOurs):
        emergency.opened(stolen, locked.keys)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"vault": "x", "x25519": "AA=="}',
        b'{"vault": "6e9cf0b2-8b5c-4f4c-9f2c-5f4f9f0a1b2c", "x25519": "AA=="}',
    ],
)
def test_a_damaged_one_takes_nothing(locked: Locked, data: bytes) -> None:
    (locked.folder / emergency.PUBLIC_NAME).write_bytes(data)
    assert not emergency.can_leave(locked.folder)
    with pytest.raises(NoNotesHere):
        locked.note()


def test_one_with_a_wrong_sum_takes_nothing(locked: Locked) -> None:
    path = locked.folder / emergency.PUBLIC_NAME
    told = json.loads(path.read_bytes())
    path.write_bytes(canonical({**told, "sum": "0" * 64}))
    assert not emergency.can_leave(locked.folder)


def test_while_the_database_key_is_changed_both_pairs_open(locked: Locked) -> None:
    """A change was interrupted: notes under the former key are opened, its file is no doubt."""
    path = locked.note()
    keys = locked.keys
    keys.previous_key, keys.database_key = keys.database_key, bytearray(b"\7" * 32)
    assert emergency.opened(path, keys)[1] == WORDS
    assert emergency.publish(locked.folder, keys) == "same"
    assert emergency.opened(locked.note(), keys)[1] == WORDS


# --- bounds ------------------------------------------------------------------------------------


def test_only_so_many_wait(locked: Locked) -> None:
    first = locked.note()
    for number in range(emergency.MOST_NOTES - 1):
        (first.parent / f"{number}.note").write_bytes(b"")
    with pytest.raises(TooManyNotes):
        locked.note()


def test_only_so_much_is_said(locked: Locked) -> None:
    locked.note(b"x" * emergency.MOST_BYTES)
    with pytest.raises(ValueError, match="too long"):
        locked.note(b"x" * (emergency.MOST_BYTES + 1))


def test_a_full_note_is_read_again(locked: Locked) -> None:
    whole = bytes(range(256)) * (emergency.MOST_BYTES // 256)
    assert emergency.opened(locked.note(whole), locked.keys)[1] == whole


def test_a_folder_that_cannot_be_written_says_so(
    locked: Locked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StorageReadOnly):
        locked.note()
