"""Which answers belong to which part, and how parts are put together again. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bt_desktop.form_engine.definition import Form

STATEMENT = "statement"
NOTICE = "notice"
REPORT = "report"
OVERRIDE = "override"
REVIEW = "review"
PERSONAL = frozenset((REVIEW, "follow_up", "debrief"))
"""Parts that more than one person could begin at once: each drafts apart, the first to sign has
signed."""
REASONS = "$reasons"

Answers = Mapping[str, Any]


def part_of(part_key: str) -> str:
    """The part that a part key is of: `statement:<uuid>` is a `statement`, and so is a kept draft
    (`review@<user>`) of its part."""
    return part_key.partition(":")[0].partition("@")[0]


def statement_key(staff_id: str) -> str:
    """The key of a staff member's own statement."""
    return f"{STATEMENT}:{staff_id.partition(':')[2]}"


def draft_key(key: str, user_id: str) -> str:
    """Under which key the draft of a part is kept: of some parts each person has one."""
    return f"{key}@{user_id}" if key in PERSONAL else key


def whose_draft(kept: str) -> tuple[str, str]:
    """The part key of a kept draft, and the user it belongs to (empty: whoever may edit it)."""
    key, _, user_id = kept.partition("@")
    return key, user_id


def names_of(form: Form, part: str) -> frozenset[str]:
    """The names under which a part's answers stand at the root of a draft."""
    names: set[str] = set()
    for section in form.sections:
        if section.part != part:
            continue
        if section.repeat is not None:
            names.add(section.name)
            continue
        for field in section.fields:
            names.update((field.name, f"{field.name}_other"))
    return frozenset(names)


def only(answers: Answers, names: Collection[str]) -> dict[str, Any]:
    """The answers (and the reasons given) of these `names_of` a part; all others are left out."""
    mine = {name: value for name, value in answers.items() if name in names}
    given = answers.get(REASONS)
    if isinstance(given, Mapping):
        reasons = {name: text for name, text in given.items() if name in names}
        if reasons:
            mine[REASONS] = reasons
    return mine


def merged(parts: Iterable[Answers]) -> dict[str, Any]:
    """One draft of many parts. Parts share no names, so their order does not matter."""
    whole: dict[str, Any] = {}
    reasons: dict[str, Any] = {}
    for answers in parts:
        for name, value in answers.items():
            if name == REASONS:
                reasons.update(value)
            else:
                whole[name] = value
    if reasons:
        whole[REASONS] = reasons
    return whole
