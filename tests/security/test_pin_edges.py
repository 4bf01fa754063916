"""A box behind a PIN by itself: what is no PIN, when it is over, whose file it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.security import pin as pins
from bt_desktop.security import throttle
from bt_desktop.security.kdf import SALT_BYTES, KdfParams
from bt_desktop.security.keys import Keys
from bt_desktop.security.pin import PinBox, require_pin
from bt_desktop.security.problems import (
    BadPin,
    KeyFileAltered,
    NotEnoughMemory,
    PinOver,
    SlotDisabled,
    WrongPin,
)
from tests.security.conftest import School

PIN = "280417"
DEVICE = b"d" * 32
CHEAP = KdfParams(8, 1, 1)
Rewrite = Callable[[Path, Callable[[dict], object]], None]


@pytest.fixture
def keys(school: School) -> Keys:
    return school.admin()


@pytest.fixture
def box(keys: Keys, clock: SetClock) -> PinBox:
    return PinBox(keys, PIN, DEVICE, CHEAP, clock)


def wrong(box: PinBox, times: int = 1) -> list[int]:
    """How many tries each wrong one leaves."""
    lefts = []
    for _ in range(times):
        with pytest.raises(WrongPin) as told:
            box.opened("999333", DEVICE)
        lefts.append(told.value.left)
    return lefts


@pytest.mark.parametrize(
    "pin", ["280417", "280417" * 5 + "28", "135791", "121212", "112233", "000001", "123457"]
)
def test_what_is_a_pin(pin: str) -> None:
    require_pin(pin)


@pytest.mark.parametrize(
    "pin",
    ["", "28041", "280417" * 5 + "280", "28041x", "٢٨٠٤١٧", "28041²", "000000", "123456",
     "654321", "890123", "210987"],
)  # fmt: skip
def test_what_is_none(pin: str) -> None:
    with pytest.raises(BadPin):
        require_pin(pin)


def test_it_holds_the_keys_of_its_owner(keys: Keys, box: PinBox) -> None:
    assert (box.vault_id, box.user_id, box.wrong) == (keys.vault_id, keys.user_id, 0)
    own = box.opened(PIN, DEVICE)
    assert own.signing.private_bytes_raw() == keys.signing.private_bytes_raw()
    assert own.sealing.private_bytes_raw() == keys.sealing.private_bytes_raw()


def test_another_pin_and_another_computer_open_it_alike_little(box: PinBox) -> None:
    assert wrong(box) == [4]
    with pytest.raises(WrongPin):
        box.opened(PIN, b"e" * 32)
    assert box.wrong == 2


def test_the_fifth_wrong_one_throws_it_away(box: PinBox) -> None:
    assert wrong(box, 4) == [4, 3, 2, 1]
    assert not box.over
    assert wrong(box) == [0]
    assert box.over
    box.wrong = 0
    assert box.over, "not by the count alone"


def test_each_box_is_hardened_with_a_salt_of_its_own(
    keys: Keys, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, salts = pins.derive, list[bytes]()

    def watched(pin: str, salt: bytes, params: KdfParams) -> bytes:
        assert (pin, params) == (PIN, CHEAP)
        salts.append(salt)
        return real(pin, salt, params)

    monkeypatch.setattr(pins, "derive", watched)
    for _ in range(2):
        PinBox(keys, PIN, DEVICE, CHEAP, clock).opened(PIN, DEVICE)
    assert [len(one) for one in salts] == [SALT_BYTES] * 4
    assert len(set(salts)) == 2


def test_too_little_memory_is_no_try(box: PinBox, monkeypatch: pytest.MonkeyPatch) -> None:
    def starved(*_: object) -> bytes:
        raise NotEnoughMemory

    wrong(box, 2)
    with monkeypatch.context() as low:
        low.setattr(pins, "derive", starved)
        with pytest.raises(NotEnoughMemory):
            box.opened(PIN, DEVICE)
    assert wrong(box) == [2]


class TwoClocks:
    """The computer's clock and the steady one, each as it is set."""

    def __init__(self, clock: SetClock) -> None:
        self._at, self.wall, self.steady = clock.now(), 0.0, 0.0

    def now(self) -> object:
        return self._at + timedelta(seconds=self.wall)

    def monotonic(self) -> float:
        return 100.0 + self.steady


