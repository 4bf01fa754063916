"""The facts that deadlines follow from: one vocabulary for packs, forms and the command line.

A pack's rule says `when` it applies as an expression over these names and counts from one of the
moments. `forms/deadline_facts.yaml` says how a form's answers become facts; the command line takes
them as they are. A fact that is not told is blank: no rule that asks for it applies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Any, Literal

from bt_desktop.errors import KnownError
from bt_desktop.form_engine.suggestions import did_you_mean

FactKind = Literal["moment", "flag", "plan", "bip", "number", "bell", "zone"]

FACTS: Mapping[str, FactKind] = {
    # When: clocks start at one of these.
    "event_start": "moment",
    "event_end": "moment",
    "ber_written": "moment",  # the report was signed by its author
    "copy_requested": "moment",
    "employer_knew": "moment",
    "abuse_suspected_at": "moment",
    "police_contacted_at": "moment",
    "iep_meeting": "moment",
    "referral": "moment",
    "school_year_end": "moment",
    "suspended_from": "moment",
    "hired": "moment",
    # Who it was about.
    "plan": "plan",
    "bip": "bip",
    "residential_provider": "flag",
    "nonpublic_school": "flag",
    # What happened.
    "restraint": "flag",
    "mechanical": "flag",
    "seclusion": "flag",
    "serious_property_damage": "flag",
    "minutes_held": "number",
    "untrained_staff": "flag",
    "photos": "flag",
    "police": "flag",
    "injury": "flag",
    "head_injury": "flag",
    "staff_injury": "flag",
    "serious_staff_injury": "flag",
    "staff_attacked": "flag",
    "abuse_suspected": "flag",
    "defiance_referral": "flag",
    "suspended": "flag",
    "in_school_suspension": "flag",
    "expelled": "flag",
    "assault_weapon": "flag",  # a weapon or serious injury: perhaps an act of Penal Code 245
    "drug_offense": "flag",  # EC 48900(c), (d)
    # How far the work is.
    "unsigned": "flag",  # the report is not signed yet: what follows a signed report waits
    "new_behavior": "flag",
    "bip_ineffective": "flag",
    # Where and until when.
    "bell": "bell",
    "timezone": "zone",
}
"""Every fact, and how it is told."""

ALIASES: Mapping[str, str] = {
    "event_began": "event_start",
    "event_ended": "event_end",
    "report_signed": "ber_written",
    "plan_status": "plan",
    "bip_status": "bip",
    "plan_ineffective": "bip_ineffective",
    "new_behaviour": "new_behavior",
    "property_damage_serious": "serious_property_damage",
    "mechanical_restraint": "mechanical",
    "physical_restraint": "restraint",
    "staff_hurt": "staff_injury",
    "tz": "timezone",
}
"""Other names under which a fact may be told."""

_YES = frozenset(("yes", "true", "y", "1", "on"))
_KINDS = frozenset(("physical", "mechanical", "both"))  # "restraint": "physical"
_NO = frozenset(("no", "false", "n", "0", "off", "none"))
_BLANK = frozenset(("", "unknown", "null"))
_PLANS: Mapping[str, str] = {
    "iep": "iep",
    "section_504": "section_504",
    "504": "section_504",
    "504_plan": "section_504",
    "plan_504": "section_504",
    "evaluation_pending": "evaluation_pending",
    "pending": "evaluation_pending",
    "neither": "none",
    "no_plan": "none",
}
# A plan under Section 504 or of general education is no behavioral intervention plan here (the
# forms and EC 56521.1(g), (h) speak of one in the IEP or a behavior support plan).
_BIPS: Mapping[str, str] = {
    "bip": "yes",
    "bip_iep": "yes",
    "in_iep": "yes",
    "bsp": "yes",
    "plan_504": "none",
    "plan_general": "none",
}
_MOST_TEXT = 80


class BadFact(KnownError):
    """A fact that is told in a way nobody can use; says which and what would do."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            "bad-fact", f"The fact “{name}” cannot be used: {what}", "Correct it and try again."
        )
        self.name = name


@dataclass(frozen=True)
class Facts:
    """Facts that were read. `values` are what expressions see (a blank one is left out).

    `moments` hold the moments (aware), `bell` the end of the school day, `zone` the name of the
    time zone; `unknown` are names that no rule knows, `local` moments that had no offset.
    """

    values: Mapping[str, Any]
    moments: Mapping[str, datetime]
    bell: time | None = None
    zone: str = ""
    unknown: tuple[str, ...] = ()
    local: tuple[str, ...] = field(default=())

    def first(self, *names: str) -> tuple[str, datetime] | None:
        """The first of these moments that is told, with its name."""
        for name in names:
            if name in self.moments:
                return name, self.moments[name]
        return None

    def minutes_held(self) -> float | None:
        """How long it lasted: as told, else from the event's begin and end; None if neither."""
        told = self.values.get("minutes_held")
        if told is not None:
            return float(told)
        began, ended = self.moments.get("event_start"), self.moments.get("event_end")
        return None if began is None or ended is None else (ended - began).total_seconds() / 60


