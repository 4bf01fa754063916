"""Matches a table's header to the columns of OneRoster, forgiving how exporters really write it.

Capitals, spaces, marks between words, a short list of misspellings seen in the field, and one or
two wrong letters are forgiven; a guess is noted. A column of passwords gets no place at all, so
nothing can ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "manifest": ("propertyName", "value"),
    "orgs": ("sourcedId", "status", "name", "type", "identifier", "parentSourcedId"),
    "users": (
        "sourcedId", "status", "dateLastModified", "enabledUser", "orgSourcedIds", "role",
        "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email",
        "sms", "phone", "agentSourcedIds", "grades", "userMasterIdentifier",
        "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
        "primaryOrgSourcedId", "pronouns",
    ),
    "roles": (
        "sourcedId", "status", "dateLastModified", "userSourcedId", "roleType", "role",
        "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId",
    ),
    "demographics": ("sourcedId", "status", "dateLastModified", "birthDate", "sex"),
    "classes": (
        "sourcedId", "status", "dateLastModified", "title", "grades", "courseSourcedId",
        "classCode", "classType", "location", "schoolSourcedId", "termSourcedIds",
    ),
    "enrollments": (
        "sourcedId", "status", "dateLastModified", "classSourcedId", "schoolSourcedId",
        "userSourcedId", "role", "primary", "beginDate", "endDate",
    ),
}  # fmt: skip
"""The columns that are known by table (OneRoster 1.1 and 1.2 CSV); passwords are left out."""

ALIASES: Mapping[str, str] = {
    "prefferedgivenname": "preferredGivenName",
    "prefferedmiddlename": "preferredMiddleName",
    "prefferedfamilyname": "preferredFamilyName",
    "preferredname": "preferredGivenName",
    "preferredfirstname": "preferredGivenName",
    "preferredlastname": "preferredFamilyName",
    "datalastmodified": "dateLastModified",
    "firstname": "givenName",
    "lastname": "familyName",
    "surname": "familyName",
    "agentsourcedid": "agentSourcedIds",
    "agents": "agentSourcedIds",
    "grade": "grades",
    "orgsourcedid": "orgSourcedIds",
    "dob": "birthDate",
    "dateofbirth": "birthDate",
    "birthday": "birthDate",
    "enabled": "enabledUser",
    "mobile": "sms",
    "usersourceid": "userSourcedId",
    "sourceid": "sourcedId",
}
"""Headers seen in the field, letters only and lower case; used where the right one is missing."""

_PASSWORD = re.compile(r"pass(word|wd|wrd|code|phrase)|^pwd|pwd$|^pw$|secret|credential")
_SOCIAL = frozenset(("ssn", "studentssn", "ssnumber", "ss"))
_NOT_A_LETTER = re.compile(r"[^a-z0-9]")
_LONG_ENOUGH_TO_GUESS = 8


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands. `raw` is the header in lower case, `notes` are (column, reason).

    `width` is how many cells a row must have; it may have up to `most`, where the header ends in
    names left empty.
    """

    places: Mapping[str, int]
    width: int
    most: int
    raw: list[str]
    notes: tuple[tuple[str, str], ...]


def match_header(cells: Sequence[str], table: str) -> Header:
    """Returns the places of the known columns of `table` in the header `cells`."""
    tables = ("userprofiles", "roles") if table == "userprofiles" else (table,)
    known = {column.lower(): column for name in tables for column in COLUMNS.get(name, ())}
    letters = [_NOT_A_LETTER.sub("", cell.lower()) for cell in cells]
    open_places = [i for i, name in enumerate(letters) if name and not _PASSWORD.search(name)]
    places: dict[str, int] = {}
    for i in list(open_places):
        column = known.get(letters[i])
        if column is not None:
            open_places.remove(i)
            places.setdefault(column, i)
    notes = _guess(open_places, letters, known, places)
    return Header(
        places,
        _width(letters),
        len(letters),
        [cell.strip().lower() for cell in cells],
        tuple(notes),
    )


def is_secret(header: str) -> bool:
    """Whether a column of that name holds passwords or social security numbers: never read."""
    letters = _NOT_A_LETTER.sub("", header.lower())
    return bool(_PASSWORD.search(letters)) or letters in _SOCIAL or "socialsecurity" in letters


def _guess(
    open_places: Sequence[int],
    letters: Sequence[str],
    known: Mapping[str, str],
    places: dict[str, int],
) -> list[tuple[str, str]]:
    notes = []
    for i in open_places:
        column = _nearest(letters[i], known)
        if column is None or column in places:
            continue
        places[column] = i
        notes.append(
            (
                column,
                f"Column {i + 1} of the header is not spelled as OneRoster has it; "
                f"it was read as {column}.",
            )
        )
    return notes


def _nearest(name: str, known: Mapping[str, str]) -> str | None:
    alias = ALIASES.get(name)
    if alias is not None and alias.lower() in known:
        return alias
    if len(name) < _LONG_ENOUGH_TO_GUESS:
        return None
    close = [column for key, column in known.items() if _one_letter_off(name, key)]
    return close[0] if len(close) == 1 else None


def _one_letter_off(one: str, other: str) -> bool:
    """One letter added, missing, changed, or two neighbors swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _width(letters: Sequence[str]) -> int:
    """The length of the header without the names left empty at its end."""
    width = len(letters)
    while width and not letters[width - 1]:
        width -= 1
    return width
