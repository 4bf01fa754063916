"""Putting a backup back: beside the old records first, never over them.

The backup is checked and opened with a password of its own time (an administrator's). The new files
are made whole in a folder beside; a plan is written; then the old files are renamed aside and the
new ones take their names. A program killed in between goes on with the plan at its next start, so
there is always one whole vault.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bt_desktop.clock import Clock
from bt_desktop.errors import Denied, KnownError
from bt_desktop.models import schema
from bt_desktop.models.school import Account
from bt_desktop.models.store import Store, connect, open_store
from bt_desktop.security import anchors, audit, backup, emergency, vault, watermark
from bt_desktop.security.atomic import storage_errors, sync_folder, write_atomically
from bt_desktop.security.backup import BackupDamaged, Manifest
from bt_desktop.security.kdf import PRODUCTION, KdfPolicy
from bt_desktop.security.keyfile import COPY_SUFFIX, DATABASE_NAME, FILE_NAME, KeyFileStore
from bt_desktop.security.keys import Keys, wipe
from bt_desktop.security.permissions import Action, Role, may
from bt_desktop.security.replacing import PLAN, WORK, finish, require_closed
from bt_desktop.services import closed, key_owed, trail_watch
from bt_desktop.services.announcing import announce_key
from bt_desktop.services.backups import checked, told_to
from bt_desktop.services.trail_watch import Highest
from bt_desktop.services.work_progress import Progress

_NEW = (DATABASE_NAME, FILE_NAME, anchors.FILE_NAME, closed.FILE_NAME)
_OLD = (
    DATABASE_NAME,
    f"{DATABASE_NAME}-wal",
    f"{DATABASE_NAME}-shm",
    FILE_NAME,
    f"{FILE_NAME}{COPY_SUFFIX}",
    anchors.FILE_NAME,
    watermark.FILE_NAME,
    closed.FILE_NAME,
)


class OtherVault(KnownError):
    """The backup is of other records than those that lie there."""

    def __init__(self) -> None:
        super().__init__(
            "other-vault", "This backup is of other records than those in the folder.",
            "Restore it into an empty folder.",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: what the manifest says of it; the names that the old files have now."""

    manifest: Manifest
    aside: tuple[str, ...]


def restore(
    source: Path,
    folder: Path,
    user_id: str,
    password: str,
    clock: Clock,
    *,
    kdf_policy: KdfPolicy | None = None,
    progress: Progress | None = None,
) -> Restored:
    """Put the backup in `source` back into the vault folder `folder` (there or not). Slow.

    Who restores is an administrator of the time of the backup, by the password of that time. The
    records must be locked. Raises NoBackup, BackupDamaged, BackupNewer, OtherVault, StillOpen,
    Denied, Canceled, StorageFull, StorageReadOnly, and as `access.unlock` for the password.
    """
    manifest = backup.read_manifest(source)
    if manifest.schema not in schema.VERSIONS:
        raise backup.BackupNewer
    generation = _generation_there(folder, manifest)
    backup.check_files(source, manifest)
    with storage_errors():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_closed(folder / DATABASE_NAME)
        finish(folder)
        with _work(folder) as work:
            shutil.copyfile(source / FILE_NAME, work / FILE_NAME)
            keys = vault.unlock(work, user_id, password, clock, policy=kdf_policy or PRODUCTION)
            try:
                rebuilt(source, work, keys.database_key, manifest, progress)
                known = _known_until(folder, work, keys)
                _tell(work, keys, manifest, clock, known, owes=generation > keys.generation)
            finally:
                keys.wipe()
            (work / f"{FILE_NAME}.lock").unlink(missing_ok=True)
            # what notes of the locked screen are sealed to goes with the key it comes from
            with_key = (emergency.PUBLIC_NAME,) if generation != keys.generation else ()
            aside = _plan(folder, work, clock.now(), (*_OLD, *with_key))
    finish(folder)
    return Restored(manifest, aside)


def people(source: Path) -> vault.VaultState:
    """Who may open the backup, as the sign-in page lists them. Raises NoBackup, BackupDamaged."""
    backup.read_manifest(source)
    return vault.vault_state(source)


def _generation_there(folder: Path, manifest: Manifest) -> int:
    """Of the database key in use; 0 where that cannot be told. Raises OtherVault."""
    try:
        there = KeyFileStore(folder).peek()
    except KnownError:
        return 0  # no key file, or a damaged one: that is why somebody restores
    if there.vault_id != manifest.vault_id:
        raise OtherVault
    return there.generation


