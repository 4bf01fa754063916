"""Imports go past Qt again once it is loaded.

PySide6 puts a hook of its own in the place of `__import__`, for `from __feature__ import ...`
(snake case, properties), which nothing here uses. After each import the hook reads the whole source
of the module, and keeps its lines, only to see whether it names PySide6: measured with 6.12, some
17 MiB and a quarter of the time that loading takes. PySide6 leaves the function it put aside in
`builtins.__orig_import__`; a module that the hook does not know has no feature switched on.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - loading it sets the hook


def import_past_qt() -> None:
    """Put Python's own `__import__` back; does nothing where PySide6 did not take its place."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
