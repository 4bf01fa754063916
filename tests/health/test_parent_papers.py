"""Papers of medicine for parents: what waits, who may get it, whose name may not stand on it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from bt_desktop.errors import Denied
from bt_desktop.models.people import Student
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import Medicine, Quantity
from bt_desktop.services.health.paper_model import LineSettled, PaperDue
from bt_desktop.services.health.paper_problems import AdministratorNeeded
from bt_desktop.services.health.parent_papers import ParentPapers
from bt_desktop.services.problems import CopyRefused, ReasonNeeded, UnsettledNames
from bt_desktop.services.results.copies import PrintedCopy, Receipt
from bt_desktop.services.results.people import NewGuardian, NewStudent
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.dose_kit import SURE, as_it_happened, noon_dose, prn_dose
from tests.health.kit import active_order, as_needed, at, stocked, terms, tom

REASON = "The court lifted the order on Monday; it is in the file."


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


def papers(nurse: Workspace) -> ParentPapers:
    return nurse.health.parent_papers


def given(nurse: Workspace, student: str, **changes: Any) -> str:
    """An as-needed dose at 10:20 that same day; its order's interval is four hours."""
    order = active_order(nurse, as_needed(student))
    return as_it_happened(nurse, prn_dose(student, order, at(10, 20), **changes)).id


def emergency(nurse: Workspace, student: str, **changes: Any) -> str:
    """Epinephrine without any order."""
    request = DoseRequest(
        "", student, None, at=at(11, 5), medicine_text="Epinephrine 0.3 mg auto-injector",
        given=Quantity(Decimal("0.3"), "mg"), route="im", symptom="bee sting, could not breathe",
        special=(("called_911", "11:04"),),
    )  # fmt: skip
    return nurse.health.doses.emergency(replace(request, **changes)).dose.id


def the_only(nurse: Workspace, student: str | None = None) -> PaperDue:
    [due] = papers(nurse).waiting(student)
    return due


def words_of(copy: PrintedCopy) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(copy.pdf)).pages).split()
    )


def flag(school: School, **changes: Any) -> None:
    school.sign_in("tom").people.update_guardian(
        school.ids["mateo"],
        school.ids["rosa"],
        NewGuardian("Rosa", "Núñez", "mother", language="es", **changes),
    )


def put(school: School, **changes: Any) -> None:
    with school.sign_in("tom")._context.store.write() as session:
        row = session.get_one(Student, school.ids["mateo"].partition(":")[2])
        for name, value in changes.items():
            setattr(row, name, value)


# --- medicine given ------------------------------------------------------------------------------


def test_a_dose_as_needed_waits_for_its_paper_and_says_the_earliest_next_one(
    maria: Workspace, school: School, mateo: str
) -> None:
    dose = given(maria, mateo)
    due = the_only(maria)
    assert (due.kind, due.state, due.about) == ("given", "ready", (dose,))
    assert (due.student, due.for_whom, due.today) == ("Mateo Núñez-Okafor", "Rosa Núñez", True)
    assert due.says == "Given at 10:20 am"
    maria.health.doses.effect(dose, "Better after an hour", worse=False, at=at(11, 20))
    copy = papers(maria).release(due.key)
    told = words_of(copy)
    assert copy.file_name == "MED-2026-0001.pdf"
    assert copy.sealed
    for part in (
        "Mateo got medicine at school",
        "EARLIEST NEXT DOSE 2:20 pm, Thursday, November 12",
        "at least 4 hours between two doses",
        "Ibuprofen 200 mg tablet",
        "1 tablet (200 mg), by mouth",
        "Headache",
        "At 11:20 am: Better after an hour",
        "MED-2026-0001",
        "Filled in by Maria Chen",
        "Spanish",
    ):
        assert part in told, part
    assert papers(maria).waiting() == ()
    assert school.sign_in("tom").log.verify().holds


def test_the_next_dose_is_counted_from_the_newest_dose_of_the_day(
    maria: Workspace, mateo: str
) -> None:
    order = active_order(maria, as_needed(mateo))
    first = as_it_happened(maria, prn_dose(mateo, order, at(8, 10))).id
    as_it_happened(maria, prn_dose(mateo, order, at(12, 30)))
    told = words_of(papers(maria).release(f"given:{first}"))
    assert "EARLIEST NEXT DOSE 4:30 pm" in told
    assert "has had the most for one school day" in told


