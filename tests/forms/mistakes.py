"""What is typed wrongly, to hear the rule that is for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is typed wrongly, and where the rule speaks up. `first` is typed before it.

    `scenario` names the answer set it is made in; left out, the first of the form.
    """

    path: str
    typed: Any
    severity: str = "error"
    first: Mapping[str, Any] = field(default_factory=dict)
    scenario: str | None = None
    pack: str | None = "us-ca"
