"""A roster brought in: shown first, then written in one transaction."""

from __future__ import annotations

from bt_desktop.services.context import Context
from bt_desktop.services.people import PeopleService


class RosterService:
    """Imports OneRoster sets."""

    def __init__(self, context: Context, people: PeopleService) -> None:
        self._context = context
        self._people = people
