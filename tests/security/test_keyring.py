"""The keyring of this computer: every way it can behave, and the password that always works."""

from __future__ import annotations

import threading

import pytest
from keyring.backends import SecretService, kwallet, macOS
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError

from bt_desktop.security import device
from bt_desktop.security.audit import Head
from bt_desktop.security.device import (
    Answer,
    DeviceMemory,
    KeyringOutcome,
    OsKeyring,
    native_backend,
    qualified_name,
)

HEAD = Head(41, "ab" * 32)


class Backend:
    """Behaves as a system's keyring does; which one, and how, the test says."""

    def __init__(self, problem=None):
        self.kept = {}
        self.problem = problem
        self.asked = 0

    def _do(self):
        self.asked += 1
        if self.problem is not None:
            raise self.problem

    def get_password(self, service, account):
        self._do()
        return self.kept.get((service, account))

    def set_password(self, service, account, value):
        self._do()
        self.kept[service, account] = value

    def delete_password(self, service, account):
        self._do()
        del self.kept[service, account]


def native(kind=Backend, **how):
    """A pretended backend that goes by the name of a native one."""
    named = type("Keyring", (kind,), {"__module__": "keyring.backends.SecretService"})
    return named(**how)


def memory(backend, **how):
    return DeviceMemory(OsKeyring(lambda: backend, **how), "v" * 36, "u" * 36)


def test_what_is_remembered_is_recalled():
    backend = native()
    mine = memory(backend)
    assert mine.recall().outcome is KeyringOutcome.NOTHING_STORED
    assert mine.remember(HEAD, 3) is KeyringOutcome.FOUND
    kept = mine.recall()
    assert (kept.head, kept.edition, len(kept.secret)) == (HEAD, 3, 32)
    assert mine.remember(Head(42, "cd" * 32), 4) is KeyringOutcome.FOUND
    assert mine.recall().secret == kept.secret
    assert mine.recall().head.seq == 42
    assert list(backend.kept) == [(f"bt_desktop/{'v' * 36}/{'u' * 36}", "bt_desktop")]


def test_it_fits_into_the_smallest_keyring():
    backend = native()
    memory(backend).remember(Head(10**15, "ab" * 32), 10**9)
    assert max(map(len, backend.kept.values())) < device.LONGEST // 4


def test_forgetting():
    mine = memory(native())
    mine.remember(HEAD, 1)
    assert mine.forget() is KeyringOutcome.NOTHING_STORED
    assert mine.forget() is KeyringOutcome.NOTHING_STORED
    assert mine.recall().outcome is KeyringOutcome.NOTHING_STORED


class Null(Backend):
    """Takes everything and keeps nothing."""

    def set_password(self, service, account, value):
        self._do()


class Other(Backend):
    """Gives back something else."""

    def get_password(self, service, account):
        value = super().get_password(service, account)
        return None if value is None else value[::-1]


@pytest.mark.parametrize("kind", [Null, Other])
def test_a_keyring_that_loses_what_it_is_given_counts_as_none(kind):
    assert memory(native(kind)).remember(HEAD, 1) is KeyringOutcome.NO_KEYRING_HERE


@pytest.mark.parametrize(
    ("problem", "outcome"),
    [
        (NoKeyringError(), KeyringOutcome.NO_KEYRING_HERE),
        (KeyringLocked(), KeyringOutcome.LOCKED_OR_REFUSED),
        (InitError(), KeyringOutcome.LOCKED_OR_REFUSED),
        (PasswordSetError(), KeyringOutcome.LOCKED_OR_REFUSED),
        (OSError(1783, "The stub received bad data"), KeyringOutcome.LOCKED_OR_REFUSED),
        (RuntimeError("D-Bus went away"), KeyringOutcome.LOCKED_OR_REFUSED),
    ],
)
def test_each_way_of_failing_has_its_outcome(problem, outcome):
    mine = memory(native(problem=problem))
    assert mine.recall().outcome is outcome
    assert mine.remember(HEAD, 1) is outcome
    assert mine.forget() is outcome
    assert not outcome.usable
    assert "password works" in outcome.value


