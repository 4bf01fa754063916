"""The item in this computer's keyring to the letter, and a keyring that is asked from aside."""

from __future__ import annotations

import base64
import json
import threading
from typing import Any

import pytest

from bt_desktop.security import device
from bt_desktop.security.audit import Head
from bt_desktop.security.device import (
    Answer,
    DeviceMemory,
    KeyringOutcome,
    OsKeyring,
    Remembered,
    qualified_name,
)

HEAD = Head(41, "ab" * 32)
SERVICE = "bt_desktop/vault/rosa"


class Backend:
    """A keyring in memory under the name of a native one; knows which thread asked it."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.deleted: list[tuple[str, str]] = []
        self.threads: list[threading.Thread] = []

    def get_password(self, service: str, account: str) -> str | None:
        self.threads.append(threading.current_thread())
        return self.kept.get((service, account))

    def set_password(self, service: str, account: str, value: str) -> None:
        self.kept[service, account] = value

    def delete_password(self, service: str, account: str) -> None:
        self.deleted.append((service, account))
        del self.kept[service, account]


Backend.__module__, Backend.__qualname__ = "keyring.backends.SecretService", "Keyring"


@pytest.fixture
def backend() -> Backend:
    return Backend()


@pytest.fixture
def mine(backend: Backend) -> DeviceMemory:
    return DeviceMemory(OsKeyring(lambda: backend), "vault", "rosa")


def item(backend: Backend) -> dict[str, Any]:
    [(place, value)] = backend.kept.items()
    assert place == (SERVICE, "bt_desktop")
    kept: dict[str, Any] = json.loads(value)
    return kept


def test_the_item_is_spelled_as_other_versions_read_it(
    backend: Backend, mine: DeviceMemory
) -> None:
    assert mine.remember(HEAD, 3, ["one", "two"]) is KeyringOutcome.FOUND
    kept = item(backend)
    secret = base64.b64decode(kept.pop("secret"), validate=True)
    assert len(secret) == 32
    told = {"v": 1, "seq": 41, "hash": HEAD.hash, "edition": 3, "restores": ["one", "two"]}
    assert kept == told
    known = Remembered(KeyringOutcome.FOUND, secret, HEAD, 3, ("one", "two"))
    assert mine.recall() == known


def test_only_the_newest_restores_are_kept(backend: Backend, mine: DeviceMemory) -> None:
    marks = [f"mark {number}" for number in range(21)]
    mine.remember(HEAD, 3, marks[:20])
    assert item(backend)["restores"] == marks[:20]
    mine.remember(HEAD, 3, marks)
    assert item(backend)["restores"] == marks[1:]
    mine.remember(HEAD, 3)
    assert item(backend)["restores"] == []


def test_an_item_of_before_knows_of_no_restore(backend: Backend, mine: DeviceMemory) -> None:
    mine.remember(HEAD, 3)
    older = item(backend)
    del older["restores"]
    backend.kept[SERVICE, "bt_desktop"] = json.dumps(older)
    assert mine.recall().restores == ()
    assert mine.recall().head == HEAD


@pytest.mark.parametrize("missing", ["secret", "seq", "hash", "edition"])
def test_an_item_that_is_not_whole_is_none(
    backend: Backend, mine: DeviceMemory, missing: str
) -> None:
    mine.remember(HEAD, 3)
    kept = item(backend)
    del kept[missing]
    backend.kept[SERVICE, "bt_desktop"] = json.dumps(kept)
    assert mine.recall() == Remembered(KeyringOutcome.NOTHING_STORED)


def test_a_secret_with_odd_letters_is_none(backend: Backend, mine: DeviceMemory) -> None:
    mine.remember(HEAD, 3)
    kept = item(backend)
    kept["secret"] = "!" + kept["secret"]
    backend.kept[SERVICE, "bt_desktop"] = json.dumps(kept)
    assert mine.recall() == Remembered(KeyringOutcome.NOTHING_STORED)


def test_the_keyring_is_asked_from_a_thread_that_keeps_nobody_waiting(
    backend: Backend, mine: DeviceMemory
) -> None:
    """A program that closes does not wait for it, and a crash report says what it was for."""
    mine.recall()
    [asked] = backend.threads
    assert asked is not threading.current_thread()
    assert (asked.daemon, asked.name) == (True, "keyring")


def test_a_forgotten_item_is_deleted_once(backend: Backend, mine: DeviceMemory) -> None:
    mine.remember(HEAD, 3)
    assert [mine.forget() for _ in range(2)] == [KeyringOutcome.NOTHING_STORED] * 2
    assert backend.deleted == [(SERVICE, "bt_desktop")]


def test_a_keyring_that_does_not_forget_says_so(backend: Backend, mine: DeviceMemory) -> None:
    mine.remember(HEAD, 3)
    backend.delete_password = lambda *_: None  # type: ignore[method-assign]  # a stubborn keyring
    assert mine.forget() is KeyringOutcome.FOUND
    assert OsKeyring(lambda: backend).delete(SERVICE).value == backend.kept[SERVICE, "bt_desktop"]


def test_what_was_kept_is_given_back(backend: Backend) -> None:
    keyring = OsKeyring(lambda: backend)
    assert keyring.get("a") == Answer(KeyringOutcome.NOTHING_STORED)
    assert keyring.set("a", "x" * device.LONGEST) == Answer(
        KeyringOutcome.FOUND, "x" * device.LONGEST
    )
    assert keyring.get("a") == Answer(KeyringOutcome.FOUND, "x" * device.LONGEST)
    assert keyring.get("b") == Answer(KeyringOutcome.NOTHING_STORED)
    assert keyring.name() == "Secret Service"


def test_what_the_thread_found_or_raised_is_its_askers() -> None:
    def raises() -> None:
        raise LookupError("asked")

    assert device.in_time(lambda: "done", 5.0) == "done"
    with pytest.raises(LookupError, match="asked"):
        device.in_time(raises, 5.0)


class Silent:
    """Does not answer until the story ends, as a prompt that nobody sees."""

    def __init__(self) -> None:
        self.asked, self.ends = 0, threading.Event()

    def get_password(self, service: str, account: str) -> None:
        self.asked += 1
        self.ends.wait(5)


Silent.__module__, Silent.__qualname__ = "keyring.backends.macOS", "Keyring"


def test_a_silent_keyring_is_given_up_for_this_session() -> None:
    silent = Silent()
    keyring = OsKeyring(lambda: silent, timeout_s=0.01)
    try:
        assert [keyring.get("a") for _ in range(2)] == [Answer(KeyringOutcome.TIMED_OUT)] * 2
        assert silent.asked == 1
    finally:
        silent.ends.set()


class Named:
    """A backend by another name, perhaps one that asks several."""

    def __init__(self, module: str, name: str, *backends: object) -> None:
        kind = type(name, (), {"__module__": module, "__qualname__": name})
        self.it = kind()
        if backends:
            self.it.backends = backends


@pytest.mark.parametrize(
    ("module", "name", "told"),
    [
        ("keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Manager"),
        ("keyring.backends.macOS", "Keyring", "macOS Keychain"),
        ("keyring.backends.SecretService", "Keyring", "Secret Service"),
        ("keyring.backends.kwallet", "DBusKeyring", "KWallet"),
        ("keyrings.alt.file", "PlaintextKeyring", ""),
        ("keyring.backends.SecretService", "Other", ""),
    ],
)
def test_each_native_keyring_has_its_name(module: str, name: str, told: str) -> None:
    one = Named(module, name).it
    assert qualified_name(one) == f"{module}.{name}"
    assert OsKeyring(lambda: one).name() == told
    chain = Named("keyring.backends.chainer", "ChainerBackend", object(), one).it
    assert OsKeyring(lambda: chain).name() == told
    assert getattr(one, "persist", None) == ("local machine" if "Windows" in module else None)
