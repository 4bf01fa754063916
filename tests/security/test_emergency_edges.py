"""Notes of the locked screen at the edges: hidden files, numbers, odd spellings, their order."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bt_desktop.security import emergency
from bt_desktop.security.emergency import FOLDER_NAME, PUBLIC_NAME, NotOurs
from bt_desktop.security.keyfile import canonical
from bt_desktop.security.keys import Keys
from bt_desktop.security.problems import TooManyNotes

VAULT = "0f0e0d0c-0b0a-4a08-8706-050403020100"
FIRST, SECOND = "ffffffff-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def keys() -> Keys:
    return Keys(
        vault_id=VAULT, user_id="u", sign_in_name="Rosa", generation=1, edition=1,
        database_key=bytearray(range(32)), signing=Ed25519PrivateKey.generate(),
        sealing=X25519PrivateKey.generate(),
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, keys: Keys) -> Path:
    assert emergency.waiting(tmp_path) == ()
    assert emergency.damaged(tmp_path) == 0
    assert emergency.publish(tmp_path, keys) == "written"
    return tmp_path


def note(folder: Path, note_id: str = FIRST) -> Path:
    emergency.leave(folder, note_id, b"given")
    return folder / FOLDER_NAME / f"{note_id}.note"


def test_the_oldest_note_comes_first_whatever_its_number(folder: Path) -> None:
    first, second = note(folder, FIRST), note(folder, SECOND)
    os.utime(first, (1, 1))
    os.utime(second, (2, 2))
    (folder / FOLDER_NAME / ".half.note").write_text("x")
    (folder / FOLDER_NAME / "other").write_text("x")
    assert emergency.waiting(folder) == (first, second)


def test_two_hundred_notes_and_no_more(folder: Path) -> None:
    place = note(folder).parent
    for number in range(emergency.MOST_NOTES - 2):
        (place / f"{number}.note").write_text("x")
    note(folder, SECOND)
    with pytest.raises(TooManyNotes):
        note(folder, VAULT)


@pytest.mark.parametrize("spelled", ["", "AAAA", "!", "\n"])
def test_a_note_in_another_spelling_is_not_ours(folder: Path, keys: Keys, spelled: str) -> None:
    path = note(folder)
    told: dict[str, Any] = json.loads(path.read_bytes())
    told["sealed"] = spelled if spelled in ("", "AAAA") else told["sealed"] + spelled
    path.write_bytes(canonical(told))
    with pytest.raises(NotOurs):
        emergency.opened(path, keys)


def test_a_file_is_read_as_far_as_one_of_ours_can_be_long(folder: Path, keys: Keys) -> None:
    """Twice the content: what is longer is not read to its end."""
    path, public = note(folder), folder / PUBLIC_NAME
    for one in (path, public):
        one.write_bytes(one.read_bytes().ljust(2 * emergency.MOST_BYTES))
    assert emergency.opened(path, keys) == (FIRST, b"given")
    assert emergency.can_leave(folder)
    for one in (path, public):
        one.write_bytes(one.read_bytes() + b" ")
    with pytest.raises(NotOurs):
        emergency.opened(path, keys)
    assert not emergency.can_leave(folder)


def test_a_public_side_in_another_spelling_takes_nothing(folder: Path) -> None:
    path = folder / PUBLIC_NAME
    told: dict[str, Any] = json.loads(path.read_bytes())
    del told["sum"]
    told["x25519"] += "!"
    told["sum"] = hashlib.sha256(canonical(told)).hexdigest()
    path.write_bytes(canonical(told))
    assert not emergency.can_leave(folder)


def test_a_note_that_cannot_go_is_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = note(folder)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "no")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "unlink", refused)
        disk.setattr(Path, "rename", refused)
        emergency.remove(path)
        emergency.keep_damaged(path)
    assert path.exists()
    emergency.remove(path)
    emergency.remove(path)
    assert not path.exists()
