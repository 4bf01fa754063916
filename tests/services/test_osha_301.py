"""The paper equivalent to Cal/OSHA 301, out of a signed staff injury report."""

from __future__ import annotations

import pytest

from bt_desktop.errors import Denied
from bt_desktop.paper.content import Blank, Fields, Notice, Row, Title
from bt_desktop.paper.osha_301 import osha_blocks
from bt_desktop.services.problems import CopyRefused, NoSuchRecord
from tests.factory import PASSWORD, School, ink, signed_report
from tests.first_aid import begun_staff_injury, staff_injury_answers, type_part


def signed(school: School, **more: object) -> str:
    workspace = school.sign_in("dana")
    record = begun_staff_injury(school, workspace, {f"/{k}": v for k, v in more.items()})
    workspace.records.sign_part(record, "report", PASSWORD, ink())
    workspace.lock()
    return record


def rows(school: School, record: str) -> dict[str, object]:
    blocks = osha_blocks(school.sign_in("tom").records.document(record))
    made: list[Row] = [row for b in blocks if isinstance(b, Fields) for row in b.rows]
    return {row.label: row.value for row in made}


def test_all_eighteen_fields_stand_on_it_in_order(school: School) -> None:
    record = signed(school)
    boss = school.sign_in("tom")
    today = staff_injury_answers({"/insurer_told_on": "11/12/2026"})
    type_part(school, boss, record, today, "follow_up")
    boss.records.sign_part(record, "follow_up", PASSWORD, ink("Tom Becker"))
    boss.lock()
    told = rows(school, record)
    assert [int(label.split(".")[0]) for label in told] == list(range(1, 19))
    assert told["1. Full name"] == "Dana Whitcomb"
    assert told["9. Overnight as an in-patient?"] == "No"
    assert told["10. Case number in the 300 log"] == "2026-07"
    assert told["13. Time of the event"] == "10:13 am"
    assert told["16. The injury"] == (
        "Bite by a person, Forearm, Left, Red, no broken skin.\nDiagnosis: Contusion"
    )
    assert told["18. Date of death, if the employee died"] == "Did not die"


def test_it_says_what_it_is_and_only_an_administrator_prints_it(school: School) -> None:
    record = signed(school, treated_away="no")
    told = rows(school, record)
    assert told["7. Place of treatment, if not at the school"] == "No care away from the school"
    assert isinstance(told["10. Case number in the 300 log"], Blank)
    boss = school.sign_in("tom")
    blocks = osha_blocks(boss.records.document(record))
    title = next(b for b in blocks if isinstance(b, Title))
    assert "Equivalent to Cal/OSHA Form 301" in title.lead
    assert "unverified" in title.lead
    privacy = next(b for b in blocks if isinstance(b, Notice))
    assert privacy.title == "Confidential"
    assert "health of an employee" in str(privacy.text)
    copy = boss.copies.osha_301(record)
    assert copy.pdf.startswith(b"%PDF")
    assert copy.sealed
    assert copy.file_name == "STI-2026-0001-301-equivalent-1.pdf"
    for who, refusal in (("dana", Denied), ("maria", NoSuchRecord)):
        with pytest.raises(refusal):
            school.sign_in(who).copies.osha_301(record)


def test_another_report_has_no_such_paper(school: School) -> None:
    record = signed_report(school)
    with pytest.raises(CopyRefused):
        school.sign_in("tom").copies.osha_301(record)
