"""A roster is read as real exports write it; whatever was not understood is told, by line."""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bt_desktop.services.roster_files import MAX_RATIO, NotARoster
from bt_desktop.services.roster_import import of_school, preview_json, read_roster
from bt_desktop.services.roster_model import RosterSet
from tests.services.oneroster_maker import SECRET, RosterMaker, large, small


def codes(found: RosterSet) -> set[tuple[str, int, str]]:
    return {(problem.file, problem.line, problem.code) for problem in found.problems}


def names(found: RosterSet) -> list[str]:
    return [f"{student.given} {student.family}" for student in found.students]


EVERYONE = ["Mateo Núñez-Okafor", "Łucja Kowalczyk", "Huy Nguyễn"]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_clean_set_is_read_whole(tmp_path: Path, version: str, packed: bool) -> None:
    made = small(version)
    found = read_roster(
        made.zip(tmp_path / "export.zip") if packed else made.write(tmp_path / "export")
    )
    assert found.problems == ()
    assert (found.version, found.kind, found.complete) == (version, "bulk", True)
    assert names(found) == EVERYONE
    mateo = found.students[0]
    assert (mateo.grade, mateo.birth_date) == ("4", date(2017, 3, 9))
    assert (mateo.homeroom, mateo.teacher) == ("Room 14", "Priya Raman")
    assert mateo.student_number == "1001"
    assert [(link.student, link.guardian) for link in found.links] == [("s-mateo", "g-rosa")]
    assert [member.role for member in found.staff] == ["teacher", "administrator", "aide"]
    assert [(g.given, g.relation) for g in found.guardians] == [("Rosa", "parent")]
    assert [school.name for school in found.schools] == ["Maple Creek Elementary"]


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8"]
)
def test_any_unicode_encoding_keeps_the_accents(tmp_path: Path, encoding: str) -> None:
    made = small()
    users = made.texts()["users.csv"].encode(encoding)
    found = read_roster(made.write(tmp_path, users=users))
    assert names(found) == EVERYONE
    assert found.problems == ()


def test_windows_letters_are_read_and_told(tmp_path: Path) -> None:
    made = RosterMaker().student("s1", "Zoë", "Núñez")
    users = made.texts()["users.csv"].encode("cp1252")
    found = read_roster(made.write(tmp_path, users=users))
    assert names(found) == ["Zoë Núñez"]
    assert ("users.csv", 2, "not-utf8") in codes(found)


def test_one_windows_line_does_not_spoil_the_others(tmp_path: Path) -> None:
    made = RosterMaker().student("s1", "Łucja", "Kowalczyk").student("s2", "Zoë", "Bell")
    lines = made.texts()["users.csv"].split("\r\n")
    raw = b"\r\n".join([*(line.encode() for line in lines[:2]), lines[2].encode("cp1252")])
    found = read_roster(made.write(tmp_path, users=raw + b"\r\n"))
    assert names(found) == ["Łucja Kowalczyk", "Zoë Bell"]


def test_headers_are_found_however_they_are_spelled(tmp_path: Path) -> None:
    made = small("1.2")
    made.rows["users"][0]["preferredGivenName"] = "Teo"
    text = made.texts()["users.csv"]
    head, rest = text.split("\r\n", 1)
    odd = (
        head.replace("preferredGivenName", "prefferedGivenName")
        .replace("familyName", " FamilyNmae ", 1)
        .replace("givenName", "GIVENNAME", 1)
        .replace("dateLastModified", "dataLastModified")
    )
    found = read_roster(made.write(tmp_path, users=f"{odd},,\r\n{rest}"))
    assert names(found) == EVERYONE
    assert found.students[0].preferred_given == "Teo"
    assert {p.column for p in found.problems if p.code == "header-guessed"} >= {
        "familyName",
        "preferredGivenName",
    }


