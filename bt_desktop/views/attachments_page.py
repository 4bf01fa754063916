"""Papers and photos of a record: added by choosing, dropping or pasting; looked at; saved."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.attachments import PURPOSES
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Tone, choose_save, choose_several
from bt_desktop.views.pictures import Thumb
from bt_desktop.views.preview import write_whole
from bt_desktop.views.student_photo import read_file
from bt_desktop.views.student_team import clear_column
from bt_desktop.views.widgets.buttons import ActionButton, LinkButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.page import Page
from bt_desktop.views.widgets.text import Muted, PageTitle, plain_label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bt_desktop.services.results.records import Attachment
    from bt_desktop.services.workspace import Workspace

MEDIA = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
_KINDS = "PDF or picture (*.pdf *.png *.jpg *.jpeg)"
_THUMB = 56
_WRONG_KIND = "Only PDF, PNG and JPEG files can be kept. Nothing was added."
_NO_PICTURE = "There is no picture in the clipboard. Copy one, then paste."


def size_words(count: int) -> str:
    """`2.3 MB`, `340 KB`."""
    if count >= 1024 * 1024:
        return f"{count / 1024 / 1024:.1f} MB"
    return f"{max(1, round(count / 1024))} KB"


class AttachmentsPage(Page):
    """Signals: `back`; `view_asked(attachment, bytes)` to show one."""

    title = "Papers and photos"
    back = Signal()
    view_asked = Signal(object, bytes)

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        may: frozenset[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk.theme, parent, wide=760)
        self._desk, self._records, self._record = desk, workspace.records, record_id
        self._may_add, self._may_read = "attach" in may, "read_papers" in may
        self._thumbs: Mapping[str, bytes] = {}
        self.setAcceptDrops(self._may_add)
        leave = self.leave = LinkButton("‹ &Back to the record", self)
        leave.clicked.connect(self.back)
        self.column.addWidget(leave, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(PageTitle("Papers and photos", self))
        self.column.addWidget(
            Muted(
                "Kept with the record, encrypted, exactly as they were handed in. They are printed "
                "only where you say so, and never on a parent’s paper.",
                self,
            )
        )
        self.adding = self._adder()
        self.adding.setVisible(self._may_add)
        self.column.addWidget(self.adding)
        self.card = Card(self, margin=0, spacing=0)
        self.column.addWidget(self.card)
        self.column.addStretch(1)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.paste)
        self.load()

    def _adder(self) -> QFrame:
        box = QFrame(self)
        box.setObjectName("card")
        self.purpose = Choice(box)
        self.purpose.fill([(words, key) for key, words in PURPOSES.items()], "photo")
        frame = FieldFrame(
            self._desk.theme,
            "What do you add?",
            self.purpose,
            hint="Choose it first, then choose files, drop them here, or paste a picture.",
            parent=box,
        )
        self.choose = ActionButton(
            self._desk.theme, "Choose files…", icon_name="upload", parent=box
        )
        self.choose.clicked.connect(self._choose)
        self.paste_button = SecondaryButton("Paste a picture", box)
        self.paste_button.setAccessibleDescription("From the clipboard. Ctrl+V does it, too.")
        self.paste_button.clicked.connect(self.paste)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.paste_button)
        buttons.addStretch(1)
        column = QVBoxLayout(box)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addWidget(frame)
        column.addLayout(buttons)
        return box

    # --- showing ---------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Read what is kept."""
        records, which = self._records, self._record

        def read() -> tuple[tuple[Attachment, ...], Mapping[str, bytes]]:
            return records.attachments(which), records.attachment_thumbs(which)

        self._desk.tasks.latest(self, "papers", read, self._show)

    def _show(self, found: tuple[tuple[Attachment, ...], Mapping[str, bytes]]) -> None:
        kept, self._thumbs = found
        clear_column(self.card)
        if not kept:
            words = Muted(
                "Nothing is kept with this record yet: photos, scans of signed slips and papers "
                "of witnesses will stand here.",
                self.card,
            )
            words.setContentsMargins(14, 12, 14, 12)
            self.card.column.addWidget(words)
        for i, one in enumerate(kept):
            if i:
                self.card.column.addWidget(Hairline(self.card))
            self.card.column.addWidget(self._row(one))

    def _row(self, one: Attachment) -> QWidget:
        row = QWidget(self.card)
        name = plain_label(one.name, "strong", row)
        name.setWordWrap(True)
        when = f"{one.added_at:%b} {one.added_at.day}, {one.added_at.year}"
        by = f"by {one.added_by}" if one.added_by else ""
        kind = PURPOSES.get(one.purpose, PURPOSES["other"])
        facts = " · ".join(part for part in (kind, size_words(one.size), when, by) if part)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(Muted(facts, row))
        line = QHBoxLayout(row)
        line.setContentsMargins(14, 10, 14, 10)
        line.setSpacing(14)
        line.addWidget(Thumb(self.theme, _THUMB, self._thumbs.get(one.id), row))
        line.addLayout(words, 1)
        if self._may_read:
            for word, deed in (("View", self.view), ("Save a copy…", self.save)):
                link = LinkButton(word, row)
                link.setAccessibleName(f"{word.rstrip('…')}: {one.name}")
                link.clicked.connect(partial(self._do, deed, one))
                line.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _do(self, deed: Callable[[Attachment], None], one: Attachment, _: bool = False) -> None:
        deed(one)

    def view(self, one: Attachment) -> None:
        """Open a file inside the window; that is written down."""
        records = self._records
        self._desk.tasks.run(
            self,
            lambda: records.attachment_data(one.id),
            lambda data: self.view_asked.emit(one, data),
        )

    def save(self, one: Attachment) -> None:
        """Save a file as it was handed in; that is written down."""
        path = choose_save(self, "Save a copy", one.name, "All files (*)")
        if path is None:
            return
        records = self._records

        def work() -> None:
            write_whole(path, records.attachment_data(one.id, saving=True))

        self._desk.tasks.run(self, work, self._saved)

    def _saved(self, _: object) -> None:
        self.banner.tell(
            "Saved as it was handed in, with what a camera wrote into it. Outside the vault it is "
            "not encrypted: keep it where only those may read it who should.",
            Tone.OK,
        )

    # --- adding ----------------------------------------------------------------------------

    @Slot()
    def _choose(self) -> None:
        self.add_files(choose_several(self, "Choose papers or photos", _KINDS))

    def add_files(self, paths: Iterable[Path]) -> None:
        """Keep these files; each of them whole or not at all."""
        chosen = list(paths)
        wrong = [path for path in chosen if path.suffix.lower() not in MEDIA]
        if wrong:
            self.banner.tell(
                "Only PDF, PNG and JPEG files can be kept. Nothing was added.", Tone.WARN
            )
            return
        if not chosen:
            return
        records, which, purpose = self._records, self._record, str(self.purpose.currentData())

        def work() -> int:
            for path in chosen:
                kind = MEDIA[path.suffix.lower()]
                records.attach(which, path.name, kind, read_file(path), purpose)
            return len(chosen)

        self._add(work)

    def add_picture(self, image: QImage) -> None:
        """Keep a picture from the clipboard."""
        held = QByteArray()
        buffer = QBuffer(held)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt a name
        data = bytes(held.data())
        records, which, purpose = self._records, self._record, str(self.purpose.currentData())

        def work() -> int:
            records.attach(which, "Pasted picture.png", "image/png", data, purpose)
            return 1

        self._add(work)

    def _add(self, work: Callable[[], int]) -> None:
        self.adding.setEnabled(False)
        self._desk.tasks.run(self, work, self._added, self._not_added)

    def _added(self, count: int) -> None:
        self.adding.setEnabled(True)
        files = "1 file is" if count == 1 else f"{count} files are"
        self.banner.tell(
            f"{files} kept, encrypted. What lies outside stays there; delete it if it should not.",
            Tone.OK,
        )
        self.load()

    def _not_added(self, problem: BaseException) -> None:
        self.adding.setEnabled(True)
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)
        self.load()

    @Slot()
    def paste(self) -> None:
        """Keep the picture (or the files) of the clipboard."""
        if self._may_add and not self.take(QGuiApplication.clipboard().mimeData()):
            self.banner.tell(
                "There is no picture in the clipboard. Copy one, then paste.", Tone.WARN
            )

    def take(self, held: QMimeData | None) -> bool:
        """Keep what was pasted or dropped; False where it is nothing that can be kept."""
        if held is None:
            return False
        paths = [Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile()]
        if paths:
            self.add_files(paths)
            return True
        image = held.imageData() if held.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self.add_picture(image)
            return True
        return False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.take(event.mimeData()):
            event.acceptProposedAction()
