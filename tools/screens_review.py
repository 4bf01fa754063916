"""Records of the demo on their way through reviews and amendments, for the pictures."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from bt_desktop.demo import Demo
from bt_desktop.paper.document import Ink
from bt_desktop.services.workspace import Workspace

REMARKS = (
    ("holds", "Say which of the two holds ended when he was calm."),
    ("when_where", "The hour of the call to the office does not fit what follows. Please check."),
)


class BackAndForth:
    """Four records: one waits, one is returned, one is being amended, one was amended."""

    def __init__(self, demo: Demo, like: str) -> None:
        self.demo, self._like = demo, like
        self.waiting, self.amended = self._written(), self._written()
        self._review(self.amended)
        before = demo._clock.now()
        demo._clock.set(before + timedelta(hours=19))
        self._amend(self.amended, sign=True)
        self._told_whole = False

    def tell_the_rest(self) -> None:
        """Also the one that was returned, and the one that is being amended."""
        if self._told_whole:
            return
        self._told_whole = True
        clock = self.demo._clock
        now = clock.now()
        self.returned, self.amending = self._written(), self._written()
        self._review(self.returned, back=True)
        clock.set(now)
        self._amend(self.amending, sign=False)

    def _written(self) -> str:
        record = written_like(self.demo, self._like)
        self.demo.sign_report(record)
        return record

    def _review(self, record: str, *, back: bool = False) -> None:
        with self.demo.signed_in("tom") as tom:
            tom.records.begin(record, "review")
            answers = _answers(tom, record)
            if back:
                rows = [{"$id": str(n), "remark_on": on, "remark": text}
                        for n, (on, text) in enumerate(REMARKS)]  # fmt: skip
                answers |= {"review_result": "returned", "review_remarks": rows}
            tom.records.save_draft(record, "review", answers)
            tom.records.sign_part(
                record, "review", self._password("tom"), Ink("typed", "Tom Becker")
            )

    def _amend(self, record: str, *, sign: bool) -> None:
        with self.demo.signed_in("dana") as dana:
            dana.records.amend(record, "report", "correction", "I looked at the room plan again")
            opened = dana.records.open(record)
            answers = opened.answers | {"location_detail": "Room 15, by the window"}
            answers["narrative"] = str(answers["narrative"]).replace("tablet", "laptop")
            answers["holds"] = [*answers["holds"]]
            answers["holds"][1] = answers["holds"][1] | {"position": "seated_chair"}
            dana.records.save_draft(record, "report", answers)
            if sign:
                password = self._password("dana")
                dana.records.sign_part(record, "report", password, Ink("typed", "Dana Whitcomb"))

    def _password(self, who: str) -> str:
        return str(self.demo.told["staff"][who]["password"])


back_and_forth = cache(BackAndForth)
"""Made once for all looks."""


def written_like(demo: Demo, record: str) -> str:
    """Another report with the answers of `record`, not signed: what is typed once need not be
    typed again."""
    demo._at("report_begun")
    with demo.signed_in(demo.told["record"]["reported_by"]) as author:
        answers = author.records.open(record).answers
        new = author.records.start(demo.told["record"]["form"])
        author.records.save_draft(new, "report", answers)
    return new


def _answers(by: Workspace, record: str) -> dict[str, Any]:
    form = by.records.open(record).form
    answers: dict[str, Any] = {"reviewer": by.actor.staff_id, "review_duration": "yes"}
    reasons = {}
    for section in form.sections:
        if section.part != "review" or section.repeat is not None:
            continue
        for field in section.fields:
            if field.choices == "yes_no" and field.name not in answers:
                answers[field.name] = "no"
            reasons[field.name] = "Looked at twice"
    answers |= {"review_result": "complete", "review_findings": "As it should be."}
    return answers | {"$reasons": reasons, "forwarded_on": "2026-11-12"}
