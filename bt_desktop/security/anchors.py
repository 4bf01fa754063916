"""Heads of the audit trail noted outside the database, so that putting an old one back is seen.

Neither the chain nor the encryption can tell that last week's whole database was restored, or
that its newest pages were cut off. Whoever noted a newer head can: the keyring, `anchors.log`
beside the database and beside its backups, a backup's manifest, the number printed on every copy.

A line `v1` is a head that was seen. A line `c1` is a head up to which the chain was verified: the
next sign-in looks at what came after it (docs/decisions/0030).
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
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
    r"(?P<kind>v1|c1) (?P<seq>[0-9]{1,15}) (?P<hash>[0-9a-f]{64}) (?P<edition>[0-9]{1,15}) "
    r"(?P<at>[0-9T:+.-]{20,40}) (?P<mac>[0-9a-f]{32})\Z"
)
_AT_ONCE = 500
_MARK = 16
_LONGEST_LINE = 160
SOURCES = ("file", "backup", "second", "keyring", "paper", "chain")
"""Where a head was noted: beside the database, beside its backups, at the second place, in this
computer's keyring, on a printed copy; `chain` is the trail itself, which does not hold."""
HOLDING = ("database-older", "history-differs", "trail-broken")
"""Findings with which the records open for reading only."""
WARNING = ("key-file-older", "anchors-altered", "saves-missing")
"""Findings that are told, and keep nobody from writing."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was seen: where (`SOURCES`), with which key file, when (UTC; None: not known)."""

    head: Head
    edition: int
    source: str
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Restore:
    """A restore that the trail tells of: the number of its entry, and a mark of which it is."""

    seq: int
    mark: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the file holds; `odd` counts lines that are not ours (a torn last one is not odd).

    `verified` is the newest head up to which the chain was looked at and held.
    """

    known: tuple[Anchor, ...]
    odd: int = 0
    verified: Head | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an administrator said is known: heads above `after`, up to `until`, are of entries that
    are gone, as far as they were noted with an older key file than `edition`. `broken`: the entry
    at which the records do not agree with their trail, and how (`AnchorFinding.detail`)."""

    after: int
    until: int
    edition: int
    broken: tuple[int, str] | None = None

    def covers(self, finding: AnchorFinding) -> bool:
        """Whether this finding is known."""
        if finding.code == "trail-broken":
            return self.broken == (finding.seq, finding.detail)
        return self.after < finding.seq <= self.until and finding.edition < self.edition


