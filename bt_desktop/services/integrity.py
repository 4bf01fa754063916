"""Whether what is kept is what was signed: rows and trail compared, both ways.

The chain shows that nobody changed the trail. A row beside it (an old page put back, a change by
hand) shows only when every signed revision and every copy is held against its own entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.errors import KnownError
from bt_desktop.models.audit import AuditEntry, AuditKey
from bt_desktop.models.copies import Copy
from bt_desktop.models.records import Revision
from bt_desktop.security.signing import verify_digest

SIGNED, COPIED = "record.sign", "copy.make"


class RecordAltered(KnownError):
    """A signed part is not what was signed: it must not be printed or sealed."""

    def __init__(self) -> None:
        super().__init__(
            "record-altered",
            "A signed part of this record is not what was signed.",
            "Do not delete anything. Tell an administrator, and look into the audit trail.",
        )


def _sha256(held: Any) -> str:
    """The SHA-256 (hex) of bytes; of anything else (a column changed by hand) of nothing."""
    return hashlib.sha256(held if isinstance(held, bytes) else b"").hexdigest()


def is_intact(row: Revision) -> bool:
    """Whether a revision is, byte for byte, what its signer signed."""
    digest = _sha256(row.body)
    return digest == row.digest and verify_digest(
        row.public_key, bytes.fromhex(digest), row.signature
    )


def first_fault(session: Session) -> tuple[int, str] | None:
    """The first entry whose revision or copy is not as it says, with a code; None if all fit.

    Codes: revision-changed, revision-missing, copy-changed, copy-missing, and revision-unannounced
    or copy-unannounced (number 0) for a row without an entry.
    """
    keys = {key.public: key.user_id for key in session.scalars(select(AuditKey))}
    seen: set[str] = set()
    for told in _entries(session):
        seen.add(told["object"])
        code = _entry_fault(session, told, keys)
        if code is not None:
            return told["seq"], code
    return _without_entry(session, seen)


def _entries(session: Session) -> Iterator[dict[str, Any]]:
    """The entries about signatures and copies, oldest first."""
    wanted = select(AuditEntry.body).order_by(AuditEntry.seq)
    for body in session.scalars(wanted.execution_options(yield_per=500)):
        told = json.loads(body)
        if told["action"] in (SIGNED, COPIED):
            yield told


def _entry_fault(session: Session, told: dict[str, Any], keys: dict[bytes, str]) -> str | None:
    bare = told["object"].partition(":")[2]
    if told["action"] == COPIED:
        copy = session.get(Copy, bare)
        if copy is None:
            return "copy-missing"
        same = _sha256(copy.pdf) == told["digest"] == copy.sha256
        session.expunge(copy)  # the bytes of thousands of copies need not stay in memory
        return None if same else "copy-changed"
    row = session.get(Revision, bare)
    if row is None:
        return "revision-missing"
    by_signer = keys.get(row.public_key) == row.signer_user == told["user"]
    return (
        None
        if is_intact(row) and by_signer and row.digest == told["digest"]
        else ("revision-changed")
    )


def _without_entry(session: Session, seen: set[str]) -> tuple[int, str] | None:
    for kind, ids in (("revision", select(Revision.id)), ("copy", select(Copy.id))):
        if any(f"{kind}:{one}" not in seen for one in session.scalars(ids)):
            return 0, f"{kind}-unannounced"
    return None
