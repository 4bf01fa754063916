"""What a record's page shows of its event, above the questions: in words, with what can be done.

That it is confidential; what its answers lead to; a likely duplicate; facts that another record of
the event offers; the other records of the event. Nothing of it stops anybody from writing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bt_desktop.form_engine.definition import CONFIDENTIAL_HEAD, say
from bt_desktop.views.event_words import record_words
from bt_desktop.views.icons import IconLabel
from bt_desktop.views.theme import Theme
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.flow import FlowLayout
from bt_desktop.views.widgets.text import plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Form, Lead
    from bt_desktop.services.results.events import EventRecord, EventView, Offer


class Remark(QFrame):
    """One remark: a sign, words that wrap, and links for what can be done about it."""

    def __init__(self, theme: Theme, tone: str, sign: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("tone", tone)
        token = {"info": "accent", "plain": "muted"}.get(tone, tone)
        self.words = QLabel(self)
        self.words.setTextFormat(plain_label("").textFormat())
        self.words.setWordWrap(True)
        self.links = FlowLayout(gap=14, between=2)
        self.offered: list[LinkButton] = []
        text = QVBoxLayout()
        text.setSpacing(4)
        text.addWidget(self.words)
        text.addLayout(self.links)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        icon = IconLabel(theme, sign, token, 20, self)
        row.addWidget(icon, 0)
        row.addLayout(text, 1)

    def tell(self, words: str) -> None:
        """Say it."""
        self.words.setText(words)
        self.setAccessibleName(words)

    def offer(self, words: str, spoken: str, deed: Callable[[], None]) -> LinkButton:
        """Add a link; `spoken` is what it says to somebody who hears it alone."""
        link = LinkButton(words, self)
        link.setAccessibleName(spoken)
        link.clicked.connect(lambda _=False: deed())
        self.links.addWidget(link)
        self.offered.append(link)
        return link


class EventStrip(QWidget):
    """The remarks, top down.

    Signals: `record_asked(record_id)`; `lead_asked(form)` to start the report that answers belong
    in; `used(Offer)`, `left(Offer)`; `also_asked` for the other students of the event.
    """

    record_asked = Signal(str)
    lead_asked = Signal(str)
    used = Signal(object)
    left = Signal(object)
    also_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._leads: tuple[str, ...] = ()
        self._parts: dict[str, list[Remark]] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self.hide()

    # --- what is shown ---------------------------------------------------------------------------

    def show_class(self, form: Form) -> None:
        """Say that the record is confidential, where it is."""
        made = []
        if form.is_confidential:
            band = Remark(self._theme, "danger", "lock", self)
            band.tell(f"{CONFIDENTIAL_HEAD} Not for parents, and not in the student's file.")
            band.words.setObjectName("strong")
            made.append(band)
        self._put("class", made)

    def show_leads(
        self, leads: Sequence[Lead], titles: dict[str, str], cite: Callable[[Lead], str]
    ) -> None:
        """Say which answers belong in another report, and why; `titles` name the forms here."""
        told = tuple(f"{lead.name}{titles.get(lead.form, '')}" for lead in leads)
        if told == self._leads and "leads" in self._parts:
            return
        self._leads = told
        by_form: dict[str, list[Lead]] = {}
        for lead in leads:
            by_form.setdefault(lead.form, []).append(lead)
        made = []
        for form, found in by_form.items():
            title = titles.get(form, "")
            reasons = " ".join(say(lead.because) for lead in found)
            cites = "".join(dict.fromkeys(cite(lead) for lead in found))
            remark = Remark(self._theme, "warn", "warn", self)
            named = f": {title}" if title else ""
            remark.tell(f"{reasons} That belongs in a report of its own{named}{cites}.")
            if title:
                words = f"Start {title} for this event"
                remark.offer("Start it for this event", words, partial(self.lead_asked.emit, form))
            made.append(remark)
        self._put("leads", made)

    def show_event(self, view: EventView, now: datetime) -> None:
        """Show what the event's other records say."""
        self._put("twins", [self._twins(view.duplicates, now)] if view.duplicates else [])
        self._put("offers", [self._offer(one, now) for one in view.offers])
        self._put("linked", self._linked(view, now))

    def _twins(self, records: Sequence[EventRecord], now: datetime) -> Remark:
        remark = Remark(self._theme, "warn", "warn", self)
        remark.tell("Is this written already? About the same student, within two hours:")
        for record in records:
            name = record_words(record, now)
            remark.offer(name, f"Open {name}", partial(self.record_asked.emit, record.id))
        return remark

    def _offer(self, offer: Offer, now: datetime) -> Remark:
        remark = Remark(self._theme, "info", "info", self)
        name = record_words(offer.source, now)
        facts = "; ".join(f"{fact.label} {fact.words}".strip() for fact in offer.facts)
        remark.tell(f"From {name}: {facts}.")
        remark.offer("Use", f"Use what {name} says", partial(self.used.emit, offer))
        remark.offer("Leave", f"Leave what {name} says", partial(self.left.emit, offer))
        return remark

    def _linked(self, view: EventView, now: datetime) -> list[Remark]:
        if not view.linked and not view.others:
            return []
        remark = Remark(self._theme, "plain", "list", self)
        carried = ", ".join(record_words(one, now) for one in view.carried)
        told = f" Filled in from {carried}; check it." if carried else ""
        remark.tell(("Same event:" if view.linked else "Other students of this event:") + told)
        for record in view.linked:
            name = record_words(record, now)
            about = f", about {record.subject_name}" if record.subject_name else ""
            remark.offer(
                name,
                f"Open {name}{about}",
                partial(self.record_asked.emit, record.id),
            )
        if view.others:
            names = ", ".join(name for _, name in view.others)
            remark.offer("Also write for…", f"Also write for {names}", self.also_asked.emit)
        return [remark]

    # --- placing ---------------------------------------------------------------------------------

    def remarks(self) -> list[Remark]:
        """All that are shown, top down."""
        return [one for part in _ORDER for one in self._parts.get(part, ())]

    def _put(self, part: str, remarks: list[Remark]) -> None:
        for old in self._parts.get(part, ()):
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._parts[part] = remarks
        for place, remark in enumerate(self.remarks()):
            self._box.insertWidget(place, remark)
        self.setVisible(bool(self.remarks()))
        before: QWidget = self
        for link in (one for remark in self.remarks() for one in remark.offered):
            QWidget.setTabOrder(before, link)  # what is made later is else reached last
            before = link


_ORDER = ("class", "leads", "twins", "offers", "linked")