def test_an_emergency_dose_without_an_order_waits_and_says_to_ask(
    maria: Workspace, mateo: str
) -> None:
    emergency(maria, mateo)
    due = the_only(maria)
    assert (due.state, due.emergency) == ("ready", True)
    assert due.says == "Emergency dose at 11:05 am"
    told = words_of(papers(maria).release(due.key))
    assert "Ask your doctor or pharmacy first" in told
    assert "We called 911." in told
    assert "as a shot into the muscle" in told


def test_a_dose_of_the_noon_line_waits_for_no_paper_but_one_can_be_asked_for(
    maria: Workspace, mateo: str
) -> None:
    order = active_order(maria, terms(mateo))
    dose = as_it_happened(maria, noon_dose(mateo, order)).id
    assert papers(maria).waiting() == ()
    told = words_of(papers(maria).release(f"given:{dose}"))
    assert "Methylphenidate 10 mg tablet" in told
    with pytest.raises(CopyRefused, match="no such paper"):
        papers(maria).release(f"given:{dose}")


def test_a_struck_dose_owes_no_paper(maria: Workspace, mateo: str) -> None:
    dose = given(maria, mateo)
    maria.health.doses.strike(dose, "It was another child")
    assert papers(maria).waiting() == ()


def test_a_paper_about_an_entry_that_was_struck_says_so(maria: Workspace, mateo: str) -> None:
    order = active_order(maria, as_needed(mateo))
    wrong = as_it_happened(maria, prn_dose(mateo, order, at(10, 20)))
    papers(maria).release(f"given:{wrong.id}")
    assert papers(maria).made()[0].wrong == ""
    right = prn_dose(mateo, order, at(10, 40))
    maria.health.doses.strike(wrong.id, "It was twenty minutes later", right)
    assert papers(maria).made()[0].wrong == "It was twenty minutes later"
    told = words_of(papers(maria).release(the_only(maria).key))
    assert "EARLIEST NEXT DOSE 2:40 pm" in told


# --- not given -----------------------------------------------------------------------------------


def test_what_was_not_given_is_told_with_why_and_without_a_code(
    maria: Workspace, mateo: str
) -> None:
    order = active_order(maria, terms(mateo))
    day = date(2026, 11, 10)
    for on, code in ((day, "R"), (day + timedelta(days=1), "N")):
        request = noon_dose(
            mateo, order, outcome=code, due_at=at(12, 0, on), at=at(12, 5, on), reason="as he said"
        )
        as_it_happened(maria, request)
    due = the_only(maria)
    assert (due.kind, due.today, len(due.about)) == ("not_given", False, 2)
    assert due.says == "2 doses, the last: none available at school at 12:00 pm"
    told = words_of(papers(maria).release(due.key))
    assert "Mateo did not get medicine at school" in told
    assert "Tuesday, Nov 10 12:00 pm Mateo did not want to take it." in told
    assert "There was none left at school." in told
    assert "Do not give two doses at once" in told
    assert papers(maria).waiting() == ()


@pytest.mark.parametrize("code", ["A", "X", "E", "F", "T"])
def test_a_child_who_was_not_there_owes_no_paper(maria: Workspace, mateo: str, code: str) -> None:
    order = active_order(maria, terms(mateo))
    as_it_happened(maria, noon_dose(mateo, order, outcome=code))
    assert papers(maria).waiting() == ()


def test_a_parent_who_was_told_by_phone_is_owed_no_paper_of_a_missed_dose(
    maria: Workspace, mateo: str
) -> None:
    order = active_order(maria, terms(mateo))
    dose = as_it_happened(maria, noon_dose(mateo, order, outcome="N", reason="bottle empty"))
    assert the_only(maria).kind == "not_given"
    maria.health.dose_notes.parent_told(dose.id, "Mother, by phone")
    assert papers(maria).waiting() == ()


def test_whoever_got_the_paper_was_told_and_the_board_asks_no_more(
    maria: Workspace, school: School, mateo: str
) -> None:
    order = active_order(maria, terms(mateo))
    as_it_happened(maria, noon_dose(mateo, order, outcome="N", reason="bottle empty"))
    assert [one.finding.rule for one in maria.health.board.today().tasks] == ["R24"]
    copy = papers(maria).release(the_only(maria).key)
    assert [one.finding.rule for one in maria.health.board.today().tasks] == ["R24"]
    school.clock.advance(timedelta(minutes=1))
    got = Receipt("handed_over", "Rosa Núñez", "mother", school.clock.now())
    papers(maria).receive(copy.copy_id, got)
    assert maria.health.board.today().tasks == ()


# --- supply and hands ----------------------------------------------------------------------------


