"""Whether the records are what was seen of them before: looked at when somebody signs in.

Heads noted outside the database are compared with its trail, and what came since the head that was
verified last is verified: a day's entries in a few hundredths of a second. The whole trail with
every signed part is looked at once a week (docs/decisions/0030).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.errors import KnownError
from bt_desktop.models.audit import AuditEntry, AuditKey
from bt_desktop.models.school import Setting
from bt_desktop.security import anchors, audit, backup
from bt_desktop.security.anchors import Accepted, Anchor, AnchorFinding, Anchors
from bt_desktop.security.audit import Entry, Head
from bt_desktop.security.keyfile import KeyFileStore
from bt_desktop.security.keys import Keys, hkdf, key_id
from bt_desktop.services import closed, key_owed
from bt_desktop.services.backups import FOLDER
from bt_desktop.services.closed import Lies

ACCEPTED = "trail.accepted"
"""This entry and that of a restore say which heads are known to be of entries that are gone."""
VERIFIED = "trail.verified"
"""The entry of a full check: how many entries, and what was found."""
WEEK = timedelta(days=7)
MOST_AT_SIGN_IN = 400
"""Entries verified while somebody waits (about 0.1 s); what is before waits for the full check."""
FILE_CHANGED = "file-changed"
"""Something in the file is not as it was closed, and no entry need be wrong: people, a draft."""
KEY_FILE_REPAIRED = "key-file-repaired"
"""The key file was damaged, gone or changed by another hand; its copy took its place."""
_LINES = 500
_HINT = "trail_entries"
_FAR_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking at the trail found. `verified` is how far it holds, where that reaches back to
    what was verified before; `checked` how many entries were looked at; `compared` whether the file
    was held against how it was closed."""

    findings: tuple[AnchorFinding, ...]
    checked: int = 0
    verified: Head | None = None
    compared: bool = False

    @property
    def held(self) -> bool:
        """Whether the records may only be read because of it."""
        return any(one.holds for one in self.findings)


def look(session: Session, folder: Path, keys: Keys, lies: Lies | None = None) -> Looked:
    """Compare with what was noted, then verify what is new since the last time.

    `lies` is the file as it lay there before it was opened; None: not looked at.
    """
    noted = _noted(session, folder, keys, lines=_LINES)
    known = accepted(session)
    findings = anchors.compare(
        session, noted.known, edition=keys.edition, odd=noted.odd, accepted=known
    )
    if any(one.holds for one in findings):
        return Looked(findings)
    start, whole = _start(session, noted.verified)
    verdict = audit.verify(session, vault_id=keys.vault_id, since=start)
    if not verdict.holds:
        broken = broken_at(verdict.first_bad or 0, verdict.reason or "")
        if not any(one.covers(broken) for one in known):
            findings = (broken, *findings)
        return Looked(findings, verdict.checked)
    fits = closed.fits(session, folder, keys, lies)
    if fits is False:
        altered = broken_at(verdict.head.seq, FILE_CHANGED)
        if not any(one.covers(altered) for one in known):
            return Looked((altered, *findings), verdict.checked, compared=True)
    return Looked(findings, verdict.checked, verdict.head if whole else None, fits is not None)


def broken_at(seq: int, detail: str) -> AnchorFinding:
    """The records do not agree with their trail, from that entry on."""
    return AnchorFinding("trail-broken", seq, "chain", detail=detail)


def compare_all(session: Session, folder: Path, keys: Keys) -> tuple[AnchorFinding, ...]:
    """What does not fit with any head that was ever noted in the vault's folder."""
    noted = _noted(session, folder, keys, lines=None)
    return anchors.compare(
        session, noted.known, edition=keys.edition, odd=noted.odd, accepted=accepted(session)
    )


def _start(session: Session, verified: Head | None) -> tuple[Head | None, bool]:
    """From where to verify, and whether all from the head verified last is looked at by that."""
    newest = audit.head(session).seq
    least = newest - MOST_AT_SIGN_IN
    if verified is not None and verified.seq >= least:
        return verified, True
    if least <= 0:
        return None, True
    row = session.get_one(AuditEntry, least)
    return Head(row.seq, row.hash.hex()), False


def _noted(session: Session, folder: Path, keys: Keys, *, lines: int | None) -> Anchors:
    mac_key, former = keys.sub_key(anchors.MAC_PURPOSE), _former(session, keys)
    beside = anchors.read(folder / anchors.FILE_NAME, mac_key, former, newest_lines=lines)
    backups = anchors.read(
        folder / FOLDER / anchors.FILE_NAME, mac_key, former, source="backup", newest_lines=lines
    )
    known = (*beside.known, *backups.known, *_manifest(session, folder / FOLDER))
    gone = not os.path.lexists(folder / anchors.FILE_NAME) and _were_signed_in(session)
    # Lines beside the backups that are not ours: a restore brought an older database key back.
    return Anchors(known, beside.odd + gone, beside.verified)


