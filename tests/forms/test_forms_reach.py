"""Every shipped form under each pack: it loads, and nothing in it is out of reach or unreadable."""

from __future__ import annotations

from functools import cache

import pytest
from form_kits import FORMS_AND_PACKS, KITS, fields, paths

from bt_desktop import paths as places
from bt_desktop.form_engine import FormSession, available_forms, available_packs, check_files
from bt_desktop.form_engine.definition import Form, say
from bt_desktop.form_engine.facts import FACTS, PERSON_FACTS
from bt_desktop.security.permissions import FORMS

_ASKS_NOTHING = ("calculate", "note")
_DRAWN = ("body_map", "image", "signature")  # answered with a pointer, not typed

every_form = pytest.mark.parametrize("name", KITS)
under_every_pack = pytest.mark.parametrize(("name", "pack"), FORMS_AND_PACKS, ids=str)


@cache
def _sessions(name: str, pack: str | None) -> tuple[FormSession, ...]:
    kit = KITS[name]
    return tuple(kit.filled(scenario, pack) for scenario in kit.scenarios)


def test_no_shipped_file_has_a_fault() -> None:
    assert check_files(sorted(places.forms_dir().rglob("*.yaml"))) == ()


def test_every_shipped_form_has_rights_and_those_tested_here_are_shipped() -> None:
    assert set(KITS) <= set(available_forms()) <= set(FORMS)
    assert {"us-ca", "us-ok"} <= set(available_packs())


@under_every_pack
def test_a_form_loads_under_every_pack_and_comes_back_from_the_store(
    name: str, pack: str | None
) -> None:
    loaded = KITS[name].form(pack)
    assert loaded.form == name
    assert (loaded.pack.pack if loaded.pack else None) == pack
    assert Form.load(loaded.source) == loaded


@pytest.mark.parametrize(
    ("name", "prefix", "record_class", "subject"),
    [
        ("restraint", "BER", "education", "student"),
        ("incident", "INC", "education", "student"),
        ("risk", "RSK", "confidential", "any"),
        ("first_aid", "AID", "education", "any"),
        ("medication_error", "MED", "education", "student"),
        ("staff_injury", "STI", "confidential", "staff"),
    ],
)
def test_what_kind_of_record_a_form_makes(
    name: str, prefix: str, record_class: str, subject: str
) -> None:
    form = KITS[name].form()
    assert (form.prefix, form.record_class, form.subject) == (prefix, record_class, subject)


@under_every_pack
def test_some_answers_bring_up_every_question(name: str, pack: str | None) -> None:
    seen = {
        page.view(path).field.name
        for page in _sessions(name, pack)
        for path in paths(page)
        if page.view(path).relevant
    }
    assert {f.name for f in fields(KITS[name].form(pack))} - seen == set()


@every_form
def test_the_answer_sets_answer_every_question_they_bring_up(name: str) -> None:
    answered: set[str] = set()
    asked: set[str] = set()
    for page in _sessions(name, "us-ca"):
        for path in paths(page):
            view = page.view(path)
            if view.relevant and view.field.type not in (*_ASKS_NOTHING, *_DRAWN):
                asked.add(view.field.name)
                if view.value not in (None, "", []):
                    answered.add(view.field.name)
    others = {f.name for f in KITS[name].form().fields().values() if f.other_of is not None}
    assert asked - answered - others == set()


@under_every_pack
def test_every_choice_can_be_read_and_every_list_is_used_once_a_name(
    name: str, pack: str | None
) -> None:
    for choice_list, choices in KITS[name].form(pack).choices.items():
        assert choices, choice_list
        names = [c.name for c in choices]
        assert len(names) == len(set(names)), choice_list
        for choice in choices:
            label = say(choice.label)
            assert label.strip() == label, (choice_list, choice.name)
            assert label, (choice_list, choice.name)
            assert len(label) <= 60, (choice_list, choice.name)


@every_form
def test_no_list_of_a_forms_own_is_left_unused(name: str) -> None:
    of = KITS[name].form()
    used = {f.choices for f in of.fields().values()}
    shared = set(KITS["restraint"].form().choices)
    assert set(of.choices) - shared - used == set()


@under_every_pack
def test_every_question_has_words_a_reason_and_a_chosen_privacy(
    name: str, pack: str | None
) -> None:
    for asked in fields(KITS[name].form(pack)):
        assert say(asked.label).strip(), asked.name
        assert asked.reason in ("statute", "state_report", "district", "best_practice"), asked.name
        assert asked.privacy in ("parent", "staff", "internal"), asked.name
        if asked.required:
            assert say(asked.required_message or {}), asked.name
        if asked.constraint:
            assert say(asked.constraint_message or {}), asked.name
        if asked.warning and asked.name not in {lead.at for lead in KITS[name].form(pack).leads}:
            assert say(asked.warning_message or {}), asked.name
        if asked.reason == "statute":
            assert asked.cite, asked.name


@under_every_pack
def test_no_free_text_and_no_other_child_can_reach_the_parents_copy(
    name: str, pack: str | None
) -> None:
    form = KITS[name].form(pack)
    for asked in form.fields().values():
        if asked.privacy != "parent":
            continue
        assert form.record_class != "confidential", asked.name
        assert asked.type not in ("text", "person", "image", "body_map"), asked.name
        assert asked.type != "student" or asked.name == "student"


@every_form
def test_facts_of_one_event_have_the_same_shape_in_every_form(name: str) -> None:
    told = {f.fact: f for f in KITS[name].form().fields().values() if f.fact}
    assert set(told) <= {*FACTS, *PERSON_FACTS}
    assert {"event_date", "event_began", "location", "location_detail"} <= set(told)
    for fact, asked in told.items():
        reference = {f.fact: f for f in KITS["restraint"].form().fields().values()}.get(fact)
        if reference is not None and fact not in PERSON_FACTS:
            assert (asked.type, asked.choices) == (reference.type, reference.choices), fact
