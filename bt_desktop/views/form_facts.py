"""What the right column says besides what is missing: sums so far, and whose record it is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bt_desktop.form_engine.definition import say
from bt_desktop.views.editors.moments import clock_words, moment_of

if TYPE_CHECKING:
    from bt_desktop.form_engine.views import FieldView
    from bt_desktop.views.form_draft import Draft


def facts_of(draft: Draft) -> list[str]:
    """The calculated values of the record that stand outside its rows, a line each."""
    out = []
    for section in draft.record.form.sections:
        if section.repeat is not None:
            continue
        for field in section.fields:
            if field.type != "calculate" or field.is_helper:
                continue
            view = draft.view(f"/{field.name}")
            if view.relevant and view.typed not in (None, "", "0", "0.0", "NaN"):
                out.append(f"{say(view.label)}: {_shown(view)}")
    return out


def _shown(view: FieldView) -> str:
    """The value as words: of a moment (`appearance: time`) the time."""
    at = moment_of("datetime", view.typed) if view.field.looks("time") else None
    return clock_words(at) if isinstance(at, datetime) else view.typed


def note_of(draft: Draft) -> str:
    """Who reports and who typed, where they differ; and that parts are signed."""
    record = draft.record
    lines = []
    if record.reported_by != record.entered_by and record.reported_by_name:
        lines.append(
            f"Reported by {record.reported_by_name}, entered by {record.entered_by_name}. "
            "The reporter signs."
        )
    state = next((p for p in record.parts if p.key == draft.part_key), None)
    if state is not None and state.state == "open" and not state.may_sign and state.why_not:
        lines.append(state.why_not)
    return "\n".join(lines)
