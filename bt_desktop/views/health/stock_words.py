"""The stock in words: what is left, how long it lasts, how long it is good, what a line says."""

from __future__ import annotations

from decimal import Decimal

from bt_desktop.services.health.ledger import Balance
from bt_desktop.services.health.model import Lot, Move, Quantity, plain
from bt_desktop.services.health.overview import Supply
from bt_desktop.services.health.trip_model import TRAVELS_WORDS
from bt_desktop.views.health.choices import said
from bt_desktop.views.health.order_words import amount_words, is_stock
from bt_desktop.views.widgets.when import full_date

STOCK_NAME = "The school’s own stock"
TRAVELS = {str(code): f"in {words}" for code, words in TRAVELS_WORDS.items()}
"""How medicine of a trip travelled."""
Chip = tuple[str, str]


def lot_title(lot: Lot) -> str:
    """“Methylphenidate 10 mg tablet”."""
    drug = lot.medicine
    form = said("forms", drug.form).lower() if drug.form else ""
    return " ".join(part for part in (drug.name, drug.strength, form) if part)


def whose(lot: Lot, names: dict[str, str]) -> str:
    """Whose it is: a student's name, or the school's."""
    return STOCK_NAME if is_stock(lot.subject) else names.get(lot.subject, "")


def much(lot: Lot, amount: Decimal) -> str:
    """“29 tablets”; of a liquid “about 230 mL”."""
    words = amount_words(Quantity(amount, lot.unit))
    return f"about {words}" if lot.estimated else words


def left_words(balance: Balance) -> str:
    """“29 tablets, 2 out on a trip”."""
    words = much(balance.lot, balance.office)
    return f"{words}, {plain(balance.away)} out on a trip" if balance.away else words


def lasts_words(supply: Supply) -> str:
    """“12 school days”; blank where nothing is taken regularly."""
    if supply.days_left is None:
        return ""
    return "1 school day" if supply.days_left == 1 else f"{supply.days_left} school days"


def low_chip(supply: Supply) -> Chip | None:
    """The chip of a supply that runs out."""
    if not supply.low:
        return None
    return ("None left", "danger") if supply.days_left == 0 else (f"Low: {lasts_words(supply)}",
                                                                   "warn")  # fmt: skip


def expiry_chip(supply: Supply) -> Chip | None:
    """The chip of a container whose last good day is near or over; None while it is far off."""
    if supply.expiry_step is None or supply.expires_in is None:
        return None
    if supply.expires_in < 0:
        return "Expired", "danger"
    if supply.expires_in == 0:
        return "Expires today", "danger"
    days = "1 day" if supply.expires_in == 1 else f"{supply.expires_in} days"
    steps_tone = "danger" if supply.expiry_step <= _URGENT else "warn"
    return f"Expires in {days}", steps_tone


_URGENT = 7


def mismatch_words(balance: Balance) -> str:
    """“The last count found 1 tablet less than the ledger says.”; blank where it came out."""
    if balance.mismatch is None:
        return ""
    less = "less" if balance.mismatch < 0 else "more"
    return (
        f"The last count found {much(balance.lot, abs(balance.mismatch))} {less} than the ledger "
        "says."
    )


def chips(supply: Supply) -> list[Chip]:
    """Everything that is to be noticed about a lot."""
    found: list[Chip | None] = [
        ("Does not come out", "danger") if supply.balance.stopped else None,
        expiry_chip(supply),
        low_chip(supply),
    ]
    return [one for one in found if one is not None]


def change_words(move: Move) -> str:
    """“+30”, “−1”; of a count “29 counted”."""
    if move.kind == "count":
        return f"{plain(move.counted)} counted" if move.counted is not None else ""
    sign = "+" if move.change > 0 else "−" if move.change < 0 else ""
    return f"{sign}{plain(abs(move.change))}"


def note_words(move: Move) -> str:
    """What else a line says: reason, method, who carried it, to whom it was handed."""
    carried = ", ".join(part for part in (move.carried_by, move.relation) if part)
    parts = [
        _counted(move),
        move.reason,
        TRAVELS.get(move.method) or (said("disposals", move.method) if move.method else ""),
        carried,
        move.agency,
        f"receipt {move.receipt}" if move.receipt else "",
    ]
    return " · ".join(part for part in parts if part)


def _counted(move: Move) -> str:
    if move.counted is None or move.expected is None:
        return ""
    if move.counted == move.expected:
        return "comes out"
    counted = "" if move.kind == "count" else f"{plain(move.counted)} counted, "
    return f"{counted}{plain(move.expected)} by the ledger"


def signers(move: Move, names: dict[str, str], *, titles: bool = False) -> str:
    """“Maria Chen with Tom Becker”, both also with their titles."""

    def who(user: str) -> str:
        known = names.get(user, "")
        return known if titles else known.partition(",")[0]

    by = who(move.by_user)
    return f"{by} with {who(move.witness)}" if move.witness else by


def expires_words(lot: Lot) -> str:
    """“Aug 1, 2027”."""
    return full_date(lot.expires_on)
