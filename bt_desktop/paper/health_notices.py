"""The health office's papers for parents: one page each, plain words, a slip to send back.

They name one child by their first name, nobody else's child, and no code: every outcome is said in
a sentence of its own (health-office §6). What the school may say is in the values, so no free text
gets on them but reason and response of a dose.
"""

from __future__ import annotations

from datetime import datetime

from bt_desktop.paper import words
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.health_notice_content import (
    HealthNotice,
    MedicineGiven,
    MedicineNotGiven,
    SupplyNotice,
)
from bt_desktop.paper.languages import is_english
from bt_desktop.paper.layout import Sheet, build_letter
from bt_desktop.paper.letter import Headline, Huge, Letter, Lines, Marked, Pairs, Sheetlet, Under
from bt_desktop.paper.notice import IN_ENGLISH, TICKS, Reader, closing, slip

GIVEN = "Medicine given at school"
NOT_GIVEN = "Medicine not given at school"
SUPPLY: dict[str, str] = {
    "low": "Medicine is running low",
    "expiry": "Medicine is getting out of date",
    "pick_up": "Please pick up medicine",
}
MISSED: dict[str, str] = {
    "A": "{child} was not at school.",
    "X": "There was no school.",
    "E": "{child} went home early.",
    "F": "{child} was on a field trip.",
    "N": "There was none left at school.",
    "O": "{child} did not come to the health office.",
    "R": "{child} did not want to take it.",
    "W": "The school held it back, because of what you, the doctor or the nurse said.",
    "T": "{child} changed schools.",
    "V": "{child} took it and threw up.",
    "S": "It was spilled or dropped and could not be used.",
    "": "Nothing was written down. We are finding out why.",
}
"""Why a dose was not given, by its code, in a sentence for a parent."""
_ADULT = "An adult has to bring it to the health office. Please do not send it with {child}."
_ADULT_PICKS_UP = "An adult has to pick it up. We may not send it home with {child}."
_TICKS = {
    "low": ("I will bring more.", *TICKS[1:]),
    "expiry": ("I will bring more.", *TICKS[1:]),
    "pick_up": ("I will pick it up.", "Please throw it away.", *TICKS[1:]),
}
MOST_MISSED = 12
"""Doses in one paper; more are counted."""


def health_notice(
    paper: HealthNotice, head: Letterhead, mark: CopyMark, reader: Reader
) -> tuple[bytes, int]:
    """The paper as PDF bytes, not yet sealed, and its count of pages; same input, same bytes."""
    sheet = Sheet(
        title=paper.number or title_of(paper),
        head_right=("For the parent or guardian", f"of {paper.child}"),
        running=f"{title_of(paper)} · for the parent",
        record_number=paper.number or None,
    )
    return build_letter(notice_letter(paper, head, mark, reader), head, mark, sheet)


def title_of(paper: HealthNotice) -> str:
    """What the paper is called."""
    if isinstance(paper, MedicineGiven):
        return GIVEN
    return NOT_GIVEN if isinstance(paper, MedicineNotGiven) else SUPPLY[paper.kind]


def notice_letter(
    paper: HealthNotice, head: Letterhead, mark: CopyMark, reader: Reader
) -> list[Letter]:
    """What the paper says, in order."""
    match paper:
        case MedicineGiven():
            told, writer, when = _given(paper, reader), paper.by, words.short_day(paper.at)
        case MedicineNotGiven():
            told, writer = _not_given(paper), paper.by
            when = words.short_day(paper.missed[0].due) if paper.missed else ""
        case SupplyNotice():
            told, writer, when = _supply(paper), paper.writer, words.short_day(mark.made_at)
    about = (title_of(paper), paper.child, when, paper.number)
    foot = slip(about, paper.child, mark, _TICKS.get(getattr(paper, "kind", ""), TICKS))
    return [*told, closing(head, writer, reader), foot]


# --- given ---------------------------------------------------------------------------------------


def _given(paper: MedicineGiven, reader: Reader) -> list[Letter]:
    child = paper.child
    at = f"{words.clock(paper.at)} on {words.long_day(paper.at)}"
    response = paper.response or "We had not asked yet when this was printed."
    if paper.response and paper.checked_at:
        response = f"At {words.clock(paper.checked_at)}: {paper.response}"
    pairs = (
        ("Medicine", paper.medicine),
        ("How much", f"{paper.dose}, {paper.route}" if paper.route else paper.dose),
        ("Given at", at),
        ("Why", paper.reason),
        ("How it went", response),
    )
    told: list[Letter] = [
        Headline(f"{child} got medicine at school"),
        *_next_dose(paper),
        Pairs(tuple(pair for pair in pairs if pair[1])),
    ]
    if not is_english(reader.language):
        told.append(Lines(IN_ENGLISH, quiet=True))
    if paper.called_911:
        told.append(Lines("We called 911.", strong=True))
    return [
        *told,
        Under("At home"),
        Marked(
            (
                "Other medicines can hold the same thing. Read the label, or ask your pharmacy.",
                f"Call a doctor if {child} feels worse, gets a rash or swells up.",
                f"Call 911 if {child} has trouble breathing.",
            )
        ),
    ]


