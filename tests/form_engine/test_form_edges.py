"""What a form says of itself to the rest of the program: who reads it, who reviews it, its pack."""

from __future__ import annotations

from pathlib import Path

import pytest

from bt_desktop.form_engine import Form, evaluate
from tests.form_engine.small_form import form_of

SHORT = """form: short
version: "1"
title: {en: Short}
sections:
  - name: first
    label: {en: First}
    fields:
      - {name: told, type: text, label: {en: What was told}}
      - {name: words, type: calculate, calculation: "string-length(${told})", appearance: helper}
"""
LOOK = """  - name: look
    label: {en: Review}
    part: review
    fields: [{name: seen, type: text, label: {en: What was seen}}]
"""


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (SHORT, False),
        (SHORT + LOOK, True),
        (f"{SHORT}{LOOK}review: offered\n", False),
        (f"{SHORT}review: required\n", False),
    ],
    ids=["none", "required", "offered", "nothing to fill in"],
)
def test_a_record_waits_for_a_review_that_the_form_has_and_requires(
    text: str, asks: bool, tmp_path: Path
) -> None:
    assert form_of(text, tmp_path).asks_review is asks


def test_what_is_confidential_stays_so_in_the_store(tmp_path: Path) -> None:
    assert not form_of(SHORT, tmp_path).is_confidential
    form = form_of(f"{SHORT}record_class: confidential\n", tmp_path)
    assert form.is_confidential
    assert Form.load(form.dump()).is_confidential


def test_a_helper_is_worked_out_and_no_person_answers_it(tmp_path: Path) -> None:
    form = form_of(SHORT, tmp_path)
    assert [f.name for f in form.fields().values() if f.is_helper] == ["words"]
    assert [f.name for f in form.fields().values() if f.is_input] == ["told"]


@pytest.mark.parametrize(
    ("line", "short", "other"), [("form: short\n", True, False), ("", True, True)]
)
def test_a_pack_is_for_the_form_it_names_or_for_every_form(
    line: str, short: bool, other: bool, tmp_path: Path
) -> None:
    pack = form_of(SHORT, tmp_path, f'pack: here\nversion: "1"\n{line}name: {{en: Here}}\n').pack
    assert pack is not None
    assert (pack.is_for("short"), pack.is_for("other")) == (short, other)


def test_plain_answers_stand_in_no_event() -> None:
    assert evaluate("event-has('restraint')", {}) is False
