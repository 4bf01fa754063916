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
    EVENT_JOIN = "event.join"  # say that two records are about one event, or take that back
    HEAD_OVERRIDE = "head.override"  # back to class in spite of a danger sign, with a reason

    # Finding records, and who saw what. Own: of one's own caseload, or a record of one's own.
    TEXT_SEARCH = "search.text"  # finds only what the role may read
    LIST_EXPORT = "list.export"
    VIEW_SHARE = "view.share"
    ACCESS_LOG_READ = "access.read"
    ACCESS_LOG_PRINT = "access.print"

    # Deadlines and the calendar they count by. Own: a record of one's own.
    DEADLINE_READ = "deadline.read"
    DEADLINE_EXCUSE = "deadline.excuse"  # say why it was late
    CALENDAR_READ = "calendar.read"
    CALENDAR_EDIT = "calendar.edit"

    # The log of violent incidents, which names nobody.
    VIOLENCE_LOG_READ = "violence.read"
    VIOLENCE_LOG_EXPORT = "violence.export"

    # The health office. Own: what was delegated to oneself (named medicines of a named student).
    # Whoever may do a thing there must hold the student's key as well (services/health/keys).
    HEALTH_READ = "health.read"  # orders, doses, notes, visits, files
    HEALTH_TOTALS = "health.totals"  # how many are due, given, low: no name, no medicine
    HEALTH_GLASS = "health.glass"  # read one student's for an hour, with a reason and a trace
    HEALTH_GLASS_REVIEW = "health.glass.review"  # own: opened by oneself
    ORDER_EDIT = "order.edit"
    ORDER_REVIEW = "order.review"
    DOSE_RECORD = "dose.record"
    DOSE_OVERRIDE = "dose.override"  # the rules' own lists say which rule
    DOSE_EMERGENCY = "dose.emergency"
    STOCK_EDIT = "stock.edit"
    STOCK_WITNESS = "stock.witness"
    MONTH_CLOSE = "month.close"
    DELEGATION_EDIT = "delegation.edit"
    VISIT_ADD = "visit.add"
    HEALTH_PRINT = "health.print"  # MAR, packets, papers for parents
    HEALTH_EXPORT = "health.export"
    EMERGENCY_CARD = "health.card"
    HEALTH_SETTINGS = "health.settings"

    # Who is not at school: no secret of the health office, and a call that the front office takes.
    AWAY_READ = "away.read"
    AWAY_EDIT = "away.edit"

    # Copies on paper.
    BLANK_PRINT = "copy.blank"
    DRAFT_PRINT = "copy.draft"
    SCHOOL_COPY = "copy.school"
    PARENT_COPY_RELEASE = "copy.parent.release"  # write and settle its text, and let it go
    PARENT_COPY_PRINT = "copy.parent.print"  # one that was released before
    PARENT_COPY_OVERRIDE = "copy.parent.override"  # in spite of a flag that stops it, with a reason
    COPY_LOG_READ = "copy.log"

    # People.
    PEOPLE_SEARCH = "people.search"
    PEOPLE_READ = "people.read"
    GUARDIAN_READ = "guardian.read"
    PEOPLE_ADD = "people.add"
    PEOPLE_EDIT = "people.edit"
    PEOPLE_HEALTH = "people.health"  # allergies, medical alert, health note
    ROSTER_IMPORT = "roster.import"
    PHOTO_READ = "photo.read"
    PHOTO_EDIT = "photo.edit"
    CASELOAD_EDIT = "caseload.edit"
    YEAR_ROLLOVER = "year.rollover"

    # Accounts. Own: one's own account.
    ACCOUNT_LIST = "account.list"
    ACCOUNT_ADD = "account.add"
    ACCOUNT_CLOSE = "account.close"
    ACCOUNT_OPEN = "account.open"
    ACCOUNT_SET_ROLE = "account.set_role"
    ACCOUNT_RESET_PASSWORD = "account.reset_password"  # noqa: S105 - the name of a deed
    PASSWORD_CHANGE = "account.change_password"  # noqa: S105 - the name of a deed
    RECOVERY_KEY_REPLACE = "recovery.replace"
    KEY_CHANGE = "key.change"  # of the database, by two administrators where there are two

    # Backups; the daily one is made whoever signs in.
    BACKUP_MAKE = "backup.make"  # by hand, and to a second place
    BACKUP_RESTORE = "backup.restore"

    # The audit trail. Own: one's own entries.
    LOG_READ = "log.read"
    LOG_VERIFY = "log.verify"
    LOG_EXPORT = "log.export"
    ANCHOR_SLIP = "log.slip"  # the head of the trail on paper
    TRAIL_ACCEPT = "trail.accept"  # say that a loss of entries is known, with a reason

    # The school.
    SCHOOL_READ = "school.read"
    SCHOOL_EDIT = "school.edit"
    TRAINING_LIST_EDIT = "school.training_list"


