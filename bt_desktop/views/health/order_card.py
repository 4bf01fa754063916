"""One order on a student's health page: what, when, where it stands, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bt_desktop.clock import local_at
from bt_desktop.form_engine.definition import say
from bt_desktop.services.health.entries import Document
from bt_desktop.services.health.model import Order
from bt_desktop.services.health.order_hints import confirmed
from bt_desktop.views.desk import Desk
from bt_desktop.views.health.choices import kind, said, special_fields, ticks
from bt_desktop.views.health.order_when import CARRY
from bt_desktop.views.health.order_words import (
    ENDED,
    amount_words,
    consent_words,
    dose_words,
    expires_soon,
    is_stock,
    medicine_title,
    status_words,
    step_words,
    waits_words,
)
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.text import Muted, Pill, plain_label
from bt_desktop.views.widgets.when import clock_words, full_date

History = Sequence[tuple[str, str, str, str]]
DOCUMENT_WORDS = {
    "prescriber": "Prescriber’s statement",
    "parent": "Parent’s statement",
    "label": "Label",
    "plan": "Action plan",
    "paper": "Printed here",
    "other": "Paper",
}
_BUTTONS = (
    ("prescriber", "Prescriber…", "The prescriber’s statement"),
    ("parent", "Parent…", "The parent’s statement"),
    ("container", "Container…", "Hold the label against the order"),
    ("review", "Review…", "The nurse’s review"),
    ("receive", "Take in…", "A container comes in"),
    ("change", "Change…", "End it and enter the changed one"),
    ("hold", "Hold…", "No doses for the time being"),
    ("resume", "Resume…", "Doses again"),
    ("discontinue", "Discontinue…", "End it for good"),
    ("renew", "Enter again…", "A new order like this one"),
)
_HINTS = {
    "tenfold": "dose far from the usual",
    "allergy": "against the list of allergies",
    "schedule": "not marked as controlled",
    "takes": "what one dose takes",
    "route": "unusual route for the form",
    "first_dose": "first dose not given at home",
}


def deeds_of(order: Order) -> tuple[str, ...]:
    """What can be done with an order as it stands."""
    if order.ended_on is not None or order.status in ENDED:
        return ("renew",)
    deeds = ["prescriber"]
    if not is_stock(order.terms.student_id):
        deeds.append("parent")
    deeds.append("container")
    if "review" in order.missing:
        deeds.append("review")
    deeds += ["receive", "change"]
    deeds.append("resume" if order.status == "hold" else "hold")
    return (*deeds, "discontinue")


class OrderCard(Card):
    """`asked(deed, order)` for a button, `paper_asked(document)` to see a paper."""

    asked = Signal(str, object)
    paper_asked = Signal(object)

    def __init__(
        self,
        desk: Desk,
        order: Order,
        today: date,
        *,
        may_edit: bool,
        history: History = (),
        names: Mapping[str, str] | None = None,
        papers: Sequence[Document] = (),
        parent: QWidget | None = None,
    ) -> None:
        ended = order.status in ENDED
        waits = waits_words(order)
        super().__init__(parent, edge="warn" if waits or order.status == "hold" else "")
        self._desk, self.order, self._names = desk, order, names or {}
        self._head()
        dose = plain_label(dose_words(order.terms), "", self)
        dose.setWordWrap(True)
        self.column.addWidget(dose)
        self.says: list[str] = []
        for words, tone in ((waits, "warn"), (expires_soon(order, today), "warn")):
            if words:
                self._tell(words, tone)
        if order.end_reason:
            self._tell(f"Ended {full_date(order.ended_on)}: {order.end_reason}", "muted")
        self.column.addLayout(self._facts())
        if papers:
            self.column.addLayout(self._papers(papers))
        self.buttons: dict[str, QPushButton] = {}
        if may_edit:
            self.column.addLayout(self._deeds(ended=ended))
        self._history(history)
        title = medicine_title(order.terms)
        self.setAccessibleName(f"Order: {title}, {status_words(order)[0]}")

    def begin(self) -> None:
        """Put the focus on what comes next for this order."""
        target = self.buttons.get(self._next_deed() or "change")
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next_deed(self) -> str:
        """What the order waits for first; blank where it waits for nothing."""
        if self.order.status in ENDED:
            return ""
        waits = ("prescriber", "parent", "review")
        return next((deed for deed in waits if deed in self.order.missing), "")

    def _head(self) -> None:
        order = self.order
        title = plain_label(medicine_title(order.terms), "cardTitle", self)
        title.setWordWrap(True)
        self.column.addWidget(title)
        row = FlowLayout()
        word, tone = status_words(order)
        self.pill = Pill(word, tone, self)
        marks = [(order.terms.medicine.schedule, "accent")]
        if order.terms.kind != "regular":
            marks.append((say(kind(order.terms.kind).label), "accent"))
        if order.terms.self_carry is not None:
            marks.append(("Carried by the student", "plain"))
        row.addWidget(self.pill)
        for mark, color in marks:
            if mark:
                row.addWidget(Pill(mark, color, self))
        self.column.addLayout(row)

    def _tell(self, words: str, tone: str) -> None:
        self.says.append(words)
        line = QHBoxLayout()
        line.setSpacing(8)
        name = "info" if tone == "muted" else "warn"
        icon = IconLabel(self._desk.theme, name, tone, 16, self)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        told = plain_label(words, "warnSmall" if tone == "warn" else "muted", self)
        told.setWordWrap(True)
        line.addWidget(told, 1)
        self.column.addLayout(line)

    def _facts(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(4)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for word, value in facts_of(self.order):
            shown = plain_label(value, "", self)
            shown.setWordWrap(True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(Muted(word, self, wrap=False), shown)
        return form

    def _papers(self, papers: Sequence[Document]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        for one in papers:
            row = QHBoxLayout()
            row.setSpacing(10)
            words = DOCUMENT_WORDS.get(one.kind, DOCUMENT_WORDS["other"])
            row.addWidget(Muted(f"{words}: {one.name}", self, wrap=False))
            view = LinkButton("View", self)
            view.setAccessibleName(f"View {words}: {one.name}")
            view.clicked.connect(lambda _=False, document=one: self.paper_asked.emit(document))
            row.addWidget(view)
            row.addStretch(1)
            column.addLayout(row)
        return column

    def _deeds(self, *, ended: bool) -> FlowLayout:
        flow = FlowLayout()
        wanted = ("renew",) if ended else deeds_of(self.order)
        for deed, word, does in _BUTTONS:
            if deed not in wanted:
                continue
            make = PrimaryButton if deed == self._next_deed() else SecondaryButton
            button = self.buttons[deed] = make(word, self)
            button.setAccessibleName(f"{word.rstrip('…')}: {self.order.terms.medicine.name}")
            button.setAccessibleDescription(does)
            button.setToolTip(does)
            button.clicked.connect(partial(self._ask, deed))
            flow.addWidget(button)
        return flow

    def _ask(self, deed: str, _: bool = False) -> None:
        self.asked.emit(deed, self.order)

    def _history(self, history: History) -> None:
        count = len(history)
        words = f"What was done ({count})"
        self.more = LinkButton(words, self)
        self.more.setAccessibleName(f"{words}: {self.order.terms.medicine.name}")
        self.more.setCheckable(True)
        self.more.setVisible(bool(count))
        self.lines = QWidget(self)
        column = QVBoxLayout(self.lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for at, user, step, reason in history:
            name = self._names.get(user, "")
            column.addWidget(Muted(history_words(at, name, step, reason, self._desk.clock.now())))
        self.lines.hide()
        self.more.toggled.connect(self.lines.setVisible)
        self.column.addWidget(self.more)
        self.column.addWidget(self.lines)


def history_words(at: str, name: str, step: str, reason: str, now: datetime) -> str:
    """“Aug 17, 2026, 9:02 am · Maria Chen, School nurse · Reviewed by the nurse”."""
    moment = local_at(datetime.fromisoformat(at), now)
    parts = (f"{full_date(moment.date())}, {clock_words(moment)}", name, step_words(step, reason))
    return " · ".join(part for part in parts if part)


def facts_of(order: Order) -> list[tuple[str, str]]:
    """The facts of an order as (word, value), without the blank ones."""
    terms = order.terms
    rows = [
        ("For", terms.reason),
        ("Holds", f"{full_date(terms.start)} to {full_date(terms.stop)}"),
        ("Most for one dose", amount_words(terms.most_per_dose) if terms.most_per_dose else ""),
        ("Prescriber", consent_words(order.prescriber)),
        ("Parent", "" if is_stock(terms.student_id) else consent_words(order.parent)),
        ("Container", _container_words(order)),
        ("Kept", said("storage", terms.storage) if terms.storage else ""),
        ("Instructions", terms.instructions),
        ("Look out for", terms.side_effects),
        ("Call the parent", terms.prn.call_parent_when if terms.prn else ""),
        ("Call 911", terms.prn.call_911_when if terms.prn else ""),
        ("Self-carry", _carry_words(order)),
        ("Confirmed", ", ".join(_HINTS.get(code, code) for code in sorted(confirmed(terms)))),
    ]
    rows += [(say(one.label), _answer(terms.special.get(one.key, ""), {c.code: c.said for c in
              one.choices})) for one in special_fields(terms.kind)]  # fmt: skip
    return [(word, value) for word, value in rows if value]


def _answer(text: str, choices: Mapping[str, str]) -> str:
    words = {**choices, "yes": "Yes", "no": "No"}
    return ", ".join(words.get(one, one) for one in text.split()) if text in words else text


def _container_words(order: Order) -> str:
    check = order.container
    if check is None:
        return "not checked yet"
    unlike = [word for code, word in ticks() if code not in check.ticks]
    words = f"not alike: {', '.join(unlike)}" if unlike else "label agrees with the order"
    parts = [words]
    if check.rx_number:
        parts.append(f"Rx {check.rx_number}")
    if check.expires_on is not None:
        parts.append(f"expires {full_date(check.expires_on)}")
    return ", ".join(parts)


def _carry_words(order: Order) -> str:
    carry = order.terms.self_carry
    if carry is None:
        return ""
    missing = [words for key, words in CARRY if not getattr(carry, key)]
    return "everything is there" if not missing else f"still open: {'; '.join(missing)}"