def read_facts(raw: Mapping[str, Any], zone: Callable[[datetime | None], tzinfo]) -> Facts:
    """Facts as told (JSON values, or what a form's expressions gave) as facts that rules can use.

    `zone` gives the school's time zone, asked with the first moment that has an offset (or None):
    a day without a time begins there, a moment without an offset is on its clocks. Raises BadFact.
    """
    told: dict[str, Any] = {}
    unknown = []
    for key, value in raw.items():
        name = ALIASES.get(str(key), str(key))
        if name not in FACTS:
            unknown.append(str(key))
        elif not _is_blank(value):
            told[name] = value
    stamps = {n: _parsed(n, v) for n, v in told.items() if FACTS[n] == "moment"}
    aware = next((s for s in stamps.values() if isinstance(s, datetime) and s.tzinfo), None)
    here = zone(aware)
    moments = {n: _moment(n, s, here) for n, s in stamps.items()}
    values: dict[str, Any] = {n: m.isoformat() for n, m in moments.items()}
    for name, value in told.items():
        if FACTS[name] in _READERS:
            read = _READERS[FACTS[name]](name, value)
            if read is not None:
                values[name] = read
    _require_order(moments)
    return Facts(
        values=values,
        moments=moments,
        bell=_bell("bell", told["bell"]) if "bell" in told else None,
        zone=_text("timezone", told["timezone"]) if "timezone" in told else "",
        unknown=tuple(unknown),
        local=tuple(n for n, s in stamps.items() if isinstance(s, datetime) and not s.tzinfo),
    )


def closest(name: str) -> str:
    """“ Did you mean …” for a name that is no fact."""
    return did_you_mean(name, [*FACTS, *ALIASES])


def _is_blank(value: Any) -> bool:
    if isinstance(value, float) and math.isnan(value):
        return True
    return value is None or (isinstance(value, str) and value.strip().casefold() in _BLANK)


def _require_order(moments: Mapping[str, datetime]) -> None:
    began, ended = moments.get("event_start"), moments.get("event_end")
    if began is not None and ended is not None and ended < began:
        raise BadFact("event_end", "it lies before event_start.")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        raise BadFact(name, "it must be a short text.")
    return value.strip()


def _parsed(name: str, value: Any) -> datetime | date:
    text = _text(name, value)
    try:
        if "T" not in text and " " not in text:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadFact(
            name, "it must be a date and time such as 2026-11-12T10:09:00-08:00."
        ) from None


def _moment(name: str, stamp: datetime | date, zone: tzinfo) -> datetime:
    at = stamp if isinstance(stamp, datetime) else datetime.combine(stamp, time(0))
    if not 1990 <= at.year <= 2200:
        raise BadFact(name, "the year must lie between 1990 and 2200.")
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _flag(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    word = value.strip().casefold() if isinstance(value, str) else None
    if word in _YES or (name == "restraint" and word in _KINDS):
        return True
    if word in _NO:
        return False
    raise BadFact(name, "it must be yes or no (or true, false).")


def _plan(name: str, value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value == 504:
        return "section_504"
    word = _word(name, value)
    if word in _NO:
        return "none"
    if word in _PLANS:
        return _PLANS[word]
    raise BadFact(name, "it must be iep, 504, evaluation_pending, none or unknown.")


def _bip(name: str, value: Any) -> str:
    word = _word(name, value)
    if word in _YES:
        return "yes"
    if word in _NO:
        return "none"
    if word in _BIPS:
        return _BIPS[word]
    raise BadFact(name, "it must be yes, none or unknown.")


def _word(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _text(name, value).casefold().replace(" ", "_").replace("-", "_")


def _number(name: str, value: Any) -> float:
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0 <= number <= 100_000:
        raise BadFact(name, "it must be a number of minutes, zero or more.")
    return number


def _bell(name: str, value: Any) -> time:
    text = _text(name, value)
    try:
        read = time.fromisoformat(text if text[1:2] != ":" else f"0{text}")
    except ValueError:
        raise BadFact(name, "it must be a time of day such as 15:10.") from None
    if read.tzinfo is not None:
        raise BadFact(name, "it must be a time of day such as 15:10, without an offset.")
    return read


_READERS: Mapping[FactKind, Callable[[str, Any], Any]] = {
    "flag": _flag,
    "plan": _plan,
    "bip": _bip,
    "number": _number,
}


__all__ = ["ALIASES", "FACTS", "BadFact", "FactKind", "Facts", "closest", "read_facts"]
