"""The report for risk management stays apart: from parents, from the student's file, from eyes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bt_desktop.errors import Denied
from bt_desktop.form_engine.definition import CONFIDENTIAL_HEAD
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.parent_copy import parent_copy
from bt_desktop.services.problems import CopyRefused, NoSuchRecord
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.workspace import Workspace
from tests.event_kit import sign, type_in, written
from tests.factory import School

TOLD = "The third rung of the ladder turned under his foot."


def risk(school: School) -> dict[str, object]:
    """An accident of Mateo's, for risk management."""
    ids = school.ids
    return {
        "/risk_kinds": ["injury"],
        "/injured_kind": "student",
        "/student": ids["mateo"],
        "/injuries": ["bruise"],
        "/regions": ["elbow"],
        "/care": "first_aid",
        "/event_date": "11/12/2026",
        "/event_began": "1009",
        "/location": "playground",
        "/location_detail": "Climbing frame",
        "/setting": "recess",
        "/activity": "Climbing",
        "/supervisor": [ids["dana"]],
        "/supervisor_where": "By the swings.",
        "/supervisor_saw": "no",
        "/equipment": "Ladder",
        "/surface": "rubber",
        "/surface_states": ["wet"],
        "/defect_known": "no",
        "/narrative": TOLD,
        "/agency_called": "no",
        "/written_on": "11/12/2026",
        "/report_true": True,
    }


@pytest.fixture
def dana(school: School) -> Workspace:
    return school.sign_in("dana")


@pytest.fixture
def two(school: School, dana: Workspace) -> tuple[str, str]:
    """An incident and the confidential report of one event, both signed by Dana."""
    incident = written(dana, school)
    sign(dana, incident)
    report = dana.events.start("risk", dana.records.open(incident).event_id)
    type_in(dana, report, risk(school))
    assert sign(dana, report) == "RSK-2026-0001"
    return incident, report


def pages(pdf: bytes, folder: Path) -> list[str]:
    (folder / "copy.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-layout", folder / "copy.pdf", "-"], capture_output=True, check=True
    )
    return told.stdout.decode().split("\f")[:-1]


# --- parents ----------------------------------------------------------------------

