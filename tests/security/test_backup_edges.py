"""The form of a backup and the exchange of files at the edges; digits of a PIN; offered words."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bt_desktop.security import backup, passwords, pin, replacing
from bt_desktop.security.audit import Head
from bt_desktop.security.backup import BackupDamaged, BackupNewer, Manifest, NoBackup
from bt_desktop.security.keys import hkdf
from bt_desktop.security.problems import BadPin
from bt_desktop.security.replacing import StillOpen

AT = datetime(2026, 11, 12, 16, 0, tzinfo=UTC)
SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def told(**changes: Any) -> Manifest:
    values: dict[str, Any] = {
        "vault_id": "v", "made_at": AT, "kind": "daily", "app": "0.5.0", "schema": "0042",
        "head": Head(7, "ab" * 32), "counts": {"audit": 7},
        "files": {"records.db": (4, "cd" * 32), "vault.keys.json": (3, "ef" * 32)},
        "by_user": "u", "signer": SIGNING.public_key().public_bytes_raw(),
    }  # fmt: skip
    return Manifest(**(values | changes))


@pytest.mark.parametrize("kind", backup.KINDS)
@pytest.mark.usefixtures("pacific_computer")
def test_a_name_says_when_and_how(kind: str) -> None:
    name = backup.name_of(AT.astimezone(timezone(timedelta(hours=-8))), kind)
    assert name == f"20261112T160000Z-{kind}"
    assert backup.told_by(name) == (AT, kind)
    assert backup.told_by(f"{name}-2") == (AT, kind)


@pytest.mark.parametrize(
    "name",
    ["", "20261112T160000Z", "20261112T160000Z-weekly", "20261132T160000Z-daily",
     "20261112T160000Z-daily.part", "x20261112T160000Z-daily", "20261112T160000-daily"],
)  # fmt: skip
def test_other_names_are_not_ours(name: str) -> None:
    assert backup.told_by(name) is None


@pytest.mark.usefixtures("pacific_computer")
def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert signed_anew(lambda _: None) == backup.written(told(), SIGNING)
    path = tmp_path / backup.MANIFEST
    for kind in backup.KINDS:
        path.write_bytes(backup.written(told(kind=kind), SIGNING))
        assert backup.read_manifest(tmp_path) == told(kind=kind)
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))
    path.write_bytes(backup.written(told(made_at=elsewhere), SIGNING))
    assert backup.read_manifest(tmp_path).made_at.utcoffset() == timedelta(0)


def signed_anew(how: Callable[[dict[str, Any]], object]) -> bytes:
    """A manifest changed by somebody who has the signing key."""
    body = json.loads(backup.written(told(), SIGNING))["manifest"]
    how(body)
    spelled = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    import base64

    signature = base64.b64encode(SIGNING.sign(b"bt-backup-v1\0" + spelled))
    return b'{"manifest":' + spelled + b',"signature":"' + signature + b'"}\n'


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        (lambda m: m.update(version=2), BackupNewer),
        (lambda m: m.update(version=0), BackupDamaged),
        (lambda m: m.update(version="x"), BackupDamaged),
        (lambda m: m.update(format="other"), BackupDamaged),
        (lambda m: m.update(format="other", version=2), BackupDamaged),
        (lambda m: m.update(kind="weekly"), BackupDamaged),
        (lambda m: m.update(made_at="2026-11-12T16:00:00"), BackupDamaged),
        (lambda m: m.update(made_at="soon"), BackupDamaged),
        (lambda m: m["files"].pop("records.db"), BackupDamaged),
        (lambda m: m["files"].update(x={"bytes": 1, "sha256": "00"}), BackupDamaged),
        (lambda m: m.pop("by"), BackupDamaged),
        (lambda m: m.update(key="!" + m["key"]), BackupDamaged),
        (lambda m: m.update(key="AAAA"), BackupDamaged),
        (lambda m: m.update(head=7), BackupDamaged),
        (lambda m: m.update(more=1), BackupDamaged),
    ],
)  # fmt: skip
def test_a_manifest_that_is_not_ours_or_of_a_newer_program(
    tmp_path: Path, how: Callable[[dict[str, Any]], object], problem: type[Exception]
) -> None:
    (tmp_path / backup.MANIFEST).write_bytes(signed_anew(how))
    with pytest.raises(problem):
        backup.read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b'"format":"bt-desktop-backup"', b'"format":"other"'), (b'"version":1', b'"version":0'),
        (b'"kind":"daily"', b'"kind":"exit"'), (b'"key":"', b'"key":"!'), (b"+00:00", b""),
        (b'"signature":"', b'"signature":"!'), (b'"bytes":4', b'"bytes":5'),
        (b'"by":"u"', b'"by":"w"'),
        (b'"vault":"v"', b'"vault":"w"'), (b'"seq":7', b'"seq":8'), (b'"audit":7', b'"audit":8'),
    ],
)  # fmt: skip
def test_a_manifest_changed_by_somebody_without_the_key(
    tmp_path: Path, part: bytes, other: bytes
) -> None:
    good = backup.written(told(), SIGNING)
    assert good.count(part) == 1
    (tmp_path / backup.MANIFEST).write_bytes(good.replace(part, other))
    with pytest.raises(BackupDamaged):
        backup.read_manifest(tmp_path)


def test_the_key_of_a_backup_is_a_sub_key(tmp_path: Path) -> None:
    key = backup.backup_key(bytearray(b"k" * 32), "v")
    assert isinstance(key, bytearray)
    assert key == hkdf(b"k" * 32, "v", "backup")


def test_a_manifest_that_is_missing_huge_or_signed_by_another(tmp_path: Path) -> None:
    with pytest.raises(NoBackup):
        backup.read_manifest(tmp_path)
    path = tmp_path / backup.MANIFEST
    path.write_bytes(b"x")
    with pytest.raises(NoBackup):
        backup.read_manifest(path)
    for data in (b"", b"[]", b"x" * 70_000, b"[" * 60_000,
                 backup.written(told(), Ed25519PrivateKey.generate())):  # fmt: skip
        path.write_bytes(data)
        with pytest.raises(BackupDamaged):
            backup.read_manifest(tmp_path)
    good = backup.written(told(), SIGNING)
    path.write_bytes(good + b" " * ((1 << 16) - len(good)))
    assert backup.read_manifest(tmp_path) == told(), "as long as a manifest may be"
    path.write_bytes(good + b" " * ((1 << 16) + 1 - len(good)))
    with pytest.raises(BackupDamaged):
        backup.read_manifest(tmp_path)


def test_every_file_of_a_backup_is_there_byte_for_byte(tmp_path: Path) -> None:
    data = {"records.db": b"data", "vault.keys.json": b"key"}
    for name, content in data.items():
        (tmp_path / name).write_bytes(content)
    files = {name: (len(c), hashlib.sha256(c).hexdigest()) for name, c in data.items()}
    backup.check_files(tmp_path, told(files=files))
    assert backup.digest(tmp_path / "records.db") == files["records.db"]
    (tmp_path / "records.db").write_bytes(b"Data")
    with pytest.raises(BackupDamaged):
        backup.check_files(tmp_path, told(files=files))
    (tmp_path / "records.db").unlink()
    with pytest.raises(BackupDamaged):
        backup.check_files(tmp_path, told(files=files))
    (tmp_path / "else").write_bytes(b"data")
    (tmp_path / "records.db").symlink_to(tmp_path / "else")
    with pytest.raises(BackupDamaged):
        backup.check_files(tmp_path, told(files=files))


def test_seven_days_five_weeks_twelve_months_and_ten_by_hand_are_kept() -> None:
    """A backup a day for two years: the newest of each span."""
    names = [backup.name_of(AT - timedelta(days=day), "daily") for day in range(730)]
    names += [backup.name_of(AT - timedelta(days=day, hours=2), "exit") for day in range(730)]
    gone = backup.outdated(names, None)
    kept = sorted(set(names) - gone, reverse=True)
    assert all(name.endswith("-daily") for name in kept), "the newest of its day"
    exits = [backup.name_of(AT - timedelta(days=day), "exit") for day in range(9)]
    assert backup.outdated(reversed(exits), None) == {exits[7], exits[8]}, "4 days ago was a Sunday"
    days = [(AT - told_at[0]).days for name in kept if (told_at := backup.told_by(name))]
    week, sundays, month_ends = [0, 1, 2, 3, 4, 5, 6], [4, 11, 18, 25], [0, 12, 43, 73, 104, 135]
    month_ends += [165, 196, 226, 257, 285, 316]
    assert days == sorted({*week, *sundays, *month_ends})
    months = {backup.told_by(name)[0].strftime("%Y%m") for name in kept}  # type: ignore[index]  # all are ours
    assert len(months) == 12
    by_hand = [backup.name_of(AT - timedelta(hours=h), "hand") for h in range(8)]
    by_hand += [backup.name_of(AT - timedelta(hours=h), "before") for h in range(8, 16)]
    assert backup.outdated(by_hand, None) == frozenset(by_hand[10:])
    assert backup.outdated([*by_hand, "photos"], by_hand[15]) == frozenset(by_hand[10:15])
    assert backup.outdated([], "x") == frozenset()


# --- one set of files for another ---------------------------------------------------------------


def test_a_plan_is_carried_out_from_any_step(tmp_path: Path) -> None:
    work = tmp_path / replacing.WORK
    work.mkdir()
    (work / "records.db").write_text("new")
    (work / "keys").write_text("new")
    (tmp_path / "records.db").write_text("old")
    (tmp_path / "keys").write_text("old")
    plan = {"aside": [["records.db", "records.old"], ["keys", "keys.old"], ["no", "no.old"]],
            "new": ["records.db", "keys", "never"]}  # fmt: skip
    (tmp_path / replacing.PLAN).write_text(json.dumps(plan))
    assert replacing.finish(tmp_path)
    assert sorted((one.name, one.read_text()) for one in tmp_path.iterdir()) == [
        ("keys", "new"), ("keys.old", "old"), ("records.db", "new"), ("records.old", "old"),
    ]  # fmt: skip
    assert not replacing.finish(tmp_path)


def test_a_step_that_was_done_is_not_done_again(tmp_path: Path) -> None:
    work = tmp_path / replacing.WORK
    work.mkdir()
    (tmp_path / "records.old").write_text("old")
    (tmp_path / "records.db").write_text("new")
    plan = {"aside": [["records.db", "records.old"]], "new": ["records.db"]}
    (tmp_path / replacing.PLAN).write_text(json.dumps(plan))
    assert replacing.finish(tmp_path)
    assert (tmp_path / "records.old").read_text() == "old"
    assert (tmp_path / "records.db").read_text() == "new"


def test_a_plan_of_which_everything_was_done_is_ended(tmp_path: Path) -> None:
    (tmp_path / "records.db").write_text("new")
    (tmp_path / replacing.PLAN).write_text('{"aside": [], "new": ["records.db"]}')
    assert replacing.finish(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["records.db"]


@pytest.mark.parametrize(("first", "open_elsewhere"), [(127, False), (128, True), (129, False)])
def test_records_that_another_program_has_open(
    tmp_path: Path, first: int, open_elsewhere: bool
) -> None:
    """SQLite's own byte tells, and no other: those beside it say who reads and who writes."""
    database, beside = tmp_path / "records.db", tmp_path / "records.db-shm"
    replacing.require_closed(database)
    beside.write_bytes(bytes(1024))
    holds = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c",
         "import fcntl,sys;f=open(sys.argv[1],'r+b');"
         "fcntl.lockf(f,fcntl.LOCK_SH,1,int(sys.argv[2]));print('held',flush=True);"
         "sys.stdin.read()", str(beside), str(first)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holds.stdout is not None
    assert holds.stdout.readline() == b"held\n"
    try:
        if open_elsewhere:
            with pytest.raises(StillOpen):
                replacing.require_closed(database)
        else:
            replacing.require_closed(database)
    finally:
        holds.communicate()
    replacing.require_closed(database)
    assert beside.read_bytes() == bytes(1024)