READING = frozenset(
    {
        Action.RECORD_LIST,
        Action.RECORD_READ,
        Action.NOTICE_READ,
        Action.ATTACHMENT_READ,
        Action.TEXT_SEARCH,
        Action.ACCESS_LOG_READ,
        Action.DEADLINE_READ,
        Action.CALENDAR_READ,
        Action.VIOLENCE_LOG_READ,
        Action.HEALTH_READ,
        Action.HEALTH_TOTALS,
        Action.EMERGENCY_CARD,
        Action.AWAY_READ,
        Action.BLANK_PRINT,
        Action.COPY_LOG_READ,
        Action.PEOPLE_SEARCH,
        Action.PEOPLE_READ,
        Action.GUARDIAN_READ,
        Action.PHOTO_READ,
        Action.ACCOUNT_LIST,
        Action.LOG_READ,
        Action.LOG_VERIFY,
        Action.LOG_EXPORT,
        Action.SCHOOL_READ,
        Action.TRAIL_ACCEPT,
    }
)
"""What can be done while the records are open for reading only (docs/decisions/0030)."""


RESTRAINT, INCIDENT, FIRST_AID, MEDICATION_ERROR, RISK, STAFF_INJURY = FORMS = (
    "restraint",
    "incident",
    "first_aid",
    "medication_error",
    "risk",
    "staff_injury",
)
OTHER_CONFIDENTIAL = "confidential"
"""What a confidential form that this table does not know goes by: nobody may do anything."""
_CONFIDENTIAL = frozenset((RISK, STAFF_INJURY, OTHER_CONFIDENTIAL))
"""Reports prepared for the district's risk management: a grant must name them to cover them."""


class When(Enum):
    """Under which circumstance a deed is allowed."""

    ANY = "any"
    OWN = "own"
    OTHERS = "others"  # only where it is *not* one's own
    OWN_RECENT = "own_recent"  # one's own, within seven days of its beginning
    INJURY = "injury"  # where somebody was hurt


@dataclass(frozen=True, slots=True)
class Case:
    """The circumstances of a deed. `own`: see `Action`; `part` and `form`: of the record concerned,
    where the deed is about one; `recent`: begun within seven days; `injury`: somebody was hurt."""

    own: bool = False
    part: str | None = None
    form: str | None = None
    recent: bool = True
    injury: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """A deed is allowed: when, for which parts of a record (None: all), for which forms (None: all
    that belong to the education record, without those of `besides`)."""

    when: When = When.ANY
    parts: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    besides: frozenset[str] = frozenset()

    def covers(self, case: Case) -> bool:
        """Does this grant cover the case? A grant for some parts or forms needs to be told them."""
        everywhere = self.forms is None and case.form not in _CONFIDENTIAL | self.besides
        fits = everywhere or (self.forms is not None and case.form in self.forms)
        return fits and self._now(case) and (self.parts is None or case.part in self.parts)

    def _now(self, case: Case) -> bool:
        return {
            When.ANY: True,
            When.OWN: case.own,
            When.OTHERS: not case.own,
            When.OWN_RECENT: case.own and case.recent,
            When.INJURY: case.injury,
        }[self.when]


_ANY = (Grant(),)
_OWN = (Grant(When.OWN),)
_OTHERS = (Grant(When.OTHERS),)
_PRIVATE = frozenset((RISK, STAFF_INJURY))
_HEALTH = (FIRST_AID, MEDICATION_ERROR)
"""The health office's own reports."""


def _parts(*names: str, when: When = When.ANY) -> Grant:
    return Grant(when, frozenset(names))


def _for(*forms: str, when: When = When.ANY, parts: tuple[str, ...] = ()) -> Grant:
    return Grant(when, frozenset(parts) or None, frozenset(forms))


