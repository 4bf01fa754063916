"""What differs between two versions of a part's answers. Pure: no store, no form, no words.

Rows of a repeat are the same row where their `$id` is the same, wherever they stand. For all
answers `apply(diff(a, b), a) == b`, so nothing can change between two versions and not be told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

Answers = Mapping[str, Any]
Kind = Literal["added", "removed", "changed"]

ROW_ID = "$id"
_REASONS = "$reasons"
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MANY = 2000
"""Words above which difflib may pass over the most frequent ones: exact, but then slow for all."""


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that came, went, or is another now."""

    kind: Kind
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class RowsDelta:
    """The rows of a repeat: which came, went or changed, and the order in which they stand now."""

    order: tuple[str, ...]
    added: Mapping[str, Answers]
    removed: Mapping[str, Answers]
    changed: Mapping[str, Delta]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """Everything that differs: single answers, rows, and the reasons given (`$reasons`)."""

    fields: Mapping[str, Change] = field(default_factory=dict)
    rows: Mapping[str, RowsDelta] = field(default_factory=dict)
    nested: Mapping[str, Delta] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields or self.rows or self.nested)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stands in both versions, only in the new one, or only in the old."""

    kind: Literal["same", "added", "removed"]
    text: str


def diff(old: Answers, new: Answers) -> Delta:
    """What to do to `old` so that it becomes `new`."""
    fields: dict[str, Change] = {}
    rows: dict[str, RowsDelta] = {}
    nested: dict[str, Delta] = {}
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            fields[name] = Change("removed", old[name])
        elif name not in old:
            fields[name] = Change("added", new=new[name])
        elif not same(old[name], new[name]):
            before, after = old[name], new[name]
            if _are_rows(before) and _are_rows(after):
                rows[name] = _rows(before, after)
            elif name == _REASONS and isinstance(before, Mapping) and isinstance(after, Mapping):
                nested[name] = diff(before, after)
            else:
                fields[name] = Change("changed", before, after)
    return Delta(fields, rows, nested)


def apply(delta: Delta, old: Answers) -> dict[str, Any]:
    """The new version, out of the old one and what differs."""
    new = {
        name: value
        for name, value in old.items()
        if name not in delta.fields or delta.fields[name].kind != "removed"
    }
    for name, change in delta.fields.items():
        if change.kind != "removed":
            new[name] = change.new
    for name, inner in delta.nested.items():
        new[name] = apply(inner, old[name])
    for name, rows in delta.rows.items():
        kept = {row[ROW_ID]: row for row in old[name]}
        made = {**kept, **rows.added}
        made |= {key: apply(inner, kept[key]) for key, inner in rows.changed.items()}
        new[name] = [made[key] for key in rows.order]
    return new


def same(one: Any, other: Any) -> bool:
    """Whether two answers are the same JSON (true is not 1, and 1 is not 1.0)."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return _told(one) == _told(other)


def _told(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _are_rows(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return False
    ids = [row.get(ROW_ID) for row in value]
    return all(isinstance(one, str) for one in ids) and len(set(ids)) == len(ids)


def _rows(old: Sequence[Answers], new: Sequence[Answers]) -> RowsDelta:
    before = {row[ROW_ID]: row for row in old}
    after = {row[ROW_ID]: row for row in new}
    changed = {
        key: diff(before[key], row)
        for key, row in after.items()
        if key in before and not same(before[key], row)
    }
    stayed = [key for key in before if key in after]
    return RowsDelta(
        order=tuple(after),
        added={key: row for key, row in after.items() if key not in before},
        removed={key: row for key, row in before.items() if key not in after},
        changed=changed,
        moved=stayed != [key for key in after if key in before],
    )


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts, word by word: the old is all but the added, the new all but the removed."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=max(len(before), len(after)) > _MANY)
    pieces: list[Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[i:j])))
            continue
        if j > i:
            pieces.append(Piece("removed", "".join(before[i:j])))
        if m > k:
            pieces.append(Piece("added", "".join(after[k:m])))
    return tuple(pieces)


def only_adds(delta: Delta, free: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The names of the answers (or repeats) that are changed or taken back, `free` left out.

    None of them: what is new was only added. A text that says all it said before, with more words
    in it, is added to.
    """
    found = [
        name
        for name, change in delta.fields.items()
        if name not in free and not _is_more(change.old, change.new, change.kind)
    ]
    for name, inner in delta.nested.items():
        if only_adds(inner, free):
            found.append(name)
    for name, rows in delta.rows.items():
        if rows.removed or any(only_adds(inner, free) for inner in rows.changed.values()):
            found.append(name)
    return tuple(found)


def _is_more(old: Any, new: Any, kind: Kind) -> bool:
    if kind == "added" or old in ("", None):
        return True
    if kind == "removed":
        return False
    if isinstance(old, str) and isinstance(new, str):
        return all(piece.kind != "removed" for piece in words(old, new)) and " " in old.strip()
    if isinstance(old, list) and isinstance(new, list):
        return all(any(same(one, other) for other in new) for one in old)
    return False
