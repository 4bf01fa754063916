"""Work away from the window: a serial lane for what writes, one for long reads, one aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from bt_desktop.errors import KnownError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T = TypeVar("T")
Failed = Callable[[BaseException], None]
Report = Callable[[QObject, BaseException], None]


class Lane(Enum):
    """`WRITE` runs one short job at a time, in order; `READ` is for searches and long reads.

    `ASIDE` is for what may hang (the system's keyring): nobody waits for it.
    """

    WRITE = "write"
    READ = "read"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class _Parcel:
    owner: QObject
    future: Future[Any]
    done: Callable[[Any], None] | None
    failed: Failed | None
    ticket: tuple[tuple[int, str], int] | None


class RecordsClosed(KnownError):
    """Something was to be written after the records were closed; it is still on the screen."""

    def __init__(self) -> None:
        super().__init__(
            "records-closed",
            "The records are closed, so this could not be saved.",
            "Unlock them; what is on the screen is kept until then.",
        )


def _refused(lane: Lane) -> Future[Any]:
    """What comes of work that is asked for after the end. A timer or a late answer that would read
    for a window going away is waited for by nobody; a write is told as failed, never dropped."""
    from concurrent.futures import Future  # deferred, as the threads are

    future: Future[Any] = Future()
    if lane is Lane.WRITE:
        future.set_exception(RecordsClosed())
    else:
        future.cancel()
    return future


class Tasks(QObject):
    """Runs work that touches the records away from the window and brings back what came of it.

    `run(owner, work, done, failed)`: `work()` runs on a lane and must touch no widget; then
    `done(result)` or `failed(problem)` is called on the window's thread. Nothing is delivered when
    `owner` was deleted meanwhile. Without `failed`, `report(owner, problem)` is called: the page's
    banner for a `KnownError`, the crash sheet otherwise, so that no call site can forget it.
    `idle` is emitted when the last piece of work was delivered.
    """

    idle = Signal()
    _finished = Signal(object)

    def __init__(self, report: Report, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self._lanes: dict[Lane, ThreadPoolExecutor] = {}
        self._closed = False
        self._under_way = 0
        self._newest: dict[tuple[int, str], int] = {}
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        *,
        lane: Lane = Lane.WRITE,
    ) -> Future[T]:
        """Do `work` on `lane`, then deliver to `owner`'s `done` or `failed`."""
        return self._submit(owner, work, done, failed, lane, None)

    def latest(
        self,
        owner: QObject,
        name: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Failed | None = None,
    ) -> Future[T]:
        """As `run` on the read lane, but only the newest call of `owner` by `name` is delivered.

        For searches while typing: an older answer never overwrites a newer one, and work that was
        overtaken before it began is not begun.
        """
        key = (id(owner), name)
        number = self._newest[key] = self._newest.get(key, 0) + 1

        def unless_overtaken() -> Any:
            return work() if self._newest.get(key) == number else None

        return self._submit(owner, unless_overtaken, done, failed, Lane.READ, (key, number))

    def is_idle(self) -> bool:
        """Whether nothing is under way and everything was delivered."""
        return self._under_way == 0

    def close(self) -> None:
        """Finish what was begun (writes are never thrown away) and end the threads. Blocks."""
        self._closed = True
        for lane in (Lane.ASIDE, Lane.READ, Lane.WRITE):
            if lane in self._lanes:
                self._lanes[lane].shutdown(
                    wait=lane is not Lane.ASIDE, cancel_futures=lane is not Lane.WRITE
                )

    def _lane(self, lane: Lane) -> ThreadPoolExecutor:
        """The one thread of a lane, begun with its first work: the first window needs none."""
        if lane not in self._lanes:
            from concurrent.futures import ThreadPoolExecutor  # deferred, for the same reason

            self._lanes[lane] = ThreadPoolExecutor(max_workers=1, thread_name_prefix=lane.value)
        return self._lanes[lane]

    def _submit(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None,
        failed: Failed | None,
        lane: Lane,
        ticket: tuple[tuple[int, str], int] | None,
    ) -> Future[Any]:
        future = self._lane(lane).submit(work) if not self._closed else _refused(lane)
        self._under_way += 1
        future.add_done_callback(
            lambda f: self._hand_over(_Parcel(owner, f, done, failed, ticket)),
        )
        return future

    def _hand_over(self, parcel: _Parcel) -> None:
        # Runs on the worker: the window may be gone already when the program ends.
        if shiboken6.isValid(self):
            self._finished.emit(parcel)

    @Slot(object)
    def _deliver(self, parcel: _Parcel) -> None:
        try:
            self._give(parcel)
        finally:
            self._under_way -= 1
            if self._under_way == 0:
                self.idle.emit()

    def _give(self, parcel: _Parcel) -> None:
        if parcel.future.cancelled() or not shiboken6.isValid(parcel.owner):
            return
        if parcel.ticket and self._newest.get(parcel.ticket[0]) != parcel.ticket[1]:
            return
        problem = parcel.future.exception()
        if problem is None:
            if parcel.done is not None:
                parcel.done(parcel.future.result())
        elif parcel.failed is not None:
            parcel.failed(problem)
        else:
            self._report(parcel.owner, problem)
