"""How long a wrong password makes the next try wait.

Kept in the key file, because the database is still closed. It slows honest keyboards only:
whoever has the file can reset it, and meets Argon2id.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from bt_desktop.clock import Clock

LIMIT = 20
_WAITS_S = {5: 30, 6: 60, 7: 120, 8: 300}
_LONGEST_S = 900

# Names this run of the program: the monotonic clock of another run tells us nothing.
THIS_RUN = secrets.token_hex(8)


def wait_after(failures: int) -> int:
    """Seconds to wait after that many wrong tries in a row."""
    return _WAITS_S.get(failures, _LONGEST_S if failures > max(_WAITS_S) else 0)


@dataclass(frozen=True, slots=True)
class Attempts:
    """The tries at one account since the last right password (times: whole UTC seconds).

    `last` is when the newest try was made, `former` the one before it; `run` and `ticks` are the
    program's run and its monotonic milliseconds at the newest. `unreported` tries, made from
    `first_unreported` on, still have to become entries of the audit trail, which cannot be
    written while the vault is locked.
    """

    count: int = 0
    last: int = 0
    former: int = 0
    run: str = ""
    ticks: int = 0
    unreported: int = 0
    first_unreported: int = 0

    @property
    def exhausted(self) -> bool:
        """No further try before an administrator (or the recovery key) opens the account."""
        return self.count >= LIMIT


def _seconds(clock: Clock) -> int:
    return max(0, int(clock.now().timestamp()))


def _ticks(clock: Clock) -> int:
    return int(clock.monotonic() * 1000)


def remaining(attempts: Attempts, clock: Clock, *, run: str | None = None) -> float:
    """Seconds until the next try is allowed; 0 when it is.

    Within one run the monotonic clock counts as well, so that setting the computer's clock
    forward shortens nothing. A clock that was set back gives the whole wait again.
    """
    wait = wait_after(attempts.count)
    if not wait:
        return 0.0
    passed = clock.now().timestamp() - attempts.last
    left = wait - passed if passed >= 0 else float(wait)
    if attempts.run == (run or THIS_RUN) and _ticks(clock) >= attempts.ticks:
        left = max(left, wait - (_ticks(clock) - attempts.ticks) / 1000)
    return max(0.0, left)


def set_back(attempts: Attempts, clock: Clock) -> bool:
    """Does the computer's clock say a time before the last try?"""
    return bool(wait_after(attempts.count)) and _seconds(clock) < attempts.last


def restarted(attempts: Attempts, clock: Clock, *, run: str | None = None) -> Attempts:
    """The same tries with the whole wait beginning now (the clock was set back)."""
    return replace(attempts, last=_seconds(clock), run=run or THIS_RUN, ticks=_ticks(clock))


def tried(attempts: Attempts, clock: Clock, *, run: str | None = None) -> Attempts:
    """One more try; to be on the disk before the password is looked at."""
    now = _seconds(clock)
    return Attempts(
        count=attempts.count + 1,
        last=now,
        former=attempts.last,
        run=run or THIS_RUN,
        ticks=_ticks(clock),
        unreported=attempts.unreported + 1,
        first_unreported=attempts.first_unreported or now,
    )


def forgiven(attempts: Attempts) -> Attempts:
    """That last try did not count: the password was never looked at (too little memory)."""
    unreported = max(0, attempts.unreported - 1)
    return Attempts(
        count=max(0, attempts.count - 1),
        last=attempts.former,
        unreported=unreported,
        first_unreported=attempts.first_unreported if unreported else 0,
    )


def succeeded(attempts: Attempts) -> Attempts:
    """The right password: the row of wrong ones ends, what is unreported stays to be told."""
    kept = replace(forgiven(attempts), count=0)
    return kept if kept.unreported else Attempts()


def reported(attempts: Attempts, count: int) -> Attempts:
    """`count` of the tries have become entries of the audit trail."""
    left = max(0, attempts.unreported - count)
    return replace(attempts, unreported=left, first_unreported=attempts.last if left else 0)
