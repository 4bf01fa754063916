"""What the tests of a form's rules share: one mistake, and the rule's own sentence at its path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ber_answers import fill

from bt_desktop import paths
from bt_desktop.form_engine import FormSession
from bt_desktop.form_engine.definition import say


@dataclass(frozen=True, slots=True)
class Slip:
    """What is typed wrongly, and where the rule speaks up; `first` is typed before."""

    path: str
    typed: Any
    severity: str = "error"
    first: Mapping[str, Any] = field(default_factory=dict)
    scenario: str = ""


def hears_its_rule(filled: Callable[[str], FormSession], slip: Slip) -> None:
    """The answers without fault say nothing of the rule; with the slip they say its sentence."""
    page = filled(slip.scenario)
    assert not _spoken(page, slip)

    fill(page, {**slip.first, slip.path: slip.typed})

    asked = page.view(slip.path).field
    message = say(asked.warning_message if slip.severity == "warning" else asked.constraint_message)
    assert message
    assert any(message in sentence for sentence in _spoken(page, slip))


def _spoken(page: FormSession, slip: Slip) -> list[str]:
    return [i.sentence for i in page.issues() if (i.path, i.severity) == (slip.path, slip.severity)]


def written_rules(form: str) -> tuple[list[str], int]:
    """The ids of the rules in a form's file, and how many constraints and warnings it has."""
    text = (paths.forms_dir() / f"{form}.yaml").read_text("utf-8")
    ids = re.findall(r"# (R-[A-Z]{3}-\d+)[^\n]*\n\s+(?:constraint|warning):", text)
    return ids, len(re.findall(r"^\s+(?:constraint|warning):", text, re.MULTILINE))
