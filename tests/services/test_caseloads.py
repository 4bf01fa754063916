"""Whose own a student is: by classes, by the case manager, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bt_desktop.errors import Denied
from bt_desktop.services.caseloads import is_mine
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.workspace import Workspace
from tests.factory import School
from tests.services.oneroster_maker import RosterMaker, small


def names(w: Workspace, staff_id: str) -> list[tuple[str, str]]:
    return [(one.name, one.source) for one in w.caseloads.students(staff_id)]


def brought_in(w: Workspace, made: RosterMaker, folder: Path) -> None:
    preview = w.roster.preview(made.write(folder))
    w.roster.apply(preview, confirmed=True)


def test_by_hand_and_back(school: School) -> None:
    office = school.sign_in("olga")
    dana, mateo, huy = (school.ids[who] for who in ("dana", "mateo", "huy"))
    assert office.caseloads.add(dana, [mateo, huy, mateo]) == 2
    assert office.caseloads.add(dana, [mateo]) == 0
    own = school.sign_in("dana").caseloads
    assert own.mine() == {mateo, huy}
    assert [(one.name, one.source) for one in own.team(mateo)] == [("Dana Whitcomb", "hand")]
    assert office.caseloads.remove(dana, [huy]) == 1
    assert own.mine() == {mateo}
    with own._context.store.read() as session:
        assert is_mine(session, dana, mateo)
        assert not is_mine(session, dana, huy)


def test_only_active_students_are_own(school: School) -> None:
    office = school.sign_in("olga")
    office.caseloads.add(school.ids["dana"], [school.ids["mateo"]])
    office.people.set_active(school.ids["mateo"], False)
    assert school.sign_in("dana").caseloads.mine() == frozenset()
    assert office.people.get(school.ids["mateo"]).left_on == school.clock.now().date()


@pytest.mark.parametrize("who", ["dana", "maria", "amir"])
def test_others_do_not_change_caseloads(school: School, who: str) -> None:
    with pytest.raises(Denied):
        school.sign_in(who).caseloads.add(school.ids["dana"], [school.ids["mateo"]])


def test_the_auditor_has_nobody_and_reads_nobodys(school: School) -> None:
    auditor = school.sign_in("amir").caseloads
    assert auditor.mine() == frozenset()
    with pytest.raises(Denied):
        auditor.of(school.ids["dana"])


def test_classes_of_the_roster_make_caseloads(school: School, tmp_path: Path) -> None:
    w = school.sign_in("tom")
    made = small()
    aide = next(row["sourcedId"] for row in made.rows["users"] if row["role"] == "aide")
    room = made.rows["classes"][0]["sourcedId"]
    made.add("enrollments", sourcedId="e-aide", classSourcedId=room, userSourcedId=aide,
             role="aide")  # fmt: skip
    brought_in(w, made, tmp_path / "a")
    priya = school.ids["priya"]
    assert {source for _, source in names(w, priya)} == {"class"}
    taught = {name for name, _ in names(w, priya)}
    assert {name for name, _ in names(w, school.ids["dana"])} == taught  # the aide
    assert not w.roster.preview(tmp_path / "a").changes_anything
    # The homeroom loses a student: the rows follow, what was set by hand stays.
    by_hand = w.people.add_student(NewStudent("Aaliyah", "Brooks"))
    w.caseloads.add(priya, [by_hand])
    gone = next(e for e in made.rows["enrollments"] if e["role"] == "student")
    made.rows["enrollments"].remove(gone)
    again = w.roster.preview(made.write(tmp_path / "b"))
    assert again.classes == 1
    w.roster.apply(again, confirmed=True)
    assert len(names(w, priya)) == len(taught)
    assert ("Aaliyah Brooks", "hand") in names(w, priya)


def test_a_class_that_is_gone_ends_its_caseloads(school: School, tmp_path: Path) -> None:
    w = school.sign_in("tom")
    brought_in(w, small(), tmp_path / "a")
    assert names(w, school.ids["priya"])
    made = small()
    made.rows["classes"] = []
    made.add("classes", sourcedId="other", title="Band", classType="scheduled")
    brought_in(w, made, tmp_path / "b")
    assert names(w, school.ids["priya"]) == []
