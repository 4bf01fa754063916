"""Small things about keys, signatures and hardening that only a slip would change."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bt_desktop.clock import SetClock
from bt_desktop.security import kdf, keyfile, recovery, signing, throttle
from bt_desktop.security.kdf import FLOOR, KdfParams, KdfPolicy, calibrate
from bt_desktop.security.keys import Keys, taken_over, wipe
from bt_desktop.security.slots import OwnKeys, new_slot, open_slot, with_password
from bt_desktop.security.throttle import Attempts
from tests.conftest import AFTERNOON

VAULT = "0f0e0d0c-0b0a-4a08-8706-050403020100"


def held(database_key: bytearray, previous_key: bytearray | None = None) -> Keys:
    return Keys(
        vault_id=VAULT, user_id="u", sign_in_name="Rosa", generation=2, edition=5,
        database_key=database_key, previous_key=previous_key,
        signing=Ed25519PrivateKey.generate(), sealing=X25519PrivateKey.generate(),
    )  # fmt: skip


def test_keys_say_who_holds_them_and_no_more() -> None:
    keys = held(bytearray(b"k" * 32))
    assert repr(keys) == "<Keys of u>"
    keys.wipe()
    assert repr(keys) == "<Keys of u (wiped)>"


def test_keys_say_of_a_sign_in_only_what_was_told() -> None:
    keys = held(bytearray(32))
    assert (keys.failures, keys.failed_sign_ins) == (0, ())
    assert (keys.repaired, keys.by_pin) == (False, False)
    assert isinstance(keys.sealing, X25519PrivateKey)
    keys.wipe()
    for use in (lambda: keys.sealing, lambda: keys.signing, lambda: keys.sub_key("x")):
        with pytest.raises(RuntimeError):
            use()


def test_a_password_set_anew_is_hardened_with_another_salt() -> None:
    own, params = OwnKeys.new(), KdfParams(8, 1, 1)
    slot = new_slot(VAULT, "u", "Rosa", "first", own, params)
    assert (slot.disabled, dict(slot.sealed)) == (False, {})
    again = with_password(slot, VAULT, "first", own, params)
    assert len({slot.salt, again.salt}) == len({slot.nonce, again.nonce}) == 2
    assert slot.bundle != again.bundle
    assert len(slot.salt) == len(again.salt) == kdf.SALT_BYTES
    opened = open_slot(again, VAULT, "first")
    assert opened.signing.private_bytes_raw() == own.signing.private_bytes_raw()
    assert opened.sealing.private_bytes_raw() == own.sealing.private_bytes_raw()


def test_keys_that_were_given_up_are_overwritten_and_those_in_use_are_not() -> None:
    old, new = bytearray(b"o" * 32), bytearray(b"n" * 32)
    keys = held(old)
    keys.turn_to(new, 3, old, 6)
    assert (keys.database_key, keys.previous_key) == (b"n" * 32, b"o" * 32)
    assert (keys.generation, keys.edition) == (3, 6)
    keys.turn_to(new, 3, None, 7)
    assert (keys.database_key, keys.previous_key) == (b"n" * 32, None)
    assert old == bytes(32)
    again = bytearray(b"a" * 32)
    keys.turn_to(again, 4, new, 8)
    keys.turn_to(new, 3, None, 9)
    assert (again, new) == (bytes(32), b"n" * 32)


def test_wiping_overwrites_both_database_keys() -> None:
    old, new = bytearray(b"o" * 32), bytearray(b"n" * 32)
    keys = held(new, old)
    keys.wipe()
    assert old == new == bytes(32)


def test_a_secret_that_was_taken_over_is_not_left_where_it_came_from() -> None:
    fresh = os.urandom(40)
    copy = bytes(bytearray(fresh))
    secret = taken_over(fresh)
    assert isinstance(secret, bytearray)
    assert secret == copy
    assert fresh == bytes(40)
    wipe(secret)
    assert secret == bytes(40)


def test_the_name_of_the_domain_ends_where_the_data_begins() -> None:
    """Else a longer name with less data could be the same message."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    assert signing.sign(key, b"bt", b"x") == key.sign(b"bt\0x")
    public = key.public_key().public_bytes_raw()
    assert not signing.verify(public, b"b", b"t\0x", signing.sign(key, b"bt", b"x"))


def test_what_people_put_between_the_letters_is_passed_over() -> None:
    assert recovery.tidied(" o-i\u00a0l_.\n") == "011"


# --- hardening ----------------------------------------------------------------------------------


class Stopwatch:
    """A clock that a pretended Argon2 moves on."""

    def __init__(self, seconds: float) -> None:
        self.at, self.seconds, self.asked = 0.0, seconds, list[tuple[str, bytes, KdfParams]]()

    def now(self) -> object:
        raise AssertionError("durations are monotonic")

    def monotonic(self) -> float:
        return self.at

    def derive(self, password: str, salt: bytes, params: KdfParams) -> bytes:
        self.asked.append((password, salt, params))
        self.at += self.seconds * params.memory_kib / FLOOR.memory_kib
        return bytes(32)


