"""Which time zone a school's clocks are in: said, or told by the pack and the offset in use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo


def zone_named(name: str) -> tzinfo | None:
    """The zone of an IANA name (`America/Los_Angeles`); None where there is none of that name."""
    if not name or len(name) > 64:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_of(names: Sequence[str], seen: datetime | None) -> tzinfo | None:
    """The first of these zones that has the offset of a moment that was seen there.

    A moment in UTC tells nothing, so the first zone is taken. None where no zone fits: then only
    the moment's own offset is known, and no change of the clocks.
    """
    zones = [zone for name in names if (zone := zone_named(name)) is not None]
    if seen is None or seen.tzinfo is None or seen.utcoffset() == timedelta(0):
        return zones[0] if zones else None
    return next((zone for zone in zones if _fits(zone, seen)), None)


def _fits(zone: tzinfo, seen: datetime) -> bool:
    return seen.astimezone(zone).utcoffset() == seen.utcoffset()


def fixed(seen: datetime | None) -> tzinfo:
    """The bare offset of a moment; UTC where there is none."""
    return UTC if seen is None or seen.tzinfo is None else seen.tzinfo
