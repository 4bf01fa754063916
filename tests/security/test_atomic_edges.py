"""Writing a small file at the edges: where its parts lie, what is swept, a folder that is gone."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bt_desktop.errors import StorageTrouble
from bt_desktop.security.atomic import read_small, sweep_parts, sync_folder, write_atomically


def test_a_part_lies_beside_the_file_under_a_name_that_is_swept(tmp_path: Path) -> None:
    seen: list[str] = []

    def replace(part: Path, path: Path) -> None:
        assert (part.parent, path.read_bytes()) == (tmp_path, b"old")
        seen.append(part.name)
        (tmp_path / f".x.{len(seen)}.part").write_bytes(b"left")
        os.replace(part, path)

    (tmp_path / "x").write_bytes(b"old")
    write_atomically(tmp_path / "x", b"old", replace=replace)
    write_atomically(tmp_path / "x", b"new", replace=replace)
    assert all(re.fullmatch(r"\.x\.[0-9a-f]{8}\.part", name) for name in seen), seen
    assert len(set(seen)) == 2
    for kept in ("x.part", ".y.1.part", ".x.1.note"):
        (tmp_path / kept).write_bytes(b"another's")
    (tmp_path / ".x.3.part").mkdir()  # cannot be removed as a file: it stays, and nothing fails
    sweep_parts(tmp_path / "x")
    left = [".x.1.note", ".x.3.part", ".y.1.part", "x", "x.part"]
    assert sorted(os.listdir(tmp_path)) == left


def test_a_folder_that_went_away_is_trouble_with_the_disk(tmp_path: Path) -> None:
    with pytest.raises(StorageTrouble):
        write_atomically(tmp_path / "gone" / "x", b"new")


def test_bytes_are_kept_as_they_are(tmp_path: Path) -> None:
    every = bytes(range(256)) + b"\r\n\n\r"
    write_atomically(tmp_path / "x", every)
    assert (tmp_path / "x").read_bytes() == every


def test_of_a_file_that_is_too_long_only_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"0123456789\r\n")
    assert read_small(tmp_path / "x", 12) == b"0123456789\r\n"
    assert read_small(tmp_path / "x", 5) == b"012345"


def test_a_folder_that_was_synced_is_not_held_open(tmp_path: Path) -> None:
    held = len(os.listdir("/dev/fd"))
    sync_folder(tmp_path)
    assert len(os.listdir("/dev/fd")) == held
