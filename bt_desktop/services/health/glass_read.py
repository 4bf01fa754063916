"""What stands behind an open glass: orders, doses, papers and visits of one student, to be read."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bt_desktop.services.health.box import HealthBox
from bt_desktop.services.health.entries import DOCUMENT, DOSE, EFFECT, STRUCK, Document, Struck
from bt_desktop.services.health.glass_model import GlassDose, GlassView
from bt_desktop.services.health.model import DoseRecord, Effect
from bt_desktop.services.health.order_book import OrderBook
from bt_desktop.services.health.visit_fold import VISIT_KINDS, folded
from bt_desktop.services.record_load import holders

MOST_DOSES = 40
"""Newest doses that are shown: an emergency asks what was given lately."""


def read_file(
    session: Session, box: HealthBox, book: OrderBook, student_id: str, today: date
) -> GlassView:
    """Everything of a student whose key is held, newest first."""
    standing = book.of_student(session, student_id)
    titles = {one.terms.id: one.terms.medicine.title for one in standing}
    who = {user: one.name for user, one in holders(session).items()}
    doses: list[GlassDose] = []
    effects, documents, struck = [], [], {}
    for kept in box.read(session, DOSE, EFFECT, STRUCK, DOCUMENT, subject=student_id):
        if kept.kind == DOSE:
            dose = kept.value(DoseRecord)
            medicine = titles.get(dose.order_id or "", dose.medicine_text)
            doses.append(GlassDose(dose, medicine, who.get(dose.by_user, "")))
        elif kept.kind == EFFECT:
            effects.append(kept.value(Effect))
        elif kept.kind == STRUCK:
            gone = kept.value(Struck)
            struck[gone.dose_id] = gone.reason
        else:
            documents.append(kept.value(Document))
    visits = folded(box.read(session, *VISIT_KINDS, subject=student_id))
    doses.sort(key=lambda one: one.dose.at, reverse=True)
    return GlassView(
        student_id,
        tuple(reversed([one.on(today) for one in standing])),
        tuple(
            GlassDose(one.dose, one.medicine, one.by, struck.get(one.dose.id, ""))
            for one in doses[:MOST_DOSES]
        ),
        tuple(reversed(effects)),
        tuple(reversed(documents)),
        tuple(reversed([one for one in visits if one.counts])),
    )
