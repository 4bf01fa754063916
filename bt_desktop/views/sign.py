"""Signing: the password again, and a signature drawn or typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.services.problems import AnotherRecord, Unfinished
from bt_desktop.services.results.records import Ink, Signed
from bt_desktop.views.desk import Desk
from bt_desktop.views.editors.ink import SignatureEditor
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.widgets.buttons import PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.text import Muted, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace


def ink_of(typed: Any) -> Ink | None:
    """What a signature editor handed over, as ink; None where nothing was signed."""
    if not isinstance(typed, dict):
        return None
    if typed["kind"] == "typed":
        return Ink(kind="typed", text=typed["text"])
    strokes = tuple(
        tuple((float(x), float(y), float(t)) for x, y, t in stroke) for stroke in typed["strokes"]
    )
    return Ink(kind="drawn", strokes=strokes, width=typed["width"], height=typed["height"])


class SignDialog(QDialog):
    """Asks for password and signature, then signs on the write lane.

    Signals: `signed(Signed)`; `unfinished(issues)` when the service still finds something;
    `elsewhere(problem)` when an amendment would file the record under something else. While
    it signs, nothing can be pressed twice. A wrong password says so and keeps the signature.
    """

    signed = Signal(object)
    unfinished = Signal(object)
    elsewhere = Signal(object)

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        part_key: str,
        meaning: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._record_id, self._part_key = record_id, part_key
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Sign")
        self.setModal(True)
        self.banner = Banner(desk.theme, self)
        self.signature = SignatureEditor(self)
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("Your password")
        self.sign_button = PrimaryButton("&Sign", self)
        self.cancel = SecondaryButton("&Not yet", self)
        self._lay_out(meaning)
        self.sign_button.clicked.connect(self.sign)
        self.cancel.clicked.connect(self.reject)
        self.password.textChanged.connect(self._allow)
        self.signature.changed.connect(self._allow)
        self.signature.describe("Your full name", "Typed as your signature.")
        self.password.returnPressed.connect(self.sign)
        self._allow()

    def _lay_out(self, meaning: str) -> None:
        actor = self._workspace.actor
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 24, 28, 22)
        box.setSpacing(12)
        box.addWidget(SectionTitle("Sign", self))
        who = ", ".join(part for part in (actor.name, actor.title) if part)
        words = plain_label(f"{who}: {meaning}", "", self)
        words.setWordWrap(True)
        box.addWidget(words)
        box.addWidget(
            Muted(
                "Signed means frozen. A later correction is added as an amendment; both stay.", self
            )
        )
        box.addWidget(self.banner)
        label = plain_label("Your signature", "fieldLabel", self)
        label.setBuddy(self.signature.name)
        box.addWidget(label)
        box.addWidget(self.signature)
        secret = plain_label("Your password", "fieldLabel", self)
        secret.setBuddy(self.password)
        box.addWidget(secret)
        box.addWidget(self.password)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.sign_button)
        box.addLayout(row)
        self.setMinimumWidth(self._desk.theme.px(460))

    def _allow(self) -> None:
        ready = bool(self.password.text()) and self.signature.typed() is not None
        self.sign_button.setEnabled(ready)

    def sign(self) -> None:
        """Sign, away from the window."""
        ink = ink_of(self.signature.typed())
        password = self.password.text()
        if ink is None or not password or not self.isEnabled():
            return
        records, record_id, key = self._workspace.records, self._record_id, self._part_key
        self.setEnabled(False)
        self.sign_button.setText("Signing…")
        self._desk.tasks.run(
            self, lambda: records.sign_part(record_id, key, password, ink), self._done, self._failed
        )

    def _done(self, signed: Signed) -> None:
        self.password.clear()
        self.signed.emit(signed)
        self.accept()

    def _failed(self, problem: BaseException) -> None:
        self.setEnabled(True)
        self.sign_button.setText("&Sign")
        self.password.clear()
        if isinstance(problem, Unfinished):
            self.unfinished.emit(problem.issues)
            self.reject()
            return
        if isinstance(problem, AnotherRecord):
            self.elsewhere.emit(problem)
            self.reject()
            return
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
            self.password.setFocus()
            return
        self._desk.feedback.report(self, problem)
