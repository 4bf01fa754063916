"""What the health office may have to tell: known errors with a sentence and a remedy."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bt_desktop.errors import KnownError
from bt_desktop.services.results.people import Problem

if TYPE_CHECKING:
    from bt_desktop.services.health.rules import Finding

_WITNESS = {
    "nobody": "Ask a colleague who has an account to sign as the second person.",
    "same": "Whoever does it cannot be their own second person. Ask a colleague to sign.",
    "role": "That account cannot sign for this. Choose somebody else.",
}


class WitnessRefused(KnownError):
    """A controlled medicine needs a second, different person (R19). `why` is a code."""

    def __init__(self, why: Literal["nobody", "same", "role"]) -> None:
        super().__init__("witness-refused", "This needs two different people.", _WITNESS[why])
        self.why = why


class NotYours(KnownError):
    """The signed-in person holds no key for this student's health data."""

    def __init__(self) -> None:
        super().__init__(
            "health-sealed",
            "This student's health data is sealed, and your account holds no key to it.",
            "Ask the school nurse. In an emergency, print the emergency card, which everybody can.",
        )


class OrderRefused(KnownError):
    """An order, or a step with it, cannot be kept so. `problems` are by field, for the screen."""

    def __init__(self, remedy: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("order-refused", "This was not saved.", remedy)
        self.problems = problems


class StockRefused(KnownError):
    """A line of the ledger that says something impossible, or leaves something out."""

    def __init__(self, remedy: str) -> None:
        super().__init__("stock-refused", "This was not written into the ledger.", remedy)


class DelegationRefused(KnownError):
    """Something cannot be delegated so."""

    def __init__(self, remedy: str) -> None:
        super().__init__("delegation-refused", "This was not delegated.", remedy)


class SettingRefused(KnownError):
    """A setting of the health office that cannot be; `field` names it."""

    def __init__(self, remedy: str, field: str = "") -> None:
        super().__init__("setting-refused", "This was not saved.", remedy)
        self.field = field


class DoseStopped(KnownError):
    """A dose about to be given breaks rules that nobody allowed. `findings` say which and who may.

    Nothing was recorded. What has already happened is recorded with `happened`.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(
            "dose-stopped",
            "Do not give it yet.",
            "Look at what stops it, and who can allow it. What has already happened can always be "
            "recorded.",
        )
        self.findings = findings


class DoseRefused(KnownError):
    """A dose that cannot be kept so: it is about nothing, or about something out of reach."""

    def __init__(self, remedy: str) -> None:
        super().__init__("dose-refused", "This was not recorded.", remedy)


class MonthClosed(KnownError):
    """The month was closed and signed; nothing in it changes."""

    def __init__(self) -> None:
        super().__init__(
            "month-closed",
            "This month's medication record is closed and signed.",
            "Write a note for the month instead; the closed record stays as it was signed.",
        )


class MonthRefused(KnownError):
    """A month of the medication record cannot be closed, or noted, so.

    `unexplained` are the scheduled moments that say nothing and of which nobody says why.
    """

    def __init__(self, remedy: str, unexplained: tuple[datetime, ...] = ()) -> None:
        super().__init__("month-refused", "This month was not closed.", remedy)
        self.unexplained = unexplained


class GlassRefused(KnownError):
    """The glass cannot be broken so. `problems` are by field, for the screen."""

    def __init__(self, remedy: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("glass-refused", "The health file was not opened.", remedy)
        self.problems = problems


class NothingToReview(KnownError):
    """A use of the glass that is none, or that somebody else has reviewed."""

    def __init__(self) -> None:
        super().__init__(
            "glass-reviewed",
            "There is nothing to review.",
            "Somebody else has reviewed it meanwhile. Load the page again.",
        )


class NoteIncomplete(KnownError):
    """A note of the locked screen says not even who got what. `problems` are by field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            "note-incomplete", "This is not kept yet.", "Write who got what; the rest can wait."
        )
        self.problems = problems


class NoteGone(KnownError):
    """A note of the locked screen cannot be finished so."""

    def __init__(self, remedy: str = "Somebody else has finished it. Load the page again.") -> None:
        super().__init__("note-gone", "This note was not finished.", remedy)


class VisitRefused(KnownError):
    """A visit cannot be kept, or changed, so. `problems` are by field, for the screen."""

    def __init__(self, remedy: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("visit-refused", "This visit was not kept.", remedy)
        self.problems = problems


class AwayRefused(KnownError):
    """An absence or a trip cannot be kept so. `problems` are by field, for the screen."""

    def __init__(self, remedy: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("away-refused", "This was not entered.", remedy)
        self.problems = problems


class TripRefused(KnownError):
    """Medicine cannot go on a trip, or come back from one, so. `problems` are by item or field."""

    def __init__(self, remedy: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("trip-refused", "This was not written down.", remedy)
        self.problems = problems
