"""How a form's answers become facts, and what counts as done: `forms/deadline_facts.yaml`, read."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from bt_desktop import paths
from bt_desktop.form_engine.definition import Form
from bt_desktop.form_engine.evaluation import evaluate
from bt_desktop.form_engine.expressions import Expression, compile_expression
from bt_desktop.form_engine.loader import FACTS
from bt_desktop.form_engine.yaml_tree import plain_data

_ANY = "any"


@dataclass(frozen=True, slots=True)
class Proof:
    """What ends a task: a signed part (with an answer that says when), a notice, or a copy."""

    part: str = ""
    when: Expression | None = None
    date: str = ""
    notice: tuple[str, ...] = ()
    copy: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormFacts:
    """Of one form: an expression for each fact, a proof for each task."""

    facts: Mapping[str, Expression] = field(default_factory=dict)
    proofs: Mapping[str, Proof] = field(default_factory=dict)

    def only(self, wanted: frozenset[str]) -> FormFacts:
        """With only the facts that somebody asks for: the rest need not be worked out."""
        return FormFacts({n: e for n, e in self.facts.items() if n in wanted}, self.proofs)

    def names(self, form: Form) -> frozenset[str]:
        """The names at the root of a draft that any fact depends on."""
        asked = self._asked(form)
        fields = form.fields()
        return frozenset(
            fields[name].section if fields[name].repeat else name
            for name in asked
            if name in fields
        )

    def _asked(self, form: Form) -> set[str]:
        """Every question read, also through what is calculated."""
        fields, seen = form.fields(), set[str]()
        waiting = [r.name for e in self.facts.values() for r in e.references]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            calculation = fields[name].calculation if name in fields else None
            waiting += [r.name for r in calculation.references] if calculation else []
        return seen

    def told(self, form: Form, answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """The facts of these answers, as `deadline_facts.read_facts` takes them."""
        known = dict(answers) | self._calculated(form, answers, now)
        return {fact: evaluate(e.source, known, now) for fact, e in self.facts.items()}

    def _calculated(self, form: Form, answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """What the form computes of these answers, as far as a fact asks for it."""
        fields = form.fields()
        wanted = [
            name
            for e in self.facts.values()
            for name in (r.name for r in e.references)
            if name in fields and fields[name].calculation is not None and not fields[name].repeat
        ]
        if not wanted or not answers:
            return {}
        from bt_desktop.form_engine.session import FormSession  # deferred: loads the engine

        session = FormSession(form, answers, now=lambda: now)
        views = ((name, session.view(f"/{name}")) for name in dict.fromkeys(wanted))
        return {name: view.value for name, view in views if view.relevant}


class FactShelf:
    """The facts of every form, read once from the shipped file."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._forms: dict[str, FormFacts] = {}

    def of(self, form: str) -> FormFacts:
        """The facts of a form; of one that has none, only what holds for any form."""
        with self._guard:
            if form not in self._forms:
                told = self._file.get(form) or {}
                proofs = _proofs(self._file.get(_ANY)) | _proofs(told)
                facts = {
                    str(name): compile_expression(str(source))
                    for name, source in (told.get("facts") or {}).items()
                }
                self._forms[form] = FormFacts(facts, proofs)
            return self._forms[form]

    def forms(self) -> Iterable[str]:
        """The forms that have facts."""
        return [name for name, told in self._file.items() if name != _ANY and told.get("facts")]

    @cached_property
    def _file(self) -> dict[str, Any]:
        file = paths.forms_dir() / FACTS
        forms: dict[str, Any] = plain_data(file.read_text("utf-8"))["facts_of"]
        return forms


def _proofs(told: Any) -> dict[str, Proof]:
    rows = (told or {}).get("evidence") or {}
    return {str(task): _proof(row) for task, row in rows.items()}


def _proof(row: Mapping[str, Any]) -> Proof:
    when = row.get("when")
    return Proof(
        part=str(row.get("part") or ""),
        when=compile_expression(str(when)) if when else None,
        date=str(row.get("date") or ""),
        notice=tuple(str(one) for one in row.get("notice") or ()),
        copy=tuple(str(one) for one in row.get("copy") or ()),
    )


__all__ = ["FactShelf", "FormFacts", "Proof"]
