"""What a PIN needs of the open records: the item in the keyring, the keys, the trail."""

from __future__ import annotations

from bt_desktop.clock import Clock
from bt_desktop.security.device import DeviceMemory, KeyStore
from bt_desktop.security.kdf import KdfParams
from bt_desktop.security.pin import PinBox
from bt_desktop.services.context import Context


class PinWay:
    """Of one sign-in; `services/pin.PinKeeper` outlives it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def entered(self) -> bool:
        """Whether the records were opened with a PIN, and the password was not typed since."""
        return self._context.keys.by_pin

    def memory(self, keyring: KeyStore) -> DeviceMemory:
        """The signed-in person's item in a keyring."""
        keys = self._context.keys
        return DeviceMemory(keyring, keys.vault_id, keys.user_id)

    def box(self, pin: str, device_secret: bytes, params: KdfParams, clock: Clock) -> PinBox:
        """The signed-in person's keys behind a PIN. Slow; raises BadPin, NotEnoughMemory."""
        return PinBox(self._context.keys, pin, device_secret, params, clock)

    def tell(self, action: str, tries: int = 0) -> None:
        """An entry of the trail about the signed-in person's PIN."""
        context = self._context
        with context.store.write() as session:
            counts = {"tries": tries} if tries else None
            context.note(session, action, f"user:{context.actor.user_id}", counts=counts)

    def proved(self) -> None:
        """The password was typed: what asks for it is open from now on."""
        self._context.keys.by_pin = False
