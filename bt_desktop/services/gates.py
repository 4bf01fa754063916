"""What stops a paper about a student from reaching somebody, and who may release it all the same.

Rule R31 of the health office's list, as it stands in the domain notes: custody or no-contact flag
on the chosen recipient, a student of 18, sensitive services. The same gates stand before every
paper for parents, before its draft and before its reprint (docs/decisions/0019).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bt_desktop.models import people as tables
from bt_desktop.security.permissions import Action
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.problems import CopyRefused, ReasonNeeded
from bt_desktop.services.results.people import Guardian, Stop

if TYPE_CHECKING:
    from bt_desktop.services.record_rights import Rights

OF_AGE = 18
"""Years from which the rights over the record are the student's own (34 CFR 99.3 and 99.5(a),
unverified; see `restraint-and-records` §4.2)."""

REASON_AT_LEAST = 10
_WHO = "An administrator may release it, with a reason that stays with the copy."

NO_CONTACT = Stop(
    "no-contact",
    "There is a no-contact order or note for this person.",
    _WHO,
)
NO_COPIES = Stop(
    "no-copies",
    "This person may not receive copies about this student.",
    _WHO,
)
CUSTODY = Stop(
    "custody",
    "A custody note stands beside this person. It has to be read before anything goes out.",
    _WHO,
)
CUSTODY_ALERT = Stop(
    "custody-alert",
    "This student has a custody alert that does not say which guardian it is about.",
    "An administrator reads the alert and decides once for this person, with a reason that stays "
    "with the copy. Or put the note beside the guardian whom it is about.",
)
ADULT = Stop(
    "adult",
    "The student is 18 or older, so the rights over this record are the student's own.",
    "Hand it to the student. With the student's consent on file, an administrator may release it "
    "to a parent, with a reason that stays with the copy.",
)
SENSITIVE = Stop(
    "sensitive",
    "This student gets services that a parent may not be told of, so no paper goes out by itself.",
    _WHO,
)
SENSITIVE_MEDICINE = Stop(
    "sensitive",
    "This medicine may be a service that a minor may consent to, so no paper about it goes out by "
    "itself.",
    _WHO,
)


def pair_stops(pair: tables.Guardianship) -> tuple[Stop, ...]:
    """What stands against this guardian of this student, whatever the day and the record."""
    flags = (
        (pair.no_contact, NO_CONTACT),
        (not pair.may_receive_copies, NO_COPIES),
        (bool(pair.custody_note.strip()), CUSTODY),
    )
    return tuple(stop for flag, stop in flags if flag)


def recipients(
    student: tables.Student,
    guardians: Iterable[Guardian],
    today: date,
    *,
    decided: Collection[str] = (),
    tell_alert: bool = False,
) -> tuple[Guardian, ...]:
    """Who could get a paper about this student today, with all that stands against each.

    A student of 18 comes first, as the one whose record it is. A custody alert of the student
    stops every guardian, unless a flag beside one of them says already whom it is about; those of
    `decided` (ids) an administrator has let pass since the alert reads as it does. `tell_alert`
    puts its words beside whom it stops, for who decides.
    """
    guardians = tuple(guardians)
    adult = is_of_age(student.birth_date, today)
    flagged = any(one.stops for one in guardians)
    alert = alert_of(student)
    vague = bool(alert) and not flagged

    def looked_at(one: Guardian) -> Guardian:
        asks = vague and one.id not in decided
        common = ((adult, ADULT), (student.sensitive, SENSITIVE), (asks, CUSTODY_ALERT))
        more = tuple(stop for flag, stop in common if flag)
        return _stopped(one, (*one.stops, *more), alert if asks and tell_alert else "")

    found = sorted(map(looked_at, guardians), key=lambda one: not one.allowed)
    return (_own_record(student), *found) if adult else tuple(found)


def held_back(guardians: Iterable[Guardian], stop: Stop) -> tuple[Guardian, ...]:
    """The same people, with one more thing that stands against each parent or guardian; the
    student of 18 is not stopped by it."""
    return tuple(
        one
        if one.id.startswith("student:") or stop.code in {each.code for each in one.stops}
        else _stopped(one, (*one.stops, stop), one.alert)
        for one in guardians
    )


def alert_of(student: tables.Student) -> str:
    """The words of the custody alert, on one line; blank where there is none."""
    return " ".join(student.custody_alert.split())


def alert_digest(alert: str) -> str:
    """The SHA-256 (hex) of an alert's words: a decision holds for these, not for others."""
    return hashlib.sha256(alert.encode("utf-8")).hexdigest()


def is_of_age(birth_date: date | None, today: date) -> bool:
    """Whether somebody born then is 18 on that day; born on 29 February, on 1 March."""
    if birth_date is None:
        return False
    born = (birth_date.month, birth_date.day)
    return today.year - birth_date.year - ((today.month, today.day) < born) >= OF_AGE


def _stopped(guardian: Guardian, stops: tuple[Stop, ...], alert: str) -> Guardian:
    why = " ".join(stop.why for stop in stops)
    return replace(guardian, allowed=not stops, why_not=why, stops=stops, alert=alert)


def _own_record(student: tables.Student) -> Guardian:
    """The student, who holds the rights."""
    return Guardian(
        id=f"student:{student.id}",
        name=whole_name(student),
        given=student.preferred or student.given,
        family=student.family,
        relation="the student, 18 or older",
        language=student.home_language,
        needs_interpreter=False,
        may_receive_copies=True,
        no_contact=False,
        custody_note="",
        phone=student.phone,
        email="",
        allowed=True,
    )


def released(guardian: Guardian, rights: Rights, reason: str) -> dict[str, Any] | None:
    """What is kept with the copy where a flag was overridden; None where nothing stands against it.

    Raises CopyRefused where something does and no reason is given, Denied where the person may
    not decide this, ReasonNeeded where the reason is too short to tell anything.
    """
    if not guardian.stops:
        return None
    reason = " ".join(reason.split())
    if not reason:
        first = guardian.stops[0]
        raise CopyRefused("recipient-refused", guardian.why_not, first.who)
    rights.require(Action.PARENT_COPY_OVERRIDE)
    if len(reason) < REASON_AT_LEAST:
        raise ReasonNeeded(REASON_AT_LEAST)
    kept = {
        "stops": [stop.code for stop in guardian.stops],
        "reason": reason,
        "by": rights.context.actor.staff_id,
    }
    if CUSTODY_ALERT in guardian.stops:
        kept["alert"] = alert_digest(guardian.alert)
    return kept