def test_a_prompt_that_was_dismissed_is_not_shown_again():
    backend = native(problem=KeyringLocked())
    mine = memory(backend)
    for _ in range(5):
        mine.recall()
    assert backend.asked == 1


class Hanging(Backend):
    let_go = threading.Event()

    def get_password(self, service, account):
        self.asked += 1
        self.let_go.wait(30)


def test_a_keyring_that_hangs_is_given_up():
    backend = native(Hanging)
    mine = memory(backend, timeout_s=0.02)
    assert mine.recall().outcome is KeyringOutcome.TIMED_OUT
    assert mine.remember(HEAD, 1) is KeyringOutcome.TIMED_OUT
    assert backend.asked == 1
    backend.let_go.set()


@pytest.mark.parametrize(
    "value",
    ["", "{}", "[]", "null", "x", '{"secret":"!","seq":1,"hash":"a","edition":1}', '{"secret":1}'],
)
def test_a_damaged_item_counts_as_nothing_stored(value):
    backend = native()
    mine = memory(backend)
    backend.kept[device.service_name("v" * 36, "u" * 36), "bt_desktop"] = value
    assert mine.recall().outcome is KeyringOutcome.NOTHING_STORED
    assert mine.remember(HEAD, 1) is KeyringOutcome.FOUND


def test_only_native_keyrings_are_trusted():
    class Plaintext:
        pass

    class Chain:
        backends = (Plaintext(), native())

    assert native_backend(Plaintext()) is None
    assert native_backend(Chain()) is Chain.backends[1]
    assert native_backend(Chain.backends[1]) is Chain.backends[1]
    assert memory(Plaintext()).recall().outcome is KeyringOutcome.NO_KEYRING_HERE
    assert OsKeyring(Plaintext).name() == ""
    assert OsKeyring(native).name() == "Secret Service"


def test_windows_keeps_it_on_this_computer():
    windows = type("WinVaultKeyring", (), {"__module__": "keyring.backends.Windows"})()
    assert native_backend(windows).persist == "local machine"


def test_the_native_names_are_the_librarys():
    for kind in (SecretService.Keyring, kwallet.DBusKeyring, macOS.Keyring):
        assert qualified_name(object.__new__(kind)) in device.NATIVE


def test_too_long_for_windows_is_a_bug():
    with pytest.raises(ValueError, match="too long"):
        OsKeyring(native).set("x", "a" * 1281)


def test_the_libraries_own_empty_backends_are_absent(monkeypatch):
    from keyring.backends import fail, null

    for backend in (fail.Keyring(), null.Keyring()):
        assert memory(backend).remember(HEAD, 1) is KeyringOutcome.NO_KEYRING_HERE


def test_this_computer_is_asked_through_the_library(monkeypatch):
    import keyring

    backend = native()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    assert DeviceMemory(OsKeyring(), "v", "u").remember(HEAD, 1) is KeyringOutcome.FOUND


def test_outcomes_have_sentences_of_their_own():
    assert len({outcome.value for outcome in KeyringOutcome}) == len(KeyringOutcome)
    assert Answer(KeyringOutcome.FOUND).value is None


@pytest.mark.parametrize("outcome", list(KeyringOutcome))
def test_the_password_works_whatever_the_keyring_does(school, outcome):
    class Fixed:
        def name(self):
            return ""

        def get(self, service):
            return Answer(outcome)

        def set(self, service, value):
            return Answer(outcome)

        def delete(self, service):
            return Answer(outcome)

    keys = school.admin()
    mine = DeviceMemory(Fixed(), keys.vault_id, keys.user_id)
    assert mine.recall().head is None
    assert mine.remember(HEAD, keys.edition) is outcome
    assert school.admin().user_id == keys.user_id
