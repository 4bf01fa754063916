"""Each constraint and warning of a form or pack, by its id (R-BER-nn, R-INC-nn, R-RSK-nn).

Every rule starts from an answer set without fault, makes the one mistake the rule is for, and must
see the rule's own sentence at that path, and nothing of it before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import ber_rules
import incident_rules
import pytest
import risk_rules
from form_kits import KITS, fill
from mistakes import Mistake

from bt_desktop import paths
from bt_desktop.form_engine import FormSession
from bt_desktop.form_engine.definition import say

_OF_FORM = {
    "restraint": ber_rules.RULES,
    "incident": incident_rules.RULES,
    "risk": risk_rules.RULES,
}
_OF_PACKS = {
    "medication_error": {"R-MED-CA-01": Mistake("/given_licensed", "no", "warning")},
}
"""Rules of packs about forms whose own rules have a file of their own."""
RULES: Mapping[str, tuple[str, Mistake]] = {
    rule: (form, mistake)
    for forms in (_OF_FORM, _OF_PACKS)
    for form, rules in forms.items()
    for rule, mistake in rules.items()
}
_RULE = re.compile(r"# (R-[A-Z]{3}-(?:[A-Z]{2}-)?\d+)\n\s+(?:constraint|warning):")


def _spoken(of: FormSession, mistake: Mistake) -> list[str]:
    """What is said at the mistake's path with its severity."""
    return [
        i.sentence for i in of.issues() if i.path == mistake.path and i.severity == mistake.severity
    ]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_mistake_gets_the_sentence_of_its_rule(rule: str) -> None:
    form, mistake = RULES[rule]
    page = KITS[form].filled(mistake.scenario, mistake.pack)
    asked = page.view(mistake.path).field
    message = asked.warning_message if mistake.severity == "warning" else asked.constraint_message
    assert message
    assert not any(say(message) in sentence for sentence in _spoken(page, mistake))

    fill(page, {**mistake.first, mistake.path: mistake.typed})

    assert any(say(message) in sentence for sentence in _spoken(page, mistake))


def test_every_rule_of_these_forms_and_of_the_packs_is_tested() -> None:
    folder = paths.forms_dir()
    files = [folder / f"{form}.yaml" for form in _OF_FORM]
    files += [*(folder / "shared").glob("*.yaml"), *(folder / "packs").glob("*.yaml")]
    text = "\n".join(f.read_text("utf-8") for f in files)

    written = _RULE.findall(text)

    assert len(written) == len(set(written))
    assert len(written) == len(re.findall(r"^\s+(?:constraint|warning):", text, re.MULTILINE))
    assert set(written) == set(RULES)
