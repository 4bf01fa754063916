"""Words found in records, among what the signed-in person may read, newest event first.

Rights come first: the question to the index asks only for texts that the role reads, and each hit
is judged again by `Rights` before a word of it is cut out. What may not be read is neither shown
nor counted. SQLite-only SQL (FTS5) lives here and in `search_index`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Integer, column, func, literal_column, select, table
from sqlalchemy.orm import Session

from bt_desktop.models.finding import TextPart
from bt_desktop.models.records import Record
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.name_index import matched_spans
from bt_desktop.services.names import fold
from bt_desktop.services.openings import Openings
from bt_desktop.services.people_rows import kind_of, people
from bt_desktop.services.person_names import people_in
from bt_desktop.services.pseudonyms import pseudonym
from bt_desktop.services.record_lists import Lists
from bt_desktop.services.record_load import Loaded, load_all
from bt_desktop.services.record_parts import part_of
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.record_sight import Sight
from bt_desktop.services.results.records import RecordFilter, RecordSummary
from bt_desktop.services.results.search import TextHit, TextHits
from bt_desktop.services.search_index import TextIndex

AT_A_SEARCH = 60
"""So many records are read anew before a search is answered: some 100 ms at most."""
LEAST_LETTERS = 2
NOTED_EVERY = timedelta(seconds=30)
_MOST_WORDS = 12
_FEW_OWN = 10
"""So many own texts are each asked for the words: up to 8 ms each for the beginning of a word that
most of 100,000 reports have, as long as it takes to go through a tenth of them."""
_BEFORE, _AFTER = 60, 140
"""Letters shown before and after the beginning of the first match."""
_ON, _OFF = "\x01", "\x02"
_ITSELF: ColumnElement[str] = literal_column("record_text")
"""FTS5 is asked by its own name."""
_INDEX = table("record_text", column("rowid", Integer))
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')

PARTS = {
    "report": "Report",
    "statement": "Statement",
    "nurse": "Nurse's part",
    "review": "Review",
    "follow_up": "Follow-up",
    "debrief": "Debriefing",
    "notice": "Log of calls",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, as a question to the index. `words` are folded, to mark names by."""

    question: str
    words: str


def asked(typed: str) -> Asked | None:
    """The question for what was typed: all words, the last by its beginning, phrases in quotes.

    None where there is nothing to look for yet. Nothing typed is ever read as FTS5's own syntax.
    """
    pieces: list[str] = []
    found = list(_PHRASE.finditer(typed))[:_MOST_WORDS]
    for number, match in enumerate(found):
        phrase = match[1] is not None
        words = _words(match[1] if phrase else match[2])
        if not words:
            continue
        open_end = number == len(found) - 1 and not phrase and match.end() == len(typed)
        pieces.append(_piece(words, open_end))
    letters = sum(len(word) for match in found for word in _words(match[1] or match[2] or ""))
    if not pieces or letters < LEAST_LETTERS:
        return None
    return Asked(" AND ".join(pieces), typed)


def _words(typed: str) -> list[str]:
    """The words as SQLite's tokenizer takes them apart (letters and figures, nothing else)."""
    plain = "".join(c if unicodedata.category(c)[0] in "LNM" or unicodedata.category(c) == "Co"
                    else " " for c in typed)  # fmt: skip
    return plain.split()


def _piece(words: Sequence[str], open_end: bool) -> str:
    """One phrase, as typed and as it may be folded otherwise."""
    end = "*" if open_end else ""
    spellings = dict.fromkeys((" ".join(words), "".join(words)))
    spellings |= dict.fromkeys(filter(None, (fold(one) for one in tuple(spellings))))
    one = " OR ".join(f'"{spelled}"{end}' for spelled in spellings)
    return f"({one})" if len(spellings) > 1 else one


@dataclass(frozen=True, slots=True)
class _Kept:
    """A text that was found and may be read, with its record."""

    row: Any
    loaded: Loaded


