"""The way into one vault, as the window uses it: each call loads what it needs on the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bt_desktop.clock import Clock

if TYPE_CHECKING:
    from bt_desktop.security.kdf import KdfPolicy
    from bt_desktop.security.vault import VaultState
    from bt_desktop.services.access import Recovering, SetUp, Setup
    from bt_desktop.services.backups import Backup
    from bt_desktop.services.pin import PinKeeper, PinOffer
    from bt_desktop.services.restore import Restored
    from bt_desktop.services.work_progress import Progress
    from bt_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PackChoice:
    """A pack of rules that a school may choose. `verified`: compared with the official text."""

    pack: str
    title: str
    verified: bool


@dataclass(frozen=True, slots=True)
class SetupChoices:
    """What the first run lets choose from: packs, and training programs as (key, label)."""

    packs: tuple[PackChoice, ...]
    programs: tuple[tuple[str, str], ...]


def setup_choices() -> SetupChoices:
    """The packs and training programs that are shipped (reads files: on a worker)."""
    from bt_desktop.form_engine.definition import say  # deferred: the form engine
    from bt_desktop.form_engine.loader import available_packs, load_pack
    from bt_desktop.services.forms_kept import TrainingPrograms

    packs = [(name, load_pack(name)) for name in available_packs()]
    return SetupChoices(
        tuple(PackChoice(name, say(pack.title), pack.is_verified) for name, pack in packs),
        TrainingPrograms().titles(),
    )


class Door:
    """The vault in `folder`. Every method blocks and belongs on a worker.

    The services are imported inside the methods, so that the unlock window needs Qt alone
    (architecture.md, decision 12). `kdf_policy` is for tests; left out, the production policy.
    """

    def __init__(self, folder: Path, clock: Clock, kdf_policy: KdfPolicy | None = None) -> None:
        self.folder = folder
        self.clock = clock
        self._policy = kdf_policy
        self._pin: PinKeeper | None = None

    def status(self) -> VaultState:
        """What lies in the folder."""
        from bt_desktop.services import access  # deferred: loads cryptography

        return access.vault_status(self.folder)

    def takes_notes(self) -> bool:
        """Whether an emergency dose can be noted without signing in."""
        from bt_desktop.security import emergency  # deferred: loads cryptography

        return emergency.can_leave(self.folder)

    def leave_note(self, at: datetime, told: Mapping[str, str]) -> str:
        """Seal a note of an emergency dose (fields of `EmergencyNote`) for the next sign-in.

        Raises NoteIncomplete, NoNotesHere, TooManyNotes, StorageFull, StorageReadOnly.
        """
        from bt_desktop.services.health import emergency_note  # deferred: loads cryptography

        note = emergency_note.EmergencyNote(id="", at=at, noted_at=at, **told)  # type: ignore[arg-type]  # "yes", "no" or blank
        return emergency_note.leave(self.folder, note, self.clock)

    def unlock(self, user_id: str, password: str) -> Workspace:
        """Open the vault as this user; raises as `access.unlock` does."""
        from bt_desktop.services import access  # deferred: loads cryptography and the store

        workspace = access.unlock(
            self.folder, user_id, password, self.clock, kdf_policy=self._policy
        )
        if self._pin is not None:
            self._pin.keep_for(user_id)
            self._pin.told_to(workspace)
        return workspace

    @property
    def pin(self) -> PinKeeper:
        """The PIN of this run of the program, where somebody set one."""
        if self._pin is None:
            from bt_desktop.services.pin import PinKeeper  # deferred: loads cryptography

            self._pin = PinKeeper(self.folder, self.clock, self._policy)
        return self._pin

    def pin_offered(self) -> PinOffer | None:
        """Whose PIN opens the records now; None for nobody's. Quick."""
        return None if self._pin is None else self._pin.offered()

    def forget_pin(self) -> None:
        """The computer was locked, slept or changed hands. Quick."""
        if self._pin is not None:
            self._pin.forget()

    def set_up(self, setup: Setup) -> SetUp:
        """Make a vault that waits for its recovery key to be confirmed."""
        from bt_desktop.services import access  # deferred: loads cryptography and the store

        return access.set_up(self.folder, setup, self.clock, kdf_policy=self._policy)

    def recover(self, recovery_key: str) -> Recovering:
        """Open the vault with the printed recovery key, to name a new password."""
        from bt_desktop.services import access  # deferred: loads cryptography and the store

        return access.recover(self.folder, recovery_key, self.clock, kdf_policy=self._policy)

    def backups(self) -> tuple[Backup, ...]:
        """The backups beside the records, newest first; they need not be open, nor whole."""
        from bt_desktop.services.backups import FOLDER, listed  # deferred: loads the store

        return listed(self.folder / FOLDER)

    def backup_people(self, source: Path) -> VaultState:
        """Who may open a backup; raises as `restore.people` does."""
        from bt_desktop.services import restore  # deferred: loads the store

        return restore.people(source)

    def restore(
        self, source: Path, user_id: str, password: str, progress: Progress | None = None
    ) -> Restored:
        """Put a backup back into the folder; raises as `restore.restore` does."""
        from bt_desktop.services import restore  # deferred: loads the store

        return restore.restore(
            source, self.folder, user_id, password, self.clock,
            kdf_policy=self._policy, progress=progress,
        )  # fmt: skip

    def password_problems(self, password: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """What is wrong with a new password, in sentences; empty when it will do."""
        from bt_desktop.security.passwords import password_problems  # deferred: loads zxcvbn

        return password_problems(password, names)

    def offer_passphrase(self) -> str:
        """A new random passphrase to offer."""
        from bt_desktop.security.passwords import offer_passphrase  # deferred, as above

        return offer_passphrase()
