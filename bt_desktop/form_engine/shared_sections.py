"""Sections that several forms ask alike, kept once in `forms/shared/`, put where a form names them.

A form writes `- {include: parent_told}` among its sections; what else stands there (`label`,
`hint`, `guidance_hint`, `relevant`) takes the place of the shared section's own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bt_desktop.form_engine.reading import Reading
from bt_desktop.form_engine.suggestions import did_you_mean
from bt_desktop.form_engine.yaml_tree import Row, Table, Tree, Word

INCLUDE_FOLDER = "shared"
_INCLUDE = "include"
_CHANGED = ("label", "hint", "guidance_hint", "relevant")
_KEYS = ("shared", "sections")


def check_shared(reading: Reading, tree: Table) -> tuple[Tree, ...]:
    """The sections of a shared file; their questions are checked in each form that names them."""
    reading.keys(tree, _KEYS, "A file of shared sections")
    rows = tuple(reading.rows(tree, "sections"))
    if not rows:
        reading.fault(tree, "no-sections", "A file of shared sections needs “sections”.")
    return rows


def with_included(
    reading: Reading, form: Table, folder: Path, read: Callable[[Path], Table | None]
) -> Table:
    """The form's tree with every `include` replaced by the sections of that file in `folder`.

    `read` gives a file's tree and notes its faults. A name that is no file, or changes to several
    sections at once, are faults.
    """
    sections = form.get("sections")
    if not isinstance(sections, Row) or not any(map(_is_include, sections.items)):
        return form
    rows: list[Tree] = []
    for item in sections.items:
        if isinstance(item, Table) and _is_include(item):
            rows += _included(reading, item, folder, read)
        else:
            rows.append(item)
    out = Table(dict(form.items), form.file, form.line, dict(form.lines))
    out.items["sections"] = Row(rows, sections.file, sections.line)
    return out


def _is_include(tree: Tree) -> bool:
    return isinstance(tree, Table) and _INCLUDE in tree.items


def _included(
    reading: Reading, item: Table, folder: Path, read: Callable[[Path], Table | None]
) -> list[Tree]:
    reading.keys(item, (_INCLUDE, *_CHANGED), "An “include”")
    named = item.get(_INCLUDE)
    name = named.text if isinstance(named, Word) else ""
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if name not in known:
        hint = did_you_mean(name, known)
        reading.fault(
            item, "missing-file", f"There is no shared section “{name}”.{hint}", item.line
        )
        return []
    tree = read(folder / f"{name}.yaml")
    if tree is None:
        return []
    found = list(check_shared(reading, tree))
    changes = [key for key in _CHANGED if key in item.items]
    match found:
        case [Table() as only] if changes:
            return [_changed(only, item, changes)]
    if changes:
        reading.fault(
            item, "bad-include", "Only a file of one section can be changed where it is included."
        )
    return found


def _changed(section: Table, item: Table, changes: list[str]) -> Table:
    out = Table(dict(section.items), section.file, section.line, dict(section.lines))
    for key in changes:
        out.items[key] = item.items[key]
        out.lines[key] = item.line_of(key)
    return out
