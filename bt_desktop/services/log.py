"""The audit trail as people read it."""

from __future__ import annotations

from bt_desktop.services.results.school import LogEntry


class LogService:
    """Reads and verifies the audit trail."""

    def entries(self, limit: int = 100, before: int | None = None) -> tuple[LogEntry, ...]:
        """The newest entries (older than `before`), own ones only where the role says so."""
        raise NotImplementedError

    def head(self) -> tuple[int, str]:
        """The number and hash (hex) of the newest entry."""
        raise NotImplementedError
