"""The list of medicines: what is offered, what is controlled, and which allergy speaks against."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.form_engine.loader import FormFaults
from bt_desktop.services.health.catalogue import (
    allergies_known,
    conflict,
    known,
    schedule_of,
    suggestions,
)
from bt_desktop.services.health.medicine_list import load_catalogue, medicines


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("meth", "Methylphenidate"),
        ("CONC", "Methylphenidate extended-release"),
        ("focalin", "Dexmethylphenidate"),
        ("lantus", "Insulin glargine"),
        ("ritlain", "Methylphenidate"),
        ("tylenol w", "Acetaminophen with codeine"),
    ],
)
def test_a_medicine_is_offered_while_its_name_is_typed(typed: str, first: str) -> None:
    assert next(one.name for one in suggestions(typed)) == first


@pytest.mark.parametrize("typed", ["", " ", "m", "xyzzy", "qqqqqqq"])
def test_nothing_is_offered_for_nothing(typed: str) -> None:
    assert suggestions(typed) == ()


def test_no_name_means_two_medicines() -> None:
    """Choosing a brand writes that medicine's name, never its neighbor's."""
    for one in medicines():
        for name in one.names():
            found = known(name)
            assert found is not None
            assert found.code == one.code, name


@pytest.mark.parametrize(
    ("name", "schedule"),
    [
        ("Concerta 36 mg", "C-II"),
        ("Diastat AcuDial", "C-IV"),
        ("Tylenol", ""),
        ("Tylenol with codeine #3", "C-III"),
        ("Hydrocodone/APAP 5-325", "C-II"),
        ("Lyrica", "C-V"),
        ("Ibuprofen", ""),
        ("Something new", ""),
    ],
)
def test_the_usual_schedule_is_known(name: str, schedule: str) -> None:
    assert schedule_of(name) == schedule


@pytest.mark.parametrize(
    ("allergies", "medicine"),
    [
        ("ibuprofen", "Ibuprofen 200 mg"),
        ("Peanuts; IBUPROFEN (hives)", "Advil"),
        ("Motrin", "ibuprofen"),
        ("codeine", "Tylenol with codeine #3"),
        ("acetaminophen", "Vicodin"),
        ("penicillins", "Amoxicillin"),
        ("PCN", "Augmentin"),
        ("penicillin-allergic", "Amoxicillin"),
        ("penicilin", "Amoxicillin 250 mg"),
        ("sulfa drugs", "Bactrim"),
        ("NSAIDS and latex", "Naproxen"),
        ("aspirin", "Ibuprofen"),
        ("cephalosporins", "Amoxicillin"),
        ("Penicillin", "Keflex"),
        ("steroids", "Orapred"),
        ("pork", "Creon"),
        ("quercetin", "Quercetin 250"),
        ("Sertralín", "sertraline"),
    ],
)
def test_an_allergy_speaks_against_a_medicine(allergies: str, medicine: str) -> None:
    said = conflict(allergies, medicine)
    assert said
    assert said in " ".join(allergies.split())


@pytest.mark.parametrize(
    ("allergies", "medicine"),
    [
        ("", "Ibuprofen"),
        ("none known", "Ibuprofen"),
        ("NKDA", "Penicillin"),
        ("No known food or drug allergies", "Penicillin"),
        ("none known, peanuts", "Ibuprofen"),
        ("peanuts, tree nuts, latex", "EpiPen"),
        ("Benadryl", "Claritin"),
        ("sulfa", "Albuterol sulfate"),
        ("sulfites", "Bactrim"),
        ("citric acid", "Valproic acid"),
        ("insulinoma", "Insulin lispro"),
        ("fluoxetine", "Duloxetine"),
    ],
)
def test_another_allergy_does_not(allergies: str, medicine: str) -> None:
    assert conflict(allergies, medicine) == ""


@pytest.mark.parametrize(
    "written", ["", "  ", "unknown", "Unknown.", "not known", "?", "N/A", "-", "TBD", "not asked"]
)
def test_unknown_is_not_none(written: str) -> None:
    assert not allergies_known(written)


@pytest.mark.parametrize("written", ["none", "none known", "NKA", "peanuts", "no", "Nan bread"])
def test_what_is_written_down_is_known(written: str) -> None:
    assert allergies_known(written)


@given(st.text(max_size=60), st.text(max_size=30))
def test_whatever_is_typed_is_only_ever_said_back(allergies: str, medicine: str) -> None:
    said = conflict(allergies, medicine)
    assert said in " ".join(allergies.split()) or not said
    assert isinstance(suggestions(medicine), tuple)
    assert isinstance(allergies_known(allergies), bool)


@given(st.data())
def test_a_medicine_is_always_in_conflict_with_itself(data: st.DataObject) -> None:
    medicine = data.draw(st.sampled_from(medicines()))
    name, other = (data.draw(st.sampled_from(medicine.names())) for _ in range(2))
    assert conflict(f"dust, {name}", f"{other} 5 mg")


@pytest.mark.parametrize(
    ("row", "code", "line"),
    [
        ("{code: a, name: A, class: [nothing]}", "unknown-word", 5),
        ("{code: a, name: A, schedule: C-I}", "bad-value", 5),
        ("{code: a, name: A, forms: [spoon]}", "unknown-word", 5),
        ("{code: a, name: A, rescue: yes}", "bad-value", 5),
        ("{code: a, name: A, brand: B}", "unknown-key", 5),
        ("{code: b, name: A}\n  - {code: c, name: B, also: [a]}", "duplicate-name", 1),
        ("{code: a, name: A}\n  - {code: a, name: B}", "duplicate", 6),
        ("{code: a}", "missing-name", 1),
    ],
)
def test_a_row_that_cannot_be_is_a_fault_with_its_line(
    tmp_path: Path, row: str, code: str, line: int
) -> None:
    text = f"classes:\n  - {{code: x}}\n\nmedicines:\n  - {row}\n"
    (tmp_path / "medicines.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormFaults) as faults:
        load_catalogue(tmp_path)
    assert [(one.code, one.line) for one in faults.value.faults] == [(code, line)]
