"""What is written when a vault is made, and when somebody signs in to it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.errors import KnownError
from bt_desktop.models import people as people_tables
from bt_desktop.models import school as tables
from bt_desktop.models.store import Store, create_store
from bt_desktop.security import accounts, anchors, audit, emergency, watermark
from bt_desktop.security.anchors import AnchorFinding
from bt_desktop.security.kdf import KdfPolicy
from bt_desktop.security.keys import Keys
from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import SlotDisabled
from bt_desktop.services import held, key_change, recovery_pending, trail_watch
from bt_desktop.services.announcing import announce_key
from bt_desktop.services.closed import Lies
from bt_desktop.services.context import Context
from bt_desktop.services.health.escrow_paper import opened_by_sheet, seal_to_sheet, sheet_holder
from bt_desktop.services.people_rows import add_staff_row, refuse, staff_problems
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.results.people import Actor, NewStaff
from bt_desktop.services.school_seal import make_seal
from bt_desktop.services.trail_watch import KEY_FILE_REPAIRED, Looked
from bt_desktop.services.workspace import Workspace

if TYPE_CHECKING:
    from bt_desktop.services.access import Setup


def _administrator(setup: Setup) -> NewStaff:
    return NewStaff(setup.admin_given, setup.admin_family, setup.admin_title)


def require_complete(setup: Setup) -> None:
    """Raise InvalidPerson when the administrator has no name; before anything is written."""
    refuse(staff_problems(_administrator(setup)))


def found(path: Path, keys: Keys, setup: Setup, clock: Clock) -> Store:
    """Make the database of a new vault: school, administrator, seal, first audit entries."""
    store = create_store(path, keys.database_key)
    try:
        with store.write() as session:
            _write_first_rows(session, keys, setup, clock)
    except BaseException:
        store.close()
        raise
    return store


def _write_first_rows(session: Session, keys: Keys, setup: Setup, clock: Clock) -> None:
    now = clock.now()
    session.add(
        tables.School(
            id=1,
            vault_id=keys.vault_id,
            name=setup.school_name.strip(),
            address=setup.address.strip(),
            phone=setup.phone.strip(),
            contact_name=(
                setup.contact_name or f"{setup.admin_given} {setup.admin_family}"
            ).strip(),
            pack=setup.pack,
            training_program=setup.training_program.strip(),
            made_at=now,
        )
    )
    staff_id = add_staff_row(session, _administrator(setup), now)
    session.add(
        tables.Account(
            user_id=keys.user_id,
            staff_id=staff_id,
            sign_in_name=setup.sign_in_name,
            role=Role.ADMINISTRATOR.value,
            active=True,
            made_at=now,
        )
    )
    session.flush()
    make_seal(session, keys, setup.school_name, clock)
    audit.begin(session, keys.vault_id, clock)
    system = audit.system_actor(session, keys.vault_id)
    public = keys.signing.public_key().public_bytes_raw()
    audit.add_key(session, system, clock, keys.user_id, setup.sign_in_name, public)
    audit.append(session, system, clock, "vault.set_up", "vault")


@dataclass(frozen=True, slots=True)
class Before:
    """What was found before anything was written: in the trail and the file, and saves that are
    missing."""

    looked: Looked
    missing: tuple[AnchorFinding, ...]


def look_before(
    folder: Path, keys: Keys, store: Store, clock: Clock, lies: Lies | None = None
) -> Before:
    """Look at the trail, and at the file as it lay there before it was opened (`lies`)."""
    with store.read() as session:
        missing = watermark.look(session, folder, keys, clock.now())
        return Before(trail_watch.look(session, folder, keys, lies), missing)


def sign_in(
    folder: Path,
    keys: Keys,
    store: Store,
    clock: Clock,
    policy: KdfPolicy,
    lies: Lies | None = None,
    before: Before | None = None,
) -> Workspace:
    """Who signed in, as what; told to the audit trail together with the wrong tries before.

    The trail is looked at first (`trail_watch`), and the file as it lay there before it was opened
    (`lies`); `before` is what was found where that was done already. Where it is not what was seen
    before, the records open for reading only and nothing is written into them. Raises SlotDisabled
    for an account that has no role here (its set-up was cut short).
    """
    with store.read() as session:
        actor = _actor(session, keys.user_id)
    before = before or look_before(folder, keys, store, clock, lies)
    looked = before.looked
    store.about_to_commit = watermark.watch(folder, keys)
    context = Context(folder, store, keys, clock, actor, policy)
    if looked.held:
        return _only_to_read(context, looked)
    workspace = _to_work(context, looked, before.missing)
    if looked.verified is not None:
        with suppress(KnownError):  # the next sign-in looks at a few more entries
            mac_key = keys.sub_key(anchors.MAC_PURPOSE)
            anchors.note(
                folder / anchors.FILE_NAME, looked.verified, keys.edition, clock.now(), mac_key,
                verified=True,
            )  # fmt: skip
    if keys.failed_sign_ins:
        accounts.mark_reported(folder, keys.failed_sign_ins)
    with suppress(KnownError):  # no room: the notes lie where they were, and nobody is kept out
        workspace.health.night_notes.take_in()
        held.take_in(context)
    key_change.settle(context, workspace.health.night_notes)
    with suppress(KnownError):  # as above; the next sign-in tells it
        recovery_pending.settle(context, workspace.health_keys)
    return workspace


def _only_to_read(context: Context, looked: Looked) -> Workspace:
    """Somebody signed in to records that do not fit: that is noted beside them."""
    context.store.hold()
    with suppress(KnownError), context.looking() as session:  # a disk that is full, too
        context.note(session, "sign_in", f"user:{context.actor.user_id}")
    return Workspace(context, context.keys.failures, looked.findings, compared=looked.compared)


def _to_work(context: Context, looked: Looked, missing: tuple[AnchorFinding, ...]) -> Workspace:
    folder, keys, clock, actor = context.folder, context.keys, context.clock, context.actor
    doubts = looked.findings + missing
    with context.store.write() as session:
        announce_key(session, keys, clock)
        if missing:
            system = audit.system_actor(session, keys.vault_id)
            audit.append(session, system, clock, "saves.missing", "vault")
        if keys.repaired:
            system = audit.system_actor(session, keys.vault_id)
            told = audit.append(session, system, clock, "key_file.repaired", "vault")
            doubts += (AnchorFinding(KEY_FILE_REPAIRED, told.seq, "file"),)
        audit.append_failed_sign_ins(session, keys.vault_id, clock, keys.failed_sign_ins)
        audit.append(
            session,
            audit.AuditActor.of(keys, actor.role),
            clock,
            "sign_in",
            f"user:{keys.user_id}",
            reason="pin" if keys.by_pin else None,
            counts={"wrong_tries": keys.failures} if keys.failures else None,
        )
        doubts += _emergency_doubts(session, folder, keys, clock)
        workspace = Workspace(context, keys.failures, doubts, compared=looked.compared)
        workspace.health.tend(session)
    return workspace


def _emergency_doubts(
    session: Session, folder: Path, keys: Keys, clock: Clock
) -> tuple[AnchorFinding, ...]:
    """Put the key for notes of the locked screen beside the key file; a doubt, where another hand
    had changed it."""
    try:
        if emergency.publish(folder, keys) != "changed":
            return ()
    except KnownError:  # a folder that cannot be written keeps nobody from reading
        return ()
    system = audit.system_actor(session, keys.vault_id)
    audit.append(session, system, clock, "emergency.key_changed", "vault")
    return (AnchorFinding(emergency.CHANGED, audit.head(session).seq, "file"),)


def _actor(session: Session, user_id: str) -> Actor:
    row = session.get(tables.Account, user_id)
    if row is None or not row.active:
        raise SlotDisabled(by_guessing=False)
    staff = session.get_one(people_tables.Staff, row.staff_id)
    return Actor(
        user_id=user_id,
        staff_id=f"staff:{staff.id}",
        name=whole_name(staff),
        title=staff.title,
        role=Role(row.role),
    )


def administrators(store: Store) -> tuple[tuple[str, str], ...]:
    """The active administrators' accounts as (user id, sign-in name)."""
    with store.read() as session:
        rows = session.execute(
            select(tables.Account.user_id, tables.Account.sign_in_name)
            .where(tables.Account.role == Role.ADMINISTRATOR.value, tables.Account.active)
            .order_by(tables.Account.sign_in_name)
        )
        return tuple((user_id, name) for user_id, name in rows)


