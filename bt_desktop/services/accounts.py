"""Accounts: who may sign in, as what."""

from __future__ import annotations

from bt_desktop.security.permissions import Role
from bt_desktop.services.results.people import NewStaff
from bt_desktop.services.results.school import Account


class AccountService:
    """The accounts of the vault."""

    def list(self) -> tuple[Account, ...]:
        """Every account, active first."""
        raise NotImplementedError

    def add(self, sign_in_name: str, password: str, role: Role, staff: str | NewStaff) -> str:
        """Add an account for a staff member (an id, or one to be added); returns the user id."""
        raise NotImplementedError

    def disable(self, user_id: str) -> None:
        """Shut an account out; its signatures stay valid."""
        raise NotImplementedError

    def enable(self, user_id: str, password: str) -> None:
        """Let a shut-out account in again, with a new password."""
        raise NotImplementedError

    def set_role(self, user_id: str, role: Role) -> None:
        """Change what an account may do."""
        raise NotImplementedError

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password."""
        raise NotImplementedError

    def password_problems(self, password: str, name_hints: tuple[str, ...] = ()) -> tuple[str, ...]:
        """What is wrong with a password; empty when it will do."""
        raise NotImplementedError
