"""A PIN opens after a lock, in this run of the program, for eight hours and five tries at most."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bt_desktop.security import pin as pins
from bt_desktop.security.device import KeyringOutcome
from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import (
    BadPin,
    NoPinHere,
    NotEnoughMemory,
    PasswordNeeded,
    PinOver,
    SlotDisabled,
    WrongPassword,
    WrongPin,
)
from bt_desktop.services.computer import ComputerService
from bt_desktop.services.pin import PinKeeper
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.workspace import Workspace
from tests.desk_keyring import KeyringOnTheDesk
from tests.factory import FAST, PASSWORD, School, fill, ink

PIN = "280417"
OTHER = "eleven quiet herons over the lake"


@pytest.fixture
def keyring() -> KeyringOnTheDesk:
    return KeyringOnTheDesk()


@pytest.fixture
def keeper(school: School, keyring: KeyringOnTheDesk) -> PinKeeper:
    return PinKeeper(school.folder, school.clock, FAST, keyring)


def signed_in(school: School, keyring: KeyringOnTheDesk, who: str = "tom") -> Workspace:
    """By password, on a computer whose keyring answered."""
    workspace = school.sign_in(who)
    ComputerService(workspace._context, workspace.held, keyring).look()
    return workspace


@pytest.fixture
def locked(school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper) -> PinKeeper:
    """Tom set a PIN and locked."""
    tom = signed_in(school, keyring)
    keeper.set(tom, PASSWORD, PIN)
    tom.lock()
    return keeper


def test_it_opens_what_was_locked_and_the_trail_says_how(school: School, locked: PinKeeper) -> None:
    offered = locked.offered()
    assert offered is not None
    assert (offered.user_id, offered.tries) == (school.users["tom"], 5)
    tom = locked.unlock(PIN)
    school.open.append(tom)
    assert tom.actor.role is Role.ADMINISTRATOR
    assert tom.people.search("mateo")
    assert tom.pin.entered
    told = {one.action: one.detail for one in reversed(tom.log.entries(6))}
    assert told["sign_in"] == "pin"
    assert "pin.set" in told
    assert tom.log.verify().holds


@pytest.mark.parametrize(
    "pin", ["12345", "28041x", "٢٨٠٤١٧", "111111", "123456", "987654", "890123", "4" * 33]
)
def test_what_is_no_pin(
    school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper, pin: str
) -> None:
    tom = signed_in(school, keyring)
    with pytest.raises(BadPin):
        keeper.set(tom, PASSWORD, pin)
    assert keeper.offered() is None


def test_setting_it_asks_for_the_password(
    school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper
) -> None:
    tom = signed_in(school, keyring)
    with pytest.raises(WrongPassword):
        keeper.set(tom, "not the password at all", PIN)
    assert keeper.offered() is None


def test_five_wrong_ones_end_it_and_are_told_at_the_next_sign_in(
    school: School, locked: PinKeeper
) -> None:
    lefts = []
    for _ in range(5):
        with pytest.raises(WrongPin) as wrong:
            locked.unlock("999333")
        lefts.append(wrong.value.left)
    assert lefts == [4, 3, 2, 1, 0]
    assert locked.offered() is None
    with pytest.raises(PinOver):
        locked.unlock(PIN)
    tom = school.sign_in("tom")
    locked.keep_for(school.users["tom"])
    locked.told_to(tom)
    newest = tom.log.entries(1)[0]
    assert (newest.action, newest.detail) == ("pin.failed", "tries 5")
    locked.told_to(tom)
    assert tom.log.entries(1)[0].seq == newest.seq, "told once"


def test_the_right_one_begins_the_count_anew(school: School, locked: PinKeeper) -> None:
    for _ in range(3):
        for _ in range(3):
            with pytest.raises(WrongPin):
                locked.unlock("999333")
        tom = locked.unlock(PIN)
        assert tom.log.entries(1)[0].action == "pin.failed"
        tom.lock()


def test_it_ends_after_eight_hours_by_either_clock(school: School, locked: PinKeeper) -> None:
    school.clock.advance(timedelta(hours=7, minutes=59))
    locked.unlock(PIN).lock()
    school.clock.advance(timedelta(minutes=1))
    assert locked.offered() is None
    with pytest.raises(PinOver):
        locked.unlock(PIN)


def test_typing_it_does_not_make_it_last_longer(school: School, locked: PinKeeper) -> None:
    for _ in range(4):
        school.clock.advance(timedelta(hours=2))
        if locked.offered() is not None:
            locked.unlock(PIN).lock()
    assert locked.offered() is None


def test_setting_the_clock_back_does_not_make_it_last_longer(
    school: School, locked: PinKeeper
) -> None:
    school.clock.advance(timedelta(hours=8))
    school.clock.set(school.clock.now() - timedelta(hours=8))
    assert locked.offered() is None


def test_another_who_signs_in_ends_it_and_the_same_person_does_not(
    school: School, locked: PinKeeper
) -> None:
    locked.keep_for(school.users["tom"])
    assert locked.offered() is not None
    locked.keep_for(school.users["dana"])
    assert locked.offered() is None


def test_without_the_device_secret_it_opens_nothing(
    school: School, locked: PinKeeper, keyring: KeyringOnTheDesk
) -> None:
    kept = dict(keyring.items)
    keyring.items.clear()
    with pytest.raises(WrongPin):
        locked.unlock(PIN)
    keyring.items.update(kept)
    locked.unlock(PIN).lock()


@pytest.mark.parametrize("outcome", [one for one in KeyringOutcome if not one.usable])
def test_without_a_keyring_there_is_none_and_one_line_says_why(
    school: School, outcome: KeyringOutcome
) -> None:
    keeper = PinKeeper(school.folder, school.clock, FAST, KeyringOnTheDesk(outcome))
    tom = school.sign_in("tom")
    why = keeper.reason_against(tom)
    assert why.startswith("No PIN here: this computer")
    assert "\n" not in why
    with pytest.raises(NoPinHere):
        keeper.set(tom, PASSWORD, PIN)


def test_a_keyring_that_does_not_know_the_account_yet_says_so(
    school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper
) -> None:
    tom = school.sign_in("tom")
    assert "once this computer's keyring knows" in keeper.reason_against(tom)
    ComputerService(tom._context, tom.held, keyring).look()
    assert keeper.reason_against(tom) == ""


def test_nothing_of_it_is_on_the_disk(
    school: School, keyring: KeyringOnTheDesk, locked: PinKeeper
) -> None:
    """Another run of the program knows of no PIN, and what is kept cannot be carried away."""
    again = PinKeeper(school.folder, school.clock, FAST, keyring)
    assert again.offered() is None
    box = locked._box
    assert box is not None
    for path in school.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert box._box not in data
            assert bytes(box._of_this_run) not in data
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(locked)


def test_removed_it_opens_nothing(
    school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper
) -> None:
    tom = signed_in(school, keyring)
    keeper.set(tom, PASSWORD, PIN)
    box = keeper._box
    keeper.remove(tom)
    assert tom.log.entries(1)[0].action == "pin.removed"
    keeper.remove(tom)
    assert keeper.offered() is None
    assert box is not None
    with pytest.raises(PinOver):
        pins.unlock(school.folder, box, PIN, b"x" * 32)


def test_a_new_password_or_a_closed_account_ends_it(
    school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper
) -> None:
    tom = school.sign_in("tom")
    dana = signed_in(school, keyring, "dana")
    keeper.set(dana, PASSWORD, PIN)
    dana.lock()
    tom.accounts.reset_password(school.users["dana"], OTHER)
    with pytest.raises(PinOver):
        keeper.unlock(PIN)
    dana = school.sign_in("dana", OTHER)
    ComputerService(dana._context, dana.held, keyring).look()
    keeper.set(dana, OTHER, PIN)
    dana.lock()
    tom.accounts.disable(school.users["dana"])
    with pytest.raises(PinOver):
        keeper.unlock(PIN)
    assert keeper.offered() is None


def test_an_account_closed_by_guessing_is_closed_for_the_pin_too(
    school: School, locked: PinKeeper
) -> None:
    from bt_desktop.security import throttle
    from bt_desktop.security.keyfile import KeyFileStore

    tom = school.users["tom"]
    KeyFileStore(school.folder).change_door(
        lambda now: now.with_tries(tom, throttle.Attempts(count=throttle.LIMIT))
    )
    with pytest.raises(SlotDisabled):
        locked.unlock(PIN)
    assert locked.offered() is None


def test_too_little_memory_is_no_wrong_pin(
    school: School, locked: PinKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: object) -> bytes:
        raise NotEnoughMemory

    with monkeypatch.context() as broken:
        broken.setattr(pins, "derive", none_left)
        with pytest.raises(NotEnoughMemory):
            locked.unlock(PIN)
    offered = locked.offered()
    assert offered is not None
    assert offered.tries == 5


def test_a_key_that_was_changed_meanwhile_is_the_new_one(
    school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper
) -> None:
    dana = signed_in(school, keyring, "dana")
    keeper.set(dana, PASSWORD, PIN)
    dana.lock()
    tom = school.sign_in("tom")
    tom.key_change.change()
    tom.lock()
    again = keeper.unlock(PIN)
    assert again._context.keys.generation == 2
    again.lock()


# --- what needs the password ---------------------------------------------------------------------

ASKS: dict[str, Callable[[School, Workspace], object]] = {
    "amend": lambda s, w: w.records.amend(s.ids["record"], "report", "correction", "It was 10:20."),
    "export a list": lambda s, w: w.export.table(RecordFilter(), ("number",)),
    "export the log": lambda s, w: w.violence.table(),
    "break the glass": lambda s, w: w.health.glass.open(
        s.ids["mateo"], "not the password", "Allergic reaction, the nurse is away"
    ),
    "add an account": lambda s, w: w.accounts.add("N", OTHER, Role.NURSE, s.ids["olga"]),
    "close an account": lambda s, w: w.accounts.disable(s.users["priya"]),
    "open an account": lambda s, w: w.accounts.enable(s.users["priya"]),
    "give a password": lambda s, w: w.accounts.reset_password(s.users["priya"], OTHER),
    "give a role": lambda s, w: w.accounts.set_role(s.users["priya"], Role.NURSE),
    "close and change the key": lambda s, w: w.key_change.close_account(s.users["priya"]),
    "change the key": lambda s, w: w.key_change.change(),
    "accept a restore": lambda s, w: w.computer.accept("The disk died on Monday."),
}


@pytest.fixture
def by_pin(school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper) -> Workspace:
    dana = school.sign_in("dana")
    school.ids["record"] = record = dana.records.start()
    fill(school, dana, record)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    dana.lock()
    tom = signed_in(school, keyring)
    keeper.set(tom, PASSWORD, PIN)
    tom.lock()
    again = keeper.unlock(PIN)
    again.openings.state(Purpose("interest"))
    school.open.append(again)
    return again


def test_each_of_these_asks_for_it(school: School, by_pin: Workspace) -> None:
    before = by_pin.log.head()
    for name, deed in ASKS.items():
        if name == "break the glass":
            continue
        with pytest.raises(PasswordNeeded):
            deed(school, by_pin)
    assert by_pin.log.head() == before, "nothing was done"
    with pytest.raises(WrongPassword):
        ASKS["break the glass"](school, by_pin)


def test_an_auditor_exports_the_trail_with_the_password_only(
    school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper
) -> None:
    amir = signed_in(school, keyring, "amir")
    keeper.set(amir, PASSWORD, PIN)
    amir.lock()
    again = keeper.unlock(PIN)
    school.open.append(again)
    with pytest.raises(PasswordNeeded):
        list(again.log.export())
    again.reauthenticate(PASSWORD)
    assert list(again.log.export())


def test_a_nurse_exports_the_visits_of_a_day_with_the_password_only(
    school: School, keyring: KeyringOnTheDesk, keeper: PinKeeper
) -> None:
    maria = signed_in(school, keyring, "maria")
    keeper.set(maria, PASSWORD, PIN)
    maria.lock()
    again = keeper.unlock(PIN)
    school.open.append(again)
    with pytest.raises(PasswordNeeded):
        again.health.visit_export.day(date(2026, 11, 12))


def test_signing_asks_for_it_each_time_as_always(school: School, by_pin: Workspace) -> None:
    record = by_pin.records.start()
    fill(school, by_pin, record)
    with pytest.raises(WrongPassword):
        by_pin.records.sign_part(record, "report", PIN, ink())


def test_typed_once_it_opens_all_of_them(school: School, by_pin: Workspace) -> None:
    with pytest.raises(WrongPassword):
        by_pin.reauthenticate("not the password at all")
    assert by_pin.pin.entered
    by_pin.reauthenticate(PASSWORD)
    assert not by_pin.pin.entered
    ASKS["export the log"](school, by_pin)
    ASKS["close an account"](school, by_pin)


def test_a_thrown_away_box_holds_nothing(school: School, locked: PinKeeper) -> None:
    box = locked._box
    assert box is not None
    run = box._of_this_run
    locked.forget()
    gc.collect()
    assert not any(run)
    assert box._box == b""
    assert box.over
