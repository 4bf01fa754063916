"""What stops a deed of the services, each with a sentence and a remedy; none holds a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bt_desktop.errors import KnownError
from bt_desktop.services.results.people import Problem

if TYPE_CHECKING:
    from bt_desktop.form_engine.issues import Issue


class Unfinished(KnownError):
    """A part cannot be signed (a row cannot be kept) yet; `issues` says all that is missing."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        count = len(issues)
        super().__init__(
            "unfinished",
            f"{count} answer{'' if count == 1 else 's'} must be looked at before this is signed.",
            "Go through the list; each line jumps to its question.",
        )
        self.issues = issues


class AlreadySigned(KnownError):
    """The part is frozen; it can be amended, not changed."""

    def __init__(self) -> None:
        super().__init__(
            "already-signed",
            "This part is signed and cannot be changed any more.",
            "A correction is added as an amendment; both versions are kept.",
        )


class SignedMeanwhile(KnownError):
    """Somebody else signed this part first: `revision_id` is theirs; what is typed is kept."""

    def __init__(self, revision_id: str, when: str, decided: str) -> None:
        super().__init__(
            "signed-meanwhile",
            f"Somebody else signed this part before you ({when}): {decided}.",
            "What you typed is kept and is only yours. Read what was decided, then go on or "
            "throw yours away.",
        )
        self.revision_id = revision_id


class AmendedMeanwhile(KnownError):
    """The report is not the version any more that its reviewer began to look at."""

    def __init__(self, revision_id: str, when: str) -> None:
        super().__init__(
            "amended-meanwhile",
            f"The report was changed after you began ({when}).",
            "Compare the two versions, say that you have looked at the new one, then sign.",
        )
        self.revision_id = revision_id


class BeingAmended(KnownError):
    """The part is opened for an amendment already."""

    def __init__(self) -> None:
        super().__init__(
            "being-amended",
            "This part is being amended already.",
            "Sign that amendment or discard it first; then add the next one.",
        )


class OnlyAdds(KnownError):
    """An addendum takes something back; `names` are the questions."""

    def __init__(self, names: tuple[str, ...]) -> None:
        count = len(names)
        super().__init__(
            "only-adds",
            f"An addendum only adds, and {count} answer{' is' if count == 1 else 's are'} changed.",
            "Make it a correction, or put back what was there.",
        )
        self.names = names


class AnotherRecord(KnownError):
    """An amendment would file the record under another student or another moment."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "another-record",
            f"This would change {what}, under which the record is filed.",
            "Mark this record as entered in error and write it anew; what is typed goes along.",
        )


class MomentNeeded(KnownError):
    """A late entry does not say when what it tells took place, or says a time to come."""

    def __init__(self) -> None:
        super().__init__(
            "moment-needed",
            "A late entry says when it happened, and that is not known yet.",
            "Give the day and the time; they lie before now.",
        )


class NotYoursToAmend(KnownError):
    """This part is not amended by this person, or not now."""

    def __init__(self, sentence: str) -> None:
        super().__init__(
            "not-yours-to-amend", sentence, "Ask that person, or add your own statement beside it."
        )


class NotYoursToSign(KnownError):
    """Somebody else has to sign this part."""

    def __init__(self, sentence: str) -> None:
        super().__init__(
            "not-yours-to-sign",
            sentence,
            "Let that person sign in and sign; what is typed is kept.",
        )


class HandOverRefused(KnownError):
    """The colleague cannot go on with a draft."""

    def __init__(self) -> None:
        super().__init__(
            "hand-over-refused",
            "This colleague's account is closed, or its role writes no reports.",
            "Choose a colleague who can write and sign the report.",
        )


class JoinRefused(KnownError):
    """Two events cannot be joined, or a record cannot be taken out of its event."""


class NoSuchRecord(KnownError):
    """No record of that id (or none that the person may know of)."""

    def __init__(self) -> None:
        super().__init__(
            "no-such-record",
            "This record does not exist, or it is not yours to see.",
            "Look for it in the list of records.",
        )


class PurposeNeeded(KnownError):
    """A record outside of one's own students is opened, and nobody said yet what for.

    `about` is what `Openings.state` takes; `usual` the purpose to be offered first.
    """

    def __init__(self, about: str, usual: str) -> None:
        super().__init__(
            "purpose-needed",
            "This student is not one of yours, so what you open the record for is written down.",
            "Say what it is for, then open it again.",
        )
        self.about = about
        self.usual = usual


class ReasonNeeded(KnownError):
    """A deed that asks for a reason got none, or one too short to tell anything."""

    def __init__(self, at_least: int) -> None:
        super().__init__(
            "reason-needed",
            "This needs a reason that somebody else can understand later.",
            f"Write at least {at_least} characters.",
        )


class DeadlineNotOver(KnownError):
    """A reason for being late was given for what is not late, or a second one."""

    def __init__(self) -> None:
        super().__init__(
            "deadline-not-over",
            "This is not late, or its reason is written down already.",
            "Nothing has to be said about it.",
        )


class DoneByEvidence(KnownError):
    """Somebody said that a thing is done which the records themselves will show."""

    def __init__(self) -> None:
        super().__init__(
            "done-by-evidence",
            "This ends by itself when the record shows that it is done.",
            "Log the call, sign the part or print the copy; nothing has to be ticked.",
        )


class CalendarRefused(KnownError):
    """A change of the school's calendar cannot be kept; says what is wrong with it."""

    def __init__(self, sentence: str) -> None:
        super().__init__("calendar-refused", sentence, "Correct it and save again.")


