"""Orders and doses put into the store quickly, which no service offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from benchmarks._vault import raw_store
from bt_desktop.services.health.entries import (
    CONSENT,
    CONTAINER,
    DOSE,
    ORDER,
    STEP,
    ConsentGiven,
    ContainerSeen,
    OrderStep,
)
from bt_desktop.services.health.model import Consent, ContainerCheck, DoseRecord, OrderTerms
from bt_desktop.services.workspace import Workspace
from tests.health.kit import ALL_TICKS

_AT_ONCE = 50


def put(
    nurse: Workspace,
    orders: list[OrderTerms],
    seen: date,
    doses_of: Callable[[OrderTerms], Iterable[DoseRecord]],
) -> None:
    """Orders that are whole and were reviewed on the day `seen`, with their doses."""
    box = nurse.health.doses._box
    consent = Consent("A. Prescriber", seen, licence="MD", phone="(555) 010-0199")
    check = ContainerCheck(ALL_TICKS, original=True, expires_on=date(2027, 8, 1))
    with raw_store(nurse) as store:
        for start in range(0, len(orders), _AT_ONCE):
            with store.write() as session:
                for made in orders[start : start + _AT_ONCE]:
                    values = (
                        (ORDER, made),
                        (CONSENT, ConsentGiven(made.id, "prescriber", consent)),
                        (CONSENT, ConsentGiven(made.id, "parent", consent)),
                        (CONTAINER, ContainerSeen(made.id, check)),
                        (STEP, OrderStep(made.id, "review", seen)),
                    )
                    for kind, value in values:
                        entry = made.id if kind == ORDER else None
                        box.add(
                            session, made.student_id, kind, value, about=made.id, day=seen, id=entry
                        )
                    for dose in doses_of(made):
                        box.add(
                            session, made.student_id, DOSE, dose, about=made.id,
                            day=dose.at.date(), at=dose.at, id=dose.id,
                        )  # fmt: skip
