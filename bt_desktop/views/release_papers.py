"""Which paper a parent gets, where a record has several: the whole copy or one page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from bt_desktop.services.results.copies import PaperInfo
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import SectionTitle


class PaperChoice(Card):
    """The papers of a record to choose from; hidden where there is only one.

    `chosen` carries the `PaperInfo` when another one is chosen.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=4)
        self.choices: dict[str, QRadioButton] = {}
        self._papers: tuple[PaperInfo, ...] = ()
        self._group = QButtonGroup(self)
        self.column.addWidget(SectionTitle("Which paper?", self))
        self.hide()

    def show_papers(self, papers: Sequence[PaperInfo]) -> None:
        """Offer these, the first one chosen."""
        self._papers = tuple(papers)
        for number, paper in enumerate(papers):
            choice = QRadioButton(paper.label.replace("&", "&&"), self)
            choice.setChecked(number == 0)
            choice.toggled.connect(partial(self._toggled, paper))
            self._group.addButton(choice)
            self.choices[paper.name] = choice
            self.column.addWidget(choice)
        self.setVisible(len(papers) > 1)

    def choose(self, name: str) -> None:
        """Choose the paper of that name, where there is one."""
        if name in self.choices:
            self.choices[name].setChecked(True)

    def _toggled(self, paper: PaperInfo, on: bool) -> None:
        if on:
            self.chosen.emit(paper)