# A child's medicine is the health office's business: at the counter one knows of one's own reports
# only, which everybody who gave a dose must be able to write.
_NO_MEDICINE = (Grant(besides=frozenset((MEDICATION_ERROR,))),)
_BESIDES_MEDICINE = (*_NO_MEDICINE, _for(MEDICATION_ERROR, when=When.OWN))

_OWN_ACCOUNT = Grant(When.OWN, frozenset(("report", "statement")))
_OWN_PRIVATE = Grant(When.OWN, frozenset(("report", "statement")), _PRIVATE)


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
    Action.TEXT_SEARCH: _ANY,
    Action.DEADLINE_READ: _ANY,
    Action.DEADLINE_EXCUSE: _OWN,
    Action.CALENDAR_READ: _ANY,
    Action.PHOTO_READ: _ANY,
    Action.EVENT_JOIN: _OWN,
    # An emergency asks nobody's role; the card with allergies and rescue medicines is for all.
    Action.DOSE_EMERGENCY: _ANY,
    Action.EMERGENCY_CARD: _ANY,
    Action.STOCK_WITNESS: _ANY,
    Action.AWAY_READ: _ANY,  # who is not at school, everybody who works there needs to know
}

# What a nurse delegated to somebody: those medicines of that student, nothing else.
_DELEGATED: dict[Action, tuple[Grant, ...]] = {
    Action.HEALTH_READ: _OWN,
    Action.DOSE_RECORD: _OWN,
}

# Everybody who works here may write down how somebody was hurt or what broke, for the district's
# risk management: their own account, which they read and sign and nobody else in their role sees.
_OWN_RISK_REPORT: dict[Action, Grant] = {
    Action.RECORD_LIST: Grant(When.OWN, None, _PRIVATE),
    Action.RECORD_START: Grant(When.ANY, None, _PRIVATE),
    Action.RECORD_READ: Grant(When.OWN, None, _PRIVATE),
    Action.RECORD_EDIT: _OWN_PRIVATE,
    Action.RECORD_SIGN: _OWN_PRIVATE,
    Action.RECORD_HAND_OVER: Grant(When.OWN, None, _PRIVATE),
    Action.ATTACHMENT_READ: Grant(When.OWN, None, _PRIVATE),
    Action.ATTACHMENT_ADD: Grant(When.OWN, None, _PRIVATE),
    Action.DRAFT_PRINT: Grant(When.OWN, None, _PRIVATE),
    Action.BLANK_PRINT: Grant(When.ANY, None, _PRIVATE),
}
_EVERY_RISK_REPORT: dict[Action, Grant] = {
    Action.RECORD_LIST: Grant(When.ANY, None, _PRIVATE),
    Action.RECORD_START: Grant(When.ANY, None, _PRIVATE),
    Action.RECORD_READ: Grant(When.ANY, None, _PRIVATE),
    Action.RECORD_EDIT: _OWN_PRIVATE,
    Action.RECORD_SIGN: _OWN_PRIVATE,
    Action.RECORD_AMEND: Grant(When.ANY, None, _PRIVATE),
    Action.RECORD_COUNTERSIGN: Grant(When.OTHERS, None, _PRIVATE),
    Action.RECORD_HAND_OVER: Grant(When.ANY, None, _PRIVATE),
    Action.ATTACHMENT_READ: Grant(When.ANY, None, _PRIVATE),
    Action.ATTACHMENT_ADD: Grant(When.ANY, None, _PRIVATE),
    Action.DRAFT_PRINT: Grant(When.ANY, None, _PRIVATE),
    Action.BLANK_PRINT: Grant(When.ANY, None, _PRIVATE),
    Action.SCHOOL_COPY: Grant(When.ANY, None, _PRIVATE),
    Action.COPY_LOG_READ: Grant(When.ANY, None, _PRIVATE),
    Action.LIST_EXPORT: Grant(When.ANY, None, _PRIVATE),
    Action.DEADLINE_READ: Grant(When.ANY, None, _PRIVATE),
    Action.DEADLINE_EXCUSE: Grant(When.ANY, None, _PRIVATE),
}

# The case in the 300 log and what was sent to the insurer: the employer's, not the employee's.
_EMPLOYERS_PART: dict[Action, Grant] = {
    deed: _for(STAFF_INJURY, parts=("follow_up",))
    for deed in (Action.RECORD_EDIT, Action.RECORD_SIGN)
}