def test_columns_in_another_order_and_columns_too_many(tmp_path: Path) -> None:
    made = small()
    made.headers["users"] = ["extraOne", *reversed(made.headers["users"]), "extraTwo"]
    assert names(read_roster(made.write(tmp_path))) == EVERYONE


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_spreadsheet_that_parts_by_other_marks(tmp_path: Path, mark: str) -> None:
    made = small()
    users = made.texts()["users.csv"].replace(",", mark)
    assert names(read_roster(made.write(tmp_path, users=users))) == EVERYONE


def test_file_names_in_any_case_and_roles_in_the_profiles(tmp_path: Path) -> None:
    folder = small("1.2").write(tmp_path)
    (folder / "roles.csv").rename(folder / "userprofiles.csv")
    (folder / "users.csv").rename(folder / "Users.CSV")
    found = read_roster(folder)
    assert names(found) == EVERYONE
    assert ("userprofiles.csv", 0, "roles-in-profiles") in codes(found)


def test_a_folder_in_a_zip_and_mac_leftovers(tmp_path: Path) -> None:
    path = small().zip(tmp_path / "export.zip", "export 2026/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/export 2026/._users.csv", b"\x00\x05\x16")
        archive.writestr("../../users.csv", "sourcedId,givenName,familyName\nx,Out,Side\n")
        archive.writestr("C:\\temp\\users.csv", "sourcedId,givenName,familyName\nx,Out,Side\n")
    found = read_roster(path)
    assert names(found) == EVERYONE
    assert [problem.code for problem in found.problems] == ["zip-path", "zip-path"]
    assert not list(tmp_path.glob("*.csv"))


def test_words_for_yes_and_states_in_any_case(tmp_path: Path) -> None:
    made = RosterMaker()
    for n, (status, enabled) in enumerate(
        [("", "TRUE"), ("Active", "True"), ("active", "1"), ("ACTIVE", ""), ("Scheduled", "true")]
    ):
        made.student(f"s{n}", f"Given{n}", "Family", status=status, enabledUser=enabled)
    found = read_roster(made.write(tmp_path))
    assert len(found.students) == 5
    assert codes(found) == {("users.csv", 6, "unknown-status")}


def test_who_is_gone_is_told_apart(tmp_path: Path) -> None:
    made = small()
    made.student("s-a", "Ann", "Left", status="tobedeleted")
    made.student("s-b", "Ben", "Left", status="inactive")
    made.student("s-c", "Cal", "Left", enabledUser="FALSE")
    found = read_roster(made.write(tmp_path))
    assert names(found) == EVERYONE
    assert [(d.sourced_id, d.kind, d.why) for d in found.departures] == [
        ("s-a", "student", "deleted"),
        ("s-b", "student", "inactive"),
        ("s-c", "student", "disabled"),
    ]


def test_dates_as_they_are_written(tmp_path: Path) -> None:
    written = {
        "2017-03-09": date(2017, 3, 9),
        "2023-05-01T18:25:43.511Z": date(2023, 5, 1),
        "1/05/2017": date(2017, 1, 5),
        "3/3/2017": date(2017, 3, 3),
        "20170309": date(2017, 3, 9),
        "9-Mar-2017": date(2017, 3, 9),
        "March 9, 2017": date(2017, 3, 9),
        "13/13/2017": None,
        "soon": None,
    }
    made = RosterMaker()
    for n, text in enumerate(written):
        made.student(f"s{n}", f"G{n}", "F", born=text)
    found = read_roster(made.write(tmp_path))
    assert [student.birth_date for student in found.students] == list(written.values())
    assert codes(found) == {
        ("demographics.csv", 4, "day-or-month"),
        ("demographics.csv", 9, "no-date"),
        ("demographics.csv", 10, "no-date"),
    }


def test_a_column_that_shows_its_order_is_not_doubted(tmp_path: Path) -> None:
    made = RosterMaker().student("a", "A", "A", born="3/22/2017")
    made.student("b", "B", "B", born="1/05/2017")
    found = read_roster(made.write(tmp_path))
    assert found.students[1].birth_date == date(2017, 1, 5)
    assert found.problems == ()


