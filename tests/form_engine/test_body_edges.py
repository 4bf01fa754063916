"""What the body map calls a place where its side stands in a column of its own."""

from __future__ import annotations

import pytest

from bt_desktop.form_engine.body import atlas


@pytest.mark.parametrize(
    ("region", "view", "with_side", "bare"),
    [
        ("hip_left", "back", "Left hip, back", "Hip, back"),
        ("forearm_right", "front", "Right forearm, front", "Forearm, front"),
        ("forehead", "head_front", "Forehead", "Forehead"),
        ("gone_since", "front", "gone since", "Gone since"),
    ],
)
def test_the_side_is_left_out_where_it_stands_beside(
    region: str, view: str, with_side: str, bare: str
) -> None:
    assert (atlas().place(region, view), atlas().bare_place(region, view)) == (with_side, bare)
