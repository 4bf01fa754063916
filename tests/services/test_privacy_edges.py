"""The parts of the net one by one, at their edges: letters, words, pieces, places, offers."""

from __future__ import annotations

import pytest

from bt_desktop.services.privacy import (
    NamedOffer,
    NameFinding,
    NameIndex,
    ParentText,
    PersonNames,
    assign_letters,
    find_offers,
    find_tokens,
    letter_name,
    name_offers,
    render_letters,
    render_names,
    replace_all,
    replace_finding,
    still_settled,
    token,
    unsettled,
)
from bt_desktop.services.privacy_index import only
from bt_desktop.services.privacy_joins import joined_runs, spelled_out
from bt_desktop.services.privacy_near import Neighbors, apart, shortened
from bt_desktop.services.privacy_settle import with_keys
from bt_desktop.services.privacy_tokens import placed_letters
from bt_desktop.services.privacy_words import humps, without_digits, words_of

MATEO = PersonNames("student:mateo", "Mateo", "Núñez-Okafor")
LUCJA = PersonNames("student:lucja", "Łucja", "Kowalczyk")
HUY = PersonNames("student:huy", "Huy", "Nguyễn", middle="Gia", family_first=True)
KEZIAH = PersonNames("student:keziah", "Keziah", "O'Shaughnessy", preferred="Kez")
ROSA = PersonNames("guardian:rosa", "Rosa", "Quiroga")
OLD = PersonNames("guardian:anna", "Anna", "Kowalczyk")
DANA = PersonNames("staff:dana", "Dana", "Whitcomb")
LETTERS = {LUCJA.id: "A", HUY.id: "B"}
ROSTER = (MATEO, LUCJA, HUY, KEZIAH, ROSA, OLD)


# --- one letter apart ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "most", "steps"),
    [
        ("lucja", "lucja", 1, 0), ("", "", 1, 0), ("", "a", 1, 1), ("ab", "", 1, 2),
        ("lucja", "lucia", 1, 1), ("lucja", "luja", 1, 1), ("lucja", "lucjaa", 1, 1),
        ("lucja", "lujca", 1, 1), ("ulcja", "lucja", 1, 1), ("lucja", "jucal", 1, 2),
        ("lucja", "lucjabc", 1, 2), ("kowalczyk", "kowalchik", 2, 2),
        ("kowalczyk", "kowalcyzk", 2, 1), ("abcdef", "abcdefgh", 2, 2),
        ("abcdef", "badcfe", 2, 3), ("abcdef", "abdcfe", 2, 2), ("abc", "abcdef", 2, 3),
        ("abcd", "bcda", 2, 2), ("abba", "baab", 2, 2), ("aab", "aba", 1, 1),
        ("bbb", "b", 2, 2), ("abc", "abcdef", 1, 2),
    ],
)  # fmt: skip
def test_how_far_two_words_are_apart(one: str, other: str, most: int, steps: int) -> None:
    assert apart(one, other, most) == apart(other, one, most) == steps


def test_one_letter_is_what_is_asked_unless_more_is_said() -> None:
    assert apart("abcd", "abcdef") == 2
    assert apart("abcd", "badc") == 2
    assert apart("abc", "abcdef") == 2, "two or more"
    assert Neighbors(["lucja"]).of("lucjaab") == []


def test_letters_left_out() -> None:
    assert shortened("abc", 0) == {"abc"}
    assert shortened("abc", 1) == {"abc", "ab", "ac", "bc"}
    assert shortened("abc", 2) == {"abc", "ab", "ac", "bc", "a", "b", "c"}
    assert shortened("ab", 2) == {"ab", "a", "b"}, "a word is never left out whole"


def test_neighbors_are_told_in_order_and_itself_among_them() -> None:
    near = Neighbors(["maria", "mario", "marta", "lucja", "mariana"])
    assert near.of("maria") == ["maria", "mario", "marta"]
    assert near.of("xyz") == []
    wide = Neighbors(["kowalczyk"], 2)
    assert wide.of("kowalchik") == ["kowalczyk"]
    assert wide.of("kovalchik") == []
    assert Neighbors(["abcdef"], 2).of("cdefxy") == [], "four letters apart"


