"""Patterns of regex(), matched whole and in linear time: no pattern can hang the program.

Python's own engine tries every way to match and can take years over forty characters; this one
follows all ways at once (Thompson), so a pattern of p parts costs at most p steps per character.
The dialect: characters, `.`, classes, `\\d \\w \\s \\D \\W \\S`, groups, `|`, `* + ? {m,n}`,
`^` and `$`. Look-around and back-references are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

MAX_STATES = 500
MAX_TEXT = 10_000
"""A longer text matches no pattern: patterns are for numbers and codes, not for narratives."""
_MAX_CACHE = 2_000
_MAX_DEPTH = 30


class PatternError(ValueError):
    """A pattern is not in the dialect; `position` counts from 1."""

    def __init__(self, position: int, sentence: str) -> None:
        super().__init__(sentence)
        self.position = position
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class _Set:
    """A set of characters by ranges; `negated`: all others."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def has(self, sign: str) -> bool:
        return any(a <= sign <= b for a, b in self.ranges) is not self.negated


_DIGIT = (("0", "9"),)
_WORD = (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_SPACE = (("\t", "\r"), (" ", " "))
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}
_ANY = _Set((("\n", "\n"), ("\r", "\r")), negated=True)


@dataclass(frozen=True, slots=True)
class _All:
    """One after the other."""

    parts: tuple[_Tree, ...]


@dataclass(frozen=True, slots=True)
class _Either:
    """One of several."""

    parts: tuple[_Tree, ...]


@dataclass(frozen=True, slots=True)
class _Again:
    """`of`, `least` to `most` times (None: any number)."""

    of: _Tree
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class _Edge:
    """`start` or `end` of the text."""

    which: str


_Tree = _Set | _All | _Either | _Again | _Edge


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def fail(self, sentence: str) -> PatternError:
        return PatternError(self.at + 1, sentence)

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self, sign: str) -> bool:
        if self.peek() == sign:
            self.at += 1
            return True
        return False

    def whole(self) -> _Tree:
        tree = self.either()
        if self.at < len(self.text):
            raise self.fail("A closing bracket has no opening one in the pattern.")
        return tree

    def either(self) -> _Tree:
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        return _Either(tuple(branches)) if len(branches) > 1 else branches[0]

    def sequence(self) -> _Tree:
        parts: list[_Tree] = []
        while (sign := self.peek()) and sign not in "|)":
            parts.append(self.repeated())
        return _All(tuple(parts))

    def repeated(self) -> _Tree:
        tree = self.atom()
        bounds = self.bounds()
        if bounds is None:
            return tree
        self.take("?")  # a lazy repeat matches the same whole texts
        if self.peek() in ("*", "+", "?", "{") and self.peek():
            raise self.fail("Two repeats follow each other in the pattern.")
        return _Again(tree, *bounds)

    def bounds(self) -> tuple[int, int | None] | None:
        if self.take("*"):
            return 0, None
        if self.take("+"):
            return 1, None
        if self.take("?"):
            return 0, 1
        if not self.take("{"):
            return None
        least = self.integer()
        most: int | None = least
        if self.take(","):
            most = None if self.peek() == "}" else self.integer()
        if not self.take("}") or (most is not None and most < least):
            raise self.fail("A repeat is written {2}, {2,} or {2,5} in a pattern.")
        return least, most

    def integer(self) -> int:
        begin = self.at
        while self.peek() in "0123456789" and self.peek():
            self.at += 1
        digits = self.text[begin : self.at]
        if not digits or len(digits) > 3:
            raise self.fail("A repeat is written {2}, {2,} or {2,5} in a pattern.")
        return int(digits)

    def atom(self) -> _Tree:
        sign = self.peek()
        if sign in "*+?{":
            raise self.fail("A repeat in the pattern has nothing to repeat.")
        self.at += 1
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.char_class()
        if sign == ".":
            return _ANY
        if sign in "^$":
            return _Edge("start" if sign == "^" else "end")
        if sign == "\\":
            return self.escape()
        return _Set(((sign, sign),))

    def group(self) -> _Tree:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.fail("The pattern nests too deep.")
        if self.take("?") and not self.take(":"):
            raise self.fail("Only plain groups, ( ) and (?: ), can stand in a pattern.")
        tree = self.either()
        if not self.take(")"):
            raise self.fail("A group is not closed in the pattern.")
        self.depth -= 1
        return tree

    def escape(self) -> _Set:
        sign = self.peek()
        self.at += 1
        if sign.lower() in _CLASSES and sign:
            return _Set(_CLASSES[sign.lower()], negated=sign.isupper())
        if sign in _CONTROLS:
            return _Set(((_CONTROLS[sign], _CONTROLS[sign]),))
        if not sign or sign.isalnum():
            raise self.fail(f"“\\{sign}” has no meaning in a pattern.")
        return _Set(((sign, sign),))

    def char_class(self) -> _Set:
        negated = self.take("^")
        ranges: list[tuple[str, str]] = []
        first = True
        while first or self.peek() != "]":
            first = False
            ranges.extend(self.class_item())
        self.at += 1
        return _Set(tuple(ranges), negated)

    def class_item(self) -> Iterable[tuple[str, str]]:
        low = self.class_sign()
        if low.negated:
            raise self.fail("\\D, \\W and \\S cannot stand inside [ ].")
        is_one = len(low.ranges) == 1 and low.ranges[0][0] == low.ranges[0][1]
        ahead = self.text[self.at : self.at + 2]
        if not is_one or not ahead.startswith("-") or ahead in ("-]", "-"):
            return low.ranges
        self.at += 1
        high = self.class_sign()
        a, b = low.ranges[0][0], high.ranges[0][1]
        if len(high.ranges) != 1 or b < a:
            raise self.fail("A range in [ ] runs backwards.")
        return ((a, b),)

    def class_sign(self) -> _Set:
        sign = self.peek()
        if not sign:
            raise self.fail("A [ ] is not closed in the pattern.")
        self.at += 1
        return self.escape() if sign == "\\" else _Set(((sign, sign),))


