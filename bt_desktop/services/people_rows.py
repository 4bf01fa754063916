"""People between the store's rows and the values the services hand out."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, literal_column, select
from sqlalchemy.orm import Session

from bt_desktop.models import people as tables
from bt_desktop.services.gates import pair_stops
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.problems import InvalidPerson
from bt_desktop.services.results.people import (
    Guardian,
    NewGuardian,
    NewStaff,
    NewStudent,
    Person,
    PersonKind,
    Problem,
    Training,
)

_OLDEST_BIRTH = date(1990, 1, 1)
_LONGEST = 200
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def bare(person_id: str) -> str:
    """The UUID of `student:<uuid>`."""
    return person_id.partition(":")[2] or person_id


def kind_of(person_id: str) -> str:
    """`student`, `staff` or `guardian` of an id."""
    return person_id.partition(":")[0]


# --- problems ----------------------------------------------------------------------------------


def name_problems(given: str, family: str) -> list[Problem]:
    """A person needs a name; a name has no line breaks and is no novel."""
    problems = []
    if not given.strip() and not family.strip():
        problems.append(
            Problem("family", "name-missing", "Write at least the first or the last name.")
        )
    for field, text in (("given", given), ("family", family)):
        if len(text) > _LONGEST or any(ord(character) < 32 for character in text):
            problems.append(Problem(field, "name-odd", "This name is too long or has line breaks."))
    return problems


def student_problems(new: NewStudent, today: date) -> tuple[Problem, ...]:
    """What is wrong with a student's values; empty when they can be saved."""
    problems = name_problems(new.given, new.family)
    if new.birth_date is not None and not _OLDEST_BIRTH <= new.birth_date < today:
        problems.append(
            Problem("birth_date", "birth-date", "This cannot be a student's birth date.")
        )
    return tuple(problems)


def staff_problems(new: NewStaff) -> tuple[Problem, ...]:
    """What is wrong with a staff member's values."""
    problems = name_problems(new.given, new.family)
    problems += _email_problems(new.email)
    if any(not training.program.strip() for training in new.trainings):
        problems.append(
            Problem("trainings", "training", "Name the program of each training, or leave it out.")
        )
    return tuple(problems)


def guardian_problems(new: NewGuardian) -> tuple[Problem, ...]:
    """What is wrong with a guardian's values."""
    return tuple(name_problems(new.given, new.family) + _email_problems(new.email))


def _email_problems(email: str) -> list[Problem]:
    if email.strip() and not _EMAIL.fullmatch(email.strip()):
        return [Problem("email", "email", "This is not an e-mail address.")]
    return []


def refuse(problems: tuple[Problem, ...]) -> None:
    """Raise InvalidPerson when there are any."""
    if problems:
        raise InvalidPerson(problems)


# --- writing -----------------------------------------------------------------------------------


def add_student_row(session: Session, new: NewStudent, now: datetime) -> str:
    """A new student's row; returns its bare id. Raises InvalidPerson."""
    refuse(student_problems(new, now.date()))
    row = tables.Student(id=str(uuid.uuid4()), updated_at=now)
    fill_student(row, new, now)
    session.add(row)
    session.flush()
    return row.id


def fill_student(row: tables.Student, new: NewStudent, now: datetime) -> None:
    """Put typed values into a student's row."""
    _fill_name(row, new)
    row.birth_date = new.birth_date
    row.grade = new.grade.strip()
    row.teacher = new.teacher.strip()
    row.student_number = new.student_number.strip()
    row.home_language = new.home_language.strip()
    row.plans = " ".join(new.plans)
    row.health_note = new.health_note.strip()
    row.allergies = new.allergies.strip()
    row.medical_alert = new.medical_alert.strip()
    row.custody_alert = new.custody_alert.strip()
    row.sensitive = new.sensitive
    row.phone = new.phone.strip()
    row.case_manager = bare(new.case_manager) if new.case_manager else None
    row.updated_at = now


def add_staff_row(session: Session, new: NewStaff, now: datetime) -> str:
    """A new staff member's row; returns its bare id. Raises InvalidPerson."""
    refuse(staff_problems(new))
    row = tables.Staff(id=str(uuid.uuid4()), updated_at=now)
    session.add(row)
    fill_staff(session, row, new, now)
    session.flush()
    return row.id


def fill_staff(session: Session, row: tables.Staff, new: NewStaff, now: datetime) -> None:
    """Put typed values into a staff member's row, and the trainings beside it."""
    _fill_name(row, new)
    row.title = new.title.strip()
    row.email = new.email.strip()
    row.updated_at = now
    session.flush()
    session.execute(delete(tables.Training).where(tables.Training.staff_id == row.id))
    for training in new.trainings:
        session.add(
            tables.Training(
                id=str(uuid.uuid4()),
                staff_id=row.id,
                program=training.program.strip(),
                until=training.until,
                certificate=training.certificate.strip(),
            )
        )


def fill_guardian(
    row: tables.Guardian, pair: tables.Guardianship, new: NewGuardian, now: datetime
) -> None:
    """Put typed values into a guardian's row and into what they are to the student."""
    row.given, row.family = new.given.strip(), new.family.strip()
    row.language = new.language.strip()
    row.needs_interpreter = new.needs_interpreter
    row.phone = new.phone.strip()
    row.email = new.email.strip()
    row.updated_at = now
    pair.relation = new.relation.strip()
    pair.may_receive_copies = new.may_receive_copies
    pair.no_contact = new.no_contact
    pair.custody_note = new.custody_note.strip()


def _fill_name(row: tables.Student | tables.Staff, new: NewStudent | NewStaff) -> None:
    row.given, row.family = new.given.strip(), new.family.strip()
    row.middle, row.preferred = new.middle.strip(), new.preferred.strip()
    row.family_first = new.family_first


