"""Reads the mapped columns of a table into people: each cell understood, or told with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from bt_desktop.services import csv_values as cells
from bt_desktop.services.csv_fields import GROUPS, IGNORE, label_of, lacking
from bt_desktop.services.csv_model import Cell, CsvChoice, CsvSet, ToldGuardian, ToldPerson
from bt_desktop.services.csv_table import OpenTable
from bt_desktop.services.roster_columns import is_secret
from bt_desktop.services.roster_table import Reading
from bt_desktop.services.roster_values import DayOrder, day_order, looks_mangled
from bt_desktop.services.work_progress import Progress

_OLDEST = date(1990, 1, 1)
_EVERY = 100  # rows between two looks at whether to go on
_NAMES = ("given", "middle", "family", "preferred")
_FLAGS = ("sensitive", "needs_interpreter", "no_contact", "may_receive")
_GONE = frozenset((
    "inactive", "withdrawn", "transferred", "transferred out", "exited", "left", "graduated",
    "dropped", "no show", "disenrolled", "2", "3", "-1",
))  # fmt: skip
"""Words and codes by which tables say that a student is not here any more."""
_HERE = frozenset(("active", "enrolled", "current", "pre-registered", "0", ""))

_CODE_LANGUAGE = (
    "This language is a code of the system it came from. It was left out; export its name."
)
_TEXTS: Mapping[str, tuple[Callable[[str], str | None], str]] = {
    "student_number": (
        cells.number_of,
        "A spreadsheet has spoiled this student number. It was left out.",
    ),
    "phone": (cells.phone_of, "This is no phone number. It was left out."),
    "email": (cells.email_of, "This is no email address. It was left out."),
    "home_language": (cells.language_of, _CODE_LANGUAGE),
    "language": (cells.language_of, _CODE_LANGUAGE),
    "grade": (cells.grade_of, ""),
    "relation": (cells.relation_of, ""),
    "teacher": (cells.turned, ""),
}
"""How the text of a cell is understood, and what is said where it is not."""


def read_table(
    table: OpenTable, choice: CsvChoice, told: CsvSet, today: date, progress: Progress
) -> None:
    """Adds what the rows say to `told`; every row and cell not understood to its problems."""
    used = [
        (place, key)
        for place, (key, column) in enumerate(zip(choice.fields, table.columns, strict=True))
        if key != IGNORE and not is_secret(column)
    ]
    reading = table.reading([place for place, _ in used])
    rows = list(reading.rows())
    progress.begin(len(rows))
    keys = [key for _, key in used]
    order = _order(choice, keys, rows)
    for number, (line, row) in enumerate(rows):
        if number % _EVERY == 0:
            progress.step(min(_EVERY, len(rows) - number))
        reader = _Row(reading, line, choice, order, today)
        person = reader.person(dict(zip(keys, row, strict=True)))
        if person is None:
            continue
        {"students": told.students, "contacts": told.contacts, "staff": told.staff}[
            choice.kind
        ].append(person)
    told.problems += reading.problems
    told.lost = told.lost or reading.damaged or bool(reading.lost_ids)
    told.has_rooms = told.has_rooms or bool({"teacher", "homeroom"} & set(keys))


def unsure_date(table: OpenTable, choice: CsvChoice) -> str:
    """A birth date of the table that could be read in two ways, where its column does not tell."""
    if "birth_date" not in choice.fields or lacking(choice.fields, choice.kind):
        return ""
    place = choice.fields.index("birth_date")
    texts = [row[0] for _, row in table.reading([place, place]).rows()]
    if day_order(texts) != "unknown":
        return ""
    for text in texts:
        born, either = cells.birth_date_of(text, "unknown", date.max)
        if born is not None and either:
            return text
    return ""


def _order(
    choice: CsvChoice, keys: Sequence[str], rows: Sequence[tuple[int, tuple[str, ...]]]
) -> DayOrder:
    """What the column itself shows; else what the person said."""
    for key in ("birth_date", "left_on"):
        if key in keys:
            shown = day_order(row[keys.index(key)] for _, row in rows)
            if shown != "unknown":
                return shown
    return choice.date_order or "unknown"


class _Row:
    """One row being read."""

    def __init__(
        self, reading: Reading, line: int, choice: CsvChoice, order: DayOrder, today: date
    ) -> None:
        self._reading, self._line = reading, line
        self._kind, self._order, self._today = choice.kind, order, today
        self._asked = choice.date_order != ""
        self._group = ""

    def person(self, row: dict[str, str]) -> ToldPerson | None:
        """Who stands in the row; None (and a problem) where that cannot be said."""
        found = ToldPerson(self._reading.table.file, self._line)
        written = list(self._written(row))
        for key, text in written:
            if "." not in key and not self._take(found, key, text):
                return None
        found.guardians = list(self._guardians(written))
        named = bool(found.values.get("family") or found.values.get("given"))
        if self._kind == "contacts" and not found.guardians:
            self._problem("no-guardian", "This row names no guardian, so it was not taken.")
            return None
        if self._kind != "staff":
            named = named or "student_number" in found.values
        if not named:
            self._problem("no-name", "This row has no name, so it was not taken.")
            return None
        return found

    def _written(self, row: dict[str, str]) -> Iterator[tuple[str, str]]:
        for key, raw in row.items():
            text = cells.untexted(raw)
            name = key.rpartition(".")[2] in ("family", "given")
            if text and not cells.says_nothing(text, name=name):
                yield key, text

    def _take(self, found: ToldPerson, key: str, text: str) -> bool:
        """Takes a cell; False where the whole row is refused."""
        if cells.is_formula(text):
            is_name = key in ("name", *_NAMES)
            self._problem(
                "formula",
                "This cell is a formula of a spreadsheet. "
                + ("The row was not taken." if is_name else "It was left blank."),
                key,
            )
            return not is_name
        if key in ("name", *_NAMES):
            return self._take_name(found, key, text)
        if key.startswith("plan"):
            self._take_plan(found, key, text)
        elif key == "status":
            self._take_status(found, text)
        elif key == "left_on":
            gone, _ = cells.birth_date_of(text, self._order, date.max)
            found.left = found.left or (gone is not None and gone <= self._today)
        elif key in ("homeroom", "case_manager"):
            setattr(found, "manager" if key == "case_manager" else key, cells.turned(text)[:200])
        else:
            value = self._value(key, text)
            if value is not None:
                found.values[key] = value
        return True

    def _take_name(self, found: ToldPerson, key: str, text: str) -> bool:
        if len(text) > cells.LONGEST_NAME:
            self._problem("name-too-long", "This name is too long. The row was not taken.", key)
            return False
        if looks_mangled(text):
            self._problem(
                "mangled",
                "This name seems to have lost its accents in the export. It was taken as it "
                "stands; correct it after the import.",
                key,
                taken=True,
            )
        if key != "name":
            found.values[key] = text
            return True
        name = cells.name_of(text)
        if name is None:
            return True
        if not name.sure:
            self._problem(
                "name-guessed",
                "Which part of this name is the last name was guessed. Check it.",
                key,
                taken=True,
            )
        parts = {"given": name.given, "middle": name.middle, "family": name.family,
                 "preferred": name.called}  # fmt: skip
        for part, value in parts.items():
            if value:
                found.values.setdefault(part, value)
        return True

    def _take_plan(self, found: ToldPerson, key: str, text: str) -> None:
        named, clear = cells.plans_of(text)
        if key == "plans":
            found.yes |= named
            if not clear:
                self._problem(
                    "plan-unknown", "Not every plan in this cell is known here.", key, taken=True
                )
            return
        plan = {"plan_iep": "iep", "plan_504": "section_504", "plan_bip": "bip_iep"}[key]
        said = cells.yes_or_no(text)
        if said is None and plan in named:
            said = True
        if said is None:
            self._problem(
                "not-yes-or-no", "This is neither yes nor no. It was left as it is here.", key
            )
        else:
            (found.yes if said else found.no).add(plan)

    def _take_status(self, found: ToldPerson, text: str) -> None:
        word = text.casefold().strip(" .")
        if word in _GONE or (word not in _HERE and cells.yes_or_no(text) is False):
            found.left = True
        elif word not in _HERE and cells.yes_or_no(text) is None:
            self._problem(
                "unknown-status",
                "This status is not known here. The person was taken as active.",
                "status",
                taken=True,
            )

    def _value(self, key: str, text: str) -> Cell | None:
        """The value of a cell; None and a problem where it is not understood."""
        if key == "birth_date":
            return self._born(text)
        if key in _FLAGS:
            said = cells.yes_or_no(text)
            if said is None:
                self._problem(
                    "not-yes-or-no", "This is neither yes nor no. It was left as it is here.", key
                )
            return said
        understand, why = _TEXTS.get(key, (str, ""))
        value = understand(text)
        if value is None:
            self._problem(f"no-{key.replace('_', '-')}", why, key)
        elif len(value) > cells.LONGEST_TEXT:
            self._problem("too-long", "This text is too long. It was left out.", key)
            return None
        return value

    def _born(self, text: str) -> date | None:
        born, either = cells.birth_date_of(text, self._order, self._today)
        if born is None or not _OLDEST <= born < self._today:
            self._problem(
                "no-date",
                "The birth date is not a date that can be read, or cannot be a student's. It was "
                "left blank.",
                "birth_date",
            )
            return None
        if either and not self._asked:
            self._problem(
                "day-or-month",
                "Day and month of this birth date could be the other way round.",
                "birth_date",
                taken=True,
            )
        return born

    def _guardians(self, written: Iterable[tuple[str, str]]) -> Iterator[ToldGuardian]:
        """The guardians of the row, by the groups of its columns."""
        groups: dict[str, dict[str, str]] = {}
        for key, text in written:
            group, _, part = key.partition(".")
            if part:
                groups.setdefault(group, {})[part] = text
        for group, parts in groups.items():
            made = self._guardian(group, parts)
            if made is not None:
                yield made

    def _guardian(self, group: str, parts: dict[str, str]) -> ToldGuardian | None:
        holder = ToldPerson("", self._line)
        self._group = f"{group}."
        whole = all(self._take(holder, part, text) for part, text in parts.items())
        self._group = ""
        if not whole:
            return None
        values = holder.values
        implied = "" if self._kind == "contacts" else GROUPS[group][1]
        if implied and "relation" not in values:
            values["relation"] = implied
        if values.get("family") or values.get("given"):
            return ToldGuardian(values, self._reading.table.file, self._line)
        if {"phone", "email"} & set(values):
            self._problem("guardian-without-name", "This guardian has no name and was not taken.")
        return None

    def _problem(self, code: str, reason: str, key: str = "", *, taken: bool = False) -> None:
        column = label_of(f"{self._group}{key}", self._kind)
        said = f"{column}: {reason}" if column else reason
        self._reading.problem(self._line, code, said, column, taken=taken)
