"""Reads the health office's tables (`forms/medic*.yaml`), strictly: every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from bt_desktop import paths
from bt_desktop.form_engine.loader import FormFaults
from bt_desktop.form_engine.reading import Reading
from bt_desktop.form_engine.suggestions import did_you_mean
from bt_desktop.form_engine.yaml_tree import Fault, Row, Table, Unusable, Word, read_tree

Value = TypeVar("Value")
Read = Callable[["Rows", Table], Value]

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}\Z", re.ASCII)


class Rows(Reading):
    """A reading of one such file, row by row."""

    def code(self, row: Table, key: str = "code") -> str:
        """The code of a row: letters, digits, `_` and `-`; may be blank where it is written so."""
        tree = row.get(key)
        text = self.word(row, key)
        if tree is None and key not in row.items:
            self.fault(row, "missing-code", f"“{key}” is missing.")
        elif text and not _CODE.match(text):
            self.fault(
                row,
                "bad-code",
                f"“{text}” is no code. Use letters, digits, _ and -.",
                row.line_of(key),
            )
        return text

    def said(self, row: Table, key: str = "label") -> dict[str, str]:
        """A text that must be there, in English at least."""
        text = dict(self.text(row, key))
        if not text.get("en", "").strip():
            self.fault(row, "missing-text", f"“{key}” needs a text {{en: …}}.", row.line_of(key))
        return text

    def words(self, row: Table, key: str, known: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of words, each of `known`; one word alone counts as a list."""
        tree = row.get(key)
        if isinstance(tree, Word):
            items: list[Word] = [tree]
        else:
            items = []
            for one in self.rows(row, key) if tree is not None else ():
                if isinstance(one, Word):
                    items.append(one)
                else:
                    self.fault(one, "not-a-text", f"“{key}” must be a list of words.")
        for item in items:
            if known is not None and item.text not in known:
                self.unknown(item, key, item.text, known)
        return tuple(item.text for item in items)

    def unknown(self, at: Word | Row | Table, key: str, name: str, known: Collection[str]) -> None:
        """A fault for a word that is not among the known ones."""
        hint = did_you_mean(name, known) or f" It is one of: {', '.join(known)}."
        self.fault(at, "unknown-word", f"“{key}” cannot be “{name}”.{hint}")

    def each(self, table: Table, key: str, keys: Collection[str], what: str) -> Iterator[Table]:
        """The rows of a list of mappings, each held against the keys it may have."""
        for item in self.rows(table, key):
            row = self.table(item, what)
            if row is not None:
                self.keys(row, keys, what)
                yield row

    def by_code(self, key: str, found: Iterable[tuple[str, Table, Value]]) -> dict[str, Value]:
        """Values by their code; a fault for each that stands there twice."""
        kept: dict[str, Value] = {}
        for code, row, value in found:
            if code in kept:
                self.fault(row, "duplicate", f"“{code}” stands twice in “{key}”.")
            kept[code] = value
        return kept


def read_data(name: str, read: Read[Value], folder: Path | None = None) -> Value:
    """What `read` makes of `forms/NAME.yaml` (or of that file in another folder).

    Raises FormFaults with everything that is wrong in it.
    """
    file = (folder or paths.forms_dir()) / f"{name}.yaml"
    rows = Rows()
    value: Value | None = None
    try:
        tree, faults = read_tree(file.read_text(encoding="utf-8-sig"), str(file))
        rows.faults.extend(faults)
        if isinstance(tree, Table) and name in tree.items:
            value = read(rows, tree)
        else:
            rows.fault(tree, "unknown-file", f"The file must begin with “{name}: …”.")
    except (OSError, UnicodeDecodeError):
        sentence = "The file cannot be read as UTF-8 text."
        rows.faults.append(Fault(str(file), 1, "", "unreadable", sentence))
    except Unusable as problem:
        rows.faults.append(problem.fault)
    if rows.faults or value is None:
        raise FormFaults(sorted(dict.fromkeys(rows.faults), key=lambda f: f.line))
    return value


__all__ = ["Rows", "read_data"]
