"""Rows for boxes to choose from, out of the lists of the health office: the one place that knows
where they come from."""

from __future__ import annotations

from bt_desktop.form_engine.definition import say
from bt_desktop.services.health.lists import Kind, SpecialField, medication_lists

Rows = list[tuple[str, object]]
_CHOOSE = "Choose"
LICENCES = ("MD", "DO", "NP", "PA", "DDS", "DMD", "OD", "Other")
"""Who prescribes here (domain §1.2, licence type); the list of the state's own is not checked."""


def rows(name: str, *, blank: str = _CHOOSE) -> Rows:
    """The rows of a list (`routes`, `forms` …) as (words, code); `blank` stands first, if any."""
    found = getattr(medication_lists(), name)
    first: Rows = [(blank, "")] if blank and "" not in found else []
    return first + [(entry.said, code) for code, entry in found.items()]


def kinds() -> Rows:
    """The kinds of orders."""
    return [(say(kind.label), code) for code, kind in medication_lists().kinds.items()]


def kind(code: str) -> Kind:
    """A kind of order."""
    return medication_lists().kinds[code]


def special_fields(code: str) -> tuple[SpecialField, ...]:
    """What a kind of order asks beside the rest."""
    return kind(code).order


def said(name: str, code: str) -> str:
    """The words of a code; the code itself where no list has it, so that nothing is hidden."""
    entry = getattr(medication_lists(), name).get(code)
    return entry.said if entry is not None else code


def form_defaults(code: str) -> tuple[str, bool, tuple[str, ...]]:
    """What a form is counted in, whether that is an estimate, and how it is given."""
    form = medication_lists().forms.get(code)
    return (form.counted_in, form.estimated, form.routes) if form else ("", False, ())


def ticks() -> tuple[tuple[str, str], ...]:
    """The seven lines of the label that are held against the order: (code, words)."""
    return tuple((code, one.said) for code, one in medication_lists().container_ticks.items())


def disposal_asks(code: str) -> tuple[tuple[str, ...], bool]:
    """What a way of disposal asks for, and whether R32 speaks up where it is controlled."""
    way = medication_lists().disposals.get(code)
    return (way.asks, way.flagged) if way is not None else ((), False)


def unit_is_estimated(code: str) -> bool:
    """Whether a count in this unit is never exact."""
    unit = medication_lists().units.get(code)
    return unit is not None and unit.estimated


def units_word(code: str) -> str:
    """“tablets”, “mL”."""
    unit = medication_lists().units.get(code)
    if unit is None:
        return code
    return say(unit.plural) if unit.plural else unit.said
