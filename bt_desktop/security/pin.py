"""A PIN instead of the password, in this run of the program only.

    PIN --Argon2id--+ device secret (the computer's keyring)
                    + 32 random bytes of this run        --HKDF--> AES-256-GCM --> the person's keys

Nothing of it is ever on the disk, so there is nothing to guess at on a stolen computer
(design/security.md §2.4). The box holds the person's own keys, not the database key: that one is
unsealed from the key file, as after a password.
"""

from __future__ import annotations

import secrets
from itertools import pairwise
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bt_desktop.clock import Clock
from bt_desktop.security.kdf import SALT_BYTES, KdfParams, derive
from bt_desktop.security.keyfile import NONCE_BYTES, KeyFileStore
from bt_desktop.security.keys import Keys, hkdf, taken_over, wipe
from bt_desktop.security.problems import BadPin, PinOver, SlotDisabled, WrongPin
from bt_desktop.security.slots import OwnKeys
from bt_desktop.security.vault import checked_keys

LEAST_DIGITS, MOST_DIGITS = 6, 32
MOST_TRIES = 5
LONGEST_S = 8 * 60 * 60
"""From the last time that the password was typed."""
_SEED = 32


def require_pin(pin: str) -> None:
    """Raise BadPin for what is no PIN: six digits at least, no row, not one digit over and over."""
    if not (pin.isascii() and pin.isdigit() and LEAST_DIGITS <= len(pin) <= MOST_DIGITS):
        raise BadPin
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        raise BadPin


class PinBox:
    """One person's keys behind a PIN; it opens for eight hours and five wrong tries at most.

    `wrong` counts the tries since it was last opened. `clock` is that of the program.
    """

    def __init__(
        self, keys: Keys, pin: str, device_secret: bytes, params: KdfParams, clock: Clock
    ) -> None:
        """Slow (derives a key). Raises BadPin, NotEnoughMemory."""
        require_pin(pin)
        self.vault_id, self.user_id = keys.vault_id, keys.user_id
        self.wrong = 0
        self._clock = clock
        self._since = (clock.monotonic(), clock.now())
        self._params = params
        self._salt = secrets.token_bytes(SALT_BYTES)
        self._of_this_run = bytearray(secrets.token_bytes(32))
        self._nonce = secrets.token_bytes(NONCE_BYTES)
        seeds = bytearray(keys.sealing.private_bytes_raw() + keys.signing.private_bytes_raw())
        try:
            self._box = self._cipher(pin, device_secret).encrypt(self._nonce, seeds, None)
        finally:
            wipe(seeds)

    @property
    def over(self) -> bool:
        """Whether it opens no more: too many tries, too long ago, thrown away."""
        began, wall = self._since
        steady = self._clock.monotonic() - began
        passed = (self._clock.now() - wall).total_seconds()
        late = max(steady, passed) >= LONGEST_S or steady < 0
        return not any(self._of_this_run) or self.wrong >= MOST_TRIES or late

    def throw_away(self) -> None:
        """Overwrite what of it can be overwritten: it opens no more."""
        wipe(self._of_this_run)
        self._box = b""

    def opened(self, pin: str, device_secret: bytes) -> OwnKeys:
        """The person's own keys. Slow (derives a key); the try is counted before.

        Raises PinOver, WrongPin, NotEnoughMemory (not counted).
        """
        if self.over:
            self.throw_away()
            raise PinOver
        self.wrong += 1
        seeds = bytearray(2 * _SEED)
        try:
            self._cipher(pin, device_secret).decrypt_into(self._nonce, self._box, None, seeds)
            return OwnKeys(
                X25519PrivateKey.from_private_bytes(seeds[:_SEED]),
                Ed25519PrivateKey.from_private_bytes(seeds[_SEED:]),
            )
        except InvalidTag:
            left = MOST_TRIES - self.wrong
            if not left:
                self.throw_away()
            raise WrongPin(left) from None
        except BaseException:
            self.wrong -= 1
            raise
        finally:
            wipe(seeds)

    def _cipher(self, pin: str, device_secret: bytes) -> AESGCM:
        derived = taken_over(derive(pin, self._salt, self._params))
        secret = derived + device_secret + self._of_this_run
        try:
            return AESGCM(hkdf(secret, self.vault_id, "pin"))
        finally:
            wipe(derived)
            wipe(secret)


def unlock(folder: Path, box: PinBox, pin: str, device_secret: bytes) -> Keys:
    """The keys of the box's owner, who has to type the password for what asks for it.

    Raises as `PinBox.opened`; PinOver where the account got a new password or was closed; what
    reading the key file raises.
    """
    own = box.opened(pin, device_secret)
    store = KeyFileStore(folder)
    file = store.load()
    slot = file.slot(box.user_id)
    if file.vault_id != box.vault_id or slot is None or slot.disabled:
        box.throw_away()
        raise PinOver
    if slot.signing_public != own.signing.public_key().public_bytes_raw():
        box.throw_away()  # an administrator gave the account a new password
        raise PinOver
    if file.tries(box.user_id).exhausted:
        box.throw_away()
        raise SlotDisabled(by_guessing=True)
    keys = checked_keys(store, file, slot, own)
    keys.by_pin = True
    box.wrong = 0
    return keys
