"""Problems of the world (disk, key, printer): each with a sentence and a remedy.

Problems in *data* are values (`form_engine.issues`), never exceptions. Whatever is neither is a
bug and is caught only at the top (`app`, `cli`).
"""

from __future__ import annotations


class KnownError(Exception):
    """Something in the world stops a deed; it can be said in one sentence.

    `code` is stable and safe to log: lower-case words joined by dashes. `sentence` says what
    happened, `remedy` says what to do next. Neither may hold a child's or parent's name, a word
    of a report, a password or a key: they can end in a log.
    """

    def __init__(self, code: str, sentence: str, remedy: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}"


class Denied(KnownError):
    """The signed-in person's role does not allow this deed (checked in `services`)."""

    def __init__(self, action: str) -> None:
        super().__init__(
            "denied",
            "Your role does not allow this.",
            "Ask an administrator, or let a colleague who may do it sign in.",
        )
        self.action = action


class StorageFull(KnownError):
    """The disk holding the vault has no room."""

    def __init__(self) -> None:
        super().__init__(
            "storage-full",
            "The disk is full, so the last change could not be saved yet.",
            "Free some space; what is on the screen is kept and saved as soon as there is room.",
        )


class StorageReadOnly(KnownError):
    """The vault's folder cannot be written."""

    def __init__(self) -> None:
        super().__init__(
            "storage-read-only",
            "The folder of the records cannot be written.",
            "Ask whoever looks after this computer to allow writing to it, then try again.",
        )


class StorageTrouble(KnownError):
    """Reading or writing the disk failed, for the database or for another file of the vault."""

    def __init__(self) -> None:
        super().__init__(
            "storage-trouble",
            "The disk could not be read or written.",
            "Check that the disk or network drive is still connected, then try again.",
        )


class StorageDamaged(KnownError):
    """The database does not open with the right key, or its pages are damaged."""

    def __init__(self) -> None:
        super().__init__(
            "storage-damaged",
            "The file with the records is damaged.",
            "Do not delete anything. Keep the damaged folder, and put the newest copy of it in "
            "its place.",
        )


class StorageNewer(KnownError):
    """The database was written by a newer version of the program."""

    def __init__(self) -> None:
        super().__init__(
            "storage-newer",
            "These records were written by a newer version of this program.",
            "Install the newest version on this computer, then open them again.",
        )


class StorageNotMoved(KnownError):
    """An older database could not be brought to this version; it was left as it was.

    `why` is the remedy for what stopped it, where that is a problem of the world.
    """

    def __init__(self, why: str = "") -> None:
        super().__init__(
            "storage-not-moved",
            "These records are of an older version of this program and could not be brought to "
            "this one. Nothing in them was changed.",
            why
            or "Go on with the former version for now, and show this to whoever looks after "
            "the program.",
        )
