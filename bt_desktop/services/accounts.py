"""Accounts: who may sign in, as what. The key file holds the keys, the store the roles.

The key file is changed first where an account is shut out, last where one is let in: a kill
between the two leaves somebody out, never somebody in.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.models.people import Staff
from bt_desktop.models.school import Account as AccountRow
from bt_desktop.security import accounts as keyfile_accounts
from bt_desktop.security import audit, vault
from bt_desktop.security.passwords import password_problems
from bt_desktop.security.permissions import Action, Role
from bt_desktop.security.problems import NameTaken
from bt_desktop.services import key_owed
from bt_desktop.services.context import Context
from bt_desktop.services.health.keys import HealthKeys
from bt_desktop.services.people_rows import add_staff_row, bare
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.problems import LastAdministrator
from bt_desktop.services.results.people import NewStaff
from bt_desktop.services.results.school import Account
from bt_desktop.services.school_seal import share_authority, unshare_authority


class AccountService:
    """The accounts of the vault."""

    def __init__(self, context: Context, health: HealthKeys) -> None:
        self._context = context
        self._health = health

    def list(self) -> tuple[Account, ...]:
        """Every account, active first, by name."""
        self._context.require(Action.ACCOUNT_LIST)
        with self._context.store.read() as session:
            rows = session.execute(
                select(AccountRow, Staff).join(Staff, Staff.id == AccountRow.staff_id)
            ).all()
            found = [self._account(row, staff) for row, staff in rows]
        return tuple(sorted(found, key=lambda one: (not one.active, one.name.casefold())))

    def add(self, sign_in_name: str, password: str, role: Role, staff: str | NewStaff) -> str:
        """Add an account for a staff member (an id, or one to be added); returns the user id.

        Slow (derives a key). Raises NameTaken, WeakPassword, BadName, InvalidPerson.
        """
        context = self._context
        context.require(Action.ACCOUNT_ADD)
        context.require_password()
        user_id = self._new_user(sign_in_name, password)
        try:
            with context.store.write() as session:
                staff_id = (
                    bare(staff)
                    if isinstance(staff, str)
                    else add_staff_row(session, staff, context.clock.now())
                )
                session.get_one(Staff, staff_id)
                self._write_down(session, user_id, staff_id, sign_in_name, role)
        except BaseException:
            # An account without a role may do nothing; shut it out all the same.
            keyfile_accounts.disable_user(context.folder, context.keys, user_id)
            raise
        return user_id

    def _new_user(self, sign_in_name: str, password: str) -> str:
        """A user of the key file; one that a kill left without an account is taken up again."""
        context = self._context
        try:
            return keyfile_accounts.add_user(
                context.folder, context.keys, sign_in_name, password, policy=context.policy
            )
        except NameTaken:
            left = vault.vault_state(context.folder).named(sign_in_name)
            with context.store.read() as session:
                known = left is not None and session.get(AccountRow, left.user_id) is not None
            if left is None or known:
                raise
        keyfile_accounts.reset_password(
            context.folder, context.keys, left.user_id, password, policy=context.policy
        )
        return left.user_id

    def _write_down(
        self, session: Session, user_id: str, staff_id: str, sign_in_name: str, role: Role
    ) -> None:
        context = self._context
        session.add(
            AccountRow(
                user_id=user_id,
                staff_id=staff_id,
                sign_in_name=" ".join(sign_in_name.split()),
                role=role.value,
                active=True,
                made_at=context.clock.now(),
            )
        )
        session.flush()
        public = keyfile_accounts.public_keys(context.folder, user_id)
        context.note(session, "account.add", f"user:{user_id}", reason=role.value)
        audit.add_key(
            session,
            audit.AuditActor.of(context.keys, context.actor.role),
            context.clock,
            user_id,
            public.sign_in_name,
            public.signing_public,
        )
        if role is Role.ADMINISTRATOR:
            share_authority(session, context.folder, context.keys, user_id)
        self._health.tend(session)

    def disable(self, user_id: str) -> None:
        """Shut an account out; its signatures stay valid. Raises LastAdministrator.

        A change of the database key is owed from then on: see `KeyChangeService.close_account`.
        """
        context = self._context
        context.require(Action.ACCOUNT_CLOSE, own=user_id == context.actor.user_id)
        context.require_password()
        with context.store.write() as session:
            row = session.get_one(AccountRow, user_id)
            _keep_one_administrator(session, row)
            row.active = False
            context.note(session, "account.close", f"user:{user_id}")
            self._health.withdraw(session, user_id)
            unshare_authority(session, user_id)
            key_owed.owe(session, key_owed.ACCOUNT_CLOSED, context.clock.now())
            session.flush()
            keyfile_accounts.disable_user(context.folder, context.keys, user_id)

    def enable(self, user_id: str, password: str | None = None) -> None:
        """Let a shut-out account in again; with a new password where one is given.

        A new password means new signing keys: nobody can sign as the person of before.
        """
        context = self._context
        own = user_id == context.actor.user_id
        context.require(Action.ACCOUNT_OPEN, own=own)
        context.require_password()
        if password is not None:
            self.reset_password(user_id, password)
        with context.store.write() as session:
            row = session.get_one(AccountRow, user_id)
            row.active = True
            context.note(session, "account.open", f"user:{user_id}")
            session.flush()
            if row.role == Role.ADMINISTRATOR.value:
                share_authority(session, context.folder, context.keys, user_id)
            self._health.tend(session)
        if password is None:
            keyfile_accounts.enable_user(context.folder, context.keys, user_id)

    def reset_password(self, user_id: str, password: str) -> None:
        """Give somebody a new password, and with it new signing keys. Slow (derives a key)."""
        context = self._context
        context.require(Action.ACCOUNT_RESET_PASSWORD, own=user_id == context.actor.user_id)
        context.require_password()
        replaced = keyfile_accounts.reset_password(
            context.folder, context.keys, user_id, password, policy=context.policy
        )
        with context.store.write() as session:
            row = session.get_one(AccountRow, user_id)
            context.note(session, "account.reset_password", f"user:{user_id}")
            audit.add_key(
                session,
                audit.AuditActor.of(context.keys, context.actor.role),
                context.clock,
                user_id,
                replaced.new.sign_in_name,
                replaced.new.signing_public,
            )
            if row.role == Role.ADMINISTRATOR.value:
                share_authority(session, context.folder, context.keys, user_id)
            self._health.renew(session, user_id)

    def set_role(self, user_id: str, role: Role) -> None:
        """Change what an account may do; takes effect at its next sign-in."""
        context = self._context
        context.require(Action.ACCOUNT_SET_ROLE, own=user_id == context.actor.user_id)
        context.require_password()
        with context.store.write() as session:
            row = session.get_one(AccountRow, user_id)
            if role is not Role.ADMINISTRATOR:
                _keep_one_administrator(session, row)
                unshare_authority(session, user_id)
            else:
                share_authority(session, context.folder, context.keys, user_id)
            if row.role != role.value:
                self._health.withdraw(session, user_id)
            row.role = role.value
            context.note(session, "account.set_role", f"user:{user_id}", reason=role.value)
            session.flush()
            self._health.tend(session)

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password. Slow; raises as `access.unlock`, and WeakPassword."""
        context = self._context
        context.require(Action.PASSWORD_CHANGE, own=True)
        user_id = context.actor.user_id
        keyfile_accounts.change_password(
            context.folder, user_id, old, new, context.clock, policy=context.policy
        )
        with context.store.write() as session:
            context.note(session, "account.change_password", f"user:{user_id}")

    def password_problems(self, password: str, name_hints: tuple[str, ...] = ()) -> tuple[str, ...]:
        """What is wrong with a password; empty when it will do."""
        return password_problems(password, name_hints)

    def check_password(self, password: str) -> None:
        """One's own password again; raises as `access.unlock`. Slow."""
        context = self._context
        vault.check_password(context.folder, context.actor.user_id, password, context.clock)

    def _account(self, row: AccountRow, staff: Staff) -> Account:
        return Account(
            user_id=row.user_id,
            sign_in_name=row.sign_in_name,
            staff_id=f"staff:{row.staff_id}",
            name=whole_name(staff),
            title=staff.title,
            role=Role(row.role),
            active=row.active,
            created_at=row.made_at,
            own=row.user_id == self._context.actor.user_id,
        )


def _keep_one_administrator(session: Session, row: AccountRow) -> None:
    """Raise LastAdministrator when without this one there would be none."""
    if row.role != Role.ADMINISTRATOR.value or not row.active:
        return
    others = session.scalar(
        select(func.count())
        .select_from(AccountRow)
        .where(
            AccountRow.role == Role.ADMINISTRATOR.value,
            AccountRow.active,
            AccountRow.user_id != row.user_id,
        )
    )
    if not others:
        raise LastAdministrator
