"""What a page sees of a session: read models, and why a question is asked, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bt_desktop.form_engine.definition import Choice, Field, Text, say
from bt_desktop.form_engine.expressions import Expression
from bt_desktop.form_engine.functions import Context
from bt_desktop.form_engine.grammar import Call, Chain, Path, Tree
from bt_desktop.form_engine.grammar import Literal as Quoted
from bt_desktop.form_engine.issues import Issue
from bt_desktop.form_engine.state import State
from bt_desktop.form_engine.values import to_bool

SectionState = Literal["not_started", "in_progress", "needs", "done", "not_applicable"]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One question as an editor needs it.

    `value` is the stored JSON (None: blank), `typed` what the editor shows. `issue` is the gravest
    problem, `issues` all. `note` is the reason given for a warning or a recommended blank,
    `unknown_reason` the one for “not known” (None: not marked so). `reason` and `cite` say by
    what rule it is asked, `unverified` that nobody has checked that rule yet; `asked_because`
    names the answers that made it apply.
    """

    path: str
    field: Field
    label: Text
    hint: Text
    value: Any
    typed: str
    relevant: bool
    required: bool
    read_only: bool
    issue: Issue | None
    issues: tuple[Issue, ...]
    reason: str
    cite: str
    unverified: bool
    note: str
    unknown_reason: str | None
    choices: tuple[Choice, ...]
    asked_because: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section as a list of sections needs it. `needs` counts errors, `rows` those of a repeat.

    `done`: nothing is missing. `needs`: begun, and something is missing or wrong. `in_progress`:
    begun, and only reasons are still asked for. `not_started`: nothing was answered yet.
    """

    name: str
    label: Text
    part: str
    state: SectionState
    needs: int
    relevant: bool
    asked_because: str
    cite: str
    rows: int


class Because:
    """Says in words which answers made a question apply."""

    def __init__(self, state: State) -> None:
        self._state = state

    def words(self, expression: Expression | None, context: Context) -> str:
        """“What happened = Physical restraint”; blank where it cannot be said simply."""
        if expression is None:
            return ""
        return self._say(expression.tree, context)

    def _say(self, tree: Tree, context: Context) -> str:
        if isinstance(tree, Chain) and tree.rest[0][0] in ("and", "or"):
            parts = [tree.first, *(t for _, t in tree.rest)]
            said = [self._say(p, context) for p in parts if self._holds(p, context)]
            between = ", " if tree.rest[0][0] == "and" else " or "
            return between.join(dict.fromkeys(s for s in said if s))
        if isinstance(tree, Chain) and tree.rest[0][0] == "=" and len(tree.rest) == 1:
            return self._equal(tree.first, tree.rest[0][1])
        if isinstance(tree, Call) and tree.name == "selected":
            return self._equal(tree.args[0], tree.args[1])
        return ""

    def _holds(self, tree: Tree, context: Context) -> bool:
        from bt_desktop.form_engine.expressions import compile_tree  # views are read seldom

        return to_bool(compile_tree(tree)(context))

    def _equal(self, left: Tree, right: Tree) -> str:
        if isinstance(left, Quoted):
            left, right = right, left
        if not isinstance(left, Path) or not isinstance(right, Quoted) or left.ups:
            return ""
        asked = self._state.form.fields().get(left.start)
        if asked is None or not right.value:
            return ""
        label = self._state.label(asked.name, right.value) or right.value
        return f"{say(asked.label).rstrip('?:. ')} = {label}"