# --- words --------------------------------------------------------------------------------------


def test_words_remember_where_they_stand() -> None:
    text = "Hello. Then he met Lucja; Don't go, can't! 42 L2 I."
    assert [(w.plain, text[w.start : w.end], w.capital, w.proper) for w in words_of(text)] == [
        ("hello", "Hello", True, False), ("then", "Then", True, False), ("he", "he", False, False),
        ("met", "met", False, False), ("lucja", "Lucja", True, True), ("t", "t", False, False),
        ("go", "go", False, False), ("t", "t", False, False), ("l2", "L2", True, True),
        ("i", "I", True, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "before", ["", "He sat. ", "He: ", "Is it? ", "No! ", "a\n", "• ", "(", "“", "the" + 12 * " "]
)
def test_where_a_sentence_begins_a_capital_says_nothing(before: str) -> None:
    word = words_of(before + "Huy")[-1]
    assert (word.plain, word.capital, word.proper) == ("huy", True, False)


@pytest.mark.parametrize("before", ["with ", "and then, ", "who; ", "x ", "the" + 11 * " "])
def test_within_a_sentence_a_capital_is_a_names(before: str) -> None:
    assert words_of(before + "Huy")[-1].proper


@pytest.mark.parametrize("text", ["can't", "Can’t", "ain`t", "won´t"])
def test_what_is_contracted_hides_no_name(text: str) -> None:
    assert [word.plain for word in words_of(text)] == ["t"]
    assert words_of("can")[0].plain == "can"
    assert [word.plain for word in words_of("can'ts")] == ["can", "ts"]


def test_a_token_is_no_word_and_moves_nothing() -> None:
    [word] = words_of("{@student:1} Huy")
    assert (word.start, word.end, word.proper) == (13, 16, False)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("LucjaKowalczyk", [("lucja", 0, 5), ("kowalczyk", 5, 14)]),
        ("hitLucja2", [("hit", 0, 3), ("lucja", 3, 8)]),
        ("Lucja22Huy", [("lucja", 0, 5), ("huy", 7, 10)]),
        ("Ab1c", [("ab", 0, 2)]),
        ("lucja", []), ("LUCJA", []), ("aB", []),
    ],
)  # fmt: skip
def test_what_was_written_together(text: str, parts: list[tuple[str, int, int]]) -> None:
    [word] = words_of("  " + text)
    found = humps("  " + text, word)
    assert [(one.plain, one.start - 2, one.end - 2) for one in found] == parts
    assert all(one.capital and one.proper == word.proper for one in found)


def test_a_part_is_as_proper_as_its_word() -> None:
    text = "with LucjaKowalczyk"
    assert [one.proper for one in humps(text, words_of(text)[1])] == [True, True]


def test_digits_are_read_as_letters() -> None:
    assert without_digits("01345789") == "oleastbg"
    assert without_digits("luc1a") == "lucla"
    assert without_digits("lucja") == "lucja"


# --- pieces -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Luc-ja", [("lucja", 0, 6, True, False)]),
        ("Luc_ja", [("lucja", 0, 6, True, False)]),
        ("Luc-\nja", [("lucja", 0, 7, True, False)]),
        ("Luc- \r\n  ja", [("lucja", 0, 11, True, False)]),
        ("Luc,ja", [("lucja", 0, 6, True, False)]),
        ("Luc   ja", [("lucja", 0, 8, False, False)]),
        ("Luc - ja", [("lucja", 0, 8, False, False)]),
        ("the cat", [("thecat", 0, 7, False, True)]),
        ("Luc, ja", []), ("Luc -- ja", []), ("Luc;;;ja", []), ("Lucja's", []),
        ("Luc         ja", []),
        ("Luc ja sat", [("lucja", 0, 6, False, False), ("lucjasat", 0, 10, False, False),
                        ("jasat", 4, 10, False, False)]),
        ("Luc-ja sat", [("lucja", 0, 6, True, False), ("lucjasat", 0, 10, False, False),
                        ("jasat", 4, 10, False, False)]),
    ],
)  # fmt: skip
def test_pieces_that_may_be_one_word(text: str, runs: list[tuple[object, ...]]) -> None:
    found = joined_runs(text, words_of(text), 9)
    assert [(one[2], *one[:2], *one[3:]) for one in found] == runs


