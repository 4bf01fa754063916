"""January 2027 of a controlled medicine, lived through day by day with real signatures."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import DoseRecord, OrderTerms
from bt_desktop.services.school_days import Day
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.dose_kit import SURE, because
from tests.health.kit import active_order, stocked, terms, tom

MONTH = date(2027, 1, 1)
NEW_YEAR, NO_SCHOOL = date(2027, 1, 1), date(2027, 1, 18)
LATE, REFUSED, ABSENT, WASTED, LEFT_OPEN, NEXT_MORNING = (
    date(2027, 1, day) for day in (6, 8, 13, 20, 22, 26)
)

ZONE = ZoneInfo("America/Los_Angeles")


def at(hour: int, minute: int, day: date) -> datetime:
    """A moment on the school's clocks, in summer as in winter."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def over() -> datetime:
    """Monday, 1 February, in the morning."""
    return at(9, 0, date(2027, 2, 1))


@dataclass
class Month:
    """Maria's January with Mateo; the clock stands where the story is."""

    school: School
    maria: Workspace
    order: str = ""
    lot: str = ""
    doses: dict[date, DoseRecord] = field(default_factory=dict)

    @property
    def mateo(self) -> str:
        return self.school.ids["mateo"]

    def begin(self, order: OrderTerms | None = None, amount: int = 40) -> None:
        """The last day of December: the order is reviewed, the tablets come."""
        self.school.clock.set(at(9, 0, date(2026, 12, 31)))
        principal = self.school.sign_in("tom")
        principal.calendar.set_days(
            [
                Day(NEW_YEAR, "no_school", label="New Year"),
                Day(NO_SCHOOL, "no_school", label="Martin Luther King Day"),
            ]
        )
        self.order = active_order(self.maria, order or terms(self.mateo))
        self.lot = stocked(self.maria, self.school, self.order, amount)

    def give(self, day: date, hour: int = 12, minute: int = 2, **changes: object) -> DoseRecord:
        """A dose as it comes, entered a minute after."""
        when = at(hour, minute, day)
        self.school.clock.set(max(self.school.clock.now(), when + timedelta(minutes=1)))
        made = self.maria.health.doses.record(self.request(day, when, **changes)).dose
        self.doses[day] = made
        return made

    def request(self, day: date, when: datetime, **changes: object) -> DoseRequest:
        """What the panel asks for."""
        made = DoseRequest(
            str(uuid.uuid4()), self.mateo, self.order, due_at=at(12, 0, day), at=when,
            identified=SURE, birth_date_retyped=True, lot_id=self.lot,
        )  # fmt: skip
        return replace(made, **changes)  # type: ignore[arg-type]  # names checked by DoseRequest

    def live(self) -> None:
        """The whole month: a late dose, a refusal, an absence, a wasted tablet, a count that did
        not come out and its recount, one noon nobody wrote down, one entered the next morning."""
        self.begin()
        for day in school_days():
            if day == LATE:
                self.give(day, 12, 50, reason="The class was on the playground", parent_called=True)
            elif day == REFUSED:
                self.give(day, outcome="R", reason="His stomach hurt", parent_called=True)
            elif day == ABSENT:
                self.give(day, outcome="A")
            elif day == WASTED:
                self.wasted(day)
                self.give(day, 12, 6)
            elif day == NEXT_MORNING:
                self.late_entry(day)
            elif day != LEFT_OPEN:
                self.give(day)
        self.recount(date(2027, 1, 28))

    def wasted(self, day: date) -> None:
        """The tablet falls into the sink, before a witness."""
        self.give(
            day, outcome="S", reason="It fell into the sink", password=PASSWORD,
            second=tom(self.school),
        )  # fmt: skip

    def late_entry(self, day: date) -> None:
        """Given at noon, written down the next morning."""
        self.school.clock.set(at(8, 15, day + timedelta(days=1)))
        made = self.request(
            day, at(12, 3, day), overrides=(because("R16", "The computer was being repaired"),)
        )
        self.doses[day] = self.maria.health.doses.record(made).dose

    def recount(self, day: date) -> None:
        """One tablet is missing; at once they count again, and it was in the lid."""
        [stand] = [b for b in self.maria.health.stock.balances() if b.lot.id == self.lot]
        for minute, counted, why in ((40, stand.office - 1, ""), (52, stand.office, "In the lid")):
            self.school.clock.set(at(14, minute, day))
            self.maria.health.stock.move(
                NewMove(self.lot, "count", counted=Decimal(counted), reason=why),
                password=PASSWORD, second=tom(self.school),
            )  # fmt: skip

    def write_open_cell(self, **changes: object) -> DoseRecord:
        """The noon that nobody wrote down, weeks later: the principal allows so late an entry."""
        allowed = replace(because("R16", "Found in the attendance list"), by=tom(self.school))
        told: dict[str, object] = {"outcome": "A", "overrides": (allowed,), "lot_id": None}
        made = self.request(LEFT_OPEN, at(12, 0, LEFT_OPEN), **(told | changes))
        return self.maria.health.doses.record(made).dose


def school_days(month: date = MONTH) -> Iterator[date]:
    """A month's school days."""
    for day in range(1, 32):
        on = month.replace(day=day)
        if on.weekday() < 5 and on not in (NEW_YEAR, NO_SCHOOL):
            yield on
