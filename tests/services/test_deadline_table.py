"""Every deadline of every pack, with its date worked out by hand from a printed calendar.

November 2026                    the school of `deadline_kit`: bell 15:10, no school on Wed 11,
Su Mo Tu We Th Fr Sa             Thu 26, Fri 27 November; from 21 December to 1 January
 1  2  3  4  5  6  7             (clocks go back on Sunday 1 November 2026,
 8  9 10 11 12 13 14              forward on Sunday 14 March 2027)
15 16 17 18 19 20 21
22 23 24 25 26 27 28
29 30
"""

from __future__ import annotations

from datetime import datetime

import pytest

from bt_desktop.form_engine import available_packs
from tests.services.deadline_kit import found, rules, worked_out

CA = {"event_start": "2026-11-12T10:09:00-08:00", "restraint": True, "plan": "iep", "bip": "none"}
OK = {"event_start": "2026-11-12T10:09:00-06:00", "restraint": True}
TX = OK | {"plan": "iep"}
MA = {"event_start": "2026-11-12T10:09:00-05:00", "restraint": True}
WEST = {"event_start": "2026-11-12T10:09:00-08:00", "restraint": True}
SUSPENDED = {"event_start": CA["event_start"], "suspended": True, "suspended_from": "2026-11-17"}
WRITTEN = {"ber_written": "2026-11-12T16:40:00-08:00"}

