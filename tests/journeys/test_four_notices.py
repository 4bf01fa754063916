"""One incident of four students: four records of one event, four papers, each of its own child."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from bt_desktop.services.results.people import NewGuardian, NewStudent
from tests.factory import PASSWORD, School, ink
from tests.first_aid import answers_of

sys.path.append(str(Path(__file__).parents[1] / "forms"))
from incident_answers import WHOLE

CALM = {"/hands_on": ["none"], "/device_used": "no", "/kept_in": "no"}
FAMILIES = {
    "mateo": "Núñez-Okafor",
    "lucja": "Kowalczyk",
    "huy": "Nguyễn",
    "xochitl": "Quartermaine",
}


def typed_for(school: School, who: str, told: str) -> dict[str, Any]:
    """The incident as one of the four students' own report tells it."""
    keep = {k: v for k, v in WHOLE.items() if not k.startswith(("/people", "/others_harm"))}
    return keep | CALM | {
        "/student": school.ids[who],
        "/others_harmed": "no",
        "/narrative": told,
        "/people[1]/involved_kind": "staff",
        "/people[1]/staff_member": school.ids["dana"],
        "/people[1]/involved_roles": ["witness"],
    }  # fmt: skip


def test_four_parents_each_read_of_their_own_child_alone(school: School) -> None:
    tom = school.sign_in("tom")
    school.ids["xochitl"] = tom.people.add_student(NewStudent("Xochitl", "Quartermaine", grade="4"))
    parents = {"mateo": school.ids["rosa"]}
    for who in ("lucja", "huy", "xochitl"):
        parents[who] = tom.people.add_guardian(
            school.ids[who], NewGuardian("Pat", FAMILIES[who], "parent")
        )
    token = {who: f"{{@{school.ids[who]}}}" for who in FAMILIES}
    told = f"{token['mateo']}, {token['lucja']}, {token['huy']} and {token['xochitl']} argued."
    dana = school.sign_in("dana")
    records: dict[str, str] = {}
    event: str | None = None
    for who in FAMILIES:
        record = records[who] = dana.events.start("incident", event)
        event = dana.records.open(record).event_id
        answers = answers_of(school, dana, record, typed_for(school, who, told))
        dana.records.save_draft(record, "report", answers)
        assert [i.path for i in dana.records.check(record, "report")] == []
        dana.records.sign_part(record, "report", PASSWORD, ink())
    office = school.sign_in("olga")
    letters: dict[str, str] = {}
    for who, record in records.items():
        begun = office.copies.begin_parent_text(record)
        assert begun.findings == ()
        for student, letter in begun.letters.items():
            assert letters.setdefault(student, letter) == letter  # one letter in all four papers
        copy = office.copies.release_parent_copy(record, parents[who], begun.text, ())
        page = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(copy.pdf)).pages)
        given = {"mateo": "Mateo", "lucja": "Łucja", "huy": "Huy", "xochitl": "Xochitl"}
        assert given[who] in page
        for other, name in given.items():
            if other != who:
                assert name.casefold() not in page.casefold()
                assert FAMILIES[other].casefold() not in page.casefold()
    assert len(set(letters.values())) == 4
