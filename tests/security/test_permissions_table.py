"""Who may do what: every cell written out a second time, by hand, apart from the program's table.

A cell: `-` never · `A` always · `O` one's own only · `X` only where it is not one's own · `W` one's
own within a week · `I` where somebody was hurt. Deeds on parts of a record list the parts.

A row holds for the forms named before the deed (none: every form of the education record, and a
deed that is about no form). `private` are the reports for the district's risk management.
Source: design/security.md §6; where the program allows more, docs/decisions/0008.
"""

from __future__ import annotations

import itertools

import pytest

from bt_desktop.security.permissions import FORMS, Action, Role, covered_forms, may, may_some

ROLES = (Role.FRONT_OFFICE, Role.TECHNICIAN, Role.NURSE, Role.ADMINISTRATOR, Role.AUDITOR)
PARTS = ("report", "statement", "nurse", "review", "follow_up", "debrief")
EDUCATION = ("restraint", "incident", "first_aid", "medication_error", None)
PRIVATE = ("risk", "staff_injury")

EXPECTED = """
deed                     front_office  technician  nurse  administrator  auditor
record.list              A             A           A      A              A
record.start             A             A           -      A              -
record.read              O             O           *      A              A
record.edit              *             *           *      *              -
record.sign              *             *           *      *              -
record.amend             -             -           O      A              -
record.countersign       -             -           -      X              -
record.hand_over         O             O           O      A              -
statement.add            O             O           O      O              -
notice.read              A             O           A      A              A
notice.add               A             O           A      A              -
attachment.read          O             O           O      A              A
attachment.add           A             O           O      A              -
event.join               O             O           O      A              -
head.override            -             -           A      A              -
search.text              A             A           A      A              A
list.export              -             -           -      A              -
view.share               -             -           -      A              -
access.read              -             -           -      A              A
access.print             -             -           -      A              -
deadline.read            A             O           A      A              A
deadline.excuse          O             O           O      A              -
calendar.read            A             A           A      A              A
calendar.edit            -             -           -      A              -
violence.read            -             -           -      A              A
violence.export          -             -           -      A              -
health.read              O             O           A      O              -
health.totals            -             -           A      A              A
health.glass             -             -           -      A              -
health.glass.review      -             -           -      X              -
order.edit               -             -           A      -              -
order.review             -             -           A      -              -
dose.record              O             O           A      O              -
dose.override            -             -           A      A              -
dose.emergency           A             A           A      A              -
stock.edit               -             -           A      -              -
stock.witness            A             A           A      A              -
month.close              -             -           A      -              -
delegation.edit          -             -           A      -              -
visit.add                A             -           A      -              -
health.print             -             -           A      -              -
health.export            -             -           A      -              -
health.card              A             A           A      A              -
health.settings          -             -           A      A              -
away.read                A             A           A      A              -
away.edit                A             -           A      A              -
copy.blank               A             A           A      A              -
copy.draft               O             O           O      A              -
copy.school              A             -           -      A              -
copy.parent.release      A             -           -      A              -
copy.parent.print        A             -           -      A              -
copy.parent.override     -             -           -      A              -
copy.log                 A             O           O      A              A
people.search            A             A           A      A              -
people.read              A             A           A      A              -
guardian.read            A             A           A      A              -
people.add               A             A           -      A              -
people.edit              A             -           -      A              -
people.health            A             -           A      A              -
roster.import            A             -           -      A              -
photo.read               A             A           A      A              -
photo.edit               A             -           A      A              -
caseload.edit            A             -           -      A              -
year.rollover            -             -           -      A              -
account.list             A             A           A      A              A
account.add              -             -           -      A              -
account.close            -             -           -      X              -
account.open             -             -           -      X              -
account.set_role         -             -           -      X              -
account.reset_password   -             -           -      X              -
account.change_password  O             O           O      O              O
recovery.replace         -             -           -      A              -
key.change               -             -           -      A              -
backup.make              A             -           -      A              -
backup.restore           -             -           -      A              -
log.read                 -             O           O      A              A
log.verify               -             -           -      A              A
log.export               -             -           -      -              A
log.slip                 -             -           -      A              A
trail.accept             -             -           -      A              -
school.read              A             A           A      A              A
school.edit              -             -           -      A              -
school.training_list     -             -           -      A              -
"""