class Pattern:
    """A pattern ready to match whole texts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._free: dict[int, list[tuple[str, int]]] = {}
        self._moves: dict[int, tuple[_Set, int]] = {}
        self._steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._count = 0
        self._final = self._state()
        self._first = self._build(_Reader(text).whole(), self._final)

    def _state(self) -> int:
        if self._count >= MAX_STATES:
            raise PatternError(1, "The pattern is too long once its repeats are written out.")
        self._count += 1
        return self._count - 1

    def _skip(self, state: int, to: int, when: str = "") -> None:
        self._free.setdefault(state, []).append((when, to))

    def _build(self, tree: _Tree, then: int) -> int:
        """States that match `tree` and go on to `then`; the first of them."""
        if isinstance(tree, _Set):
            state = self._state()
            self._moves[state] = (tree, then)
            return state
        if isinstance(tree, _All):
            for part in reversed(tree.parts):
                then = self._build(part, then)
            return then
        state = self._state()
        if isinstance(tree, _Either):
            for part in tree.parts:
                self._skip(state, self._build(part, then))
        elif isinstance(tree, _Again):
            self._skip(state, self._repeat(tree, then))
        else:
            self._skip(state, then, tree.which)
        return state

    def _repeat(self, tree: _Again, then: int) -> int:
        if tree.most is None:
            loop = self._state()
            self._skip(loop, self._build(tree.of, loop))
            self._skip(loop, then)
            then = loop
        else:
            for _ in range(tree.most - tree.least):
                maybe = self._state()
                self._skip(maybe, self._build(tree.of, then))
                self._skip(maybe, then)
                then = maybe
        for _ in range(tree.least):
            then = self._build(tree.of, then)
        return then

    def _closure(self, states: Iterable[int], allowed: frozenset[str]) -> frozenset[int]:
        seen = set(states)
        todo = list(seen)
        while todo:
            for when, to in self._free.get(todo.pop(), ()):
                if to not in seen and (not when or when in allowed):
                    seen.add(to)
                    todo.append(to)
        return frozenset(seen)

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` matches."""
        if len(text) > MAX_TEXT:
            return False
        states = self._closure((self._first,), frozenset(("start",)))
        for sign in text:
            states = self._step(states, sign)
            if not states:
                return False
        edges = frozenset(("end",)) if text else frozenset(("start", "end"))
        return self._final in self._closure(states, edges)

    def _step(self, states: frozenset[int], sign: str) -> frozenset[int]:
        key = (states, sign)
        known = self._steps.get(key)
        if known is None:
            moves = (self._moves[s] for s in states if s in self._moves)
            known = self._closure((to for chars, to in moves if chars.has(sign)), frozenset())
            if len(self._steps) >= _MAX_CACHE:
                self._steps.clear()
            self._steps[key] = known
        return known


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> Pattern:
    """A pattern, compiled. Raises `PatternError`."""
    return Pattern(text)
