"""The school's own data: letterhead, pack, training program, names of holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.models import school as tables
from bt_desktop.models.calendar import CalendarTerm
from bt_desktop.models.store import read_once
from bt_desktop.security.accounts import rename_school
from bt_desktop.security.permissions import Action, Role
from bt_desktop.services import key_owed
from bt_desktop.services.backups import SECOND
from bt_desktop.services.context import Context
from bt_desktop.services.problems import PictureRefused
from bt_desktop.services.results.school import Gap, School

HOLD_NAMES = "hold_names"
_LOGO_MOST_BYTES = 2 * 1024 * 1024
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class SchoolService:
    """Reads and changes the school's data."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def get(self) -> School:
        """The school."""
        self._context.require(Action.SCHOOL_READ)
        with self._context.store.read() as session:
            return _school(tables.school_row(session))

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
        timezone: str | None = None,
    ) -> School:
        """Change what is given, keep the rest; `logo=b""` takes the logo away. Administrators.

        Raises PictureRefused, BadName.
        """
        self._context.require(Action.SCHOOL_EDIT)
        _require_picture(logo)
        texts = {
            "name": name,
            "address": address,
            "phone": phone,
            "contact_name": contact_name,
            "pack": pack,
            "training_program": training_program,
            "timezone": timezone,
        }
        if name is not None:
            rename_school(self._context.folder, self._context.keys, name)
        with self._context.store.write() as session:
            row = tables.school_row(session)
            for field, value in texts.items():
                if value is not None:
                    setattr(row, field, value.strip())
            if logo is not None:
                row.logo = logo or None
            self._context.note(session, "school.update", "school")
            session.flush()
            return _school(row)

    def hold_names(self) -> tuple[tuple[str, str], ...]:
        """The school's own list of holds as (name, label), in order; empty: as the program has."""
        self._context.require(Action.SCHOOL_READ)
        with self._context.store.read() as session:
            return hold_names(session)

    def set_hold_names(self, holds: Sequence[tuple[str, str] | str]) -> None:
        """Set the school's own list of holds: (name, label) pairs, or labels alone.

        A name once used in a record should keep its meaning: hand pairs back as `hold_names`
        gave them, and add new holds as labels. An empty list goes back to the program's own.
        """
        self._context.require(Action.TRAINING_LIST_EDIT)
        pairs = _named(holds)
        with self._context.store.write() as session:
            session.merge(tables.Setting(name=HOLD_NAMES, value=[list(pair) for pair in pairs]))
            self._context.note(session, "school.hold_names", "school", counts={"holds": len(pairs)})

    def set_up_gaps(self) -> tuple[Gap, ...]:
        """What is owed (a change of the database key) and what set-up still lacks (second
        administrator, roster, backup), for the home page."""
        if self._context.actor.role is not Role.ADMINISTRATOR:
            return ()
        with self._context.store.read() as session:
            return (*_owed(session, self._context.clock.now()), *_gaps(session))


def hold_names(session: Session) -> tuple[tuple[str, str], ...]:
    """The school's own list of holds; empty when it has none."""

    def read() -> tuple[tuple[str, str], ...]:
        setting = session.get(tables.Setting, HOLD_NAMES)
        return tuple((name, label) for name, label in setting.value) if setting else ()

    return read_once(session, HOLD_NAMES, read)


def _school(row: tables.School) -> School:
    return School(
        name=row.name,
        address=row.address,
        phone=row.phone,
        contact_name=row.contact_name,
        pack=row.pack,
        pack_title=pack_title(row.pack),
        logo=row.logo,
        training_program=row.training_program,
        timezone=row.timezone,
        vault_id=row.vault_id,
    )


@lru_cache(maxsize=8)  # read from its file once, not at each look at the school
def pack_title(pack: str) -> str:
    """The title of a pack of rules as people read it; the pack's own word where it is not known."""
    from bt_desktop.form_engine.definition import say
    from bt_desktop.form_engine.loader import FormFaults, load_pack

    if not pack:
        return ""
    try:
        return say(load_pack(pack).title)
    except (FormFaults, OSError):
        return pack


def _require_picture(logo: bytes | None) -> None:
    if logo and (len(logo) > _LOGO_MOST_BYTES or not logo.startswith(_PICTURES)):
        raise PictureRefused


def _named(holds: Sequence[tuple[str, str] | str]) -> list[tuple[str, str]]:
    """Pairs with names that are unique and, for new ones, made from the label."""
    pairs: dict[str, str] = {}
    for hold in holds:
        name, label = ("", hold) if isinstance(hold, str) else hold
        label = " ".join(label.split())
        if not label:
            continue
        name = name or _slug(label)
        while name in pairs:
            name += "_2"
        pairs[name] = label
    return list(pairs.items())


def _slug(label: str) -> str:
    """`Two-person stability hold` as a choice name: `two_person_stability_hold`."""
    from bt_desktop.services.names import fold

    words = "".join(c if c.isascii() and c.isalnum() else " " for c in fold(label)).split()
    slug = "_".join(words) or "hold"
    return slug if slug[0].isalpha() else f"hold_{slug}"


def _owed(session: Session, now: datetime) -> tuple[Gap, ...]:
    due = key_owed.owed(session, now)
    if due is None:
        return ()
    return (Gap("key-change", f"{key_owed.WORDS[due.why]} Change it now; it takes a minute."),)


def _gaps(session: Session) -> list[Gap]:
    from bt_desktop.models.people import Student

    gaps: list[Gap] = []
    administrators = session.scalar(
        select(func.count())
        .select_from(tables.Account)
        .where(tables.Account.role == Role.ADMINISTRATOR.value, tables.Account.active)
    )
    if (administrators or 0) < 2:
        gaps.append(
            Gap(
                "second-administrator",
                "There is one administrator only. Add a second, so that one forgotten password "
                "does not lock the school out.",
            )
        )
    if session.scalar(select(Student.id).limit(1)) is None:
        gaps.append(Gap("roster", "No students are entered yet. Import the roster."))
    if session.scalar(select(CalendarTerm.id).limit(1)) is None:
        gaps.append(
            Gap(
                "calendar",
                "No terms of the school calendar are entered, so deadlines count plain weekdays.",
            )
        )
    if session.get(tables.Setting, SECOND) is None:
        gaps.append(
            Gap(
                "backup",
                "Backups lie on this computer only. Choose a stick or a share for a second copy: "
                "a fire or a broken disk would take both.",
            )
        )
    return gaps
