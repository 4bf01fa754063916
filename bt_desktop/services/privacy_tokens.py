"""Person tokens in long texts (`{@student:<uuid>}`), and the letters that stand for students."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

TOKEN = re.compile(r"\{@((student|staff|guardian):[0-9A-Za-z-]{1,64})\}")
"""Group 1 is the person's id as the services have it, group 2 its kind."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token in a text, or what stands for it: from `start` to `end`, naming the person `id`."""

    start: int
    end: int
    id: str
    kind: str


def token(person_id: str) -> str:
    """The token of a person: `student:1f2e` → `{@student:1f2e}`."""
    return f"{{@{person_id}}}"


def find_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text, in order."""
    return tuple(Token(m.start(), m.end(), m[1], m[2]) for m in TOKEN.finditer(text))


def render(text: str, say: Callable[[str], str]) -> str:
    """Replaces each token by `say(id)`; what `say` returns is put in as it is."""
    return TOKEN.sub(lambda found: say(found[1]), text)


def render_names(text: str, names: Mapping[str, str]) -> str:
    """Tokens as names, for the school's own eyes; an unknown person is "unknown student" ..."""
    return TOKEN.sub(lambda found: names.get(found[1]) or f"unknown {found[2]}", text)


def letter_name(letter: str | None) -> str:
    """What stands for another student on a parent's paper: `A` → `Student A`."""
    return f"Student {letter}" if letter else "another student"


def render_letters(
    text: str,
    letters: Mapping[str, str],
    *,
    subject_id: str,
    subject_name: str,
    staff: Mapping[str, str] | None = None,
) -> str:
    """Tokens as a parent may read them.

    The subject is called `subject_name` (the first name), every other student `Student A` and so
    on by `letters`, or "another student" where none is given; staff by `staff`, or "a staff
    member"; anyone else is "another person". No name of another student can come out of this.
    """
    return placed_letters(
        text, letters, subject_id=subject_id, subject_name=subject_name, staff=staff
    )[0]


def placed_letters(
    text: str,
    letters: Mapping[str, str],
    *,
    subject_id: str,
    subject_name: str,
    staff: Mapping[str, str] | None = None,
) -> tuple[str, tuple[Token, ...]]:
    """`render_letters`, and where in what comes out of it each person now stands."""

    def say(person: Token) -> str:
        if person.id == subject_id:
            return subject_name
        if person.kind == "student":
            return letter_name(letters.get(person.id))
        if person.kind == "staff":
            return (staff or {}).get(person.id) or "a staff member"
        return "another person"

    pieces: list[str] = []
    placed: list[Token] = []
    done = length = 0
    for found in find_tokens(text):
        pieces += [text[done : found.start], say(found)]
        start = length + len(pieces[-2])
        length = start + len(pieces[-1])
        placed.append(Token(start, length, found.id, found.kind))
        done = found.end
    return "".join([*pieces, text[done:]]), tuple(placed)


def letter(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA, 27 → AB, as the columns of a spreadsheet."""
    found = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def assign_letters(
    ids: Iterable[str], *, subject_id: str | None = None, known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Gives each other student of an event a letter, in the order in which they first appear.

    `ids` may hold repeats, staff and the subject; they get none. Letters in `known` stay with
    whom they are, for ever; new students get the next free ones.
    """
    letters = dict(known or {})
    taken = set(letters.values())
    number = 0
    for person_id in ids:
        if person_id == subject_id or person_id in letters or not person_id.startswith("student:"):
            continue
        while letter(number) in taken:
            number += 1
        letters[person_id] = letter(number)
        taken.add(letters[person_id])
    return letters


def students_of(*texts: str) -> tuple[str, ...]:
    """The students whose tokens stand in these texts, in order of first appearance."""
    found = (t.id for text in texts for t in find_tokens(text) if t.kind == "student")
    return tuple(dict.fromkeys(found))
