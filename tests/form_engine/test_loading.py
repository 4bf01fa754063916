"""Loading: every fault of a file at once, with its line, and never half a form."""
# ruff: noqa: E501  one-line questions of YAML read better unbroken

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bt_desktop import paths
from bt_desktop.form_engine import (
    Choice,
    Form,
    FormFaults,
    available_forms,
    available_packs,
    check_files,
    load_form,
    load_pack,
    say,
)
from bt_desktop.form_engine.building import quoted
from bt_desktop.form_engine.expressions import compile_expression
from tests.form_engine.small_form import NOON, SMALL, form_of, open_form

Faults = Callable[..., list[tuple[int, str, str]]]

HEAD = """form: small
version: "1"
title: {en: Small}
choices:
  yn: [{name: "y", label: {en: Yes}}, {name: "n", label: {en: No}}]
sections:
  - name: first
    label: {en: First}
    fields:
      - {name: a, type: integer, label: {en: A}}
      - {name: s, type: select_one, choices: yn, label: {en: S}}
      - {name: d, type: date, label: {en: D}}
      - {name: t, type: time, label: {en: T}}
      - {name: note, type: note, label: {en: N}}
"""
REPEAT = """  - name: rows
    label: {en: Rows}
    repeat: {min: 1}
    fields:
      - {name: x, type: integer, label: {en: X}}
"""


def with_field(line: str) -> str:
    """The head with one more question, which stands on line 15."""
    return f"{HEAD}      - {line}\n{REPEAT}"


# one field, one fault: (field, code)
ONE: list[tuple[str, str, str]] = [
    ("{name: b, type: integer, label: {en: B}, requird: true}", "b", "unknown-key"),
    ("{name: b, type: integer}", "b", "missing-label"),
    ("{name: b, label: {en: B}}", "b", "missing-type"),
    ("{name: b, type: intger, label: {en: B}}", "b", "bad-value"),
    ("{type: integer, label: {en: B}}", "", "missing-name"),
    ("{name: 1b, type: integer, label: {en: B}}", "", "bad-name"),
    ("{name: a, type: integer, label: {en: B}}", "a", "duplicate-name"),
    ("{name: first, type: integer, label: {en: B}}", "first", "duplicate-name"),
    ("just text", "", "not-a-mapping"),
    ("{name: b, type: integer, label: [B]}", "b", "not-a-text"),
    ("{name: b, type: integer, label: {English: B}}", "b", "bad-language"),
    ("{name: b, type: integer, label: {en: [B]}}", "b", "not-a-text"),
    ("{name: [b], type: integer, label: {en: B}}", "", "not-a-text"),
    ("{name: b, type: integer, label: {en: B}, recommended: perhaps}", "b", "not-a-flag"),
    ("{name: b, type: integer, label: {en: B}, recommended: [1]}", "b", "not-a-flag"),
    ("{name: b, type: integer, label: {en: B}, reason: law}", "b", "bad-value"),
    ("{name: b, type: integer, label: {en: B}, privacy: parents}", "b", "bad-value"),
    ("{name: b, type: integer, label: {en: B}, repeat: true}", "b", "field-repeat"),
    ("{name: b, type: integer, label: {en: B}, relevant: '${aa} > 1'}", "b", "unknown-reference"),
    ("{name: b, type: integer, label: {en: B}, relevant: '${first} > 1'}", "b", "unknown-reference"),
    ("{name: b, type: integer, label: {en: B}, relevant: '${note} > 1'}", "b", "note-reference"),
    ("{name: b, type: integer, label: {en: B}, relevant: '1 +'}", "b", "expression-unexpected"),
    ("{name: b, type: integer, label: {en: B}, relevant: [1]}", "b", "not-a-text"),
    ("{name: b, type: integer, label: {en: B}, constraint: true}", "b", "type-mismatch"),
    ("{name: b, type: integer, label: {en: B}, relevant: '${b} > 1'}", "b", "self-reference"),
    ("{name: b, type: integer, label: {en: B}, relevant: '. > 1'}", "b", "self-reference"),
    ("{name: b, type: integer, label: {en: B}, required: '. > 1'}", "b", "self-reference"),
    ("{name: b, type: integer, label: {en: B}, read_only: '${b} > 1'}", "b", "self-reference"),
    ("{name: b, type: calculate, calculation: '${b} + 1'}", "b", "self-reference"),
    ("{name: b, type: calculate}", "b", "type-mismatch"),
    ("{name: b, type: integer, label: {en: B}, calculation: '1'}", "b", "type-mismatch"),
    ("{name: b, type: note, label: {en: B}, required: true}", "b", "type-mismatch"),
    ("{name: b, type: integer, label: {en: B}, constraint_message: {en: No}}", "b", "message-alone"),
    ("{name: b, type: integer, label: {en: B}, warning_message: {en: No}}", "b", "message-alone"),
    ("{name: b, type: select_one, label: {en: B}}", "b", "missing-choices"),
    ("{name: b, type: select_one, choices: ny, label: {en: B}}", "b", "missing-choices"),
    ("{name: b, type: integer, choices: yn, label: {en: B}}", "b", "type-mismatch"),
    ("{name: b, type: select_one, choices: yn, choice_filter: 'x = 1', label: {en: B}}", "b", "unknown-column"),
    ("{name: b, type: integer, choice_filter: 'x = 1', label: {en: B}}", "b", "type-mismatch"),
    ("{name: b, type: integer, label: {en: B}, default: many}", "b", "type-mismatch"),
    ("{name: b, type: date, label: {en: B}, default: soon}", "b", "type-mismatch"),
    ("{name: b, type: select_one, choices: yn, label: {en: B}, default: x}", "b", "type-mismatch"),
    ("{name: b, type: datetime, label: {en: B}, default: '10:15'}", "b", "type-mismatch"),
    ("{name: b, type: date, label: {en: B}, default: '10:15'}", "b", "type-mismatch"),
    ("{name: b, type: date, label: {en: B}, default: '2026-11-12T10:15'}", "b", "type-mismatch"),
    ("{name: b, type: integer, label: {en: B}, default: {a: 1}}", "b", "not-a-text"),
    ("{name: b, type: integer, label: {en: B}, default: 'foo()'}", "b", "expression-unknown-function"),
    ("{name: b, type: integer, label: {en: B}, relevant: \"${s} = 'yes'\"}", "b", "unknown-choice"),
    ("{name: b, type: integer, label: {en: B}, relevant: \"'yes' != ${s}\"}", "b", "unknown-choice"),
    ("{name: b, type: integer, label: {en: B}, relevant: \"selected(${s}, 'yes')\"}", "b", "unknown-choice"),
    ("{name: b, type: integer, label: {en: B}, relevant: \"${d} > 'soon'\"}", "b", "type-mismatch"),
    ("{name: b, type: integer, label: {en: B}, relevant: '${d} > ${t}'}", "b", "type-mismatch"),
    ("{name: b, type: integer, label: {en: B}, relevant: '${t} > now()'}", "b", "type-mismatch"),
    ("{name: b, type: integer, label: {en: B}, relevant: \"jr:choice-name('y', '${a}') = 'x'\"}", "b", "type-mismatch"),
    ("{name: b, type: calculate, calculation: 'indexed-repeat(${a}, ${rows}, 1)'}", "b", "type-mismatch"),
    ("{name: b, type: calculate, calculation: 'indexed-repeat(${x}, ${a}, 1)'}", "b", "type-mismatch"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "field", "code"), ONE)
