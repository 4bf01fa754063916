"""Which of the papers and photos are printed along with the school's copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from bt_desktop.services.attachments import PURPOSES
from bt_desktop.views.attachments_page import size_words
from bt_desktop.views.form_dialogs import _Dialog
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.results.records import Attachment
    from bt_desktop.views.desk import Desk


class PrintChoice(_Dialog):
    """`chosen(ids)` with the files that are to be printed along; none at first."""

    chosen = Signal(object)

    def __init__(
        self,
        desk: Desk,
        kept: tuple[Attachment, ...],
        *,
        draft: bool,
        parent: QWidget | None = None,
    ) -> None:
        title, verb = ("Print the school’s copy", "Make the copy")
        if draft:
            title, verb = "Print the draft", "Make the draft"
        super().__init__(desk, title, verb, parent)
        sealed = "" if draft else ", and sealed along"
        self.column.addWidget(
            Muted(f"With attachments? Each is printed as pages at the end{sealed}.", self)
        )
        self.boxes: dict[str, QCheckBox] = {}
        for one in kept:
            kind = PURPOSES.get(one.purpose, PURPOSES["other"])
            words = f"{one.name} · {kind} · {size_words(one.size)}"
            box = QCheckBox(words.replace("&", "&&"), self)
            self.boxes[one.id] = box
            self.column.addWidget(box)
        self.deed.clicked.connect(self._take)

    def _take(self) -> None:
        self.chosen.emit(tuple(which for which, box in self.boxes.items() if box.isChecked()))
        self.accept()
