"""Copies on paper: made, sealed, kept, logged; a parent's copy waits until each name is settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from bt_desktop.paper.verify import Verdict
from bt_desktop.services.context import Context
from bt_desktop.services.records import RecordService
from bt_desktop.services.results.copies import CopyLogRow, PrintedCopy, Settled
from bt_desktop.services.results.people import Guardian

if TYPE_CHECKING:
    from bt_desktop.services.privacy import NameFinding, ParentText


class CopyService:
    """Makes and keeps copies of records."""

    def __init__(self, context: Context, records: RecordService) -> None:
        self._context = context

    def school_copy(self, record_id: str) -> PrintedCopy:
        """The whole record, sealed; of an unsigned record a DRAFT that is not."""
        raise NotImplementedError

    def draft_print(self, record_id: str) -> PrintedCopy:
        """The record as it stands, DRAFT across each page, not sealed."""
        raise NotImplementedError

    def draft_parent_print(self, record_id: str, text: str) -> PrintedCopy:
        """The parent's copy as it would look, DRAFT across each page, not sealed."""
        raise NotImplementedError

    def blank(self, form: str = "restraint") -> bytes:
        """An empty paper form for when the power is out (PDF)."""
        raise NotImplementedError

    def recipients(self, record_id: str) -> tuple[Guardian, ...]:
        """The guardians of the subject; `allowed` and `why_not` say who may get a copy."""
        raise NotImplementedError

    def begin_parent_text(self, record_id: str) -> ParentText:
        """What is told to the parent, begun from the narrative, tokens turned into letters."""
        raise NotImplementedError

    def findings(self, record_id: str, text: str) -> tuple[NameFinding, ...]:
        """Every word of the text that is or nearly is another student's name."""
        raise NotImplementedError

    def release_parent_copy(
        self, record_id: str, guardian_id: str, text: str, settled: Sequence[Settled]
    ) -> PrintedCopy:
        """The sealed parent copy; raises `UnsettledNames` while a finding is not settled."""
        raise NotImplementedError

    def log(self, record_id: str) -> tuple[CopyLogRow, ...]:
        """The copies of a record, newest first."""
        raise NotImplementedError

    def pdf(self, copy_id: str) -> bytes:
        """The very bytes of a copy made earlier."""
        raise NotImplementedError

    def mark(self, copy_id: str, what: Literal["previewed", "printed", "saved"]) -> None:
        """Write down what became of a copy."""
        raise NotImplementedError

    def school_ca_pem(self) -> bytes:
        """The school's certificate (public), to check copies with."""
        raise NotImplementedError

    def copy_status(self, verdict: Verdict) -> Literal["current", "amended", "unknown"]:
        """Whether the record behind a genuine copy was amended since."""
        raise NotImplementedError
