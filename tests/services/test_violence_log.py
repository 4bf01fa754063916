"""The log of violent incidents: written with the signature, and nobody can be told from it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import select, text

from bt_desktop.errors import Denied
from bt_desktop.form_engine.issues import Code
from bt_desktop.models.records import Record
from bt_desktop.models.violence import ViolentIncident
from bt_desktop.security import audit
from bt_desktop.services.on_paper import trail_code
from bt_desktop.services.problems import Unfinished
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, ink
from tests.first_aid import begun_staff_injury, staff_injury_answers, type_part
from tests.paper.pdf import says_square
from tests.services.test_integrity import tamper

NARRATIVE = "{mateo} bit {dana}, and {lucja} saw it; Huy N. came."


def sign(workspace: Workspace, record: str) -> None:
    workspace.records.sign_part(record, "report", PASSWORD, ink(workspace.actor.name))


def begun(school: School, who: str = "dana", **more: Any) -> tuple[Workspace, str]:
    """A bite written down by one of the staff."""
    workspace = school.sign_in(who)
    told = NARRATIVE.format(**{k: f"{{@{v}}}" for k, v in school.ids.items()})
    typed = {"/narrative": told} | {f"/{name}": value for name, value in more.items()}
    return workspace, begun_staff_injury(school, workspace, typed)


def rows(workspace: Workspace) -> list[ViolentIncident]:
    with workspace._context.store.read() as session:
        return list(session.scalars(select(ViolentIncident)))


def read(school: School) -> tuple:
    workspace = school.sign_in("tom")
    return workspace.violence.lines()


def test_signing_writes_one_line_into_the_log(school: School) -> None:
    workspace, record = begun(school)
    assert rows(workspace) == []
    sign(workspace, record)
    workspace.lock()
    [line] = read(school)
    assert (line.number, line.day.isoformat(), line.time) == ("2026-1", "2026-11-12", "10:13 am")
    assert (line.place, line.area, line.by) == ("Classroom", "By the door", "Student")
    assert line.type.startswith("Type 2")
    assert line.characteristics == ("Attack without a weapon",)
    assert line.circumstances == ("Doing usual duties", "Low staffing")
    assert line.consequences == ("Someone was injured", "Medical care was needed")
    assert line.description.startswith("A student bit an employee")
    assert line.keep_until.isoformat() == "2031-11-12"


def test_no_line_where_no_person_caused_it(school: School) -> None:
    workspace, record = begun(school, person_caused="no", cause="fall_level")
    sign(workspace, record)
    assert rows(workspace) == []


def test_no_name_id_or_initials_of_anybody_in_the_event_stand_in_the_log(school: School) -> None:
    workspace, record = begun(school)
    sign(workspace, record)
    [row] = rows(workspace)
    columns = {c.name: getattr(row, c.name) for c in ViolentIncident.__table__.columns}
    kept = json.dumps({k: str(v) for k, v in columns.items()}, ensure_ascii=False)
    with workspace._context.store.read() as session:
        of = session.get_one(Record, record)
        ids = [of.id, of.event_id, of.number, of.subject_id, of.owner_user]
        everybody = session.execute(
            text("select id, given, family, '' from student union "
                 "select id, given, family, title from staff union "
                 "select id, given, family, '' from guardian")
        ).all()  # fmt: skip
    for one in ids:
        assert one not in kept
    for person, given, family, _ in everybody:
        initials = (
            f"{given[0]}{family[0]}",
            f"{given[0]}.{family[0]}.",
            f"{given[0]}. {family[0]}.",
        )
        for word in (person, given, family, *initials):
            assert f" {word} " not in f" {kept} ".replace('"', " ").replace(",", " ")
    # the moment of the signature would lead back to it
    assert "15:30" not in kept


def test_the_author_is_named_unless_they_took_part(school: School) -> None:
    workspace, record = begun(school)
    sign(workspace, record)
    workspace.lock()
    workspace, record = begun(school, "priya")
    sign(workspace, record)
    workspace.lock()
    lines = read(school)
    assert sorted(line.number for line in lines) == ["2026-1", "2026-2"]
    assert school.sign_in("tom").violence.years() == (2026,)
    assert {line.author for line in lines} == {
        "An employee involved, Behavior technician",
        "Priya Raman, Teacher",
    }


NAMING = [
    ("violence_description", "Mateo bit an employee."),
    ("violence_description", "mateo's bite broke the sleeve."),
    ("violence_description", "M.N. bit an employee."),
    ("violence_description", "A student bit Dana."),
    ("violence_description", "A student bit Ms. Whitcom on the arm."),
    ("violence_description", "A student bit an employee; the mother Rosa was called."),
    ("violence_description", "Tom Becker came to help."),
    ("violence_area", "Beside Łucja's desk"),
    ("violence_area", "By Lucja"),
]


def test_a_name_in_its_texts_stops_the_signature(school: School) -> None:
    workspace, record = begun(school)
    for field, typed in NAMING:
        good = staff_injury_answers()[f"/{field}"]
        type_part(school, workspace, record, {f"/{field}": typed})
        [issue] = workspace.records.check(record, "report")
        found = (issue.path, issue.code, issue.severity)
        assert found == (f"/{field}", Code.NAMES_SOMEBODY, "error"), typed
        type_part(school, workspace, record, {f"/{field}": good})
    other = {"/violence_by": "other", "/violence_by_other": "The brother of Mateo"}
    type_part(school, workspace, record, other)
    assert [i.path for i in workspace.records.check(record, "report")] == ["/violence_by_other"]
    with pytest.raises(Unfinished):
        sign(workspace, record)
    assert rows(workspace) == []


def test_an_amendment_writes_no_second_line_and_a_later_yes_writes_the_first(
    school: School,
) -> None:
    workspace = school.sign_in("tom")
    own = begun_staff_injury(school, workspace, {"/person_caused": "no", "/cause": "unknown"})
    sign(workspace, own)
    assert rows(workspace) == []
    for _ in range(2):
        workspace.records.amend(own, "report", "correction", "A person caused it after all.")
        type_part(school, workspace, own, staff_injury_answers())
        sign(workspace, own)
        assert len(rows(workspace)) == 1


def test_who_reads_the_log_and_that_only_administrators_take_it_out(school: School) -> None:
    for who, reads in (("amir", True), ("dana", False)):
        workspace = school.sign_in(who)
        assert workspace.violence.may_read is reads
        assert not workspace.violence.may_export
        refused = [workspace.violence.table, workspace.violence.printed]
        for deed in refused if reads else [workspace.violence.lines, *refused]:
            with pytest.raises(Denied):
                deed()
        workspace.lock()


def test_the_table_and_the_paper_are_made_and_told_in_the_audit_trail(school: School) -> None:
    workspace, record = begun(school, violence_area="=1+1")
    sign(workspace, record)
    workspace.lock()
    boss = school.sign_in("tom")
    columns, line = list(csv.reader(io.StringIO(boss.violence.table().decode("utf-8-sig"))))
    told = dict(zip(columns, line, strict=True))
    assert told["Where in it"] == "'=1+1"
    assert told["Description"].startswith("A student bit")
    printed = boss.violence.printed().pdf
    with boss._context.store.read() as session:
        head = audit.head(session)
    assert says_square(printed, trail_code(head, boss.copies.school_ca_pem()))
    entries = [(e.action, e.object, e.detail) for e in boss.log.entries(20)]
    assert ("violence.export", "violence_log", "table, lines 1") in entries
    assert ("violence.export", "violence_log", "paper, lines 1") in entries
    assert ("violence.add", "violence_log", "lines 1, year 2026") in entries
    assert boss.log.verify().holds


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (
            "UPDATE violent_incident SET row = replace(row, 'Student', 'Coworker')",
            "violence-changed",
        ),
        (
            "INSERT INTO violent_incident SELECT 'x', 2020, count, row, at FROM violent_incident",
            "violence-unannounced",
        ),
    ],
)
def test_a_line_changed_by_hand_shows(school: School, deed: str, reason: str) -> None:
    workspace, record = begun(school)
    sign(workspace, record)
    workspace.lock()
    boss = school.sign_in("tom")
    assert boss.log.verify().holds
    tamper(boss, deed)
    assert boss.log.verify().reason == reason
