"""The audit trail: what is written, what never is, and what looking at it finds."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from bt_desktop.models.audit import AuditEntry, AuditKey
from bt_desktop.security import accounts, audit
from bt_desktop.security.audit import Head, NotForTheTrail
from bt_desktop.security.canonical import canonical
from bt_desktop.security.keys import FailedSignIns, key_id
from bt_desktop.security.problems import WrongPassword
from bt_desktop.security.signing import AUDIT, sign
from bt_desktop.security.vault import unlock

RECORD = "record:0f0e0d0c-0b0a-4a08-8706-050403020100"
DIGEST = hashlib.sha256(b"a frozen revision").digest()


def test_a_deed_is_told_with_who_when_what(trail):
    entry = trail.write("record_signed", version=1, digest=DIGEST, reason="author")
    assert entry.seq == 3
    assert entry.user_id == trail.keys.user_id
    assert entry.key_id == trail.keys.key_id
    assert (entry.role, entry.action, entry.object) == (
        "administrator",
        "record_signed",
        "record:7",
    )
    assert (entry.object_version, entry.digest, entry.reason) == (1, DIGEST.hex(), "author")
    assert entry.at == trail.clock.now()
    assert entry.at.utcoffset() == timedelta(hours=-8)
    verdict = trail.verify(vault_id=trail.keys.vault_id)
    assert verdict.holds
    assert verdict.checked == 3
    assert verdict.head == Head(3, entry.hash)


def test_the_body_is_exactly_what_is_documented(trail):
    trail.write("roster_imported", counts={"students": 212, "staff": 31})
    with trail.read() as session:
        row = session.execute(
            select(AuditEntry.body, AuditEntry.sig, AuditEntry.hash).where(AuditEntry.seq == 3)
        ).one()
    told = json.loads(row.body)
    assert set(told) == {
        "v", "vault", "seq", "prev", "at_utc", "at_local", "tz", "boot_ms", "user", "role", "key",
        "device", "action", "object", "object_ver", "digest", "reason", "counts", "app",
    }  # fmt: skip
    assert told["at_utc"] == "2026-11-12T16:00:00.000+00:00"
    assert told["at_local"] == "2026-11-12T08:00:00.000-08:00"
    assert (told["tz"], told["device"], told["v"]) == ("PST", "pc-1", 1)
    assert canonical(told) == row.body
    assert row.hash == hashlib.sha256(b"bt-audit-v1\0" + row.body + row.sig).digest()


def test_an_entry_is_there_only_if_its_deed_is(trail):
    def sign_and_fail():
        with trail.db.write() as session:
            audit.append(session, trail.rosa, trail.clock, "record_signed", RECORD)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sign_and_fail()
    assert trail.verify().head.seq == 2


@pytest.mark.parametrize(
    "what",
    [
        {"action": "Signed"},
        {"action": "signed the report"},
        {"action": ""},
        {"object": "student:maya"},
        {"object": "Maya Ortiz"},
        {"object": "student:Maya Ortiz"},
        {"object": "record:"},
        {"object": "record:" + "a" * 80},
        {"object": ""},
        {"reason": "Mother asked for it"},
        {"reason": "Ms-Ortiz"},
        {"reason": ""},
        {"reason": "a" * 81},
        {"digest": "not a digest"},
        {"digest": b"short"},
        {"counts": {"Maya": 1}},
        {"counts": {"students": "Maya"}},
    ],
    ids=str,
)
def test_names_and_free_text_cannot_get_into_the_trail(trail, what):
    deed = {"action": "record_opened", "object": RECORD, **what}
    with pytest.raises(ValueError), trail.db.write() as session:  # noqa: PT011 - NotForTheTrail or no number
        audit.append(
            session, trail.rosa, trail.clock, deed.pop("action"), deed.pop("object"), **deed
        )
    assert trail.verify().head.seq == 2


def test_a_writer_without_an_id_is_refused(trail):
    who = audit.AuditActor(trail.keys.vault_id, "Rosa Vance", "nurse", trail.keys.signing)
    with pytest.raises(NotForTheTrail), trail.db.write() as session:
        audit.append(session, who, trail.clock, "record_opened", RECORD)


@pytest.mark.parametrize(
    "object", [RECORD, "school", "roster", "copy:12", "record:BER-2026-0001", "key:" + "ab" * 8]
)
def test_what_an_entry_may_be_about(trail, object):
    with trail.db.write() as session:
        assert audit.append(session, trail.rosa, trail.clock, "copy_made", object).object == object


def test_no_body_holds_a_name(trail):
    trail.write("record_signed", version=1, digest=DIGEST)
    with trail.read() as session:
        everything = b"".join(session.scalars(select(AuditEntry.body)))
    for word in (b"Rosa", b"Vance", b"Devin", b"Alder"):
        assert word not in everything


def test_the_newest_entries_first(trail):
    for _ in range(5):
        trail.write()
    with trail.read() as session:
        assert [one.seq for one in audit.entries(session, limit=3)] == [7, 6, 5]
        assert [one.seq for one in audit.entries(session, before=3)] == [2, 1]
        assert len(audit.entries(session, user_id="system")) == 2
        assert audit.entries(session, limit=2, user_id=trail.keys.user_id)[0].seq == 7
        assert audit.head(session).seq == 7


# --- the clock ---------------------------------------------------------------------------------


def test_a_clock_that_went_back_is_told_by_the_installation(trail):
    trail.write()
    trail.clock.set(trail.clock.now() - timedelta(hours=3))
    trail.write()
    with trail.read() as session:
        newest, moved, *_ = audit.entries(session)
    assert (moved.action, moved.user_id, moved.counts) == (
        "clock_moved",
        "system",
        {"seconds": 10800},
    )
    assert newest.prev == moved.hash
    assert trail.verify().holds


def test_two_minutes_are_forgiven(trail):
    trail.write()
    trail.clock.set(trail.clock.now() - timedelta(seconds=120))
    assert trail.write().seq == 4


def test_another_zone_is_no_clock_set_back(trail):
    trail.write()
    trail.clock.set(trail.clock.now().astimezone(timezone(timedelta(hours=-11), "<b>odd</b>")))
    entry = trail.write()
    assert entry.seq == 4
    with trail.read() as session:
        body = session.scalars(select(AuditEntry.body).where(AuditEntry.seq == 4)).one()
    assert json.loads(body)["tz"] == "bodd/b"
    trail.clock.set(datetime(2026, 11, 12, 17, 0, tzinfo=UTC))
    assert trail.write().seq == 5


# --- keys --------------------------------------------------------------------------------------


def test_a_replaced_key_signs_no_more(trail):
    first = trail.keys.signing
    fresh = Ed25519PrivateKey.generate()
    with trail.db.write() as session:
        entry = audit.add_key(
            session,
            trail.rosa,
            trail.clock,
            trail.keys.user_id,
            "Rosa Vance",
            fresh.public_key().public_bytes_raw(),
        )
    assert entry.action == "key_replaced"
    assert trail.verify().holds
    with trail.db.write() as session:  # the old key, after it was retired
        stale = audit.AuditActor(trail.keys.vault_id, trail.keys.user_id, "administrator", first)
        audit.append(session, stale, trail.clock, "record_opened", RECORD)
    verdict = trail.verify()
    assert (verdict.first_bad, verdict.reason) == (4, "key")


def test_wrong_tries_while_locked_are_told_by_the_installation(school, trail, quick):
    for _ in range(2):
        with pytest.raises(WrongPassword):
            unlock(school.folder, school.staff_id, "no", school.clock, policy=quick)
    keys = school.admin()
    with trail.db.write() as session:
        audit.append_failed_sign_ins(session, keys.vault_id, school.clock, keys.failed_sign_ins)
    accounts.mark_reported(school.folder, keys.failed_sign_ins)
    with trail.read() as session:
        entry = audit.entries(session)[0]
    at = int(school.clock.now().timestamp())
    assert entry.object == f"user:{school.staff_id}"
    assert entry.counts == {"tries": 2, "first_at": at, "last_at": at}
    assert trail.verify().holds
    assert school.admin().failed_sign_ins == ()


def test_nothing_to_tell_writes_nothing(trail):
    with trail.db.write() as session:
        audit.append_failed_sign_ins(session, trail.keys.vault_id, trail.clock, ())
    assert trail.verify().head.seq == 2
    assert FailedSignIns("u", 1, 2, 3).count == 1


# --- attacks, by somebody who has the database open ---------------------------------------------


@pytest.fixture
def long_trail(trail):
    for _ in range(8):
        trail.write()
    assert trail.verify().holds
    return trail


def forged(session, seq, how, key=None):
    """Rewrite one body, with a matching hash, and its signature where the key is known."""
    row = session.get(AuditEntry, seq)
    told = json.loads(row.body)
    how(told)
    body = canonical(told)
    sig = row.sig if key is None else sign(key, AUDIT, body)
    return {"body": body, "sig": sig, "hash": hashlib.sha256(AUDIT + b"\0" + body + sig).digest()}


def attack(trail, seq, values):
    with trail.db.write() as session:
        for name in session.scalars(
            text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'")
        ).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(update(AuditEntry).where(AuditEntry.seq == seq).values(**values))


def caught(trail):
    verdict = trail.verify(vault_id=trail.keys.vault_id)
    return verdict.first_bad, verdict.reason


def test_an_edited_entry(long_trail):
    with long_trail.read() as session:
        new = forged(session, 5, lambda told: told.update(object="record:8"))
    attack(long_trail, 5, {"body": new["body"]})
    assert caught(long_trail) == (5, "hash")
    attack(long_trail, 5, new)
    assert caught(long_trail) == (5, "signature")


def test_an_edited_entry_signed_by_its_own_writer(long_trail):
    """Whoever holds the key can re-sign an entry, but the next one names the old hash."""
    with long_trail.read() as session:
        new = forged(
            session, 5, lambda told: told.update(object="record:8"), long_trail.keys.signing
        )
    attack(long_trail, 5, new)
    assert caught(long_trail) == (6, "prev")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (lambda told: told.update(seq=6), "body"),
        (lambda told: told.update(v=2), "body"),
        (lambda told: told.update(vault="0" * 36), "body"),
        (lambda told: told.update(prev="00" * 32), "prev"),
        (lambda told: told.update(user="system"), "key"),
        (lambda told: told.update(key="00" * 8), "key"),
        (lambda told: told.pop("key"), "key"),
    ],
    ids=range(7),
)
def test_a_body_that_lies_about_itself(long_trail, how, reason):
    with long_trail.read() as session:
        new = forged(session, 5, how, long_trail.keys.signing)
    attack(long_trail, 5, new)
    assert caught(long_trail) == (5, reason)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"v": 1}', b'{"a":1.0}', b"\xff", b"[" * 99_999], ids=range(7)
)
def test_a_body_that_is_none(long_trail, body):
    attack(long_trail, 5, {"body": body})
    assert caught(long_trail) == (5, "body")


def test_a_body_in_another_spelling(long_trail):
    with long_trail.read() as session:
        told = json.loads(session.get(AuditEntry, 10).body)
    body = json.dumps(told).encode()
    sig = sign(long_trail.keys.signing, AUDIT, body)
    hashed = hashlib.sha256(AUDIT + b"\0" + body + sig).digest()
    attack(long_trail, 10, {"body": body, "sig": sig, "hash": hashed})
    assert caught(long_trail) == (10, "body")


def test_a_signature_by_somebody_else(long_trail):
    with long_trail.read() as session:
        new = forged(session, 5, lambda told: None, Ed25519PrivateKey.generate())
    attack(long_trail, 5, new)
    assert caught(long_trail) == (5, "signature")


def test_a_deleted_entry(long_trail):
    long_trail.sql("DELETE FROM audit WHERE seq = 5")
    assert caught(long_trail) == (6, "gap")


def test_a_deleted_entry_with_the_rest_moved_up(long_trail):
    long_trail.sql(
        "DELETE FROM audit WHERE seq = 5", "UPDATE audit SET seq = seq - 1 WHERE seq > 5"
    )
    assert caught(long_trail) == (5, "body")


def test_two_entries_swapped(long_trail):
    long_trail.sql(
        "UPDATE audit SET seq = 99 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = 6",
        "UPDATE audit SET seq = 6 WHERE seq = 99",
    )
    assert caught(long_trail) == (5, "body")


def test_the_whole_beginning_cut_off(long_trail):
    long_trail.sql("DELETE FROM audit WHERE seq < 4")
    assert caught(long_trail) == (4, "gap")


def test_a_key_put_in_place_of_anothers(long_trail):
    mine = Ed25519PrivateKey.generate()
    raw = mine.public_key().public_bytes_raw()
    long_trail.sql(
        "UPDATE audit_key SET public = :raw WHERE key_id = :id",
        values={"raw": raw, "id": long_trail.keys.key_id},
    )
    assert caught(long_trail) == (3, "key")


def test_a_key_that_was_never_announced(long_trail):
    mine = Ed25519PrivateKey.generate()
    raw = mine.public_key().public_bytes_raw()
    with long_trail.db.write() as session:
        session.add(
            AuditKey(
                key_id=key_id(raw), user_id="system", name="system", public=raw,
                from_seq=5, retired_seq=None,
            )
        )  # fmt: skip
    assert caught(long_trail) == (5, "key-unannounced")


def test_a_key_used_before_it_was_there(long_trail):
    long_trail.sql(
        "UPDATE audit_key SET from_seq = 6 WHERE key_id = :id",
        values={"id": long_trail.keys.key_id},
    )
    assert caught(long_trail) == (3, "key")


def test_a_cut_end_is_not_seen_by_the_chain_itself(long_trail):
    """Which is why its head is noted outside: see the anchors."""
    long_trail.sql("DELETE FROM audit WHERE seq > 6")
    assert caught(long_trail) == (None, None)


def test_the_guard_rails_stop_our_own_mistakes(long_trail):
    for statement in (
        "UPDATE audit SET sig = x'00' WHERE seq = 5",
        "DELETE FROM audit WHERE seq = 5",
        "INSERT OR REPLACE INTO audit (seq, body, sig, hash) VALUES (5, x'00', x'00', x'00')",
    ):
        with pytest.raises(DBAPIError), long_trail.db.write() as session:
            session.execute(text(statement))
    assert long_trail.verify().holds


# --- from a checkpoint ---------------------------------------------------------------------------


def test_only_what_is_new_is_looked_at(long_trail):
    seen = long_trail.verify().head
    assert long_trail.verify(since=seen).checked == 0
    long_trail.write()
    verdict = long_trail.verify(since=seen)
    assert (verdict.checked, verdict.holds, verdict.head.seq) == (1, True, seen.seq + 1)


def test_a_new_key_after_the_checkpoint_is_checked_too(long_trail):
    seen = long_trail.verify().head
    fresh = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with long_trail.db.write() as session:
        audit.add_key(
            session, long_trail.rosa, long_trail.clock, "0" * 8 + RECORD[15:], "Nia", fresh
        )
    assert long_trail.verify(since=seen).holds


def test_a_checkpoint_that_is_not_in_the_chain(long_trail):
    seen = long_trail.verify().head
    for lie in (Head(seen.seq, "00" * 32), Head(seen.seq + 1, seen.hash)):
        verdict = long_trail.verify(since=lie)
        assert (verdict.first_bad, verdict.reason) == (lie.seq, "checkpoint")


def test_an_empty_trail(tmp_path):
    from bt_desktop.models.store import create_store

    db = create_store(tmp_path / "empty.db", bytearray(32))
    with db.read() as session:
        assert audit.verify(session).holds
        assert audit.head(session) == Head(0, "00" * 32)
    db.close()
