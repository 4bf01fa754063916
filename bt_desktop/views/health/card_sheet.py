"""The nurse looks through an emergency card and confirms it: what everybody may read then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.card_model import CardBody, CardMedicine
from bt_desktop.views.desk import Desk
from bt_desktop.views.widgets.inputs import TextBox, TextLine
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, SectionTitle

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace

_MEANS = (
    "Everybody who works here can read and print this, without a password more. It is kept outside "
    "of the sealed health file."
)
_NO_ORDER = "No active order for a rescue medicine, so the card names none."


class CardSheet(Sheet):
    """`saved(None)` once it is kept."""

    def __init__(
        self, desk: Desk, workspace: Workspace, student_id: str, body: CardBody, parent: QWidget
    ) -> None:
        super().__init__(desk, "Emergency card", "Confirm the card", parent, wide=580)
        self._workspace, self._id, self._body = workspace, student_id, body
        self.column.addWidget(Muted(_MEANS, self))
        self.allergies = TextBox(lines=2, most=6)
        self.allergies.setPlainText("\n".join(body.allergies))
        self.add("allergies", "Allergies", self.allergies, hint="One to a line, the worst first.")
        self.none = self.tick("No known allergies", body.no_allergies)
        self.allergies.textChanged.connect(self._typed)
        self._typed()
        self.lines: list[dict[str, TextLine]] = [self._medicine(one) for one in body.rescue]
        if not body.rescue:
            self.column.addWidget(Muted(_NO_ORDER, self))
        self.conditions = TextBox(lines=2, most=6)
        self.conditions.setPlainText("\n".join(body.conditions))
        self.add(
            "conditions", "Also know", self.conditions,
            hint="What a helper must know and a colleague may read. One to a line.",
        )  # fmt: skip
        self.doctor, self.phone = TextLine(), TextLine()
        self.doctor.setText(body.doctor)
        self.phone.setText(body.doctor_phone)
        self.add("doctor", "Doctor", self.doctor)
        self.add("doctor_phone", "Doctor’s phone", self.phone)
        self.pair("doctor", "doctor_phone")
        self.on_save(self._collect_card)

    def _medicine(self, one: CardMedicine) -> dict[str, TextLine]:
        self.column.addWidget(SectionTitle(f"{one.medicine}: {one.dose}, {one.route}", self))
        made: dict[str, TextLine] = {}
        for key, label, hint in (
            ("when", "Give it when", "In words that anybody understands."),
            ("then", "Then", ""),
            ("stored", "Where it is", ""),
        ):
            line = made[key] = TextLine()
            line.setText(getattr(one, key))
            frame = self.add(f"{key}:{one.order_id}", label, line, hint=hint)
            frame.editor.setAccessibleName(f"{label}: {one.medicine}")
        return made

    @Slot()
    def _typed(self) -> None:
        typed = bool(self.allergies.toPlainText().strip())
        self.none.setEnabled(not typed)
        if typed:
            self.none.setChecked(False)

    def _collect_card(self) -> Callable[[], None]:
        rescue = tuple(
            replace(one, **{key: line.text().strip() for key, line in lines.items()})  # type: ignore[arg-type]  # texts
            for one, lines in zip(self._body.rescue, self.lines, strict=True)
        )
        body = CardBody(
            tuple(self.allergies.toPlainText().splitlines()),
            self.none.isChecked(),
            rescue,
            tuple(self.conditions.toPlainText().splitlines()),
            self.doctor.text().strip(),
            self.phone.text().strip(),
        )
        card, which = self._workspace.health.card, self._id
        return lambda: card.confirm(which, body)
