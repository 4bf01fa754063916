"""Whether a closed month still holds what it held when it was closed; needs no key to a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.health import HealthEntry
from bt_desktop.services.health.entries import MONTH
from bt_desktop.services.health.months import month_digest, month_rows


@dataclass(slots=True)
class MonthCheck:
    """Holds every closing against the entries it was made over; `told`: its lines in the trail."""

    session: Session
    told: list[dict[str, Any]] = field(default_factory=list)

    def fault(self) -> tuple[int, str] | None:
        """The first closing that does not fit, with a code; number 0 for one that no line of the
        trail announces."""
        wanted = select(HealthEntry.id).where(HealthEntry.kind == MONTH)
        known = set(self.session.scalars(wanted))
        for told in self.told:
            code = self._fault(told)
            if code is not None:
                return told["seq"], code
            known.discard(told["object"].partition(":")[2])
        return (0, "month-unannounced") if known else None

    def _fault(self, told: dict[str, Any]) -> str | None:
        row = self.session.get(HealthEntry, told["object"].partition(":")[2])
        if row is None or row.kind != MONTH:
            return "month-missing"
        rows = month_rows(self.session, row.about, row.day, before=row.count)
        counted = told["counts"]["entries"]
        fits = counted == len(rows) and month_digest(rows) == told["digest"]
        for one in rows:
            self.session.expunge(one)
        return None if fits and row.by_user == told["user"] else "month-changed"