# What is otherwise than above for one form of the education record, or two.
BY_FORM = """
forms                deed                  front_office technician nurse administrator auditor
none                 record.read           -            O          *     A             A
restraint            record.amend          -            O          O     A             -
incident             record.amend          O            O          O     A             -
incident             record.read           O            O          *     A             A
first_aid            record.read           W            O          A     A             A
first_aid            record.start          A            A          A     A             -
first_aid            record.amend          -            -          A     A             -
first_aid            record.countersign    -            -          X     X             -
first_aid            attachment.read       O            O          A     A             A
first_aid            attachment.add        A            O          A     A             -
first_aid            copy.draft            O            O          A     A             -
first_aid            copy.school           A            -          A     A             -
first_aid            copy.parent.release   A            -          A     A             -
first_aid            copy.parent.print     A            -          A     A             -
first_aid            copy.log              A            O          A     A             A
first_aid            list.export           -            -          A     A             -
medication_error     record.start          A            A          A     A             -
medication_error     record.read           O            O          A     A             A
medication_error     record.amend          O            O          A     A             -
medication_error     notice.read           O            O          A     A             A
medication_error     notice.add            O            O          A     A             -
medication_error     deadline.read         O            O          A     A             A
medication_error     attachment.read       O            O          A     A             A
medication_error     attachment.add        O            O          A     A             -
medication_error     copy.draft            O            O          A     A             -
medication_error     copy.school           -            -          A     A             -
medication_error     copy.parent.release   -            -          A     A             -
medication_error     copy.parent.print     -            -          A     A             -
medication_error     copy.log              O            O          A     A             A
medication_error     list.export           -            -          A     A             -
"""

