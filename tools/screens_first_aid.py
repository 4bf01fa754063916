"""Scenes of the health office's reports: first aid with its head checks, its alarm and reminders, a
medication error, a staff injury with its log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.form_engine.session import FormSession
from bt_desktop.paper.document import Ink
from bt_desktop.services.workspace import Workspace

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "forms"))
from aid_answers import SCENARIOS, check
from ber_answers import fill
from med_answers import STOCK_COUNT, WRONG_DOSE
from sti_answers import BITTEN

if TYPE_CHECKING:
    from tools.screens import Stage, Told

SEEN = datetime.fromisoformat("2026-11-12T10:15:00-08:00")
_LATER = ("/head_checks", "/disposition", "/time_out", "/restricted_until")


def _typed(told: Told, w: Workspace, record: str, typed: dict[str, Any]) -> dict[str, Any]:
    """The answers, with the demo's people in the places of the tests'."""
    ids = told.demo.ids

    def known(value: Any) -> Any:
        if isinstance(value, list):
            return [known(one) for one in value]
        kind, _, which = value.partition(":") if isinstance(value, str) else ("", "", "")
        known_kind = kind in ("student", "staff", "guardian") and which
        return ids[which[2:]] if known_kind else value

    opened = w.records.open(record)
    session = FormSession(opened.form, opened.answers, now=w.clock.now)
    fill(session, {path: known(value) for path, value in typed.items()})
    return session.answers()


def first_aid(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """A head injury while it is being watched, and what it brings."""
    told = stage.told
    now = told.clock.now()
    told.clock.set(SEEN + timedelta(minutes=32))
    window, shell = stage.signed_in("maria")
    w: Workspace = window.workspace  # type: ignore[assignment]  # it is open
    record = w.records.start("first_aid")
    whole = {k: v for k, v in SCENARIOS["variant_a"].items() if not k.startswith(_LATER)}
    whole |= check(1, "0", "1016") | check(2, "15", "1037", head_physical=["headache"])
    w.records.save_draft(record, "report", _typed(told, w, record, whole))
    shell.head_watch.ask()
    stage.settle()
    yield "head-banner", window
    shell.open_record(record)
    stage.settle()
    page: Any = shell.page
    for section in ("person_section", "when_where", "body", "injuries", "vitals", "what_next"):
        page.open_section(section)
        yield f"first-aid-{section.replace('_', '-')}", window
    page.draft.put("/head_checks[2]/head_danger", ["slurred"])
    page.jump("/head_checks[2]/head_danger")
    yield "first-aid-head-checks", window
    page.draft.put("/disposition", ["class"])
    page.jump("/disposition")
    yield "first-aid-back-to-class", window
    page.open_section("exception")
    yield "first-aid-exception", window
    window.cover_up()
    yield "head-cover", window
    window.uncover()
    window.lock()
    stage.settle()
    yield "head-locked", window
    stage.close(window)
    told.clock.set(now)


def medication_error(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """A dose that went wrong, before Poison Control is called and after; a count that is off."""
    told = stage.told
    window, shell = stage.signed_in("maria")
    w: Workspace = window.workspace  # type: ignore[assignment]  # it is open
    record = w.records.start("medication_error")
    typed = {k: v for k, v in WRONG_DOSE.items() if not k.startswith("/poison_")}
    w.records.save_draft(record, "report", _typed(told, w, record, typed))
    shell.open_record(record)
    stage.settle()
    page: Any = shell.page
    for section in (
        "triage",
        "ordered",
        "given",
        "action",
        "response",
        "vitals",
        "told",
        "severity",
    ):
        page.open_section(section)
        yield f"medication-{section}", window
    page.jump("/reached")
    stage.settle()
    yield "medication-alarm", window
    page.open_section("given")
    page.jump("/given_licensed")
    stage.settle()
    yield "medication-giver", window
    count = w.records.start("medication_error")
    w.records.save_draft(count, "report", _typed(told, w, count, dict(STOCK_COUNT)))
    shell.open_record(count)
    stage.settle()
    shell.page.open_section("count")  # type: ignore[union-attr]  # FormPage
    yield "medication-count", window
    stage.close(window)


def staff_injury(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """The staff injury report, its paper, and the log of violent incidents."""
    told = stage.told
    window, shell = stage.signed_in("tom")
    w: Workspace = window.workspace  # type: ignore[assignment]  # it is open
    record = w.records.start("staff_injury")
    typed = _typed(told, w, record, dict(BITTEN))
    w.records.save_draft(record, "report", typed)
    shell.open_record(record)
    stage.settle()
    page: Any = shell.page
    for section in ("employee", "care", "violence"):
        page.open_section(section)
        yield f"staff-injury-{section}", window
    password = told.demo.told["staff"]["tom"]["password"]
    w.records.sign_part(record, "report", password, Ink("typed", "Tom Becker"))
    shell.open_record(record)
    stage.settle()
    shell.page.deeds.do("osha_301")  # type: ignore[union-attr]  # FormPage
    stage.settle()
    yield "staff-injury-301", window
    shell.go("settings", "violence")
    stage.settle()
    yield "violence-log", window
    shell.page.section("violence").print_log()  # type: ignore[union-attr]  # SettingsPage
    stage.settle()
    yield "violence-log-paper", window
    stage.close(window)