@dataclass(frozen=True, slots=True)
class AnchorFinding:
    """Something that does not fit. Codes:

    database-older: entries that were there are gone · history-differs: an entry is another one ·
    key-file-older: an older key file was put back · anchors-altered: lines of the file are not ours
    · emergency-key-changed: what notes of the locked screen are sealed to (`emergency`) ·
    saves-missing: saves that the trail does not tell of are gone (`watermark`) · trail-broken: the
    records do not agree with their trail at that entry

    `at` is when the head was noted, `edition` with which key file, `lacking` how many entries are
    gone at least; `detail` of a broken trail is the code of `audit.verify` or of
    `integrity.first_fault` (then with number 0 for a row that has no entry).
    """

    code: str
    seq: int
    source: str
    at: datetime | None = field(default=None, compare=False)
    edition: int = field(default=0, compare=False)
    lacking: int = field(default=0, compare=False)
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the records open for reading only because of it."""
        return self.code in HOLDING


def _mac(mac_key: bytes, text: str) -> str:
    return hmac.new(mac_key, b"bt-anchor-v1\0" + text.encode("ascii"), "sha256").hexdigest()[:32]


def note(
    path: Path, seen: Head, edition: int, at: datetime, mac_key: bytes, *, verified: bool = False
) -> None:
    """Add a line for `seen`, on the disk before this returns; nothing is ever overwritten.

    `verified`: the chain was looked at up to there, and held. `mac_key` is the vault's sub-key for
    `MAC_PURPOSE`. Raises StorageFull, StorageReadOnly.
    """
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    text = f"{'c1' if verified else 'v1'} {seen.seq} {seen.hash} {edition} {moment}"
    line = f"{text} {_mac(mac_key, text)}\n".encode("ascii")
    with storage_errors(names=True):
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
        return source.read() != b"\n"


def read(
    path: Path,
    mac_key: bytes,
    former: Collection[bytes] = (),
    *,
    source: str = "file",
    newest_lines: int | None = None,
) -> Anchors:
    """The anchors in the file, oldest first; none when there is no file. One that cannot be read
    counts as one odd line.

    `former` are the sub-keys of database keys of before: a line keeps the check of its own time.
    `newest_lines`: at most about so many of its end. The chain binds what is older, so that a
    sign-in need not look at years of lines.
    """
    try:
        text = _text(path, newest_lines)
    except FileNotFoundError:
        return Anchors(())
    except OSError:
        return Anchors((), odd=1)
    known: list[Anchor] = []
    odd = 0
    verified: Head | None = None
    for line in text.splitlines():
        whole = _written(line)
        match = _LINE.match(whole)
        if match is None:
            odd += not (whole != line or _may_be_torn(line))
        elif any(_is_by(key, whole, match["mac"]) for key in (mac_key, *former)):
            head = Head(int(match["seq"]), match["hash"])
            known.append(Anchor(head, int(match["edition"]), source, _moment(match["at"])))
            if match["kind"] == "c1":
                verified = head
        else:
            odd += 1
    return Anchors(tuple(known), odd, verified)


def furthest(path: Path) -> int:
    """The highest number on any line, whoever wrote it: to say what a restore cut off. Lines of a
    database key that came later cannot be checked; that an edition bounds it makes up for it."""
    try:
        lines = _text(path, None).splitlines()
    except OSError:
        return 0
    found = (_LINE.match(_written(line)) for line in lines)
    return max((int(match["seq"]) for match in found if match), default=0)


def _text(path: Path, newest_lines: int | None) -> str:
    with path.open("rb") as source:
        size = source.seek(0, os.SEEK_END)
        start = 0 if newest_lines is None else max(0, size - newest_lines * _LONGEST_LINE)
        source.seek(start)
        data = source.read()
    if start:
        data = data.partition(b"\n")[2]
    return data.decode("ascii", errors="replace")


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_by(mac_key: bytes, line: str, mac: str) -> bool:
    return hmac.compare_digest(mac, _mac(mac_key, line.rpartition(" ")[0]))


def _written(line: str) -> str:
    """What stands after the zeros that a power cut leaves of a line that did not reach the disk."""
    return line.rpartition("\0")[2]


def _may_be_torn(line: str) -> bool:
    """The beginning of one of our lines, cut off by a kill while it was written."""
    begins = any(kind.startswith(line[:3]) for kind in ("v1 ", "c1 "))
    return begins and len(line) < 150


def compare(
    session: Session,
    anchors: Iterable[Anchor],
    *,
    edition: int,
    odd: int = 0,
    accepted: Iterable[Accepted] = (),
) -> tuple[AnchorFinding, ...]:
    """What does not fit between the database and the heads that were seen, worst first.

    `edition` is that of the key file in use; what was `accepted` is left out. An empty answer
    means: nothing speaks against it.
    """
    seen = list(anchors)
    head = newest(session)
    findings = [
        _finding("database-older", anchor, anchor.head.seq - head.seq)
        for anchor in seen
        if anchor.head.seq > head.seq
    ]
    hashes = _hashes(session, {anchor.head.seq for anchor in seen if anchor.head.seq})
    findings += [
        _finding("history-differs", anchor)
        for anchor in seen
        if hashes.get(anchor.head.seq, anchor.head.hash) != anchor.head.hash
    ]
    known = tuple(accepted)
    findings = [one for one in findings if not any(each.covers(one) for each in known)]
    findings += [_finding("key-file-older", anchor) for anchor in seen if anchor.edition > edition]
    if odd:
        findings.append(AnchorFinding("anchors-altered", head.seq, "file"))
    return _one_each(findings)


def restores(session: Session) -> tuple[Restore, ...]:
    """The entries that tell of a restore, oldest first.

    Each is signed by the administrator who did it; that the signatures hold, `audit.verify` tells.
    A body is spelled in one way only, and no text in it has a quotation mark that is not escaped.
    """
    told = f'"action":"{RESTORED}"'.encode("ascii")
    wanted = select(AuditEntry).where(func.instr(AuditEntry.body, told))
    return tuple(
        Restore(row.seq, row.hash.hex()[:_MARK])
        for row in session.scalars(wanted.order_by(AuditEntry.seq))
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


def _finding(code: str, anchor: Anchor, lacking: int = 0) -> AnchorFinding:
    return AnchorFinding(code, anchor.head.seq, anchor.source, anchor.at, anchor.edition, lacking)


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