def _next_dose(paper: MedicineGiven) -> list[Letter]:
    """What keeps a parent from giving the same thing again too soon, in the largest type."""
    if paper.next_at is None:
        return [Huge("NEXT DOSE", ("Ask your doctor or pharmacy first",))]
    when = f"{words.clock(paper.next_at)}, {_weekday(paper.next_at)}"  # "today" is soon yesterday
    told: list[Letter] = [Huge("EARLIEST NEXT DOSE", (when,))]
    told.append(Lines(f"Do not give {paper.child} this medicine before then.", strong=True))
    if paper.hours:
        told.append(Lines(f"There have to be at least {paper.hours} between two doses."))
    if paper.most_reached:
        told.append(Lines(f"{paper.child} has had the most for one school day."))
    return told


# --- not given -----------------------------------------------------------------------------------


def _not_given(paper: MedicineNotGiven) -> list[Letter]:
    child = paper.child
    rows = [
        (_short(one.due), words.clock(one.due), missed_words(one.code, child))
        for one in paper.missed
    ]
    more = len(rows) - MOST_MISSED
    told: list[Letter] = [
        Headline(f"{child} did not get medicine at school"),
        Lines(f"The school did not give {child} this medicine: {paper.medicine}.", strong=True),
        Sheetlet(("Day", "Time", "Why"), tuple(rows[:MOST_MISSED])),
    ]
    if more > 0:
        told.append(Lines(f"And {more} more. The school has the full list."))
    told += [Under("What to do"), Marked(tuple(_advice(paper)))]
    return told


def _weekday(at: datetime) -> str:
    """Thursday, November 12: without the year, for it stands in the slip."""
    return words.long_day(at).rpartition(",")[0]


def _short(at: datetime) -> str:
    """Thursday, Nov 12."""
    return f"{words.DAYS[at.weekday()]}, {words.short_day(at).rpartition(',')[0]}"


def missed_words(code: str, child: str) -> str:
    """Why a dose was not given, as a sentence."""
    return MISSED.get(code, MISSED[""]).replace("{child}", child)


def _advice(paper: MedicineNotGiven) -> list[str]:
    """What a parent should do, by what happened."""
    codes = {one.code for one in paper.missed}
    told = [
        "Do not give two doses at once to make up for it.",
        "Ask your doctor or pharmacy if you should give it later today.",
    ]
    if "N" in codes:
        told.append(f"Please bring more. {_ADULT.replace('{child}', paper.child)}")
    if "R" in codes:
        told.append(f"Please talk with {paper.child} about it, and call us.")
    if codes & {"W", "V", "O", "S", ""}:
        told.append("Please call us, so that we can plan what to do next.")
    return told


# --- supply --------------------------------------------------------------------------------------


def _supply(paper: SupplyNotice) -> list[Letter]:
    if paper.kind == "pick_up":
        return _pick_up(paper)
    child = paper.child
    if paper.kind == "low":
        told: list[Letter] = [
            Headline(f"{child} needs more medicine at school"),
            Lines(f"We have {paper.left} of this medicine left: {paper.medicine}."),
        ]
        if paper.lasts:
            last = f"It is enough until {words.long_day(paper.lasts)}."
            told.append(Lines(last, strong=True))
    else:
        told = [
            Headline(f"{child} needs new medicine at school"),
            Lines(f"This medicine gets out of date: {paper.medicine}."),
        ]
        if paper.expires_on:
            last = f"We may not use it after {words.long_day(paper.expires_on)}."
            told.append(Lines(last, strong=True))
    if paper.by:
        told.append(Lines(f"Please bring more by {words.long_day(paper.by)}.", framed=True))
    new = [] if paper.kind == "low" else ["Please take the old one home when you come."]
    lines = (
        _ADULT.replace("{child}", child),
        "Bring it in the box or bottle of the pharmacy, with its label.",
        "We will count it with you, and both of us sign for it.",
        "If the dose or the time has changed, we need a new paper from the doctor first.",
        *new,
    )
    return [*told, *_asked(paper), Under("How to bring it"), Marked(lines)]


def _pick_up(paper: SupplyNotice) -> list[Letter]:
    child = paper.child
    why = {
        "ended": f"{child} does not need it at school any more.",
        "expired": "It is out of date. We may not use it.",
        "year_end": "The school year ends.",
        "": "",
    }[paper.why]
    told: list[Letter] = [
        Headline(f"Please pick up medicine of {child}"),
        Lines(f"We have {paper.left} of this medicine: {paper.medicine}. {why}".strip()),
    ]
    if paper.by:
        told.append(Lines(f"Please pick it up by {words.long_day(paper.by)}.", framed=True))
        told.append(Lines("After that day we have to throw it away in a safe way."))
    lines = (
        _ADULT_PICKS_UP.replace("{child}", child),
        "We will count it with you, and both of us sign for it.",
        "You can also ask us to throw it away. Tell us on the slip below.",
    )
    return [*told, *_asked(paper), Under("How to pick it up"), Marked(lines)]


def _asked(paper: SupplyNotice) -> list[Letter]:
    if not paper.asked:
        return []
    return [Lines(f"We have told you before: {words.listed(paper.asked)}.")]
