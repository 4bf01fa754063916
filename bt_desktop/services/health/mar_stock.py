"""What came to the stock, left it and was counted, as a medication record tells it. Pure."""

from __future__ import annotations

from bt_desktop.paper.document import Hand
from bt_desktop.paper.mar_content import Count, MarNote, Receipt, Removal
from bt_desktop.services.health.ledger import NOTHING
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.mar_ledger import Running
from bt_desktop.services.health.mar_source import MarSource, Moved
from bt_desktop.services.health.mar_words import sentence
from bt_desktop.services.health.model import Quantity, plain


def came(one: Moved) -> bool:
    """Whether something came to the office."""
    move = one.move
    return move.kind in ("received", "trip_in") or (move.kind == "adjust" and move.change > 0)


def went(one: Moved) -> bool:
    """Whether something left it otherwise than as a dose."""
    move = one.move
    return move.kind not in ("received", "trip_in", "count", "given") and move.change < 0


def receipt(source: MarSource, one: Moved, left: Running) -> Receipt:
    """Medicine that was brought, or came back."""
    move = one.move
    before, total = left.around[move.id]
    return Receipt(
        move.at.astimezone(source.place.calendar.zone),
        plain(move.change),
        _carrier(one),
        Hand(*source.place.signed(move.by_user)),
        one.lot.rx_number,
        plain(before),
        plain(total),
    )


def _carrier(one: Moved) -> Hand:
    move = one.move
    if move.kind == "received":
        return Hand(move.carried_by, move.relation)
    return Hand("Back from a trip" if move.kind == "trip_in" else "Corrected after a count")


def removal(source: MarSource, one: Moved) -> Removal:
    """Medicine that left the stock."""
    move, lists = one.move, medication_lists()
    kind = lists.moves.get(move.kind)
    method = lists.disposals.get(move.method)
    how = [
        sentence(text)
        for text in (
            move.reason,
            method.said if method is not None else move.method,
            ", ".join(filter(None, (move.agency, move.receipt and f"receipt {move.receipt}"))),
        )
        if text
    ]
    other = Hand(*source.place.signed(move.witness)) if move.witness else None
    if move.carried_by:
        other = Hand(move.carried_by, move.relation)
        if move.witness:
            how.append(f"Second person: {source.place.name(move.witness)}.")
    return Removal(
        move.at.astimezone(source.place.calendar.zone),
        kind.said if kind is not None else move.kind,
        lists.amount(Quantity(abs(move.change), one.lot.unit)),
        " ".join(how),
        Hand(*source.place.signed(move.by_user)),
        other,
    )


def stock_note(source: MarSource, one: Moved) -> MarNote:
    """A line of the ledger in a sentence, with when it was written."""
    move, lists, zone = one.move, medication_lists(), source.place.calendar.zone
    kind = lists.moves.get(move.kind)
    amount = move.counted if move.kind == "count" else abs(move.change)
    said = kind.said if kind is not None else move.kind
    text = f"{said}: {lists.amount(Quantity(amount or NOTHING, one.lot.unit))}. {move.reason}"
    at = move.at.astimezone(zone)
    written = move.entered_at.astimezone(zone)
    return MarNote(at, "", sentence(text), *source.place.signed(move.by_user), written)


def count(source: MarSource, one: Moved) -> Count:
    """A count by two people."""
    move = one.move
    gap = (move.counted or NOTHING) - (move.expected or NOTHING)
    sign = "+" if gap > 0 else "\N{MINUS SIGN}" if gap < 0 else ""
    return Count(
        move.at.astimezone(source.place.calendar.zone),
        plain(move.expected) if move.expected is not None else "",
        plain(move.counted) if move.counted is not None else "",
        f"{sign}{plain(abs(gap))}",
        Hand(*source.place.signed(move.by_user)),
        Hand(*source.place.signed(move.witness)) if move.witness else None,
        one.lot.estimated,
        move.reason,
    )
