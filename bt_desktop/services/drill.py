"""The monthly trial: the newest backup is put back in a corner, opened, counted, thrown away.

A backup that nobody ever opened is a hope. The trial goes the way of a restore (`restore.rebuilt`)
but takes nothing's place: in a folder of its own within the vault, encrypted, removed afterwards,
also after a kill. The database key comes out of the backup's own key file, by the key of whoever is
signed in; only the step from the password to that key is not tried (docs/decisions/0030).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bt_desktop.errors import StorageDamaged
from bt_desktop.models.faults import RecordsHeld
from bt_desktop.models.school import Setting
from bt_desktop.security import backup
from bt_desktop.security.atomic import storage_errors
from bt_desktop.security.backup import BackupDamaged, BackupNewer, BackupOfFormerKey, NoBackup
from bt_desktop.security.keyfile import KeyFileStore
from bt_desktop.security.keys import hkdf, wipe
from bt_desktop.security.permissions import Action
from bt_desktop.security.problems import KeyFileDamaged, KeyFileMissing, KeyFileNewer
from bt_desktop.security.slots import WrongKey, unseal_key
from bt_desktop.security.vault import MAC_PURPOSE
from bt_desktop.services.backups import Backup, BackupService
from bt_desktop.services.context import Context
from bt_desktop.services.restore import rebuilt
from bt_desktop.services.work_progress import Progress

TRIED = "backup.tried"
WORK = "trying-a-backup"
MONTH, AGAIN, TOO_LONG = timedelta(days=30), timedelta(days=1), timedelta(days=40)
"""Tried monthly; the next day where the last did not succeed; told on home after forty days."""
OLD_BACKUP = timedelta(days=7)
_KEPT = "backup_tried"
_NOT_GOOD = (
    BackupDamaged, BackupNewer, NoBackup, StorageDamaged, KeyFileDamaged, KeyFileMissing,
    KeyFileNewer,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """The last trial: when, of which backup (its name), whether it was good (else the code of what
    was wrong), how many records were opened."""

    at: datetime
    name: str
    good: bool
    code: str
    records: int


@dataclass(frozen=True, slots=True)
class Worry:
    """Something about the backups that cannot wait: a sentence with what to do; `urgent`: red."""

    code: str
    sentence: str
    urgent: bool


class DrillService:
    """Tries out the newest backup, and knows what is wrong with the backups."""

    def __init__(self, context: Context, backups: BackupService) -> None:
        self._context = context
        self._backups = backups
        self._work = context.folder / WORK

    def last(self) -> Trial | None:
        """The last trial; None before the first."""
        with self._context.store.read() as session:
            row = session.get(Setting, _KEPT)
            kept = dict(row.value) if row is not None else {}
        if not kept:
            return None
        at = datetime.fromisoformat(kept["at"])
        return Trial(at, kept["name"], kept["good"], kept["code"], kept["records"])

    def due(self) -> bool:
        """Whether the newest backup should be tried out."""
        if self._context.store.held or self._newest() is None:
            return False
        last = self.last()
        if last is None:
            return True
        ago = self._context.clock.now() - last.at
        return not timedelta(0) <= ago < (MONTH if last.good else AGAIN)

    def monthly(self, progress: Progress | None = None) -> Trial | None:
        """The trial by itself, whoever signed in; None where it is not due. Raises as `try_out`.

        What a killed program left of one is removed first.
        """
        self.sweep()
        if not self.due():
            return None
        with suppress(BackupOfFormerKey):  # nothing that this person could try
            return self._try_out(progress)
        return None

    def try_out(self, progress: Progress | None = None) -> Trial:
        """Try out the newest backup now. For the lane of long work.

        What was found is an entry of the trail, good or not. Raises Denied, RecordsHeld, NoBackup,
        and Canceled, BackupOfFormerKey, StorageFull, StorageReadOnly: then it was not tried, and
        nothing is left.
        """
        self._context.require(Action.BACKUP_MAKE)
        return self._try_out(progress)

    def sweep(self) -> None:
        """Remove what a killed program left of a trial."""
        shutil.rmtree(self._work, ignore_errors=True)

    def worries(self) -> tuple[Worry, ...]:
        """What should be told on home, to who looks after the backups."""
        context = self._context
        if not context.may(Action.BACKUP_MAKE):
            return ()
        now, last = context.clock.now(), self.last()
        good = [one for one in self._backups.all() if not one.damaged]
        found = []
        if last is not None and not last.good:
            found.append(
                Worry(
                    "trial-failed",
                    "The newest backup was tried out and could not be opened whole. Make another "
                    "now, and keep the old ones.",
                    True,
                )
            )
        since = last.at if last is not None else good[-1].made_at if good else None
        if since is not None and now - since > TOO_LONG:
            found.append(
                Worry(
                    "trial-old",
                    f"No backup was tried out for {(now - since).days} days. Try one out now.",
                    False,
                )
            )
        if good and now - good[0].made_at > OLD_BACKUP:
            days = (now - good[0].made_at).days
            found.append(
                Worry(
                    "backup-old",
                    f"The newest whole backup is {days} days old. Make one now.",
                    True,
                )
            )
        place = self._backups.second()
        if place.state == "overdue":
            found.append(
                Worry(
                    "second-overdue",
                    "No copy went to the second place for more than 14 days. Connect it and copy "
                    "the newest backup there.",
                    True,
                )
            )
        return tuple(found)

    # --- within --------------------------------------------------------------------------------

    def _newest(self) -> Backup | None:
        return next((one for one in self._backups.all() if not one.damaged), None)

    def _try_out(self, progress: Progress | None) -> Trial:
        if self._context.store.held:
            raise RecordsHeld
        newest = self._newest()
        if newest is None:
            raise NoBackup
        code, counts = "", dict[str, int]()
        try:
            with self._backups.alone(), self._corner() as work:
                counts = self._opened(newest.folder, work, progress)
        except _NOT_GOOD as problem:
            code = problem.code
        return self._tell(newest, code, counts)

    @contextmanager
    def _corner(self) -> Iterator[Path]:
        """A folder of its own within the vault, gone afterwards whatever happens."""
        self.sweep()
        with storage_errors():
            self._work.mkdir(mode=0o700)
        try:
            yield self._work
        finally:
            self.sweep()

    def _opened(self, source: Path, work: Path, progress: Progress | None) -> dict[str, int]:
        """Everything a restore does up to the point where something would take a place."""
        with storage_errors():
            manifest = backup.read_manifest(source)
            backup.check_files(source, manifest)
            key = self._key_of(source)
            try:
                return rebuilt(source, work, key, manifest, progress)
            finally:
                wipe(key)

    def _key_of(self, source: Path) -> bytearray:
        """The database key of the time of the backup, out of its own key file by the signed-in
        person's key. Of an account that is younger, or got a new password since, it cannot come:
        then it is today's, if the backup's key file agrees."""
        keys = self._context.keys
        file = KeyFileStore(source).peek()
        slot = file.slot(keys.user_id)
        blob = slot.sealed.get(file.generation) if slot is not None else None
        key = None
        if blob is not None:
            with suppress(WrongKey):  # a new password since: below it shows whether today's fits
                key = unseal_key(blob, keys.sealing, file.vault_id, file.generation, keys.user_id)
        if key is None and file.generation != keys.generation:
            raise BackupOfFormerKey
        key = key or bytearray(keys.database_key)
        if not file.mac_holds(hkdf(key, file.vault_id, MAC_PURPOSE)):
            wipe(key)
            raise KeyFileDamaged
        return key

    def _tell(self, tried: Backup, code: str, counts: dict[str, int]) -> Trial:
        context = self._context
        try:
            told = (tried.folder / backup.MANIFEST).read_bytes()
        except OSError:
            told = b""
        trial = Trial(context.clock.now(), tried.name, not code, code, counts.get("records", 0))
        with context.store.write() as session:
            context.note(
                session, TRIED, "vault", digest=hashlib.sha256(told).hexdigest(),
                reason=code or "good", counts=counts,
            )  # fmt: skip
            kept = {
                "at": trial.at.isoformat(), "name": trial.name, "good": trial.good,
                "code": trial.code, "records": trial.records,
            }  # fmt: skip
            session.merge(Setting(name=_KEPT, value=kept))
        return trial
