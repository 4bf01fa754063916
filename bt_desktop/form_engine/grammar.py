"""The grammar of expressions: text -> syntax tree, or a fault with its position.

or   := and ('or' and)*            cmp := add (('<'|'<='|'>'|'>=') add)*
and  := eq ('and' eq)*             add := mul (('+'|'-') mul)*
eq   := cmp (('='|'!=') cmp)*      mul := neg (('*'|'div'|'mod') neg)*
neg  := '-'* union                 union := item ('|' item)*
item := number | literal | call | '(' or ')' | path
path := ('${name}' | '.' | '..' ('/' '..')*) filter* ('/' name filter*)*
filter := '[' or ']'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_LENGTH = 10_000
MAX_DEPTH = 40


class ExpressionError(ValueError):
    """A text is not an expression of the dialect.

    `code` is stable, `position` counts characters from 1, `sentence` says what is wrong there.
    """

    def __init__(self, code: str, position: int, sentence: str) -> None:
        super().__init__(f"{sentence} (at character {position})")
        self.code = code
        self.position = position
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True, slots=True)
class Literal:
    """A text in quotes."""

    value: str
    position: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a choice list, by its bare name (only in a choice_filter)."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Step:
    """`/name[filter]` after the start of a path."""

    name: str
    filters: tuple[Tree, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Path:
    """A question or rows: `start` is a name (`${name}`), `.`, or `..` (`ups` times)."""

    start: str
    ups: int
    filters: tuple[Tree, ...]
    steps: tuple[Step, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given."""

    name: str
    args: tuple[Tree, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one rank, from left to right: `first op operand op operand`."""

    first: Tree
    rest: tuple[tuple[str, Tree], ...]
    position: int


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    of: Tree


Tree = Number | Literal | Column | Path | Call | Chain | Negative

_TOKEN = re.compile(
    r"""[ \t\r\n]+
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<ref>\$\{[ \t]*(?P<refname>[A-Za-z_][\w.-]*)[ \t]*\})
    | (?P<name>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)
    | (?P<sign>\.\.|!=|<=|>=|[.=<>+\-*|()\[\],/])
    """,
    re.VERBOSE | re.ASCII,
)
_WORDS = frozenset(("or", "and", "div", "mod"))
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset(("or",)),
    frozenset(("and",)),
    frozenset(("=", "!=")),
    frozenset(("<", "<=", ">", ">=")),
    frozenset("+-"),
    frozenset(("*", "div", "mod")),
)
_QUOTES = dict.fromkeys("‘’“”„«»", "'")

Token = tuple[str, str, int]


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        m = _TOKEN.match(text, at)
        if m is None:
            raise _unreadable(text, at)
        kind = m.lastgroup
        if kind is not None:
            if m["ref"] is not None:
                yield "ref", m["refname"], at + 1
            elif kind == "literal":
                yield "literal", m["literal"][1:-1], at + 1
            else:
                yield kind, m[0], at + 1
        at = m.end()
    yield "end", "", len(text) + 1


def _unreadable(text: str, at: int) -> ExpressionError:
    sign = text[at]
    if sign in "\"'":
        return ExpressionError("open-quote", at + 1, "A text in quotes is not closed.")
    if sign in _QUOTES:
        return ExpressionError(
            "curly-quote", at + 1, "A curly quote cannot stand here. Use a straight one: '."
        )
    if sign == "$":
        return ExpressionError("bad-reference", at + 1, "A question is written ${name}.")
    return ExpressionError("bad-character", at + 1, f"“{sign}” is not part of an expression.")


class _Parser:
    """Recursive descent over the tokens; one instance per expression."""

    def __init__(self, text: str, *, columns: bool) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0
        self._columns = columns

    def whole(self) -> Tree:
        if self._tokens[0][0] == "end":
            raise ExpressionError("empty", 1, "The expression is empty.")
        tree = self._chain(0)
        kind, text, position = self._tokens[self._at]
        if kind != "end":
            raise ExpressionError("leftover", position, f"“{text}” was not expected here.")
        return tree

    def _next(self) -> Token:
        token = self._tokens[self._at]
        if token[0] != "end":
            self._at += 1
        return token

    def _sees(self, sign: str) -> bool:
        kind, text, _ = self._tokens[self._at]
        return kind == "sign" and text == sign

    def _take(self, sign: str) -> bool:
        if self._sees(sign):
            self._at += 1
            return True
        return False

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            _, text, position = self._tokens[self._at]
            found = f"“{text}”" if text else "the end"
            raise ExpressionError("missing-sign", position, f"Expected “{sign}”, found {found}.")

    def _deeper(self, position: int) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(
                "too-deep", position, f"The expression nests deeper than {MAX_DEPTH} levels."
            )

    def _chain(self, level: int) -> Tree:
        if level == len(_LEVELS):
            return self._negative()
        first = self._chain(level + 1)
        rest: list[tuple[str, Tree]] = []
        position = 0
        while True:
            kind, text, at = self._tokens[self._at]
            if text not in _LEVELS[level] or kind not in ("sign", "name"):
                break
            self._at += 1
            position = position or at
            rest.append((text, self._chain(level + 1)))
        return Chain(first, tuple(rest), position) if rest else first

    def _negative(self) -> Tree:
        minus = 0
        while self._take("-"):
            minus += 1
        tree = self._union()
        if minus:
            tree = Negative(tree)
        return Negative(tree) if minus and minus % 2 == 0 else tree

    def _union(self) -> Tree:
        first = self._item()
        rest: list[tuple[str, Tree]] = []
        position = 0
        while self._sees("|"):
            position = position or self._tokens[self._at][2]
            self._at += 1
            rest.append(("|", self._item()))
        return Chain(first, tuple(rest), position) if rest else first

    def _item(self) -> Tree:
        kind, text, position = self._next()
        if kind == "number":
            return Number(float(text))
        if kind == "literal":
            return Literal(text, position)
        if kind == "ref":
            return self._path(text, 0, position)
        if kind == "name":
            return self._named(text, position)
        if kind == "sign" and text in ("(", ".", ".."):
            return self._signed(text, position)
        if kind == "sign" and text == "/":
            raise ExpressionError(
                "absolute-path", position, "Name the question instead: ${name}, not /data/name."
            )
        what = f"“{text}” cannot stand here" if text else "something is missing at the end"
        raise ExpressionError("unexpected", position, f"Expected a value, but {what}.")

    def _signed(self, text: str, position: int) -> Tree:
        if text == "(":
            self._deeper(position)
            tree = self._chain(0)
            self._need(")")
            self._depth -= 1
            return tree
        if text == ".":
            return self._path(".", 0, position)
        ups = 1
        while self._sees("/") and self._tokens[self._at + 1][1] == "..":
            self._at += 2
            ups += 1
        return self._path("..", ups, position)

    def _named(self, text: str, position: int) -> Tree:
        if self._take("("):
            return self._call(text, position)
        if text in _WORDS:
            raise ExpressionError("unexpected", position, f"“{text}” needs a value before it.")
        if self._columns:
            return Column(text, position)
        raise ExpressionError(
            "bare-name", position, f"“{text}” is not a value. A question is written ${{{text}}}."
        )

    def _call(self, name: str, position: int) -> Tree:
        self._deeper(position)
        args: list[Tree] = []
        if not self._take(")"):
            args.append(self._chain(0))
            while self._take(","):
                args.append(self._chain(0))
            self._need(")")
        self._depth -= 1
        return Call(name, tuple(args), position)

    def _path(self, start: str, ups: int, position: int) -> Path:
        filters = self._filters()
        steps: list[Step] = []
        while self._take("/"):
            kind, text, at = self._next()
            if kind != "name":
                raise ExpressionError("bad-step", at, "A name is expected after “/”.")
            steps.append(Step(text, self._filters(), at))
        return Path(start, ups, filters, tuple(steps), position)

    def _filters(self) -> tuple[Tree, ...]:
        filters: list[Tree] = []
        while self._sees("["):
            self._deeper(self._tokens[self._at][2])
            self._at += 1
            filters.append(self._chain(0))
            self._need("]")
            self._depth -= 1
        return tuple(filters)


def parse(text: str, *, columns: bool = False) -> Tree:
    """The tree of an expression; `columns` allows bare names (a choice_filter).

    Raises `ExpressionError` for anything outside the dialect.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            "too-long", MAX_LENGTH, f"The expression is longer than {MAX_LENGTH:,} characters."
        )
    return _Parser(text, columns=columns).whole()
