"""What of a record is put into the index: the words of each part, as people read them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import PEOPLE, SELECTS, Field, Form, say
from bt_desktop.models.records import Notice, Revision
from bt_desktop.services.names import fold
from bt_desktop.services.notices import notice_section
from bt_desktop.services.people_rows import people
from bt_desktop.services.person_names import people_in, strings_in
from bt_desktop.services.privacy_tokens import TOKEN, render
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_parts import NOTICE, REASONS, REPORT, part_of, whose_draft

BETWEEN = " · "
_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ`-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class IndexedText:
    """One text of a record. `current`: nothing signed or typed later took its place.

    `owner` is the user whom alone a draft is for (a review while it is written).
    """

    part_key: str
    text: str
    current: bool
    owner: str = ""

    @property
    def part(self) -> str:
        """The kind of part."""
        return part_of(self.part_key)


def texts_of(session: Session, loaded: Loaded) -> list[IndexedText]:
    """Every text of a record: each revision of each part, what is typed now, the log of notices.

    What is current comes last, so that it gets the greater numbers and is found first.
    """
    rows = session.scalars(
        select(Revision)
        .where(Revision.record_id == loaded.row.id)
        .order_by(Revision.count, Revision.part_key)
    )
    frozen = [(row, json.loads(row.body)) for row in rows]
    notices = [
        (row.id, json.loads(row.row))
        for row in session.scalars(select(Notice).where(Notice.record_id == loaded.row.id))
    ]
    drafts = [
        (*whose_draft(draft.part_key), json.loads(draft.answers))
        for draft in (*loaded.drafts.values(), *loaded.others)
    ]
    everything = [[told for _, told in frozen], [row for _, row in notices], drafts]
    named = (loaded.row.subject_id, loaded.row.reported_by, *people_in(everything))
    names = _names(session, filter(None, named))
    found = [_of_revision(loaded, row, told, names) for row, told in frozen]
    found += [
        IndexedText(f"{NOTICE}:{key}", _call(loaded.form, row, names), True) for key, row in notices
    ]
    found += [
        IndexedText(key, _draft(loaded, key, answers, names), True, owner)
        for key, owner, answers in drafts
    ]
    return sorted(found, key=lambda one: (one.current, one.part == REPORT))


def _of_revision(
    loaded: Loaded, row: Revision, told: Mapping[str, Any], names: Mapping[str, str]
) -> IndexedText:
    """A signed part, with the people as they were called when it was signed."""
    then = {key: str(one.get("name", "")) for key, one in told.get("people", {}).items()}
    answers = {**told["answers"], REASONS: told.get("reasons", {})}
    amends = told.get("amends", {})
    pieces = [*_of_answers(loaded.form, answers, {**names, **then}), amends.get("reason", "")]
    pieces += _head(loaded, row.part_key, told.get("number"))
    ids = dict.fromkeys(filter(None, (told.get("subject"), *people_in(told["answers"]))))
    pieces += [_both(then.get(one, ""), names.get(one, "")) for one in ids]
    newest = loaded.frozen[row.part_key].row.id == row.id
    return IndexedText(row.part_key, BETWEEN.join(dict.fromkeys(filter(None, pieces))), newest)


def _draft(loaded: Loaded, key: str, answers: Mapping[str, Any], names: Mapping[str, str]) -> str:
    pieces = [*_of_answers(loaded.form, answers, names), *_head(loaded, key, loaded.row.number)]
    ids = list(people_in(answers))
    if key == REPORT and loaded.row.subject_id:
        ids.append(loaded.row.subject_id)
    pieces += [names.get(one, "") for one in ids]
    return BETWEEN.join(dict.fromkeys(filter(None, pieces)))


def _call(form: Form, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A row of the log of calls."""
    answers = {notice_section(form).name: [row]}
    return BETWEEN.join(_of_answers(form, answers, names))


def _head(loaded: Loaded, key: str, number: str | None) -> tuple[str, ...]:
    """Of all parts the report alone is found by what heads the record."""
    if key != REPORT:
        return ()
    return (number or "", loaded.row.place, say(loaded.form.title))


def _both(then: str, now: str) -> str:
    return then if now in ("", then) else f"{then} ({now})" if then else now


def _names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Whole names; a name that somebody goes by besides stands in brackets."""
    found = {}
    for key, person in people(session, set(ids)).items():
        besides = person.preferred if person.preferred not in person.name.split() else ""
        found[key] = f"{person.name} ({besides})" if besides else person.name
    return found


# --- answers as words ----------------------------------------------------------------------------


def _of_answers(form: Form, answers: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """What was written freely first, then the labels of what was chosen, then people."""
    said: tuple[list[str], list[str], list[str]] = ([], [], [])
    for field, value in _fields(form, answers):
        at = 2 if field.type in PEOPLE else 1 if field.type in SELECTS else 0
        said[at].extend(_of_field(form, field, value, names))
    reasons = answers.get(REASONS)
    said[0].extend(_rendered(text, names) for text in strings_in(reasons or {}))
    for words in said:
        yield from dict.fromkeys(filter(None, words))


def _fields(form: Form, answers: Mapping[str, Any]) -> Iterator[tuple[Field, Any]]:
    for section in form.sections:
        rows: Iterable[Any] = (
            answers.get(section.name) or [] if section.repeat is not None else [answers]
        )
        for row in rows if isinstance(rows, (list, tuple)) else []:
            if not isinstance(row, Mapping):
                continue
            for field in section.fields:
                if field.name in row:
                    yield field, row[field.name]


def _of_field(form: Form, field: Field, value: Any, names: Mapping[str, str]) -> Iterator[str]:
    if isinstance(value, Mapping):  # typed text that is no value yet, or why nobody knows
        yield from (_rendered(text, names) for text in strings_in(value))
    elif field.type == "text" and isinstance(value, str):
        yield _rendered(value, names)
    elif field.type in SELECTS:
        labels = {choice.name: say(choice.label) for choice in form.choices_of(field.name)}
        chosen = value if isinstance(value, list) else [value]
        yield from (labels.get(one, "") for one in chosen if isinstance(one, str))
    elif field.type in PEOPLE:
        ids = value if isinstance(value, list) else [value]
        yield from (names.get(one, one) for one in ids if isinstance(one, str))


def _rendered(text: str, names: Mapping[str, str]) -> str:
    """A text with its tokens as names, in one line."""
    if "{@" in text and TOKEN.search(text):
        text = render(text, lambda key: names.get(key, "somebody"))
    return " ".join(text.split())


# --- words as people type them -------------------------------------------------------------------


def letters_only(text: str) -> str:
    """As SQLite's `unicode61 remove_diacritics 2` folds a word: small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


def other_spellings(text: str) -> str:
    """Words that people type otherwise than SQLite reads them: `Łucja` as `lucja`, `O'Brien` as
    `obrien`, `Núñez-Okafor` as `nunezokafor`."""
    found: dict[str, None] = {}
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii() and word.isalnum():
            continue
        plain = "".join(c for c in fold(word) if c.isalnum())
        if plain and plain != letters_only(word):
            found[plain] = None
        for piece in re.split(r"['’‘ʼ`-]", word):
            folded = "".join(c for c in fold(piece) if c.isalnum())
            if folded and folded != letters_only(piece):
                found[folded] = None
    return " ".join(found)