@pytest.mark.parametrize(
    ("wall", "steady", "over"),
    [
        (0, 0, False),
        (28_799, 28_799, False),
        (28_800, 0, True),
        (0, 28_800, True),
        (-28_800, 28_799, False),
        (0, -1, True),  # a steady clock that ran back belongs to another run
    ],
)
def test_eight_hours_by_either_clock(
    keys: Keys, clock: SetClock, wall: float, steady: float, over: bool
) -> None:
    clocks = TwoClocks(clock)
    box = PinBox(keys, PIN, DEVICE, CHEAP, clocks)  # type: ignore[arg-type]  # a stand-in
    clocks.wall, clocks.steady = wall, steady
    assert box.over is over
    if over:
        with pytest.raises(PinOver):
            box.opened(PIN, DEVICE)
        clocks.wall = clocks.steady = 0
        assert box.over, "thrown away"


# --- with the key file ---------------------------------------------------------------------------


def test_the_right_one_opens_the_records_and_begins_the_count_anew(
    school: School, keys: Keys, box: PinBox
) -> None:
    wrong(box, 3)
    again = pins.unlock(school.folder, box, PIN, DEVICE)
    assert (again.user_id, again.database_key) == (keys.user_id, keys.database_key)
    assert (again.by_pin, again.repaired) == (True, False)
    assert (box.wrong, wrong(box)) == (0, [4])


def test_a_key_file_that_was_hurt_is_put_back_after_a_pin_too(
    school: School, box: PinBox, rewrite: Rewrite
) -> None:
    rewrite(school.store.path, lambda e: e["body"].update(school="Birch Hill"))
    assert pins.unlock(school.folder, box, PIN, DEVICE).repaired
    assert school.store.peek().school_name == "Alder Creek Elementary"
    assert not pins.unlock(school.folder, box, PIN, DEVICE).repaired
    for path in (school.store.path, school.store.copy):
        rewrite(path, lambda e: e["body"].update(school="Birch Hill"))
    wrong(box)
    with pytest.raises(KeyFileAltered):
        pins.unlock(school.folder, box, PIN, DEVICE)
    assert box.wrong == 2, "it did not open"


def test_a_box_of_another_vault_is_over(school: School, box: PinBox) -> None:
    school.store.change(lambda now: replace(now, vault_id="0f0e0d0c-0b0a-4a08-8706-050403020100"))
    with pytest.raises(PinOver):
        pins.unlock(school.folder, box, PIN, DEVICE)
    assert box.over


@pytest.mark.parametrize("kind", ["gone", "closed", "others"])
def test_an_account_that_is_not_as_it_was_ends_it(school: School, box: PinBox, kind: str) -> None:
    mine, other = (school.store.load().slot(one) for one in (school.admin_id, school.staff_id))
    assert mine is not None
    assert other is not None
    slots = {
        "gone": (other,),
        "closed": (replace(mine, disabled=True), other),
        "others": (replace(mine, signing_public=other.signing_public), other),
    }
    school.store.change(lambda now: replace(now, users=slots[kind]))
    with pytest.raises(PinOver):
        pins.unlock(school.folder, box, PIN, DEVICE)
    assert box.over


def test_an_account_closed_by_guessing_is_closed_for_it_too(school: School, box: PinBox) -> None:
    school.store.change_door(
        lambda now: now.with_tries(school.admin_id, throttle.Attempts(count=throttle.LIMIT))
    )
    with pytest.raises(SlotDisabled) as told:
        pins.unlock(school.folder, box, PIN, DEVICE)
    assert told.value.code == "slot-disabled-guessing"
    assert box.over
