"""Records: started, filled, handed over, signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bt_desktop.paper.document import Ink, RecordDocument
from bt_desktop.services.context import Context
from bt_desktop.services.results.records import (
    Attachment,
    FormInfo,
    Notice,
    OpenRecord,
    RecordFilter,
    RecordSummary,
    Saved,
    Signed,
)

if TYPE_CHECKING:
    from bt_desktop.form_engine.issues import Issue


class RecordService:
    """The records of the school, as the signed-in person may see and change them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def forms(self) -> tuple[FormInfo, ...]:
        """The forms that can be started."""
        raise NotImplementedError

    def start(self, form: str = "restraint", reported_by: str | None = None) -> str:
        """Start a record, reported by the person signed in unless another staff id is given."""
        raise NotImplementedError

    def open(self, record_id: str) -> OpenRecord:
        """Open a record; an audited deed."""
        raise NotImplementedError

    def save_draft(self, record_id: str, part_key: str, answers: Mapping[str, Any]) -> Saved:
        """Keep what is typed so far; only the fields of the part are taken from `answers`."""
        raise NotImplementedError

    def set_reported_by(self, record_id: str, staff_id: str) -> None:
        """Say who reports (whose account it is); the reporter signs."""
        raise NotImplementedError

    def drafts(self) -> tuple[RecordSummary, ...]:
        """The drafts that wait for the person signed in, newest first."""
        raise NotImplementedError

    def recent(self, limit: int = 10) -> tuple[RecordSummary, ...]:
        """The records changed last that the person may see."""
        raise NotImplementedError

    def list(
        self, filters: RecordFilter | None = None, limit: int = 50, after: str | None = None
    ) -> tuple[RecordSummary, ...]:
        """A page of records, newest event first; `after` is the last id of the page before."""
        raise NotImplementedError

    def hand_over(self, record_id: str, to_user_id: str, reason: str) -> None:
        """Give a draft to a colleague, with a reason; by its author or an administrator."""
        raise NotImplementedError

    def check(self, record_id: str, part_key: str) -> tuple[Issue, ...]:
        """What still stands between this part and its signature."""
        raise NotImplementedError

    def sign_part(self, record_id: str, part_key: str, password: str, ink: Ink) -> Signed:
        """Freeze, number, digest, sign and chain a part, all at once or not at all."""
        raise NotImplementedError

    def add_statement(self, record_id: str) -> str:
        """Begin one's own statement in a colleague's record; returns its part key."""
        raise NotImplementedError

    def attach(
        self, record_id: str, name: str, media_type: str, data: bytes, purpose: str = "other"
    ) -> Attachment:
        """Keep a file with the record (PNG, JPEG or PDF up to 25 MB)."""
        raise NotImplementedError

    def attachments(self, record_id: str) -> tuple[Attachment, ...]:
        """The files kept with the record."""
        raise NotImplementedError

    def attachment_data(self, attachment_id: str) -> bytes:
        """The bytes of one file."""
        raise NotImplementedError

    def add_notice(self, record_id: str, row: Mapping[str, Any]) -> Notice:
        """Add a row to the log of parent notices; raises `Unfinished` with its issues."""
        raise NotImplementedError

    def notices(self, record_id: str) -> tuple[Notice, ...]:
        """The log of parent notices, oldest first."""
        raise NotImplementedError

    def document(self, record_id: str) -> RecordDocument:
        """The record as it is printed: signed parts as signed, open parts as typed so far."""
        raise NotImplementedError
