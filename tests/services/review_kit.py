"""What stories of reviews and amendments share: a review filled in, a later version signed."""

from __future__ import annotations

from typing import Any

from bt_desktop.services.results.records import Signed
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, ink

REMARK = "Say which of the two holds ended when he was calm."


def review_answers(school: School, by: Workspace, record: str) -> dict[str, Any]:
    """A review with everything answered, or a reason for what is not; countersigned."""
    form = by.records.open(record).form
    answers: dict[str, Any] = {"reviewer": by.actor.staff_id}
    reasons = {}
    for section in form.sections:
        if section.part != "review" or section.repeat is not None:
            continue
        for field in section.fields:
            if field.type == "select_one":
                names = [choice.name for choice in form.choices_of(field.name)]
                answers[field.name] = next(n for n in ("no", *names) if n in names)
            reasons[field.name] = "looked at it twice"
    if "review_duration" in answers:
        answers["review_duration"] = "yes"
    answers["review_result"] = "complete"
    answers["forwarded_on"] = "2026-11-12"
    answers["$reasons"] = reasons
    return answers


def sent_back(answers: dict[str, Any], text: str = REMARK, on: str = "holds") -> dict[str, Any]:
    """The same review, with a remark and returned to the author."""
    remark = {"$id": "r1", "remark_on": on, "remark": text}
    return answers | {"review_result": "returned", "review_remarks": [remark]}


def review(school: School, by: Workspace, record: str, *, back: bool = False) -> Signed:
    """Review the record and sign: countersigned, or returned with a remark."""
    by.records.begin(record, "review")
    answers = review_answers(school, by, record)
    by.records.save_draft(record, "review", sent_back(answers) if back else answers)
    return by.records.sign_part(record, "review", PASSWORD, ink(by.actor.name))


def change(by: Workspace, record: str, part: str = "report", **answers: Any) -> None:
    """Type these answers over what the part holds."""
    opened = by.records.open(record)
    by.records.save_draft(record, part, {**opened.answers, **answers})


def amend(
    by: Workspace,
    record: str,
    kind: str = "correction",
    reason: str = "The room was another one",
    part: str = "report",
    **answers: Any,
) -> Signed:
    """Open a signed part again, type, sign."""
    by.records.amend(record, part, kind, reason)
    if answers:
        change(by, record, part, **answers)
    return by.records.sign_part(record, part, PASSWORD, ink(by.actor.name))
