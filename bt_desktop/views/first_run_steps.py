"""The steps of the first run, each with what it asks and what it says when something is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.door import Door, SetupChoices
from bt_desktop.views.feedback import choose_open
from bt_desktop.views.roster_view import RosterView
from bt_desktop.views.widgets.buttons import LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice, TextBox, TextLine
from bt_desktop.views.widgets.new_password import NewPassword
from bt_desktop.views.widgets.text import Muted, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

LOGO_MOST_BYTES = 2 * 1024 * 1024
PICTURES = "Pictures (*.png *.jpg *.jpeg)"


def paragraph(text: str, parent: QWidget | None = None) -> QLabel:
    """Words that wrap."""
    label = plain_label(text, "", parent)
    label.setWordWrap(True)
    return label


class Step(QWidget):
    """One step. `complete()` says in place what is missing; `next_asked` is as Next."""

    title = ""
    short = ""
    next_word = "Next"
    may_go_back = True
    next_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(4, 0, 4, 4)
        self.column.setSpacing(14)
        self.setProperty("ownRing", True)

    def complete(self) -> bool:
        """Whether it may be left forwards."""
        return True

    def entered(self) -> None:
        """It is shown now."""

    def refused(self, _problem: KnownError) -> bool:
        """Say a problem of the deed after this step in place; False: the banner says it."""
        return False

    def field(
        self, label: str, editor: QWidget, *, hint: str = "", required: bool = False
    ) -> FieldFrame:
        """Put a field at the end."""
        frame = FieldFrame(self.desk.theme, label, editor, hint=hint, required=required)
        self.column.addWidget(frame)
        return frame


class WelcomeStep(Step):
    """What will be asked, and what to have at hand."""

    title = "Set up the records of your school"
    short = "Welcome"
    next_word = "Begin"
    may_go_back = False
    check_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.column.addWidget(
            paragraph(
                "This takes about ten minutes and is done once for this computer. You will be "
                "asked for the school's name and address, for a password, and you will print a "
                "recovery key."
            )
        )
        for sentence in (
            "Everything is kept on this computer, encrypted. Nothing is sent anywhere.",
            "Nobody can open the records without a password or the recovery key, not even "
            "whoever made this program.",
            "The recovery key is the only help when every administrator's password is "
            "forgotten. Have a printer ready, or paper and a pen.",
        ):
            self.column.addWidget(Muted(f"•  {sentence}"))
        check = LinkButton("Only check a printed copy", self)
        check.clicked.connect(self.check_asked)
        self.column.addWidget(check, 0, Qt.AlignmentFlag.AlignLeft)


class SchoolStep(Step):
    """Letterhead: name, address, phone, whom to ask, logo."""

    title = "The school"
    short = "School"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._logo = b""
        self.name, self.phone, self.contact = TextLine(), TextLine(), TextLine()
        self.address = TextBox(lines=2, most=4)
        self._name = self.field(
            "Name of the school", self.name, hint="As it heads every page", required=True
        )
        self.field("Address", self.address)
        self.field("Phone", self.phone)
        self.field(
            "Whom may a parent ask?", self.contact, hint="Name and title; left blank, it is you"
        )
        self.picture = QLabel(self)
        self.picture.hide()
        self.choose = SecondaryButton("Choose a picture…", self)
        self.choose.clicked.connect(self.choose_logo)
        self.logo_says = Muted("PNG or JPEG, up to 2 MB. It can be added later.", self)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.picture)
        row.addWidget(self.choose)
        row.addWidget(self.logo_says, 1)
        logo = plain_label("Logo", "fieldLabel")
        logo.setBuddy(self.choose)
        self.column.addWidget(logo)
        self.column.addLayout(row)

    def entered(self) -> None:
        self.name.setFocus()

    def complete(self) -> bool:
        blank = not self.name.text().strip()
        self._name.say("Write the name of the school." if blank else "")
        if blank:
            self.name.setFocus()
        return not blank

    def logo_bytes(self) -> bytes:
        """The logo, empty when none was chosen."""
        return self._logo

    @Slot()
    def choose_logo(self) -> None:
        """Choose a picture file."""
        path = choose_open(self, "Choose the logo", PICTURES)
        if path is None:
            return
        pixmap = QPixmap()
        try:
            data = path.read_bytes() if path.stat().st_size <= LOGO_MOST_BYTES else b""
        except OSError:
            data = b""
        if not data or not pixmap.loadFromData(data):
            self.logo_says.setText("This is no PNG or JPEG of up to 2 MB. Choose another picture.")
            return
        self._logo = data
        side = self.desk.theme.px(44)
        self.picture.setPixmap(
            pixmap.scaled(
                side * 2,
                side,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        self.picture.setAccessibleName("The logo that was chosen")
        self.picture.show()
        self.choose.setText("Choose another…")
        self.logo_says.setText("")


class RulesStep(Step):
    """Which state's rules, and which training program names the holds."""

    title = "Rules and training"
    short = "Rules"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._choices: SetupChoices | None = None
        self._pack, self._program = Choice(), Choice()
        self._pack.currentIndexChanged.connect(self._warn)
        self._pack_frame = self.field(
            "Rules of which state?",
            self._pack,
            hint="They decide what is asked, what is forbidden, and by when a parent is told.",
            required=True,
        )
        self._unverified = Card(self, margin=12, spacing=4, edge="warn")
        self._unverified.column.addWidget(plain_label("Not verified", "strong"))
        self._unverified.column.addWidget(
            Muted(
                "Nobody has compared these rules with the official text yet, so “unverified” "
                "stands beside each. Confirm with your district before you rely on them."
            )
        )
        self.column.addWidget(self._unverified)
        self._unverified.hide()
        self._program_frame = self.field(
            "Which program is your staff trained in?",
            self._program,
            hint="It names the holds. You can edit the list in Settings.",
            required=True,
        )

    def offer(self, choices: SetupChoices) -> None:
        """What can be chosen."""
        self._choices = choices
        self._pack.fill(
            [(p.title if p.verified else f"{p.title} (unverified)", p.pack) for p in choices.packs],
            "us-ca",
        )
        self._program.fill([(label, key) for key, label in choices.programs], "safety_care")
        self._warn()

    def pack(self) -> str:
        """The chosen pack."""
        return str(self._pack.currentData() or "")

    def program(self) -> str:
        """The chosen training program."""
        return str(self._program.currentData() or "")

    def choose(self, pack: str, program: str) -> None:
        """Choose by key."""
        self._pack.setCurrentIndex(self._pack.findData(pack))
        self._program.setCurrentIndex(self._program.findData(program))

    def complete(self) -> bool:
        return bool(self.pack())

    def entered(self) -> None:
        self._pack.setFocus()

    @Slot()
    def _warn(self) -> None:
        packs = self._choices.packs if self._choices else ()
        chosen = next((p for p in packs if p.pack == self.pack()), None)
        self._unverified.setVisible(chosen is not None and not chosen.verified)


