"""What the signed-in person may do with one record: the table of roles, applied to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from bt_desktop.security.permissions import FORMS, OTHER_CONFIDENTIAL, STAFF_INJURY, Action
from bt_desktop.services import record_deeds as deeds
from bt_desktop.services.context import Context
from bt_desktop.services.problems import NoSuchRecord
from bt_desktop.services.record_check import session_of
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_parts import (
    OVERRIDE,
    PERSONAL,
    REPORT,
    REVIEW,
    STATEMENT,
    part_of,
    statement_key,
)

RECENT = timedelta(days=7)
_HURT_FIELDS = ("student_hurt", "staff_hurt", "others_hurt", "others_harmed")
_HURT = ("yes", "injured")
"""Answers by which a report says that somebody was hurt (lists `yes_no` and `hurt`)."""


def says_hurt(answers: Mapping[str, Any]) -> bool:
    """Whether these answers say that somebody was hurt."""
    return any(answers.get(name) in _HURT for name in _HURT_FIELDS)


@dataclass(frozen=True)
class Rights:
    """The rights of `context.actor` on `loaded`. `paper` says that signed paper is on file."""

    context: Context
    loaded: Loaded
    paper: bool = False

    personal = PERSONAL
    """The parts that each person drafts apart."""

    @cached_property
    def is_author(self) -> bool:
        """Holds the draft, reports it, or signed the report."""
        row, actor = self.loaded.row, self.context.actor
        report = self.loaded.report
        return (
            row.owner_user == actor.user_id
            or row.reported_by == actor.staff_id
            or (report is not None and report.row.signer_user == actor.user_id)
        )

    @cached_property
    def is_own(self) -> bool:
        """Author, the one who typed it, the owner of a part, or named in it as there."""
        actor = self.context.actor
        return (
            self.is_author
            or self.loaded.row.entered_by == actor.user_id
            or actor.staff_id in self.loaded.involved
            or any(one.owner_user == actor.user_id for one in self.loaded.drafts.values())
            or any(one.row.signer_user == actor.user_id for one in self.loaded.frozen.values())
        )

    def may(self, action: Action, part: str | None = None, *, own: bool | None = None) -> bool:
        """The role's right on this record; `own` where it is not the whole record that counts."""
        return self.context.may(
            action,
            own=self.is_own if own is None else own,
            part=part,
            form=self.form,
            recent=self._recent,
            injury=self._injury,
        )

    @cached_property
    def form(self) -> str:
        """The form by which the table of roles goes; a confidential one it does not know is
        nobody's."""
        row = self.loaded.row
        known = row.record_class == "education" or row.form in FORMS
        return row.form if known else OTHER_CONFIDENTIAL

    @cached_property
    def _recent(self) -> bool:
        return self.context.clock.now() - self.loaded.row.made_at <= RECENT

    @cached_property
    def _injury(self) -> bool:
        """Whether the report says that somebody was hurt."""
        return says_hurt(self.loaded.answers())

    @cached_property
    def reads_all(self) -> bool:
        """May read every word."""
        return self.may(Action.RECORD_READ)

    def reads(self, part_key: str) -> bool:
        """May read every word of that part."""
        return self.reads_all or self.may(Action.RECORD_READ, part_of(part_key))

    @cached_property
    def sees(self) -> bool:
        """May open it at all, be it without the narratives."""
        return (
            self.reads_all
            or self.may(Action.RECORD_READ, "nurse")
            or self.may(Action.NOTICE_READ)
            or self.may(Action.SCHOOL_COPY)
        )

    def require_sight(self) -> None:
        """Raise NoSuchRecord unless the person may know of the record."""
        if not self.sees:
            raise NoSuchRecord

    def require(self, action: Action, part: str | None = None) -> None:
        """Raise NoSuchRecord where the record is hidden, Denied where the deed is not allowed."""
        self.require_sight()
        if not self.may(action, part):
            raise self.context.refusal(action)

    # --- parts ---------------------------------------------------------------------------------

    def is_frozen(self, key: str) -> bool:
        """Signed, and nobody is amending it."""
        return self.loaded.stands(key) and key not in self.loaded.drafts

    def owns_part(self, key: str) -> bool:
        """Whether the part is the person's own."""
        part = part_of(key)
        if part == REPORT:
            return self.is_author
        if part == STATEMENT:
            return key == statement_key(self.context.actor.staff_id)
        draft = self.loaded.drafts.get(key)
        return draft is not None and draft.owner_user == self.context.actor.user_id

    def may_edit(self, key: str) -> bool:
        """May type into the part now."""
        if self.is_frozen(key) or self.loaded.row.state == "entered in error":
            return False
        if part_of(key) == OVERRIDE:  # it comes before the report's signature or not at all
            return self.may(Action.HEAD_OVERRIDE) and not self.is_frozen(REPORT)
        draft = self.loaded.drafts.get(key)
        if draft is not None and draft.amends is not None:
            return deeds.may_type_amendment(self, key)
        if key == REVIEW and draft is None and self.loaded.row.state not in ("draft", "signed"):
            return False  # it is reviewed, or with its author
        return self.may(Action.RECORD_EDIT, part_of(key), own=self.owns_part(key))

    def why_not_sign(self, key: str) -> str:
        """Empty where the person may sign the part now; else the reason in a sentence."""
        if self.is_frozen(key):
            return "This part is signed."
        part = part_of(key)
        draft = self.loaded.drafts.get(key)
        if draft is not None and draft.amends is not None:
            return deeds.why_not_sign_amendment(self, key)
        if self.loaded.row.state == "entered in error":
            return "This record was entered in error; nothing more is signed in it."
        if part == REPORT:
            return self._why_not_report()
        if part == OVERRIDE:
            return self._why_not_override()
        if part == REVIEW:
            return deeds.why_not_review(self) or deeds.why_not_name_another(self)
        if self.may(Action.RECORD_SIGN, part, own=self.owns_part(key)):
            return ""
        return "This part is signed by its owner."

    def _why_not_override(self) -> str:
        """The exception is the account of whoever wrote it, and never of one who may not."""
        if not self.may(Action.HEAD_OVERRIDE):
            return "Only a nurse or an administrator signs an exception."
        if not self._override_applies():
            return "This report needs no exception."
        return "" if self.owns_part(OVERRIDE) else "The exception is signed by whoever wrote it."

    def _waits_for_override(self) -> bool:
        """Whether the report rests on an exception that nobody has signed."""
        return OVERRIDE in self.loaded.drafts and self._override_applies()

    def _override_applies(self) -> bool:
        clock = self.context.clock
        sections = session_of(self.loaded.form, self.loaded.answers(), clock).sections(OVERRIDE)
        return any(section.relevant for section in sections)

    def _why_not_report(self) -> str:
        row, actor = self.loaded.row, self.context.actor
        if self._waits_for_override():
            return "The exception is signed first, by the nurse or administrator who allows it."
        if row.reported_by == actor.staff_id:
            may = self.may(Action.RECORD_SIGN, REPORT, own=True)
            return "" if may else "Your role types reports; the person who was there signs them."
        if self.signs_for_paper:
            return ""
        return (
            "The person who reports this signs it. They sign in and sign, or the scan of the paper "
            "they signed is attached."
        )

    @property
    def signs_for_paper(self) -> bool:
        """Puts on record that the reporter signed on paper, which is attached."""
        row, actor = self.loaded.row, self.context.actor
        return (
            self.paper
            and row.reported_by != actor.staff_id
            and row.owner_user == actor.user_id
            and self.may(Action.RECORD_EDIT, REPORT, own=True)
        )

    def words(self) -> frozenset[str]:
        """What the person may do with the record, as words a window goes by."""
        draft = self.loaded.row.state == "draft"
        signed = self.loaded.report is not None
        mine = statement_key(self.context.actor.staff_id)
        can = {
            "hand_over": draft and self._may_hand_over(),
            "attach": self.may(Action.ATTACHMENT_ADD),
            "read_papers": self.may(Action.ATTACHMENT_READ),
            "papers": self.may(Action.ATTACHMENT_ADD) or self.may(Action.ATTACHMENT_READ),
            "add_notice": self.may(Action.NOTICE_ADD),
            "add_statement": self._may_add_statement() and mine not in self.loaded.part_keys(),
            "draft_print": self.may(Action.DRAFT_PRINT),
            "osha_301": signed and self.form == STAFF_INJURY and self.may(Action.SCHOOL_COPY),
            "school_copy": signed and self.may(Action.SCHOOL_COPY),
            "parent_copy": signed and self.may(Action.PARENT_COPY_RELEASE),
            "copy_log": self.may(Action.COPY_LOG_READ),
            "event_join": self.may(Action.EVENT_JOIN),
            **deeds.words(self),
        }
        return frozenset(word for word, yes in can.items() if yes)

    def _may_hand_over(self) -> bool:
        own = self.loaded.row.owner_user == self.context.actor.user_id
        return self.may(Action.RECORD_HAND_OVER, own=own)

    def _may_add_statement(self) -> bool:
        """Somebody who was there and is not the reporter."""
        actor = self.context.actor
        there = actor.staff_id in self.loaded.involved
        if actor.staff_id == self.loaded.row.reported_by:
            return False
        return self.may(Action.STATEMENT_ADD, own=there)

    def require_hand_over(self) -> None:
        """Raise unless the person may give this draft away."""
        self.require_sight()
        if not self._may_hand_over():
            raise self.context.refusal(Action.RECORD_HAND_OVER)

    def require_statement(self) -> None:
        """Raise unless the person may tell their own account."""
        if not self._may_add_statement():
            raise self.context.refusal(Action.STATEMENT_ADD)
