"""Each constraint and warning of the restraint form, by its id (R-BER-nn in the YAML).

Every rule starts from an answer set without fault, makes the one mistake the rule is for, and must
see the rule's own sentence at that path, and nothing of it before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from ber_answers import DANA, MATEO, WHOLE, fill, filled

from bt_desktop import paths
from bt_desktop.form_engine import FormSession
from bt_desktop.form_engine.definition import say


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is typed wrongly, and where the rule speaks up."""

    path: str
    typed: Any
    severity: str = "error"
    first: Mapping[str, Any] = field(default_factory=dict)
    scenario: str = "whole"
    pack: str | None = "us-ca"


_WITHOUT_SECLUSION = [k for k in WHOLE["/what_happened"] if k != "seclusion"]
_TODAY = {"/event_date": "11/13/2026"}

RULES: dict[str, Mistake] = {
    "R-BER-01": Mistake("/what_happened", ["none", "injury"]),
    "R-BER-02": Mistake("/student_birth_date", "1/1/2027"),
    "R-BER-03": Mistake("/student_birth_date", "1/1/1990", "warning"),
    "R-BER-04": Mistake("/bip_date", "12/1/2026"),
    "R-BER-05": Mistake("/health_conditions", ["none_known", "asthma"]),
    "R-BER-06": Mistake("/student_groups", ["none", "foster"]),
    "R-BER-07": Mistake("/event_date", "12/1/2026"),
    "R-BER-08": Mistake("/event_date", "9/1/2026", "warning"),
    "R-BER-09": Mistake("/event_began", "1100", first=_TODAY),
    "R-BER-10": Mistake("/event_ended", "1008"),
    "R-BER-11": Mistake("/event_ended", "3pm", "warning"),
    "R-BER-12": Mistake("/people[1]/event_roles", ["monitor", "held"], "warning"),
    "R-BER-13": Mistake("/people[1]/left_at", "1008"),
    "R-BER-14": Mistake("/students_involved", [MATEO]),
    "R-BER-15": Mistake("/students_witness", [MATEO]),
    "R-BER-16": Mistake("/students_present", "-1"),
    "R-BER-17": Mistake("/setting_events", ["none_known", "sleep"]),
    "R-BER-18": Mistake("/antecedents", ["unknown", "demand"]),
    "R-BER-19": Mistake("/antecedent_at", "1145", "warning"),
    "R-BER-20": Mistake("/early_signs", ["none_seen", "pacing"]),
    "R-BER-21": Mistake("/danger_to", ["property", "self"]),
    "R-BER-22": Mistake("/de_escalation[1]/tried_at", "1145", "warning"),
    "R-BER-23": Mistake("/holds[1]/start", "1100", first=_TODAY),
    "R-BER-24": Mistake("/holds[1]/start", "1008", "warning"),
    "R-BER-25": Mistake("/holds[1]/end", "1011"),
    "R-BER-26": Mistake("/holds[1]/end", "1120", "warning"),
    "R-BER-27": Mistake("/holds[1]/contact_points", ["forearms", "neck"], "warning"),
    "R-BER-28": Mistake("/holds[1]/technique_facts", ["none", "airway"]),
    "R-BER-29": Mistake(
        "/holds[1]/technique_facts", ["none"], "warning", first={"/holds[1]/position": "prone"}
    ),
    "R-BER-30": Mistake("/seclusion[1]/seclusion_start", "1100", first=_TODAY),
    "R-BER-31": Mistake("/seclusion[1]/seclusion_start", "1008", "warning"),
    "R-BER-32": Mistake("/seclusion[1]/seclusion_end", "1019"),
    "R-BER-33": Mistake("/seclusion[1]/seclusion_end", "1125", "warning"),
    "R-BER-34": Mistake("/seclusion[1]/prevented_how", ["not_prevented", "locked"]),
    "R-BER-35": Mistake("/monitoring[1]/check_time", "1100", first=_TODAY),
    "R-BER-36": Mistake(
        "/monitoring[1]/check_time",
        "1015",
        "warning",
        first={"/what_happened": _WITHOUT_SECLUSION},
    ),
    "R-BER-37": Mistake("/monitoring[1]/checked_by", DANA, "warning"),
    "R-BER-38": Mistake("/monitoring[1]/breathing", "cannot", "warning"),
    "R-BER-39": Mistake("/monitoring[1]/skin_color", "blue_gray", "warning"),
    "R-BER-40": Mistake("/monitoring[1]/alertness", "drowsy", "warning"),
    "R-BER-41": Mistake(
        "/monitoring[1]/check_action",
        "continue",
        "warning",
        first={"/monitoring[1]/breathing": "labored"},
    ),
    "R-BER-42": Mistake("/danger_ended_at", "1008"),
    "R-BER-43": Mistake("/returned_at", "1008"),
    "R-BER-44": Mistake("/admin_arrived_at", "1011"),
    "R-BER-45": Mistake("/recordings", ["none", "video"]),
    "R-BER-46": Mistake(
        "/others_hurt", "none", "warning", first={"/student_hurt": "none", "/staff_hurt": "none"}
    ),
    "R-BER-47": Mistake("/other_injuries[1]/hurt_group", "staff", first={"/staff_hurt": "none"}),
    "R-BER-48": Mistake("/other_injuries[2]/hurt_student", MATEO),
    "R-BER-49": Mistake("/nurse_seen_at", "1008"),
    "R-BER-50": Mistake("/nurse_seen_at", "1245", "warning"),
    "R-BER-51": Mistake("/nurse_alertness", "drowsy", "warning"),
    "R-BER-52": Mistake("/pulse", "9"),
    "R-BER-53": Mistake("/respirations", "200"),
    "R-BER-54": Mistake("/blood_pressure", "104 over 66"),
    "R-BER-55": Mistake("/temperature", "37"),
    "R-BER-56": Mistake("/oxygen", "101"),
    "R-BER-57": Mistake("/oxygen", "88", "warning"),
    "R-BER-58": Mistake("/nurse_findings", ["none", "bruise"]),
    "R-BER-59": Mistake("/nurse_findings", ["petechiae"], "warning"),
    "R-BER-60": Mistake("/pain", "11"),
    "R-BER-61": Mistake("/treatment", ["none", "ice"]),
    "R-BER-62": Mistake("/recheck_at", "1139"),
    "R-BER-63": Mistake("/back_to_class_at", "1139"),
    "R-BER-64": Mistake("/property[1]/damage_cost", "-1"),
    "R-BER-65": Mistake("/property[1]/damage_cost", "200000", "warning"),
    "R-BER-66": Mistake("/outside_help[1]/agency_called_at", "1100", first=_TODAY),
    "R-BER-67": Mistake("/outside_help[1]/agency_arrived_at", "1011"),
    "R-BER-68": Mistake("/outside_help[1]/agency_left_at", "1014"),
    "R-BER-69": Mistake("/parent_told[1]/notice_date", "11/11/2026"),
    "R-BER-70": Mistake("/parent_told[1]/notice_interpreter", "no", "warning"),
    "R-BER-71": Mistake("/forwarded_on", "11/11/2026"),
    "R-BER-72": Mistake("/review_other", ["none", "pain"]),
    "R-BER-73": Mistake(
        "/follow_up_owner", "staff:p-tom", "warning", first={"/bip_status": "unknown"}
    ),
    "R-BER-74": Mistake("/iep_scheduled_on", "11/11/2026", scenario="no_plan"),
    "R-BER-75": Mistake("/iep_meeting_on", "11/12/2026", scenario="no_plan"),
    "R-BER-76": Mistake("/referred_on", "11/11/2026"),
    "R-BER-77": Mistake("/next_steps", ["none", "training"]),
    "R-BER-78": Mistake("/student_debrief_on", "11/11/2026"),
    "R-BER-79": Mistake("/student_debrief_by", DANA, "warning"),
    "R-BER-80": Mistake("/staff_debrief_on", "11/11/2026"),
    "R-BER-81": Mistake("/debrief_changes", ["none", "training"]),
    "R-BER-82": Mistake("/debrief_change_due", "11/11/2026"),
    "R-BER-83": Mistake("/parent_invited_on", "11/11/2026"),
    "R-BER-84": Mistake("/written_on", "11/11/2026"),
    "R-BER-85": Mistake("/written_on", "11/13/2026", "warning"),
    "R-BER-CA-01": Mistake("/danger_to", ["property"], "warning"),
    "R-BER-OK-01": Mistake("/danger_to", ["property"], "warning", pack="us-ok"),
}


