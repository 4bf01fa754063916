"""The visit log: put in at the counter, read by the nurse, kept student by student."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bt_desktop.errors import Denied
from bt_desktop.models.access import Opening
from bt_desktop.models.health import HealthEntry
from bt_desktop.services.health.problems import NotYours, VisitRefused
from bt_desktop.services.health.visit_model import NewVisit, new_of
from bt_desktop.services.health.visit_report import FORM, answers_of
from bt_desktop.services.workspace import Workspace
from tests.conftest import PACIFIC
from tests.factory import School
from tests.health.kit import at

TODAY = date(2026, 11, 12)
MONTH = (TODAY - timedelta(days=30), TODAY)


def visit(student: str | None, **changes: object) -> NewVisit:
    values: dict[str, object] = {
        "student_id": student,
        "came_at": at(10, 5),
        "complaint": "stomach",
        "care": ("rest",),
    }
    return NewVisit(**(values | changes))  # type: ignore[arg-type]  # names checked by it


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


def told(workspace: Workspace) -> list[tuple[str, str]]:
    """The day as the nurse sees it: who, and with what."""
    return [(one.name, one.state.visit.complaint) for one in workspace.health.visits.day(TODAY)]


# --- putting in ---------------------------------------------------------------------------------


def test_a_day_is_a_view_over_students(school: School, maria: Workspace, mateo: str) -> None:
    visits = maria.health.visits
    visits.add(visit(school.ids["huy"], came_at=at(11), complaint="headache"))
    visits.add(visit(mateo))
    visits.add(visit(None, who="Mrs. Lane, a visitor", came_at=at(9), complaint="", words="dizzy"))
    assert told(maria) == [
        ("Mrs. Lane, a visitor", ""),
        ("Mateo Núñez-Okafor", "stomach"),
        ("Nguyễn Gia Huy", "headache"),
    ]
    assert [one.visit.complaint for one in visits.of_student(mateo)] == ["stomach"]
    with maria._context.store.read() as session:
        subjects = session.scalars(select(HealthEntry.subject).order_by(HealthEntry.count)).all()
    assert subjects == [school.ids["huy"], mateo, "school:office"]


def test_the_front_office_puts_in_and_cannot_read(school: School, mateo: str) -> None:
    olga = school.sign_in("olga")
    office = olga.health.visits
    made = office.add(visit(mateo))
    assert office.may_add
    assert not office.may_read
    for deed in (
        lambda: office.day(TODAY),
        lambda: office.counts(*MONTH),
        lambda: office.leave(made, at(10, 20)),
        lambda: office.replace(made, visit(mateo), "Wrong child"),
        lambda: olga.health.visit_export.day(TODAY),
    ):
        with pytest.raises(Denied):
            deed()
    with pytest.raises(NotYours):
        office.of_student(mateo)
    olga.lock()
    [line] = school.sign_in("maria").health.visits.day(TODAY)
    assert (line.name, line.by) == ("Mateo Núñez-Okafor", "Olga Petrenko")


@pytest.mark.parametrize("who", ["dana", "tom", "amir"])
def test_others_do_not_put_in(school: School, mateo: str, who: str) -> None:
    with pytest.raises(Denied):
        school.sign_in(who).health.visits.add(visit(mateo))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"student_id": None}, "student"),
        ({"complaint": "", "care": ()}, "complaint"),
        ({"complaint": "sneezles"}, "complaint"),
        ({"care": ("rest", "leeches")}, "care"),
        ({"disposition": "moon"}, "disposition"),
        ({"came_at": at(15, 36)}, "came_at"),
        ({"came_at": at(10) - timedelta(days=40)}, "came_at"),
        ({"left_at": at(10)}, "left_at"),
        ({"left_at": at(15, 40)}, "left_at"),
    ],
)
def test_what_cannot_be_is_not_kept(
    maria: Workspace, mateo: str, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(VisitRefused) as refused:
        maria.health.visits.add(visit(mateo, **changes))
    assert [one.field for one in refused.value.problems] == [field]
    assert maria.health.visits.problems(visit(mateo, **changes)) == refused.value.problems
    assert told(maria) == []


def test_the_clocks_may_differ_by_a_little(maria: Workspace, mateo: str) -> None:
    maria.health.visits.add(visit(mateo, came_at=at(15, 34)))
    with pytest.raises(VisitRefused):
        maria.health.visits.add(visit("student:nobody"))


def test_a_visit_around_midnight_counts_for_its_own_day(
    school: School, maria: Workspace, mateo: str
) -> None:
    school.clock.set(at(0, 5) + timedelta(days=1))
    maria.health.visits.add(visit(mateo, came_at=at(23, 59)))
    maria.health.visits.add(visit(mateo, came_at=at(0, 1) + timedelta(days=1)))
    counts = maria.health.visits.counts(TODAY, TODAY + timedelta(days=1))
    assert {day: one.visits for day, one in counts.items()} == {
        TODAY: 1,
        TODAY + timedelta(days=1): 1,
    }


# --- leaving, correcting ------------------------------------------------------------------------


def test_they_leave_and_the_length_is_told(maria: Workspace, mateo: str) -> None:
    visits = maria.health.visits
    made = visits.add(visit(mateo))
    assert visits.day(TODAY)[0].state.visit.minutes is None
    visits.leave(made, at(10, 27), "class", ("water",))
    [line] = visits.day(TODAY)
    left = line.state.visit
    assert (left.minutes, left.disposition, left.care) == (22, "class", ("rest", "water"))
    with pytest.raises(VisitRefused):
        visits.leave(made, at(10, 30))


@pytest.mark.parametrize("left", [at(10), at(15, 40)])
def test_nobody_leaves_before_they_came_or_later_than_now(
    maria: Workspace, mateo: str, left: object
) -> None:
    made = maria.health.visits.add(visit(mateo, complaint="", words="dizzy", care=()))
    with pytest.raises(VisitRefused):
        maria.health.visits.leave(made, left)  # type: ignore[arg-type]  # a moment


def test_a_correction_strikes_and_replaces(school: School, maria: Workspace, mateo: str) -> None:
    """The wrong child: the visit moves to the right one, and both entries stay."""
    visits = maria.health.visits
    wrong = visits.add(visit(mateo))
    lucja = school.ids["lucja"]
    right = visits.replace(wrong, visit(lucja, complaint="fever"), "It was Łucja")
    assert told(maria) == [("Łucja Kowalczyk", "fever")]
    assert visits.of_student(mateo) == ()
    [now] = visits.of_student(lucja)
    assert (now.visit.id, now.visit.replaces) == (right, wrong)
    every = visits.day(TODAY, also_struck=True)
    assert {(one.name, one.state.struck) for one in every} == {
        ("Mateo Núñez-Okafor", "It was Łucja"),
        ("Łucja Kowalczyk", ""),
    }
    assert visits.totals(*MONTH) == {TODAY: 1}
    for again in (
        lambda: visits.replace(wrong, visit(mateo), "Once more"),
        lambda: visits.strike(wrong, "Once more"),
        lambda: visits.leave(wrong, at(10, 20)),
    ):
        with pytest.raises(VisitRefused):
            again()
    assert school.sign_in("tom").log.verify().holds


def test_a_correction_to_another_day_leaves_none_behind(
    school: School, maria: Workspace, mateo: str
) -> None:
    visits = maria.health.visits
    wrong = visits.add(visit(mateo))
    visits.leave(wrong, at(10, 20))
    before = at(10, 5) - timedelta(days=1)
    visits.replace(wrong, visit(mateo, came_at=before), "It was yesterday")
    assert visits.day(TODAY) == ()
    assert len(visits.day(TODAY - timedelta(days=1))) == 1


def test_a_dose_is_linked_to_the_visit_it_was_given_in(
    school: School, maria: Workspace, mateo: str
) -> None:
    visits = maria.health.visits
    morning = visits.add(visit(mateo, came_at=at(8), left_at=at(8, 20)))
    now = visits.add(visit(mateo, came_at=at(10, 5)))
    other = visits.add(visit(school.ids["huy"], came_at=at(10)))
    struck = visits.add(visit(mateo, came_at=at(10, 6)))
    visits.strike(struck, "Entered twice")
    assert visits.link_dose(mateo, "d1", at(9)) == ""  # nobody was here
    assert visits.link_dose(mateo, "d1", at(10, 15)) == now
    assert visits.link_dose(mateo, "d2", at(8, 20)) == morning
    assert visits.link_dose(mateo, "d3", at(10, 20)) == ""  # it has its dose
    assert school.sign_in("olga").health.visits.link_dose(mateo, "d4", at(10, 20)) == ""
    doses = {one.state.visit.id: one.state.dose_id for one in visits.day(TODAY)}
    assert doses == {morning: "d2", now: "d1", other: ""}


def test_nothing_is_struck_without_a_reason(maria: Workspace, mateo: str) -> None:
    made = maria.health.visits.add(visit(mateo))
    for deed in (
        lambda: maria.health.visits.strike(made, " no "),
        lambda: maria.health.visits.replace(made, visit(mateo), ""),
    ):
        with pytest.raises(VisitRefused) as refused:
            deed()
        assert [one.field for one in refused.value.problems] == ["reason"]
    assert len(told(maria)) == 1


def test_a_replacement_that_cannot_be_leaves_all_as_it_was(maria: Workspace, mateo: str) -> None:
    made = maria.health.visits.add(visit(mateo))
    with pytest.raises(VisitRefused):
        maria.health.visits.replace(made, visit(None), "It was somebody else")
    assert told(maria) == [("Mateo Núñez-Okafor", "stomach")]


def test_whoever_put_it_in_takes_back_their_own_and_no_others(
    school: School, maria: Workspace, mateo: str
) -> None:
    hers = maria.health.visits.add(visit(mateo))
    olga = school.sign_in("olga")
    own = olga.health.visits.add(visit(school.ids["huy"]))
    olga.health.visits.strike(own, "The wrong child")
    with pytest.raises(Denied):
        olga.health.visits.strike(hers, "Not mine to take")
    with pytest.raises(VisitRefused):
        olga.health.visits.strike("nothing", "There is none")
    assert told(maria) == [("Mateo Núñez-Okafor", "stomach")]


# --- counting, taking out -----------------------------------------------------------------------


def test_a_day_in_numbers(school: School, maria: Workspace, mateo: str) -> None:
    visits = maria.health.visits
    for complaint, went in (("stomach", "home"), ("stomach", "class"), ("headache", "")):
        visits.add(visit(mateo, complaint=complaint, disposition=went))
    visits.strike(visits.add(visit(mateo)), "Entered twice")
    count = visits.counts(*MONTH)[TODAY]
    assert (count.visits, count.sent_home) == (3, 1)
    assert count.complaints == {"stomach": 2, "headache": 1}


@pytest.mark.parametrize(("who", "may"), [("tom", True), ("amir", True), ("olga", False)])
def test_totals_name_nobody_and_need_no_key(
    school: School, maria: Workspace, mateo: str, who: str, may: bool
) -> None:
    maria.health.visits.add(visit(mateo))
    them = school.sign_in(who)
    if may:
        assert them.health.visits.totals(*MONTH) == {TODAY: 1}
    else:
        with pytest.raises(Denied):
            them.health.visits.totals(*MONTH)


def test_a_day_is_taken_out_as_a_table_and_told(
    school: School, maria: Workspace, mateo: str
) -> None:
    visits = maria.health.visits
    made = visits.add(visit(mateo, words="=SUM(A1)", complaint=""))
    visits.leave(made, at(10, 27), "class")
    visits.add(visit(None, who="@visitor", came_at=at(9)))
    file = maria.health.visit_export.day(TODAY)
    rows = file.data.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Date,In,Out,Minutes,Student")
    assert (
        rows[1] == "2026-11-12,09:00,,,'@visitor,,Stomach ache,Rested and was watched,,,Maria Chen"
    )
    assert rows[2].startswith("2026-11-12,10:05,10:27,22,Mateo Núñez-Okafor,4,'=SUM(A1),")
    assert file.file_name.startswith("visits-2026-11-12-E")
    assert "Mateo" not in file.file_name
    tom = school.sign_in("tom")
    [entry] = [one for one in tom.log.entries(20) if one.action == "visit.export"]
    assert entry.detail == "visits 2"
    with tom._context.store.read() as session:
        seen = session.scalars(select(Opening).where(Opening.what == "export")).all()
    assert [one.student_id for one in seen] == [mateo]
    assert tom.log.verify().holds


def test_an_empty_day_is_not_taken_out(maria: Workspace) -> None:
    with pytest.raises(VisitRefused):
        maria.health.visit_export.day(TODAY)


# --- what is made of it -------------------------------------------------------------------------


def test_a_visit_begins_a_first_aid_report(school: School, maria: Workspace, mateo: str) -> None:
    visits = maria.health.visits
    made = visits.add(visit(mateo, complaint="bump", care=("ice",), words="elbow, on the slide"))
    visits.leave(made, at(10, 27), "class")
    [line] = visits.day(TODAY)
    record = maria.records.start(FORM, answers=answers_of(line.state.visit, PACIFIC))
    visits.link(made, record_id=record)
    opened = maria.records.open(record)
    assert opened.answers["student"] == mateo
    assert opened.answers["event_date"] == TODAY.isoformat()
    assert opened.answers["disposition"] == ["class"]
    assert opened.answers["narrative"].startswith("Bump or bruise, elbow, on the slide. Done: Ice")
    assert visits.day(TODAY)[0].state.record_id == record
    again = visits.replace(made, new_of(line.state.visit), "A word was wrong")
    [now] = visits.day(TODAY)
    assert (now.state.visit.id, now.state.record_id) == (again, record)


@pytest.mark.parametrize("went", ["", "nurse", "restricted", "home", "doctor", "emergency_room",
                                  "ems"])  # fmt: skip
def test_every_disposition_begins_a_report(maria: Workspace, went: str) -> None:
    made = maria.health.visits.add(visit(None, who="Mrs. Lane", disposition=went))
    [line] = maria.health.visits.day(TODAY)
    assert line.state.visit.id == made
    record = maria.records.start(FORM, answers=answers_of(line.state.visit, PACIFIC))
    answers = maria.records.open(record).answers
    assert answers["visitor_name"] == "Mrs. Lane"
    assert ("911 called" in answers["narrative"]) is (went == "ems")


def test_a_dose_is_linked(maria: Workspace, mateo: str) -> None:
    made = maria.health.visits.add(visit(mateo))
    maria.health.visits.link(made, dose_id="dose-1")
    [line] = maria.health.visits.day(TODAY)
    assert (line.state.dose_id, line.state.record_id) == ("dose-1", "")
