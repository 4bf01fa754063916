"""The log of violent incidents: one line for each, without a way back to who was in it.

A line is written when a staff injury report is signed, in the same transaction. It carries no id of
a record, an event or a person. The audit trail says that a line was added, how many the year has
now and what they all are together, so that none can vanish or change; it names neither the line
nor what it was made from.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form
from bt_desktop.models.violence import ViolentIncident
from bt_desktop.security import audit
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.integrity import VIOLENCE_ADD, violence_digest
from bt_desktop.services.letterhead import letterhead
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.services.results.violence import ViolentLine
from bt_desktop.services.school_seal import seal_pems
from bt_desktop.services.trail_mark import trail_mark
from bt_desktop.services.violence_line import line_of, read_line

_LOG = "violence_log"
_HEAD = (
    "Number", "Date", "Time", "Place", "Where in it", "Type", "Who did it", "What kind",
    "Circumstances", "Description", "What came of it", "Written by", "Written on", "Keep until",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula where it begins a cell (OWASP, CSV injection)."""


class ViolenceLog:
    """Reads, exports and prints the log."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lines(self, year: int | None = None) -> tuple[ViolentLine, ...]:
        """The lines (of a year), the newest incident first. Raises Denied."""
        self._context.require(Action.VIOLENCE_LOG_READ)
        with self._context.store.read() as session:
            return _lines(session, year)

    @property
    def may_read(self) -> bool:
        """Whether the person may see the log at all."""
        return self._context.may(Action.VIOLENCE_LOG_READ)

    @property
    def may_export(self) -> bool:
        """Whether the person may print or save it."""
        return self._context.may(Action.VIOLENCE_LOG_EXPORT)

    def years(self) -> tuple[int, ...]:
        """The years that have lines, newest first."""
        return tuple(dict.fromkeys(line.day.year for line in self.lines()))

    def table(self, year: int | None = None) -> bytes:
        """The lines as CSV (UTF-8 with its mark, for spreadsheets); an audited deed."""
        lines = self._exported("table", year)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(_HEAD)
        writer.writerows([_safe(cell) for cell in _cells(line)] for line in lines)
        return out.getvalue().encode("utf-8-sig")

    def printed(self, year: int | None = None) -> PrintedCopy:
        """The lines on paper, a copy that is of no record; an audited deed."""
        from bt_desktop.paper.violence_log import violence_log  # deferred: loads reportlab

        lines = self._exported("paper", year)
        with self._context.store.read() as session:
            head, trail, seal = letterhead(session), audit.head(session), seal_pems(session)
        now, by = self._context.clock.now(), self._context.actor.name
        pdf = violence_log(lines, head, trail_mark(trail, seal.ca_cert, now, by))
        digest = hashlib.sha256(pdf).hexdigest()
        return PrintedCopy("", 0, pdf, False, digest, "violent-incident-log.pdf")

    def _exported(self, how: str, year: int | None) -> tuple[ViolentLine, ...]:
        context = self._context
        context.require(Action.VIOLENCE_LOG_READ)
        context.require(Action.VIOLENCE_LOG_EXPORT)
        context.require_password()
        with context.store.write() as session:
            lines = _lines(session, year)
            context.note(session, "violence.export", _LOG, reason=how, counts={"lines": len(lines)})
        return lines


def add_line(
    session: Session,
    context: Context,
    form: Form,
    answers: Mapping[str, Any],
    *,
    author_took_part: bool,
) -> None:
    """Write the line of an incident. The caller has looked through its texts for names."""
    actor, now = context.actor, context.clock.now()
    row = line_of(
        form,
        answers,
        author="" if author_took_part else actor.name,
        title=actor.title,
        written_on=now.date(),
    )
    year = date.fromisoformat(row["day"]).year
    last = session.scalar(
        select(func.max(ViolentIncident.count)).where(ViolentIncident.year == year)
    )
    count = (last or 0) + 1
    session.add(
        ViolentIncident(
            id=str(uuid.uuid4()),
            year=year,
            count=count,
            row=json.dumps(row, ensure_ascii=False),
            # The day alone: a moment would point at the signature of the same second.
            at=datetime.combine(now.date(), time(), now.tzinfo),
        )
    )
    session.flush()
    context.note(
        session,
        VIOLENCE_ADD,
        _LOG,
        digest=violence_digest(session, year),
        counts={"year": year, "lines": count},
    )


def _lines(session: Session, year: int | None) -> tuple[ViolentLine, ...]:
    query = select(ViolentIncident)
    if year is not None:
        query = query.where(ViolentIncident.year == year)
    found = [read_line(one.year, one.count, json.loads(one.row)) for one in session.scalars(query)]
    return tuple(sorted(found, key=lambda line: (line.day, line.number), reverse=True))


def _cells(line: ViolentLine) -> tuple[str, ...]:
    return (
        line.number,
        line.day.isoformat(),
        line.time,
        line.place,
        line.area,
        line.type,
        line.by,
        "; ".join(line.characteristics),
        "; ".join(line.circumstances),
        line.description,
        "; ".join(line.consequences),
        line.author,
        line.written_on.isoformat(),
        line.keep_until.isoformat(),
    )


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
