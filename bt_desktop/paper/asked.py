"""Which questions were asked of a record and left blank: a copy says so instead of hiding them."""

from __future__ import annotations

from datetime import datetime

from bt_desktop.form_engine.session import FormSession
from bt_desktop.paper.document import RecordDocument
from bt_desktop.paper.shown import is_blank

_ANSWERED_ELSEWHERE = frozenset({"notice", "statement"})


def asked_and_blank(doc: RecordDocument, at: datetime) -> frozenset[str]:
    """The paths (`/severity`) of all relevant questions outside repeats without an answer.

    Relevance follows from the answers by the form's own rules; `at` (aware) is what the form
    takes for now.
    """
    session = FormSession(doc.form, {**doc.answers, **_log(doc)}, now=lambda: at)
    blank = set()
    for section in doc.form.sections:
        if section.repeat is not None or section.part in _ANSWERED_ELSEWHERE:
            continue
        for field in section.fields:
            path = f"/{field.name}"
            unanswered = field.is_input and is_blank(doc.answers.get(field.name))
            if unanswered and session.view(path).relevant:
                blank.add(path)
    return frozenset(blank)


def _log(doc: RecordDocument) -> dict[str, list[dict[str, object]]]:
    """The log of parent notices as the rows of its section: some questions depend on it."""
    rows = [dict(row) for row in doc.notices]
    named = [s.name for s in doc.form.sections if s.part == "notice" and s.repeat is not None]
    return {named[0]: rows} if rows and named else {}
