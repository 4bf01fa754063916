"""The whole life of records on a real vault, at random, with the program dropped in the middle.

A state machine: records are begun, typed into, undone, signed by several, returned, countersigned,
amended, called in error, copied, backed up, while the program dies at a random reading of its
clock. Beside it stands what must be there.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import func, select

from bt_desktop.errors import KnownError
from bt_desktop.form_engine import FormSession
from bt_desktop.models.audit import AuditEntry
from bt_desktop.models.copies import Copy
from bt_desktop.models.records import Notice, Record, Revision
from bt_desktop.paper.verify import verify
from bt_desktop.services.problems import BeingAmended
from bt_desktop.services.workspace import Workspace
from tests.conftest import AFTERNOON
from tests.factory import PASSWORD, School, fill, found_school, ink, notice_rows, signed_report
from tests.health.test_simulated_year import Killed, MortalClock
from tests.services.review_kit import review

DIES = st.none() | st.none() | st.integers(0, 12)
"""At which reading of the clock the program dies; None: it does not."""

WHICH = st.integers(0, 5)
MOST_RECORDS = 4
IN_ERROR = "entered_in_error"
KIND = st.sampled_from(("addendum", "correction", "late_entry", IN_ERROR))
WHY = "It was found to be otherwise"
WORDS = st.sampled_from(("He sat down.", "She called the office.", "", "Łucja 🙂 小明", "a" * 4000))
ROWS = (Record, Revision, Notice, Copy, AuditEntry)

DEEP = ("signed", "countersigned", "returned", "amended", "amended again", "withdrawn",
        "withdrawn after an amendment", "written anew")  # fmt: skip
"""What a life of records can come to; the long run fails where too few of its lives do."""


_deeds: list[st.SearchStrategy[tuple[str, dict[str, Any]]]] = []
_needs: dict[str, str] = {}
Deed = TypeVar("Deed", bound=Callable[..., None])


def chosen(
    needs: str = "", times: int = 1, **how: st.SearchStrategy[Any]
) -> Callable[[Deed], Deed]:
    """A deed chosen by chance, `times` as often as others, where there is what it `needs`.

    There is one rule for all of them: among many, hypothesis leaves most out of most runs, and in
    15 lives with a rule for each deed not one report was amended.
    """

    def register(deed: Deed) -> Deed:
        name = deed.__name__
        _needs[name] = needs
        _deeds.extend(st.tuples(st.just(name), st.fixed_dictionaries(how)) for _ in range(times))
        return deed

    return register


@cache
def founded(signed: bool) -> tuple[School, str]:
    """A school, set up once for the run, and its record that is signed; blank where none is."""
    folder = Path(tempfile.mkdtemp(prefix="bt-life-")) / "vault"
    school = found_school(folder, MortalClock(AFTERNOON))
    return school, signed_report(school) if signed else ""


class Life(RuleBasedStateMachine):
    """The program, and beside it what was acknowledged."""

    reached: ClassVar[Counter[str]] = Counter()
    """In how many lives each depth was reached (`DEEP`), and how many lives there were."""

    @initialize(signed=st.sampled_from((True, True, False)))
    def begin(self, signed: bool) -> None:
        """Nothing yet, or a report that is signed: from there it is not far to its amendments."""
        self.parent = Path(tempfile.mkdtemp(prefix="bt-life-"))
        self.clock = MortalClock(AFTERNOON)
        school, record = founded(signed)
        self.school = school.copied_to(self.parent / "vault", self.clock)
        self.at_work: dict[str, Workspace] = {}
        self.records: list[str] = []
        self.whole: list[str] = []
        self.texts: dict[str, set[str]] = {}
        self.told: dict[str, str] = {}
        self.unsure: dict[str, set[str]] = {}
        self.anew = False
        self.signed: dict[str, bytes] = {}
        self.numbers: set[str] = set()
        self.copies: dict[str, str] = {}
        self.backups: set[str] = set()
        self.least = dict.fromkeys(ROWS, 0)
        if record:
            with self.who("dana")._context.store.read() as session:
                number = session.get_one(Record, record).number
                [revision] = session.scalars(select(Revision.id))
            self.records.append(record)
            self.whole.append(record)
            self.is_signed(record, number, revision)

    def teardown(self) -> None:
        if hasattr(self, "school"):
            self.look()
            Life.reached.update(["lives", *self.depths()])
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

    def one_signed(self, which: int) -> str:
        return list(self.told)[which % len(self.told)]

    # --- deeds -----------------------------------------------------------------------------------

    @chosen(
        "told", times=3, which=WHICH, kind=KIND, who=st.sampled_from(("dana", "tom")), dies=DIES
    )
    def sign_amendment(self, which: int, kind: str, who: str, dies: int | None) -> None:
        """An amendment from first word to signature, killed anywhere; tom only withdraws."""
        record, text = self.one_signed(which), f"{self.told[self.one_signed(which)]} Then he slept."

        def amended(by: Workspace) -> Any:
            with suppress(BeingAmended):  # then what is open is gone on with, if that may be
                self.opened_again(by, record, kind)
            if kind != IN_ERROR:
                answers = by.records.open(record).answers | {"narrative": text}
                by.records.save_draft(record, "report", answers)
            return by.records.sign_part(record, "report", PASSWORD, ink(by.actor.name))

        self.texts[record] = self.texts.get(record, set()) | {text, self.told[record]}
        if done := self.deed(who, dies, amended):
            assert who == "dana" or kind == IN_ERROR, "signed by who may not"
            self.is_signed(record, done.number, done.revision_id)
        elif dies is not None:
            self.unsure.setdefault(record, set()).add(text)

    @chosen(dies=DIES, whole=st.booleans())
    def start(self, dies: int | None, whole: bool) -> None:
        if len(self.records) >= MOST_RECORDS:
            return
        made = self.deed("dana", dies, lambda by: by.records.start())
        if made:
            self.records.append(made)
            if whole:
                self.whole.append(made)
                self.deed("dana", None, lambda by: fill(self.school, by, made))
                told = self.who("dana").records.open(made).answers["narrative"]
                self.texts[made] = {told}

    @chosen("records", which=WHICH, words=WORDS, dies=DIES, undone=st.booleans())
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

    @chosen("records", which=WHICH, dies=DIES)
    def sign(self, which: int, dies: int | None) -> None:
        record = self.one(which)
        done = self.deed(
            "dana", dies, lambda by: by.records.sign_part(record, "report", PASSWORD, ink())
        )
        if done:
            self.is_signed(record, done.number, done.revision_id)
        elif dies is not None:
            self.unsure.setdefault(record, set()).update(self.texts.get(record, ()))

    def is_signed(self, record: str, number: str | None, revision: str) -> None:
        assert number
        self.numbers.add(number)
        self.keep(revision)
        body = json.loads(self.signed[revision])
        self.told[record] = body["answers"].get("narrative", "")
        self.texts[record] = {self.told[record]}
        self.unsure.pop(record, None)

    @chosen("told", which=WHICH, dies=DIES)
    def statement(self, which: int, dies: int | None) -> None:
        """A colleague adds what she saw, and signs."""
        record = self.one_signed(which)

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

    @chosen("whole", which=WHICH, dies=DIES)
    def call(self, which: int, dies: int | None) -> None:
        record = self.whole[which % len(self.whole)]
        self.deed(
            "dana",
            dies,
            lambda by: by.records.add_notice(record, notice_rows(by, record, self.school.ids)[0]),
        )

    @chosen("told", times=2, which=WHICH, back=st.sampled_from((True, False, False)), dies=DIES)
    def look_through(self, which: int, back: bool, dies: int | None) -> None:
        """Returned with a remark, or countersigned."""
        record = self.one_signed(which)
        if done := self.deed("tom", dies, lambda by: review(self.school, by, record, back=back)):
            self.keep(done.revision_id)

    def opened_again(self, by: Workspace, record: str, kind: str) -> None:
        happened = self.clock.now() - timedelta(hours=2) if kind == "late_entry" else None
        by.records.amend(record, "report", kind, WHY, happened)

    @chosen("told", which=WHICH, kind=KIND, dies=DIES)
    def amend(self, which: int, kind: str, dies: int | None) -> None:
        """A signed report is open again; whatever comes next may be typed into it."""
        record = self.one_signed(which)
        self.deed("dana", dies, lambda by: self.opened_again(by, record, kind))

    @chosen("told", which=WHICH, dies=DIES)
    def write_anew(self, which: int, dies: int | None) -> None:
        """Another record of the same event, which begins with what this one says."""
        record = self.one_signed(which)
        if len(self.records) < MOST_RECORDS and (
            made := self.deed("dana", dies, lambda by: by.records.write_anew(record))
        ):
            self.anew = True
            self.records.append(made)
            self.texts[made] = {self.who("dana").records.open(made).answers.get("narrative", "")}

    @chosen("told", which=WHICH, dies=DIES)
    def throw_away(self, which: int, dies: int | None) -> None:
        """What was typed into an open amendment, never what was signed."""
        record = self.one_signed(which)

        def discard(by: Workspace) -> bool:
            by.records.discard(record, "report")
            return True

        signed = {self.told[record]} | self.unsure.get(record, set())
        if self.deed("dana", dies, discard):
            self.texts[record] = signed
        elif dies is not None:
            self.texts[record] = self.texts.get(record, set()) | signed

    @chosen("told", which=WHICH, dies=DIES)
    def copy(self, which: int, dies: int | None) -> None:
        record = self.one_signed(which)
        made = self.deed("olga", dies, lambda by: by.copies.school_copy(record))
        if made and made.sealed:
            ca = self.who("olga").copies.school_ca_pem()
            assert verify(made.pdf, ca).kind == "genuine"
            self.copies[made.copy_id] = made.sha256

    @chosen(dies=DIES)
    def backup(self, dies: int | None) -> None:
        if len(self.backups) < 2 and (made := self.deed("tom", dies, lambda by: by.backups.make())):
            self.backups.add(made.name)

    @chosen()
    def crash(self) -> None:
        self.drop()

    @rule(deed=st.deferred(lambda: st.one_of(_deeds)))
    def live(self, deed: tuple[str, dict[str, Any]]) -> None:
        """One deed, if there is what it needs."""
        name, how = deed
        if not _needs[name] or getattr(self, _needs[name]):
            getattr(self, name)(**how)

    # --- what must be there ----------------------------------------------------------------------

    def keep(self, revision: str) -> None:
        with self.who("dana")._context.store.read() as session:
            self.signed[revision] = bytes(session.get_one(Revision, revision).body)

    @chosen()
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

    def depths(self) -> set[str]:
        """Which of `DEEP` this life came to, as the store itself tells."""
        kinds: dict[str, list[str]] = {}
        found = {"written anew"} if self.anew else set()
        with self.who("tom")._context.store.read() as session:
            for row in session.scalars(select(Revision).order_by(Revision.count)):
                body = json.loads(row.body)
                if row.part_key == "report":
                    kind = body.get("amends", {}).get("kind", "")
                    kinds.setdefault(row.record_id, []).append(kind)
                elif row.part_key == "review":
                    back = body["answers"]["review_result"] == "returned"
                    found.add("returned" if back else "countersigned")
        for first, *later in kinds.values():
            assert not first, "the first version amends nothing"
            found |= {"signed"} | ({"amended"} if later else set())
            found |= {"amended again"} if len(later) > 1 else set()
            found |= {"withdrawn"} if IN_ERROR in later else set()
            found |= {"withdrawn after an amendment"} if IN_ERROR in later[1:] else set()
            assert IN_ERROR not in later[:-1], "what was withdrawn is amended"
        return found

    def look_at_drafts(self) -> None:
        for record, texts in self.texts.items():
            told = self.who("dana").records.open(record).answers.get("narrative", "")
            assert told in texts, "what was saved is not there"
