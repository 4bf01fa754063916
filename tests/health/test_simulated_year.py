"""A school year of doses, waste, counts, trips and kills: the ledger always comes out.

Beside the program stands a model of three numbers (in the office, on the trip, handed over). What
returned to its caller has happened; what was killed before it did, has not. The program is killed
by its clock, in the middle of a transaction, and signed in anew.
"""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bt_desktop.clock import SetClock
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import Quantity
from bt_desktop.services.workspace import Workspace
from tests.conftest import PACIFIC
from tests.factory import PASSWORD, School
from tests.health.dose_kit import noon_dose
from tests.health.kit import YEAR_BEGINS, YEAR_ENDS, active_order, stocked, terms, tom

ZERO = Decimal(0)
SCHOOL_DAYS = (0, 2, 4)  # a year of three days a week says as much, and is quicker


class Killed(BaseException):
    """The program is gone."""


class MortalClock(SetClock):
    """A clock that kills whoever asks it once too often; `dies_after` None: never."""

    dies_after: int | None = None

    def now(self) -> datetime:
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                self.dies_after = None
                raise Killed
        return super().now()


@dataclass
class Model:
    """What must be there, kept apart from the program."""

    office: Decimal = ZERO
    away: Decimal = ZERO
    doses: int = 0
    killed: int = 0
    deeds: dict[str, int] = field(default_factory=dict)


@dataclass
class Year:
    """The year as it goes: the nurse, the order, its container, and the model beside it."""

    school: School
    clock: MortalClock
    chance: random.Random
    nurse: Workspace
    order: str
    lot: str
    model: Model

    @property
    def child(self) -> str:
        return self.school.ids["mateo"]

    def signed(self, move: NewMove) -> None:
        self.nurse.health.stock.move(move, password=PASSWORD, second=tom(self.school))

    # --- deeds: each changes the model after it returned -----------------------------------------

    def give(self, day: date) -> None:
        due = datetime.combine(day, time(12), PACIFIC)
        self.clock.set(max(self.clock._at, due + timedelta(minutes=1)))
        amount = self.chance.choice((Decimal(10), Decimal(10), Decimal(5)))
        request = noon_dose(
            self.child, self.order, due_at=due, at=None, lot_id=self.lot, happened=True,
            given=Quantity(amount, "mg"), reason="half as the doctor said",
        )  # fmt: skip
        self.nurse.health.doses.record(request)
        self.model.office -= amount / 10
        self.model.doses += 1
        if self.chance.random() < 0.1:  # the same panel twice
            assert self.nurse.health.doses.record(request).again

    def refuse(self, day: date) -> None:
        due = datetime.combine(day, time(12), PACIFIC)
        self.clock.set(max(self.clock._at, due + timedelta(minutes=1)))
        self.nurse.health.doses.record(
            noon_dose(
                self.child, self.order, due_at=due, at=None, lot_id=self.lot, outcome="R",
                reason="did not want it",
            )
        )  # fmt: skip
        self.model.doses += 1

    def waste(self, day: date) -> None:
        if self.model.office >= 1:
            self.signed(
                NewMove(self.lot, "wasted", Decimal(1), reason="dropped it", method="flushed")
            )
            self.model.office -= 1

    def bring(self, day: date) -> None:
        amount = Decimal(self.chance.randint(10, 40))
        self.signed(NewMove(self.lot, "received", amount, carried_by="Rosa Núñez", adult=True))
        self.model.office += amount

    def trip(self, day: date) -> None:
        if self.model.office < 1:
            return
        self.signed(NewMove(self.lot, "trip_out", Decimal(1), trip="zoo"))
        self.model.office -= 1
        self.model.away += 1

    def home(self, day: date) -> None:
        if self.model.away >= 1:
            out = self.model.away
            self.signed(NewMove(self.lot, "trip_in", out, trip="zoo", counted=out))
            self.model.office += out
            self.model.away -= out

    def count(self, day: date) -> None:
        self.signed(NewMove(self.lot, "count", counted=self.model.office))

    def strike(self, day: date) -> None:
        due = datetime.combine(day, time(12), PACIFIC)
        self.clock.set(max(self.clock._at, due + timedelta(minutes=1)))
        request = noon_dose(
            self.child, self.order, due_at=due, at=None, lot_id=self.lot, happened=True
        )
        dose = self.nurse.health.doses.record(request).dose
        self.model.office -= 1
        self.nurse.health.doses.strike(dose.id, "It was another child's")
        self.model.office += 1

    # --- the year --------------------------------------------------------------------------------

    def go(self, day: date) -> None:
        name = self.chance.choices(
            ("give", "refuse", "waste", "bring", "trip", "home", "count", "strike"),
            (60, 6, 5, 4, 6, 6, 8, 5),
        )[0]
        if self.model.office < 3 and name == "give":
            name = "bring"
        self.clock.set(max(self.clock._at, datetime.combine(day, time(11, 50), PACIFIC)))
        if self.chance.random() < 0.3:
            self.clock.dies_after = self.chance.randint(0, 14)
        try:
            getattr(self, name)(day)
            self.model.deeds[name] = self.model.deeds.get(name, 0) + 1
        except Killed:
            self.again()
        finally:
            self.clock.dies_after = None
        self.come_out()

    def again(self) -> None:
        """Killed: signed in anew; a strike may have come as far as its dose."""
        self.model.killed += 1
        self.clock.dies_after = None
        with suppress(Exception):
            self.nurse.lock()
        self.nurse = self.school.sign_in("maria")

    def come_out(self) -> None:
        [stand] = [
            one
            for one in self.nurse.health.stock.balances(also_empty=True)
            if one.lot.id == self.lot
        ]
        assert (stand.office, stand.away) == (self.model.office, self.model.away)
        assert not stand.stopped


def begin(school: School, seed: int) -> Year:
    clock = MortalClock(datetime.combine(YEAR_BEGINS, time(8), PACIFIC))
    school.clock = clock
    nurse = school.sign_in("maria")
    order = active_order(nurse, terms(school.ids["mateo"]))
    lot = stocked(nurse, school, order, 30)
    return Year(school, clock, random.Random(seed), nurse, order, lot, Model(office=Decimal(30)))


@pytest.mark.slow
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a year is not made shorter: its seed tells it
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_the_ledger_comes_out_after_every_deed_of_a_year(
    founded: School, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    clock = SetClock(datetime.combine(YEAR_BEGINS, time(8), PACIFIC))
    school = founded.copied_to(tmp_path_factory.mktemp("year") / "vault", clock)
    year = begin(school, seed)
    day = YEAR_BEGINS
    try:
        while day <= YEAR_ENDS:
            if day.weekday() in SCHOOL_DAYS:
                year.go(day)
            day += timedelta(days=1)
        assert year.model.doses > 40
        assert year.model.killed > 3, "the clock did kill"
        assert school.sign_in("tom").log.verify().holds
    finally:
        school.close()
