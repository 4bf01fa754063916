"""The PIN of whoever locked: kept while the program runs, for one person, by one computer."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bt_desktop.clock import Clock
from bt_desktop.security import pin as pins
from bt_desktop.security.device import DeviceMemory, KeyringOutcome, KeyStore, OsKeyring
from bt_desktop.security.kdf import PRODUCTION, KdfPolicy
from bt_desktop.security.pin import PinBox
from bt_desktop.security.problems import NoPinHere, PinOver
from bt_desktop.services import access

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

ANSWER_S = 15.0


@dataclass(frozen=True, slots=True)
class PinOffer:
    """Whose PIN opens now, and how many tries are left."""

    user_id: str
    tries: int


class PinKeeper:
    """One for one window. Every method may take seconds, but `offered` and `forget`.

    `keyring` is for stories; left out, it is the system's own.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        policy: KdfPolicy | None = None,
        keyring: KeyStore | None = None,
    ) -> None:
        self._folder, self._clock = folder, clock
        self._policy = policy or PRODUCTION
        self._keyring = keyring or OsKeyring(timeout_s=ANSWER_S)
        self._guard = threading.Lock()
        self._box: PinBox | None = None
        self._untold = 0

    def offered(self) -> PinOffer | None:
        """Whose PIN opens the records now; None for nobody's."""
        with self._guard:
            box = self._box
            if box is None or box.over:
                return None
            return PinOffer(box.user_id, pins.MOST_TRIES - box.wrong)

    def reason_against(self, workspace: Workspace) -> str:
        """Why the signed-in person can have no PIN here, in a line; blank where they can."""
        found = workspace.pin.memory(self._keyring).recall()
        if found.secret:
            return ""
        if found.outcome is KeyringOutcome.NOTHING_STORED:
            return "A PIN can be set once this computer's keyring knows this account."
        return f"No PIN here: {found.outcome.value[0].lower()}{found.outcome.value[1:]}"

    def set(self, workspace: Workspace, password: str, pin: str) -> None:
        """Let the signed-in person unlock with `pin` for eight hours, after their password again.

        Raises BadPin, NoPinHere (no keyring), and as `access.unlock` for the password.
        """
        pins.require_pin(pin)
        secret = workspace.pin.memory(self._keyring).recall().secret
        if not secret:
            raise NoPinHere
        workspace.reauthenticate(password)
        box = workspace.pin.box(pin, secret, self._policy.floor, self._clock)
        self.forget()
        with self._guard:
            self._box = box
        workspace.pin.tell("pin.set")

    def remove(self, workspace: Workspace) -> None:
        """Let go of the PIN, and tell the trail."""
        if self.offered() is not None:
            workspace.pin.tell("pin.removed")
        self.forget()

    def forget(self) -> None:
        """The computer was locked, went to sleep or changed hands: no PIN opens any more."""
        with self._guard:
            if self._box is not None:
                self._box.throw_away()
            self._box = None

    def keep_for(self, user_id: str) -> None:
        """Somebody signed in with a password: a PIN of somebody else ends."""
        offered = self.offered()
        if offered is None or offered.user_id != user_id:
            self.forget()

    def unlock(self, pin: str) -> Workspace:
        """Open the records as whoever set the PIN. Raises PinOver, WrongPin (five: it is gone),
        and as `access.unlock`."""
        with self._guard:
            box = self._box
        if box is None:
            raise PinOver
        try:
            secret = DeviceMemory(self._keyring, box.vault_id, box.user_id).recall().secret
            keys = pins.unlock(self._folder, box, pin, secret)
            workspace = access.opened(self._folder, keys, self._clock, self._policy)
        finally:
            self._untold = max(self._untold, box.wrong)
            if box.over:
                self.forget()
        self.told_to(workspace)
        return workspace

    def told_to(self, workspace: Workspace) -> None:
        """Tell the trail of wrong PINs since the last sign-in."""
        untold, self._untold = self._untold, 0
        if untold:
            workspace.pin.tell("pin.failed", untold)
