"""Proof 1: whatever is typed, in whatever order, the session stays sound."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bt_desktop.form_engine import Form, FormSession
from tests.form_engine.small_form import NOON, SMALL, form_of, open_form, small_form

TYPED = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "hold",
            "injury",
            "other",
            "hold injury",
            "prone",
            "standing",
            "lake",
            "hill",
            "bay",
            "top",
            "1015",
            "10:06",
            "10:16",
            "23:55",
            "0010",
            "3pm",
            "25:99",
            "now",
            "+5",
            "t",
            "y",
            "-1",
            "11/12",
            "11/12/2026",
            "2026-11-12",
            "11/01/2026",
            "1:30",
            "2:30",
            "11/13/2026 00:15",
            "01:30 -07:00",
            "80",
            "3.5",
            "-2",
            "1,200",
            "12,5",
            "true",
            "no",
            "staff:a1",
            "student:b2",
            "<b>",
            "Łucja 🙂 小明",
            "0",
            "00:00",
            "nan",
            "1e5",
            "2017-03-09",
            "{}",
            "[",
        ]
    ),
    st.text(max_size=12),
    st.booleans(),
    st.lists(st.sampled_from(["hold", "injury", "other", "staff:a", "x"]), max_size=3),
    st.just({"strokes": [[1, 2]]}),
    st.integers(-5, 500),
)
APT = st.sampled_from(
    [
        ("/happened", ["hold"]),
        ("/happened", ["injury"]),
        ("/happened", None),
        ("/event_date", "11/11"),
        ("/event_date", "11/1"),
        ("/began", "2350"),
        ("/county", "lake"),
        ("/county", None),
        ("/holds[1]/start", "2355"),
        ("/holds[1]/end", "0010"),
        ("/holds[1]/end", "0130"),
        ("/holds[2]/start", "0020"),
    ]
)
"""Answers that move something elsewhere; they are ignored while their row is not there."""

STEP = st.one_of(
    st.tuples(st.just("apt"), APT, st.none()),
    st.tuples(st.just("apt"), APT, st.none()),
    st.tuples(st.just("set"), st.integers(0, 60), TYPED),
    st.tuples(st.just("set"), st.integers(0, 60), TYPED),
    st.tuples(st.just("unknown"), st.integers(0, 60), st.sampled_from(["", "nobody saw"])),
    st.tuples(st.just("reason"), st.integers(0, 60), st.sampled_from(["", "it was so"])),
    st.tuples(st.just("add"), st.integers(0, 5), st.none()),
    st.tuples(st.just("remove"), st.integers(0, 5), st.none()),
    st.tuples(st.just("move"), st.integers(0, 5), st.integers(-1, 6)),
    st.tuples(st.sampled_from(["restore", "undo", "redo"]), st.just(0), st.none()),
)
STEPS = st.lists(STEP, max_size=25)
RELAXED = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def paths_of(session: FormSession) -> list[str]:
    return [p for s in session.form.sections for p in session.paths(s.name)]


def take(session: FormSession, step: tuple[str, Any, Any]) -> frozenset[str]:
    """One step of a person; the paths it says have changed."""
    deed, which, what = step
    paths = paths_of(session)
    rows = session.rows("holds")
    if deed == "apt":
        return session.set(*which) if which[0] in paths else frozenset()
    if deed == "set":
        return session.set(paths[which % len(paths)], what)
    if deed == "unknown":
        return session.set_unknown(paths[which % len(paths)], what)
    if deed == "reason":
        return session.set_reason(paths[which % len(paths)], what)
    if deed == "add":
        session.add_row("holds", which or None)
    elif deed == "remove" and rows:
        return session.remove_row(rows[which % len(rows)])
    elif deed == "move" and rows:
        return session.move_row(rows[which % len(rows)], what)
    elif deed == "restore" and session.can_restore:
        session.restore_row()
    elif deed in ("undo", "redo"):
        return session.undo() if deed == "undo" else session.redo()
    return frozenset()


def picture(session: FormSession) -> dict[str, Any]:
    """All that can be seen of a session."""
    sections, issues = session.sections(), session.issues()
    assert session.overview() == (sections, issues)
    return {
        "views": {p: session.view(p) for p in paths_of(session)},
        "sections": sections,
        "issues": issues,
        "final": session.final_answers(),
        "rows": session.row_ids("holds"),
    }


@RELAXED
@given(STEPS)
def test_nothing_typed_ever_fails_and_every_answer_is_json(steps: Any) -> None:
    session = open_form(small_form())
    for step in steps:
        take(session, step)
    picture(session)
    json.dumps(session.answers(), allow_nan=False)
    json.dumps(session.final_answers(), allow_nan=False)


@RELAXED
@given(STEPS)
def test_a_draft_opened_again_is_the_same_to_the_letter(steps: Any) -> None:
    session = open_form(small_form())
    for step in steps:
        take(session, step)
    draft = session.answers()
    again = open_form(small_form(), json.loads(json.dumps(draft)) or {"$": 1})
    kept = again.answers()
    kept.pop("$", None)
    assert kept == draft
    assert again.final_answers() == session.final_answers()
    assert [(i.path, i.severity) for i in again.issues()] == [
        (i.path, i.severity) for i in session.issues()
    ]


@RELAXED
@given(STEPS)
def test_computing_on_equals_computing_from_scratch(steps: Any) -> None:
    session = open_form(small_form())
    for step in steps:
        take(session, step)
    before = picture(session)
    session._state.compute_everything()
    assert picture(session) == before


@RELAXED
@given(STEPS, STEP)
def test_undo_equals_never_done_and_redo_equals_done(steps: Any, last: Any) -> None:
    session = open_form(small_form())
    for step in steps:
        take(session, step)
    before, draft, done = picture(session), session.answers(), len(session._done)
    take(session, last)
    after, after_draft = picture(session), session.answers()
    if len(session._done) > done:
        session.undo()
        assert (picture(session), session.answers()) == (before, draft)
        session.redo()
    assert (picture(session), session.answers()) == (after, after_draft)


@RELAXED
@given(STEPS)
def test_a_step_names_every_path_whose_view_changed(steps: Any) -> None:
    session = open_form(small_form())
    for step in steps:
        before = {p: session.view(p) for p in paths_of(session)}
        changed = take(session, step)
        if step[0] in ("add", "restore"):
            continue
        after = {p: session.view(p) for p in paths_of(session)}
        for path, view in after.items():
            if before.get(path) != view:
                assert path in changed, (step, path)


@RELAXED
@given(STEPS)
def test_rows_keep_their_ids_and_their_answers(steps: Any) -> None:
    session = open_form(small_form())
    for step in steps:
        ids = session.row_ids("holds")
        by_id = dict(zip(ids, session.answers().get("holds", []), strict=True))
        take(session, step)
        now_ids = session.row_ids("holds")
        now_by_id = dict(zip(now_ids, session.answers().get("holds", []), strict=True))
        assert len(set(now_ids)) == len(now_ids)
        if step[0] == "move":
            assert sorted(now_ids) == sorted(ids)
            assert all(now_by_id[i].get("position") == by_id[i].get("position") for i in ids)


@RELAXED
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda c: (
            st.lists(c, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "$id",
                        "$reasons",
                        "$typed",
                        "$unknown",
                        "start",
                        "happened",
                        "holds",
                        "pulse",
                        "minutes",
                        "hello",
                        "first_seen",
                    ]
                ),
                c,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_opens_as_a_draft(answers: Any) -> None:
    draft = answers if isinstance(answers, dict) else {"holds": answers, "happened": answers}
    session = open_form(small_form(), draft)
    picture(session)


def test_a_form_kept_and_read_back_is_the_same(small: Form) -> None:
    again = Form.load(small.dump())
    assert again == small
    assert again.dump() == small.dump()
    assert (
        FormSession(again, now=lambda: NOON).issues()
        == FormSession(small, now=lambda: NOON).issues()
    )


def test_the_small_form_is_what_it_says(tmp_path: Any) -> None:
    assert form_of(SMALL, tmp_path).parts() == ("report", "nurse")