# pack, rule, task, reading | the facts | due
TABLE = [
    # California, Thursday 12 November, 10:09 in the morning.
    ("us-ca", "T1", "tell_parent", "statute", CA, "2026-11-13T15:10:00-08:00"),
    ("us-ca", "T1", "tell_parent", "district", CA | {"plan": "none"}, "2026-11-13T15:10:00-08:00"),
    ("us-ca", "T1", "tell_parent", "statute",
     {"event_start": CA["event_start"], "serious_property_damage": "yes"},
     "2026-11-13T15:10:00-08:00"),
    ("us-ca", "T1", "tell_provider", "statute",
     CA | {"residential_provider": "yes"}, "2026-11-13T15:10:00-08:00"),
    ("us-ca", "T2", "complete_report", "statute", CA, "2026-11-12T23:59:00-08:00"),
    ("us-ca", "T2", "complete_report", "district", CA, "2026-11-13T10:09:00-08:00"),
    ("us-ca", "T3", "review", "best_practice", CA | WRITTEN, "2026-11-13T15:10:00-08:00"),
    ("us-ca", "T4", "schedule_iep", "statute", CA, "2026-11-14T23:59:00-08:00"),
    ("us-ca", "T4", "schedule_iep", "district", CA, "2026-11-16T15:10:00-08:00"),
    ("us-ca", "T4", "schedule_iep", "statute",
     CA | {"ber_written": "2026-11-13T08:00:00-08:00"}, "2026-11-15T23:59:00-08:00"),
    ("us-ca", "T4", "schedule_iep", "district",
     CA | {"ber_written": "2026-11-13T08:00:00-08:00"}, "2026-11-17T15:10:00-08:00"),
    ("us-ca", "T4b", "iep_reasons", "statute",
     CA | {"iep_meeting": "2026-11-18T09:00:00-08:00"}, "2026-11-18T23:59:00-08:00"),
    ("us-ca", "T5", "refer_iep", "best_practice",
     CA | {"bip": "yes", "new_behavior": "yes"}, "2026-11-16T15:10:00-08:00"),
    ("us-ca", "T5", "refer_iep", "best_practice",
     CA | WRITTEN | {"bip": "yes", "bip_ineffective": True}, "2026-11-16T15:10:00-08:00"),
    # Asked for on Monday 23: Tue 24, Wed 25, (Thu, Fri off), Mon 30, Tue 1, Wed 2 December.
    ("us-ca", "T6", "parent_copy", "statute",
     {"copy_requested": "2026-11-23T09:00:00-08:00"}, "2026-12-02T23:59:00-08:00"),
    ("us-ca", "T7", "annual_report", "statute",
     {"school_year_end": "2027-06-11"}, "2027-09-11T23:59:00-07:00"),
    ("us-ca", "T9", "tell_agencies", "unverified",
     CA | {"nonpublic_school": True, "police": True}, "2026-11-13T23:59:00-08:00"),
    ("us-ca", "T10", "tell_police", "best_practice",
     CA | {"staff_attacked": True}, "2026-11-12T23:59:00-08:00"),
    # Suspended on Tuesday 17, a school day: Wed 18 is one after it, Thu 19 two; with 17 as day 1,
    # Mon 23 is the fifth.
    ("us-ca", "T11", "tell_police_assault", "best_practice",
     SUSPENDED | {"assault_weapon": True}, "2026-11-17T23:59:00-08:00"),
    ("us-ca", "T12", "tell_police_drugs", "statute",
     SUSPENDED | {"drug_offense": True}, "2026-11-18T15:10:00-08:00"),
    ("us-ca", "T12", "tell_police_drugs", "statute",
     CA | {"expelled": "yes", "drug_offense": True}, "2026-11-13T15:10:00-08:00"),
    ("us-ca", "T13", "suspension_conference", "statute", SUSPENDED, "2026-11-19T15:10:00-08:00"),
    ("us-ca", "T14", "end_suspension", "statute", SUSPENDED, "2026-11-23T15:10:00-08:00"),
    ("us-ca", "T15", "in_school_notice", "best_practice",
     CA | {"in_school_suspension": True}, "2026-11-12T23:59:00-08:00"),
    ("us-ca", "C3", "reporter_training", "unverified",
     {"hired": "2026-08-03T09:00:00-07:00"}, "2026-09-14T23:59:00-07:00"),
    # Referred on Tuesday 10: (Wed 11 off) Thu 12, Fri 13, Mon 16, Tue 17, Wed 18.
    ("us-ca", "T16", "answer_referral", "statute",
     {"referral": "2026-11-10T11:00:00-08:00", "defiance_referral": True},
     "2026-11-18T23:59:00-08:00"),
    # 36 hours over the Saturday night on which the clocks go back.
    ("us-ca", "T17", "abuse_report", "statute",
     {"abuse_suspected_at": "2026-10-31T14:00:00-07:00", "abuse_suspected": "yes"},
     "2026-11-02T01:00:00-08:00"),
    ("us-ca", "T18", "claim_form", "unverified", CA | {"staff_injury": True},
     "2026-11-13T23:59:00-08:00"),
    ("us-ca", "T18", "employer_report", "unverified",
     CA | {"staff_injury": True}, "2026-11-17T23:59:00-08:00"),
    ("us-ca", "T18", "serious_injury_call", "unverified",
     CA | {"serious_staff_injury": True}, "2026-11-12T18:09:00-08:00"),
    ("us-ca", "T18", "injury_form", "statute", CA | {"staff_injury": True},
     "2026-11-19T23:59:00-08:00"),
    ("us-ca", "T19", "violence_log", "best_practice",
     CA | {"staff_attacked": True}, "2026-11-13T15:10:00-08:00"),
    # Oklahoma: nothing was read, everything says so. Both dates of O1 are in that state.
    ("us-ok", "O2", "written_notice", "unverified", OK, "2026-11-13T15:10:00-06:00"),
    ("us-ok", "O3", "debrief", "unverified", OK, "2026-11-16T15:10:00-06:00"),
    # Oregon: the end of this very school day.
    ("us-or", "R1", "tell_parent", "statute", WEST, "2026-11-12T15:10:00-08:00"),
    ("us-or", "R1", "written_notice", "statute", WEST, "2026-11-13T10:09:00-08:00"),
    ("us-or", "R1", "tell_untrained", "best_practice",
     WEST | {"untrained_staff": True}, "2026-11-13T10:09:00-08:00"),
    ("us-or", "R3", "tell_recordings", "statute", WEST | {"photos": True},
     "2026-11-13T10:09:00-08:00"),
    # Texas: the same day; the paper on the next school day.
    ("us-tx", "X1", "tell_administrator", "statute", TX, "2026-11-12T23:59:00-06:00"),
    ("us-tx", "X2", "tell_parent", "statute", TX, "2026-11-12T23:59:00-06:00"),
    ("us-tx", "X2", "tell_parent", "district", TX | {"plan": "504"}, "2026-11-12T23:59:00-06:00"),
    ("us-tx", "X3", "written_notice", "statute", TX, "2026-11-13T15:10:00-06:00"),
    # Massachusetts: 24 hours; three school days are Fri 13, Mon 16, Tue 17.
    ("us-ma", "M1", "tell_parent", "statute", MA, "2026-11-13T10:09:00-05:00"),
    ("us-ma", "M1", "written_notice", "statute", MA, "2026-11-17T15:10:00-05:00"),
    ("us-ma", "M2", "approval", "unverified", MA | {"minutes_held": 21},
     "2026-11-12T10:29:00-05:00"),
    ("us-ma", "M3", "written_to_administrator", "unverified", MA, "2026-11-13T15:10:00-05:00"),
    ("us-ma", "M4", "state_injury_report", "unverified",
     MA | {"injury": True}, "2026-11-17T15:10:00-05:00"),
    # Washington: business days are Fri 13, Mon 16 and on to Thu 19.
    ("us-wa", "W1", "written_to_administrator", "statute", WEST, "2026-11-16T23:59:00-08:00"),
    ("us-wa", "W2", "tell_parent", "statute", WEST, "2026-11-13T10:09:00-08:00"),
    ("us-wa", "W2", "written_notice", "statute", WEST, "2026-11-19T23:59:00-08:00"),
]  # fmt: skip

