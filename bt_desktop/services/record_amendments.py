"""The amendments of a record and its earlier versions, as a school's copy prints them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.paper.document import AmendedAnswer, Amendment, EarlierVersion
from bt_desktop.services import record_standing as standing
from bt_desktop.services.record_compare import compared, version_of
from bt_desktop.services.record_ink import signature_of
from bt_desktop.services.record_load import Frozen, Loaded
from bt_desktop.services.record_parts import REVIEW, part_of
from bt_desktop.services.record_people import thawed

_RETURNED = "Returned to its author"


def amendments_of(session: Session, loaded: Loaded, clock: Clock) -> tuple[Amendment, ...]:
    """Every amendment, and every review that sent the report back, oldest signature first."""
    found = [
        made
        for versions in loaded.versions.values()
        for one in versions
        if (made := _amendment(session, loaded, clock, one)) is not None
    ]
    return tuple(sorted(found, key=lambda one: one.at))


def _amendment(session: Session, loaded: Loaded, clock: Clock, frozen: Frozen) -> Amendment | None:
    version = version_of(frozen)
    if version.kind:
        changes = _changes(session, loaded, clock, frozen)
        return _told(frozen, version.kind_words, version.reason, changes)
    superseded = frozen is not loaded.frozen[frozen.row.part_key]
    if frozen.row.part_key == REVIEW and superseded:
        remarks = standing.remarks_of(frozen.answers)
        return _told(frozen, _RETURNED, " ".join(one.text for one in remarks) or "No remarks.", ())
    return None


def _told(frozen: Frozen, kind: str, reason: str, changes: tuple[AmendedAnswer, ...]) -> Amendment:
    version = version_of(frozen)
    return Amendment(
        kind=kind,
        part=version.part_title,
        version=version.count,
        name=version.by_name,
        title=version.by_title,
        at=frozen.row.signed_at,
        reason=reason,
        happened_at=version.happened_at,
        changes=changes,
    )


def _changes(
    session: Session, loaded: Loaded, clock: Clock, frozen: Frozen
) -> tuple[AmendedAnswer, ...]:
    """What it changed, against the version that it amends."""
    key, count = frozen.row.part_key, frozen.row.count
    if frozen.in_error:
        return ()
    found = compared(session, loaded, clock, key, count - 1, count).changes
    return tuple(AmendedAnswer(line.question, line.old, line.new) for line in found)


def earlier_of(loaded: Loaded) -> tuple[EarlierVersion, ...]:
    """The versions that were replaced, part by part, oldest first."""
    return tuple(
        EarlierVersion(
            part=part_of(key),
            title=version_of(one).part_title,
            version=one.row.count,
            answers=one.whole,
            people={who: thawed(who, told) for who, told in one.told["people"].items()},
            signature=signature_of(one),
        )
        for key, versions in loaded.versions.items()
        for one in versions[:-1]
    )
