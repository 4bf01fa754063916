"""The same story many times over: once or twice a day, and in full by `make long`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def often(daily: Iterable[Any], of: Iterable[Any]) -> list[Any]:
    """What a story is told for: all `of` them, those that are not `daily` by `make long` alone."""
    chosen = list(daily)
    return [one if one in chosen else pytest.param(one, marks=pytest.mark.slow) for one in of]