def test_no_run_is_longer_than_six_pieces_or_the_longest_name() -> None:
    words = words_of("a b c d e f g h")
    runs = [one[2] for one in joined_runs("a b c d e f g h", words, 9)]
    assert max(runs, key=len) == "abcdef"
    assert [one for one in runs if one.startswith("a")] == ["ab", "abc", "abcd", "abcde", "abcdef"]
    short = [one[2] for one in joined_runs("a b c d e f g h", words, 1)]
    assert max(map(len, short)) == 3, "two letters more than the longest name"


@pytest.mark.parametrize(
    ("text", "first", "count"),
    [
        ("L u c", [(0, 3, "lu", False), (0, 5, "luc", False), (2, 5, "uc", False)], 3),
        ("L.K.", [(0, 3, "lk", True)], 1),
        ("L. K. sat", [(0, 4, "lk", True)], 1),
        ("L.", [(0, 1, "l", True)], 1),
        ("L.u.c", [(0, 3, "lu", False), (0, 5, "luc", False), (2, 5, "uc", False)], 3),
        ("L", [], 0), ("L,u", [], 0), ("L    u", [], 0),
        ("so L. sat", [(3, 4, "l", True)], 1),
        ("L, u c", [(3, 6, "uc", False)], 1),
        ("L.K. sat M.", [(0, 3, "lk", True), (9, 10, "m", True)], 2),
    ],
)  # fmt: skip
def test_letters_one_by_one(text: str, first: list[tuple[object, ...]], count: int) -> None:
    found = list(spelled_out(text, words_of(text)))
    assert found == first
    assert len(found) == count


def test_a_long_row_of_letters_is_looked_at_in_parts_of_twenty() -> None:
    text = " ".join("abcdefghijklmnopqrstuvwxyz")
    found = [one[2] for one in spelled_out(text, words_of(text))]
    assert max(map(len, found)) == 20
    assert "ghijklmnopqrstuvwxyz" in found
    assert min(map(len, found)) == 2


# --- the index ----------------------------------------------------------------------------------


def test_the_index_knows_who_bears_what() -> None:
    index = NameIndex(ROSTER)
    assert index.number_of == {one.id: number for number, one in enumerate(ROSTER)}
    assert index.exact["kowalczyk"] == [1, 5]
    assert index.exact["lucja"] == [1]
    assert index.exact["kez"] == [3]
    assert index.kinds(1, "lucja") == {"given"}
    assert index.kinds(1, "kowalczyk") == {"family"}
    assert index.kinds(1, "huy") == frozenset()
    assert index.kinds(3, "kez") >= {"preferred"}
    assert index.longest == max(map(len, index.exact)) == len("oshaughnessy")
    assert NameIndex(()).longest == 0
    assert index.near.of("kowalczik") == ["kowalczyk"]
    assert index.near.of("huu") == [], "three letters are too few"
    assert index.near.of("anna") == ["anna"]


def test_a_pet_name_is_kept_apart_and_each_person_once() -> None:
    index = NameIndex((PersonNames("student:w", "William", "Will"),))
    assert index.exact["will"] == [0]
    assert index.nicks["bill"] == [0]
    assert "bill" not in index.exact
    twins = NameIndex((PersonNames("a", "Ana", "Ana"), PersonNames("b", "Ana", "Li")))
    assert twins.exact["ana"] == [0, 1]