def begin_recovery(
    folder: Path,
    store: Store,
    recovered: accounts.Recovered,
    clock: Clock,
    before: Before | None,
) -> None:
    """The recovery key was used, and the new one was asked back: written down before the key file
    knows it, and the escrow of the health office sealed to both.

    `before` is what was found in the records; None: under which key they are is not settled yet.
    Of records that may only be read the trail is left alone, and what was noted of them outside.
    """
    keys, former = recovered.keys, recovered.former
    whole = before is not None and not before.looked.held
    store.about_to_commit = watermark.watch(folder, keys) if whole else None
    used, by = sheet_holder(former.public_key().public_bytes_raw()), keys.user_id
    with store.write() as session:
        system = audit.system_actor(session, keys.vault_id)

        def tell(action: str, about: str, reason: str | None) -> None:
            audit.append(session, system, clock, action, about, reason=reason)

        if whole:
            recovery_pending.settled_by(session, used, tell, clock.now())
        new = sheet_holder(recovered.public)
        pending = recovery_pending.Pending(recovery_pending.USED, by, "", used, new)
        recovery_pending.begin(session, pending)
        escrow = opened_by_sheet(session, keys.vault_id, former)
        if escrow is not None:
            seal_to_sheet(session, escrow, recovered.public, by, clock.now())


def after_recovery(workspace: Workspace, store: Store, former: X25519PrivateKey) -> None:
    """What was sealed to the key of before (`former`) goes over to whoever used it. That it was
    used is told at their sign-in."""
    if store.held:  # nothing can be written now: the new sheet opens the escrow, too
        return
    with store.write() as session:
        workspace.health_keys.after_recovery(session, former)
