"""Sheets to add and change a student or a guardian by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.inputs import Choice, TextBox, TextLine
from bt_desktop.views.widgets.sheet import Sheet

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Guardian, Person
    from bt_desktop.services.workspace import Workspace

GRADES = ("", "PK", "TK", "K", *(str(n) for n in range(1, 13)))
PLANS = (("iep", "IEP"), ("bip_iep", "BIP in the IEP"), ("section_504", "504 plan"))
"""The plans that can be ticked, named as the forms name them (`choices.yaml`)."""
_RELATIONS = ("", "mother", "father", "guardian", "foster parent", "grandparent", "other")


def line(text: str = "", hint: str = "") -> TextLine:
    """A line with a text in it."""
    made = TextLine(hint=hint)
    made.setText(text)
    return made


def choice(options: tuple[str, ...], chosen: str) -> Choice:
    """A list of words; a word that is not among them is kept as one more."""
    made = Choice()
    known = options if chosen in options else (*options, chosen)
    made.fill([(word or "not known", word) for word in known], chosen)
    return made


_MEDICAL_HINT = "What speaks against a hold. It stands beside the questions about holds."


class HealthSheet(Sheet):
    """What staff must know of a student's health, for a nurse, who changes nothing else."""

    def __init__(
        self, desk: Desk, workspace: Workspace, person: Person, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, "Allergies and alerts", "Save", parent)
        self._workspace, self._person = workspace, person
        self.allergies = line(person.allergies)
        self.medical, self.health = TextBox(lines=2), TextBox(lines=2)
        self.medical.setPlainText(person.medical_alert)
        self.health.setPlainText(person.health_note)
        self.add(
            "allergies", "Allergies", self.allergies,
            hint="Write “none known” where somebody asked and there are none.",
        )  # fmt: skip
        self.add("medical_alert", "Medical alert", self.medical, hint=_MEDICAL_HINT)
        self.add("health_note", "Health note", self.health, hint="What else staff should know")
        self.on_save(self._collect_health)

    def _collect_health(self) -> Callable[[], str]:
        people, student = self._workspace.people, self._person.id
        allergies, medical = self.allergies.text(), self.medical.toPlainText()
        note = self.health.toPlainText()

        def kept() -> str:
            people.update_health(
                student, allergies=allergies, medical_alert=medical, health_note=note
            )
            return student

        return kept


