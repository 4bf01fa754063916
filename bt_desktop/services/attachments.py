"""Files kept with a record (the scan of a signed paper, a photo), looked at before being taken."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.models.records import Attachment as Row
from bt_desktop.security.permissions import Action
from bt_desktop.services import pictures
from bt_desktop.services.context import Context
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.integrity import RecordAltered
from bt_desktop.services.openings import Openings
from bt_desktop.services.problems import AttachmentRefused, NoSuchRecord
from bt_desktop.services.record_load import Holder, holders, load
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.records import Attachment

if TYPE_CHECKING:
    from bt_desktop.paper.appendix import AppendixFile

SIGNED_PAPER = "signed_paper"
PURPOSES: Mapping[str, str] = {
    "photo": "Photo",
    "signed_slip": "Signed slip",
    "witness": "Witness paper",
    SIGNED_PAPER: "Report signed on paper",
    "other": "Other paper",
}
"""What a file is to the record, by the word that is kept."""

MOST_BYTES = 25 * 1024 * 1024
MOST_FILES = 40
MOST_TOGETHER = 200 * 1024 * 1024
"""Of one record: a vault that cannot be copied to a stick is not backed up."""

_THUMB_SIDE = 160
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
)
_PDF = "application/pdf"
_LONGEST_NAME = 120


class Attachments:
    """Keeps files with records."""

    def __init__(self, context: Context, shelf: FormShelf, openings: Openings) -> None:
        self._context = context
        self._shelf = shelf
        self._openings = openings

    def add(
        self, record_id: str, name: str, media_type: str, data: bytes, purpose: str
    ) -> Attachment:
        """Keep a file. What it is goes by its content. Raises AttachmentRefused."""
        found = checked_type(data, media_type)
        thumb = _thumb(data) if found != _PDF else None
        if purpose not in PURPOSES:
            raise ValueError(purpose)
        context = self._context
        with context.store.write() as session:
            self._rights(session, record_id).require(Action.ATTACHMENT_ADD)
            _require_room(session, record_id, len(data))
            row = Row(
                id=str(uuid.uuid4()),
                record_id=record_id,
                name=" ".join(name.split())[:_LONGEST_NAME] or "file",
                media_type=found,
                purpose=purpose,
                size=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
                data=data,
                thumb=thumb,
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

    def thumbs(self, record_id: str) -> Mapping[str, bytes]:
        """Small pictures (JPEG) of the record's pictures, by id; none for who may not open them."""
        with self._context.store.read() as session:
            rights = self._rights(session, record_id)
            rights.require_sight()
            if not rights.may(Action.ATTACHMENT_READ):
                return {}
            rows = session.execute(select(Row.id, Row.thumb).where(Row.record_id == record_id))
            made = {which: bytes(thumb) for which, thumb in rows if thumb is not None}
        if made:
            self._openings.looked_into(rights.loaded, rights, "attachment")
        return made

    def data(self, attachment_id: str, *, saving: bool = False) -> bytes:
        """The bytes of one file as they were handed in; an audited deed.

        `saving` says that a copy goes outside. Raises RecordAltered where they are not what was
        handed in.
        """
        deed = "attachment.save" if saving else "attachment.open"
        with self._context.looking() as session:
            row = session.get(Row, attachment_id)
            if row is None:
                raise NoSuchRecord
            return self._read(session, row, deed)

    def to_print(self, record_id: str, chosen: Sequence[str]) -> tuple[AppendixFile, ...]:
        """These files of the record as they are printed along; an audited deed."""
        if not chosen:
            return ()
        from bt_desktop.paper.appendix import AppendixFile  # deferred: only for paper

        with self._context.looking() as session:
            made = []
            for which in dict.fromkeys(chosen):
                row = session.get(Row, which)
                if row is None or row.record_id != record_id:
                    raise NoSuchRecord
                data = self._read(session, row, "attachment.print")
                kind = PURPOSES.get(row.purpose, PURPOSES["other"])
                made.append(AppendixFile(row.name, row.media_type, kind, data, row.sha256))
            return tuple(made)

    def _read(self, session: Session, row: Row, deed: str) -> bytes:
        rights = self._rights(session, row.record_id)
        rights.require(Action.ATTACHMENT_READ)
        data = bytes(row.data)
        if hashlib.sha256(data).hexdigest() != row.sha256:
            raise RecordAltered
        self._openings.note(session, "attachment", rights.loaded, rights)
        self._context.note(session, deed, f"attachment:{row.id}", digest=row.sha256)
        return data

    def _rights(self, session: Session, record_id: str) -> Rights:
        return Rights(
            self._context, load(session, self._shelf, record_id, self._context.actor.user_id)
        )


def _require_room(session: Session, record_id: str, size: int) -> None:
    """Raise AttachmentRefused where the record has as much as it may have."""
    sizes = session.scalars(select(Row.size).where(Row.record_id == record_id)).all()
    if len(sizes) >= MOST_FILES:
        raise AttachmentRefused(
            "attachments-many",
            "This record has 40 files already, the most it can have.",
            "Scan several pages into one PDF, then attach that.",
        )
    if sum(sizes) + size > MOST_TOGETHER:
        raise AttachmentRefused(
            "attachments-heavy",
            "The files of this record would be larger than 200 MB together.",
            "Scan again with a lower resolution.",
        )


def _thumb(data: bytes) -> bytes | None:
    """A small picture; None for a damaged one, which is kept as it is. Raises AttachmentRefused."""
    try:
        return pictures.small(data, _THUMB_SIDE, quality=80)
    except pictures.PictureUnusable as problem:
        if problem.code == "picture-large":
            raise AttachmentRefused(
                "attachment-pixels", problem.sentence, "Save it smaller, then attach it again."
            ) from None
        return None


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
