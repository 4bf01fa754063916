"""The recovery key: shown and printed once, then two groups of it are asked back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import choose_save
from bt_desktop.views.first_run_steps import Step, paragraph
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.widgets.buttons import ActionButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.field import FieldFrame
from bt_desktop.views.widgets.inputs import TextLine
from bt_desktop.views.widgets.text import Muted, plain_label

_COLUMNS = 3


class RecoveryStep(Step):
    """Shows the key in its six groups; prints it or saves it as PDF from memory."""

    title = "The recovery key"
    short = "Recovery key"
    next_word = "I have it on paper"
    may_go_back = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._sheet: Callable[[], bytes] | None = None
        self.column.addWidget(
            paragraph(
                "If every administrator forgets the password, this key is the only way back to "
                "the records. Print it now, or write it down, and lock it away. It is shown this "
                "once."
            )
        )
        card = Card(self, margin=20, spacing=8)
        card.setAccessibleName("Recovery key")
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(14)
        self._groups: list[QLabel] = []
        for i in range(6):
            row, column = divmod(i, _COLUMNS)
            box = QHBoxLayout()
            box.setSpacing(8)
            box.addWidget(Muted(str(i + 1), card, wrap=False))
            group = plain_label("", "bigCode", card)
            group.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self._groups.append(group)
            box.addWidget(group)
            box.addStretch(1)
            grid.addLayout(box, row, column)
        card.column.addLayout(grid)
        self.column.addWidget(card)
        self.print_it = ActionButton(desk.theme, "Print…", icon_name="print", parent=self)
        self.print_it.setAccessibleName("Print the recovery key")
        self.print_it.clicked.connect(self.print_sheet)
        self.save_it = ActionButton(desk.theme, "Save as PDF…", icon_name="save", parent=self)
        self.save_it.setAccessibleName("Save as PDF: the recovery key")
        self.save_it.clicked.connect(self.save_sheet)
        row_of_buttons = QHBoxLayout()
        row_of_buttons.setSpacing(12)
        row_of_buttons.addWidget(self.print_it)
        row_of_buttons.addWidget(self.save_it)
        row_of_buttons.addStretch(1)
        self.column.addLayout(row_of_buttons)
        self._sign = IconLabel(desk.theme, "check", "ok", 16, self)
        self.says = Muted("", self)
        line = QHBoxLayout()
        line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.says, 1)
        self.column.addLayout(line)
        self._say("")

    def take(self, recovery_key: str, sheet: Callable[[], bytes]) -> None:
        """Show this key; `sheet()` makes its page (PDF) on the worker."""
        self._sheet = sheet
        for number, (label, group) in enumerate(
            zip(self._groups, recovery_key.split("-"), strict=True), start=1
        ):
            label.setText(group)
            label.setAccessibleName(f"Group {number}: {' '.join(group)}")
        self._say("")

    def forget(self) -> None:
        """Take the key off the screen and out of the widgets."""
        self._sheet = None
        for label in self._groups:
            label.setText("")
            label.setAccessibleName("")

    def entered(self) -> None:
        self.print_it.setFocus()

    @Slot()
    def print_sheet(self) -> None:
        """Through the system's dialog, from memory."""
        self._with_sheet(self._print)

    @Slot()
    def save_sheet(self) -> None:
        """Into a file the person chooses (an encrypted stick, a password manager)."""
        self._with_sheet(self._save)

    def _with_sheet(self, deed: Callable[[bytes], None]) -> None:
        if self._sheet is not None:
            self.desk.tasks.run(self, self._sheet, deed)

    def _print(self, pdf: bytes) -> None:
        from PySide6.QtPdf import QPdfDocument  # deferred: loads the PDF library
        from PySide6.QtPrintSupport import QPrinter

        from bt_desktop.views.preview import ask_printer, print_document

        buffer = QBuffer(self)
        buffer.setData(QByteArray(pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document = QPdfDocument(self)
        document.load(buffer)
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("recovery key")
        if ask_printer(printer, self):
            printed = print_document(document, printer)
            self._say("Handed to the printer." if printed else "The printer did not take it.")
        document.close()
        document.deleteLater()
        buffer.deleteLater()

    def _save(self, pdf: bytes) -> None:
        from bt_desktop.views.preview import write_whole  # deferred: loads the PDF library

        path = choose_save(self, "Save the recovery key", "recovery-key.pdf", "PDF (*.pdf)")
        if path is None:
            return
        try:
            write_whole(path, pdf)
        except KnownError as problem:
            self._say(str(problem))
            return
        self._say("Saved. Keep that file off this computer: whoever has it can open the records.")

    def _say(self, text: str) -> None:
        self.says.setText(text)
        self._sign.setVisible(bool(text))


class ConfirmStep(Step):
    """Asks two groups back, so that the paper is surely in somebody's hands."""

    title = "Is it on paper?"
    short = "Check the key"
    next_word = "Confirm"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.column.addWidget(paragraph("Look at your paper and type these two groups."))
        self.lines = (TextLine(), TextLine())
        self.frames: tuple[FieldFrame, ...] = tuple(
            self.field("Group", line, required=True) for line in self.lines
        )
        for line in self.lines:
            line.setMaxLength(12)
            line.returnPressed.connect(self.next_asked)

    def ask_for(self, numbers: tuple[int, ...]) -> None:
        """The numbers of the groups."""
        for frame, line, number in zip(self.frames, self.lines, numbers, strict=True):
            frame.set_label(f"Group {number}")
            line.clear()

    def groups(self) -> tuple[str, ...]:
        """What was typed, in the order asked."""
        return tuple(line.text().strip() for line in self.lines)

    def entered(self) -> None:
        self.lines[0].setFocus()

    def complete(self) -> bool:
        for frame, line in zip(self.frames, self.lines, strict=True):
            blank = not line.text().strip()
            frame.say("Six letters and digits; they stand on your paper." if blank else "")
            if blank:
                line.setFocus()
                return False
        return True

    def refused(self, problem: KnownError) -> bool:
        if problem.code == "recovery-not-confirmed":
            self.frames[-1].say(str(problem))
            self.lines[0].setFocus()
            self.lines[0].selectAll()
            return True
        return False
