"""Forms are read once for the run of the program, and again when their files change."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bt_desktop import paths
from bt_desktop.form_engine.definition import Form
from bt_desktop.services.forms_kept import FormShelf
from bt_desktop.services.workspace import Workspace
from tests.factory import School


def asked(workspace: Workspace, form: str) -> Form:
    """The form as a shelf that was just made, as at each sign-in, gives it."""
    with workspace._context.store.read() as session:
        return FormShelf().today(session, form)


def test_the_next_sign_in_finds_the_forms_read(school: School) -> None:
    first = school.sign_in("dana")
    before = asked(first, "incident")
    first.lock()
    assert asked(school.sign_in("dana"), "incident") is before


def test_a_form_whose_file_changed_is_read_again(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "forms"
    shutil.copytree(paths.forms_dir(), folder)
    monkeypatch.setattr(paths, "forms_dir", lambda: folder)
    dana = school.sign_in("dana")
    before = asked(dana, "incident")
    changed = folder / "incident.yaml"
    changed.write_text(changed.read_text("utf-8") + "# one line more\n", "utf-8")
    os.utime(changed, ns=(1, 1))  # a file system whose clock is coarse must not hide it
    assert asked(dana, "incident") is not before


def test_schools_that_ask_differently_do_not_share_a_form(school: School) -> None:
    admin = school.sign_in("tom")
    before = asked(admin, "restraint")
    admin.school.set_hold_names(("Seated hold of two",))
    after = asked(admin, "restraint")
    assert "Seated hold of two" in after.source
    assert "Seated hold of two" not in before.source
