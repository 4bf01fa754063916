"""What the medication rules say of a line of the ledger (R22, R32): the table's words, held here.

That two people sign what is controlled (R19) is no rule that anybody lifts: see `stock.py`.
"""

from __future__ import annotations

from bt_desktop.security.permissions import Role
from bt_desktop.services.health.ledger_checks import NewMove
from bt_desktop.services.health.model import Lot
from bt_desktop.services.health.rule_facts import blank
from bt_desktop.services.health.rules import Allowance, Finding, allowed, check, unexplained


def spoken(lot: Lot, new: NewMove) -> tuple[Finding, ...]:
    """What the rules say of a line before it is written; stops first."""
    facts = blank() | {
        "move": new.kind,
        "controlled": lot.medicine.controlled,
        "adult": new.adult is True,
        "method": new.method,
    }
    return check("stock", facts)


def standing(lot: Lot, new: NewMove, role: Role) -> tuple[Finding, ...]:
    """Those that nothing answers: a stop that is not allowed with a reason, a warning that wants
    a reason and has none. `role` is whoever writes the line."""
    found = spoken(lot, new)
    words = [Allowance(one, role, True, new.reason, {}) for one in sorted(new.allowed)]
    stops = [one for one in found if one.stops and not allowed(one, words)]
    return (*stops, *unexplained(found, new.reason))


def line_stopped(lot: Lot, new: NewMove, role: Role) -> str | None:
    """The words of the first of them; None where the line can be written."""
    found = standing(lot, new, role)
    return found[0].text() if found else None
