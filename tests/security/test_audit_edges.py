"""The audit trail at the edges: lengths, defaults, a third key, what a look at it counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

import bt_desktop
from bt_desktop.models.audit import AuditEntry, AuditKey
from bt_desktop.models.store import Store
from bt_desktop.security import audit
from bt_desktop.security.audit import AuditActor, AuditVerdict, Head, NotForTheTrail
from bt_desktop.security.canonical import canonical
from bt_desktop.security.keys import FailedSignIns, key_id
from bt_desktop.security.permissions import Role
from bt_desktop.security.signing import AUDIT, sign


def told(trail: Any, seq: int) -> dict[str, Any]:
    with trail.read() as session:
        body: dict[str, Any] = json.loads(session.get(AuditEntry, seq).body)
        return body


def public(signing: Ed25519PrivateKey) -> bytes:
    return signing.public_key().public_bytes_raw()


# --- writing ------------------------------------------------------------------------------------


def test_who_writes_has_the_computers_id_only_where_it_was_given(trail: Any) -> None:
    keys = trail.keys
    plain = AuditActor.of(keys, Role.ADMINISTRATOR)
    assert plain == AuditActor(keys.vault_id, keys.user_id, "administrator", keys.signing, "")
    assert AuditActor.of(keys, "administrator", "pc-9").device == "pc-9"
    with trail.db.write() as session:
        assert audit.system_actor(session, keys.vault_id).device == ""
        assert audit.system_actor(session, keys.vault_id, "pc-9").device == "pc-9"
        audit.append(session, plain, trail.clock, "record_opened", "record:7")
    assert [told(trail, seq)["device"] for seq in (1, 3)] == ["pc-1", ""]


@pytest.mark.usefixtures("pacific_computer")
def test_an_entry_holds_the_version_and_how_long_the_computer_ran(trail: Any) -> None:
    trail.clock.advance(timedelta(seconds=1234.5))
    trail.write()
    body = told(trail, 3)
    assert (body["boot_ms"], body["app"]) == (1_234_500, bt_desktop.__version__)
    assert body["at_utc"] == "2026-11-12T16:20:34.500+00:00"
    assert (body["object_ver"], body["digest"], body["reason"], body["counts"]) == (
        None, None, None, {},
    )  # fmt: skip


def test_who_told_of_a_clock_that_went_back(trail: Any) -> None:
    trail.clock.set(trail.clock.now() - timedelta(seconds=121.9))
    trail.write()
    moved = told(trail, 3)
    assert {key: moved[key] for key in ("vault", "user", "role", "device", "object", "counts")} == {
        "vault": trail.keys.vault_id, "user": "system", "role": "system", "device": "pc-1",
        "object": "clock", "counts": {"seconds": 121},
    }  # fmt: skip
    assert trail.verify(vault_id=trail.keys.vault_id).checked == 4


def test_as_long_as_a_word_of_the_trail_may_be(trail: Any) -> None:
    long = "a" * 80
    entry = trail.write(long, reason=long, counts={long: 1, "b": 0}, digest="ab" * 32)
    assert (entry.action, entry.reason, entry.digest) == (long, long, "ab" * 32)
    assert entry.counts == {long: 1, "b": 0}
    for more in ({"action": "a" * 81}, {"reason": "a" * 81}, {"counts": {"a" * 81: 1}}):
        with pytest.raises(NotForTheTrail):
            trail.write(**more)
    trail.clock.set(trail.clock.now().astimezone(timezone(timedelta(hours=1), "Z" * 41)))
    assert told(trail, trail.write().seq)["tz"] == "Z" * 40


def test_wrong_tries_are_told_for_this_vault(trail: Any) -> None:
    user, vault = trail.keys.user_id, trail.keys.vault_id
    with trail.db.write() as session:
        audit.append_failed_sign_ins(session, vault, trail.clock, (FailedSignIns(user, 2, 30, 40),))
        [entry] = audit.entries(session, limit=1)
    assert (entry.action, entry.object, entry.user_id) == (
        "sign_in_failed", f"user:{user}", "system",
    )  # fmt: skip
    assert entry.counts == {"tries": 2, "first_at": 30, "last_at": 40}
    assert trail.verify(vault_id=vault).checked == 3


def test_a_new_trail_begins_with_the_installations_own_key(
    tmp_path: Path, clock: Any, new_store: Callable[[Path, bytearray], Store]
) -> None:
    db = new_store(tmp_path / "new.db", bytearray(32))
    with db.write() as session:
        assert audit.head(session) == Head(0, "00" * 32)
        assert audit.verify(session) == AuditVerdict(0, Head(0, "00" * 32))
        entry = audit.begin(session, "v", clock)
        system = audit.system_actor(session, "v")
        [key] = session.scalars(select(AuditKey)).all()
        assert audit.verify(session, vault_id="v") == AuditVerdict(1, Head(1, entry.hash))
        body = json.loads(session.get(AuditEntry, 1).body)  # type: ignore[union-attr]  # it is there
    db.close()
    raw = public(system.signing)
    assert (entry.seq, entry.prev, entry.action) == (1, "00" * 32, "key_added")
    assert (entry.object, entry.user_id, entry.role) == ("installation", "system", "system")
    assert entry.digest == hashlib.sha256(raw).hexdigest()
    assert (body["vault"], body["device"]) == ("v", "")
    assert (key.key_id, key.user_id, key.name, key.public, key.from_seq, key.retired_seq) == (
        key_id(raw), "system", "system", raw, 1, None,
    )  # fmt: skip


def test_of_three_keys_only_the_newest_signs(trail: Any) -> None:
    signing = [trail.keys.signing, Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()]
    user = trail.keys.user_id

    def by(number: int) -> AuditActor:
        return AuditActor(trail.keys.vault_id, user, "administrator", signing[number])

    for number in (1, 2):
        with trail.db.write() as session:
            entry = audit.add_key(
                session, by(number - 1), trail.clock, user, "Rosa", public(signing[number])
            )
        assert (entry.action, entry.object) == ("key_replaced", f"user:{user}")
    with trail.read() as session:
        keys = session.scalars(
            select(AuditKey).where(AuditKey.user_id == user).order_by(AuditKey.from_seq)
        ).all()
    assert [(one.from_seq, one.retired_seq, one.name) for one in keys] == [
        (2, 3, "Rosa Vance"), (3, 4, "Rosa"), (4, None, "Rosa"),
    ]  # fmt: skip
    with trail.db.write() as session:
        audit.append(session, by(2), trail.clock, "record_opened", "record:7")
    assert trail.verify().checked == 5
    with trail.db.write() as session:
        audit.append(session, by(1), trail.clock, "record_opened", "record:7")
    verdict = trail.verify()
    assert (verdict.checked, verdict.first_bad, verdict.reason) == (5, 6, "key")


# --- reading and looking ------------------------------------------------------------------------


def test_a_hundred_entries_are_read_and_counted_at_once(trail: Any) -> None:
    with trail.db.write() as session:
        for _ in range(99):
            audit.append(session, trail.rosa, trail.clock, "record_opened", "record:7")
    steps: list[int] = []
    with trail.read() as session:
        assert [one.seq for one in audit.entries(session)] == list(range(101, 1, -1))
        assert [one.seq for one in audit.entries(session, before=101, limit=1)] == [100]
        newest = audit.head(session)
        verdict = audit.verify(session, step=steps.append)
        one_more = audit.entry_at(session, 101)
    assert verdict == AuditVerdict(101, newest)
    assert steps == [100]
    assert one_more is not None
    assert newest == Head(101, one_more.hash)


def test_a_look_from_the_entry_that_added_a_key(trail: Any) -> None:
    seen = trail.verify().head
    assert seen.seq == 2
    entry = trail.write()
    assert trail.verify(since=seen) == AuditVerdict(1, Head(3, entry.hash))
    lost = Head(9, "ab" * 32)
    assert trail.verify(since=lost) == AuditVerdict(0, Head(3, entry.hash), 9, "checkpoint")


def rewritten(trail: Any, seq: int, how: Callable[[dict[str, Any]], object]) -> None:
    """As its own writer could, who has the key."""
    body = told(trail, seq)
    how(body)
    spelled = canonical(body)
    sig = sign(trail.keys.signing, AUDIT, spelled)
    trail.sql(
        "UPDATE audit SET body = :body, sig = :sig, hash = :hash WHERE seq = :seq",
        values={"body": spelled, "sig": sig, "seq": seq,
                "hash": hashlib.sha256(AUDIT + b"\0" + spelled + sig).digest()},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (lambda body: body["counts"].update(students=1.5), "body"),
        (lambda body: body.pop("v"), "body"), (lambda body: body.pop("seq"), "body"),
        (lambda body: body.pop("prev"), "prev"), (lambda body: body.pop("user"), "key"),
        (lambda body: body.pop("key"), "key"), (lambda body: body.pop("vault"), "body"),
        (lambda body: body.update(key="00" * 8), "key"),
        (lambda body: body.update(seq=4), "body"),
    ],
    ids=range(9),
)  # fmt: skip
def test_an_entry_is_whole_or_it_is_none(
    trail: Any, how: Callable[[dict[str, Any]], object], reason: str
) -> None:
    trail.write()
    rewritten(trail, 3, how)
    with trail.read() as session:
        newest = audit.head(session)
        verdict = audit.verify(session, vault_id=trail.keys.vault_id)
        assert verdict == AuditVerdict(2, newest, 3, reason)
        if reason == "key" or "seq" not in told(trail, 3):
            assert audit.entry_at(session, 3) is None


def test_an_entry_with_another_signature_is_not_told(trail: Any) -> None:
    entry = trail.write()
    with trail.read() as session:
        assert (audit.entry_at(session, 3), audit.entry_at(session, 4)) == (entry, None)
        first = audit.entry_at(session, 1)
    assert first is not None
    assert first.user_id == "system"
    for deed, seq in (
        ("UPDATE audit SET sig = (SELECT sig FROM audit WHERE seq = 2) WHERE seq = 3", 3),
        ("UPDATE audit SET body = x'7b' WHERE seq = 2", 2),
        ("UPDATE audit SET body = (SELECT body FROM audit WHERE seq = 1) WHERE seq = 2", 2),
    ):
        trail.sql(deed)
        with trail.read() as session:
            assert audit.entry_at(session, seq) is None


def test_a_key_is_not_announced_by_an_entry_about_something_else(trail: Any) -> None:
    raw = public(Ed25519PrivateKey.generate())
    entry = trail.write("record_signed", digest=hashlib.sha256(raw).digest())
    with trail.db.write() as session:
        session.add(
            AuditKey(
                key_id=key_id(raw), user_id="system", name="system", public=raw,
                from_seq=entry.seq,
            )
        )  # fmt: skip
    assert (trail.verify().first_bad, trail.verify().reason) == (entry.seq, "key-unannounced")


def test_a_key_of_which_the_entry_says_another_is_unannounced(trail: Any) -> None:
    """The first of them is named."""
    for seq in (2, 1):
        other = Ed25519PrivateKey.generate()
        with trail.db.write() as session:
            session.add(
                AuditKey(
                    key_id=key_id(public(other)), user_id="system", name="system",
                    public=public(other), from_seq=seq,
                )
            )  # fmt: skip
        verdict = trail.verify()
        assert (verdict.checked, verdict.first_bad, verdict.reason) == (2, seq, "key-unannounced")