def received_away(nurse: Workspace) -> None:
    """The receipt is not what these stories are about."""
    for due in papers(nurse).waiting():
        if due.kind == "receipt":
            papers(nurse).waive(due.key, "The mother took her copy")


def test_low_supply_asks_by_school_days_and_not_again_for_two_weeks(
    maria: Workspace, school: School, mateo: str
) -> None:
    order = active_order(maria, terms(mateo))
    stocked(maria, school, order, 3)
    received_away(maria)
    due = the_only(maria)
    assert (due.kind, due.says) == ("low", "3 tablets left, for 3 school days")
    told = words_of(papers(maria).release(due.key))
    assert "We have 3 tablets of this medicine left" in told
    assert "It is enough until Tuesday, November 17, 2026" in told  # over the weekend
    assert "An adult has to bring it" in told
    assert papers(maria).waiting() == ()
    school.clock.advance(timedelta(days=15))
    [again] = [one for one in papers(maria).waiting() if one.kind == "low"]
    assert "We have told you before: on Nov 12 on paper." in words_of(
        papers(maria).release(again.key)
    )


def test_what_expires_and_what_must_go_home(maria: Workspace, school: School, mateo: str) -> None:
    soon = active_order(maria, as_needed(mateo))
    stocked(maria, school, soon, 30, expires=date(2026, 11, 30))
    ended = active_order(maria, terms(mateo, medicine=Medicine("Guanfacine", "1 mg", "tablet")))
    stocked(maria, school, ended, 30)
    maria.health.orders.discontinue(ended, "Not needed any more")
    received_away(maria)
    by_kind = {one.kind: one for one in papers(maria).waiting()}
    assert set(by_kind) == {"expiry", "pick_up"}
    told = words_of(papers(maria).release(by_kind["expiry"].key))
    assert "We may not use it after Monday, November 30, 2026." in told
    told = words_of(papers(maria).release(by_kind["pick_up"].key))
    assert "Mateo does not need it at school any more." in told
    assert "Guanfacine 1 mg tablet" in told


def test_medicine_that_changes_hands_has_a_receipt(
    maria: Workspace, school: School, mateo: str
) -> None:
    order = active_order(maria, terms(mateo))
    lot = stocked(maria, school, order)
    due = the_only(maria)
    assert (due.kind, due.says, due.state) == ("receipt", "30 tablets brought", "ready")
    told = words_of(papers(maria).release(due.key))
    for part in ("Medicine came to school", "30 tablets", "Rosa Núñez", "Maria Chen", "7714402"):
        assert part in told, part
    for kind, changes in (
        ("returned", {"carried_by": "Rosa Núñez", "relation": "mother", "adult": True}),
        (
            "destroyed",
            {
                "reason": "Wet and broken",
                "method": "law_enforcement",
                "agency": "Maple Creek Police",
                "carried_by": "Officer J. Example",
                "receipt": "MC-1",
            },
        ),
    ):
        move = NewMove(lot, kind, Decimal(5), **changes)  # type: ignore[arg-type]  # of NewMove
        maria.health.stock.move(move, password=PASSWORD, second=tom(school))
    found = {one.kind: one for one in papers(maria).waiting()}
    assert set(found) == {"receipt", "disposal"}
    assert "Still at school 25 tablets" in words_of(papers(maria).release(found["receipt"].key))
    told = words_of(papers(maria).release(found["disposal"].key))
    assert "Two people saw it" in told
    assert "Wet and broken" in told


# --- R29: no other child's name ------------------------------------------------------------------


def test_r29_another_childs_name_waits_until_somebody_settles_it(
    maria: Workspace, mateo: str
) -> None:
    given(maria, mateo, symptom="Headache after Łucja Kowalczyk hit him")
    due = the_only(maria)
    assert (due.state, due.names > 0) == ("text", True)
    assert "may be another child’s name" in due.why
    with pytest.raises(UnsettledNames):
        papers(maria).release(due.key)
    lines = {"reason": "Headache after a ball hit him", "response": ""}
    assert papers(maria).findings(mateo, lines) == ()
    told = words_of(papers(maria).release(due.key, "", lines))
    assert "Kowalczyk" not in told
    assert "ucja" not in told


def test_r29_a_siblings_name_is_another_childs_too(
    maria: Workspace, school: School, mateo: str
) -> None:
    people = school.sign_in("tom").people
    people.add_student(NewStudent("Xiomara", "Núñez-Okafor", birth_date=date(2018, 1, 5)))
    given(maria, mateo, symptom="Xiomara has it too")
    due = the_only(maria)
    assert due.state == "text"
    with pytest.raises(UnsettledNames):
        papers(maria).release(due.key)


