"""Break-glass: one student, one hour, a password and a reason, and nothing of it is unseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bt_desktop.errors import Denied, KnownError
from bt_desktop.models.access import Opening
from bt_desktop.models.health import HealthGlass
from bt_desktop.security.health_keys import NotReadable
from bt_desktop.security.permissions import Action, Role
from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.keys import HealthKeys
from bt_desktop.services.health.model import Consent, OrderTerms
from bt_desktop.services.health.problems import (
    GlassRefused,
    NothingToReview,
    NotYours,
    OrderRefused,
)
from bt_desktop.services.results.export import Second
from bt_desktop.services.school_days import Day, Term
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.kit import active_order, as_needed, terms

WHY = "The nurse is out and he has a rash after lunch"
SECRET = "Methylphenidate"


@pytest.fixture
def ward(school: School) -> School:
    """Maria keeps an order and a scan of Mateo's, and an order of Łucja's; then she goes home."""
    maria = school.sign_in("maria")
    mateo = school.ids["mateo"]
    order = active_order(maria, terms(mateo))
    maria.health.orders.keep_document(
        mateo, b"the scan", kind="plan", name="plan.png", media_type="image/png", order_id=order
    )
    active_order(maria, as_needed(school.ids["lucja"]))
    maria.lock()
    return school


@pytest.fixture
def tom(ward: School) -> Iterator[Workspace]:
    return ward.sign_in("tom")


@pytest.fixture
def mateo(ward: School) -> str:
    return ward.ids["mateo"]


def second_administrator(school: School) -> Workspace:
    """Olga is made an administrator too; she is signed in."""
    chief = school.sign_in("tom")
    chief.accounts.set_role(school.users["olga"], Role.ADMINISTRATOR)
    chief.lock()
    return school.sign_in("olga")


def actions(workspace: Workspace, start: str = "health.glass") -> list[str]:
    found = workspace.log.entries(200)
    return [one.action for one in reversed(found) if one.action.startswith(start)]


# --- opening ------------------------------------------------------------------------------------


def test_behind_the_glass_one_student_is_read_and_no_other(
    ward: School, tom: Workspace, mateo: str
) -> None:
    with pytest.raises(NotYours):
        tom.health.orders.of_student(mateo)
    opened = tom.health.glass.open(mateo, WHY, PASSWORD)
    assert opened.until - opened.opened_at == timedelta(minutes=60)
    seen = tom.health.glass.view(mateo)
    assert [one.terms.medicine.name for one in seen.orders] == [SECRET]
    [paper] = seen.documents
    assert tom.health.glass.document(mateo, paper.id) == b"the scan"
    assert [one.terms.student_id for one in tom.health.orders.of_student(mateo)] == [mateo]
    with pytest.raises(NotYours):
        tom.health.glass.view(ward.ids["lucja"])
    with pytest.raises(NotYours):
        tom.health.orders.of_student(ward.ids["lucja"])


def test_it_leaves_its_entries_and_a_line_with_the_reason(
    ward: School, tom: Workspace, mateo: str
) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    tom.health.glass.view(mateo)
    tom.health.glass.close(mateo)
    told = ["health.glass_open", "health.glass_view", "health.glass_close"]
    assert actions(tom) == told
    entries = [one for one in tom.log.entries(50) if one.action in told]
    assert len({one.object for one in entries}) == 1, "one id leads through them"
    assert WHY not in str(entries), "what was written may hold a name"
    lines = tom.access_log.read(mateo).rows
    [glass] = [one for one in lines if "sealed health file" in one.what]
    assert glass.purpose == WHY
    assert glass.written, "on paper it is left out where it names a child"
    assert any("Looked into the health file" in one.what for one in lines)
    assert tom.log.verify().holds


@pytest.mark.parametrize("reason", ["", "rash", "   he is ill    ", "fourteen chars"])
def test_a_reason_of_fifteen_characters_is_asked_for(
    tom: Workspace, mateo: str, reason: str
) -> None:
    with pytest.raises(GlassRefused) as refused:
        tom.health.glass.open(mateo, reason, PASSWORD)
    assert [one.field for one in refused.value.problems] == ["reason"]
    assert actions(tom) == []


def test_the_password_is_asked_for_again(tom: Workspace, mateo: str) -> None:
    with pytest.raises(WrongPassword):
        tom.health.glass.open(mateo, WHY, "something else entirely")
    assert tom.health.glass.opened() == ()
    with pytest.raises(NotYours):
        tom.health.orders.of_student(mateo)


@pytest.mark.parametrize("who", ["olga", "dana", "amir", "maria"])
def test_it_is_for_administrators(ward: School, mateo: str, who: str) -> None:
    them = ward.sign_in(who)
    assert not them.health.glass.may_open
    with pytest.raises(Denied):
        them.health.glass.open(mateo, WHY, PASSWORD)


def test_where_nothing_is_kept_nothing_is_opened(ward: School, tom: Workspace) -> None:
    with pytest.raises(GlassRefused, match="Nothing is kept"):
        tom.health.glass.open(ward.ids["huy"], WHY, PASSWORD)
    assert actions(tom) == []


def test_somebody_who_is_no_student_is_not_opened(ward: School, tom: Workspace) -> None:
    """What is sealed for the office or the stock lies behind no glass."""
    maria = ward.sign_in("maria")
    active_order(maria, terms("school:stock", kind="epinephrine", times=()))
    maria.lock()
    with pytest.raises(KeyError):
        tom.health.glass.open("school:stock", WHY, PASSWORD)
    assert tom.health_keys.behind_glass() == frozenset()
    assert actions(tom) == []


# --- only to read -------------------------------------------------------------------------------


def test_nothing_can_be_written_or_taken_out(ward: School, tom: Workspace, mateo: str) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    [order] = tom.health.orders.of_student(mateo)
    orders = tom.health.orders
    deeds = (
        lambda: orders.add(terms(mateo)),
        lambda: orders.consent(order.id, "parent", Consent("Rosa Núñez")),
        lambda: orders.review(order.id),
        lambda: orders.hold(order.id, "because I say so"),
        lambda: orders.discontinue(order.id, "because I say so"),
        lambda: orders.keep_document(mateo, b"x", kind="plan", name="x", media_type="image/png"),
        lambda: tom.health.delegation.all(mateo),
    )
    for deed in deeds:
        with pytest.raises(Denied):
            deed()
    for action in (Action.HEALTH_PRINT, Action.HEALTH_EXPORT, Action.MONTH_CLOSE):
        assert not tom._context.may_some(action)


def test_nothing_is_written_about_doses(ward: School, mateo: str) -> None:
    """Seen behind the glass: a dose that Maria gave. Said of it there: nothing."""
    maria = ward.sign_in("maria")
    given = maria.health.doses.emergency(DoseRequest("", mateo, None, medicine_text="EpiPen Jr"))
    maria.lock()
    tom = ward.sign_in("tom")
    tom.health.glass.open(mateo, WHY, PASSWORD)
    assert [one.medicine for one in tom.health.glass.view(mateo).doses] == ["EpiPen Jr"]
    assert tom.health.doses.one(given.dose.id) == given.dose
    [order] = tom.health.orders.of_student(mateo)
    doses = tom.health.doses
    for deed in (
        lambda: doses.strike(given.dose.id, "it was not so"),
        lambda: doses.effect(given.dose.id, "better", worse=False),
        lambda: doses.record(DoseRequest("", mateo, order.id)),
        lambda: doses.record(DoseRequest("", mateo, order.id, happened=True)),
    ):
        with pytest.raises(Denied):
            deed()
    doses.emergency(DoseRequest("", mateo, None, medicine_text="EpiPen Jr"))  # as everybody may
    assert tom.log.verify().holds


def test_the_key_goes_to_nobody_else(ward: School, tom: Workspace, mateo: str) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    with tom._context.store.write() as session, pytest.raises(NotReadable):
        tom.health_keys.share(session, mateo, ward.users["dana"])


# --- an hour, and not more ----------------------------------------------------------------------


def forgotten(workspace: Workspace, student: str) -> bool:
    """Whether no key of the student is held, and nothing read is left."""
    with workspace._context.store.read() as session:
        cipher = workspace.health_keys.cipher(session, student)
        return cipher is None and workspace.health._book.of_student(session, student) == ()


def test_after_an_hour_the_key_is_forgotten(ward: School, tom: Workspace, mateo: str) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    ward.clock.advance(timedelta(minutes=59, seconds=59))
    assert len(tom.health.glass.opened()) == 1
    assert not forgotten(tom, mateo)
    ward.clock.advance(timedelta(seconds=1))
    assert forgotten(tom, mateo), "whoever asks, though nobody closed it"
    with pytest.raises(NotYours):
        tom.health.glass.view(mateo)
    assert tom.health.glass.opened() == ()
    [closed] = [one for one in tom.log.entries(20) if one.action == "health.glass_close"]
    assert closed.detail == "over"


def test_a_clock_set_back_makes_no_hour_longer(ward: School, tom: Workspace, mateo: str) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    ward.clock.advance(timedelta(minutes=50))
    ward.clock.set(ward.clock.now() - timedelta(minutes=50))
    ward.clock.advance(timedelta(minutes=10))
    assert forgotten(tom, mateo)


def test_closing_forgets_at_once(tom: Workspace, mateo: str) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    tom.health.glass.view(mateo)
    tom.health.glass.close(mateo)
    assert forgotten(tom, mateo)
    tom.health.glass.close(mateo)
    assert actions(tom).count("health.glass_close") == 1


def test_a_lock_closes_it_and_tells(ward: School, tom: Workspace, mateo: str) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    tom.lock()
    again = ward.sign_in("tom")
    assert forgotten(again, mateo)
    [closed] = [one for one in again.log.entries(20) if one.action == "health.glass_close"]
    assert closed.detail == "locked"
    assert again.log.verify().holds


def test_a_killed_program_leaves_no_key_and_is_closed_once_its_hour_is_over(
    ward: School, tom: Workspace, mateo: str
) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    tom._context.store.close()  # as a kill leaves it: nothing was told
    ward.clock.advance(timedelta(minutes=30))
    ward.sign_in("maria").lock()
    ward.clock.advance(timedelta(minutes=31))
    maria = ward.sign_in("maria")
    [use] = maria.health.glass.uses()
    assert (use.how, use.reason) == ("killed", WHY)
    ward.sign_in("dana").lock()
    assert ward.sign_in("tom").log.verify().holds


def test_opened_twice_is_opened_once(tom: Workspace, mateo: str) -> None:
    first = tom.health.glass.open(mateo, WHY, PASSWORD)
    assert tom.health.glass.open(mateo, WHY, PASSWORD) == first
    assert actions(tom) == ["health.glass_open"]


# --- how often ----------------------------------------------------------------------------------


def thrice(workspace: Workspace, student: str) -> None:
    for _ in range(3):
        workspace.health.glass.open(student, WHY, PASSWORD)
        workspace.health.glass.close(student)


def test_the_fourth_time_a_day_somebody_else_agrees(ward: School, mateo: str) -> None:
    second_administrator(ward).lock()
    tom = ward.sign_in("tom")
    thrice(tom, mateo)
    plan = tom.health.glass.plan()
    assert plan.second_needed
    assert [user for user, _ in plan.seconds] == [ward.users["olga"]]
    ward.clock.advance(timedelta(minutes=1))
    for second in (None, Second(ward.users["tom"], PASSWORD), Second(ward.users["dana"], PASSWORD)):
        with pytest.raises(GlassRefused, match="3 times today") as refused:
            tom.health.glass.open(mateo, WHY, PASSWORD, second)
        assert [one.field for one in refused.value.problems] == ["second"]
    with pytest.raises(WrongPassword):
        tom.health.glass.open(mateo, WHY, PASSWORD, Second(ward.users["olga"], "not hers at all"))
    tom.health.glass.open(mateo, WHY, PASSWORD, Second(ward.users["olga"], PASSWORD))
    assert tom.health.glass.uses()[0].second_name == "Olga Petrenko"
    assert tom.log.verify().holds


def test_the_next_day_nobody_needs_to_agree(ward: School, tom: Workspace, mateo: str) -> None:
    thrice(tom, mateo)
    assert tom.health.glass.plan().second_needed
    ward.clock.advance(timedelta(days=1))
    assert not tom.health.glass.plan().second_needed
    tom.health.glass.open(mateo, WHY, PASSWORD)


# --- reviewing ----------------------------------------------------------------------------------


def opened_and_closed(school: School, student: str) -> None:
    tom = school.sign_in("tom")
    tom.health.glass.open(student, WHY, PASSWORD)
    tom.lock()


def test_another_administrator_sees_it_and_reviews_it_once(ward: School, mateo: str) -> None:
    opened_and_closed(ward, mateo)
    olga = second_administrator(ward)
    [use] = olga.health.glass.to_review()
    assert (use.by_name, use.student_name, use.reason) == (
        "Tom Becker",
        "Mateo Núñez-Okafor",
        WHY,
    )
    olga.health.glass.review(use.id, "Spoke with him, the nurse was at the other school")
    assert olga.health.glass.to_review() == ()
    with pytest.raises(NothingToReview):
        olga.health.glass.review(use.id)
    with pytest.raises(NothingToReview):
        olga.health.glass.review("0" * 8)
    [use] = olga.health.glass.uses()
    assert (use.reviewed_by, use.remark[:5]) == ("Olga Petrenko", "Spoke")
    assert actions(olga)[-1] == "health.glass_review"
    assert olga.log.verify().holds


def test_nobody_reviews_their_own(ward: School, tom: Workspace, mateo: str) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    assert tom.health.glass.to_review() == ()
    [use] = tom.health.glass.uses()
    with pytest.raises(Denied):
        tom.health.glass.review(use.id)


def test_it_is_late_after_three_school_days(ward: School, mateo: str) -> None:
    """Opened on Thursday; Friday is off and so is the weekend: the third day is Wednesday."""
    chief = ward.sign_in("tom")
    calendar = chief.calendar
    day = chief.clock.now().date()
    calendar.set_terms([Term(day - timedelta(days=60), day + timedelta(days=60))])
    calendar.set_days([Day(day + timedelta(days=1), "no_school")])
    chief.lock()
    opened_and_closed(ward, mateo)
    olga = second_administrator(ward)
    [use] = olga.health.glass.to_review()
    assert use.due == day + timedelta(days=6)
    for days, late in ((6, False), (1, True)):
        ward.clock.advance(timedelta(days=days))
        assert olga.health.glass.to_review()[0].late is late


@pytest.mark.parametrize(("who", "sees"), [("maria", True), ("dana", False), ("olga", False)])
def test_the_nurse_reads_the_list_and_reviews_nothing(
    ward: School, mateo: str, who: str, sees: bool
) -> None:
    opened_and_closed(ward, mateo)
    them = ward.sign_in(who)
    assert them.health.glass.to_review() == ()
    if sees:
        assert len(them.health.glass.uses()) == 1
    else:
        with pytest.raises(Denied):
            them.health.glass.uses()


def test_the_list_needs_no_key(ward: School, mateo: str) -> None:
    """An administrator who holds no student's key, and not even the escrow, reviews."""
    opened_and_closed(ward, mateo)
    olga = second_administrator(ward)
    with olga._context.store.write() as session:
        session.execute(
            text("DELETE FROM health_grant WHERE holder = :user"), {"user": ward.users["olga"]}
        )
    [use] = olga.health.glass.to_review()
    assert use.reason == WHY


