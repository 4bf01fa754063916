"""Heads of the audit trail noted outside the database, so that putting an old one back is seen.

Neither the chain nor the encryption can tell that last week's whole database was restored, or
that its newest pages were cut off. Whoever noted a newer head can: the keyring, `anchors.log`
beside the database, the number printed on every copy.
"""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop.models.audit import AuditEntry
from bt_desktop.security.atomic import storage_errors
from bt_desktop.security.audit import Head
from bt_desktop.security.audit import head as newest

FILE_NAME = "anchors.log"
MAC_PURPOSE = "anchors"
RESTORED = "backup.restored"
"""The entry that an administrator signs when a backup takes the place of the records."""
_LINE = re.compile(
    r"v1 (?P<seq>[0-9]{1,15}) (?P<hash>[0-9a-f]{64}) (?P<edition>[0-9]{1,15}) "
    r"(?P<at>[0-9T:+.-]{20,40}) (?P<mac>[0-9a-f]{32})\Z"
)
_AT_ONCE = 500
_MARK = 16


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was seen: by whom (`source`: file, keyring, paper) and with which key file."""

    head: Head
    edition: int
    source: str


@dataclass(frozen=True, slots=True)
class Restore:
    """A restore that the trail tells of: the number of its entry, and a mark of which it is."""

    seq: int
    mark: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the file holds; `odd` counts lines that are not ours (a torn last one is not odd)."""

    known: tuple[Anchor, ...]
    odd: int = 0


@dataclass(frozen=True, slots=True)
class AnchorFinding:
    """Something that does not fit. Codes:

    database-older: entries that were there are gone · history-differs: an entry is another one ·
    key-file-older: an older key file was put back · anchors-altered: lines of the file are not ours
    · emergency-key-changed: what notes of the locked screen are sealed to (`emergency`) ·
    saves-missing: saves that the trail does not tell of are gone (`watermark`)
    """

    code: str
    seq: int
    source: str


def _mac(mac_key: bytes, text: str) -> str:
    return hmac.new(mac_key, b"bt-anchor-v1\0" + text.encode("ascii"), "sha256").hexdigest()[:32]


def note(path: Path, seen: Head, edition: int, at: datetime, mac_key: bytes) -> None:
    """Add a line for `seen`, on the disk before this returns; nothing is ever overwritten.

    `mac_key` is the vault's sub-key for `MAC_PURPOSE`. Raises StorageFull, StorageReadOnly.
    """
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    text = f"v1 {seen.seq} {seen.hash} {edition} {moment}"
    line = f"{text} {_mac(mac_key, text)}\n".encode("ascii")
    with storage_errors():
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab+") as out:
            if _torn(path):
                line = b"\n" + line
            out.write(line)
            out.flush()
            os.fsync(out.fileno())


def _torn(path: Path) -> bool:
    """Does the file end in the middle of a line (a kill while writing)?"""
    with path.open("rb") as source:
        size = source.seek(0, os.SEEK_END)
        if not size:
            return False
        source.seek(-1, os.SEEK_END)
        return source.read(1) != b"\n"


def read(path: Path, mac_key: bytes, former: Collection[bytes] = ()) -> Anchors:
    """The anchors in the file, oldest first; none when there is no file.

    `former` are the sub-keys of database keys of before: a line keeps the check of its own time.
    """
    try:
        text = path.read_text("ascii", errors="replace")
    except FileNotFoundError:
        return Anchors(())
    known: list[Anchor] = []
    odd = 0
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            odd += not _may_be_torn(line)
        elif any(_is_by(key, line, match["mac"]) for key in (mac_key, *former)):
            head = Head(int(match["seq"]), match["hash"])
            known.append(Anchor(head, int(match["edition"]), "file"))
        else:
            odd += 1
    return Anchors(tuple(known), odd)


def _is_by(mac_key: bytes, line: str, mac: str) -> bool:
    return hmac.compare_digest(mac, _mac(mac_key, line.rpartition(" ")[0]))


def _may_be_torn(line: str) -> bool:
    """The beginning of one of our lines, cut off by a kill while it was written."""
    return "v1 ".startswith(line[:3]) and not line.isspace() and len(line) < 150


def compare(
    session: Session, anchors: Iterable[Anchor], *, edition: int, odd: int = 0
) -> tuple[AnchorFinding, ...]:
    """What does not fit between the database and the heads that were seen, worst first.

    `edition` is that of the key file in use. An empty answer means: nothing speaks against it.
    """
    seen = list(anchors)
    head = newest(session)
    findings = [
        AnchorFinding("database-older", anchor.head.seq, anchor.source)
        for anchor in seen
        if anchor.head.seq > head.seq
    ]
    hashes = _hashes(session, {anchor.head.seq for anchor in seen if anchor.head.seq})
    findings += [
        AnchorFinding("history-differs", anchor.head.seq, anchor.source)
        for anchor in seen
        if hashes.get(anchor.head.seq, anchor.head.hash) != anchor.head.hash
    ]
    findings += [
        AnchorFinding("key-file-older", anchor.head.seq, anchor.source)
        for anchor in seen
        if anchor.edition > edition
    ]
    if odd:
        findings.append(AnchorFinding("anchors-altered", head.seq, "file"))
    return _one_each(findings)


def restores(session: Session) -> tuple[Restore, ...]:
    """The entries that tell of a restore, oldest first.

    Each is signed by the administrator who did it; that the signatures hold, `audit.verify` tells.
    """
    told = f'"action":"{RESTORED}"'.encode("ascii")
    wanted = select(AuditEntry).where(func.instr(AuditEntry.body, told) > 0)
    return tuple(
        Restore(row.seq, row.hash.hex()[:_MARK])
        for row in session.scalars(wanted.order_by(AuditEntry.seq))
        if json.loads(row.body)["action"] == RESTORED
    )


def explained(
    finding: AnchorFinding, restored: Iterable[Restore], known: Collection[str] = ()
) -> bool:
    """Whether a restore that the trail tells of accounts for a finding.

    It cut the history off and went on from its own entry: so a head of that number or a later one
    may be gone or another. What was noted before it must still be there as it was. `known` are the
    marks of the restores that had happened when the head was noted: they account for nothing.
    """
    numbers = [one.seq for one in restored if one.mark not in known]
    if finding.code in ("database-older", "history-differs"):
        return any(seq <= finding.seq for seq in numbers)
    if finding.code == "key-file-older":  # the key file came back with the backup
        return any(seq <= finding.seq + 1 for seq in numbers)
    return False


def _one_each(findings: Iterable[AnchorFinding]) -> tuple[AnchorFinding, ...]:
    """The furthest finding of each kind and source."""
    furthest: dict[tuple[str, str], AnchorFinding] = {}
    for finding in findings:
        before = furthest.get((finding.code, finding.source))
        if before is None or finding.seq > before.seq:
            furthest[(finding.code, finding.source)] = finding
    return tuple(furthest.values())


def _hashes(session: Session, wanted: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    numbers = sorted(wanted)
    for at in range(0, len(numbers), _AT_ONCE):
        some = numbers[at : at + _AT_ONCE]
        rows = session.execute(
            select(AuditEntry.seq, AuditEntry.hash).where(AuditEntry.seq.in_(some))
        )
        found.update((row.seq, row.hash.hex()) for row in rows)
    return found
