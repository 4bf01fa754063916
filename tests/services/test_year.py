"""The end of a year is previewed, done at once, and can be taken back; single students move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bt_desktop.errors import Denied
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.workspace import Workspace
from bt_desktop.services.year import YearRefused, next_grade
from tests.factory import School, mateo, signed_report
from tests.services.oneroster_maker import small

LAST_DAY = date(2027, 6, 11)


@pytest.fixture
def w(school: School) -> Workspace:
    """The administrator, in a school of a few grades."""
    tom = school.sign_in("tom")
    for name, grade in (("Ada", "K"), ("Bo", "5"), ("Cy", ""), ("Di", "PK")):
        school.ids[name.lower()] = tom.people.add_student(NewStudent(name, "Ito", grade=grade))
    return tom


def grades(w: Workspace, school: School) -> dict[str, tuple[str, bool]]:
    who = ("ada", "bo", "cy", "di", "mateo")
    found = {one: w.people.get(school.ids[one]) for one in who}
    return {one: (p.grade, p.active) for one, p in found.items()}


def test_grades_go_up() -> None:
    assert [next_grade(g) for g in ("PK", "TK", "K", "1", "11", "12", "?")] == [
        "K", "K", "1", "2", "12", "", "",
    ]  # fmt: skip
    assert next_grade("PK", has_tk=True) == "TK"


def test_the_plan_says_what_becomes_of_each(school: School, w: Workspace) -> None:
    plan = w.year.plan(last_day=LAST_DAY)
    assert plan.top_grade == "5"
    told = {one.name: (one.deed, one.to_grade, one.unsure) for one in plan.lines}
    assert told["Ada Ito"] == ("promoted", "1", False)
    assert told["Bo Ito"] == ("left", "", False)
    assert told["Cy Ito"] == ("retained", "", True)
    assert told["Di Ito"] == ("promoted", "K", False)
    assert plan.count("promoted") == 5
    assert w.people.get(school.ids["ada"]).grade == "K"  # nothing before it is done


def test_the_year_ends_with_exceptions_and_is_taken_back(school: School, w: Workspace) -> None:
    w.caseloads.add(school.ids["dana"], [school.ids["mateo"]])
    before = grades(w, school)
    plan = w.year.plan(last_day=LAST_DAY)
    assert plan.caseloads == 1
    lines = tuple(
        replace(one, deed="retained", to_grade="4") if one.name.startswith("Mateo") else one
        for one in plan.lines
    )
    done = w.year.apply(replace(plan, lines=lines))
    assert grades(w, school) == {
        "ada": ("1", True), "bo": ("5", False), "cy": ("", True), "di": ("K", True),
        "mateo": ("4", True),
    }  # fmt: skip
    bo = w.people.get(school.ids["bo"])
    assert bo.left_on == LAST_DAY
    assert w.people.get(school.ids["mateo"]).teacher == ""
    assert w.caseloads.of(school.ids["dana"]) == frozenset()
    assert [(m.kind, m.from_grade, m.to_grade) for m in w.year.moves(bo.id)] == [("left", "5", "")]
    last = w.year.last()
    assert last is not None
    assert last.why_not == ""
    assert w.year.undo(done.batch) == len(lines)
    assert grades(w, school) == before
    assert w.people.get(school.ids["mateo"]).teacher == "Raman"
    assert w.caseloads.of(school.ids["dana"]) == {school.ids["mateo"]}
    assert [m.kind for m in w.year.moves(bo.id)][:1] in (["undone"], ["left"])
    assert w.year.last() is None


def test_it_is_not_taken_back_once_a_student_was_changed(school: School, w: Workspace) -> None:
    done = w.year.apply(w.year.plan(last_day=LAST_DAY))
    school.clock.set(school.clock.now() + timedelta(hours=1))
    w.people.update_student(school.ids["mateo"], mateo(grade="5", teacher="Diaz"))
    last = w.year.last()
    assert last is not None
    assert "1 student was changed" in last.why_not
    with pytest.raises(YearRefused) as refused:
        w.year.undo(done.batch)
    assert refused.value.code == "year-changed"


def test_an_outdated_plan_changes_nothing(school: School, w: Workspace) -> None:
    plan = w.year.plan()
    school.clock.set(school.clock.now() + timedelta(hours=1))
    w.people.update_student(school.ids["mateo"], mateo(grade="3"))
    with pytest.raises(YearRefused) as refused:
        w.year.apply(plan)
    assert refused.value.code == "year-outdated"
    lines = tuple(replace(one, to_grade="") for one in w.year.plan().lines)
    with pytest.raises(YearRefused) as refused:
        w.year.apply(replace(w.year.plan(), lines=lines))
    assert refused.value.code == "year-no-grade"


def test_records_of_those_who_leave_stay(school: School, w: Workspace) -> None:
    record = signed_report(school)
    draft = school.sign_in("dana").records.start()
    w.year.apply(w.year.plan(top_grade="4", last_day=LAST_DAY))
    assert not w.people.get(school.ids["mateo"]).active
    found = w.records.list(RecordFilter(subject_id=school.ids["mateo"]))
    assert [one.id for one in found] == [record]
    assert draft in {one.id for one in school.sign_in("dana").records.drafts()}


def test_the_new_roster_comes_afterwards(school: School, w: Workspace, tmp_path: Path) -> None:
    made = small()
    w.roster.apply(w.roster.preview(made.write(tmp_path / "a")), confirmed=True)
    assert w.caseloads.of(school.ids["priya"])
    w.year.apply(w.year.plan(last_day=LAST_DAY))
    assert w.caseloads.of(school.ids["priya"]) == frozenset()
    again = w.roster.preview(tmp_path / "a")
    assert again.classes  # the classes of the new year
    w.roster.apply(again, confirmed=True)
    assert w.caseloads.of(school.ids["priya"])


def test_one_student_leaves_and_comes_back(school: School) -> None:
    office = school.sign_in("olga")
    which = school.ids["mateo"]
    office.year.leave(which, date(2026, 11, 13), "Moved to another district")
    left = office.people.get(which)
    assert (left.active, left.left_on) == (False, date(2026, 11, 13))
    assert office.people.search("mateo") == ()
    with pytest.raises(YearRefused):
        office.year.leave(which, date(2026, 11, 13))
    school.clock.set(school.clock.now() + timedelta(days=90))
    office.year.enter(which, date(2027, 2, 1), "5")
    back = office.people.get(which)
    assert (back.active, back.left_on, back.grade) == (True, None, "5")
    assert [m.kind for m in office.year.moves(which)] == ["entered", "transferred"]
    with pytest.raises(YearRefused):
        office.year.enter(which, date(2027, 2, 1), "5")


@pytest.mark.parametrize("who", ["olga", "dana", "maria", "amir"])
def test_only_the_administrator_ends_the_year(school: School, who: str) -> None:
    with pytest.raises(Denied):
        school.sign_in(who).year.plan()
