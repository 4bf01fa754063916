"""Health data is sealed: who holds a key reads it, nobody else does, the database key or not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from bt_desktop.models.health import HealthEntry, HealthFile, HealthGrant
from bt_desktop.security.health_keys import NotReadable, taken_up
from bt_desktop.security.permissions import Action, Role
from bt_desktop.services import access
from bt_desktop.services.health.box import HealthBox, Kept
from bt_desktop.services.health.model import OFFICE_SUBJECT, Medicine, OrderTerms, Quantity
from bt_desktop.services.health.problems import WitnessRefused
from bt_desktop.services.results.export import Second
from bt_desktop.services.workspace import Workspace
from tests.factory import FAST, PASSWORD, School

DAY = date(2026, 11, 12)
NEW_PASSWORD = "eleven quiet herons over the lake"
SECRET = "Methylphenidate"


def order(student: str) -> OrderTerms:
    medicine = Medicine(SECRET, "10 mg", "tablet", schedule="C-II")
    dose = Quantity(Decimal(10), "mg")
    return OrderTerms("o1", student, medicine, dose, "oral", "ADHD", DAY, date(2027, 6, 11))


def box(workspace: Workspace) -> HealthBox:
    return HealthBox(workspace._context, workspace.health_keys)


def write(workspace: Workspace, student: str) -> str:
    with workspace._context.store.write() as session:
        return box(workspace).add(session, student, "order", order(student), day=DAY)


def read(workspace: Workspace, student: str) -> list[Kept]:
    with workspace._context.store.read() as session:
        return list(box(workspace).read(session, "order", subject=student))


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


@pytest.fixture
def kept(school: School, mateo: str) -> School:
    """The nurse wrote an order down and kept a scan."""
    maria = school.sign_in("maria")
    write(maria, mateo)
    with maria._context.store.write() as session:
        box(maria).put_file(session, mateo, b"the scan of " + SECRET.encode())
    maria.lock()
    return school


def test_the_nurse_reads_what_she_wrote(kept: School, mateo: str) -> None:
    [entry] = read(kept.sign_in("maria"), mateo)
    assert entry.value(OrderTerms) == order(mateo)


@pytest.mark.parametrize("who", ["olga", "dana", "tom", "amir"])
def test_nobody_without_a_grant_reads_it(kept: School, mateo: str, who: str) -> None:
    assert read(kept.sign_in(who), mateo) == []


@pytest.mark.parametrize("who", ["olga", "dana"])
def test_the_raw_database_and_an_own_password_do_not_open_it(
    kept: School, mateo: str, who: str
) -> None:
    """A front-office account, and a delegate of another student, with every key they have."""
    lucja = kept.ids["lucja"]
    if who == "dana":
        maria = kept.sign_in("maria")
        write(maria, lucja)
        with maria._context.store.write() as session:
            maria.health_keys.share(session, lucja, kept.users["dana"])
        maria.lock()
    them = kept.sign_in(who)
    keys = them._context.keys
    with them._context.store.read() as session:
        whole = b"".join(row.sealed for row in session.scalars(select(HealthEntry)))
        whole += b"".join(row.sealed for row in session.scalars(select(HealthFile)))
        assert SECRET.encode() not in whole
        assert session.get(HealthGrant, (mateo, keys.user_id)) is None
        for row in session.scalars(select(HealthGrant).where(HealthGrant.subject == mateo)):
            for holder in (row.holder, keys.user_id, "escrow"):
                with pytest.raises(NotReadable):
                    taken_up(row.sealed, keys.sealing, keys.vault_id, mateo, holder)
        every = session.execute(text("SELECT group_concat(sql) FROM sqlite_master")).scalar_one()
        assert "health_entry" in every, "it really is the raw database"
    if who == "dana":
        assert [one.subject for one in read(them, lucja)] == [lucja]


def test_a_grant_moved_to_another_row_opens_nothing(kept: School, mateo: str) -> None:
    """A row of the nurse copied under another name, or another student's, is not hers."""
    lucja = kept.ids["lucja"]
    maria = kept.sign_in("maria")
    write(maria, lucja)
    keys = maria._context.keys
    with maria._context.store.read() as session:
        row = session.get_one(HealthGrant, (mateo, keys.user_id))
        with pytest.raises(NotReadable):
            taken_up(row.sealed, keys.sealing, keys.vault_id, lucja, keys.user_id)