def _with(
    table: Mapping[Action, tuple[Grant, ...]], more: Mapping[Action, Grant]
) -> dict[Action, tuple[Grant, ...]]:
    """The table with one more grant for some of its deeds."""
    added = {action: (*table[action], grant) for action, grant in more.items()}
    return {**table, **added}


_TECHNICIAN: dict[Action, tuple[Grant, ...]] = {
    **_STAFF,
    **_DELEGATED,
    Action.RECORD_START: _ANY,
    Action.RECORD_READ: _OWN,
    Action.RECORD_EDIT: (_OWN_ACCOUNT,),
    Action.RECORD_SIGN: (_OWN_ACCOUNT,),
    Action.RECORD_AMEND: (_for(RESTRAINT, INCIDENT, MEDICATION_ERROR, when=When.OWN),),
    Action.RECORD_HAND_OVER: _OWN,
    Action.NOTICE_READ: _OWN,
    Action.NOTICE_ADD: _OWN,
    Action.ATTACHMENT_READ: _OWN,
    Action.ATTACHMENT_ADD: _OWN,
    Action.DRAFT_PRINT: _OWN,
    Action.COPY_LOG_READ: _OWN,
    Action.DEADLINE_READ: _OWN,
    Action.PEOPLE_ADD: _ANY,  # a child missing from the roster, while filling a form
    Action.LOG_READ: _OWN,
}

_FRONT_OFFICE: dict[Action, tuple[Grant, ...]] = {
    **_STAFF,
    **_DELEGATED,
    Action.VISIT_ADD: _ANY,  # put in at the counter; only the nurse reads it
    Action.AWAY_EDIT: _ANY,
    # A restraint report is typed from paper, and signed by whoever was there.
    Action.RECORD_START: _ANY,
    Action.RECORD_READ: (
        _for(RESTRAINT, INCIDENT, MEDICATION_ERROR, when=When.OWN),
        _for(FIRST_AID, when=When.OWN_RECENT),
    ),
    Action.RECORD_EDIT: (
        _parts("report", when=When.OWN),
        _parts("statement", when=When.OWN),
    ),
    Action.RECORD_SIGN: (
        _parts("statement", when=When.OWN),
        _for(INCIDENT, FIRST_AID, MEDICATION_ERROR, when=When.OWN, parts=("report",)),
    ),
    Action.RECORD_AMEND: (_for(INCIDENT, MEDICATION_ERROR, when=When.OWN),),
    Action.RECORD_HAND_OVER: _OWN,
    Action.NOTICE_READ: _BESIDES_MEDICINE,
    Action.NOTICE_ADD: _BESIDES_MEDICINE,
    Action.DEADLINE_READ: _BESIDES_MEDICINE,
    Action.ATTACHMENT_READ: _OWN,
    Action.ATTACHMENT_ADD: _BESIDES_MEDICINE,  # the scan of a signed paper
    Action.DRAFT_PRINT: _OWN,
    # Prints for the file and for the family; only signed records have such copies.
    Action.SCHOOL_COPY: _NO_MEDICINE,
    Action.PARENT_COPY_RELEASE: _NO_MEDICINE,
    Action.PARENT_COPY_PRINT: _NO_MEDICINE,
    Action.COPY_LOG_READ: _BESIDES_MEDICINE,
    Action.PEOPLE_ADD: _ANY,
    Action.PEOPLE_EDIT: _ANY,
    Action.PEOPLE_HEALTH: _ANY,
    Action.ROSTER_IMPORT: _ANY,
    Action.PHOTO_EDIT: _ANY,
    Action.CASELOAD_EDIT: _ANY,
    Action.BACKUP_MAKE: _ANY,
}

