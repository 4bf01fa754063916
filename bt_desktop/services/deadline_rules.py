"""Deadline rules as packs carry them: read once, strictly, into values.

A rule of a pack (`deadlines:`):

- id: T4                      # as the sources number it; several rows may share one
  task: schedule_iep          # what is to be done; says what counts as done (deadline_evidence)
  label: {en: ...}            # the rule in few words
  why: {en: ...}              # why it applies, as a sentence of its own
  when: "${plan} = 'iep'"     # over facts (services/deadline_facts); left out: always
  anchor: [ber_written, event_start]   # the first of these moments that is told
  amount: 2
  unit: calendar_day          # see UNITS
  late_after: {amount: 1, unit: school_day}  # with unit `now`: from when on it is late
  reading: statute            # whose reading of the rule this is, see READINGS
  beyond: {when: "...", reading: district}   # where this holds, the rule itself does not reach it
  alternative: {amount: 2, unit: school_day, reading: district}   # a second date, shown as well
  owner: administrator        # who sees to it, see OWNERS
  cite: EC 56521.1(g)

and of `thresholds:` (a hold that goes on): {id, task, label, why, when, minutes: 30, repeat: 15,
reading, owner, cite}, counted from `event_start`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bt_desktop.form_engine.definition import Text
from bt_desktop.form_engine.expressions import Expression, compile_expression
from bt_desktop.form_engine.grammar import ExpressionError
from bt_desktop.form_engine.packs import Pack
from bt_desktop.form_engine.suggestions import did_you_mean
from bt_desktop.services.deadline_facts import FACTS

UNITS = (
    "now",
    "hour",
    "end_of_school_day",
    "school_day",
    "business_day",
    "calendar_day",
    "month",
    "day_of",
    "minute",
)
"""`now` at once; `hour` elapsed hours; `end_of_school_day` the bell of that day (after it: of the
next school day); `school_day`, `business_day`, `calendar_day` days after the day of the anchor;
`month` months after it; `day_of` the end of that same day; `minute` elapsed minutes."""

READINGS = ("statute", "state_report", "district", "best_practice", "unverified")
"""Whose reading of the rule it is. `unverified`: generally said so, no text was read."""

OWNERS = ("author", "administrator", "nurse", "front_office")
_CHECKABLE = ("statute", "state_report")

_RULE_KEYS = (
    "id", "task", "label", "why", "when", "anchor", "amount", "unit", "late_after", "reading",
    "beyond", "alternative", "owner", "cite", "note",
)  # fmt: skip
_THRESHOLD_KEYS = (
    "id", "task", "label", "why", "when", "minutes", "repeat", "reading", "owner", "cite", "note",
)  # fmt: skip
_SPAN_KEYS = ("amount", "unit", "reading")
_MOST_AMOUNT = 400


class BadRules(ValueError):
    """Rules of a pack that cannot be used; `faults` says everything that is wrong with them."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class Span:
    """How long: so many of a unit, in whose reading."""

    amount: int
    unit: str
    reading: str

    @property
    def words(self) -> str:
        """“2 school days”, “24 hours”, “at once”, “the same day”, “the end of the school day”."""
        if self.unit == "now":
            return "at once"
        if self.unit == "day_of":
            return "the same day"
        if self.unit == "end_of_school_day":
            return "the end of the school day"
        return f"{self.amount} {self.unit.replace('_', ' ')}{'' if self.amount == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `spans` are its readings, the rule's own first; `repeat` is of thresholds."""

    id: str
    task: str
    label: Text
    why: Text
    cite: str
    owner: str
    anchors: tuple[str, ...]
    spans: tuple[Span, ...]
    when: Expression | None = field(default=None, repr=False)
    at_once: bool = False
    beyond: Expression | None = field(default=None, repr=False)
    beyond_reading: str = "district"
    repeat: int | None = None
    is_threshold: bool = False
    pack_verified: bool = False

    def verified(self, reading: str) -> bool:
        """Whether a person has compared this reading of it with the official text."""
        return self.pack_verified and reading in _CHECKABLE


def rules_of(pack: Pack) -> tuple[Rule, ...]:
    """The rules that a pack carries. Raises BadRules with everything that is wrong."""
    reader = _Reader(pack.is_verified)
    found = [reader.rule(one) for one in _rows(pack.raw.get("deadlines"))]
    found += [reader.threshold(one) for one in _rows(pack.raw.get("thresholds"))]
    rules = tuple(rule for rule in found if rule is not None)
    seen: set[tuple[str, str]] = set()
    for rule in rules:
        if (rule.id, rule.task) in seen:
            reader.faults.append(f"{rule.id}: “{rule.task}” stands there twice.")
        seen.add((rule.id, rule.task))
    if reader.faults:
        raise BadRules(reader.faults)
    return rules


