"""What a form makes of answers, in one call: for tools and for people who write forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bt_desktop.form_engine.definition import Form
from bt_desktop.form_engine.session import FormSession


def try_form(form: Form, answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The paths that are relevant and required, the calculated values and the issues.

    `answers` is a draft as JSON, `now` (aware) the moment it is judged at. Gives `relevant` and
    `required` (lists of paths), `calculated` ({path: value}, None for a blank) and `issues` (a
    list of {path, code, severity, sentence}); all of it plain JSON.
    """
    session = FormSession(form, answers or None, now=lambda: now)
    issues = session.issues()
    views = [session.view(p) for s in form.sections for p in session.paths(s.name)]
    asked = [v for v in views if v.relevant]
    return {
        "relevant": [v.path for v in asked],
        "required": [v.path for v in asked if v.required],
        "calculated": {v.path: v.value for v in asked if v.field.calculation is not None},
        "issues": [
            {
                "path": i.path,
                "code": i.code.name.lower(),
                "severity": i.severity,
                "sentence": i.sentence,
            }
            for i in issues
        ],
    }
