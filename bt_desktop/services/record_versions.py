"""The signed versions of a record's parts, and any two of them side by side."""

from __future__ import annotations

from bt_desktop.errors import Denied
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.openings import Openings
from bt_desktop.services.record_compare import compared, versions
from bt_desktop.services.record_load import load
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.versions import Comparison, Version


class Versions:
    """Reads versions; writes nothing but who saw them."""

    def __init__(self, context: Context, shelf: FormShelf, openings: Openings) -> None:
        self._context = context
        self._shelf = shelf
        self._openings = openings

    def of(self, record_id: str) -> tuple[Version, ...]:
        """Every signed version of the parts that the person may read, oldest signature first."""
        with self._context.store.read() as session:
            loaded = load(session, self._shelf, record_id, self._context.actor.user_id)
            rights = Rights(self._context, loaded)
            rights.require_sight()
            return tuple(one for one in versions(loaded) if rights.reads(one.part_key))

    def compare(self, record_id: str, part_key: str, older: int, newer: int) -> Comparison:
        """Two versions of one part, question by question (`newer` 0: what is typed now).

        Raises NoSuchRecord, Denied.
        """
        with self._context.store.read() as session:
            loaded = load(session, self._shelf, record_id, self._context.actor.user_id)
            rights = Rights(self._context, loaded)
            rights.require_sight()
            if not rights.reads(part_key) and not rights.owns_part(part_key):
                raise Denied(Action.RECORD_READ.value)
            made = compared(session, loaded, self._context.clock, part_key, older, newer)
        self._openings.looked_into(loaded, rights)
        return made
