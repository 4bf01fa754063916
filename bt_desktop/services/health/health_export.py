"""One student's health file as data that leaves the program: FHIR, or tables for a spreadsheet.

By nurses, one student at a time, for a purpose that stays in the student's access log; so no
second person is asked, who is for lists of more than 25 records (security design §6). Nothing of
another student gets into it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.csv_cells import table
from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.file_tables import DOSES, ORDERS, dose_rows, order_rows
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.paper_problems import ExportNothing, PurposeMissing
from bt_desktop.services.health.reach import Reaching
from bt_desktop.services.health.student_file import StudentFile, read_student_file
from bt_desktop.services.openings import Openings, Seen
from bt_desktop.services.people import PeopleService
from bt_desktop.services.results.access import LEAST_WORDS, OTHER, PURPOSE_WORDS, Purpose
from bt_desktop.services.results.export import ListFile

Kind = Literal["fhir", "orders", "doses"]
_NAMES: dict[Kind, tuple[str, str]] = {
    "fhir": ("medication", "json"),
    "orders": ("orders", "csv"),
    "doses": ("doses", "csv"),
}
TAKEN = "health.export"


class HealthExport:
    """`workspace.health.export`."""

    def __init__(
        self,
        context: Context,
        box: HealthBox,
        book: OrderBook,
        reaching: Reaching,
        people: PeopleService,
        openings: Openings,
    ) -> None:
        self._context, self._box, self._book = context, box, book
        self._reaching, self._people, self._openings = reaching, people, openings

    @property
    def may(self) -> bool:
        """Whether the role takes health data out."""
        return self._context.may(Action.HEALTH_EXPORT)

    def file(self, student_id: str, kind: Kind, purpose: Purpose) -> ListFile:
        """All orders and doses of a student, as FHIR R4 JSON or as CSV of one of them.

        Raises ExportNothing for a student without any, PurposeMissing, Denied.
        """
        context = self._context
        context.require(Action.HEALTH_EXPORT)
        context.require_password()
        stated = stated_purpose(purpose)
        index = self._people.names_of_families()
        with context.store.write() as session:
            today = context.clock.now().date()
            self._reaching.require_student(session, today, student_id)
            held = read_student_file(session, context, self._box, self._book, index, student_id)
            data, count = _written(held, kind)
            if not count:
                raise ExportNothing
            digest = hashlib.sha256(data).hexdigest()
            self._openings.note_students(
                session, "export", [Seen(student_id, None, own=False)], stated
            )
            entry = context.note(
                session, TAKEN, student_id, digest=digest, reason=kind, counts={"entries": count}
            )
        word, ending = _NAMES[kind]
        name = f"{word}-{held.today:%Y-%m-%d}-E{entry.seq:05d}.{ending}"
        return ListFile(data, name, count)


def _written(held: StudentFile, kind: Kind) -> tuple[bytes, int]:
    """The bytes, and how many orders and doses are in them."""
    from bt_desktop.services.health.fhir import bundle

    if kind == "fhir":
        made = bundle(held)
        text = json.dumps(made, ensure_ascii=False, indent=1)
        return f"{text}\n".encode(), len(made["entry"]) - 1
    head, rows = (ORDERS, order_rows(held)) if kind == "orders" else (DOSES, dose_rows(held))
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    return table(head, cells), len(cells)


def stated_purpose(purpose: Purpose) -> Purpose:
    """What it is for, as it is kept. Raises PurposeMissing."""
    words = " ".join(purpose.words.split())
    if purpose.code not in PURPOSE_WORDS or (purpose.code == OTHER and len(words) < LEAST_WORDS):
        raise PurposeMissing
    return Purpose(purpose.code, words)
