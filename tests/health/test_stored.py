"""What the health office keeps comes back as it was, and nothing else is taken for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.services.health.model import (
    AsNeeded,
    DoseRecord,
    Identified,
    Lot,
    Medicine,
    Move,
    OrderTerms,
    Overridden,
    Quantity,
    SelfCarry,
)
from bt_desktop.services.health.stored import Unreadable, from_bytes, to_bytes

NOON = datetime(2026, 11, 12, 12, 4, tzinfo=timezone(timedelta(hours=-8)))
ORDER = OrderTerms(
    "o1",
    "student:s1",
    Medicine("Methylphenidate", "10 mg", "tablet", schedule="C-II"),
    Quantity(Decimal("7.5"), "mg"),
    "oral",
    "ADHD",
    date(2026, 8, 17),
    date(2027, 6, 11),
    times=(time(12), time(14, 30)),
    prn=AsNeeded(("headache",), 240, 2),
    self_carry=SelfCarry(competent=True),
    special={"device": "nasal"},
)
DOSE = DoseRecord(
    "d1",
    "o1",
    "student:s1",
    "R",
    NOON,
    NOON + timedelta(minutes=1),
    "u1",
    due_at=NOON,
    identified=Identified(frozenset(("photo", "birth_date"))),
    rights=frozenset(("dose",)),
    overridden=(Overridden("R13", "u1", "nurse", "assembly"),),
)


@pytest.mark.parametrize(
    "value",
    [
        ORDER,
        DOSE,
        Lot("l1", "student:s1", ORDER.medicine, "tablet", expires_on=date(2027, 1, 31)),
        Move("m1", "l1", "count", Decimal(0), NOON, NOON, "u1", counted=Decimal("29")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_comes_back_whole(value: object) -> None:
    stored = to_bytes(value)
    assert from_bytes(stored, type(value)) == value
    assert to_bytes(from_bytes(stored, type(value))) == stored


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
)
def test_no_amount_is_rounded(amount: Decimal) -> None:
    move = Move("m1", "l1", "received", amount, NOON, NOON, "u1")
    back = from_bytes(to_bytes(move), Move)
    assert back.change == amount
    assert str(back.change) == str(amount)


@given(st.datetimes(timezones=st.just(UTC)))
def test_no_moment_is_moved(at: datetime) -> None:
    assert from_bytes(to_bytes(Move("m", "l", "given", Decimal(1), at, at, "u")), Move).at == at


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"null", b'{"id":"m"}', to_bytes(DOSE)],
)
def test_anything_else_is_not_taken_for_a_move(data: bytes) -> None:
    with pytest.raises(Unreadable):
        from_bytes(data, Move)


def test_a_field_nobody_knows_is_not_swallowed() -> None:
    stored = to_bytes(Move("m1", "l1", "given", Decimal(-1), NOON, NOON, "u1"))
    with pytest.raises(Unreadable):
        from_bytes(stored[:-1] + b',"surprise":1}', Move)
