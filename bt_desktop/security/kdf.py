"""From a password to a key: Argon2id, how strong, and how strong at least.

Anchors for the numbers: RFC 9106 (second choice t=3, p=4, 64 MiB) is the floor; the rest is
chosen on the computer where the password is set, so that signing in takes about half a second.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bt_desktop.clock import Clock, SystemClock
from bt_desktop.security.problems import NotEnoughMemory

SALT_BYTES = 16
KEY_BYTES = 32

# What a key file may ask of this computer at most: a hostile one must not hang or exhaust it.
MAX_MEMORY_KIB = 2 * 1024 * 1024
MAX_PASSES = 16
MAX_LANES = 16

_LADDER_MIB = (64, 128, 256, 512)
_SLOWEST_S = 1.0
_FASTEST_S = 0.25
_HOPELESS_S = 0.75  # twice the memory takes about twice as long: do not even try
_SHARE_OF_MEMORY = 8  # at most one eighth (12.5 %) of the computer's memory


@dataclass(frozen=True, slots=True)
class KdfParams:
    """Argon2id: memory in KiB, passes, lanes. Raises ValueError outside what we ever accept."""

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        if not 1 <= self.lanes <= MAX_LANES:
            raise ValueError("lanes out of bounds")
        if not 1 <= self.passes <= MAX_PASSES:
            raise ValueError("passes out of bounds")
        if not 8 * self.lanes <= self.memory_kib <= MAX_MEMORY_KIB:
            raise ValueError("memory out of bounds")

    def at_least(self, floor: KdfParams) -> bool:
        """True when no cost is below that of `floor`."""
        return (
            self.memory_kib >= floor.memory_kib
            and self.passes >= floor.passes
            and self.lanes >= floor.lanes
        )


FLOOR = KdfParams(64 * 1024, 3, 4)

Derive = Callable[[str, bytes, KdfParams], bytes]


def derive(password: str, salt: bytes, params: KdfParams) -> bytes:
    """The 32-byte key of `password` (normalised NFKC, so that every keyboard types the same).

    Raises NotEnoughMemory when the computer cannot give the memory or the threads asked for.
    """
    from argon2 import low_level  # deferred: not needed before the first password
    from argon2.exceptions import HashingError

    # surrogatepass: a lone surrogate from a broken keyboard driver is a wrong password, no crash
    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    try:
        return low_level.hash_secret_raw(
            secret,
            salt,
            time_cost=params.passes,
            memory_cost=params.memory_kib,
            parallelism=params.lanes,
            hash_len=KEY_BYTES,
            type=low_level.Type.ID,
        )
    except (HashingError, MemoryError) as problem:
        # The parameters were checked, so what is left is memory or threads that were not given.
        raise NotEnoughMemory from problem


def total_memory() -> int | None:
    """The computer's memory in bytes, or None where it cannot be told."""
    if sys.platform == "win32":  # pragma: no cover - Windows only
        return _windows_memory()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def _windows_memory() -> int | None:  # pragma: no cover - Windows only
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("rest", ctypes.c_ulonglong * 6),
        )

    status = Status()
    status.length = ctypes.sizeof(Status)
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - absent on the type-checking platform
    return int(status.total) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def calibrate(
    clock: Clock | None = None,
    *,
    memory: int | None = None,
    derive_with: Derive = derive,
) -> KdfParams:
    """The strongest parameters that stay within a second and an eighth of the memory here.

    Takes up to some seconds: never call it on the window's thread. `memory` is the computer's
    memory in bytes (asked from the system when left out). The floor is the least answer.
    """
    watch = clock or SystemClock()
    have = memory if memory is not None else total_memory()
    chosen = FLOOR
    for mib in _LADDER_MIB:
        trial = KdfParams(mib * 1024, FLOOR.passes, FLOOR.lanes)
        if have is not None and trial.memory_kib * 1024 * _SHARE_OF_MEMORY > have:
            break
        try:
            slowest = max(_time_once(watch, trial, derive_with) for _ in range(2))
        except NotEnoughMemory:
            break
        if slowest > _SLOWEST_S:
            break
        chosen = trial
        if slowest > _HOPELESS_S:
            break
    return chosen


def _time_once(clock: Clock, params: KdfParams, derive_with: Derive) -> float:
    start = clock.monotonic()
    derive_with("calibration", bytes(SALT_BYTES), params)
    return clock.monotonic() - start


@dataclass(frozen=True, slots=True)
class KdfPolicy:
    """How passwords are hardened: what is chosen for a new one, and what is too little.

    `params` None means: calibrate on this computer when a password is set. Tests pass small
    fixed parameters together with a small floor; the program only ever uses `PRODUCTION`.
    """

    floor: KdfParams = FLOOR
    params: KdfParams | None = None

    def __post_init__(self) -> None:
        if self.params is not None and not self.params.at_least(self.floor):
            raise ValueError("the parameters are below the floor")

    def choose(self, known: KdfParams | None = None) -> KdfParams:
        """Parameters for a password that is being set now.

        `known` are those of an account that was calibrated before; without them, or where they
        are below the floor, this takes seconds.
        """
        if self.params is not None:
            return self.params
        return known if known is not None and known.at_least(self.floor) else calibrate()

    def is_dated(self, params: KdfParams, seconds: float) -> bool:
        """Should a password be hardened anew, that took `seconds` to check with `params`?

        Yes below the floor; and, where we calibrate, when this computer is more than twice as
        slow or as fast as what we accept (and there is room on the ladder).
        """
        if not params.at_least(self.floor):
            return True
        if self.params is not None:
            return False
        if seconds > 2 * _SLOWEST_S:
            return params != self.floor
        return seconds < _FASTEST_S / 2 and params.memory_kib < _LADDER_MIB[-1] * 1024


PRODUCTION = KdfPolicy()