def test_two_names_run_together() -> None:
    index = NameIndex(ROSTER)
    assert index.split_in_two("lucjakowalczyk") == {1}
    assert index.split_in_two("annakowalczyk") == {5}
    assert index.split_in_two("lucjanguyen") == frozenset(), "two people's"
    assert index.split_in_two("lucja") == frozenset()
    signs = NameIndex((PersonNames("student:wei", "明", "李"),))
    assert signs.split_in_two("李明", 1) == {0}
    assert signs.split_in_two("李明") == frozenset()
    signs = NameIndex((PersonNames("student:ming", "小明", "李"),))
    assert signs.split_in_two("李小明") == signs.split_in_two("小明李") == frozenset()
    assert signs.split_in_two("李小明", 1) == signs.split_in_two("小明李", 1) == {0}
    two = NameIndex((PersonNames("student:1", "Ab", "Cde"), PersonNames("student:2", "Abc", "De")))
    assert two.split_in_two("abcde") == {0, 1}


def test_those_of_some_ids() -> None:
    assert only(ROSTER, {HUY.id, "nobody"}) == (HUY,)


# --- tokens -------------------------------------------------------------------------------------


def test_what_stands_where_a_token_stood() -> None:
    text = f"{token(MATEO.id)} hit {token(LUCJA.id)}, {token(DANA.id)} saw {token(ROSA.id)}."
    said, placed = placed_letters(
        text, LETTERS, subject_id=MATEO.id, subject_name="Mateo", staff={DANA.id: "Ms. W"}
    )
    assert said == "Mateo hit Student A, Ms. W saw another person."
    assert [(one.id, one.kind, said[one.start : one.end]) for one in placed] == [
        (MATEO.id, "student", "Mateo"), (LUCJA.id, "student", "Student A"),
        (DANA.id, "staff", "Ms. W"), (ROSA.id, "guardian", "another person"),
    ]  # fmt: skip
    assert said == render_letters(
        text, LETTERS, subject_id=MATEO.id, subject_name="Mateo", staff={DANA.id: "Ms. W"}
    )
    assert render_letters(text, {}, subject_id="", subject_name="x") == (
        "another student hit another student, a staff member saw another person."
    )
    assert placed_letters("", {}, subject_id="", subject_name="") == ("", ())


def test_names_the_school_does_not_know() -> None:
    text = f"{token(HUY.id)} {token(DANA.id)} {token(ROSA.id)}"
    assert render_names(text, {}) == "unknown student unknown staff unknown guardian"
    assert render_names(text, {HUY.id: "", DANA.id: "Dana"}).startswith("unknown student Dana")


def test_letters_that_were_given_stay_given() -> None:
    known = {"student:a": "B"}
    ids = ["student:b", "staff:x", "student:a", "student:b", "student:own", "student:c"]
    assert assign_letters(ids, subject_id="student:own", known=known) == {
        "student:a": "B", "student:b": "A", "student:c": "C",
    }  # fmt: skip
    assert known == {"student:a": "B"}, "what was handed in stays as it is"
    assert assign_letters([]) == {}
    assert letter_name("") == "another student"


# --- what was settled ---------------------------------------------------------------------------


def at(text: str, word: str, student: str = LUCJA.id, letter: str = "A") -> NameFinding:
    start = text.index(word)
    return NameFinding(start, start + len(word), word, student, letter, "name")