def test_whoever_holds_no_key_can_put_something_in_but_not_read_it(
    kept: School, mateo: str
) -> None:
    dana = kept.sign_in("dana")
    write(dana, mateo)
    assert read(dana, mateo) == []
    dana.lock()
    maria = kept.sign_in("maria")
    assert [one.by_user for one in read(maria, mateo)] == [kept.users["maria"], kept.users["dana"]]
    assert maria._context.actor.role is Role.NURSE
    with maria._context.store.read() as session:
        flags = session.scalars(select(HealthEntry.boxed).order_by(HealthEntry.count)).all()
    assert flags == [False, True]


def test_a_subject_first_made_by_somebody_else_is_the_nurses_all_the_same(school: School) -> None:
    dana = school.sign_in("dana")
    write(dana, OFFICE_SUBJECT)
    dana.lock()
    assert len(read(school.sign_in("maria"), OFFICE_SUBJECT)) == 1
    assert school.sign_in("tom").log.verify().holds


def test_a_file_is_for_holders_only(kept: School, mateo: str) -> None:
    maria, olga = kept.sign_in("maria"), kept.sign_in("olga")
    with maria._context.store.read() as session:
        file_id = session.scalars(select(HealthFile.id)).one()
        assert box(maria).file(session, file_id).endswith(SECRET.encode())
    with olga._context.store.read() as session, pytest.raises(NotReadable):
        box(olga).file(session, file_id)


# --- new people, new passwords -----------------------------------------------------------------


def test_a_second_nurse_gets_the_keys_from_the_administrator_and_it_is_told(
    kept: School, mateo: str
) -> None:
    tom = kept.sign_in("tom")
    kept.users["priya"] = kept.users["priya"]
    tom.accounts.set_role(kept.users["priya"], Role.NURSE)
    told = [entry for entry in tom.log.entries(50) if entry.action == "health.grant"]
    assert told
    assert "by_escrow" in told[0].detail
    assert tom.log.verify().holds
    tom.lock()
    assert len(read(kept.sign_in("priya"), mateo)) == 1


def test_who_is_no_nurse_any_more_holds_nothing(kept: School, mateo: str) -> None:
    tom = kept.sign_in("tom")
    tom.accounts.set_role(kept.users["priya"], Role.NURSE)
    tom.accounts.set_role(kept.users["priya"], Role.TECHNICIAN)
    priya = kept.sign_in("priya")
    assert read(priya, mateo) == []
    with priya._context.store.read() as session:
        mine = select(HealthGrant).where(HealthGrant.holder == kept.users["priya"])
        assert session.scalars(mine).all() == []


def test_a_closed_account_holds_nothing(kept: School) -> None:
    tom = kept.sign_in("tom")
    tom.accounts.disable(kept.users["maria"])
    with tom._context.store.read() as session:
        hers = select(HealthGrant).where(HealthGrant.holder == kept.users["maria"])
        assert session.scalars(hers).all() == []
    tom.accounts.enable(kept.users["maria"])
    with tom._context.store.read() as session:
        assert session.scalars(hers).all() != []


def test_a_nurse_with_a_new_password_goes_on_reading(kept: School, mateo: str) -> None:
    tom = kept.sign_in("tom")
    tom.accounts.reset_password(kept.users["maria"], NEW_PASSWORD)
    tom.lock()
    assert len(read(kept.sign_in("maria", NEW_PASSWORD), mateo)) == 1


def test_a_second_administrator_can_do_the_same(kept: School, mateo: str) -> None:
    tom = kept.sign_in("tom")
    tom.accounts.set_role(kept.users["priya"], Role.ADMINISTRATOR)
    tom.lock()
    priya = kept.sign_in("priya")
    priya.accounts.reset_password(kept.users["maria"], NEW_PASSWORD)
    priya.lock()
    assert len(read(kept.sign_in("maria", NEW_PASSWORD), mateo)) == 1