def test_a_fault_of_one_question_is_found_on_its_line(
    faults_of: Faults, line: str, field: str, code: str
) -> None:
    assert (15, field, code) in faults_of(with_field(line))


@pytest.mark.parametrize(
    "line",
    [
        "{name: b, type: integer, label: {en: B}, required: yes, relevant: true}",
        "{name: b, type: integer, label: Plain text, default: 3}",
        "{name: b, type: date, label: {en: B}, default: 'today()'}",
        "{name: b, type: time, label: {en: B}, default: '10:15'}",
        "{name: b, type: text, label: {en: B}, default: it's \"so\"}",
        "{name: b, type: text, label: {en: B}, default: \"'quoted'\"}",
        "{name: b, type: select_multiple, choices: yn, label: {en: B}, default: [y, n]}",
        "{name: b, type: integer, label: {en: B}, constraint: '. > ${b} - 1'}",
        "{name: b, type: calculate, calculation: 'once(${a})'}",
        "{name: b, type: calculate, calculation: 'once(${b} + 1)'}",
        "{name: b, type: integer, label: {en: B}, relevant: \"${s} = ''\"}",
        "{name: b, type: integer, label: {en: B}, relevant: \"${d} > '2026-01-01' and ${d} < today()\"}",
        "{name: b, type: integer, label: {en: B}, relevant: '1 < 2 < ${a}'}",
        "{name: b, type: integer, label: {en: B}, relevant: \"jr:choice-name(${s}, '${s}') = 'Yes'\"}",
        "{name: b, type: calculate, calculation: 'count(${rows}) + indexed-repeat(${x}, ${rows}, 1)'}",
        "{name: b, type: calculate, calculation: 'indexed-repeat(${x}[1], ${rows}, 1)'}",
        "{name: b, type: calculate, calculation: 'indexed-repeat(${x} | ${a}, ${rows}, 1)'}",
    ],
)  # fmt: skip
def test_a_sound_question_loads(faults_of: Faults, line: str) -> None:
    assert faults_of(with_field(line)) == []


