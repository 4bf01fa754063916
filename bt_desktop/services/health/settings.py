"""What a school decides about medicine: windows, witnesses, who gives what (domain §1.7, §8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy.orm import Session

from bt_desktop.models.school import Setting
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.health.problems import SettingRefused

NAME = "medication"
WhoGives = Literal["nurse", "licensed", "trained"]
Identifier = Literal["name_said", "birth_date"]
WHO_WORDS = {
    "nurse": "a nurse",
    "licensed": "a nurse or licensed staff",
    "trained": "a nurse or trained staff",
}


@dataclass(frozen=True, slots=True)
class MedicationSettings:
    """The school's settings, with their defaults.

    `window_min`: minutes on either side of a time (ME 05-071 ch. 40: 30; Clark County SD: 60).
    `who_gives_controlled`: `nurse` as shipped, because the opinion in ANA v. Torlakson (2013), as
    reproduced in a SELPA manual, says so of California (unverified: ask counsel); the reason for
    another choice is kept. `licensed`: delegates whose license stands in their delegation
    (`trained`: all delegates that were checked). `policy_source` is where the district's own words
    stand.
    `second_identifier` is asked beside the photo before each dose (R1).
    """

    window_min: int = 30
    critical_window_min: int = 30
    who_gives_controlled: WhoGives = "nurse"
    who_gives_reason: str = ""
    witness_on_dose: bool = False
    no_show_is_error: bool = False
    low_school_days: int = 5
    expiry_days: tuple[int, ...] = (60, 30, 7)
    effect_minutes: int = 60
    back_limit: int = 5
    often_in_month: int = 8
    policy_source: str = ""
    second_identifier: Identifier = "name_said"


_RANGES = {
    "window_min": (5, 120),
    "critical_window_min": (5, 120),
    "low_school_days": (1, 60),
    "effect_minutes": (15, 480),
    "back_limit": (1, 30),
    "often_in_month": (1, 100),
}


def medication_settings(session: Session) -> MedicationSettings:
    """The school's settings; what is not set is as shipped."""
    row = session.get(Setting, NAME)
    kept: dict[str, Any] = dict(row.value) if row is not None else {}
    known = {k: v for k, v in kept.items() if k in MedicationSettings.__dataclass_fields__}
    if "expiry_days" in known:
        known["expiry_days"] = tuple(known["expiry_days"])
    return replace(MedicationSettings(), **known)


class MedicationSettingsService:
    """Reads and changes them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def may_edit(self) -> bool:
        """Whether the signed-in person changes them."""
        return self._context.may(Action.HEALTH_SETTINGS)

    def get(self) -> MedicationSettings:
        """As they are."""
        with self._context.store.read() as session:
            return medication_settings(session)

    def save(self, made: MedicationSettings) -> None:
        """Change them. Raises SettingRefused, Denied."""
        self._context.require(Action.HEALTH_SETTINGS)
        for name, (least, most) in _RANGES.items():
            if not least <= getattr(made, name) <= most:
                raise SettingRefused(f"Choose a number from {least} to {most}.", name)
        if made.who_gives_controlled != "nurse" and len(made.who_gives_reason.strip()) < 10:
            raise SettingRefused(
                "Write who decided that staff who are no nurses give controlled medicine, and why.",
                "who_gives_reason",
            )
        values = {
            name: list(value) if isinstance(value, tuple) else value
            for name in MedicationSettings.__dataclass_fields__
            if (value := getattr(made, name)) != getattr(MedicationSettings(), name)
        }
        with self._context.store.write() as session:
            session.merge(Setting(name=NAME, value=values))
            self._context.note(session, "medication.settings", "school")
