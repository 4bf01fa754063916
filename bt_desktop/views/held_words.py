"""What is said where the records may only be read: what happened, and what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bt_desktop.services.trail_watch import FILE_CHANGED
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.services.held import Doubt, HeldReport

BANNER = "Reading only: these records do not fit what was seen of them before."
_WHO = {
    "file": "the notes beside the records (anchors.log)",
    "backup": "the notes beside the backups",
    "second": "the notes at the second place",
    "keyring": "this computer's keyring",
    "paper": "a printed copy",
}


def _entries(count: int) -> str:
    return "1 entry is" if count == 1 else f"{count:,} entries are"


def doubt_words(doubt: Doubt, now: datetime) -> str:
    """One thing that does not fit, as a sentence."""
    who = _WHO.get(doubt.source, "a note outside")
    seen = f", {moment_words(doubt.at.astimezone(now.tzinfo), now)}" if doubt.at else ""
    if doubt.detail == FILE_CHANGED:
        return (
            f"The file is not the one that was closed after entry {doubt.seq:,}: an old part of it "
            "was put back, it was changed by another hand, or the disk damaged it. It may be about "
            "people, drafts or settings; “bt-desktop audit verify” says whether an entry is wrong."
        )
    if doubt.code == "trail-broken":
        where = f"at entry {doubt.seq:,}" if doubt.seq else "with a row that has no entry"
        return (
            f"The records and their trail do not agree {where}. Something was changed by another "
            "hand, or the disk damaged it."
        )
    if doubt.code == "history-differs":
        return (
            f"Entry {doubt.seq:,} is not the one that {who} saw{seen}: from there on, or before, "
            "the history is another one."
        )
    return (
        f"By {who}{seen}, the newest entry was {doubt.seq:,}. At least {_entries(doubt.lacking)} "
        "missing here."
    )


def here_words(report: HeldReport, now: datetime) -> str:
    """The newest entry that lies here."""
    seq, at = report.newest
    when = f", of {moment_words(at, now)}" if at is not None else ""
    return f"The newest entry here is {seq:,}{when}."


def backup_words(report: HeldReport, now: datetime) -> str:
    """What the newest backup would bring back."""
    if report.backup is None:
        return "There is no whole backup beside these records; look at the second place."
    _, made, seq = report.backup
    when = moment_words(made.astimezone(now.tzinfo), now)
    more = seq - report.newest[0]
    if more > 0:
        return f"The newest backup is of {when} and has {more:,} more than what lies here."
    return f"The newest backup is of {when} and has no entry that is missing here."
