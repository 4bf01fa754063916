"""What stops a paper for a parent, who may release it, and what is kept of that (rule R31)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bt_desktop.clock import SetClock
from bt_desktop.errors import Denied
from bt_desktop.models.copies import Copy, CopyMark
from bt_desktop.models.people import Student
from bt_desktop.services.gates import is_of_age
from bt_desktop.services.problems import CopyRefused, ReasonNeeded
from bt_desktop.services.results.copies import Receipt
from bt_desktop.services.results.people import NewGuardian
from tests.conftest import AFTERNOON
from tests.factory import School, signed_report
from tests.first_aid import signed_first_aid

TOLD = "Mateo threw a book. He was held twice and was calm at 10:19."
REASON = "The order was lifted on Monday; the paper is in the file."


@pytest.fixture(scope="module")
def told_once(founded: School, tmp_path_factory: pytest.TempPathFactory) -> tuple[School, str]:
    """The school with the event's report signed, made once; nobody works in it."""
    made = founded.copied_to(tmp_path_factory.mktemp("told") / "vault", SetClock(AFTERNOON))
    return made, signed_report(made)


@pytest.fixture
def school(told_once: tuple[School, str], tmp_path: Path, clock: SetClock) -> Iterator[School]:
    """That school, for one story."""
    made = told_once[0].copied_to(tmp_path / "vault", clock)
    yield made
    made.close()


@pytest.fixture
def record(told_once: tuple[School, str]) -> str:
    return told_once[1]


def flag(school: School, **changes: Any) -> None:
    """Change what the roster says of the mother."""
    school.sign_in("tom").people.update_guardian(
        school.ids["mateo"],
        school.ids["rosa"],
        NewGuardian("Rosa", "Núñez", "mother", language="es", **changes),
    )


def student(school: School, who: str = "mateo", **changes: Any) -> None:
    """Change what the roster says of the student."""
    with school.sign_in("tom")._context.store.write() as session:
        row = session.get_one(Student, school.ids[who].partition(":")[2])
        for name, value in changes.items():
            setattr(row, name, value)


def release(school: School, record: str, who: str = "tom", reason: str = "") -> Any:
    copies = school.sign_in(who).copies
    return copies.release_parent_copy(record, school.ids["rosa"], TOLD, (), reason=reason)


FLAGS = {
    "no-contact": lambda school: flag(school, no_contact=True),
    "no-copies": lambda school: flag(school, may_receive_copies=False),
    "custody": lambda school: flag(school, custody_note="Weekends only"),
    "custody-alert": lambda school: student(school, custody_alert="Court order on file"),
    "sensitive": lambda school: student(school, sensitive=True),
    "adult": lambda school: student(school, birth_date=date(2008, 11, 12)),
}


@pytest.mark.parametrize("code", FLAGS)
def test_each_flag_stops_the_print_and_says_what_why_and_who(
    school: School, record: str, code: str
) -> None:
    FLAGS[code](school)
    office = school.sign_in("olga").copies
    mother = next(one for one in office.recipients(record) if one.id == school.ids["rosa"])
    assert not mother.allowed
    assert code in [stop.code for stop in mother.stops]
    stop = next(stop for stop in mother.stops if stop.code == code)
    assert stop.why.endswith(".")
    assert "administrator" in stop.who
    with pytest.raises(CopyRefused) as refused:
        release(school, record, "olga")
    assert stop.why in str(refused.value)
    assert "Rosa" not in str(refused.value)
    assert office.log(record) == ()


@pytest.mark.parametrize("code", FLAGS)
def test_an_administrator_releases_it_with_a_reason_that_stays(
    school: School, record: str, code: str
) -> None:
    FLAGS[code](school)
    with pytest.raises(Denied):
        release(school, record, "olga", REASON)
    with pytest.raises(ReasonNeeded):
        release(school, record, "tom", "because")
    copy = release(school, record, "tom", REASON)
    tom = school.sign_in("tom")
    with tom._context.store.read() as session:
        row = session.get_one(Copy, copy.copy_id)
        assert code in row.override["stops"]
        assert (row.override["reason"], row.override["by"]) == (REASON, school.ids["tom"])
    assert tom.copies.log(record)[0].override == REASON
    told = [entry for entry in tom.log.entries() if entry.action == "copy.override"]
    assert [entry.object for entry in told] == [f"copy:{copy.copy_id}"]
    assert "lifted" not in str(told)
    assert tom.log.verify().holds