_NURSE: dict[Action, tuple[Grant, ...]] = {
    **_STAFF,
    Action.RECORD_START: (_for(*_HEALTH),),
    Action.RECORD_READ: (
        _parts("nurse"),
        Grant(When.OWN),
        _for(INCIDENT, when=When.INJURY),
        _for(*_HEALTH),
    ),
    Action.RECORD_EDIT: (
        _parts("nurse"),
        _parts("statement", when=When.OWN),
        _for(*_HEALTH, when=When.OWN, parts=("report",)),
        _for(*_HEALTH, parts=("follow_up",)),
        _for(FIRST_AID, parts=("review",)),
    ),
    Action.RECORD_SIGN: (
        _parts("nurse"),
        _parts("statement", when=When.OWN),
        _for(*_HEALTH, when=When.OWN, parts=("report",)),
        # Not one's own record. A medication error is reviewed by an administrator.
        _for(FIRST_AID, when=When.OTHERS, parts=("review",)),
        _for(*_HEALTH, parts=("follow_up",)),
    ),
    Action.RECORD_AMEND: (Grant(When.OWN), _for(*_HEALTH)),
    Action.RECORD_COUNTERSIGN: (_for(FIRST_AID, when=When.OTHERS),),
    Action.RECORD_HAND_OVER: _OWN,
    Action.HEAD_OVERRIDE: _ANY,
    Action.ATTACHMENT_READ: (Grant(When.OWN), _for(*_HEALTH)),
    Action.ATTACHMENT_ADD: (Grant(When.OWN), _for(*_HEALTH)),
    Action.DRAFT_PRINT: (Grant(When.OWN), _for(*_HEALTH)),
    Action.SCHOOL_COPY: (_for(*_HEALTH),),
    Action.PARENT_COPY_RELEASE: (_for(*_HEALTH),),
    Action.PARENT_COPY_PRINT: (_for(*_HEALTH),),
    Action.COPY_LOG_READ: (Grant(When.OWN), _for(*_HEALTH)),
    Action.LIST_EXPORT: (_for(*_HEALTH),),
    Action.PEOPLE_HEALTH: _ANY,
    Action.PHOTO_EDIT: _ANY,
    Action.LOG_READ: _OWN,
    Action.HEALTH_READ: _ANY,
    Action.HEALTH_TOTALS: _ANY,
    Action.ORDER_EDIT: _ANY,
    Action.ORDER_REVIEW: _ANY,
    Action.DOSE_RECORD: _ANY,
    Action.DOSE_OVERRIDE: _ANY,
    Action.STOCK_EDIT: _ANY,
    Action.MONTH_CLOSE: _ANY,
    Action.DELEGATION_EDIT: _ANY,
    Action.VISIT_ADD: _ANY,
    Action.AWAY_EDIT: _ANY,
    Action.HEALTH_PRINT: _ANY,
    Action.HEALTH_EXPORT: _ANY,
    Action.HEALTH_SETTINGS: _ANY,
}

_ADMINISTRATOR: dict[Action, tuple[Grant, ...]] = {
    **_STAFF,
    # In a small school the administrator may have been there: writes and signs as author.
    Action.RECORD_START: _ANY,
    Action.RECORD_READ: _ANY,
    Action.RECORD_EDIT: (_OWN_ACCOUNT, _parts("review", "follow_up", "debrief")),
    Action.RECORD_SIGN: (
        _OWN_ACCOUNT,
        _parts("follow_up", "debrief"),
        _parts("review", when=When.OTHERS),  # nobody countersigns their own record
    ),
    Action.RECORD_AMEND: _ANY,
    Action.RECORD_COUNTERSIGN: _OTHERS,
    Action.RECORD_HAND_OVER: _ANY,
    Action.HEAD_OVERRIDE: _ANY,
    Action.EVENT_JOIN: _ANY,
    **_DELEGATED,
    Action.HEALTH_TOTALS: _ANY,
    Action.HEALTH_GLASS: _ANY,
    Action.HEALTH_GLASS_REVIEW: _OTHERS,
    Action.AWAY_EDIT: _ANY,
    Action.DOSE_OVERRIDE: _ANY,  # says so beside whoever gives it, with their own password
    Action.HEALTH_SETTINGS: _ANY,
    Action.ATTACHMENT_READ: _ANY,
    Action.ATTACHMENT_ADD: _ANY,
    Action.DRAFT_PRINT: _ANY,
    Action.SCHOOL_COPY: _ANY,
    Action.PARENT_COPY_RELEASE: _ANY,
    Action.PARENT_COPY_PRINT: _ANY,
    Action.PARENT_COPY_OVERRIDE: _ANY,
    Action.COPY_LOG_READ: _ANY,
    Action.LIST_EXPORT: _ANY,
    Action.VIEW_SHARE: _ANY,
    Action.ACCESS_LOG_READ: _ANY,
    Action.ACCESS_LOG_PRINT: _ANY,
    Action.DEADLINE_EXCUSE: _ANY,
    Action.CALENDAR_EDIT: _ANY,
    Action.VIOLENCE_LOG_READ: _ANY,
    Action.VIOLENCE_LOG_EXPORT: _ANY,
    Action.PEOPLE_ADD: _ANY,
    Action.PEOPLE_EDIT: _ANY,
    Action.PEOPLE_HEALTH: _ANY,
    Action.ROSTER_IMPORT: _ANY,
    Action.PHOTO_EDIT: _ANY,
    Action.CASELOAD_EDIT: _ANY,
    Action.YEAR_ROLLOVER: _ANY,
    Action.ACCOUNT_ADD: _ANY,
    Action.ACCOUNT_CLOSE: _OTHERS,
    Action.ACCOUNT_OPEN: _OTHERS,
    Action.ACCOUNT_SET_ROLE: _OTHERS,
    Action.ACCOUNT_RESET_PASSWORD: _OTHERS,
    Action.RECOVERY_KEY_REPLACE: _ANY,
    Action.KEY_CHANGE: _ANY,
    Action.BACKUP_MAKE: _ANY,
    Action.BACKUP_RESTORE: _ANY,
    Action.LOG_READ: _ANY,
    Action.LOG_VERIFY: _ANY,
    Action.ANCHOR_SLIP: _ANY,
    Action.TRAIL_ACCEPT: _ANY,
    Action.SCHOOL_EDIT: _ANY,
    Action.TRAINING_LIST_EDIT: _ANY,
}

