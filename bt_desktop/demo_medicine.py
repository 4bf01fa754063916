"""A month of medicine in the demo's vault: orders, deliveries, doses, counts, the closing.

What happens stands in `resources/demo/medicine.yaml`; all of it goes through the services that the
window uses, on a clock that is set to each moment.
"""

from __future__ import annotations

import calendar
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bt_desktop import paths
from bt_desktop.clock import SetClock
from bt_desktop.form_engine.yaml_tree import plain_data
from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.dose_request import DoseRequest, Override
from bt_desktop.services.health.entries import Delegation
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import (
    AsNeeded,
    Consent,
    ContainerCheck,
    Identified,
    Lot,
    Medicine,
    OrderTerms,
    Quantity,
)
from bt_desktop.services.results.export import Second
from bt_desktop.services.workspace import Workspace

NOON = time(12)
_TICKS = frozenset(("student", "medicine", "strength", "dose", "route", "time", "prescriber"))
SURE = Identified(frozenset(("photo", "birth_date")))
_YEAR = (date(2026, 8, 17), date(2027, 6, 11))
_PAPERS = (("controlled", "mar-controlled.pdf"), ("as_needed", "mar-prn.pdf"))


def medicine_story() -> dict[str, Any]:
    """The month as data (see the head of `resources/demo/medicine.yaml` for its shape)."""
    text = (paths.resources_dir() / "demo" / "medicine.yaml").read_text("utf-8")
    told: dict[str, Any] = plain_data(text)
    return told


