"""At the head of home: what waits of the health office, in one line each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bt_desktop.services.health.card_model import CardDue
from bt_desktop.services.health.glass_model import GlassUse
from bt_desktop.services.health.trip_model import TripLine
from bt_desktop.views.health.glass_words import review_words, use_words
from bt_desktop.views.home_waiting import RowLists, WaitItem

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

NOTES, GLASS, CARDS, TODAY, TRIPS = "notes", "glass", "cards", "today", "trips"
"""The sections of the health office that the lines lead to."""
_MOST = 4


@dataclass(frozen=True, slots=True)
class HealthWaits:
    """What waits. `may_finish`: by the person signed in; others are told that it waits. `due` doses
    are to be given now, `late` ones should have been; `todo` is still to be told or asked."""

    notes: int = 0
    may_finish: bool = False
    glass: tuple[GlassUse, ...] = field(default=())
    cards: tuple[CardDue, ...] = field(default=())
    due: int = 0
    late: int = 0
    todo: int = 0
    trips: tuple[TripLine, ...] = field(default=())

    def __bool__(self) -> bool:
        work = self.due or self.late or self.todo
        return bool(self.notes or self.glass or self.cards or work or self.trips)


def read_health_waits(workspace: Workspace) -> HealthWaits:
    """Everything of it (on a worker)."""
    health = workspace.health
    notes = health.night_notes
    waits = HealthWaits(
        notes.count(), notes.may_finish, health.glass.to_review(), health.card.due()
    )
    if not health.reaches_some():
        return waits
    board = health.board.today()
    count = board.counts
    return replace(
        waits,
        due=count.get("due", 0),
        late=count.get("late", 0) + count.get("overdue", 0),
        todo=len(board.tasks) + len(board.missed) + len(board.unfinished),
        trips=health.trips.waiting(),
    )


class HealthLines(RowLists):
    """The lines. `opened(section)` of the health office."""

    def show_waits(self, waits: HealthWaits) -> None:
        """Show them."""
        self.show_lists([("Health office", items_of(waits, self._desk.clock.now()))])


def items_of(waits: HealthWaits, now: datetime) -> list[WaitItem]:
    """The lines in order of haste."""
    found = []
    if waits.notes:
        doses = (
            "1 emergency dose was" if waits.notes == 1 else f"{waits.notes} emergency doses were"
        )
        title = f"{doses} noted while the program was locked"
        about = (
            "Choose the student, and it is a dose on record."
            if waits.may_finish
            else "A nurse finishes it."
        )
        found.append(WaitItem(NOTES, title, about, "", "Finish" if waits.may_finish else ""))
    if waits.due or waits.late or waits.todo:
        found.append(WaitItem(TODAY, *_board_words(waits), "", "Open the board"))
    if waits.trips:
        names = ", ".join(one.trip.name for one in waits.trips[:_MOST])
        short = any(one.short for one in waits.trips)
        title = "Medicine of a trip does not come out" if short else "Medicine is still on a trip"
        about = "Set it right with a second person." if short else "Count it back."
        found.append(WaitItem(TRIPS, title, f"{names}. {about}", "", "Look at it"))
    for use in waits.glass[:_MOST]:
        title = f"Sealed health file of {use.student_name}, opened in an emergency"
        about = f"{use_words(use, now)} · {review_words(use, now)[0]}"
        found.append(WaitItem(GLASS, title, about, use.reason, "Review"))
    if waits.cards:
        count = len(waits.cards)
        cards = "1 emergency card says" if count == 1 else f"{count} emergency cards say"
        names = ", ".join(one.name for one in waits.cards[:_MOST])
        more = f" and {count - _MOST} more" if count > _MOST else ""
        title = f"{cards} something else than the orders"
        found.append(WaitItem(CARDS, title, f"{names}{more}", "", "Look at them"))
    return found


def _board_words(waits: HealthWaits) -> tuple[str, str]:
    """“3 doses are due now”, “1 is late · 2 things to do”."""
    due, late = waits.due, waits.late
    things = f"{waits.todo} thing{'s' if waits.todo != 1 else ''} to do about doses"
    if not due and not late:
        return things, ""
    first = f"{due or late} {'dose is' if (due or late) == 1 else 'doses are'}"
    title = f"{first} {'due now' if due else 'late'}"
    beside = f"{late} {'is' if late == 1 else 'are'} late" if due and late else ""
    return title, " · ".join(one for one in (beside, things if waits.todo else "") if one)
