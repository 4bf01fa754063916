"""Scenes of the health office's months: the list, one record, closing it, its paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from bt_desktop.services.work_progress import Progress

if TYPE_CHECKING:
    from bt_desktop.views.shell import Shell
    from bt_desktop.views.shell_window import AppWindow
    from tools.screens import Stage

_OCTOBER = date(2026, 10, 1)
_OVER = datetime.fromisoformat("2026-12-01T08:40:00-08:00")


def months(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """October of the demo's two medicines; November as it ends."""
    demo = stage.told.demo
    now = demo._clock.now()
    with demo.signed_in("maria") as maria:
        told = any(one.medicine.startswith("Methyl") for one in maria.health.months.lines(_OCTOBER))
    if not told:
        demo.tell_medicine()
    demo._clock.set(_OVER)
    window, shell = stage.signed_in("maria")
    shell.go("health", "months")
    stage.settle()
    section: Any = shell.page.section("months")  # type: ignore[union-attr]  # HealthPage
    yield "months", window
    section.ask_close_all()
    stage.settle()
    yield "months-close-all!", section.sheet
    section.sheet.reject()
    going = Progress()
    going.begin(600)
    going.done = 214
    section.waiting.begin("Closing and sealing, one after the other.", going, may_stop=True)
    section.waiting._look()
    section.waiting.show()
    yield "months-closing", window
    section.waiting.end()
    opened = next(one for one in section._read.lines if one.open)
    section.open_line(opened)
    stage.settle()
    yield "month", window
    section.one.enter[-1].click()
    stage.settle()
    yield "month-enter", window
    section.enter.back.click()
    stage.settle()
    section.one.buttons["close"].click()
    stage.settle()
    yield "month-close!", section.one.sheet
    section.one.sheet.save()
    stage.settle()
    yield "month-close-wrong!", section.one.sheet
    section.one.sheet.reject()
    section.one.buttons["note"].click()
    stage.settle()
    yield "month-note!", section.one.sheet
    section.one.sheet.reject()
    yield from _october(stage, window, shell, section)
    stage.close(window)
    demo._clock.set(now)


def _october(
    stage: Stage, window: AppWindow, shell: Shell, section: Any
) -> Iterator[tuple[str, QWidget]]:
    """A month that was closed, its paper, and both in a narrow window."""
    section.one.back.click()
    section.month.setCurrentIndex(section.month.findText("October 2026"))
    stage.settle()
    yield "months-october", window
    closed = next(one for one in section._read.lines if one.state == "closed")
    section.open_line(closed)
    stage.settle()
    yield "month-closed", window
    section.one.buttons["print"].click()
    stage.settle()
    yield "month-paper", window
    shell.go("health", "months")
    window.resize(760, 760)
    stage.settle()
    yield "month-narrow!", window
    section.one.back.click()
    stage.settle()
    yield "months-narrow!", window