@dataclass
class MedicineMonth:
    """The month as it is told: who works in the vault, and what was made so far."""

    signed_in: Callable[[str], AbstractContextManager[Workspace]]
    staff: Mapping[str, Any]
    ids: Mapping[str, str]
    clock: SetClock
    zone: ZoneInfo
    told: dict[str, Any] = field(default_factory=medicine_story)
    orders: dict[str, str] = field(default_factory=dict)
    lots: dict[str, str] = field(default_factory=dict)

    def tell(self) -> dict[str, bytes]:
        """The whole month; returns the papers by the names of their files."""
        self.clock.set(datetime.fromisoformat(self.told["clock"]["entered"]))
        with self.signed_in("maria") as maria:
            for which in ("controlled", "as_needed"):
                self._enter(maria, which)
            self._delegate(maria)
            self._live(maria)
            self._as_needed()
            self._count(maria)
            self.clock.set(datetime.fromisoformat(self.told["clock"]["closed"]))
            self._close(maria)
            month = self.told["month"]
            return {
                name: maria.health.months.printed(self.orders[which], month).pdf
                for which, name in _PAPERS
            }

    # --- orders and stock ------------------------------------------------------------------------

    def _enter(self, maria: Workspace, which: str) -> None:
        """The order with both statements, its container, the nurse's review."""
        one = self.told[which]
        student = self.ids[one["student"]]
        known = maria.people.get(student)
        maria.people.update_health(
            student, allergies=one["allergies"], medical_alert=known.medical_alert,
            health_note=known.health_note,
        )  # fmt: skip
        orders = maria.health.orders
        order = self.orders[which] = orders.add(_terms(one, student))
        for who in ("prescriber", "parent"):
            orders.consent(order, who, _consent(one[who]))
        ends = one["expires_on"]
        orders.container(order, ContainerCheck(_TICKS, True, one["rx_number"], expires_on=ends))
        orders.review(order)
        lot = Lot("", student, _medicine(one), "tablet", order, one["rx_number"], expires_on=ends)
        self.lots[which] = maria.health.stock.receive(
            lot, self._brought(one, "", one["stock"]), password=self._password("maria"),
            second=self._second(),
        )  # fmt: skip

    @staticmethod
    def _brought(one: Mapping[str, Any], lot: str, amount: str) -> NewMove:
        parent = one["parent"]
        return NewMove(
            lot, "received", Decimal(amount), carried_by=parent["name"],
            relation=parent["relation"], adult=True,
        )  # fmt: skip

    def _delegate(self, maria: Workspace) -> None:
        """The office clerk may give what is given as needed."""
        told = self.told["delegation"]
        with self.signed_in(told["to"]) as other:
            user = other.actor.user_id
        maria.health.delegation.give(
            Delegation(
                "", user, self.ids[self.told["as_needed"]["student"]],
                frozenset((self.orders["as_needed"],)), told["checked_on"], told["until"],
                consented_on=told["checked_on"],
            )
        )  # fmt: skip

    # --- the days --------------------------------------------------------------------------------

    def _live(self, maria: Workspace) -> None:
        """Every school day of the month: its noon dose, or what came instead."""
        deeds = {
            "late": self._late,
            "refused": self._refused,
            "absent": self._absent,
            "wasted": self._wasted,
            "brought": self._delivery,
            "next_day": self._next_day,
            "struck": self._struck,
        }
        for day in self._school_days(maria):
            told = self.told["days"].get(day, {})
            if told.get("what") == "open":
                continue
            deed = deeds.get(told.get("what", ""))
            if deed is not None:
                deed(maria, day, told)
            else:
                self._give(maria, day, time(12, day.day * 7 % 10))

    def _school_days(self, maria: Workspace) -> list[date]:
        month: date = self.told["month"]
        off = {
            one.on for one in maria.calendar.get().days if one.kind in ("no_school", "staff_day")
        }
        days = range(1, calendar.monthrange(month.year, month.month)[1] + 1)
        found = (month.replace(day=day) for day in days)
        return [day for day in found if day.weekday() < 5 and day not in off]

    def _give(self, maria: Workspace, day: date, at: time, **more: Any) -> str:
        """A dose of the controlled medicine, entered a minute after; returns its id."""
        when = self._moment(day, at)
        self.clock.set(when + timedelta(minutes=1))
        return maria.health.doses.record(self._request(day, when, **more)).dose.id

    def _request(self, day: date, when: datetime, **more: Any) -> DoseRequest:
        values: dict[str, Any] = {
            "due_at": self._moment(day, NOON),
            "at": when,
            "identified": SURE,
            "birth_date_retyped": True,
            "lot_id": self.lots["controlled"],
        }
        student = self.ids[self.told["controlled"]["student"]]
        order = self.orders["controlled"]
        return DoseRequest(str(uuid.uuid4()), student, order, **(values | more))

    def _late(self, maria: Workspace, day: date, told: Mapping[str, Any]) -> None:
        self._give(maria, day, _clock(told["at"]), reason=told["reason"], parent_called=True)

    def _refused(self, maria: Workspace, day: date, told: Mapping[str, Any]) -> None:
        self._give(
            maria, day, NOON, outcome="R", reason=told["reason"], parent_called=True, lot_id=None
        )

    def _absent(self, _maria: Workspace, day: date, _told: Mapping[str, Any]) -> None:
        """The office takes the call in the morning; the record knows it by itself."""
        self.clock.set(self._moment(day, time(8, 5)))
        with self.signed_in("loretta") as office:
            student = self.ids[self.told["controlled"]["student"]]
            office.health.away.add((student,), NewAway("absent", day, day))

    def _wasted(self, maria: Workspace, day: date, told: Mapping[str, Any]) -> None:
        self._give(
            maria, day, _clock(told["at"]), outcome="S", reason=told["reason"],
            password=self._password("maria"), second=self._second(),
        )  # fmt: skip
        self._give(maria, day, _clock(told["again"]))

    def _delivery(self, maria: Workspace, day: date, told: Mapping[str, Any]) -> None:
        self.clock.set(self._moment(day, _clock(told["at"])))
        coming = self._brought(self.told["controlled"], self.lots["controlled"], told["amount"])
        maria.health.stock.move(coming, password=self._password("maria"), second=self._second())
        self._give(maria, day, NOON)

    def _next_day(self, maria: Workspace, day: date, told: Mapping[str, Any]) -> None:
        self.clock.set(self._moment(day + timedelta(days=1), _clock(told["written"])))
        late = Override("R16", told["reason"])
        when = self._moment(day, _clock(told["at"]))
        maria.health.doses.record(self._request(day, when, overrides=(late,)))

    def _struck(self, maria: Workspace, day: date, told: Mapping[str, Any]) -> None:
        wrong = self._give(maria, day, _clock(told["at"]))
        right = self._moment(day, _clock(told["again"]))
        self.clock.set(right + timedelta(minutes=2))
        maria.health.doses.strike(wrong, told["reason"], self._request(day, right))

    def _count(self, maria: Workspace) -> None:
        """Two people count; what did not come out is counted again at once."""
        stock, lot = maria.health.stock, self.lots["controlled"]
        for one in self.told["counts"]:
            self.clock.set(datetime.fromisoformat(one["at"]))
            [stand] = [held for held in stock.balances() if held.lot.id == lot]
            stock.move(
                NewMove(lot, "count", counted=stand.office - Decimal(one["less"]),
                        reason=one["why"]),
                password=self._password("maria"), second=self._second(),
            )  # fmt: skip

    def _as_needed(self) -> None:
        """The doses of the other medicine, and how each worked."""
        told = self.told["as_needed"]
        student, order = self.ids[told["student"]], self.orders["as_needed"]
        for one in sorted((*told["doses"], *told["outcomes"]), key=lambda dose: str(dose["at"])):
            when = datetime.fromisoformat(one["at"])
            self.clock.set(when + timedelta(minutes=1))
            with self.signed_in(one["by"]) as giver:
                doses = giver.health.doses
                given = one.get("outcome", "given")
                made = doses.record(
                    DoseRequest(
                        str(uuid.uuid4()), student, order, given, at=when, identified=SURE,
                        birth_date_retyped=True, symptom=one["symptom"], home_asked=True,
                        reason=one.get("reason", ""),
                        lot_id=self.lots["as_needed"] if given == "given" else None,
                    )
                )  # fmt: skip
                if one.get("effect"):
                    looked = datetime.fromisoformat(one["looked"])
                    self.clock.set(looked)
                    worse = one["effect"].startswith("No better")
                    doses.effect(made.dose.id, one["effect"], worse=worse, at=looked)

    def _close(self, maria: Workspace) -> None:
        reasons = [one["reason"] for one in self.told["days"].values() if one["what"] == "open"]
        maria.health.months.close(
            self.orders["controlled"], self.told["month"], self._password("maria"),
            signed_as=self.told["closing"]["name"], reason=reasons[0],
        )  # fmt: skip

    # --- within ----------------------------------------------------------------------------------

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone)

    def _password(self, who: str) -> str:
        return str(self.staff[who]["password"])

    def _second(self) -> Second:
        """The principal signs beside the nurse."""
        with self.signed_in("tom") as tom:
            return Second(tom.actor.user_id, self._password("tom"))


def _medicine(told: Mapping[str, Any]) -> Medicine:
    one = told["medicine"]
    return Medicine(
        one["name"], one["strength"], one["form"], one.get("kind", "rx"), one.get("schedule", "")
    )


def _terms(told: Mapping[str, Any], student: str) -> OrderTerms:
    prn = None
    if "symptoms" in told:
        prn = AsNeeded(
            tuple(told["symptoms"]), int(told["interval_min"]), int(told["most_per_day"])
        )
    return OrderTerms(
        "",
        student,
        _medicine(told),
        Quantity(Decimal(told["dose"]), told["unit"]),
        "oral",
        told["reason"],
        *_YEAR,
        times=() if prn is not None else (NOON,),
        prn=prn,
        instructions=told.get("instructions", ""),
    )


def _consent(told: Mapping[str, Any]) -> Consent:
    return Consent(
        told["name"], told["signed_on"], phone=told.get("phone", ""),
        licence=told.get("licence", ""),
    )  # fmt: skip


def _clock(text: str) -> time:
    return time.fromisoformat(text)