SEVERAL = [
    ("us-ok", "O1", OK, ["2026-11-12T23:59:00-06:00", "2026-11-13T10:09:00-06:00"]),
    ("us-or", "R2", WEST | {"minutes_held": 30}, []),
    ("us-or", "R2", WEST | {"minutes_held": 31}, ["2026-11-12T10:39:00-08:00"]),
    ("us-or", "R2", WEST | {"minutes_held": 61},
     ["2026-11-12T10:39:00-08:00", "2026-11-12T10:54:00-08:00", "2026-11-12T11:09:00-08:00"]),
    ("us-or", "R2", WEST | {"event_end": "2026-11-12T10:55:00-08:00"},
     ["2026-11-12T10:39:00-08:00", "2026-11-12T10:54:00-08:00"]),
    ("us-ma", "M2", MA | {"minutes_held": 20}, []),
    ("us-ma", "M2", MA | {"minutes_held": 90}, ["2026-11-12T10:29:00-05:00"]),
    ("us-ma", "M2", MA, ["2026-11-12T10:29:00-05:00"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pack", "rule", "task", "reading", "facts", "due"),
    TABLE,
    ids=[f"{row[0]}-{row[1]}-{row[2]}-{row[3]}-{i}" for i, row in enumerate(TABLE)],
)
def test_a_deadline_falls_on_the_day_worked_out_by_hand(pack, rule, task, reading, facts, due):
    got = found(worked_out(pack, facts), rule, task, reading)
    assert got.isoformat() == due


@pytest.mark.parametrize(("pack", "rule", "facts", "due"), SEVERAL)
def test_a_rule_of_several_dates_has_each_of_them(pack, rule, facts, due):
    got = [one.due.isoformat() for one in worked_out(pack, facts) if one.id == rule]
    assert got == due


def test_every_rule_of_every_pack_stands_in_a_table():
    listed = {(row[0], row[1], row[2]) for row in TABLE} | {
        (pack, rule, one.task)
        for pack, rule, _, _ in SEVERAL
        for one in rules(pack)
        if one.id == rule
    }
    assert {(p, one.id, one.task) for p in available_packs() for one in rules(p)} == listed


def test_no_deadline_is_called_verified_as_long_as_nobody_verified_its_pack():
    for pack in available_packs():
        assert not any(one.verified("statute") for one in rules(pack))


# pack, rule, task, reading | when it began | due. Over what makes counting hard.
HARD = [
    # A two-week break: the last day before it, and the Saturday in it.
    ("us-ca", "T1", "tell_parent", "", "2026-12-18T10:00:00-08:00", "2027-01-04T15:10:00-08:00"),
    ("us-ca", "T1", "tell_parent", "", "2026-12-26T21:00:00-08:00", "2027-01-04T15:10:00-08:00"),
    ("us-ca", "T4", "", "statute", "2026-12-18T10:00:00-08:00", "2026-12-20T23:59:00-08:00"),
    ("us-ca", "T4", "", "district", "2026-12-18T10:00:00-08:00", "2027-01-05T15:10:00-08:00"),
    ("us-or", "R1", "tell_parent", "", "2026-12-18T15:11:00-08:00", "2027-01-04T15:10:00-08:00"),
    ("us-wa", "W2", "written_notice", "", "2026-12-18T10:00:00-08:00", "2027-01-08T23:59:00-08:00"),
    # The clocks go back: 24 hours are 24 hours, a school day is a school day.
    ("us-or", "R1", "written_notice", "", "2026-10-31T15:00:00-07:00", "2026-11-01T14:00:00-08:00"),
    ("us-ca", "T1", "tell_parent", "", "2026-10-30T14:00:00-07:00", "2026-11-02T15:10:00-08:00"),
    ("us-ca", "T4", "", "statute", "2026-10-31T14:00:00-07:00", "2026-11-02T23:59:00-08:00"),
    # The clocks go forward.
    ("us-or", "R1", "written_notice", "", "2027-03-13T15:00:00-08:00", "2027-03-14T16:00:00-07:00"),
    ("us-ca", "T1", "tell_parent", "", "2027-03-12T14:00:00-08:00", "2027-03-15T15:10:00-07:00"),
    # Ten to midnight; after the bell; on the bell; before school; a weekend.
    ("us-ca", "T1", "tell_parent", "", "2026-11-12T23:50:00-08:00", "2026-11-13T15:10:00-08:00"),
    ("us-ca", "T2", "", "statute", "2026-11-12T23:50:00-08:00", "2026-11-12T23:59:00-08:00"),
    ("us-or", "R1", "written_notice", "", "2026-11-12T23:50:00-08:00", "2026-11-13T23:50:00-08:00"),
    ("us-ca", "T1", "tell_parent", "", "2026-11-12T16:30:00-08:00", "2026-11-13T15:10:00-08:00"),
    ("us-or", "R1", "tell_parent", "", "2026-11-12T16:30:00-08:00", "2026-11-13T15:10:00-08:00"),
    ("us-or", "R1", "tell_parent", "", "2026-11-12T15:10:00-08:00", "2026-11-13T15:10:00-08:00"),
    ("us-or", "R1", "tell_parent", "", "2026-11-12T06:00:00-08:00", "2026-11-12T15:10:00-08:00"),
    ("us-or", "R1", "tell_parent", "", "2026-11-14T11:00:00-08:00", "2026-11-16T15:10:00-08:00"),
    ("us-ca", "T1", "tell_parent", "", "2026-11-14T11:00:00-08:00", "2026-11-16T15:10:00-08:00"),
    # The day before a holiday in the middle of the week.
    ("us-ca", "T1", "tell_parent", "", "2026-11-10T09:00:00-08:00", "2026-11-12T15:10:00-08:00"),
    # The summer session counts, with its own bell; the gap before it does not.
    ("us-ca", "T1", "tell_parent", "", "2027-06-11T10:00:00-07:00", "2027-06-21T12:00:00-07:00"),
    # Told in UTC, counted on the school's clocks: 02:30 on the 13th is 18:30 on the 12th.
    ("us-ca", "T1", "tell_parent", "", "2026-11-13T02:30:00+00:00", "2026-11-13T15:10:00-08:00"),
]  # fmt: skip


@pytest.mark.parametrize(("pack", "rule", "task", "reading", "began", "due"), HARD)
def test_a_deadline_over_what_makes_counting_hard(pack, rule, task, reading, began, due):
    facts = {"event_start": began, "restraint": True, "plan": "iep", "bip": "none"}
    got = found(worked_out(pack, facts), rule, task, reading)
    assert got.isoformat() == due
    assert got == datetime.fromisoformat(due)
