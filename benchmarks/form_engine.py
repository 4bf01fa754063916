"""The form engine: loading a form, opening a draft, one answer.

Budgets (form-engine): a form of 500 questions with 10 repeats of 20 rows loads in under 150 ms
and one answer costs under 1 ms at the 99th percentile; the shipped restraint form loads in under
40 ms. The floor of loading is PyYAML's C parser reading the same bytes into events; the floor of
an answer is one frame of the screen, 16 ms.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

from benchmarks._row import at_99, in_turns, quick, row
from bt_desktop import paths
from bt_desktop.form_engine import Form, FormSession, load_form

RUNS = 3 if quick() else 15
REPEATS, ROWS, PER_REPEAT, PLAIN = 10, 20, 20, 300
FRAME_MS = 16.0
NOW = datetime(2026, 11, 12, 12, 0, tzinfo=timezone(timedelta(hours=-8)))


def big_form() -> str:
    """500 questions: 300 in 15 sections, 200 in 10 repeats; most have a rule."""
    lines = ["form: big", 'version: "1"', "title: {en: Big}", "choices:", "  yn:"]
    lines += ["    - {name: y, label: {en: Yes}}", "    - {name: n, label: {en: No}}", "sections:"]
    for s in range(15):
        lines += [f"  - name: s{s}", f"    label: {{en: Section {s}}}", "    fields:"]
        for q in range(PLAIN // 15):
            i = s * (PLAIN // 15) + q
            lines.append(f"      - {_question(i)}")
    for r in range(REPEATS):
        lines += [
            f"  - name: r{r}",
            f"    label: {{en: Repeat {r}}}",
            f'    relevant: "{_when(r)}"',
            "    repeat: {min: 1, label: {en: Row}}",
            "    fields:",
        ]
        lines += [f"      - {_row_question(r, q)}" for q in range(PER_REPEAT)]
    return "\n".join(lines)


def _when(repeat: int) -> str:
    """When a repeat applies; the first eight also look at the number of rows of the last two."""
    counted = f" or count(${{r{8 + repeat % 2}_0}}) > 99" if repeat < 8 else ""
    return f"${{q0}} != 'n'{counted}"


def _question(i: int) -> str:
    label = f"label: {{en: Question number {i} of the form}}"
    if i % 10 == 0:
        return f"{{name: q{i}, type: select_one, choices: yn, {label}, required: true}}"
    if i % 10 == 9:
        return (
            f'{{name: q{i}, type: calculate, calculation: "sum(${{r{i // 10 % REPEATS}_1}}) + 1"}}'
        )
    asked = f"relevant: \"${{q{i - i % 10}}} = 'y'\", " if i % 3 else ""
    return f'{{name: q{i}, type: integer, {label}, {asked}constraint: ". >= 0 and . < 1000"}}'


def _row_question(r: int, q: int) -> str:
    label = f"label: {{en: Question {q} of the row}}"
    if q % 5 == 4:
        return (
            f"{{name: r{r}_{q}, type: calculate, "
            f'calculation: "coalesce(${{r{r}_{q - 3}}}, 0) * 2"}}'
        )
    asked = f'relevant: "${{r{r}_0}} != 1", ' if q % 4 == 3 else ""
    return f'{{name: r{r}_{q}, type: integer, {label}, {asked}constraint: ". >= 0"}}'


def _best(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def _parser(*files: Path) -> Callable[[], object]:
    texts = [f.read_text(encoding="utf-8") for f in files]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return lambda: [list(yaml.parse(t, Loader=loader)) for t in texts]


def _full_draft(form: Form) -> FormSession:
    session = FormSession(form, now=lambda: NOW)
    for r in range(REPEATS):
        for _ in range(ROWS - 1):
            session.add_row(f"r{r}")
    return session


def _answers(session: FormSession) -> list[float]:
    chance = random.Random(7)
    plain = [p for s in session.form.sections for p in session.paths(s.name)]
    times = []
    for _ in range(500 if quick() else 5_000):
        path = chance.choice(plain)
        field = session.view(path).field
        if not field.is_input or path == "/q0":
            continue
        typed = chance.choice("yn") if field.choices else str(chance.randrange(2000))
        started = time.perf_counter()
        session.set(path, typed)
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)


def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "big.yaml"
        file.write_text(big_form(), encoding="utf-8")
        floor, load = in_turns(RUNS, _parser(file), lambda: load_form(file))
        form = load_form(file)
    session = _full_draft(form)
    draft = session.answers()
    opened = _best(lambda: FormSession(form, draft, now=lambda: NOW))
    kept = form.dump()
    asked = len(form.fields())
    row(f"load {asked} questions (floor: parser alone)", load, floor, "none")
    row("  the same, as kept in the store", _best(lambda: Form.load(kept)), floor, "none")
    row(f"load, and open a draft of {REPEATS} x {ROWS} rows", load + opened, floor, "150 ms")
    times = _answers(session)
    row(f"one answer, p99 (median {statistics.median(times):.3f} ms; floor: a frame)",
        at_99(times), FRAME_MS, "1 ms")  # fmt: skip
    row("all issues at once (floor: a frame)", _best(session.issues), FRAME_MS, "none")
    folder_of_forms = paths.forms_dir()
    files = [folder_of_forms / n for n in ("restraint.yaml", "choices.yaml", "packs/us-ca.yaml")]
    floor, load = in_turns(RUNS, _parser(*files), lambda: load_form("restraint", "us-ca"))
    row("load the restraint form with its pack (floor: parser alone)", load, floor, "40 ms")


if __name__ == "__main__":
    main()
