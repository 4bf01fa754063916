"""`bt-desktop forms`: faults of form files, and what a form makes of answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from bt_desktop import paths
from bt_desktop.cli import DONE, FINDING, WRONG_USE
from bt_desktop.form_engine import Fault, FormFaults, check_files, load_form, load_pack
from bt_desktop.form_engine import try_form as try_answers

_PAPERS = "papers"
_ANSWERS_MOST_BYTES = 16 * 1024 * 1024


def _say(fault: Fault) -> None:
    where = f"{fault.file}:{fault.line}"
    field = f" [{fault.field}]" if fault.field else ""
    print(f"{where}:{field} {fault.sentence}")


def check(files: Sequence[Path]) -> int:
    """Print every fault of `files` (all shipped forms, packs and papers when none is named)."""
    chosen = list(files) or sorted(paths.forms_dir().rglob("*.yaml"))
    absent = [f for f in chosen if not f.is_file()]
    if absent:
        for file in absent:
            print(f"{file}: there is no such file.", file=sys.stderr)
        return WRONG_USE
    papers = [f for f in chosen if f.parent.name == _PAPERS]
    forms = [f for f in chosen if f not in papers]
    faults = [*check_files(forms)]
    if not faults:
        faults += [fault for file in forms for fault in (*_rule_faults(file), *_table_faults(file))]
    for fault in faults:
        _say(fault)
    wrong = _paper_faults(sorted({f.parent for f in papers}))
    for sentence in wrong:
        print(sentence)
    if faults or wrong:
        return FINDING
    print(f"{len(chosen)} {'file' if len(chosen) == 1 else 'files'}, no fault.")
    return DONE


def _rule_faults(file: Path) -> list[Fault]:
    """What is wrong with the deadlines of a pack that is else without a fault."""
    from bt_desktop.services.deadline_rules import BadRules, rules_of

    try:
        rules_of(load_pack(file))
    except FormFaults:  # no pack
        return []
    except BadRules as e:
        return [Fault(str(file), 1, "", "bad-deadline", sentence) for sentence in e.faults]
    return []


def _table_faults(file: Path) -> Sequence[Fault]:
    """What is wrong with a table of the health office (lists, medicines, rules)."""
    from bt_desktop.services.health.lists import load_lists
    from bt_desktop.services.health.medicine_list import load_catalogue
    from bt_desktop.services.health.rules import load_rules
    from bt_desktop.services.health.visit_lists import load_visit_lists

    loaders: dict[str, Callable[[Path], object]] = {
        "medication_lists": load_lists,
        "medicines": load_catalogue,
        "medication_rules": load_rules,
        "visit_lists": load_visit_lists,
    }
    try:
        if file.stem in loaders:
            loaders[file.stem](file.parent)
    except FormFaults as e:
        return e.faults
    return ()


def _paper_faults(folders: Sequence[Path]) -> list[str]:
    """Every fault of the papers for parents in these folders, also against their forms."""
    from bt_desktop.paper.notice_papers import BadPaper, form_faults, load_papers

    faults: list[str] = []
    for folder in folders:
        try:
            for paper in load_papers(folder):
                faults += form_faults(paper, load_form(paper.form))
        except BadPaper as bad:
            faults += bad.faults
        except FileNotFoundError:
            faults.append(f"{folder.name}: a paper is for a form that there is not.")
    return faults


def _read_answers(source: str) -> dict[str, object] | str:
    """The answers, or the sentence that says why they cannot be read."""
    try:
        if source == "-":
            text = sys.stdin.read(_ANSWERS_MOST_BYTES)
        else:
            with Path(source).open(encoding="utf-8-sig") as f:
                text = f.read(_ANSWERS_MOST_BYTES)
        answers = json.loads(text)
    except (OSError, UnicodeDecodeError):
        return f"{source}: the answers cannot be read."
    except (json.JSONDecodeError, RecursionError):
        return f"{source}: the answers are not JSON."
    if not isinstance(answers, dict):
        return f"{source}: the answers must be one JSON object."
    return answers


def try_form(form: str, pack: str | None, answers: str, now: str | None) -> int:
    """Print what is relevant, required and calculated, and all issues, as JSON."""
    given = _read_answers(answers)
    if isinstance(given, str):
        print(given, file=sys.stderr)
        return WRONG_USE
    try:
        moment = datetime.fromisoformat(now).astimezone() if now else datetime.now().astimezone()
    except ValueError:
        print(f"--now {now}: not an ISO date and time.", file=sys.stderr)
        return WRONG_USE
    try:
        loaded = load_form(form, pack)
    except FormFaults as e:
        for fault in e.faults:
            print(f"{fault.file}:{fault.line}: {fault.sentence}", file=sys.stderr)
        return FINDING
    except FileNotFoundError:
        print(f"{form}: there is no such form or pack.", file=sys.stderr)
        return WRONG_USE
    print(json.dumps(try_answers(loaded, given, moment), ensure_ascii=False, indent=2))
    return DONE