def test_a_column_with_the_day_first_is_read_so_and_told(tmp_path: Path) -> None:
    made = RosterMaker().student("a", "A", "A", born="22/3/2017")
    made.student("b", "B", "B", born="1/05/2017")
    found = read_roster(made.write(tmp_path))
    assert found.students[1].birth_date == date(2017, 5, 1)
    assert ("demographics.csv", 3, "day-or-month") in codes(found)


def test_links_count_only_from_the_student_to_a_guardian(tmp_path: Path) -> None:
    made = small()
    made.student("s-x", "Xena", "Hart", agentSourcedIds="t-priya,nobody,s-huy,g-rosa")
    made.person("g-turned", "guardian", "Tia", "Nguyễn", agentSourcedIds="s-huy")
    made.person("t-odd", "teacher", "Odd", "Link", agentSourcedIds="s-huy")
    made.rows["users"][3]["agentSourcedIds"] = "s-mateo"  # both ways is sound
    found = read_roster(made.write(tmp_path))
    assert {(k.student, k.guardian) for k in found.links} == {
        ("s-mateo", "g-rosa"),
        ("s-x", "g-rosa"),
    }
    assert [(k.student, k.guardian) for k in found.doubtful_links] == [("s-huy", "g-turned")]
    told = [(p.line, p.code) for p in found.problems]
    assert told.count((9, "link-to-no-guardian")) == 3
    assert {(10, "link-turned"), (11, "link-not-of-a-student")} <= set(told)


def test_a_parent_who_teaches_here_is_both(tmp_path: Path) -> None:
    made = small("1.2")
    made.add("roles", sourcedId="r2", userSourcedId="t-priya", role="parent", roleType="secondary")
    made.rows["users"][1]["agentSourcedIds"] = "t-priya"
    found = read_roster(made.write(tmp_path))
    assert "t-priya" in {g.sourced_id for g in found.guardians}
    assert "t-priya" in {s.sourced_id for s in found.staff}
    assert ("s-lucja", "t-priya") in {(k.student, k.guardian) for k in found.links}
    assert found.problems == ()


def test_two_students_with_one_id_are_both_seen(tmp_path: Path) -> None:
    made = small().student("s-huy", "Another", "Child")
    found = read_roster(made.write(tmp_path))
    assert names(found) == EVERYONE
    assert codes(found) == {("users.csv", 9, "same-id")}


@pytest.mark.parametrize("cut", [30, 50, 100, 140])
def test_a_file_that_ends_mid_row_makes_nobody_inactive(tmp_path: Path, cut: int) -> None:
    made = small()
    text = made.texts()["users.csv"]
    found = read_roster(made.write(tmp_path, users=text.removesuffix("\r\n")[:-cut]))
    assert not found.complete
    assert "cut-off" in {problem.code for problem in found.problems}
    assert names(found) == EVERYONE


def test_a_file_that_ends_mid_quote(tmp_path: Path) -> None:
    made = small()
    text = made.texts()["users.csv"] + 's-z,,,true,school-1,student,z,"{LDAP:1},{LT'
    found = read_roster(made.write(tmp_path, users=text))
    assert names(found) == EVERYONE
    assert ("users.csv", 9, "cut-off") in codes(found)
    assert "s-z" in found.seen


def test_a_quote_never_closed_costs_one_row_not_the_school(tmp_path: Path) -> None:
    made = small()
    text = made.texts()["users.csv"].replace("s-lucja,,", 's-lucja,,"', 1)
    found = read_roster(made.write(tmp_path, users=text))
    assert names(found) == ["Mateo Núñez-Okafor", "Huy Nguyễn"]
    assert ("users.csv", 3, "open-quote") in codes(found)
    assert "s-lucja" in found.seen
    assert not found.complete


