"""Where a list ends with something else, choosing it asks what, and that text goes to no parent."""

from __future__ import annotations

import pytest
from form_kits import FORMS_AND_PACKS, KITS, fill

_CASES = [
    (name, f.name)
    for name, kit in KITS.items()
    for s in kit.form().sections
    for f in s.fields
    if f.type in ("select_one", "select_multiple")
    and any(c.name == "other" for c in kit.form().choices_of(f.name))
]


def _place(name: str, asked: str) -> tuple[str, str]:
    """A scenario and a path where the question applies."""
    kit = KITS[name]
    for scenario in kit.scenarios:
        page = kit.filled(scenario)
        for section in page.sections():
            for path in page.paths(section.name):
                if path.endswith(f"/{asked}") and page.view(path).relevant:
                    return scenario, path
    raise LookupError(asked)


@pytest.mark.parametrize(("name", "asked"), _CASES, ids=str)
def test_something_else_asks_what_and_takes_it(name: str, asked: str) -> None:
    scenario, path = _place(name, asked)
    page = KITS[name].filled(scenario)
    field = KITS[name].form().field(asked)

    other = ["other"] if field.type == "select_multiple" else "other"
    fill(page, {path: other, f"{path}_other": ""})
    asks = page.view(f"{path}_other")
    assert asks.relevant
    assert [i.severity for i in page.issues() if i.path == f"{path}_other"] == ["error"]

    fill(page, {f"{path}_other": "Something that no list has"})
    assert [i.severity for i in page.issues() if i.path == f"{path}_other"] == []


@pytest.mark.parametrize(("name", "pack"), FORMS_AND_PACKS, ids=str)
def test_what_is_written_for_something_else_never_reaches_a_parent(
    name: str, pack: str | None
) -> None:
    form = KITS[name].form(pack)
    opened = [f for s in form.sections for f in s.fields if f.other_of is not None]
    assert opened
    assert [f.name for f in opened if f.privacy == "parent"] == []
