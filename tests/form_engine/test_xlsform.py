"""Our forms as XLSForm: what can be said there is said, what cannot is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyxform.xls2xform import convert

from bt_desktop.form_engine import load_form
from bt_desktop.form_engine.xlsform import workbook
from tests.form_engine.small_form import SMALL, form_of, small_form


def test_each_question_becomes_a_row() -> None:
    made = workbook(small_form())
    rows = {r.get("name"): r for r in made.sheets["survey"]}
    assert rows["happened"]["type"] == "select_multiple happened"
    assert rows["began"]["type"] == "dateTime"
    assert rows["began"]["appearance"] == "time"
    assert rows["staff"]["type"] == "text"
    assert rows["event_date"]["constraint_message"] == "This day has not come yet. Correct it."
    assert rows["event_date"]["required"] == "true()"
    assert rows["holds"]["relevant"] == "selected(${happened}, 'hold')"
    assert rows["town"]["choice_filter"] == "in_county = ${county}"
    assert "label" not in rows["age"]
    assert {"list_name": "town", "name": "bay", "label": "Bay", "in_county": "lake"} in (
        made.sheets["choices"]
    )


def test_what_only_we_know_is_left_out_and_named() -> None:
    assert set(workbook(small_form()).left_out) == {
        ("age", "calculation"),
        ("minutes", "calculation"),
        ("since_last", "calculation"),
    }


def test_defaults_are_handed_over(tmp_path: Path) -> None:
    text = SMALL.replace("label: {en: County}", "label: {en: County}, default: lake").replace(
        "label: {en: Birth date}", "label: {en: Birth date}, default: today()"
    )
    rows = {r.get("name"): r for r in workbook(form_of(text, tmp_path)).sheets["survey"]}
    assert rows["county"]["default"] == "lake"
    assert rows["born"]["default"] == "today()"


def test_pyxform_takes_the_shipped_form() -> None:
    made = workbook(load_form("restraint", "us-ca"))
    for row in made.sheets["survey"]:
        if row["type"] == "calculate":
            row.setdefault("calculation", "''")
    sheets: dict[str, Any] = dict(made.sheets)
    assert "<bind" in convert(sheets, validate=False).xform
