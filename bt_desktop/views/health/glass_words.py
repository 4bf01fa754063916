"""Uses of the glass in words."""

from __future__ import annotations

from datetime import datetime

from bt_desktop.services.health.glass_model import GlassUse, OpenGlass
from bt_desktop.views.widgets.when import clock_words, moment_words, short_day

_MINUTE = 60
HOW = {
    "closed": "closed",
    "over": "closed when its hour was over",
    "locked": "closed by locking",
    "killed": "closed after the program had ended",
}


def left_words(glass: OpenGlass, now: datetime) -> str:
    """“Open until 4:30 pm, 59 minutes left”."""
    seconds = max(0.0, (glass.until - now).total_seconds())
    minutes = int(-(-seconds // _MINUTE))
    left = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"Open until {clock_words(glass.until.astimezone(now.tzinfo))}, {left} left"


def use_words(use: GlassUse, now: datetime) -> str:
    """“Tom Becker, today 10:09 am to 10:31 am, closed by locking”."""
    opened = f"{use.by_name}, {moment_words(use.at, now)}"
    agreed = f"; {use.second_name} agreed" if use.second_name else ""
    if use.closed_at is None:
        return f"{opened}, open until {clock_words(use.until.astimezone(now.tzinfo))}{agreed}"
    closed = clock_words(use.closed_at.astimezone(now.tzinfo))
    return f"{opened} to {closed}, {HOW.get(use.how, use.how)}{agreed}"


def review_words(use: GlassUse, now: datetime) -> tuple[str, str]:
    """Where its review stands: word and tone."""
    if use.reviewed_at is not None:
        return f"Reviewed by {use.reviewed_by}", "ok"
    if use.own:
        return "Another administrator reviews it", "plain"
    day = short_day(use.due, now.date())
    return (f"Review was due {day}", "danger") if use.late else (f"Review by {day}", "warn")
