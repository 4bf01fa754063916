"""The answers of a section in the look of the print: to be read before signing and in a review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors.tokens_text import TOKEN
from bt_desktop.views.form_rows import shown_value
from bt_desktop.views.widgets.buttons import LinkButton
from bt_desktop.views.widgets.card import Card
from bt_desktop.views.widgets.text import SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView, SectionView
    from bt_desktop.views.form_draft import Draft


def answer_sheet(
    draft: Draft,
    section: SectionView,
    parent: QWidget,
    change: Callable[[], None] | None = None,
) -> Card:
    """A card with the section's answers; `change` is what its link does, where it has one."""
    card = Card(parent, spacing=8, margin=20)
    head = QHBoxLayout()
    head.addWidget(SectionTitle(say(section.label), card))
    head.addStretch(1)
    if change is not None:
        link = LinkButton("Change", card)
        link.setAccessibleName(f"Change {say(section.label)}")
        link.clicked.connect(change)
        head.addWidget(link)
    card.column.addLayout(head)
    definition = draft.record.form.section(section.name)
    if definition.repeat is None:
        card.column.addLayout(_answers(draft, draft.session.paths(section.name), card))
        return card
    label = say(definition.repeat.label) if definition.repeat.label else "Row"
    for number, row in enumerate(draft.session.rows(section.name), 1):
        card.column.addWidget(plain_label(f"{label} {number}", "strong", card))
        paths = [p for p in draft.session.paths(section.name) if p.startswith(row + "/")]
        card.column.addLayout(_answers(draft, paths, card))
    return card


def _answers(draft: Draft, paths: Sequence[str], parent: QWidget) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(1, 3)
    place = 0
    for path in paths:
        view = draft.view(path)
        if not view.relevant or view.field.type == "note" or view.field.is_helper:
            continue
        text = readable(draft, view)
        if not text and not view.required:
            continue
        question = plain_label(say(view.label), "muted", parent)
        question.setWordWrap(True)
        answer = plain_label(text or "missing", "" if text else "dangerText", parent)
        answer.setWordWrap(True)
        answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(question, place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(answer, place, 1, Qt.AlignmentFlag.AlignTop)
        place += 1
    return grid


def readable(draft: Draft, view: FieldView) -> str:
    """An answer as people read it, with the reason that was given."""
    text = TOKEN.sub(lambda found: draft.name_of(found[1]), shown_value(draft, view))
    if view.unknown_reason is not None:
        return f"Not known: {view.unknown_reason}"
    if view.note and text:
        return f"{text} (reason: {view.note})"
    return text or (f"Left blank: {view.note}" if view.note else "")
