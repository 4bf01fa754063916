"""The key file at the edges: what each number and text may be, what its HMAC covers, its copies."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bt_desktop.errors import StorageTrouble
from bt_desktop.security import keyfile
from bt_desktop.security.canonical import canonical
from bt_desktop.security.kdf import KdfParams
from bt_desktop.security.keyfile import (
    KeyFile,
    KeyFileStore,
    Malformed,
    RecoverySlot,
    Slot,
    from_bytes,
    to_bytes,
)
from bt_desktop.security.problems import KeyFileMissing
from bt_desktop.security.throttle import Attempts

VAULT = "0f0e0d0c-0b0a-4a08-8706-050403020100"
ROSA, DEVIN, NOBODY = (f"{n}f0e0d0c-0b0a-4a08-8706-050403020100" for n in (1, 2, 3))
KEY = b"k" * 32
TRIES = Attempts(
    count=3, last=9, former=8, run="ab" * 16, ticks=7, unreported=2, first_unreported=6
)


def account(user_id: str, name: str) -> Slot:
    return Slot(
        user_id, name, False, KdfParams(64, 2, 1), salt=b"s" * 16, nonce=b"n" * 12,
        bundle=b"b" * 80, sealing_public=b"x" * 32, signing_public=b"e" * 32,
        sealed={1: b"1" * 80, 999_999_999: b"9" * 80},
    )  # fmt: skip


FILE = KeyFile(
    VAULT, "Alder Creek", RecoverySlot(b"r" * 32, {1: b"q" * 80}, made=5),
    (account(ROSA, "Rosa"), replace(account(DEVIN, "Devin"), disabled=True, sealed={})),
    generation=4, edition=12, state="rotating", finished=True, mac=b"m" * 32,
    attempts={ROSA: TRIES, DEVIN: Attempts(count=1)}, last_user=DEVIN,
)  # fmt: skip

SEALS = {"1": "MTEx" * 26 + "MTE=", "999999999": "OTk5" * 26 + "OTk="}


def test_it_is_spelled_as_it_is_documented() -> None:
    told = json.loads(to_bytes(FILE))
    envelope = {"format": "bt-desktop-keys", "version": 1, "body": told["body"]}
    summed = hashlib.sha256(canonical(envelope)).hexdigest()
    assert to_bytes(FILE) == canonical({**envelope, "sum": summed})
    body = told["body"]
    rosa, devin = body.pop("users")
    assert rosa == {
        "id": ROSA, "name": "Rosa", "disabled": False, "kdf": {"m": 64, "t": 2, "p": 1},
        "salt": "c3Nz" * 5 + "cw==", "nonce": "bm5u" * 4, "bundle": "YmJi" * 26 + "YmI=",
        "x25519": "eHh4" * 10 + "eHg=", "ed25519": "ZWVl" * 10 + "ZWU=", "sealed": SEALS,
    }  # fmt: skip
    assert devin == {**rosa, "id": DEVIN, "name": "Devin", "disabled": True, "sealed": {}}
    none = {"last": 0, "former": 0, "run": "", "ticks": 0, "unreported": 0, "first": 0}
    assert body == {
        "vault": VAULT, "school": "Alder Creek", "generation": 4, "edition": 12,
        "state": "rotating", "finished": True, "mac": "bW1t" * 10 + "bW0=",
        "recovery": {"x25519": "cnJy" * 10 + "cnI=", "made": 5,
                     "sealed": {"1": "cXFx" * 26 + "cXE="}},
        "door": {"last_user": DEVIN, "attempts": {
            ROSA: {"count": 3, "last": 9, "former": 8, "run": "ab" * 16, "ticks": 7,
                   "unreported": 2, "first": 6},
            DEVIN: {**none, "count": 1}}},
    }  # fmt: skip
    assert from_bytes(to_bytes(FILE)) == FILE
    plain = KeyFile(VAULT, "A", FILE.recovery, FILE.users[:1])
    assert from_bytes(to_bytes(plain)) == plain
    assert (plain.state, plain.finished, plain.last_user) == ("stable", False, "")


def test_a_sum_that_is_missing_or_in_capitals_is_damage() -> None:
    data = to_bytes(FILE)
    told = json.loads(data)
    for other in (
        data.replace(b'"sum"', b'"SUM"'),
        canonical({key: value for key, value in told.items() if key != "sum"}),
        canonical({**told, "sum": told["sum"].upper()}),
        data + b" ",
    ):
        with pytest.raises(Malformed):
            from_bytes(other)


def changed(how: Callable[[dict[str, Any]], object]) -> KeyFile:
    """The file with its body changed, and its checksum made anew."""
    envelope = json.loads(to_bytes(FILE))
    del envelope["sum"]
    how(envelope["body"])
    return from_bytes(
        canonical({**envelope, "sum": hashlib.sha256(canonical(envelope)).hexdigest()})
    )


def user(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda body: body["users"][0].update(values)


def tries(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda body: body["door"]["attempts"][ROSA].update(values)


def door(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda body: body["door"].update(values)


def whole(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda body: body.update(values)


def crowd(many: int) -> Callable[[dict[str, Any]], object]:
    def come(body: dict[str, Any]) -> None:
        one = {**body["users"][1], "nonce": "bm5u" * 4}
        body["users"] = [
            {**one, "id": f"00000000-0000-4000-8000-{n:012}"} for n in range(many)
        ]  # fmt: skip

    return come


@pytest.mark.parametrize(
    "how",
    [
        user(name="a" * 120), user(sealed={}), user(sealed={"0": SEALS["1"]}),
        whole(school="a" * 120), whole(school="a"), whole(generation=1), whole(edition=1),
        whole(state="stable"), whole(finished=False),
        tries(run="a" * 32), tries(count=0, last=0, former=0, ticks=0, unreported=0, first=0),
        door(last_user="a" * 36), door(last_user=""), door(attempts={}), crowd(1), crowd(500),
        lambda body: body["recovery"].update(made=0, sealed={}),
    ],
    ids=range(17),
)  # fmt: skip
def test_as_far_as_it_may_go(how: Callable[[dict[str, Any]], object]) -> None:
    assert changed(how) != FILE


@pytest.mark.parametrize(
    "how",
    [
        user(name="a" * 121), user(sealed={"1000000000": SEALS["1"]}),
        user(sealed={"-1": SEALS["1"]}), user(salt="c3Nz" * 6), user(salt="c3Nz" * 5),
        user(x25519="eHh4" * 11), user(ed25519="eHh4" * 11), user(salt="c3Nz" * 5 + "cw==\n"),
        user(salt="*c3Nz" * 5 + "cw=="), user(salt=7), user(disabled=None), user(name=None),
        user(id=None), whole(school="a" * 121), whole(school=" a"), whole(generation=0),
        whole(edition=0), whole(generation=None), whole(state=None), whole(state="STABLE"),
        whole(state="rotating "), whole(finished=None), whole(users=None), whole(mac="bW1t" * 11),
        whole(vault=None), whole(door=None), tries(run="a" * 33), tries(last=-1), tries(former=-1),
        tries(ticks=-1), tries(unreported=-1), tries(first=-1), door(last_user="a" * 37),
        door(last_user=None), crowd(0), crowd(501),
        lambda body: body["recovery"].update(made=-1),
        lambda body: body["recovery"].update(x25519="cnJy" * 11),
        *(lambda body, key=key: body.pop(key) for key in
          ("vault", "school", "generation", "state", "finished", "mac", "users", "door")),
        *(lambda body, key=key: body["users"][0].pop(key) for key in
          ("id", "disabled", "salt", "sealed")),
        lambda body: body.pop("recovery"),
    ],
    ids=range(51),
)  # fmt: skip
def test_one_step_too_far(how: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(Malformed):
        changed(how)


# --- changing it --------------------------------------------------------------------------------


def test_accounts_are_found_replaced_and_added() -> None:
    rosa, devin = FILE.users
    assert (FILE.slot(DEVIN), FILE.slot(NOBODY)) == (devin, None)
    renamed, nia = replace(rosa, name="Rosa V."), account(NOBODY, "Nia")
    assert FILE.with_slot(renamed) == replace(FILE, users=(renamed, devin))
    assert FILE.with_slot(nia) == replace(FILE, users=(rosa, devin, nia))


def test_counters_are_found_changed_and_forgotten() -> None:
    assert (FILE.tries(ROSA), FILE.tries(NOBODY)) == (TRIES, Attempts())
    more, devins = Attempts(count=4), FILE.attempts[DEVIN]
    assert FILE.with_tries(ROSA, more) == replace(FILE, attempts={ROSA: more, DEVIN: devins})
    assert FILE.with_tries(ROSA, Attempts()) == replace(FILE, attempts={DEVIN: devins})


def test_the_mac_covers_everything_but_itself_and_the_door() -> None:
    body = json.loads(to_bytes(FILE))["body"]
    del body["mac"], body["door"]
    expected = hmac.new(KEY, b"bt-keys-mac-v1\0" + canonical(body), "sha256").digest()
    assert FILE.expected_mac(KEY) == expected
    sealed = FILE.sealed_again(KEY)
    assert sealed == replace(FILE, edition=13, mac=sealed.mac)
    assert (sealed.mac_holds(KEY), sealed.mac_holds(b"o" * 32), FILE.mac_holds(KEY)) == (
        True, False, False,
    )  # fmt: skip
    for door_only in (replace(sealed, attempts={}), replace(sealed, last_user=ROSA)):
        assert door_only.mac_holds(KEY)
    for more in (replace(sealed, edition=14), replace(sealed, school_name="Birch")):
        assert not more.mac_holds(KEY)


# --- the two copies -----------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> KeyFileStore:
    store = KeyFileStore(tmp_path)
    assert not store.is_there()
    store.save(FILE)
    return store


def test_either_copy_is_a_key_file_and_looking_changes_nothing(store: KeyFileStore) -> None:
    names = {keyfile.FILE_NAME, "vault.keys.json.bkup"}
    assert (store.load(), store.peek(), store.second()) == (FILE, FILE, FILE)
    assert set(os.listdir(store.folder)) == names
    for path in (store.path, store.copy):
        held = path.read_bytes()
        path.unlink()
        assert store.is_there()
        assert store.peek() == FILE
        assert set(os.listdir(store.folder)) == names - {path.name}
        path.write_bytes(held)
    for path in (store.path, store.copy):
        path.unlink()
    assert not store.is_there()
    with pytest.raises(KeyFileMissing):
        store.peek()


def test_the_copy_may_be_given_and_parts_of_both_are_swept(store: KeyFileStore) -> None:
    parts = [store.folder / f".{path.name}.0.part" for path in (store.path, store.copy)]
    for part in parts:
        part.write_bytes(b"half")
    other = replace(FILE, school_name="Birch")
    store.save(other, FILE)
    assert (store.peek(), store.second()) == (other, FILE)
    assert not any(part.exists() for part in parts)


def test_a_change_reaches_both_copies_and_tells_what_it_made(store: KeyFileStore) -> None:
    after = store.change(lambda file: replace(file, edition=13))
    assert after == replace(FILE, edition=13)
    assert (store.peek(), store.second()) == (after, after)


def test_the_door_of_the_copy_changes_and_the_rest_of_it_stays(store: KeyFileStore) -> None:
    forged = replace(FILE, school_name="Forged", attempts={}, last_user="")
    store.path.write_bytes(to_bytes(forged))
    after = store.change_door(
        lambda file: replace(file.with_tries(ROSA, Attempts(count=1)), last_user=ROSA)
    )
    assert after == replace(forged, attempts={ROSA: Attempts(count=1)}, last_user=ROSA)
    assert store.peek() == after
    assert store.second() == replace(after, school_name=FILE.school_name)
    store.copy.write_bytes(b"{")
    again = store.change_door(lambda file: replace(file, attempts={}))
    assert (store.peek(), store.second()) == (again, again)


def test_a_file_that_is_gone_at_once_after_it_was_written_is_trouble(
    store: KeyFileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(path: Path, data: bytes) -> None:
        path.unlink(missing_ok=True)

    monkeypatch.setattr(keyfile, "write_atomically", lost)
    with pytest.raises(StorageTrouble):
        store.save(FILE)
    assert store.second() == FILE
