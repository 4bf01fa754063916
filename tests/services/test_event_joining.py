"""Two events that turn out to be one, and a record that does not belong: letters never change."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bt_desktop.errors import Denied
from bt_desktop.services.problems import JoinRefused, NoSuchRecord, ReasonNeeded
from bt_desktop.services.record_document import letters_of
from bt_desktop.services.results.people import NewGuardian
from bt_desktop.services.workspace import Workspace
from tests.event_kit import fight, sign, type_in, written
from tests.factory import School

TOLD = "He and another student pulled at one ball."
WHY = "It was the same fight, seen from both sides."


def about_lucja(school: School, workspace: Workspace) -> str:
    """The fight written down a second time and apart, about Łucja; Mateo is the other."""
    record = workspace.records.start("incident")
    other = {"/people[2]/other_student": school.ids["mateo"]}
    type_in(workspace, record, fight(school, student=school.ids["lucja"]) | other)
    return record


def letters(workspace: Workspace, school: School, record: str) -> dict[str, str]:
    """The letters of a record's event, by our short names."""
    event = workspace.records.open(record).event_id
    names = {student: who for who, student in school.ids.items()}
    with workspace._context.store.read() as session:
        return {names[one]: letter for one, letter in letters_of(session, event).items()}


def with_letters(workspace: Workspace, *records: str) -> None:
    for record in records:
        workspace.copies.begin_parent_text(record)


def told_to_parent(school: School, workspace: Workspace, record: str, student: str) -> None:
    """A signed record's paper for a parent."""
    guardian = workspace.people.add_guardian(
        school.ids[student], NewGuardian("Ana", "Prado", "mother")
    )
    workspace.copies.release_parent_copy(record, guardian, TOLD, ())


@pytest.fixture
def tom(school: School) -> Workspace:
    return school.sign_in("tom")


@pytest.fixture
def two(school: School) -> tuple[str, str]:
    """The fight, signed twice by Dana: about Mateo, and apart from it about Łucja."""
    dana = school.sign_in("dana")
    pair = written(dana, school), about_lucja(school, dana)
    for record in pair:
        sign(dana, record)
    dana.lock()
    return pair


def test_records_begun_apart_are_joined_and_know_each_other(
    school: School, tom: Workspace, two: tuple[str, str]
) -> None:
    one, other = two
    assert tom.events.view(one).linked == ()
    tom.events.join(one, other, WHY)
    assert [line.id for line in tom.events.view(one).linked] == [other]
    assert [line.id for line in tom.events.view(other).linked] == [one]
    assert tom.records.document(one).linked == ("INC-2026-0002",)
    assert tom.log.verify().holds
    assert [e.object for e in tom.log.entries() if e.action == "event.link"]
    with pytest.raises(JoinRefused):
        tom.events.join(other, one)


def test_before_anything_is_printed_the_second_event_takes_the_letters_of_the_first(
    school: School, tom: Workspace, two: tuple[str, str]
) -> None:
    one, other = two
    with_letters(tom, one, other)
    assert letters(tom, school, one) == {"lucja": "A", "huy": "B"}
    assert letters(tom, school, other) == {"mateo": "A", "huy": "B"}
    tom.events.join(one, other)
    both = {"lucja": "A", "huy": "B", "mateo": "C"}
    assert letters(tom, school, one) == letters(tom, school, other) == both


def test_the_letters_on_paper_are_those_that_stay(
    school: School, tom: Workspace, two: tuple[str, str]
) -> None:
    one, other = two
    with_letters(tom, one)
    told_to_parent(school, tom, other, "lucja")
    tom.events.join(one, other)
    both = {"mateo": "A", "huy": "B", "lucja": "C"}
    assert letters(tom, school, one) == letters(tom, school, other) == both


def test_papers_that_contradict_each_other_keep_events_apart(
    school: School, tom: Workspace, two: tuple[str, str]
) -> None:
    one, other = two
    told_to_parent(school, tom, one, "mateo")
    told_to_parent(school, tom, other, "lucja")
    before = letters(tom, school, one), letters(tom, school, other)
    with pytest.raises(JoinRefused) as refused:
        tom.events.join(one, other)
    assert refused.value.code == "letters-differ"
    assert tom.events.view(one).linked == ()
    assert (letters(tom, school, one), letters(tom, school, other)) == before


