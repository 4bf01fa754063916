"""What an early version wrote is read by this one, to the byte: keys, notes, lines, signatures.

`first_files.json` was written once and is never written again. A story that fails here means that
schools cannot open their own records any more.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bt_desktop.clock import SetClock
from bt_desktop.security import (
    accounts,
    anchors,
    backup,
    emergency,
    health_keys,
    recovery,
    signing,
    watermark,
)
from bt_desktop.security.audit import Head
from bt_desktop.security.health_keys import NotReadable, SubjectKey
from bt_desktop.security.kdf import KdfPolicy
from bt_desktop.security.keyfile import from_bytes, to_bytes
from bt_desktop.security.keys import Keys, hkdf, key_id
from bt_desktop.security.vault import unlock

KEPT: dict[str, Any] = json.loads(Path(__file__).with_name("first_files.json").read_text("utf-8"))
HEAD = Head(7, "ab" * 32)
DIGEST = bytes(range(32))
NOTE_ID = "0f0e0d0c-0b0a-4a08-8706-050403020100"
SUBJECT = "student:7"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "vault"
    place.mkdir(mode=0o700)
    for name, key in (
        ("vault.keys.json", "key_file"),
        ("anchors.log", "anchors"),
        ("records.mark", "mark"),
        ("emergency.pub.json", "emergency_key"),
        ("backup.json", "manifest"),
    ):
        (place / name).write_text(KEPT[key], "utf-8")
    (place / "emergency-notes").mkdir()
    (place / "emergency-notes" / f"{NOTE_ID}.note").write_text(KEPT["note"], "utf-8")
    return place


@pytest.fixture
def rosa(folder: Path, clock: SetClock, quick: KdfPolicy) -> Keys:
    return unlock(folder, KEPT["admin"], "violet-harbor-tractor-91", clock, policy=quick)


def test_the_key_file_opens_with_the_password_of_then(rosa: Keys) -> None:
    assert rosa.database_key.hex() == KEPT["database_key"]
    assert (rosa.vault_id, rosa.user_id) == (KEPT["vault"], KEPT["admin"])
    assert rosa.sign_in_name == "Rosa Vance"
    assert (rosa.generation, rosa.edition) == (1, 2)
    assert (rosa.previous_key, rosa.failures, rosa.failed_sign_ins) == (None, 0, ())
    assert (rosa.repaired, rosa.by_pin) == (False, False)


def test_the_key_file_has_one_spelling() -> None:
    data = KEPT["key_file"].encode()
    assert to_bytes(from_bytes(data)) == data
    told = json.loads(data)
    assert set(told) == {"body", "format", "sum", "version"}
    assert (told["format"], told["version"]) == ("bt-desktop-keys", 1)


def test_the_printed_sheet_opens_it(folder: Path) -> None:
    opened = accounts.begin_recovery(folder, KEPT["recovery_key"])
    assert opened.database_key.hex() == KEPT["database_key"]
    assert opened.database_keys == (opened.database_key, None)
    assert opened.vault_id == KEPT["vault"]
    secret = recovery.read_recovery_key(KEPT["recovery_key"])
    assert recovery.written(secret) == KEPT["recovery_key"]


def test_sub_keys_stay_what_they_are(rosa: Keys) -> None:
    key = bytes.fromhex(KEPT["database_key"])
    assert rosa.sub_key(backup.PURPOSE).hex() == KEPT["backup_key"]
    assert backup.backup_key(rosa.database_key, rosa.vault_id).hex() == KEPT["backup_key"]
    assert hkdf(key, KEPT["vault"], "x") != hkdf(key, "0" * 36, "x")
    assert len(hkdf(key, KEPT["vault"], "x")) == 32


def test_lines_beside_the_database_are_ours(folder: Path, rosa: Keys) -> None:
    path = folder / anchors.FILE_NAME
    mac_key = rosa.sub_key(anchors.MAC_PURPOSE)
    seen = anchors.read(path, mac_key)
    assert (len(seen.known), seen.odd, seen.verified) == (2, 0, HEAD)
    assert {(one.head, one.edition, one.source) for one in seen.known} == {(HEAD, 3, "file")}
    assert {one.at for one in seen.known} == {datetime(2026, 11, 12, 16, tzinfo=UTC)}
    path.unlink()
    for verified in (False, True):
        anchors.note(path, HEAD, 3, seen.known[0].at, mac_key, verified=verified)  # type: ignore[arg-type]
    assert path.read_text() == KEPT["anchors"]


def test_the_mark_beside_the_database_is_ours(folder: Path, rosa: Keys) -> None:
    mark = watermark.watch(folder, rosa)
    assert mark.read() == watermark.Mark(5, HEAD)
    (folder / watermark.FILE_NAME).unlink()
    mark.note(watermark.Mark(5, HEAD), rosa.sub_key(watermark.MAC_PURPOSE))
    assert (folder / watermark.FILE_NAME).read_text() == KEPT["mark"]


def test_a_note_of_the_locked_screen_is_taken_in(folder: Path, rosa: Keys) -> None:
    assert emergency.can_leave(folder)
    assert emergency.publish(folder, rosa) == "same"
    (path,) = emergency.waiting(folder)
    assert emergency.opened(path, rosa) == (NOTE_ID, b"a dose was given")


def test_a_backup_says_of_itself_what_it_said(folder: Path, rosa: Keys) -> None:
    told = backup.read_manifest(folder)
    assert told == backup.Manifest(
        KEPT["vault"], datetime(2026, 11, 12, 16, 0, tzinfo=UTC), "daily", "0.5.0", "0042", HEAD,
        {"audit": 7, "records": 2},
        {"records.db": (4096, "cd" * 32), "vault.keys.json": (1300, "ef" * 32)},
        KEPT["admin"], bytes.fromhex(KEPT["signing_public"]),
    )  # fmt: skip
    assert backup.written(told, rosa.signing).decode() == KEPT["manifest"]


def test_signatures_hold_for_what_they_were_made_for(rosa: Keys) -> None:
    public = bytes.fromhex(KEPT["signing_public"])
    revision = bytes.fromhex(KEPT["signature"])
    health = bytes.fromhex(KEPT["health_signature"])
    assert signing.verify_digest(public, DIGEST, revision)
    assert signing.verify(public, signing.HEALTH, DIGEST, health)
    assert not signing.verify(public, signing.AUDIT, DIGEST, health)
    assert signing.sign_digest(rosa.signing, DIGEST) == revision
    assert key_id(public) == rosa.key_id == key_id(rosa.signing.public_key())
    assert len(rosa.key_id) == 16


def test_what_the_health_office_sealed_opens_for_its_holder() -> None:
    own = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    grant = bytes.fromhex(KEPT["health_grant"])
    key = health_keys.taken_up(grant, own, KEPT["vault"], SUBJECT, "nurse-1")
    assert key.private.private_bytes_raw() == DIGEST
    assert (key.vault_id, key.subject) == (KEPT["vault"], SUBJECT)
    cipher = key.cipher()
    sealed, boxed = (bytes.fromhex(KEPT[name]) for name in ("health_sealed", "health_boxed"))
    assert cipher.open(sealed, "dose:1") == b"5 mg"
    assert cipher.open(boxed, "dose:2", boxed=True) == b"10 mg"
    for asked in (
        lambda: cipher.open(sealed, "dose:2"),
        lambda: cipher.open(boxed, "dose:1", boxed=True),
        lambda: cipher.open(sealed, "dose:1", boxed=True),
        lambda: cipher.open(boxed, "dose:2"),
        lambda: cipher.open(b"", "dose:1"),
        lambda: cipher.open(b"", "dose:1", boxed=True),
        lambda: health_keys.taken_up(grant, own, KEPT["vault"], SUBJECT, "nurse-2"),
        lambda: health_keys.taken_up(grant, own, KEPT["vault"], "student:8", "nurse-1"),
        lambda: health_keys.taken_up(grant, own, "0" * 36, SUBJECT, "nurse-1"),
        lambda: health_keys.taken_up(b"", own, KEPT["vault"], SUBJECT, "nurse-1"),
    ):
        with pytest.raises(NotReadable):
            asked()


def test_what_one_holder_seals_another_opens() -> None:
    own = X25519PrivateKey.generate()
    made = SubjectKey.new(KEPT["vault"], SUBJECT)
    assert made.public == made.private.public_key().public_bytes_raw()
    assert SubjectKey.new(KEPT["vault"], SUBJECT).public != made.public
    grant = made.granted_to("nurse-2", own.public_key().public_bytes_raw())
    theirs = health_keys.taken_up(grant, own, KEPT["vault"], SUBJECT, "nurse-2")
    first, second = (made.cipher().seal(b"5 mg", "dose:3") for _ in range(2))
    assert first[:12] != second[:12], "no nonce twice"
    assert theirs.cipher().open(first, "dose:3") == b"5 mg"
    put_in = health_keys.boxed(b"x", KEPT["vault"], SUBJECT, made.public, "dose:4")
    assert theirs.cipher().open(put_in, "dose:4", boxed=True) == b"x"
    assert "private" not in repr(made)
    assert repr(made.cipher()) == "SubjectCipher()"
