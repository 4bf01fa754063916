"""A student's photo on their page: shown, set, replaced, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import ask, choose_open
from bt_desktop.views.pictures import Portrait
from bt_desktop.views.widgets.buttons import LinkButton

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Person, Photo
    from bt_desktop.services.workspace import Workspace

SIDE = 96


class PhotoBox(QWidget):
    """Photo and what can be done with it. `changed` after it was set or taken away."""

    changed = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._photos = desk, workspace.photos
        self._person: Person | None = None
        self.portrait = Portrait(desk.theme, SIDE, self)
        self.choose = LinkButton("Add a photo…", self)
        self.choose.clicked.connect(self._choose)
        self.take_away = LinkButton("Remove the photo", self)
        self.take_away.clicked.connect(self._remove)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(self.choose)
        links.addWidget(self.take_away)
        links.addStretch(1)
        self.beside = QVBoxLayout()
        self.beside.setSpacing(6)
        self.beside.addStretch(1)
        self.beside.addLayout(links)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.portrait, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self.beside, 1)
        self._offer()

    def show_person(self, person: Person) -> None:
        """Show this student's photo."""
        self._person = person
        self.portrait.show_person(_initials(person), None)
        photos, which = self._photos, person.id
        self._desk.tasks.latest(self, "photo", lambda: _photo(photos.photo, which), self._show)

    def _show(self, photo: Photo | None) -> None:
        if self._person is not None:
            self.portrait.show_person(_initials(self._person), photo.data if photo else None)
        self._offer()

    def _offer(self) -> None:
        may, has = self._photos.may_edit, self.portrait.has_photo
        self.choose.setVisible(may)
        self.choose.setText("Replace the photo…" if has else "Add a photo…")
        self.take_away.setVisible(may and has)

    @Slot()
    def _choose(self) -> None:
        path = choose_open(self, "Choose a photo", "Picture (*.jpg *.jpeg *.png)")
        if path is not None and self._person is not None:
            photos, which = self._photos, self._person.id
            self._desk.tasks.run(self, lambda: photos.set(which, read_file(path)), self._done)

    @Slot()
    def _remove(self) -> None:
        if self._person is None or not ask(
            self, "Remove this photo?", "Remove", "Keep", more="It is not kept anywhere else."
        ):
            return
        photos, which = self._photos, self._person.id
        self._desk.tasks.run(self, lambda: photos.remove(which), self._done)

    def _done(self, _: object) -> None:
        if self._person is not None:
            self.show_person(self._person)
        self.changed.emit()


def read_file(path: Path) -> bytes:
    """The bytes of a chosen file. Raises a KnownError without its name."""
    try:
        return path.read_bytes()
    except OSError:
        raise KnownError(
            "file-not-read",
            "The chosen file could not be read.",
            "Check that it is still there, then choose it again.",
        ) from None


def _photo(read: object, which: str) -> Photo | None:
    """The photo; none where the role sees none."""
    try:
        return read(which)  # type: ignore[operator,no-any-return]  # PhotoService.photo
    except KnownError:
        return None


def _initials(person: Person) -> str:
    return "".join(name[:1] for name in (person.called, person.family) if name).upper()