_AUDITOR: dict[Action, tuple[Grant, ...]] = {
    **_EVERYBODY,
    Action.RECORD_READ: _ANY,
    Action.NOTICE_READ: _ANY,
    Action.ATTACHMENT_READ: _ANY,
    Action.COPY_LOG_READ: _ANY,
    Action.ACCOUNT_LIST: _ANY,
    Action.TEXT_SEARCH: _ANY,
    Action.DEADLINE_READ: _ANY,
    Action.CALENDAR_READ: _ANY,
    Action.ACCESS_LOG_READ: _ANY,
    Action.VIOLENCE_LOG_READ: _ANY,
    Action.LOG_READ: _ANY,
    Action.LOG_VERIFY: _ANY,
    Action.LOG_EXPORT: _ANY,
    Action.ANCHOR_SLIP: _ANY,
    Action.HEALTH_TOTALS: _ANY,
}

_TABLE: Mapping[Role, Mapping[Action, tuple[Grant, ...]]] = MappingProxyType(
    {
        Role.TECHNICIAN: _with(_TECHNICIAN, _OWN_RISK_REPORT),
        Role.FRONT_OFFICE: _with(_FRONT_OFFICE, _OWN_RISK_REPORT),
        Role.NURSE: _with(_NURSE, _OWN_RISK_REPORT),
        Role.ADMINISTRATOR: _with(_with(_ADMINISTRATOR, _EVERY_RISK_REPORT), _EMPLOYERS_PART),
        Role.AUDITOR: _AUDITOR,  # risk reports can be privileged: no auditor of records reads them
    }
)


def may(
    role: Role | str,
    action: Action,
    *,
    own: bool = False,
    part: str | None = None,
    form: str | None = None,
    recent: bool = True,
    injury: bool = False,
) -> bool:
    """May somebody of that role do this? The circumstances are those of `Case`.

    `part` is the part of the record concerned (report, statement, nurse, review, follow_up,
    debrief); "statement" stands for each of them. `form` is the record's form; without one only
    what holds for every form of the education record is granted. An unknown role may do nothing.
    """
    try:
        grants = _TABLE[Role(role)].get(action, ())
    except ValueError:
        return False
    case = Case(own, part, form, recent, injury)
    return any(grant.covers(case) for grant in grants)


def may_some(role: Role | str, action: Action) -> bool:
    """May somebody of that role do this in any circumstance at all? For what is offered at all
    (the button, the place in the rail); the deed itself asks `may`."""
    try:
        return bool(_TABLE[Role(role)].get(action))
    except ValueError:
        return False


def covered_forms(role: Role | str, action: Action, *, own: bool = False) -> frozenset[str]:
    """The forms for which that role may do this with records that are (or are not) its own."""
    return frozenset(form for form in FORMS if may(role, action, own=own, form=form))
