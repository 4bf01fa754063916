"""Expressions: the ODK XForms dialect of XPath 1.0, compiled once to closures.

Two differences from ODK, on purpose: dates, times and datetimes compare exactly, in time order
(a date counts as its first moment), and there are `minutes-between`, `minutes-after`, `age-at`,
`school-days-between` and `event-has` (whether the event has another record of that form).
Evaluation cannot run code, touch files, loop or fail: whatever is outside
the dialect is refused when the text is compiled, with its position.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bt_desktop.form_engine import functions
from bt_desktop.form_engine.functions import Context, Run
from bt_desktop.form_engine.grammar import (
    Call,
    Chain,
    Column,
    ExpressionError,
    Literal,
    Negative,
    Number,
    Path,
    Tree,
    parse,
)
from bt_desktop.form_engine.suggestions import did_you_mean
from bt_desktop.form_engine.values import (
    NAN,
    Node,
    NodeSet,
    Scalar,
    Value,
    World,
    compare,
    node_value,
    to_bool,
    to_number,
)

Find = Callable[[Context], Sequence[Node]]


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that an expression reads. `wide`: in every row, not only in its own."""

    name: str
    wide: bool
    position: int


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. Equal if its source is.

    `references` are the names it reads; `reads_self` says that it reads `.`; `counts_rows` that
    it depends on where its row stands; `volatile` that it reads the clock; `sticky` that it keeps
    the value it once had (`once`, `uuid`), `generates` that it makes one out of nothing (`uuid`).
    """

    source: str
    tree: Tree = field(compare=False, repr=False)
    references: tuple[Reference, ...] = field(compare=False, repr=False)
    reads_self: bool = field(compare=False, repr=False)
    counts_rows: bool = field(compare=False, repr=False)
    volatile: bool = field(compare=False, repr=False)
    sticky: bool = field(compare=False, repr=False)
    generates: bool = field(compare=False, repr=False)
    run: Run = field(compare=False, repr=False)


_ORDERINGS = frozenset(("=", "!=", "<", "<=", ">", ">="))


class _Compiler:
    """Turns one tree into closures and notes what it reads."""

    def __init__(self) -> None:
        self.references: dict[tuple[str, bool], Reference] = {}
        self.reads_self = False
        self.counts_rows = False
        self.called: set[str] = set()
        self._wide = 0

    # -- values ------------------------------------------------------------------------------

    def value(self, tree: Tree) -> Run:
        """A closure that computes the tree's value."""
        if isinstance(tree, Number | Literal):
            constant: Value = tree.value
            return lambda _: constant
        if isinstance(tree, Path):
            return self._path_value(tree)
        if isinstance(tree, Call):
            return self._call(tree)
        if isinstance(tree, Negative):
            of = self.value(tree.of)
            return lambda c: -to_number(of(c))
        if isinstance(tree, Column):
            name = tree.name
            return lambda c: c.columns.get(name, "")
        return self._chain(tree)

    def _chain(self, tree: Chain) -> Run:
        op = tree.rest[0][0]
        if op == "|":
            found = self.nodes(tree)
            return lambda c: NodeSet(c.world, found(c))
        first = self.value(tree.first)
        rest = [(o, self.value(t)) for o, t in tree.rest]
        if op in ("or", "and"):
            return _any_or_all(op, [first, *(r for _, r in rest)])
        if op in _ORDERINGS:
            return _comparison(first, rest)
        return _arithmetic(first, rest)

    def _path_value(self, path: Path) -> Run:
        if not path.filters and not path.steps:
            if path.start == ".":
                self.reads_self = True
                return lambda c: node_value(c.world, *c.item)
            if path.start != ".." and not self._wide:
                self._note(path.start, path.position, wide=False)
                return _reader(path.start)
        found = self.nodes(path)
        return lambda c: NodeSet(c.world, found(c))

    # -- node-sets ---------------------------------------------------------------------------

    def nodes(self, tree: Tree) -> Find:
        """A closure that finds the nodes of a path, or of paths joined by `|`."""
        if isinstance(tree, Chain) and tree.rest[0][0] == "|":
            parts = [self.nodes(t) for t in (tree.first, *(t for _, t in tree.rest))]
            return lambda c: list(dict.fromkeys(n for part in parts for n in part(c)))
        if not isinstance(tree, Path):
            raise ExpressionError(
                "needs-question",
                _position(tree),
                "A question is needed here, written ${name}, not a computed value.",
            )
        found = self._start(tree)
        for condition in tree.filters:
            found = self._filter(found, condition)
        for step in tree.steps:
            self._note(step.name, step.position, wide=True)
            found = _child(found, step.name)
            for condition in step.filters:
                found = self._filter(found, condition)
        return found

    def _start(self, path: Path) -> Find:
        if path.start == ".":
            self.reads_self = not path.steps
            return lambda c: (c.item,)
        if path.start == "..":
            self.counts_rows = True
            ups = path.ups
            return lambda c: (_ancestor(c, ups),)
        wide = bool(self._wide or path.filters or path.steps)
        self._note(path.start, path.position, wide=wide)
        return _finder(path.start, wide=wide)

    def all_rows(self, tree: Tree) -> Find:
        """As `nodes`, but `${x}` finds x in every row even inside one of them."""
        self._wide += 1
        try:
            return self.nodes(tree)
        finally:
            self._wide -= 1

    def _filter(self, found: Find, condition: Tree) -> Find:
        outer, self._wide = self._wide, 0
        reads_self, self.reads_self = self.reads_self, False
        test = self.value(condition)
        self._wide, self.reads_self = outer, reads_self

        def filtered(c: Context) -> list[Node]:
            nodes = found(c)
            kept = []
            for i, node in enumerate(nodes, 1):
                value = test(c.within(node, i))
                if value == i if isinstance(value, float) else to_bool(value):
                    kept.append(node)
            return kept

        return filtered

    # -- functions ---------------------------------------------------------------------------

    def _call(self, call: Call) -> Run:
        function = functions.FUNCTIONS.get(call.name)
        if function is None:
            hint = did_you_mean(call.name, functions.FUNCTIONS)
            raise ExpressionError(
                "unknown-function", call.position, f"There is no function {call.name}().{hint}"
            )
        given = len(call.args)
        if given < function.least or (function.most is not None and given > function.most):
            raise ExpressionError(
                "wrong-count",
                call.position,
                f"{call.name}() takes {function.takes()}, here it is given {given}.",
            )
        self.called.add(call.name)
        if function.check is not None:
            function.check(call)
        return function.build(self, call)

    def _note(self, name: str, position: int, *, wide: bool) -> None:
        self.references.setdefault((name, wide), Reference(name, wide, position))


