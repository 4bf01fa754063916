"""A keyring at the edge of the program, for stories: in memory, or with an outcome of its own."""

from __future__ import annotations

from bt_desktop.security.device import Answer, KeyringOutcome


class KeyringOnTheDesk:
    """A keyring in memory; `outcome` other than FOUND is what every question gets."""

    def __init__(self, outcome: KeyringOutcome = KeyringOutcome.FOUND) -> None:
        self.outcome = outcome
        self.items: dict[str, str] = {}

    def name(self) -> str:
        return "Keyring on the desk"

    def get(self, service: str) -> Answer:
        if self.outcome is not KeyringOutcome.FOUND:
            return Answer(self.outcome)
        if service not in self.items:
            return Answer(KeyringOutcome.NOTHING_STORED)
        return Answer(KeyringOutcome.FOUND, self.items[service])

    def set(self, service: str, value: str) -> Answer:
        if self.outcome is not KeyringOutcome.FOUND:
            return Answer(self.outcome)
        self.items[service] = value
        return Answer(KeyringOutcome.FOUND, value)

    def delete(self, service: str) -> Answer:
        self.items.pop(service, None)
        return Answer(KeyringOutcome.NOTHING_STORED)
