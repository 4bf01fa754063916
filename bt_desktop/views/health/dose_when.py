"""When a dose was given, where, and how: now, in the health office, as ordered; or otherwise."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal

from bt_desktop.services.health.dose_facts import is_late_entry
from bt_desktop.services.health.lists import medication_lists
from bt_desktop.services.health.model import Location
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import rows
from bt_desktop.views.health.dose_fields import FieldColumn
from bt_desktop.views.health.dose_outcome import DoseAmount
from bt_desktop.views.health.special_form import SpecialForm
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.inputs import Choice, TextLine
from bt_desktop.views.widgets.when import moment_words

if TYPE_CHECKING:
    from bt_desktop.views.health.dose_read import PanelView


class DoseMore(FieldColumn):
    """The folded part: amount, day and time, place, what a special kind asks. `changed`."""

    changed = Signal()

    def __init__(self, desk: Desk, amount: DoseAmount) -> None:
        super().__init__(desk.theme)
        self._desk = desk
        self._now = desk.clock.now()
        self._day = self._now.date()
        amount.add_amounts(self)
        self.day, self.at = DayLine(self._now.date()), TextLine(hint="now")
        self.add("day", "Day", self.day)
        self.add("at", "Given at", self.at)
        self.pair("day", "at")
        self.place, self.site = Choice(), TextLine(hint="left eye, right thigh")
        self.place.fill(rows("locations", blank=""), "office")
        self.add("place", "Where", self.place)
        self.add("site", "Where on the body", self.site)
        self.special = SpecialForm(
            desk, self, self._now.date(), required=False, parent=self, of_dose=True
        )
        self.column.addWidget(self.special)
        for line in (self.day, self.at):
            line.textEdited.connect(self._tell_both)
        for line in (amount.given, amount.wasted, self.site):
            line.textEdited.connect(self.changed)
        self.place.currentIndexChanged.connect(self.changed)

    def show_view(self, view: PanelView) -> None:
        """Begin anew: now; of a time of another day that day."""
        terms = view.panel.order.terms
        self._now = view.now
        due = view.line.due_at
        self._day = due.date() if due is not None else view.now.date()
        self.day.setText(_typed(self._day))
        self.at.clear()
        self.place.setCurrentIndex(0)
        self.site.clear()
        route = medication_lists().routes.get(terms.route)
        self.frames["site"].setVisible(route is not None and route.site)
        self.special.show_kind(terms.kind, {})
        self.clear_says()

    @property
    def other_day(self) -> bool:
        """Whether it is about another day than this."""
        return self._day != self._now.date()

    @property
    def location(self) -> Location:
        """Where it was given."""
        return cast("Location", str(self.place.currentData() or "office"))

    def moment(self) -> datetime | None:
        """When it was given; None for now. Raises ValueError with a sentence."""
        day = self.day.day() or self._now.date()
        at = read_clock(self.at.text(), self._now)
        if at is None:
            if day == self._now.date():
                return None
            raise ValueError("Write the time of day at which it was given.")
        return datetime.combine(day, at, self._now.tzinfo)

    def _tell_both(self) -> None:
        """Say both times, where it will be marked as a late entry."""
        now = self._desk.clock.now().astimezone(self._now.tzinfo)
        frame = self.frames["at"]
        try:
            at = self.moment()
        except ValueError:
            frame.say("")
        else:
            late = at is not None and is_late_entry(at, now)
            both = f"Late entry: {moment_words(at, now)}, written {moment_words(now, now)}." if (
                late and at is not None
            ) else ""  # fmt: skip
            frame.say(both, "muted")
        self.changed.emit()


def _typed(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"
