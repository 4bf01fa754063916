"""Writes a form as an XLSForm workbook, for other tools that know XLSForm.

What XLSForm has no word for (parts, reasons, privacy, warnings, recommended) is left out; people,
body maps and signatures become texts. Expressions are handed over as they stand: those that use
our own functions, which no other tool knows, are left out too, and named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bt_desktop.form_engine.definition import Field, Form, Section, say
from bt_desktop.form_engine.expressions import Expression, calls
from bt_desktop.form_engine.grammar import Literal

OURS = frozenset(("minutes-between", "minutes-after", "age-at", "school-days-between", "event-has"))
_TYPES = {
    "datetime": "dateTime",
    "person": "text",
    "student": "text",
    "staff": "text",
    "body_map": "text",
    "image": "text",
    "signature": "text",
}
_COLUMNS = {
    "required": "required",
    "read_only": "readonly",
    "relevant": "relevant",
    "constraint": "constraint",
    "calculation": "calculation",
    "choice_filter": "choice_filter",
}
_MESSAGES = ("required_message", "constraint_message", "hint", "guidance_hint")


@dataclass(slots=True)
class Workbook:
    """`sheets` maps sheet names to rows; `left_out` names (question, key) that did not fit."""

    sheets: dict[str, list[dict[str, str]]]
    left_out: list[tuple[str, str]] = field(default_factory=list)


def workbook(form: Form, lang: str = "en") -> Workbook:
    """The form as the sheets `survey`, `choices` and `settings`, in one language.

    `choices_header` and `survey_header` name all columns: pyxform looks at the first hundred rows
    only.
    """
    made = Workbook({"survey": [], "choices": [], "settings": []})
    for section in form.sections:
        _section(made, section, lang)
    for name, rows in form.choices.items():
        for choice in rows:
            made.sheets["choices"].append(
                {"list_name": name, "name": choice.name, "label": say(choice.label, lang)}
                | dict(choice.extra)
            )
    for sheet in ("choices", "survey"):
        columns = dict.fromkeys(key for row in made.sheets[sheet] for key in row)
        made.sheets[f"{sheet}_header"] = [dict.fromkeys(columns, "")]
    made.sheets["settings"].append(
        {"form_id": form.form, "form_title": say(form.title, lang), "version": form.version}
    )
    return made


def _section(made: Workbook, section: Section, lang: str) -> None:
    kind = "group" if section.repeat is None else "repeat"
    row = {"type": f"begin {kind}", "name": section.name, "label": say(section.label, lang)}
    _put(made, row, section.name, "relevant", section.relevant)
    made.sheets["survey"].append(row)
    for asked in section.fields:
        made.sheets["survey"].append(_field(made, asked, lang))
    made.sheets["survey"].append({"type": f"end {kind}"})


def _field(made: Workbook, asked: Field, lang: str) -> dict[str, str]:
    kind = _TYPES.get(asked.type, asked.type)
    chosen = asked.choices if asked.type != "body_map" else None
    row = {"type": f"{kind} {chosen}" if chosen else kind, "name": asked.name}
    if asked.type != "calculate":
        row["label"] = say(asked.label, lang)
    for key in _MESSAGES:
        if text := say(getattr(asked, key), lang):
            row[key] = text
    if asked.appearance:
        row["appearance"] = asked.appearance
    for key, column in _COLUMNS.items():
        _put(made, row, asked.name, column, getattr(asked, key))
    default = asked.default
    if default is not None:
        tree = default.tree
        row["default"] = tree.value if isinstance(tree, Literal) else default.source
    return row


def _put(
    made: Workbook, row: dict[str, Any], name: str, column: str, expression: Expression | None
) -> None:
    if expression is None:
        return
    if any(call.name in OURS for call in calls(expression.tree)):
        made.left_out.append((name, column))
        return
    row[column] = expression.source