def test_a_school_copy_bears_no_letters_and_hinders_nothing(
    school: School, tom: Workspace, two: tuple[str, str]
) -> None:
    one, other = two
    with_letters(tom, one, other)
    tom.copies.school_copy(one)
    tom.copies.school_copy(other)
    tom.events.join(one, other)
    assert letters(tom, school, other)["mateo"] == "C"


def test_joined_events_go_on_with_one_row_of_letters_and_keep_them_when_parted(
    school: School, tom: Workspace, two: tuple[str, str]
) -> None:
    one, other = two
    with_letters(tom, one)
    tom.events.join(one, other)
    with_letters(tom, other)  # Mateo is new there
    both = {"lucja": "A", "huy": "B", "mateo": "C"}
    assert letters(tom, school, one) == letters(tom, school, other) == both
    tom.events.take_out(other, "These were two fights after all.")
    assert tom.events.view(one).linked == ()
    assert letters(tom, school, one) == letters(tom, school, other) == both
    tom.events.join(other, one)
    assert letters(tom, school, one) == both


def test_a_draft_begun_in_the_wrong_event_is_taken_out_with_its_letters(school: School) -> None:
    dana = school.sign_in("dana")
    one = written(dana, school)
    wrong = dana.events.start("incident", dana.records.open(one).event_id)
    with_letters(dana, one)
    with pytest.raises(ReasonNeeded):
        dana.events.take_out(wrong, "oops")
    dana.events.take_out(wrong, "It was another day.")
    assert dana.events.view(wrong).linked == ()
    assert dana.records.open(wrong).event_id != dana.records.open(one).event_id
    assert letters(dana, school, wrong) == letters(dana, school, one)
    assert school.sign_in("tom").log.verify().holds


def test_a_record_signed_in_its_event_stays_in_it(school: School) -> None:
    dana = school.sign_in("dana")
    one = written(dana, school)
    [other] = dana.events.also_for(one, [school.ids["lucja"]])
    sign(dana, one)
    tom = school.sign_in("tom")
    assert not tom.events.view(one).may_take_out
    with pytest.raises(JoinRefused):
        tom.events.take_out(one, "It does not belong here.")
    assert dana.events.view(other).may_take_out


def test_the_rest_of_a_group_stays_together_when_its_middle_leaves(school: School) -> None:
    dana = school.sign_in("dana")
    a, b, c = (written(dana, school, event_began=at) for at in ("1009", "1015", "1020"))
    dana.events.join(a, b)
    dana.events.join(b, c)
    assert {line.id for line in dana.events.view(a).linked} == {b, c}
    dana.events.take_out(b, "That one was at the gate.")
    assert {line.id for line in dana.events.view(a).linked} == {c}
    assert dana.events.view(b).linked == ()


@pytest.mark.parametrize(
    ("who", "refused"),
    [("priya", NoSuchRecord), ("olga", Denied), ("maria", Denied), ("amir", Denied)],
)
def test_only_whose_records_they_are_or_an_administrator_joins_events(
    school: School, two: tuple[str, str], who: str, refused: type[Exception]
) -> None:
    one, other = two
    with pytest.raises(refused):
        school.sign_in(who).events.join(one, other)
    with pytest.raises(refused):
        school.sign_in(who).events.take_out(one, "It does not belong here.")
    school.sign_in("dana").events.join(one, other)


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("UPDATE event_link SET deed = 'part'", "event-link-changed"),
        ("DELETE FROM event_link", "event-link-missing"),
        ("UPDATE event_link SET reason = 'x'", "event-link-changed"),
    ],
)
def test_a_join_that_is_changed_by_hand_shows(
    school: School, tom: Workspace, two: tuple[str, str], deed: str, reason: str
) -> None:
    tom.events.join(*two, WHY)
    with tom._context.store.write() as session:
        session.execute(text("DROP TRIGGER event_link_no_update"))
        session.execute(text("DROP TRIGGER event_link_no_delete"))
        session.execute(text(deed))
    assert tom.log.verify().reason == reason
