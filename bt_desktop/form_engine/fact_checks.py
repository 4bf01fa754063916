"""Checks a file that says how answers become facts (`facts_of:`): each expression, each name."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bt_desktop.form_engine.expressions import Expression
from bt_desktop.form_engine.reading import Reading
from bt_desktop.form_engine.suggestions import did_you_mean
from bt_desktop.form_engine.yaml_tree import Table, Tree

ANY_FORM = "any"
_FORM_KEYS = ("facts", "evidence")
_EVIDENCE_KEYS = ("part", "when", "date", "notice", "copy")

NamesOf = Callable[[str], Collection[str] | None]


def check_facts_of(reading: Reading, tree: Table, names_of: NamesOf) -> None:
    """Note every fault. `names_of` gives the questions of a form, None where there is none."""
    reading.keys(tree, ("facts_of",), "A file of facts")
    for name, told in _items(reading, tree.get("facts_of"), "“facts_of”"):
        form = reading.table(told, f"The form “{name}”")
        if form is None:
            continue
        reading.field = name
        known = () if name == ANY_FORM else names_of(name)
        if known is None:
            reading.fault(form, "missing-file", f"There is no form “{name}”.", form.line)
            continue
        _check_form(reading, form, known)
    reading.field = ""


def _items(reading: Reading, tree: Tree | None, what: str) -> list[tuple[str, Tree | None]]:
    """What a table names; nothing (and a fault) where it is none."""
    table = reading.table(tree, what)
    return [] if table is None else [(key, table.get(key)) for key in table.items]


def _check_form(reading: Reading, form: Table, known: Collection[str]) -> None:
    reading.keys(form, _FORM_KEYS, "A form's facts")
    facts = reading.table(form.get("facts"), "“facts”") or Table({}, form.file, form.line)
    for fact in facts.items:
        _check_names(reading, facts, fact, reading.expression(facts, fact), known)
    for _, told in _items(reading, form.get("evidence"), "“evidence”"):
        rule = reading.table(told, "Evidence")
        if rule is None:
            continue
        reading.keys(rule, _EVIDENCE_KEYS, "Evidence")
        _check_names(reading, rule, "when", reading.expression(rule, "when"), known)
        date = reading.word(rule, "date")
        if date and date not in known:
            _unknown(reading, rule, "date", date, known)


def _check_names(
    reading: Reading, table: Table, key: str, expression: Expression | None, known: Collection[str]
) -> None:
    for reference in expression.references if expression is not None else ():
        if reference.name not in known:
            _unknown(reading, table, key, reference.name, known)


def _unknown(reading: Reading, table: Table, key: str, name: str, known: Collection[str]) -> None:
    hint = did_you_mean(name, known)
    reading.fault(
        table,
        "unknown-reference",
        f"“{key}” asks for “{name}”, which the form does not have.{hint}",
        table.line_of(key),
    )
