"""A noon line: fourteen children with a tablet at noon, their containers, and a few more orders."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import Lot, Medicine, Quantity
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.kit import active_order, terms

LINE = (
    ("Aaliyah", "Brooks"),
    ("Benjamin", "Castillo"),
    ("Chloe", "Dvorak"),
    ("Diego", "Estrada"),
    ("Emma", "Fitzgerald"),
    ("Farah", "Ghanem"),
    ("Grace", "Hollis"),
    ("Hassan", "Ibrahim"),
    ("Imani", "Jefferson"),
    ("Jonah", "Kowalski"),
    ("Kenji", "Lambert"),
    ("Lucía", "Montoya"),
    ("Noor", "Okonkwo"),
    ("Owen", "Pruitt"),
)
"""Made up; no two of them alike."""
CETIRIZINE = Medicine("Cetirizine", "5 mg", "tablet", "otc")


def line_up(
    school: School, nurse: Workspace, names: tuple[tuple[str, str], ...] = LINE
) -> dict[str, str]:
    """Children with five milligrams of cetirizine at noon, each from their own box; by first name,
    their order's id."""
    tom = school.sign_in("tom")
    orders = {}
    for place, (given, family) in enumerate(names):
        student = tom.people.add_student(
            NewStudent(
                given, family, birth_date=date(2016, 1 + place % 12, 9), grade=str(1 + place % 5),
                allergies="none known" if place % 3 else "Penicillin",
            )
        )  # fmt: skip
        school.ids[given] = student
        orders[given] = noon_order(nurse, student)
        boxed(nurse, student, orders[given])
    tom.lock()
    return orders


def noon_order(nurse: Workspace, student: str, **changes: object) -> str:
    """Five milligrams of cetirizine at noon."""
    values: dict[str, object] = {
        "medicine": CETIRIZINE,
        "dose": Quantity(Decimal(5), "mg"),
        "reason": "hay fever",
        "times": (time(12),),
    }
    return active_order(nurse, terms(student, **(values | changes)))


def boxed(nurse: Workspace, student: str, order: str) -> str:
    """A box of thirty, which needs no second person; the lot's id."""
    lot = Lot("", student, CETIRIZINE, "tablet", order, "55102", date(2027, 8, 1))
    coming = NewMove("", "received", Decimal(30), carried_by="Rosa Núñez", relation="mother")
    return nurse.health.stock.receive(lot, coming, password=PASSWORD)
