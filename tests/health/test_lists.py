"""The lists of the health office: whole, in step with the values that are kept, strictly read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from bt_desktop import paths
from bt_desktop.form_engine.loader import FormFaults
from bt_desktop.services.health.lists import load_lists, medication_lists
from bt_desktop.services.health.model import (
    Location,
    MedicineKind,
    MoveKind,
    OrderKind,
    Outcome,
    Quantity,
)

LISTS = medication_lists()


@pytest.mark.parametrize(
    ("codes", "kept"),
    [
        (LISTS.outcomes, Outcome),
        (LISTS.moves, MoveKind),
        (LISTS.locations, Location),
        (LISTS.kinds, OrderKind),
        (LISTS.medicine_kinds, MedicineKind),
    ],
    ids=["outcomes", "moves", "locations", "kinds", "medicine_kinds"],
)
def test_every_code_that_is_kept_has_its_words(codes: Mapping[str, object], kept: object) -> None:
    assert list(codes) == list(get_args(kept))


def test_a_reason_is_asked_for_just_where_r23_says_so() -> None:
    asked = {one.code for one in LISTS.outcomes.values() if one.reason_required}
    assert asked == set("ROWNVS")


def test_what_leaves_the_stock_and_what_reaches_the_student() -> None:
    assert {one.code for one in LISTS.outcomes.values() if one.is_given} == {"given", "V"}
    assert {one.code for one in LISTS.outcomes.values() if one.changes_stock} == {"given", "V", "S"}
    assert LISTS.outcomes["S"].stock == "wasted"


def test_only_a_no_show_is_an_error_and_only_where_the_school_says_so() -> None:
    strict = {one.code for one in LISTS.outcomes.values() if one.counts_as_error(True)}
    lax = {one.code for one in LISTS.outcomes.values() if one.counts_as_error(False)}
    assert (strict, lax) == ({"O"}, set())


def test_r24_asks_for_a_call_of_two_codes_alone() -> None:
    told = {one.code: one.parent for one in LISTS.outcomes.values() if one.parent != "none"}
    assert told == {"N": "same_day", "R": "repeated"}


def test_no_code_is_printed_twice() -> None:
    printed = [one.printed for one in (*LISTS.outcomes.values(), *LISTS.marks.values())]
    assert len(set(printed)) == len(printed)
    assert "H" not in printed, "hold in one place, holiday in another"


def test_the_harm_of_an_error_goes_from_a_to_i() -> None:
    assert "".join(LISTS.error_categories) == "ABCDEFGHI"
    reached = "".join(one.code for one in LISTS.error_categories.values() if one.reached)
    assert reached == "CDEFGHI"


def test_poison_control_is_called_for_what_went_into_the_wrong_child_or_wrongly() -> None:
    called = {one.code for one in LISTS.error_types.values() if one.poison_control}
    assert called == {"wrong_student", "wrong_medicine", "wrong_dose", "wrong_route"}


def test_r32_looks_at_what_staff_would_take_away() -> None:
    flagged = {one.code for one in LISTS.disposals.values() if one.flagged}
    assert flagged == {"take_back", "mail_back"}
    assert "agency" in LISTS.disposals["law_enforcement"].asks


def test_a_seizure_plan_asks_what_ec_49468_names() -> None:
    needed = {one.key for one in LISTS.kinds["seizure"].order if one.required}
    assert needed == {
        "purpose", "trigger", "circumstances", "adverse", "call_911", "observation", "plan_notice",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        ("1", "tablet", "1 tablet"),
        ("1.0", "tablet", "1 tablet"),
        ("0.5", "tablet", "0.5 tablets"),
        ("2", "patch", "2 patches"),
        ("7.50", "mg", "7.5 mg"),
        ("3", "spoon", "3 spoon"),
    ],
)
def test_an_amount_is_said_with_its_unit(amount: str, unit: str, said: str) -> None:
    assert LISTS.amount(Quantity(Decimal(amount), unit)) == said


@pytest.mark.parametrize(
    ("whole", "broken", "code"),
    [
        ("{code: oral, ", "{code: 'by mouth', ", "bad-code"),
        ("{code: sublingual, ", "{code: oral, ", "duplicate"),
        ("stock: wasted", "stock: gone", "bad-value"),
        ("counted_in: capsule", "counted_in: capsules", "unknown-word"),
        ("ucum: mg}", "ucm: mg}", "unknown-key"),
        ("kind: choice, choices: triggers", "kind: choice", "choices"),
        ("choices: triggers", "choices: trigers", "unknown-word"),
        ('{key: purpose, label: {en: "What it is for"}', "{key: purpose", "missing-text"),
        ("\nstorage:", "\nstorages:", "unknown-key"),
        ('medication_lists: "2026.1"', 'lists: "2026.1"', "unknown-file"),
        ("reason: true", "reason: maybe", "not-a-flag"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, whole: str, broken: str, code: str) -> None:
    text = (paths.forms_dir() / "medication_lists.yaml").read_text("utf-8")
    assert whole in text
    (tmp_path / "medication_lists.yaml").write_text(text.replace(whole, broken, 1), "utf-8")
    with pytest.raises(FormFaults) as faults:
        load_lists(tmp_path)
    found = {one.code: one.line for one in faults.value.faults}
    assert code in found
    if code != "unknown-file":
        line = text[: text.index(whole)].count("\n") + 1 + whole.startswith("\n")
        assert found[code] == line


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "medication_lists.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(FormFaults, match="UTF-8"):
        load_lists(tmp_path)
    (tmp_path / "medication_lists.yaml").write_text("a: [", "utf-8")
    with pytest.raises(FormFaults, match="not YAML"):
        load_lists(tmp_path)
