"""The manual as it is shipped (docs/manual), and which of its places fits the page one is on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QStackedLayout, QStackedWidget, QWidget

_HEADING = re.compile(r"^(#{1,3}) +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file. `key` is its name without number and ending; `headings` all but the title."""

    key: str
    title: str
    text: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the manual: a chapter and one of its headings ("" is its beginning)."""

    chapter: str
    heading: str = ""


def read_manual(folder: Path) -> tuple[Chapter, ...]:
    """Every chapter in the order of its number (`1-everybody.md`). Reads files: on a worker."""
    return tuple(_chapter(file) for file in sorted(folder.glob("[0-9]-*.md")))


def _chapter(file: Path) -> Chapter:
    text = file.read_text(encoding="utf-8")
    found = [(len(one[1]), one[2]) for one in _HEADING.finditer(text)]
    (_, title), *rest = found
    return Chapter(file.stem.split("-", 1)[1], title, text, tuple(words for _, words in rest))


ROLES = {
    "technician": "technician",
    "front_office": "front-office",
    "nurse": "nurse",
    "administrator": "administrator",
    "auditor": "auditor",
}
"""The chapter of each role."""

_ALL, _TECH, _OFFICE, _NURSE, _ADMIN = (
    "everybody", "technician", "front-office", "nurse", "administrator",
)  # fmt: skip

SPOTS: dict[str, Spot] = {
    "UnlockPage": Spot(_ALL, "Unlock the records"),
    "CoverPage": Spot(_ALL, "When you leave the computer"),
    "LeavingPage": Spot(_ALL, "When you leave the computer"),
    "RecoveryPage": Spot(_ADMIN, "When a password is forgotten"),
    "FirstRun": Spot(_ADMIN, "Set up the school"),
    "NightNotePage": Spot(_ALL, "An emergency dose"),
    "EmergencyPage": Spot(_NURSE, "An emergency dose"),
    "VerifyWindow": Spot(_ALL, "Is this copy genuine?"),
    "HomePage": Spot(_ALL, "Home"),
    "HeldPage": Spot(_ADMIN, "When the records can only be read"),
    "RecordsPage": Spot(_ALL, "Find a record"),
    "StudentsPage": Spot(_ALL, "Find a student"),
    "StudentPage": Spot(_ALL, "A student's page"),
    "AccessPage": Spot("auditor", "Who saw what"),
    "DeadlinesPage": Spot(_ALL, "Deadlines"),
    "NoticesPage": Spot(_OFFICE, "Today's notices"),
    "RosterPage": Spot(_ADMIN, "Bring people in"),
    "YearPage": Spot(_ADMIN, "The end of the school year"),
    "FormPage": Spot(_TECH, "Write a report"),
    "CheckAnswers": Spot(_TECH, "Check and sign"),
    "SignedPage": Spot(_TECH, "Check and sign"),
    "ReleasePage": Spot(_OFFICE, "The parent's copy"),
    "PdfPreview": Spot(_OFFICE, "Print, save, hand over"),
    "AttachmentsPage": Spot(_TECH, "Photos and papers"),
    "AttachmentView": Spot(_TECH, "Photos and papers"),
    "ReviewPage": Spot(_ADMIN, "Review a report"),
    "ComparePage": Spot(_ADMIN, "Compare two versions"),
    "HealthPage": Spot(_NURSE, "The health office"),
    "HealthPage:today": Spot(_NURSE, "Today's board"),
    "HealthPage:orders": Spot(_NURSE, "Orders"),
    "HealthPage:visits": Spot(_NURSE, "The visit log"),
    "HealthPage:stock": Spot(_NURSE, "Stock and counts"),
    "HealthPage:months": Spot(_NURSE, "Close the month"),
    "HealthPage:papers": Spot(_NURSE, "Papers for parents"),
    "HealthPage:away": Spot(_NURSE, "Absences and trips"),
    "HealthPage:trips": Spot(_NURSE, "Absences and trips"),
    "HealthPage:delegation": Spot(_NURSE, "Delegation and self-carry"),
    "HealthPage:carry": Spot(_NURSE, "Delegation and self-carry"),
    "HealthPage:year_end": Spot(_NURSE, "Close the month"),
    "HealthPage:cards": Spot(_NURSE, "Emergency cards"),
    "HealthPage:glass": Spot(_ADMIN, "A sealed health file in an emergency"),
    "HealthPage:notes": Spot(_NURSE, "An emergency dose"),
    "StudentHealthPage": Spot(_NURSE, "Orders"),
    "CardPage": Spot(_NURSE, "Emergency cards"),
    "GlassPage": Spot(_ADMIN, "A sealed health file in an emergency"),
    "SettingsPage": Spot(_ADMIN, "Settings"),
    "SettingsPage:holds": Spot(_ADMIN, "Settings"),
    "SettingsPage:calendar": Spot(_ADMIN, "The school calendar"),
    "SettingsPage:staff": Spot(_ADMIN, "Staff and accounts"),
    "SettingsPage:accounts": Spot(_ADMIN, "Staff and accounts"),
    "SettingsPage:backups": Spot(_ADMIN, "Backups"),
    "SettingsPage:keys": Spot(_ADMIN, "The key of the records"),
    "FindSheet": Spot(_ADMIN, "The recovery sheet"),
    "ReplaceSheet": Spot(_ADMIN, "The recovery sheet"),
    "NewKeySheet": Spot(_ADMIN, "The recovery sheet"),
    "SettingsPage:log": Spot("auditor", "Activity"),
    "SettingsPage:access": Spot("auditor", "Who saw what"),
    "SettingsPage:violence": Spot(_ADMIN, "The violent incident log"),
    "SettingsPage:medicine": Spot(_NURSE, "Settings of the health office"),
    "SettingsPage:computer": Spot(_ALL, "Light, dark, large"),
}
"""Page (its class, and after a colon the section it shows) to place."""


def trail(top: QWidget) -> Iterator[str]:
    """The names of what is shown, from the outermost page to the innermost."""
    at: QWidget | None = top
    while at is not None:
        name = type(at).__name__
        yield name
        section = getattr(at, "shown", "")
        if isinstance(section, str) and section:
            yield f"{name}:{section}"
        stack = getattr(at, "stack", None)
        at = stack.currentWidget() if isinstance(stack, QStackedWidget | QStackedLayout) else None


def spot_for(role: str, *tops: QWidget) -> Spot:
    """What fits the page that the first of `tops` shows, else the next; where nothing does, the
    chapter of the role."""
    for top in tops:
        fits = [SPOTS[name] for name in trail(top) if name in SPOTS]
        if fits:
            return fits[-1]
    return Spot(ROLES.get(role, _ALL))


def open_manual(widget: QWidget) -> None:
    """F1 in a window of its own: ask the window below it (`show_manual`)."""
    at = widget.parentWidget()
    while at is not None:
        show = getattr(at.window(), "show_manual", None)
        if show is not None:
            show(widget)
            return
        at = at.window().parentWidget()