class StudentSheet(Sheet):
    """Add a student, or change one. `saved(student id)`."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        person: Person | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = "Change the student" if person else "Add a student"
        super().__init__(desk, title, "Save", parent)
        self._workspace, self._person, p = workspace, person, person
        today = desk.clock.now().date()
        self.given = line(p.given if p else "")
        self.family = line(p.family if p else "")
        self.middle = line(p.middle if p else "")
        self.called = line(p.preferred if p else "")
        self.born = DayLine(today, p.birth_date if p else None)
        self.grade = choice(GRADES, p.grade if p else "")
        self.teacher = line(p.teacher if p else "")
        self.number = line(p.student_number if p else "")
        self.language = line(p.home_language if p else "")
        self.health = TextBox(lines=2)
        self.health.setPlainText(p.health_note if p else "")
        self.add("given", "First name", self.given, required=True)
        self.add("family", "Last name", self.family, required=True)
        self.pair("given", "family")
        self.add("middle", "Middle name", self.middle)
        self.add("preferred", "Called, if it differs", self.called)
        self.pair("middle", "preferred")
        self.family_first = self.tick("The last name comes first", p.family_first if p else False)
        self.add("birth_date", "Born", self.born)
        self.add("grade", "Grade", self.grade)
        self.pair("birth_date", "grade")
        self.add("teacher", "Teacher", self.teacher)
        self.add("student_number", "Student number", self.number)
        self.pair("teacher", "student_number")
        self.add("home_language", "Home language", self.language)
        known = p.plans if p else ()
        self.plans = {key: self.tick(word, key in known) for key, word in PLANS}
        self.side_by_side(*self.plans.values())
        self._alerts(p)
        self.on_save(self._collect_student)

    def _alerts(self, p: Person | None) -> None:
        """What staff must know before they touch, feed or hand over a child."""
        self.medical = TextBox(lines=2)
        self.medical.setPlainText(p.medical_alert if p else "")
        self.allergies = line(p.allergies if p else "")
        self.custody = TextBox(lines=2)
        self.custody.setPlainText(p.custody_alert if p else "")
        self.phone = line(p.phone if p else "")
        self.manager = Choice()
        self.manager.fill([("not known", None)])
        self._managers_known = False
        self.add(
            "medical_alert",
            "Medical alert",
            self.medical,
            hint=_MEDICAL_HINT,
        )
        self.add("allergies", "Allergies", self.allergies)
        self.add("health_note", "Health note", self.health, hint="What else staff should know")
        self.add("custody_alert", "Custody", self.custody, hint="What the paper says, and when")
        self.add("phone", "Phone", self.phone)
        self.add("case_manager", "Case manager", self.manager)
        self.pair("phone", "case_manager")
        self.sensitive = self.tick(
            "Sensitive services: a parent may not be told of all of them",
            p.sensitive if p else False,
        )
        people = self._workspace.people
        self._desk.tasks.run(self, people.staff, self._show_managers, lane=Lane.READ)

    def _show_managers(self, staff: tuple[Person, ...]) -> None:
        rows: list[tuple[str, object]] = [("not known", None)]
        rows += [(f"{one.name} · {one.title}" if one.title else one.name, one.id) for one in staff]
        self.manager.fill(rows, self._person.case_manager if self._person else None)
        self._managers_known = True

    def _manager(self) -> str | None:
        """The case manager chosen; as before where the staff is not read yet."""
        if not self._managers_known:
            return self._person.case_manager if self._person else None
        chosen = self.manager.currentData()
        return str(chosen) if chosen else None

    def _collect_student(self) -> Callable[[], str] | None:
        from bt_desktop.services.results.people import NewStudent

        try:
            born = self.born.day()
        except ValueError as wrong:
            self.frames["birth_date"].say(str(wrong))
            return None
        kept = tuple(x for x in (self._person.plans if self._person else ()) if x not in self.plans)
        new = NewStudent(
            given=self.given.text().strip(),
            family=self.family.text().strip(),
            middle=self.middle.text().strip(),
            preferred=self.called.text().strip(),
            family_first=self.family_first.isChecked(),
            birth_date=born,
            grade=str(self.grade.currentData() or ""),
            teacher=self.teacher.text().strip(),
            student_number=self.number.text().strip(),
            home_language=self.language.text().strip(),
            plans=(*(key for key, box in self.plans.items() if box.isChecked()), *kept),
            health_note=self.health.toPlainText().strip(),
            allergies=self.allergies.text().strip(),
            medical_alert=self.medical.toPlainText().strip(),
            custody_alert=self.custody.toPlainText().strip(),
            sensitive=self.sensitive.isChecked(),
            phone=self.phone.text().strip(),
            case_manager=self._manager(),
        )
        people, person = self._workspace.people, self._person
        if person is None:
            return lambda: people.add_student(new)

        def change() -> str:
            people.update_student(person.id, new)
            return person.id

        return change


class GuardianSheet(Sheet):
    """Add a guardian of a student, or change one. `saved(guardian id)`."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        student_id: str,
        guardian: Guardian | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = "Change the guardian" if guardian else "Add a guardian"
        super().__init__(desk, title, "Save", parent)
        self._workspace, self._student_id, self._guardian = workspace, student_id, guardian
        g = guardian
        self.given = line(g.given if g else "")
        self.family = line(g.family if g else "")
        self.relation = choice(_RELATIONS, g.relation if g else "")
        self.language = line(g.language if g else "")
        self.phone = line(g.phone if g else "")
        self.email = line(g.email if g else "")
        self.custody = TextBox(lines=2)
        self.custody.setPlainText(g.custody_note if g else "")
        self.add("given", "First name", self.given, required=True)
        self.add("family", "Last name", self.family, required=True)
        self.pair("given", "family")
        self.add("relation", "Relation to the student", self.relation)
        self.add("language", "Language", self.language)
        self.pair("relation", "language")
        self.interpreter = self.tick("Needs an interpreter", g.needs_interpreter if g else False)
        self.add("phone", "Phone", self.phone)
        self.add("email", "Email", self.email)
        self.pair("phone", "email")
        self.copies = self.tick("May receive copies", g.may_receive_copies if g else True)
        self.no_contact = self.tick(
            "No contact: a court order or the school says so", g.no_contact if g else False
        )
        self.add("custody_note", "Custody note", self.custody, hint="What the paper says, and when")
        self.on_save(self._collect_guardian)

    def _collect_guardian(self) -> Callable[[], str] | None:
        from bt_desktop.services.results.people import NewGuardian

        new = NewGuardian(
            given=self.given.text().strip(),
            family=self.family.text().strip(),
            relation=str(self.relation.currentData() or ""),
            language=self.language.text().strip(),
            needs_interpreter=self.interpreter.isChecked(),
            may_receive_copies=self.copies.isChecked(),
            no_contact=self.no_contact.isChecked(),
            custody_note=self.custody.toPlainText().strip(),
            phone=self.phone.text().strip(),
            email=self.email.text().strip(),
        )
        people, student, guardian = self._workspace.people, self._student_id, self._guardian
        if guardian is None:
            return lambda: people.add_guardian(student, new)

        def change() -> str:
            people.update_guardian(student, guardian.id, new)
            return guardian.id

        return change
