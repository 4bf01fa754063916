"""What can go wrong at the door, each with a sentence and a remedy.

None of these ever says whether a *password* was nearly right, and none holds a name, a password
or a key: codes and numbers only.
"""

from __future__ import annotations

from bt_desktop.errors import KnownError


def wait_in_words(seconds: float) -> str:
    """Seconds as people say them: "30 seconds", "2 minutes" (rounded up, never "0")."""
    whole = max(1, int(-(-seconds // 1)))
    if whole <= 90:
        return "1 second" if whole == 1 else f"{whole} seconds"
    return f"{-(-whole // 60)} minutes"


class WrongPassword(KnownError):
    """The password does not open this account's keys.

    `failures` counts the wrong tries since the last right one, this one included; `wait_s` is how
    long the next try has to wait (0: none); `disabled` says that this try was the last allowed.
    """

    def __init__(self, failures: int, wait_s: float, *, disabled: bool = False) -> None:
        if disabled:
            remedy = (
                f"After {failures} wrong tries this account is closed. "
                "Ask an administrator to open it again, or use the recovery key."
            )
        elif wait_s > 0:
            remedy = (
                f"That was wrong try {failures}. The next try is possible "
                f"in {wait_in_words(wait_s)}. Nothing is deleted."
            )
        else:
            remedy = "Check Caps Lock and the keyboard's language, then try again."
        super().__init__("wrong-password", "This is not the password of this account.", remedy)
        self.failures = failures
        self.wait_s = wait_s
        self.disabled = disabled
        self.user_id = ""  # whose it was, where two people type theirs for one deed


class Throttled(KnownError):
    """Too many wrong tries: the password was not even looked at. `wait_s`: seconds to wait."""

    def __init__(self, failures: int, wait_s: float) -> None:
        super().__init__(
            "throttled",
            f"There were {failures} wrong tries, so this account waits before the next one.",
            f"Try again in {wait_in_words(wait_s)}.",
        )
        self.failures = failures
        self.wait_s = wait_s


class SlotDisabled(KnownError):
    """The account is closed. `by_guessing`: after 20 wrong tries, not by an administrator."""

    def __init__(self, *, by_guessing: bool) -> None:
        super().__init__(
            "slot-disabled-guessing" if by_guessing else "slot-disabled",
            "This account is closed after too many wrong tries."
            if by_guessing
            else "This account was closed by an administrator.",
            "Ask an administrator to open it again."
            + (" The recovery key opens it too." if by_guessing else ""),
        )
        self.by_guessing = by_guessing


class NoSuchUser(KnownError):
    """The key file has no account of that name or id."""

    def __init__(self) -> None:
        super().__init__(
            "no-such-user",
            "There is no such account in these records.",
            "Check the sign-in name, or ask an administrator to add the account.",
        )


class NameTaken(KnownError):
    """Another account already signs in under that name."""

    def __init__(self) -> None:
        super().__init__(
            "name-taken",
            "Another account has this sign-in name.",
            "Choose another name, for example with an initial.",
        )


class BadName(KnownError):
    """A school or sign-in name that cannot be kept: empty, too long or with odd characters."""

    def __init__(self) -> None:
        super().__init__(
            "bad-name",
            "This name is empty, too long or has characters that cannot be kept.",
            "Write a name of 1 to 120 letters.",
        )


class WeakPassword(KnownError):
    """The new password is too easy to guess. `problems` are sentences for the person."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(
            "weak-password",
            " ".join(problems),
            "Choose another password, or take the offered passphrase.",
        )
        self.problems = problems


class KeyFileMissing(KnownError):
    """There are records, but the file with their keys is gone, and so is its second copy."""

    def __init__(self) -> None:
        super().__init__(
            "key-file-missing",
            "The file with the keys of these records is missing (vault.keys.json).",
            "Put it back from a backup of this folder. Without it the records cannot be opened.",
        )


class KeyFileDamaged(KnownError):
    """The key file cannot be used, and neither can its second copy."""

    def __init__(self) -> None:
        super().__init__(
            "key-file-damaged",
            "The file with the keys of these records is damaged (vault.keys.json).",
            "Do not delete anything. Put the file back from the newest backup of this folder.",
        )


class KeyFileAltered(KnownError):
    """The password was right, but the key file was changed outside this program."""

    def __init__(self) -> None:
        super().__init__(
            "key-file-altered",
            "The file with the keys was changed outside this program (vault.keys.json).",
            "Do not delete anything. Tell an administrator, and put the file back from a backup.",
        )


class KeyFileNewer(KnownError):
    """The key file was written by a newer version of the program."""

    def __init__(self) -> None:
        super().__init__(
            "key-file-newer",
            "The keys of these records were written by a newer version of this program.",
            "Install the newest version on this computer, then open them again.",
        )


class KeyFileUnreadable(KnownError):
    """The computer refuses to let us read the key file."""

    def __init__(self) -> None:
        super().__init__(
            "key-file-unreadable",
            "This computer account may not read the file with the keys (vault.keys.json).",
            "Ask whoever looks after this computer for the right to read the folder.",
        )


class VaultExists(KnownError):
    """Set-up was asked for where records already are."""

    def __init__(self) -> None:
        super().__init__(
            "vault-exists",
            "There are already records in this folder.",
            "Sign in to them, or choose another folder.",
        )


class NotEnoughMemory(KnownError):
    """The password could not be checked for want of memory. Not counted as a wrong try."""

    def __init__(self) -> None:
        super().__init__(
            "not-enough-memory",
            "The computer has too little free memory to check the password.",
            "Close other programs and try again. This was not counted as a wrong try.",
        )


class RecoveryKeyMistyped(KnownError):
    """What was typed cannot be a recovery key: wrong length, a character that is none, a slip."""

    def __init__(self, *, length: bool = False) -> None:
        super().__init__(
            "recovery-key-mistyped",
            "A recovery key has 36 letters and digits in 6 groups; this has more or fewer."
            if length
            else "There is a slip in the recovery key.",
            "Compare it with the printed sheet group by group.",
        )


class RecoveryKeyWrong(KnownError):
    """A well-formed recovery key, but not the one of these records."""

    def __init__(self) -> None:
        super().__init__(
            "recovery-key-wrong",
            "This recovery key is not the one of these records.",
            "Look for the newest sheet: each use of a recovery key replaces it by a new one.",
        )


class RecoveryNotConfirmed(KnownError):
    """The groups asked back do not match the recovery key that was shown."""

    def __init__(self) -> None:
        super().__init__(
            "recovery-not-confirmed",
            "These groups do not match the recovery key.",
            "Look at the printed sheet and type the two groups again.",
        )


class NoNotesHere(KnownError):
    """Nobody ever signed in here, or the key for notes is gone: none can be left."""

    def __init__(self) -> None:
        super().__init__(
            "no-emergency-key",
            "Nothing can be kept here while the records are locked.",
            "Write it on paper: who, what, how much, when. Somebody enters it after signing in.",
        )


class TooManyNotes(KnownError):
    """So many notes wait that no more is taken."""

    def __init__(self) -> None:
        super().__init__(
            "too-many-notes",
            "Too many emergency notes wait already, so this one was not kept.",
            "Write it on paper, and let somebody sign in: then the notes are filed.",
        )


class BadPin(KnownError):
    """A new PIN that is none, or that everybody tries first."""

    def __init__(self) -> None:
        super().__init__(
            "bad-pin",
            "A PIN has at least six digits, not one digit over and over and not a row like 123456.",
            "Choose another one.",
        )


class WrongPin(KnownError):
    """The PIN does not open. `left`: tries that are left; at 0 the PIN is gone."""

    def __init__(self, left: int) -> None:
        super().__init__(
            "wrong-pin",
            "This is not the PIN.",
            f"{'1 try is' if left == 1 else f'{left} tries are'} left; the password always opens."
            if left
            else "It was wrong five times and is gone. Type the password.",
        )
        self.left = left


class PinOver(KnownError):
    """There is no PIN any more: too long ago, or the account was changed."""

    def __init__(self) -> None:
        super().__init__(
            "pin-over", "The PIN is not valid any more.", "Type the password; then set a new PIN."
        )


class NoPinHere(KnownError):
    """A PIN needs the computer's keyring."""

    def __init__(self) -> None:
        super().__init__(
            "no-pin-here",
            "A PIN needs the keyring of this computer, which did not answer.",
            "Go on with the password.",
        )


class PasswordNeeded(KnownError):
    """The deed asks for the password, and the records were opened with the PIN."""

    def __init__(self) -> None:
        super().__init__(
            "password-needed",
            "The records were opened with the PIN, and this needs the password.",
            "Choose “Type the password” at the top, then do it again.",
        )
