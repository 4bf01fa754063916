"""An order counts when two documents and a nurse say so, and is never edited away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied, StorageTrouble
from bt_desktop.services.health.model import (
    STOCK_SUBJECT,
    AsNeeded,
    Consent,
    Quantity,
)
from bt_desktop.services.health.orders import OVER_MAXIMUM, term_problems
from bt_desktop.services.health.problems import NotYours, OrderRefused
from bt_desktop.services.workspace import Workspace
from tests.factory import School
from tests.health.dose_kit import noon_dose
from tests.health.kit import YEAR_BEGINS, YEAR_ENDS, active_order, as_needed, at, terms

SIGNED = Consent("A. Prescriber", YEAR_BEGINS, licence="MD")


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


def test_an_order_waits_for_prescriber_parent_and_nurse(maria: Workspace, mateo: str) -> None:
    orders = maria.health.orders
    order_id = orders.add(terms(mateo))
    assert orders.get(order_id).missing == ("prescriber", "parent", "review")
    orders.consent(order_id, "prescriber", SIGNED)
    assert orders.get(order_id).status == "waiting"
    orders.consent(order_id, "parent", Consent("Rosa Núñez", YEAR_BEGINS))
    assert orders.get(order_id).missing == ("review",)
    assert orders.review(order_id).status == "active"


def test_a_word_by_telephone_or_without_a_date_is_no_document(maria: Workspace, mateo: str) -> None:
    orders = maria.health.orders
    order_id = orders.add(terms(mateo))
    orders.consent(order_id, "prescriber", SIGNED)
    orders.consent(order_id, "parent", Consent("Rosa Núñez", YEAR_BEGINS, by_phone=True))
    assert orders.review(order_id).missing == ("parent",)
    orders.consent(order_id, "parent", Consent("Rosa Núñez"))
    assert orders.get(order_id).missing == ("parent",)
    orders.consent(order_id, "parent", Consent("Rosa Núñez", YEAR_BEGINS))
    assert orders.get(order_id).status == "active"


def test_the_schools_own_stock_has_a_standing_order_and_no_parent(maria: Workspace) -> None:
    orders = maria.health.orders
    order_id = orders.add(terms(STOCK_SUBJECT, kind="epinephrine", times=()))
    orders.consent(order_id, "prescriber", SIGNED)
    assert orders.review(order_id).status == "active"


def test_a_change_ends_the_order_and_begins_another(maria: Workspace, mateo: str) -> None:
    orders = maria.health.orders
    first = active_order(maria, terms(mateo))
    second = orders.change(
        first, terms(mateo, dose=Quantity(Decimal(15), "mg")), "Dose raised by the prescriber"
    )
    before, after = orders.get(first), orders.get(second)
    assert (before.status, before.terms.dose.amount) == ("discontinued", Decimal(10))
    assert before.end_reason == "Dose raised by the prescriber"
    assert (after.status, after.terms.replaces) == ("waiting", first)
    assert after.missing == ("prescriber", "parent", "review"), "the provider signs anew"
    assert [one.terms.id for one in orders.of_student(mateo)] == [second, first]


def test_what_has_ended_is_not_begun_again(maria: Workspace, mateo: str) -> None:
    orders = maria.health.orders
    order_id = active_order(maria, terms(mateo))
    orders.discontinue(order_id, "The course is over")
    for deed in (
        lambda: orders.resume(order_id, "Take it up again"),
        lambda: orders.review(order_id),
        lambda: orders.consent(order_id, "parent", SIGNED),
        lambda: orders.change(order_id, terms(mateo), "Another dose"),
    ):
        with pytest.raises(OrderRefused):
            deed()


def test_held_and_taken_up_again(maria: Workspace, mateo: str) -> None:
    orders = maria.health.orders
    order_id = active_order(maria, terms(mateo))
    assert orders.hold(order_id, "Rash, asked the doctor").status == "hold"
    assert orders.resume(order_id, "Doctor says go on").status == "active"
    steps = [step for _, _, step, _ in orders.history(order_id)]
    assert steps == ["entered", "prescriber", "parent", "container", "review", "hold", "resume"]
    with pytest.raises(OrderRefused):
        orders.hold(order_id, "  no ")


def test_an_order_that_ended_yesterday_is_over_today(
    school: School, maria: Workspace, mateo: str
) -> None:
    yesterday = date(2026, 11, 11)
    orders = maria.health.orders
    order_id = active_order(maria, terms(mateo, stop=yesterday))
    assert orders.get(order_id).status == "expired"
    school.clock.advance(-timedelta(days=1))
    assert orders.get(order_id).status == "active"
    later = active_order(maria, terms(mateo, start=date(2026, 11, 12)))
    assert orders.get(later).status == "upcoming"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"medicine": replace(terms("s").medicine, name="  ")}, "medicine"),
        ({"dose": Quantity(Decimal(0), "mg")}, "dose"),
        ({"dose": Quantity(Decimal("NaN"), "mg")}, "dose"),
        ({"dose": Quantity(Decimal(10), "")}, "dose"),
        ({"route": ""}, "route"),
        ({"reason": " "}, "reason"),
        ({"stop": date(2026, 8, 16)}, "stop"),
        ({"stop": date(2028, 8, 16)}, "stop"),
        ({"times": ()}, "times"),
        ({"times": (time(9), time(10), time(11), time(12), time(13))}, "times"),
        ({"times": (time(9), time(9))}, "times"),
        ({"takes": Decimal(-1)}, "takes"),
        ({"times": (), "prn": AsNeeded((), 240, 2)}, "symptoms"),
        ({"times": (), "prn": AsNeeded(("pain",), 240, 0)}, "prn"),
        ({"most_per_dose": Quantity(Decimal(5), "mg")}, "dose"),
    ],
)
def test_terms_that_cannot_be_are_told_by_field(
    maria: Workspace, mateo: str, changes: dict[str, object], field: str
) -> None:
    wrong = terms(mateo, **changes)
    assert [problem.field for problem in term_problems(wrong)] == [field]
    with pytest.raises(OrderRefused) as refused:
        maria.health.orders.add(wrong)
    assert refused.value.problems


def test_r08_a_dose_above_the_label_is_entered_once_somebody_confirmed_it(mateo: str) -> None:
    most = {"most_per_dose": Quantity(Decimal(5), "mg")}
    assert [one.code for one in term_problems(terms(mateo, **most))] == ["R8"]
    short = terms(mateo, **most, special={OVER_MAXIMUM: "ok"})
    assert [one.code for one in term_problems(short)] == ["R8"]
    confirmed = terms(mateo, **most, special={OVER_MAXIMUM: "Dr. Lane by phone at 9:10"})
    assert term_problems(confirmed) == []


def test_good_terms_have_no_problems(mateo: str) -> None:
    assert term_problems(terms(mateo)) == []
    assert term_problems(as_needed(mateo)) == []
    assert YEAR_ENDS > YEAR_BEGINS


def test_a_scan_is_kept_and_opened_by_the_nurse_alone(
    school: School, maria: Workspace, mateo: str
) -> None:
    orders = maria.health.orders
    order_id = orders.add(terms(mateo))
    kept = orders.keep_document(
        mateo, b"%PDF-scan", kind="prescriber", name="order.pdf", media_type="application/pdf",
        order_id=order_id,
    )  # fmt: skip
    assert orders.document_data(kept) == b"%PDF-scan"
    assert [one.id for one in orders.documents(mateo, order_id)] == [kept]
    with pytest.raises(OrderRefused):
        orders.keep_document(mateo, b"", kind="other", name="x", media_type="image/png")
    with pytest.raises(OrderRefused):
        school.sign_in("dana").health.orders.document_data(kept)


@pytest.mark.parametrize("who", ["olga", "dana", "tom"])
def test_others_neither_enter_nor_read_orders(
    school: School, maria: Workspace, mateo: str, who: str
) -> None:
    order_id = active_order(maria, terms(mateo))
    orders = school.sign_in(who).health.orders
    with pytest.raises(Denied):
        orders.add(terms(mateo))
    with pytest.raises(OrderRefused):
        orders.get(order_id)
    with pytest.raises(NotYours):
        orders.of_student(mateo)


def test_an_auditor_is_refused_by_role(school: School, mateo: str) -> None:
    with pytest.raises(Denied):
        school.sign_in("amir").health.orders.of_student(mateo)


def test_another_window_of_the_nurse_sees_what_was_done(school: School, mateo: str) -> None:
    """Two sign-ins of nurses: each keeps what it read in step with what the other writes."""
    maria, again = school.sign_in("maria"), school.sign_in("maria")
    order_id = maria.health.orders.add(terms(mateo))
    assert again.health.orders.get(order_id).status == "waiting"
    again.health.orders.discontinue(order_id, "Entered twice")
    assert maria.health.orders.get(order_id).status == "discontinued"
    lucja = active_order(again, terms(school.ids["lucja"]))
    assert maria.health.orders.get(lucja).status == "active", "a student new to both"


@contextmanager
def rolled_back(maria: Workspace) -> Iterator[Session]:
    """A transaction that fails at its end, as on a full disk."""
    with suppress(StorageTrouble), maria._context.store.write() as session:
        yield session
        raise OSError


def test_what_was_rolled_back_is_no_order_and_hides_none(school: School, maria: Workspace) -> None:
    """Read inside the transaction that failed, it would else stand on the board, and the next
    entry, which has its number, would be passed over."""
    orders, student = maria.health.orders, school.ids["mateo"]
    active_order(maria, terms(student))
    with rolled_back(maria) as session:
        orders._add(session, terms(student, reason="lost with the disk"))
        assert len(orders._book.of_student(session, student)) == 2
    assert len(orders.of_student(student)) == 1
    orders.add(terms(student, reason="written down again"))
    assert [one.terms.reason for one in orders.of_student(student)] == [
        "written down again",
        "ADHD",
    ]


def test_a_dose_that_was_rolled_back_is_not_on_the_board(school: School, maria: Workspace) -> None:
    student = school.ids["mateo"]
    school.clock.set(at(12, 1))
    order = active_order(maria, terms(student))
    doses, board = maria.health.doses, maria.health.board
    with rolled_back(maria) as session:
        doses._recorded(session, noon_dose(student, order), [], (None, None))
        assert board._doses.doses(session, at(12).date() - timedelta(5), at(12).date()).standing
    assert [line.state for line in board.today().scheduled] == ["due"]
    doses.record(noon_dose(student, order))
    assert [line.state for line in board.today().scheduled] == ["given"]
