"""What one line of the log of violent incidents is made of. Pure functions.

Source: California Labor Code 6401.9(d) as read in secondary sources (unverified): date, time,
place, type, class of who did it, description, circumstances, what kind, consequences, who wrote
it and when; no information that identifies a person involved; kept five years.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bt_desktop.form_engine.definition import OTHER, Form, say
from bt_desktop.paper import words
from bt_desktop.services.results.violence import ViolentLine

KEPT_YEARS = 5
"""Labor Code 6401.9(f) (unverified)."""
_CHOSEN = (
    "location",
    "violence_type",
    "violence_by",
    "violence_characteristics",
    "violence_circumstances",
    "violence_consequences",
)
_TYPED = ("violence_area", "violence_description")
INVOLVED = "An employee involved"


def texts_of(answers: Mapping[str, Any]) -> dict[str, str]:
    """Everything typed freely that would stand in the log, by the name of its question."""
    names = (*_TYPED, *(f"{name}_{OTHER}" for name in _CHOSEN))
    return {name: str(answers[name]) for name in names if isinstance(answers.get(name), str)}


def line_of(
    form: Form, answers: Mapping[str, Any], *, author: str, title: str, written_on: date
) -> dict[str, Any]:
    """The line as it is kept. `author` is blank where the author took part in the event."""

    def told(name: str) -> list[str]:
        return _labels(form, answers, name)

    began = answers.get("event_began")
    return {
        "day": answers["event_date"],
        "time": words.clock(datetime.fromisoformat(began)) if isinstance(began, str) else "",
        "place": ", ".join(told("location")),
        "area": answers["violence_area"].strip(),
        "type": ", ".join(told("violence_type")),
        "by": ", ".join(told("violence_by")),
        "characteristics": told("violence_characteristics"),
        "circumstances": told("violence_circumstances"),
        "consequences": told("violence_consequences"),
        "description": answers["violence_description"].strip(),
        "author": ", ".join(filter(None, (author or INVOLVED, title))),
        "written_on": written_on.isoformat(),
    }


def _labels(form: Form, answers: Mapping[str, Any], name: str) -> list[str]:
    """The words of the choices made; what was typed under "something else" in its place."""
    chosen = answers.get(name) or []
    labels = {choice.name: say(choice.label) for choice in form.choices_of(name)}
    other = answers.get(f"{name}_{OTHER}")
    found = []
    for one in chosen if isinstance(chosen, list) else [chosen]:
        typed = other if one == OTHER and isinstance(other, str) else ""
        found.append(typed.strip() or labels.get(one, str(one)))
    return found


def read_line(year: int, count: int, row: Mapping[str, Any]) -> ViolentLine:
    """A kept line as it is shown."""
    written = date.fromisoformat(row["written_on"])
    return ViolentLine(
        number=f"{year}-{count}",
        day=date.fromisoformat(row["day"]),
        time=row["time"],
        place=row["place"],
        area=row["area"],
        type=row["type"],
        by=row["by"],
        characteristics=tuple(row["characteristics"]),
        circumstances=tuple(row["circumstances"]),
        consequences=tuple(row["consequences"]),
        description=row["description"],
        author=row["author"],
        written_on=written,
        keep_until=years_after(written, KEPT_YEARS),
    )


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of February 29, the day before March 1."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
