"""Who received a copy, when and how; with the scan of the signed slip where there is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from bt_desktop.clock import local_at
from bt_desktop.errors import KnownError
from bt_desktop.services.results.copies import Receipt
from bt_desktop.views.feedback import choose_open
from bt_desktop.views.widgets.buttons import SecondaryButton
from bt_desktop.views.widgets.dates import DayLine, read_clock
from bt_desktop.views.widgets.inputs import Choice, TextLine
from bt_desktop.views.widgets.sheet import Sheet

if TYPE_CHECKING:
    from bt_desktop.services.results.copies import CopyLogRow
    from bt_desktop.services.workspace import Workspace
    from bt_desktop.views.desk import Desk

WAY_WORDS = {
    "handed_over": "Handed over",
    "mailed": "Mailed",
    "emailed": "Emailed",
    "sent_home": "Sent home with the child",
}
_MEDIA = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


class ReceiptSheet(Sheet):
    """Logs that a copy got to somebody."""

    def __init__(
        self,
        desk: Desk,
        workspace: Workspace,
        record_id: str,
        row: CopyLogRow,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Who received it?", "Log it", parent)
        self._workspace, self._record_id, self._row = workspace, record_id, row
        self._now = workspace.clock.now()
        self._scan: Path | None = None
        self.how = Choice(self)
        self.how.fill([(words, way) for way, words in WAY_WORDS.items()], "handed_over")
        self.to = TextLine(self)
        self.to.setText(row.for_whom)
        self.relation = TextLine(self)
        self.day = DayLine(self._now.date())
        self.day.setText(f"{self._now:%m/%d/%Y}")
        self.time = TextLine(self)
        self.time.setText(f"{self._now:%I:%M %p}".lstrip("0").lower())
        self.add("how", "How?", self.how)
        self.add("to", "Who received it?", self.to, required=True)
        self.add("relation", "What are they to the student?", self.relation)
        self.add("day", "Day", self.day, required=True)
        self.add("time", "Time", self.time, required=True)
        self.pair("day", "time")
        self.signed = self.tick("They signed for it")
        self.scan = SecondaryButton("Attach the signed slip…", self)
        self.scan.clicked.connect(self.choose_scan)
        self.column.addWidget(self.scan, 0, Qt.AlignmentFlag.AlignLeft)
        self.on_save(self._collected)

    @Slot()
    def choose_scan(self) -> None:
        """Choose the scan of the slip; it is kept with the record, encrypted."""
        path = choose_open(self, "The signed slip", "PDF or picture (*.pdf *.png *.jpg *.jpeg)")
        if path is not None and path.suffix.lower() in _MEDIA:
            self._scan = path
            self.scan.setText("Signed slip chosen. Choose another…")
            self.signed.setChecked(True)

    def _collected(self) -> Callable[[], Any] | None:
        at = self._moment()
        if not self.to.text().strip():
            self.frames["to"].say("Write who received it.")
        if at is None or not self.to.text().strip():
            return None
        receipt = Receipt(
            self.how.currentData(), self.to.text(), self.relation.text(), at,
            self.signed.isChecked(),
        )  # fmt: skip
        scan = self._scan

        def work() -> None:
            data = _bytes_of(scan) if scan is not None else None
            self.receive(receipt)
            if scan is not None and data is not None:
                self.keep(scan.name, _MEDIA[scan.suffix.lower()], data)

        return work

    def receive(self, receipt: Receipt) -> None:
        """Log it (on a worker)."""
        self._workspace.copies.receive(self._row.copy_id, receipt)

    def keep(self, name: str, media: str, data: bytes) -> None:
        """Keep the scan of the slip with the record (on a worker)."""
        self._workspace.records.attach(self._record_id, name, media, data, "signed_slip")

    def _moment(self) -> datetime | None:
        """The moment that is typed, not before the copy was made nor later than now by seconds."""
        day = self.frames["day"].read(self.day.day, "Write the day.")
        if day is None:
            return None
        clock = self.frames["time"].read(
            lambda: read_clock(self.time.text(), self._now), "Write the time."
        )
        if clock is None:
            return None
        at = datetime.combine(day, clock, tzinfo=self._now.tzinfo)
        made = local_at(self._row.made_at, self._now)
        same = at.replace(second=0, microsecond=0) == made.replace(second=0, microsecond=0)
        return made if same else at


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise KnownError(
            "scan-not-read",
            "The chosen file could not be read.",
            "Check that it is still there, then choose it again.",
        ) from None
