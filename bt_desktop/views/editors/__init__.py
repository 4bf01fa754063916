"""One editor for every kind of question, all behind one protocol (`editors.protocol`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from bt_desktop.form_engine.definition import Choice, Field, say
from bt_desktop.views.editors.alarm import APPEARANCE, AlarmNote
from bt_desktop.views.editors.body_map import BodyMapEditor
from bt_desktop.views.editors.choices import (
    CheckListEditor,
    ChipsEditor,
    OneOfManyEditor,
    fits_chips,
)
from bt_desktop.views.editors.ink import SignatureEditor
from bt_desktop.views.editors.moments import MomentEditor
from bt_desktop.views.editors.narrative import NarrativeEditor
from bt_desktop.views.editors.people import PeopleEditor
from bt_desktop.views.editors.plain import AcknowledgeEditor, AttachmentEditor, ReadingEditor
from bt_desktop.views.editors.protocol import Editor, EditorContext
from bt_desktop.views.editors.text import LineEditor, MultilineEditor, NumberEditor

if TYPE_CHECKING:
    Make = Callable[[Field, Sequence[Choice], EditorContext, QWidget | None], Editor]

__all__ = ["EDITORS", "Editor", "EditorContext", "make_editor"]


def words_of(field: Field) -> frozenset[str]:
    """The words of a field's appearance."""
    return frozenset((field.appearance or "").split())


def _text(
    field: Field, _choices: Sequence[Choice], context: EditorContext, parent: QWidget | None
) -> Editor:
    words = words_of(field)
    if "narrative" in words:
        return NarrativeEditor(context, parent)
    return MultilineEditor(parent) if "multiline" in words else LineEditor(parent)


def _number(
    field: Field, _choices: Sequence[Choice], _context: EditorContext, parent: QWidget | None
) -> Editor:
    return NumberEditor(field.type == "integer", parent)


def _moment(
    field: Field, _choices: Sequence[Choice], context: EditorContext, parent: QWidget | None
) -> Editor:
    only_time = field.type == "datetime" and "time" in words_of(field)
    return MomentEditor("time" if only_time else field.type, context, parent, kind=field.type)


def _one(
    field: Field, choices: Sequence[Choice], _context: EditorContext, parent: QWidget | None
) -> Editor:
    if words_of(field) & {"chips", "likert"} or fits_chips(choices):
        return ChipsEditor(False, parent)
    return OneOfManyEditor(parent)


def _several(
    field: Field, choices: Sequence[Choice], _context: EditorContext, parent: QWidget | None
) -> Editor:
    if "chips" in words_of(field) or fits_chips(choices):
        return ChipsEditor(True, parent)
    return CheckListEditor(parent)


def _people(
    field: Field, _choices: Sequence[Choice], context: EditorContext, parent: QWidget | None
) -> Editor:
    return PeopleEditor(field.type, "multiple" in words_of(field), context, parent)


def _acknowledge(
    field: Field, _choices: Sequence[Choice], _context: EditorContext, parent: QWidget | None
) -> Editor:
    return AcknowledgeEditor(say(field.label), parent)


def _reading(
    field: Field, _choices: Sequence[Choice], _context: EditorContext, parent: QWidget | None
) -> Editor:
    if field.type == "note" and APPEARANCE in words_of(field):
        return AlarmNote(parent)
    return ReadingEditor(field.type == "note", parent, moment="time" in words_of(field))


def _body(
    field: Field, choices: Sequence[Choice], _context: EditorContext, parent: QWidget | None
) -> Editor:
    return BodyMapEditor(choices, "adult" if "adult" in words_of(field) else "child", parent)


EDITORS: dict[str, Make] = {
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "date": _moment,
    "time": _moment,
    "datetime": _moment,
    "select_one": _one,
    "select_multiple": _several,
    "acknowledge": _acknowledge,
    "note": _reading,
    "calculate": _reading,
    "person": _people,
    "student": _people,
    "staff": _people,
    "body_map": _body,
    "image": lambda _f, _c, _x, parent: AttachmentEditor(parent),
    "signature": lambda _f, _c, _x, parent: SignatureEditor(parent),
}
"""How the editor of each kind is made: (field, its choices, context, parent) -> editor."""


def make_editor(
    field: Field,
    choices: Sequence[Choice],
    context: EditorContext,
    parent: QWidget | None = None,
) -> Editor:
    """The editor of a field; `choices` are all that the field can ever offer."""
    return EDITORS[field.type](field, choices, context, parent)