def _were_signed_in(session: Session) -> bool:
    """Whether somebody had signed in twice before: each time, a line is added to `anchors.log`.

    After the entry of the sign-in, so that a kill in the middle of the first one leaves no file.
    """
    told = b'"action":"sign_in"'
    wanted = select(AuditEntry.seq).where(func.instr(AuditEntry.body, told)).limit(2)
    return len(session.scalars(wanted).all()) == 2


def _former(session: Session, keys: Keys) -> tuple[bytes, ...]:
    """What checks lines that were written under database keys of before."""
    former = key_owed.former_anchor_keys(session)
    if keys.previous_key is None:
        return former
    return (*former, hkdf(keys.previous_key, keys.vault_id, anchors.MAC_PURPOSE))  # cut short


@dataclass(frozen=True, slots=True)
class Highest:
    """The newest entry and the newest key file that were noted in a vault's folder; 0: none."""

    seq: int
    edition: int


def highest(folder: Path, keys: Keys) -> Highest:
    """How far these records are known to have been, by the notes beside them."""
    mac_key = keys.sub_key(anchors.MAC_PURPOSE)
    paths = (folder / anchors.FILE_NAME, folder / FOLDER / anchors.FILE_NAME)
    known = [one for path in paths for one in anchors.read(path, mac_key).known]
    return Highest(
        max(map(anchors.furthest, paths)), max((one.edition for one in known), default=0)
    )


def _manifest(session: Session, folder: Path) -> tuple[Anchor, ...]:
    """The head that the newest backup tells of, where it was signed by one of the people here.

    A stranger's backup says nothing: else anybody could keep a school from writing.
    """
    with suppress(OSError):
        names = sorted((one for one in folder.iterdir() if backup.told_by(one.name)), reverse=True)
        for name in names[:1]:
            with suppress(KnownError):
                told = backup.read_manifest(name)
                signer = session.get(AuditKey, key_id(told.signer))
                if signer is not None and signer.public == told.signer:
                    edition = KeyFileStore(name).peek().edition
                    return (Anchor(told.head, edition, "backup", told.made_at),)
    return ()


def second_place(session: Session, place: Path, keys: Keys) -> tuple[AnchorFinding, ...]:
    """What does not fit with the heads noted at the second place, where that can be read."""
    noted = anchors.read(
        place / anchors.FILE_NAME, keys.sub_key(anchors.MAC_PURPOSE), _former(session, keys),
        source="second", newest_lines=_LINES,
    )  # fmt: skip
    return anchors.compare(session, noted.known, edition=keys.edition, accepted=accepted(session))


# --- what the trail itself says ------------------------------------------------------------------


def accepted(session: Session, *actions: str) -> tuple[Accepted, ...]:
    """What an administrator said is known, by a restore or in so many words (`actions`: only by
    these entries)."""
    return tuple(
        Accepted(
            one.counts.get("after", 0),
            one.counts.get("until", 0),
            one.counts.get("edition", 0),
            (one.counts["broken"], one.reason or "") if "broken" in one.counts else None,
        )
        for one in _told(session, *(actions or (ACCEPTED, anchors.RESTORED)))
    )


def last_full(session: Session) -> Entry | None:
    """The entry of the last full check that found nothing, or of none."""
    told = [one for one in _told(session, VERIFIED) if one.reason == "holds"]
    return max(told, key=lambda one: one.seq, default=None)


def full_due(session: Session, now: datetime) -> bool:
    """Whether the whole trail was not looked at for a week (a moment to come counts for none)."""
    last = last_full(session)
    return last is None or not now - WEEK < last.at < now + _FAR_AHEAD


def remember(session: Session, entry: Entry) -> None:
    """Note where in the trail such an entry stands, so that it is found without reading all.

    Only a hint: what counts is the signed entry. Of full checks the newest is enough.
    """
    row = session.get(Setting, _HINT)
    seqs = dict(row.value) if row is not None else {}
    before = [] if entry.action == VERIFIED else seqs.get(entry.action, [])
    seqs[entry.action] = [*before, entry.seq]
    session.merge(Setting(name=_HINT, value=seqs))


def _told(session: Session, *actions: str) -> Iterable[Entry]:
    row = session.get(Setting, _HINT)
    hint = dict(row.value) if row is not None else {}
    for action in actions:
        for seq in hint.get(action, []):
            entry = audit.entry_at(session, int(seq))
            if entry is not None and entry.action == action:
                yield entry
