"""The net at its edges: from how many letters on, for whom, and what is said of each finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pytest

from bt_desktop.services.privacy import NameIndex, PersonNames, find_names, token

MATEO = PersonNames("student:mateo", "Mateo", "Núñez-Okafor")
STAFF = (PersonNames("staff:dana", "Dana", "Whitcomb"), PersonNames("staff:kim", "Kim", "Raman"))
GRACE = PersonNames("student:g", "Grace", "Quartermaine")
AMADOU = PersonNames("student:s", "Amadou", "Ba")
JESSAMY = PersonNames("student:t", "Jessamy", "Bo")
ANN = PersonNames("student:a", "Ann", "Oy")
KAREN = PersonNames("student:k", "Karen", "Xu")
WEI = PersonNames("student:w", "明", "李")
THERE = {one.id: letter for one, letter in zip(
    (GRACE, AMADOU, JESSAMY, ANN, KAREN, WEI), "ABCDEF", strict=True)}  # fmt: skip


def told(
    text: str,
    *people: PersonNames,
    letters: Mapping[str, str] | None = None,
    family: Collection[str] = (),
    staff: Sequence[PersonNames] = STAFF,
) -> list[tuple[str, str, str]]:
    """What is found: the words, how sure, what it may be instead."""
    index = NameIndex((MATEO, *people))
    found = find_names(text, index, MATEO, staff, letters, family)
    assert all(text[one.start : one.end] == one.word for one in found)
    return [(one.word, one.why, one.suggestion) for one in found]


@pytest.mark.parametrize(
    ("text", "there", "elsewhere"),
    [
        ("a grape", "near", "near"), ("so Grape", "near", "near"), ("the grace", "name", "name?"),
        ("Grac", "near", "near"), ("Gra", "short", ""), ("Gr", "", ""), ("gra", "", ""),
        ("so GQ", "initials", ""), ("so G", "initials", ""), ("Graces", "name", "name"),
        ("Graced", "near?", "near?"), ("ungraceful", "inside", ""),
        ("so Quartermain", "near", "near"), ("so Quarterman", "near", ""),
        ("so Quarterma", "short", ""), ("Quart", "short", ""), ("quart", "", ""),
    ],
)  # fmt: skip
def test_who_was_there_is_looked_for_more_generously(text: str, there: str, elsewhere: str) -> None:
    for letters, expected in ((THERE, there), ({}, elsewhere)):
        found = told(text, GRACE, letters=letters)
        said = [why + ("?" if ordinary else "") for _, why, ordinary in found]
        assert said == ([expected] if expected else [])
        assert {ordinary for *_, ordinary in found} <= {"", "ordinary_word"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("so Amadu", "near"), ("so Amad", "short"), ("so Amdu", ""), ("so Jesamy", "near"),
        ("so Jesay", "near"), ("so Jsay", ""), ("so Jessamee", "near"), ("so Amadoo", "near"),
        ("so Amadoes", "near"), ("so Amaddaus", ""), ("so Ba", "name"), ("so ba", "name"),
        ("so Bas", "name"), ("so BA", "name"), ("the bass", ""), ("so Amadus", "near"),
    ],
)  # fmt: skip
def test_two_letters_off_only_in_names_of_seven(text: str, why: str) -> None:
    assert [one[1] for one in told(text, AMADOU, JESSAMY, letters=THERE)] == [why] * bool(why)


@pytest.mark.parametrize(
    ("text", "there", "elsewhere"),
    [
        ("the Annwas", "Annwas", ""), ("hitAnn", "hitAnn", "Ann"), ("wasann", "wasann", ""),
        ("annual", "", ""), ("bannxyz", "", ""), ("Ann's", "Ann", "Ann"), ("so Annn", "Annn", ""),
        ("so Amn", "Amn", ""), ("annxyz", "", ""), ("so ann", "ann", "ann"),
    ],
)  # fmt: skip
def test_a_name_of_three_letters_within_a_word(text: str, there: str, elsewhere: str) -> None:
    for letters, expected in ((THERE, there), ({}, elsewhere)):
        found = told(text, ANN, letters=letters)
        assert [word for word, *_ in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("xquartermaine", [("xquartermaine", "inside", "")]),
        ("gracequartermaine", [("gracequartermaine", "inside", "")]),
        ("quartermainegrace", [("quartermainegrace", "inside", "")]),
        ("GraceQuartermaine", [("GraceQuartermaine", "inside", "")]),
        ("G. Quartermaine", [("G. Quartermaine", "name", "")]),
        ("Grace Q. sat", [("Grace Q.", "name", "")]), ("Grace Q, so", [("Grace Q", "name", "")]),
        ("I Grace", [("Grace", "name", "")]), ("A Quartermaine", [("Quartermaine", "name", "")]),
        ("Quartermaine, Grace sat", [("Quartermaine, Grace", "name", "")]),
        ("Quartermaine-Grace", [("Quartermaine-Grace", "name", "")]),
        ("Grace Grace", [("Grace", "name", ""), ("Grace", "name", "")]),
        ("so Grace, Quartermaine", [("Grace", "name", ""), ("Quartermaine", "name", "")]),
        ("Grace Quartermaine or Grace",
         [("Grace Quartermaine", "name", ""), ("Grace", "name", "")]),
        ("Grace Q Quartermaine", [("Grace Q", "name", ""), ("Quartermaine", "name", "")]),
        ("Grace met G. Quartermaine", [("Grace", "name", ""), ("G. Quartermaine", "name", "")]),
        ("so Grace — Quartermaine", [("Grace", "name", ""), ("Quartermaine", "name", "")]),
    ],
)  # fmt: skip
def test_names_beside_each_other_and_run_together(
    text: str, found: list[tuple[str, str, str]]
) -> None:
    assert told(text, GRACE) == found


def test_a_name_in_pieces() -> None:
    assert told("Ka-\nren sat", KAREN) == [("Ka-\nren", "joined", "")]
    assert told("so K a r e n sat", KAREN) == [("K a r e n", "joined", "")]
    assert told("so Ka ren sat", KAREN) == [("Ka ren", "joined", "")]
    assert told("so Ka ren's", KAREN) == [("Ka ren", "joined", "")]
    assert told("so A nn sat", ANN) == [], "two pieces of three letters are no name of a stranger's"
    assert told("so A-nn sat", ANN) == [("A-nn", "joined", "")]
    way = PersonNames("student:h", "Karen", "Hallway")
    assert told("the hall way", way, letters={way.id: "A"}) == [("hall way", "joined", "")]
    assert told("the hall way", way) == [("hall way", "joined", "")]
    assert told("so Ka-rem sat", KAREN, letters=THERE) == [("Ka-rem", "joined", "")]
    assert told("so Ka-rem sat", KAREN) == []


def test_initials_of_who_was_there() -> None:
    text = "so K.X. and KX and K. X. and K. sat"
    assert told(text, KAREN, letters=THERE) == [
        (word, "initials", "") for word in ("K.X", "KX", "K. X", "K")
    ]
    assert told(text, KAREN) == []
    assert told("so k. x. sat", KAREN, letters=THERE) == []
    for lone in ("Room K. sat", "grade K sat", "SECTION K. sat", "classroom: class K", "kx"):
        assert told(lone, KAREN, letters=THERE) == [], lone
    for one in ("Student K. sat", "Student K sat", "mushroom K sat", "Room  K", "Room 3 K"):
        assert [word for word, *_ in told(one, KAREN, letters=THERE)] == ["K"], one


def test_what_is_said_at_school_all_day_is_nobodys_initials() -> None:
    """Where an Ivo was there, `I offered space` was marked at each `I`."""
    ivo, peg = PersonNames("student:i", "Ivo", "Dow"), PersonNames("student:p", "Peg", "Moss")
    there = {ivo.id: "A", peg.id: "B"}
    for text in ("so I sat", "I. sat", "an ID", "an I.D.", "at 3 PM", "an IDX"):
        assert told(text, ivo, peg, letters=there) == [], text
    assert told("so DI sat", ivo, peg, letters=there) == [("DI", "initials", "")]
    assert told("so P sat", ivo, peg, letters=there) == [("P", "initials", "")]


def test_signs_without_spaces() -> None:
    assert told("李明同学", WEI) == [("李明同学", "inside", "")]
    assert told("王李明", WEI, letters=THERE) == [("王李明", "inside", "")]
    assert told("王明李", WEI) == [("王明李", "inside", "")]
    assert told("王小", WEI) == []
    two = PersonNames("student:y", "小地", "赵")
    assert told("天地明", WEI, two) == told("明天地", WEI, two) == []
    long = PersonNames("student:n", "ナタリアエヴァ", "赵")
    assert told("王ナタリアエヴァ天", long) == [("王ナタリアエヴァ天", "inside", "")]


def test_letters_that_stand_for_students_already() -> None:
    ada = PersonNames("student:ada", "Ada", "Ann")
    at = {ada.id: "A"}
    assert told("then Student A sat", ada, letters=at) == []
    assert told("then student A. sat", ada, letters=at) == []
    assert [one[0] for one in told("then Students A. sat", ada, letters=at)] == ["A"]
    assert [one[0] for one in told("then Student  A. sat", ada, letters=at)] == ["A"]
    assert [one[0] for one in told("then A. sat", ada, letters=at)] == ["A"]


def test_at_most_eight_are_told_those_of_the_event_first() -> None:
    many = [PersonNames(f"student:{n}", "Lea", f"Fam{chr(97 + n)}ly") for n in range(10)]
    index = NameIndex((MATEO, *many))
    [finding] = find_names("so Lea", index, MATEO)
    assert finding.candidates == tuple(one.id for one in many[:8])
    assert (finding.student_id, finding.letter) == (many[0].id, "")
    [finding] = find_names("so Lea", index, MATEO, (), {"student:9": "A", "student:3": "B"})
    assert finding.candidates[:3] == ("student:3", "student:9", "student:0")
    assert (finding.student_id, finding.letter, len(finding.candidates)) == ("student:3", "B", 8)


def test_the_surest_comes_first_within_each_group() -> None:
    near = PersonNames("student:n", "Graces", "One")
    exact = PersonNames("student:e", "Grace", "Two")
    [finding] = find_names("so Grace", NameIndex((MATEO, near, exact)), MATEO, (),
                           {near.id: "A", exact.id: "B"})  # fmt: skip
    assert finding.candidates == (exact.id, near.id)
    assert (finding.why, finding.letter) == ("name", "B")


def test_whose_name_it_is_besides() -> None:
    rosa = PersonNames("guardian:r", "Rosa", "Vale")
    other = PersonNames("guardian:o", "Rosa", "Bell")
    mine = (rosa.id,)
    assert told("Rosa came", rosa, other, family=mine) == [("Rosa", "name", "own_family")]
    assert told("Ms. Vale came", rosa, other, family=mine) == []
    assert told("Rosa Bell came", rosa, other, family=mine) == [("Rosa Bell", "name", "")]
    namesake = PersonNames("student:d", "Dana", "Nunez")
    assert told("Dana", namesake) == [("Dana", "name", "staff")]
    assert told("Nunez", namesake) == [("Nunez", "name", "own_child")]
    assert told("Dana Nunez", namesake) == [("Dana Nunez", "name", "")]
    assert told("Dana", namesake, letters={namesake.id: "A"}) == [("Dana", "name", "")]
    index = NameIndex((MATEO, rosa, other, namesake))
    also = [
        one.also for one in find_names("Dana, Nunez, Rosa, Bell", index, MATEO, STAFF, {}, mine)
    ]
    assert also == [("staff",), ("own_child",), ("own_family",), ()]


def test_what_is_near_to_the_own_childs_name_or_a_teachers() -> None:
    matteo = PersonNames("student:m", "Matteo", "Zed")
    assert told("so mateo", matteo) == [("mateo", "near", "own_child")]
    assert told("so Mateo", matteo) == [("Mateo", "near", "own_child")]
    kimm = PersonNames("student:y", "Kimm", "Zed")
    assert told("so Kim sat", kimm) == [], "four letters, and a teacher's own name"
    assert told("so Kimn sat", kimm) == [("Kimn", "near", "")]
    assert told("so kimn sat", kimm) == []


def test_tokens_that_were_left() -> None:
    other = PersonNames("guardian:o", "Rosa", "Bell")
    text = f"{token(GRACE.id)} {token(MATEO.id)} {token(other.id)} {token('student:gone')}"
    assert told(text, GRACE, other) == [(token(GRACE.id), "name", "")]
    assert told(text, GRACE, other, letters=THERE) == [(token(GRACE.id), "name", "")]
    text = f"{token(other.id)} {token(GRACE.id)}"
    assert told(text, GRACE, other) == [(token(GRACE.id), "name", "")]


def test_the_own_child_is_never_another() -> None:
    assert told("Mateo Núñez-Okafor, Nunez, M.N. and matteo", letters={MATEO.id: "A"}) == []
    assert told("Grace and Mateo", GRACE, letters={MATEO.id: "A"}) == [("Grace", "name", "")]


def test_findings_that_overlap_are_one() -> None:
    anna = PersonNames("student:x", "Anna", "Lee")
    lee = PersonNames("student:y", "Lee", "Annalee")
    [finding] = find_names("so AnnaLee sat", NameIndex((MATEO, anna, lee)), MATEO)
    assert (finding.word, finding.candidates, finding.why) == ("AnnaLee", (lee.id,), "name")
    [finding] = find_names("so Anna-Lee sat", NameIndex((MATEO, anna, lee)), MATEO)
    assert (finding.word, finding.candidates) == ("Anna-Lee", (anna.id, lee.id))
    assert finding.why == "name"


def test_letters_of_students_who_are_on_no_roster_any_more() -> None:
    assert told("so Grace sat", GRACE, letters={"student:gone": "Z"}) == [("Grace", "name", "")]


def test_three_letters_off_is_another_word() -> None:
    assert told("so quarterma sat", GRACE, letters=THERE) == []
    assert told("so Jsay sat", JESSAMY, letters=THERE) == []


def test_a_pet_name_that_is_also_the_own_childs_is_left_to_a_person() -> None:
    will = PersonNames("student:w", "William", "Ross")
    bill = PersonNames("student:b", "Bill", "Zed")
    [finding] = find_names("so Bill sat", NameIndex((will, bill)), will)
    assert (finding.suggestion, finding.also) == ("", ("own_child",))
    father = PersonNames("guardian:f", "William", "Vale")
    [finding] = find_names("so Bill sat", NameIndex((MATEO, bill, father)), MATEO, (), {},
                           (father.id,))  # fmt: skip
    assert (finding.suggestion, finding.also) == ("", ())


def test_two_ordinary_words_make_the_name_of_who_was_there_only() -> None:
    goodwin = PersonNames("student:w", "Karen", "Goodwin")
    assert told("a good win", goodwin) == []
    assert told("a good win", goodwin, letters={goodwin.id: "A"}) == [("good win", "joined", "")]
    assert told("a goodwin", goodwin) == [("goodwin", "name", "")]
    sobe = PersonNames("student:b", "Karen", "Sobes")
    assert told("and so bes", sobe) == [("so bes", "joined", "")]


def test_parts_of_a_word_are_looked_at_as_the_word_itself() -> None:
    assert told("so hitQuart sat", GRACE, letters=THERE) == [("Quart", "short", "")]
    kimm = PersonNames("student:y", "Kimm", "Zed")
    assert told("so HitKimn sat", kimm) == [("Kimn", "near", "")]
    assert told("so hitKimn sat", kimm) == []


def test_an_ordinary_word_is_less_of_a_name_than_another_word() -> None:
    def there(given: str) -> PersonNames:
        return PersonNames("student:q", given, "Zed")

    at = {"student:q": "A"}
    assert told("Then he sat", there("Thenard"), letters=at) == [], "not short for it"
    assert told("so thena sat", there("Thenard"), letters=at) != []
    assert told("so then he sat", there("Thed"), letters=at) == [], "four letters, one off"
    assert told("so Then he sat", there("Thed"), letters=at) == [("Then", "near", "ordinary_word")]


def test_a_pet_name_and_its_possessive() -> None:
    will = PersonNames("student:w", "William", "Zed")
    assert told("so Bill sat", will) == [("Bill", "nickname", "")]
    assert told("so Bills sat", will) == [("Bills", "nickname", "")]
    assert told("so us", PersonNames("student:o", "Minh", "U")) == []


def test_four_letters_one_off_only_where_nobody_known_is_meant() -> None:
    dane, mato = PersonNames("student:e", "Dane", "Zed"), PersonNames("student:o", "Mato", "Zed")
    assert told("so Dana sat", dane) == [], "a teacher's name"
    assert told("so Mateo sat", mato) == [], "the own child's"
    assert told("so Danl sat", dane) == [("Danl", "near", "")]
    assert told("so danl sat", dane) == []


def test_an_ordinary_word_one_letter_off_a_long_name_of_the_event() -> None:
    def there(given: str) -> list[tuple[str, str, str]]:
        who = PersonNames("student:q", given, "Zed")
        return told("the water, the teacher sat", who, letters={who.id: "A"})

    assert there("Wader") == [("water", "near", "ordinary_word")]
    assert there("Teachor") == [("teacher", "near", "ordinary_word")]
    assert there("Teachlir") == [], "two letters"
    assert told("the teacher", PersonNames("student:q", "Teach", "Zed")) == [], "not within it"


def test_a_possessive_of_a_misspelled_name() -> None:
    huy = PersonNames("student:h", "Huy", "Zed")
    at = {huy.id: "A"}
    assert told("so huuys sat", huy, letters=at) == [("huuys", "near", "")]
    assert told("so hyus sat", huy, letters=at) == []
    assert told("so huyab sat", huy, letters=at) == []


def test_names_within_words_of_who_was_not_there() -> None:
    lia, mira = PersonNames("student:l", "Lia", "Vo"), PersonNames("student:m", "Mira", "Vo")
    assert told("so miravo sat", mira) == [("miravo", "inside", "")]
    assert told("so liavo sat", lia) == [], "five letters say too little"
    two = (PersonNames("student:1", "Keziah", "Zed"), PersonNames("student:2", "Abe", "Birdsong"))
    [finding] = find_names("so keziahbirdsong", NameIndex((MATEO, *two)), MATEO)
    assert set(finding.candidates) == {"student:1", "student:2"}
    dane = PersonNames("student:e", "Dane", "Zed")
    assert told("so xdanex sat", dane, letters={dane.id: "A"}) == [("xdanex", "inside", "")]
    assert told("so xdanex sat", dane) == []
    huy = PersonNames("student:h", "Huy", "Zed")
    text = "so huywas or washuy or huyxyz sat"
    assert told(text, huy, letters={huy.id: "A"}) == [
        ("huywas", "inside", ""), ("washuy", "inside", ""),
    ]  # fmt: skip
    assert told(text, huy) == []


def test_one_sign_of_a_name_says_nothing_within_a_word() -> None:
    assert told("so 明天 sat", WEI) == []
    assert told("so 明天 sat", WEI, letters=THERE) == []


def test_within_the_name_of_a_teacher_who_was_there_alone_is_looked_for() -> None:
    marie, ming = (
        PersonNames("student:x", "Mariella", "Zed"),
        PersonNames("student:y", "小明", "赵"),
    )
    teachers = (
        PersonNames("staff:r", "Rosemariella", "Ode"),
        PersonNames("staff:w", "王小明", "Ode"),
    )
    text = "so Rosemariella and 王小明 sat"
    found = [("Rosemariella", "inside", ""), ("王小明", "inside", "")]
    assert told(text, marie, ming) == found
    assert told(text, marie, ming, staff=teachers) == []
    there = {marie.id: "A", ming.id: "B"}
    assert told(text, marie, ming, letters=there, staff=teachers) == [
        (word, why, "staff") for word, why, _ in found
    ]


def test_one_letter_off_who_was_there_though_another_is_called_just_so() -> None:
    grade = PersonNames("student:z", "Grade", "Zed")
    [finding] = find_names("a grade", NameIndex((MATEO, grade, GRACE)), MATEO, STAFF, THERE)
    assert (finding.candidates, finding.suggestion) == ((GRACE.id, grade.id), "")


def test_a_sign_with_an_s() -> None:
    assert told("so 明s sat", WEI) == [("明s", "name", "")]


@pytest.mark.parametrize(
    ("text", "name", "there", "elsewhere"),
    [
        ("the in side", "Inside", True, False), ("the up set", "Upset", False, False),
        ("so Ke zi", "Kezi", True, False), ("so Ke zis", "Kezi", True, False),
        ("so ke-zo", "Kezi", False, False), ("so ke-ziu", "Kezia", True, False),
        ("so Ke z", "Kez", False, False), ("so Ke zia", "Kezia", True, True),
        ("so m a y", "May", True, False), ("so h u y", "Huy", True, True),
        ("so k e z o", "Kezi", True, False), ("so H U Y", "Huy", True, True),
        ("so w i l l", "Will", True, True), ("so K-e", "Ke", True, True),
        ("so K e", "Ke", False, False),
    ],
)  # fmt: skip
def test_from_how_many_letters_on_pieces_are_a_name(
    text: str, name: str, there: bool, elsewhere: bool
) -> None:
    who = PersonNames("student:q", name, "Zed")
    for letters, expected in (({who.id: "A"}, there), ({}, elsewhere)):
        found = [why for _, why, _ in told(text, who, letters=letters)]
        assert ("joined" in found) is expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vale-Bloom, Mary Kate sat", ["Vale-Bloom, Mary Kate"]),
        ("Vale Bloom, Mary-Kate sat", ["Vale Bloom, Mary-Kate"]),
        ("Bloom, Mary sat", ["Bloom, Mary"]), ("Bloom, Zuzu sat", ["Bloom, Zuzu"]),
        ("Bloom, Molly sat", ["Bloom, Molly"]), ("Vale, Bloom sat", ["Vale", "Bloom"]),
        ("Mary, Kate sat", ["Mary", "Kate"]), ("Mary, Bloom sat", ["Mary", "Bloom"]),
    ],
)  # fmt: skip
def test_a_family_name_a_comma_and_a_first_name(text: str, found: list[str]) -> None:
    mary = PersonNames("student:m", "Mary-Kate", "Vale-Bloom", preferred="Zuzu")
    assert [word for word, *_ in told(text, mary)] == found


def test_the_name_of_a_teacher_in_two_pieces_of_who_was_there() -> None:
    teacher = (PersonNames("staff:x", "Ka", "Ren"),)
    found = told("so Ka-ren sat", KAREN, letters=THERE, staff=teacher)
    assert found == [("Ka-ren", "joined", "staff")]


def test_two_names_over_each_other_are_no_ordinary_word() -> None:
    both = PersonNames("student:h", "Brook", "Zed"), PersonNames("student:i", "Brookside", "Zed")
    assert told("the brook-side", *both) == [("brook-side", "name", "")]
    assert told("the brook", *both) == [("brook", "name", "ordinary_word")]


def test_a_word_that_is_i_or_a_is_no_initial() -> None:
    ivy = PersonNames("student:i", "Ivy", "Ames")
    text = "I Ames, A Ivy; I. Ames; A. Ivy; Ivy I sat; Ivy I. sat; Ivy A sat; Ivy A, so"
    words = ["Ames", "Ivy", "I. Ames", "A. Ivy", "Ivy", "Ivy I.", "Ivy", "Ivy"]
    assert [word for word, *_ in told(text, ivy)] == words


def test_two_children_in_one_word_stay_two() -> None:
    anna, leon = PersonNames("student:a", "Anna", "Zed"), PersonNames("student:l", "Leon", "Zed")
    assert [word for word, *_ in told("so AnnaLeon sat", anna, leon)] == ["Anna", "Leon"]


def test_the_surest_way_in_which_it_is_a_name_is_told() -> None:
    vale = PersonNames("student:v", "Anna", "Vale de")
    assert told("so Vale-de sat", vale) == [("Vale-de", "name", "")]
