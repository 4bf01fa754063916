"""What the stories about keys share: a clock, cheap password hardening, a vault with two people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy.orm import Session

from bt_desktop.clock import SetClock
from bt_desktop.models.store import Store
from bt_desktop.security import accounts, audit
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.security.keyfile import KeyFileStore
from bt_desktop.security.keys import Keys
from bt_desktop.security.vault import Created, create_vault, unlock

QUICK = KdfPolicy(floor=KdfParams(64, 1, 1), params=KdfParams(64, 1, 1))
PACIFIC = timezone(timedelta(hours=-8), "PST")
ADMIN_PASSWORD = "violet-harbor-tractor-91"
STAFF_PASSWORD = "plum-rocket-window-77"


@dataclass
class School:
    """A vault after set-up: Rosa is the administrator, Devin a technician."""

    folder: Path
    clock: SetClock
    admin_id: str
    staff_id: str
    recovery_key: str

    @property
    def store(self) -> KeyFileStore:
        return KeyFileStore(self.folder)

    def admin(self) -> Keys:
        return unlock(self.folder, self.admin_id, ADMIN_PASSWORD, self.clock, policy=QUICK)

    def staff(self, password: str = STAFF_PASSWORD) -> Keys:
        return unlock(self.folder, self.staff_id, password, self.clock, policy=QUICK)


def confirmed(created: Created) -> Keys:
    """Types the groups asked back from the printed sheet."""
    printed = created.recovery_key.split("-")
    return created.confirm({number: printed[number - 1] for number in created.challenge.groups})


@pytest.fixture
def quick() -> KdfPolicy:
    return QUICK


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 12, 8, 0, tzinfo=PACIFIC))


@pytest.fixture
def confirm() -> Callable[[Created], Keys]:
    return confirmed


@pytest.fixture
def begun(tmp_path: Path, clock: SetClock) -> Created:
    """Set-up up to the page that asks for the recovery key."""
    return create_vault(
        tmp_path / "vault",
        school_name="Alder Creek Elementary",
        admin_name="Rosa Vance",
        password=ADMIN_PASSWORD,
        clock=clock,
        policy=QUICK,
    )


@pytest.fixture
def school(tmp_path: Path, clock: SetClock, begun: Created) -> School:
    folder = tmp_path / "vault"
    keys = confirmed(begun)
    staff_id = accounts.add_user(folder, keys, "Devin Park", STAFF_PASSWORD, policy=QUICK)
    return School(folder, clock, keys.user_id, staff_id, begun.recovery_key)


@pytest.fixture
def rewrite() -> Callable[[Path, Callable[[dict], object]], None]:
    """Change a key file as an attacker would, who also renews its plain checksum."""

    def change(path: Path, how: Callable[[dict], object]) -> None:
        import hashlib

        from bt_desktop.security.canonical import canonical

        envelope = json.loads(path.read_bytes())
        del envelope["sum"]
        how(envelope)
        summed = hashlib.sha256(canonical(envelope)).hexdigest()
        path.write_bytes(canonical({**envelope, "sum": summed}))

    return change


@dataclass
class Trail:
    """An encrypted store whose audit trail was begun by Rosa."""

    db: Store
    keys: Keys
    clock: SetClock

    @property
    def rosa(self) -> audit.AuditActor:
        return audit.AuditActor.of(self.keys, "administrator", "pc-1")

    def write(self, action: str = "record_opened", **more: object) -> audit.Entry:
        with self.db.write() as session:
            return audit.append(session, self.rosa, self.clock, action, "record:7", **more)  # type: ignore[arg-type]  # passed through

    def verify(self, **how: object) -> audit.AuditVerdict:
        with self.db.read() as session:
            return audit.verify(session, **how)  # type: ignore[arg-type]  # passed through

    def sql(self, *statements: str, values: Mapping[str, object] | None = None) -> None:
        """What somebody with the database key can do: drop the guard-rails first."""
        from sqlalchemy import text

        with self.db.write() as session:
            triggers = session.execute(
                text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'")
            ).scalars()
            for name in tuple(triggers):
                session.execute(text(f"DROP TRIGGER {name}"))
            for statement in statements:
                session.execute(text(statement), values or {})

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.db.read() as session:
            yield session


@pytest.fixture
def trail(
    tmp_path: Path, clock: SetClock, new_store: Callable[[Path, bytearray], Store]
) -> Iterator[Trail]:
    """Two entries: the installation's own key, and Rosa's, which were made a moment ago; there is
    no key file."""
    keys = Keys(
        vault_id="0f0e0d0c-0b0a-4a08-8706-050403020100", generation=1, edition=1,
        user_id="1f0e0d0c-0b0a-4a08-8706-050403020100", sign_in_name="Rosa Vance",
        database_key=bytearray(range(1, 33)), signing=Ed25519PrivateKey.generate(),
        sealing=X25519PrivateKey.generate(),
    )  # fmt: skip
    db = new_store(tmp_path / "vault" / "records.db", keys.database_key)
    with db.write() as session:
        audit.begin(session, keys.vault_id, clock, "pc-1")
        public = keys.signing.public_key().public_bytes_raw()
        system = audit.system_actor(session, keys.vault_id)
        audit.add_key(session, system, clock, keys.user_id, keys.sign_in_name, public)
    yield Trail(db, keys, clock)
    db.close()
