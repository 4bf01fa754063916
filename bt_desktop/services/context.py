"""What every service of an open vault shares: the store, the keys, the clock, who acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.errors import Denied, KnownError
from bt_desktop.models.faults import RecordsHeld
from bt_desktop.models.store import Store
from bt_desktop.security import audit
from bt_desktop.security.kdf import KdfPolicy
from bt_desktop.security.keys import Keys
from bt_desktop.security.permissions import READING, Action, covered_forms, may, may_some
from bt_desktop.security.problems import PasswordNeeded
from bt_desktop.services import held_log
from bt_desktop.services.results.people import Actor


@dataclass(frozen=True, slots=True)
class Context:
    """The open vault, as its services see it."""

    folder: Path
    store: Store
    keys: Keys
    clock: Clock
    actor: Actor
    policy: KdfPolicy

    def may(
        self,
        action: Action,
        *,
        own: bool = False,
        part: str | None = None,
        form: str | None = None,
        recent: bool = True,
        injury: bool = False,
    ) -> bool:
        """Whether the signed-in person's role allows this (see `permissions.may`), now: nothing
        but reading, while the records are held."""
        return self._now(action) and may(
            self.actor.role,
            action,
            own=own,
            part=part,
            form=form,
            recent=recent,
            injury=injury,
        )

    def may_some(self, action: Action) -> bool:
        """Whether the role allows this in any circumstance at all."""
        return self._now(action) and may_some(self.actor.role, action)

    def forms(self, action: Action, *, own: bool = False) -> frozenset[str]:
        """The forms for which the role allows this."""
        if not self._now(action):
            return frozenset()
        return covered_forms(self.actor.role, action, own=own)

    def require(
        self,
        action: Action,
        *,
        own: bool = False,
        part: str | None = None,
        form: str | None = None,
    ) -> None:
        """Raise Denied unless the role allows this; RecordsHeld where it would write and nothing
        may be written now."""
        if not self.may(action, own=own, part=part, form=form):
            raise self.refusal(action)

    def refusal(self, action: Action) -> KnownError:
        """Why this is refused: the role does not allow it, or nothing can be written now."""
        return Denied(action.value) if self._now(action) else RecordsHeld()

    def _now(self, action: Action) -> bool:
        return not self.store.held or action in READING

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """The transaction of a look that leaves a trace. While the records are held nothing can be
        written into them: then the trace goes beside (`held_log`), and the session only reads."""
        if self.store.held:
            with self.store.read() as session:
                yield session
        else:
            with self.store.write() as session:
                yield session

    def require_password(self) -> None:
        """Raise PasswordNeeded where the records were opened with the PIN (security design §2.4:
        amending, exporting, breaking the glass and user administration need the password; for
        signing it is asked each time)."""
        if self.keys.by_pin:
            raise PasswordNeeded

    def note(
        self,
        session: Session,
        action: str,
        object: str,
        *,
        version: int | None = None,
        digest: str | None = None,
        reason: str | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> audit.Entry:
        """Add an entry to the audit trail, in the transaction of the deed. Ids and codes only.

        While the records are held it is kept beside, and gets its number later (0 until then).
        """
        if self.store.held:
            return self._note_beside(action, object, version, digest, reason, counts)
        return audit.append(
            session,
            audit.AuditActor.of(self.keys, self.actor.role),
            self.clock,
            action,
            object,
            version=version,
            digest=digest,
            reason=reason,
            counts=counts,
        )

    def _note_beside(
        self,
        action: str,
        object: str,
        version: int | None,
        digest: str | None,
        reason: str | None,
        counts: Mapping[str, int] | None,
    ) -> audit.Entry:
        now = self.clock.now()
        told = {"action": action, "object": object, "version": version, "digest": digest,
                "reason": reason, "counts": dict(counts or {})}  # fmt: skip
        line = {"kind": "note", "user": self.actor.user_id, "at": now.isoformat(), **told}
        held_log.add(self.folder, self.keys, line)
        return audit.Entry(
            0, "", "", now, self.actor.user_id, self.actor.role.value, self.keys.key_id,
            action, object, version, digest, reason, counts or {},
        )  # fmt: skip