def test_what_was_begun_and_never_planned_is_swept(tmp_path: Path) -> None:
    (tmp_path / replacing.WORK).mkdir()
    (tmp_path / replacing.WORK / "records.db").write_text("half")
    assert not replacing.finish(tmp_path)
    assert list(tmp_path.iterdir()) == []


# --- a PIN, a password --------------------------------------------------------------------------


@pytest.mark.parametrize("good", ["280417", "112233", "135790", "2" * 31 + "1", "098761", "246802"])
def test_digits_that_will_do(good: str) -> None:
    pin.require_pin(good)


@pytest.mark.parametrize(
    "bad", ["", "28041", "28041a", "٢٨٠٤١٧", "000000", "123456", "654321", "789012", "3" * 33,
            "1" + "2" * 32],
)  # fmt: skip
def test_digits_that_everybody_tries_first(bad: str) -> None:
    with pytest.raises(BadPin):
        pin.require_pin(bad)


def test_a_passphrase_has_as_many_words_as_are_asked_for() -> None:
    words = passwords.passphrase_list()
    for count in (1, 5, 7):
        offered = passwords.offer_passphrase(count).split("-")
        assert len(offered) == count
        assert set(offered) <= set(words)
    assert len(passwords.offer_passphrase().split("-")) == 5
    assert passwords.passphrase_bits(2) == 2 * passwords.passphrase_bits(1)
    assert passwords.passphrase_bits() == 5 * passwords.passphrase_bits(1)


def test_the_bounds_of_a_passwords_length() -> None:
    long = "lamp river copper sky violet maple "
    assert passwords.password_problems("qxz7vkw2mpd") == (
        "The password has 11 characters; it needs at least 12.",
    )
    assert passwords.password_problems("qxz7vkw2mpd9") == ()
    assert passwords.password_problems((long * 40)[:1024]) == ()
    assert passwords.password_problems((long * 40)[:1025]) == (
        "The password is longer than 1024 characters.",
    )
