"""Every required answer, left out of a complete set: exactly that is missing, and it is said.

The cases are made from the form itself, so a question that becomes required gets its test with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from ber_answers import PACKS, SCENARIOS, fill, filled, form, session

from bt_desktop.form_engine import FormSession
from bt_desktop.form_engine.definition import say


@cache
def _required(pack: str | None) -> dict[str, tuple[str, str]]:
    """Required field -> (scenario, path) where leaving it out must be seen."""
    found: dict[str, tuple[str, str]] = {}
    for scenario in SCENARIOS:
        page = filled(scenario, pack)
        for section in page.sections():
            for path in page.paths(section.name):
                view = page.view(path)
                if view.relevant and view.required:
                    found.setdefault(view.field.name, (scenario, path))
    return found


def _cases() -> Iterator[tuple[str | None, str]]:
    for pack in PACKS:
        for section in form(pack).sections:
            for asked in section.fields:
                if asked.required and asked.other_of is None:
                    yield pack, asked.name


def _errors(page: FormSession) -> list[tuple[str, str]]:
    return [(i.path, i.sentence) for i in page.issues() if i.severity == "error"]


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_complete_set_has_no_error(scenario: str, pack: str | None) -> None:
    assert _errors(filled(scenario, pack)) == []


@pytest.mark.parametrize(("pack", "name"), list(_cases()), ids=str)
def test_leaving_out_a_required_answer_is_seen_and_nothing_else(
    pack: str | None, name: str
) -> None:
    # `staff_holding` is needed only where nobody from outside is named.
    only_where = {"staff_holding": {"/holds[1]/held_by_others": ""}}.get(name, {})
    scenario, path = _required(pack).get(name, ("whole", "/holds[1]/staff_holding"))
    page = fill(filled(scenario, pack), only_where)

    page.set(path, None)

    asked = form(pack).field(name)
    ((where, sentence),) = _errors(page)
    assert where == path
    assert say(asked.required_message or {}) in sentence


_CAN_BE_UNKNOWN = [(pack, name) for pack, name in _cases() if form(pack).field(name).unknown]


@pytest.mark.parametrize(("pack", "name"), _CAN_BE_UNKNOWN, ids=str)
def test_not_known_is_an_answer_except_where_the_form_forbids_it(
    pack: str | None, name: str
) -> None:
    only_where = {"staff_holding": {"/holds[1]/held_by_others": ""}}.get(name, {})
    scenario, path = _required(pack).get(name, ("whole", "/holds[1]/staff_holding"))
    page = fill(filled(scenario, pack), only_where)

    page.set(path, None)
    page.set_unknown(path, "Nobody wrote it down.")

    assert path not in [where for where, _ in _errors(page)]
    assert page.view(path).unknown_reason == "Nobody wrote it down."


def test_another_part_never_stops_the_authors_report() -> None:
    page = session(form("us-ca"))
    report = {s.name for s in form("us-ca").sections if s.part == "report"}
    whole = SCENARIOS["whole"]
    mine = {
        path: typed
        for path, typed in whole.items()
        if ("[" in path and path[1:].split("[")[0] in report)
        or ("[" not in path and _part(path) == "report")
    }

    fill(page, mine)

    assert [i for i in page.issues("report") if i.severity == "error"] == []
    assert [i for i in page.issues("follow_up") if i.severity == "error"] != []


def _part(path: str) -> str:
    return next(s.part for s in form("us-ca").sections for f in s.fields if f"/{f.name}" == path)