# Of the reports for the risk management: everything that is not written here is refused.
PRIVATE_EXPECTED = """
deed                 front_office technician nurse administrator auditor
record.list          O            O          O     A             -
record.start         A            A          A     A             -
record.read          O            O          O     A             -
record.edit          *            *          *     *             -
record.sign          *            *          *     *             -
record.amend         -            -          -     A             -
record.countersign   -            -          -     X             -
record.hand_over     O            O          O     A             -
attachment.read      O            O          O     A             -
attachment.add       O            O          O     A             -
copy.blank           A            A          A     A             -
copy.draft           O            O          O     A             -
copy.school          -            -          -     A             -
copy.log             -            -          -     A             -
list.export          -            -          -     A             -
deadline.read        -            -          -     A             -
deadline.excuse      -            -          -     A             -
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
BY_PART_AND_FORM = {
    ("record.read", "nurse", "incident"): "OI OI A OI OI OI OI",
    ("record.sign", "front_office", "incident"): "O O - - - - -",
    ("record.sign", "front_office", "first_aid"): "O O - - - - -",
    ("record.sign", "front_office", "medication_error"): "O O - - - - -",
    ("record.edit", "nurse", "medication_error"): "O O A - A - -",
    ("record.sign", "nurse", "medication_error"): "O O A - A - -",
    ("record.edit", "nurse", "first_aid"): "O O A A A - -",
    ("record.sign", "nurse", "first_aid"): "O O A X A - -",
    **{
        (deed, role, form): "O O - - - - -"
        for deed in ("record.edit", "record.sign")
        for role in ("front_office", "technician", "nurse", "administrator")
        for form in PRIVATE
    },
    ("record.edit", "administrator", "staff_injury"): "O O - - A - -",
    ("record.sign", "administrator", "staff_injury"): "O O - - A - -",
}


def rows(text):
    lines = [line.split() for line in text.strip().splitlines()]
    return lines[0], lines[1:]


def table():
    head, lines = rows(EXPECTED)
    found = {}
    for deed, *cells in lines:
        for form in EDUCATION:
            for role, cell in zip(head[1:], cells, strict=True):
                found[deed, role, form] = cell
        for form in PRIVATE:
            for role in head[1:]:
                found[deed, role, form] = "-"
    head, lines = rows(BY_FORM)
    for named, deed, *cells in lines:
        for role, cell in zip(head[2:], cells, strict=True):
            assert (deed, role, None if named == "none" else named) in found
            found[deed, role, None if named == "none" else named] = cell
    head, lines = rows(PRIVATE_EXPECTED)
    for deed, *cells in lines:
        for form, (role, cell) in itertools.product(
            PRIVATE, list(zip(head[1:], cells, strict=True))
        ):
            found[deed, role, form] = cell
    return found


TABLE = table()
CELLS = list(itertools.product(Action, ROLES, (*FORMS, None), (*PARTS, None)))


def expected(deed, role, form, part):
    cell = TABLE[deed, role, form]
    if cell != "*":
        return cell
    place = (*PARTS, None).index(part)
    by_form = BY_PART_AND_FORM.get((deed, role, form))
    return (by_form or BY_PART[deed, role]).split()[place]


def allowed(cell, *, own, recent, injury):
    meaning = {
        "-": False,
        "A": True,
        "O": own,
        "X": not own,
        "W": own and recent,
        "I": injury,
        "OI": own or injury,
    }
    return meaning[cell]


def test_every_deed_role_and_form_is_written_out():
    assert {deed for deed, _, _ in TABLE} == {action.value for action in Action}
    assert {role for _, role, _ in TABLE} == {role.value for role in Role}
    assert {form for _, _, form in TABLE} == {*FORMS, None}
    assert set(FORMS) == {*EDUCATION, *PRIVATE} - {None}
    assert len(CELLS) == len(Action) * 5 * 7 * 7


@pytest.mark.parametrize("form", [*FORMS, None])
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_every_cell(role, form):
    for action, part in itertools.product(Action, (*PARTS, None)):
        cell = expected(action.value, role.value, form, part)
        for own, recent, injury in itertools.product((True, False), repeat=3):
            case = {"own": own, "recent": recent, "injury": injury}
            found = may(role, action, part=part, form=form, **case)
            assert found is allowed(cell, **case), (action, part, case)
            assert may(role.value, action, part=part, form=form, **case) is found


@pytest.mark.parametrize("action", list(Action), ids=lambda action: action.value)
def test_what_is_allowed_somewhere_is_offered(action):
    for role in ROLES:
        is_offered_where_allowed(action, role)


def is_offered_where_allowed(action, role):
    cells = [expected(action.value, role.value, form, part) for form in (*FORMS, None)
             for part in (*PARTS, None)]  # fmt: skip
    assert may_some(role, action) is any(cell != "-" for cell in cells)
    for own in (True, False):
        assert covered_forms(role, action, own=own) == {
            form for form in FORMS if may(role, action, own=own, form=form)
        }


@pytest.mark.parametrize("role", ["", "system", "Administrator", "principal"])
def test_an_unknown_role_may_nothing(role):
    for action in Action:
        assert not may(role, action, own=True), action
        assert not may(role, action, own=False), action
        assert not may_some(role, action), action


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_a_confidential_form_that_nobody_listed_is_nobodys(role):
    for action, own, part in itertools.product(Action, (True, False), (*PARTS, None)):
        case = {"own": own, "part": part, "form": "confidential", "injury": True}
        assert not may(role, action, **case), (action, case)


def test_an_unknown_part_is_nobodys():
    for role in ROLES:
        for action in (Action.RECORD_EDIT, Action.RECORD_SIGN):
            assert not may(role, action, own=True, part="invoice")
