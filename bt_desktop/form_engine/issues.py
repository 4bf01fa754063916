"""What can be wrong with answers: a catalogue of codes, each with its sentence and severity.

Every sentence says where, what, and what to do. Tests assert codes, people read sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Severity = Literal["error", "warning", "note"]


class Code(Enum):
    """(severity, what and what to do). `error` blocks signing the part, `warning` asks for a
    reason, `note` informs. Where it is stands before it in the sentence."""

    REQUIRED = ("error", "not answered yet. Answer it.")
    REQUIRED_OR_UNKNOWN = (
        "error",
        "not answered yet. Answer it, or mark it as not known and say why.",
    )
    REQUIRED_SAID = ("error", "{message}")
    CONSTRAINT = ("error", "{message}{hint}")
    CONSTRAINT_PLAIN = (
        "error",
        "this answer does not fit the other answers. Correct one of them.",
    )
    NOT_OFFERED = (
        "error",
        "“{label}” cannot be chosen with the other answers given. Choose again.",
    )
    NOT_A_CHOICE = ("error", "“{typed}” is none of the choices. Choose one of the list.")
    TIME = ("error", "“{typed}” is no time. Type it like 1015, 10:15 or 3pm.")
    DATE = ("error", "“{typed}” is no date. Type it like 11/21/2026, 11/21, t or y.")
    DATETIME = ("error", "“{typed}” is no date and time. Type it like 11/21 10:15.")
    NUMBER = ("error", "“{typed}” is no number. Type digits only.")
    WHOLE_NUMBER = ("error", "“{typed}” is no whole number. Leave out the fraction.")
    NUMBER_TOO_LONG = ("error", "a number has 15 digits at most. Shorten it.")
    TOO_LONG = ("error", "the text is longer than {most} characters. Shorten it.")
    PERSON = ("error", "“{typed}” is not one of the people. Choose a person of the list.")
    ONE_PERSON = ("error", "only one person fits here. Remove the others.")
    ACKNOWLEDGE = ("error", "“{typed}” is neither yes nor no. Tick the box, or clear it.")
    NOT_TEXT = ("error", "this kind of answer does not fit here. Enter it again.")
    NOT_ANSWERED = ("error", "this is not answered by hand. Remove what was entered.")
    STORED = ("error", "the kept answer “{typed}” cannot be read. Enter it again.")
    BODY_TOO_MANY = (
        "error",
        "one drawing holds {most} marks at most. Take some away, and tell the rest in words.",
    )
    BODY_BESIDE = (
        "error",
        "mark {n} is beside the figure. Click on the body, or choose the region from the list.",
    )
    BODY_REGION = (
        "error",
        "mark {n} does not lie on “{place}”. Take it away, and mark it again.",
    )
    BODY_TYPE = (
        "error",
        "mark {n} is “{kind}”, which is none of the kinds of injury. Choose one of the list.",
    )
    BODY_SIZE = ("error", "the size of mark {n} is no length. Type digits only.")
    BODY_WORDS = (
        "error",
        "a text of mark {n} is longer than {most} characters. Shorten it.",
    )
    UNKNOWN_REASON = ("error", "marked as not known. Say why it is not known.")
    UNKNOWN_NOT_ALLOWED = (
        "error",
        "this cannot be left as not known. Answer it.",
    )
    TOO_FEW_ROWS = ("error", "at least {least} must be entered. Add what is missing.")
    TOO_MANY_ROWS = ("error", "at most {most} can be entered. Remove the rest.")
    PROHIBITED = (
        "warning",
        "“{label}” is not allowed here{cite}. If it happened, leave it and say why; "
        "it will be reviewed.",
    )
    PROHIBITED_EXPLAINED = (
        "note",
        "“{label}” is not allowed here{cite}. It is recorded with your reason and will "
        "be reviewed.",
    )
    NAMES_SOMEBODY = (
        "error",
        "“{word}” is or looks like somebody's name or number. Write it without.",
    )
    WARNING = ("warning", "{message} If it is right as it is, say why.")
    WARNING_PLAIN = (
        "warning",
        "this answer is unusual. Check it; if it is right, say why.",
    )
    LEADS = (
        "warning",
        "{message} That belongs in another report{cite}. Start that report for this event, or say "
        "why none is needed.",
    )
    RECOMMENDED = ("warning", "not answered yet. Answer it, or say why it is left open.")
    CLOCK_SKIPPED = (
        "warning",
        "this time did not exist on that day, the clocks were set forward. "
        "Check it, or say what is meant.",
    )
    CLOCK_TWICE = (
        "note",
        "this time came twice on that day, the clocks were set back. It is taken as "
        "{shown}; to say the other one, type the time with its offset.",
    )

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        severity: Severity = self.value[0]
        return severity

    def sentence(self, where: str, **params: str) -> str:
        """The whole sentence: “Hold 2: Hold ended: …”, “Was it new? Not answered yet. …”."""
        text: str = self.value[1].format_map(params)
        if where.endswith("?"):
            return f"{where} {text[:1].upper()}{text[1:]}"
        return f"{where}: {text}"


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem of an answer. `where` names the place as people do: “Hold 2: Hold ended”."""

    path: str
    code: Code
    severity: Severity
    where: str
    sentence: str
    section: str
    part: str
