"""The emergency card: for everybody, at once, with what a nurse confirmed and no more."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select, text

from bt_desktop.errors import Denied
from bt_desktop.models.access import Opening
from bt_desktop.services.health.card_model import CardBody
from bt_desktop.services.health.model import Medicine, SelfCarry
from bt_desktop.services.results.people import NewGuardian
from bt_desktop.services.workspace import Workspace
from tests.factory import School
from tests.factory import mateo as mateo_as_typed
from tests.health.kit import active_order, as_needed, terms

EPIPEN = Medicine("Epinephrine", "0.15 mg", "auto-injector")


def rescue(student: str, **changes: object):  # type: ignore[no-untyped-def]  # OrderTerms
    values: dict[str, object] = {
        "medicine": EPIPEN,
        "kind": "epinephrine",
        "times": (),
        "route": "im",
        "reason": "anaphylaxis",
        "storage": "Front office, red bag",
        "special": {"allergy": "peanuts", "second_after_min": "10"},
    }
    return terms(student, **(values | changes))


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


@pytest.fixture
def carded(maria: Workspace, mateo: str) -> str:
    """Mateo's card, confirmed after his order became active; the order's id."""
    order = active_order(maria, rescue(mateo))
    active_order(maria, terms(mateo))
    body = maria.health.card.offer(mateo)
    maria.health.card.confirm(mateo, replace(body, allergies=("Peanuts: anaphylaxis",)))
    return order


def looks(workspace: Workspace, student: str) -> list[tuple[str, str]]:
    with workspace._context.store.read() as session:
        wanted = select(Opening).where(Opening.student_id == student)
        return [(one.what, one.purpose) for one in session.scalars(wanted)]


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["olga", "dana", "tom", "maria"])
def test_everybody_reads_it_and_nobody_is_asked(
    school: School, carded: str, mateo: str, who: str
) -> None:
    them = school.sign_in(who, says=None)
    card = them.health.card.get(mateo)
    [line] = card.body.rescue
    assert (line.medicine, line.stored) == (EPIPEN.title, "Front office, red bag")
    assert (line.dose, line.route) == ("10 mg", "as a shot into the muscle")
    assert line.when == "Allergic reaction to peanuts"
    assert line.then == "Call 911. A second dose after 10 minutes"
    assert line.expires_on == date(2027, 8, 1)
    assert card.body.allergies == ("Peanuts: anaphylaxis",)
    assert [(one.name, one.relation) for one in card.contacts] == [("Rosa Núñez", "mother")]
    assert card.confirmed_by == "Maria Chen"
    assert "Methylphenidate" not in repr(card), "only rescue medicines"
    assert ("card", "safety") in looks(them, mateo)
    assert them._context.store is not None


def test_an_auditor_reads_none(school: School, carded: str, mateo: str) -> None:
    amir = school.sign_in("amir")
    assert not amir.health.card.may_read
    for deed in (amir.health.card.get, amir.health.card.printed):
        with pytest.raises(Denied):
            deed(mateo)


def test_it_is_told_once_for_one_look(school: School, carded: str, mateo: str) -> None:
    olga = school.sign_in("olga", says=None)
    for _ in range(3):
        olga.health.card.get(mateo)
    assert looks(olga, mateo).count(("card", "safety")) == 1
    school.clock.advance(timedelta(minutes=31))
    olga.health.card.get(mateo)
    assert looks(olga, mateo).count(("card", "safety")) == 2
    rows = school.sign_in("tom").access_log.read(mateo).rows
    seen = [one for one in rows if one.what == "Saw the emergency card"]
    assert {one.purpose for one in seen} == {"Somebody's health or safety, now"}


def test_without_a_nurse_it_says_what_the_directory_knows(school: School, mateo: str) -> None:
    tom = school.sign_in("tom")
    tom.people.update_student(mateo, mateo_as_typed(allergies="bees", medical_alert="one kidney"))
    card = tom.health.card.get(mateo)
    assert card.confirmed_at is None
    assert card.body == CardBody(("bees",), conditions=("one kidney", "asthma"))
    with pytest.raises(KeyError):
        tom.health.card.get("student:nobody")


def test_an_allergy_that_comes_later_is_not_hidden_by_a_confirmed_card(
    school: School, maria: Workspace, mateo: str
) -> None:
    maria.health.card.confirm(mateo, CardBody(no_allergies=True))
    assert maria.health.card.get(mateo).body.no_allergies
    tom = school.sign_in("tom")
    tom.people.update_student(mateo, mateo_as_typed(allergies="Bees"))
    body = tom.health.card.get(mateo).body
    assert (body.allergies, body.no_allergies) == (("Bees",), False)
    maria.health.card.confirm(mateo, CardBody(("Stings: hives",)))
    assert maria.health.card.get(mateo).body.allergies == ("Stings: hives",), "she has seen it"
    tom.people.update_student(mateo, mateo_as_typed(allergies="Bees, nuts"))
    assert tom.health.card.get(mateo).body.allergies == ("Stings: hives", "Bees, nuts")


def test_a_directory_that_says_none_says_so(school: School, mateo: str) -> None:
    tom = school.sign_in("tom")
    tom.people.update_student(mateo, mateo_as_typed(allergies="None known"))
    body = tom.health.card.get(mateo).body
    assert (body.allergies, body.no_allergies) == ((), True)


def test_whoever_must_not_be_called_is_not_on_it(
    school: School, maria: Workspace, mateo: str
) -> None:
    tom = school.sign_in("tom")
    tom.people.add_guardian(mateo, NewGuardian("Iván", "Okafor", "father", no_contact=True))
    tom.people.add_guardian(mateo, NewGuardian("Ana", "Núñez", "aunt", phone="(555) 010-0177"))
    assert [one.name for one in maria.health.card.get(mateo).contacts] == [
        "Ana Núñez",
        "Rosa Núñez",
    ]


# --- on paper -----------------------------------------------------------------------------------


def test_the_front_office_prints_it_sealed_on_one_page(
    school: School, carded: str, mateo: str
) -> None:
    olga = school.sign_in("olga", says=None)
    made = olga.health.card.printed(mateo)
    pdf = PdfReader(io.BytesIO(made.pdf))
    assert len(pdf.pages) == 1
    words = pdf.pages[0].extract_text()
    for part in ("Mateo Núñez-Okafor", "Peanuts: anaphylaxis", "0.15 mg", "red bag", "Rosa Núñez"):
        assert part in words
    assert "Methylphenidate" not in words
    assert made.sealed
    assert "Mateo" not in made.file_name
    assert ("print", "safety") in looks(olga, mateo)
    tom = school.sign_in("tom")
    assert "card.print" in [one.action for one in tom.log.entries(10)]
    assert tom.log.verify().holds


def test_a_card_nobody_confirmed_is_printed_too(school: School, mateo: str) -> None:
    made = school.sign_in("dana", says=None).health.card.printed(mateo)
    assert "Not entered: ask a parent" in PdfReader(io.BytesIO(made.pdf)).pages[0].extract_text()


# --- the nurse's deed ---------------------------------------------------------------------------


def test_a_rescue_order_that_became_active_waits_for_the_card(maria: Workspace, mateo: str) -> None:
    card = maria.health.card
    assert card.due() == ()
    active_order(maria, terms(mateo))
    assert card.due() == (), "not a rescue medicine"
    order = active_order(maria, rescue(mateo))
    [due] = card.due()
    assert (due.student_id, due.came, due.ended) == (mateo, (EPIPEN.title,), ())
    card.confirm(mateo, card.offer(mateo))
    assert card.due() == ()
    maria.health.orders.discontinue(order, "A new prescription came")
    [due] = card.due()
    assert (due.came, due.ended) == ((), (EPIPEN.title,))
    assert card.offer(mateo).rescue == ()
    card.confirm(mateo, card.offer(mateo))
    assert card.due() == ()
    assert card.get(mateo).body.rescue == ()


def test_an_order_that_ran_out_waits_for_the_card(
    school: School, maria: Workspace, carded: str, mateo: str
) -> None:
    school.clock.advance(timedelta(days=365))
    [due] = maria.health.card.due()
    assert due.ended == (EPIPEN.title,)


def test_what_the_nurse_wrote_stays_when_another_medicine_comes(
    maria: Workspace, carded: str, mateo: str
) -> None:
    card = maria.health.card
    body = card.offer(mateo)
    mine = replace(body.rescue[0], stored="Teacher's desk", when="Hives, or trouble breathing")
    card.confirm(mateo, replace(body, rescue=(mine,), doctor="Dr. Lee"))
    inhaler = as_needed(
        mateo,
        kind="inhaler",
        medicine=Medicine("Albuterol", "90 mcg", "inhaler"),
        self_carry=SelfCarry(competent=True),
    )
    active_order(maria, inhaler)
    fresh = card.offer(mateo)
    assert [one.stored for one in fresh.rescue] == ["Teacher's desk", ""]
    assert fresh.rescue[1].carried
    assert fresh.rescue[1].when == "headache"
    assert fresh.doctor == "Dr. Lee"


def test_the_schools_own_stock_stands_on_no_card(maria: Workspace) -> None:
    active_order(maria, rescue("school:stock"))
    assert maria.health.card.due() == ()


@pytest.mark.parametrize("who", ["olga", "dana", "tom", "amir"])
def test_only_a_nurse_confirms(school: School, carded: str, mateo: str, who: str) -> None:
    them = school.sign_in(who)
    assert not them.health.card.may_confirm
    assert them.health.card.due() == ()
    for deed in (
        lambda: them.health.card.offer(mateo),
        lambda: them.health.card.confirm(mateo, CardBody()),
    ):
        with pytest.raises(Denied):
            deed()


def test_it_is_tidied_and_bounded(maria: Workspace, mateo: str) -> None:
    lines = ("  Peanuts \n anaphylaxis ", "", *(f"thing {number}" for number in range(30)))
    maria.health.card.confirm(mateo, CardBody(lines, no_allergies=True))
    body = maria.health.card.get(mateo).body
    assert body.allergies[0] == "Peanuts anaphylaxis"
    assert (len(body.allergies), body.no_allergies) == (12, False)
    with pytest.raises(KeyError):
        maria.health.card.confirm("student:nobody", CardBody())


# --- it stays what was confirmed ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("forgery", "code"),
    [
        ("""UPDATE emergency_card SET body = replace(body, '0.15', '0.30')""", "card-changed"),
        ("UPDATE emergency_card SET by_user = 'x'", "card-changed"),
        ("DELETE FROM emergency_card", "card-missing"),
        (
            "INSERT INTO emergency_card SELECT 'student:x', body, by_user, updated_at"
            " FROM emergency_card",
            "card-unannounced",
        ),
    ],
)
def test_a_card_changed_by_hand_is_seen(
    school: School, carded: str, mateo: str, forgery: str, code: str
) -> None:
    tom = school.sign_in("tom")
    assert tom.log.verify().holds
    with tom._context.store.write() as session:
        session.execute(text(forgery))
    assert tom.log.verify().reason == code


def test_an_older_card_put_back_is_seen(
    school: School, maria: Workspace, carded: str, mateo: str
) -> None:
    with maria._context.store.read() as session:
        old = session.execute(text("SELECT body FROM emergency_card")).scalar_one()
    maria.health.card.confirm(mateo, CardBody(("Bees",)))
    with maria._context.store.write() as session:
        session.execute(text("UPDATE emergency_card SET body = :old"), {"old": old})
    assert school.sign_in("tom").log.verify().reason == "card-changed"
