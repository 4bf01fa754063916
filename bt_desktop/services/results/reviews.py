"""What waits for somebody: reviews, corrections, open follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = ["Fact", "OpenPart", "Remark", "ReturnedItem", "ReviewItem", "ReviewView"]

Why = Literal["new", "corrected", "amended"]


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A record that waits for the person's review. `since` is when it began to wait; `others` are
    the names of those who have begun to review it, `begun` says that one has begun oneself."""

    record_id: str
    number: str
    title: str
    subject_name: str
    author_name: str
    event_at: datetime | None
    since: datetime
    why: Why
    begun: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark of a reviewer: about which section (its name and title; empty: the whole report)."""

    section: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ReturnedItem:
    """One's own report that came back. `correcting` says that the correction is begun."""

    record_id: str
    number: str
    title: str
    subject_name: str
    reviewer_name: str
    since: datetime
    remarks: tuple[Remark, ...]
    correcting: bool


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part that a signed record waits for: `follow_up` or `debrief`. `leads` are the tasks behind
    it, in the pack's words ("Schedule the IEP meeting")."""

    record_id: str
    number: str
    title: str
    subject_name: str
    part: str
    since: datetime
    leads: tuple[str, ...]
    begun: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """What a reviewer looks at first. `kind`: a prohibited technique that was recorded, a warning
    that stands with a reason, an answer nobody knew, a blank with a reason. `section` is a name."""

    kind: Literal["prohibited", "warning", "unknown", "blank"]
    section: str
    where: str
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The review of a record, as a page shows it. `earlier` are the reviews that were signed.

    `why_not` says in a sentence why the person cannot countersign; `news` what was signed since
    their own draft was begun (empty: nothing), and `compare` which versions of the report to look
    at then (older, newer).
    """

    facts: tuple[Fact, ...]
    remarks: tuple[Remark, ...]
    returned_by: str
    returned_at: datetime | None
    why_not: str
    news: str
    compare: tuple[int, int] | None
    others: tuple[str, ...]
