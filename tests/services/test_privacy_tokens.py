"""Tokens become names for the school and letters for a parent; a letter stays with its child."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.services.privacy import (
    NameIndex,
    PersonNames,
    assign_letters,
    find_offers,
    find_tokens,
    letter_name,
    name_offers,
    render_letters,
    render_names,
    students_of,
    token,
)
from bt_desktop.services.privacy_tokens import letter

M, L, H = "student:m", "student:l", "student:h"
TEXT = f"{token(M)} hit {token(L)}; {token(H)} saw {token(L)}. {token('staff:d')} helped."


def test_tokens_are_found_where_they_stand() -> None:
    assert [t.id for t in find_tokens(TEXT)] == [M, L, H, L, "staff:d"]
    assert all(TEXT[t.start : t.end] == token(t.id) for t in find_tokens(TEXT))
    assert find_tokens("{@dog:1} {@student} @student:1 {student:1}") == ()
    assert students_of(TEXT) == (M, L, H)


def test_the_school_reads_names() -> None:
    told = render_names(TEXT, {M: "Mateo", L: "Łucja Kowalczyk", "staff:d": "Dana"})
    assert told == "Mateo hit Łucja Kowalczyk; unknown student saw Łucja Kowalczyk. Dana helped."


def test_a_parent_reads_letters_and_the_own_childs_first_name() -> None:
    letters = assign_letters([M, L, H, L], subject_id=M)
    told = render_letters(TEXT, letters, subject_id=M, subject_name="Mateo", staff={})
    assert told == "Mateo hit Student A; Student B saw Student A. a staff member helped."
    bare = render_letters(TEXT, {}, subject_id=M, subject_name="Mateo")
    assert "another student" in bare
    assert "{@" not in bare


def test_letters_go_on_after_z_and_never_move() -> None:
    assert [letter(n) for n in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip
    first = assign_letters([L, H], subject_id=M)
    later = assign_letters(["student:new", H, M, "staff:d"], subject_id=M, known=first)
    assert later == {L: "A", H: "B", "student:new": "C"}
    assert letter_name("A") == "Student A"


@given(st.lists(st.integers(0, 60)), st.lists(st.integers(0, 60)))
def test_no_two_children_share_a_letter(one: list[int], two: list[int]) -> None:
    first = assign_letters([f"student:{n}" for n in one])
    then = assign_letters([f"student:{n}" for n in two], known=first)
    assert len(set(then.values())) == len(then) == len({*one, *two})
    assert first.items() <= then.items()


PEOPLE = (
    PersonNames("student:m", "Mateo", "Núñez-Okafor"),
    PersonNames("student:l", "Łucja", "Kowalczyk"),
    PersonNames("student:h", "Huy", "Nguyễn", middle="Gia", family_first=True),
    PersonNames("student:w", "Will", "Grace"),
    PersonNames("student:c1", "Marcus", "Delgado"),
    PersonNames("student:c2", "Marcus", "Delgado"),
    PersonNames("staff:p", "Priya", "Raman"),
)


class School:
    def offered_names(self) -> NameIndex:
        return NameIndex(PEOPLE)


def offered(text: str, *event: str) -> list[tuple[str, str]]:
    return [(o.word, o.person_id) for o in name_offers(School(), text, event)]


def test_whole_names_are_offered_and_ordinary_words_are_not() -> None:
    text = "We will mark this with grace. Łucja Kowalczyk sat by Huy; Ms. Raman came. Will came."
    assert offered(text) == [
        ("Łucja Kowalczyk", "student:l"),
        ("Huy", "student:h"),
        ("Raman", "staff:p"),
    ]
    assert offered("then kowalczyk lucja") == []
    assert offered("then Nguyen Gia Huy and Will Grace") == [
        ("Nguyen Gia Huy", "student:h"),
        ("Will Grace", "student:w"),
    ]


def test_those_at_the_event_are_offered_in_any_case() -> None:
    assert offered("he kicked at huy and lucja's chair", "student:h", "student:l") == [
        ("huy", "student:h"),
        ("lucja", "student:l"),
    ]
    assert offered("{@student:h} saw that huy fell") == [("huy", "student:h")]


def test_two_of_one_name_are_left_to_the_writer() -> None:
    assert offered("Marcus Delgado came") == []
    assert offered("Marcus Delgado came", "student:c2") == [("Marcus Delgado", "student:c2")]
    [offer] = find_offers("Marcus Delgado came", NameIndex(PEOPLE))
    assert offer.ambiguous
