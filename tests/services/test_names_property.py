"""Generated narratives and names: no other child's name gets past, and a shared name asks.

Names are made of syllables and taken from real lists, tales around them are generated; each way in
which a person writes a name (whole, without accents, in small letters, as a possessive, as a pet
name, with one letter wrong) must be marked before a print is allowed.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bt_desktop.services.names import PersonNames, fold, folded_words, nicknames
from bt_desktop.services.names_common import is_common
from bt_desktop.services.privacy import (
    NameFinding,
    NameIndex,
    NameNet,
    render_letters,
    replace_all,
    token,
    unsettled,
)

QUICK = settings(max_examples=100, deadline=None)

_KNOWN = (
    "Łucja", "Mateo", "Huy", "Nguyễn", "Kowalczyk", "Núñez", "Okafor", "Alexander", "Elizabeth",
    "Guadalupe", "Xochitl", "Sørensen", "O'Brien", "García", "Müller", "Thelonious", "Quartermaine",
    "Aaliyah", "Robert", "Katherine", "Joaquín", "Przemysław", "Ngozi", "Fatima", "Yusuf", "Zoë",
    "D'Angelo", "Nakamura", "Svetlana", "Reyes", "Benjamin", "William", "Abdirahman", "Esperanza",
)  # fmt: skip
_SYLLABLES = (
    "ka",
    "zu",
    "mi",
    "ro",
    "th",
    "en",
    "lo",
    "vix",
    "dra",
    "ñe",
    "łu",
    "qua",
    "phi",
    "or",
)
_FILLER = (
    "sat down", "ran to the door", "was told to wait", "threw a book", "shouted at", "hit",
    "pushed the chair near", "looked at", "took the pencil of", "stood beside", "laughed with",
)  # fmt: skip

made_up = st.lists(st.sampled_from(_SYLLABLES), min_size=2, max_size=4).map(
    lambda parts: "".join(parts).capitalize()
)
names = st.one_of(st.sampled_from(_KNOWN), made_up).filter(lambda n: len(fold(n)) > 2)
people = st.lists(st.tuples(names, names), min_size=1, max_size=5, unique_by=lambda one: one[0])
fillers = st.lists(st.sampled_from(_FILLER), min_size=2, max_size=4)

SUBJECT = PersonNames("student:own", "Winnifred", "Bjork")
MOTHER = PersonNames("guardian:own", "Hedwiga", "Bjork")
STAFF = (PersonNames("staff:one", "Dana", "Whitcomb"), PersonNames("staff:two", "Priya", "Raman"))
CALM = frozenset(("winnifred", "bjork", "hedwiga", "dana", "whitcomb", "priya", "raman"))
"""What nobody else is called in these tales, so that a mark is never owed to the frame."""


def roster(found: Sequence[tuple[str, str]]) -> list[PersonNames]:
    return [PersonNames(f"student:{n}", *pair) for n, pair in enumerate(found)]


def net_of(others: list[PersonNames], *, event: bool) -> NameNet:
    letters = {one.id: "ABCDEFG"[n] for n, one in enumerate(others)} if event else {}
    return NameNet(
        NameIndex([SUBJECT, MOTHER, *others]), SUBJECT, STAFF, letters, family=(MOTHER.id,)
    )


def plain(name: str) -> str:
    return fold(name).replace("'", "")


WAYS: tuple[Callable[[str], str], ...] = (
    lambda name: name,
    str.lower,
    str.upper,
    plain,
    lambda name: plain(name).capitalize(),
    lambda name: f"{name}'s",
    lambda name: f"{name}’s",
    lambda name: f"{plain(name)}'s",
)

one_way = st.sampled_from(WAYS)


@st.composite
def misspelt(draw: st.DrawFn, name: str) -> str:
    """The name with one letter put in, left out, changed or swapped with its neighbor."""
    word = name.lower()
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    wrong = draw(
        st.sampled_from(
            (
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            )
        )
    )
    return wrong.capitalize() if draw(st.booleans()) else wrong


def tale(parts: Sequence[str], word: str) -> tuple[str, int]:
    """A tale with the word in it, and where it begins there."""
    before = f"Winnifred {parts[0]} and then "
    return f"{before}{word} {parts[1]} in room 14. Ms. Raman {' '.join(parts[2:])}.", len(before)


def covers(found: Sequence[NameFinding], start: int, word: str) -> bool:
    """Whether the place is marked as far as the name itself goes (its 's may stand outside)."""
    end = start + len(word.removesuffix("'s").removesuffix("’s"))
    return any(one.start <= start and one.end >= end for one in found)


@QUICK
@given(people, one_way, fillers, st.booleans(), st.data())
def test_every_form_of_every_name_is_marked(
    found: list[tuple[str, str]],
    way: Callable[[str], str],
    parts: list[str],
    event: bool,
    data: st.DataObject,
) -> None:
    name = data.draw(st.sampled_from([part for pair in found for part in pair]))
    assume(not set(folded_words(name)) & CALM)
    word = way(name)
    text, start = tale(parts, word)
    assert covers(net_of(roster(found), event=event).find(text), start, word)


@QUICK
@given(st.sampled_from(("Robert", "William", "Elizabeth", "Katherine", "Alexander", "Benjamin")),
       fillers, st.booleans(), st.data())  # fmt: skip
def test_every_pet_name_is_marked(
    given_name: str, parts: list[str], event: bool, data: st.DataObject
) -> None:
    nick = data.draw(st.sampled_from(sorted(nicknames(given_name.lower()))))
    word = data.draw(st.sampled_from((nick, nick.capitalize(), f"{nick}'s")))
    text, start = tale(parts, word)
    found = net_of(roster([(given_name, "Quartermaine")]), event=event).find(text)
    assert covers(found, start, word)


@QUICK
@given(people, fillers, st.booleans(), st.data())
def test_every_misspelling_by_one_letter_of_a_long_name_is_marked(
    found: list[tuple[str, str]], parts: list[str], event: bool, data: st.DataObject
) -> None:
    """Of five letters or more; also where the misspelling is an ordinary word in small letters
    (`grade` where a Grace goes to the school): it is then suggested to be the word."""
    others = [fold(part) for pair in found for part in pair]
    name = data.draw(st.sampled_from([n for n in others if n.isalpha()] or ["quartermaine"]))
    assume(len(name) >= 5)
    word = data.draw(misspelt(name))
    assume(not set(folded_words(word)) & CALM)
    text, start = tale(parts, word)
    people_there = roster([*found, (name, "Zzyzx")])
    assert covers(net_of(people_there, event=event).find(text), start, word)


@QUICK
@given(people, fillers, st.data())
def test_no_token_of_another_student_ever_prints_as_a_name(
    found: list[tuple[str, str]], parts: list[str], data: st.DataObject
) -> None:
    others = roster(found)
    letters = {one.id: "ABCDEFG"[n] for n, one in enumerate(others[: len(others) // 2 + 1])}
    told = [f"{parts[n % len(parts)]} {token(one.id)}" for n, one in enumerate(others)]
    text = f"{token(SUBJECT.id)} {' '.join(data.draw(st.permutations(told)))}."
    shown = render_letters(text, letters, subject_id=SUBJECT.id, subject_name="Winnifred")
    frame = {word for part in (*_FILLER, "Winnifred") for word in folded_words(part)}
    words = set(folded_words(shown)) - frame
    for one in others:
        for part in (*folded_words(one.given), *folded_words(one.family)):
            assert part not in words
    assert "{@" not in shown


@QUICK
@given(people, one_way, fillers, st.data())
def test_what_is_replaced_is_gone_and_what_is_open_stops_the_print(
    found: list[tuple[str, str]], way: Callable[[str], str], parts: list[str], data: st.DataObject
) -> None:
    others = roster(found)
    name = data.draw(st.sampled_from([part for pair in found for part in pair]))
    assume(not set(folded_words(name)) & CALM)
    net = net_of(others, event=True)
    text, _ = tale(parts, way(name))
    marked = net.find(text)
    assert unsettled(marked, ()) == marked
    for _ in range(5):  # "another student" may itself sound like somebody
        text = replace_all(text, net.find(text))
        if not net.find(text):
            break
    left = set(folded_words(text))
    for part in folded_words(name):
        assert part not in left or not net.find(text)


SHARED = st.sampled_from(
    (("Winnifred", "own_child"), ("Bjork", "own_child"), ("Hedwiga", "own_family"),
     ("Dana", "staff"), ("Raman", "staff"), ("Whitcomb", "staff"))
)  # fmt: skip


@QUICK
@given(SHARED, names, fillers, st.booleans(), st.booleans(), one_way)
def test_a_name_shared_with_staff_or_the_child_asks(
    shared: tuple[str, str],
    other: str,
    parts: list[str],
    event: bool,
    as_family: bool,
    way: Callable[[str], str],
) -> None:
    """It is marked, says whose it is besides, and nothing is decided by itself."""
    name, whose = shared
    assume(not set(folded_words(other)) & CALM and not is_common(fold(other)))
    pair = (other, name) if as_family else (name, other)
    word = way(name)
    text, start = tale(parts, word)
    found = net_of(roster([pair]), event=event).find(text)
    here = [one for one in found if one.start <= start < one.end]
    assert here, "it is not marked"
    assert whose in here[0].also
    assert unsettled(found, ()) == found


@QUICK
@given(people, one_way, fillers, st.data())
def test_the_parents_of_others_are_marked_and_the_own_mother_is_not(
    found: list[tuple[str, str]], way: Callable[[str], str], parts: list[str], data: st.DataObject
) -> None:
    parents = [PersonNames(f"guardian:{n}", *pair) for n, pair in enumerate(found)]
    name = data.draw(st.sampled_from([part for pair in found for part in pair]))
    assume(not set(folded_words(name)) & CALM)
    net = NameNet(NameIndex([SUBJECT, MOTHER, *parents]), SUBJECT, STAFF, {}, family=(MOTHER.id,))
    word = way(name)
    text, start = tale(parts, word)
    here = [one for one in net.find(text) if one.start <= start < one.end]
    assert here
    assert here[0].is_parent
    assert here[0].stand_in == "another parent"
    assert not net.find("Hedwiga Bjork was called; Winnifred went home with her mother.")
