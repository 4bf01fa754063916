"""Reads typed values out of a YAML tree, noting each fault instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from bt_desktop.form_engine.definition import NO_TEXT, Text
from bt_desktop.form_engine.expressions import Expression, compile_expression
from bt_desktop.form_engine.grammar import ExpressionError
from bt_desktop.form_engine.suggestions import did_you_mean
from bt_desktop.form_engine.values import read_moment
from bt_desktop.form_engine.yaml_tree import Fault, Row, Table, Tree, Word

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}\Z", re.ASCII)
_CHOICE_NAME = re.compile(r"[^\s,'\"<>&]{1,64}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", re.ASCII)
_TRUE = frozenset(("true", "yes", "on"))
_FALSE = frozenset(("false", "no", "off"))


@lru_cache(maxsize=8192)  # the forms of a school share most of their sentences
def _said(words: tuple[tuple[str, str], ...]) -> Text:
    return MappingProxyType(dict(words))


class Reading:
    """Collects faults; `field` is the question that is being read."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.field = ""

    def fault(self, at: Tree | None, code: str, sentence: str, line: int | None = None) -> None:
        """Note a fault at a place in the tree."""
        file = at.file if at is not None else ""
        where = line if line is not None else (at.line if at is not None else 1)
        self.faults.append(Fault(file, where, self.field, code, sentence))

    # -- shapes --------------------------------------------------------------------------------

    def table(self, tree: Tree | None, what: str) -> Table | None:
        """A mapping, or a fault."""
        if tree is None or isinstance(tree, Table):
            return tree
        self.fault(tree, "not-a-mapping", f"{what} must be written as “key: value” lines.")
        return None

    def rows(self, table: Table, key: str) -> list[Tree]:
        """The items of a list; none where the key is absent."""
        tree = table.get(key)
        if tree is None:
            return []
        if isinstance(tree, Row):
            return tree.items
        self.fault(tree, "not-a-list", f"“{key}” must be a list.")
        return []

    def keys(self, table: Table, known: Collection[str], what: str) -> None:
        """A fault for each key that is not known, with the known one it resembles."""
        for key in table.items:
            if key not in known:
                hint = did_you_mean(key, known)
                self.fault(
                    table,
                    "unknown-key",
                    f"{what} has no key “{key}”.{hint}",
                    table.line_of(key),
                )

    # -- scalars -------------------------------------------------------------------------------

    def word(self, table: Table, key: str, default: str = "") -> str:
        """A text on one line."""
        tree = table.get(key)
        if tree is None:
            return default
        if isinstance(tree, Word):
            return tree.text
        self.fault(tree, "not-a-text", f"“{key}” must be a text.")
        return default

    def name(self, table: Table, key: str, what: str) -> str:
        """A name as expressions can use it; blank after a fault."""
        text = self.word(table, key)
        if not text:
            self.fault(table, "missing-name", f"{what} needs “{key}”.")
        elif not _NAME.match(text):
            self.fault(
                table,
                "bad-name",
                f"“{text}” is no name. Use letters, digits and _, beginning with a letter.",
                table.line_of(key),
            )
            return ""
        return text

    def choice_name(self, table: Table) -> str:
        """The name of a choice; blank after a fault."""
        text = self.word(table, "name")
        if not text:
            self.fault(table, "missing-name", "A choice needs “name”.")
        elif not _CHOICE_NAME.match(text):
            self.fault(
                table,
                "bad-name",
                f"“{text}” is no name for a choice. Use no spaces, commas or quotes.",
                table.line_of("name"),
            )
            return ""
        return text

    def one_of(self, table: Table, key: str, allowed: Collection[str], default: str) -> str:
        """One of a few words."""
        text = self.word(table, key, default)
        if text in allowed or text == default:
            return text
        hint = did_you_mean(text, allowed) or f" It is one of: {', '.join(allowed)}."
        self.fault(table, "bad-value", f"“{key}” cannot be “{text}”.{hint}", table.line_of(key))
        return default

    def flag(self, table: Table, key: str, default: bool = False) -> bool:
        """true or false (also yes, no)."""
        tree = table.get(key)
        if tree is None:
            return default
        if isinstance(tree, Word):
            lowered = tree.text.lower()
            if lowered in _TRUE:
                return True
            if lowered in _FALSE:
                return False
        self.fault(tree, "not-a-flag", f"“{key}” must be true or false.")
        return default

    def number(self, table: Table, key: str) -> int | None:
        """A whole number, zero or more."""
        tree = table.get(key)
        if tree is None:
            return None
        if isinstance(tree, Word) and tree.text.isascii() and tree.text.isdigit():
            if len(tree.text) <= 4:
                return int(tree.text)
            self.fault(tree, "not-a-number", f"“{key}” is too large.")
            return None
        self.fault(tree, "not-a-number", f"“{key}” must be a whole number.")
        return None

    def day(self, table: Table, key: str) -> date | None:
        """An ISO date."""
        text = self.word(table, key)
        if not text:
            return None
        moment = read_moment(text)
        if type(moment) is date:
            return moment
        self.fault(
            table, "not-a-date", f"“{key}” must be a date like 2026-11-12.", table.line_of(key)
        )
        return None

    def text(self, table: Table, key: str) -> Text:
        """A text in languages; a plain text is English."""
        tree = table.get(key)
        if tree is None:
            return NO_TEXT
        if isinstance(tree, Word):
            return _said((("en", tree.text),))
        if isinstance(tree, Table):
            return _said(tuple(self._languages(tree, key)))
        self.fault(tree, "not-a-text", f"“{key}” must be a text, or one per language.")
        return NO_TEXT

    def _languages(self, tree: Table, key: str) -> list[tuple[str, str]]:
        found = []
        for language, word in tree.items.items():
            if not _LANGUAGE.match(language):
                self.fault(
                    tree,
                    "bad-language",
                    f"“{language}” is no language code in “{key}”. Write {{en: …}}.",
                    tree.line_of(language),
                )
            elif not isinstance(word, Word):
                self.fault(word, "not-a-text", f"“{key}” must be a text for each language.")
            else:
                found.append((language, word.text))
        return found

    # -- expressions ---------------------------------------------------------------------------

    def expression(
        self, table: Table, key: str, *, flags: bool = False, columns: bool = False
    ) -> Expression | None:
        """An expression; where `flags`, true and false may stand for themselves."""
        tree = table.get(key)
        if tree is None:
            return None
        if not isinstance(tree, Word):
            self.fault(tree, "not-a-text", f"“{key}” must be an expression in quotes.")
            return None
        if tree.plain and tree.text.lower() in _TRUE | _FALSE:
            if flags:
                return compile_expression("true()") if tree.text.lower() in _TRUE else None
            self.fault(tree, "type-mismatch", f"“{key}” must be an expression, not {tree.text}.")
            return None
        return self.compiled(tree, key, tree.text, columns=columns)

    def compiled(
        self, tree: Tree, key: str, text: str, *, columns: bool = False
    ) -> Expression | None:
        """The expression of a text, or a fault with its position."""
        try:
            return compile_expression(text, columns=columns)
        except ExpressionError as e:
            self.fault(
                tree, f"expression-{e.code}", f"“{key}”, character {e.position}: {e.sentence}"
            )
            return None