def test_ten_faults_are_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    text = """form: ten
version: "1"
titel: {en: Ten}
title: {en: Ten}
sections:
  - name: one
    label: {en: One}
    part: reprot
    relevant: "${tow} = 1"
    fields:
      - {name: a, type: text, label: {en: A}, hnt: {en: x}}
      - {name: a, type: text, label: {en: A}}
      - {name: b, type: select_one, choices: nowhere, label: {en: B}}
      - {name: c, type: calculate, calculation: "${e} + 1"}
      - {name: e, type: calculate, calculation: "${c} + 1"}
      - {name: f, type: integer, label: {en: F}, constraint: ". > > 1"}
      - {name: g, type: integer, label: {en: G}, required: [1]}
      - {name: h, type: integer, label: {en: H}, relevant: "slected(${a}, 'x')"}
"""
    with pytest.raises(FormFaults) as refused:
        form_of(text, tmp_path)
    found = [(f.line, f.code) for f in refused.value.faults]
    assert found == [
        (3, "unknown-key"),
        (8, "bad-value"),
        (9, "unknown-reference"),
        (11, "unknown-key"),
        (12, "duplicate-name"),
        (13, "missing-choices"),
        (14, "cycle"),
        (16, "expression-unexpected"),
        (17, "not-a-text"),
        (18, "expression-unknown-function"),
    ]
    by_line = {f.line: f for f in refused.value.faults}
    assert "Did you mean “title”?" in by_line[3].sentence
    assert "Did you mean “report”?" in by_line[8].sentence
    assert "character 5" in by_line[16].sentence
    assert "c → e → c" in by_line[14].sentence
    assert by_line[3].file.endswith("form.yaml")
    assert "and 9 more" in str(refused.value)


