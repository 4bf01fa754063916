"""What a copy says of itself inside the PDF: record, copy, digest and the audit chain's head.

The marks stand in the document information as entries of our own, never with a name. They are
under the seal like every other byte, so of a genuine copy they can be believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_DATE = re.compile(r"D:(\d{14})(?:Z|([+-])(\d\d)'(\d\d)'?)")


@dataclass(frozen=True, slots=True)
class Marks:
    """The entries; a draft or a blank form has few of them."""

    record_number: str | None = None
    copy_number: int | None = None
    record_digest: str | None = None
    audit_head: str | None = None
    audit_seq: int | None = None

    def entries(self) -> dict[str, str]:
        """As written in the document information, in this order; what is not known is left out."""
        found = {
            "BTRecord": self.record_number,
            "BTCopy": self.copy_number,
            "BTDigest": self.record_digest,
            "BTHead": self.audit_head,
            "BTSeq": self.audit_seq,
        }
        return {key: str(value) for key, value in found.items() if value not in (None, "")}


def unescape(literal: bytes) -> str:
    """The text of a PDF literal string of Latin-1 characters."""

    def character(found: re.Match[bytes]) -> bytes:
        digits = found[1]
        return bytes((int(digits, 8) & 0xFF,)) if len(digits) == 3 else digits

    return _ESCAPE.sub(character, literal).decode("latin-1")


def pdf_date(literal: bytes) -> datetime:
    """The moment of a PDF date string (its escapes included), aware. Raises `ValueError`."""
    found = _DATE.fullmatch(unescape(literal))
    if found is None:
        raise ValueError("not a PDF date")
    offset = timedelta(hours=int(found[3] or 0), minutes=int(found[4] or 0))
    zone = timezone(-offset if found[2] == "-" else offset)
    return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=zone)


def read_marks(pdf: bytes) -> Marks:
    """The marks of a file whose bytes are known to be genuine."""

    def entry(key: bytes, shape: str) -> str | None:
        found = re.findall(rb"/" + key + rb" \(((?:[^()\\]|\\.){1,400})\)", pdf)
        text = unescape(found[0]) if len(found) == 1 else ""
        return text if re.fullmatch(shape, text) else None

    def number(key: bytes) -> int | None:
        digits = entry(key, r"\d{1,12}")
        return int(digits) if digits else None

    return Marks(
        record_number=entry(b"BTRecord", r"[A-Z0-9-]{1,40}"),
        copy_number=number(b"BTCopy"),
        record_digest=entry(b"BTDigest", r"[0-9A-Za-z]{1,128}"),
        audit_head=entry(b"BTHead", r"[0-9A-Za-z]{1,128}"),
        audit_seq=number(b"BTSeq"),
    )
