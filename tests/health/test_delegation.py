"""Who was trained gives the named medicines to the named student, and sees exactly that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bt_desktop.errors import Denied
from bt_desktop.security.permissions import Role
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.problems import DelegationRefused, NotYours, OrderRefused
from bt_desktop.services.workspace import Workspace
from tests.factory import School
from tests.health.kit import active_order, as_needed, terms

TODAY = date(2026, 11, 12)
NEW_PASSWORD = "eleven quiet herons over the lake"


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


@pytest.fixture
def ibuprofen(school: School, maria: Workspace) -> str:
    return active_order(maria, as_needed(school.ids["mateo"]))


@pytest.fixture
def noon(school: School, maria: Workspace) -> str:
    return active_order(maria, terms(school.ids["mateo"]))


def to_dana(school: School, *orders: str, **changes: object) -> Delegation:
    made = Delegation(
        "",
        school.users["dana"],
        school.ids["mateo"],
        frozenset(orders),
        date(2026, 9, 1),
        date(2027, 6, 11),
        consented_on=date(2026, 9, 1),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # names checked by Delegation


def test_a_delegate_sees_the_named_medicine_and_nothing_else(
    school: School, maria: Workspace, ibuprofen: str, noon: str
) -> None:
    maria.health.delegation.give(to_dana(school, ibuprofen))
    lucja = active_order(maria, terms(school.ids["lucja"]))
    dana = school.sign_in("dana").health
    assert [one.id for one in dana.orders.of_student(school.ids["mateo"])] == [ibuprofen]
    assert dana.orders.get(ibuprofen).status == "active"
    assert dana.orders.documents(school.ids["mateo"]) == ()
    with pytest.raises(NotYours):
        dana.orders.get(noon)
    with pytest.raises(OrderRefused):
        dana.orders.get(lucja)
    with pytest.raises(Denied):
        dana.orders.discontinue(ibuprofen, "I think it is enough")
    assert [one.order_ids for one in dana.delegation.mine()] == [frozenset((ibuprofen,))]


def test_taken_back_it_is_gone_with_its_key(
    school: School, maria: Workspace, ibuprofen: str
) -> None:
    given = maria.health.delegation.give(to_dana(school, ibuprofen))
    dana = school.sign_in("dana")
    assert dana.health.orders.get(ibuprofen).status == "active"
    maria.health.delegation.end(given, "She moved to another class")
    with pytest.raises(NotYours):
        dana.health.orders.get(ibuprofen)
    dana.lock()
    with pytest.raises(OrderRefused):
        school.sign_in("dana").health.orders.get(ibuprofen)
    with pytest.raises(DelegationRefused):
        maria.health.delegation.end(given, "Once more")


def test_its_last_day_ends_it_and_the_nurses_sign_in_takes_the_key(
    school: School, maria: Workspace, ibuprofen: str
) -> None:
    maria.health.delegation.give(to_dana(school, ibuprofen, until=TODAY))
    dana = school.sign_in("dana")
    assert dana.health.orders.get(ibuprofen).status == "active"
    school.clock.advance(timedelta(days=1))
    with pytest.raises(NotYours):
        dana.health.orders.get(ibuprofen)
    school.sign_in("maria")
    with dana._context.store.read() as session:
        assert dana.health_keys.held_subjects(session) == frozenset()


def test_a_delegate_with_a_new_password_goes_on(
    school: School, maria: Workspace, ibuprofen: str
) -> None:
    maria.health.delegation.give(to_dana(school, ibuprofen))
    school.sign_in("tom").accounts.reset_password(school.users["dana"], NEW_PASSWORD)
    dana = school.sign_in("dana", NEW_PASSWORD)
    assert dana.health.orders.get(ibuprofen).status == "active"


def test_a_closed_account_loses_it_and_gets_it_back_from_the_nurse(
    school: School, maria: Workspace, ibuprofen: str
) -> None:
    maria.health.delegation.give(to_dana(school, ibuprofen))
    tom = school.sign_in("tom")
    tom.accounts.disable(school.users["dana"])
    tom.accounts.enable(school.users["dana"])
    with pytest.raises(OrderRefused):
        school.sign_in("dana").health.orders.get(ibuprofen)
    school.sign_in("maria")
    assert school.sign_in("dana").health.orders.get(ibuprofen).status == "active"


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": "nobody"},
        {"user_id": "maria"},
        {"user_id": "amir"},
        {"order_ids": frozenset()},
        {"order_ids": frozenset(("of another student",))},
        {"until": date(2026, 8, 31)},
        {"until": date(2027, 9, 3)},
        {"checked_on": date(2026, 11, 13)},
        {"consented_on": None},
    ],
    ids=str,
)
def test_what_cannot_be_delegated(
    school: School, maria: Workspace, ibuprofen: str, changes: dict[str, object]
) -> None:
    user = changes.get("user_id")
    known = {"user_id": school.users.get(str(user), user)} if user else {}
    with pytest.raises(DelegationRefused):
        maria.health.delegation.give(to_dana(school, ibuprofen, **(changes | known)))


def test_a_controlled_medicine_is_said_to_be_one(
    school: School, maria: Workspace, noon: str
) -> None:
    with pytest.raises(DelegationRefused, match="controlled"):
        maria.health.delegation.give(to_dana(school, noon))
    assert maria.health.delegation.give(to_dana(school, noon, controlled=True))


@pytest.mark.parametrize("who", ["tom", "olga", "dana"])
def test_only_a_nurse_delegates(school: School, maria: Workspace, ibuprofen: str, who: str) -> None:
    with pytest.raises(Denied):
        school.sign_in(who).health.delegation.give(to_dana(school, ibuprofen))


def test_a_delegate_who_becomes_a_nurse_and_back_holds_what_is_theirs(
    school: School, maria: Workspace, ibuprofen: str
) -> None:
    maria.health.delegation.give(to_dana(school, ibuprofen))
    tom = school.sign_in("tom")
    tom.accounts.set_role(school.users["dana"], Role.NURSE)
    tom.accounts.set_role(school.users["dana"], Role.TECHNICIAN)
    with pytest.raises(OrderRefused):
        school.sign_in("dana").health.orders.get(ibuprofen)
    school.sign_in("maria")
    assert school.sign_in("dana").health.orders.get(ibuprofen).status == "active"
