"""The two school years around the example event: the same every time, and as good as real ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bt_desktop import demo
from bt_desktop.clock import SetClock
from bt_desktop.demo_years import Years
from bt_desktop.errors import Denied
from bt_desktop.services import access
from bt_desktop.services.made_up import Pen
from bt_desktop.services.results.records import RecordFilter
from tests.conftest import AFTERNOON
from tests.factory import FAST, PASSWORD, School


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> demo.Demo:
    """A demo with an eighth of the years."""
    out = tmp_path_factory.mktemp("years") / "demo"
    demo.clear(out)
    made = demo.Demo(out, say=lambda sentence: None, policy=FAST, years=0.12)
    summary = made.tell()
    assert summary["record"] == "BER-2026-0001", "the example event keeps its number"
    return made


@pytest.mark.slow
def test_the_school_has_six_hundred_students_and_records_of_each_kind(told: demo.Demo) -> None:
    with told.signed_in("tom") as tom:
        assert tom.people.count()["student"] == 600
        records = tom.records.list(RecordFilter(), 200)
        forms = Counter(record.form for record in records)
        assert set(forms) == {"restraint", "incident", "first_aid"}
        assert all(record.number for record in records)
        days = sorted(record.event_at.date() for record in records if record.event_at)
        assert (days[-1] - days[0]).days > 400, "they lie over two school years"


@pytest.mark.slow
def test_the_trail_holds_and_every_record_was_signed_by_its_author(told: demo.Demo) -> None:
    with told.signed_in("tom") as tom:
        assert tom.log.verify().holds
        for record in tom.records.list(RecordFilter(), 200):
            report = tom.records.open(record.id).part("report")
            assert (report.state, report.signer_name) == ("signed", record.author_name)


def test_the_same_years_are_told_every_time() -> None:
    students = [f"student:{n}" for n in range(600)]
    first, again = (Years({}, SetClock(AFTERNOON), "America/Los_Angeles") for _ in range(2))
    assert first.happenings(students) == again.happenings(students)
    assert all(one.at.weekday() < 5 for one in first.happenings(students))


def test_a_pen_writes_only_in_a_demo(school: School) -> None:
    dana = school.sign_in("dana")
    with pytest.raises(Denied):
        Pen(dana.records, PASSWORD)


@pytest.mark.slow
def test_a_demo_vault_opens_like_any_other(told: demo.Demo, tmp_path: Path) -> None:
    [user] = [u for u in access.vault_status(told.vault).users if u.sign_in_name == "Tom Becker"]
    tom = told.told["staff"]["tom"]["password"]
    access.unlock(told.vault, user.user_id, tom, SetClock(AFTERNOON), kdf_policy=FAST).lock()
