"""What is told to a parent: begun from the narrative, letters given, names looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form
from bt_desktop.models.records import Letter
from bt_desktop.services.event_group import group_of
from bt_desktop.services.names import PersonNames, folded_words, forms
from bt_desktop.services.names_common import is_common
from bt_desktop.services.person_names import people_in
from bt_desktop.services.privacy import (
    Decision,
    NameFinding,
    NameIndex,
    NameNet,
    ParentText,
    Token,
    unsettled,
)
from bt_desktop.services.privacy_people import family_of, names_in
from bt_desktop.services.privacy_tokens import assign_letters, placed_letters
from bt_desktop.services.problems import CopyRefused
from bt_desktop.services.record_document import Printable, letters_of
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.results.copies import Settled

_NARRATIVE = "narrative"
_SURE = frozenset(("name", "nickname", "joined"))
_SHORT = 2
"""Words of so few letters (Ed, Al) are names for sure only at the event itself."""


@dataclass(frozen=True, slots=True)
class Net:
    """The names to look for in one event's texts."""

    names: NameNet
    own: PersonNames
    family: tuple[PersonNames, ...] = ()
    staff: tuple[PersonNames, ...] = ()

    def find(self, text: str) -> tuple[NameFinding, ...]:
        """Every word that is or nearly is another student's name."""
        return self.names.find(text)

    def open(self, text: str, settled: Sequence[Settled]) -> tuple[NameFinding, ...]:
        """The findings that nobody settled; "the own child" settles only names of the child and its
        family, "staff" only names of the staff."""
        named = {
            "own_child": {form for one in (self.own, *self.family) for form, _ in forms(one)},
            "staff": {form for one in self.staff for form, _ in forms(one)},
        }
        fitting = [
            one
            for one in settled
            if one.decision not in named or named[one.decision].issuperset(folded_words(one.word))
        ]
        return unsettled(self.find(text), fitting)

    def may_name_a_child(self, text: str) -> bool:
        """Whether words that nobody settles one by one (the purpose of an opening) may name another
        child: anything the net finds but what is probably an ordinary word."""
        return any(found.suggestion != "ordinary_word" for found in self.find(text))

    def names_a_child(self, text: str) -> bool:
        """Whether words of the school's own, which nobody releases one by one (a title, the name
        of a hold), surely name another child: no guess, no ordinary word, no staff member."""
        return any(_sure(found) for found in self.find(text))


def _sure(found: NameFinding) -> bool:
    words = folded_words(found.word)
    return (
        found.why in _SURE
        and not found.is_parent
        and found.suggestion not in ("own_child", "staff")
        and not all(is_common(word) for word in words)
        and (bool(found.letter) or len("".join(words)) > _SHORT)
    )


def give_letters(session: Session, loaded: Loaded, made: Printable) -> dict[str, str]:
    """The letters of the event's other students; new ones are written down for good."""
    event = loaded.row.event_id
    known = letters_of(session, event)
    given = assign_letters(
        people_in(_in_reading_order(made)),
        subject_id=loaded.subject_id,
        known=known,
    )
    for student_id, letter in given.items():
        if student_id not in known:
            for each in group_of(session, event):  # all events of a group hold the same letters
                session.add(Letter(event_id=each, student_id=student_id, letter=letter))
    return given


def _in_reading_order(made: Printable) -> list[Any]:
    """The answers as the form asks them, then the log: a signed body is in no such order."""
    document = made.document
    names = [
        name
        for section in document.form.sections
        for name in (section.name, *(field.name for field in section.fields))
    ]
    told = [document.answers[name] for name in names if name in document.answers]
    return [*told, *(dict(notice) for notice in document.notices)]


@dataclass(frozen=True, slots=True)
class Begun:
    """What a parent may begin to read, and where in it the writer's own choice of a person stands
    (the tokens `@` makes, now names)."""

    text: str
    placed: tuple[Token, ...] = ()

    def settled(self, findings: Iterable[NameFinding]) -> dict[str, Decision]:
        """The findings that the writer settled already, by key.

        Where the child or a staff member was chosen from the list, the name that stands there is
        theirs, however near it comes to another child's (Mario, where a Maria goes to the school).
        Where another child bears the very name, a person is asked all the same.
        """
        ways: dict[str, Decision] = {"student": "own_child", "staff": "staff"}
        return {
            found.key: ways[place.kind]
            for found in findings
            for place in self.placed
            if found.why == "near" and place.kind in ways and found.suggestion == ways[place.kind]
            if place.start <= found.start and found.end <= place.end
        }


def begun_text(made: Printable, letters: dict[str, str]) -> Begun:
    """The narrative as a parent may begin to read it: tokens turned into letters and names."""
    document = made.document
    subject = document.subject
    if subject is None:
        raise no_subject()
    told = document.answers.get(_narrative_name(document.form), "")
    staff = {key: one.name for key, one in document.people.items() if one.kind == "staff"}
    text, placed = placed_letters(
        told if isinstance(told, str) else "",
        letters,
        subject_id=subject.id,
        subject_name=subject.given or subject.name,
        staff=staff,
    )
    return Begun(text, placed)


def _narrative_name(form: Form) -> str:
    """The question that tells the story: the one of that name, else the first of that look."""
    told = [
        field.name
        for field in form.fields().values()
        if field.type == "text" and field.looks(_NARRATIVE) and not field.repeat
    ]
    return _NARRATIVE if _NARRATIVE in told else next(iter(told), _NARRATIVE)


def net(session: Session, index: NameIndex, subject_id: str | None, letters: dict[str, str]) -> Net:
    """The net under a parent's copy: every student of the school but the own child, and every
    guardian but its own."""
    subject = _names_of(index, subject_id)
    staff = names_in(session, ("staff",))
    family = family_of(session, subject.id)
    own = tuple(index.people[index.number_of[one]] for one in sorted(family & set(index.number_of)))
    return Net(NameNet(index, subject, staff, letters, family), subject, own, staff)


def _names_of(index: NameIndex, subject_id: str | None) -> PersonNames:
    number = index.number_of.get(subject_id or "")
    if number is None:
        raise no_subject()
    return index.people[number]


def no_subject() -> CopyRefused:
    """A record about nobody has no parent."""
    return CopyRefused(
        "no-subject",
        "This record does not say which student it is about.",
        "Choose the student in the report first.",
    )


def parent_text(begun: Begun, net: Net, letters: dict[str, str]) -> ParentText:
    """What the window works on."""
    findings = net.find(begun.text)
    return ParentText(begun.text, findings, begun.settled(findings), letters)
