"""Common school medicines: suggested while typing, and held against a list of allergies (R17).

The list warns and suggests; what counts is the order and the label. Words are compared without
case and accents, whole words only ("insulin" is not found in "insulinoma"); a long word may be one
letter off, because lists of allergies are typed in a hurry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bt_desktop.paper.mar_content import says_none
from bt_desktop.services.health.medicine_list import (
    NEAR_FROM,
    Known,
    catalogue,
    meant,
    named,
    singular,
    spelled,
    stands,
)
from bt_desktop.services.names import fold, folded_words
from bt_desktop.services.privacy_near import apart

_FEWEST = 2
_OWN_FROM = 4
"""Letters from which a word of the medicine's name stands for itself in a list of allergies."""

_UNKNOWN = re.compile(
    r"\W*(unknown|not known|allergies unknown|not asked|ask|to ask|tbd|n/a|na)?\W*\Z", re.I
)
_BETWEEN = re.compile(r"[,;/\n&+]|\.\s|\b(?:and|or)\b", re.I)
_NOTHING_SAID = """
with extended release delayed long acting immediate oral tablet tablets capsule capsules liquid
solution suspension syrup chewable dissolving spray nasal inhaler patch cream ointment drops
injection pen powder children childrens junior infant adult strength extra maximum acid sodium
potassium hydrochloride chloride sulfate sulphate salts mixed vitamin daily
"""
_SAYS_NOTHING = frozenset(_NOTHING_SAID.split())
"""Words of a medicine's name by which nobody is allergic to it."""


# --- names ---------------------------------------------------------------------------------------


def suggestions(typed: str, limit: int = 6) -> tuple[Known, ...]:
    """Medicines of which some name begins so, the own name first; one letter may be off where
    nothing begins so."""
    start = fold(typed.strip())
    if len(start) < _FEWEST:
        return ()
    found = _beginning(start, 0) or (_beginning(start, 1) if len(start) >= NEAR_FROM else [])
    return tuple(found[:limit])


def _beginning(start: str, off: int) -> list[Known]:
    def begins(name: str) -> bool:
        plain = fold(name)
        return plain.startswith(start) or (off > 0 and apart(plain[: len(start)], start) <= off)

    every = catalogue().medicines
    own = [one for one in every if begins(one.name)]
    return own + [one for one in every if one not in own and any(map(begins, one.also))]


def known(name: str) -> Known | None:
    """The medicine of the list that a written name names, whatever stands around it.

    Of several the one named by most words ("Tylenol with codeine" is no Tylenol), then one that is
    controlled.
    """
    found = named(meant(folded_words(name)))
    return max(
        found,
        key=lambda one: (len(found[one]), bool(one.schedule), len("".join(found[one]))),
        default=None,
    )


def schedule_of(name: str) -> str:
    """The schedule that a medicine of this name usually has; blank for none, or not known."""
    one = known(name)
    return one.schedule if one is not None else ""


# --- allergies -----------------------------------------------------------------------------------


def allergies_known(allergies: str) -> bool:
    """Whether allergies are written down, or that there are none; “unknown” is not."""
    return _UNKNOWN.match(allergies) is None


def conflict(allergies: str, medicine: str) -> str:
    """What of a list of allergies speaks against a medicine: the written words, or blank.

    By the medicine's own words, another name of it, what it contains, its class ("penicillins"),
    or another medicine of a class in which one allergy speaks against all (aspirin, ibuprofen).
    """
    words, listed = folded_words(medicine), catalogue()
    ours = named(meant(words))
    against = [name for one in ours for name in (*one.names(), *one.contains)]
    against += [name for one in ours for code in one.classes for name in listed.class_words(code)]
    own = [singular(word) for word in words if len(word) >= _OWN_FROM and _tells(word)]
    crossing = frozenset(code for one in ours for code in listed.crossing(one))
    for written in _BETWEEN.split(allergies):
        said = folded_words(written)
        if not said or says_none(written):
            continue
        there = meant(said)
        if (
            any(stands(spelled(one), there) for one in against)
            or any(_same(one, singular(word)) for one in own for word in said)
            or crossing & _crossing_of(there)
        ):
            return " ".join(written.split())
    return ""


def _tells(word: str) -> bool:
    return word not in _SAYS_NOTHING and not word[0].isdigit()


def _same(one: str, other: str) -> bool:
    """The same word, of a long one also with one letter off."""
    return one == other or (min(len(one), len(other)) >= NEAR_FROM and apart(one, other) <= 1)


def _crossing_of(there: Sequence[frozenset[str]]) -> frozenset[str]:
    """The crossing classes of what is named there, as a medicine or as a class."""
    listed = catalogue()
    classes = {
        code
        for code in listed.classes
        if any(stands(spelled(name), there) for name in listed.class_words(code))
    }
    meds = [*named(there), *(one for one in listed.medicines if classes & set(one.classes))]
    return frozenset(code for one in meds for code in listed.crossing(one))


__all__ = ["Known", "allergies_known", "conflict", "known", "schedule_of", "suggestions"]
