"""What stands behind the grid of a record: notes, as-needed doses, stock, counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bt_desktop.paper.document import Hand
from bt_desktop.paper.mar_content import (
    OPEN,
    AsNeededDose,
    Count,
    MarBack,
    MarNote,
    Receipt,
    Removal,
    Signer,
)
from bt_desktop.services.health.away_model import away_at
from bt_desktop.services.health.ledger import NOTHING
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.mar_ledger import Running
from bt_desktop.services.health.mar_slots import Cells
from bt_desktop.services.health.mar_source import Dosed, MarSource, Moved, Undone
from bt_desktop.services.health.model import DoseRecord, Quantity, plain
from bt_desktop.services.health.month_model import ClosedMonth
from bt_desktop.services.health.rules import load_rules
from bt_desktop.services.health.times import clock_words, due_of

LATE = "*"
ERROR = "ME"
_STEPS = {"hold": "On hold", "resume": "Given again", "end": "Order ended"}


def back_of(
    source: MarSource,
    found: Cells,
    key: Mapping[str, Signer],
    left: Running,
    closing: ClosedMonth | None,
) -> MarBack:
    """All of it, each table in the order in which things happened."""
    moved = [
        one
        for one in source.moves
        if source.first <= source.place.calendar_day(one.move.at) <= source.last
    ]
    moved.sort(key=lambda one: (one.move.at, one.count))
    undone = {one.dosed.dose.id for one in source.struck}
    stays = [one for one in moved if one.move.dose_id not in undone]
    return MarBack(
        notes=tuple(sorted(_notes(source, found, closing), key=lambda note: note.at)),
        as_needed=tuple(_as_needed(source, key)),
        receipts=tuple(_receipt(source, one, left) for one in stays if _came(one)),
        removals=tuple(_removal(source, one) for one in stays if _went(one)),
        counts=tuple(_count(source, one) for one in moved if one.move.kind == "count"),
    )


# --- notes ---------------------------------------------------------------------------------------


def _notes(source: MarSource, found: Cells, closing: ClosedMonth | None) -> Iterable[MarNote]:
    for one in source.doses:
        note = dose_note(source, one)
        if note is not None:
            yield note
    for gone in source.struck:
        yield struck_note(source, gone)
    for told, _ in source.notes:
        yield _written(source, told.at, "", told.text, told.by_user)
    for at, user, step, reason in source.standing.log:
        if step in _STEPS and source.first <= source.place.calendar_day(at) <= source.last:
            yield _written(source, at, "", f"{_STEPS[step]}: {reason}", user)
    for cell in found.values():
        away = away_at(source.away, cell.due_at, source.place.calendar)
        if away is not None and cell.why == away.code and not cell.doses:
            who = _who(source, away.by_user)
            yield MarNote(cell.due_at, away.code, f"{away.words}.", *who)
    if closing is not None:
        yield from _explained(source, closing)


def _explained(source: MarSource, closing: ClosedMonth) -> Iterable[MarNote]:
    """Why the times that say nothing were left so."""
    zone = source.place.calendar.zone
    for one in closing.explained:
        text = f"Not documented: {_sentence(one.reason)}"
        who = _who(source, closing.by_user)
        yield MarNote(one.due_at.astimezone(zone), OPEN, text, *who, closing.at.astimezone(zone))


def dose_note(source: MarSource, one: Dosed, *, always: bool = False) -> MarNote | None:
    """The note behind an entry; None where initials say it all and `always` is not asked."""
    said = list(_said(source, one.dose))
    if not said and not always:
        return None
    dose, zone = one.dose, source.place.calendar.zone
    code = medication_lists().outcomes.get(dose.outcome)
    mark = ERROR if dose.deviation else code.printed if code is not None else dose.outcome
    if not said:
        said = [f"Given at {clock_words(dose.at.astimezone(zone))}."]
    written = dose.entered_at.astimezone(zone) if dose.late_entry else None
    return MarNote(
        (dose.due_at or dose.at).astimezone(zone),
        mark or LATE * dose.late_entry,
        " ".join(said),
        *_who(source, dose.by_user),
        written,
    )


def struck_note(source: MarSource, gone: Undone) -> MarNote:
    """An entry that was taken out of the account: what it said, why, and who did so."""
    dose, zone = gone.dosed.dose, source.place.calendar.zone
    at = clock_words(dose.at.astimezone(zone))
    text = (
        f"Struck: “{outcome_words(dose)}, {at}”, entered by {source.place.name(dose.by_user)}. "
        f"{_sentence(gone.reason)}"
    )
    when = (dose.due_at or dose.at).astimezone(zone)
    return MarNote(when, "", text, *_who(source, gone.by_user), gone.at.astimezone(zone))


def _said(source: MarSource, dose: DoseRecord) -> Iterable[str]:
    """What initials in a cell do not say of a dose, in sentences."""
    zone, terms, lists = source.place.calendar.zone, source.standing.terms, medication_lists()
    at = dose.at.astimezone(zone)
    due = due_of(terms, dose.due_at, dose.at, source.place.calendar)
    outside = due is not None and abs(at - due) > source.window
    if dose.outcome != "given":
        yield (
            f"{outcome_words(dose)}."
            if not dose.reason
            else (f"{outcome_words(dose)}: {_sentence(dose.reason)}")
        )
    elif outside or dose.late_entry:
        yield f"Given at {clock_words(at)}."
        if dose.reason:
            yield _sentence(dose.reason)
    elif dose.reason:
        yield _sentence(dose.reason)
    if dose.was_given and dose.given is not None and dose.given != terms.dose:
        yield f"{lists.amount(dose.given)} given, {lists.amount(terms.dose)} ordered."
    if dose.location != "office" and dose.was_given:
        place = lists.locations.get(dose.location)
        yield f"Given elsewhere: {place.said.lower() if place is not None else dose.location}."
    if dose.witness:
        yield f"Second person: {source.place.name(dose.witness)}."
    for one in dose.overridden:
        yield f"{_rule(one.rule)}, allowed by {source.place.name(one.by_user)}: " + _sentence(
            one.reason
        )
    if dose.broken:
        rules = ", ".join(dict.fromkeys(map(_rule, dose.broken)))
        yield f"Medication error ({rules}): see its report."
    if dose.late_entry and dose.entered_at.astimezone(zone).date() == at.date():
        yield f"Written at {clock_words(dose.entered_at.astimezone(zone))}."


def outcome_words(dose: DoseRecord) -> str:
    """“Refused”."""
    code = medication_lists().outcomes.get(dose.outcome)
    return code.said if code is not None else dose.outcome


def _rule(rule_id: str) -> str:
    if rule_id.startswith("code_"):
        return outcome_title(rule_id.removeprefix("code_"))
    titles = {one.id: one.title.get("en", one.id) for one in load_rules()}
    return titles.get(rule_id, rule_id)


def outcome_title(code: str) -> str:
    """The words of an outcome's code."""
    known = medication_lists().outcomes.get(code)
    return known.said if known is not None else code


