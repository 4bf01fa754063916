"""Students, guardians and staff: searched, read, added and changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bt_desktop.services.results.people import (
    Guardian,
    NewGuardian,
    NewStaff,
    NewStudent,
    Person,
    PersonHit,
    PersonKind,
    Problem,
)


class PeopleService:
    """The people of the school."""

    def search(
        self, text: str, kinds: Sequence[PersonKind] = ("student",), limit: int = 15
    ) -> tuple[PersonHit, ...]:
        """People whose names hold every word of `text`, best first. Not an audited deed."""
        raise NotImplementedError

    def get(self, person_id: str) -> Person:
        """The person of this id; raises KeyError."""
        raise NotImplementedError

    def guardians(self, student_id: str) -> tuple[Guardian, ...]:
        """The guardians of a student, those who may receive copies first."""
        raise NotImplementedError

    def labels(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The names of these people by id; unknown ids are left out."""
        raise NotImplementedError

    def student_problems(self, new: NewStudent) -> tuple[Problem, ...]:
        """What is wrong with these values; empty when they can be saved."""
        raise NotImplementedError

    def add_student(self, new: NewStudent) -> str:
        """Add a student by hand; returns the id. Raises `InvalidPerson` with the problems."""
        raise NotImplementedError

    def update_student(self, student_id: str, new: NewStudent) -> None:
        """Change a student."""
        raise NotImplementedError

    def add_staff(self, new: NewStaff) -> str:
        """Add a staff member by hand; returns the id."""
        raise NotImplementedError

    def update_staff(self, staff_id: str, new: NewStaff) -> None:
        """Change a staff member."""
        raise NotImplementedError

    def add_guardian(self, student_id: str, new: NewGuardian) -> str:
        """Add a guardian of a student; returns the id."""
        raise NotImplementedError

    def update_guardian(self, student_id: str, guardian_id: str, new: NewGuardian) -> None:
        """Change a guardian as seen from a student."""
        raise NotImplementedError

    def set_active(self, person_id: str, active: bool) -> None:
        """Make a person inactive (no longer offered) or active again; nothing is deleted."""
        raise NotImplementedError
