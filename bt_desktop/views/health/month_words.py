"""A month of an order in words."""

from __future__ import annotations

from datetime import date, datetime

from bt_desktop.services.health.month_views import MonthLine, MonthView, State
from bt_desktop.views.widgets.when import clock_words, full_date

STATES: dict[State, tuple[str, str]] = {
    "open": ("Open cells", "warn"),
    "complete": ("Complete", "accent"),
    "running": ("Not over yet", "plain"),
    "closed": ("Closed", "ok"),
}
"""The words of each state, and its tone."""


def month_name(month: date) -> str:
    """“January 2027”."""
    return f"{month:%B} {month.year}"


def entries_words(line: MonthLine) -> str:
    """“19 entries”, “1 entry”."""
    return f"{line.entries} {'entry' if line.entries == 1 else 'entries'}"


def open_words(line: MonthLine) -> str:
    """“2”; “none” where each time says something, or none has to."""
    return str(line.open) if line.open else "none"


def state_words(line: MonthLine) -> str:
    """“Closed, 1 later” where something was written after the closing."""
    words = STATES[line.state][0]
    return f"{words}, {line.after} later" if line.after else words


def cell_words(due_at: datetime) -> str:
    """“Friday, January 22, 12:00 pm”."""
    return f"{due_at:%A}, {due_at:%B} {due_at.day}, {clock_words(due_at)}"


def standing_words(view: MonthView, now: datetime) -> str:
    """What the month comes to, in a sentence or two."""
    line = view.line
    if line.closed is not None:
        at = line.closed.at
        empty = line.closed.open_cells
        cells = "One time is" if empty == 1 else f"{empty} times are"
        told = f" {cells} not documented." if empty else ""
        return (
            f"Closed and signed by {line.closed_by} on {full_date(at.date())}, "
            f"{clock_words(at)}.{told} Its page stays as it was signed; what comes later is "
            "printed on an addendum."
        )
    said = f"{entries_words(line).capitalize()}."
    if view.why_not:
        return f"{said} {view.why_not}"
    if line.open:
        return (
            f"{said} {_cells(line.open)} nothing. Enter what happened, or say why it stays open "
            "when you close the month."
        )
    return f"{said} Every time says what happened. The month can be closed."


def _cells(count: int) -> str:
    return "One time says" if count == 1 else f"{count} times say"
