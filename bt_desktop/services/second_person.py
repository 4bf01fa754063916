"""The second person of a deed that one alone does not do (security design §6: bulk export).

They agree at the same computer with their own password; whoever does the deed cannot be their own
second, and nobody can who may not do it themselves.
"""

from __future__ import annotations

from sqlalchemy import select

from bt_desktop.models.people import Staff
from bt_desktop.models.school import Account
from bt_desktop.security import vault
from bt_desktop.security.permissions import Action, may_some
from bt_desktop.services.context import Context
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.problems import SecondNeeded
from bt_desktop.services.results.export import Second


def seconds_for(context: Context, action: Action) -> tuple[tuple[str, str], ...]:
    """(user id, name) of everybody else with an account who may do this, by name."""
    wanted = (
        select(Account, Staff)
        .join(Staff, Staff.id == Account.staff_id)
        .where(Account.active, Account.user_id != context.actor.user_id)
    )
    with context.store.read() as session:
        found = [
            (account.user_id, whole_name(staff))
            for account, staff in session.execute(wanted)
            if may_some(account.role, action)
        ]
    return tuple(sorted(found, key=lambda one: one[1].casefold()))


def agreed(context: Context, action: Action, second: Second | None) -> str:
    """The user id of the second person, whose password is right.

    Slow (derives a key). Raises SecondNeeded for nobody, oneself or somebody who may not; and as
    `vault.unlock` for a wrong password, which counts against their account.
    """
    able = dict(seconds_for(context, action))
    if second is None or second.user_id not in able:
        raise SecondNeeded(anybody=bool(able))
    vault.check_password(context.folder, second.user_id, second.password, context.clock)
    return second.user_id