def _spoken(of: FormSession, mistake: Mistake) -> list[str]:
    """What is said at the mistake's path with its severity."""
    return [
        i.sentence for i in of.issues() if i.path == mistake.path and i.severity == mistake.severity
    ]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_mistake_gets_the_sentence_of_its_rule(rule: str) -> None:
    mistake = RULES[rule]
    page = filled(mistake.scenario, mistake.pack)
    assert _spoken(page, mistake) == []

    fill(page, {**mistake.first, mistake.path: mistake.typed})

    asked = page.view(mistake.path).field
    message = asked.warning_message if mistake.severity == "warning" else asked.constraint_message
    assert message
    assert any(say(message) in sentence for sentence in _spoken(page, mistake))


def test_every_rule_of_the_form_and_of_its_packs_is_tested() -> None:
    folder = paths.forms_dir()
    files = [folder / "restraint.yaml", folder / "shared" / "parent_told.yaml"]
    files += (folder / "packs").glob("*.yaml")
    text = "\n".join(f.read_text("utf-8") for f in files)

    written = re.findall(r"# (R-BER-(?:[A-Z]{2}-)?\d+)\n\s+(?:constraint|warning):", text)
    rules = len(re.findall(r"^\s+(?:constraint|warning):", text, re.MULTILINE))

    assert len(written) == len(set(written)) == rules
    assert set(written) == set(RULES)
