"""Whose word lifts a stop, and who signs a dose: each by their own password."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bt_desktop.models.school import Account
from bt_desktop.security.permissions import Action, Role
from bt_desktop.services.context import Context
from bt_desktop.services.health.box import HealthBox, Signer
from bt_desktop.services.health.dose_request import DoseRequest, Override
from bt_desktop.services.health.rules import Allowance

Allowances = list[tuple[Allowance, str]]
"""What somebody allows, and their user id."""


class Allowing:
    """Reads the words and signatures that a request brings."""

    def __init__(self, context: Context, box: HealthBox) -> None:
        self._context = context
        self._box = box

    def allowances(self, request: DoseRequest) -> Allowances:
        """Whose word it is (with their user id), each by their own password. Slow.

        Raises WitnessRefused, and as `vault.unlock` for a wrong password.
        """
        made = []
        for override in request.overrides:
            role, user_id = self._who(override)
            made.append((self._word(override, role, user_id), user_id))
        return made

    def words(self, session: Session, request: DoseRequest) -> list[Allowance]:
        """What the request's overrides would allow if their passwords are right."""
        actor, found = self._context.actor, []
        for one in request.overrides:
            if one.by is None or one.by.user_id == actor.user_id:
                found.append(self._word(one, actor.role, actor.user_id))
            elif (account := session.get(Account, one.by.user_id)) is not None:
                found.append(self._word(one, Role(account.role), account.user_id))
        return found

    def signers(self, request: DoseRequest) -> tuple[Signer | None, Signer | None]:
        """Whoever records it and the second person, where there is one. Slow; raises as above."""
        if request.second is None:
            return None, None
        witness = self._box.witness(request.second, Action.STOCK_WITNESS)
        return self._box.own_again(request.password), witness

    def _word(self, override: Override, role: Role, user_id: str) -> Allowance:
        own = user_id == self._context.actor.user_id
        return Allowance(override.rule, role, own, override.reason, dict(override.told))

    def _who(self, override: Override) -> tuple[Role, str]:
        actor = self._context.actor
        if override.by is None or override.by.user_id == actor.user_id:
            return actor.role, actor.user_id
        self._box.witness(override.by, Action.DOSE_OVERRIDE)
        with self._context.store.read() as session:
            return Role(session.get_one(Account, override.by.user_id).role), override.by.user_id