DEEDS: dict[str, Callable[[Workspace, str], object]] = {
    "begin": lambda w, r: w.copies.begin_parent_text(r),
    "look": lambda w, r: w.copies.findings(r, "He fell."),
    "draft": lambda w, r: w.copies.draft_parent_print(r, "He fell."),
    "release": lambda w, r: w.copies.release_parent_copy(r, "none", "He fell.", ()),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_no_copy_for_a_parent_is_made_by_anybody(
    school: School, dana: Workspace, two: tuple[str, str], deed: Callable[[Workspace, str], object]
) -> None:
    for workspace in (dana, school.sign_in("tom")):
        with pytest.raises(CopyRefused) as refused:
            deed(workspace, two[1])
        assert refused.value.code == "confidential"
        assert "No copy of it is made for a parent" in str(refused.value)
        assert workspace.copies.recipients(two[1]) == ()


def test_a_class_changed_by_hand_opens_nothing(
    school: School, dana: Workspace, two: tuple[str, str]
) -> None:
    with dana._context.store.write() as session:
        session.execute(text("UPDATE record SET record_class = 'education' WHERE form = 'risk'"))
    tom = school.sign_in("tom")
    with pytest.raises(CopyRefused):
        tom.copies.begin_parent_text(two[1])
    with pytest.raises(NoSuchRecord):
        school.sign_in("priya").records.open(two[1])
    document = tom.records.document(two[1])
    mark = CopyMark("parent", 1, school.clock.now(), "Tom Becker")
    with pytest.raises(ValueError, match="confidential"):
        parent_copy(document, Letterhead("Maple Creek"), mark, "He fell.", "")


def test_the_incidents_paper_for_a_parent_knows_nothing_of_it(
    school: School, two: tuple[str, str], tmp_path: Path
) -> None:
    tom = school.sign_in("tom")
    copy = tom.copies.release_parent_copy(two[0], school.ids["rosa"], "He pushed for a ball.", ())
    told = "\n".join(pages(copy.pdf, tmp_path))
    for secret in ("RSK", "CONFIDENTIAL", "ladder", "rung", "risk"):
        assert secret not in told


# --- the student's file ----------------------------------------------------------------------


def test_the_file_copy_of_the_incident_does_not_name_it(
    school: School, two: tuple[str, str], tmp_path: Path
) -> None:
    tom = school.sign_in("tom")
    assert tom.records.document(two[0]).linked == ()
    told = "\n".join(pages(tom.copies.school_copy(two[0]).pdf, tmp_path))
    assert "RSK" not in told
    assert "Same event" not in told
    assert tom.records.document(two[1]).linked == ("INC-2026-0001",)


def test_it_says_what_it_is_at_the_head_of_every_page(
    school: School, dana: Workspace, two: tuple[str, str], tmp_path: Path
) -> None:
    tom = school.sign_in("tom")
    papers = {
        "copy": tom.copies.school_copy(two[1]).pdf,
        "draft": dana.copies.draft_print(two[1]).pdf,
        "empty": dana.copies.empty_form("risk").pdf,
    }
    for name, pdf in papers.items():
        told = pages(pdf, tmp_path)
        assert len(told) > 1 or name != "empty"
        for page in told:
            assert page.strip().splitlines()[0].strip() == CONFIDENTIAL_HEAD, name
    for form in ("incident", "restraint"):
        assert CONFIDENTIAL_HEAD not in "".join(pages(dana.copies.blank(form), tmp_path))


def test_it_is_no_source_of_facts_for_the_student_s_file(
    school: School, dana: Workspace, two: tuple[str, str]
) -> None:
    event = dana.records.open(two[1]).event_id
    aid = dana.events.start("first_aid", event)
    sources = {offer.source.id for offer in dana.events.view(aid).offers}
    assert two[0] in sources
    assert two[1] not in sources
    alone = dana.records.start("risk")
    type_in(dana, alone, risk(school))
    beside = dana.events.start("incident", dana.records.open(alone).event_id)
    assert dana.events.view(beside).offers == ()
    carried = dana.events.start("incident", like=alone)
    assert "location" not in dana.records.open(carried).answers


# --- eyes ----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["priya", "olga", "maria", "amir"])
def test_who_has_no_right_to_it_finds_no_trace_of_it(
    school: School, two: tuple[str, str], who: str
) -> None:
    someone = school.sign_in(who)
    incident, report = two
    records = someone.records
    assert report not in {one.id for one in records.recent(50)}
    for filters in (
        RecordFilter(),
        RecordFilter(form="risk"),
        RecordFilter(subject_id=school.ids["mateo"]),
        RecordFilter(text="RSK"),
    ):
        assert report not in {one.id for one in records.list(filters)}
    for deed in (
        records.open,
        records.document,
        records.attachments,
        someone.events.view,
        someone.copies.school_copy,
        someone.copies.log,
        *(partial(deed, someone) for deed in DEEDS.values()),
    ):
        with pytest.raises((NoSuchRecord, Denied)):
            deed(report)
    with pytest.raises((NoSuchRecord, Denied)):
        records.add_notice(report, {})
    if who != "priya":
        assert [one.id for one in someone.events.view(incident).linked] == []
        event = records.open(incident).event_id
        assert [one.id for one in someone.events.records(event)] == [incident]
    for today in someone.events.today():
        assert report not in {one.id for one in today.records}


def test_its_author_and_an_administrator_see_it_beside_the_incident(
    school: School, dana: Workspace, two: tuple[str, str]
) -> None:
    for workspace in (dana, school.sign_in("tom")):
        linked = workspace.events.view(two[0]).linked
        assert [(one.number, one.record_class) for one in linked] == [
            ("RSK-2026-0001", "confidential")
        ]
        assert "parent_copy" not in workspace.records.open(two[1]).may


def test_a_witness_named_in_it_reads_it_and_nobody_signs_for_another(
    school: School, dana: Workspace
) -> None:
    report = dana.records.start("risk")
    named = {
        "/witnesses[1]/witness_kind": "staff",
        "/witnesses[1]/witness_staff": school.ids["priya"],
    }
    type_in(dana, report, risk(school) | named)
    priya = school.sign_in("priya")
    assert priya.records.open(report).answers["narrative"] == TOLD
    with pytest.raises(Denied):
        priya.records.save_draft(report, "report", {"narrative": "otherwise"})
