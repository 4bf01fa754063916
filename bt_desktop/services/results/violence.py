"""The log of violent incidents as the services hand it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ViolentLine:
    """One line of the log: words only, nobody can be told from it.

    `number` is `2026-3`; `day` is the day of the incident, `time` blank where nobody knows it.
    `author` is the title alone where the author took part. `keep_until` is the last day on which
    the line must still be there.
    """

    number: str
    day: date
    time: str
    place: str
    area: str
    type: str
    by: str
    characteristics: tuple[str, ...]
    circumstances: tuple[str, ...]
    consequences: tuple[str, ...]
    description: str
    author: str
    written_on: date
    keep_until: date
