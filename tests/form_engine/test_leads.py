"""Answers that belong in another report: what leads there, and what is no lead."""
# ruff: noqa: E501  one-line questions of YAML read better unbroken

from __future__ import annotations

from pathlib import Path

import pytest

from bt_desktop.form_engine import Code, Form, FormFaults, FormSession, check_files, load_form
from tests.form_engine.small_form import NOON

HEAD = """form: small
version: "1"
title: {en: Small}
choices:
  yn: [{name: "y", label: {en: Yes}}, {name: "n", label: {en: No}}]
"""
SECTIONS = """sections:
  - name: first
    label: {en: First}
    fields:
      - {name: touched, type: select_one, choices: yn, label: {en: "Was anyone held?"}, cite: EC 1}
      - {name: warned, type: integer, label: {en: W}, warning: ". < 5"}
      - {name: why, type: text, label: {en: Y}}
  - name: rows
    label: {en: Rows}
    repeat: {min: 1}
    fields: [{name: x, type: integer, label: {en: X}}]
  - name: later
    label: {en: Later}
    part: review
    fields: [{name: seen, type: select_one, choices: yn, label: {en: Seen}}]
"""
LEAD = """leads_to:
  - {name: held, form: other, at: touched, when: "${touched} = 'y'", because: {en: Someone was held.}}
"""
OTHER = f'form: other\nversion: "1"\ntitle: {{en: Other}}\n{SECTIONS.replace("choices: yn", "choices: yn")}'
PACK = 'pack: here\nversion: "1"\nform: other\nname: {en: Here}\n'


def write(folder: Path, leads: str = LEAD, pack: str = "") -> Path:
    """The small form beside the form that it leads to."""
    (folder / "other.yaml").write_text(
        OTHER.replace("sections:", HEAD.split("title: {en: Small}\n")[1] + "sections:", 1),
        encoding="utf-8",
    )
    (folder / "small.yaml").write_text(HEAD + leads + SECTIONS, encoding="utf-8")
    if pack:
        (folder / "here.yaml").write_text(PACK + pack, encoding="utf-8")
    return folder / "small.yaml"


def loaded(folder: Path, leads: str = LEAD, pack: str = "") -> Form:
    file = write(folder, leads, pack)
    return load_form(file, folder / "here.yaml" if pack else None)


def opened(form: Form, *event_has: str, answers: dict[str, object] | None = None) -> FormSession:
    return FormSession(form, answers, now=lambda: NOON, event_has=event_has)


def test_the_answers_lead_there_with_the_reason_and_the_rule(tmp_path: Path) -> None:
    session = opened(loaded(tmp_path))
    assert session.leads() == ()
    changed = session.set("/touched", "y")
    assert "/touched" in changed
    [lead] = session.leads()
    assert (lead.name, lead.form) == ("held", "other")
    [issue] = [i for i in session.issues() if i.path == "/touched"]
    assert (issue.code, issue.severity) == (Code.LEADS, "warning")
    assert "Someone was held." in issue.sentence
    assert "(EC 1)" in issue.sentence
    session.set("/touched", "n")
    assert (session.leads(), session.view("/touched").issues) == ((), ())


def test_a_report_that_is_begun_or_a_reason_answers_it(tmp_path: Path) -> None:
    form = loaded(tmp_path)
    begun = opened(form, "other")
    begun.set("/touched", "y")
    assert (begun.leads(), begun.view("/touched").issues) == ((), ())
    reasoned = opened(form)
    reasoned.set("/touched", "y")
    reasoned.set_reason("/touched", "It was a handshake.")
    assert reasoned.view("/touched").issues == ()
    assert len(reasoned.leads()) == 1


def test_an_answer_that_does_not_apply_leads_nowhere(tmp_path: Path) -> None:
    form = loaded(
        tmp_path, LEAD, pack='forms: {small: {fields: {touched: {relevant: "${warned} = 1"}}}}\n'
    )
    session = opened(form, answers={"touched": "y"})
    assert session.leads() == ()
    session.set("/warned", "1")
    assert len(session.leads()) == 1


def test_a_form_keeps_its_leads_in_the_store(tmp_path: Path) -> None:
    form = loaded(tmp_path)
    again = Form.load(form.source)
    assert again == form
    session = opened(again)
    session.set("/touched", "y")
    assert session.leads() == form.leads


