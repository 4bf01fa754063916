"""Fills a demo's vault with made-up history, through the same code that signs in earnest.

A person gives the password for every part they sign. Two made-up school years have a thousand
parts, so here a password is checked once for many; that is refused in any vault but a demo's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bt_desktop.errors import Denied
from bt_desktop.security import vault
from bt_desktop.services.results.records import Ink, Signed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from bt_desktop.services.records import RecordService

DEMO_MARK = ".bt-desktop-demo"
"""The file that a demo lays beside its vault, first of all."""


class Pen:
    """Signs parts as the person signed in, in a demo's vault. Slow to make (derives a key).

    Raises Denied for a vault that is no demo's, and for the password as `access.unlock` does.
    """

    def __init__(self, records: RecordService, password: str) -> None:
        context = records.context
        if not (context.folder.parent / DEMO_MARK).is_file():
            raise Denied("made_up.sign")
        self._records = records
        self._name = context.actor.name
        self._key: Ed25519PrivateKey = vault.check_password(
            context.folder, context.actor.user_id, password, context.clock
        )

    def sign(self, record_id: str, part_key: str) -> Signed:
        """Sign a part. Raises what `RecordService.sign_part` raises, but for the password."""
        ink = Ink("typed", self._name)
        return self._records.signing.sign_with(record_id, part_key, self._key, ink)
