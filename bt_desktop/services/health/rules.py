"""The rules of giving medicine: read from `forms/medication_rules.yaml`, held against facts.

A rule is data: when it speaks, how hard it stops, who may allow it, what the person is told. This
module knows none of them by number. What it keeps to: before a dose, `stop` stops; afterwards,
what happened is recorded all the same, and a stop that nobody allowed makes it a deviation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from bt_desktop.form_engine.definition import Text, say
from bt_desktop.form_engine.evaluation import Evaluator, evaluator
from bt_desktop.form_engine.expressions import compile_expression
from bt_desktop.form_engine.grammar import ExpressionError
from bt_desktop.form_engine.yaml_tree import Table
from bt_desktop.security.permissions import Role
from bt_desktop.services.health.data_files import Rows, read_data
from bt_desktop.services.health.rule_facts import FACTS

FILE = "medication_rules"
Level = Literal["stop", "ask", "warn", "task"]
_LEVELS = ("stop", "ask", "warn", "task")
_WHERE = ("give", "order", "stock", "month", "task", "record", "paper")
_WHO = ("giver", "nurse", "administrator")
_NEEDS = ("reason", "prescriber_call", "phone_consent")
_EMERGENCY = ("skip", "warn", "keep")
_RULE_KEYS = ("id", "title", "where", "cases", "basis", "unverified", "emergency", "enforced")
_CASE_KEYS = ("when", "level", "override_by", "together", "needs", "what", "why", "next")
_SLOT = re.compile(r"\$\{([a-z_]+)\}")
LEAST_REASON = 10
"""An override's reason has so many letters at least: enough for two words that mean something."""
LEAST_WORDS = 5
"""The reason of an outcome or of a warning: enough for a word that means something."""


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a rule is broken."""

    when: str
    level: Level
    override_by: tuple[str, ...]
    together: bool  # not one of them: all of them
    needs: tuple[str, ...]
    what: Text
    why: Text
    next: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of domain §5. `enforced` names where it is held to, when that is elsewhere."""

    id: str
    title: Text
    where: str
    cases: tuple[Case, ...]
    basis: str
    unverified: bool
    emergency: str
    enforced: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that speaks: what, why, who can allow it, what to do next, in sentences."""

    rule: str
    title: str
    level: Level
    override_by: tuple[str, ...]
    needs: tuple[str, ...]
    what: str
    why: str
    next: str
    together: bool = False

    @property
    def stops(self) -> bool:
        """Whether nothing is given before somebody allows it."""
        return self.level == "stop"

    @property
    def who(self) -> str:
        """Who can allow it, in words."""
        if self.level != "stop":
            return ""
        if not self.override_by:
            return "Nobody can allow this."
        joined = " and " if self.together else " or "
        names = joined.join(_WHO_WORDS[one] for one in self.override_by)
        more = ", each with their own password" if self.together else ""
        return f"{names[0].upper()}{names[1:]} can allow it{more}, with a reason."

    def text(self) -> str:
        """All of it, for whoever reads it aloud."""
        return " ".join(part for part in (self.what, self.why, self.who, self.next) if part)


_WHO_WORDS = {
    "giver": "you",
    "nurse": "a nurse",
    "administrator": "an administrator",
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """Somebody allows what a rule stops: `role` theirs, `own`: whoever records the dose."""

    rule: str
    role: Role
    own: bool
    reason: str
    told: Mapping[str, str]


def check(where: str, facts: Mapping[str, Any], *, emergency: bool = False) -> tuple[Finding, ...]:
    """What the rules of one place say of these facts; stops first, then by number.

    Of an emergency medicine the rules that say so keep silent, or only warn (domain §1.9).
    """
    of = evaluator(facts)
    found = [
        finding
        for rule in _rules_of(where)
        if not (emergency and rule.emergency == "skip")
        for finding in _broken(rule, facts, of, emergency=emergency)
    ]
    return tuple(sorted(found, key=lambda one: (_LEVELS.index(one.level), int(one.rule[1:]))))


def allowed(finding: Finding, allowances: Iterable[Allowance]) -> bool:
    """Whether somebody's word lifts this stop: the right person, a reason, and what it needs.

    Where a rule wants several people together, each of them has said so.
    """
    good = [one for one in allowances if _lifts(finding, one)]
    if not finding.together:
        return bool(good)
    roles = {one.role for one in good}
    return bool(finding.override_by) and all(Role(one) in roles for one in finding.override_by)


def _lifts(finding: Finding, allowance: Allowance) -> bool:
    if allowance.rule != finding.rule:
        return False
    if not may_allow(finding, allowance.role, own=allowance.own):
        return False
    said = len(" ".join(allowance.reason.split()))
    answered = all(
        len(allowance.told.get(need, "").strip()) >= 3 for need in finding.needs if need != "reason"
    )
    return said >= LEAST_REASON and answered


def unexplained(findings: Iterable[Finding], reason: str) -> tuple[Finding, ...]:
    """The warnings that ask for a reason where none is written: a late dose, less than ordered."""
    told = len(" ".join(reason.split())) >= LEAST_WORDS
    return tuple(
        one for one in findings if one.level == "warn" and "reason" in one.needs and not told
    )


def may_allow(finding: Finding, role: Role, *, own: bool) -> bool:
    """Whether somebody of that role may lift it; `own`: whoever records the dose themselves."""
    return (
        (own and "giver" in finding.override_by)
        or (role is Role.NURSE and "nurse" in finding.override_by)
        or (role is Role.ADMINISTRATOR and "administrator" in finding.override_by)
    )


@lru_cache(maxsize=len(_WHERE))
def _rules_of(where: str) -> tuple[Rule, ...]:
    return tuple(one for one in load_rules() if one.where == where)


def _broken(
    rule: Rule, facts: Mapping[str, Any], of: Evaluator, *, emergency: bool
) -> Iterable[Finding]:
    """The first case of a rule that speaks (a rule says one thing at a time)."""
    for case in rule.cases:
        if of(case.when) is True:
            level = case.level
            if emergency and rule.emergency == "warn" and level == "stop":
                level = "warn"
            what, why, then = (_filled(text, facts) for text in (case.what, case.why, case.next))
            yield Finding(
                rule.id,
                say(rule.title),
                level,
                case.override_by,
                case.needs,
                what,
                why,
                then,
                case.together,
            )
            return


def _filled(text: Text, facts: Mapping[str, Any]) -> str:
    return _SLOT.sub(lambda slot: str(facts[slot.group(1)]), say(text))


# --- reading -------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """The rules, in the order of their numbers. Raises FormFaults."""
    return read_data(FILE, _read, folder)


def rule(rule_id: str) -> Rule:
    """A rule by its number. Raises KeyError."""
    return {one.id: one for one in load_rules()}[rule_id]


def _read(rows: Rows, tree: Table) -> tuple[Rule, ...]:
    found = rows.by_code(
        FILE,
        (
            (rows.code(row, "id"), row, _rule(rows, row))
            for row in rows.each(tree, FILE, _RULE_KEYS, "rule")
        ),
    )
    return tuple(found.values())


def _rule(rows: Rows, row: Table) -> Rule:
    where = rows.word(row, "where")
    if where not in _WHERE:
        rows.unknown(row, "where", where, _WHERE)
    emergency = rows.word(row, "emergency") or "keep"
    if emergency not in _EMERGENCY:
        rows.unknown(row, "emergency", emergency, _EMERGENCY)
    return Rule(
        rows.code(row, "id"),
        rows.said(row, "title"),
        where,
        tuple(_case(rows, case) for case in rows.each(row, "cases", _CASE_KEYS, "case")),
        rows.word(row, "basis"),
        rows.word(row, "unverified") == "true",
        emergency,
        rows.word(row, "enforced"),
    )


def _case(rows: Rows, row: Table) -> Case:
    when, level = rows.word(row, "when"), rows.word(row, "level")
    try:
        names = {one.name for one in compile_expression(when).references}
    except ExpressionError as problem:
        rows.fault(row, "bad-expression", f"“when”: {problem}", row.line_of("when"))
        names = set()
    texts = {key: rows.said(row, key) for key in ("what", "why", "next")}
    for text in texts.values():
        names |= set(_SLOT.findall(say(text)))
    for name in sorted(names - set(FACTS)):
        rows.unknown(row, "when", name, tuple(FACTS))
    if level not in _LEVELS:
        rows.unknown(row, "level", level, _LEVELS)
    override_by = rows.words(row, "override_by", _WHO)
    together = rows.word(row, "together") == "true"
    if together and (len(override_by) < 2 or "giver" in override_by):
        rows.unknown(row, "together", "true", ("two roles in override_by",))
    return Case(
        when,
        cast(Level, level),
        override_by,
        together,
        rows.words(row, "needs", _NEEDS),
        **texts,
    )
