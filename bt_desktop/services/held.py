"""Records that do not fit what was seen of them: open for reading only, until somebody decides.

What happened is said in plain words. An administrator looks into it, puts a backup back, or says
with password and reason that it is known: a signed entry, which this program takes for an answer
to exactly these heads and to none that is noted later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bt_desktop.models.faults import RecordsHeld
from bt_desktop.models.people import Staff
from bt_desktop.models.school import Account, Setting
from bt_desktop.security import anchors, audit, backup
from bt_desktop.security.anchors import AnchorFinding
from bt_desktop.security.keyfile import KeyFile, KeyFileStore
from bt_desktop.security.permissions import Action
from bt_desktop.security.vault import proven
from bt_desktop.services import held_log, trail_watch
from bt_desktop.services.announcing import announce_key
from bt_desktop.services.backups import FOLDER, listed
from bt_desktop.services.canonical import digest_of
from bt_desktop.services.context import Context
from bt_desktop.services.openings import tell_opening
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.problems import ReasonNeeded

LEAST_REASON = 15
"""Letters of a reason, as for breaking the glass (design/security.md §6)."""
_WORDS = "trail_accepted"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that does not fit: by which note (`source`, see `anchors.SOURCES`), noted when,
    up to which entry, how many are gone at least (0: not known); `detail` as `AnchorFinding`."""

    code: str
    source: str
    at: datetime | None
    seq: int
    lacking: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HeldReport:
    """What is said about it. `newest` is the newest entry that lies here, with its moment; `backup`
    the newest whole backup (name, when it was made, its newest entry)."""

    doubts: tuple[Doubt, ...]
    newest: tuple[int, datetime | None]
    backup: tuple[str, datetime, int] | None
    may_accept: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A loss that somebody said is known: who, when, in which words."""

    seq: int
    at: datetime
    by: str
    words: str


class HoldService:
    """Whether these records may only be read, why, and how that ends.

    `warnings` is what the sign-in found that does not fit and keeps nobody from writing.
    """

    def __init__(
        self,
        context: Context,
        findings: tuple[AnchorFinding, ...],
        check_password: Callable[[str], None],
    ) -> None:
        self._context = context
        self._findings = tuple(one for one in findings if one.holds)
        self.warnings = tuple(one for one in findings if not one.holds)
        self._check_password = check_password
        if self._findings:
            context.store.hold()

    @property
    def held(self) -> bool:
        """Whether the records may only be read."""
        return self._context.store.held

    @property
    def may_accept(self) -> bool:
        """Whether the signed-in person may say that it is known."""
        return self._context.may(Action.TRAIL_ACCEPT)

    @property
    def findings(self) -> tuple[AnchorFinding, ...]:
        """Why: the furthest of each kind and place; empty where nothing is held."""
        return self._findings

    def learn(self, findings: Iterable[AnchorFinding]) -> bool:
        """Something more was found (by the keyring, by the full check); whether the records may
        only be read from now on because of it."""
        with self._context.store.read() as session:
            known = trail_watch.accepted(session)
        new = tuple(
            one
            for one in findings
            if one.holds
            and one not in self._findings
            and not any(each.covers(one) for each in known)
        )
        if new:
            self._findings = (*self._findings, *new)
            self._context.store.hold()
        return bool(new)

    def report(self) -> HeldReport:
        """What happened and what there is. Reads the folder of the backups."""
        with self._context.store.read() as session:
            head = audit.head(session)
            last = audit.entries(session, limit=1)
        found = [
            Doubt(one.code, one.source, one.at, one.seq, one.lacking, one.detail)
            for one in self._findings
        ]
        found.sort(key=lambda one: (-one.lacking, one.seq))
        newest = (head.seq, last[0].at if last else None)
        return HeldReport(tuple(found), newest, self._newest_backup(), self.may_accept)

    def _newest_backup(self) -> tuple[str, datetime, int] | None:
        for one in listed(self._context.folder / FOLDER):
            if not one.damaged:
                seq = backup.read_manifest(one.folder).head.seq
                return one.name, one.made_at, seq
        return None

    def known(self) -> tuple[Known, ...]:
        """What was said to be known before, oldest first. Raises Denied."""
        self._context.require(Action.LOG_VERIFY)
        with self._context.store.read() as session:
            row = session.get(Setting, _WORDS)
            return tuple(
                Known(
                    int(one["seq"]), datetime.fromisoformat(one["at"]),
                    _name(session, str(one["by"])), str(one["words"]),
                )
                for one in (row.value if row is not None else ())
            )  # fmt: skip

    # --- the end of it -------------------------------------------------------------------------

    def accept(self, password: str, reason: str) -> None:
        """Say that this is known: from now on the records can be written again. Slow.

        The key file goes on to a new edition first: what is noted from now on is told by that from
        what is known now. Raises Denied, ReasonNeeded, StorageFull, StorageReadOnly, and as
        `access.unlock` for the password.
        """
        context = self._context
        context.require(Action.TRAIL_ACCEPT)
        words = " ".join(reason.split())
        if len(words) < LEAST_REASON:
            raise ReasonNeeded(LEAST_REASON)
        self._check_password(password)
        edition = self._next_edition()
        context.store.release()
        try:
            with context.store.write() as session:
                last = audit.head(session).seq  # before a new key of this person is told
                announce_key(session, context.keys, context.clock)
                entry = self._tell(session, last, edition, words)
        except BaseException:
            context.store.hold()
            raise
        self._findings = ()
        anchors.note(
            context.folder / anchors.FILE_NAME, audit.Head(entry.seq, entry.hash), edition,
            context.clock.now(), context.keys.sub_key(anchors.MAC_PURPOSE), verified=True,
        )  # fmt: skip
        take_in(context)

    def _next_edition(self) -> int:
        """Above every edition that was noted."""
        context = self._context
        noted = trail_watch.highest(context.folder, context.keys).edition
        highest = max([noted, *(one.edition for one in self._findings)])

        def raised(now: KeyFile) -> KeyFile:
            return replace(now, edition=max(now.edition, highest))

        file = KeyFileStore(context.folder).change(proven(context.keys, raised))
        context.keys.edition = file.edition
        return file.edition

    def _tell(self, session: Session, last: int, edition: int, words: str) -> audit.Entry:
        context = self._context
        gone = [one.seq for one in self._findings if one.code != "trail-broken"]
        broken = next((one for one in self._findings if one.code == "trail-broken"), None)
        differs = [one.seq - 1 for one in self._findings if one.code == "history-differs"]
        now = context.clock.now()
        counts = {
            "after": min([last, *differs]),
            "until": max(gone, default=0),
            "edition": edition,
        }
        if broken is not None:
            counts["broken"] = broken.seq
        said = {"by": context.actor.user_id, "at": now.isoformat(), "words": words}
        entry = context.note(
            session, trail_watch.ACCEPTED, "vault", digest=digest_of([counts, said]),
            reason=broken.detail if broken is not None else "known", counts=counts,
        )  # fmt: skip
        trail_watch.remember(session, entry)
        row = session.get(Setting, _WORDS)
        before = list(row.value) if row is not None else []
        session.merge(Setting(name=_WORDS, value=[*before, said | {"seq": entry.seq}]))
        return entry


def _name(session: Session, user_id: str) -> str:
    account = session.get(Account, user_id)
    staff = session.get(Staff, account.staff_id) if account is not None else None
    return whole_name(staff) if staff is not None else user_id


def take_in(context: Context) -> int:
    """Tell the trail what this person looked at while nothing could be written; how many looks.

    Raises StorageFull, StorageReadOnly, RecordsHeld: then the lines lie where they were.
    """
    if context.store.held:
        raise RecordsHeld
    me, mine, kept = context.actor.user_id, [], []
    for line, told in held_log.lines(context.folder, context.keys):
        if told is not None and _by(told) == me:
            mine.append(told)
        else:
            kept.append(line)
    if not mine:
        return 0
    with context.store.write() as session:
        for told in mine:
            if told["kind"] == "opening":
                rows = held_log.rows_of(session, told)
                if rows:
                    tell_opening(context, session, rows)
            else:
                at = int(datetime.fromisoformat(told["at"]).timestamp())
                context.note(
                    session, told["action"], told["object"], version=told["version"],
                    digest=told["digest"], reason=told["reason"],
                    counts=told["counts"] | {"held_at": at},
                )  # fmt: skip
    held_log.keep_only(context.folder, kept)
    return len(mine)


def _by(told: dict[str, object]) -> str:
    if told["kind"] == "opening":
        rows: list[dict[str, str]] = told["rows"]  # type: ignore[assignment]  # as `opening_line`
        return rows[0]["user_id"]
    return str(told["user"])
