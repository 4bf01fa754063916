"""One builder for all papers for parents: a paper's sentences, filled from what it may hold.

Safe by construction: before anything is said, the answers are cut down to the paper's own list of
fields, each of which is `privacy: parent` in the form that the record was written with. Conditions
look at the whole record and say nothing of it. The only free text is the released one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bt_desktop.form_engine.evaluation import evaluate
from bt_desktop.paper import body_map, words
from bt_desktop.paper.document import CopyMark, Letterhead, RecordDocument
from bt_desktop.paper.languages import is_english, language_name
from bt_desktop.paper.layout import Sheet, build_letter
from bt_desktop.paper.letter import (
    Headline,
    Letter,
    Lines,
    Marked,
    Pairs,
    Picture,
    Sheetlet,
    Slip,
    Under,
)
from bt_desktop.paper.notice_papers import (
    SLOT,
    Bullets,
    Facts,
    Figure,
    Head,
    Item,
    Paper,
    Released,
    Rows,
    Say,
    Text,
)
from bt_desktop.paper.parent_copy import may_stand
from bt_desktop.paper.report import DRAFT, SEALED
from bt_desktop.paper.sections import text_of
from bt_desktop.paper.shown import Sayer, is_blank, say

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Field

_OPTION = re.compile(r"\[([^\[\]]*)\]")
_CHOICES = ("select_one", "select_multiple")
IN_ENGLISH = "Written by staff in English."
ASK = "You can ask us for an interpreter."
WAYS = ("handed over", "mailed", "emailed", "sent home with {child}")
TICKS = ("I read this paper.", "Please call me.")
MOST_SENTENCES = 10
"""Rows of a repeat that one fact tells: three hundred injuries are not read, and fill pages."""
SIGN = ("Signature", "Your name", "You are the child's", "Date")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets the paper: their language's code, and whether they need an interpreter."""

    language: str = ""
    interpreter: bool = False


def applies(paper: Paper, doc: RecordDocument) -> bool:
    """Whether the paper is for this record."""
    return paper.form == doc.form.form and _holds(paper.when, doc.answers, doc)


def variant_of(paper: Paper, doc: RecordDocument) -> str:
    """Which of its variants the record calls for (`A`); "" for a paper without any."""
    value = doc.answers.get(paper.variant) if paper.variant else ""
    return value if isinstance(value, str) else ""


def notice(  # what is on the page, each thing by itself
    paper: Paper,
    doc: RecordDocument,
    head: Letterhead,
    mark: CopyMark,
    text: str,
    reader: Reader,
    names_a_child: Callable[[str], bool] | None = None,
) -> tuple[bytes, int]:
    """The paper as PDF bytes, not yet sealed, and its count of pages; same input, same bytes."""
    number = doc.number or "Draft without a number"
    child = _child(doc)
    sheet = Sheet(
        title=number,
        head_right=("For the parent or guardian", f"of {child}"),
        running=f"{number} · for the parent",
        foot=DRAFT if mark.draft else SEALED,
        record_number=doc.number,
        record_digest=doc.digest,
    )
    letter = notice_letter(paper, doc, head, mark, text, reader, names_a_child)
    return build_letter(letter, head, mark, sheet)


def notice_letter(  # as `notice`
    paper: Paper,
    doc: RecordDocument,
    head: Letterhead,
    mark: CopyMark,
    text: str,
    reader: Reader,
    names_a_child: Callable[[str], bool] | None = None,
) -> list[Letter]:
    """What the paper says, in order."""
    page = _Page(paper, doc, head, names_a_child)
    made: list[Letter] = [Headline(page.title())]
    if mark.replaces is not None:
        day = words.long_day(mark.replaces).partition(", ")[2]
        made.append(Lines(f"This takes the place of the paper of {day}.", strong=True))
    waiting: Under | None = None
    for item in paper.page:
        if isinstance(item, Head):
            waiting = page.under(item)
            continue
        blocks = page.released(item, text, reader) if isinstance(item, Released) else page.say(item)
        own_head = isinstance(item, Released) and bool(say(item.heading))
        if blocks and waiting is not None and not own_head:
            made.append(waiting)
            waiting = None
        made += blocks
    return [*made, closing(head, doc.reported_by, reader), page.slip(mark)]


def _child(doc: RecordDocument) -> str:
    subject = doc.subject
    return (subject.given or subject.name) if subject else "your child"