def _position(tree: Tree) -> int:
    if isinstance(tree, Literal | Column | Path | Call | Chain):
        return tree.position
    return 1


def _any_or_all(op: str, runs: list[Run]) -> Run:
    if op == "or":
        return lambda c: any(to_bool(r(c)) for r in runs)
    return lambda c: all(to_bool(r(c)) for r in runs)


def _comparison(first: Run, rest: list[tuple[str, Run]]) -> Run:
    if len(rest) == 1:
        op, right = rest[0]
        return lambda c: compare(first(c), op, right(c), c.world)

    def chained(c: Context) -> Value:
        value = first(c)
        for op, right in rest:
            value = compare(value, op, right(c), c.world)
        return value

    return chained


def _arithmetic(first: Run, rest: list[tuple[str, Run]]) -> Run:
    def computed(c: Context) -> Value:
        total = to_number(first(c))
        for op, right in rest:
            total = _calculate(total, op, to_number(right(c)))
        return total

    return computed


def _calculate(a: float, op: str, b: float) -> float:
    if op == "+":
        return a + b
    if op == "-":
        return a - b
    if op == "*":
        return a * b
    if op == "div":
        return divide(a, b)
    if b == 0 or not math.isfinite(a) or math.isnan(b):
        return NAN
    return math.fmod(a, b)


