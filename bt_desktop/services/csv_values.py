"""Single cells of a school's table as people and systems really write them.

A function gives the value, or None where the cell is not understood; a blank cell never gets here.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from bt_desktop.services.names import fold
from bt_desktop.services.roster_values import DayOrder, parse_date, parse_grade

_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
_PARTICLES = frozenset((
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "las", "le", "los", "van",
    "von", "der", "den", "ter", "bin", "ibn", "al", "el", "st", "san",
))  # fmt: skip
_CALLED = re.compile(r"\s*[(\"“”]\s*([^()\"“”]{1,60}?)\s*[)\"“”]\s*")
_YES = frozenset((
    "yes", "y", "true", "t", "1", "x", "✓", "✔", "si", "on", "active", "current", "eligible",
))  # fmt: skip
_NO = frozenset(("no", "n", "false", "f", "0", "none", "n/a", "na", "-", "—", "off", "null", "nil"))
_NOTHING = frozenset(("none", "n/a", "na", "-", "—", "null", "nil", "no known", "nka", "nkda",
                      "none known", "no known allergies", "#n/a"))  # fmt: skip
_NO_NAME = frozenset(("n/a", "#n/a", "-", "—"))
_PLANS = {
    "iep": "iep", "sped": "iep", "specialed": "iep", "specialeducation": "iep",
    "504": "section_504", "section504": "section_504", "504plan": "section_504",
    "bip": "bip_iep", "bsp": "bip_iep", "behaviorplan": "bip_iep", "bipiep": "bip_iep",
    "behaviorinterventionplan": "bip_iep", "behaviorsupportplan": "bip_iep",
}  # fmt: skip
_LANGUAGES = {
    "english": "en", "spanish": "es", "espanol": "es", "vietnamese": "vi", "hmong": "hmn",
    "russian": "ru", "arabic": "ar", "chinese": "zh", "mandarin": "zh", "cantonese": "yue",
    "punjabi": "pa", "panjabi": "pa", "tagalog": "tl", "filipino": "tl", "korean": "ko",
    "portuguese": "pt", "french": "fr", "german": "de", "farsi": "fa", "persian": "fa",
    "armenian": "hy", "ukrainian": "uk", "japanese": "ja", "khmer": "km", "hindi": "hi",
    "urdu": "ur", "somali": "so", "haitian creole": "ht", "american sign language": "ase",
    "eng": "en", "spa": "es", "vie": "vi", "rus": "ru", "ara": "ar", "zho": "zh", "chi": "zh",
    "pan": "pa", "tgl": "tl", "kor": "ko", "por": "pt", "fra": "fr", "fas": "fa", "ukr": "uk",
}  # fmt: skip
"""Names and three-letter codes (ISO 639-2) to the codes that the forms and papers use."""

_RELATIONS = {
    "m": "mother", "mom": "mother", "mother": "mother", "stepmother": "mother",
    "f": "father", "dad": "father", "father": "father", "stepfather": "father",
    "g": "guardian", "guardian": "guardian", "legal guardian": "guardian",
    "fp": "foster parent", "foster": "foster parent", "foster parent": "foster parent",
    "gm": "grandparent", "gf": "grandparent", "grandmother": "grandparent",
    "grandfather": "grandparent", "grandparent": "grandparent",
}  # fmt: skip
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?$")
_TEXTED = re.compile(r'^="([^"]*)"$')
_NUMBER_TAIL = re.compile(r"^(\d+)\.0+$")
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?E\+\d+$", re.IGNORECASE)
_ORDINAL = re.compile(r"^(?:grade\s*)?(\d{1,2})\s*(?:st|nd|rd|th)?(?:\s*grade)?$", re.IGNORECASE)
_SEVERAL = re.compile(r"[,;/|+&]| and ")
_EXCEL_ZERO = date(1899, 12, 30)
"""Day 0 of spreadsheets, as they count since 1900 with a leap day too many."""

LONGEST_NAME, LONGEST_TEXT = 200, 2000


class Name(NamedTuple):
    """A name taken apart. `sure` is False where its parts were guessed."""

    given: str
    middle: str
    family: str
    called: str = ""
    sure: bool = True


def untexted(cell: str) -> str:
    """A number kept as text for a spreadsheet (`="00123"`, `'00123`) without what kept it so."""
    if found := _TEXTED.match(cell):
        return found[1].strip()
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1].isalnum() else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute this instead of showing it."""
    return cell[:1] in ("=", "@") or cell.startswith(("+cmd", "-cmd", "|"))