def test_a_key_is_the_word_between_its_neighbors_and_a_count() -> None:
    text = "Lucja sat. Then Łucja sat by Huy"
    given = [at(text, "Huy"), at(text, "Łucja"), at(text, "Lucja")]
    assert [one.key for one in with_keys(text, given)] == [
        "|lucja|sat#1", "then|lucja|sat#1", "by|huy|#1",
    ]  # fmt: skip
    twice = "a Huy b. a Huy b."
    second = NameFinding(11, 14, "Huy", HUY.id, "B", "name")
    assert [one.key for one in with_keys(twice, [second, at(twice, "Huy")])] == [
        "a|huy|b#1", "a|huy|b#2",
    ]  # fmt: skip
    both = "by Lucja Kowalczyk there"
    [whole] = with_keys(both, [at(both, "Lucja Kowalczyk")])
    assert whole.key == "by|lucja kowalczyk|there#1"
    close = f"a Huy{token(LUCJA.id)}Li b"
    [left] = with_keys(close, [at(close, token(LUCJA.id))])
    assert left.key == f"huy|{token(LUCJA.id)}|li#1", "nothing parts it from its neighbors"
    last = f"a Huy {token(LUCJA.id)}"
    assert with_keys(last, [at(last, token(LUCJA.id))])[0].key == f"huy|{token(LUCJA.id)}|#1"
    assert with_keys("", []) == ()


def test_what_stands_in_for_whom() -> None:
    text = "Lucja and Anna"
    child, parent = at(text, "Lucja"), at(text, "Anna", OLD.id, "")
    assert (child.stand_in, parent.stand_in) == ("Student A", "another parent")
    assert (child.is_parent, parent.is_parent) == (False, True)
    assert at(text, "Lucja", HUY.id, "").stand_in == "another student"
    assert not child.ambiguous
    one, two = (NameFinding(0, 1, "x", "a", "", "name", ids) for ids in (("a",), ("a", "b")))
    assert (one.ambiguous, two.ambiguous) == (False, True)
    assert ParentText("x") == ParentText("x", (), {}, {})


def test_each_place_is_replaced_by_its_own_letter() -> None:
    text = "Lucja met Huy and Lucja."
    found = [at(text, "Lucja"), at(text, "Huy", HUY.id, "B"),
             NameFinding(18, 23, "Lucja", LUCJA.id, "A", "name")]  # fmt: skip
    assert replace_all(text, found) == "Student A met Student B and Student A."
    assert replace_all(text, found, {HUY.id: "Q"}) == "Student A met Student Q and Student A."
    assert replace_all(text, []) == text
    assert replace_finding(text, found[1], "") == "Lucja met another student and Lucja."
    assert replace_finding(text, found[1]) == "Lucja met Student B and Lucja."
    with pytest.raises(ValueError, match="not the one in which this was found"):
        replace_finding("x" + text, found[1])


class Placed:
    """A decision for a place."""

    def __init__(self, start: int, end: int, word: str, decision: str) -> None:
        self.start, self.end, self.word, self.decision = start, end, word, decision


@pytest.mark.parametrize("decision", ["not_a_name", "own_child", "staff"])
def test_what_was_decided_for_a_place_settles_it_alone(decision: str) -> None:
    text = "Lucja met Huy"
    found = [at(text, "Lucja"), at(text, "Huy", HUY.id, "B")]
    made = Placed(0, 5, "Lucja", decision)
    assert unsettled(found, [made]) == (found[1],)  # type: ignore[list-item]  # a stand-in
    assert unsettled(found, []) == tuple(found)


def test_a_decision_stands_while_its_key_is_found() -> None:
    text = "Lucja met Huy"
    keyed = with_keys(text, [at(text, "Lucja"), at(text, "Huy", HUY.id, "B")])
    kept = still_settled({keyed[0].key: "staff", "gone": "own_child"}, keyed)
    assert kept == {keyed[0].key: "staff"}


# --- offers -------------------------------------------------------------------------------------


PEOPLE = (MATEO, LUCJA, HUY, PersonNames("student:m1", "Marcus", "Delgado"),
          PersonNames("student:m2", "Marcus", "Delgado"), PersonNames("student:will", "Will", "Li"),
          DANA)  # fmt: skip


def offers(text: str, *event: str, most: int = 5) -> list[tuple[str, tuple[str, ...]]]:
    found = find_offers(text, NameIndex(PEOPLE), event, most)
    assert all(text[one.start : one.end] == one.word for one in found)
    return [(one.word, one.candidates) for one in found]


