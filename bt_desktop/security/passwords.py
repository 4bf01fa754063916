"""What is asked of a new password, and a passphrase to offer instead.

Anchors: NIST SP 800-63B (length before character classes, a blocklist, no forced change);
zxcvbn's guess estimate instead of rules about digits and signs.
"""

from __future__ import annotations

import math
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources

SHORTEST = 12
LONGEST = 1024
_LEAST_SCORE = 3
_LOOKED_AT = 72  # zxcvbn is slow on long texts; what comes after only makes it stronger
PASSPHRASE_WORDS = 5

# What people at a school type first; found anywhere in the password, it does not count as length.
BLOCKED = (
    "password", "passwort", "contrasena", "letmein", "welcome", "qwerty", "azerty", "iloveyou",
    "admin", "school", "teacher", "student", "principal", "elementary", "behavior", "desktop",
    "btdesktop", "spring", "summer", "autumn", "winter", "sunshine", "football", "baseball",
)  # fmt: skip
_SHORTEST_HINT = 3


def _plain(text: str) -> str:
    """Lower case without accents, as a guesser would try it."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def _hint_words(name_hints: Iterable[str]) -> tuple[str, ...]:
    words: list[str] = []
    for hint in name_hints:
        plain = _plain(hint)
        words += [plain.replace(" ", ""), *plain.replace("-", " ").replace(".", " ").split()]
    return tuple(dict.fromkeys(word for word in words if len(word) >= _SHORTEST_HINT))


def password_problems(password: str, name_hints: Iterable[str] = ()) -> tuple[str, ...]:
    """What is wrong with a new password, in sentences; empty when it will do.

    `name_hints`: the person's and the school's names, which must not carry the password.
    """
    normal = unicodedata.normalize("NFKC", password)
    if len(normal) < SHORTEST:
        return (f"The password has {len(normal)} characters; it needs at least {SHORTEST}.",)
    if len(normal) > LONGEST:
        return (f"The password is longer than {LONGEST} characters.",)
    hints = _hint_words(name_hints)
    problems = []
    rest = _plain(normal)
    for word in sorted({*BLOCKED, *hints}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if sum(letter.isalnum() for letter in rest) < SHORTEST // 2:
        problems.append("The password is mostly a name or a common word.")
    if _score(normal, hints) < _LEAST_SCORE:
        problems.append("The password is easy to guess; add words that do not belong together.")
    return tuple(problems)


def _score(password: str, hints: tuple[str, ...]) -> int:
    """zxcvbn's 0 (at once) to 4 (very strong)."""
    from zxcvbn import zxcvbn  # deferred: its word lists take long to load

    looked_at = password[:_LOOKED_AT]
    return int(zxcvbn(looked_at, user_inputs=[*hints, *BLOCKED])["score"])


@cache
def passphrase_list() -> tuple[str, ...]:
    """The words passphrases are made of: short, common, different."""
    text = resources.files("bt_desktop.security").joinpath("words.txt").read_text("utf-8")
    return tuple(dict.fromkeys(text.split()))


def passphrase_bits(words: int = PASSPHRASE_WORDS) -> float:
    """How many bits of chance a passphrase of that many words has."""
    return words * math.log2(len(passphrase_list()))


def offer_passphrase(words: int = PASSPHRASE_WORDS) -> str:
    """A new random passphrase to offer, for example "lamp-river-..."."""
    return "-".join(secrets.choice(passphrase_list()) for _ in range(words))