def says_nothing(cell: str, *, name: bool = False) -> bool:
    """`None`, `N/A`, `-`: written where a cell could have been left blank.

    Where a family or given name stands (`name`), only signs say nothing: people are called Na, Nil
    and Null.
    """
    return cell.casefold() in (_NO_NAME if name else _NOTHING)


def name_of(text: str) -> Name | None:
    """`Brooks, Aaliyah Rose (Lia)`, `Brooks Jr., Sam`, `Sam De La Cruz` -> its parts."""
    called = ""
    if found := _CALLED.search(text):
        called, text = found[1], " ".join(_CALLED.sub(" ", text).split())
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        return None
    if len(parts) > 1:
        family, rest = parts[0], parts[1:]
        if fold(rest[0]).strip(".") in _SUFFIXES and len(rest) > 1:
            family, rest = f"{family} {rest[0]}", rest[1:]
        given, *middle = " ".join(rest).split()
        return Name(given, " ".join(middle), family, called)
    words = text.split()
    if len(words) == 1:
        return Name("", "", words[0], called, sure=False)
    for at, word in enumerate(words[1:-1], start=1):
        if fold(word) in _PARTICLES:
            return Name(words[0], " ".join(words[1:at]), " ".join(words[at:]), called)
    if fold(words[-1]).strip(".") in _SUFFIXES and len(words) > 2:
        words[-2:] = [f"{words[-2]} {words[-1]}"]
    return Name(words[0], " ".join(words[1:-1]), words[-1], called, sure=len(words) == 2)


def turned(text: str) -> str:
    """A teacher's name in reading order: `Raman, Priya` -> `Priya Raman`."""
    if "," not in text:
        return text
    found = name_of(text)
    return " ".join(filter(None, (found.given, found.family))) if found else text


def yes_or_no(text: str) -> bool | None:
    """Yes, no, or None where it is neither."""
    word = text.casefold().strip(" .")
    if word in _YES:
        return True
    return False if word in _NO else None


def plans_of(text: str) -> tuple[frozenset[str], bool]:
    """(the plans that a cell names, whether every word of it was understood)."""
    found, clear = set(), True
    for part in _SEVERAL.split(text):
        word = re.sub(r"[^a-z0-9]", "", fold(part))
        if word in _PLANS:
            found.add(_PLANS[word])
        elif word and yes_or_no(part) is not False:
            clear = False
    return frozenset(found), clear


def language_of(text: str) -> str | None:
    """`Spanish` -> `es`; a name that is not known stays; a bare number is a code of the system."""
    word = fold(text).strip()
    if word.isdigit():
        return None
    return _LANGUAGES.get(word, text)


def relation_of(text: str) -> str:
    """`Mom` -> `mother`; what is not known stays as it is written."""
    return _RELATIONS.get(fold(text).strip(" ."), text.casefold())


def phone_of(text: str) -> str | None:
    """A phone as it is written, where it has the digits of one."""
    digits = sum(c.isdigit() for c in text)
    return text if 7 <= digits <= 40 and len(text) <= 80 else None


def email_of(text: str) -> str | None:
    """The first address of the cell."""
    found = _EMAIL.search(text)
    return found[0] if found and len(found[0]) <= 254 else None


def number_of(text: str) -> str | None:
    """A student number; None where a spreadsheet has spoiled it (`1.23E+08`)."""
    text = untexted(text)
    if _SCIENTIFIC.match(text):
        return None
    if found := _NUMBER_TAIL.match(text):
        text = found[1]
    return text if len(text) <= 40 else None


def grade_of(text: str) -> str:
    """`4th`, `Grade 04` -> `4`, `KG` -> `K`; an unknown word stays as it is."""
    found = _ORDINAL.match(text)
    return parse_grade(found[1] if found else text)


def birth_date_of(text: str, order: DayOrder, today: date) -> tuple[date | None, bool]:
    """(birth date or None, whether day and month could be the other way round)."""
    if found := _SERIAL.match(text):
        return _EXCEL_ZERO + timedelta(days=int(found[1])), False
    born, either = parse_date(text, order)
    if born is not None and born > today and born.year >= 2000:
        try:
            born = born.replace(year=born.year - 100)  # two digits: 98 is 1998
        except ValueError:
            return None, False
    return born, either
