"""A body with many marks against an empty one: what a click, a key and a look cost.

`python -m benchmarks.body_map`; 300 marks all over the figure, the editor bound to a session as on
the page of a form. The floor of a click is the same click on a body without marks.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from benchmarks._row import quick, row
from bt_desktop.form_engine.body import atlas
from bt_desktop.form_engine.body_drawing import drawing
from bt_desktop.form_engine.body_marks import read_map
from bt_desktop.form_engine.definition import Choice, Field, Form, Section
from bt_desktop.form_engine.session import FormSession
from bt_desktop.paper import body_map
from bt_desktop.paper.content import Block, Grid
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.views.editors.body_map import BodyMapEditor
from bt_desktop.views.theme import Theme
from tests.paper import story

MARKS = 300
ROUNDS = 3 if quick() else 25
NOW = datetime(2026, 11, 12, 10, 15, tzinfo=UTC)


def marks(count: int) -> dict[str, Any]:
    """As many marks all over the figure, always the same."""
    dice = random.Random(5)
    regions = tuple(atlas().regions.values())
    made = []
    for n in range(1, count + 1):
        region = dice.choice(regions)
        view = dice.choice(region.views)
        x, y = drawing("child", view).anchor(region.id)
        made.append({
            "n": n, "view": view, "region": region.id, "x": x, "y": y, "type": "bruise",
            "size_1": 20, "size_2": 10, "color": "purple", "note": "oval, above the crease",
        })  # fmt: skip
    return {"figure": "child", "marks": made}


class Page:
    """An editor whose answers go through a session and come back, as on the page of a form."""

    def __init__(self, app: QApplication, count: int) -> None:
        choices = (Choice("bruise", {"en": "Bruise"}),)
        asked = Field("map", "body_map", "s", label={"en": "Drawing"}, choices="list")
        section = Section(name="s", label={"en": "S"}, fields=(asked,))
        form = Form("f", "1", {"en": "F"}, "student", "F", (section,), {"list": choices})
        self.app = app
        self.session = FormSession(form, {"map": marks(count)} if count else {}, now=lambda: NOW)
        self.editor = BodyMapEditor(choices)
        self.editor.set_typed(self.session.view("/map").typed)
        self.editor.changed.connect(self._changed)
        self.editor.resize(560, 1000)
        self.editor.show()
        app.processEvents()

    def _changed(self) -> None:
        self.session.set("/map", self.editor.typed())
        self.editor.set_typed(self.session.view("/map").typed)

    def click(self) -> None:
        """A mark made on the neck, until it is painted."""
        at = drawing("child", "front").anchor("neck_front")
        self.editor.figure.marked.emit("front", "neck_front", *at)
        self.editor.repaint()
        self.app.processEvents()

    def take_back(self) -> None:
        """Undo."""
        self.session.undo()
        self.editor.set_typed(self.session.view("/map").typed)
        self.app.processEvents()

    def key(self) -> None:
        """A letter typed into the note of a mark."""
        note = self.editor.details.note
        note.setText(note.text()[:20] + "x")
        note.textEdited.emit(note.text())
        self.editor.repaint()
        self.app.processEvents()

    def hover(self) -> None:
        """The pointer moves to another region."""
        figure = self.editor.figure
        for region in ("chest_left", "thigh_right"):
            at = figure.point_of("front", *drawing("child", "front").anchor(region))
            none = Qt.MouseButton.NoButton
            move = QMouseEvent(QEvent.Type.MouseMove, at, QPointF(figure.mapToGlobal(at)), none,
                               none, Qt.KeyboardModifier.NoModifier)  # fmt: skip
            QApplication.sendEvent(figure, move)
            figure.repaint()


def timed(work: Callable[[], object], after: Callable[[], object] | None = None) -> float:
    """The median of the milliseconds of processor time that `work` takes."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        took.append((time.process_time() - began) * 1000)
        if after is not None:
            after()
    return statistics.median(took)


def printed(blocks: list[Block]) -> bytes:
    """The pages of these blocks."""
    return build(blocks, story.HEAD, story.mark(), Sheet("BER-2026-0001"))


def main() -> None:
    """Print the rows."""
    app = QApplication([])
    Theme(mode="light").apply(app)
    empty, full = Page(app, 0), Page(app, MARKS)
    for page in (empty, full):
        timed(page.click, page.take_back)
    row(f"a mark added to {MARKS}, painted", timed(full.click, full.take_back),
        timed(empty.click, empty.take_back), "100 ms")  # fmt: skip
    full.editor._pick(1)
    app.processEvents()
    row(f"a key in the note of one of {MARKS}", timed(full.key), 16.0, "50 ms")
    row(f"two regions under the pointer, {MARKS} marks", timed(full.hover), timed(empty.hover),
        "16 ms")  # fmt: skip
    blocks = body_map.blocks(read_map(marks(MARKS)))
    table = [block for block in blocks if isinstance(block, Grid)]
    row(f"{MARKS} marks printed (floor: their table alone)", timed(lambda: printed(blocks)),
        timed(lambda: printed(table)), "ratio 2.00")  # fmt: skip


if __name__ == "__main__":
    main()
