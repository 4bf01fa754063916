"""Who saw what: the purpose is asked outside one's own students, and every look leaves a row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bt_desktop.models.access import Opening
from bt_desktop.models.people import Caseload, ClassMember, SchoolClass, Student
from bt_desktop.models.records import Record
from bt_desktop.services.people_rows import bare
from bt_desktop.services.problems import NoSuchRecord, PurposeNeeded, UnsettledNames
from bt_desktop.services.results.access import PURPOSES, USUAL, Purpose
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, fill, ink, notice_rows, signed_report
from tests.services.many_records import Made, put

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
def record(school: School) -> str:
    """Dana's report about Mateo, signed; it waits for nobody any more. Priya and Tom were there."""
    record = signed_report(school)
    tom = school.sign_in("tom")
    with tom._context.store.write() as session:
        session.get_one(Record, record).state = "final"
    tom.lock()
    return record


@pytest.fixture
def others(school: School) -> str:
    """Priya's report about Huy, done with: nobody else has to do with it."""
    tom = school.sign_in("tom")
    made = Made("incident", "final", student="huy", author="priya", owner="priya")
    put(school, tom, [made])
    tom.lock()
    return made.id


def rows(workspace: Workspace) -> list[Opening]:
    with workspace._context.store.read() as session:
        return list(session.scalars(select(Opening).order_by(text("rowid"))))


def fresh(workspace: Workspace, before: int) -> list[tuple[str, str, bool, str]]:
    """Each deed since, by the row of whom the record is about (it comes first)."""
    deeds = {one.batch: one for one in reversed(rows(workspace)[before:])}
    return [(one.what, one.purpose, one.own, one.detail) for one in reversed(deeds.values())]


def asked_for(workspace: Workspace, record: str) -> PurposeNeeded:
    with pytest.raises(PurposeNeeded) as asked:
        workspace.records.open(record)
    return asked.value


# --- whose ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["dana", "priya"])
def test_one_of_ones_own_is_opened_without_a_question(
    school: School, record: str, who: str
) -> None:
    workspace = school.sign_in(who, says=None)  # Dana wrote it, Priya is named as there
    workspace.records.open(record)
    assert (rows(workspace)[-1].own, rows(workspace)[-1].purpose) == (True, "")


@pytest.mark.parametrize("who", ["tom", "olga", "amir", "maria"])
def test_anybody_else_says_what_for(school: School, others: str, who: str) -> None:
    workspace = school.sign_in(who, says=None)
    before = len(rows(workspace))
    asked = asked_for(workspace, others)
    assert asked.about == school.ids["huy"]
    assert asked.usual == USUAL[workspace.actor.role]
    assert len(rows(workspace)) == before
    workspace.openings.state(Purpose("parent"), asked.about)
    workspace.records.open(others)
    assert fresh(workspace, before) == [("open", "parent", False, "")]


def test_the_purpose_is_asked_for_no_record_that_may_not_be_known_of(school: School) -> None:
    tom = school.sign_in("tom")
    put(school, tom, [made := Made(form="risk", author="priya", owner="priya")])
    with pytest.raises(NoSuchRecord):
        school.sign_in("dana", says=None).records.open(made.id)


def on_the_caseload(school: School, tom: Workspace) -> None:
    with tom._context.store.write() as session:
        session.add(
            Caseload(
                staff_id=bare(school.ids["maria"]),
                student_id=bare(school.ids["mateo"]),
                source="hand",
                by_user="x",
                at=school.clock.now(),
            )
        )


def managed(school: School, tom: Workspace) -> None:
    with tom._context.store.write() as session:
        child = session.get_one(Student, bare(school.ids["mateo"]))
        child.case_manager = bare(school.ids["maria"])


def in_class(school: School, tom: Workspace) -> None:
    with tom._context.store.write() as session:
        session.add(SchoolClass(id="4b", title="4b", kind="homeroom"))
        session.flush()
        for who in ("maria", "mateo"):
            session.add(ClassMember(class_id="4b", person_id=school.ids[who]))


