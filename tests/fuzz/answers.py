"""Random answers through every shipped form under every pack: whatever is typed, the form holds.

A round is one form, typed into at random; its number and the seed decide all of it, so a round that
fails can be played again alone (`python -m tests.fuzz answers --seed S --only ROUND`).
"""

# ruff: noqa: E501 - lists of words that people may type
from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

from bt_desktop.form_engine import Form, FormSession, available_forms, available_packs, load_form

NOW = datetime(2026, 11, 13, 10, 0, tzinfo=timezone(timedelta(hours=-8)))
STEPS, UNDONE = 200, 60
WORDS = (
    "", " ", "0", "-1", "3.5", "1,200", "12,5", "1e5", "nan", "inf", "-0", "٣", "½", "1015", "10:06",
    "23:55", "0010", "24:00", "3pm", "25:99", "now", "+5", "t", "y", "11/12", "11/12/2026",
    "2026-11-12", "11/01/2026", "1:30", "2:30", "11/13/2026 00:15", "01:30 -07:00", "02/29/2027",
    "1899-12-31", "9999-12-31", "0000-00-00", "true", "no", "staff:a1", "student:b2", "guardian:c3",
    "<b>&amp;", "Łucja 🙂 小明", "{}", "[", "${x}", "../..", "'", '"', "\u202e\u200b", "\x00\x1b[2J", "a" * 3000,
)  # fmt: skip
THINGS: tuple[Any, ...] = (
    None, True, False, 0, -5, 10**30, 1.5, [], {}, [None], ["x", "y"], {"strokes": [[1, 2]]},
    {"marks": [{"view": "front", "x": 0.5, "y": 0.5, "kind": "bruise"}]}, [[[]]],
)  # fmt: skip
MEANT = 0.7
"""How often a choice that the question knows is typed, instead of anything."""


@cache
def form(name: str, pack: str | None) -> Form:
    return load_form(name, pack)


@cache
def kinds() -> tuple[tuple[str, str | None], ...]:
    """Every shipped form under every pack, and under none."""
    return tuple((n, p) for n in available_forms() for p in (None, *available_packs()))


def paths_of(session: FormSession) -> list[str]:
    return [p for s in session.form.sections for p in session.paths(s.name)]


def anything(chance: random.Random, session: FormSession, path: str) -> Any:
    """A choice of the question (or several), or a word or thing that it never heard of."""
    known = [choice.name for choice in session.view(path).choices]
    if known and chance.random() < MEANT:
        some = chance.sample(known, min(len(known), chance.choice((1, 1, 1, 2, 3))))
        return some[0] if chance.random() < 0.5 else some
    if chance.random() < 0.85:
        return chance.choice(WORDS)
    return chance.choice(THINGS)


def step(chance: random.Random, session: FormSession) -> int:
    """One thing a person may do; how many answers were typed by it."""
    deed = chance.random()
    paths = paths_of(session)
    path = chance.choice(paths)
    repeats = [s.name for s in session.form.sections if s.repeat is not None]
    if deed < 0.78:
        session.set(path, anything(chance, session, path))
        return 1
    if deed < 0.81:
        session.set_unknown(path, chance.choice(("", "nobody saw", "x" * 600)))
    elif deed < 0.84:
        session.set_reason(path, chance.choice(("", "it was so")))
    elif deed < 0.90 and repeats:
        session.add_row(chance.choice(repeats))
    elif repeats and deed < 0.94:
        rows = session.rows(chance.choice(repeats))
        if rows:
            row = chance.choice(rows)
            if chance.random() < 0.6:
                session.remove_row(row)
            else:
                session.move_row(row, chance.randrange(-1, len(rows) + 1))
    elif deed < 0.96 and session.can_restore:
        session.restore_row()
    elif deed < 0.985 and session.can_undo:
        session.undo()
    elif session.can_redo:
        session.redo()
    return 0


def seen(session: FormSession) -> Any:
    """All that can be seen of a session."""
    return (
        {path: session.view(path) for path in paths_of(session)},
        session.sections(),
        session.issues(),
        session.leads(),
        session.final_answers(),
    )


def play(seed: int, number: int) -> int:
    """One round; how many answers were typed. AssertionError, or whatever broke, is a finding."""
    chance = random.Random(f"{seed}:{number}")
    name, pack = kinds()[number % len(kinds())]
    session = FormSession(form(name, pack), now=lambda: NOW)
    typed = sum(step(chance, session) for _ in range(STEPS))
    before, draft = seen(session), session.answers()
    text = json.dumps(draft, allow_nan=False)
    json.dumps(session.final_answers(), allow_nan=False)
    session._state.compute_everything()
    assert seen(session) == before, "computing on is not what computing from scratch gives"
    again = FormSession(form(name, pack), json.loads(text) or {"$": 1}, now=lambda: NOW)
    kept = again.answers()
    kept.pop("$", None)
    assert kept == draft, "a draft opened again is another"
    assert again.final_answers() == session.final_answers()
    assert [(i.path, i.severity) for i in again.issues()] == [
        (i.path, i.severity) for i in session.issues()
    ]
    undone = 0
    while session.can_undo and undone < UNDONE:
        session.undo()
        undone += 1
    for _ in range(undone):
        session.redo()
    assert session.answers() == draft, "undone and done again is another"
    assert seen(session) == before
    return typed
