"""`bt-desktop deadlines`: what must be done by when after an event described by its facts."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from bt_desktop.cli import DONE, FINDING, WrongUse
from bt_desktop.form_engine import FormFaults, Pack, available_packs, load_pack
from bt_desktop.services.deadline_due import Due, work_out
from bt_desktop.services.deadline_facts import Facts, closest, read_facts
from bt_desktop.services.deadline_rules import BadRules, Rule, rules_of
from bt_desktop.services.ics import CalendarFile, days_without_school, read_file
from bt_desktop.services.school_days import SchoolCalendar
from bt_desktop.services.time_zones import fixed, zone_named, zone_of

_FACTS_MOST_BYTES = 1024 * 1024
_NO_CALENDAR = (
    "No school calendar is known for these days, so Monday to Friday were counted as school days."
)


class BadInput(WrongUse):
    """A file or an option that cannot be used; the sentence says which and why."""

    def __init__(self, sentence: str, remedy: str = "Correct it and try again.") -> None:
        super().__init__("bad-input", sentence, remedy)


def run_deadlines(args: argparse.Namespace) -> int:
    """Print the deadlines that follow from the facts: a table, or JSON with `--json`."""
    try:
        pack, rules = _rules(args.pack)
    except (FormFaults, BadRules) as e:
        for fault in e.faults:
            print(getattr(fault, "sentence", fault), file=sys.stderr)
        return FINDING
    raw = _read_facts_file(args.facts)
    given = _read_calendar(args.calendar)
    zones = _zones(raw, given, pack)
    facts = read_facts(raw, lambda seen: zone_of(zones, seen) or fixed(seen))
    if not facts.moments:
        raise BadInput("The facts hold no moment, so no clock has started.", "Add event_start.")
    _warn(facts, given)
    zone = _zone(zones, facts)
    if args.calendar is not None:
        given = _read_calendar(args.calendar, zone)
    calendar = SchoolCalendar.of(zone, days=days_without_school(given), bell=facts.bell)
    found = work_out(rules, facts, calendar)
    now = _now(args.now, zone)
    if args.json:
        told = [_as_json(one, calendar, now) for one in found]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print_table(found, now)
    return DONE


def _rules(named: str) -> tuple[Pack, tuple[Rule, ...]]:
    try:
        pack = load_pack(named)
    except FileNotFoundError:
        raise BadInput(
            f"There is no pack “{named}”.", f"Name one of: {', '.join(available_packs())}."
        ) from None
    return pack, rules_of(pack)


def _read_facts_file(source: str) -> dict[str, Any]:
    try:
        if source == "-":
            text = sys.stdin.read(_FACTS_MOST_BYTES + 1)
        else:
            with Path(source).open(encoding="utf-8-sig") as file:
                text = file.read(_FACTS_MOST_BYTES + 1)
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{source}: the facts cannot be read.") from None
    if len(text) > _FACTS_MOST_BYTES:
        raise BadInput(f"{source}: the facts are larger than 1 MB.")
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(f"{source}: the facts are not JSON.") from None
    if not isinstance(facts, dict):
        raise BadInput(f"{source}: the facts must be one JSON object, name by name.")
    return facts


def _read_calendar(path: Path | None, zone: tzinfo | None = None) -> CalendarFile:
    if path is None:
        return CalendarFile(())
    try:
        return read_file(path, zone)
    except OSError:
        raise BadInput(f"{path}: the calendar cannot be read.") from None


def _zones(raw: Mapping[str, Any], given: CalendarFile, pack: Pack) -> list[str]:
    """Names of zones, the most certain first: told as a fact, by the calendar, by the pack."""
    told = raw.get("timezone", raw.get("tz"))
    if told is not None:
        if not isinstance(told, str) or zone_named(told) is None:
            raise BadInput("The fact “timezone” names no time zone.", "America/Los_Angeles is one.")
        return [told]
    carried = pack.raw.get("timezones")
    own = [str(one) for one in carried] if isinstance(carried, Sequence) else []
    return ([given.zone] if given.zone else []) + own


def _zone(zones: Sequence[str], facts: Facts) -> tzinfo:
    seen = facts.first("event_start", *facts.moments)
    at = seen[1] if seen else None
    if facts.zone:
        return zone_named(facts.zone) or fixed(at)
    return zone_of(zones, at) or fixed(at)


def _now(told: str | None, zone: tzinfo) -> datetime | None:
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise BadInput(f"--now {told}: not an ISO date and time.") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _warn(facts: Facts, given: CalendarFile) -> None:
    """What was taken in a way that the person should know of; to the error stream."""
    for name in facts.unknown:
        print(f"“{name}” is no fact that a rule knows.{closest(name)}", file=sys.stderr)
    for name in facts.local:
        print(f"“{name}” has no offset: taken as the school's local time.", file=sys.stderr)
    if given.broken:
        entries = "entry" if given.broken == 1 else "entries"
        print(f"{given.broken} {entries} of the calendar could not be read.", file=sys.stderr)


def _as_json(one: Due, calendar: SchoolCalendar, now: datetime | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": one.id,
        "rule": one.rule,
        "cite": one.cite,
        "verified": one.verified,
        "due": one.due.isoformat(),
        "reading": one.reading,
        "task": one.task,
        "owner": one.owner,
        "within": one.within,
        "anchor": one.anchor,
        "anchored_at": one.anchored_at.isoformat(),
        "why": one.why,
        "at_once": one.at_once,
        "fallback_calendar": one.fallback,
        "note": _NO_CALENDAR if one.fallback else "",
    }
    if now is not None:
        told["late"] = now > one.due
    return told


def _print_table(found: Sequence[Due], now: datetime | None) -> None:
    if not found:
        print("No deadline of this pack follows from these facts.")
        return
    width = max(len(one.id) for one in found)
    for one in found:
        late = " LATE" if now is not None and now > one.due else ""
        print(f"{one.id:<{width}}  {_words(one.due)}{late}  {one.rule}")
        checked = "verified" if one.verified else "not verified"
        print(f"{'':<{width}}  {one.within} · {one.cite} · {one.reading} · {checked}")
    if any(one.fallback for one in found):
        print(_NO_CALENDAR)


def _words(due: datetime) -> str:
    """“Fri 2026-11-13 15:10 PST”: with weekday and zone, so that nobody has to work it out."""
    return f"{due:%a %Y-%m-%d %H:%M} {due.tzname() or ''}".strip()
