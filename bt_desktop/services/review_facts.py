"""What a reviewer looks at first: what is prohibited, what was warned of, what nobody knew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bt_desktop.clock import Clock
from bt_desktop.form_engine.definition import Choice, say
from bt_desktop.services.record_check import session_of
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_parts import REPORT
from bt_desktop.services.results.reviews import Fact

if TYPE_CHECKING:
    from bt_desktop.form_engine.session import FormSession
    from bt_desktop.form_engine.views import FieldView

_ROW = re.compile(r"\[(\d+)\]")
_ORDER = ("prohibited", "warning", "unknown", "blank")


def facts_of(loaded: Loaded, clock: Clock) -> tuple[Fact, ...]:
    """The flagged facts of the signed report, the gravest first, each kind in the form's order."""
    report = loaded.report
    if report is None:
        return ()
    answers = loaded.answers() | report.whole
    session = session_of(loaded.form, answers, clock)
    found = [fact for path in _paths(session) for fact in _facts(session.view(path), session)]
    return tuple(sorted(found, key=lambda fact: _ORDER.index(fact.kind)))


def _paths(session: FormSession) -> Iterator[str]:
    for section in session.sections(REPORT):
        yield from session.paths(section.name)


def _facts(view: FieldView, session: FormSession) -> Iterator[Fact]:
    if not view.relevant or not view.field.is_input:
        return
    section, where = view.field.section, _where(view, session)
    for choice in _prohibited(view, session):
        cite = f" ({choice.cite or view.cite})" if choice.cite or view.cite else ""
        yield Fact("prohibited", section, where, f"{say(choice.label)}{cite}", view.note)
    if view.unknown_reason is not None:
        yield Fact("unknown", section, where, "Not known", view.unknown_reason)
    elif view.note and view.value in (None, "", []):
        yield Fact("blank", section, where, "Left blank", view.note)
    elif view.note and not _prohibited(view, session):
        sentence = say(view.field.warning_message) or "Unusual, and left as it is"
        yield Fact("warning", section, where, sentence, view.note)


def _prohibited(view: FieldView, session: FormSession) -> list[Choice]:
    if view.field.choices is None or view.value is None:
        return []
    chosen = view.value if isinstance(view.value, list | tuple) else [view.value]
    names = {str(one) for one in chosen}
    return [
        choice
        for choice in session.form.choices_of(view.field.name)
        if choice.prohibited and choice.name in names
    ]


def _where(view: FieldView, session: FormSession) -> str:
    label = say(view.label)
    row = _ROW.search(view.path)
    section = session.form.section(view.field.section)
    if row is None or section.repeat is None:
        return label
    return f"{say(section.repeat.label) or say(section.label)} {row[1]}: {label}"
