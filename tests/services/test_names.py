"""Names are compared however they are written, and taken apart into what people say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bt_desktop.services.names import PersonNames, fold, forms, initials, nicknames
from bt_desktop.services.names_common import is_common


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Łucja", "lucja"),
        ("NGUYỄN", "nguyen"),
        ("Đặng", "dang"),
        ("Søren", "soren"),
        ("Strauß", "strauss"),
        ("Æthel", "aethel"),
        ("İpek Işık", "ipek isik"),
        ("O’Brien", "obrien"),
        ("D'Angelo", "dangelo"),
        ("Ka\u02bbiulani", "kaiulani"),
        ("Lu\u200bc\u00adja", "lucja"),
        ("Luсjа", "lucja"),  # Cyrillic es and a
        ("Ｌｕｃｊａ", "lucja"),
        ("𝐋𝐮𝐜𝐣𝐚", "lucja"),
        ("Núñez-Okafor", "nunez-okafor"),
        ("Nu\u0301n\u0303ez", "nunez"),
    ],
)
def test_fold_leaves_plain_letters(written: str, plain: str) -> None:
    assert fold(written) == plain


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_double_name_gives_its_parts_and_the_whole() -> None:
    found = forms(PersonNames("s", "Mateo", "Núñez-Okafor"))
    assert {("mateo", "given"), ("nunez", "family"), ("okafor", "family")} <= set(found)
    assert ("nunezokafor", "family") in found
    assert ("teo", "nickname") in found


def test_particles_and_single_letters_are_no_name() -> None:
    found = {form for form, _ in forms(PersonNames("s", "J", "van der Berg", middle="A"))}
    assert found == {"berg", "vanderberg"}
    assert ("an", "given") in forms(PersonNames("s", "An", "Le"))


def test_two_dots_are_also_written_out() -> None:
    found = {form for form, _ in forms(PersonNames("s", "Jürgen", "Müller"))}
    assert {"muller", "mueller", "jurgen", "juergen"} <= found


def test_pet_names_go_both_ways() -> None:
    assert "matt" in nicknames("matthew")
    assert "matthew" in nicknames("matt")
    assert {"pancho", "paco"} <= nicknames("francisco")
    assert "lucy" in nicknames("lucja")


def test_a_family_name_may_stand_first() -> None:
    huy = PersonNames("s", "Huy", "Nguyễn", middle="Gia", family_first=True)
    assert huy.whole == "Nguyễn Gia Huy"
    assert huy.short == "Nguyễn Huy"
    assert {"hn", "nh", "ngh"} <= initials(huy)


def test_ordinary_words_in_their_forms() -> None:
    assert all(is_common(w) for w in ("kicked", "chairs", "hitting", "grabbed", "babies", "will"))
    assert not any(is_common(w) for w in ("lucja", "kowalczyk", "mateo", "huy", "nguyen"))
