"""The whole life of records on a real vault, at random, with the program dropped in the middle.

A state machine: records are begun, typed into, undone, signed by several, returned, countersigned,
amended, called in error, copied, backed up, while the program dies at a random reading of its
clock. Beside it stands what must be there.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import func, select

from bt_desktop.errors import KnownError
from bt_desktop.form_engine import FormSession
from bt_desktop.models.audit import AuditEntry
from bt_desktop.models.copies import Copy
from bt_desktop.models.records import Notice, Record, Revision
from bt_desktop.paper.verify import verify
from bt_desktop.services.workspace import Workspace
from tests.conftest import AFTERNOON
from tests.factory import PASSWORD, School, fill, found_school, ink, notice_rows
from tests.health.test_simulated_year import Killed, MortalClock
from tests.services.review_kit import review

DIES = st.none() | st.none() | st.integers(0, 12)
"""At which reading of the clock the program dies; None: it does not."""

WHICH = st.integers(0, 5)
WORDS = st.sampled_from(("He sat down.", "She called the office.", "", "Łucja 🙂 小明", "a" * 4000))
ROWS = (Record, Revision, Notice, Copy, AuditEntry)

_founded: list[School] = []


def founded() -> School:
    """A school, set up once for the run."""
    if not _founded:
        folder = Path(tempfile.mkdtemp(prefix="bt-life-")) / "vault"
        _founded.append(found_school(folder, MortalClock(AFTERNOON)))
    return _founded[0]


class Life(RuleBasedStateMachine):
    """The program, and beside it what was acknowledged."""

    @initialize()
    def begin(self) -> None:
        self.parent = Path(tempfile.mkdtemp(prefix="bt-life-"))
        self.clock = MortalClock(AFTERNOON)
        self.school = founded().copied_to(self.parent / "vault", self.clock)
        self.at_work: dict[str, Workspace] = {}
        self.records: list[str] = []
        self.texts: dict[str, set[str]] = {}
        self.signed: dict[str, bytes] = {}
        self.numbers: set[str] = set()
        self.copies: dict[str, str] = {}
        self.backups: set[str] = set()
        self.least = dict.fromkeys(ROWS, 0)

    def teardown(self) -> None:
        if hasattr(self, "school"):
            self.look()
            self.drop()
            shutil.rmtree(self.parent)

    # --- how a deed is done ----------------------------------------------------------------------

    def who(self, name: str) -> Workspace:
        if name not in self.at_work:
            self.at_work[name] = self.school.sign_in(name)
        return self.at_work[name]

    def drop(self) -> None:
        """The program is gone: nothing is locked, noted or said good-bye to."""
        self.clock.dies_after = None
        for one in self.at_work.values():
            one._context.store.close()
        self.at_work.clear()
        self.school.open.clear()

    def deed(self, name: str, dies: int | None, what: Callable[[Workspace], Any]) -> Any:
        """What it gave back; None where it was refused in words, or the program died in it."""
        by = self.who(name)
        self.clock.set(self.clock.now() + timedelta(minutes=1))
        self.clock.dies_after = dies
        try:
            return what(by)
        except Killed:
            self.drop()
            return None
        except KnownError:
            return None
        finally:
            self.clock.dies_after = None

    def one(self, which: int) -> str:
        return self.records[which % len(self.records)]

    # --- deeds -----------------------------------------------------------------------------------

    @precondition(lambda self: len(self.records) < 4)
    @rule(dies=DIES, whole=st.booleans())
    def start(self, dies: int | None, whole: bool) -> None:
        made = self.deed("dana", dies, lambda by: by.records.start())
        if made:
            self.records.append(made)
            if whole:
                self.deed("dana", None, lambda by: fill(self.school, by, made))
                told = self.who("dana").records.open(made).answers["narrative"]
                self.texts[made] = {told}

    @precondition(lambda self: self.records)
    @rule(which=WHICH, words=WORDS, dies=DIES, undone=st.booleans())
    def type(self, which: int, words: str, dies: int | None, undone: bool) -> None:
        """Type into the narrative, perhaps take it back, and save."""
        record = self.one(which)
        opened = self.who("dana").records.open(record)
        page = FormSession(opened.form, opened.answers, now=self.clock.now)
        page.set("/narrative", words)
        if undone:
            before = opened.answers.get("narrative")
            page.undo()
            assert page.answers().get("narrative") == before
        text = page.answers().get("narrative", "")

        def save(by: Workspace) -> bool:
            by.records.save_draft(record, "report", page.answers())
            return True

        killable = self.texts.get(record, {""})
        if self.deed("dana", dies, save):
            self.texts[record] = {text}
        elif dies is not None:
            self.texts[record] = killable | {text}

    @precondition(lambda self: self.records)
    @rule(which=WHICH, dies=DIES)
    def sign(self, which: int, dies: int | None) -> None:
        record = self.one(which)
        done = self.deed(
            "dana", dies, lambda by: by.records.sign_part(record, "report", PASSWORD, ink())
        )
        if done:
            assert done.number
            self.numbers.add(done.number)
            self.keep(done.revision_id)

    @precondition(lambda self: self.numbers)
    @rule(which=WHICH, dies=DIES)
    def statement(self, which: int, dies: int | None) -> None:
        """A colleague adds what she saw, and signs."""
        record = self.one(which)

        def add(by: Workspace) -> Any:
            key = by.records.add_statement(record)
            form = by.records.open(record).form
            names = [
                field.name
                for section in form.sections
                if section.part == "statement"
                for field in section.fields
                if field.type == "text"
            ]
            by.records.save_draft(record, key, dict.fromkeys(names, "I stood at the door."))
            return by.records.sign_part(record, key, PASSWORD, ink("Priya Raman"))

        if done := self.deed("priya", dies, add):
            self.keep(done.revision_id)

    @precondition(lambda self: self.numbers)
    @rule(which=WHICH, dies=DIES)
    def call(self, which: int, dies: int | None) -> None:
        record = self.one(which)
        self.deed(
            "dana",
            dies,
            lambda by: by.records.add_notice(record, notice_rows(by, record, self.school.ids)[0]),
        )

    @precondition(lambda self: self.numbers)
    @rule(which=WHICH, back=st.booleans(), dies=DIES)
    def look_through(self, which: int, back: bool, dies: int | None) -> None:
        """Returned with a remark, or countersigned."""
        record = self.one(which)
        if done := self.deed("tom", dies, lambda by: review(self.school, by, record, back=back)):
            self.keep(done.revision_id)

    @precondition(lambda self: self.numbers)
    @rule(
        which=WHICH,
        kind=st.sampled_from(("addendum", "correction", "late_entry", "entered_in_error")),
        dies=DIES,
    )
    def amend(self, which: int, kind: str, dies: int | None) -> None:
        record, earlier = self.one(which), self.clock.now() - timedelta(hours=2)
        why = "It was found to be otherwise"
        happened = earlier if kind == "late_entry" else None
        self.deed("dana", dies, lambda by: by.records.amend(record, "report", kind, why, happened))

    @precondition(lambda self: self.numbers)
    @rule(which=WHICH, dies=DIES)
    def throw_away(self, which: int, dies: int | None) -> None:
        """What was typed into an open amendment, never what was signed."""
        record = self.one(which)

        def discard(by: Workspace) -> bool:
            by.records.discard(record, "report")
            return True

        if self.deed("dana", dies, discard) or dies is not None:
            self.texts.pop(record, None)

    @precondition(lambda self: self.numbers)
    @rule(which=WHICH, dies=DIES)
    def copy(self, which: int, dies: int | None) -> None:
        record = self.one(which)
        made = self.deed("olga", dies, lambda by: by.copies.school_copy(record))
        if made and made.sealed:
            ca = self.who("olga").copies.school_ca_pem()
            assert verify(made.pdf, ca).kind == "genuine"
            self.copies[made.copy_id] = made.sha256

    @rule(dies=DIES)
    def backup(self, dies: int | None) -> None:
        if len(self.backups) < 2 and (made := self.deed("tom", dies, lambda by: by.backups.make())):
            self.backups.add(made.name)

    @rule()
    def crash(self) -> None:
        self.drop()

    # --- what must be there ----------------------------------------------------------------------

    def keep(self, revision: str) -> None:
        with self.who("dana")._context.store.read() as session:
            self.signed[revision] = bytes(session.get_one(Revision, revision).body)

    @rule()
    def look(self) -> None:
        """Everything that was acknowledged, the numbers, and the trail."""
        tom = self.who("tom")
        with tom._context.store.read() as session:
            for table in ROWS:
                there = session.scalar(select(func.count()).select_from(table)) or 0
                assert there >= self.least[table], f"a row of {table.__tablename__} is gone"
                self.least[table] = there
            bodies = {one.id: bytes(one.body) for one in session.scalars(select(Revision))}
            numbers = {n for n in session.scalars(select(Record.number)) if n}
            known = {row.id: row.sha256 for row in session.scalars(select(Copy))}
            there_now = set(session.scalars(select(Record.id)))
        assert set(self.records) <= there_now
        for revision, body in self.signed.items():
            assert bodies[revision] == body, "what was signed is another"
        assert self.numbers <= numbers
        counted = sorted(int(number.rsplit("-", 1)[1]) for number in numbers)
        assert counted == list(range(1, len(counted) + 1)), f"a gap: {counted}"
        assert all(known[copy] == digest for copy, digest in self.copies.items())
        assert tom.log.verify().holds
        self.look_at_drafts()
        for name in self.backups:
            tom.backups.verify(name)

    def look_at_drafts(self) -> None:
        for record, texts in self.texts.items():
            told = self.who("dana").records.open(record).answers.get("narrative", "")
            assert told in texts, "what was saved is not there"
