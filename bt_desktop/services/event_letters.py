"""The letters of events that turn out to be one: no letter on paper ever changes (ADR 0010).

Every event of a group holds the letters of the whole group, so that whoever asks for the letters of
a record's own event has them all, and each keeps what it has when events are taken apart again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from bt_desktop.models.copies import Copy
from bt_desktop.models.records import Letter, Record
from bt_desktop.services.privacy_tokens import assign_letters
from bt_desktop.services.problems import JoinRefused
from bt_desktop.services.record_document import letters_of

_WITH_LETTERS = ("parent", "notice")
"""How the kinds of copies end that bear letters (`Order.for_parent`); others name everybody."""


def merge_letters(session: Session, one: Sequence[str], other: Sequence[str]) -> None:
    """Give both groups of events the same letters. Raises JoinRefused where paper contradicts.

    Where the letters of the two do not fit together, the group of which no parent's paper was made
    takes the letters of the other. Where both have papers, nothing can be right for both.
    """
    first, second = letters_of(session, one[0]), letters_of(session, other[0])
    if not _contradict(first, second):
        _write(session, (*one, *other), {**first, **second})
    elif not _on_paper(session, other):
        _write(session, (*one, *other), _extended(first, second))
    elif not _on_paper(session, one):
        _write(session, (*one, *other), _extended(second, first))
    else:
        raise JoinRefused(
            "letters-differ",
            "Parents were given papers of both, and the letters of other students differ in them.",
            "Leave them apart: joined, one letter would stand for two children.",
        )


def copy_letters(session: Session, source: str, to: str) -> None:
    """Give a new event the letters of the one that a record is taken out of."""
    _write(session, (to,), letters_of(session, source))


def _contradict(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether a student has two letters, or a letter two students."""
    students = {letter: student for student, letter in one.items()}
    return any(
        one.get(student, letter) != letter or students.get(letter, student) != student
        for student, letter in other.items()
    )


def _extended(kept: Mapping[str, str], changed: Mapping[str, str]) -> dict[str, str]:
    """The kept letters, and the next free ones for the students that only the others know."""
    in_order = sorted(changed, key=lambda student: (len(changed[student]), changed[student]))
    return assign_letters(in_order, known=kept)


def _on_paper(session: Session, events: Iterable[str]) -> bool:
    """Whether a copy with letters was made of any record of these events."""
    made = (
        exists()
        .where(Copy.record_id == Record.id)
        .where(or_(*(Copy.kind.endswith(end) for end in _WITH_LETTERS)))
        .where(Record.event_id.in_(list(events)))
    )
    return bool(session.scalar(select(made)))


def _write(session: Session, events: Iterable[str], letters: Mapping[str, str]) -> None:
    for event in events:
        session.execute(delete(Letter).where(Letter.event_id == event))
        session.add_all(
            Letter(event_id=event, student_id=student, letter=letter)
            for student, letter in letters.items()
        )
    session.flush()
