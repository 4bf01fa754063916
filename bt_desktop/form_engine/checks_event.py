"""What a form says of other records of its event: leads to other reports, and shared facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bt_desktop.form_engine.building import Builder, lead_place, with_leads
from bt_desktop.form_engine.definition import Field, Form, Lead, Section
from bt_desktop.form_engine.facts import FACTS, PEOPLE, PERSON_FACTS
from bt_desktop.form_engine.suggestions import did_you_mean

_LISTS = frozenset(("students_involved", "students_witness", "staff_involved", "staff_witness"))


def check_leads(builder: Builder, form: Form, forms: Collection[str]) -> None:
    """Note what is wrong with `leads_to`; `forms` are the forms that lie beside this one."""
    for lead in form.leads:
        builder.field = lead.at
        _report(builder, form, lead, forms)
        _question(builder, form, lead)
    builder.field = ""


def _report(builder: Builder, form: Form, lead: Lead, forms: Collection[str]) -> None:
    if lead.form == form.form:
        _lead_fault(builder, lead, "form", "self-reference", "A form cannot lead to itself.")
    elif lead.form not in forms:
        hint = did_you_mean(lead.form, forms)
        sentence = f"“{lead.name}” leads to a form that is not there: “{lead.form}”.{hint}"
        _lead_fault(builder, lead, "form", "unknown-reference", sentence)


def _question(builder: Builder, form: Form, lead: Lead) -> None:
    found = form.fields().get(lead.at)
    if found is None:
        hint = did_you_mean(lead.at, form.fields())
        sentence = f"“at” names no question: “{lead.at}”.{hint}"
        _lead_fault(builder, lead, "at", "unknown-reference", sentence)
    elif found.repeat or not found.is_input or form.section(found.section).part != "report":
        sentence = f"“{lead.at}” must be an answered question of the report, outside repeats."
        _lead_fault(builder, lead, "at", "type-mismatch", sentence)
    elif found.warning != _said(form, lead.at):
        sentence = f"“{lead.at}” has a warning of its own. Say this one at another question."
        _lead_fault(builder, lead, "at", "warning-taken", sentence)


def _said(form: Form, at: str) -> object:
    """The warning that the leads of a question make."""
    from dataclasses import replace  # only here

    bare = tuple(
        replace(s, fields=tuple(replace(f, warning=None) for f in s.fields)) for s in form.sections
    )
    return with_leads(replace(form, sections=bare)).field(at).warning


def _lead_fault(builder: Builder, lead: Lead, key: str, code: str, sentence: str) -> None:
    table = builder.places.get(lead_place(lead.name), builder.places[""])
    builder.fault(table.items.get(key) or table, code, sentence)


def check_facts(builder: Builder, form: Form) -> None:
    """Note each `fact` that no form knows, of another type, or told twice."""
    told: dict[str, str] = {}
    for section in form.sections:
        builder.field = section.name
        _section(builder, section)
        for field in section.fields:
            builder.field = field.name
            if field.fact and field.other_of is None:
                _field(builder, section, field, told)
    builder.field = ""


def _section(builder: Builder, section: Section) -> None:
    if section.fact not in ("", PEOPLE):
        hint = did_you_mean(section.fact, (PEOPLE,))
        sentence = f"A section has no fact “{section.fact}”.{hint}"
        _fact_fault(builder, section.name, "unknown-fact", sentence)
    elif section.fact and section.repeat is None:
        sentence = "Only a section with “repeat” tells of people."
        _fact_fault(builder, section.name, "type-mismatch", sentence)


def _field(builder: Builder, section: Section, field: Field, told: dict[str, str]) -> None:
    known: Mapping[str, frozenset[str]] = PERSON_FACTS if section.fact == PEOPLE else FACTS
    if field.fact not in known:
        hint = did_you_mean(field.fact, known)
        sentence = f"There is no fact “{field.fact}” here.{hint}"
        _fact_fault(builder, field.name, "unknown-fact", sentence)
    elif field.repeat and section.fact != PEOPLE:
        sentence = "A fact is told once for the event; a question of a repeat cannot tell it."
        _fact_fault(builder, field.name, "type-mismatch", sentence)
    elif field.type not in known[field.fact] or field.is_multiple != _is_list(field.fact, field):
        sentence = f"“{field.fact}” is no fact for a question of type {field.type}."
        _fact_fault(builder, field.name, "type-mismatch", sentence)
    elif field.fact in told:
        sentence = f"“{told[field.fact]}” tells the fact “{field.fact}” already."
        _fact_fault(builder, field.name, "duplicate-fact", sentence)
    told.setdefault(field.fact, field.name)


def _is_list(fact: str, field: Field) -> bool:
    return fact in _LISTS or field.type == "select_multiple"


def _fact_fault(builder: Builder, name: str, code: str, sentence: str) -> None:
    table = builder.places.get(name, builder.places[""])
    builder.fault(table.items.get("fact") or table, code, sentence)
