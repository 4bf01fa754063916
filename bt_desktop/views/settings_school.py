"""The school as it heads every paper, its rules and its training program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bt_desktop.views.desk import Desk
from bt_desktop.views.door import SetupChoices, setup_choices
from bt_desktop.views.feedback import Banner, Tone, choose_open, choose_save
from bt_desktop.views.first_run_steps import LOGO_MOST_BYTES, PICTURES
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice, TextBox, TextLine
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.results.school import School
    from bt_desktop.services.workspace import Workspace


def _write(path: Path, pem: bytes) -> None:
    """Write the certificate whole or not at all; raises a KnownError where it cannot be."""
    from bt_desktop.views.preview import write_whole  # deferred: loads QtPdf

    write_whole(path, pem)


class SchoolSection(QWidget):
    """Edits the school; refused in words where the role does not allow it."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._logo: bytes | None = None
        self.banner = Banner(desk.theme, self)
        self.name, self.phone, self.contact = TextLine(), TextLine(), TextLine()
        self.address = TextBox(lines=2, most=4)
        self.pack, self.program = Choice(), Choice()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(SectionTitle("School", self))
        column.addWidget(self.banner)
        card = Card(self, margin=20, spacing=14)
        self._name = FieldFrame(desk.theme, "Name of the school", self.name, required=True)
        for frame in (
            self._name,
            FieldFrame(desk.theme, "Address", self.address),
            FieldFrame(desk.theme, "Phone", self.phone),
            FieldFrame(desk.theme, "Whom may a parent ask?", self.contact, hint="Name and title"),
            FieldFrame(desk.theme, "Rules", self.pack, hint="For reports begun from now on"),
            FieldFrame(desk.theme, "Training program", self.program, hint="It names the holds"),
        ):
            card.column.addWidget(frame)
        logo = plain_label("Logo", "fieldLabel", card)
        card.column.addWidget(logo)
        card.column.addLayout(self._logo_row(card))
        logo.setBuddy(self.choose_logo)
        self.save = PrimaryButton("Save", card)
        self.save.clicked.connect(self.keep)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addStretch(1)
        card.column.addLayout(row)
        column.addWidget(card)
        column.addSpacing(4)
        column.addWidget(SectionTitle("Certificate", self))
        column.addWidget(self._certificate())
        column.addStretch(1)

    def _certificate(self) -> Card:
        card = Card(self, margin=20, spacing=12)
        card.column.addWidget(
            Muted(
                "Whoever checks a copy away from this computer needs the school's certificate. "
                "It is public: put it on the school's web site, or send it with a copy.",
                card,
            )
        )
        self.certificate = SecondaryButton("Save the certificate…", card)
        self.certificate.clicked.connect(self._save_certificate)
        row = QHBoxLayout()
        row.addWidget(self.certificate)
        row.addStretch(1)
        card.column.addLayout(row)
        return card

    @Slot()
    def _save_certificate(self) -> None:
        path = choose_save(self, "Save the certificate", "school-ca.pem", "Certificate (*.pem)")
        if path is None:
            return
        copies = self._workspace.copies

        def written(_: None) -> None:
            self.banner.tell("The certificate is saved.", Tone.OK)

        self._desk.tasks.run(self, lambda: _write(path, copies.school_ca_pem()), written)

    def _logo_row(self, card: Card) -> QHBoxLayout:
        self.picture = QLabel(card)
        self.no_picture = Muted("none", card, wrap=False)
        choose = self.choose_logo = SecondaryButton("Choose…", card)
        choose.setAccessibleName("Choose the logo")
        choose.clicked.connect(self._choose_logo)
        self.remove = SecondaryButton("Take away", card)
        self.remove.setAccessibleName("Take the logo away")
        self.remove.clicked.connect(self._remove_logo)
        row = QHBoxLayout()
        row.setSpacing(12)
        for widget in (self.picture, self.no_picture, choose, self.remove):
            row.addWidget(widget)
        row.addStretch(1)
        return row

    @Slot()
    def load(self) -> None:
        """Read the school."""
        school = self._workspace.school
        self._desk.tasks.run(
            self, lambda: (school.get(), setup_choices()), self.show_school, lane=Lane.READ
        )

    def show_school(self, known: tuple[School, SetupChoices]) -> None:
        """Show it."""
        school, choices = known
        self.name.setText(school.name)
        self.address.setPlainText(school.address)
        self.phone.setText(school.phone)
        self.contact.setText(school.contact_name)
        packs: list[tuple[str, object]] = [
            (p.title if p.verified else f"{p.title} (unverified)", p.pack) for p in choices.packs
        ]
        self.pack.fill(packs, school.pack)
        programs: list[tuple[str, object]] = [(label, key) for key, label in choices.programs]
        program = school.training_program
        chosen: object = next(
            (k for k, label in choices.programs if program.casefold() in (k, label.casefold())),
            program,
        )
        if program and chosen == program and program not in {k for k, _ in choices.programs}:
            programs.append((program, program))
        self.program.fill(programs, chosen)
        self._logo = None
        self._show_logo(school.logo)

    def _show_logo(self, data: bytes | None) -> None:
        pixmap = QPixmap()
        there = bool(data) and pixmap.loadFromData(data or b"")
        if there:
            side = self._desk.theme.px(44)
            self.picture.setPixmap(
                pixmap.scaled(
                    side * 3,
                    side,
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
            self.picture.setAccessibleName("The school's logo")
        self.picture.setVisible(there)
        self.no_picture.setVisible(not there)
        self.remove.setEnabled(there)

    @Slot()
    def _choose_logo(self) -> None:
        path = choose_open(self, "Choose the logo", PICTURES)
        if path is None:
            return
        try:
            data = path.read_bytes() if path.stat().st_size <= LOGO_MOST_BYTES else b""
        except OSError:
            data = b""
        if not data or not QPixmap().loadFromData(data):
            self.banner.tell("This is no PNG or JPEG of up to 2 MB. Choose another.", Tone.DANGER)
            return
        self._logo = data
        self._show_logo(data)

    @Slot()
    def _remove_logo(self) -> None:
        self._logo = b""
        self._show_logo(None)

    @Slot()
    def keep(self) -> None:
        """Save what is on the page."""
        if not self.name.text().strip():
            self._name.say("Write the name of the school.")
            self.name.setFocus()
            return
        self._name.say("")
        school, logo = self._workspace.school, self._logo
        name, address = self.name.text().strip(), self.address.toPlainText().strip()
        phone, contact = self.phone.text().strip(), self.contact.text().strip()
        pack, program = str(self.pack.currentData() or ""), str(self.program.currentData() or "")
        self._desk.tasks.run(
            self,
            lambda: school.update(
                name=name,
                address=address,
                phone=phone,
                contact_name=contact,
                logo=logo,
                pack=pack,
                training_program=program,
            ),
            self._kept,
        )

    def _kept(self, _school: object) -> None:
        self._logo = None
        self.banner.tell("Saved. It heads every paper that is printed from now on.", Tone.OK)