@contextmanager
def _work(folder: Path) -> Iterator[Path]:
    work = folder / WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        yield work
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def rebuilt(
    source: Path,
    work: Path,
    database_key: bytearray,
    manifest: Manifest,
    progress: Progress | None = None,
) -> dict[str, int]:
    """The database under the vault's own key in `work`, made from a copy of the backup's, and
    checked whole; what it holds, as counts. Its tables are those of this program.

    `database_key` is that of the time of the backup. Raises BackupDamaged, Canceled, and as opening
    raises.
    """
    key = backup.backup_key(database_key, manifest.vault_id)
    copy = work / f"copy-of-{DATABASE_NAME}"
    try:
        shutil.copyfile(source / DATABASE_NAME, copy)
        schema.verified_copy(
            copy,
            work / DATABASE_NAME,
            lambda path: connect(path, key),
            connect_target=lambda path: connect(path, database_key),
            progress=told_to(progress),
        )
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
        open_store(work / DATABASE_NAME, database_key).close()  # moves older tables on
        if progress is not None:
            progress.begin(2 * manifest.head.seq)
        head, counts = checked(
            work / DATABASE_NAME, database_key, manifest.vault_id, manifest.signer,
            step=None if progress is None else progress.step,
        )  # fmt: skip
        if head != manifest.head or any(counts[k] != n for k, n in manifest.counts.items()):
            raise BackupDamaged
    finally:
        wipe(key)
    return counts


def _known_until(folder: Path, work: Path, keys: Keys) -> Highest:
    """How far the records were known to be. The key file is put above every edition noted, so that
    what is noted from now on is told from what was noted before (docs/decisions/0030)."""
    noted = trail_watch.highest(folder, keys)
    editions = [noted.edition, keys.edition]
    with suppress(KnownError):  # none there, or damaged: that is why somebody restores
        editions.append(KeyFileStore(folder).peek().edition)
    raised = max(editions)
    file = KeyFileStore(work).change(vault.proven(keys, lambda now: replace(now, edition=raised)))
    keys.edition = file.edition
    return noted


def _tell(
    work: Path, keys: Keys, manifest: Manifest, clock: Clock, known: Highest, *, owes: bool
) -> None:
    """Refuse whoever is no administrator; tell the trail which entries are gone by it, and note
    its head anew.

    `owes`: the backup brings a database key back that was changed since, so it is to be changed.
    """
    store = Store(work / DATABASE_NAME, keys.database_key)
    try:
        with store.write() as session:
            account = session.get(Account, keys.user_id)
            if account is None or not may(Role(account.role), Action.BACKUP_RESTORE):
                raise Denied(Action.BACKUP_RESTORE.value)
            before = audit.head(session)
            announce_key(session, keys, clock)
            entry = audit.append(
                session,
                audit.AuditActor.of(keys, Role(account.role)),
                clock,
                anchors.RESTORED,
                "vault",
                digest=manifest.files[DATABASE_NAME][1],
                reason=manifest.kind,
                counts={"after": before.seq, "until": known.seq, "edition": keys.edition},
            )
            if owes:
                key_owed.owe(session, key_owed.OLDER_RESTORED, clock.now())
            trail_watch.remember(session, entry)
            head = audit.head(session)
        closing = closed.closing(store, keys)
    finally:
        store.close()
    if closing is not None:
        closing.note(work)
    mac_key = keys.sub_key(anchors.MAC_PURPOSE)
    anchors.note(work / anchors.FILE_NAME, head, keys.edition, clock.now(), mac_key, verified=True)


def _free_stamp(folder: Path, moment: str, old: tuple[str, ...]) -> str:
    """A moment under which nothing lies aside yet: by a clock that was set back, one may."""
    stamp, count = moment, 1
    while any((folder / f"{name}.replaced-{stamp}").exists() for name in old):
        count += 1
        stamp = f"{moment}-{count}"
    return stamp


def _plan(folder: Path, work: Path, now: datetime, old: tuple[str, ...]) -> tuple[str, ...]:
    """Write down what is renamed to what, before anything is."""
    stamp = _free_stamp(folder, f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", old)
    aside = [(name, f"{name}.replaced-{stamp}") for name in old if (folder / name).exists()]
    new = [name for name in _NEW if (work / name).exists()]
    sync_folder(work)
    plan = {"aside": aside, "new": new}
    write_atomically(folder / PLAN, json.dumps(plan, sort_keys=True).encode("ascii"))
    return tuple(name for _, name in aside)