def divide(a: float, b: float) -> float:
    """IEEE division: by zero gives infinity or NaN, never an exception."""
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return NAN
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _reader(name: str) -> Run:
    """`${name}`: this row's, the form's, or the node-set of all rows seen from outside."""

    def read(c: Context) -> Value:
        home = c.world.home(name)
        if home is None:
            if c.world.is_repeat(name):
                return NodeSet(c.world, [(name, row) for row in c.world.rows(name)])
            return c.world.value(name, None)
        if home == c.repeat:
            return c.world.value(name, c.row)
        return NodeSet(c.world, [(name, row) for row in c.world.rows(home)])

    return read


def _finder(name: str, *, wide: bool) -> Find:
    def find(c: Context) -> Sequence[Node]:
        home = c.world.home(name)
        if home is None:
            if c.world.is_repeat(name):
                return [(name, row) for row in c.world.rows(name)]
            return ((name, None),)
        if home == c.repeat and not wide:
            return ((name, c.row),)
        return [(name, row) for row in c.world.rows(home)]

    return find


def _child(found: Find, name: str) -> Find:
    def children(c: Context) -> list[Node]:
        home = c.world.home(name)
        out: list[Node] = []
        for parent, row in found(c):
            if parent == "" and c.world.is_repeat(name):
                out.extend((name, r) for r in c.world.rows(name))
            elif home == (parent or None):
                out.append((name, row))
        return out

    return children


def _ancestor(c: Context, ups: int) -> Node:
    name, row = c.item
    if row is not None and not c.world.is_repeat(name):
        if ups == 1:
            return (c.world.home(name) or "", row)
        return ("", None)
    return ("", None)


def _finish(text: str, tree: Tree, compiler: _Compiler, run: Run) -> Expression:
    called = compiler.called
    return Expression(
        source=text,
        tree=tree,
        references=tuple(compiler.references.values()),
        reads_self=compiler.reads_self,
        counts_rows=compiler.counts_rows or "position" in called,
        volatile=bool(called & functions.READ_THE_CLOCK),
        sticky=bool(called & functions.KEEP_THEIR_VALUE),
        generates="uuid" in called,
        run=run,
    )


@lru_cache(maxsize=4096)
def compile_expression(text: str, *, columns: bool = False) -> Expression:
    """Compile an expression; `columns` allows the bare column names of a choice_filter.

    Raises `ExpressionError` (with position) for anything that is not in the dialect.
    """
    tree = parse(text, columns=columns)
    compiler = _Compiler()
    return _finish(text, tree, compiler, compiler.value(tree))


def calls(tree: Tree) -> Iterator[Call]:
    """Every function call in a tree."""
    for part in walk(tree):
        if isinstance(part, Call):
            yield part


def walk(tree: Tree) -> Iterator[Tree]:
    """Every part of a tree, itself first."""
    yield tree
    for part in _parts(tree):
        yield from walk(part)


def _parts(tree: Tree) -> Sequence[Tree]:
    if isinstance(tree, Chain):
        return (tree.first, *(t for _, t in tree.rest))
    if isinstance(tree, Call):
        return tree.args
    if isinstance(tree, Negative):
        return (tree.of,)
    if isinstance(tree, Path):
        return (*tree.filters, *(f for s in tree.steps for f in s.filters))
    return ()


def result(value: Value) -> bool | float | str | list[Scalar]:
    """A value as plain Python: a node-set is the list of its values."""
    if isinstance(value, NodeSet):
        return [_plain(v) for v in value.values()]
    return _plain(value)


def _plain(value: Scalar) -> bool | float | str:
    return functions.plain(value)


def outside(world: World) -> Context:
    """The context of an expression that stands nowhere in particular."""
    return Context(world, None, None, ("", None), 1)


@lru_cache(maxsize=4096)
def compile_tree(tree: Tree) -> Run:
    """A closure for a part of an expression that was compiled before."""
    return _Compiler().value(tree)
