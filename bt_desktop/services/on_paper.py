"""What a printed copy knows of the audit trail: its head on that day, held against today's trail.

Paper that lies in a parent's drawer cannot be put back with the database. The head stands in the
mark of a sealed PDF and in the square code of a print (design/security.md §3.3). The code is not
signed: it proves what it says by the hash alone, which nobody can guess. A paper that is of no
record (of the health office, the access log) bears a shorter code: the trail's head alone.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.errors import KnownError
from bt_desktop.models.copies import Copy
from bt_desktop.models.records import Record
from bt_desktop.models.school import SchoolSeal
from bt_desktop.security import anchors, audit
from bt_desktop.security.anchors import Anchor
from bt_desktop.security.audit import Head
from bt_desktop.services import trail_watch

Kind = Literal["fits", "known", "older", "other", "not_ours"]
_CODE = re.compile(
    r"BTD1\|(?:(?P<number>[A-Z0-9-]{1,40})\|)?SEQ=(?P<seq>[0-9]{1,12})\|HEAD=(?P<head>[A-Z2-7]{52})"
    r"\|(?(number)REC=(?P<record>[A-Z2-7]{52})\|)K=(?P<school>[0-9a-f]{16})\Z"
)


class NoSquareCode(KnownError):
    """What was given is not the text of a square code of ours."""

    def __init__(self) -> None:
        super().__init__(
            "no-square-code", "This is not the text of a square code of ours.",
            "Scan it again: it begins with BTD1 and has four parts, or six on a record's copy.",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SquareCode:
    """What a square code says: record, head of the trail, the record's digest (hex), the first 16
    hex digits of the school's certificate's fingerprint. Number and digest are blank on a paper
    that is of no record."""

    number: str
    head: Head
    record_digest: str
    school: str


@dataclass(frozen=True, slots=True)
class OnPaper:
    """How the trail stands to a copy made at entry `seq`; `newest` is the newest entry here.

    fits: that entry is here as it was · known: it is gone, and somebody said so · older: the
    records here are older than the copy · other: that entry is another one · not_ours.
    """

    kind: Kind
    seq: int
    newest: int
    sentence: str
    remedy: str

    @property
    def is_fine(self) -> bool:
        """Nothing speaks against these records."""
        return self.kind == "fits"


def read_code(text: str) -> SquareCode:
    """The parts of a scanned code; blanks and line ends do not matter. Raises NoSquareCode."""
    match = _CODE.match("".join(text.split()))
    if match is None:
        raise NoSquareCode
    try:
        head, record = (_hex(match[name] or "") for name in ("head", "record"))
    except binascii.Error:
        raise NoSquareCode from None
    return SquareCode(match["number"] or "", Head(int(match["seq"]), head), record, match["school"])


def _hex(text: str) -> str:
    return base64.b32decode(text + "====").hex() if text else ""


def trail_code(head: Head, ca_pem: bytes) -> str:
    """The square code of a paper that is of no record; `ca_pem` is the school's certificate."""
    return f"BTD1|{head_part(head)}|K={school_part(ca_pem)}"


def head_part(head: Head) -> str:
    """The head of the trail as a square code holds it."""
    return f"SEQ={head.seq}|HEAD={base32(head.hash)}"


def base32(digest: str) -> str:
    """A digest (hex) as a square code holds it."""
    return base64.b32encode(bytes.fromhex(digest)).decode("ascii").rstrip("=")


def school_part(ca_pem: bytes) -> str:
    """The beginning of the fingerprint of a school's certificate: 16 hex digits."""
    from cryptography import x509  # deferred: only a code that is made or compared needs it
    from cryptography.hazmat.primitives.hashes import SHA256

    return x509.load_pem_x509_certificate(ca_pem).fingerprint(SHA256()).hex()[:16]


def head_on_paper(session: Session, seen: Head) -> OnPaper:
    """The head that a genuine copy bears, held against the trail."""
    newest = audit.head(session).seq
    paper = (Anchor(seen, 0, "paper"),)
    found = anchors.compare(session, paper, edition=0)
    if not found:
        return OnPaper(
            "fits", seen.seq, newest, "The trail has that entry, as it was when the copy was made.",
            "",
        )  # fmt: skip
    said = trail_watch.accepted(session)
    if not anchors.compare(session, paper, edition=0, accepted=said):
        return OnPaper(
            "known", seen.seq, newest,
            "The copy was made from entries that are gone since a backup was put back, or an "
            "administrator said that their loss is known.",
            "The copy itself stands; what it shows may be missing in the records.",
        )  # fmt: skip
    if seen.seq > newest:
        gone = seen.seq - newest
        return OnPaper(
            "older", seen.seq, newest,
            f"These records are older than the copy: it was made at entry {seen.seq:,}, and the "
            f"newest here is {newest:,}. At least {gone:,} are missing.",
            "Change nothing. An administrator looks into it, and puts the newest backup back.",
        )  # fmt: skip
    return OnPaper(
        "other", seen.seq, newest,
        f"The history of these records is not the one the copy was made from: entry {seen.seq:,} "
        "is another one.",
        "Change nothing. An administrator looks into it; keep this copy.",
    )  # fmt: skip


def code_on_paper(session: Session, code: SquareCode) -> OnPaper:
    """As `head_on_paper`, of a scanned code, which must be of this school and, where it names a
    record, of a copy of ours."""
    newest = audit.head(session).seq
    if code.school not in _schools(session):
        return OnPaper(
            "not_ours", code.head.seq, newest, "The square code is not of this school.",
            "Ask whoever gave it to you where it came from.",
        )  # fmt: skip
    told = head_on_paper(session, code.head)
    if not told.is_fine or (code.number and _copied(session, code)):
        return told
    if not code.number:
        return replace(
            told,
            sentence="The trail has that entry, as it was when the paper was printed.",
            remedy="The code names no record: it tells nothing of what stands on the paper.",
        )
    return OnPaper(
        "not_ours", code.head.seq, newest,
        "The trail has that entry, but no copy of that record as the code says was ever made.",
        "The code was put together from parts of others. Do not rely on the paper.",
    )  # fmt: skip


def _schools(session: Session) -> set[str]:
    return {school_part(pem) for pem in session.scalars(select(SchoolSeal.ca_cert_pem))}


def _copied(session: Session, code: SquareCode) -> bool:
    wanted = select(Copy.id).join(Record, Record.id == Copy.record_id)
    wanted = wanted.where(Record.number == code.number, Copy.record_digest == code.record_digest)
    return session.scalar(wanted.limit(1)) is not None
