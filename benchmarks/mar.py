"""Medication records: one month as full as it can be, and all of a school at a month's end.

`python -m benchmarks.mar [RECORDS]`; 600 unless a number is given. Times are processor time, so
that a busy machine does not count. The floor is a canvas that draws the same words on one page.
"""

from __future__ import annotations

import io
import resource
import statistics
import sys
import time
from dataclasses import replace

from reportlab.lib.pagesizes import LETTER, landscape
from reportlab.pdfgen.canvas import Canvas

from benchmarks._row import quick, row
from bt_desktop.paper import fonts
from bt_desktop.paper.mar import mar
from bt_desktop.paper.mar_content import MarSheet
from tests.paper import mar_kit, story

ROUNDS = 3 if quick() else 15
RECORDS = 30 if quick() else 600
MARK = replace(mar_kit.MARK, qr_payload=story.PAYLOAD)


def made(sheet: MarSheet) -> bytes:
    """A record as its copy is printed, not sealed."""
    return mar(sheet, story.HEAD, MARK)


def raw(sheet: MarSheet) -> bytes:
    """The words of its cells on a bare page, in our font."""
    fonts.ready()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=landscape(LETTER), invariant=1)
    canvas.setFont(fonts.REGULAR, 8)
    for column, day in enumerate(sheet.days):
        for at, cell in enumerate(day.cells):
            words = (cell.remaining, cell.mark, "12:47p", "ME") if cell else ()
            for line, word in enumerate(words):
                canvas.drawString(40 + column * 20, 400 - at * 40 - line * 9, word)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def spent(sheet: MarSheet, *, bare: bool = False) -> float:
    """Milliseconds of processor time of one record."""
    began = time.process_time()
    raw(sheet) if bare else made(sheet)
    return (time.process_time() - began) * 1000


def memory() -> float:
    """The most memory this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print each row."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    full, month = mar_kit.four_times(), mar_kit.controlled()
    spent(full)
    spent(full, bare=True)
    ours = statistics.median(spent(full) for _ in range(ROUNDS))
    floor = statistics.median(spent(full, bare=True) for _ in range(ROUNDS))
    row("MAR of 31 days x 4 times", ours, floor, "150 ms")

    alone = statistics.median(spent(month) for _ in range(ROUNDS))
    held = memory()
    took = [spent(month) for _ in range(records)]
    row(f"{records} MARs with notes, each (floor: one alone)", statistics.median(took), alone,
        "ratio 1.00")  # fmt: skip
    row("  all of them", sum(took) / 1000, alone * records / 1000, "90 s", unit="s")
    row("  memory after them", memory(), held, "flat", unit="MiB")


if __name__ == "__main__":
    main()