def test_a_reason_that_was_changed_later_shows(school: School, record: str) -> None:
    FLAGS["sensitive"](school)
    release(school, record, "tom", REASON)
    tom = school.sign_in("tom")
    with tom._context.store.write() as session:
        session.execute(text("DROP TRIGGER IF EXISTS copy_no_update"))
        session.execute(text('UPDATE copy SET override = \'{"reason": "other"}\''))
    assert tom.log.verify().reason == "copy-changed"


def test_a_guardian_without_any_flag_keeps_no_override(school: School, record: str) -> None:
    release(school, record, "olga", "Just because I can")
    assert school.sign_in("tom").copies.log(record)[0].override == ""


# --- 18 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "today", "of_age"),
    [
        (date(2008, 11, 12), date(2026, 11, 12), True),
        (date(2008, 11, 13), date(2026, 11, 12), False),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
        (None, date(2026, 3, 1), False),
    ],
)
def test_the_day_somebody_is_eighteen(born: date | None, today: date, of_age: bool) -> None:
    assert is_of_age(born, today) is of_age


def test_a_student_of_eighteen_gets_the_copy_and_it_is_logged_so(
    school: School, record: str
) -> None:
    student(school, birth_date=date(2008, 11, 12))
    office = school.sign_in("olga").copies
    first, mother = office.recipients(record)
    assert (first.id, first.allowed) == (school.ids["mateo"], True)
    assert not mother.allowed
    copy = office.release_parent_copy(record, first.id, TOLD, ())
    with school.sign_in("tom")._context.store.read() as session:
        row = session.get_one(Copy, copy.copy_id)
        assert (row.guardian_id, row.for_whom) == (None, "Mateo Núñez-Okafor")
    assert office.pdf(copy.copy_id).pdf == copy.pdf


def test_it_counts_on_the_day_of_the_release(school: School, record: str) -> None:
    student(school, birth_date=date(2008, 11, 13))
    assert release(school, record, "olga").sealed
    school.clock.set(school.clock.now() + timedelta(days=1))
    with pytest.raises(CopyRefused):
        release(school, record, "olga")


# --- custody -------------------------------------------------------------------------------------


ALERT = "Court order of May 3: ask the office before anything is handed out."


def add_father(school: School, **more: Any) -> str:
    """Mateo's father; the guardian's id."""
    return school.sign_in("tom").people.add_guardian(
        school.ids["mateo"], NewGuardian("Paul", "Okafor", "father", **more)
    )


def may_have_it(school: School, record: str) -> dict[str, bool]:
    """Who may have a paper, as the office sees it."""
    return {one.given: one.allowed for one in school.sign_in("olga").copies.recipients(record)}


def test_a_vague_alert_is_read_and_decided_once_for_each_guardian(
    school: School, record: str
) -> None:
    father = add_father(school)
    student(school, custody_alert=ALERT)
    tom, office = school.sign_in("tom").copies, school.sign_in("olga").copies
    assert may_have_it(school, record) == {"Rosa": False, "Paul": False}
    assert {one.alert for one in tom.recipients(record)} == {ALERT}, "who decides reads it"
    assert {one.alert for one in office.recipients(record)} == {""}
    with pytest.raises(CopyRefused, match="reads the alert and decides once") as refused:
        office.release_parent_copy(record, school.ids["rosa"], TOLD, ())
    assert "May 3" not in str(refused.value)
    copy = release(school, record, "tom", REASON)

    assert may_have_it(school, record) == {"Rosa": True, "Paul": False}
    assert release(school, record, "olga").sealed
    assert office.print_again(copy.copy_id, "lost").pdf == copy.pdf
    with pytest.raises(CopyRefused):
        office.release_parent_copy(record, father, TOLD, ())
    student(school, custody_alert=f"  {ALERT}\n")
    assert may_have_it(school, record)["Rosa"], "the same words"
    student(school, custody_alert=f"{ALERT} Changed on November 12.")
    assert may_have_it(school, record) == {"Rosa": False, "Paul": False}


