"""Backups: made while people work, checked before they count, thinned out by rule.

A backup appears under its name only when it is whole and was checked: pages, tables, the whole
trail with every signed part. One that was begun and not finished leaves nothing. The newest good
one is never removed. The form is `security/backup.py`'s; putting one back is `restore.py`'s.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bt_desktop import __version__
from bt_desktop.errors import KnownError, StorageDamaged
from bt_desktop.models import schema
from bt_desktop.models.audit import AuditKey
from bt_desktop.models.faults import RecordsHeld
from bt_desktop.models.health import HealthEntry
from bt_desktop.models.people import Student
from bt_desktop.models.records import Attachment, Record
from bt_desktop.models.school import Setting
from bt_desktop.models.store import Store, open_store
from bt_desktop.security import anchors, audit, backup
from bt_desktop.security.atomic import storage_errors, sync_folder, write_atomically
from bt_desktop.security.backup import BackupDamaged, Manifest
from bt_desktop.security.keyfile import DATABASE_NAME, FILE_NAME, KeyFileStore, to_bytes
from bt_desktop.security.keys import key_id, wipe
from bt_desktop.security.permissions import Action
from bt_desktop.security.slots import WrongKey, unseal_key
from bt_desktop.services.context import Context
from bt_desktop.services.integrity import first_fault
from bt_desktop.services.school_calendar import school_calendar
from bt_desktop.services.work_progress import Progress

FOLDER = "backups"
SECOND = "backup_second"
REMIND, OVERDUE = timedelta(days=7), timedelta(days=14)
"""The second place is asked for weekly, and urgently after two weeks (design/security.md §5.3)."""
_PART, _GONE = ".part-", ".gone-"
_COUNTED = {
    "records": Record,
    "students": Student,
    "health_entries": HealthEntry,
    "attachments": Attachment,
}


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as it lies there: `size` in bytes; `damaged` where its manifest cannot be read."""

    name: str
    folder: Path
    made_at: datetime
    kind: str
    size: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """The place for copies outside this computer. `state`: none, fine, remind, overdue."""

    path: str
    last_at: datetime | None
    state: str


def listed(folder: Path) -> tuple[Backup, ...]:
    """The backups in a folder, newest first; nothing of them is opened but the manifest."""
    found = []
    with suppress(FileNotFoundError, NotADirectoryError):
        for one in folder.iterdir():
            told = backup.told_by(one.name)
            if told is None or not one.is_dir():
                continue
            try:
                manifest = backup.read_manifest(one)
            except KnownError:
                found.append(Backup(one.name, one, told[0], told[1], damaged=True))
                continue
            size = sum(bytes_ for bytes_, _ in manifest.files.values())
            counts = tuple(sorted(manifest.counts.items()))
            found.append(Backup(one.name, one, manifest.made_at, manifest.kind, size, counts))
    return tuple(sorted(found, key=lambda one: one.name, reverse=True))


