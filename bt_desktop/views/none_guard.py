"""Keeps the program alive where PySide6 6.12 meets Python 3.10 or 3.11.

Those wheels are built as if `None`, `True` and `False` were immortal, which they are only since
Python 3.12: a Qt call that gives nothing back takes a reference to `None` away, and after some ten
thousand calls Python aborts with "deallocating None" (or "deallocating True or False"). Measured
with PySide6 6.12.0 on Python 3.11.7: 1,000 calls of `setObjectName` take 1,000 references.
"""

from __future__ import annotations

import sys

IMMORTAL_SINCE = (3, 12)


def keep_none_alive(version: tuple[int, ...] = tuple(sys.version_info[:2])) -> bool:
    """Give `None` and its like more references than any sitting can take; True if needed here."""
    if version >= IMMORTAL_SINCE or sys.implementation.name != "cpython":
        return False
    import ctypes  # deferred: newer Pythons start without it

    # The reference count is the first field of every object of CPython.
    for one in (None, True, False, NotImplemented, ...):
        ctypes.c_ssize_t.from_address(id(one)).value += sys.maxsize >> 2
    return True