# --- reading -----------------------------------------------------------------------------------

PersonRow = tables.Student | tables.Staff | tables.Guardian


def everybody(session: Session, kind: str) -> Iterator[PersonRow]:
    """Everybody of one kind, inactive ones too. Raises KeyError for a kind there is not."""
    return iter(session.scalars(_select(kind)))


def active_names(session: Session, kind: str) -> Iterator[Any]:
    """The names of everybody active of one kind, as plain columns: cheap for 50,000."""
    table: Any = {
        "student": tables.Student,
        "staff": tables.Staff,
        "guardian": tables.Guardian,
    }[kind]
    columns = [table.id, table.given, table.middle, table.family, table.preferred]
    if kind == "student":
        columns.append(table.student_number)
    return iter(session.execute(select(*columns).where(table.active)))


def _select(kind: str) -> Any:
    statements: dict[str, Any] = {
        "student": select(tables.Student),
        "staff": select(tables.Staff),
        "guardian": select(tables.Guardian),
    }
    return statements[kind]


def by_ids(session: Session, kind: str, uuids: Sequence[str]) -> list[PersonRow]:
    """The rows of one kind with these bare ids; an unknown kind has none."""
    if kind not in ("student", "staff", "guardian"):
        return []
    wanted = _select(kind).where(literal_column("id").in_(uuids))
    return list(session.scalars(wanted))


def find(session: Session, person_id: str) -> PersonRow:
    """The row of a person. Raises KeyError."""
    found = by_ids(session, kind_of(person_id), [bare(person_id)])
    if not found:
        raise KeyError(person_id)
    return found[0]


def people(session: Session, ids: Iterable[str]) -> dict[str, Person]:
    """These people by id, whatever their kinds; unknown ids are left out."""
    wanted: dict[str, list[str]] = {}
    for person_id in ids:
        wanted.setdefault(kind_of(person_id), []).append(bare(person_id))
    found: dict[str, Person] = {}
    for kind, uuids in wanted.items():
        for row in by_ids(session, kind, uuids):
            found[f"{kind}:{row.id}"] = _bare_person(row)
    return _with_trainings(session, found)


def _with_trainings(session: Session, found: dict[str, Person]) -> dict[str, Person]:
    staff = [bare(key) for key in found if kind_of(key) == "staff"]
    for staff_id, trainings in trainings_of(session, staff).items():
        key = f"staff:{staff_id}"
        found[key] = replace(found[key], trainings=tuple(trainings))
    return found


def trainings_of(session: Session, staff: Sequence[str]) -> dict[str, list[Training]]:
    """The trainings of staff members (bare ids), the one valid longest first."""
    found: dict[str, list[Training]] = {}
    if not staff:
        return found
    for row in session.scalars(select(tables.Training).where(tables.Training.staff_id.in_(staff))):
        found.setdefault(row.staff_id, []).append(Training(row.program, row.until, row.certificate))
    for trainings in found.values():
        trainings.sort(key=lambda one: one.until or date.max, reverse=True)
    return found


def _bare_person(row: PersonRow) -> Person:
    kind: PersonKind = "guardian"
    extra: dict[str, object] = {"email": getattr(row, "email", "")}
    if isinstance(row, tables.Student):
        kind = "student"
        extra.update(
            birth_date=row.birth_date,
            grade=row.grade,
            teacher=row.teacher,
            student_number=row.student_number,
            home_language=row.home_language,
            plans=tuple(row.plans.split()),
            health_note=row.health_note,
            allergies=row.allergies,
            medical_alert=row.medical_alert,
            custody_alert=row.custody_alert,
            sensitive=row.sensitive,
            phone=row.phone,
            case_manager=f"staff:{row.case_manager}" if row.case_manager else None,
            left_on=row.left_on,
        )
    elif isinstance(row, tables.Staff):
        kind = "staff"
        extra.update(title=row.title)
    else:
        extra.update(home_language=row.language)
    return Person(
        id=f"{kind}:{row.id}",
        kind=kind,
        name=whole_name(row),
        given=row.given,
        middle=row.middle,
        family=row.family,
        preferred=row.preferred,
        family_first=row.family_first,
        active=row.active,
        from_roster=row.source_id is not None,
        **extra,  # type: ignore[arg-type]  # each kind fills its own fields, listed above
    )


def guardians_of(session: Session, student_id: str) -> tuple[Guardian, ...]:
    """The guardians of a student (bare id), those who may receive copies first."""
    pairs = session.execute(
        select(tables.Guardianship, tables.Guardian)
        .join(tables.Guardian, tables.Guardian.id == tables.Guardianship.guardian_id)
        .where(
            tables.Guardianship.student_id == student_id,
            tables.Guardianship.active,
            tables.Guardian.active,
        )
    )
    found = [_guardian(pair, row) for pair, row in pairs]
    return tuple(sorted(found, key=lambda one: (not one.allowed, one.family, one.given)))


def _guardian(pair: tables.Guardianship, row: tables.Guardian) -> Guardian:
    stops = pair_stops(pair)
    return Guardian(
        id=f"guardian:{row.id}",
        name=whole_name(row),
        given=row.given,
        family=row.family,
        relation=pair.relation,
        language=row.language,
        needs_interpreter=row.needs_interpreter,
        may_receive_copies=pair.may_receive_copies,
        no_contact=pair.no_contact,
        custody_note=pair.custody_note,
        phone=row.phone,
        email=row.email,
        allowed=not stops,
        why_not=" ".join(stop.why for stop in stops),
        stops=stops,
    )