def wrote_lately(school: School, tom: Workspace) -> None:
    put(school, tom, [Made(form="incident", author="maria", owner="maria", days=100)])


def wrote_long_ago(school: School, tom: Workspace) -> None:
    put(school, tom, [Made(form="incident", author="maria", owner="maria", days=400)])


@pytest.mark.parametrize(
    ("how", "own"),
    [
        (on_the_caseload, True),
        (managed, True),
        (in_class, True),
        (wrote_lately, True),
        (wrote_long_ago, False),
    ],
)
def test_whose_students_are_ones_own(school: School, how: object, own: bool) -> None:
    tom = school.sign_in("tom")
    put(school, tom, [made := Made(form="incident", state="final")])
    how(school, tom)  # type: ignore[operator]  # one of the stories above
    maria = school.sign_in("maria", says=None)
    if own:
        maria.records.open(made.id)
    else:
        asked_for(maria, made.id)


def test_what_waits_for_somebody_is_opened_without_a_question(school: School) -> None:
    record = signed_report(school)
    school.sign_in("tom", says=None).records.open(record)  # to be reviewed
    school.sign_in("maria", says=None).records.open(record)  # to be examined
    asked_for(school.sign_in("olga", says=None), record)


def test_an_open_deadline_of_ones_role_is_work_that_waits(school: School) -> None:
    tom = school.sign_in("tom", says=None)
    put(school, tom, [made := Made(form="incident", state="final", due=2)])
    asked_for(tom, made.id)
    with tom._context.store.write() as session:
        session.execute(text("UPDATE deadline SET owner = 'administrator'"))
    tom.records.open(made.id)


# --- how long, and in what words -----------------------------------------------------------------


def test_what_was_said_holds_half_an_hour_for_that_student(
    school: School, record: str, others: str
) -> None:
    olga = school.sign_in("olga", says=None)
    olga.openings.state(Purpose("request"), school.ids["mateo"])
    school.clock.advance(timedelta(minutes=29))
    olga.records.open(record)
    assert asked_for(olga, others).about == school.ids["huy"]
    school.clock.advance(timedelta(minutes=2))
    asked_for(olga, record)


def test_what_was_said_for_everything_holds_for_every_student(school: School, record: str) -> None:
    amir = school.sign_in("amir", says=None)
    put(school, school.sign_in("tom"), [made := Made(form="incident", student="huy")])
    amir.openings.state(Purpose("request"))
    amir.records.open(record)
    amir.records.open(made.id)
    assert {one.purpose for one in rows(amir)[-2:]} == {"request"}
    school.clock.advance(timedelta(minutes=31))
    asked_for(amir, record)


def test_what_was_said_ends_with_the_sign_in(school: School, others: str) -> None:
    tom = school.sign_in("tom", says=None)
    tom.openings.state(Purpose("request"))
    tom.lock()
    asked_for(school.sign_in("tom", says=None), others)


@pytest.mark.parametrize("wrong", [Purpose("nosiness"), Purpose(""), Purpose("other", "  a b ")])
def test_a_purpose_that_tells_nothing_is_none(school: School, wrong: Purpose) -> None:
    with pytest.raises(ValueError, match=r".*"):
        school.sign_in("tom", says=None).openings.state(wrong)


def test_the_words_stay_in_the_store_and_out_of_the_trail(school: School, record: str) -> None:
    tom = school.sign_in("tom", says=None)
    tom.openings.state(Purpose("other", "  Rosa Núñez   asked at the door "), school.ids["mateo"])
    tom.records.open(record)
    assert rows(tom)[-1].detail == "Rosa Núñez asked at the door"
    with tom._context.store.read() as session:
        trail = session.execute(text("SELECT group_concat(body) FROM audit")).scalar_one()
    assert "opening.add" in str(trail)
    assert "Rosa" not in str(trail)


def test_each_role_is_offered_a_purpose_that_there_is(school: School) -> None:
    assert set(USUAL.values()) <= dict(PURPOSES).keys()


# --- everything that shows a student's data ------------------------------------------------------


