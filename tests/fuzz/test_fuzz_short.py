"""A short part of the fuzzing, always with the same seed; the long run is `make fuzz`."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from bt_desktop.paper.verify import verify
from tests.fuzz import __main__ as long_run
from tests.fuzz import answers, files, papers
from tests.fuzz.life import Life

SEED = 20261112


def test_random_answers_through_every_form_under_every_pack() -> None:
    assert len(answers.kinds()) == 6 * 7
    typed = sum(answers.play(SEED, number) for number in range(0, 42, 4))
    assert typed > 1200


def test_the_lives_of_some_records_with_the_program_dropped_in_the_middle() -> None:
    Life.reached.clear()
    run_state_machine_as_test(
        seed(SEED)(Life),
        settings=settings(
            max_examples=3,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Life.reached["amended"], "a life that comes to no amendment shows little"


def test_no_changed_copy_verifies() -> None:
    for pdf in papers.genuine():
        assert verify(pdf, papers.authority().ca_cert_pem).kind == "genuine"
    chance = random.Random(SEED)
    changed = {way.__name__ for way in papers.WAYS if way(chance, papers.genuine()[0])}
    assert len(changed) == 7
    assert sum(papers.play(SEED, number) for number in range(4)) == 400


def test_hostile_files_are_read_or_refused_in_words() -> None:
    assert sum(files.play(SEED, number) for number in range(180)) == 180


def test_the_long_run_goes_on_where_it_stopped_and_tells_what_it_found(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    played: list[int] = []

    def play(_seed: int, number: int) -> int:
        played.append(number)
        assert number != 3, "a finding"
        return 1

    monkeypatch.setattr(long_run, "BUILD", tmp_path)
    monkeypatch.setitem(long_run.CAMPAIGNS, "answers", (play, 10, "answers typed"))
    assert long_run.run("answers", 7, 5).findings == ["round 3: AssertionError in play"]
    done = long_run.run("answers", 7, 8)
    assert played == list(range(9)), "nothing is played twice"
    assert (done.rounds, done.tried) == (9, 8)
    noted = json.loads((tmp_path / "answers-7.json").read_text())  # type: ignore[operator]
    assert noted["findings"] == done.findings
    assert "FOUND round 3" in capsys.readouterr().out
