"""Tables for spreadsheets: UTF-8 with its mark, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
"""What a spreadsheet takes for a formula (or DDE) where it begins a cell (OWASP, CSV injection);
full-width signs are read as such in East Asian settings."""


def safe(cell: str) -> str:
    """The cell, led by an apostrophe where it would be a formula; blanks before it do not help."""
    bare = cell.lstrip(" \u00a0\u200b\ufeff")
    return f"'{cell}" if bare.startswith(FORMULA) else cell


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Head and rows as CSV (RFC 4180: CRLF, quotes doubled)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe(cell.replace("\0", "")) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
