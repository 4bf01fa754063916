"""Text with person tokens: how it is kept, and how it lies in a text document.

Kept: `… hit {@student:<uuid>} on …`. Shown: the person's name, marked as one thing. Each token in
a document carries its id and a number of its own, so two neighbors never melt into one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

TOKEN = re.compile(r"\{@((?:student|staff|guardian):[0-9A-Za-z-]+)\}")
ID = QTextFormat.Property.UserProperty + 1
NUMBER = QTextFormat.Property.UserProperty + 2
LABEL = QTextFormat.Property.UserProperty + 3
_numbers = count(1)


def token_format(person_id: str, label: str, ink: QColor, ground: QColor) -> QTextCharFormat:
    """The format that makes a run of text one token."""
    form = QTextCharFormat()
    form.setProperty(ID, person_id)
    form.setProperty(NUMBER, next(_numbers))
    form.setProperty(LABEL, label)
    form.setForeground(ink)
    form.setBackground(ground)
    form.setFontWeight(QFont.Weight.DemiBold)
    form.setToolTip(f"{label}: a protected name. A parent's copy shows a letter instead.")
    return form


def put_text(
    document: QTextDocument, kept: str, name_of: Callable[[str], str], ink: QColor, ground: QColor
) -> None:
    """Fill a document with a kept text."""
    document.clear()
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    plain = QTextCharFormat()
    at = 0
    for found in TOKEN.finditer(kept):
        cursor.insertText(kept[at : found.start()], plain)
        label = name_of(found[1])
        cursor.insertText(label, token_format(found[1], label, ink, ground))
        at = found.end()
    cursor.insertText(kept[at:], plain)
    cursor.endEditBlock()


def kept_text(document: QTextDocument) -> str:
    """The text of a document as it is kept. A token whose name was altered is plain text again."""
    lines = []
    block = document.begin()
    while block.isValid():
        lines.append("".join(_pieces(block)))
        block = block.next()
    return "\n".join(lines)


def _pieces(block: QTextBlock) -> list[str]:
    out: list[str] = []
    for _start, text, form in runs(block):
        whole = form.property(ID) and text == form.property(LABEL)
        out.append(f"{{@{form.property(ID)}}}" if whole else text.replace("\u2028", "\n"))
    return out


def runs(block: QTextBlock) -> list[tuple[int, str, QTextCharFormat]]:
    """The runs of a block (start in the document, text, format); one token is one run."""
    out: list[tuple[int, str, QTextCharFormat]] = []
    step = block.begin()
    while not step.atEnd():
        fragment = step.fragment()
        form = fragment.charFormat()
        number = form.property(NUMBER)
        if out and number and out[-1][2].property(NUMBER) == number:
            start, text, first = out[-1]
            out[-1] = (start, text + fragment.text(), first)
        else:
            out.append((fragment.position(), fragment.text(), form))
        step += 1
    return out


def token_at(document: QTextDocument, position: int) -> tuple[int, int] | None:
    """(start, end) of the token that the place lies in or touches from the right, else None."""
    block = document.findBlock(position)
    for start, text, form in runs(block):
        if form.property(ID) and start < position <= start + len(text):
            return start, start + len(text)
    return None


def place_in_kept(document: QTextDocument, kept_at: int) -> int:
    """The place in the document for a place in the kept text (UTF-16 units as Qt counts)."""
    kept_seen = 0
    block = document.begin()
    while block.isValid():
        for start, text, form in runs(block):
            token = form.property(ID) and text == form.property(LABEL)
            length = len(f"{{@{form.property(ID)}}}") if token else utf16(text)
            if kept_at <= kept_seen + length:
                return (
                    start
                    if token and kept_at == kept_seen
                    else (start + utf16(text) if token else start + kept_at - kept_seen)
                )
            kept_seen += length
        if kept_at <= kept_seen:
            return block.position() + block.length() - 1
        kept_seen += 1
        block = block.next()
    return max(0, document.characterCount() - 1)


def utf16(text: str) -> int:
    """The length as Qt counts it (an emoji counts two)."""
    return len(text.encode("utf-16-le")) // 2
