"""Saved views as the services hand them out."""

from __future__ import annotations

from dataclasses import dataclass

from bt_desktop.services.results.records import RecordFilter


@dataclass(frozen=True, slots=True)
class SavedView:
    """Filters under a name. `shared` is everybody's, `own` one's own."""

    id: str
    name: str
    filters: RecordFilter
    shared: bool
    own: bool
