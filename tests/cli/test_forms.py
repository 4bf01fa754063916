"""`bt-desktop forms`: every fault with file and line; what a form makes of answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bt_desktop import paths
from tests.cli.conftest import Run, program

BROKEN = """\
form: bad
version: 1
title: {en: Bad}
subject: student
sections:
  - name: one
    label: {en: One}
    part: report
    fields:
      - {name: a, type: texte, label: {en: A}, reason: best_practice}
      - {name: a, type: text, label: {en: A}, reason: best_practice}
      - {name: b, type: select_one, choices: nowhere, label: {en: B}, reason: best_practice}
      - {name: c, type: text, relevant: "${nobody} = 'x'", label: {en: C}, reason: best_practice}
      - {name: d, type: text, relevant: "${b} = (", label: {en: D}, reason: best_practice}
      - {name: e, type: calculate, calculation: "${f}", label: {en: E}, reason: best_practice}
      - {name: f, type: calculate, calculation: "${e}", label: {en: F}, reason: best_practice}
      - {name: g, type: text, label: {en: G}, reason: because}
      - {name: H H, type: text, label: {en: H}, reason: best_practice}
      - {name: i, type: text, reason: best_practice}
      - {name: j, type: text, label: {en: J}, labell: {en: J}, reason: best_practice}
"""
LINES = {10, 11, 12, 13, 14, 15, 17, 18, 19, 20}


def test_the_shipped_forms_have_no_fault(run: Run) -> None:
    said = run("forms", "check")
    assert (said.status, said.err) == (0, "")
    assert "no fault" in said.out


def test_one_good_file_has_none_either(run: Run) -> None:
    assert run("forms", "check", paths.forms_dir() / "restraint.yaml").status == 0


def test_ten_faults_are_all_said_each_with_file_and_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(BROKEN)
    said = run("forms", "check", file)
    assert said.status == 1
    heads = [line.removeprefix(f"{file}:").partition(":")[0] for line in said.out.splitlines()]
    assert {int(head) for head in heads} == LINES
    assert len(heads) == 10


def test_a_file_that_is_not_there_is_wrong_use(run: Run, tmp_path: Path) -> None:
    said = run("forms", "check", tmp_path / "none.yaml")
    assert said.status == 2
    assert "no such file" in said.err


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"[]", b"a: [", b"&a [*a]", b"form: !!python/object:os.x {}",
             b"- " * 5000, b"a: &a [b, b]\nb: &b [*a, *a, *a, *a]\n"],
)  # fmt: skip
def test_whatever_a_file_holds_it_gets_a_sentence(run: Run, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "odd.yaml").write_bytes(body)
    said = run("forms", "check", tmp_path / "odd.yaml")
    assert said.status == 1
    assert "odd.yaml:" in said.out


def test_try_tells_what_the_answers_lead_to(run: Run, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({
        "what_happened": ["physical_restraint"], "event_date": "2026-11-12",
        "event_began": "2026-11-12T10:09:00-08:00", "event_ended": "2026-11-12T10:19:00-08:00",
    }))  # fmt: skip
    said = run("forms", "try", "restraint", "--pack", "us-ca", "--answers", answers,
               "--now", "2026-11-12T15:30:00-08:00")  # fmt: skip
    assert said.status == 0
    told = json.loads(said.out)
    assert set(told) == {"relevant", "required", "calculated", "issues"}
    assert "/holds[1]/start" in told["relevant"]
    assert "/student" in told["required"]
    assert told["calculated"]["/event_minutes"] == 10
    blank = next(i for i in told["issues"] if i["path"] == "/student")
    assert set(blank) >= {"path", "code", "severity", "sentence"}
    assert blank["severity"] == "error"


def test_try_reads_answers_from_standard_input(run: Run) -> None:
    said = run("forms", "try", "restraint", "--answers", "-", stdin="{}")
    assert said.status == 0
    assert "/what_happened" in json.loads(said.out)["required"]


@pytest.mark.parametrize(
    ("form", "text", "more", "status"),
    [
        ("restraint", "not json", [], 2),
        ("restraint", "[1]", [], 2),
        ("restraint", "[" * 100_000, [], 2),
        ("nothing", "{}", [], 2),
        ("restraint", "{}", ["--pack", "us-zz"], 2),
        ("restraint", "{}", ["--now", "teatime"], 2),
        ("restraint", '{"holds": 3, "student": {"a": []}, "x": null}', [], 0),
    ],
)
def test_try_survives_what_it_is_given(
    run: Run, form: str, text: str, more: list[str], status: int
) -> None:
    said = run("forms", "try", form, "--answers", "-", *more, stdin=text)
    assert said.status == status, said.err
    assert "fault in the program" not in said.err


def test_try_with_a_faulty_form_names_its_faults(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(BROKEN)
    said = run("forms", "try", tmp_path / "bad.yaml", "--answers", "-", stdin="{}")
    assert said.status == 1
    assert f"{tmp_path / 'bad.yaml'}:10:" in said.err


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    said = program("forms", "check", BT_DESKTOP_HOME="/nonexistent")
    assert (said.status, said.err) == (0, "")


def test_a_faulty_paper_for_parents_is_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    whole = (paths.forms_dir() / "papers" / "first_aid.yaml").read_text("utf-8")
    (folder / "first_aid.yaml").write_text(
        whole.replace("fields: [event_date,", "fields: [narrative, event_date,"), encoding="utf-8"
    )
    said = run("forms", "check", folder / "first_aid.yaml")
    assert said.status == 1
    assert "narrative may not stand on a parent's paper" in said.out


def test_a_faulty_table_of_the_health_office_is_told_with_its_line(
    run: Run, tmp_path: Path
) -> None:
    rules = (paths.forms_dir() / "medication_rules.yaml").read_text("utf-8")
    file = tmp_path / "medication_rules.yaml"
    file.write_text(rules.replace("${identified}", "${identifed}", 1), encoding="utf-8")
    said = run("forms", "check", file)
    assert said.status == 1
    line = rules[: rules.index("${identified}")].count("\n") + 1
    assert said.out.startswith(f"{file}:{line}:")
    assert "Did you mean “identified”?" in said.out