def test_who_is_offered_and_in_which_order() -> None:
    both = ("student:m1", "student:m2")
    assert offers("so Marcus Delgado came") == [("Marcus Delgado", both)]
    assert offers("so Marcus Delgado came", "student:m2") == [("Marcus Delgado", both[1:])]
    assert offers("so Marcus Delgado came", *both) == [("Marcus Delgado", both)]
    assert offers("so Marcus Delgado came", *both, most=1) == [("Marcus Delgado", both[:1])]
    assert offers("so Marcus came") == [], "two bear it"
    assert offers("so Marcus came", "student:m2", "student:nobody") == [("Marcus", both[1:])]


def test_a_whole_name_needs_its_two_parts_side_by_side() -> None:
    assert offers("so Lucja Kowalczyk, Dana-Whitcomb") == [
        ("Lucja Kowalczyk", (LUCJA.id,)), ("Dana-Whitcomb", (DANA.id,)),
    ]  # fmt: skip
    assert offers("so Lucja, Kowalczyk") == [("Lucja", (LUCJA.id,)), ("Kowalczyk", (LUCJA.id,))]
    assert offers("so lucja   kowalczyk") == []
    assert offers("so lucja kowalczyk", LUCJA.id) == [("lucja kowalczyk", (LUCJA.id,))]
    assert offers("so lucja Kowalczyk") == [("lucja Kowalczyk", (LUCJA.id,))]
    assert offers("so Lucja Lucja") == [("Lucja", (LUCJA.id,)), ("Lucja", (LUCJA.id,))]
    assert offers("Nguyen Gia Huy sat") == [("Nguyen Gia Huy", (HUY.id,))]
    assert offers("so lucja kowalczyk", HUY.id) == [], "who is there is not who is named"
    assert offers("so Bill Li came") == [("Bill Li", ("student:will",))]
    assert offers("so Lucja Huy Nguyen") == [("Lucja", (LUCJA.id,)), ("Huy Nguyen", (HUY.id,))]


def test_two_family_names_are_one_offer_the_same_one_twice_are_two() -> None:
    assert offers("so Nunez-Okafor came") == [("Nunez-Okafor", (MATEO.id,))]
    assert offers("so Kowalczyk Kowalczyk") == [("Kowalczyk", (LUCJA.id,))] * 2
    assert offers("so Bill Will came") == [], "one name, spelled in two ways"


def test_no_more_than_five_are_offered_unless_more_are_asked_for() -> None:
    six = NameIndex([PersonNames(f"student:{n}", "Marcus", "Delgado") for n in range(6)])
    [offer] = find_offers("so Marcus Delgado came", six)
    assert offer.candidates == tuple(one.id for one in six.people[:5])


def test_ordinary_words_and_short_ones_are_offered_to_nobody_else() -> None:
    assert offers("so Will came") == []
    assert offers("so Will came", "student:will") == [("Will", ("student:will",))]
    assert offers("Will came", "student:will") == []
    assert offers("so Li came") == []
    assert offers("so huy came") == []
    assert offers("so huy came", HUY.id) == [("huy", (HUY.id,))]


def test_an_offer_is_for_one_person_by_name() -> None:
    class People:
        def offered_names(self) -> NameIndex:
            return NameIndex(PEOPLE)

    text = f"{token('student:m2')} saw Marcus and Huy, Delgado"
    told = name_offers(People(), text, [LUCJA.id])
    at_huy, at_marcus = text.index("Huy"), text.index("Marcus")
    assert told[0] == NamedOffer(at_marcus, at_marcus + 6, "Marcus", "student:m2", PEOPLE[4].short)
    assert told[1] == NamedOffer(at_huy, at_huy + 3, "Huy", HUY.id, HUY.short)
    assert [one.person_id for one in told] == ["student:m2", HUY.id, "student:m2"]
    assert [one.id for one in find_tokens(text)] == ["student:m2"]