def test_r29_a_word_that_is_no_name_is_settled_by_a_person_and_that_is_kept(
    maria: Workspace, mateo: str
) -> None:
    given(maria, mateo, symptom="Huy said it hurts")
    due = the_only(maria)
    draft = papers(maria).draft(due.key)
    settled = [
        LineSettled(one.start, one.end, one.word, "not_a_name", "") for one in draft.findings
    ]
    assert settled
    papers(maria).release(due.key, "", draft.lines, settled)
    [row] = papers(maria).made(mateo)
    assert [(one.word, one.decision, one.by) for one in row.paper.settled] == [
        ("Huy", "not_a_name", maria.actor.staff_id)
    ]


def test_r29_an_emergencys_own_words_and_who_carried_it_are_looked_at(
    maria: Workspace, school: School, mateo: str
) -> None:
    emergency(maria, mateo, medicine_text="Łucja Kowalczyk’s epinephrine")
    order = active_order(maria, terms(mateo))
    stocked(maria, school, order)
    carried = NewMove(
        maria.health.stock.balances()[0].lot.id, "returned", Decimal(2),
        carried_by="Łucja Kowalczyk", adult=True,
    )  # fmt: skip
    maria.health.stock.move(carried, password=PASSWORD, second=tom(school))
    states = {one.says: one.state for one in papers(maria).waiting()}
    assert states["Emergency dose at 11:05 am"] == "text"
    assert states["2 tablets taken home"] == "text"


# --- R31: who may get it -------------------------------------------------------------------------

FLAGS = {
    "no-contact": lambda school: flag(school, no_contact=True),
    "no-copies": lambda school: flag(school, may_receive_copies=False),
    "custody": lambda school: flag(school, custody_note="Weekends only"),
    "custody-alert": lambda school: put(school, custody_alert="Court order on file"),
    "sensitive": lambda school: put(school, sensitive=True),
}


@pytest.mark.parametrize("code", FLAGS)
def test_r31_each_flag_stops_the_paper_and_an_administrator_lets_it_go(
    maria: Workspace, school: School, mateo: str, code: str
) -> None:
    given(maria, mateo)
    FLAGS[code](school)
    due = the_only(maria)
    assert (due.state, due.guardian_id) == ("stopped", "")
    rosa = school.ids["rosa"]
    with pytest.raises(CopyRefused) as refused:
        papers(maria).release(due.key, rosa)
    assert refused.value.code == "recipient-refused"
    with pytest.raises(ReasonNeeded):
        papers(maria).release(due.key, rosa, reason="because")
    with pytest.raises(AdministratorNeeded):
        papers(maria).release(due.key, rosa, reason=REASON)
    copy = papers(maria).release(due.key, rosa, reason=REASON, second=tom(school))
    [row] = papers(maria).made(mateo)
    assert row.paper.override is not None
    assert row.paper.override.stops == (code,)
    assert row.paper.override.by == school.ids["tom"]
    told = [one for one in maria.log.entries() if one.action == "paper.override"]
    assert [one.object for one in told] == [f"paper:{copy.copy_id}"]
    assert "lifted" not in str(told)


def test_r31_a_student_of_18_gets_their_own_paper(
    maria: Workspace, school: School, mateo: str
) -> None:
    given(maria, mateo)
    put(school, birth_date=date(2008, 11, 12))
    due = the_only(maria)
    assert (due.state, due.for_whom, due.guardian_id) == ("ready", "Mateo Núñez-Okafor", mateo)
    with pytest.raises(CopyRefused):
        papers(maria).release(due.key, school.ids["rosa"])
    assert papers(maria).release(due.key).sealed


def test_r31_papers_about_naloxone_wait_for_a_decision(maria: Workspace, mateo: str) -> None:
    emergency(maria, mateo, medicine_text="Narcan nasal spray", route="nasal")
    due = the_only(maria)
    assert (due.state, due.sensitive) == ("stopped", True)
    assert "minor may consent" in due.why


def test_r31_an_alert_that_was_decided_about_once_stops_no_more(
    maria: Workspace, school: School, mateo: str
) -> None:
    first = given(maria, mateo)
    put(school, custody_alert="Court order on file")
    rosa = school.ids["rosa"]
    papers(maria).release(f"given:{first}", rosa, reason=REASON, second=tom(school))
    emergency(maria, mateo)
    assert the_only(maria).state == "ready"
    put(school, custody_alert="A new order")
    assert the_only(maria).state == "stopped"


