"""The demo's paper for a parent: medicine given as needed, told on the same day.

Made after the month was closed, through the services that the window uses: the dose, how it worked,
the paper that waits, its release to the mother, and that it went home with the child.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from bt_desktop.demo_medicine import SURE, MedicineMonth
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.results.copies import Receipt

FILE = "medicine-given-notice.pdf"


def given_notice(month: MedicineMonth) -> bytes:
    """The sealed paper. The clock stands a few minutes after it."""
    told, as_needed = month.told["notice"], month.told["as_needed"]
    given, looked = datetime.fromisoformat(told["at"]), datetime.fromisoformat(told["looked"])
    month.clock.set(given + timedelta(minutes=1))
    with month.signed_in("maria") as maria:
        request = DoseRequest(
            str(uuid.uuid4()), month.ids[as_needed["student"]], month.orders["as_needed"],
            at=given, identified=SURE, birth_date_retyped=True, symptom=told["symptom"],
            home_asked=True, lot_id=month.lots["as_needed"],
        )  # fmt: skip
        dose = maria.health.doses.record(request).dose
        month.clock.set(looked)
        maria.health.doses.effect(dose.id, told["effect"], worse=False, at=looked)
        month.clock.set(looked + timedelta(minutes=10))
        papers = maria.health.parent_papers
        [due] = [one for one in papers.waiting(dose.student_id) if dose.id in one.about]
        copy = papers.release(due.key, due.guardian_id)
        month.clock.set(looked + timedelta(minutes=15))
        papers.mark(copy.copy_id, "printed")
        home = Receipt("sent_home", due.for_whom, told["relation"], maria.clock.now())
        papers.receive(copy.copy_id, home)
    return copy.pdf
