"""The small form, opened in the ways that stories need."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bt_desktop.form_engine import Form, FormFaults, FormSession
from tests.form_engine.small_form import form_of, open_form, small_form


@pytest.fixture(scope="session")
def small() -> Form:
    """The small form."""
    return small_form()


@pytest.fixture
def session(small: Form) -> FormSession:
    """The small form, new."""
    return open_form(small)


@pytest.fixture
def faults_of(tmp_path: Path) -> Callable[..., list[tuple[int, str, str]]]:
    """(line, field, code) of each fault of a form text, with a pack text laid over it."""

    def found(text: str, pack: str | None = None) -> list[tuple[int, str, str]]:
        try:
            form_of(text, tmp_path, pack)
        except FormFaults as e:
            return [(f.line, f.field, f.code) for f in e.faults]
        return []

    return found
