"""Every shipped form with complete answer sets, for the tests that hold for any form.

A form that is added gets a kit here: its answer sets (path -> typed) and the parts it has. Together
the sets answer every question of the form; `test_forms_reach.py` holds them to that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import aid_answers
import ber_answers
import incident_answers
import med_answers
import risk_answers
import sti_answers
from ber_answers import NOW, PACKS, fill, session

from bt_desktop.form_engine import Form, FormSession, load_form
from bt_desktop.form_engine.definition import Field

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Kit:
    """One form. `only_where` names, by field, what must be typed first for it to be required.

    `rests_on`: by field, a question whose answer stands only as long as that field is answered.
    `signed_with`: parts without which the report is not complete; `later` a part that needs more.
    """

    name: str
    scenarios: Mapping[str, Answers]
    only_where: Mapping[str, tuple[str, str, Answers]] = field(default_factory=dict)
    rests_on: Mapping[str, str] = field(default_factory=dict)
    signed_with: tuple[str, ...] = ("report",)
    later: str = "review"

    def form(self, pack: str | None = "us-ca") -> Form:
        """The form under a pack."""
        return _form(self.name, pack)

    def empty(self, pack: str | None = "us-ca") -> FormSession:
        """A session in which nothing is answered."""
        return session(self.form(pack))

    def filled(self, scenario: str | None = None, pack: str | None = "us-ca") -> FormSession:
        """A session with an answer set typed in, reopened from its answers."""
        named = scenario or next(iter(self.scenarios))
        answers = json.loads(_typed(self.name, named, pack))
        return FormSession(self.form(pack), answers, now=lambda: NOW)


KITS: Mapping[str, Kit] = {
    kit.name: kit
    for kit in (
        Kit(
            "restraint",
            ber_answers.SCENARIOS,
            # `staff_holding` is needed only where nobody from outside is named.
            {
                "staff_holding": (
                    "whole",
                    "/holds[1]/staff_holding",
                    {"/holds[1]/held_by_others": ""},
                )
            },
        ),
        Kit("incident", incident_answers.SCENARIOS),
        # R27 lets nobody back to class without the reason, R28 asks for a call to the parent.
        Kit(
            "first_aid",
            aid_answers.SCENARIOS,
            rests_on={"override_reason": "/disposition"},
            signed_with=("report", "notice"),
        ),
        # A parent is called, or it is said why not.
        Kit("medication_error", med_answers.SCENARIOS, signed_with=("report", "notice")),
        Kit("staff_injury", sti_answers.SCENARIOS, later="follow_up"),
        Kit("risk", risk_answers.SCENARIOS),
    )
}
FORMS_AND_PACKS = [(name, pack) for name in KITS for pack in PACKS]


@cache
def _form(name: str, pack: str | None) -> Form:
    return load_form(name, pack)


@cache
def _typed(name: str, scenario: str, pack: str | None) -> str:
    kit = KITS[name]
    return json.dumps(fill(kit.empty(pack), kit.scenarios[scenario]).answers())


def fields(of: Form) -> list[Field]:
    """Every question of the file; the texts that `other` opens have tests of their own."""
    return [f for s in of.sections for f in s.fields if f.other_of is None]


def paths(page: FormSession) -> list[str]:
    """Every path of a session."""
    return [p for s in page.sections() for p in page.paths(s.name)]
