"""A log that is kept beside the record, and a signature that is none."""

from __future__ import annotations

from bt_desktop.form_engine import FormSession
from tests.form_engine.small_form import codes

LOG = [
    {"$id": "h1", "start": "2026-11-12T10:00:00-08:00", "end": "2026-11-12T10:04:00-08:00"},
    {"$id": "h2", "start": "2026-11-12T10:10:00-08:00", "end": "2026-11-12T10:15:00-08:00"},
]


def test_rows_that_come_from_beside_the_record_count_and_are_no_step_of_the_person(
    session: FormSession,
) -> None:
    session.set("/happened", ["hold"])
    session.set("/county", "lake")
    changed = session.take_rows("holds", LOG)
    assert "/minutes_total" in changed
    assert session.view("/minutes_total").value == 9
    assert session.rows("holds") == ("/holds[1]", "/holds[2]")
    assert [row["$id"] for row in session.answers()["holds"]] == ["h1", "h2"]

    session.undo()
    assert session.view("/county").value is None
    assert session.view("/minutes_total").value == 9, "what was typed last is gone, not the log"
    session.redo()

    session.take_rows("holds", LOG[1:])
    assert session.view("/minutes_total").value == 5
    assert [row["$id"] for row in session.answers()["holds"]] == ["h2"]
    session.undo()
    assert [row["$id"] for row in session.answers()["holds"]] == ["h2"], "no older log comes back"


def test_a_number_is_no_signature(session: FormSession) -> None:
    session.set("/happened", ["injury"])
    session.set("/signed", 5)
    assert ("/signed", "NOT_TEXT") in codes(session)
    assert session.final_answers()["signed"] == {"$typed": "5"}, "kept as it was handed in"
    session.set("/signed", {"strokes": [[1, 2]]})
    assert codes(session) & {("/signed", "NOT_TEXT")} == set()
    assert session.final_answers()["signed"] == {"strokes": [[1, 2]]}
    session.set("/signed", "  ")
    assert "signed" not in session.final_answers()
