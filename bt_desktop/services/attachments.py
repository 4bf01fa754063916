"""Files kept with a record (the scan of a signed paper, a photo), looked at before being taken."""

from __future__ import annotations

import hashlib
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.records import Attachment as Row
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.problems import AttachmentRefused, NoSuchRecord
from bt_desktop.services.record_load import Holder, holders, load
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.records import Attachment

SIGNED_PAPER = "signed_paper"
PURPOSES = (SIGNED_PAPER, "other")
MOST_BYTES = 25 * 1024 * 1024
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
)
_LONGEST_NAME = 120


class Attachments:
    """Keeps files with records."""

    def __init__(self, context: Context, shelf: FormShelf) -> None:
        self._context = context
        self._shelf = shelf

    def add(
        self, record_id: str, name: str, media_type: str, data: bytes, purpose: str
    ) -> Attachment:
        """Keep a file. What it is goes by its content. Raises AttachmentRefused."""
        found = checked_type(data, media_type)
        if purpose not in PURPOSES:
            raise ValueError(purpose)
        context = self._context
        with context.store.write() as session:
            self._rights(session, record_id).require(Action.ATTACHMENT_ADD)
            row = Row(
                id=str(uuid.uuid4()),
                record_id=record_id,
                name=" ".join(name.split())[:_LONGEST_NAME] or "file",
                media_type=found,
                purpose=purpose,
                size=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
                data=data,
                by_user=context.actor.user_id,
                at=context.clock.now(),
            )
            session.add(row)
            session.flush()
            context.note(
                session, "attachment.add", f"attachment:{row.id}", digest=row.sha256, reason=purpose
            )
            return _attachment(row, holders(session))

    def list(self, record_id: str) -> tuple[Attachment, ...]:
        """The files kept with a record, oldest first."""
        with self._context.store.read() as session:
            self._rights(session, record_id).require_sight()
            return attachments_of(session, record_id)

    def data(self, attachment_id: str) -> bytes:
        """The bytes of one file; an audited deed."""
        with self._context.store.write() as session:
            row = session.get(Row, attachment_id)
            if row is None:
                raise NoSuchRecord
            self._rights(session, row.record_id).require(Action.ATTACHMENT_READ)
            self._context.note(session, "attachment.open", f"attachment:{row.id}")
            return bytes(row.data)

    def _rights(self, session: Session, record_id: str) -> Rights:
        return Rights(
            self._context, load(session, self._shelf, record_id, self._context.actor.user_id)
        )


def attachments_of(session: Session, record_id: str) -> tuple[Attachment, ...]:
    """The files kept with a record, oldest first."""
    rows = session.scalars(select(Row).where(Row.record_id == record_id).order_by(Row.at, Row.id))
    names = holders(session)
    return tuple(_attachment(row, names) for row in rows)


def checked_type(data: bytes, said: str) -> str:
    """The media type that the content shows. Raises AttachmentRefused."""
    if len(data) > MOST_BYTES:
        raise AttachmentRefused(
            "attachment-too-large",
            "This file is larger than 25 MB.",
            "Scan it again with a lower resolution, or split it.",
        )
    for start, kind in _KINDS:
        if data.startswith(start):
            return kind
    raise AttachmentRefused(
        "attachment-kind",
        "This file is no PNG, JPEG or PDF"
        + (", whatever its name says." if said in dict(_KINDS).values() else "."),
        "Save the scan as PDF, PNG or JPEG, then attach it again.",
    )


def _attachment(row: Row, names: dict[str, Holder]) -> Attachment:
    holder = names.get(row.by_user)
    return Attachment(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        purpose=row.purpose,
        added_at=row.at,
        added_by=holder.name if holder else "",
    )