class BackupService:
    """Makes backups of an open vault, and looks after those that are there."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._guard = threading.RLock()  # a backup and a change of the key never meet
        self.folder = context.folder / FOLDER

    @property
    def may_make(self) -> bool:
        """Whether the signed-in person makes one by hand; the daily one is made for everybody."""
        return self._context.may(Action.BACKUP_MAKE)

    def all(self) -> tuple[Backup, ...]:
        """The backups beside the records, newest first."""
        return listed(self.folder)

    # --- making --------------------------------------------------------------------------------

    def due(self) -> bool:
        """Whether no whole backup was made on this school day yet. Reads the folder."""
        with self._context.store.read() as session:
            zone = school_calendar(session, self._context.clock.now()).zone
        today = self._context.clock.now().astimezone(zone).date()
        whole = [one for one in self.all() if not one.damaged]
        return not whole or whole[0].made_at.astimezone(zone).date() < today

    def changed(self) -> bool:
        """Whether something was written since the newest backup, beside the word of that backup."""
        newest = next((one for one in self.all() if not one.damaged), None)
        if newest is None:
            return True
        with self._context.store.read() as session:
            return audit.head(session).seq > backup.read_manifest(newest.folder).head.seq + 1

    def daily(self, progress: Progress | None = None) -> Backup | None:
        """The backup of the day, where there is none yet. Raises as `make`."""
        return self._make("daily", progress) if self.due() else None

    def at_exit(self, progress: Progress | None = None) -> Backup | None:
        """One more at the end of the work, where something was written. Raises as `make`."""
        return self._make("exit", progress) if self.changed() else None

    def make(self, progress: Progress | None = None) -> Backup:
        """A backup by hand. For the lane of long reads: nobody has to wait for it.

        Raises Denied, Canceled (nothing is left of it), BackupDamaged (the copy was not whole),
        StorageFull, StorageReadOnly.
        """
        self._context.require(Action.BACKUP_MAKE)
        return self._make("hand", progress)

    def before_change(self, progress: Progress | None = None) -> Backup:
        """The one that a change of the database key begins with. Raises as `make`."""
        return self._make("before", progress)

    def after_change(self) -> Backup:
        """The first one under the new key. Raises as `make`."""
        return self._make("hand", None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other backup is made or checked meanwhile."""
        with self._guard:
            yield

    def _make(self, kind: str, progress: Progress | None) -> Backup:
        with self._guard:
            return self._made(kind, progress)

    def _made(self, kind: str, progress: Progress | None) -> Backup:
        context = self._context
        if context.store.held:  # it would stand as the newest, and push a good one out
            raise RecordsHeld
        now = context.clock.now()
        with storage_errors():
            self.folder.mkdir(mode=0o700, exist_ok=True)
            self._sweep()
            part = self.folder / f"{_PART}{secrets.token_hex(4)}"
            part.mkdir(mode=0o700)
            try:
                manifest = self._fill(part, kind, now, progress)
                final = self._free(backup.name_of(now, kind))
                os.replace(part, final)
                sync_folder(self.folder)
            finally:
                shutil.rmtree(part, ignore_errors=True)
        told = hashlib.sha256((final / backup.MANIFEST).read_bytes()).hexdigest()
        with context.store.write() as session:
            context.note(session, "backup.made", "vault", digest=told, reason=kind)
        self._note_head(manifest, self.folder)
        self._thin_out(final.name)
        return next(one for one in self.all() if one.name == final.name)

    def _fill(self, part: Path, kind: str, now: datetime, progress: Progress | None) -> Manifest:
        context = self._context
        keys = KeyFileStore(context.folder)
        with keys.locked():
            write_atomically(part / FILE_NAME, to_bytes(keys.peek()))
        key = backup.backup_key(context.keys.database_key, context.keys.vault_id)
        try:
            context.store.backup_to(part / DATABASE_NAME, key, told_to(progress))
            head, counts = checked(part / DATABASE_NAME, key, context.keys.vault_id)
        finally:
            wipe(key)
        manifest = Manifest(
            context.keys.vault_id,
            now,
            kind,
            __version__,
            schema.VERSIONS[-1],
            head,
            counts,
            {name: backup.digest(part / name) for name in backup.FILES},
            context.keys.user_id,
            context.keys.signing.public_key().public_bytes_raw(),
        )
        write_atomically(part / backup.MANIFEST, backup.written(manifest, context.keys.signing))
        sync_folder(part)
        return manifest

    def _free(self, name: str) -> Path:
        number, path = 1, self.folder / name
        while path.exists():
            number += 1
            path = self.folder / f"{name}-{number}"
        return path

    # --- looking after them --------------------------------------------------------------------

    def verify(self, name: str, progress: Progress | None = None) -> Manifest:
        """Check a backup again, every byte and the whole trail in it. For the lane of long reads.

        Raises NoBackup, BackupDamaged, BackupOfFormerKey, Canceled.
        """
        with self._guard:
            return self._verified(self.folder / name, progress)

    def _verified(self, folder: Path, progress: Progress | None = None) -> Manifest:
        manifest = backup.read_manifest(folder)
        with self._database_key_of(folder, manifest) as key:
            return verified(folder, key, progress)

    @contextmanager
    def _database_key_of(self, folder: Path, manifest: Manifest) -> Iterator[bytearray]:
        """The database key of the time of a backup: ours, or a former one that its key file has
        sealed to the signed-in person. One of a former key was signed by somebody we know."""
        keys = self._context.keys
        try:
            file = KeyFileStore(folder).peek()
        except KnownError:
            raise BackupDamaged from None
        if file.generation == keys.generation:
            yield keys.database_key
            return
        with self._context.store.read() as session:
            known = session.get(AuditKey, key_id(manifest.signer))
        if known is None or known.public != manifest.signer:
            raise BackupDamaged
        slot = file.slot(keys.user_id)
        blob = None if slot is None else slot.sealed.get(file.generation)
        try:
            if blob is None:
                raise WrongKey
            key = unseal_key(blob, keys.sealing, file.vault_id, file.generation, keys.user_id)
        except WrongKey:
            raise backup.BackupOfFormerKey from None
        try:
            yield key
        finally:
            wipe(key)

    def _thin_out(self, newest: str) -> None:
        """Remove what the rule does not keep; never the newest, which was checked a moment ago."""
        for name in backup.outdated((one.name for one in self.all()), newest):
            gone = self.folder / f"{_GONE}{name}"
            with suppress(OSError):  # held open by a virus scanner: the next time
                os.replace(self.folder / name, gone)
                shutil.rmtree(gone, ignore_errors=True)

    def _sweep(self) -> None:
        """What a killed program left begun, or half removed."""
        for one in self.folder.iterdir():
            if one.name.startswith((_PART, _GONE)):
                shutil.rmtree(one, ignore_errors=True)

    def _note_head(self, manifest: Manifest, folder: Path) -> None:
        context = self._context
        with suppress(KnownError):
            anchors.note(
                folder / anchors.FILE_NAME, manifest.head, context.keys.edition,
                context.clock.now(), context.keys.sub_key(anchors.MAC_PURPOSE),
            )  # fmt: skip

    # --- the second place ----------------------------------------------------------------------

    def second(self) -> SecondPlace:
        """Where copies go outside this computer, and how long ago the last one did."""
        with self._context.store.read() as session:
            row = session.get(Setting, SECOND)
            kept = dict(row.value) if row is not None else {}
        last = datetime.fromisoformat(kept["last"]) if kept.get("last") else None
        path = str(kept.get("path", ""))
        if not path:
            return SecondPlace("", None, "none")
        ago = None if last is None else self._context.clock.now() - last
        state = "overdue" if ago is None or ago > OVERDUE else "remind" if ago > REMIND else "fine"
        return SecondPlace(path, last, state)

    def set_second(self, path: Path | None) -> None:
        """Choose the second place (a stick, a share), or none. Raises Denied, NoSuchPlace."""
        self._context.require(Action.BACKUP_MAKE)
        if path is not None and not path.is_dir():
            raise NoSuchPlace
        value = {} if path is None else {"path": str(path)}
        with self._context.store.write() as session:
            session.merge(Setting(name=SECOND, value=value))
            self._context.note(session, "backup.second", "vault", reason="set" if path else "none")

    def copy_to_second(self, progress: Progress | None = None) -> Backup:
        """Copy the newest good backup to the second place, and check it there.

        Raises NoBackup (none yet), NoSuchPlace (it is not connected), BackupDamaged, StorageFull,
        StorageReadOnly, Canceled, BackupOfFormerKey.
        """
        with self._guard:
            return self._copied_to_second(progress)

    def _copied_to_second(self, progress: Progress | None) -> Backup:
        newest = next((one for one in self.all() if not one.damaged), None)
        if newest is None:
            raise backup.NoBackup
        place = Path(self.second().path or "?")
        if not place.is_dir():
            raise NoSuchPlace
        target = place / newest.name
        if not target.exists():
            part = place / f"{_PART}{secrets.token_hex(4)}"
            with storage_errors():
                try:
                    part.mkdir(mode=0o700)
                    _copied(newest.folder, part, progress)
                    sync_folder(part)  # else a power cut may leave a folder without its files
                    os.replace(part, target)
                    sync_folder(place)
                finally:
                    shutil.rmtree(part, ignore_errors=True)
        manifest = self._verified(target, progress)
        self._note_head(manifest, place)
        now = self._context.clock.now()
        with self._context.store.write() as session:
            value = {"path": str(place), "last": now.isoformat()}
            session.merge(Setting(name=SECOND, value=value))
            self._context.note(session, "backup.copied", "vault", reason=manifest.kind)
        for name in backup.outdated((one.name for one in listed(place)), target.name):
            shutil.rmtree(place / name, ignore_errors=True)
        return Backup(target.name, target, manifest.made_at, manifest.kind, newest.size)


