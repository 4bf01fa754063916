"""Papers filled from the store: a trip's packet, the agreement to carry, the form to be signed."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import partial

import pytest

from bt_desktop.errors import Denied
from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.card_model import CardBody
from bt_desktop.services.health.model import SelfCarry
from bt_desktop.services.health.problems import OrderRefused
from bt_desktop.services.health.trip_model import TripItem
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.workspace import Workspace
from tests.factory import School, mateo
from tests.health.kit import active_order, as_needed, at, stocked, terms
from tests.paper.pdf import text

TODAY, SATURDAY = date(2026, 11, 13), date(2026, 11, 14)
CAMP = NewAway("trip", TODAY, SATURDAY, time(9), time(14), "Science camp")


@pytest.fixture
def maria(school: School) -> Workspace:
    school.clock.set(at(8, day=TODAY))
    return school.sign_in("maria")


@pytest.fixture
def child(school: School) -> str:
    return school.ids["mateo"]


def words(pdf: bytes) -> str:
    return " ".join(text(pdf).split())


def test_the_packet_of_a_trip_says_who_takes_what_and_whom_to_call(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, terms(child, times=(time(12), time(8))))
    lot = stocked(maria, school, order)
    maria.health.card.confirm(child, CardBody(("Peanuts (throat swells)",)))
    trips = maria.health.trips
    trip = trips.plan(CAMP, [child, school.ids["lucja"]], place="Pine Lake", leader="Priya Raman")
    trips.take_along(
        TripItem("", trip, "", order, giver=school.users["maria"], lot_id=lot, amount=Decimal(3))
    )
    said = words(maria.health.printing.trip_packet(trip).pdf)
    for told in (
        "Science camp", "Pine Lake", "Nov 13, 2026 – Nov 14, 2026", "Priya Raman", "Maria Chen",
        "Mateo Núñez-Okafor", "Peanuts", "Methylphenidate 10 mg tablet", "3 tablets",
        "a labeled envelope", "Rosa Núñez", "A. Prescriber, MD", "Trip medication record",
        "(555) 010-0140",
    ):  # fmt: skip
        assert told in said, told
    assert "Kowalczyk" not in said, "who has nothing along has no page"
    assert maria.health.card.get(child)


def test_a_slip_has_a_cell_for_each_dose_on_the_way_and_none_before(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, terms(child, times=(time(8), time(12))))
    lot = stocked(maria, school, order)
    trip = maria.health.trips.plan(CAMP, [child])
    [medicine] = maria.health.trips.view(trip).children[0].medicines
    assert [one.due_at for one in medicine.doses] == [
        at(12, day=TODAY), at(8, day=SATURDAY), at(12, day=SATURDAY),
    ]  # fmt: skip
    assert medicine.needs == 3
    assert lot


def test_an_agreement_says_what_is_there_and_what_is_missing(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(
        maria, as_needed(child, kind="regular", self_carry=SelfCarry(competent=True, shown=True))
    )
    [line] = maria.health.printing.carried()
    assert line.student == "Mateo Núñez-Okafor"
    assert any("civil liability" in one for one in line.missing)
    assert not any("showed the nurse" in one for one in line.missing)
    made = maria.health.printing.self_carry(order)
    assert made.sealed
    said = words(made.pdf)
    for told in ("Agreement to carry medicine", "Mateo Núñez-Okafor", "Ibuprofen 200 mg tablet",
                 "2026–2027", "I never share it"):  # fmt: skip
        assert told in said, told
    assert words(maria.health.printing.self_carry(order, blank=True).pdf)
    with pytest.raises(OrderRefused):
        maria.health.printing.self_carry("none")


def test_the_form_for_both_statements_knows_what_the_school_knows(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, terms(child, side_effects="no appetite"))
    printing = maria.health.printing
    blank = printing.authorization()
    assert not blank.sealed
    assert "49423" in words(blank.pdf)
    student = words(printing.authorization(child).pdf)
    assert "Mateo Núñez-Okafor" in student
    assert "Methylphenidate" not in student
    whole = words(printing.authorization(child, order).pdf)
    for told in ("Methylphenidate 10 mg tablet", "10 mg", "12:00", "no appetite", "ADHD"):
        assert told in whole, told
    with pytest.raises(OrderRefused):
        printing.authorization(school.ids["lucja"], order)
    with pytest.raises(KeyError):
        printing.authorization("student:none")


def test_only_who_prints_health_papers_prints_them(
    school: School, maria: Workspace, child: str
) -> None:
    order = active_order(maria, terms(child))
    trip = maria.health.trips.plan(CAMP, [child])
    for who in ("olga", "tom", "dana", "amir"):
        printing = school.sign_in(who).health.printing
        deeds = (
            partial(printing.trip_packet, trip),
            partial(printing.self_carry, order),
            printing.authorization,
            printing.carried,
        )
        for deed in deeds:
            with pytest.raises(Denied):
                deed()


def test_students_of_a_packet_have_their_line_and_the_trail_its_digest(
    school: School, maria: Workspace, child: str
) -> None:
    school.sign_in("tom").people.add_student(mateo(given="Ana"))
    school.sign_in("tom").people.add_student(NewStudent("Ben", "Ono", grade="4"))
    trip = maria.health.trips.plan(CAMP, [child])
    made = maria.health.printing.trip_packet(trip)
    tom = school.sign_in("tom")
    [told] = [one for one in tom.log.entries(10) if one.action == "trip.packet"]
    assert told
    assert made.sha256
    assert any("rint" in row.what for row in tom.access_log.read(child).rows)
    assert tom.log.verify().holds
