"""What a form must be beyond its spelling: references, cycles, types, choices that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bt_desktop.form_engine.body import atlas
from bt_desktop.form_engine.building import Builder, lead_place
from bt_desktop.form_engine.definition import SELECTS, Field, Form
from bt_desktop.form_engine.expressions import Expression, calls, walk
from bt_desktop.form_engine.grammar import Call, Chain, Column, Literal, Path, Tree
from bt_desktop.form_engine.kinds import KINDS, Invalid, Parsing
from bt_desktop.form_engine.plan import times_before
from bt_desktop.form_engine.suggestions import did_you_mean
from bt_desktop.form_engine.values import read_moment

_LOGIC = [
    "default",
    "read_only",
    "required",
    "relevant",
    "constraint",
    "warning",
    "calculation",
    "choice_filter",
]
_FLOWS = ("relevant", "calculation", "read_only", "required", "choice_filter")
"""Expressions that may not read their own question."""
_MOMENTS = frozenset(("date", "time", "datetime"))
_ANY_DAY = datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("UTC"))
Known = Mapping[str, set[str]]


def logic_of(field: Field) -> Iterator[tuple[str, Expression]]:
    """The expressions of a question, with their keys."""
    for key in _LOGIC:
        expression = getattr(field, key)
        if expression is not None:
            yield key, expression


def check_form(builder: Builder, form: Form, known: Known) -> None:
    """Note every fault of a form that was read. `known`: names each choice list ever had."""
    checker = _Checker(builder, form, known)
    for section in form.sections:
        builder.field = section.name
        if section.relevant is not None:
            checker.expression(section.name, "relevant", section.relevant, None)
        for field in section.fields:
            if field.other_of is None:
                builder.field = field.name
                checker.field(field)
    for lead in form.leads:
        builder.field = lead.at
        checker.expression(lead_place(lead.name), "when", lead.when, None)
    builder.field = ""
    checker.event()
    checker.cycles()
    builder.field = ""


class _Checker:
    def __init__(self, builder: Builder, form: Form, known: Known) -> None:
        self._builder = builder
        self._form = form
        self._known = known
        self._fields = form.fields()
        self._repeats = {s.name: s for s in form.sections if s.repeat is not None}
        self._event_is_sound = True

    def _fault(self, name: str, key: str, code: str, sentence: str) -> None:
        table = self._builder.places.get(name, self._builder.places[""])
        value = table.items.get(key)
        self._builder.fault(value or table, code, sentence)

    # -- one question --------------------------------------------------------------------------

    def field(self, field: Field) -> None:
        """Whatever can be wrong with one question by itself and in what it refers to."""
        self._type(field)
        self._choices(field)
        for key, expression in logic_of(field):
            self.expression(field.name, key, expression, field)
        self._default(field)

    def _type(self, field: Field) -> None:
        if field.type == "calculate" and field.calculation is None:
            self._fault(
                field.name, "type", "type-mismatch", "A calculate field needs “calculation”."
            )
        elif field.calculation is not None and field.type != "calculate":
            self._fault(
                field.name,
                "calculation",
                "type-mismatch",
                f"“calculation” belongs to a field of type calculate, not {field.type}.",
            )
        if field.type in ("note", "calculate"):
            for key in ("required", "constraint", "warning", "default", "choice_filter"):
                if getattr(field, key) is not None:
                    self._fault(
                        field.name,
                        key,
                        "type-mismatch",
                        f"A {field.type} field is not answered, so “{key}” has no meaning.",
                    )
        for key in ("constraint", "warning"):
            if getattr(field, f"{key}_message") and getattr(field, key) is None:
                self._fault(
                    field.name,
                    f"{key}_message",
                    "message-alone",
                    f"“{key}_message” stands without “{key}”.",
                )

    def _choices(self, field: Field) -> None:
        marked = field.type == "body_map" and field.choice_filter is None  # kinds of injury
        if field.type in SELECTS or (marked and field.choices is not None):
            if field.choices is None:
                self._fault(
                    field.name, "type", "missing-choices", f"A {field.type} field needs “choices”."
                )
            elif field.choices not in self._form.choices:
                hint = did_you_mean(field.choices, self._form.choices)
                self._fault(
                    field.name,
                    "choices",
                    "missing-choices",
                    f"There is no choice list “{field.choices}”.{hint}",
                )
            return
        for key in ("choices", "choice_filter"):
            if getattr(field, key) is not None and field.type not in ("note", "calculate"):
                self._fault(
                    field.name,
                    key,
                    "type-mismatch",
                    f"“{key}” has no meaning for a field of type {field.type}.",
                )

    def _default(self, field: Field) -> None:
        default = field.default
        if default is None or not isinstance(default.tree, Literal):
            return
        names = frozenset(c.name for c in self._form.choices.get(field.choices or "", ()))
        typed = default.tree.value
        if field.type in _MOMENTS:
            if not _fits(field, read_moment(typed)):
                self._bad_default(field, typed)
            return
        try:
            KINDS[field.type].parse(typed, Parsing(field, _ANY_DAY, names=names))
        except Invalid:
            self._bad_default(field, typed)

    def _bad_default(self, field: Field, typed: str) -> None:
        self._fault(
            field.name,
            "default",
            "type-mismatch",
            f"The default “{typed}” is no answer of type {field.type}.",
        )

    # -- one expression ------------------------------------------------------------------------

    def expression(self, name: str, key: str, expression: Expression, field: Field | None) -> None:
        """References, questions that choices belong to, kinds that can be compared."""
        for reference in expression.references:
            self._reference(name, key, reference.name, reference.position)
        if field is None and expression.reads_self:
            self._fault(name, key, "self-reference", f"“{key}” of a section cannot read “.”.")
        for call in calls(expression.tree):
            self._call(name, key, call, field)
        for part in walk(expression.tree):
            if isinstance(part, Chain):
                self._comparison(name, key, part, field)
            elif isinstance(part, Column):
                self._column(name, part, field)

    def _at(self, key: str, position: int) -> str:
        return f"“{key}”, character {position}:"

    def _reference(self, name: str, key: str, to: str, position: int) -> None:
        field = self._fields.get(to)
        if field is None and to not in self._repeats:
            hint = did_you_mean(to, [*self._fields, *self._repeats])
            self._fault(
                name,
                key,
                "unknown-reference",
                f"{self._at(key, position)} There is no question “{to}”.{hint}",
            )
        elif field is not None and field.type == "note":
            self._fault(
                name,
                key,
                "note-reference",
                f"{self._at(key, position)} “{to}” is a note; it has no answer.",
            )

    def _column(self, name: str, column: Column, field: Field | None) -> None:
        rows = self._form.choices.get((field.choices if field is not None else None) or "")
        if field is None or rows is None:
            return
        known = {"name", "label", *(k for c in rows for k in c.extra)}
        if column.name not in known:
            hint = did_you_mean(column.name, known)
            self._fault(
                name,
                "choice_filter",
                "unknown-column",
                f"{self._at('choice_filter', column.position)} The list “{field.choices}” has no "
                f"column “{column.name}”.{hint}",
            )

    def _call(self, name: str, key: str, call: Call, field: Field | None) -> None:
        if call.name == "selected":
            self._literal_choice(name, key, call.args[0], call.args[1], field)
        elif call.name == "indexed-repeat":
            self._indexed(name, key, call)
        elif call.name == "jr:choice-name":
            of = call.args[1]
            to = of.start if isinstance(of, Path) else getattr(of, "value", "").strip()[2:-1]
            found = self._fields.get(to.strip())
            if found is not None and found.type not in SELECTS:
                self._fault(
                    name,
                    key,
                    "type-mismatch",
                    f"{self._at(key, call.position)} “{found.name}” has no choices.",
                )

    def _indexed(self, name: str, key: str, call: Call) -> None:
        of, rows = call.args[0], call.args[1]
        if not isinstance(of, Path) or not isinstance(rows, Path):
            return
        field, repeat = self._fields.get(of.start), self._repeats.get(rows.start)
        if field is not None and (repeat is None or field.section != repeat.name):
            self._fault(
                name,
                key,
                "type-mismatch",
                f"{self._at(key, call.position)} indexed-repeat() takes a question and the "
                f"repeat that holds it; “{of.start}” is not in “{rows.start}”.",
            )

    # -- comparisons ---------------------------------------------------------------------------

    def _field_of(self, tree: Tree, field: Field | None) -> Field | None:
        if not isinstance(tree, Path) or tree.filters or tree.steps or tree.ups:
            return None
        return field if tree.start == "." else self._fields.get(tree.start)

    def _literal_choice(
        self, name: str, key: str, of: Tree, word: Tree, field: Field | None
    ) -> None:
        asked = self._field_of(of, field)
        if asked is None or not isinstance(word, Literal):
            return
        if asked.type == "body_map":
            known: set[str] | frozenset[str] | None = atlas().words()
        elif asked.type in SELECTS:
            known = self._known.get(asked.choices or "")
        else:
            return
        if known is None or not word.value or word.value in known:
            return
        self._fault(
            name,
            key,
            "unknown-choice",
            f"{self._at(key, word.position)} “{asked.name}” has no choice “{word.value}”."
            f"{did_you_mean(word.value, known)}",
        )

    def _comparison(self, name: str, key: str, chain: Chain, field: Field | None) -> None:
        op, right = chain.rest[0]
        if op not in ("=", "!=", "<", "<=", ">", ">=") or len(chain.rest) > 1:
            return
        for a, b in ((chain.first, right), (right, chain.first)):
            if op in ("=", "!="):
                self._literal_choice(name, key, a, b, field)
            of = self._field_of(a, field)
            if of is not None and of.type in _MOMENTS and isinstance(b, Literal):
                self._moment_literal(name, key, of, b)
        left_kind, right_kind = self._kind(chain.first, field), self._kind(right, field)
        if "time" in (left_kind, right_kind) and {left_kind, right_kind} & {"date", "datetime"}:
            self._fault(
                name,
                key,
                "type-mismatch",
                f"{self._at(key, chain.position)} A {left_kind} cannot be compared with a "
                f"{right_kind}.",
            )

    def _moment_literal(self, name: str, key: str, of: Field, word: Literal) -> None:
        if word.value and read_moment(word.value) is None:
            self._fault(
                name,
                key,
                "type-mismatch",
                f"{self._at(key, word.position)} “{word.value}” is no {of.type} to compare "
                f"“{of.name}” with.",
            )

    def _kind(self, tree: Tree, field: Field | None) -> str:
        if isinstance(tree, Call):
            return {
                "today": "date",
                "date": "date",
                "now": "datetime",
                "date-time": "datetime",
            }.get(tree.name, "")
        of = self._field_of(tree, field)
        return of.type if of is not None and of.type in _MOMENTS else ""

    # -- the whole form ------------------------------------------------------------------------

    def event(self) -> None:
        """`event_date` is a date question, `event_time` a time: both outside every repeat."""
        for key, kinds in (("event_date", ("date",)), ("event_time", ("time", "datetime"))):
            named = getattr(self._form, key)
            if named is None:
                continue
            found = self._fields.get(named)
            if found is None or found.type not in kinds or found.repeat:
                hint = "" if found else did_you_mean(named, self._fields)
                self._event_is_sound = False
                self._fault(
                    "",
                    key,
                    "unknown-reference",
                    f"“{key}” must name a {kinds[-1]} question outside repeats, not “{named}”."
                    f"{hint}",
                )

    def cycles(self) -> None:
        """Values that wait for each other, and rules that read their own question."""
        edges = self._edges()
        for name, keys in self._self_readers().items():
            self._builder.field = name
            self._fault(
                name,
                keys[0],
                "self-reference",
                f"“{keys[0]}” of “{name}” reads its own question.",
            )
        for name in self._fields:
            edges[name].discard(name)
        for cycle in _cycles(edges):
            self._builder.field = cycle[0]
            way = " → ".join([*cycle, cycle[0]])
            self._fault(cycle[0], "name", "cycle", f"These questions wait for each other: {way}.")

    def _self_readers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for field in self._fields.values():
            for key in _FLOWS:
                expression = getattr(field, key)
                if expression is None or (expression.sticky and key == "calculation"):
                    continue
                names = {r.name for r in expression.references}
                if expression.reads_self or field.name in names:
                    found.setdefault(field.name, []).append(key)
        return found

    def _edges(self) -> dict[str, set[str]]:
        """name -> names whose value it needs: by its calculation and by when it applies."""
        edges: dict[str, set[str]] = {}
        for section in self._form.sections:
            edges[section.name] = _names(section.relevant)
            for field in section.fields:
                needs = {section.name} | _names(field.relevant) | _names(field.calculation)
                if field.is_clock_time and self._event_is_sound:
                    needs.update(times_before(self._form, field))
                    needs.update(filter(None, (self._form.event_date,)))
                edges[field.name] = needs
        return edges


def _fits(field: Field, moment: date | time | datetime | None) -> bool:
    """Whether a moment is an answer to a question about one."""
    if isinstance(moment, time):
        return field.type == "time" or field.is_clock_time
    if isinstance(moment, datetime):
        return field.type == "datetime"
    return moment is not None and field.type == "date"


def _names(expression: Expression | None) -> set[str]:
    return set() if expression is None else {r.name for r in expression.references}


def _cycles(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Each cycle once, found depth first without recursion."""
    done: set[str] = set()
    found: list[list[str]] = []
    for start in edges:
        if start in done:
            continue
        path: list[str] = [start]
        on_path = {start}
        todo = [iter(sorted(edges[start]))]
        while todo:
            to = next(todo[-1], None)
            if to is None:
                todo.pop()
                last = path.pop()
                on_path.discard(last)
                done.add(last)
            elif to in on_path:
                found.append(path[path.index(to) :])
            elif to in edges and to not in done:
                path.append(to)
                on_path.add(to)
                todo.append(iter(sorted(edges[to])))
    return found
