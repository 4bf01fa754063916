"""Words of a medication record: outcomes, broken rules, what somebody typed. Pure."""

from __future__ import annotations

from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import DoseRecord
from bt_desktop.services.health.rules import load_rules


def outcome_words(dose: DoseRecord) -> str:
    """“Refused”."""
    code = medication_lists().outcomes.get(dose.outcome)
    return code.said if code is not None else dose.outcome


def rule_title(rule_id: str) -> str:
    """What a broken rule is called; of an outcome that counts as an error, its words."""
    if rule_id.startswith("code_"):
        return outcome_title(rule_id.removeprefix("code_"))
    titles = {one.id: one.title.get("en", one.id) for one in load_rules()}
    return titles.get(rule_id, rule_id)


def outcome_title(code: str) -> str:
    """The words of an outcome's code."""
    known = medication_lists().outcomes.get(code)
    return known.said if known is not None else code


def sentence(text: str) -> str:
    """What somebody typed, as a sentence of its own."""
    said = " ".join(text.split())
    return said if said.endswith((".", "!", "?")) else f"{said}."
