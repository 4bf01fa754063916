"""Makes first aid records as stories need them: typed by the real engine, in a real vault."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bt_desktop.form_engine import FormSession
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, ink

sys.path.append(str(Path(__file__).parent / "forms"))
from aid_answers import SCENARIOS, Answers, check
from ber_answers import fill

__all__ = ["SCENARIOS", "VARIANTS", "Answers", "check", "signed_first_aid"]

VARIANTS = {"A": "variant_a", "B": "variant_b", "C": "variant_c"}
"""The letter to the parent -> the answer set that brings it."""


def answers_of(
    school: School, workspace: Workspace, record_id: str, typed: Answers
) -> dict[str, Any]:
    """The record's answers after `typed`; the people of the answer sets are the school's."""
    people = {
        "student:s-mateo": school.ids["mateo"],
        "student:s-lucja": school.ids["lucja"],
        "student:s-huy": school.ids["huy"],
        "staff:p-dana": school.ids["dana"],
        "staff:p-priya": school.ids["priya"],
        "staff:p-tom": school.ids["tom"],
        "staff:p-maria": school.ids["maria"],
        "guardian:g-rosa": school.ids["rosa"],
    }

    def known(value: Any) -> Any:
        if isinstance(value, list):
            return [known(one) for one in value]
        return people.get(value, value) if isinstance(value, str) else value

    opened = workspace.records.open(record_id)
    session = FormSession(opened.form, opened.answers, now=workspace.clock.now)
    fill(session, {path: known(value) for path, value in typed.items()})
    return session.answers()


def type_part(
    school: School, workspace: Workspace, record_id: str, typed: Answers, part: str = "report"
) -> None:
    """Type into one part and save it (answers of other parts are left out, as the service does)."""
    answers = answers_of(school, workspace, record_id, typed)
    workspace.records.save_draft(record_id, part, answers)


def log_call(school: School, workspace: Workspace, record_id: str, typed: Answers) -> None:
    """Put the first attempt of an answer set into the log of parent notices."""
    rows = answers_of(school, workspace, record_id, typed)["parent_told"]
    workspace.records.add_notice(record_id, rows[0])


def begun_first_aid(
    school: School, workspace: Workspace, typed: Answers = SCENARIOS["variant_a"]
) -> str:
    """A first aid record with its report typed and nothing signed; its id."""
    record = workspace.records.start("first_aid")
    type_part(school, workspace, record, typed)
    return record


def signed_first_aid(school: School, variant: str = "A", who: str = "maria") -> str:
    """A head injury of Łucja's, called in to a parent and signed; its id.

    `variant` is the letter that the parent gets: A nothing seen in four checks, B symptoms, taken
    home, C a danger sign, taken by ambulance.
    """
    typed = SCENARIOS[VARIANTS[variant]]
    workspace = school.sign_in(who)
    record = begun_first_aid(school, workspace, typed)
    log_call(school, workspace, record, typed)
    workspace.records.sign_part(record, "report", PASSWORD, ink(workspace.actor.name))
    workspace.lock()
    return record


def begun_medication_error(
    school: School, workspace: Workspace, scenario: str = "wrong_dose", more: Answers | None = None
) -> str:
    """A medication error of Łucja's with its report typed and nothing signed; its id."""
    from med_answers import SCENARIOS as STORIES

    record = workspace.records.start("medication_error")
    type_part(school, workspace, record, dict(STORIES[scenario]) | dict(more or {}))
    return record


def signed_medication_error(school: School, who: str = "dana", scenario: str = "wrong_dose") -> str:
    """A medication error, called in to a parent where the story has a call, and signed; its id."""
    from med_answers import SCENARIOS as STORIES

    workspace = school.sign_in(who)
    record = begun_medication_error(school, workspace, scenario)
    if "/parent_told[1]/notice_to" in STORIES[scenario]:
        log_call(school, workspace, record, STORIES[scenario])
    workspace.records.sign_part(record, "report", PASSWORD, ink(workspace.actor.name))
    workspace.lock()
    return record


def staff_injury_answers(more: Answers | None = None) -> dict[str, Any]:
    """What is typed into a staff injury report about a bite, with changes."""
    from sti_answers import BITTEN

    return {path: typed for path, typed in (dict(BITTEN) | dict(more or {})).items()}


def begun_staff_injury(school: School, workspace: Workspace, more: Answers | None = None) -> str:
    """A staff injury report with its report typed and nothing signed; its id."""
    record = workspace.records.start("staff_injury")
    type_part(school, workspace, record, staff_injury_answers(more))
    return record
