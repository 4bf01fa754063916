"""Scenes of the health office: orders and their sheets, stock and its ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import (
    STOCK_SUBJECT,
    AsNeeded,
    Consent,
    Lot,
    Medicine,
    Quantity,
    SelfCarry,
)
from bt_desktop.services.results.export import Second
from bt_desktop.services.workspace import Workspace
from tests.health.kit import IBUPROFEN, active_order, as_needed, terms

if TYPE_CHECKING:
    from bt_desktop.demo import Demo
    from tools.screens import Stage

_ALBUTEROL = Medicine("Albuterol", "90 mcg", "inhaler")
_DIAZEPAM = Medicine("Diazepam", "10 mg", "rectal_gel", schedule="C-IV")


def entered(demo: Demo) -> None:
    """Orders in every state, once for all looks."""
    ids = demo.ids
    with demo.signed_in("maria") as maria:
        if maria.health.overview.orders():
            return
        _orders(maria, ids["mateo"], ids["lucja"])


def _orders(maria: Workspace, mateo: str, other: str) -> None:
    orders = maria.health.orders
    active_order(maria, terms(mateo, instructions="With food. Watch him swallow it."))
    inhaler = as_needed(
        mateo,
        medicine=_ALBUTEROL,
        kind="inhaler",
        dose=Quantity(Decimal(2), "puff"),
        route="inhaled",
        reason="asthma",
        takes=Decimal(2),
        counted_in="puff",
        prn=AsNeeded(("wheezing", "cough after running"), 240, 2, "after any use", "no better"),
        self_carry=SelfCarry(competent=True, release=True, shown=True),
        special={"spacer": "yes", "action_plan": "yes"},
    )
    active_order(maria, inhaler, expires=date(2026, 11, 30))
    waiting = orders.add(as_needed(mateo, medicine=IBUPROFEN))
    orders.consent(waiting, "parent", Consent("Rosa Núñez", by_phone=True))
    ended = active_order(maria, terms(mateo, dose=Quantity(Decimal(5), "mg"), takes=Decimal("0.5")))
    orders.discontinue(ended, "Dose raised by Dr. Lane, see the new order")
    rescue = terms(
        other,
        medicine=_DIAZEPAM,
        kind="seizure",
        times=(),
        route="rectal",
        reason="epilepsy",
        counted_in="device",
        special={"trigger": "Shaking for more than five minutes", "call_911": "Always"},
    )
    active_order(maria, rescue)
    held = active_order(maria, terms(other, times=(time(8, 15), time(12)), stop=date(2026, 12, 4)))
    orders.hold(held, "Asked Dr. Lane about a rash")
    stock = terms(
        STOCK_SUBJECT,
        medicine=Medicine("Epinephrine", "0.3 mg", "auto_injector"),
        kind="epinephrine",
        dose=Quantity(Decimal("0.3"), "mg"),
        route="im",
        reason="anaphylaxis",
        times=(),
        counted_in="device",
        special={"device": "auto_injector"},
    )
    standing = orders.add(stock)
    orders.consent(
        standing, "prescriber", Consent("District physician", date(2026, 8, 17), licence="MD")
    )
    orders.review(standing)


def health_orders(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The list of students, a health file, and the sheets of an order."""
    entered(stage.told.demo)
    window, shell = stage.signed_in("maria")
    shell.go("health", "orders")
    stage.settle()
    yield "health-orders", window
    section = shell.page.section("orders")  # type: ignore[union-attr]  # HealthPage
    section.choose("waiting")
    stage.settle()
    yield "health-orders-waiting", window
    shell.open_health(stage.told.demo.ids["mateo"])
    stage.settle()
    page: Any = shell.page
    yield "health-file", window
    bar = page.scroll_area.verticalScrollBar()
    bar.setValue(bar.maximum())
    yield "health-file-below", window
    yield from _new_order(stage, page)
    waiting = next(one for one in page._file.orders if one.status == "waiting")
    for deed in ("prescriber", "parent", "container", "review", "discontinue"):
        page.do(deed, waiting)
        stage.settle()
        yield f"health-{deed}!", page.sheet
        page.sheet.reject()
    shell.open_health(STOCK_SUBJECT)
    stage.settle()
    yield "health-file-stock", window
    window.resize(760, 760)
    stage.settle()
    yield "health-file-narrow!", window
    stage.close(window)


