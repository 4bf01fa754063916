"""Each constraint and warning of the staff injury report, by its id (R-STI-nn in the YAML)."""

from __future__ import annotations

import pytest
from ber_answers import fill
from rule_kit import Slip, hears_its_rule, written_rules
from sti_answers import BITTEN, SCENARIOS, filled

_TODAY = {"/event_date": "11/13/2026"}

RULES: dict[str, Slip] = {
    "R-STI-01": Slip("/employee_birth_date", "1/1/2027"),
    "R-STI-02": Slip("/employee_birth_date", "1/1/2020", "warning"),
    "R-STI-03": Slip("/employee_hired_on", "11/13/2026"),
    "R-STI-04": Slip("/event_date", "11/14/2026"),
    "R-STI-05": Slip("/event_date", "11/1/2026", "warning"),
    "R-STI-06": Slip("/event_began", "1100", first=_TODAY),
    "R-STI-07": Slip("/injuries[1]/injury_skin_broken", "yes", "warning"),
    "R-STI-08": Slip("/overnight", "yes", "warning"),
    "R-STI-09": Slip("/died_on", "11/11/2026", scenario="fell"),
    "R-STI-10": Slip("/person_caused", "no", "warning"),
    "R-STI-11": Slip("/violence_by", "coworker", "warning"),
    "R-STI-12": Slip("/violence_area", "Locker 400117"),
    "R-STI-13": Slip("/violence_consequences", ["none", "injury"]),
    "R-STI-14": Slip("/violence_description", "Student 400117 bit an employee."),
    "R-STI-15": Slip("/days_away", "0"),
    "R-STI-16": Slip("/days_away", "200", "warning"),
    "R-STI-17": Slip("/days_restricted", "-1"),
    "R-STI-18": Slip("/claim_form_on", "11/11/2026"),
    "R-STI-19": Slip("/insurer_told_on", "11/11/2026"),
    "R-STI-20": Slip("/osha_called_on", "11/11/2026"),
    "R-STI-21": Slip("/written_on", "11/11/2026"),
}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_mistake_gets_the_sentence_of_its_rule(rule: str) -> None:
    hears_its_rule(lambda named: filled(named or "bitten"), RULES[rule])


def test_every_rule_of_the_form_is_tested() -> None:
    written, rules = written_rules("staff_injury")
    assert len(written) == len(set(written)) == rules
    assert set(written) == set(RULES)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_complete_set_has_nothing_open(scenario: str) -> None:
    assert filled(scenario).issues() == ()


def test_the_eighteen_fields_of_form_301_are_asked_and_say_that_nobody_has_checked_them() -> None:
    numbers = set()
    for asked in filled().form.fields().values():
        if asked.cite:
            assert "unverified" in asked.cite, asked.name
        if asked.cite.startswith("Form 301 no."):
            numbers.add(int(asked.cite.split()[3].rstrip(";")))
    assert numbers == set(range(1, 19))


def test_a_staff_injury_is_confidential_and_no_word_of_it_is_for_a_parent() -> None:
    form = filled().form
    assert (form.record_class, form.subject, form.prefix) == ("confidential", "staff", "STI")
    assert not [f.name for f in form.fields().values() if f.privacy == "parent"]


def test_what_goes_into_the_log_is_asked_only_where_a_person_caused_it() -> None:
    page = filled("fell")
    assert not page.view("/violence_description").relevant
    fill(page, {"/person_caused": "yes"})
    asked = [p for p in BITTEN if p.startswith("/violence_")]
    assert all(page.view(p).relevant and page.view(p).required for p in asked)


def test_a_time_that_cannot_be_determined_is_an_answer() -> None:
    page = filled()
    page.set("/event_began", None)
    assert [i.path for i in page.issues("report")] == ["/event_began"]
    page.set_unknown("/event_began", "Found at the end of the day.")
    assert page.issues("report") == ()
