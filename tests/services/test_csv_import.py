"""Any table is mapped, shown, then done at once; the mapping is remembered; nobody is doubled."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bt_desktop.errors import Denied
from bt_desktop.services.csv_table import NotATable
from bt_desktop.services.results.people import NewGuardian, NewStudent
from bt_desktop.services.roster import ConfirmImport, PreviewOutdated
from bt_desktop.services.work_progress import Canceled, Progress
from bt_desktop.services.workspace import Workspace
from tests.factory import School, mateo
from tests.services.csv_kit import AERIES, brought, choice_of, codes, looked, mapped, put


@pytest.fixture
def w(school: School) -> Workspace:
    """The front office."""
    return school.sign_in("olga")


def student(w: Workspace, name: str) -> str:
    [hit] = w.people.search(name)
    return hit.id


def test_a_table_is_guessed_shown_and_brought_in(w: Workspace, tmp_path: Path) -> None:
    path = put(tmp_path, AERIES)
    [found] = w.tables.look([path])
    assert (found.kind, found.rows, found.remembered) == ("students", 2, False)
    guessed = {one.header: one.guess for one in found.columns}
    assert guessed["Perm ID"] == "student_number"
    assert guessed["Parent/Guardian"] == "guardian1.name"
    assert guessed["Mother Phone"] == "mother.phone"
    assert found.columns[1].samples == ("Brooks", "Petrov")
    preview = looked(w, path)
    assert preview.count("added", "student") == 2
    assert w.people.search("aaliyah") == ()  # nothing before the import
    w.tables.apply(preview)
    aaliyah = w.people.get(student(w, "aaliyah"))
    assert (aaliyah.family, aaliyah.middle, aaliyah.grade) == ("Brooks", "Rose", "4")
    assert (aaliyah.birth_date, aaliyah.student_number) == (date(2017, 3, 22), "001001")
    assert (aaliyah.teacher, aaliyah.home_language) == ("Priya Raman", "es")
    assert (aaliyah.plans, aaliyah.allergies) == (("iep",), "Peanuts, bees")
    assert aaliyah.medical_alert == "No prone hold: asthma"
    jonah = w.people.get(student(w, "jonah"))
    assert (jonah.grade, jonah.plans, jonah.allergies) == ("K", ("section_504",), "")
    assert jonah.custody_alert == "Father: court order"


def test_guardians_stand_beside_their_students(w: Workspace, tmp_path: Path) -> None:
    brought(w, put(tmp_path, AERIES))
    [maya] = w.people.guardians(student(w, "aaliyah"))
    assert (maya.name, maya.relation, maya.allowed) == ("Maya Brooks", "guardian", True)


def test_a_case_manager_and_a_teacher_make_caseloads(
    school: School, w: Workspace, tmp_path: Path
) -> None:
    brought(w, put(tmp_path, AERIES))
    aaliyah = student(w, "aaliyah")
    assert w.people.get(aaliyah).case_manager == school.ids["dana"]
    assert w.caseloads.of(school.ids["dana"]) == {aaliyah}
    assert len(w.caseloads.of(school.ids["priya"])) == 2
    # Aaliyah changes rooms: the rows follow.
    later = AERIES.replace('"Raman, Priya",Spanish', '"Whitcomb, Dana",Spanish')
    preview = brought(w, put(tmp_path, later))
    assert preview.classes >= 1
    assert aaliyah not in w.caseloads.of(school.ids["priya"])


def test_the_same_table_again_changes_nothing(w: Workspace, tmp_path: Path) -> None:
    path = put(tmp_path, AERIES)
    brought(w, path)
    again = looked(w, path)
    assert not again.changes_anything, (again.changed, again.links, again.classes)
    assert again.unchanged["student"] == 2


def test_the_mapping_is_remembered_by_the_headers(w: Workspace, tmp_path: Path) -> None:
    path = put(tmp_path, "Kid,Family,Nr\nAda,Ito,77\n")
    [found] = w.tables.look([path])
    assert [one.guess for one in found.columns] == ["", "", ""]
    with pytest.raises(NotATable) as lacking:
        w.tables.preview([choice_of(found)])
    assert lacking.value.code == "table-columns"
    choice = mapped(choice_of(found), c0="given", c1="family", c2="student_number")
    w.tables.preview([choice])
    # Another file with the same headers in another order is known.
    [again] = w.tables.look([put(tmp_path, "Nr,KID ,Family\n78,Bo,Ito\n", "more.csv")])
    assert again.remembered
    assert [one.guess for one in again.columns] == ["student_number", "given", "family"]


def test_several_tables_belong_together(school: School, w: Workspace, tmp_path: Path) -> None:
    students = put(tmp_path, 'Student Number,Name,DOB,Grade\n7,"Ito, Ada",5/30/2016,5\n')
    health = put(tmp_path, "StudentNumber,Allergies\n7,Latex\n99,Milk\n", "health.csv")
    contacts = put(
        tmp_path,
        "StudentID,Relationship,First Name,Last Name,Cell Phone,Email,No Contact\n"
        "7,Mother,Kei,Ito,555-010-0003,kei@example.org,\n"
        "7,Father,Ken,Ito,555-010-0004,,Y\n"
        "8,Mother,Eva,Roe,555-010-0005,,\n",
        "contacts.csv",
    )
    staff = put(tmp_path, "Employee ID,First Name,Last Name,Job Title\n1,Uma,Diaz,Aide\n", "st.csv")
    preview = brought(w, students, health, contacts, staff)
    assert [one.kind for one in preview.added] == ["staff", "student", "guardian", "guardian"]
    ada = student(w, "ada ito")
    assert w.people.get(ada).allergies == "Latex"
    kei, ken = sorted(w.people.guardians(ada), key=lambda one: one.given)
    assert (kei.relation, kei.email, kei.allowed) == ("mother", "kei@example.org", True)
    assert (ken.no_contact, ken.allowed) == (True, False)
    assert {(p.file, p.code) for p in preview.problems} == {
        ("health.csv", "unknown-number"),
        ("contacts.csv", "no-student"),
    }
    assert any(one.title == "Aide" and one.family == "Diaz" for one in w.people.staff())


def test_a_blank_cell_erases_nothing(school: School, w: Workspace, tmp_path: Path) -> None:
    told = 'Name,DOB,Grade,Health Note,Allergies,IEP\n"Núñez-Okafor, Mateo",3/9/2017,,,,\n'
    assert not looked(w, put(tmp_path, told)).changes_anything


def test_by_hand_entered_students_are_found_by_name_and_birth_date(
    school: School, w: Workspace, tmp_path: Path
) -> None:
    told = 'ID,Name,DOB,Grade\n55,"Nunez-Okafor, Mateo",2017-03-09,5\n'
    preview = looked(w, put(tmp_path, told))
    [change] = preview.changed
    assert change.id == school.ids["mateo"].partition(":")[2]
    assert ("Grade", "4", "5") in {(f.label, f.old, f.new) for f in change.fields}
    assert preview.added == ()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('ID,Name\n,"Núñez-Okafor, Mateo"\n', "namesake"),
        ('Name,DOB\n"Núñez-Okafor, Mateo",1/1/2016\n', None),  # a namesake of another birth date
        ('ID,Name\n9,"Núñez-Okafor, Mateo"\n', "by-name"),
    ],
)
def test_a_name_alone_never_doubles_silently(
    school: School, w: Workspace, tmp_path: Path, row: str, code: str | None
) -> None:
    preview = looked(w, put(tmp_path, row))
    assert [c for _, c in codes(preview)] == ([code] if code else [])
    assert len(preview.added) == (0 if code else 1)


def test_a_number_of_someone_else_changes_nobody(w: Workspace, tmp_path: Path) -> None:
    w.people.add_student(NewStudent("Ada", "Ito", student_number="0042"))
    preview = looked(w, put(tmp_path, "ID,First,Last,Grade\n42,Bo,Roe,3\n42,Ada,Ito,4\n"))
    assert codes(preview) == [(2, "number-of-someone-else")]
    [change] = preview.changed
    assert {f.field for f in change.fields} == {"grade"}  # the zeros of the number stay


def test_protection_is_set_but_never_taken_away(
    school: School, w: Workspace, tmp_path: Path
) -> None:
    ada = w.people.add_student(NewStudent("Ada", "Ito", student_number="7", sensitive=True))
    w.people.add_guardian(ada, NewGuardian("Ken", "Ito", no_contact=True, may_receive_copies=False))
    told = (
        "ID,Name,Sensitive,Guardian 1 Name,Guardian 1 No Contact,Guardian 1 Receive Copies\n"
        '7,"Ito, Ada",no,Ken Ito,N,Y\n'
    )
    preview = brought(w, put(tmp_path, told))
    assert [code for _, code in codes(preview)] == ["flag-stays"] * 3
    assert w.people.get(ada).sensitive
    [ken] = w.people.guardians(ada)
    assert ken.no_contact
    assert not ken.may_receive_copies


def test_siblings_share_a_guardian_and_namesakes_do_not(w: Workspace, tmp_path: Path) -> None:
    told = (
        "ID,Name,Guardian 1 Name,Guardian 1 Phone\n"
        '1,"Ito, Ada",Ken Ito,555-010-0004\n'
        '2,"Ito, Bo",Ken Ito,(555) 010 0004\n'
        '3,"Ito, Cy",Ken Ito,555-010-9999\n'
    )
    brought(w, put(tmp_path, told))
    ids = [w.people.guardians(student(w, name))[0].id for name in ("ada ito", "bo ito", "cy ito")]
    assert ids[0] == ids[1] != ids[2]


def test_who_is_missing_leaves_only_where_the_tables_hold_everyone(
    school: School, w: Workspace, tmp_path: Path
) -> None:
    path = put(tmp_path, AERIES)
    assert looked(w, path).made_inactive == ()
    preview = looked(w, path, everyone=True)
    assert {one.name for one in preview.made_inactive} >= {"Mateo Núñez-Okafor"}
    with pytest.raises(ConfirmImport):
        w.tables.apply(preview)
    w.tables.apply(preview, confirmed=True)
    assert not w.people.get(school.ids["mateo"]).active
    # A row that could not be read never makes its student leave.
    spoiled = AERIES + "001003,Roe\r\n"
    assert looked(w, put(tmp_path, spoiled), everyone=True).made_inactive == ()


def test_who_left_is_told_by_status_or_day(school: School, w: Workspace, tmp_path: Path) -> None:
    told = (
        "Name,DOB,Status,Exit Date\n"
        '"Núñez-Okafor, Mateo",3/9/2017,Withdrawn,\n'
        '"Kowalczyk, Łucja",12/1/2016,Active,10/30/2026\n'
        '"Nguyễn, Huy",5/22/2017,Active,6/10/2027\n'
        '"Roe, Bo",5/23/2017,Inactive,\n'
    )
    preview = looked(w, put(tmp_path, told))
    assert {one.name for one in preview.made_inactive} == {"Mateo Núñez-Okafor", "Łucja Kowalczyk"}
    assert "Bo Roe" not in {one.name for one in preview.added}


def test_people_changed_meanwhile_ask_for_a_new_preview(
    school: School, w: Workspace, tmp_path: Path
) -> None:
    told = 'Name,DOB,Grade\n"Núñez-Okafor, Mateo",3/9/2017,5\n'
    preview = looked(w, put(tmp_path, told))
    w.people.update_student(school.ids["mateo"], mateo(grade="6"))
    with pytest.raises(PreviewOutdated):
        w.tables.apply(preview)


def test_reading_can_be_stopped(w: Workspace, tmp_path: Path) -> None:
    [found] = w.tables.look([put(tmp_path, AERIES)])
    going = Progress()
    going.cancel()
    with pytest.raises(Canceled):
        w.tables.preview([choice_of(found)], progress=going)


@pytest.mark.parametrize("who", ["dana", "maria", "amir"])
def test_others_import_nothing(school: School, tmp_path: Path, who: str) -> None:
    with pytest.raises(Denied):
        school.sign_in(who).tables.look([put(tmp_path, AERIES)])


def test_the_trail_tells_counts_and_no_names(school: School, w: Workspace, tmp_path: Path) -> None:
    brought(w, put(tmp_path, AERIES))
    entries = school.sign_in("tom").log.entries(limit=10)
    told = next(one for one in entries if one.action == "roster.import")
    assert "Brooks" not in repr(told)
