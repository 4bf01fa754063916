"""R2: names so similar that one child may be taken for another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bt_desktop.services.names import fold
from bt_desktop.services.privacy_near import apart

_MOST = 2
_FEW = 5


@dataclass(frozen=True, slots=True)
class Called:
    """A student as far as names can be mistaken; `guardians` are ids."""

    id: str
    given: str
    preferred: str
    family: str
    grade: str
    guardians: frozenset[str] = frozenset()


def similar(one: Called, others: Iterable[Called]) -> tuple[Called, ...]:
    """Those of `others` who could be mistaken for `one`, in their order."""
    return tuple(other for other in others if other.id != one.id and alike(one, other))


def alerts(students: Iterable[Called], about: Iterable[str]) -> dict[str, tuple[Called, ...]]:
    """For each of `about` (ids) the students who could be mistaken for them; only where any are.

    Only those who share a last name, initials in a grade, or a guardian are compared.
    """
    everybody = {one.id: one for one in students}
    asked = [one for one in about if one in everybody]
    if len(asked) <= _FEW:  # a panel asks for one: no need to sort everybody first
        pairs = {one: similar(everybody[one], everybody.values()) for one in asked}
        return {one: mistaken for one, mistaken in pairs.items() if mistaken}
    groups: dict[tuple[str, ...], list[Called]] = {}
    for one in everybody.values():
        for key in _keys(one):
            groups.setdefault(key, []).append(one)
    found = {}
    for student_id in asked:
        meant = everybody[student_id]
        near = {other.id: other for key in _keys(meant) for other in groups[key]}
        mistaken = similar(meant, near.values())
        if mistaken:
            found[student_id] = mistaken
    return found


def _keys(one: Called) -> set[tuple[str, ...]]:
    keys = {("family", _plain(one.family))} | {("guardian", g) for g in one.guardians}
    return keys | {("initials", one.grade, initials) for initials in _initials(one)}


def alike(one: Called, other: Called) -> bool:
    """Same last name with first names at most two letters apart; the same whole name; siblings;
    the same initials in one grade. Alike is always mutual."""
    if one.guardians & other.guardians:
        return True
    family = _plain(one.family)
    if family and family == _plain(other.family) and _near(one, other):
        return True
    same_grade = bool(one.grade) and one.grade == other.grade
    return same_grade and bool(_initials(one) & _initials(other))


def _near(one: Called, other: Called) -> bool:
    return any(apart(a, b, _MOST) <= _MOST for a in _names(one) for b in _names(other))


def _names(one: Called) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_plain(name) for name in (one.given, one.preferred) if name.strip()))


def _initials(one: Called) -> set[str]:
    family = _plain(one.family)
    return {f"{name[:1]}{family[:1]}" for name in _names(one) if name and family}


@lru_cache(maxsize=20_000)  # a board folds each name of a school many times
def _plain(text: str) -> str:
    """Letters and digits only, folded: `Łucja-Mae` and `Lucja Mae` are one name."""
    return "".join(letter for letter in fold(text) if letter.isalnum())
