"""The prescriber's and the parent's statement for an order, with the paper that says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.model import Consent, Order
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import LICENCES
from bt_desktop.views.health.order_words import medicine_title
from bt_desktop.views.health.paper_picker import PaperPicker
from bt_desktop.views.student_edit import line
from bt_desktop.views.widgets.dates import DayLine
from bt_desktop.views.widgets.inputs import Choice
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted

if TYPE_CHECKING:
    from bt_desktop.services.results.people import Guardian
    from bt_desktop.services.workspace import Workspace

_UNSIGNED = "Without a day of signing the order goes on waiting."


class _StatementSheet(Sheet):
    """What both statements share: who, when signed, the paper."""

    who = ""
    title_words = ""

    def __init__(
        self, desk: Desk, workspace: Workspace, order: Order, today: date, parent: QWidget | None
    ) -> None:
        super().__init__(desk, self.title_words, "Save the statement", parent, wide=560)
        self._workspace, self._order, self._today = workspace, order, today
        self._kept = ""
        self.column.addWidget(Muted(medicine_title(order.terms), self))

    def _add_paper(self, consent: Consent | None) -> None:
        """The day of signing and the scan."""
        self.signed = DayLine(self._today, consent.signed_on if consent else None)
        self.paper = PaperPicker(self._desk, self)
        self.add("signed_on", "Signed on", self.signed, hint=_UNSIGNED)
        self.add("paper", "The paper", self.paper, hint="A scan or photo of what was signed")
        self._document = consent.document if consent else None
        self.on_save(self._collect_it)

    def consent(self, signed_on: date | None) -> Consent | None:
        """The statement as it was typed, without its paper."""
        raise NotImplementedError

    def _collect_it(self) -> Callable[[], None] | None:
        try:
            signed_on = self.signed.day()
        except ValueError as wrong:
            self.frames["signed_on"].say(str(wrong))
            return None
        if signed_on is not None and signed_on > self._today:
            self.frames["signed_on"].say("That day has not come yet. Look at the date again.")
            return None
        consent = self.consent(signed_on)
        if consent is None:
            return None
        return self._work(consent)

    def _work(self, consent: Consent) -> Callable[[], None]:
        orders, order, who, paper = (
            self._workspace.health.orders, self._order, self.who, self.paper.paper,
        )  # fmt: skip

        def work() -> None:
            document = self._document
            if paper is not None:
                document = self._kept = self._kept or orders.keep_document(
                    order.terms.student_id, paper.read(), kind=who, name=paper.name,
                    media_type=paper.media_type, order_id=order.id,
                )  # fmt: skip
            orders.consent(order.id, who, replace(consent, document=document))

        return work


class PrescriberSheet(_StatementSheet):
    """Who prescribed it, and when they signed."""

    who = "prescriber"
    title_words = "Prescriber’s statement"

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        order: Order,
        today: date,
        like: Consent | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, workspace, order, today, parent)
        known = order.prescriber or like
        self.name = line(known.name if known else "")
        self.licence = Choice()
        chosen = known.licence if known else ""
        more = () if chosen in ("", *LICENCES) else (chosen,)
        self.licence.fill([("Not known", ""), *((one, one) for one in (*LICENCES, *more))], chosen)
        self.phone = line(known.phone if known else "")
        self.add("name", "Prescriber", self.name, required=True)
        self.add("licence", "Licence", self.licence)
        self.add("phone", "Phone or fax", self.phone)
        self.pair("licence", "phone")
        self._add_paper(order.prescriber)

    def consent(self, signed_on: date | None) -> Consent | None:
        name = " ".join(self.name.text().split())
        if not name:
            self.frames["name"].say("Write who prescribed it.")
            return None
        licence = str(self.licence.currentData() or "")
        return Consent(name, signed_on, phone=self.phone.text().strip(), licence=licence)


class ParentSheet(_StatementSheet):
    """Which parent or guardian agreed, on paper or, for the time being, by phone."""

    who = "parent"
    title_words = "Parent’s statement"

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        order: Order,
        today: date,
        guardians: tuple[Guardian, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, workspace, order, today, parent)
        known = order.parent
        self._guardians = {one.id: one for one in guardians}
        self.guardian = Choice()
        rows: list[tuple[str, object]] = [
            (f"{one.name}, {one.relation}" if one.relation else one.name, one.id)
            for one in guardians
        ]
        chosen = known.guardian_id if known else next(iter(self._guardians), "")
        self.guardian.fill([*rows, ("Somebody else", "")], chosen or "")
        self.name = line(known.name if known else "")
        self.phone = line(known.phone if known else "")
        self.add("guardian", "Parent or guardian", self.guardian)
        self.add("name", "Name", self.name, required=True)
        self.add("phone", "Phone", self.phone)
        self.pair("name", "phone")
        self.by_phone = self.tick(
            "Said by phone: the paper is still to come", bool(known and known.by_phone)
        )
        self.contact = self.tick(
            "The school may talk to the prescriber", bool(known and known.may_contact_prescriber)
        )
        self._add_paper(known)
        self.guardian.currentIndexChanged.connect(self._take_guardian)
        if known is None:
            self._take_guardian()
        self._show()

    def _take_guardian(self) -> None:
        one = self._guardians.get(str(self.guardian.currentData() or ""))
        self.name.setText(one.name if one else "")
        self.phone.setText(one.phone if one else "")
        self._show()

    def _show(self) -> None:
        self.frames["name"].setVisible(not self.guardian.currentData())

    def consent(self, signed_on: date | None) -> Consent | None:
        name = " ".join(self.name.text().split())
        if not name:
            self.frames["name"].show()
            self.frames["name"].say("Write who agreed to it.")
            return None
        return Consent(
            name,
            signed_on,
            phone=self.phone.text().strip(),
            guardian_id=str(self.guardian.currentData() or "") or None,
            may_contact_prescriber=self.contact.isChecked(),
            by_phone=self.by_phone.isChecked(),
        )