def test_every_way_to_see_a_record_leaves_a_row(school: School) -> None:
    record = signed_report(school)
    tom = school.sign_in("tom", says="review")
    before = len(rows(tom))
    tom.records.open(record)
    added = tom.records.attach(record, "scan.png", "image/png", PNG)
    tom.records.attachment_data(added.id)
    made = tom.copies.school_copy(record)
    tom.copies.mark(made.copy_id, "previewed")
    tom.copies.mark(made.copy_id, "printed")
    tom.copies.mark(made.copy_id, "saved")
    tom.copies.pdf(made.copy_id)
    seen = fresh(tom, before)
    assert [what for what, *_ in seen] == ["open", "attachment", "copy", "print", "save", "copy"]
    assert {purpose for _, purpose, *_ in seen} == {"review"}
    with tom._context.store.read() as session:
        found = session.scalars(select(Opening)).all()
    assert {one.record_id for one in found} == {record}
    with_a_part = {school.ids["mateo"], school.ids["lucja"]}
    assert {one.student_id for one in found} - {None} == with_a_part


def test_a_copy_for_a_parent_says_itself_what_it_is_for(school: School, record: str) -> None:
    olga = school.sign_in("olga", says=None)
    olga.copies.release_parent_copy(record, school.ids["rosa"], "He was held and is well.", ())
    assert fresh(olga, 0)[-1] == ("copy", "parent", False, "")


def test_reading_on_in_an_open_record_is_one_look(school: School, record: str) -> None:
    office = school.sign_in("olga")
    for row in notice_rows(office, record, school.ids):
        office.records.add_notice(record, row)
    before = len(rows(office))
    office.records.notices(record)
    assert len(rows(office)) == before  # the page was opened to write them
    school.clock.advance(timedelta(minutes=31))
    office.openings.state(Purpose("parent"))
    office.records.notices(record)
    assert fresh(office, before) == [("open", "parent", False, "")]


def test_nothing_is_written_down_of_a_deed_that_failed(school: School, record: str) -> None:
    olga = school.sign_in("olga")
    before = len(rows(olga))
    with pytest.raises(UnsettledNames):
        olga.copies.release_parent_copy(record, school.ids["rosa"], "Łucja was there.", ())
    assert len(rows(olga)) == before


# --- held against the trail ----------------------------------------------------------------------


def tamper(workspace: Workspace, deed: str) -> None:
    with workspace._context.store.write() as session:
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in names.scalars().all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(deed))


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("UPDATE opening SET purpose = 'safety'", "opening-changed"),
        ("UPDATE opening SET detail = 'a parent asked'", "opening-changed"),
        ("UPDATE opening SET student_id = NULL", "opening-changed"),
        ("UPDATE opening SET own = 1", "opening-changed"),
        ("UPDATE opening SET user_id = 'x'", "opening-changed"),
        ("UPDATE opening SET at_us = at_us + 1", "opening-changed"),
        ("DELETE FROM opening WHERE own = 0", "opening-missing"),
        (
            "INSERT INTO opening SELECT 'forged', at, at_us, user_id, role, what, student_id,"
            " record_id, own, purpose, detail, 'forged' FROM opening LIMIT 1",
            "opening-unannounced",
        ),
        (
            "INSERT INTO opening SELECT 'forged', at, at_us, user_id, role, what, student_id,"
            " record_id, own, purpose, detail, batch FROM opening WHERE own = 0 LIMIT 1",
            "opening-changed",
        ),
    ],
)
def test_a_row_changed_beside_the_trail_is_named(
    school: School, record: str, deed: str, reason: str
) -> None:
    amir = school.sign_in("amir")
    amir.records.open(record)
    assert amir.log.verify().holds
    tamper(amir, deed)
    assert amir.log.verify().reason == reason


def test_a_draft_signed_and_examined_is_still_there(school: School) -> None:
    """The nurse's part ends what waited for the nurse: from then on she is asked too."""
    record = signed_report(school)
    maria = school.sign_in("maria", says=None)
    fill(school, maria, record, "nurse")
    maria.records.sign_part(record, "nurse", PASSWORD, ink("Maria Chen"))
    maria.records.open(record)  # now her own part
    assert rows(maria)[-1].own