# --- nothing is unseen --------------------------------------------------------------------------


def test_no_public_way_uses_the_escrow_unseen(
    ward: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever an administrator does: a key that came out of the escrow has an entry before it."""
    taken: list[str] = []
    real = HealthKeys._by_escrow

    def counting(self: HealthKeys, *what: object) -> object:
        found = real(self, *what)  # type: ignore[arg-type]  # passed through
        if found is not None:
            taken.append(str(what[1]))
        return found

    monkeypatch.setattr(HealthKeys, "_by_escrow", counting)
    mateo = ward.ids["mateo"]
    tom = ward.sign_in("tom")

    def told() -> int:
        found = tom.log.entries(500)
        names = ("health.glass_open", "health.grant", "health.renew")
        return sum(one.action in names for one in found)

    def refused() -> None:
        with pytest.raises(GlassRefused):
            tom.health.glass.open(ward.ids["huy"], WHY, PASSWORD)

    deeds = {
        "a sign-in": lambda: ward.sign_in("tom").lock(),
        "the glass": lambda: tom.health.glass.open(mateo, WHY, PASSWORD),
        "the glass on nothing": refused,
        "a new nurse": lambda: tom.accounts.set_role(ward.users["priya"], Role.NURSE),
        "a new password": lambda: tom.accounts.reset_password(
            ward.users["priya"], "eleven quiet herons over the lake"
        ),
        "his own list": tom.health.glass.uses,
    }
    for name, deed in deeds.items():
        taken.clear()
        before = told()
        deed()
        assert bool(taken) <= (told() > before), name
    assert tom.log.verify().holds
    public = [one for one in vars(HealthKeys) if not one.startswith("_")]
    assert not [one for one in public if "escrow" in one and one != "holds_escrow"]


def test_a_use_that_cannot_be_told_gives_no_key(tom: Workspace, mateo: str) -> None:
    """The trail takes the entry, the access log does not: nothing is kept, and nothing held."""
    with tom._context.store.write() as session:
        session.execute(
            text(
                "CREATE TRIGGER no_room BEFORE INSERT ON opening "
                "BEGIN SELECT RAISE(ABORT, 'no room'); END"
            )
        )
    with pytest.raises(IntegrityError):
        tom.health.glass.open(mateo, WHY, PASSWORD)
    assert forgotten(tom, mateo)
    assert actions(tom) == []
    with tom._context.store.read() as session:
        assert session.scalars(select(HealthGlass)).all() == []
        glasses = select(Opening).where(Opening.what == "glass")
        assert session.scalars(glasses).all() == []


@pytest.mark.parametrize(
    ("forgery", "code"),
    [
        ("UPDATE health_glass SET detail = 'nothing much' WHERE step = 'open'", "glass-changed"),
        ("DELETE FROM health_glass WHERE step = 'close'", "glass-missing"),
        (
            "INSERT INTO health_glass SELECT glass_id, 'review', student_id, by_user, at, NULL, '',"
            " NULL FROM health_glass WHERE step = 'open'",
            "glass-unannounced",
        ),
    ],
)
def test_a_step_changed_by_hand_is_seen(ward: School, mateo: str, forgery: str, code: str) -> None:
    opened_and_closed(ward, mateo)
    tom = ward.sign_in("tom")
    with tom._context.store.write() as session:
        for deed in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER health_glass_no_{deed}"))
        session.execute(text(forgery))
    assert tom.log.verify().reason == code


def test_an_administrator_who_is_a_delegate_keeps_what_was_delegated(ward: School) -> None:
    """The key of their own grant is taken up again after the glass is closed."""
    mateo = ward.ids["mateo"]
    maria = ward.sign_in("maria")
    with maria._context.store.write() as session:
        maria.health_keys.share(session, mateo, ward.users["tom"])
    maria.lock()
    tom = ward.sign_in("tom")
    tom.health.glass.open(mateo, WHY, PASSWORD)
    tom.health.glass.close(mateo)
    with tom._context.store.read() as session:
        assert tom.health_keys.cipher(session, mateo) is not None
    with pytest.raises(KnownError):
        tom.health.orders.of_student(mateo)


def test_terms_are_read_whole(ward: School, tom: Workspace, mateo: str) -> None:
    tom.health.glass.open(mateo, WHY, PASSWORD)
    [order] = tom.health.glass.view(mateo).orders
    assert isinstance(order.terms, OrderTerms)
    assert order.status == "active"
    with pytest.raises(OrderRefused):
        tom.health.glass.document(mateo, "0" * 8)
