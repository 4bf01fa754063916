"""On which days a student was away, as the medication record shows it: one place to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bt_desktop.services.health.box import HealthBox


@dataclass(frozen=True, slots=True)
class Away:
    """Why nothing was due for a student on a day: a code of the record, and its words."""

    code: str
    words: str = ""


def away_days(
    session: Session, box: HealthBox, student_id: str, first: date, last: date
) -> Mapping[date, Away]:
    """The days of a student's absences and trips in that span. So far nobody writes them down
    but as outcomes of doses, which the record shows by itself."""
    return {}
