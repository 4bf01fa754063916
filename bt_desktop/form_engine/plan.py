"""The dependency graph of a form: what must be computed again when an answer changes.

A node is one rule of one question (or the relevance of a section), for all rows at once; nodes
are numbered in topological order, so that computing dirty nodes by number computes each once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as made_of

from bt_desktop.form_engine.definition import Field, Form, Section
from bt_desktop.form_engine.expressions import Expression

LEAVES = ("required", "read_only", "constraint", "warning", "choice_filter")
"""Rules that nothing else depends on."""


@dataclass(slots=True)
class Node:
    """`kind` is `section`, `relevant`, `value` or one of `LEAVES`."""

    number: int
    kind: str
    name: str
    repeat: str | None
    expression: Expression | None
    field: Field | None
    dependents: list[tuple[int, bool]] = made_of(default_factory=list)
    """(number, wide): wide means in every row, even of the same repeat."""


class Plan:
    """All nodes of a form, in topological order."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.repeats: dict[str, Section] = {
            s.name: s for s in form.sections if s.repeat is not None
        }
        self.homes: dict[str, str | None] = {
            f.name: (s.name if s.repeat is not None else None)
            for s in form.sections
            for f in s.fields
        }
        self.nodes: list[Node] = []
        self._make()
        self._sort()
        self.section_node = {n.name: n.number for n in self.nodes if n.kind == "section"}
        self.value_node = {n.name: n.number for n in self.nodes if n.kind == "value"}
        self.of_field: dict[str, list[int]] = {name: [] for name in self.homes}
        for node in self.nodes:
            if node.kind != "section":
                self.of_field[node.name].append(node.number)
        self.by_section = {
            s.name: sorted(i for f in s.fields for i in self.of_field[f.name])
            for s in form.sections
        }
        self.on_rows = self._on_rows()
        self.volatile_flows = [
            n.number
            for n in self.nodes
            if n.expression and n.expression.volatile and n.kind not in LEAVES
        ]
        self.volatile_leaves = [
            n.number
            for n in self.nodes
            if n.expression and n.expression.volatile and n.kind in LEAVES
        ]

    def before(self, clock: Field) -> tuple[str, ...]:
        """The times that a clock time is compared with: nearest first, then the event's."""
        return times_before(self.form, clock)

    def _make(self) -> None:
        for section in self.form.sections:
            repeat = section.name if section.repeat is not None else None
            self._add("section", section.name, repeat, section.relevant, None)
            for f in section.fields:
                if f.relevant is not None:
                    self._add("relevant", f.name, repeat, f.relevant, f)
                self._add("value", f.name, repeat, f.calculation, f)
                for leaf in LEAVES:
                    expression = getattr(f, leaf)
                    if expression is not None:
                        self._add(leaf, f.name, repeat, expression, f)

    def _add(
        self,
        kind: str,
        name: str,
        repeat: str | None,
        expression: Expression | None,
        of: Field | None,
    ) -> None:
        self.nodes.append(Node(len(self.nodes), kind, name, repeat, expression, of))

    def _needs(self, node: Node) -> Iterable[tuple[tuple[str, str], bool]]:
        """(kind, name) of each node that must come first, and whether its every row counts."""
        if node.kind == "value" and node.field is not None:
            yield ("section", node.field.section), False
            if node.field.relevant is not None:
                yield ("relevant", node.name), False
            if node.field.is_clock_time:
                for name in (self.form.event_date, *self.before(node.field)):
                    if name is not None:
                        yield ("value", name), False
        elif node.kind in LEAVES:
            yield ("value", node.name), False
        if node.expression is None:
            return
        for reference in node.expression.references:
            name = reference.name
            if name in self.repeats:
                yield ("section", name), True
                continue
            home = self.homes[name]
            if home is not None and (reference.wide or home != node.repeat):
                yield ("section", home), True
            if (node.kind, node.name) != ("value", name):
                yield ("value", name), reference.wide

    def _sort(self) -> None:
        """Kahn's algorithm; among what is ready, the order of the form."""
        by_key = {(n.kind, n.name): n for n in self.nodes}
        waiting = {n.number: 0 for n in self.nodes}
        edges: dict[int, dict[int, bool]] = {n.number: {} for n in self.nodes}
        for node in self.nodes:
            for key, wide in self._needs(node):
                source = by_key[key].number
                known = edges[source].get(node.number)
                if known is None:
                    waiting[node.number] += 1
                edges[source][node.number] = bool(known) or wide
        ready = [n.number for n in reversed(self.nodes) if not waiting[n.number]]
        order: list[int] = []
        while ready:
            number = ready.pop()
            order.append(number)
            for to in reversed(edges[number]):
                waiting[to] -= 1
                if not waiting[to]:
                    ready.append(to)
        rank = {old: new for new, old in enumerate(order)}
        old_nodes = self.nodes
        self.nodes = [old_nodes[i] for i in order]
        for node in self.nodes:
            old = node.number
            node.number = rank[old]
            node.dependents = [(rank[to], wide) for to, wide in edges[old].items()]

    def _on_rows(self) -> dict[str, list[int]]:
        """Per repeat: what depends on which rows there are, and in which order."""
        found: dict[str, set[int]] = {name: set() for name in self.repeats}
        for node in self.nodes:
            expression = node.expression
            if expression is None:
                continue
            for reference in expression.references:
                name = reference.name
                home = name if name in self.repeats else self.homes[name]
                if home is not None and (reference.wide or home != node.repeat):
                    found[home].add(node.number)
            if expression.counts_rows and node.repeat is not None:
                found[node.repeat].add(node.number)
        return {name: sorted(numbers) for name, numbers in found.items()}


def times_before(form: Form, clock: Field) -> tuple[str, ...]:
    """The times that a clock time is compared with: those before it in its section, nearest
    first, then the time of the event."""
    chain = [f.name for f in form.section(clock.section).fields if f.type == "datetime"]
    names = list(reversed(chain[: chain.index(clock.name)]))
    event = form.event_time
    if event is None or event in chain or form.field(event).type != "datetime":
        return tuple(names)
    return (*names, event)