def test_line_breaks_in_a_quoted_cell_and_marks_within_words(tmp_path: Path) -> None:
    made = RosterMaker().student("s1", 'Ann "Annie"', "O'Neil\nSmith", email="a\nb")
    made.student("s2", "Bo", "Bell")
    found = read_roster(made.write(tmp_path))
    assert names(found) == ['Ann "Annie" O\'Neil Smith', "Bo Bell"]
    loose = 'sourcedId,givenName,familyName,role\ns1,Bo,6" Bell,student\n'
    assert names(read_roster(made.write(tmp_path / "b", users=loose))) == ['Bo 6" Bell']


def test_no_final_newline_and_blank_lines(tmp_path: Path) -> None:
    made = small()
    users = "\r\n\r\n" + made.texts()["users.csv"].strip().replace("\r\n", "\r\n\r\n,,,\r\n")
    found = read_roster(made.write(tmp_path, users=users))
    assert names(found) == EVERYONE
    assert found.problems == ()


def test_old_line_ends(tmp_path: Path) -> None:
    made = small()
    users = made.texts()["users.csv"].replace("\r\n", "\r")
    assert names(read_roster(made.write(tmp_path, users=users))) == EVERYONE


def test_bytes_that_are_no_text_and_cells_beyond_measure(tmp_path: Path) -> None:
    made = small()
    lines = made.texts()["users.csv"].split("\r\n")
    lines[2] = lines[2].replace("Łucja", "Łu\x00cja")
    lines.insert(4, lines[3].replace("s-huy", "s-big").replace("Huy", "H" * 200_000))
    found = read_roster(made.write(tmp_path, users="\r\n".join(lines)))
    assert names(found) == ["Mateo Núñez-Okafor", "Huy Nguyễn"]
    assert {("users.csv", 3, "unreadable"), ("users.csv", 5, "cell-too-long")} <= codes(found)
    assert {"s-lucja", "s-big"} <= found.seen


def test_a_row_with_cells_too_many_or_too_few_is_refused(tmp_path: Path) -> None:
    made = small()
    lines = made.texts()["users.csv"].split("\r\n")
    lines[1] = lines[1].replace("Núñez-Okafor", "Núñez, Okafor")
    lines[2] = lines[2].replace(",school-1,", ",")
    lines[3] += ",,,"
    found = read_roster(made.write(tmp_path, users="\r\n".join(lines)))
    assert names(found) == ["Huy Nguyễn"]
    assert codes(found) >= {
        ("users.csv", 2, "cells-do-not-fit"),
        ("users.csv", 3, "cells-do-not-fit"),
    }
    assert {"s-mateo", "s-lucja"} <= found.seen


def test_people_without_id_name_or_role_are_told(tmp_path: Path) -> None:
    made = small()
    made.student("", "No", "Id").student("s-n", "", "").student("s-h", "Madonna", "")
    made.person("x-1", "astronaut", "Far", "Away").person("x-2", "", "No", "Role")
    found = read_roster(made.write(tmp_path))
    assert names(found) == [*EVERYONE, "Madonna "]
    assert codes(found) == {
        ("users.csv", 9, "no-id"),
        ("users.csv", 10, "no-name"),
        ("users.csv", 11, "half-a-name"),
        ("users.csv", 12, "unknown-role"),
        ("users.csv", 13, "no-role"),
    }


def test_only_users_is_enough_but_makes_nobody_inactive(tmp_path: Path) -> None:
    made = small()
    text = made.texts()["users.csv"]
    (tmp_path / "users.csv").write_text(text, encoding="utf-8")
    found = read_roster(tmp_path)
    assert names(found) == EVERYONE
    assert not found.complete
    assert ("manifest.csv", 0, "no-manifest") in codes(found)


def test_a_manifest_with_its_header_twice(tmp_path: Path) -> None:
    made = small()
    text = made.texts()["manifest.csv"]
    found = read_roster(made.write(tmp_path, manifest="propertyName,value\r\n" + text))
    assert found.problems == ()
    assert found.complete


