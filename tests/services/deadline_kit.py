"""What stories about deadlines share: a school's calendar, facts, the rules of a pack."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bt_desktop.form_engine import load_pack
from bt_desktop.services.deadline_due import Due, work_out
from bt_desktop.services.deadline_facts import read_facts
from bt_desktop.services.deadline_rules import Rule, rules_of
from bt_desktop.services.school_days import Day, SchoolCalendar, Term

PACIFIC = ZoneInfo("America/Los_Angeles")
ZONES = {
    "us-ca": PACIFIC,
    "us-or": PACIFIC,
    "us-wa": PACIFIC,
    "us-ok": ZoneInfo("America/Chicago"),
    "us-tx": ZoneInfo("America/Chicago"),
    "us-ma": ZoneInfo("America/New_York"),
}
BELL = time(15, 10)


def off(first: str, last: str = "", label: str = "No school") -> list[Day]:
    """Days without school, both ends inclusive."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    count = (end - begin).days + 1
    return [Day(begin + timedelta(days=i), "no_school", None, label) for i in range(count)]


DAYS_OFF = [
    *off("2026-11-11", label="Veterans Day"),
    *off("2026-11-26", "2026-11-27", "Thanksgiving"),
    *off("2026-12-21", "2027-01-01", "Winter break"),
    *off("2027-01-18", label="Martin Luther King Day"),
]
TERMS = [
    Term(date(2026, 8, 17), date(2026, 12, 18), "Fall"),
    Term(date(2027, 1, 4), date(2027, 6, 11), "Spring"),
    Term(date(2027, 6, 21), date(2027, 7, 16), "Extended school year", summer=True, bell=time(12)),
]


def calendar(pack: str = "us-ca", **changes: Any) -> SchoolCalendar:
    """The school year 2026-27 with its breaks and a summer session."""
    values: dict[str, Any] = {"terms": TERMS, "days": DAYS_OFF, "bell": BELL}
    return SchoolCalendar.of(ZONES[pack], **(values | changes))


@cache
def rules(pack: str) -> tuple[Rule, ...]:
    """The rules of a shipped pack."""
    return rules_of(load_pack(pack))


def worked_out(
    pack: str, facts: dict[str, Any], school: SchoolCalendar | None = None
) -> tuple[Due, ...]:
    """The deadlines of a pack for these facts."""
    zone = ZONES[pack]
    return work_out(rules(pack), read_facts(facts, lambda _: zone), school or calendar(pack))


def found(due: tuple[Due, ...], rule: str, task: str = "", reading: str = "") -> datetime:
    """The one date of a rule (its task and reading where it has several)."""
    fits = [
        one
        for one in due
        if one.id == rule and task in ("", one.task) and reading in ("", one.reading)
    ]
    assert len(fits) == 1, (rule, task, reading, [(f.task, f.reading, f.due) for f in fits])
    return fits[0].due
