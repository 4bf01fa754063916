"""The pages behind the grid of a medication record: notes, as-needed doses, receipts, what left the
stock, and counts. Their tables repeat their heads and split no row."""

from __future__ import annotations

from collections.abc import Sequence

from bt_desktop.paper import words
from bt_desktop.paper.content import Block, Column, Grid, Heading, NewPage, Rich, Small, Span
from bt_desktop.paper.document import Hand
from bt_desktop.paper.mar_content import (
    AsNeededDose,
    Count,
    MarBack,
    MarNote,
    MarSheet,
    Receipt,
    Removal,
)

Cells = tuple[Rich | Hand, ...]

NOTES = (Column("When", 1.4), Column("Code", 0.5), Column("What happened", 4.6),
          Column("Signature", 1.6))  # fmt: skip
"""The columns of notes."""
_AS_NEEDED = (Column("When", 1.6), Column("Reason", 1.9), Column("Dose", 1.0),
              Column("Initials", 0.7), Column("Effect", 2.6), Column("Checked", 0.9))  # fmt: skip
_RECEIPTS = (Column("When", 1.6), Column("Prescription no.", 1.1), Column("Before", 0.8),
             Column("Received", 0.9), Column("Total", 0.8), Column("Parent", 1.6),
             Column("Staff", 1.6))  # fmt: skip
_REMOVALS = (Column("When", 1.6), Column("What", 1.3), Column("How many", 0.8),
             Column("How and why", 2.4), Column("Staff", 1.5),
             Column("Parent or witness", 1.5))  # fmt: skip
_COUNTS = (Column("When", 1.6), Column("Expected", 0.8), Column("Counted", 0.8),
           Column("Difference", 0.8), Column("Counted by", 1.6), Column("Second person", 1.6),
           Column("Note", 1.6))  # fmt: skip
_NOTHING = "No notes. No medicine received, returned, wasted or disposed of. No counts."
FREE_ROWS = 3
"""Rows to write in by hand, where a sheet is for a pen."""


def back_blocks(sheet: MarSheet) -> list[Block]:
    """All of it, on pages of its own; where nothing is, that in one line.

    A trip's asks for notes only, below the grid: its packet has a table of what went and came back.
    """
    back = sheet.back
    if back == MarBack() and sheet.order.times and not sheet.to_write:
        return [Small(_NOTHING)]
    blocks: list[Block] = [] if sheet.trip else [NewPage()]
    as_needed = not sheet.order.times
    if back.notes or not (sheet.trip and as_needed):
        blocks += _part(sheet, "Notes", NOTES, [note_cells(note) for note in back.notes])
    if back.as_needed or as_needed:
        doses = [_as_needed(dose) for dose in back.as_needed]
        blocks += _part(sheet, "Doses given as needed", _AS_NEEDED, doses)
    if back.receipts or not sheet.trip:
        receipts = [_receipt(receipt) for receipt in back.receipts]
        blocks += _part(sheet, "Medicine received", _RECEIPTS, receipts)
    if back.removals or not sheet.trip:
        removals = [_removal(removal) for removal in back.removals]
        blocks += _part(sheet, "Returned, wasted or disposed of", _REMOVALS, removals)
    if back.counts or (sheet.controlled and not sheet.trip):
        blocks += _part(sheet, "Counts", _COUNTS, [_count(count) for count in back.counts])
    return blocks


def _part(
    sheet: MarSheet, title: str, columns: tuple[Column, ...], rows: Sequence[Cells]
) -> list[Block]:
    if sheet.to_write:
        free: list[Cells] = [("",) * len(columns)] * FREE_ROWS
        return [Heading(title), Grid(columns, (*rows, *free), row_lines=2)]
    if not rows:
        return [Heading(title), Small("None.")]
    return [Heading(title), Grid(columns, tuple(rows))]


def note_cells(note: MarNote, *, always: bool = False) -> Cells:
    """A row of notes. When it was written stands there where that was another day, or `always`."""
    other_day = note.written_at is not None and note.written_at.date() != note.at.date()
    late = always or other_day
    written = f"\nWritten {words.moment(note.written_at)}" if late and note.written_at else ""
    text = (Span(note.text), Span(written, small=True)) if written else note.text
    return words.moment(note.at), note.code, text, Hand(note.by, note.title, note.ink)


def _as_needed(dose: AsNeededDose) -> Cells:
    checked = words.clock(dose.checked_at) if dose.checked_at else "not checked" * dose.given
    initials = dose.initials + "*" * dose.late
    effect = dose.effect or ("not documented" if dose.given else "not given")
    return words.moment(dose.at), dose.symptom, dose.dose, initials, effect, checked


def _receipt(receipt: Receipt) -> Cells:
    counts = (receipt.before, f"+{receipt.quantity}", receipt.total)
    when = words.moment(receipt.at)
    return when, receipt.rx_number, *counts, receipt.parent, receipt.staff


def _removal(removal: Removal) -> Cells:
    when = words.moment(removal.at)
    other = removal.other or "none"
    return when, removal.kind, f"−{removal.quantity}", removal.how, removal.staff, other


def _count(count: Count) -> Cells:
    counted = f"≈ {count.counted} (estimate)" if count.estimated else count.counted
    difference: Rich = count.difference
    if any(digit in count.difference for digit in "123456789"):
        difference = (Span(count.difference, bold=True),)
    who = (count.by, count.witness or "none")
    return words.moment(count.at), count.expected, counted, difference, *who, count.note
