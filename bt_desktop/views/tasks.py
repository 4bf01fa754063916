"""Work away from the window: a serial lane for what writes, one for long reads, one aside."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
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

    `ASIDE` is for what may hang (the system's keyring): nobody waits for it. `BACKUP` is for
    backups, which take long and which nobody waits for either.
    """

    WRITE = "write"
    READ = "read"
    ASIDE = "aside"
    BACKUP = "backup"


@dataclass(slots=True)
class _Parcel:
    """One piece of work and what came of it, kept until that was delivered.

    The window's thread holds the last reference to it: widgets hang on the work and on the frames
    of a problem, and a widget whose last reference a lane drops is destroyed on the lane's thread,
    which Qt does not survive.
    """

    owner: QObject
    work: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Failed | None
    ticket: tuple[tuple[int, str], int] | None
    result: Any = None
    problem: BaseException | None = None


class _Job:
    """What a lane runs; it lets go of the parcel before anybody hears that it is done."""

    __slots__ = ("_parcel",)

    def __init__(self, parcel: _Parcel) -> None:
        self._parcel: list[_Parcel] = [parcel]

    def __call__(self) -> None:
        parcel = self._parcel.pop()
        try:
            parcel.result = parcel.work()
        except BaseException as problem:  # told on the window's thread, whatever it is
            parcel.problem = problem
        del parcel  # this frame hangs on the problem; it must not hold the parcel in turn


class RecordsClosed(KnownError):
    """Something was to be written after the records were closed; it is still on the screen."""

    def __init__(self) -> None:
        super().__init__(
            "records-closed",
            "The records are closed, so this could not be saved.",
            "Unlock them; what is on the screen is kept until then.",
        )


class Tasks(QObject):
    """Runs work that touches the records away from the window and brings back what came of it.

    `run(owner, work, done, failed)`: `work()` runs on a lane and must touch no widget; then
    `done(result)` or `failed(problem)` is called on the window's thread. Nothing is delivered when
    `owner` was deleted meanwhile. Without `failed`, `report(owner, problem)` is called: the page's
    banner for a `KnownError`, the crash sheet otherwise, so that no call site can forget it.
    `idle` is emitted when the last piece of work was delivered.
    """

    idle = Signal()
    _finished = Signal(int, bool)

    def __init__(self, report: Report, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self._lanes: dict[Lane, ThreadPoolExecutor] = {}
        self._closed = False
        self._parcels: dict[int, _Parcel] = {}
        self._numbers = itertools.count(1)
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
    ) -> Future[None]:
        """Do `work` on `lane`, then deliver to `owner`'s `done` or `failed`.

        After the end, what would read for a window going away is cancelled: nobody waits for it;
        what would write is told as failed (`RecordsClosed`), never dropped.
        """
        return self._submit(owner, work, done, failed, lane, None)

    def latest(
        self,
        owner: QObject,
        name: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Failed | None = None,
    ) -> Future[None]:
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
        return not self._parcels

    def close(self) -> None:
        """Finish what was begun (writes are never thrown away) and end the threads. Blocks."""
        self._closed = True
        for lane in (Lane.ASIDE, Lane.BACKUP, Lane.READ, Lane.WRITE):
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
    ) -> Future[None]:
        parcel = _Parcel(owner, work, done, failed, ticket)
        number = next(self._numbers)
        self._parcels[number] = parcel
        future = self._begin(lane, parcel)
        future.add_done_callback(partial(_hand_over, weakref.ref(self), number))
        return future

    def _begin(self, lane: Lane, parcel: _Parcel) -> Future[None]:
        if not self._closed:
            return self._lane(lane).submit(_Job(parcel))
        from concurrent.futures import Future  # deferred, as the threads are

        future: Future[None] = Future()
        if lane is Lane.WRITE:
            parcel.problem = RecordsClosed()
            future.set_result(None)
        else:
            future.cancel()
        return future

    @Slot(int, bool)
    def _deliver(self, number: int, cancelled: bool) -> None:
        try:
            if not cancelled:
                self._give(self._parcels[number])
        finally:
            del self._parcels[number]
            if not self._parcels:
                self.idle.emit()

    def _give(self, parcel: _Parcel) -> None:
        if not shiboken6.isValid(parcel.owner):
            return
        if parcel.ticket and self._newest.get(parcel.ticket[0]) != parcel.ticket[1]:
            return
        if parcel.problem is None:
            if parcel.done is not None:
                parcel.done(parcel.result)
        elif parcel.failed is not None:
            parcel.failed(parcel.problem)
        else:
            self._report(parcel.owner, parcel.problem)


def _hand_over(tasks: weakref.ref[Tasks], number: int, future: Future[None]) -> None:
    """Runs on the lane: the window may be gone already when the program ends."""
    there = tasks()
    if there is not None and shiboken6.isValid(there):
        there._finished.emit(number, future.cancelled())