@pytest.mark.parametrize(("seconds", "mib"), [(0.25, 256), (0.5, 128), (1.0, 64), (0.75, 64)])
def test_exactly_a_second_is_still_accepted(seconds: float, mib: int) -> None:
    watch = Stopwatch(seconds)
    chosen = calibrate(watch, memory=64 << 30, derive_with=watch.derive)  # type: ignore[arg-type]  # a stand-in
    assert chosen == KdfParams(mib * 1024, 3, 4)


def test_three_quarters_of_a_second_leave_the_next_step_worth_a_try() -> None:
    watch = Stopwatch(0.75)
    calibrate(watch, memory=64 << 30, derive_with=watch.derive)  # type: ignore[arg-type]  # a stand-in
    assert [params.memory_kib // 1024 for _, _, params in watch.asked] == [64, 64, 128, 128]
    assert {len(salt) for _, salt, _ in watch.asked} == {kdf.SALT_BYTES}


def test_the_memory_of_this_computer_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": (1 << 30) // 4096}
    monkeypatch.setattr(os, "sysconf", told.__getitem__)
    assert kdf.total_memory() == 1 << 30
    watch = Stopwatch(0.01)
    assert calibrate(watch, derive_with=watch.derive).memory_kib == 128 * 1024  # type: ignore[arg-type]  # a stand-in


@pytest.mark.parametrize("memory", [8, 16, 2 * 1024 * 1024])
def test_the_bounds_themselves_are_allowed(memory: int) -> None:
    assert KdfParams(memory, 1, 1).memory_kib == memory
    assert KdfParams(16 * 8, 16, 16).lanes == 16


@pytest.mark.parametrize(
    ("params", "word"),
    [((128, 1, 17), "lanes"), ((64, 1, 0), "lanes"), ((64, 17, 1), "passes"),
     ((64, 0, 1), "passes"),
     ((7, 1, 1), "memory"), ((15, 1, 2), "memory"), ((2 * 1024 * 1024 + 1, 1, 1), "memory")],
)  # fmt: skip
def test_what_is_out_of_bounds_is_named(params: tuple[int, int, int], word: str) -> None:
    with pytest.raises(ValueError, match=f"^{word} out of bounds$"):
        KdfParams(*params)


def test_the_floor_itself_is_not_below_the_floor() -> None:
    assert FLOOR.at_least(FLOOR)
    assert KdfPolicy(floor=FLOOR, params=FLOOR).choose() == FLOOR
    assert not KdfPolicy(floor=FLOOR, params=FLOOR).is_dated(FLOOR, 100.0)
    assert KdfPolicy().choose(FLOOR) == FLOOR


@pytest.mark.parametrize(
    ("mib", "seconds", "dated"),
    [(128, 2.0, False), (128, 2.01, True), (128, 0.125, False), (128, 0.12, True),
     (512, 0.12, False), (511, 0.12, True)],
)  # fmt: skip
def test_twice_as_slow_or_as_fast_is_the_border(mib: int, seconds: float, dated: bool) -> None:
    assert KdfPolicy().is_dated(KdfParams(mib * 1024, 3, 4), seconds) is dated


# --- throttling ---------------------------------------------------------------------------------


def test_a_wait_that_begins_again_begins_now() -> None:
    clock = SetClock(AFTERNOON)
    begun = throttle.restarted(Attempts(count=5, last=7, former=3, run="x", ticks=1), clock)
    assert begun.last == int(AFTERNOON.timestamp())
    assert begun.ticks == int(clock.monotonic() * 1000)
    assert (begun.count, begun.former, begun.run) == (5, 3, throttle.THIS_RUN)


def test_a_try_remembers_the_run_it_was_made_in() -> None:
    clock = SetClock(AFTERNOON)
    assert throttle.tried(Attempts(), clock, run="another").run == "another"
    assert throttle.tried(Attempts(), clock).run == throttle.THIS_RUN


def test_a_try_that_is_forgiven_was_never_made() -> None:
    clock = SetClock(AFTERNOON)
    twice = throttle.tried(throttle.tried(Attempts(), clock), clock)
    assert throttle.forgiven(twice).last == int(AFTERNOON.timestamp())
    assert throttle.forgiven(Attempts(count=2, last=9, former=4, unreported=2)).last == 4


def test_a_clock_before_1970_counts_as_its_beginning() -> None:
    clock = SetClock(AFTERNOON.replace(year=1969))
    assert throttle.tried(Attempts(), clock).last == 0


def test_a_name_may_have_as_many_letters_as_are_kept() -> None:
    assert keyfile.clean_name("a" * keyfile.MAX_NAME) == "a" * 120
    assert keyfile.clean_name("a") == "a"
