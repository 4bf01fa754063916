"""A small form with every kind of rule, a clock that stands, and ids that can be told apart."""
# ruff: noqa: E501  one-line questions of YAML read better unbroken

from __future__ import annotations

import functools
import itertools
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bt_desktop.form_engine import Form, FormSession, load_form

PACIFIC = ZoneInfo("America/Los_Angeles")
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=PACIFIC)

SMALL = """
form: small
version: "1"
title: {en: A small form}
choices:
  happened:
    - {name: hold, label: {en: A hold}}
    - {name: injury, label: {en: Someone was hurt}}
    - {name: other, label: {en: Something else}}
  position:
    - {name: standing, label: {en: Standing}}
    - {name: prone, label: {en: Face down}, prohibited: true, cite: "Rule 5"}
  county:
    - {name: lake, label: {en: Lake}}
    - {name: hill, label: {en: Hill}}
  town:
    - {name: bay, label: {en: Bay}, in_county: lake}
    - {name: top, label: {en: Top}, in_county: hill}
sections:
  - name: triage
    label: {en: What happened}
    fields:
      - {name: happened, type: select_multiple, choices: happened, label: {en: "What happened?"}, required: true}
      - {name: event_date, type: date, label: {en: Date}, required: true, constraint: ". <= today()", constraint_message: {en: This day has not come yet. Correct it.}}
      - {name: began, type: datetime, appearance: time, label: {en: It began}}
      - {name: born, type: date, label: {en: Birth date}, unknown: no}
      - {name: age, type: calculate, calculation: "age-at(${born}, ${event_date})"}
      - {name: county, type: select_one, choices: county, label: {en: County}}
      - {name: town, type: select_one, choices: town, choice_filter: "in_county = ${county}", label: {en: Town}}
      - {name: minutes_total, type: calculate, calculation: "sum(${minutes}[. != ''])"}
      - {name: positions, type: calculate, calculation: "count(${position})"}
      - {name: first_seen, type: calculate, calculation: "once(${county})"}
  - name: holds
    label: {en: Holds}
    relevant: selected(${happened}, 'hold')
    repeat: {min: 1, max: 4, label: {en: Hold}, add_label: {en: Add a hold}}
    fields:
      - {name: start, type: datetime, appearance: time, label: {en: Hold began}, required: true}
      - name: end
        type: datetime
        appearance: time
        label: {en: Hold ended}
        required: true
        required_message: {en: Say when it ended.}
        constraint: . >= ${start}
        constraint_message: {en: The hold cannot end before it began. Correct one of the two times.}
        warning: "minutes-between(${start}, .) <= 30"
        warning_message: {en: This hold was long.}
      - {name: minutes, type: calculate, calculation: "minutes-between(${start}, ${end})"}
      - {name: position, type: select_one, choices: position, label: {en: Position}, recommended: true}
      - {name: staff, type: staff, appearance: multiple, label: {en: Staff}}
      - {name: why, type: text, label: {en: Why}, relevant: "${minutes} > 10"}
      - {name: place_in_order, type: calculate, calculation: "position(..)"}
      - {name: since_last, type: calculate, calculation: "minutes-between(indexed-repeat(${end}, ${holds}, position(..) - 1), ${start})"}
  - name: nurse
    label: {en: Nurse}
    part: nurse
    relevant: selected(${happened}, 'injury') or count(${holds}) > 1
    fields:
      - {name: pulse, type: integer, label: {en: Pulse}, constraint: ". > 20 and . < 250", required: "${seen} != ''"}
      - {name: cost, type: decimal, label: {en: Cost}, warning: ". < 1000"}
      - {name: seen, type: time, label: {en: Seen at}}
      - {name: exact, type: datetime, label: {en: Exactly when}}
      - {name: agreed, type: acknowledge, label: {en: Agreed}}
      - {name: signed, type: signature, label: {en: Signature}}
      - {name: told, type: text, label: {en: What was told}, read_only: "${agreed} = 'true'"}
      - {name: hello, type: note, label: {en: Thank you}}
"""


def form_of(text: str, folder: Path, pack: str | None = None) -> Form:
    """A form (with a pack) from texts. Raises FormFaults."""
    file = folder / "form.yaml"
    file.write_text(text, encoding="utf-8")
    pack_file = None
    if pack is not None:
        pack_file = folder / "pack.yaml"
        pack_file.write_text(pack, encoding="utf-8")
    return load_form(file, pack_file)


@functools.cache
def small_form() -> Form:
    """The small form (not a fixture, so that hypothesis need not print it)."""
    with tempfile.TemporaryDirectory() as folder:
        return form_of(SMALL, Path(folder))


def open_form(form: Form, answers: dict[str, Any] | None = None, **more: Any) -> FormSession:
    """A session at noon in California, whose rows are r1, r2 …"""
    numbers = itertools.count(1)
    more.setdefault("now", lambda: NOON)
    return FormSession(form, answers, new_id=lambda: f"r{next(numbers)}", **more)


def codes(session: FormSession, part: str | None = None) -> set[tuple[str, str]]:
    """(path, code) of all issues."""
    return {(i.path, i.code.name) for i in session.issues(part)}
