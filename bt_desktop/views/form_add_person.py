"""Adding a person by hand while filling a form, where the roster does not know them yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bt_desktop.services.results.people import NewStaff, NewStudent
from bt_desktop.views.desk import Desk
from bt_desktop.views.editors.text import Line
from bt_desktop.views.feedback import Banner
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

STUDENT = (
    ("given", "First name"),
    ("family", "Last name"),
    ("grade", "Grade"),
    ("birth", "Birth date (month/day/year)"),
)
STAFF = (("given", "First name"), ("family", "Last name"), ("title", "Job title"))


def read_birth(text: str) -> date | None:
    """A birth date typed as month/day/year; None where blank. Raises ValueError."""
    if not text.strip():
        return None
    month, day, year = (int(part) for part in text.replace("-", "/").split("/"))
    return date(year, month, day)


class AddPerson(QDialog):
    """Asks for the little that tells a person apart, saves it, and hands the person to `done`."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        kind: str,
        typed: str,
        done: Callable[[Any], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._workspace, self._kind, self._done = desk, workspace, kind, done
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Add a person")
        self.banner = Banner(desk.theme, self)
        self.lines: dict[str, Line] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 20)
        box.setSpacing(10)
        word = "staff member" if kind == "staff" else "student"
        box.addWidget(SectionTitle(f"Add a {word} by hand", self))
        box.addWidget(Muted("The next roster import will find this person again by name.", self))
        box.addWidget(self.banner)
        for key, label in STAFF if kind == "staff" else STUDENT:
            box.addWidget(self._labelled(key, label))
            box.addWidget(self.lines[key])
        self.problem = QLabel(self)
        self.problem.setObjectName("dangerText")
        self.problem.setWordWrap(True)
        self.problem.hide()
        box.addWidget(self.problem)
        cancel = SecondaryButton("Cancel", self)  # before the deed, as it stands
        self.add_button = PrimaryButton(f"Add the {word}", self)
        self.add_button.clicked.connect(self.add)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.add_button)
        box.addLayout(row)
        self.setMinimumWidth(desk.theme.px(420))
        self._begin_with(typed)

    def _labelled(self, key: str, label: str) -> QLabel:
        words = plain_label(label, "fieldLabel", self)
        line = Line(self)
        line.setAccessibleName(label)
        words.setBuddy(line)
        self.lines[key] = line
        return words

    def _begin_with(self, typed: str) -> None:
        words = typed.split()
        if len(words) > 1:
            self.lines["given"].setText(" ".join(words[:-1]))
            self.lines["family"].setText(words[-1])
        elif words:
            self.lines["given"].setText(words[0])

    def add(self) -> None:
        """Save the person and hand them over."""
        try:
            new = self._new()
        except ValueError:
            self._say("The birth date is not a date. Type it as month/day/year, or leave it blank.")
            return
        people = self._workspace.people

        def work() -> Any:
            if isinstance(new, NewStaff):
                return _hit(people, people.add_staff(new))
            problems = people.student_problems(new)
            return problems if problems else _hit(people, people.add_student(new))

        self.add_button.setEnabled(False)
        self._desk.tasks.run(self, work, self._added, self._failed)

    def _new(self) -> NewStudent | NewStaff:
        text = {key: line.text().strip() for key, line in self.lines.items()}
        if self._kind == "staff":
            return NewStaff(text["given"], text["family"], title=text["title"])
        return NewStudent(
            text["given"], text["family"], grade=text["grade"], birth_date=read_birth(text["birth"])
        )

    def _added(self, result: Any) -> None:
        self.add_button.setEnabled(True)
        if isinstance(result, tuple):
            self._say(" ".join(problem.sentence for problem in result))
            return
        self.accept()
        self._done(result)

    def _failed(self, problem: BaseException) -> None:
        self.add_button.setEnabled(True)
        self._desk.feedback.report(self, problem)

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()


def _hit(people: Any, person_id: str) -> Any:
    """The person as a search would show them."""
    person = people.get(person_id)
    kind = person_id.split(":", maxsplit=1)[0]
    hits = people.search(person.name, (kind,))
    return next((hit for hit in hits if hit.id == person_id), person)
