"""The way in: set up a vault, unlock it, recover it. Light to import: the store comes later."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bt_desktop.clock import Clock

if TYPE_CHECKING:
    from bt_desktop.security.kdf import KdfPolicy
    from bt_desktop.security.vault import VaultState
    from bt_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Setup:
    """What the first-run window asks for. The password is not shown by `repr`."""

    school_name: str
    address: str
    phone: str
    pack: str
    training_program: str
    admin_given: str
    admin_family: str
    admin_title: str
    admin_password: str = field(repr=False)


class SetUp:
    """A vault that is made but not confirmed: the recovery key must be asked back first."""

    recovery_key: str

    def confirm(self, *groups: str) -> Workspace:
        """Confirm with the groups of the recovery key that `asked` names; opens the vault."""
        raise NotImplementedError


def vault_status(folder: Path) -> VaultState:
    """What lies in the folder: no vault, one that is ready, damaged or newer, and its users."""
    raise NotImplementedError


def set_up(
    folder: Path, setup: Setup, clock: Clock, *, kdf_policy: KdfPolicy | None = None
) -> SetUp:
    """Make a vault in `folder`. Slow (derives a key): never on the window's thread."""
    raise NotImplementedError


def unlock(
    folder: Path, user_id: str, password: str, clock: Clock, *, kdf_policy: KdfPolicy | None = None
) -> Workspace:
    """Open the vault. Slow (derives a key): never on the window's thread."""
    raise NotImplementedError