def test_the_recovery_key_brings_the_escrow_back(kept: School, mateo: str) -> None:
    """The only administrator forgot the password: the printed sheet opens the health data too."""
    recovering = access.recover(kept.folder, kept.recovery_key, kept.clock, kdf_policy=FAST)
    made = recovering.complete(kept.users["tom"], NEW_PASSWORD)
    groups = made.recovery_key.split("-")
    tom = made.confirm(*(groups[number - 1] for number in made.asked))
    tom.accounts.reset_password(kept.users["maria"], NEW_PASSWORD)
    assert tom.log.verify().holds
    tom.lock()
    assert len(read(kept.sign_in("maria", NEW_PASSWORD), mateo)) == 1
    # and so does the new sheet
    again = access.recover(kept.folder, made.recovery_key, kept.clock, kdf_policy=FAST)
    other = again.complete(kept.users["tom"], PASSWORD)
    groups = other.recovery_key.split("-")
    tom = other.confirm(*(groups[number - 1] for number in other.asked))
    with tom._context.store.read() as session:
        assert tom.health_keys.holds_escrow(session)
    tom.lock()


# --- two people, and what shows --------------------------------------------------------------


def test_a_witness_signs_with_their_own_password(kept: School, mateo: str) -> None:
    maria = kept.sign_in("maria")
    second = box(maria).witness(Second(kept.users["tom"], PASSWORD), Action.STOCK_WITNESS)
    with maria._context.store.write() as session:
        box(maria).add(session, mateo, "move", order(mateo), day=DAY, second=second)
    assert kept.sign_in("tom").log.verify().holds


@pytest.mark.parametrize(
    ("second", "why"), [(None, "nobody"), ("maria", "same"), ("amir", "role"), ("x", "role")]
)
def test_not_everybody_can_be_the_witness(kept: School, second: str | None, why: str) -> None:
    maria = kept.sign_in("maria")
    given = Second(kept.users.get(second, second), PASSWORD) if second else None
    with pytest.raises(WitnessRefused) as refused:
        box(maria).witness(given, Action.STOCK_WITNESS)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("UPDATE health_entry SET sealed = x'00'", "health-changed"),
        ("UPDATE health_entry SET day = '2026-11-13'", "health-changed"),
        ("UPDATE health_entry SET about = 'other'", "health-changed"),
        ("UPDATE health_entry SET second_user = by_user", "health-changed"),
        ("UPDATE health_entry SET signature = zeroblob(64)", "health-changed"),
        ("DELETE FROM health_entry", "health-missing"),
        ("UPDATE health_file SET sealed = x'00'", "health-file-changed"),
        ("DELETE FROM health_file", "health-file-missing"),
        (
            "INSERT INTO health_entry SELECT 'forged', 99, subject, kind, about, day, at_us, boxed,"
            " sealed, by_user, made_at, key_id, signature, second_user, second_key_id,"
            " second_signature FROM health_entry",
            "health-unannounced",
        ),
    ],
)
def test_what_is_changed_by_hand_shows(kept: School, deed: str, reason: str) -> None:
    tom = kept.sign_in("tom")
    with tom._context.store.write() as session:
        for table in ("health_entry", "health_file"):
            for change in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER {table}_no_{change}"))
        session.execute(text(deed))
    assert tom.log.verify().reason == reason


def test_the_trail_says_nothing_of_what_was_written(kept: School) -> None:
    tom = kept.sign_in("tom")
    with tom._context.store.read() as session:
        bodies = session.execute(text("SELECT group_concat(body) FROM audit")).scalar_one()
    assert SECRET.casefold() not in str(bodies).casefold()
    assert "adhd" not in str(bodies).casefold()


def test_locking_lets_go_of_every_key(kept: School, mateo: str) -> None:
    maria = kept.sign_in("maria")
    read(maria, mateo)
    assert maria.health_keys._held
    maria.lock()
    assert not maria.health_keys._held
