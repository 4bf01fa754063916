"""What stands behind the grid of a record: notes, as-needed doses, stock, counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bt_desktop.paper.mar_content import (
    OPEN,
    AsNeededDose,
    MarBack,
    MarNote,
    Signer,
)
from bt_desktop.services.health.away_model import away_at
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.mar_ledger import Running
from bt_desktop.services.health.mar_slots import Cells
from bt_desktop.services.health.mar_source import Dosed, MarSource, Undone
from bt_desktop.services.health.mar_stock import came, count, receipt, removal, went
from bt_desktop.services.health.mar_words import outcome_words, rule_title, sentence
from bt_desktop.services.health.model import DoseRecord
from bt_desktop.services.health.month_model import ClosedMonth
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
        receipts=tuple(receipt(source, one, left) for one in stays if came(one)),
        removals=tuple(removal(source, one) for one in stays if went(one)),
        counts=tuple(count(source, one) for one in moved if one.move.kind == "count"),
    )


# --- notes ---------------------------------------------------------------------------------------


def _notes(source: MarSource, found: Cells, closing: ClosedMonth | None) -> Iterable[MarNote]:
    for one in source.doses:
        note = dose_note(source, one, always=_later(source, one.count))
        if note is not None:
            yield _marked(source, note, one.count)
    for gone in source.struck:
        yield _marked(source, struck_note(source, gone), gone.count)
    for told, stands in source.notes:
        note = _written(source, told.at, "", told.text, told.by_user)
        yield _marked(source, note, stands)
    for at, user, step, reason in source.standing.log:
        if step in _STEPS and source.first <= source.place.calendar_day(at) <= source.last:
            yield _written(source, at, "", f"{_STEPS[step]}: {reason}", user)
    for cell in found.values():
        away = away_at(source.away, cell.due_at, source.place.calendar)
        if away is not None and cell.why == away.code and not cell.doses:
            signed = source.place.signed(away.by_user)
            yield MarNote(cell.due_at, away.code, f"{away.words}.", *signed)
    if closing is not None:
        yield from _explained(source, closing)


def _later(source: MarSource, count: int) -> bool:
    """Whether an entry came after its month was closed."""
    return source.closing is not None and count > source.closing.count


def _marked(source: MarSource, note: MarNote, count: int) -> MarNote:
    """A record filled anew (a student's packet) says what the closed page has not."""
    if not _later(source, count):
        return note
    return replace(note, text=f"After the closing: {note.text}")


def _explained(source: MarSource, closing: ClosedMonth) -> Iterable[MarNote]:
    """Why the times that say nothing were left so."""
    zone = source.place.calendar.zone
    for one in closing.explained:
        text = f"Not documented: {sentence(one.reason)}"
        who = source.place.signed(closing.by_user)
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
        *source.place.signed(dose.by_user),
        written,
    )


def struck_note(source: MarSource, gone: Undone) -> MarNote:
    """An entry that was taken out of the account: what it said, why, and who did so."""
    dose, zone = gone.dosed.dose, source.place.calendar.zone
    at = clock_words(dose.at.astimezone(zone))
    text = (
        f"Struck: “{outcome_words(dose)}, {at}”, entered by {source.place.name(dose.by_user)}. "
        f"{sentence(gone.reason)}"
    )
    when = (dose.due_at or dose.at).astimezone(zone)
    return MarNote(when, "", text, *source.place.signed(gone.by_user), gone.at.astimezone(zone))


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
            else (f"{outcome_words(dose)}: {sentence(dose.reason)}")
        )
    elif outside or dose.late_entry:
        yield f"Given at {clock_words(at)}."
        if dose.reason:
            yield sentence(dose.reason)
    elif dose.reason:
        yield sentence(dose.reason)
    if dose.was_given and dose.given is not None and dose.given != terms.dose:
        yield f"{lists.amount(dose.given)} given, {lists.amount(terms.dose)} ordered."
    if dose.location != "office" and dose.was_given:
        place = lists.locations.get(dose.location)
        yield f"Given elsewhere: {place.said.lower() if place is not None else dose.location}."
    if dose.witness:
        yield f"Second person: {source.place.name(dose.witness)}."
    for one in dose.overridden:
        yield f"{rule_title(one.rule)}, allowed by {source.place.name(one.by_user)}: " + sentence(
            one.reason
        )
    if dose.broken:
        rules = ", ".join(dict.fromkeys(map(rule_title, dose.broken)))
        yield f"Medication error ({rules}): see its report."
    if dose.late_entry and dose.entered_at.astimezone(zone).date() == at.date():
        yield f"Written at {clock_words(dose.entered_at.astimezone(zone))}."


def _written(source: MarSource, at: datetime, code: str, text: str, user: str) -> MarNote:
    here = at.astimezone(source.place.calendar.zone)
    return MarNote(here, code, sentence(text), *source.place.signed(user))


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
