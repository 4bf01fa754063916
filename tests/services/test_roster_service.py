"""An import is shown first, then done at once or not at all; nobody is doubled, nobody deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bt_desktop.clock import SetClock
from bt_desktop.errors import Denied
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.roster import ConfirmImport, PreviewOutdated, RosterPreview
from bt_desktop.services.workspace import Workspace
from tests.factory import School, set_up
from tests.services.oneroster_maker import RosterMaker, small


@pytest.fixture
def office(tmp_path: Path, clock: SetClock) -> Iterator[Workspace]:
    """A vault with its administrator (Tom Becker) and nobody else."""
    workspace, _ = set_up(tmp_path / "vault", clock)
    yield workspace
    workspace.lock()


def bring_in(office: Workspace, made: RosterMaker, folder: Path, **how: bool) -> RosterPreview:
    preview = office.roster.preview(made.write(folder))
    office.roster.apply(preview, **how)
    return preview


def student(office: Workspace, name: str) -> str:
    [hit] = office.people.search(name)
    return hit.id


def test_a_first_import_adds_everyone_once(office: Workspace, tmp_path: Path) -> None:
    preview = bring_in(office, small(), tmp_path / "a")
    assert preview.count("added", "student") == 3
    assert preview.count("added", "staff") == 2
    assert [(c.name, c.adopted) for c in preview.changed] == [("Tom Becker", True)]
    mateo = office.people.get(student(office, "mateo nunez"))
    assert (mateo.grade, mateo.teacher, mateo.birth_date) == ("4", "Priya Raman", date(2017, 3, 9))
    [rosa] = office.people.guardians(mateo.id)
    assert (rosa.name, rosa.relation, rosa.allowed) == ("Rosa Núñez", "parent", True)
    again = office.roster.preview(tmp_path / "a")
    assert not again.changes_anything
    assert again.unchanged == {"student": 3, "staff": 3, "guardian": 1}


def test_changes_are_shown_field_by_field(office: Workspace, tmp_path: Path) -> None:
    bring_in(office, small(), tmp_path / "a")
    made = small()
    made.rows["users"][1].update(grades="05", familyName="Kowalska")
    preview = office.roster.preview(made.write(tmp_path / "b"))
    [change] = preview.changed
    assert {(f.label, f.old, f.new) for f in change.fields} == {
        ("Grade", "4", "5"),
        ("Last name", "Kowalczyk", "Kowalska"),
    }
    office.roster.apply(preview)
    assert student(office, "kowalska")


def test_a_blank_erases_nothing(office: Workspace, tmp_path: Path) -> None:
    bring_in(office, small(), tmp_path / "a")
    made = small()
    made.rows["users"][0].update(grades="", identifier="")
    made.rows.pop("demographics")
    assert not office.roster.preview(made.write(tmp_path / "b")).changes_anything


def test_who_is_missing_from_a_whole_set_becomes_inactive(
    office: Workspace, tmp_path: Path
) -> None:
    bring_in(office, small(), tmp_path / "a")
    lucja = student(office, "lucja")
    made = small()
    made.rows["users"] = [row for row in made.rows["users"] if row["sourcedId"] != "s-lucja"]
    made.rows["enrollments"] = []
    preview = office.roster.preview(made.write(tmp_path / "b"))
    assert [(p.name, p.why) for p in preview.made_inactive] == [("Łucja Kowalczyk", "missing")]
    with pytest.raises(ConfirmImport):
        office.roster.apply(preview)  # one of three is more than a fifth
    assert office.people.get(lucja).active
    office.roster.apply(preview, confirmed=True)
    assert not office.people.get(lucja).active
    assert office.people.search("lucja") == ()
    back = bring_in(office, small(), tmp_path / "c")
    assert [change.returns for change in back.changed] == [True]
    assert office.people.get(lucja).active


@pytest.mark.parametrize("damage", ["cut", "bad row", "no manifest", "delta"])
def test_a_set_that_is_not_whole_makes_nobody_inactive(
    office: Workspace, tmp_path: Path, damage: str
) -> None:
    bring_in(office, small(), tmp_path / "a")
    made = small(mode="delta" if damage == "delta" else "bulk")
    if damage == "delta":
        made.rows["users"] = made.rows["users"][:1]
    text = made.texts()["users.csv"]
    changed: dict[str, str | None] = {}
    if damage == "cut":
        changed["users"] = text[:-120]
    elif damage == "bad row":
        changed["users"] = text.replace("Kowalczyk", "Kowalczyk,x")
    elif damage == "no manifest":
        changed = {"manifest": None, "users": "\r\n".join(text.split("\r\n")[:3]) + "\r\n"}
    preview = office.roster.preview(made.write(tmp_path / "b", **changed))
    assert preview.made_inactive == ()
    assert preview.problems or damage == "delta"


def test_an_administrator_with_an_account_stays(office: Workspace, tmp_path: Path) -> None:
    bring_in(office, small(), tmp_path / "a")
    made = small()
    made.rows["users"] = [row for row in made.rows["users"] if row["sourcedId"][:2] != "t-"]
    made.person("t-new", "teacher", "New", "Teacher")
    made.rows.pop("enrollments")
    preview = bring_in(office, made, tmp_path / "b")
    assert {p.name for p in preview.made_inactive} == {"Priya Raman", "Dana Whitcomb"}
    assert office.people.get(office.actor.staff_id).active


def test_a_delta_touches_only_what_it_names(office: Workspace, tmp_path: Path) -> None:
    bring_in(office, small(), tmp_path / "a")
    delta = RosterMaker("1.2", "delta")
    delta.add("users", sourcedId="s-huy", enabledUser="true", givenName="Huy",
              familyName="Nguyễn", preferredGivenName="Henry")  # fmt: skip
    delta.add("users", sourcedId="s-lucja", status="tobedeleted", enabledUser="true")
    delta.add("users", sourcedId="nobody", enabledUser="true", givenName="No", familyName="Body")
    delta.add("demographics", sourcedId="s-mateo", birthDate="2017-03-08")
    preview = bring_in(office, delta, tmp_path / "b", confirmed=True)
    assert {(c.name, f.label, f.new) for c in preview.changed for f in c.fields} == {
        ("Huy Nguyễn", "Called", "Henry"),
        ("Mateo Núñez-Okafor", "Birth date", "2017-03-08"),
    }
    assert [(p.name, p.why) for p in preview.made_inactive] == [("Łucja Kowalczyk", "deleted")]
    assert preview.added == ()


def test_a_child_added_by_hand_is_not_doubled(office: Workspace, tmp_path: Path) -> None:
    by_hand = office.people.add_student(
        NewStudent("Lucja", "Kowalczyk", birth_date=date(2016, 12, 1), health_note="asthma")
    )
    namesake = office.people.add_student(NewStudent("Huy", "Nguyễn", birth_date=date(2015, 1, 1)))
    preview = bring_in(office, small(), tmp_path / "a")
    assert [c.name for c in preview.changed if c.adopted and c.kind == "student"] == [
        "Lucja Kowalczyk"
    ]
    found = office.people.get(by_hand)
    assert (found.given, found.grade, found.health_note) == ("Łucja", "4", "asthma")
    assert not office.people.get(namesake).from_roster


def test_an_id_given_to_another_child_changes_nothing(office: Workspace, tmp_path: Path) -> None:
    bring_in(office, small(), tmp_path / "a")
    made = small()
    made.rows["users"][1].update(givenName="Someone", familyName="Else")
    made.rows["demographics"][1]["birthDate"] = "2015-05-05"
    preview = bring_in(office, made, tmp_path / "b")
    assert [p.code for p in preview.problems] == ["id-of-someone-else"]
    assert office.people.get(student(office, "lucja")).active


def test_a_link_that_ended_is_ended_and_keeps_its_flags(office: Workspace, tmp_path: Path) -> None:
    made = small()
    made.rows["users"][1]["agentSourcedIds"] = "g-rosa"
    bring_in(office, made, tmp_path / "a")
    lucja = student(office, "lucja")
    assert len(office.people.guardians(lucja)) == 1
    preview = bring_in(office, small(), tmp_path / "b")
    assert preview.links_ended == (("s-lucja", "g-rosa"),)
    assert office.people.guardians(lucja) == ()
    assert len(office.people.guardians(student(office, "mateo"))) == 1


def test_a_link_the_wrong_way_round_needs_a_person(office: Workspace, tmp_path: Path) -> None:
    made = small()
    made.person("g-t", "relative", "Tia", "Nguyễn", agentSourcedIds="s-huy")
    preview = office.roster.preview(made.write(tmp_path / "a"))
    assert [(k.student, k.guardian) for k in preview.doubtful_links] == [("s-huy", "g-t")]
    office.roster.apply(preview, links=preview.doubtful_links)
    [aunt] = office.people.guardians(student(office, "huy"))
    assert (aunt.relation, aunt.may_receive_copies) == ("relative", False)


def test_a_preview_that_is_out_of_date_changes_nothing(office: Workspace, tmp_path: Path) -> None:
    preview = office.roster.preview(small().write(tmp_path / "a"))
    office.roster.apply(preview)
    with pytest.raises(PreviewOutdated):
        office.roster.apply(preview)
    assert len(office.people.search("mateo")) == 1


def test_an_import_leaves_a_trace_without_names(office: Workspace, tmp_path: Path) -> None:
    bring_in(office, small(), tmp_path / "a")
    entries = [entry for entry in office.log.entries() if entry.action == "roster.import"]
    assert len(entries) == 1
    assert "Mateo" not in repr(entries)


def test_only_who_may_import_does(school: School, tmp_path: Path) -> None:
    folder = small().write(tmp_path / "a")
    with pytest.raises(Denied):
        school.sign_in("dana").roster.preview(folder)
    preview = school.sign_in("olga").roster.preview(folder)
    assert {c.name for c in preview.changed if c.adopted} >= {"Dana Whitcomb", "Priya Raman"}


def test_the_search_and_the_net_know_the_new_children(office: Workspace, tmp_path: Path) -> None:
    assert office.people.search("mateo") == ()
    assert len(office.people.student_names().people) == 0
    bring_in(office, small(), tmp_path / "a")
    assert len(office.people.search("mateo")) == 1
    assert len(office.people.student_names().people) == 3
    assert len(office.people.offered_names().people) == 6