def test_a_file_that_the_manifest_names_and_that_is_missing(tmp_path: Path) -> None:
    found = read_roster(small().write(tmp_path, demographics=None))
    assert names(found) == EVERYONE
    assert found.students[0].birth_date is None
    assert ("demographics.csv", 0, "file-missing") in codes(found)


def test_enrollments_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    made = small()
    for who, where, role in [
        ("ghost", "c-14", "student"),
        ("s-huy", "c-99", "student"),
        ("t-tom", "c-14", "student"),
    ]:
        made.add("enrollments", sourcedId=f"{who}{where}", userSourcedId=who, classSourcedId=where,
                 role=role)  # fmt: skip
    found = read_roster(made.write(tmp_path))
    assert codes(found) == {
        ("enrollments.csv", 6, "enrollment-of-nobody"),
        ("enrollments.csv", 7, "enrollment-in-nothing"),
        ("enrollments.csv", 8, "enrolled-as-student"),
    }


def test_a_name_that_lost_its_accents_is_told(tmp_path: Path) -> None:
    made = RosterMaker().student("s1", "Mateo", "NÃºÃ±ez")
    assert ("users.csv", 2, "mangled") in codes(read_roster(made.write(tmp_path)))


def test_a_delta_may_hold_very_little(tmp_path: Path) -> None:
    made = RosterMaker("1.2", "delta")
    made.add("users", sourcedId="s-huy", enabledUser="true", givenName="Huy", familyName="Nguyen")
    made.add("demographics", sourcedId="s-mateo", birthDate="2017-03-08")
    found = read_roster(made.write(tmp_path))
    assert (found.kind, found.complete) == ("delta", False)
    assert [person.sourced_id for person in found.unplaced] == ["s-huy"]
    assert found.birth_dates == (("s-mateo", date(2017, 3, 8)),)
    assert codes(found) == {("users.csv", 2, "role-not-told")}


def test_a_delta_without_users_is_a_roster_still(tmp_path: Path) -> None:
    made = RosterMaker("1.1", "delta").add("demographics", sourcedId="s", birthDate="2017-03-08")
    assert read_roster(made.write(tmp_path)).students == ()


def test_one_school_of_several(tmp_path: Path) -> None:
    made = small().add("orgs", sourcedId="school-2", name="Alder High", type="school")
    made.student("s-far", "Far", "Away", orgSourcedIds="school-2", agentSourcedIds="g-far")
    made.person("g-far", "parent", "Par", "Away", orgSourcedIds="school-2")
    found = read_roster(made.write(tmp_path))
    assert [(s.name, s.students) for s in found.schools] == [
        ("Maple Creek Elementary", 3),
        ("Alder High", 1),
    ]
    ours = of_school(found, "school-1")
    assert names(ours) == EVERYONE
    assert [g.sourced_id for g in ours.guardians] == ["g-rosa"]


def everything_reachable(start: object) -> str:
    seen: set[int] = set()
    found: list[str] = []
    waiting = [start]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type):
            continue
        seen.add(id(thing))
        if isinstance(thing, (str, bytes)):
            found.append(str(thing))
        else:
            waiting += gc.get_referents(thing)
    return "\n".join(found)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_passwords_never_reach_what_is_read(tmp_path: Path, version: str) -> None:
    made = small(version)
    made.headers["users"][made.headers["users"].index("password")] = "Pass-Word "
    made.rows["users"] = [
        {("Pass-Word " if key == "password" else key): value for key, value in row.items()}
        for row in made.rows["users"]
    ]
    lines = made.texts()["users.csv"].split("\r\n")
    lines[2] = lines[2].replace("Kowalczyk", "Kowalczyk,Ann")  # shifted by one
    lines[3] = lines[3].replace(",true,", ",", 1)
    assert SECRET in lines[1]
    found = read_roster(made.write(tmp_path, users="\r\n".join(lines)))
    assert found.students
    assert SECRET not in everything_reachable(found)
    assert SECRET not in json.dumps(preview_json(tmp_path))