class ViewRefused(KnownError):
    """A saved view cannot be kept, renamed or deleted so."""

    def __init__(self, code: str, sentence: str, remedy: str) -> None:
        super().__init__(code, sentence, remedy)


class ExportRefused(KnownError):
    """A list cannot leave the program so."""

    def __init__(self, code: str, sentence: str, remedy: str) -> None:
        super().__init__(code, sentence, remedy)


class InvalidPerson(KnownError):
    """What was typed about a person cannot be saved; `problems` says why, field by field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            "invalid-person",
            "Something in these lines is not right yet.",
            "Correct the marked lines, then save again.",
        )
        self.problems = problems


class AttachmentRefused(KnownError):
    """A file cannot be kept with a record."""

    def __init__(self, code: str, sentence: str, remedy: str) -> None:
        super().__init__(code, sentence, remedy)


class CopyRefused(KnownError):
    """A copy may not be made or handed over."""

    def __init__(self, code: str, sentence: str, remedy: str) -> None:
        super().__init__(code, sentence, remedy)


class UnsettledNames(KnownError):
    """Words that may be another student's name are not settled; `places` are (start, end)."""

    def __init__(self, places: tuple[tuple[int, int], ...]) -> None:
        count = len(places)
        super().__init__(
            "unsettled-names",
            f"{count} word{'' if count == 1 else 's'} may be another student's name.",
            "Settle each marked word: replace it by a letter, or say that it is no name.",
        )
        self.places = places


class PlaceRefused(KnownError):
    """The vault must not lie in this folder."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(
            code,
            sentence,
            "Choose a folder on this computer's own disk; backups may go elsewhere.",
        )


class LastAdministrator(KnownError):
    """The deed would leave the vault without an administrator."""

    def __init__(self) -> None:
        super().__init__(
            "last-administrator",
            "This is the only administrator left.",
            "Make another account an administrator first.",
        )


class PictureRefused(KnownError):
    """A logo is not a picture that can be printed."""

    def __init__(self) -> None:
        super().__init__(
            "picture-refused",
            "This file is not a PNG or JPEG picture of up to 2 MB.",
            "Save the school's logo as PNG or JPEG, then choose it again.",
        )


class SecondNeeded(KnownError):
    """A deed for two: a second person has to agree to it with their own password."""

    def __init__(self, *, anybody: bool) -> None:
        super().__init__(
            "second-needed",
            "More than 25 records leave only when a second person agrees.",
            "Ask somebody who may export lists too to choose their name and type their password."
            if anybody
            else "Nobody else here may export lists: add a second administrator in the settings, "
            "or export 25 records or fewer.",
        )


class RestoreNotTold(KnownError):
    """What this computer saw before does not fit, and no restore in the trail accounts for it."""

    def __init__(self) -> None:
        super().__init__(
            "restore-not-told",
            "The trail tells of no restore that would explain this.",
            "Change nothing. Find out who put which copy in place, and keep that copy.",
        )


class SecondAdministratorNeeded(KnownError):
    """The database key is changed by two administrators, where there are two."""

    def __init__(self) -> None:
        super().__init__(
            "second-administrator-needed",
            "The key is changed by two administrators together.",
            "Ask another administrator to choose their name and type their password.",
        )


class SecondForRecoveryNeeded(KnownError):
    """The recovery key is replaced by two administrators, where there are two."""

    def __init__(self) -> None:
        super().__init__(
            "second-for-recovery-needed",
            "The recovery sheet is replaced by two administrators together.",
            "Ask another administrator to choose their name and type their password.",
        )
