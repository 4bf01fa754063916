"""People as the services hand them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bt_desktop.security.permissions import Role

PersonKind = Literal["student", "staff", "guardian"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person. `staff_id` is `staff:<uuid>`; `name` is the staff member's name."""

    user_id: str
    staff_id: str
    name: str
    title: str
    role: Role


@dataclass(frozen=True, slots=True)
class Training:
    """One certificate of a staff member; `until` is the last day it is valid (None: no expiry)."""

    program: str
    until: date | None = None
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A student, staff member or guardian, whole.

    `id` is `student:<uuid>`, `staff:<uuid>` or `guardian:<uuid>`; `name` is the whole name in its
    own order; `called` is what the person is called (the preferred name, else the given name).
    Fields that a kind does not have are empty. Of a student: `medical_alert` is what speaks against
    a hold, `sensitive` that a parent may not be told of some service, `case_manager` a staff id.
    """

    id: str
    kind: PersonKind
    name: str
    given: str
    middle: str
    family: str
    preferred: str
    family_first: bool
    active: bool
    birth_date: date | None = None
    grade: str = ""
    teacher: str = ""
    student_number: str = ""
    home_language: str = ""
    plans: tuple[str, ...] = ()
    health_note: str = ""
    title: str = ""
    email: str = ""
    trainings: tuple[Training, ...] = ()
    from_roster: bool = False
    allergies: str = ""
    medical_alert: str = ""
    custody_alert: str = ""
    sensitive: bool = False
    phone: str = ""
    case_manager: str | None = None
    left_on: date | None = None

    @property
    def called(self) -> str:
        """What the person is called: the preferred name, else the given name."""
        return self.preferred or self.given


@dataclass(frozen=True, slots=True)
class PersonHit:
    """One line of a search. `spans` are (start, end) in `name` to be shown as what matched.

    `same_name` says that another person of this kind bears the same name: look at the birth date.
    """

    id: str
    name: str
    kind: PersonKind
    grade: str = ""
    teacher: str = ""
    birth_date: date | None = None
    title: str = ""
    training: str = ""
    training_until: date | None = None
    same_name: bool = False
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """What keeps a paper about a student from one person: `why` in a sentence, and `who` may
    release it all the same. `code` goes into the audit trail."""

    code: str
    why: str
    who: str


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian as seen from one student (or, at 18, the student as the holder of the rights).

    `allowed` says whether a copy about that student may be handed to them; where it may not,
    `why_not` says why, and `stops` each reason with who may release it. `alert` are the words of a
    custody alert that stops it, for who decides (else blank).
    """

    id: str
    name: str
    given: str
    family: str
    relation: str
    language: str
    needs_interpreter: bool
    may_receive_copies: bool
    no_contact: bool
    custody_note: str
    phone: str
    email: str
    allowed: bool
    why_not: str = ""
    stops: tuple[Stop, ...] = ()
    alert: str = ""


@dataclass(frozen=True, slots=True)
class NewStudent:
    """What is typed to add or change a student; `given` or `family` must not be blank."""

    given: str
    family: str
    middle: str = ""
    preferred: str = ""
    family_first: bool = False
    birth_date: date | None = None
    grade: str = ""
    teacher: str = ""
    student_number: str = ""
    home_language: str = ""
    plans: tuple[str, ...] = ()
    health_note: str = ""
    allergies: str = ""
    medical_alert: str = ""
    custody_alert: str = ""
    sensitive: bool = False
    phone: str = ""
    case_manager: str | None = None


@dataclass(frozen=True, slots=True)
class NewStaff:
    """What is typed to add or change a staff member."""

    given: str
    family: str
    title: str = ""
    middle: str = ""
    preferred: str = ""
    family_first: bool = False
    email: str = ""
    trainings: tuple[Training, ...] = ()


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """What is typed to add or change a guardian of a student."""

    given: str
    family: str
    relation: str = ""
    language: str = ""
    needs_interpreter: bool = False
    may_receive_copies: bool = True
    no_contact: bool = False
    custody_note: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Whose own a student is. `source`: `class`, `manager` or `hand` (see `models.people`)."""

    staff_id: str
    name: str
    title: str
    source: str
    since: datetime


@dataclass(frozen=True, slots=True)
class OwnStudent:
    """A student of somebody's caseload, to be listed."""

    student_id: str
    name: str
    grade: str
    source: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A student's photo: the bytes of a picture of that media type."""

    media_type: str
    data: bytes
    since: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one typed value: `field` names it, `sentence` says what to do."""

    field: str
    code: str
    sentence: str