def test_no_problem_repeats_what_stands_in_the_row(tmp_path: Path) -> None:
    made = small().student("s-huy", "Zebulon", "Quackenbush", status="odd", born="Zebulon")
    made.person("s-q", "Zebulon", "Zebulon", "NÃºÃ±ez").student("s-r", "Zebulon", "NÃºÃ±ez")
    found = read_roster(made.write(tmp_path))
    assert len(found.problems) >= 3
    assert "Zebulon" not in " ".join(p.reason + p.column for p in found.problems)


# --- what is no roster


def test_what_is_no_roster_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n%%EOF")
    (tmp_path / "a.txt").write_text("Dear parents,")
    (tmp_path / "nothing").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("photos/cat.txt", "meow")
    (tmp_path / "broken.zip").write_bytes(small().zip(tmp_path / "ok.zip").read_bytes()[:-200])
    other = tmp_path / "other"
    other.mkdir()
    (other / "users.csv").write_text("login,shell\nroot,/bin/sh\n")
    for name in ("empty", "a.pdf", "a.txt", "nothing", "other.zip", "broken.zip", "other", "gone"):
        with pytest.raises(NotARoster) as refused:
            read_roster(tmp_path / name)
        assert refused.value.sentence
        assert refused.value.remedy


def test_a_locked_zip_says_so(tmp_path: Path) -> None:
    path = small().zip(tmp_path / "a.zip")
    raw = bytearray(path.read_bytes())
    at = 0
    while (at := raw.find(b"PK\x01\x02", at)) >= 0:
        raw[at + 8] |= 1
        at += 4
    path.write_bytes(bytes(raw))
    with pytest.raises(NotARoster) as refused:
        read_roster(path)
    assert refused.value.code == "roster-zip-locked"


def test_a_zip_that_swells_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", b"sourcedId,givenName,familyName\n" + b"\0" * 60_000_000)
    assert 60_000_000 / path.stat().st_size > MAX_RATIO
    with pytest.raises(NotARoster) as refused:
        read_roster(path)
    assert refused.value.code == "roster-too-large"


def test_two_rosters_in_one_zip_are_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for folder in ("a/", "b/"):
            for name, text in small().texts().items():
                archive.writestr(folder + name, text)
    with pytest.raises(NotARoster) as refused:
        read_roster(path)
    assert refused.value.code == "roster-several"


def test_a_pipe_in_the_folder_is_not_opened(tmp_path: Path) -> None:
    folder = small().write(tmp_path)
    os.mkfifo(folder / "roles.csv")
    assert names(read_roster(folder)) == EVERYONE


@pytest.mark.slow
def test_fifty_thousand_rows_are_read_in_a_breath(tmp_path: Path) -> None:
    folder = large(25_000).write(tmp_path)
    began = time.perf_counter()
    found = read_roster(folder)
    took = time.perf_counter() - began
    assert (len(found.students), len(found.guardians)) == (25_000, 25_000)
    assert found.problems == ()
    assert took < 10  # some 2 s on two slow cores; a row-by-row slip shows as minutes


def test_the_preview_is_plain_json(tmp_path: Path) -> None:
    made = small().student("s-huy", "Again", "Again")
    told = json.loads(json.dumps(preview_json(made.write(tmp_path))))
    assert told["counts"]["students"] == 3
    assert told["students"][0]["guardians"] == ["g-rosa"]
    assert told["students"][0]["birth_date"] == "2017-03-09"
    [problem] = told["problems"]
    assert (problem["file"], problem["line"]) == ("users.csv", 9)
    assert "sourcedId" in problem["reason"]
    assert all(dataclasses.is_dataclass(s) for s in read_roster(tmp_path).students)
