"""The rows of the health office's lists as values; `lists` reads them from the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bt_desktop.form_engine.definition import Text, say
from bt_desktop.services.health.model import Quantity, plain

FieldKind = Literal["text", "number", "yes_no", "choice", "choices", "time", "date"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list. `unverified`: nobody has compared it with its source."""

    code: str
    label: Text
    unverified: bool = False

    @property
    def said(self) -> str:
        """Its words on the screen."""
        return say(self.label)


@dataclass(frozen=True, slots=True)
class Route(Entry):
    """How a medicine gets into the body. `site`: where exactly is asked too (left eye)."""

    parents: Text = field(default_factory=dict)
    site: bool = False


@dataclass(frozen=True, slots=True)
class Unit(Entry):
    """Of doses and of stock. `ucum`: its code in exports; `estimated`: a count is never exact."""

    plural: Text = field(default_factory=dict)
    ucum: str = ""
    counted: bool = False
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class DoseForm(Entry):
    """Tablet, liquid … with the unit its stock is counted in and the routes it is made for."""

    counted_in: str = ""
    estimated: bool = False
    routes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Storage(Entry):
    """Where it is kept. `locked`: fit for a controlled medicine; `quick`: reached at once."""

    locked: bool = False
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Place(Entry):
    """Where a dose was given, with its words for parents."""

    parents: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutcomeCode(Entry):
    """What became of a dose (domain §1.5). `printed` is blank where the giver's initials stand.

    `stock`: what leaves it. `error`: whether it counts as a medication error, `school` where the
    school says so. `parent`: when a parent has to be told (R24).
    """

    printed: str = ""
    parents: Text = field(default_factory=dict)
    reason_required: bool = False
    is_given: bool = False
    stock: Literal["none", "given", "wasted"] = "none"
    error: Literal["no", "school", "yes"] = "no"
    parent: Literal["none", "same_day", "repeated"] = "none"

    @property
    def changes_stock(self) -> bool:
        """Whether less is in the container afterwards."""
        return self.stock != "none"

    def counts_as_error(self, no_show_is_error: bool) -> bool:
        """Whether it is a medication error in a school of that setting."""
        return self.error == "yes" or (self.error == "school" and no_show_is_error)


@dataclass(frozen=True, slots=True)
class Mark(Entry):
    """What stands on the MAR beside a code or in its place."""

    printed: str = ""


@dataclass(frozen=True, slots=True)
class Right(Entry):
    """One of the rights; `prn`: of a dose as needed only."""

    prn: bool = False


@dataclass(frozen=True, slots=True)
class Tick(Entry):
    """A line of the label; `stops`: a difference stops the dose (R5)."""

    stops: bool = False


@dataclass(frozen=True, slots=True)
class ErrorCategory(Entry):
    """A category of NCC MERP. `reached`: it reached the student."""

    group: Literal["none", "no_harm", "harm", "death"] = "none"
    reached: bool = False


@dataclass(frozen=True, slots=True)
class ErrorType(Entry):
    """A kind of medication error. `poison_control`: 1-800-222-1222 is called first."""

    poison_control: bool = False


@dataclass(frozen=True, slots=True)
class Disposal(Entry):
    """How a medicine leaves for good. `asks`: fields of the hand-over (`model.Move`, or
    `method_detail`, which is told in its reason); `flagged`: R32 speaks up if controlled."""

    asks: tuple[str, ...] = ()
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class SpecialField:
    """A question of a special kind of order; its answer is kept as text under `key`
    (`yes`/`no`, a code, codes joined by spaces, ISO times and dates)."""

    key: str
    label: Text
    kind: FieldKind = "text"
    required: bool = False
    choices: tuple[Entry, ...] = ()
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of order. `sensitive`: papers about it wait for somebody's decision."""

    code: str
    label: Text
    basis: Text = field(default_factory=dict)
    sensitive: bool = False
    order: tuple[SpecialField, ...] = ()
    dose: tuple[SpecialField, ...] = ()


@dataclass(frozen=True, slots=True)
class MedicationLists:
    """Every list, each by code in the order of the file."""

    routes: Mapping[str, Route]
    units: Mapping[str, Unit]
    forms: Mapping[str, DoseForm]
    storage: Mapping[str, Storage]
    locations: Mapping[str, Place]
    outcomes: Mapping[str, OutcomeCode]
    marks: Mapping[str, Mark]
    schedules: Mapping[str, Entry]
    medicine_kinds: Mapping[str, Entry]
    moves: Mapping[str, Entry]
    identifiers: Mapping[str, Entry]
    rights: Mapping[str, Right]
    container_ticks: Mapping[str, Tick]
    error_categories: Mapping[str, ErrorCategory]
    error_types: Mapping[str, ErrorType]
    disposals: Mapping[str, Disposal]
    kinds: Mapping[str, Kind]

    def amount(self, quantity: Quantity) -> str:
        """“1 tablet”, “2 tablets”, “7.5 mg”; a unit nobody knows stands as it is written."""
        unit = self.units.get(quantity.unit)
        if unit is None:
            return str(quantity)
        one = quantity.amount == 1 or not unit.plural
        return f"{plain(quantity.amount)} {say(unit.label if one else unit.plural)}"
