"""What people read at the door: whole sentences, a remedy each, the right number in them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import pytest

from bt_desktop.errors import KnownError
from bt_desktop.security import backup, problems, replacing
from bt_desktop.security.problems import (
    RecoveryKeyMistyped,
    SlotDisabled,
    Throttled,
    WeakPassword,
    WrongPassword,
    WrongPin,
    wait_in_words,
)

TOLD: dict[str, Callable[[], KnownError]] = {
    "wrong": lambda: WrongPassword(2, 0),
    "wrong, wait": lambda: WrongPassword(6, 60.0),
    "wrong, closed": lambda: WrongPassword(20, 900.0, disabled=True),
    "throttled": lambda: Throttled(7, 119.5),
    "closed": lambda: SlotDisabled(by_guessing=False),
    "closed by guessing": lambda: SlotDisabled(by_guessing=True),
    "weak": lambda: WeakPassword(("It is a name.", "It is short.")),
    "mistyped": RecoveryKeyMistyped,
    "mistyped, length": lambda: RecoveryKeyMistyped(length=True),
    "pin, two left": lambda: WrongPin(2),
    "pin, one left": lambda: WrongPin(1),
    "pin, none left": lambda: WrongPin(0),
}
PLAIN = [
    kind
    for module in (problems, backup, replacing)
    for kind in vars(module).values()
    if inspect.isclass(kind)
    and issubclass(kind, KnownError)
    and kind.__module__ == module.__name__
    and not any(
        one.default is one.empty and one.name not in ("self", "args", "kwargs")
        for one in inspect.signature(kind.__init__).parameters.values()
    )
]
EVERY: list[Callable[[], KnownError]] = [*TOLD.values(), *PLAIN]
"""Made within each story, so that a change to one of them is noticed there."""


def whole_sentences(text: str) -> bool:
    """Each begins with a capital or a number and ends with its full stop; nothing is shouted."""
    begins = re.match(r"[A-Z0-9]", text) and not re.search(r"[.] [a-z]", text)
    return bool(begins) and text.endswith(".") and not re.search(r"\b[A-Z]{4,}\b", text)


@pytest.mark.parametrize("made", EVERY)
def test_a_problem_has_a_code_a_sentence_and_a_remedy(made: Callable[[], KnownError]) -> None:
    problem = made()
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+|throttled", problem.code)
    assert whole_sentences(problem.sentence), problem.sentence
    assert whole_sentences(problem.remedy), problem.remedy
    assert "XX" not in f"{problem.code} {problem}"
    assert "  " not in str(problem)


def test_two_problems_never_share_a_code() -> None:
    codes = [made().code for made in EVERY]
    shared = {code for code in codes if codes.count(code) > 1}
    assert shared == {"wrong-password", "wrong-pin", "recovery-key-mistyped"}
    assert {"bad-pin", "pin-over", "key-file-altered", "backup-newer", "still-open"} <= set(codes)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "1 second"), (0, "1 second"), (0.2, "1 second"), (1, "1 second"),
        (1.2, "2 seconds"), (30, "30 seconds"), (90, "90 seconds"), (90.5, "2 minutes"),
        (119.5, "2 minutes"), (120, "2 minutes"), (121, "3 minutes"), (900, "15 minutes"),
    ],
)  # fmt: skip
def test_a_wait_is_rounded_up(seconds: float, words: str) -> None:
    assert wait_in_words(seconds) == words


def test_each_number_is_in_its_place() -> None:
    wait = TOLD["wrong, wait"]()
    assert wait.remedy == (
        "That was wrong try 6. The next try is possible in 60 seconds. Nothing is deleted."
    )
    assert (wait.failures, wait.wait_s, wait.disabled, wait.user_id) == (6, 60.0, False, "")
    closed = TOLD["wrong, closed"]()
    assert closed.remedy.startswith("After 20 wrong tries this account is closed. Ask an ")
    assert (closed.failures, closed.wait_s, closed.disabled) == (20, 900.0, True)
    plain = TOLD["wrong"]()
    assert plain.remedy.startswith("Check Caps Lock")
    assert (plain.failures, plain.wait_s, plain.disabled) == (2, 0, False)
    assert WrongPassword(5, 0.5).remedy.startswith("That was wrong try 5.")
    throttled = TOLD["throttled"]()
    assert throttled.sentence.startswith("There were 7 wrong tries")
    assert throttled.remedy == "Try again in 2 minutes."
    assert (throttled.failures, throttled.wait_s) == (7, 119.5)


def test_a_closed_account_says_by_whom() -> None:
    by_hand, by_guessing = TOLD["closed"](), TOLD["closed by guessing"]()
    assert (by_hand.code, by_guessing.code) == ("slot-disabled", "slot-disabled-guessing")
    assert by_hand.sentence == "This account was closed by an administrator."
    assert by_guessing.sentence == "This account is closed after too many wrong tries."
    assert "recovery key" in by_guessing.remedy
    assert by_hand.remedy == "Ask an administrator to open it again."
    assert (by_hand.by_guessing, by_guessing.by_guessing) == (False, True)


def test_a_weak_password_says_each_reason() -> None:
    weak = TOLD["weak"]()
    assert weak.sentence == "It is a name. It is short."
    assert weak.problems == ("It is a name.", "It is short.")


def test_a_mistyped_key_says_whether_it_is_the_length() -> None:
    assert "more or fewer" in TOLD["mistyped, length"]().sentence
    assert "slip" in TOLD["mistyped"]().sentence


def test_a_wrong_pin_says_how_many_tries_are_left() -> None:
    assert [TOLD[f"pin, {left} left"]().remedy for left in ("two", "one", "none")] == [
        "2 tries are left; the password always opens.",
        "1 try is left; the password always opens.",
        "It was wrong five times and is gone. Type the password.",
    ]
    assert [TOLD[f"pin, {left} left"]().left for left in ("two", "one", "none")] == [2, 1, 0]
