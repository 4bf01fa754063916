"""Numbers on the body: each is there once, none hides another, piles are bundled."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.form_engine.body_badges import Badge, arrange, badges, bundle, ranges

PAGE = (400.0, 400.0)


def laid(marks: list[tuple[int, float, float]]) -> tuple[Badge, ...]:
    return badges(marks, 18, 7, *PAGE)


def all_told(made: tuple[Badge, ...]) -> list[int]:
    return sorted(number for badge in made for number in badge.numbers)


def apart(made: tuple[Badge, ...]) -> bool:
    return all(
        abs(a.x - b.x) * 2 >= a.wide + b.wide - 1e-6 or abs(a.y - b.y) * 2 >= a.high + b.high - 1e-6
        for a, b in combinations(made, 2)
    )


def test_a_mark_alone_is_a_circle_where_it_lies() -> None:
    (made,) = laid([(1, 100, 120)])
    assert (made.x, made.y, made.lines) == (100, 120, ("1",))
    assert made.wide == made.high == 18
    assert not list(made.strays())


def test_marks_of_one_place_fan_out_around_it() -> None:
    made = laid([(n, 100, 100) for n in range(1, 6)])
    assert [badge.lines for badge in made] == [("1",), ("2",), ("3",), ("4",), ("5",)]
    assert apart(made)
    assert all(abs(b.x - 100) < 70 and abs(b.y - 100) < 70 for b in made)
    assert [list(badge.strays()) for badge in made[1:]] == [[(100, 100)]] * 4


def test_a_pile_is_bundled_into_one() -> None:
    (made,) = laid([(n, 100 + n % 3, 100) for n in range(12, 19)])
    assert made.lines == ("12–18",)
    assert made.numbers == tuple(range(12, 19))


def test_numbers_in_few_words() -> None:
    assert ranges([3, 1, 2, 7, 9, 10]) == ["1–3", "7", "9", "10"]
    assert ranges([]) == []
    assert bundle([1, 2, 3, 9]) == ("1–3, 9",)
    assert bundle(range(1, 40, 2)) == ("1, 3, 5", "7, 9, 11 +14")


@given(
    st.lists(
        st.tuples(st.floats(0, 400), st.floats(0, 400)) | st.just((200.0, 200.0)),
        min_size=1,
        max_size=60,
    )
)
def test_every_number_stands_once_on_the_page_and_hides_no_other(
    places: list[tuple[float, float]],
) -> None:
    made = laid([(n, x, y) for n, (x, y) in enumerate(places, 1)])
    assert all_told(made) == list(range(1, len(places) + 1))
    assert apart(made)
    for badge in made:
        assert badge.wide / 2 <= badge.x <= 400 - badge.wide / 2
        assert badge.high / 2 <= badge.y <= 400 - badge.high / 2


def test_five_hundred_marks_are_all_told() -> None:
    dice = random.Random(7)
    marks = [(n, dice.uniform(100, 300), dice.uniform(50, 350)) for n in range(1, 501)]
    made = laid(marks)
    assert all_told(made) == list(range(1, 501))
    assert apart(made)
    assert made == laid(marks)


def test_a_page_smaller_than_a_badge_gets_one_all_the_same() -> None:
    made = badges([(n, 5, 5) for n in range(1, 30)], 18, 7, 10, 10)
    assert all_told(made) == list(range(1, 30))


def test_pictures_share_a_scale_and_stay_on_the_page() -> None:
    sizes = [("a", 100.0, 200.0), ("b", 120.0, 180.0), ("c", 90.0, 200.0)]
    for width, height in ((500, 300), (200, 900), (900, 150)):
        made = arrange(sizes, width, height, gap=10, caption=16)
        assert [each.view for each in made] == ["a", "b", "c"]
        assert len({each.scale for each in made}) == 1
        for each in made:
            assert each.left >= 0
            assert each.left + each.width <= width + 1e-6
            assert each.top >= 0
            assert each.top + each.height + 16 <= height + 1e-6
    placed = made[0]
    x, y = placed.at(0.25, 0.5)
    back = placed.fraction(x, y)
    assert back is not None
    assert abs(back[0] - 0.25) < 1e-9
    assert placed.fraction(placed.left - 1, placed.top) is None
