"""What stories of events share: an incident typed in a few lines, as the window would type it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bt_desktop.form_engine import FormSession
from bt_desktop.services.event_carry import put
from bt_desktop.services.event_facts import Step
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, ink


def fight(school: School, **changes: Any) -> dict[str, Any]:
    """An incident at 10:09: Mateo and Łucja over a ball, Huy saw it, Dana came.

    `changes` are by the name of a question outside rows; None leaves it out.
    """
    ids = school.ids
    typed: dict[str, Any] = {
        "/incident_kinds": ["fight"],
        "/student": ids["mateo"],
        "/student_part": "took_part",
        "/plan_status": "iep",
        "/interpreter_needed": "yes",
        "/event_date": "11/12/2026",
        "/event_began": "1009",
        "/location": "playground",
        "/location_detail": "By the slide",
        "/people[1]/involved_kind": "staff",
        "/people[1]/staff_member": ids["dana"],
        "/people[1]/involved_roles": ["responder"],
        "/people[2]/involved_kind": "student",
        "/people[2]/other_student": ids["lucja"],
        "/people[2]/involved_roles": ["involved", "hurt"],
        "/people[3]/involved_kind": "student",
        "/people[3]/other_student": ids["huy"],
        "/people[3]/involved_roles": ["witness"],
        "/acts": ["push"],
        "/directed_at": ["peer"],
        "/hands_on": ["none"],
        "/device_used": "no",
        "/kept_in": "no",
        "/student_hurt": "none",
        "/others_harmed": "no",
        "/tried": ["space"],
        "/tried_effect": "worked",
        "/returned_to": "same_activity",
        "/agency_called": "no",
        "/narrative": f"He and {{@{ids['lucja']}}} pulled at one ball; {{@{ids['huy']}}} saw it.",
        "/written_on": "11/12/2026",
        "/report_true": True,
    }
    typed.update({f"/{name}": value for name, value in changes.items()})
    return {path: value for path, value in typed.items() if value is not None}


def type_in(workspace: Workspace, record_id: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Type answers into a record's report and save it; the answers as they are kept."""
    opened = workspace.records.open(record_id)
    page = FormSession(
        opened.form, opened.answers, now=workspace.clock.now, event_has=opened.event_has
    )
    put(page, [Step(path, value) for path, value in typed.items()])
    workspace.records.save_draft(record_id, "report", page.answers())
    return page.answers()


def written(workspace: Workspace, school: School, form: str = "incident", **changes: Any) -> str:
    """A draft of the fight; the record's id."""
    record = workspace.records.start(form)
    type_in(workspace, record, fight(school, **changes))
    return record


def sign(workspace: Workspace, record_id: str, part: str = "report") -> str:
    """Sign a part; the record's number."""
    number = workspace.records.sign_part(record_id, part, PASSWORD, ink()).number
    assert number is not None
    return number
