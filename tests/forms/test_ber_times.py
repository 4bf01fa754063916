"""Holds at the edges of the clock: wrong way round, over midnight, over the end of summer time."""

from __future__ import annotations

from datetime import datetime

import pytest
from ber_answers import ZONE, fill, form, session

from bt_desktop.form_engine import FormSession


def _event(day: str, began: str, ended: str, now: datetime) -> FormSession:
    page = session(form("us-ca"), now)
    return fill(
        page,
        [
            ("/what_happened", ["physical_restraint"]),
            ("/event_date", day),
            ("/event_began", began),
            ("/event_ended", ended),
        ],
    )


def _hold(page: FormSession, start: str, end: str) -> FormSession:
    return fill(page, [("/holds[1]/start", start), ("/holds[1]/end", end)])


def _said(page: FormSession, path: str) -> list[str]:
    return [i.severity for i in page.issues() if i.path == path]


def _minutes(page: FormSession) -> object:
    return page.view("/holds[1]/minutes").value


NOON = datetime(2026, 11, 12, 12, 0, tzinfo=ZONE)


def test_a_hold_that_ends_before_it_begins_is_an_error_and_is_kept() -> None:
    page = _hold(_event("11/12", "1009", "1019", NOON), "1014", "1012")
    assert _said(page, "/holds[1]/end") == ["error"]
    assert page.view("/holds[1]/end").value is not None

    page.set("/holds[1]/end", "1016")
    assert _said(page, "/holds[1]/end") == []
    assert _minutes(page) == 2


def test_a_hold_of_less_than_a_minute_is_no_mistake() -> None:
    page = _hold(_event("11/12", "1009", "1019", NOON), "1012", "1012")
    assert _said(page, "/holds[1]/end") == []
    assert _minutes(page) == 0


def test_a_hold_over_midnight_lasts_as_long_as_it_lasted() -> None:
    now = datetime(2026, 11, 13, 9, 0, tzinfo=ZONE)
    page = _hold(_event("11/12", "11:50p", "12:20a", now), "11:58p", "12:03a")
    assert _said(page, "/event_ended") == []
    assert _said(page, "/holds[1]/start") == []
    assert _said(page, "/holds[1]/end") == []
    assert page.answers()["holds"][0]["end"] == "2026-11-13T00:03:00-08:00"
    assert _minutes(page) == 5


def test_the_night_the_clocks_go_back_a_hold_is_as_long_as_it_really_was() -> None:
    """2026-11-01 in California: 2 am is 1 am again, so 12:50 to 2:10 lasts 140 minutes."""
    now = datetime(2026, 11, 1, 12, 0, tzinfo=ZONE)
    page = _hold(_event("11/1", "12:40a", "2:30a", now), "12:50a", "2:10a")
    assert page.answers()["holds"][0]["start"] == "2026-11-01T00:50:00-07:00"
    assert page.answers()["holds"][0]["end"] == "2026-11-01T02:10:00-08:00"
    assert _minutes(page) == 140
    assert _said(page, "/holds[1]/end") == ["warning"]


@pytest.mark.parametrize(("end", "severity"), [("1109", []), ("1112", []), ("1113", ["warning"])])
def test_sixty_minutes_is_the_longest_hold_that_is_not_asked_about(
    end: str, severity: list[str]
) -> None:
    page = _hold(_event("11/12", "1009", "1130", NOON), "1012", end)
    assert _said(page, "/holds[1]/end") == severity


def test_a_hold_in_the_future_is_an_error() -> None:
    page = _hold(_event("11/12", "1009", "", NOON), "1:30p", "1:40p")
    assert _said(page, "/holds[1]/start") == ["error"]
    assert _said(page, "/holds[1]/end") == ["error"]


def test_minutes_of_several_holds_add_up_and_a_row_taken_away_no_longer_counts() -> None:
    page = _event("11/12", "1009", "1130", NOON)
    for number, (start, end) in enumerate(
        (("1012", "1014"), ("1016", "1019"), ("1100", "1110")), 1
    ):
        fill(page, [(f"/holds[{number}]/start", start), (f"/holds[{number}]/end", end)])
    assert (page.view("/held_minutes").value, page.view("/longest_hold").value) == (15, 10)

    page.remove_row("/holds[3]")
    assert (page.view("/held_minutes").value, page.view("/hold_count").value) == (5, 2)

    page.restore_row()
    assert page.view("/held_minutes").value == 15
