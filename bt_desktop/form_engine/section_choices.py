"""The list of choices that no form needs to write: its own sections of the report.

A question with `choices: report_sections` (about which section is this remark?) is answered with
the name of a section and shows its label.
"""

from __future__ import annotations

from bt_desktop.form_engine.definition import Choice
from bt_desktop.form_engine.reading import Reading
from bt_desktop.form_engine.yaml_tree import Row, Table, Tree, Word

SECTIONS = "report_sections"
_REPORT = "report"


def is_asked_for(form: Table) -> bool:
    """Whether a question of the form's tree takes its choices from this list."""
    return any(
        _word(field, "choices") == SECTIONS for section in _rows(form) for field in _fields(section)
    )


def section_choices(reading: Reading, form: Table) -> tuple[Choice, ...]:
    """The sections of the report, in reading order; faults in them are told where they are read."""
    return tuple(
        Choice(_word(section, "name"), reading.text(section, "label"))
        for section in _rows(form)
        if _word(section, "part") in ("", _REPORT) and _word(section, "name")
    )


def _rows(form: Table) -> list[Table]:
    return _tables(form.get("sections"))


def _fields(section: Table) -> list[Table]:
    return _tables(section.get("fields"))


def _tables(tree: Tree | None) -> list[Table]:
    return [item for item in tree.items if isinstance(item, Table)] if isinstance(tree, Row) else []


def _word(table: Table, key: str) -> str:
    found = table.get(key)
    return found.text if isinstance(found, Word) else ""