def _new_order(stage: Stage, page: Any) -> Iterator[tuple[str, QWidget]]:
    """The sheet: empty, with something that cannot be read, and with what looks odd."""
    page.new_order()
    sheet = page.sheet
    stage.settle()
    yield "health-order-sheet!", sheet
    sheet.medicine.name.setText("Methylphenidate")
    sheet.medicine.strength.setText("10 mg")
    sheet.dose.amount.setText("1,000")
    sheet.save()
    yield "health-order-wrong!", sheet
    sheet.dose.amount.setText("1000")
    sheet.dose.route.setCurrentIndex(1)
    sheet.when.times.setText("12:00")
    sheet.rest.reason.setText("ADHD")
    sheet.save()
    yield "health-order-hints!", sheet
    sheet._scroll.verticalScrollBar().setValue(900)
    yield "health-order-below!", sheet
    sheet.kind.setCurrentIndex(1)
    sheet.when.when.setCurrentIndex(1)
    stage.settle()
    bar = sheet._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    yield "health-order-seizure!", sheet
    sheet.reject()


def health_stock(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The containers, one with its ledger, and the sheets of its lines."""
    demo = stage.told.demo
    entered(demo)
    window, shell = stage.signed_in("maria")
    counted(demo, window.workspace)
    shell.go("health", "stock")
    stage.settle()
    section: Any = shell.page.section("stock")  # type: ignore[union-attr]  # HealthPage
    yield "health-stock", window
    section.take_in()
    stage.settle()
    yield "health-receive!", section.sheet
    section.sheet.reject()
    stopped = next(one for one in section._view.supplies if one.balance.stopped)
    section.open_lot(stopped.balance.lot.id)
    stage.settle()
    yield "health-lot", window
    for deed in ("count", "destroyed", "wasted", "received", "returned"):
        section.lot.buttons[deed].click()
        stage.settle()
        yield f"health-{deed}!", section.lot.sheet
        section.lot.sheet.reject()
    section.lot.note.right.click()
    stage.settle()
    yield "health-set-right!", section.lot.sheet
    section.lot.sheet.reject()
    window.resize(760, 760)
    stage.settle()
    yield "health-lot-narrow!", window
    stage.close(window)


def counted(demo: Demo, maria: Workspace | None) -> None:
    """Containers that came, are low, expire, and one that does not come out; once for all looks."""
    if maria is None or maria.health.stock.balances():
        return
    staff = demo.told["staff"]
    second = Second(_user(maria, staff["tom"]), staff["tom"]["password"])
    own = staff["maria"]["password"]
    stock, lots = maria.health.stock, {}
    ends = {"Albuterol": date(2026, 11, 19), "Ibuprofen": date(2027, 1, 5)}
    for order in maria.health.overview.orders():
        terms_ = order.terms
        if order.status not in ("active", "waiting"):
            continue
        name = terms_.medicine.name
        lot = Lot(
            "", terms_.student_id, terms_.medicine, terms_.counted_in, order.id, "7714402",
            ends.get(name, date(2027, 8, 1)), "cabinet",
        )  # fmt: skip
        amount = Decimal(4 if name in ("Diazepam", "Epinephrine") else 30)
        coming = NewMove("", "received", amount, carried_by="Rosa Núñez", relation="mother")
        lots[name] = stock.receive(lot, coming, password=own, second=second)
    lot_id = lots["Methylphenidate"]
    wasted = NewMove(lot_id, "wasted", Decimal(1), reason="Dropped on the floor", method="flushed")
    stock.move(wasted, password=own, second=second)
    for amount in (29, 28):
        count = NewMove(lot_id, "count", counted=Decimal(amount))
        stock.move(count, password=own, second=second)


def _user(maria: Workspace, person: dict[str, Any]) -> str:
    name = f"{person['given']} {person['family']}"
    return next(user for user, words in maria.health.overview.witnesses() if name in words)