class SearchService:
    """Searches the texts of records."""

    def __init__(
        self, context: Context, lists: Lists, shelf: FormShelf, openings: Openings
    ) -> None:
        self._context = context
        self._openings = openings
        self._noted = datetime.min.replace(tzinfo=UTC)
        self._lists = lists
        self._shelf = shelf
        self._index = TextIndex(context, shelf)

    def catch_up(self, most: int = AT_A_SEARCH) -> int:
        """Read up to `most` changed records into the index; how many are left. On a lane."""
        if not self._context.may(Action.TEXT_SEARCH):
            return 0
        return self._index.catch_up(most)

    def texts(
        self,
        typed: str,
        filters: RecordFilter | None = None,
        *,
        limit: int = 20,
        after: int | None = None,
    ) -> TextHits:
        """The records in whose text all the words stand; `after` is the `place` of the last hit.

        Reads into the index first what changed since, within bounds. Looking is no opening: what
        is shown is a few words; opening a hit is written down as any opening.
        """
        self._context.require(Action.TEXT_SEARCH)
        question = asked(typed)
        if question is None:
            return TextHits(())
        behind = self._index.catch_up(AT_A_SEARCH)
        with self._context.store.read() as session:
            rows = self._rows(session, question, filters or RecordFilter(), after)
            kept = self._judged(session, rows, limit + 1)
            hits = self._hits(session, question, kept[:limit])
        return TextHits(hits, len(kept) > limit, behind)

    def looked(self, about: Iterable[str]) -> None:
        """What a search showed was read: how many students, and how many of them others'.

        One entry in the trail, without a word or a name, and at most one in half a minute: a search
        by a student's name is an audited read (security design §6).
        """
        students = {one for one in about if kind_of(one) == "student"}
        now = self._context.clock.now()
        if not students or now - self._noted < NOTED_EVERY:
            return
        self._noted = now
        with self._context.looking() as session:
            others = sum(not self._openings.is_own_student(session, one) for one in students)
            counts = {"found": len(students), "others": others}
            self._context.note(session, "search.used", "search", counts=counts)

    def _rows(
        self, session: Session, question: Asked, filters: RecordFilter, after: int | None
    ) -> Iterator[Any]:
        """Texts that may be read and hold the words, newest first, one by one."""
        sight = Sight(self._context)
        number = _INDEX.c.rowid
        wanted = (
            select(
                TextPart.id,
                TextPart.record_id,
                TextPart.part_key,
                TextPart.current,
                func.highlight(_ITSELF, 0, _ON, _OFF).label("marked"),
            )
            .select_from(_INDEX)
            .join(TextPart, TextPart.id == number)
            .join(Record, Record.id == TextPart.record_id)
            .where(_ITSELF.op("MATCH")(question.question))
            .where(sight.readable(), TextPart.owner.in_(("", self._context.actor.user_id)))
            .where(*self._lists.conditions(filters))
            .order_by(number.desc())
        )
        if sight.only_own:
            # Of a few texts each is asked for the words; else those with the words are gone
            # through, newest first, and an index of one's own must not lead the way.
            own = select(TextPart.id).where(TextPart.record_id.in_(sight.own_ids()))
            few = session.scalars(own.limit(_FEW_OWN + 1)).all()
            wanted = wanted.where(
                number.in_(few) if len(few) <= _FEW_OWN else (number + 0).in_(own)
            )
        if after is not None:
            wanted = wanted.where(number < after)
        yield from session.execute(wanted.execution_options(yield_per=30))

    def _judged(self, session: Session, rows: Iterator[Any], wanted: int) -> list[_Kept]:
        """The first so many records that `Rights` lets the person read, each with its best text."""
        kept: dict[str, _Kept] = {}
        while len(kept) < wanted and (some := list(islice(rows, wanted))):
            ids = list(dict.fromkeys(row.record_id for row in some))
            loaded = load_all(session, self._shelf, ids, self._context.actor.user_id)
            rights = {key: Rights(self._context, one) for key, one in loaded.items()}
            for row in some:
                own = rights[row.record_id]
                if row.record_id not in kept and own.sees and _reads(own, row.part_key):
                    kept[row.record_id] = _Kept(row, loaded[row.record_id])
        return list(kept.values())[:wanted]

    def _hits(
        self, session: Session, question: Asked, kept: Sequence[_Kept]
    ) -> tuple[TextHit, ...]:
        """What is shown of them."""
        records = self._lists.summaries(session, [one.loaded.row for one in kept])
        return tuple(
            self._hit(session, question, one, record)
            for one, record in zip(kept, records, strict=True)
        )

    def _hit(
        self, session: Session, question: Asked, kept: _Kept, record: RecordSummary
    ) -> TextHit:
        row, loaded = kept.row, kept.loaded
        snippet, spans = _cut(row.marked, question.words)
        if not self._context.may(Action.PEOPLE_READ):
            ids = (loaded.row.subject_id or "", *people_in(_answers(loaded)))
            snippet, spans = _without_names(session, ids, row.marked)
        return TextHit(
            record=record,
            part=PARTS.get(part_of(row.part_key), ""),
            snippet=snippet,
            spans=spans,
            earlier=not row.current,
            place=row.id,
        )


def _answers(loaded: Any) -> list[Any]:
    return [loaded.part_answers(key) for key in loaded.part_keys()]


def _reads(rights: Rights, key: str) -> bool:
    """Whether the person reads every word of that part; the log of calls has its own right."""
    if part_of(key) == "notice":
        return rights.may(Action.NOTICE_READ)
    return rights.reads(key)


# --- what is shown of a text ---------------------------------------------------------------------


def _cut(marked: str, words: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words around the first match, and where in them the matches stand."""
    plain, spans = _unmarked(marked)
    if not spans:  # found by a folded spelling
        spans = [span for span in matched_spans(plain, words) if span[1] > span[0]]
    first = spans[0][0] if spans else 0
    begin = max(0, first - _BEFORE)
    end = min(len(plain), first + _AFTER)
    if begin and " " in plain[begin:first]:
        begin = plain.index(" ", begin, first) + 1
    if end < len(plain) and " " in plain[first:end]:
        end = max(plain.rindex(" ", first, end), min(spans[0][1] if spans else 0, len(plain)))
    lead = "… " if begin else ""
    shown = lead + plain[begin:end] + (" …" if end < len(plain) else "")
    inside = [
        (start - begin + len(lead), min(stop, end) - begin + len(lead))
        for start, stop in spans
        if begin <= start < end
    ]
    return shown, tuple(inside)


def _unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    plain: list[str] = []
    spans: list[tuple[int, int]] = []
    at = begin = 0
    for piece in re.split(f"([{_ON}{_OFF}])", marked):
        if piece == _ON:
            begin = at
        elif piece == _OFF:
            spans.append((begin, at))
        else:
            plain.append(piece)
            at += len(piece)
    return "".join(plain), spans


def _without_names(
    session: Session, ids: Sequence[str], marked: str
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """For a role without the directory: students' names as pseudonyms, the matches as they fall.

    Names that were typed into a text as plain words stay, as they do on the record itself.
    """
    students = {one for one in ids if kind_of(one) == "student"}
    for key, person in people(session, students).items():
        for name in (person.name, person.called, person.family, person.given):
            if name:
                letters = f"[{_ON}{_OFF}]*".join(map(re.escape, name))
                marked = re.sub(rf"\b{letters}\b", pseudonym(key), marked)
    return _cut(marked, "")


__all__ = ["Asked", "SearchService", "asked"]
