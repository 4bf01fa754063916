"""YAML with line numbers: text -> tree, every fault of the text noted, nothing executed.

Scalars stay text (`no` is the text `no`, `2026.10` keeps its zero); what they mean is decided by
the key they stand under. Anchors, aliases and tags are refused, so a small file cannot become a
huge one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from sys import intern
from typing import Any

import yaml

MAX_CHARACTERS = 2_000_000
_MAX_DEPTH = 24


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file; `line` counts from 1, `field` may be blank."""

    file: str
    line: int
    field: str
    code: str
    sentence: str


@dataclass(slots=True)
class Word:
    """A scalar. `plain`: written without quotes."""

    text: str
    plain: bool
    file: str
    line: int

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class Row:
    """A list."""

    items: list[Tree]
    file: str
    line: int


@dataclass(slots=True)
class Table:
    """A mapping; `lines` says where each key stands."""

    items: dict[str, Tree]
    file: str
    line: int
    lines: dict[str, int] = field(default_factory=dict)

    def get(self, key: str) -> Tree | None:
        """The value of a key; None where it is absent or null."""
        found = self.items.get(key)
        return None if isinstance(found, Word) and found.is_null else found

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


Tree = Word | Row | Table


class Unusable(Exception):
    """The text is not YAML as forms use it; the fault says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence)
        self.fault = fault


class _Builder:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.root: Tree | None = None
        self._outer: list[Row | Table] = []
        self._into: Row | Table | None = None
        self._key: str | None = None

    def fault(self, line: int, code: str, sentence: str) -> Fault:
        return Fault(self.file, line, "", code, sentence)

    def too_deep(self, line: int) -> Fault:
        return self.fault(line, "yaml-deep", "The file nests deeper than any form does.")

    def refuse(self, event: Any) -> Unusable:
        line = event.start_mark.line + 1
        if event.anchor is not None:
            return Unusable(
                self.fault(
                    line,
                    "yaml-alias",
                    "Anchors (&) and aliases (*) are not used in forms. Write it out, or put it "
                    "into a shared choice list.",
                )
            )
        return Unusable(self.fault(line, "yaml-tag", "Tags (!) are not used in forms. Remove it."))

    def scalar(self, text: str, plain: bool, line: int) -> None:
        into = self._into
        if type(into) is Table and self._key is None:
            if text in into.items:
                self.faults.append(
                    self.fault(line, "duplicate-key", f"The key “{text}” stands here twice.")
                )
            self._key = text
            into.lines[text] = line
        else:
            self.put(Word(text, plain, self.file, line))

    def put(self, tree: Tree) -> None:
        into = self._into
        if type(into) is Row:
            into.items.append(tree)
        elif type(into) is Table:
            if self._key is None:
                raise Unusable(self.fault(tree.line, "yaml-key", "A key must be a plain word."))
            into.items[self._key] = tree
            self._key = None
        elif self.root is not None:
            raise Unusable(
                self.fault(tree.line, "yaml-documents", "A file holds one document only.")
            )
        else:
            self.root = tree

    def open(self, tree: Row | Table) -> None:
        self.put(tree)
        if len(self._outer) >= _MAX_DEPTH:
            raise Unusable(self.too_deep(tree.line))
        if self._into is not None:
            self._outer.append(self._into)
        self._into = tree

    def close(self) -> None:
        self._into = self._outer.pop() if self._outer else None


def read_tree(text: str, file: str) -> tuple[Tree | None, list[Fault]]:
    """The tree of a YAML text, and the faults that do not prevent it (keys that stand twice).

    Raises `Unusable` when there is no tree.
    """
    builder = _Builder(file)
    if len(text) > MAX_CHARACTERS:
        raise Unusable(
            builder.fault(1, "file-too-big", f"The file is longer than {MAX_CHARACTERS:,} signs.")
        )
    try:
        _build(builder, text)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        line = mark.line + 1 if mark is not None else 1
        problem = " ".join(str(e.problem or e.context or "it cannot be read").split())
        if "nesting depth" in problem:  # PyYAML from 6.0.4 on stops before we would
            raise Unusable(builder.too_deep(line)) from None
        raise Unusable(
            builder.fault(line, "yaml", f"This is not YAML: {problem}. Check quotes and spaces.")
        ) from None
    except yaml.YAMLError:
        raise Unusable(
            builder.fault(1, "yaml", "The file holds signs that no text file should have.")
        ) from None
    return builder.root, builder.faults


_Scalar, _MapStart, _SeqStart = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
_MapEnd, _SeqEnd = yaml.MappingEndEvent, yaml.SequenceEndEvent


def _build(builder: _Builder, text: str) -> None:
    loader = _loader()(text)
    next_event, file = loader.get_event, builder.file
    kind = None
    try:
        while kind is not yaml.StreamEndEvent:
            event = next_event()
            kind = type(event)
            if kind is _Scalar:
                if event.anchor is not None or event.tag is not None:
                    raise builder.refuse(event)
                # most are keys, names and words that the forms have in common
                builder.scalar(intern(event.value), event.implicit[0], event.start_mark.line + 1)
            elif kind is _MapStart or kind is _SeqStart:
                if event.anchor is not None or event.tag is not None:
                    raise builder.refuse(event)
                line = event.start_mark.line + 1
                builder.open(Table({}, file, line) if kind is _MapStart else Row([], file, line))
            elif kind is _MapEnd or kind is _SeqEnd:
                builder.close()
            elif kind is yaml.AliasEvent:
                raise builder.refuse(event)
    finally:
        loader.dispose()


def _loader() -> Any:
    """The C parser; the slow one of the same library where it was built without."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def to_plain(tree: Tree | None) -> Any:
    """A tree as plain data: true, false, null and numbers where they are written without quotes."""
    if isinstance(tree, Table):
        return {k: to_plain(v) for k, v in tree.items.items()}
    if isinstance(tree, Row):
        return [to_plain(v) for v in tree.items]
    if tree is None or tree.is_null:
        return None
    if not tree.plain:
        return tree.text
    lowered = tree.text.lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    try:
        return int(tree.text) if tree.text.lstrip("-").isdigit() else float(tree.text)
    except ValueError:
        return tree.text


def plain_data(text: str) -> Any:
    """YAML of our own as plain values, without places; with the C parser where there is one."""
    return yaml.load(text, Loader=_loader())  # noqa: S506 - either is a safe loader
