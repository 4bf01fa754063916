"""What this computer remembers in its own keyring: a device secret and the last audit head.

The keyring is never the only way in. It may be absent, locked, refuse, hang or silently lose
what it is given; each is an outcome with a sentence of its own, and the password still works.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, TypeVar

from bt_desktop.security.audit import Head

ACCOUNT = "bt_desktop"
SECRET_BYTES = 32
TIMEOUT_S = 30.0  # long enough for a person to answer the system's own prompt
LONGEST = 1280  # Windows keeps 2,560 bytes as UTF-16
_MOST_RESTORES = 20  # 20 characters each

NATIVE = {
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
}
"""The only backends trusted; anything else may be plain text or nothing at all."""


class KeyringOutcome(Enum):
    """How asking the keyring went; the value is the sentence people see."""

    FOUND = "This computer is known."
    NOTHING_STORED = "This computer has not been used for this account before."
    NO_KEYRING_HERE = "This computer has no keyring. Signing in with the password works as usual."
    LOCKED_OR_REFUSED = (
        "This computer's keyring is locked or refused. Signing in with the password works as usual."
    )
    TIMED_OUT = (
        "This computer's keyring did not answer. Signing in with the password works as usual."
    )

    @property
    def usable(self) -> bool:
        """Did the keyring do its work?"""
        return self in (KeyringOutcome.FOUND, KeyringOutcome.NOTHING_STORED)


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome, and what was found."""

    outcome: KeyringOutcome
    value: str | None = None


class KeyStore(Protocol):
    """A keyring as this program uses one. No method raises."""

    def name(self) -> str:
        """Which keyring it is, for people; empty where there is none."""
        ...

    def get(self, service: str) -> Answer:
        """What is kept under that service name."""
        ...

    def set(self, service: str, value: str) -> Answer:
        """Keep `value`; FOUND only when it was read back the same."""
        ...

    def delete(self, service: str) -> Answer:
        """Forget it; NOTHING_STORED when it is gone."""
        ...


_T = TypeVar("_T")


class _TookTooLong(Exception):
    pass


def in_time(work: Callable[[], _T], seconds: float) -> _T:
    """The result of `work`, done in a thread of its own; raises _TookTooLong after `seconds`.

    A thread that hangs cannot be ended; being a daemon it does not keep the program from closing.
    """
    result: list[_T] = []
    problem: list[Exception] = []

    def run() -> None:
        try:
            result.append(work())
        except Exception as raised:  # handed to the caller below, whatever it is
            problem.append(raised)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise _TookTooLong
    if problem:
        raise problem[0]
    return result[0]