def test_a_pack_words_a_lead_anew_narrows_it_and_adds_one(tmp_path: Path) -> None:
    pack = """forms:
  small:
    title: {en: Small here}
    leads_to:
      held: {when: "${touched} = 'y' and ${why} = ''", because: {en: Held here.}}
      more: {form: other, at: why, when: "${why} = 'locked'", because: {en: Locked.}}
"""
    form = loaded(tmp_path, LEAD, pack)
    assert form.title["en"] == "Small here"
    session = opened(form)
    session.set("/touched", "y")
    assert [lead.because["en"] for lead in session.leads()] == ["Held here."]
    session.set("/why", "locked")
    assert [lead.name for lead in session.leads()] == ["more"]
    plain = load_form(tmp_path / "small.yaml")
    assert [lead.name for lead in plain.leads] == ["held"]


def test_two_leads_of_one_question_are_told_each_for_itself(tmp_path: Path) -> None:
    both = (
        LEAD
        + """  - {name: again, form: other, at: touched, when: "${why} = 'z'", because: {en: Second.}}
"""
    )
    session = opened(loaded(tmp_path, both))
    session.set("/why", "z")
    session.set("/touched", "n")
    assert ["Second." in i.sentence for i in session.issues() if i.path == "/touched"] == [True]
    session.set("/touched", "y")
    assert len([i for i in session.issues() if i.path == "/touched"]) == 2


BAD = {
    "no-form": ("form: other", "form: othr", "unknown-reference"),
    "itself": ("form: other", "form: small", "self-reference"),
    "no-question": ("at: touched", "at: toched", "unknown-reference"),
    "a-repeat": ("at: touched", "at: x", "type-mismatch"),
    "another-part": ("at: touched", "at: seen", "type-mismatch"),
    "warned-already": ("at: touched", "at: warned", "warning-taken"),
    "unknown-in-when": ("${touched} = 'y'", "${tuched} = 'y'", "unknown-reference"),
    "no-such-choice": ("${touched} = 'y'", "${touched} = 'yes'", "unknown-choice"),
    "no-when": ("when: \"${touched} = 'y'\", ", "", "missing-when"),
    "no-because": (", because: {en: Someone was held.}", "", "missing-label"),
    "no-name": ("name: held, ", "", "missing-name"),
    "unknown-key": ("name: held,", "name: held, sure: yes,", "unknown-key"),
    "bad-expression": ("${touched} = 'y'", "${touched} ==", "expression-syntax"),
}


@pytest.mark.parametrize(("old", "new", "code"), BAD.values(), ids=BAD)
def test_a_lead_that_cannot_be_meant_is_a_fault(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    assert old in LEAD
    with pytest.raises(FormFaults) as refused:
        loaded(tmp_path, LEAD.replace(old, new))
    codes = [f.code for f in refused.value.faults]
    assert code in codes or (code.startswith("expression-") and codes[0].startswith("expression-"))
    assert all(f.line > 1 for f in refused.value.faults if f.code == code)


FACTS = {
    "unknown": ("{name: why, type: text", "{name: why, type: text, fact: wy", "unknown-fact"),
    "other-type": (
        "{name: why, type: text",
        "{name: why, type: text, fact: event_date",
        "type-mismatch",
    ),
    "in-a-repeat": (
        "{name: x, type: integer",
        "{name: x, type: text, fact: activity",
        "type-mismatch",
    ),
    "people-once": ("label: {en: First}", "label: {en: First}\n    fact: people", "type-mismatch"),
    "no-such-section": ("repeat: {min: 1}", "repeat: {min: 1}\n    fact: peple", "unknown-fact"),
    "person-outside": (
        "{name: why, type: text",
        "{name: why, type: text, fact: person_name",
        "unknown-fact",
    ),
}


@pytest.mark.parametrize(("old", "new", "code"), FACTS.values(), ids=FACTS)
def test_a_fact_that_no_other_form_would_know_is_a_fault(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    assert old in SECTIONS
    file = write(tmp_path)
    file.write_text(HEAD + SECTIONS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FormFaults) as refused:
        load_form(file)
    assert [f.code for f in refused.value.faults] == [code]


def test_a_fact_is_told_once(tmp_path: Path) -> None:
    file = write(tmp_path)
    twice = SECTIONS.replace(
        "{name: why, type: text",
        "{name: a, type: text, label: {en: A}, fact: activity}\n      - {name: why, type: text, fact: activity",
    )
    file.write_text(HEAD + twice, encoding="utf-8")
    with pytest.raises(FormFaults) as refused:
        load_form(file)
    assert [f.code for f in refused.value.faults] == ["duplicate-fact"]


def test_a_pack_for_several_forms_is_checked_with_each_of_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        pack="fields: {why: {hint: {en: H}}}\nforms:\n  small: {fields: {wy: {hint: {en: H}}}}\n  none: {}\n",
    )
    faults = check_files([tmp_path / "here.yaml"])
    assert [(f.code, f.field) for f in faults] == [
        ("unknown-reference", "wy"),
        ("missing-file", ""),
    ]
