"""Where a list ends with something else, choosing it asks what, and that text goes to no parent."""

from __future__ import annotations

import pytest
from ber_answers import PACKS, SCENARIOS, fill, filled, form

_CASES = [
    f.name
    for s in form().sections
    for f in s.fields
    if f.type in ("select_one", "select_multiple")
    and any(c.name == "other" for c in form().choices_of(f.name))
]


def _place(name: str) -> tuple[str, str]:
    """A scenario and a path where the question applies."""
    for scenario in SCENARIOS:
        page = filled(scenario)
        for section in page.sections():
            for path in page.paths(section.name):
                if path.endswith(f"/{name}") and page.view(path).relevant:
                    return scenario, path
    raise LookupError(name)


@pytest.mark.parametrize("name", _CASES)
def test_something_else_asks_what_and_takes_it(name: str) -> None:
    scenario, path = _place(name)
    page = filled(scenario)
    field = form().field(name)
    assert f"{path}_other" not in [i.path for i in page.issues()]

    fill(page, {path: ["other"] if field.type == "select_multiple" else "other"})
    asked = page.view(f"{path}_other")
    assert asked.relevant
    assert [i.severity for i in page.issues() if i.path == f"{path}_other"] == ["error"]

    fill(page, {f"{path}_other": "Something that no list has"})
    assert [i.severity for i in page.issues() if i.path == f"{path}_other"] == []


@pytest.mark.parametrize("pack", PACKS)
def test_what_is_written_for_something_else_never_reaches_a_parent(pack: str | None) -> None:
    opened = [f for s in form(pack).sections for f in s.fields if f.other_of is not None]
    assert opened
    assert [f.name for f in opened if f.privacy == "parent"] == []