def second_path(session: Session) -> Path | None:
    """The second place that was chosen, connected or not; None where there is none."""
    row = session.get(Setting, SECOND)
    path = str(row.value.get("path", "")) if row is not None else ""
    return Path(path) if path else None


class NoSuchPlace(KnownError):
    """The second place is not there (now)."""

    def __init__(self) -> None:
        super().__init__(
            "no-such-place", "The place for the second copy is not there.",
            "Connect the drive, or choose another folder.",
        )  # fmt: skip


def told_to(progress: Progress | None) -> schema.Progress | None:
    """Pages as steps of the window's progress."""
    if progress is None:
        return None

    def told(done: int, total: int) -> None:
        if progress.total != total:
            progress.begin(total)
        progress.step(max(0, done - progress.done))

    return told


def checked(
    path: Path,
    key: bytearray,
    vault_id: str,
    signer: bytes | None = None,
    *,
    step: Callable[[int], object] | None = None,
) -> tuple[audit.Head, dict[str, int]]:
    """Open a copied database and check the whole trail and every signed part in it.

    `signer` is who signed the manifest: one of the vault's people. `step` is told of entries looked
    at, each of them twice. Gives its head and what it holds. Raises BackupDamaged, and as opening
    raises.
    """
    store = Store(path, key)
    try:
        with store.read() as session:
            verdict = audit.verify(session, vault_id=vault_id, step=step)
            if not verdict.holds or first_fault(session, step) is not None:
                raise BackupDamaged(
                    "The records themselves do not agree with their trail: run "
                    "“bt-desktop audit verify” and tell an administrator."
                )
            known = session.get(AuditKey, key_id(signer)) if signer is not None else None
            if signer is not None and (known is None or known.public != signer):
                raise BackupDamaged
            counts = {
                name: session.scalar(select(func.count()).select_from(table)) or 0
                for name, table in _COUNTED.items()
            }
            return audit.head(session), counts
    finally:
        store.close()


