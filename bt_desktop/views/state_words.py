"""How states, amendments and what a record waits for are said on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bt_desktop.clock import local_at
from bt_desktop.views.widgets.table import state_word
from bt_desktop.views.widgets.when import clock_words, day_words, moment_words, short_day

if TYPE_CHECKING:
    from bt_desktop.services.results.records import OpenRecord, RecordSummary
    from bt_desktop.services.results.versions import Version


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of amendment: the services' word, what it is called, when it is the right one."""

    word: str
    title: str
    says: str


KINDS = (
    Kind(
        "addendum",
        "Addendum",
        "Something was not known then. It only adds; all that was said stays as it is.",
    ),
    Kind(
        "correction",
        "Correction",
        "Something was wrong. The old answer stays legible beside the new one.",
    ),
    Kind(
        "late_entry",
        "Late entry",
        "Something was left out, and you remember it for certain. Both times are kept.",
    ),
    Kind(
        "entered_in_error",
        "Entered in error",
        "This should not be here: another student, another day, twice. It is kept, grayed, "
        "and no parent gets a copy of it.",
    ),
)
PART_WORDS = {
    "report": "report",
    "statement": "statement",
    "nurse": "nurse check",
    "override": "exception",
    "review": "review",
    "follow_up": "follow-up",
    "debrief": "debrief",
}


def kind_title(word: str) -> str:
    """What a kind of amendment is called."""
    return next((kind.title for kind in KINDS if kind.word == word), "Made anew")


def part_words(part_key: str) -> str:
    """A part in a sentence: "your nurse check"."""
    return PART_WORDS.get(part_key.partition(":")[0], "part")


def summary_state(row: RecordSummary, now: datetime) -> str:
    """The state of a line of a list: "Waiting for review", "Returned to you", "Amended Nov 13"."""
    if row.state == "signed" and "review" in row.waits_for:
        return "Waiting for review"
    if row.state == "returned" and row.mine:
        return "Returned to you"
    if row.state == "amended" and row.amended_at is not None:
        at = local_at(row.amended_at, now)
        return f"Amended {short_day(at.date(), now.date())}"
    return state_word(row.state)


def opened_state(record: OpenRecord, now: datetime) -> str:
    """The state of an open record, in the same words."""
    if record.state == "signed" and record.form.asks_review:
        return "Waiting for review"
    if record.state == "returned" and "correct" in record.may:
        return "Returned to you"
    if record.state == "amended":
        found = [part.signed_last for part in record.parts if part.kind and part.signed_last]
        if found:
            at = local_at(max(found), now)
            return f"Amended {short_day(at.date(), now.date())}"
    return state_word(record.state)


def since_words(since: datetime, now: datetime) -> str:
    """How long something has waited: "since today 10:09 am", "for 3 days"."""
    days = (now.date() - local_at(since, now).date()).days
    if days < 2:
        return f"since {moment_words(since, now)}"
    return f"for {days} days"


def full_moment(at: datetime, now: datetime) -> str:
    """November 13, 8:05 am."""
    local = local_at(at, now)
    return f"{day_words(local.date(), weekday=False)}, {clock_words(local)}"


def version_line(version: Version, now: datetime) -> str:
    """A version in a list: "2 · Correction · Dana Whitcomb · Nov 13, 8:05 am"."""
    if version.signed_at is None:
        return f"{version.kind_words} · not signed yet"
    return (
        f"{version.count} · {version.kind_words} · {version.by_name} · "
        f"{moment_words(version.signed_at, now)}"
    )


def names_listed(names: Sequence[str]) -> str:
    """A; A and B; A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