def test_a_decision_about_an_alert_never_lets_a_no_contact_order_pass(
    school: School, record: str
) -> None:
    student(school, custody_alert=ALERT)
    release(school, record, "tom", REASON)
    add_father(school)
    flag(school, no_contact=True)
    assert may_have_it(school, record) == {"Rosa": False, "Paul": True}
    with pytest.raises(CopyRefused, match="no-contact"):
        release(school, record, "olga")
    release(school, record, "tom", REASON)
    assert may_have_it(school, record)["Rosa"] is False, "asked each time"


def test_an_alert_that_says_whom_it_is_about_stops_only_them(school: School, record: str) -> None:
    tom = school.sign_in("tom").people
    tom.add_guardian(
        school.ids["mateo"], NewGuardian("Paul", "Okafor", "father", custody_note="See the order")
    )
    student(school, custody_alert="Court order on file")
    allowed = {one.given: one.allowed for one in school.sign_in("olga").copies.recipients(record)}
    assert allowed == {"Rosa": True, "Paul": False}


# --- again on paper ------------------------------------------------------------------------------


def test_a_reprint_passes_the_same_gates(school: School, record: str) -> None:
    copy = release(school, record, "olga")
    office, tom = school.sign_in("olga").copies, school.sign_in("tom")
    assert office.pdf(copy.copy_id).pdf == copy.pdf
    flag(school, no_contact=True)
    with pytest.raises(CopyRefused, match="no-contact"):
        office.pdf(copy.copy_id)
    with pytest.raises(Denied):
        office.pdf(copy.copy_id, REASON)
    assert tom.copies.pdf(copy.copy_id, REASON).pdf == copy.pdf
    with tom._context.store.read() as session:
        kept = session.scalars(select(CopyMark).where(CopyMark.what == "override")).one()
        assert kept.detail["reason"] == REASON
    assert tom.log.verify().holds


def test_why_it_is_printed_again_stays_with_the_copy(school: School, record: str) -> None:
    copy = release(school, record, "olga")
    office, tom = school.sign_in("olga"), school.sign_in("tom")
    with pytest.raises(ReasonNeeded):
        office.copies.print_again(copy.copy_id, "other", "lost")
    assert office.copies.print_again(copy.copy_id, "lost", " Left on the \n bus ").pdf == copy.pdf
    [row] = tom.copies.log(record)
    assert [(why, words) for why, words, _ in row.reprints] == [("lost", "Left on the bus")]
    entries = [e for e in tom.log.entries() if e.action in ("copy.reprint", "copy.again")]
    assert len(entries) == 2
    seen = tom.access_log.read(school.ids["mateo"]).rows
    assert [one.who for one in seen if one.what.startswith("Made a copy")][:1] == ["Olga Petrenko"]
    assert tom.log.verify().holds
    with tom._context.store.write() as session:
        session.execute(text("DROP TRIGGER IF EXISTS copy_mark_no_update"))
        session.execute(text("UPDATE copy_mark SET detail = '{}' WHERE what = 'reprinted'"))
    assert tom.log.verify().reason == "reprint-changed"


def test_a_flag_stops_printing_again_until_an_administrator_says_why(
    school: School, record: str
) -> None:
    copy = release(school, record, "olga")
    flag(school, no_contact=True)
    office, tom = school.sign_in("olga").copies, school.sign_in("tom").copies
    with pytest.raises(CopyRefused, match="no-contact"):
        office.print_again(copy.copy_id, "asked")
    with pytest.raises(CopyRefused, match="no-contact"):
        tom.print_again(copy.copy_id, "asked")
    assert tom.log(record)[0].reprints == ()
    assert tom.print_again(copy.copy_id, "asked", REASON).pdf == copy.pdf


def test_the_schools_own_copy_has_no_such_gate(school: School, record: str) -> None:
    flag(school, no_contact=True)
    office = school.sign_in("olga").copies
    made = office.school_copy(record)
    assert office.pdf(made.copy_id).pdf == made.pdf


def test_a_copy_for_somebody_who_is_no_guardian_any_more(school: School, record: str) -> None:
    copy = release(school, record, "olga")
    school.sign_in("tom").people.set_active(school.ids["rosa"], active=False)
    with pytest.raises(CopyRefused, match="no longer entered"):
        school.sign_in("tom").copies.pdf(copy.copy_id)


