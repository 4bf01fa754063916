"""A student's health file leaves the program: by whom, for what, and that nothing runs in it."""

from __future__ import annotations

import csv
import io
import json
from datetime import time

import pytest
from fhir.resources.R4B.bundle import Bundle

from bt_desktop.errors import Denied
from bt_desktop.services.health.health_export import Kind
from bt_desktop.services.health.model import STOCK_SUBJECT, Medicine
from bt_desktop.services.health.paper_problems import ExportNothing, PurposeMissing
from bt_desktop.services.health.problems import NotYours
from bt_desktop.services.health.student_file import WITHHELD
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.workspace import Workspace
from tests.factory import School
from tests.health.dose_kit import as_it_happened, noon_dose
from tests.health.kit import active_order, as_needed, terms
from tests.health.test_parent_papers import emergency, given

ASKED = Purpose("request")
HOSTILE = "=cmd|'/c calc'!A1"


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


def rows(nurse: Workspace, student: str, kind: Kind) -> list[dict[str, str]]:
    made = nurse.health.export.file(student, kind, ASKED)
    assert made.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"), newline="")))


def test_orders_as_a_table(maria: Workspace, mateo: str) -> None:
    active_order(maria, terms(mateo, times=(time(12), time(8, 15))))
    active_order(maria, as_needed(mateo))
    first, second = rows(maria, mateo, "orders")
    assert (first["Medicine"], first["Dose"], first["Unit"]) == (
        "Methylphenidate 10 mg tablet", "10", "mg"
    )  # fmt: skip
    assert (first["Schedule"], first["Times"], first["Status"]) == ("C-II", "08:15 12:00", "active")
    assert (first["Prescriber"], first["Parent signed"]) == ("A. Prescriber, MD", "2026-08-17")
    assert (first["Reviewed by"], second["As needed for"]) == ("Maria Chen", "headache")
    assert (second["Minutes apart"], second["Most a day"]) == ("240", "2")


def test_doses_as_a_table_with_what_was_struck(maria: Workspace, mateo: str) -> None:
    dose = given(maria, mateo)
    maria.health.doses.effect(dose, "Better", worse=False)
    wrong = emergency(maria, mateo)
    maria.health.doses.strike(wrong, "Entered twice")
    first, second = rows(maria, mateo, "doses")
    assert (first["At"], first["Code"], first["Symptom"]) == (
        "2026-11-12 10:20", "given", "headache"
    )  # fmt: skip
    assert (first["Effect"], first["By"], first["Struck because"]) == ("Better", "Maria Chen", "")
    assert (second["Medicine"], second["Emergency"]) == ("Epinephrine 0.3 mg auto-injector", "yes")
    assert second["Struck because"] == "Entered twice"


def test_no_cell_is_run_by_a_spreadsheet(maria: Workspace, mateo: str) -> None:
    order = active_order(
        maria, terms(mateo, medicine=Medicine(HOSTILE), reason=HOSTILE, instructions=HOSTILE)
    )
    as_it_happened(maria, noon_dose(mateo, order, reason="@SUM(1)", site="\t=1+1"))
    emergency(maria, mateo, medicine_text="+1", symptom="-1\n=2", route="oral")
    cells = [
        cell
        for kind in ("orders", "doses")
        for row in rows(maria, mateo, kind)  # type: ignore[arg-type]  # two of the three
        for cell in row.values()
    ]
    assert "'=cmd|'/c calc'!A1 tablet" in cells or any(c.startswith("'=cmd") for c in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)
    assert not any("\n" in cell for cell in cells)


def test_fhir_is_json_that_is_accepted(maria: Workspace, mateo: str) -> None:
    given(maria, mateo)
    made = maria.health.export.file(mateo, "fhir", ASKED)
    Bundle.model_validate(json.loads(made.data))
    assert made.records == 2


def test_nothing_of_another_student_and_no_name_in_the_file_name(
    maria: Workspace, school: School, mateo: str
) -> None:
    given(maria, mateo, symptom="Łucja Kowalczyk hit him")
    given(maria, school.ids["lucja"], symptom="hers alone")
    for kind in ("fhir", "orders", "doses"):
        made = maria.health.export.file(mateo, kind, ASKED)  # type: ignore[arg-type]  # of three
        text = made.data.decode()
        for part in ("Kowalczyk", "Łucja", "hers alone"):
            assert part not in text
        assert "Mateo" not in made.file_name
        assert made.file_name.startswith(("medication-2026-11-12-E", "orders-", "doses-"))
    assert WITHHELD in maria.health.export.file(mateo, "doses", ASKED).data.decode()


def test_it_stands_in_the_access_log_with_what_it_was_for(
    maria: Workspace, school: School, mateo: str
) -> None:
    given(maria, mateo)
    with pytest.raises(PurposeMissing):
        maria.health.export.file(mateo, "fhir", Purpose("other", "hm"))
    with pytest.raises(PurposeMissing):
        maria.health.export.file(mateo, "fhir", Purpose(""))
    maria.health.export.file(mateo, "fhir", Purpose("other", "The new school asked for it"))
    tom = school.sign_in("tom")
    [line] = [one for one in tom.access_log.read(mateo).rows if "Exported" in one.what]
    assert (line.who, line.purpose) == ("Maria Chen", "The new school asked for it")
    [entry] = [one for one in tom.log.entries() if one.action == "health.export"]
    assert entry.object == mateo
    assert "school asked" not in str(entry)
    assert tom.log.verify().holds


@pytest.mark.parametrize("who", ["dana", "olga", "tom", "amir"])
def test_only_a_nurse_takes_it_out(maria: Workspace, school: School, mateo: str, who: str) -> None:
    given(maria, mateo)
    export = school.sign_in(who).health.export
    assert not export.may
    with pytest.raises(Denied):
        export.file(mateo, "fhir", ASKED)


def test_a_student_without_anything_and_the_schools_stock_have_no_file(
    maria: Workspace, school: School
) -> None:
    with pytest.raises(ExportNothing):
        maria.health.export.file(school.ids["huy"], "orders", ASKED)
    with pytest.raises((ExportNothing, NotYours)):
        maria.health.export.file(STOCK_SUBJECT, "orders", ASKED)