def _sentence(text: str) -> str:
    said = " ".join(text.split())
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _written(source: MarSource, at: datetime, code: str, text: str, user: str) -> MarNote:
    here = at.astimezone(source.place.calendar.zone)
    return MarNote(here, code, _sentence(text), *_who(source, user))


def _who(source: MarSource, user: str) -> tuple[str, str]:
    return source.place.name(user), source.place.title(user)


# --- as needed -----------------------------------------------------------------------------------


def _as_needed(source: MarSource, key: Mapping[str, Signer]) -> Iterable[AsNeededDose]:
    if source.standing.terms.prn is None:
        return
    zone, lists = source.place.calendar.zone, medication_lists()
    for one in sorted(source.doses, key=lambda dosed: (dosed.dose.at, dosed.count)):
        dose = one.dose
        told = source.effects.get(dose.id)
        effect = told[0] if told is not None else None
        words = ""
        if effect is not None:
            words = f"{effect.text} (worse)" if effect.worse else effect.text
        yield AsNeededDose(
            dose.at.astimezone(zone),
            dose.symptom or dose.reason,
            lists.amount(dose.given) if dose.given is not None else outcome_words(dose),
            key[dose.by_user].initials,
            words,
            effect.at.astimezone(zone) if effect is not None else None,
            dose.late_entry,
            dose.was_given,
        )


# --- stock ---------------------------------------------------------------------------------------


def _came(one: Moved) -> bool:
    move = one.move
    return move.kind in ("received", "trip_in") or (move.kind == "adjust" and move.change > 0)


def _went(one: Moved) -> bool:
    move = one.move
    return move.kind not in ("received", "trip_in", "count", "given") and move.change < 0


def _receipt(source: MarSource, one: Moved, left: Running) -> Receipt:
    move = one.move
    before, total = left.around[move.id]
    return Receipt(
        move.at.astimezone(source.place.calendar.zone),
        plain(move.change),
        _carrier(one),
        Hand(*_who(source, move.by_user)),
        one.lot.rx_number,
        plain(before),
        plain(total),
    )


def _carrier(one: Moved) -> Hand:
    move = one.move
    if move.kind == "received":
        return Hand(move.carried_by, move.relation)
    return Hand("Back from a trip" if move.kind == "trip_in" else "Corrected after a count")


def _removal(source: MarSource, one: Moved) -> Removal:
    move, lists = one.move, medication_lists()
    kind = lists.moves.get(move.kind)
    method = lists.disposals.get(move.method)
    how = [
        _sentence(text)
        for text in (
            move.reason,
            method.said if method is not None else move.method,
            ", ".join(filter(None, (move.agency, move.receipt and f"receipt {move.receipt}"))),
        )
        if text
    ]
    other = Hand(*_who(source, move.witness)) if move.witness else None
    if move.carried_by:
        other = Hand(move.carried_by, move.relation)
        if move.witness:
            how.append(f"Second person: {source.place.name(move.witness)}.")
    return Removal(
        move.at.astimezone(source.place.calendar.zone),
        kind.said if kind is not None else move.kind,
        lists.amount(Quantity(abs(move.change), one.lot.unit)),
        " ".join(how),
        Hand(*_who(source, move.by_user)),
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
    return MarNote(at, "", _sentence(text), *_who(source, move.by_user), written)


def _count(source: MarSource, one: Moved) -> Count:
    move = one.move
    gap = (move.counted or NOTHING) - (move.expected or NOTHING)
    sign = "+" if gap > 0 else "\N{MINUS SIGN}" if gap < 0 else ""
    return Count(
        move.at.astimezone(source.place.calendar.zone),
        plain(move.expected) if move.expected is not None else "",
        plain(move.counted) if move.counted is not None else "",
        f"{sign}{plain(abs(gap))}",
        Hand(*_who(source, move.by_user)),
        Hand(*_who(source, move.witness)) if move.witness else None,
        one.lot.estimated,
        move.reason,
    )
