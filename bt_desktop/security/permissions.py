"""Who may do what: one table of roles and deeds, deny by default.

Basis: security design §6 (IDEA 34 CFR 300.614, FERPA 99.31(a)(1)(ii), HIPAA 164.312 and
164.502(b) as yardsticks). Checked in `services`; the window only asks so that it need not offer
what would be refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Role(Enum):
    """What somebody is in these records."""

    TECHNICIAN = "technician"
    FRONT_OFFICE = "front_office"
    NURSE = "nurse"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Action(Enum):
    """A deed. What "own" means is said where it matters."""

    # Records. Own: author of the part, reporter, who entered it, or staff named as there.
    RECORD_LIST = "record.list"  # without any narrative
    RECORD_START = "record.start"
    RECORD_READ = "record.read"
    RECORD_EDIT = "record.edit"  # a part that is not signed yet
    RECORD_SIGN = "record.sign"  # own: owner of the part
    RECORD_AMEND = "record.amend"
    RECORD_COUNTERSIGN = "record.countersign"
    RECORD_HAND_OVER = "record.hand_over"
    STATEMENT_ADD = "statement.add"
    NOTICE_READ = "notice.read"
    NOTICE_ADD = "notice.add"
    ATTACHMENT_READ = "attachment.read"
    ATTACHMENT_ADD = "attachment.add"

    # Copies on paper.
    BLANK_PRINT = "copy.blank"
    DRAFT_PRINT = "copy.draft"
    SCHOOL_COPY = "copy.school"
    PARENT_COPY_RELEASE = "copy.parent.release"  # write and settle its text, and let it go
    PARENT_COPY_PRINT = "copy.parent.print"  # one that was released before
    COPY_LOG_READ = "copy.log"

    # People.
    PEOPLE_SEARCH = "people.search"
    PEOPLE_READ = "people.read"
    GUARDIAN_READ = "guardian.read"
    PEOPLE_ADD = "people.add"
    PEOPLE_EDIT = "people.edit"
    ROSTER_IMPORT = "roster.import"

    # Accounts. Own: one's own account.
    ACCOUNT_LIST = "account.list"
    ACCOUNT_ADD = "account.add"
    ACCOUNT_CLOSE = "account.close"
    ACCOUNT_OPEN = "account.open"
    ACCOUNT_SET_ROLE = "account.set_role"
    ACCOUNT_RESET_PASSWORD = "account.reset_password"  # noqa: S105 - the name of a deed
    PASSWORD_CHANGE = "account.change_password"  # noqa: S105 - the name of a deed
    RECOVERY_KEY_REPLACE = "recovery.replace"

    # The audit trail. Own: one's own entries.
    LOG_READ = "log.read"
    LOG_VERIFY = "log.verify"
    LOG_EXPORT = "log.export"

    # The school.
    SCHOOL_READ = "school.read"
    SCHOOL_EDIT = "school.edit"
    TRAINING_LIST_EDIT = "school.training_list"


class When(Enum):
    """Under which circumstance a deed is allowed."""

    ANY = "any"
    OWN = "own"
    OTHERS = "others"  # only where it is *not* one's own


@dataclass(frozen=True, slots=True)
class Grant:
    """A deed is allowed: when, and for which parts of a record (None: all)."""

    when: When = When.ANY
    parts: frozenset[str] | None = None

    def covers(self, *, own: bool, part: str | None) -> bool:
        """Does this grant cover the case? A grant for some parts needs to be told the part."""
        if self.when is not When.ANY and own is not (self.when is When.OWN):
            return False
        return self.parts is None or part in self.parts


_ANY = (Grant(),)
_OWN = (Grant(When.OWN),)
_OTHERS = (Grant(When.OTHERS),)


def _parts(*names: str, when: When = When.ANY) -> Grant:
    return Grant(when, frozenset(names))


_EVERYBODY: dict[Action, tuple[Grant, ...]] = {
    Action.RECORD_LIST: _ANY,
    Action.PASSWORD_CHANGE: _OWN,
    Action.SCHOOL_READ: _ANY,
}

_STAFF: dict[Action, tuple[Grant, ...]] = {
    **_EVERYBODY,
    Action.PEOPLE_SEARCH: _ANY,
    Action.PEOPLE_READ: _ANY,
    Action.GUARDIAN_READ: _ANY,
    Action.BLANK_PRINT: _ANY,
    Action.NOTICE_ADD: _ANY,
    Action.NOTICE_READ: _ANY,
    Action.STATEMENT_ADD: _OWN,
    Action.ACCOUNT_LIST: _ANY,  # names only: to hand a draft over
}

_TABLE: Mapping[Role, Mapping[Action, tuple[Grant, ...]]] = MappingProxyType(
    {
        Role.TECHNICIAN: {
            **_STAFF,
            Action.RECORD_START: _ANY,
            Action.RECORD_READ: _OWN,
            Action.RECORD_EDIT: (_parts("report", "statement", when=When.OWN),),
            Action.RECORD_SIGN: (_parts("report", "statement", when=When.OWN),),
            Action.RECORD_AMEND: _OWN,
            Action.RECORD_HAND_OVER: _OWN,
            Action.NOTICE_READ: _OWN,
            Action.NOTICE_ADD: _OWN,
            Action.ATTACHMENT_READ: _OWN,
            Action.ATTACHMENT_ADD: _OWN,
            Action.DRAFT_PRINT: _OWN,
            Action.COPY_LOG_READ: _OWN,
            Action.PEOPLE_ADD: _ANY,  # a child missing from the roster, while filling a form
            Action.LOG_READ: _OWN,
        },
        Role.FRONT_OFFICE: {
            **_STAFF,
            # Types from paper what another has written, who signs it.
            Action.RECORD_START: _ANY,
            Action.RECORD_READ: _OWN,
            Action.RECORD_EDIT: (
                _parts("report", when=When.OWN),
                _parts("statement", when=When.OWN),
            ),
            Action.RECORD_SIGN: (_parts("statement", when=When.OWN),),
            Action.RECORD_HAND_OVER: _OWN,
            Action.ATTACHMENT_READ: _OWN,
            Action.ATTACHMENT_ADD: _ANY,  # the scan of a signed paper
            Action.DRAFT_PRINT: _OWN,
            # Prints for the file and for the family; only signed records have such copies.
            Action.SCHOOL_COPY: _ANY,
            Action.PARENT_COPY_RELEASE: _ANY,
            Action.PARENT_COPY_PRINT: _ANY,
            Action.COPY_LOG_READ: _ANY,
            Action.PEOPLE_ADD: _ANY,
            Action.PEOPLE_EDIT: _ANY,
            Action.ROSTER_IMPORT: _ANY,
        },
        Role.NURSE: {
            **_STAFF,
            Action.RECORD_READ: (_parts("nurse"), Grant(When.OWN)),
            Action.RECORD_EDIT: (_parts("nurse"), _parts("statement", when=When.OWN)),
            Action.RECORD_SIGN: (_parts("nurse"), _parts("statement", when=When.OWN)),
            Action.RECORD_AMEND: _OWN,
            Action.RECORD_HAND_OVER: _OWN,
            Action.ATTACHMENT_READ: _OWN,
            Action.ATTACHMENT_ADD: _OWN,
            Action.DRAFT_PRINT: _OWN,
            Action.COPY_LOG_READ: _OWN,
            Action.LOG_READ: _OWN,
        },
        Role.ADMINISTRATOR: {
            **_STAFF,
            # In a small school the administrator may have been there: writes and signs as author.
            Action.RECORD_START: _ANY,
            Action.RECORD_READ: _ANY,
            Action.RECORD_EDIT: (
                _parts("report", "statement", when=When.OWN),
                _parts("review", "follow_up", "debrief"),
            ),
            Action.RECORD_SIGN: (
                _parts("report", "statement", when=When.OWN),
                _parts("follow_up", "debrief"),
                _parts("review", when=When.OTHERS),  # nobody countersigns their own record
            ),
            Action.RECORD_AMEND: _ANY,
            Action.RECORD_COUNTERSIGN: _OTHERS,
            Action.RECORD_HAND_OVER: _ANY,
            Action.ATTACHMENT_READ: _ANY,
            Action.ATTACHMENT_ADD: _ANY,
            Action.DRAFT_PRINT: _ANY,
            Action.SCHOOL_COPY: _ANY,
            Action.PARENT_COPY_RELEASE: _ANY,
            Action.PARENT_COPY_PRINT: _ANY,
            Action.COPY_LOG_READ: _ANY,
            Action.PEOPLE_ADD: _ANY,
            Action.PEOPLE_EDIT: _ANY,
            Action.ROSTER_IMPORT: _ANY,
            Action.ACCOUNT_ADD: _ANY,
            Action.ACCOUNT_CLOSE: _OTHERS,
            Action.ACCOUNT_OPEN: _OTHERS,
            Action.ACCOUNT_SET_ROLE: _OTHERS,
            Action.ACCOUNT_RESET_PASSWORD: _OTHERS,
            Action.RECOVERY_KEY_REPLACE: _ANY,
            Action.LOG_READ: _ANY,
            Action.LOG_VERIFY: _ANY,
            Action.SCHOOL_EDIT: _ANY,
            Action.TRAINING_LIST_EDIT: _ANY,
        },
        Role.AUDITOR: {
            **_EVERYBODY,
            Action.RECORD_READ: _ANY,
            Action.NOTICE_READ: _ANY,
            Action.ATTACHMENT_READ: _ANY,
            Action.COPY_LOG_READ: _ANY,
            Action.ACCOUNT_LIST: _ANY,
            Action.LOG_READ: _ANY,
            Action.LOG_VERIFY: _ANY,
            Action.LOG_EXPORT: _ANY,
        },
    }
)


def may(role: Role | str, action: Action, *, own: bool = False, part: str | None = None) -> bool:
    """May somebody of that role do this?

    `own`: see `Action`. `part`: the part of the record concerned (report, statement, nurse,
    review, follow_up, debrief), where the deed is about one; "statement" stands for each of them.
    An unknown role may do nothing.
    """
    try:
        grants = _TABLE[Role(role)].get(action, ())
    except ValueError:
        return False
    return any(grant.covers(own=own, part=part) for grant in grants)
