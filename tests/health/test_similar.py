"""R2: whom a hurried eye could take for whom."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.services.health.similar import Called, alerts, alike, similar

MATEO = Called("student:1", "Mateo", "", "Núñez-Okafor", "4", frozenset(("rosa",)))


def other(**changes: object) -> Called:
    stranger = Called("student:2", "Ines", "", "Oyelaran", "2", frozenset(("sade",)))
    return replace(stranger, **changes)  # type: ignore[arg-type]  # names checked by Called


@pytest.mark.parametrize(
    ("changes", "alarm"),
    [
        ({}, False),
        ({"given": "Mateo", "family": "Núñez-Okafor"}, True),
        ({"given": "Matteo", "family": "Nunez Okafor"}, True),
        ({"given": "Mathew", "family": "Núñez-Okafor"}, True),
        ({"given": "Matthew", "family": "Núñez-Okafor"}, False),
        ({"given": "Marcel", "preferred": "Teo", "family": "Núñez-Okafor"}, True),
        ({"given": "Mateo", "family": "Nunez"}, False),
        ({"given": "Mateo", "family": "Nunez", "grade": "4"}, True),
        ({"given": "Maya", "family": "Nash", "grade": "4"}, True),
        ({"given": "Maya", "family": "Nash", "grade": "5"}, False),
        ({"guardians": frozenset(("rosa", "sade"))}, True),
    ],
    ids=[
        "a stranger",
        "the same name",
        "one letter more, accents left out",
        "two letters apart",
        "three letters apart",
        "a called name near",
        "the first name alone",
        "the first name and the grade's initials",
        "the same initials in one grade",
        "the same initials in another",
        "a shared guardian",
    ],
)
def test_r02_who_raises_a_name_alert(changes: dict[str, object], alarm: bool) -> None:
    made = other(**changes)
    assert alike(MATEO, made) is alarm
    assert alike(made, MATEO) is alarm, "alike is mutual"


def test_r02_letters_that_only_look_alike_are_one_name() -> None:
    polish = other(given="Łukasz", family="Wałęsa")
    assert alike(polish, other(id="student:3", given="Lukasz", family="Walesa", grade="5"))


def test_r02_no_grade_is_no_grade_in_common() -> None:
    one, two = other(grade=""), other(id="student:3", given="Ida", family="Ono", grade="")
    assert not alike(one, replace(two, guardians=frozenset()))


def test_r02_nobody_is_mistaken_for_themselves() -> None:
    assert similar(MATEO, [MATEO]) == ()
    assert alerts([MATEO, other()], [MATEO.id, "student:nobody"]) == {}


_NAMES = st.sampled_from(("Ana", "Anna", "Ann", "Noah", "Nora", "Łucja", "Lucja", "Mateo", ""))
_FAMILIES = st.sampled_from(("Ray", "Rae", "Núñez", "Nunez", "O’Brien", "OBrien", "Li"))
_STUDENTS = st.builds(
    Called,
    st.sampled_from(tuple(f"student:{n}" for n in range(30))),
    _NAMES,
    _NAMES,
    _FAMILIES,
    st.sampled_from(("K", "1", "")),
    st.frozensets(st.sampled_from(("g1", "g2", "g3")), max_size=2),
)


@given(_STUDENTS, _STUDENTS)
def test_r02_alike_is_always_mutual(one: Called, two: Called) -> None:
    assert alike(one, two) is alike(two, one)


@given(st.lists(_STUDENTS, max_size=20, unique_by=lambda one: one.id))
def test_r02_groups_find_what_comparing_everybody_finds(school: list[Called]) -> None:
    found = alerts(school, [one.id for one in school])
    for one in school:
        assert set(found.get(one.id, ())) == set(similar(one, school))
