"""Who may do what: every cell written out a second time, by hand, apart from the program's table.

A cell: `-` never · `A` always · `O` one's own only · `X` only where it is not one's own. Deeds on
parts of a record list the parts: `part=cell`.
"""

from __future__ import annotations

import itertools

import pytest

from bt_desktop.security.permissions import Action, Role, may

ROLES = (Role.FRONT_OFFICE, Role.TECHNICIAN, Role.NURSE, Role.ADMINISTRATOR, Role.AUDITOR)
PARTS = ("report", "statement", "nurse", "review", "follow_up", "debrief")

EXPECTED = """
deed                     front_office  technician  nurse  administrator  auditor
record.list              A             A           A      A              A
record.start             A             A           -      A              -
record.read              O             O           *      A              A
record.edit              *             *           *      *              -
record.sign              *             *           *      *              -
record.amend             -             O           O      A              -
record.countersign       -             -           -      X              -
record.hand_over         O             O           O      A              -
statement.add            O             O           O      O              -
notice.read              A             O           A      A              A
notice.add               A             O           A      A              -
attachment.read          O             O           O      A              A
attachment.add           A             O           O      A              -
copy.blank               A             A           A      A              -
copy.draft               O             O           O      A              -
copy.school              A             -           -      A              -
copy.parent.release      A             -           -      A              -
copy.parent.print        A             -           -      A              -
copy.log                 A             O           O      A              A
people.search            A             A           A      A              -
people.read              A             A           A      A              -
guardian.read            A             A           A      A              -
people.add               A             A           -      A              -
people.edit              A             -           -      A              -
roster.import            A             -           -      A              -
account.list             A             A           A      A              A
account.add              -             -           -      A              -
account.close            -             -           -      X              -
account.open             -             -           -      X              -
account.set_role         -             -           -      X              -
account.reset_password   -             -           -      X              -
account.change_password  O             O           O      O              O
recovery.replace         -             -           -      A              -
log.read                 -             O           O      A              A
log.verify               -             -           -      A              A
log.export               -             -           -      -              A
school.read              A             A           A      A              A
school.edit              -             -           -      A              -
school.training_list     -             -           -      A              -
"""

# The cells marked * above: report, statement, nurse, review, follow_up, debrief, and no part told.
BY_PART = {
    ("record.read", "nurse"): "O O A O O O O",
    ("record.edit", "front_office"): "O O - - - - -",
    ("record.edit", "technician"): "O O - - - - -",
    ("record.edit", "nurse"): "- O A - - - -",
    ("record.edit", "administrator"): "O O - A A A -",
    ("record.sign", "front_office"): "- O - - - - -",
    ("record.sign", "technician"): "O O - - - - -",
    ("record.sign", "nurse"): "- O A - - - -",
    ("record.sign", "administrator"): "O O - X A A -",
}


def table():
    rows = [line.split() for line in EXPECTED.strip().splitlines()]
    head, cells = rows[0][1:], rows[1:]
    return {(row[0], role): cell for row in cells for role, cell in zip(head, row[1:], strict=True)}


def expected(action, role, part):
    cell = table()[action, role]
    if cell != "*":
        return cell
    return BY_PART[action, role].split()[(*PARTS, None).index(part)]


CELLS = list(itertools.product(Action, ROLES, (*PARTS, None)))


def test_every_deed_and_role_is_written_out():
    written = {deed for deed, _ in table()}
    assert written == {action.value for action in Action}
    assert {role for _, role in table()} == {role.value for role in Role}
    assert len(CELLS) == len(Action) * 5 * 7


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
@pytest.mark.parametrize("action", list(Action), ids=lambda action: action.value)
@pytest.mark.parametrize("part", [*PARTS, None])
def test_cell(action, role, part):
    cell = expected(action.value, role.value, part)
    allowed = {own: may(role, action, own=own, part=part) for own in (True, False)}
    meaning = {"-": (False, False), "A": (True, True), "O": (True, False), "X": (False, True)}[cell]
    assert (allowed[True], allowed[False]) == meaning
    assert may(role.value, action, own=True, part=part) is meaning[0], "a role by its stored name"


@pytest.mark.parametrize("action", list(Action), ids=lambda action: action.value)
@pytest.mark.parametrize("role", ["", "system", "Administrator", "principal"])
def test_an_unknown_role_may_nothing(action, role):
    assert not may(role, action, own=True)
    assert not may(role, action, own=False)


def test_an_unknown_part_is_nobodys():
    for role in ROLES:
        for action in (Action.RECORD_EDIT, Action.RECORD_SIGN):
            assert not may(role, action, own=True, part="invoice")
