"""A folder of photos brought in: whose each picture is, is shown first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.names import fold
from bt_desktop.services.work_progress import Progress
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone, choose_folder
from bt_desktop.views.roster_lists import RosterList, RosterRow
from bt_desktop.views.roster_looking import RosterLists
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import ActionButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import Muted, plain_label
from bt_desktop.views.widgets.waiting import Waiting

if TYPE_CHECKING:
    from bt_desktop.services.photo_folder import FolderPreview
    from bt_desktop.services.workspace import Workspace

_PATIENCE_MS, _LOOK_MS = 1000, 150
_BY = {"number": "by the student number", "name": "by the name"}


class PhotosView(QWidget):
    """Choose a folder, look, bring in. `imported` when it is done."""

    imported = Signal()

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._photos = desk, workspace.photos
        self._preview: FolderPreview | None = None
        self._going = Progress()
        self.banner = Banner(desk.theme, self)
        words = Muted(
            "Choose the folder that the photographer or the student system gave you. A file is "
            "found by its name: the student number (1001.jpg), or last and first name "
            "(Brooks_Aaliyah.jpg). Place and time in a photo are not kept.",
            self,
        )
        self.folder = ActionButton(desk.theme, "Choose a folder…", icon_name="folder", parent=self)
        self.folder.clicked.connect(self._choose)
        self.progress = Waiting("Working on the photos", self)
        self.progress.canceled.connect(self._stop)
        self.result = self._result()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self.banner)
        column.addWidget(words)
        row = QHBoxLayout()
        row.addWidget(self.folder)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.progress)
        column.addWidget(self.result)

    def _result(self) -> QWidget:
        box = QWidget(self)
        card = Card(box, spacing=6)
        self.facts = plain_label("", "", card)
        self.facts.setWordWrap(True)
        card.column.addWidget(self.facts)
        self.lists = RosterLists(self._desk, box)
        self.go = PrimaryButton("Bring in", box)
        self.go.clicked.connect(self.bring_in)
        self.other = SecondaryButton("Choose another", box)
        self.other.clicked.connect(self._start_over)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.go)
        buttons.addWidget(self.other)
        buttons.addStretch(1)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(card)
        column.addWidget(self.lists)
        column.addLayout(buttons)
        box.hide()
        return box

    @Slot()
    def _stop(self) -> None:
        self._going.cancel()

    @Slot()
    def _choose(self) -> None:
        path = choose_folder(self, "Choose the folder of the photos")
        if path is not None:
            self.look(path)

    def look(self, folder: Path) -> None:
        """Say whose the pictures of this folder are."""
        self.result.hide()
        photos = self._photos
        going = self._begin("Looking at the photos. Nothing is changed by that.")
        self._desk.tasks.run(
            self, lambda: photos.look(folder, going), self.show_preview, self._failed,
            lane=Lane.READ,
        )  # fmt: skip

    def show_preview(self, preview: FolderPreview) -> None:
        """Show whose the pictures are."""
        self._end()
        self._preview = preview
        matched, replaced = len(preview.matched), sum(1 for m in preview.matched if m.replaces)
        said = [f"{_photos(matched)} found their student"]
        if replaced:
            verb = "replaces" if replaced == 1 else "replace"
            said.append(f"{replaced:,} of them {verb} an older one")
        said.append(f"{_files(len(preview.left_out))} will not be used")
        self.facts.setText("; ".join(said) + f". {_students(preview.without)} without a photo.")
        self.lists.show_lists(_lists(preview), "left_out")
        self.lists.order_tabs(self.folder, self.go, self.other)
        self.go.setEnabled(bool(matched))
        self.go.setText(f"Bring in {_photos(matched)}" if matched else "Nothing to bring in")
        self.result.show()
        self.go.setFocus()

    @Slot()
    def bring_in(self) -> None:
        """Keep the photos that found their student."""
        preview, photos = self._preview, self._photos
        if preview is None:
            return
        going = self._begin("Making the photos small and clean.")
        self._desk.tasks.run(
            self, lambda: photos.bring_in(preview, going), self._done, self._failed, lane=Lane.READ
        )

    def _done(self, kept: int) -> None:
        self._end()
        self.result.hide()
        self.banner.tell(f"{_photos(kept)} kept, encrypted.", Tone.OK)
        self.imported.emit()

    def _failed(self, problem: BaseException) -> None:
        self._end()
        if isinstance(problem, KnownError):
            tone = Tone.INFO if problem.code == "canceled" else Tone.DANGER
            self.banner.tell(str(problem), tone)
        else:
            self._desk.feedback.report(self, problem)

    def _begin(self, says: str) -> Progress:
        self.banner.clear()
        self._going = Progress()
        self.progress.begin(says, self._going, may_stop=True)
        for widget in (self.folder, self.result):
            widget.setEnabled(False)
        return self._going

    def _end(self) -> None:
        self.progress.end()
        for widget in (self.folder, self.result):
            widget.setEnabled(True)

    @Slot()
    def _start_over(self) -> None:
        self._preview = None
        self.result.hide()
        self.banner.clear()
        self.folder.setFocus()


def _lists(preview: FolderPreview) -> tuple[RosterList, ...]:
    left = tuple(
        RosterRow((one.file, one.why), fold(f"{one.file} {one.why}")) for one in preview.left_out
    )
    matched = tuple(
        RosterRow(
            (one.name, one.path.name, _BY[one.by] + (", replaces" if one.replaces else "")),
            fold(f"{one.name} {one.path.name}"),
        )
        for one in preview.matched
    )
    return (
        RosterList("left_out", "Not used", ("File", "Why"), (30, 70), left),
        RosterList("matched", "Found", ("Student", "File", "How"), (36, 36, 28), matched),
    )


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count:,} photos"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _students(count: int) -> str:
    return "1 student stays" if count == 1 else f"{count:,} students stay"
