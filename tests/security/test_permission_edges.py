"""The table of rights worked out anew, and what is taken for granted where nothing is told."""

from __future__ import annotations

import importlib.util
import itertools
from types import ModuleType

import pytest

from bt_desktop.security import permissions
from bt_desktop.security.permissions import FORMS, Action, Role, covered_forms, may
from tests.security.test_permissions_table import PARTS, ROLES, allowed, expected

ABOUT_RECORDS = tuple(one for one in Action if one.value.startswith("record."))


@pytest.fixture
def anew() -> ModuleType:
    """The table is made while the program loads: loaded once more, beside the one in use."""
    spec = importlib.util.find_spec(permissions.__name__)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    assert loaded.Role is not Role
    return loaded


def test_every_time_it_is_loaded_the_table_is_the_one_written_out_by_hand(anew: ModuleType) -> None:
    cells = itertools.product(ABOUT_RECORDS, ROLES, (*FORMS, None), (*PARTS, None), (True, False))
    for action, role, form, part, own in cells:
        found = anew.may(role.value, anew.Action(action.value), own=own, part=part, form=form)
        cell = expected(action.value, role.value, form, part)
        assert found is allowed(cell, own=own, recent=True, injury=False), (action, role, form)


def test_what_nobody_says_is_one_s_own_is_not() -> None:
    assert not may(Role.TECHNICIAN, Action.RECORD_READ)
    assert may(Role.ADMINISTRATOR, Action.ACCOUNT_CLOSE)
    assert covered_forms(Role.TECHNICIAN, Action.RECORD_READ) == frozenset()
    assert covered_forms(Role.TECHNICIAN, Action.RECORD_READ, own=True) == frozenset(FORMS)


def test_a_record_is_of_this_week_and_nobody_was_hurt_where_nothing_else_is_told() -> None:
    assert may(Role.FRONT_OFFICE, Action.RECORD_READ, own=True, form="first_aid")
    assert not may(Role.NURSE, Action.RECORD_READ, form="incident")
    assert may(Role.NURSE, Action.RECORD_READ, form="incident", injury=True)
