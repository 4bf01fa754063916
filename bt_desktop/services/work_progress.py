"""How far a long piece of work is, and the wish to stop it: shared by a worker and the window."""

from __future__ import annotations

from bt_desktop.errors import KnownError


class Canceled(KnownError):
    """The person stopped the work; what was not finished was not kept."""

    def __init__(self) -> None:
        super().__init__("canceled", "This was canceled.", "Nothing more was changed.")


class Progress:
    """`done` of `total` steps. The worker calls `step`, the window reads it and may `cancel`."""

    def __init__(self) -> None:
        self.done = 0
        self.total = 0
        self._canceled = False

    def begin(self, total: int) -> None:
        """Say how many steps are ahead."""
        self.done, self.total = 0, total

    def step(self, count: int = 1) -> None:
        """So many steps further. Raises Canceled where the person does not want to go on."""
        self.done += count
        if self._canceled:
            raise Canceled

    def cancel(self) -> None:
        """Stop at the next step."""
        self._canceled = True

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0
