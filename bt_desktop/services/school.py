"""The school's own data: letterhead, pack, training program, names of holds."""

from __future__ import annotations

from collections.abc import Sequence

from bt_desktop.services.results.school import Gap, School


class SchoolService:
    """Reads and changes the school's data."""

    def get(self) -> School:
        """The school."""
        raise NotImplementedError

    def update(
        self,
        *,
        name: str | None = None,
        address: str | None = None,
        phone: str | None = None,
        contact_name: str | None = None,
        logo: bytes | None = None,
        pack: str | None = None,
        training_program: str | None = None,
    ) -> School:
        """Change what is given, keep the rest; `logo=b""` takes the logo away. Administrators."""
        raise NotImplementedError

    def hold_names(self) -> tuple[tuple[str, str], ...]:
        """The holds of the school's training program as (name, label), in order."""
        raise NotImplementedError

    def set_hold_names(self, labels: Sequence[str]) -> None:
        """Set the school's own list of holds. Administrators."""
        raise NotImplementedError

    def set_up_gaps(self) -> tuple[Gap, ...]:
        """What set-up still lacks (second administrator, backup ...)."""
        raise NotImplementedError
