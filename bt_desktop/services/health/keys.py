"""Who can read what the health office keeps: the keys of subjects and the grants of them.

A subject is a student (`student:<uuid>`), the school's stock or the office (see `model`). Nurses
hold every subject's key, a delegate their students'; the escrow holds all and is itself held by
the administrators and the printed recovery key. Every grant, every withdrawal and every use of the
escrow leaves an entry in the audit trail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import ColumnElement, delete, exists, select, true
from sqlalchemy.orm import Session

from bt_desktop.clock import Clock
from bt_desktop.models.health import HealthGlass, HealthGrant, HealthKey
from bt_desktop.models.school import Account
from bt_desktop.security.health_keys import (
    ESCROW,
    RECOVERY,
    NotReadable,
    SubjectCipher,
    SubjectKey,
    taken_up,
)
from bt_desktop.security.keyfile import KeyFile, KeyFileStore
from bt_desktop.security.permissions import Role
from bt_desktop.security.problems import KeyFileAltered
from bt_desktop.security.vault import MAC_PURPOSE
from bt_desktop.services.context import Context
from bt_desktop.services.health.escrow_paper import (
    drop_sheets,
    opened_by_sheet,
    seal_to_sheet,
    sheet_holder,
    sheets,
)
from bt_desktop.services.health.glass_steps import Limit, write_step

NURSE, DELEGATE, ADMINISTRATOR = "nurse", "delegate", "administrator"
SheetStanding = Literal["nothing", "sealed", "administrator", "nurse"]
"""Whether the printed recovery key opens what the health office keeps: there is nothing yet, it
does, or it will once an administrator who can open the escrow, or a nurse, signs in."""
_SUBJECTS = HealthKey.subject != ESCROW


class HealthKeys:
    """The keys that the signed-in person can take up; one object for one sign-in.

    Ciphers are kept until the vault is locked: taking one up costs 0.2 ms, an entry 2 µs.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._guard = threading.Lock()
        self._held: dict[str, SubjectCipher] = {}
        self._glass: dict[str, Limit] = {}

    # --- reading -------------------------------------------------------------------------------

    def cipher(self, session: Session, subject: str) -> SubjectCipher | None:
        """What opens a subject's entries, for a holder; None for everybody else."""
        with self._guard:
            self._drop_what_is_over()
            held = self._held.get(subject)
        if held is not None:
            return held
        keys = self._context.keys
        row = session.get(HealthGrant, (subject, keys.user_id))
        if row is None:
            return None
        try:
            key = taken_up(row.sealed, keys.sealing, keys.vault_id, subject, keys.user_id)
        except NotReadable:  # sealed to keys of before a new password
            return None
        return self._keep(key)

    def forget(self, subject: str | None = None) -> None:
        """Let go of one subject's cipher (a glass was closed), or of all (the vault is locked)."""
        with self._guard:
            if subject is None:
                self._held.clear()
                self._glass.clear()
            else:
                self._held.pop(subject, None)
                self._glass.pop(subject, None)

    def held_subjects(self, session: Session) -> frozenset[str]:
        """The subjects whose key is sealed to the signed-in person."""
        mine = select(HealthGrant.subject).where(
            HealthGrant.holder == self._context.keys.user_id, HealthGrant.subject != ESCROW
        )
        return frozenset(session.scalars(mine))

    def readable(self, session: Session) -> frozenset[str]:
        """The subjects whose entries can be opened now: granted ones, and those held by a glass."""
        with self._guard:
            self._drop_what_is_over()
            held = frozenset(self._held)
        return self.held_subjects(session) | held

    def behind_glass(self) -> frozenset[str]:
        """The subjects whose key was taken out of the escrow and is still held."""
        with self._guard:
            self._drop_what_is_over()
            return frozenset(self._glass)

    def _keep(self, key: SubjectKey, limit: Limit | None = None) -> SubjectCipher:
        cipher = key.cipher()
        with self._guard:
            self._held[key.subject] = cipher
            if limit is not None:
                self._glass[key.subject] = limit
        return cipher

    def _drop_what_is_over(self) -> None:
        """Forget keys whose time is over (with the guard held), whoever asks and for what."""
        for subject in [one for one, limit in self._glass.items() if limit.over(self._clock)]:
            del self._glass[subject]
            self._held.pop(subject, None)

    @property
    def _clock(self) -> Clock:
        return self._context.clock

    # --- making and granting -------------------------------------------------------------------

    def public(self, session: Session, subject: str) -> bytes:
        """The public key of a subject; made, with its grants, where there is none yet.

        Whoever makes it keeps nothing of it unless they are a nurse.
        """
        row = session.get(HealthKey, subject)
        if row is not None:
            return row.public
        context, file = self._context, self._file()
        key = SubjectKey.new(context.keys.vault_id, subject)
        self._write_key(session, key)
        self._grant(session, key, ESCROW, self._escrow_public(session, file), ESCROW)
        for user_id in self._users(session, Role.NURSE):
            self._grant_user(session, file, key, user_id, NURSE)
        session.flush()
        self._told_key(session, subject)
        if context.actor.role is Role.NURSE:
            self._keep(key)
        return key.public

    def share(self, session: Session, subject: str, user_id: str, why: str = DELEGATE) -> None:
        """Seal a subject's key to somebody (a delegate). Raises NotReadable for no holder, and for
        whoever only broke the glass."""
        self.public(session, subject)
        cipher = self.cipher(session, subject)
        if cipher is None or subject in self.behind_glass():
            raise NotReadable
        if self._grant_user(session, self._file(), cipher.key, user_id, why):
            self._told(session, "health.grant", user_id, why, 1)

    def withdraw(self, session: Session, user_id: str, subject: str | None = None) -> None:
        """Take the keys back from somebody: of one subject, or all. What they saw they saw."""
        wanted = delete(HealthGrant).where(HealthGrant.holder == user_id)
        if subject is not None:
            wanted = wanted.where(HealthGrant.subject == subject, HealthGrant.why == DELEGATE)
        gone = session.execute(wanted).rowcount  # type: ignore[attr-defined]  # of a DELETE
        if gone:
            self._told(session, "health.withdraw", user_id, None, gone)

    def tend(self, session: Session) -> int:
        """Seal what the signed-in person can open to nurses (administrators: the escrow) who lack
        it: after a new account, another role or a new password. Returns how many grants were made.

        A nurse does it from their own keys, an administrator by the escrow, which is told.
        """
        role = self._context.actor.role
        if role not in (Role.NURSE, Role.ADMINISTRATOR):
            return 0
        lacking = self._lacking(session, Role.NURSE, _SUBJECTS)
        if role is Role.NURSE:
            made = self._give_to_escrow(session)
            return made + (self._give(session, lacking, None) if lacking else 0)
        administrators = self._lacking(session, Role.ADMINISTRATOR, HealthKey.subject == ESCROW)
        if not (lacking or administrators or self._recovery_is_dated(session)):
            return 0
        escrow = self._escrow(session)
        if escrow is None:
            return 0
        made = self._give_escrow(session, administrators, escrow)
        return made + self._give(session, lacking, escrow)

    def renew(self, session: Session, user_id: str) -> None:
        """Somebody got new keys (a new password by another's hand): what was sealed to the old
        ones is sealed anew where the signed-in person can open it, and taken away where not."""
        rows = session.scalars(select(HealthGrant).where(HealthGrant.holder == user_id)).all()
        file, escrow = self._file(), self._escrow(session)
        kept = 0
        for row in rows:
            subject, why = row.subject, row.why
            key = escrow if subject == ESCROW else self._openable(session, subject, escrow)
            session.delete(row)
            session.flush()
            if key is not None and self._grant_user(session, file, key, user_id, why):
                kept += 1
        if rows:
            self._told(session, "health.renew", user_id, None, kept)
        self.tend(session)

    # --- the escrow ----------------------------------------------------------------------------

    def holds_escrow(self, session: Session) -> bool:
        """Whether the signed-in person could take keys out of the escrow."""
        return self._escrow(session) is not None

    def break_glass(self, step: HealthGlass, limit: Limit, also: Callable[[Session], None]) -> None:
        """Take a student's key out of the escrow until the limit, and tell so: the only way.

        The step, what `also` writes, and the entry in the trail are kept before the key is held.
        Raises NotReadable for whoever does not hold the escrow, and where the student has no key.
        """
        with self._context.store.write() as session:
            escrow = self._escrow(session)
            key = None if escrow is None else self._by_escrow(session, step.student_id, escrow)
            if key is None:
                raise NotReadable
            write_step(session, self._context, step)
            also(session)
        self._keep(key, limit)

    def after_recovery(self, session: Session, former: X25519PrivateKey) -> None:
        """The printed recovery key was used: its escrow grant goes to the new one and to the
        administrator who used it."""
        keys = self._context.keys
        escrow = opened_by_sheet(session, keys.vault_id, former)
        if escrow is None:
            return
        session.execute(delete(HealthGrant).where(HealthGrant.holder == keys.user_id))
        session.flush()
        self._grant_user(session, self._file(), escrow, keys.user_id, ADMINISTRATOR)
        self._told(session, "health.grant", keys.user_id, RECOVERY, 1)
        self.tend(session)

    def sheet_standing(self, session: Session) -> SheetStanding:
        """Whether today's recovery sheet opens what the health office keeps."""
        if session.get(HealthKey, ESCROW) is None:
            return "nothing"
        if sheet_holder(self._file().recovery.public) not in sheets(session):
            return "administrator"
        return "nurse" if self._without_escrow(session) else "sealed"

    def seal_to_new_sheet(self, session: Session, public: bytes) -> None:
        """Another recovery key is about to take today's place: the escrow is sealed to it as well,
        where the signed-in person can open it; else `tend` does it at the sign-in of who can."""
        escrow = self._escrow(session)
        if escrow is not None:
            self._seal_to_sheet(session, escrow, public)

    def sheet_replaced(self, session: Session) -> None:
        """Today's recovery key took another's place, whose grant goes.

        Where today's has none, another administrator may be able to make it (`tend`); where there
        is none who holds the escrow, nobody ever could: then there is another escrow, to which
        nurses seal what they hold when they sign in.
        """
        holder = sheet_holder(self._file().recovery.public)
        if holder in sheets(session):
            drop_sheets(session, but=holder)
            return
        self.tend(session)
        if self._escrow_is_lost(session, holder):
            self._another_escrow(session)

    def _escrow_is_lost(self, session: Session, sheet: str) -> bool:
        """Whether neither the sheet, nor the signed-in administrator, nor another could open it."""
        me = self._context.actor
        if me.role is not Role.ADMINISTRATOR or session.get(HealthKey, ESCROW) is None:
            return False
        if sheet in sheets(session) or self._escrow(session) is not None:
            return False
        others = (
            select(HealthGrant.holder)
            .join(Account, Account.user_id == HealthGrant.holder)
            .where(HealthGrant.subject == ESCROW, Account.active, Account.user_id != me.user_id)
        )
        return session.scalars(others.limit(1)).first() is None

    def _another_escrow(self, session: Session) -> None:
        """An escrow with keys of its own, in the place of one that nobody can open."""
        of_it = (HealthGrant.subject == ESCROW) | (HealthGrant.holder == ESCROW)
        session.execute(delete(HealthGrant).where(of_it))
        session.delete(session.get_one(HealthKey, ESCROW))
        session.flush()
        self._escrow_public(session, self._file())

    def _without_escrow(self, session: Session) -> list[str]:
        """The subjects whose key is not in the escrow."""
        kept = exists().where(
            HealthGrant.subject == HealthKey.subject, HealthGrant.holder == ESCROW
        )
        return list(session.scalars(select(HealthKey.subject).where(_SUBJECTS, ~kept)))

    def _give_to_escrow(self, session: Session) -> int:
        """Put what the signed-in nurse holds into an escrow that lacks it; how many it were."""
        ciphers = [self.cipher(session, one) for one in self._without_escrow(session)]
        held = [cipher.key for cipher in ciphers if cipher is not None]
        if held:
            public = self._escrow_public(session, self._file())
            for key in held:
                self._grant(session, key, ESCROW, public, ESCROW)
            self._told(session, "health.grant", self._context.actor.user_id, ESCROW, len(held))
        return len(held)

    def _escrow(self, session: Session) -> SubjectKey | None:
        """The escrow's key, for an administrator it is sealed to. Whoever uses it tells so."""
        keys = self._context.keys
        row = session.get(HealthGrant, (ESCROW, keys.user_id))
        if row is None:
            return None
        try:
            return taken_up(row.sealed, keys.sealing, keys.vault_id, ESCROW, keys.user_id)
        except NotReadable:
            return None

    def _by_escrow(self, session: Session, subject: str, escrow: SubjectKey) -> SubjectKey | None:
        """A subject's key out of the escrow's grant; None where there is none."""
        row = session.get(HealthGrant, (subject, ESCROW))
        if row is None:
            return None
        try:
            return taken_up(row.sealed, escrow.private, escrow.vault_id, subject, ESCROW)
        except NotReadable:
            return None

    def _escrow_public(self, session: Session, file: KeyFile) -> bytes:
        row = session.get(HealthKey, ESCROW)
        if row is not None:
            return row.public
        key = SubjectKey.new(self._context.keys.vault_id, ESCROW)
        self._write_key(session, key)
        for user_id in self._users(session, Role.ADMINISTRATOR):
            self._grant_user(session, file, key, user_id, ADMINISTRATOR)
        self._grant_recovery(session, file, key)
        self._told_key(session, ESCROW)
        return key.public

    def _grant_recovery(self, session: Session, file: KeyFile, escrow: SubjectKey) -> bool:
        """Seal the escrow to the recovery key of today; the grants of others go."""
        holder = sheet_holder(file.recovery.public)
        lacked = session.get(HealthGrant, (ESCROW, holder)) is None
        drop_sheets(session, but=holder)
        if lacked:
            self._seal_to_sheet(session, escrow, file.recovery.public)
        return lacked

    def _seal_to_sheet(self, session: Session, escrow: SubjectKey, public: bytes) -> None:
        context = self._context
        seal_to_sheet(session, escrow, public, context.actor.user_id, context.clock.now())

    # --- within --------------------------------------------------------------------------------

    def _give_escrow(
        self, session: Session, lacking: list[tuple[str, str]], escrow: SubjectKey
    ) -> int:
        file = self._file()
        made = int(self._grant_recovery(session, file, escrow))
        for _, user_id in lacking:
            if self._grant_user(session, file, escrow, user_id, ADMINISTRATOR):
                self._told(session, "health.grant", user_id, ADMINISTRATOR, 1)
                made += 1
        return made

    def _give(
        self, session: Session, lacking: list[tuple[str, str]], escrow: SubjectKey | None
    ) -> int:
        """Seal subjects' keys to nurses who lack them, as far as they can be opened."""
        file, made = self._file(), dict.fromkeys((user for _, user in lacking), 0)
        for subject, user_id in lacking:
            key = self._openable(session, subject, escrow)
            if key is not None and self._grant_user(session, file, key, user_id, NURSE):
                made[user_id] += 1
        for user_id, count in made.items():
            if count:
                why = "by_escrow" if escrow is not None else NURSE
                self._told(session, "health.grant", user_id, why, count)
        return sum(made.values())

    def _recovery_is_dated(self, session: Session) -> bool:
        """Whether the escrow is sealed to a recovery key of before, or to none."""
        if session.get(HealthKey, ESCROW) is None:
            return False
        return sheets(session) != {sheet_holder(self._file().recovery.public)}

    def _openable(
        self, session: Session, subject: str, escrow: SubjectKey | None
    ) -> SubjectKey | None:
        if escrow is not None:
            return self._by_escrow(session, subject, escrow)
        cipher = self.cipher(session, subject)
        return None if cipher is None else cipher.key

    def _lacking(
        self, session: Session, role: Role, subjects: ColumnElement[bool]
    ) -> list[tuple[str, str]]:
        """(subject, user) of active accounts with that role that hold no grant of the subject."""
        granted = exists().where(
            HealthGrant.subject == HealthKey.subject, HealthGrant.holder == Account.user_id
        )
        wanted = (
            select(HealthKey.subject, Account.user_id)
            .join(Account, true())
            .where(subjects, Account.active, Account.role == role.value, ~granted)
        )
        return [(subject, user_id) for subject, user_id in session.execute(wanted)]

    def _grant_user(
        self, session: Session, file: KeyFile, key: SubjectKey, user_id: str, why: str
    ) -> bool:
        slot = file.slot(user_id)
        if slot is None:
            return False
        self._grant(session, key, user_id, slot.sealing_public, why)
        return True

    def _grant(
        self, session: Session, key: SubjectKey, holder: str, public: bytes, why: str
    ) -> None:
        session.merge(
            HealthGrant(
                subject=key.subject,
                holder=holder,
                sealed=key.granted_to(holder, public),
                why=why,
                by_user=self._context.actor.user_id,
                at=self._context.clock.now(),
            )
        )

    def _write_key(self, session: Session, key: SubjectKey) -> None:
        session.add(
            HealthKey(
                subject=key.subject,
                public=key.public,
                by_user=self._context.actor.user_id,
                made_at=self._context.clock.now(),
            )
        )

    def _told_key(self, session: Session, subject: str) -> None:
        about = subject if subject.startswith("student:") else "health"
        self._context.note(session, "health.key", about)

    def _told(
        self, session: Session, action: str, user_id: str, why: str | None, count: int
    ) -> None:
        self._context.note(
            session, action, f"user:{user_id}", reason=why, counts={"subjects": count}
        )

    def _users(self, session: Session, role: Role) -> list[str]:
        wanted = select(Account.user_id).where(Account.active, Account.role == role.value)
        return list(session.scalars(wanted.order_by(Account.user_id)))

    def _file(self) -> KeyFile:
        """The key file, whose public keys are trusted only as long as its HMAC holds."""
        return trusted_key_file(self._context.folder, self._context)


def trusted_key_file(folder: Path, context: Context) -> KeyFile:
    """The key file as somebody with the vault open last wrote it. Raises KeyFileAltered."""
    file = KeyFileStore(folder).load()
    if not file.mac_holds(context.keys.sub_key(MAC_PURPOSE)):
        raise KeyFileAltered
    return file