class AdministratorStep(Step):
    """The first account."""

    title = "You, the administrator"
    short = "Administrator"
    next_word = "Make the vault"

    def __init__(self, desk: Desk, door: Door) -> None:
        super().__init__(desk)
        self.given, self.family, self.job = TextLine(), TextLine(), TextLine()
        self._given = self.field("First name", self.given, required=True)
        self._family = self.field("Last name", self.family, required=True)
        row = QHBoxLayout()
        row.setSpacing(12)
        for frame in (self._given, self._family):
            self.column.removeWidget(frame)
            row.addWidget(frame, 1)
        self.column.addLayout(row)
        self.field("Title", self.job, hint="For example: Principal")
        self.password = NewPassword(desk, door.password_problems, door.offer_passphrase)
        self.column.addWidget(self.password)

    def names(self) -> tuple[str, ...]:
        """The names that must not carry the password."""
        return (self.given.text(), self.family.text())

    def entered(self) -> None:
        self.given.setFocus()

    def complete(self) -> bool:
        for line, frame, what in (
            (self.given, self._given, "first name"),
            (self.family, self._family, "last name"),
        ):
            blank = not line.text().strip()
            frame.say(f"Write your {what}." if blank else "")
            if blank:
                line.setFocus()
                return False
        return self.password.good()

    def refused(self, problem: KnownError) -> bool:
        if problem.code == "weak-password":
            self.password.frame.say(problem.sentence)
            return True
        return False


class RosterStep(Step):
    """The roster; can be skipped."""

    title = "The roster"
    short = "Roster"
    next_word = "Skip for now"
    may_go_back = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view: RosterView | None = None

    def take(self, workspace: Workspace) -> None:
        """The vault is open now."""
        self.view = RosterView(self.desk, workspace, self)
        self.view.imported.connect(self._imported)
        self.column.addWidget(self.view)

    @Slot()
    def _imported(self) -> None:
        self.next_word = "Next"
        self.next_asked.emit()


class DoneStep(Step):
    """What is there now, and what to do next."""

    title = "Ready"
    short = "Ready"
    next_word = "Open the records"
    may_go_back = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._says = paragraph("")
        self.column.addWidget(self._says)
        for sentence in (
            "Lock the recovery key away, where a colleague of trust finds it too.",
            "Add a second administrator in Settings, so that one forgotten password does not "
            "lock the school out.",
            "Add an account for each staff member who will write. Nobody shares a password.",
        ):
            self.column.addWidget(Muted(f"•  {sentence}"))

    def take(self, school: str) -> None:
        """Whose records are ready."""
        self._says.setText(f"The records of {school} are set up and encrypted.")
