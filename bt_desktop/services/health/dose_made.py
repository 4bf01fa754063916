"""The record of a dose from what was asked and what stood around it. Pure."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from bt_desktop.services.health.box import Signer
from bt_desktop.services.health.dose_allow import Allowances
from bt_desktop.services.health.dose_facts import Around, is_late_entry, takes_of
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import DoseRecord, Overridden
from bt_desktop.services.health.rules import Allowance, Finding

LONGEST = 2_000
"""A free text of a dose has so many letters at most."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was decided about a dose: the findings, the stops that nobody lifted, whose word, who
    signed beside whoever records it."""

    findings: tuple[Finding, ...]
    open_stops: tuple[Finding, ...]
    allowances: Allowances
    witness: Signer | None
    by_user: str


def dose_of(request: DoseRequest, around: Around, made: Made) -> DoseRecord:
    """The entry as it is kept; a stop that nobody lifted makes it a deviation (domain §5)."""
    at = request.at or around.now
    order, witness = around.order, made.witness
    lifted = {one.rule for one in made.findings if one.stops and one not in made.open_stops}
    overridden = tuple(
        Overridden(one.rule, user_id, one.role.value, _told(one))
        for one, user_id in made.allowances
        if one.rule in lifted
    )
    code = medication_lists().outcomes[request.outcome]
    given = request.given
    if given is None and order is not None and code.is_given:
        given = order.terms.dose
    broken = tuple(one.rule for one in made.open_stops)
    if code.counts_as_error(around.settings.no_show_is_error):
        broken = (*broken, f"code_{request.outcome}")
    return DoseRecord(
        request.id or str(uuid.uuid4()),
        request.order_id if order is not None else None,
        request.student_id,
        request.outcome,
        at,
        around.now,
        made.by_user,
        due_at=request.due_at,
        given=given,
        route=request.route or (order.terms.route if order is not None else ""),
        site=request.site,
        location=request.location,
        reason=request.reason.strip()[:LONGEST],
        symptom=request.symptom.strip()[:LONGEST],
        home_dose_at=request.home_dose_at,
        identified=request.identified,
        rights=request.rights,
        witness=witness.user_id if witness else "",
        parent_called=request.parent_called,
        lot_id=request.lot_id,
        used=takes_of(request, order) if request.lot_id and code.changes_stock else None,
        late_entry=is_late_entry(at, around.now),
        overridden=overridden,
        broken=broken,
        medicine_text=request.medicine_text.strip()[:LONGEST],
        emergency=request.emergency,
        special=dict(request.special),
        replaces=request.replaces,
    )


def _told(one: Allowance) -> str:
    """The reason, with what else was asked for."""
    more = "; ".join(text.strip() for text in one.told.values() if text.strip())
    said = " ".join(one.reason.split())
    return f"{said} ({more})" if more else said