def _holds(condition: str, answers: Mapping[str, Any], doc: RecordDocument) -> bool:
    return not condition or bool(evaluate(condition, answers, doc.event_at))


class _Page:
    """Says one paper about one record."""

    def __init__(
        self,
        paper: Paper,
        doc: RecordDocument,
        head: Letterhead,
        names_a_child: Callable[[str], bool] | None,
    ) -> None:
        self._paper, self._doc, self._head = paper, doc, head
        self._say = Sayer(doc, for_parent=True, names_a_child=names_a_child)
        self._fields = {
            name: field
            for name, field in doc.form.fields().items()
            if name in paper.fields and may_stand(field) and field.type != "text"
        }
        self._answers = self._allowed(doc.answers)
        self._child = _child(doc)
        self._general = {
            "child": self._child,
            "school": head.school_name,
            "phone": head.phone,
            "contact": head.contact,
            "writer": doc.reported_by,
        }

    def _allowed(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers that may be said: nothing else is at hand when sentences are filled."""
        kept: dict[str, Any] = {k: v for k, v in answers.items() if k in self._fields}
        for section in self._doc.form.sections:
            rows = answers.get(section.name)
            if section.repeat is not None and isinstance(rows, list):
                kept[section.name] = [
                    {k: v for k, v in row.items() if k in self._fields}
                    for row in rows
                    if isinstance(row, Mapping)
                ]
        return kept

    def _rows(self, section: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """The rows of a repeat: what may be said of each, and all of it for conditions."""
        rows, allowed = self._doc.answers.get(section), self._answers.get(section)
        if not isinstance(rows, list) or not isinstance(allowed, list):
            return []
        whole = [row for row in rows if isinstance(row, Mapping)]
        return list(zip(allowed, whole, strict=True))

    # --- sentences -----------------------------------------------------------------------------

    def _value(self, name: str, answers: Mapping[str, Any], *, several: bool) -> str:
        if name in self._general:
            return self._general[name]
        field = self._fields.get(name)
        value = answers.get(name)
        if field is None or is_blank(value) or isinstance(value, Mapping):
            return ""  # "not known" leaves its sentence away
        if field.type in _CHOICES:
            told = list(self._chosen(field, value))
            return words.listed(told) if several else "; ".join(told)
        return text_of(self._say.value(field, answers))

    def _chosen(self, field: Field, value: Any) -> Iterator[str]:
        own = self._paper.words.get(field.name, {})
        for name in value if isinstance(value, list) else [value]:
            choice = self._say.choice(field, str(name))
            if choice is None:
                continue
            text = say(own[choice.name]) if choice.name in own else _small(say(choice.label))
            if text:
                yield text.replace("{child}", self._child)

    def _filled(self, text: Text, answers: Mapping[str, Any]) -> str:
        """A sentence with its slots filled; "" where one outside of `[...]` is blank."""

        def fill(part: str) -> str:
            blank = False

            def put(found: re.Match[str]) -> str:
                nonlocal blank
                value = self._value(found[1], answers, several=bool(found[2]))
                blank = blank or not value
                return value

            filled = SLOT.sub(put, part)
            return "" if blank else filled

        template = _OPTION.sub(lambda found: fill(found[1]), say(text))
        filled = fill(template)
        return filled[:1].upper() + filled[1:]

    def _applies(self, condition: str, row: Mapping[str, Any] | None = None) -> bool:
        answers = self._doc.answers
        return _holds(condition, {**answers, **row} if row else answers, self._doc)

    # --- blocks --------------------------------------------------------------------------------

    def title(self) -> str:
        """What the paper is called for this record."""
        for title in self._paper.titles:
            if self._applies(title.when):
                return self._filled(title.text, self._answers)
        return say(self._paper.label)

    def under(self, head: Head) -> Under | None:
        """A heading, where it applies."""
        text = self._filled(head.text, self._answers) if self._applies(head.when) else ""
        return Under(text) if text else None

    def say(self, item: Item) -> list[Letter]:
        """The blocks of one item of the page."""
        match item:
            case Say():
                text = self._filled(item.text, self._answers) if self._applies(item.when) else ""
                return [Lines(text, item.strong, item.alarm)] if text else []
            case Facts():
                pairs = tuple(self._facts(item))
                return [Pairs(pairs)] if pairs else []
            case Bullets():
                return self._bullets(item)
            case Rows():
                return self._table(item)
            case Figure(name):
                return self._picture(name)
            case Head() | Released():
                return []

    def _picture(self, name: str) -> list[Letter]:
        """The marked body, where a parent may see it: place and kind, none of staff's words."""
        field = self._doc.form.fields().get(name)
        if field is None or field.type != "body_map" or field.privacy == "internal":
            return []
        shown = body_map.read(self._doc.answers.get(name))
        picture = body_map.small_for_parent(shown) if shown is not None else None
        if shown is None or picture is None:
            return []
        told = body_map.said_to_parent(shown, self._doc.form.choices_of(name))
        return [Picture(picture, told)]

    def _facts(self, item: Facts) -> Iterator[tuple[str, str]]:
        for fact in item.facts:
            if fact.each:
                rows = self._rows(fact.each)
                told = [
                    self._filled(fact.say, {**self._answers, **allowed})
                    for allowed, row in rows
                    if self._applies(fact.when, row)
                ]
            else:
                told = [self._filled(fact.say, self._answers)] if self._applies(fact.when) else []
            told = list(dict.fromkeys(filter(None, told)))
            more = len(told) - MOST_SENTENCES
            if more > 0:
                told[MOST_SENTENCES:] = [f"And {more} more. The school has the full list."]
            if told:
                yield self._filled(fact.label, self._answers), " ".join(told)

    def _bullets(self, item: Bullets) -> list[Letter]:
        if not self._applies(item.when):
            return []
        lines = tuple(self._plain(line) for line in item.lines)
        return [Marked(lines, item.columns)]

    def _plain(self, text: Text) -> str:
        return say(text).replace("{child}", self._child)

    def _table(self, item: Rows) -> list[Letter]:
        rows = []
        for allowed, _ in self._rows(item.each):
            answers = {**self._answers, **allowed}
            cells = []
            for cell in item.columns:
                if cell.of:
                    told = [self._value(name, answers, several=False) for name in cell.of]
                    parts = [part for text in told if text for part in text.split("; ")]
                    text = "; ".join(dict.fromkeys(parts)) or say(cell.none)
                    cells.append(text[:1].upper() + text[1:])
                else:
                    cells.append(self._filled(cell.say, answers))
            rows.append(tuple(cells))
        heads = tuple(self._plain(cell.head) for cell in item.columns)
        return [Sheetlet(heads, tuple(rows))] if rows else []

    def released(self, item: Released, text: str, reader: Reader) -> list[Letter]:
        """The text that a person wrote for the parent and released, tokens in it as letters."""
        told = self._say.text(text).strip()
        if not told:
            return []
        heading = self._filled(item.heading, self._answers)
        made: list[Letter] = [Under(heading)] if heading else []
        made.append(Lines(told))
        if not is_english(reader.language):
            made.append(Lines(IN_ENGLISH, quiet=True))
        return made

    def slip(self, mark: CopyMark) -> Slip:
        """The slip to cut off: which paper, about whom, how it came, who signs."""
        number = self._doc.number or "Draft"
        when = words.short_day(self._doc.event_at) if self._doc.event_at else ""
        return slip((say(self._paper.label), self._child, when, number), self._child, mark)


def closing(head: Letterhead, writer: str, reader: Reader) -> Lines:
    """Whom to call, who wrote it, and that it can be told in the family's language."""
    whom = ", ".join(part for part in (head.contact, head.phone) if part)
    call = f"Questions? Call {whom}." if whom else "Questions? Call the school."
    wrote = f"Filled in by {writer}." if writer else ""
    name = language_name(reader.language)
    english = is_english(reader.language)
    ask = ASK if english else f"We can tell you about this paper in {name}. {ASK}"
    return Lines(" ".join(filter(None, (call, wrote, ask))))


def slip(about: Sequence[str], child: str, mark: CopyMark, ticks: tuple[str, ...] = TICKS) -> Slip:
    """The slip to cut off about a paper; `about` says which, in a few words each."""
    copy = f"copy {mark.copy_number}" if mark.copy_number else ""
    told = " · ".join(filter(None, (*about, copy)))
    if mark.for_whom:
        told += f" · for {mark.for_whom}"
    return Slip(told, ticks, tuple(way.replace("{child}", child) for way in WAYS), SIGN)


def _small(text: str) -> str:
    """A choice's label inside a sentence: a capital that begins a plain word becomes small."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or len(text) == 1 else text


def papers_for(papers: Sequence[Paper], doc: RecordDocument) -> tuple[Paper, ...]:
    """The papers that are for this record."""
    return tuple(paper for paper in papers if applies(paper, doc))
