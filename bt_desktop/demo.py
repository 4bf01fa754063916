"""The example event, carried through unattended by the same services that the window uses.

A made-up school is set up, its roster imported, the report typed and signed, the nurse's part, the
calls and the follow-up added, and both copies sealed. What is typed comes from
`resources/demo/event.yaml`; nothing here knows the story.
"""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bt_desktop import paths
from bt_desktop.clock import SetClock
from bt_desktop.form_engine.session import FormSession
from bt_desktop.form_engine.yaml_tree import plain_data
from bt_desktop.security.kdf import KdfPolicy
from bt_desktop.security.permissions import Role
from bt_desktop.services import access
from bt_desktop.services.made_up import DEMO_MARK, Pen
from bt_desktop.services.privacy import NameFinding
from bt_desktop.services.records import Ink
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.copies import PrintedCopy, Settled
from bt_desktop.services.results.people import Guardian, NewGuardian, NewStaff, NewStudent, Training
from bt_desktop.services.workspace import Workspace

Say = Callable[[str], None]
Saved = Callable[[str, str], None]


def story() -> dict[str, Any]:
    """The event as data (see the head of `resources/demo/event.yaml` for its shape)."""
    text = (paths.resources_dir() / "demo" / "event.yaml").read_text("utf-8")
    told: dict[str, Any] = plain_data(text)
    return told


