"""The vault that is broken, and the hands that work in it: each deed says when it is acknowledged.

A line `saving` goes out before a deed, the line of the deed itself only after the program returned
from it: what a person was told is done. `_judge` looks for exactly that again.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bt_desktop.clock import SetClock
from bt_desktop.services import restore as putting_back
from bt_desktop.services.workspace import Workspace
from faults._child import Acks, Say
from tests.conftest import AFTERNOON
from tests.factory import FAST, PASSWORD, School, fill, found_school, ink, signed_report, typed
from tests.health.dose_kit import noon_dose
from tests.health.kit import active_order, stocked, terms
from tests.services.picture_maker import png

READY = 4
"""Reports that are typed to the end and not signed yet: to be signed by the deeds."""
TABLETS = 30
MOST_FILES = 30  # of one record; the program takes 40, and a kill may leave one unheard
MOST_DOSES = 5
"""Of one run: each moves the clock on by a day, and a report that is signed late asks why."""
STICK = "stick"
"""The folder of the second copies, beside the vault."""


@dataclass
class Base:
    """A school that has worked for a day. Everything in `acks` was acknowledged in it.

    `root` holds the vault and the stick; `copied_to` makes another of it for one try.
    """

    root: Path
    school: School
    draft: str
    answers: dict[str, Any]
    ready: list[str]
    signed: str
    order: str
    lot: str
    backup: str
    acks: Acks = field(default_factory=list)

    @property
    def vault(self) -> Path:
        """The folder of the records."""
        return self.school.folder

    def copied_to(self, root: Path) -> Base:
        """The same in another folder."""
        root.mkdir(parents=True)
        clock = SetClock(self.school.clock.now())
        school = self.school.copied_to(root / "vault", clock)
        (root / STICK).mkdir()
        return replace(self, root=root, school=school, acks=list(self.acks))

    def at(self, root: Path) -> Base:
        """The same, where its files lie in `root` already."""
        clock = SetClock(self.school.clock.now())
        school = replace(self.school, folder=root / "vault", clock=clock, open=[])
        return replace(self, root=root, school=school, acks=list(self.acks))


def make_base(root: Path, ready: int = READY) -> Base:
    """Found the vault and work in it; nobody is signed in afterwards."""
    acks: Acks = []
    school = found_school(root / "vault", SetClock(AFTERNOON))
    (root / STICK).mkdir()
    signed = signed_report(school, "tom")
    maria = school.sign_in("maria")
    order = active_order(maria, terms(school.ids["mateo"]))
    lot = stocked(maria, school, order, TABLETS)
    maria.lock()
    tom = school.sign_in("tom")
    typed_out = []
    for _ in range(ready):
        typed_out.append(tom.records.start())
        fill(school, tom, typed_out[-1])
    draft = tom.records.start()
    base = Base(root, school, draft, typed(tom, draft, "report", school.ids), typed_out, signed,
                order, lot, "", acks)  # fmt: skip
    hands = Hands(base, lambda **what: acks.append(what), tom=tom)
    opened = tom.records.open(signed)
    acks.append({"signed": signed, "number": opened.number,
                 "revision": opened.part("report").revision_id})  # fmt: skip
    for deed in ("save", "attach", "seal", "dose", "backup"):
        hands.do(deed)
    base.backup = next(one["made"] for one in acks if "made" in one)
    hands.do("save")
    hands.lock()
    school.close()
    school.open.clear()
    return base


class Hands:
    """Somebody who works in the school of `base` and says each deed."""

    def __init__(self, base: Base, say: Say, tom: Workspace | None = None) -> None:
        self.base, self.say, self._tom = base, say, tom
        self._maria: Workspace | None = None
        self._saves = max((one["n"] for one in base.acks if "saved" in one), default=0)
        signing = {one["signing"] for one in base.acks if "signing" in one}
        self._ready = [one for one in base.ready if one not in signing]
        self._doses = sum("dosing" in one for one in base.acks)
        self._files = sum("attached" in one for one in base.acks)

    @property
    def tom(self) -> Workspace:
        """The principal, signed in."""
        if self._tom is None:
            self._tom = self.base.school.sign_in("tom")
        return self._tom

    @property
    def maria(self) -> Workspace:
        """The nurse, signed in."""
        if self._maria is None:
            self._maria = self.base.school.sign_in("maria")
        return self._maria

    def prepare(self) -> None:
        """Type one more report to its end, where none waits to be signed."""
        if not self._ready:
            self._ready.append(self.tom.records.start())
            fill(self.base.school, self.tom, self._ready[-1])

    def can(self, deed: str) -> bool:
        """Whether there is something to sign or to give, and room for another file."""
        return {
            "sign": bool(self._ready),
            "dose": self._doses < MOST_DOSES,
            "attach": self._files < MOST_FILES,
        }.get(deed, True)

    def do(self, deed: str) -> None:
        """One deed by its name: see `DEEDS`."""
        getattr(self, f"_{deed}")()

    def _save(self) -> None:
        self._saves += 1
        record, n = self.base.draft, self._saves
        self.say(saving=record, n=n)
        self.tom.records.save_draft(
            record, "report", {**self.base.answers, "location_detail": f"Room {n}"}
        )
        self.say(saved=record, n=n)

    def _sign(self) -> None:
        record = self._ready.pop(0)
        self.say(signing=record)
        done = self.tom.records.sign_part(record, "report", PASSWORD, ink("Tom Becker"))
        self.say(signed=record, number=done.number, revision=done.revision_id)

    def _seal(self) -> None:
        record = self.base.signed
        copy = self.tom.copies.school_copy(record)
        self.say(sealed=record, copy=copy.copy_id, sha256=copy.sha256)

    def _attach(self) -> None:
        self._files += 1
        record, data = self.base.draft, png(40, 40)
        kept = self.tom.records.attach(record, "wall.png", "image/png", data)
        self.say(attached=record, id=kept.id, sha256=hashlib.sha256(data).hexdigest())

    def _dose(self) -> None:
        self._doses += 1
        clock = self.base.school.clock
        noon = (clock.now() + timedelta(days=1)).replace(hour=12, minute=0, second=0)
        clock.set(noon + timedelta(minutes=1))
        request = noon_dose(
            self.base.school.ids["mateo"], self.base.order, due_at=noon, at=None,
            lot_id=self.base.lot, happened=True,
        )  # fmt: skip
        self.say(dosing=request.id)
        self.say(dosed=self.maria.health.doses.record(request).dose.id)

    def _backup(self) -> None:
        made = self.tom.backups.make()
        self.say(made=made.name)

    def _second(self) -> None:
        stick = self.base.root / STICK
        self.tom.backups.set_second(stick)
        copied = self.tom.backups.copy_to_second()
        self.say(copied=copied.name)

    def _account(self) -> None:
        name = f"Sub {uuid.uuid4().hex[:6]}"
        from bt_desktop.security.permissions import Role
        from bt_desktop.services.results.people import NewStaff

        user = self.tom.accounts.add(name, PASSWORD, Role.TECHNICIAN, NewStaff("Sub", name[4:]))
        self.say(account=user)

    def _zone(self) -> None:
        os.environ["TZ"] = "Pacific/Kiritimati"
        time.tzset()

    def _rotate(self) -> None:
        self.tom.key_change.change()
        self.say(rotated=True)

    def _restore(self) -> None:
        self.lock()
        base = self.base
        self.say(restoring=base.backup)
        source = base.vault / "backups" / base.backup
        putting_back.restore(
            source, base.vault, base.school.users["tom"], PASSWORD, base.school.clock,
            kdf_policy=FAST,
        )  # fmt: skip
        self.say(restored=base.backup)

    def _enter(self) -> None:
        self.lock()
        self.say(entered=self.tom.actor.user_id)

    def _lock(self) -> None:
        self.lock()
        self.say(locked=True)

    def lock(self) -> None:
        """Sign out whoever is signed in."""
        for one in (self._tom, self._maria):
            if one is not None:
                one.lock()
        self._tom = self._maria = None


DEEDS = (
    "enter", "save", "sign", "attach", "seal", "dose", "account", "backup", "second", "lock",
    "rotate", "restore",
)  # fmt: skip
"""What the hands can do, by name."""
