"""An amount as people type it: `2.5`, `2,5`, `1 1/2`, `½`. Never guessed: in doubt it is asked.

A thousandfold dose comes of a comma that was read the other way, so a number that can be read in
two ways is refused with both readings (ISMP: no trailing zeros, no bare point [M]).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_MOST = Decimal(100_000)
_PLACES = 4
_WHOLE = re.compile(r"\d+", re.ASCII)
_PLAIN = re.compile(r"\d*\.\d+|\d+\.", re.ASCII)
_FRACTION = re.compile(r"(?:(\d{1,6})\s+)?(\d{1,4})\s*/\s*(\d{1,4})", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,])\d{3}", re.ASCII)
_BOTH = re.compile(r"([1-9]\d{0,2})((?:([.,])\d{3})+)([.,])(\d+)", re.ASCII)
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3}(?:\1\d{3})+)", re.ASCII)

_NO_NUMBER = (
    "Write a number only, such as 10, 2.5 or 1/2. What it is counted in has a box of its own."
)


def read_amount(typed: str) -> Decimal | None:
    """The amount that was typed; None for blank. Zero is read; whether it makes sense is not asked.

    `2,5` is 2.5; `1.000,5` and `1,000.5` are 1000.5. Raises ValueError with a sentence for what is
    no number, is negative, could be read in two ways (`1,000`), or is beyond 100,000.
    """
    text = _spelled(typed)
    if not text:
        return None
    if text[0] == "-":
        raise ValueError("An amount cannot be below zero. Write it without the minus sign.")
    found = _mixed(text)
    if found is None:
        found = _decimal(text)
    if found > _MOST:
        raise ValueError(f"{typed.strip()} is more than can be right. Look at the number again.")
    return found


def _spelled(typed: str) -> str:
    """With ½ as 1/2, one kind of minus and of space, digits of full width as digits."""
    out: list[str] = []
    for sign in typed:
        spelled = unicodedata.normalize("NFKC", sign).replace("\N{FRACTION SLASH}", "/")
        whole_before = "/" in spelled and out and out[-1].isdigit()
        out.append(f" {spelled}" if whole_before else spelled)
    text = "".join(out).replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    return " ".join(text.split())


def _mixed(text: str) -> Decimal | None:
    """`1/2`, `1 1/2`; None where there is no fraction in it."""
    if "/" not in text:
        return None
    found = _FRACTION.fullmatch(text)
    if found is None:
        raise ValueError(_NO_NUMBER)
    whole, over, under = (Decimal(part or 0) for part in found.groups())
    if not under:
        raise ValueError("Nothing can be divided by zero. Look at the fraction again.")
    value = whole + over / under
    if value != round(value, _PLACES):
        raise ValueError(f"{text} does not come out even. Write it with a point, such as 0.33.")
    return value


def _decimal(text: str) -> Decimal:
    if _WHOLE.fullmatch(text):
        return Decimal(text)
    if several := _GROUPS.fullmatch(text):
        return Decimal(text.replace(several[1], ""))
    if both := _BOTH.fullmatch(text):
        first, groups, group, point, rest = both.groups()
        if group == point or groups.count(group) * 4 != len(groups):
            raise ValueError(_NO_NUMBER)
        return _places(f"{first}{groups.replace(group, '')}.{rest}")
    if grouped := _GROUPED.fullmatch(text):
        _ask(text, grouped[1])
    text = text.replace(",", ".")
    if not _PLAIN.fullmatch(text):
        raise ValueError(_NO_NUMBER)
    return _places(text)


def _ask(text: str, sign: str) -> None:
    """`1,000` is a thousand here and one elsewhere; `1.125` can only be misread with zeros."""
    if sign == "." and not text.endswith(".000"):
        return
    large = text.replace(sign, "")
    small = format(Decimal(text.replace(",", ".")).normalize(), "f")
    raise ValueError(f"This can be read as {large} or as {small}. Write {large} or {small}.")


def _places(text: str) -> Decimal:
    value = Decimal(text)
    if value != round(value, _PLACES):
        raise ValueError("That has more places behind the point than can be measured.")
    return value.normalize() if value else Decimal(0)
