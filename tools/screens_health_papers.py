"""Scenes of the papers of medicine for parents: what waits, one of them, what was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.model import Quantity
from bt_desktop.services.results.copies import Receipt
from tools.screens_health import entered

if TYPE_CHECKING:
    from bt_desktop.demo import Demo
    from tools.screens import Stage


def owed(demo: Demo) -> None:
    """Doses whose parents are still to be told, once for all looks."""
    with demo.signed_in("maria") as maria:
        papers, doses = maria.health.parent_papers, maria.health.doses
        if papers.made():
            return
        mateo, now = demo.ids["mateo"], maria.clock.now()
        inhaler = next(
            one for one in maria.health.overview.orders() if one.terms.medicine.name == "Albuterol"
        )
        given = DoseRequest(
            "", mateo, inhaler.id, at=now - timedelta(hours=2), symptom="wheezing after recess",
            home_asked=True, happened=True,
        )  # fmt: skip
        first = doses.record(given).dose
        copy = papers.release(f"given:{first.id}")
        at = maria.clock.now()
        papers.receive(copy.copy_id, Receipt("sent_home", "Rosa Núñez", "mother", at))
        noon = next(
            one for one in maria.health.overview.orders()
            if one.terms.medicine.name == "Methylphenidate" and one.status == "active"
        )  # fmt: skip
        due = now.replace(hour=12, minute=0, second=0, microsecond=0)
        refused = DoseRequest(
            "", mateo, noon.id, "R", due, due, reason="did not want it", happened=True
        )
        doses.record(refused)
        doses.record(replace(given, at=now - timedelta(minutes=30), symptom="Łucja threw sand"))
        doses.emergency(
            DoseRequest(
                "",
                demo.ids["lucja"],
                None,
                at=now - timedelta(minutes=50),
                medicine_text="Epinephrine 0.3 mg auto-injector",
                route="im",
                given=Quantity(Decimal("0.3"), "mg"),
                symptom="bee sting, lips swollen",
            )
        )
        doses.emergency(
            DoseRequest(
                "",
                demo.ids["lucja"],
                None,
                at=now - timedelta(minutes=20),
                medicine_text="Narcan nasal spray",
                symptom="found asleep, hard to wake",
            )
        )
        key = next(one.key for one in papers.waiting() if one.kind == "not_given")
        papers.attempt(key, "Rosa Núñez", "voicemail", "Left a message")


def health_papers(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The list, a paper with a name to settle, one that a flag stops, and the small sheets."""
    demo = stage.told.demo
    stage.told.clock.set(stage.told.clock.now().replace(hour=13, minute=42))
    entered(demo)
    owed(demo)
    window, shell = stage.signed_in("maria")
    shell.go("health", "papers")
    stage.settle()
    section: Any = shell.page.section("papers")  # type: ignore[union-attr]  # HealthPage
    yield "health-papers", window
    due = next(one for one in section.due if one.state == "text")
    section.open_paper(due.key)
    stage.settle()
    yield "health-paper-names!", section.sheet
    section.sheet.reject()
    stopped = next((one for one in section.due if one.state == "stopped"), None)
    for name, open_ in (
        ("call", lambda: section.log_call(due)),
        ("waive", lambda: section.waive(due)),
        ("got", next(iter(section.made_rows.values())).got.click),
        ("again", next(iter(section.made_rows.values())).again.click),
    ):
        open_()
        stage.settle()
        yield f"health-paper-{name}!", section.sheet
        section.sheet.reject()
    if stopped is not None:
        section.open_paper(stopped.key)
        stage.settle()
        next(iter(section.sheet.recipients.choices.values())).setChecked(True)
        section.sheet.save()
        stage.settle()
        yield "health-paper-stopped!", section.sheet
        section.sheet.reject()
    window.resize(760, 760)
    stage.settle()
    yield "health-papers-narrow!", window
    shell.open_health(demo.ids["mateo"])
    stage.settle()
    out: Any = shell.page.out  # type: ignore[union-attr]  # StudentHealthPage
    yield "health-file-out", window
    for name, open_ in (("packet", out.open_packet), ("export", out.open_export)):
        open_()
        stage.settle()
        yield f"health-file-{name}!", out.sheet
        out.sheet.reject()
    stage.close(window)