def _moment(told: Mapping[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(told["clock"][name])


def resolve(typed: Any, ids: Mapping[str, str]) -> Any:
    """`typed` with every `@key` turned into that person's id, also inside a list."""
    if isinstance(typed, str) and typed.startswith("@"):
        return ids[typed[1:]]
    if isinstance(typed, list):
        return [resolve(one, ids) for one in typed]
    return typed


def type_answers(
    session: FormSession,
    pairs: Sequence[Sequence[Any]],
    ids: Mapping[str, str],
    typed: Callable[[str], None] = lambda path: None,
) -> None:
    """Type `pairs` of (path, what is typed) into `session`, adding rows as their turn comes.

    `typed` is told each path after it was set, as a page is that saves after each change.
    """
    for path, value in pairs:
        section, bracket, rest = path[1:].partition("[")
        if bracket:
            wanted = int(rest.partition("]")[0])
            while len(session.rows(section)) < wanted:
                session.add_row(section)
        session.set(path, resolve(value, ids))
        typed(path)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Hundreds of records make few cycles; looking for them at every turn costs a tenth."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@dataclass(slots=True)
class Steps:
    """Wall-clock seconds of each step, by name."""

    say: Say
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, sentence: str) -> Iterator[None]:
        """Time what runs inside, then say it."""
        started = time.perf_counter()
        yield
        took = time.perf_counter() - started
        self.seconds[name] = round(took, 3)
        self.say(f"{sentence} ({took:.1f} s)")


class Demo:
    """One telling of the story into `out`. `policy` makes key derivation cheap for tests.

    `years` is the share of two made-up school years that is told around it (1.0: all of it,
    which takes some half a minute).
    """

    def __init__(
        self,
        out: Path,
        say: Say = print,
        policy: KdfPolicy | None = None,
        saved: Saved = lambda record, path: None,
        *,
        years: float = 0.0,
    ) -> None:
        self.out = out
        self.told = story()
        self.steps = Steps(say)
        self.ids: dict[str, str] = {}
        self._policy = policy
        self._open: dict[str, Workspace] | None = None
        self._saved = saved
        self._years = years
        self._clock = SetClock(_moment(self.told, "set_up"))

    @property
    def vault(self) -> Path:
        """The folder of the demo's records."""
        return self.out / "vault"

    def _at(self, name: str) -> None:
        self._clock.set(_moment(self.told, name))

    @contextmanager
    def signed_in(self, key: str) -> Iterator[Workspace]:
        """The vault, opened by the staff member `key`, locked again at the end.

        While the whole event is told (`tell`), each person signs in once: a key derivation takes
        longer than most of what they do.
        """
        kept = self._open
        if kept is None:
            workspace = self._unlock(key)
        elif key in kept:
            workspace = kept[key]
        else:
            workspace = kept[key] = self._unlock(key)
        # What a role opens records for as a rule; the window asks for it (`services.openings`).
        workspace.openings.state(Purpose(workspace.openings.usual))
        try:
            yield workspace
        finally:
            if kept is None:
                workspace.lock()

    @contextmanager
    def _each_once(self) -> Iterator[None]:
        """Whoever signs in stays so until the end."""
        self._open = {}
        try:
            yield
        finally:
            for workspace in self._open.values():
                workspace.lock()
            self._open = None

    def _unlock(self, key: str) -> Workspace:
        name = self.told["staff"][key]["sign_in"]
        [user] = [u for u in access.vault_status(self.vault).users if u.sign_in_name == name]
        return access.unlock(
            self.vault,
            user.user_id,
            self.told["staff"][key]["password"],
            self._clock,
            kdf_policy=self._policy,
        )

    # ------------------------------------------------------------------ setting up

    def set_up(self) -> None:
        """Make the vault: school, administrator, recovery key asked back."""
        school, admin = self.told["school"], self.told["staff"]["tom"]
        made = access.set_up(
            self.vault,
            access.Setup(
                school_name=school["name"],
                address=school["address"],
                phone=school["phone"],
                pack=school["pack"],
                training_program=school["training_program"],
                admin_given=admin["given"],
                admin_family=admin["family"],
                admin_title=admin["title"],
                admin_password=admin["password"],
            ),
            self._clock,
            kdf_policy=self._policy,
        )
        groups = made.recovery_key.split("-")
        workspace = made.confirm(*(groups[n - 1] for n in made.asked))
        try:
            self.ids["tom"] = workspace.actor.staff_id
            workspace.school.update(contact_name=school["contact_name"])
        finally:
            workspace.lock()

    def import_roster(self) -> None:
        """Import the OneRoster set; add what no roster knows (languages, trainings, flags)."""
        with self.signed_in("tom") as w:
            preview = w.roster.preview(paths.resources_dir() / "demo" / "roster")
            w.roster.apply(preview)
            self._find_people(w)
            for key, person in self.told["staff"].items():
                self._complete_staff(w, key, person)
            for key, student in self.told["students"].items():
                self._complete_student(w, key, student)
            for key, guardian in self.told["guardians"].items():
                self._complete_guardian(w, key, guardian)

    def _find_people(self, w: Workspace) -> None:
        for key, s in self.told["students"].items():
            hits = w.people.search(f"{s['given']} {s['family']}", ("student",))
            [self.ids[key]] = [h.id for h in hits if h.birth_date == s["birth_date"]]
        for key, s in self.told["staff"].items():
            hits = w.people.search(f"{s['given']} {s['family']}", ("staff",))
            self.ids.setdefault(key, hits[0].id)

    def _complete_staff(self, w: Workspace, key: str, person: Mapping[str, Any]) -> None:
        trainings = tuple(Training(t["label"], t["valid_until"]) for t in person["trainings"])
        w.people.update_staff(
            self.ids[key],
            NewStaff(person["given"], person["family"], person["title"], trainings=trainings),
        )
        if person["role"] and key != "tom":
            w.accounts.add(
                person["sign_in"], person["password"], Role(person["role"]), self.ids[key]
            )

    def _complete_student(self, w: Workspace, key: str, s: Mapping[str, Any]) -> None:
        if "home_language" not in s:
            return
        known = w.people.get(self.ids[key])
        plans = tuple(s[p] for p in ("plan_status", "bip_status") if p in s)
        w.people.update_student(
            known.id,
            NewStudent(
                given=known.given,
                family=known.family,
                family_first=bool(s.get("family_first")),
                birth_date=known.birth_date,
                grade=known.grade,
                teacher=known.teacher,
                student_number=known.student_number,
                home_language=s["home_language"],
                plans=plans,
                health_note=", ".join(s.get("health", ())),
            ),
        )

    def _complete_guardian(self, w: Workspace, key: str, g: Mapping[str, Any]) -> None:
        student = self.ids[g["student"]]
        [known] = [x for x in w.people.guardians(student) if x.given == g["given"]]
        self.ids[key] = known.id
        w.people.update_guardian(
            student,
            known.id,
            NewGuardian(
                given=g["given"],
                family=g["family"],
                relation=g["relation"],
                language=g["language"],
                needs_interpreter=g["needs_interpreter"],
                may_receive_copies=g["may_receive_copies"],
                no_contact=bool(g.get("no_contact")),
                custody_note=g.get("custody_note", ""),
                phone=g["phone"],
            ),
        )

    # ------------------------------------------------------------------ the record

    def _type_part(self, w: Workspace, record: str, part: str) -> None:
        opened = w.records.open(record)
        session = FormSession(opened.form, opened.answers, now=self._clock.now)

        def keep(path: str) -> None:
            w.records.save_draft(record, part, session.answers())
            self._saved(record, path)

        type_answers(session, self.told["record"][part], self.ids, keep)

    def _sign(self, w: Workspace, record: str, part: str) -> str | None:
        [how] = [s for s in self.told["signatures"] if s["part"] == part]
        password = self.told["staff"][how["by"]]["password"]
        return w.records.sign_part(record, part, password, Ink("typed", how["typed"])).number

    def write_report(self) -> str:
        """The technician types the report, answer by answer; returns the record's id."""
        self._at("report_begun")
        with self.signed_in(self.told["record"]["reported_by"]) as w:
            record = w.records.start(self.told["record"]["form"])
            self._type_part(w, record, "report")
        return record

    def sign_report(self, record: str) -> str:
        """The technician signs; returns the record's number."""
        self._at("report_signed")
        with self.signed_in(self.told["record"]["reported_by"]) as w:
            number = self._sign(w, record, "report")
        assert number is not None, "the author's signature numbers the record"  # noqa: S101 - says it to mypy
        return number

    def add_parts(self, record: str) -> None:
        """Nurse's part, the log of calls, follow-up: each by its owner."""
        self._at("nurse_signed")
        with self.signed_in("maria") as w:
            self._type_part(w, record, "nurse")
            self._sign(w, record, "nurse")
        self._at("noticed")
        with self.signed_in("loretta") as w:
            opened = w.records.open(record)
            for attempt in self.told["record"]["notices"]:
                self._log_attempt(w, record, opened.form, attempt)
        self._at("follow_up_signed")
        with self.signed_in("tom") as w:
            self._type_part(w, record, "follow_up")
            self._sign(w, record, "follow_up")

    def _log_attempt(self, w: Workspace, record: str, form: Any, attempt: list[list[Any]]) -> None:
        opened = w.records.open(record)
        session = FormSession(form, opened.answers, now=self._clock.now)
        [section] = [s.name for s in form.sections if s.part == "notice"]
        row = session.add_row(section)
        for name, value in attempt:
            session.set(f"{row}/{name}", resolve(value, self.ids))
        w.records.add_notice(record, session.final_answers("notice")[section][-1])

    # ------------------------------------------------------------------ paper

    def school_copy(self, record: str) -> PrintedCopy:
        """The school's own copy, sealed."""
        self._at("school_copy")
        with self.signed_in("tom") as w:
            return w.copies.school_copy(record)

    def parent_copy(self, record: str) -> PrintedCopy:
        """The mother's copy: the text edited, every name settled, released, sealed."""
        self._at("parent_copy")
        release = self.told["release"]
        with self.signed_in(release["by"]) as w:
            recipient = self._recipient(w.copies.recipients(record), self.ids[release["to"]])
            text = w.copies.begin_parent_text(record).text
            for find, replace in release["edits"]:
                text = text.replace(find, replace)
            settled = [
                Settled(f.start, f.end, f.word, self._decision(f), w.actor.staff_id)
                for f in w.copies.findings(record, text)
            ]
            return w.copies.release_parent_copy(record, recipient.id, text, settled)

    @staticmethod
    def _decision(found: NameFinding) -> Literal["own_child", "not_a_name"]:
        """What the releaser says of a word that is left marked after the edits of the story."""
        if found.suggestion == "own_child":
            return "own_child"
        if not found.suggestion:
            raise ValueError("the story's text for the parent names another child")
        return "not_a_name"

    @staticmethod
    def _recipient(recipients: Sequence[Guardian], guardian_id: str) -> Guardian:
        [one] = [g for g in recipients if g.id == guardian_id and g.allowed]
        return one

    # ------------------------------------------------------------------ the years around it

    def tell_years(self) -> int:
        """Tell two school years; returns how many records they have.

        Told last, so that the example event keeps its number; the clock goes back for it.
        """
        from bt_desktop.demo_years import Hand, Years  # deferred: the event alone needs none of it

        with ExitStack() as open_hands:
            hands = {}
            for key in ("tom", "dana", "priya", "maria", "loretta"):
                workspace = open_hands.enter_context(self.signed_in(key))
                pen = Pen(workspace.records, self.told["staff"][key]["password"])
                hands[key] = Hand(workspace, pen)
            zone = self.told["school"]["timezone"]
            told = Years(hands, self._clock, zone, self._years)
            told.enter_calendar()
            happenings = told.happenings(told.import_roster())
            with _seldom_collecting():
                for happening in happenings:
                    told.write(happening)
            self._at("parent_copy")
        return len(happenings)

    def tell_medicine(self) -> None:
        """Tell a month of two medicines, and lay their records and a parent's paper beside it."""
        from bt_desktop.demo_medicine import MedicineMonth  # deferred: the event needs none of it
        from bt_desktop.demo_medicine_notice import FILE, given_notice

        zone = ZoneInfo(self.told["school"]["timezone"])
        month = MedicineMonth(self.signed_in, self.told["staff"], self.ids, self._clock, zone)
        for name, pdf in month.tell().items():
            (self.out / name).write_bytes(pdf)
        (self.out / FILE).write_bytes(given_notice(month))

    # ------------------------------------------------------------------ all of it

    def tell(self) -> dict[str, Any]:
        """Carry the whole event through; returns what `summary.json` holds."""
        with self._each_once():
            return self._tell()

    def _tell(self) -> dict[str, Any]:
        admin = self.told["staff"]["tom"]
        step = self.steps.step
        with step("set_up", f"Set up {self.told['school']['name']} with an administrator"):
            self.set_up()
        with step("roster", f"Imported the roster: {len(self.told['students'])} students"):
            self.import_roster()
        with step("report", "The technician typed the report, each answer saved as it came"):
            record = self.write_report()
        with step("sign", "The technician signed the report"):
            number = self.sign_report(record)
        with step("parts", "The nurse, the office and the principal added their parts"):
            self.add_parts(record)
        with step("school_copy", f"Sealed the school's copy of {number}"):
            school = self.school_copy(record)
        with step("parent_copy", "Sealed the mother's copy, every other child's name settled"):
            parent = self.parent_copy(record)
        if self._years:
            with step("years", "Filled two school years of a school of 600"):
                self.tell_years()
        with step("medicine", "A month of medicine, given, counted and closed by the nurse"):
            self.tell_medicine()
        with self.signed_in("tom") as w:
            ca = w.copies.school_ca_pem()
        (self.out / "school-ca.pem").write_bytes(ca)
        copies = []
        for name, copy in (("school-copy.pdf", school), ("parent-copy.pdf", parent)):
            (self.out / name).write_bytes(copy.pdf)
            copies.append({"file": name, "sha256": hashlib.sha256(copy.pdf).hexdigest()})
        summary = {
            "record": number,
            "user": admin["sign_in"],
            "password": admin["password"],
            "accounts": [
                {"user": one["sign_in"], "role": one["role"], "password": one["password"]}
                for one in self.told["staff"].values()
                if one["role"]
            ],
            "copies": copies,
            "seconds": self.steps.seconds,
        }
        text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
        (self.out / "summary.json").write_text(text, "utf-8")
        return summary


class NotADemoFolder(Exception):
    """The folder holds something, and no demo made it; it is left alone."""


def clear(out: Path) -> None:
    """Make `out` an empty folder, marked as a demo's.

    A demo's folder is replaced whole; raises `NotADemoFolder` for any other that holds something,
    so that a mistyped `--out` never costs anyone a real vault.
    """
    if out.exists():
        if not out.is_dir() or (any(out.iterdir()) and not (out / DEMO_MARK).is_file()):
            raise NotADemoFolder(str(out))
        shutil.rmtree(out)
    out.mkdir(parents=True)
    # Laid down first, so that even a telling that was broken off is known again for what it is.
    (out / DEMO_MARK).write_text("Made by bt-desktop demo; the next demo replaces this folder.\n")
