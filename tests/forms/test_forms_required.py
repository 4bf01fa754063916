"""Every required answer, left out of a complete set: exactly that is missing, and it is said.

The cases are made from the forms themselves, so a question that becomes required gets its test with
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from form_kits import FORMS_AND_PACKS, KITS, fill

from bt_desktop.form_engine import Form, FormSession
from bt_desktop.form_engine.definition import say


@cache
def _required(name: str, pack: str | None) -> dict[str, tuple[str, str]]:
    """Required field -> (scenario, path) where leaving it out must be seen."""
    kit = KITS[name]
    found: dict[str, tuple[str, str]] = {}
    for scenario in kit.scenarios:
        page = kit.filled(scenario, pack)
        for section in page.sections():
            for path in page.paths(section.name):
                view = page.view(path)
                if view.relevant and view.required:
                    found.setdefault(view.field.name, (scenario, path))
    return found


def _cases(name: str, pack: str | None) -> Iterator[str]:
    for section in KITS[name].form(pack).sections:
        for asked in section.fields:
            if asked.required and asked.other_of is None:
                yield asked.name


def _errors(page: FormSession) -> list[tuple[str, str]]:
    return [(i.path, i.sentence) for i in page.issues() if i.severity == "error"]


def _place(name: str, pack: str | None, asked: str) -> tuple[FormSession, str]:
    """A filled page, and the path at which leaving `asked` out must be seen."""
    kit = KITS[name]
    scenario, path = _required(name, pack).get(asked, ("", ""))
    before = {}
    if asked in kit.only_where:
        scenario, path, before = kit.only_where[asked]
    return fill(kit.filled(scenario, pack), before), path


@pytest.mark.parametrize(("name", "pack"), FORMS_AND_PACKS, ids=str)
def test_a_complete_set_has_no_error(name: str, pack: str | None) -> None:
    kit = KITS[name]
    for scenario in kit.scenarios:
        assert _errors(kit.filled(scenario, pack)) == [], scenario


@pytest.mark.parametrize(("name", "pack"), FORMS_AND_PACKS, ids=str)
def test_leaving_out_a_required_answer_is_seen_and_nothing_else(
    name: str, pack: str | None
) -> None:
    filled: dict[str, FormSession] = {}
    for asked in _cases(name, pack):
        scenario, path = _required(name, pack).get(asked, ("", ""))
        if asked in KITS[name].only_where:
            page, path = _place(name, pack, asked)
        else:
            if scenario not in filled:
                filled[scenario] = KITS[name].filled(scenario, pack)
            page = filled[scenario]
        leaving_it_out_is_seen_and_nothing_else(name, pack, asked, page, path)
        page.undo()  # as if it had never been left out: held by test_properties.py


def leaving_it_out_is_seen_and_nothing_else(
    name: str, pack: str | None, asked: str, page: FormSession, path: str
) -> None:
    page.set(path, None)

    resting = KITS[name].rests_on.get(asked)
    errors = [(where, said) for where, said in _errors(page) if where != resting]
    assert [where for where, _ in errors] == [path], asked
    # What hangs on the answer goes with it; nothing else may be found missing.
    field = KITS[name].form(pack).field(asked)
    assert say(field.required_message or {}) in errors[0][1], asked


@pytest.mark.parametrize(("name", "pack"), FORMS_AND_PACKS, ids=str)
def test_not_known_is_an_answer_except_where_the_form_forbids_it(
    name: str, pack: str | None
) -> None:
    for asked in _cases(name, pack):
        if not KITS[name].form(pack).field(asked).unknown:
            continue
        page, path = _place(name, pack, asked)

        page.set(path, None)
        page.set_unknown(path, "Nobody wrote it down.")

        assert path not in [where for where, _ in _errors(page)], asked
        assert page.view(path).unknown_reason == "Nobody wrote it down.", asked


@pytest.mark.parametrize("name", KITS)
def test_another_part_never_stops_the_authors_report(name: str) -> None:
    kit = KITS[name]
    form = kit.form()
    report = {s.name for s in form.sections if s.part in kit.signed_with}
    whole = next(iter(kit.scenarios.values()))
    mine = {path: typed for path, typed in whole.items() if _section(form, path) in report}
    page = fill(kit.empty(), mine)
    assert [i for i in page.issues("report") if i.severity == "error"] == []
    assert [i for i in page.issues(kit.later) if i.severity == "error"] != []


def _section(form: Form, path: str) -> str:
    repeat, in_row, _ = path[1:].partition("[")
    return repeat if in_row else form.field(repeat).section