def qualified_name(backend: object) -> str:
    """Module and class of a keyring backend."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def native_backend(chosen: Any) -> Any | None:
    """`chosen` when it is one of the four native ones, or the first such in a chain; else None."""
    for backend in (chosen, *getattr(chosen, "backends", ())):
        if qualified_name(backend) in NATIVE:
            if "Windows" in qualified_name(backend):
                backend.persist = "local machine"  # else it may roam with the domain profile
            return backend
    return None


def _system_backend() -> Any:
    import keyring  # deferred: loads its backends and on Linux D-Bus

    return keyring.get_keyring()


class OsKeyring:
    """The operating system's keyring, asked away from the caller's thread and with a time limit.

    After it hung once, or its prompt was not answered, it is not asked again in this session.
    """

    def __init__(
        self,
        find_backend: Callable[[], Any] = _system_backend,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._find = find_backend
        self._timeout_s = timeout_s
        self._gave_up: KeyringOutcome | None = None

    def name(self) -> str:
        """Which keyring it is, for people; empty where there is none."""
        answer = self._ask(lambda backend: _found(NATIVE[qualified_name(backend)]))
        return answer.value or ""

    def get(self, service: str) -> Answer:
        """What is kept under that service name."""
        return self._ask(lambda backend: _found(backend.get_password(service, ACCOUNT)))

    def set(self, service: str, value: str) -> Answer:
        """Keep `value`; FOUND only when it was read back the same."""
        if len(value) > LONGEST:
            raise ValueError("too long for a keyring")

        def keep(backend: Any) -> Answer:
            backend.set_password(service, ACCOUNT, value)
            if backend.get_password(service, ACCOUNT) != value:
                return Answer(KeyringOutcome.NO_KEYRING_HERE)
            return Answer(KeyringOutcome.FOUND, value)

        return self._ask(keep)

    def delete(self, service: str) -> Answer:
        """Forget it; NOTHING_STORED when it is gone."""

        def forget(backend: Any) -> Answer:
            if backend.get_password(service, ACCOUNT) is not None:
                backend.delete_password(service, ACCOUNT)
            return _found(backend.get_password(service, ACCOUNT))

        return self._ask(forget)

    def _ask(self, what: Callable[[Any], Answer]) -> Answer:
        if self._gave_up is not None:
            return Answer(self._gave_up)

        def work() -> Answer:
            backend = native_backend(self._find())
            return Answer(KeyringOutcome.NO_KEYRING_HERE) if backend is None else what(backend)

        from keyring.errors import NoKeyringError  # deferred: as the keyring itself

        try:
            return in_time(work, self._timeout_s)
        except _TookTooLong:
            self._gave_up = KeyringOutcome.TIMED_OUT
        except NoKeyringError:
            return Answer(KeyringOutcome.NO_KEYRING_HERE)
        except Exception:
            # Backends raise whatever D-Bus, Windows or macOS raise; none of it may keep
            # anybody from signing in, and a prompt that was dismissed is not shown again.
            self._gave_up = KeyringOutcome.LOCKED_OR_REFUSED
        return Answer(self._gave_up)


def _found(value: str | None) -> Answer:
    if value is None:
        return Answer(KeyringOutcome.NOTHING_STORED)
    return Answer(KeyringOutcome.FOUND, value)


def service_name(vault_id: str, user_id: str) -> str:
    """The one item of that person in that vault."""
    return f"bt_desktop/{vault_id}/{user_id}"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What this computer remembers: a secret of its own, and the newest audit head it saw.

    `edition` is that of the key file then; `restores` the marks of the restores (`anchors`) that
    the trail told of. `outcome` says how asking went; without a usable keyring `secret` is empty
    and `head` None.
    """

    outcome: KeyringOutcome
    secret: bytes = b""
    head: Head | None = None
    edition: int = 0
    restores: tuple[str, ...] = ()


class DeviceMemory:
    """The item of one person in one vault in this computer's keyring."""

    def __init__(self, store: KeyStore, vault_id: str, user_id: str) -> None:
        self._store = store
        self._service = service_name(vault_id, user_id)

    def recall(self) -> Remembered:
        """What is remembered; a damaged item counts as nothing stored."""
        answer = self._store.get(self._service)
        if answer.value is None:
            return Remembered(answer.outcome)
        return _read(answer.value) or Remembered(KeyringOutcome.NOTHING_STORED)

    def remember(self, head: Head, edition: int, restores: Sequence[str] = ()) -> KeyringOutcome:
        """Keep the newest head (and the newest restores); makes the device secret when there is
        none yet.

        The item is replaced only when the keyring is usable. Call after a sign-in by password.
        """
        before = self.recall()
        if not before.outcome.usable:
            return before.outcome
        secret = before.secret or secrets.token_bytes(SECRET_BYTES)
        value = json.dumps(
            {
                "v": 1,
                "secret": base64.b64encode(secret).decode("ascii"),
                "seq": head.seq,
                "hash": head.hash,
                "edition": edition,
                "restores": list(restores[-_MOST_RESTORES:]),
            }
        )
        return self._store.set(self._service, value).outcome

    def forget(self) -> KeyringOutcome:
        """Remove the item (an account was closed, or this computer is given away)."""
        return self._store.delete(self._service).outcome


def _read(value: str) -> Remembered | None:
    try:
        kept = json.loads(value)
        secret = base64.b64decode(kept["secret"], validate=True)
        head = Head(int(kept["seq"]), str(kept["hash"]))
        edition = int(kept["edition"])
        restores = tuple(str(mark) for mark in kept.get("restores", ()))
    except (ValueError, KeyError, TypeError):
        return None
    return Remembered(KeyringOutcome.FOUND, secret, head, edition, restores)
