"""Later versions on paper: each amendment with its reason and changes, and the versions before it.

The original stays legible: an amendment tells every answer as it was and as it is now, and a copy
of both versions prints the earlier ones whole, with their signatures.
"""

from __future__ import annotations

from dataclasses import replace

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Block,
    Column,
    Fields,
    Grid,
    Heading,
    Narrative,
    Rich,
    Row,
    Signed,
    Span,
    Whole,
)
from bt_desktop.paper.document import (
    AmendedAnswer,
    Amendment,
    EarlierVersion,
    RecordDocument,
    SignatureBlock,
)
from bt_desktop.paper.sections import Teller
from bt_desktop.paper.shown import Sayer

IN_ERROR = "entered in error"
ACROSS = "ENTERED IN ERROR"
"""What stands across each page of a record that was none."""
_BLANK: Rich = (Span("no answer", italic=True, small=True),)


def signed(signature: SignatureBlock) -> Signed:
    """A signature: the drawn or typed name over a line, who, in what meaning, when."""
    return Signed(
        signature.ink,
        signature.name,
        tuple(filter(None, (signature.title, signature.meaning, words.moment(signature.at)))),
        (f"Key {signature.key_id}", f"Digest {signature.digest}"),
    )


def in_short(doc: RecordDocument) -> str:
    """Which amendments there are, for the head of the record; empty without any."""
    return "; ".join(f"{words.short_day(one.at)} ({one.kind.lower()})" for one in doc.amendments)


def amendment_blocks(doc: RecordDocument) -> list[Block]:
    """The section that tells every amendment, oldest first; nothing without any."""
    if not doc.amendments:
        return []
    made: list[Block] = [Heading("Amendments", "what was changed after the first signature")]
    for number, one in enumerate(doc.amendments, 1):
        made += _amendment(number, one)
    return made


def _amendment(number: int, one: Amendment) -> list[Block]:
    rows = [
        Row("Signed by", ", ".join(filter(None, (one.name, one.title)))),
        Row("Signed", words.moment(one.at)),
    ]
    if one.happened_at is not None:
        rows.append(Row("Happened", words.moment(one.happened_at)))
    rows.append(Row("Reason", one.reason))
    head = Heading(f"{number}. {one.kind}: {one.part.lower()}, version {one.version}", level=2)
    made: list[Block] = [Whole((head, Fields(tuple(rows))))]
    if one.changes:
        made.append(_changes(one.changes))
    else:
        made.append(Narrative("No answer was changed; what is amended is told in the reason."))
    return made


def _changes(changes: tuple[AmendedAnswer, ...]) -> Grid:
    columns = (Column("Question", 3), Column("Before", 4), Column("Now", 4))
    return Grid(
        columns,
        tuple((one.question, one.before or _BLANK, one.now or _BLANK) for one in changes),
    )


def earlier_blocks(doc: RecordDocument) -> list[Block]:
    """The earlier versions whole, as they were signed; for a copy of both versions."""
    made: list[Block] = []
    for one in doc.earlier:
        made += _earlier(doc, one)
    return made


def _earlier(doc: RecordDocument, one: EarlierVersion) -> list[Block]:
    title = f"{one.title}, version {one.version}"
    at = words.moment(one.signature.at)
    made: list[Block] = [Heading(title, f"as it was signed {at}; replaced by a later version")]
    then = replace(doc, answers=one.answers, people={**doc.people, **one.people})
    teller = Teller(Sayer(then))
    for section in doc.form.sections:
        if section.part == one.part:
            blocks = teller.section(section, one.answers)
            if blocks:
                made += [Heading(f"Version {one.version}: {_text(blocks[0])}", level=2)]
                made += blocks[1:]
    made.append(Whole((signed(one.signature),)))
    return made


def _text(block: Block) -> str:
    return block.text if isinstance(block, Heading) else ""