def facts_asked(rules: Iterable[Rule]) -> frozenset[str]:
    """The facts that these rules depend on."""
    names: set[str] = set()
    for rule in rules:
        names.update(rule.anchors)
        for expression in (rule.when, rule.beyond):
            if expression is not None:
                names.update(one.name for one in expression.references)
        if rule.is_threshold:
            names.update(("minutes_held", "event_end"))
    return frozenset(names)


def _rows(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


@lru_cache(maxsize=256)
def _compiled(source: str) -> Expression:
    return compile_expression(source)


class _Reader:
    """Reads rows, noting every fault."""

    def __init__(self, verified: bool) -> None:
        self.faults: list[str] = []
        self._verified = verified
        self._where = "?"

    def rule(self, row: Any) -> Rule | None:
        if not self._begin(row, _RULE_KEYS):
            return None
        first = self._span(row, "statute")
        spans = [first]
        at_once = first.unit == "now"
        if at_once and isinstance(after := row.get("late_after"), Mapping):
            spans = [self._span(after, first.reading)]
        if isinstance(other := row.get("alternative"), Mapping):
            spans.append(self._span(other, "district"))
        beyond = row.get("beyond")
        beyond = beyond if isinstance(beyond, Mapping) else {}
        return Rule(
            **self._common(row),
            anchors=self._anchors(row),
            spans=tuple(spans),
            at_once=at_once,
            beyond=self._expression(beyond.get("when")),
            beyond_reading=self._one_of(beyond, "reading", READINGS, "district"),
            pack_verified=self._verified,
        )

    def threshold(self, row: Any) -> Rule | None:
        if not self._begin(row, _THRESHOLD_KEYS):
            return None
        minutes, repeat = row.get("minutes"), row.get("repeat")
        if not _is_amount(minutes, 1) or not (repeat is None or _is_amount(repeat, 1)):
            self._fault("“minutes” and “repeat” must be whole numbers.")
            minutes, repeat = 1, None
        return Rule(
            **self._common(row),
            anchors=("event_start",),
            spans=(Span(minutes, "minute", self._one_of(row, "reading", READINGS, "statute")),),
            repeat=repeat,
            is_threshold=True,
            pack_verified=self._verified,
        )

    def _begin(self, row: Any, keys: tuple[str, ...]) -> bool:
        self._where = "?"
        if not isinstance(row, Mapping):
            self._fault("a deadline must be written as “key: value”.")
            return False
        self._where = str(row.get("id") or "?")
        for key in row:
            if key not in keys:
                self._fault(f"there is no key “{key}”.{did_you_mean(str(key), keys)}")
        for key in ("id", "task"):
            if not row.get(key):
                self._fault(f"“{key}” is missing.")
        if not row.get("label"):
            self._fault("“label” is missing.")
        return True

    def _common(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": str(row.get("id") or ""),
            "task": str(row.get("task") or ""),
            "label": _text(row.get("label")),
            "why": _text(row.get("why")),
            "cite": str(row.get("cite") or ""),
            "owner": self._one_of(row, "owner", OWNERS, "author"),
            "when": self._expression(row.get("when")),
        }

    def _span(self, row: Mapping[str, Any], reading: str) -> Span:
        amount = row.get("amount", 0)
        if not _is_amount(amount, 0):
            self._fault("“amount” must be a whole number, zero or more.")
            amount = 0
        unit = self._one_of(row, "unit", UNITS, "now")
        return Span(amount, unit, self._one_of(row, "reading", READINGS, reading))

    def _anchors(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        given = row.get("anchor", "event_start")
        names = tuple(str(one) for one in (given if isinstance(given, list) else [given]))
        moments = [name for name, kind in FACTS.items() if kind == "moment"]
        for name in names:
            if name not in moments:
                self._fault(f"“anchor” names no moment: “{name}”.{did_you_mean(name, moments)}")
        return names

    def _expression(self, source: Any) -> Expression | None:
        if source is None:
            return None
        try:
            expression = _compiled(str(source))
        except ExpressionError as e:
            self._fault(f"“when”, character {e.position}: {e.sentence}")
            return None
        for one in expression.references:
            if one.name not in FACTS:
                self._fault(
                    f"“when” asks for no fact: “{one.name}”.{did_you_mean(one.name, FACTS)}"
                )
        return expression

    def _one_of(self, row: Mapping[str, Any], key: str, known: Sequence[str], default: str) -> str:
        word = str(row.get(key) or default)
        if word not in known:
            self._fault(f"“{key}” cannot be “{word}”.{did_you_mean(word, known)}")
            return default
        return word

    def _fault(self, sentence: str) -> None:
        self.faults.append(f"{self._where}: {sentence}")


def _is_amount(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= _MOST_AMOUNT


def _text(value: Any) -> Text:
    if isinstance(value, Mapping):
        return {str(k): str(v) for k, v in value.items()}
    return {"en": str(value)} if value else {}


__all__ = ["OWNERS", "READINGS", "UNITS", "BadRules", "Rule", "Span", "facts_asked", "rules_of"]