def test_r31_a_reprint_passes_the_gates_of_today(
    maria: Workspace, school: School, mateo: str
) -> None:
    copy = papers(maria).release(f"given:{given(maria, mateo)}")
    again = papers(maria).print_again(copy.copy_id, "lost")
    assert again.pdf == copy.pdf
    flag(school, no_contact=True)
    with pytest.raises(CopyRefused):
        papers(maria).print_again(copy.copy_id, "lost")
    with pytest.raises(AdministratorNeeded):
        papers(maria).pdf(copy.copy_id, REASON)
    assert papers(maria).pdf(copy.copy_id, REASON, tom(school)).pdf == copy.pdf
    [row] = papers(maria).made()
    assert [one.what for one in row.marks] == ["reprinted", "overruled"]
    with pytest.raises(ReasonNeeded):
        papers(maria).print_again(copy.copy_id, "other", "hm")


# --- who, and what is kept -----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["dana", "olga", "tom", "amir"])
def test_only_a_nurse_makes_them(maria: Workspace, school: School, mateo: str, who: str) -> None:
    key = f"given:{given(maria, mateo)}"
    other = school.sign_in(who).health.parent_papers
    assert not other.may
    for ask in (
        other.waiting,
        lambda: other.draft(key),
        lambda: other.release(key),
        other.made,
        lambda: other.waive(key, "not needed"),
    ):
        with pytest.raises(Denied):
            ask()


def test_what_became_of_it_is_written_down(maria: Workspace, school: School, mateo: str) -> None:
    key = f"given:{given(maria, mateo)}"
    papers(maria).attempt(key, "Rosa Núñez", "voicemail", "Left a message")
    assert [one.code for one in the_only(maria).attempts] == ["voicemail"]
    copy = papers(maria).release(key)
    papers(maria).mark(copy.copy_id, "printed")
    school.clock.advance(timedelta(minutes=5))
    now = school.clock.now()
    with pytest.raises(CopyRefused):
        papers(maria).receive(copy.copy_id, Receipt("mailed", "", "", now))
    early = Receipt("mailed", "Rosa Núñez", "mother", now - timedelta(hours=1))
    with pytest.raises(CopyRefused):
        papers(maria).receive(copy.copy_id, early)
    papers(maria).receive(copy.copy_id, Receipt("sent_home", "Rosa Núñez", "mother", now))
    papers(maria).slip_back(copy.copy_id, Receipt("sent_home", "Rosa Núñez", "mother", now, True))
    [row] = papers(maria).made(mateo)
    assert [one.what for one in row.marks] == ["printed", "sent_home", "slip"]
    assert row.received is not None
    assert row.received.signed
    tom_ = school.sign_in("tom")
    lines = tom_.access_log.read(mateo).rows
    assert {"Made a copy of a record", "Printed a copy"} <= {one.what for one in lines}
    assert tom_.log.verify().holds


def test_a_paper_that_is_not_needed_is_told_so(maria: Workspace, mateo: str) -> None:
    key = f"given:{given(maria, mateo)}"
    with pytest.raises(ReasonNeeded):
        papers(maria).waive(key, "no")
    papers(maria).waive(key, "The mother was here when he got it")
    assert papers(maria).waiting() == ()


def test_the_trail_and_the_raw_database_say_nothing_of_the_medicine(
    maria: Workspace, school: School, mateo: str
) -> None:
    papers(maria).release(f"given:{given(maria, mateo)}")
    told = " ".join(str(one) for one in maria.log.entries())
    assert "Ibuprofen" not in told
    assert "Rosa" not in told
    assert {"paper.make"} <= {one.action for one in maria.log.entries()}


def test_numbers_count_up_and_no_other_student_stands_on_a_paper(
    maria: Workspace, school: School, mateo: str
) -> None:
    other = school.ids["lucja"]
    people = school.sign_in("tom").people
    people.add_guardian(other, NewGuardian("Anna", "Kowalczyk", "mother", "pl"))
    given(maria, mateo)
    given(maria, other)
    first, second = papers(maria).waiting()
    told = {one.student_id: words_of(papers(maria).release(one.key)) for one in (first, second)}
    assert "Kowalczyk" not in told[mateo]
    assert "Mateo" not in told[other]
    assert sorted(one.paper.number for one in papers(maria).made()) == [
        "MED-2026-0001", "MED-2026-0002"
    ]  # fmt: skip
    assert [one.paper.student_id for one in papers(maria).made(other)] == [other]
    assert SURE.enough
