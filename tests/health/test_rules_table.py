"""The table of the rules: whole, in words, and about facts that exist."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from bt_desktop import paths
from bt_desktop.form_engine.definition import say
from bt_desktop.form_engine.loader import FormFaults
from bt_desktop.security.permissions import Role
from bt_desktop.services.health.rule_facts import FACTS, blank
from bt_desktop.services.health.rules import (
    Allowance,
    Rule,
    allowed,
    check,
    load_rules,
    may_allow,
    rule,
)

RULES = load_rules()
TESTS = Path(__file__).parent
IN_ORDER = blank() | {
    "giving": True,
    "identified": True,
    "parent_on_paper": True,
    "prescriber_on_paper": True,
    "reviewed": True,
    "label_checked": True,
    "allergies_known": True,
    "is_nurse": True,
}
"""A dose of which no rule has anything to say."""


def test_a_dose_in_order_hears_of_no_rule() -> None:
    assert check("give", IN_ORDER) == ()


def test_the_rules_are_r1_to_r32() -> None:
    assert [one.id for one in RULES] == [f"R{n}" for n in range(1, 33)]


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_a_rule_has_a_title_and_a_basis_and_something_that_holds_to_it(one: Rule) -> None:
    assert say(one.title)
    assert one.basis
    assert bool(one.cases) != bool(one.enforced), "either here or said where"


@pytest.mark.parametrize("one", [one for one in RULES if one.enforced], ids=lambda one: one.id)
def test_what_is_held_to_elsewhere_is_there(one: Rule) -> None:
    file, _, rule_id = one.enforced.partition(" ")
    if file.endswith(".yaml"):
        assert re.search(rf"\b{rule_id}\b", (paths.forms_dir() / file).read_text("utf-8"))
    else:
        assert (Path(paths.__file__).parent / file).exists()


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_a_test_is_named_after_each_rule(one: Rule) -> None:
    number = int(one.id[1:])
    named = re.compile(rf"def test_r{number:02d}_")
    where = [TESTS, TESTS.parent / "services", TESTS.parent / "forms", TESTS.parent / "paper"]
    files = [file for folder in where for file in folder.glob("test_*.py")]
    elsewhere = re.compile(rf"\b{one.id}\b")
    found = any(named.search(file.read_text("utf-8")) for file in files)
    if one.enforced:
        found = found or any(elsewhere.search(file.read_text("utf-8")) for file in files)
    assert found, f"no test is named after {one.id}"


def test_a_blank_day_breaks_nothing_of_giving() -> None:
    assert check("give", blank()) == ()


def test_every_word_of_a_finding_is_filled() -> None:
    """Each case in turn is made to speak: no slot is left open, nothing is empty."""
    for one in RULES:
        for case in one.cases:
            for text in (case.what, case.why, case.next):
                assert say(text).strip()
                assert set(re.findall(r"\$\{(\w+)\}", say(text))) <= set(FACTS)


@pytest.mark.parametrize("papers", list(product((True, False), repeat=4)))
def test_r03_speaks_wherever_anything_is_missing(papers: tuple[bool, ...]) -> None:
    names = ("prescriber_on_paper", "parent_on_paper", "phone_consent", "reviewed")
    facts = dict(zip(names, papers, strict=True))
    found = [one for one in check("give", IN_ORDER | facts) if one.rule == "R3"]
    whole = facts["prescriber_on_paper"] and facts["parent_on_paper"] and facts["reviewed"]
    assert len(found) == (not whole)
    bridged = facts["prescriber_on_paper"] and (facts["parent_on_paper"] or facts["phone_consent"])
    for one in found:
        assert one.stops
        assert may_allow(one, Role.NURSE, own=True) == bridged, "what no paper bridges, nobody may"


def test_who_may_allow_what() -> None:
    [finding] = check("give", IN_ORDER | {"already": True})
    assert finding.rule == "R14"
    assert may_allow(finding, Role.NURSE, own=False)
    assert not may_allow(finding, Role.ADMINISTRATOR, own=False)
    assert not may_allow(finding, Role.TECHNICIAN, own=True)
    good = Allowance("R14", Role.NURSE, True, "The first entry was wrong", {})
    assert allowed(finding, [good])
    assert not allowed(finding, [Allowance("R13", Role.NURSE, True, "The first was wrong", {})])
    assert not allowed(finding, [Allowance("R14", Role.NURSE, True, "short    ok", {})])
    assert not allowed(finding, [])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('when: "${no_such_fact}"', "unknown-word"),
        ('when: "${giving} and"', "bad-expression"),
        ("level: perhaps", "unknown-word"),
        ("override_by: [janitor]", "unknown-word"),
    ],
)
def test_a_rule_that_cannot_be_is_a_fault_with_its_line(
    tmp_path: Path, line: str, code: str
) -> None:
    key = line.partition(":")[0]
    kept = {
        "when": 'when: "${giving}"',
        "level": "level: stop",
        "override_by": "override_by: [nurse]",
        "what": "what: {en: What}",
        "why": "why: {en: Why}",
        "next": "next: {en: Next}",
    } | {key: line}
    body = "\n        ".join(kept.values())
    (tmp_path / "medication_rules.yaml").write_text(
        "medication_rules:\n  - id: R1\n    title: {en: One}\n    where: give\n"
        f"    basis: design\n    cases:\n      - {body}\n",
        encoding="utf-8",
    )
    with pytest.raises(FormFaults) as faults:
        load_rules(tmp_path)
    assert [one.code for one in faults.value.faults] == [code]


def test_r22_an_adult_brings_what_is_controlled() -> None:
    brought = blank() | {"move": "received", "controlled": True}
    assert [one.rule for one in check("stock", brought)] == ["R22"]
    assert check("stock", brought | {"adult": True}) == ()


def test_r32_a_family_s_controlled_medicine_is_not_taken_to_a_take_back() -> None:
    taken = blank() | {"move": "destroyed", "controlled": True, "method": "take_back"}
    assert [one.rule for one in check("stock", taken)] == ["R32"]
    assert rule("R32").cases[0].level == "warn"


def test_a_rule_that_wants_people_together_names_two_roles(tmp_path: Path) -> None:
    text = (paths.forms_dir() / "medication_rules.yaml").read_text(encoding="utf-8")
    alone = text.replace("override_by: [nurse, administrator]\n        together", "together")
    assert alone != text
    (tmp_path / "medication_rules.yaml").write_text(alone, encoding="utf-8")
    with pytest.raises(FormFaults, match="together"):
        load_rules(tmp_path)


def test_r25_an_empty_cell_is_told_when_a_month_is_looked_at() -> None:
    assert [one.rule for one in check("month", blank() | {"open_cells": 1})] == ["R25"]
    assert check("month", blank()) == ()


def test_r26_a_month_with_open_cells_or_unsigned_initials_is_closed_with_a_reason() -> None:
    open_cells = check("month", blank() | {"closing": True, "open_cells": 2})
    assert [(one.rule, one.level) for one in open_cells] == [("R26", "stop"), ("R25", "warn")]
    unsigned = check("month", blank() | {"closing": True, "unsigned_initials": 1})
    assert [one.rule for one in unsigned] == ["R26"]
    assert may_allow(unsigned[0], Role.NURSE, own=True)
    assert check("month", blank() | {"closing": True}) == ()
