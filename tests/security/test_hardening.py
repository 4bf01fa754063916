"""Argon2id: the same key everywhere, the floor, and finding out what this computer can do."""

from __future__ import annotations

import pytest
from argon2.exceptions import HashingError

from bt_desktop.security import kdf
from bt_desktop.security.kdf import FLOOR, PRODUCTION, KdfParams, KdfPolicy, calibrate, derive
from bt_desktop.security.problems import NotEnoughMemory

GIB = 1 << 30


class Stopwatch:
    """A clock that a pretended Argon2 moves on."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self):
        raise AssertionError("durations are monotonic")

    def monotonic(self):
        return self.at


def computer(seconds_per_64_mib, clock, starved_at=None):
    def derive_here(_password, _salt, params):
        if starved_at is not None and params.memory_kib >= starved_at:
            raise NotEnoughMemory
        clock.at += seconds_per_64_mib * params.memory_kib / FLOOR.memory_kib
        return bytes(32)

    return derive_here


@pytest.mark.parametrize(
    ("seconds", "memory", "mib"),
    [
        (0.02, 64 * GIB, 512),
        (0.19, 64 * GIB, 256),
        (0.3, 64 * GIB, 128),
        (0.9, 64 * GIB, 64),
        (9.0, 64 * GIB, 64),
        (0.02, 4 * GIB, 512),
        (0.02, 2 * GIB, 256),
        (0.02, GIB, 128),
        (0.02, GIB // 4, 64),
    ],
)
def test_as_strong_as_a_second_and_an_eighth_of_the_memory_allow(seconds, memory, mib):
    clock = Stopwatch()
    chosen = calibrate(clock, memory=memory, derive_with=computer(seconds, clock))
    assert chosen == KdfParams(mib * 1024, 3, 4)


def test_what_would_take_too_long_is_not_even_tried():
    clock = Stopwatch()
    assert calibrate(clock, memory=64 * GIB, derive_with=computer(0.2, clock)) == KdfParams(
        256 * 1024, 3, 4
    )
    assert clock.at == pytest.approx(2 * (0.2 + 0.4 + 0.8))


def test_calibration_stops_where_memory_ends():
    clock = Stopwatch()
    starved = computer(0.01, clock, starved_at=256 * 1024)
    assert calibrate(clock, memory=64 * GIB, derive_with=starved).memory_kib == 128 * 1024
    starved = computer(0.01, clock, starved_at=1)
    assert calibrate(clock, memory=64 * GIB, derive_with=starved) == FLOOR


def test_an_unknown_memory_is_no_limit(monkeypatch):
    clock = Stopwatch()
    monkeypatch.setattr(kdf, "total_memory", lambda: None)
    assert calibrate(clock, derive_with=computer(0.01, clock)).memory_kib == 512 * 1024


def test_the_memory_of_this_computer(monkeypatch):
    assert kdf.total_memory() > 256 << 20

    def unknown(_):
        raise ValueError

    monkeypatch.setattr("os.sysconf", unknown)
    assert kdf.total_memory() is None


def test_a_real_calibration_gives_at_least_the_floor():
    assert calibrate(memory=FLOOR.memory_kib * 1024 * 8).at_least(FLOOR)


def test_argon2id_is_what_everybody_computes():
    """The answer of the reference implementation for these parameters (argon2-cffi's own KAT)."""
    from argon2.low_level import Type, hash_secret_raw

    params = KdfParams(64, 2, 2)
    ours = derive("pass ｗord", b"s" * 16, params)
    theirs = hash_secret_raw(b"pass word", b"s" * 16, 2, 64, 2, 32, Type.ID)
    assert ours == theirs
    assert derive("pass word", b"t" * 16, params) != ours
    assert derive("x", b"s" * 16, params) != derive("x", b"s" * 16, KdfParams(72, 2, 2))


@pytest.mark.parametrize("problem", [HashingError("Memory allocation error"), MemoryError()])
def test_memory_that_is_not_given_has_its_own_name(monkeypatch, problem):
    def starved(*_, **__):
        raise problem

    monkeypatch.setattr("argon2.low_level.hash_secret_raw", starved)
    with pytest.raises(NotEnoughMemory):
        derive("x", bytes(16), KdfParams(64, 1, 1))


def test_odd_input_of_a_keyboard_driver_is_only_a_wrong_password():
    assert len(derive("\ud800", bytes(16), KdfParams(8, 1, 1))) == 32


def test_the_programs_policy_has_the_floor():
    assert KdfParams(64 * 1024, 3, 4) == FLOOR == PRODUCTION.floor
    assert PRODUCTION.params is None
    with pytest.raises(ValueError, match="floor"):
        KdfPolicy(params=KdfParams(32 * 1024, 3, 4))


def test_production_calibrates(monkeypatch):
    monkeypatch.setattr(kdf, "calibrate", lambda: KdfParams(128 * 1024, 3, 4))
    assert PRODUCTION.choose().memory_kib == 128 * 1024
    assert PRODUCTION.choose(KdfParams(256 * 1024, 3, 4)).memory_kib == 256 * 1024
    assert PRODUCTION.choose(KdfParams(32 * 1024, 3, 4)).memory_kib == 128 * 1024


@pytest.mark.parametrize(
    ("memory", "seconds", "dated"),
    [
        (32, 0.5, True),
        (64, 0.5, False),
        (64, 9.0, False),
        (256, 2.5, True),
        (256, 1.9, False),
        (256, 0.1, True),
        (512, 0.1, False),
    ],
)
def test_when_a_password_is_hardened_anew(memory, seconds, dated):
    assert PRODUCTION.is_dated(KdfParams(memory * 1024, 3, 4), seconds) is dated


@pytest.mark.parametrize("params", [(64, 0, 1), (64, 1, 0), (64, 17, 1), (999, 1, 17), (7, 1, 1)])
def test_parameters_out_of_bounds(params):
    with pytest.raises(ValueError, match="bounds"):
        KdfParams(*params)


def test_below_the_floor_in_any_way_is_below():
    for params in (KdfParams(1024, 3, 4), KdfParams(64 * 1024, 2, 4), KdfParams(64 * 1024, 3, 3)):
        assert not params.at_least(FLOOR)