def verified(folder: Path, database_key: bytearray, progress: Progress | None = None) -> Manifest:
    """A backup, checked byte by byte and from within, on a copy: the backup itself is not touched.

    `database_key` is that of the time of the backup. Raises NoBackup, BackupDamaged, BackupNewer,
    Canceled.
    """
    manifest = backup.read_manifest(folder)
    if manifest.schema not in schema.VERSIONS:
        raise backup.BackupNewer
    backup.check_files(folder, manifest)
    key = backup.backup_key(database_key, manifest.vault_id)
    try:
        with tempfile.TemporaryDirectory(prefix="bt-check-") as work:  # encrypted as it is
            copy = Path(work) / DATABASE_NAME
            shutil.copyfile(folder / DATABASE_NAME, copy)
            if manifest.schema != schema.VERSIONS[-1]:
                open_store(copy, key).close()  # of an older program: moved on, in the copy
            if progress is not None:
                progress.begin(2 * manifest.head.seq)
            head, counts = checked(
                copy, key, manifest.vault_id, manifest.signer,
                step=None if progress is None else progress.step,
            )  # fmt: skip
            if head != manifest.head or any(counts[k] != n for k, n in manifest.counts.items()):
                raise BackupDamaged
    except (KeyError, StorageDamaged):  # it counts something else, or its database does not open
        raise BackupDamaged from None
    finally:
        wipe(key)
    return manifest


def _copied(source: Path, target: Path, progress: Progress | None) -> None:
    names = (*backup.FILES, backup.MANIFEST)
    if progress is not None:
        progress.begin(len(names))
    for name in names:
        shutil.copyfile(source / name, target / name)
        with (target / name).open("rb+") as file:
            os.fsync(file.fileno())
        if progress is not None:
            progress.step()
