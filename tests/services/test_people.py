"""People: found by any part of any name, added and changed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bt_desktop.errors import Denied
from bt_desktop.services.problems import InvalidPerson
from bt_desktop.services.results.people import NewGuardian, NewStaff, NewStudent, Training
from tests.factory import School, mateo


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mateo", "mateo"),
        ("NUNEZ", "mateo"),
        ("okaf", "mateo"),
        ("nunez-ok mat", "mateo"),
        ("ateo", "mateo"),
        ("lucja", "lucja"),
        ("Kowal ł", "lucja"),
        ("huy nguyen", "huy"),
        ("nguyen gia", "huy"),
        ("Gia", "huy"),
        ("nguyễn", "huy"),
    ],
)
def test_any_part_of_any_name_in_any_order_finds_the_student(
    school: School, typed: str, found: str
) -> None:
    hits = school.sign_in("dana").people.search(typed)
    assert [hit.id for hit in hits] == [school.ids[found]]


def test_a_hit_shows_what_tells_students_apart(school: School) -> None:
    [hit] = school.sign_in("dana").people.search("mateo")
    assert (hit.name, hit.grade, hit.teacher) == ("Mateo Núñez-Okafor", "4", "Raman")
    assert hit.birth_date == date(2017, 3, 9)
    assert not hit.same_name
    assert [hit.name[start:end] for start, end in hit.spans] == ["Mateo"]


def test_what_matched_is_shown_in_the_name_as_it_is_written(school: School) -> None:
    [hit] = school.sign_in("dana").people.search("okaf nun")
    assert [hit.name[start:end] for start, end in hit.spans] == ["Núñ", "Okaf"]


def test_two_students_of_one_name_are_marked(school: School) -> None:
    workspace = school.sign_in("olga")
    workspace.people.search("x")
    other = workspace.people.add_student(mateo(given="MATEO", birth_date=date(2018, 1, 1)))
    hits = workspace.people.search("mateo")
    assert {hit.id for hit in hits} == {other, school.ids["mateo"]}
    assert all(hit.same_name for hit in hits)


def test_what_is_added_or_changed_is_found_at_once(school: School) -> None:
    workspace = school.sign_in("olga")
    assert workspace.people.search("sapphire") == ()
    added = workspace.people.add_student(NewStudent("Sapphire", "Lindqvist"))
    assert [hit.id for hit in workspace.people.search("sapph")] == [added]
    workspace.people.update_student(added, NewStudent("Ruby", "Lindqvist"))
    assert workspace.people.search("sapph") == ()
    assert [hit.id for hit in workspace.people.search("ruby lind")] == [added]
    workspace.people.set_active(added, False)
    assert workspace.people.search("ruby") == ()


def test_a_search_gives_fifteen_at_most_sorted_by_name(school: School) -> None:
    workspace = school.sign_in("olga")
    for number in range(20):
        workspace.people.add_student(NewStudent(f"Test{number:02}", "Sorted"))
    hits = workspace.people.search("sorted")
    assert [hit.name for hit in hits] == [f"Test{number:02} Sorted" for number in range(15)]


def test_staff_are_found_with_their_training(school: School) -> None:
    [hit] = school.sign_in("dana").people.search("whitc", ("staff",))
    assert (hit.title, hit.training) == ("Behavior technician", "Safety-Care")
    assert hit.training_until == date(2027, 2, 1)


def test_nothing_typed_or_only_signs_find_nobody(school: School) -> None:
    people = school.sign_in("dana").people
    assert people.search("") == ()
    assert people.search(" '-. ") == ()


def test_a_person_without_a_name_or_born_tomorrow_is_not_saved(school: School) -> None:
    people = school.sign_in("olga").people
    bad = NewStudent(" ", "", birth_date=date(2026, 11, 13))
    with pytest.raises(InvalidPerson) as refused:
        people.add_student(bad)
    assert {problem.field for problem in refused.value.problems} == {"family", "birth_date"}
    assert people.student_problems(bad) == refused.value.problems
    assert people.student_problems(mateo()) == ()


def test_a_mother_who_needs_an_interpreter_may_have_copies(school: School) -> None:
    [rosa] = school.sign_in("dana").people.guardians(school.ids["mateo"])
    assert (rosa.name, rosa.language, rosa.needs_interpreter) == ("Rosa Núñez", "es", True)
    assert rosa.allowed


@pytest.mark.parametrize("changes", [{"no_contact": True}, {"may_receive_copies": False}])
def test_who_may_not_have_copies_is_named_with_the_reason(
    school: School, changes: dict[str, bool]
) -> None:
    people = school.sign_in("olga").people
    new = replace(NewGuardian("Paul", "Okafor", "father"), **changes)
    paul = people.add_guardian(school.ids["mateo"], new)
    found = {one.id: one for one in people.guardians(school.ids["mateo"])}
    assert not found[paul].allowed
    assert found[paul].why_not
    assert next(iter(found)) != paul


def test_a_guardian_and_a_staff_member_are_changed(school: School) -> None:
    people = school.sign_in("tom").people
    people.update_guardian(
        school.ids["mateo"], school.ids["rosa"], NewGuardian("Rosa", "Núñez", phone="555-0100")
    )
    assert people.guardians(school.ids["mateo"])[0].phone == "555-0100"
    people.update_staff(
        school.ids["dana"],
        NewStaff("Dana", "Whitcomb", "Lead", trainings=(Training("CPR", date(2026, 1, 1)),)),
    )
    dana = people.get(school.ids["dana"])
    assert (dana.title, dana.trainings) == ("Lead", (Training("CPR", date(2026, 1, 1)),))


def test_names_by_id_leave_out_who_is_unknown(school: School) -> None:
    labels = school.sign_in("dana").people.labels(
        [school.ids["huy"], school.ids["dana"], "student:none", "ghost:1"]
    )
    assert labels == {school.ids["huy"]: "Nguyễn Gia Huy", school.ids["dana"]: "Dana Whitcomb"}


def test_a_technician_adds_a_missing_child_but_changes_nobody(school: School) -> None:
    people = school.sign_in("dana").people
    people.add_student(NewStudent("New", "Child"))
    with pytest.raises(Denied):
        people.update_student(school.ids["huy"], mateo())
    with pytest.raises(Denied):
        people.set_active(school.ids["huy"], False)


def test_an_auditor_searches_no_names(school: School) -> None:
    people = school.sign_in("amir").people
    with pytest.raises(Denied):
        people.search("mateo")
    with pytest.raises(Denied):
        people.guardians(school.ids["mateo"])
