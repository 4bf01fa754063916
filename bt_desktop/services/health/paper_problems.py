"""What papers for parents and exports of the health office may have to tell."""

from __future__ import annotations

from bt_desktop.errors import KnownError


class AdministratorNeeded(KnownError):
    """A flag stops a paper for a parent, and an administrator has not let it go."""

    def __init__(self, *, anybody: bool) -> None:
        super().__init__(
            "administrator-needed",
            "Only an administrator lets this paper go in spite of what stops it.",
            "Ask an administrator to choose their name and type their password."
            if anybody
            else "This school has no administrator with an account now. Add one in the settings.",
        )


class ExportNothing(KnownError):
    """There is no health file of that student to be taken out."""

    def __init__(self) -> None:
        super().__init__(
            "health-nothing",
            "There is nothing of this student in the health office.",
            "Look whether it is the right student.",
        )


class PurposeMissing(KnownError):
    """A health file leaves the program, and nobody said what for."""

    def __init__(self) -> None:
        super().__init__(
            "purpose-missing",
            "What leaves the health office is written down with what it is for.",
            "Choose what it is for; write a few words where it is something else.",
        )
