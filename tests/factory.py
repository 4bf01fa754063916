"""Makes what stories need, with valid values that can be overridden."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from bt_desktop import demo
from bt_desktop.clock import SetClock
from bt_desktop.form_engine import FormSession
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import RecoveryKeyWrong
from bt_desktop.services import access
from bt_desktop.services.access import Setup
from bt_desktop.services.records import Ink
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.people import NewGuardian, NewStaff, NewStudent, Training
from bt_desktop.services.workspace import Workspace

_T = TypeVar("_T")
CHEAP = KdfParams(memory_kib=64, passes=1, lanes=1)
FAST = KdfPolicy(floor=CHEAP, params=CHEAP)
PASSWORD = "seven green lanterns at the harbor"

SETUP = Setup(
    school_name="Maple Creek Elementary",
    address="400 Orchard Way, Maple Creek, CA 95000",
    phone="(555) 010-0140",
    pack="us-ca",
    training_program="Safety-Care",
    admin_given="Tom",
    admin_family="Becker",
    admin_title="Principal",
    admin_password=PASSWORD,
)

STAFF = {
    "dana": NewStaff(
        "Dana",
        "Whitcomb",
        "Behavior technician",
        trainings=(Training("Safety-Care", date(2027, 2, 1)),),
    ),
    "priya": NewStaff("Priya", "Raman", "Teacher"),
    "maria": NewStaff("Maria", "Chen", "School nurse"),
    "olga": NewStaff("Olga", "Petrenko", "Office manager"),
    "amir": NewStaff("Amir", "Haddad", "District records officer"),
}
ROLES = {
    "dana": Role.TECHNICIAN,
    "priya": Role.TECHNICIAN,
    "maria": Role.NURSE,
    "olga": Role.FRONT_OFFICE,
    "amir": Role.AUDITOR,
}


def mateo(**changes: object) -> NewStudent:
    """The subject of the event."""
    values: dict[str, object] = {
        "given": "Mateo",
        "family": "Núñez-Okafor",
        "birth_date": date(2017, 3, 9),
        "grade": "4",
        "teacher": "Raman",
        "home_language": "es",
        "plans": ("iep", "bip"),
        "health_note": "asthma",
    }
    return NewStudent(**(values | changes))  # type: ignore[arg-type]  # names checked by NewStudent


@dataclass
class School:
    """A school set up on disk: who is who, and the way in for each."""

    folder: Path
    clock: SetClock
    ids: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    recovery_key: str = ""
    open: list[Workspace] = field(default_factory=list)
    origin: School | None = None
    kept: dict[str, tuple[Path, Any]] = field(default_factory=dict)

    def sign_in(
        self, who: str, password: str = PASSWORD, *, says: str | None = "interest"
    ) -> Workspace:
        """Unlock the vault as one of the staff, who says what they open records for.

        `says` None says nothing: opening what is none of their own is refused until they do.
        """
        workspace = access.unlock(
            self.folder, self.users[who], password, self.clock, kdf_policy=FAST
        )
        if says is not None:
            workspace.openings.state(Purpose(says))
        self.open.append(workspace)
        return workspace

    def opens_with(self, printed: str) -> bool:
        """Whether this printed recovery key opens the vault; nothing is changed."""
        try:
            access.recover(self.folder, printed, self.clock, kdf_policy=FAST).give_up()
        except RecoveryKeyWrong:
            return False
        return True

    def copied_to(self, folder: Path, clock: SetClock) -> School:
        """The same school in another folder, for one story."""
        shutil.copytree(self.folder, folder)
        folder.chmod(0o700)
        return School(
            folder, clock, dict(self.ids), dict(self.users), self.recovery_key, origin=self
        )

    def after(self, name: str, deed: Callable[[School], _T]) -> _T:
        """Do a deed that hundreds of stories begin with. Where nothing was done before it, and the
        school it was copied from keeps how it comes out, this school becomes as that one is then.
        """
        origin, name = self.origin, _here(name)
        if (
            origin is None
            or name not in origin.kept
            or self.clock.now() != origin.clock.now()
            or not self._is_as(origin)
        ):
            return deed(self)
        folder, told = origin.kept[name]
        shutil.rmtree(self.folder)
        shutil.copytree(folder, self.folder)
        self.folder.chmod(0o700)
        return told

    def keep(self, name: str, deed: Callable[[School], object]) -> None:
        """Keep how the deed comes out, for `after`. What it returns must be plain."""
        folder = self.folder.with_name(f"after-{len(self.kept)}") / "vault"
        made = self.copied_to(folder, SetClock(self.clock.now()))
        told = deed(made)
        made.close()
        assert made.clock.now() == self.clock.now()
        self.kept[_here(name)] = (folder, told)

    def _is_as(self, other: School) -> bool:
        """Whether nothing was written since it was copied from there."""

        def looks(folder: Path) -> set[tuple[str, int, int]]:
            files = ((file, file.stat()) for file in folder.rglob("*"))
            return {(str(f.relative_to(folder)), s.st_size, s.st_mtime_ns) for f, s in files
                    if f.is_file()}  # fmt: skip

        return not self.open and looks(self.folder) == looks(other.folder)

    def close(self) -> None:
        """Lock every workspace that a story opened."""
        for workspace in self.open:
            workspace.lock()


def _here(name: str) -> str:
    """A deed on a computer of this time zone."""
    return f"{name} {os.environ.get('TZ', '')}"


def set_up(folder: Path, clock: SetClock, setup: Setup = SETUP) -> tuple[Workspace, str]:
    """A vault with its administrator signed in, and its recovery key."""
    made = access.set_up(folder, setup, clock, kdf_policy=FAST)
    groups = made.recovery_key.split("-")
    return made.confirm(*(groups[number - 1] for number in made.asked)), made.recovery_key


def found_school(folder: Path, clock: SetClock) -> School:
    """The school of the event: administrator, accounts of every role, three students, a mother."""
    workspace, recovery_key = set_up(folder, clock)
    school = School(folder, clock, recovery_key=recovery_key)
    school.users["tom"] = workspace.actor.user_id
    school.ids["tom"] = workspace.actor.staff_id
    for who, staff in STAFF.items():
        school.ids[who] = workspace.people.add_staff(staff)
        school.users[who] = workspace.accounts.add(
            f"{staff.given} {staff.family}", PASSWORD, ROLES[who], school.ids[who]
        )
    people = workspace.people
    school.ids["mateo"] = people.add_student(mateo())
    school.ids["lucja"] = people.add_student(
        NewStudent("Łucja", "Kowalczyk", birth_date=date(2016, 12, 1), grade="4")
    )
    school.ids["huy"] = people.add_student(
        NewStudent(
            "Huy", "Nguyễn", middle="Gia", family_first=True, birth_date=date(2017, 5, 2), grade="4"
        )
    )
    school.ids["rosa"] = people.add_guardian(
        school.ids["mateo"],
        NewGuardian("Rosa", "Núñez", "mother", language="es", needs_interpreter=True),
    )
    workspace.lock()
    return school


def typed(workspace: Workspace, record_id: str, part: str, ids: dict[str, str]) -> dict[str, Any]:
    """The answers of a record after the part of the event was typed into it."""
    opened = workspace.records.open(record_id)
    session = FormSession(opened.form, opened.answers, now=workspace.clock.now)
    told = demo.story()["record"]
    demo.type_answers(session, told[part], {**ids, "loretta": ids["olga"]})
    return session.answers()


def fill(school: School, workspace: Workspace, record_id: str, part: str = "report") -> None:
    """Type a part of the event and save it."""
    answers = typed(workspace, record_id, part, school.ids)
    workspace.records.save_draft(record_id, part, answers)


def ink(name: str = "Dana Whitcomb") -> Ink:
    """A typed signature."""
    return Ink("typed", name)


def signed_report(school: School, who: str = "dana") -> str:
    """The record of the event, its report signed by its author; returns the record's id."""
    return school.after(f"report signed by {who}", lambda school: _signed_report(school, who))


def keep_signed_report(school: School, who: str = "dana") -> None:
    """Let the stories' schools begin with the signed report, made once."""
    school.keep(f"report signed by {who}", lambda school: _signed_report(school, who))


def _signed_report(school: School, who: str) -> str:
    workspace = school.sign_in(who)
    record = workspace.records.start()
    fill(school, workspace, record)
    workspace.records.sign_part(record, "report", PASSWORD, ink())
    workspace.lock()
    return record


def notice_rows(workspace: Workspace, record_id: str, ids: dict[str, str]) -> list[dict[str, Any]]:
    """The rows of the log of parent notices, as the window hands them over."""
    opened = workspace.records.open(record_id)
    session = FormSession(opened.form, opened.answers, now=workspace.clock.now)
    people = {**ids, "loretta": ids["olga"]}
    for attempt in demo.story()["record"]["notices"]:
        row = session.add_row("parent_told")
        for name, value in attempt:
            session.set(f"{row}/{name}", demo.resolve(value, people))
    rows: list[dict[str, Any]] = session.final_answers("notice")["parent_told"]
    return rows
