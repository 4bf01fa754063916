"""Absences and trips in words: which days, which times."""

from __future__ import annotations

from datetime import date, time

from bt_desktop.views.widgets.when import clock_words, day_words


def days_words(first: date, last: date) -> str:
    """“Thursday, November 12”; “Thursday, November 12 to Friday, November 13”."""
    if first == last:
        return day_words(first)
    return f"{day_words(first)} to {day_words(last)}"


def times_between(leaves: time | None, returns: time | None) -> str:
    """“9:00 am to 2:00 pm”, “from 9:00 am”, “until 2:00 pm”; blank for the whole day."""
    if leaves is not None and returns is not None:
        return f"{clock_words(leaves)} to {clock_words(returns)}"
    if leaves is not None:
        return f"from {clock_words(leaves)}"
    return f"until {clock_words(returns)}" if returns is not None else ""


def students_words(count: int) -> str:
    """“1 student”, “24 students”."""
    return "1 student" if count == 1 else f"{count} students"
