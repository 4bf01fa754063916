"""A small file is either the old one or the new one, whatever the disk does."""

from __future__ import annotations

import errno
import os
import stat
import threading

import pytest

from bt_desktop.errors import StorageFull, StorageReadOnly, StorageTrouble
from bt_desktop.security import atomic
from bt_desktop.security.atomic import locked, storage_errors, write_atomically


def test_it_is_written_for_the_owner_only_even_with_a_loose_umask(tmp_path):
    old = os.umask(0)
    try:
        write_atomically(tmp_path / "x", b"new")
    finally:
        os.umask(old)
    assert (tmp_path / "x").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o600


@pytest.mark.parametrize("step", ["_write_through", "_take_place", "sync_folder"])
@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.EROFS, StorageReadOnly),
        (errno.EACCES, StorageReadOnly),
        (errno.EIO, StorageTrouble),
        (errno.EBUSY, StorageTrouble),
        (errno.EFBIG, StorageFull),
    ],
)
def test_a_failing_disk_leaves_a_whole_file_and_no_scraps(
    tmp_path, monkeypatch, step, number, problem
):
    path = tmp_path / "x"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError(number, "no")

    monkeypatch.setattr(atomic, step, fail)
    with pytest.raises(problem):
        write_atomically(path, b"new")
    assert path.read_bytes() == (b"new" if step == "sync_folder" else b"old")
    assert os.listdir(tmp_path) == ["x"]


def test_a_virus_scanner_that_lets_go_in_time(tmp_path):
    pauses, held = [], [True] * 4

    def replace(part, path):
        if held:
            held.pop()
            raise PermissionError(13, "in use")
        os.replace(part, path)

    write_atomically(tmp_path / "x", b"new", replace=replace, pause=pauses.append)
    assert (tmp_path / "x").read_bytes() == b"new"
    assert pauses == [0.2] * 4, "the fifth try is the last"


def test_a_virus_scanner_that_never_lets_go(tmp_path):
    pauses = []

    def replace(*_):
        raise PermissionError(13, "in use")

    with pytest.raises(StorageReadOnly):
        write_atomically(tmp_path / "x", b"new", replace=replace, pause=pauses.append)
    assert len(pauses) == 4
    assert os.listdir(tmp_path) == []


def test_everything_is_on_the_disk_before_it_returns(tmp_path, monkeypatch):
    order = []
    real_fsync, real_replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (order.append("sync"), real_fsync(fd))[1])

    def replace(part, path):
        order.append("replace")
        real_replace(part, path)

    write_atomically(tmp_path / "x", b"new", replace=replace)
    assert order == ["sync", "replace", "sync"]


def test_one_at_a_time(tmp_path):
    inside, most = [], []

    def visit():
        with locked(tmp_path / "lock"):
            inside.append(1)
            most.append(len(inside))
            threading.Event().wait(0.001)
            inside.pop()

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1


def test_a_lock_that_cannot_be_made(tmp_path):
    with pytest.raises(StorageTrouble), locked(tmp_path / "nowhere" / "lock"):
        raise AssertionError("never inside")


def test_other_errors_stay_what_they_are():
    with pytest.raises(FileNotFoundError), storage_errors():
        raise FileNotFoundError
