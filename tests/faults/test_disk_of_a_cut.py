"""The disk of the power cuts: what was synced stays, what was not may be torn or gone."""

from __future__ import annotations

from pathlib import Path
from random import Random

from faults._disk import Change, Recorder, after_cut, said

HEX = "".join(f"\\x{byte:02x}" for byte in b"new")


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def recorded(folder: Path, *calls: str) -> Recorder:
    recorder = Recorder(folder)
    log = folder.parent / "calls"
    log.write_text("".join(f"77 {call}\n" for call in calls), "ascii")
    recorder.read(log)
    return recorder


def left(recorder: Recorder, folder: Path, seed: int) -> dict[str, bytes]:
    made = folder.parent / f"left-{seed}"
    after_cut(recorder.begun, recorder.changes, Random(seed)).put_down(made)
    return {str(f.relative_to(made)): f.read_bytes() for f in made.rglob("*") if f.is_file()}


def atomic(folder: Path, *, synced: bool) -> tuple[str, ...]:
    part, final, place = (hexed(str(folder / n)) for n in ("a.part", "a", ""))
    return (
        f'openat(AT_FDCWD, "{part}", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 5',
        f'write(5, "{HEX}", 3) = 3',
        *(["fsync(5) = 0"] if synced else []),
        "close(5) = 0",
        f'rename("{part}", "{final}") = 0',
        f'openat(AT_FDCWD, "{place.rstrip()}", O_RDONLY|O_CLOEXEC) = 5',
        *(["fsync(5) = 0"] if synced else []),
        f'write(1, "{hexed("done")}", 4) = 4',
    )


def test_what_was_synced_is_there_after_any_cut(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "a").write_bytes(b"old")
    recorder = recorded(folder, *atomic(folder, synced=True))
    assert said(recorder.changes) == b"done"
    for seed in range(20):
        assert left(recorder, folder, seed) == {"a": b"new"}


def test_without_a_sync_the_old_the_new_and_an_empty_one_are_all_found(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "a").write_bytes(b"old")
    recorder = recorded(folder, *atomic(folder, synced=False))
    found = {left(recorder, folder, seed).get("a") for seed in range(60)}
    assert {b"old", b"new", b""} <= found


def test_a_write_is_torn_at_sectors(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "a").write_bytes(b"." * 2048)
    recorder = Recorder(folder)
    recorder.changes.append(Change("data", 1, 0, b"x" * 2048))
    torn = {left(recorder, folder, seed)["a"] for seed in range(40)}
    assert len(torn) > 5
    assert all(len(set(data[n : n + 512])) == 1 for data in torn for n in range(0, len(data), 512))


def test_a_folder_that_was_renamed_keeps_what_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "b").write_bytes(b"kept")
    old, new = hexed(str(folder / "part")), hexed(str(folder / "final"))
    recorder = recorded(folder, f'rename("{old}", "{new}") = 0')
    found = {tuple(left(recorder, folder, seed)) for seed in range(20)}
    assert found == {("part/b",), ("final/b",)}
