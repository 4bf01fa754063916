"""A pack: the rules of one jurisdiction, laid over a form.

pack: us-ca
version: "2026.1"
form: restraint                     # the form it is for
name: {en: California}
title: {en: Behavior Emergency Report}      # the form's title here; also `prefix`, `review`
effective_from: 2025-01-01
effective_to:                       # open
verified: {by: , on: , sources: []} # empty until a person has checked it
fields:                             # any key of a field but its name
  setting: {required: true, reason: statute, cite: "EC 56521.1(e)(2)"}
sections:
  holds:
    cite: EC 49005.8                # label, hint, guidance_hint, relevant, repeat, cite
    fields: [ ... ]                 # further questions; `after: name` places one
choices:
  positions: {add: [{name: x, label: {en: X}, after: y}], remove: [z], prohibited: {...}}
  holds: {replace: [ ... ]}
prohibited:                         # can always be recorded, is always flagged
  positions: {prone: {cite: "EC 49005.8(a)(5)"}}
leads_to:                           # by name: a lead worded anew, narrowed, or added
  held: {because: {en: …}}
forms:                              # the same for other forms of the jurisdiction
  incident: {title: {en: …}, fields: {...}, sections: {...}, choices: {...}, leads_to: {...}}
deadlines: [...]                    # and all keys of CARRIED: data for others
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from bt_desktop.form_engine.definition import Text, no_text

CARRIED = [
    "banner",
    "scope",
    "valid_grounds",
    "event_types",
    "deadlines",
    "thresholds",
    "timezones",
    "monitoring",
    "debrief",
    "parent_copy",
    "state_report",
    "training_programs",
    "parent_rights",
    "definitions",
    "counts",
    "notices",
    "retention",
    "texts",
    "notes",
]
"""Keys whose data a pack carries for others; the engine does not read them."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's heading and the data it carries (`raw`: the carried keys as plain data).

    `title` names the jurisdiction; the form's own title is already in the form.
    """

    pack: str
    version: str
    title: Text = field(default_factory=no_text)
    form: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    verified_by: str = ""
    verified_on: date | None = None
    verified_sources: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_verified(self) -> bool:
        """Whether a person has checked it, and said when and against what."""
        return bool(self.verified_by and self.verified_on and self.verified_sources)

    def is_for(self, form: str) -> bool:
        """Whether it changes the form of this name; a pack that names none changes any form.

        Its heading and carried data go with every form of the jurisdiction all the same.
        """
        return self.form in ("", form)

    def in_force(self, on: date) -> bool:
        """Whether its rules hold on a day."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on <= self.effective_to
        )
