"""The alerts of the student beside the questions of a form, where they matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from bt_desktop.errors import KnownError
from bt_desktop.views.student_alerts import AlertNote

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Person
    from bt_desktop.views.form_page import FormPage

OF_HOLDS = frozenset(("triage", "behavior", "holds", "monitoring", "held_or_kept", "seclusion"))
"""Sections in which somebody tells (or is about to tell) of a hold."""


class FormAlerts(QObject):
    """Keeps one note above the questions in step with the student and the section on show."""

    def __init__(self, page: FormPage) -> None:
        super().__init__(page)
        self._page = page
        self._person: Person | None = None
        self._asked = ""
        self.note = AlertNote(page.desk.theme, page)

    def look(self, subject: object) -> None:
        """Read the alerts of the form's subject, where that is another one than before."""
        which = subject if isinstance(subject, str) and subject.startswith("student:") else ""
        if which == self._asked:
            return
        self._asked, self._person = which, None
        self.place()
        if not which:
            return
        people = self._page.workspace.people

        def read() -> Person | None:
            try:
                return people.get(which)
            except (KnownError, KeyError):
                return None  # a role that sees no directory, or a student who is not there

        self._page.desk.tasks.latest(self, "alerts", read, self._show)

    def _show(self, person: Person | None) -> None:
        self._person = person
        self.place()

    def place(self) -> None:
        """Show what matters in the section on show: all where the student is chosen, and what
        speaks against a hold where holds are told."""
        draft, section = self._page.draft, self._page.section
        path = self._page.subject_path
        chosen_here = bool(path) and draft is not None and draft.section_of(path) == section
        if chosen_here or section in OF_HOLDS:
            self.note.show_person(self._person, holds_only=not chosen_here)
        else:
            self.note.show_person(None)