WHOLE: list[tuple[str, str]] = [
    ("", "not-a-mapping"),
    ("- a\n- b\n", "not-a-mapping"),
    ("just a text", "not-a-mapping"),
    ("form: [unclosed", "yaml"),
    ("form: x\n\tbad: tab\n", "yaml"),
    ("form: x\x07\n", "yaml"),
    ("form: &a x\nversion: *a\n", "yaml-alias"),
    ("form: x\nsections: *missing\n", "yaml-alias"),
    ("form: !!python/object/apply:os.system ['true']\n", "yaml-tag"),
    ("form: !thing x\n", "yaml-tag"),
    ("a: " + "[" * 100_000, "yaml-deep"),
    ("a: " + "[" * 30 + "]" * 30, "yaml-deep"),
    ("? [a]\n: b\n", "yaml-key"),
    ("form: a\n---\nform: b\n", "yaml-documents"),
    ("# " + "x" * 2_000_001, "file-too-big"),
    ("form: small\nform: again\n" + HEAD.split("\n", 1)[1], "duplicate-key"),
    (HEAD.replace('version: "1"\n', ""), "missing-version"),
    (HEAD.replace("title: {en: Small}\n", ""), "missing-label"),
    (HEAD.replace("form: small\n", 'form: ""\n'), "missing-name"),
    ('form: x\nversion: "1"\ntitle: X\n', "no-sections"),
    ('form: x\nversion: "1"\ntitle: X\nsections: {a: 1}\n', "not-a-list"),
    ('form: x\nversion: "1"\ntitle: X\nsections: [text]\n', "not-a-mapping"),
    (HEAD + "  - {name: empty, label: {en: E}}\n", "no-fields"),
    (HEAD + "  - {name: e, fields: [{name: q, type: text, label: Q}]}\n", "missing-label"),
    (HEAD + REPEAT.replace("min: 1", "min: 3, max: 2"), "bad-repeat"),
    (HEAD + REPEAT.replace("min: 1", "min: few"), "not-a-number"),
    (HEAD + REPEAT.replace("min: 1", "min: 99999"), "not-a-number"),
    (HEAD + REPEAT.replace("min: 1", "mn: 1"), "unknown-key"),
    (HEAD + REPEAT.replace("{min: 1}", "[1]"), "not-a-mapping"),
    (HEAD + REPEAT.replace("repeat:", "relevant: '. = 1'\n    repeat:"), "self-reference"),
    (HEAD + REPEAT.replace("repeat:", "relevant: count(${rows}) > 1\n    repeat:"), "cycle"),
    (HEAD + REPEAT.replace("repeat:", "relevant: ${x} > 1\n    repeat:"), "cycle"),
    (HEAD + "leads_to: [text]\n", "not-a-mapping"),
    (HEAD + "event_date: a\n", "unknown-reference"),
    (HEAD + "event_date: dd\n", "unknown-reference"),
    (HEAD + "event_time: d\n", "unknown-reference"),
    (HEAD + "choices_from: nowhere.yaml\n", "missing-file"),
    (HEAD + "subject: dog\n", "bad-value"),
    (HEAD.replace('choices:\n  yn: [{name: "y", label: {en: Yes}}, ', "choices:\n  yn: [text, "), "not-a-mapping"),
    (HEAD.replace('{name: "y", label: {en: Yes}}, ', '{name: "n", label: {en: Yes}}, '), "duplicate-choice"),
    (HEAD.replace('{name: "y", label', '{name: "a b", label'), "bad-name"),
    (HEAD.replace('{name: "y", label', "{label"), "missing-name"),
    (HEAD.replace('{name: "y", label: {en: Yes}}', "{name: y}"), "missing-label"),
    (HEAD.replace('{name: "y", label: {en: Yes}}', "{name: y, lable: {en: Yes}}"), "unknown-key"),
    (HEAD.replace('{name: "y", label: {en: Yes}}', "{name: y, label: Yes, col: [1]}"), "unknown-key"),
    (HEAD + "  yn2: []\n", "yaml"),
    (HEAD.replace("  yn:", "  none: []\n  yn:"), "empty-list"),
    (HEAD.replace("  yn:", "  none: text\n  yn:"), "not-a-list"),
    (HEAD.replace("choices:\n", "choices: text\nx:\n"), "not-a-mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), WHOLE)
def test_a_fault_of_the_whole_file_is_found(faults_of: Faults, text: str, code: str) -> None:
    assert code in {c for _, _, c in faults_of(text)}


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "form.yaml"
    file.write_bytes(b"\xff\xfe\x00form")
    with pytest.raises(FormFaults) as refused:
        load_form(file)
    assert [f.code for f in refused.value.faults] == ["unreadable"]


def test_what_does_not_exist_is_said_at_once(tmp_path: Path) -> None:
    for named in ("nowhere", tmp_path / "nowhere.yaml", "../restraint", "choices/x"):
        with pytest.raises(FileNotFoundError):
            load_form(named)
    with pytest.raises(FileNotFoundError):
        load_form("restraint", "us-zz")


def test_a_clock_time_that_its_event_waits_for_is_a_cycle(faults_of: Faults) -> None:
    text = HEAD + (
        "      - {name: event_date, type: date, label: {en: E}, relevant: \"${began} != ''\"}\n"
        "      - {name: began, type: datetime, appearance: time, label: {en: B}}\n"
    )
    assert [c for _, _, c in faults_of(text)] == ["cycle"]


# -- packs -----------------------------------------------------------------------------------------

PACK = """pack: us-xx
version: "1"
form: small
name: {en: Somewhere}
title: {en: Its own title}
prefix: XX
effective_from: 2026-01-01
effective_to: 2026-12-31
verified: {by: A Person, on: 2026-02-01, sources: [the code]}
deadlines: [{id: T1, amount: 1, open: true, none: null, ratio: 0.5, word: x}]
fields:
  a: {required: true, reason: statute, cite: "Rule 1", label: {en: Say A}}
sections:
  first:
    cite: Rule 2
    fields:
      - {name: extra, type: text, label: {en: Extra}, after: a}
      - {name: at_the_end, type: text, label: {en: End}}
choices:
  yn:
    add: [{name: maybe, label: {en: Maybe}, after: "y"}, {name: later, label: {en: Later}}]
    remove: ["n"]
    prohibited: {later: Rule 3}
prohibited:
  yn: {maybe: {cite: Rule 4, hint: {en: Never}, label: {en: Perhaps}}}
"""


def test_a_pack_is_laid_over_a_form(tmp_path: Path) -> None:
    form = form_of(HEAD, tmp_path, PACK)
    assert (say(form.title), form.prefix) == ("Its own title", "XX")
    assert [f.name for f in form.section("first").fields][:2] == ["a", "extra"]
    assert form.section("first").fields[-1].name == "at_the_end"
    assert form.section("first").cite == "Rule 2"
    asked = form.field("a")
    assert (asked.required, asked.reason, asked.cite) == (
        compile_expression("true()"),
        "statute",
        "Rule 1",
    )
    assert say(asked.label) == "Say A"
    assert [(c.name, c.prohibited, c.cite) for c in form.choices["yn"]] == [
        ("y", False, ""),
        ("maybe", True, "Rule 4"),
        ("later", True, "Rule 3"),
    ]
    assert say(form.choices["yn"][1].label) == "Perhaps"
    pack = form.pack
    assert pack is not None
    assert (say(pack.title), pack.is_verified) == ("Somewhere", True)
    assert pack.in_force(date(2026, 6, 1))
    assert not pack.in_force(date(2025, 12, 31))
    assert not pack.in_force(date(2027, 1, 1))
    assert pack.raw["deadlines"] == [
        {"id": "T1", "amount": 1, "open": True, "none": None, "ratio": 0.5, "word": "x"}
    ]
    assert Form.load(form.dump()) == form


def test_a_pack_can_replace_a_list(tmp_path: Path) -> None:
    pack = (
        'pack: p\nversion: "1"\ntitle: P\n'
        "choices:\n  yn: {replace: [{name: z, label: Z}]}\n  new: [{name: q, label: Q}]\n"
    )
    form = form_of(HEAD, tmp_path, pack)
    assert [c.name for c in form.choices["yn"]] == ["z"]
    assert [c.name for c in form.choices["new"]] == ["q"]
    assert form.pack is not None
    assert (say(form.pack.title), form.pack.is_verified, form.pack.in_force(date(1, 1, 1))) == (
        "P",
        False,
        True,
    )


PACK_FAULTS: list[tuple[str, str]] = [
    ("fields: {aa: {required: true}}", "unknown-reference"),
    ("fields: {a: {requird: true}}", "unknown-key"),
    ("fields: {a: {name: b}}", "unknown-key"),
    ("fields: {a: text}", "not-a-mapping"),
    ("fields: {a: {relevant: '${zz} = 1'}}", "unknown-reference"),
    ("fields: [a]", "not-a-mapping"),
    ("sections: {frist: {cite: x}}", "unknown-reference"),
    ("sections: {first: {part: nurse}}", "unknown-key"),
    ("sections: {first: {fields: [{name: q, type: text, label: Q, after: aa}]}}", "unknown-reference"),
    ("sections: {first: {fields: [text]}}", "not-a-mapping"),
    ("choices: {ny: {add: [{name: q, label: Q}]}}", "unknown-reference"),
    ("choices: {yn: text}", "not-a-mapping"),
    ("choices: {yn: {ad: []}}", "unknown-key"),
    ("choices: {yn: {remove: [x]}}", "unknown-reference"),
    ("choices: {yn: {add: [{name: n, label: N}]}}", "duplicate-choice"),
    ("choices: {yn: {add: [text]}}", "not-a-mapping"),
    ("choices: {yn: {add: [{name: q, label: Q, after: x}]}}", "unknown-reference"),
    ("choices: {ny: text}", "not-a-mapping"),
    ("prohibited: {ny: {y: x}}", "unknown-reference"),
    ("prohibited: {yn: {z: x}}", "unknown-reference"),
    ("prohibited: {yn: text}", "not-a-mapping"),
    ("prohibited: {yn: {y: [x]}}", "not-a-mapping"),
    ("prohibited: {yn: {y: {cit: x}}}", "unknown-key"),
    ("prohibited: text", "not-a-mapping"),
    ("deadlnes: []", "unknown-key"),
    ("effective_from: soon", "not-a-date"),
    ("effective_from: 2026-02-01\neffective_to: 2026-01-01", "bad-value"),
    ("verified: {buy: x}", "unknown-key"),
    ("verified: text", "not-a-mapping"),
]  # fmt: skip


def test_a_pack_that_changes_another_form_is_carried_along_and_changes_nothing(
    tmp_path: Path,
) -> None:
    line = "form: large\ntitle: Renamed\nprefix: XX\nfields: {aa: {required: true}}"
    form = form_of(HEAD, tmp_path, f'pack: p\nversion: "1"\n{line}\n')
    assert form.pack is not None
    assert form.pack.pack == "p"
    assert form.title == form_of(HEAD, tmp_path).title


@pytest.mark.parametrize(("line", "code"), PACK_FAULTS)
def test_a_fault_of_a_pack_is_found_in_the_packs_own_file(
    tmp_path: Path, line: str, code: str
) -> None:
    with pytest.raises(FormFaults) as refused:
        form_of(HEAD, tmp_path, f'pack: p\nversion: "1"\ntitle: P\n{line}\n')
    found = {(Path(f.file).name, f.code) for f in refused.value.faults}
    assert ("pack.yaml", code) in found
    lines = [f.line for f in refused.value.faults if f.code == code]
    assert 4 <= min(lines) <= 5


def test_a_pack_without_its_heading_is_faulty(faults_of: Faults) -> None:
    found = {code for _, _, code in faults_of(HEAD, "name: {en: P}\n")}
    assert found == {"missing-name", "missing-version"}
    assert "not-a-mapping" in {code for _, _, code in faults_of(HEAD, "text")}


def test_a_pack_loads_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(PACK, encoding="utf-8")
    assert load_pack(file).pack == "us-xx"
    file.write_text("pack: p\n", encoding="utf-8")
    with pytest.raises(FormFaults):
        load_pack(file)
    file.write_text("[", encoding="utf-8")
    with pytest.raises(FormFaults):
        load_pack(file)


# -- shared choices, training, checking files --------------------------------------------------------


def test_shared_choices_lie_beside_the_form(tmp_path: Path) -> None:
    (tmp_path / "choices.yaml").write_text(
        "choices: {yn: [{name: z, label: Z}], more: [{name: q, label: Q}]}"
    )
    form = form_of(HEAD, tmp_path)
    assert [c.name for c in form.choices["yn"]] == ["y", "n"]
    assert [c.name for c in form.choices["more"]] == ["q"]
    (tmp_path / "choices.yaml").write_text("[")
    with pytest.raises(FormFaults) as refused:
        form_of(HEAD, tmp_path)
    assert refused.value.faults[0].file.endswith("choices.yaml")


def test_the_holds_of_a_training_program_replace_a_list(tmp_path: Path) -> None:
    file = tmp_path / "form.yaml"
    file.write_text(HEAD)
    form = load_form(file, training_choices={"yn": [Choice("z", {"en": "Z"})]})
    assert [c.name for c in form.choices_of("s")] == ["z"]
    assert form.choices_of("a") == ()


def test_files_are_checked_by_what_they_are(tmp_path: Path) -> None:
    def put(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    form = put("small.yaml", HEAD)
    pack = put("packs/p.yaml", 'pack: p\nversion: "1"\nform: small\nfields: {zz: {cite: x}}\n')
    lost = put("packs/lost.yaml", 'pack: l\nversion: "1"\nform: nowhere\n')
    free = put("packs/free.yaml", 'pack: f\nversion: "1"\n')
    lists = put("choices.yaml", "choices: {a: []}\nmore: 1\n")
    strange = put("strange.yaml", "a: 1\n")
    broken = put("broken.yaml", "[")
    doubled = put("doubled.yaml", "form: a\nform: b\n")
    (tmp_path / "choices.yaml").write_text("choices: {}\n")
    assert check_files([form, free]) == ()
    (tmp_path / "choices.yaml").write_text("choices: {a: []}\nmore: 1\n")
    found = {Path(f.file).name: f.code for f in check_files([pack, lost, strange, broken])}
    assert found["p.yaml"] == "unknown-reference"
    assert found["lost.yaml"] == "missing-file"
    assert found["strange.yaml"] == "unknown-file"
    assert found["broken.yaml"] == "yaml"
    assert {f.code for f in check_files([lists])} == {"unknown-key", "empty-list"}
    assert [f.code for f in check_files([doubled])].count("duplicate-key") == 1


def test_the_shipped_forms_load() -> None:
    assert "restraint" in available_forms()
    assert {"us-ca", "us-ok"} <= set(available_packs())
    assert check_files(sorted(paths.forms_dir().rglob("*.yaml"))) == ()


# -- defaults, keeping, other --------------------------------------------------------------------------


def test_a_default_is_given_once_to_a_new_form(tmp_path: Path) -> None:
    fields = [
        "{name: b, type: date, label: B, default: 'today()'}",
        "{name: c, type: datetime, appearance: time, label: C, default: 'now()'}",
        "{name: e, type: datetime, label: E, default: 'now()'}",
        "{name: f, type: time, label: F, default: 'now()'}",
        "{name: g, type: time, label: G, default: '10:15'}",
        "{name: h, type: date, label: H, default: 'now()'}",
        "{name: i, type: select_multiple, choices: yn, label: I, default: [y, n]}",
        "{name: j, type: text, label: J, default: it's}",
        "{name: k, type: integer, label: K, default: '${a} + 1'}",
        "{name: l, type: datetime, appearance: time, label: L, default: '09:00'}",
        "{name: m, type: time, label: M, default: 'today()'}",
        "{name: n, type: date, label: N, default: \"concat('a', 'b')\"}",
        "{name: o, type: date, label: O, default: 2026-11-01}",
    ]
    text = HEAD + "".join(f"      - {f}\n" for f in fields)
    session = open_form(form_of(text, tmp_path))
    assert session.answers() == {
        "b": "2026-11-12",
        "c": "12:00",
        "e": "2026-11-12T12:00:00-08:00",
        "f": "12:00",
        "g": "10:15",
        "h": "2026-11-12",
        "i": ["y", "n"],
        "j": "it's",
        "l": "09:00",
        "o": "2026-11-01",
    }
    assert not session.can_undo
    assert session.sections()[0].state == "not_started"
    again = open_form(session.form, {"a": 1})
    assert again.answers() == {"a": 1}


def test_a_row_gets_its_defaults_when_it_is_added(tmp_path: Path) -> None:
    text = HEAD + REPEAT + "      - {name: w, type: text, label: W, default: new}\n"
    session = open_form(form_of(text, tmp_path))
    session.add_row("rows")
    assert [r.get("w") for r in session.answers()["rows"]] == ["new", "new"]
    session.undo()
    session.redo()
    assert session.answers()["rows"][1]["w"] == "new"


def test_a_literal_can_hold_any_quote() -> None:
    assert quoted("a") == "'a'"
    assert quoted("it's") == '"it\'s"'
    both = compile_expression(quoted('it\'s "so"'))
    assert both.source.startswith("concat(")


def test_a_kept_form_that_is_none_is_refused() -> None:
    for text in ("", "[]", "{}", '{"format": 99}', "null", '{"format": 1, "form": "x"}'):
        with pytest.raises(ValueError, match=r"^(?!.*traceback)"):
            Form.load(text)


def test_a_form_knows_its_parts(tmp_path: Path) -> None:
    form = form_of(SMALL, tmp_path)
    assert repr(form) == "Form('small', '1')"
    assert (form.event_date, form.event_time) == ("event_date", "began")
    assert [f.name for f in form.section("triage").fields][:2] == ["happened", "happened_other"]
    with pytest.raises(KeyError):
        form.section("nowhere")
    with pytest.raises(KeyError):
        form.field("nowhere")
    assert say({"es": "Hola"}) == "Hola"
    assert say({}) == ""
    assert say({"en": "Hello", "es": "Hola"}, "es") == "Hola"
    assert open_form(form, now=lambda: NOON).answers() == {"holds": [{"$id": "r1"}]}


def test_a_pack_cannot_hide_what_is_wrong_with_its_form(tmp_path: Path) -> None:
    for text, code in (
        ('form: small\nversion: "1"\ntitle: X\n', "no-sections"),
        (HEAD + "  - just text\n", "not-a-mapping"),
        (HEAD + "  - {name: bare, label: Bare}\n", "no-fields"),
    ):
        with pytest.raises(FormFaults) as refused:
            form_of(text, tmp_path, 'pack: p\nversion: "1"\nfields: {a: {cite: x}}\n')
        assert code in {f.code for f in refused.value.faults}


def test_a_form_is_kept_with_a_pack_that_says_little(tmp_path: Path) -> None:
    form = form_of(HEAD, tmp_path, 'pack: p\nversion: "1"\n')
    assert Form.load(form.dump()) == form


def test_a_repeat_may_say_only_that_it_is_one(tmp_path: Path) -> None:
    form = form_of(HEAD + REPEAT.replace("{min: 1}", "true"), tmp_path)
    session = open_form(form)
    assert session.answers() == {}
    session.add_row("rows")
    session.remove_row("/rows[1]")
    assert session.answers() == {}


def test_loading_leaves_the_collector_as_it_was(tmp_path: Path) -> None:
    gc.disable()
    try:
        form_of(HEAD, tmp_path)
        assert not gc.isenabled()
    finally:
        gc.enable()
    form_of(HEAD, tmp_path)
    assert gc.isenabled()


def test_training_programs_are_checked_too(tmp_path: Path) -> None:
    file = tmp_path / "training_programs.yaml"
    file.write_text(
        "programs:\n"
        "  - text\n"
        "  - {program: one}\n"
        "  - {program: two, label: Two, hold_names: [{name: a, label: A}]}\n"
    )
    assert [(f.line, f.code) for f in check_files([file])] == [
        (2, "not-a-mapping"),
        (3, "missing-label"),
        (3, "missing-list"),
    ]


SHARED = """
shared: calls
sections:
  - name: calls
    label: {en: Calls}
    part: notice
    repeat: {min: 0}
    fields:
      - {name: called, type: text, label: {en: Who was called?}, relevant: "${a} = 'x'"}
"""


@pytest.fixture
def included(tmp_path: Path) -> Callable[..., Path]:
    """A form beside a folder of shared sections; `line` stands among its sections."""

    def write(line: str, shared: str = SHARED) -> Path:
        (tmp_path / "shared").mkdir(exist_ok=True)
        (tmp_path / "shared" / "calls.yaml").write_text(shared, "utf-8")
        form = tmp_path / "form.yaml"
        form.write_text(
            'form: small\nversion: "1"\ntitle: {en: Small}\nsections:\n'
            "  - {name: first, label: {en: First}, fields: "
            "[{name: a, type: text, label: {en: A}}]}\n" + line,
            "utf-8",
        )
        return form

    return write


def test_a_shared_section_stands_where_a_form_includes_it(
    included: Callable[..., Path],
) -> None:
    form = load_form(included('  - {include: calls, label: {en: Told}, relevant: "${a} = 1"}\n'))
    assert [section.name for section in form.sections] == ["first", "calls"]
    calls = form.section("calls")
    assert (calls.label["en"], calls.part) == ("Told", "notice")
    assert calls.relevant is not None
    assert calls.relevant.source == "${a} = 1"
    assert Form.load(form.dump()) == form, "the kept form is whole"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("  - {include: cals}\n", "missing-file"),
        ("  - {include: [calls]}\n", "missing-file"),
        ("  - {include: calls, part: report}\n", "unknown-key"),
    ],
)
def test_a_faulty_include_is_a_fault(included: Callable[..., Path], line: str, code: str) -> None:
    with pytest.raises(FormFaults) as told:
        load_form(included(line))
    assert code in {fault.code for fault in told.value.faults}


@pytest.mark.parametrize(
    ("shared", "line", "code", "file"),
    [
        (SHARED.replace("${a}", "${b}"), "  - include: calls\n", "unknown-reference", "calls.yaml"),
        ("shared: calls\n", "  - include: calls\n", "no-sections", "calls.yaml"),
        (SHARED + SHARED.partition("sections:\n")[2].replace("call", "kall"),
         "  - {include: calls, label: {en: T}}\n", "bad-include", "form.yaml"),
        ("shared: calls\nsections: [text]\n", "  - {include: calls, label: T}\n", "bad-include",
         "form.yaml"),
        ("- no\n", "  - include: calls\n", "not-a-mapping", "calls.yaml"),
    ],
)  # fmt: skip
def test_a_fault_of_a_shared_section_names_its_file(
    included: Callable[..., Path], shared: str, line: str, code: str, file: str
) -> None:
    with pytest.raises(FormFaults) as told:
        load_form(included(line, shared))
    assert (code, file) in {(f.code, Path(f.file).name) for f in told.value.faults}


def test_a_shared_file_is_checked_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "calls.yaml"
    file.write_text(SHARED + "more: 1\n", "utf-8")
    assert [fault.code for fault in check_files([file])] == ["unknown-key"]


def test_a_form_of_the_first_version_is_of_the_education_record() -> None:
    kept = json.loads(load_form("restraint").dump())
    del kept["record_class"]
    assert Form.load(json.dumps(kept)).record_class == "education"


FACTS_FILE = """
facts_of:
  any:
    evidence: {tell: {notice: [parent]}, done: {part: report}}
  small:
    facts: {event_start: "${a}", wrong: "${nobody}", bad: "${a} = ("}
    evidence: {done: {part: report, date: b, when: "${c} = 1"}, odd: word, more: {parts: report}}
  absent:
    facts: {event_start: "${a}"}
  broken: [1]
"""


def test_a_file_of_facts_is_checked_against_its_forms(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(HEAD, "utf-8")
    file = tmp_path / "deadline_facts.yaml"
    file.write_text(FACTS_FILE, "utf-8")
    found = check_files([file])
    assert {fault.file for fault in found} == {str(file)}
    codes = sorted(fault.code for fault in found)
    assert codes.count("unknown-reference") == 3
    assert "missing-file" in codes
    assert codes.count("not-a-mapping") == 2
    assert "unknown-key" in codes
    assert any(code.startswith("expression-") for code in codes)
    empty = tmp_path / "other_facts.yaml"
    empty.write_text("facts_of: {small: {}}\n", "utf-8")
    assert check_files([empty]) == ()
    (tmp_path / "small.yaml").write_text("form: [", "utf-8")
    assert check_files([empty]) == ()
