"""Records: started, filled, handed over, signed. One method per deed; the work is done beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bt_desktop.paper.document import Ink, RecordDocument
from bt_desktop.security.permissions import Action
from bt_desktop.services.attachments import Attachments
from bt_desktop.services.context import Context
from bt_desktop.services.deadline_keeping import Keeper
from bt_desktop.services.event_group import event_has
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.notices import Notices
from bt_desktop.services.openings import NO_PURPOSE, Openings
from bt_desktop.services.record_amending import Amending
from bt_desktop.services.record_check import blocking, session_of
from bt_desktop.services.record_document import Printable, printable
from bt_desktop.services.record_drafts import Drafts
from bt_desktop.services.record_effects import hindrances
from bt_desktop.services.record_lists import Lists
from bt_desktop.services.record_load import Loaded, load
from bt_desktop.services.record_opening import Opening
from bt_desktop.services.record_parts import STATEMENT, part_of
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.record_signing import Signing
from bt_desktop.services.record_versions import Versions
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.calls import CallSheet
from bt_desktop.services.results.records import (
    Attachment,
    Count,
    Facets,
    FormInfo,
    Notice,
    OpenRecord,
    RecordFilter,
    RecordSummary,
    Saved,
    Signed,
)
from bt_desktop.services.reviews import Reviews

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bt_desktop.form_engine.issues import Issue
    from bt_desktop.paper.appendix import AppendixFile

__all__ = ["Ink", "RecordService"]


class RecordService:
    """The records of the school, as the signed-in person may see and change them."""

    def __init__(self, context: Context, openings: Openings) -> None:
        self._context = context
        self._openings = openings
        self._shelf = FormShelf()
        self.keeper = Keeper(context, self._shelf)
        self._drafts = Drafts(context, self._shelf, self.keeper)
        self._signing = Signing(context, self._shelf, self.keeper)
        self.reviews = Reviews(context, self._shelf, openings)
        self.versions = Versions(context, self._shelf, openings)
        self._amending = Amending(context, self._shelf, self._drafts)
        self._lists = Lists(context, self._shelf)
        self._opening = Opening(context, self._shelf, openings)
        self._attachments = Attachments(context, self._shelf, openings)
        self._notices = Notices(context, self._shelf, self.keeper, openings)

    def forms(self) -> tuple[FormInfo, ...]:
        """The forms that the person may start; none where the role starts none."""
        mine = self._context.forms(Action.RECORD_START)
        if not mine:
            return ()
        with self._context.store.read() as session:
            return tuple(info for info in self._shelf.infos(session) if info.form in mine)

    def start(
        self,
        form: str = "restraint",
        reported_by: str | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> str:
        """Start a record, reported by the person signed in unless another staff id is given.

        `answers` are what another service knows already (a dose, for the medication error report),
        by the names of questions of the report outside its repeats: text as it is typed, ids of
        people, names of choices (one, or several), dates and times. They stand in the draft as if
        they had been typed, to be looked through and signed like any. Raises KeyError for a name
        that the form does not ask.
        """
        return self._drafts.start(form, reported_by, answers=answers)

    def start_in(self, form: str, reported_by: str | None, event_id: str | None) -> str:
        """Start a record of an event. For `EventService`, which looks at the event first."""
        return self._drafts.start(form, reported_by, event_id)

    def open(self, record_id: str) -> OpenRecord:
        """Open a record; an audited deed. Raises NoSuchRecord, PurposeNeeded."""
        return self._opening.open(record_id)

    def save_draft(self, record_id: str, part_key: str, answers: Mapping[str, Any]) -> Saved:
        """Keep what is typed so far; only the fields of the part are taken from `answers`.

        In the store when it returns. Raises AlreadySigned, Denied, StorageFull, StorageReadOnly.
        """
        return self._drafts.save(record_id, part_key, answers)

    def set_reported_by(self, record_id: str, staff_id: str) -> None:
        """Say who reports (whose account it is); the reporter signs."""
        self._drafts.set_reported_by(record_id, staff_id)

    def drafts(self) -> tuple[RecordSummary, ...]:
        """What waits for the person signed in: drafts to go on with or to sign, newest first."""
        return self._lists.drafts()

    def recent(self, limit: int = 10) -> tuple[RecordSummary, ...]:
        """The records changed last that the person may see."""
        return self._lists.recent(limit)

    def list(
        self, filters: RecordFilter | None = None, limit: int = 50, after: str | None = None
    ) -> tuple[RecordSummary, ...]:
        """A page of records as `filters` order them; `after` is the last id of the page before."""
        return self._lists.page(filters or RecordFilter(), limit, after)

    def count(self, filters: RecordFilter | None = None) -> Count:
        """How many records a list has; counted up to a thousand."""
        return self._lists.count(filters or RecordFilter())

    def facets(self) -> Facets:
        """What the list can be narrowed to: forms, authors, places that the person may know of."""
        return self._lists.facets()

    def hand_over(self, record_id: str, to_user_id: str, reason: str) -> None:
        """Give a draft to a colleague, with a reason; by its author or an administrator."""
        self._drafts.hand_over(record_id, to_user_id, reason)

    def check(self, record_id: str, part_key: str) -> tuple[Issue, ...]:
        """What still stands between this part and its signature: errors and open warnings."""
        with self._context.store.read() as session:
            loaded = self._seen(session, record_id)
            statement = part_key if part_of(part_key) == STATEMENT else None
            answers = loaded.answers(statement)
            has = event_has(session, loaded)
            typed = session_of(loaded.form, answers, self._context.clock, has)
            issues = blocking(typed, part_of(part_key))
            issues += hindrances(session, loaded, part_key, typed)
        self._openings.looked_into(loaded, Rights(self._context, loaded))
        return issues

    def sign_part(self, record_id: str, part_key: str, password: str, ink: Ink) -> Signed:
        """Freeze, number, digest, sign and chain a part, all at once or not at all.

        Slow (derives a key). Raises Unfinished, NotYoursToSign, AlreadySigned, WrongPassword,
        Throttled, StorageFull.
        """
        return self._signing.sign(record_id, part_key, password, ink)

    def amend(
        self,
        record_id: str,
        part_key: str,
        kind: str,
        reason: str,
        happened_at: datetime | None = None,
    ) -> None:
        """Open a signed part again for an amendment; the signed revision stays as it is.

        `kind`: `addendum`, `correction`, `late_entry` (which says when it happened) or
        `entered_in_error`.
        """
        self._amending.amend(record_id, part_key, kind, reason, happened_at)

    def change_amendment(
        self,
        record_id: str,
        part_key: str,
        kind: str,
        reason: str,
        happened_at: datetime | None = None,
    ) -> None:
        """Make an open amendment one of another kind, or give another reason."""
        self._amending.change_kind(record_id, part_key, kind, reason, happened_at)

    def discard(self, record_id: str, part_key: str) -> None:
        """Throw away an unsigned amendment, or one's own unsigned review; audited."""
        self._amending.discard(record_id, part_key)

    def begin(self, record_id: str, part_key: str) -> None:
        """Begin one's own review, follow-up or debrief: what one looks at is known from now on."""
        self._amending.begin(record_id, part_key)

    def look_again(self, record_id: str, part_key: str) -> None:
        """Say that one has looked at what was signed since one's own draft was begun."""
        self._amending.look_again(record_id, part_key)

    def write_anew(self, record_id: str) -> str:
        """Begin another record of the same event with the answers of this one; returns its id."""
        return self._amending.write_anew(record_id)

    def add_statement(self, record_id: str) -> str:
        """Begin one's own statement in a colleague's record; returns its part key."""
        return self._drafts.add_statement(record_id)

    def attach(
        self, record_id: str, name: str, media_type: str, data: bytes, purpose: str = "other"
    ) -> Attachment:
        """Keep a file with the record (PNG, JPEG or PDF up to 25 MB). Raises AttachmentRefused.

        `purpose` is one of `attachments.PURPOSES`; `signed_paper` is the scan of the paper that the
        reporter signed.
        """
        return self._attachments.add(record_id, name, media_type, data, purpose)

    def attachments(self, record_id: str) -> tuple[Attachment, ...]:
        """The files kept with the record, oldest first."""
        return self._attachments.list(record_id)

    def attachment_thumbs(self, record_id: str) -> Mapping[str, bytes]:
        """Small pictures (JPEG) of the record's pictures, by the id of the file."""
        return self._attachments.thumbs(record_id)

    def attachment_data(self, attachment_id: str, *, saving: bool = False) -> bytes:
        """The bytes of one file as they were handed in; an audited deed, `saving` a copy outside
        even more so."""
        return self._attachments.data(attachment_id, saving=saving)

    def files_to_print(self, record_id: str, chosen: Sequence[str]) -> tuple[AppendixFile, ...]:
        """These files of the record, to be printed along; an audited deed."""
        return self._attachments.to_print(record_id, chosen)

    def add_notice(self, record_id: str, row: Mapping[str, Any]) -> Notice:
        """Add a row to the log of parent notices; raises `Unfinished` with its issues."""
        return self._notices.add(record_id, row)

    def begin_notice(self, record_id: str) -> CallSheet:
        """What is needed to log a call to a parent without opening the record."""
        return self._notices.begin(record_id)

    def notices(self, record_id: str) -> tuple[Notice, ...]:
        """The log of parent notices, oldest first."""
        return self._notices.list(record_id)

    def document(self, record_id: str) -> RecordDocument:
        """The record as it is printed: signed parts as signed, open parts as typed so far."""
        with self._context.store.read() as session:
            loaded = self._seen(session, record_id)
            rights = Rights(self._context, loaded)
            if not rights.reads_all and not rights.may(Action.SCHOOL_COPY):
                rights.require(Action.RECORD_READ)
            made = self.printable(session, loaded).document
        self._openings.shown(loaded, rights)
        return made

    # --- for the services beside this one ------------------------------------------------------

    def loaded(self, session: Session, record_id: str) -> Loaded:
        """The record as the store has it. Raises NoSuchRecord."""
        return load(session, self._shelf, record_id, self._context.actor.user_id)

    def printable(
        self, session: Session, loaded: Loaded, *, signed_only: bool = False, both: bool = False
    ) -> Printable:
        """The record, ready for paper."""
        clock = self._context.clock
        return printable(session, loaded, clock, signed_only=signed_only, both=both)

    def looked_into(self, loaded: Loaded, purpose: Purpose = NO_PURPOSE) -> None:
        """Some of this record is shown elsewhere: written down once in half an hour."""
        rights = Rights(self._context, loaded)
        self._openings.looked_into(loaded, rights, purpose=purpose)

    @property
    def lists(self) -> Lists:
        """The lists."""
        return self._lists

    @property
    def context(self) -> Context:
        """The open vault."""
        return self._context

    @property
    def signing(self) -> Signing:
        """What freezes parts."""
        return self._signing

    @property
    def shelf(self) -> FormShelf:
        """The forms."""
        return self._shelf

    def _seen(self, session: Session, record_id: str) -> Loaded:
        loaded = self.loaded(session, record_id)
        Rights(self._context, loaded).require_sight()
        return loaded
