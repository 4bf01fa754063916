"""What every service of an open vault shares: the store, the keys, the clock, who acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.errors import Denied
from bt_desktop.models.store import Store
from bt_desktop.security import audit
from bt_desktop.security.kdf import KdfPolicy
from bt_desktop.security.keys import Keys
from bt_desktop.security.permissions import Action, covered_forms, may, may_some
from bt_desktop.security.problems import PasswordNeeded
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
        """Whether the signed-in person's role allows this (see `permissions.may`)."""
        return may(
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
        return may_some(self.actor.role, action)

    def forms(self, action: Action, *, own: bool = False) -> frozenset[str]:
        """The forms for which the role allows this."""
        return covered_forms(self.actor.role, action, own=own)

    def require(
        self,
        action: Action,
        *,
        own: bool = False,
        part: str | None = None,
        form: str | None = None,
    ) -> None:
        """Raise Denied unless the role allows this."""
        if not self.may(action, own=own, part=part, form=form):
            raise Denied(action.value)

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
        """Add an entry to the audit trail, in the transaction of the deed. Ids and codes only."""
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
