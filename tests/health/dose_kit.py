"""Requests as the panel makes them: everything in order, to be broken one thing at a time."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from bt_desktop.services.health.dose_request import DoseRequest, Override
from bt_desktop.services.health.model import DoseRecord, Identified
from bt_desktop.services.health.problems import DoseStopped
from bt_desktop.services.health.rules import Finding
from bt_desktop.services.workspace import Workspace
from tests.health.kit import at

SURE = Identified(frozenset(("photo", "birth_date")))
NOON = at(12)


def noon_dose(student: str, order: str, **changes: object) -> DoseRequest:
    """The dose of noon, a minute after, to a student who was identified twice."""
    made = DoseRequest(
        str(uuid.uuid4()),
        student,
        order,
        due_at=NOON,
        at=at(12, 1),
        identified=SURE,
        birth_date_retyped=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # names checked by DoseRequest


def prn_dose(student: str, order: str, when: datetime, **changes: object) -> DoseRequest:
    """An as-needed dose for a headache; at home there was none."""
    values: dict[str, object] = {
        "due_at": None,
        "at": when,
        "symptom": "headache",
        "home_asked": True,
    }
    return noon_dose(student, order, **(values | changes))


def stopped(workspace: Workspace, request: DoseRequest) -> list[str]:
    """The rules that stop it; nothing may have been recorded."""
    try:
        workspace.health.doses.record(request)
    except DoseStopped as stop:
        return [one.rule for one in stop.findings]
    return []


def spoken(workspace: Workspace, request: DoseRequest) -> dict[str, Finding]:
    """What the rules say, by rule."""
    return {one.rule: one for one in workspace.health.doses.check(request)}


def because(rule: str, reason: str = "Asked the nurse at the door", **told: str) -> Override:
    """Somebody allows it with a reason."""
    return Override(rule, reason, tuple(told.items()))


def as_it_happened(workspace: Workspace, request: DoseRequest) -> DoseRecord:
    """It is done already: recorded whatever the rules say."""
    return workspace.health.doses.record(replace(request, happened=True)).dose
