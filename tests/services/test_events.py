"""Several records of one event: facts given once, leads, duplicates, the same for another child."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.errors import Denied
from bt_desktop.form_engine import Code, FormSession
from bt_desktop.services.problems import NoSuchRecord, Unfinished
from bt_desktop.services.results.events import EventView
from bt_desktop.services.workspace import Workspace
from tests.event_kit import fight, sign, type_in, written
from tests.factory import School, signed_report


def offered(view: EventView) -> dict[str, str]:
    """What is offered, in words, by fact."""
    return {fact.fact: fact.words for offer in view.offers for fact in offer.facts}


def use(workspace: Workspace, record: str, view: EventView) -> dict[str, Any]:
    """Put in everything that is offered."""
    steps = {path: typed for o in view.offers for f in o.facts for path, typed in f.steps}
    return type_in(workspace, record, steps)


# --- facts given once --------------------------------------------------------------------------


def test_facts_of_the_report_are_offered_to_the_incident_of_its_event(school: School) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    event = dana.records.open(ber).event_id
    inc = dana.events.start("incident", event)
    view = dana.events.view(inc)
    assert [(one.number, one.form) for one in view.linked] == [("BER-2026-0001", "restraint")]
    [offer] = view.offers
    assert offer.source.number == "BER-2026-0001"
    assert offered(view) == {
        "student": "Mateo Núñez-Okafor",
        "student_part": "Took part",
        "plan_status": "IEP",
        "bip_status": "Behavior intervention plan in the IEP",
        "event_date": "Thursday, November 12, 2026",
        "event_began": "10:09 am",
        "event_ended": "10:19 am",
        "location": "Classroom",
        "location_detail": "Room 14",
        "setting": "Whole class",
        "activity": "Math",
        "people": "Łucja Kowalczyk, Nguyễn Gia Huy, Dana Whitcomb, Priya Raman, Tom Becker",
    }
    assert dana.records.open(inc).answers == {}, "nothing is put in silently"


def test_what_is_used_stands_as_if_it_were_typed(school: School) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    told = dana.records.open(ber)
    inc = dana.events.start("incident", told.event_id)
    answers = use(dana, inc, dana.events.view(inc))
    for name in ("student", "event_date", "event_began", "event_ended", "location", "setting"):
        assert answers[name] == told.answers[name], name
    by_kind = {row["involved_kind"] for row in answers["people"]}
    assert by_kind == {"staff", "student"}
    seen = [row for row in answers["people"] if row.get("other_student") == school.ids["huy"]]
    assert [row["involved_roles"] for row in seen] == [["witness"]]
    dana.events.answer_offer(inc, ber, used=True)
    again = dana.events.view(inc)
    assert (again.offers, [one.id for one in again.carried]) == ((), [ber])


def test_what_is_left_is_not_offered_again(school: School) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    inc = dana.events.start("incident", dana.records.open(ber).event_id)
    dana.events.answer_offer(inc, ber, used=False)
    view = dana.events.view(inc)
    assert (view.offers, view.carried) == ((), ())
    assert [one.id for one in view.linked] == [ber]


def test_only_what_is_not_answered_yet_is_offered(school: School) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    inc = dana.events.start("incident", dana.records.open(ber).event_id)
    type_in(dana, inc, {"/event_date": "11/12/2026", "/location": "hallway"})
    told = offered(dana.events.view(inc))
    assert "event_date" not in told
    assert "location" not in told
    assert told["event_began"] == "10:09 am"


def test_about_another_student_the_first_one_stands_among_the_others(school: School) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    inc = dana.events.start("incident", dana.records.open(ber).event_id)
    type_in(dana, inc, {"/student": school.ids["lucja"]})
    view = dana.events.view(inc)
    told = offered(view)
    assert "student" not in told
    assert "plan_status" not in told, "a plan is the other student's"
    assert "Mateo Núñez-Okafor" in told["people"]
    assert "Łucja" not in told["people"]
    answers = use(dana, inc, view)
    named = {row.get("other_student") for row in answers["people"]}
    assert school.ids["mateo"] in named
    assert school.ids["lucja"] not in named


def test_the_incidents_facts_fill_a_first_aid_report(school: School) -> None:
    dana = school.sign_in("dana")
    inc = written(dana, school)
    aid = dana.events.start("first_aid", dana.records.open(inc).event_id)
    answers = use(dana, aid, dana.events.view(aid))
    assert answers["event_began"].endswith("10:09:00-08:00")
    assert answers["location"] == "playground"
    assert answers["students_involved"] == [school.ids["lucja"]]
    assert answers["students_witness"] == [school.ids["huy"]]
    assert "narrative" not in answers, "the story is told anew"


def test_somebody_who_may_not_read_the_words_is_not_offered_them(school: School) -> None:
    dana = school.sign_in("dana")
    inc = written(dana, school)
    event = dana.records.open(inc).event_id
    olga = school.sign_in("olga")  # sees that there is one; reads only her own
    aid = olga.events.start("first_aid", event)
    told = offered(olga.events.view(aid))
    assert "event_began" in told
    assert "location_detail" not in told


# --- beginning in an event ---------------------------------------------------------------------


def test_an_event_that_one_does_not_see_is_no_event(school: School) -> None:
    dana = school.sign_in("dana")
    inc = written(dana, school)
    event = dana.records.open(inc).event_id
    priya = school.sign_in("priya")
    assert priya.events.records(event) == ()
    assert priya.events.today() == ()
    with pytest.raises(NoSuchRecord):
        priya.events.start("incident", event)
    with pytest.raises(NoSuchRecord):
        priya.events.start("incident", like=inc)
    with pytest.raises(NoSuchRecord):
        priya.events.view(inc)


def test_what_was_written_today_is_one_line_an_event(school: School, clock: SetClock) -> None:
    ber = signed_report(school)
    clock.set(clock.now() - timedelta(days=2))
    dana = school.sign_in("dana")
    old = dana.records.start("incident")
    type_in(dana, old, fight(school, event_date="11/10/2026", written_on="11/10/2026"))
    sign(dana, old)
    dana.lock()
    clock.set(clock.now() + timedelta(days=2))
    dana = school.sign_in("dana")
    event = dana.records.open(ber).event_id
    dana.events.start("incident", event)
    [today] = dana.events.today()
    assert today.event_id == event
    assert (today.place, len(today.records)) == ("Classroom", 2)
    assert today.event_at == clock.now().replace(hour=10, minute=9)


# --- leads -------------------------------------------------------------------------------------


def leads(workspace: Workspace, record: str) -> list[str]:
    opened = workspace.records.open(record)
    page = FormSession(
        opened.form, opened.answers, now=workspace.clock.now, event_has=opened.event_has
    )
    return [lead.name for lead in page.leads()]


def test_a_hold_leads_to_the_report_that_it_belongs_in(school: School) -> None:
    dana = school.sign_in("dana")
    inc = written(dana, school, hands_on=["held"], held_by=["technician"])
    assert leads(dana, inc) == ["held"]
    [issue] = dana.records.check(inc, "report")
    assert (issue.path, issue.code) == ("/hands_on", Code.LEADS)
    assert "EC 49005.1, 49006, unverified" in issue.sentence
    with pytest.raises(Unfinished):
        sign(dana, inc)

    ber = dana.events.start("restraint", like=inc)
    answers = dana.records.open(ber).answers
    assert answers["student"] == school.ids["mateo"]
    assert answers["event_began"].endswith("10:09:00-08:00")
    assert answers["students_involved"] == [school.ids["lucja"]]
    assert answers["students_witness"] == [school.ids["huy"]]
    assert [row["staff_member"] for row in answers["people"]] == [school.ids["dana"]]
    assert "narrative" not in answers
    view = dana.events.view(ber)
    assert [one.id for one in view.carried] == [inc]
    assert view.offers == ()

    assert leads(dana, inc) == []
    assert sign(dana, inc) == "INC-2026-0001"


def test_a_reason_answers_a_lead_too(school: School) -> None:
    dana = school.sign_in("dana")
    inc = written(dana, school, hands_on=["held"], held_by=["technician"])
    answers = dana.records.open(inc).answers
    answers["$reasons"] = {"hands_on": "It was a hand on the shoulder, told wrongly at first."}
    dana.records.save_draft(inc, "report", answers)
    assert dana.records.check(inc, "report") == ()
    sign(dana, inc)


def test_a_report_about_another_student_of_the_event_is_no_answer(school: School) -> None:
    dana = school.sign_in("dana")
    inc = written(dana, school, hands_on=["held"], held_by=["technician"])
    ber = dana.events.start("restraint", like=inc)
    type_in(dana, ber, {"/student": school.ids["huy"]})
    assert leads(dana, inc) == ["held"]


FACTS = {
    "nobody": ({}, []),
    "guided": ({"hands_on": ["guided"]}, []),
    "carried": ({"hands_on": ["carried"]}, ["held"]),
    "a-device": ({"device_used": "yes", "device": "ties", "device_prescribed": "no"}, ["device"]),
    "a-prescribed-device": (
        {"device_used": "yes", "device": "harness", "device_prescribed": "yes"},
        [],
    ),
    "alone-and-locked": (
        {"kept_in": "yes", "kept_alone": "yes", "kept_how": ["locked"]},
        ["alone"],
    ),
    "alone-and-told": ({"kept_in": "yes", "kept_alone": "yes", "kept_how": ["told"]}, ["kept"]),
    "with-an-adult": (
        {"kept_in": "yes", "kept_alone": "no", "kept_how": ["staff_doorway"]},
        ["kept"],
    ),
    "kept-not-said-how": ({"kept_in": "yes"}, ["alone"]),
}


@pytest.mark.parametrize(("facts", "expected"), FACTS.values(), ids=FACTS)
def test_raw_facts_say_what_they_lead_to(
    school: School, facts: dict[str, Any], expected: list[str]
) -> None:
    dana = school.sign_in("dana")
    assert leads(dana, written(dana, school, **facts)) == expected


def test_serious_damage_leads_there_in_california_only(school: School) -> None:
    damage = {
        "/incident_kinds": ["property"],
        "/property[1]/damaged_item": "Window",
        "/property[1]/damage_level": "serious",
    }
    dana = school.sign_in("dana")
    here = written(dana, school)
    type_in(dana, here, damage)
    assert leads(dana, here) == ["serious_damage"]
    school.sign_in("tom").school.update(pack="us-ok")
    there = written(dana, school)
    type_in(dana, there, damage)
    assert leads(dana, there) == []


def test_handcuffs_lead_there(school: School) -> None:
    dana = school.sign_in("dana")
    inc = written(dana, school, agency_called="yes")
    type_in(
        dana,
        inc,
        {"/outside_help[1]/agency": "school_police", "/outside_help[1]/handcuffs": "yes"},
    )
    assert leads(dana, inc) == ["handcuffs"]


# --- the same for another student ----------------------------------------------------------------


def test_an_incident_of_four_students_is_four_reports_of_one_event(school: School) -> None:
    from bt_desktop.services.results.people import NewStudent

    dana = school.sign_in("dana")
    sam = dana.people.add_student(NewStudent("Sam", "Ortiz", grade="4"))
    first = written(dana, school)
    type_in(
        dana,
        first,
        {
            "/people[4]/involved_kind": "student",
            "/people[4]/other_student": sam,
            "/people[4]/involved_roles": ["involved"],
        },
    )
    others = dana.events.view(first).others
    assert [name for _, name in others] == ["Łucja Kowalczyk", "Nguyễn Gia Huy", "Sam Ortiz"]
    made = dana.events.also_for(first, [student for student, _ in others])
    assert dana.events.view(first).others == ()
    assert len(dana.events.view(first).linked) == 3
    parts = {}
    for record, (student, _) in zip(made, others, strict=True):
        opened = dana.records.open(record)
        assert opened.event_id == dana.records.open(first).event_id
        answers = opened.answers
        assert answers["student"] == student
        assert answers["event_began"].endswith("10:09:00-08:00")
        assert answers["narrative"] == dana.records.open(first).answers["narrative"]
        named = {row.get("other_student") for row in answers["people"]} - {None}
        everyone = {school.ids["mateo"], *(one for one, _ in others)}
        assert named == everyone - {student}
        parts[student] = answers["student_part"]
        assert "plan_status" not in answers
        assert "acts" not in answers
    assert parts == {school.ids["lucja"]: "both", school.ids["huy"]: "saw", sam: "took_part"}


def test_another_writers_words_do_not_go_along(school: School) -> None:
    dana = school.sign_in("dana")
    first = written(dana, school)
    dana.lock()
    tom = school.sign_in("tom")
    tom.records.hand_over(first, school.users["priya"], "Dana is ill today")
    priya = school.sign_in("priya")
    [made] = priya.events.also_for(first, [school.ids["lucja"]])
    assert priya.records.open(made).reported_by == school.ids["priya"]
    assert "narrative" in priya.records.open(made).answers
    tom_made = tom.events.start("incident", like=first)
    assert "narrative" not in tom.records.open(tom_made).answers


def test_only_students_of_the_event_can_be_written_for(school: School) -> None:
    dana = school.sign_in("dana")
    first = written(dana, school)
    with pytest.raises(KeyError):
        dana.events.also_for(first, [school.ids["mateo"]])
    nurse = school.sign_in("maria")
    with pytest.raises((NoSuchRecord, Denied)):
        nurse.events.also_for(first, [school.ids["lucja"]])


# --- duplicates ----------------------------------------------------------------------------------


def twins(workspace: Workspace, record: str) -> list[str]:
    return [one.id for one in workspace.events.view(record).duplicates]


def test_the_same_student_and_form_within_two_hours_is_likely_the_same(school: School) -> None:
    dana = school.sign_in("dana")
    first = written(dana, school)
    near = written(dana, school, event_began="1208")
    far = written(dana, school, event_began="1415")
    other = written(dana, school, student=school.ids["huy"])
    assert set(twins(dana, first)) == {near}
    assert set(twins(dana, near)) == {first}
    assert twins(dana, far) == []
    assert twins(dana, other) == []
    assert sign(dana, near) == "INC-2026-0001", "a warning, not a block"


def test_a_day_without_a_time_is_compared_by_the_day(school: School) -> None:
    dana = school.sign_in("dana")
    first = written(dana, school, event_began=None)
    second = written(dana, school, event_began="1415")
    assert twins(dana, first) == [second]


def test_a_duplicate_that_one_may_not_see_is_not_told(school: School) -> None:
    dana = school.sign_in("dana")
    written(dana, school)
    priya = school.sign_in("priya")
    mine = written(priya, school, event_began="1015")
    assert twins(priya, mine) == []
    assert len(twins(school.sign_in("tom"), mine)) == 1


def test_another_form_of_the_event_is_no_duplicate(school: School) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    inc = dana.events.start("incident", dana.records.open(ber).event_id)
    type_in(dana, inc, fight(school))
    assert twins(dana, inc) == []


# --- on paper ------------------------------------------------------------------------------------


def test_the_schools_copy_names_the_other_records_of_the_event(school: School) -> None:
    ber = signed_report(school)
    dana = school.sign_in("dana")
    inc = dana.events.start("incident", dana.records.open(ber).event_id)
    type_in(dana, inc, fight(school))
    sign(dana, inc)
    tom = school.sign_in("tom")
    assert tom.records.document(inc).linked == ("BER-2026-0001",)
    assert tom.records.document(ber).linked == ("INC-2026-0001",)
    draft = dana.events.start("first_aid", dana.records.open(ber).event_id)
    assert len(dana.records.document(ber).linked) == 1, "a draft has no number to be named by"
    assert set(dana.records.document(draft).linked) == {"BER-2026-0001", "INC-2026-0001"}
