"""Everything the panel of one dose shows, read in one go on a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bt_desktop.errors import KnownError
from bt_desktop.security.permissions import Role
from bt_desktop.services.health.board_model import Line
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.doses import Panel
from bt_desktop.services.health.model import DoseRecord
from bt_desktop.services.health.rules import Finding
from bt_desktop.services.health.settings import MedicationSettings

if TYPE_CHECKING:
    from bt_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PanelView:
    """One dose and everything around it. `now` on the school's clocks; `allowers` are colleagues
    who may allow what a rule stops: (user id, name, role)."""

    line: Line
    panel: Panel
    photo: bytes | None
    own_id: str
    own_role: Role
    witnesses: tuple[tuple[str, str], ...]
    allowers: tuple[tuple[str, str, Role], ...]
    settings: MedicationSettings
    names: Mapping[str, str]
    findings: tuple[Finding, ...]
    now: datetime
    may_waste: bool

    @property
    def first_name(self) -> str:
        """What the child is called."""
        return self.line.child.called or self.line.child.given

    @property
    def record(self) -> DoseRecord | None:
        """What stands on the line already, if anything."""
        return self.line.record


def read_panel(workspace: Workspace, line: Line, now: datetime) -> PanelView:
    """Read it. Raises DoseRefused, NotYours."""
    health = workspace.health
    panel = health.doses.panel(line.order_id, line.due_at)
    begun = DoseRequest("", line.child.id, line.order_id, due_at=line.due_at)
    return PanelView(
        line,
        panel,
        _photo(workspace, line.child.id),
        workspace.actor.user_id,
        workspace.actor.role,
        health.overview.witnesses(),
        health.overview.allowers(),
        health.settings.get(),
        health.overview.names(),
        health.doses.check(begun),
        now,
        health.may_edit_stock,
    )


def _photo(workspace: Workspace, student_id: str) -> bytes | None:
    try:
        found = workspace.photos.photo(student_id)
    except KnownError:  # a role that sees none
        return None
    return found.data if found is not None else None