# --- one-page papers -----------------------------------------------------------------------------


def test_a_notice_passes_the_same_gates(school: School) -> None:
    record = signed_first_aid(school, "B")
    tom = school.sign_in("tom")
    anna = tom.people.add_guardian(
        school.ids["lucja"], NewGuardian("Anna", "Kowalczyk", "mother", no_contact=True)
    )
    nurse = school.sign_in("maria").copies
    with pytest.raises(CopyRefused, match="no-contact"):
        nurse.release_parent_copy(record, anna, "", ())
    copy = tom.copies.release_parent_copy(record, anna, "", (), reason=REASON)
    assert tom.copies.log(record)[0].paper == "head_injury_b"
    assert copy.file_name == "AID-2026-0001-notice-1.pdf"
    assert b"FormXob.qr" in copy.pdf, "the square code with the trail's head stands on it, too"


def test_a_confidential_report_is_told_to_no_parent(school: School, record: str) -> None:
    tom = school.sign_in("tom")
    with tom._context.store.write() as session:
        session.execute(text("UPDATE record SET record_class = 'confidential'"))
    for deed in (
        lambda: tom.copies.papers(record),
        lambda: tom.copies.begin_parent_text(record),
        lambda: tom.copies.findings(record, TOLD),
        lambda: tom.copies.draft_parent_print(record, TOLD),
        lambda: release(school, record, "tom", REASON),
    ):
        with pytest.raises(CopyRefused) as refused:
            deed()
        assert refused.value.code == "confidential"


# --- receipts ------------------------------------------------------------------------------------


def test_who_received_a_copy_when_and_how_is_kept_and_in_the_trail(
    school: School, record: str
) -> None:
    copy = release(school, record, "olga")
    office = school.sign_in("olga")
    at = school.clock.now()
    office.copies.receive(copy.copy_id, Receipt("handed_over", " Rosa  Núñez ", "mother", at, True))
    office.copies.receive(copy.copy_id, Receipt("sent_home", "Mateo", "the child", at))
    [row] = office.copies.log(record)
    assert row.receipts == (
        Receipt("handed_over", "Rosa Núñez", "mother", at, True),
        Receipt("sent_home", "Mateo", "the child", at),
    )
    tom = school.sign_in("tom")
    told = [entry for entry in tom.log.entries() if entry.action == "copy.receipt"]
    assert len(told) == 2
    assert "Rosa" not in str(told)
    assert tom.log.verify().holds


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": " "}, "receipt-nobody"),
        ({"to": "x" * 201}, "receipt-nobody"),
        ({"at": timedelta(minutes=1)}, "receipt-time"),
        ({"at": timedelta(minutes=-1)}, "receipt-time"),
    ],
)
def test_a_receipt_that_cannot_be(
    school: School, record: str, change: dict[str, Any], code: str
) -> None:
    copy = release(school, record, "olga")
    receipt = Receipt("mailed", "Rosa Núñez", "mother", school.clock.now())
    if "at" in change:
        receipt = replace(receipt, at=receipt.at + change["at"])
    else:
        receipt = replace(receipt, **change)
    with pytest.raises(CopyRefused) as refused:
        school.sign_in("olga").copies.receive(copy.copy_id, receipt)
    assert refused.value.code == code


def test_nobody_receives_a_draft_or_the_schools_copy(school: School, record: str) -> None:
    office = school.sign_in("olga").copies
    receipt = Receipt("mailed", "Rosa Núñez", "mother", school.clock.now())
    made = office.school_copy(record)
    with pytest.raises(CopyRefused):
        office.receive(made.copy_id, receipt)


def test_a_receipt_changed_by_hand_shows(school: School, record: str) -> None:
    copy = release(school, record, "olga")
    school.sign_in("olga").copies.receive(
        copy.copy_id, Receipt("mailed", "Rosa Núñez", "mother", school.clock.now())
    )
    tom = school.sign_in("tom")
    with tom._context.store.write() as session:
        session.execute(text("DROP TRIGGER IF EXISTS copy_mark_no_update"))
        session.execute(text("UPDATE copy_mark SET what = 'handed_over' WHERE what = 'mailed'"))
    assert tom.log.verify().reason == "receipt-changed"
