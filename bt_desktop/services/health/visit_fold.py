"""Visits out of their entries: what was added to each is laid over it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bt_desktop.services.health.box import Kept
from bt_desktop.services.health.entries import VISIT, VISIT_LINK, VISIT_OUT, VISIT_STRUCK
from bt_desktop.services.health.visit_model import (
    Visit,
    VisitLink,
    VisitOut,
    VisitState,
    VisitStruck,
)

VISIT_KINDS = (VISIT, VISIT_OUT, VISIT_STRUCK, VISIT_LINK)


def folded(kept: Iterable[Kept]) -> tuple[VisitState, ...]:
    """Each visit once, by when they came; entries in the order they were made."""
    found: dict[str, VisitState] = {}
    for one in kept:
        if one.kind == VISIT:
            visit = one.value(Visit)
            found[visit.id] = VisitState(visit)
        elif one.about in found:
            found[one.about] = _after(found[one.about], one)
    return tuple(sorted(found.values(), key=lambda one: one.visit.came_at))


def _after(state: VisitState, kept: Kept) -> VisitState:
    if kept.kind == VISIT_OUT:
        out = kept.value(VisitOut)
        visit = replace(
            state.visit,
            left_at=out.left_at,
            disposition=out.disposition or state.visit.disposition,
            care=tuple(dict.fromkeys((*state.visit.care, *out.care))),
        )
        return replace(state, visit=visit)
    if kept.kind == VISIT_STRUCK:
        return replace(state, struck=kept.value(VisitStruck).reason)
    link = kept.value(VisitLink)
    return replace(
        state,
        record_id=link.record_id or state.record_id,
        dose_id=link.dose_id or state.dose_id,
    )
