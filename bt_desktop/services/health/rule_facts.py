"""The facts that the medication rules ask about: each with its kind, and what it is.

A rule that names another is refused when the file is read (`rules.load_rules`).
"""

from __future__ import annotations

from typing import Any

FACTS: dict[str, tuple[type, str]] = {
    # what is about to happen
    "giving": (bool, "medicine reaches the student (not an outcome code that says it did not)"),
    "was_given": (bool, "a dose on record that reached the student"),
    "outcome": (str, "the code of the MAR"),
    "outcome_words": (str, "the code in words"),
    "reason_needed": (bool, "the code asks for a reason"),
    "reason_told": (bool, "a reason of some letters is written"),
    "future": (bool, "the time given has not come yet"),
    "late_entry": (bool, "entered more than a quarter of an hour after it happened"),
    "other_day": (bool, "it happened on another school day"),
    "back_days": (int, "how many school days ago it happened"),
    "back_limit": (int, "from so many school days on an administrator must allow it"),
    # who
    "identified": (bool, "two identifiers, or an adult by name and relation"),
    "name_alert": (bool, "another student has a very similar name"),
    "similar_names": (str, "those other names"),
    "birth_date_retyped": (bool, "the birth date was typed in and is this student's"),
    "is_nurse": (bool, "whoever records it is a nurse"),
    "delegated": (bool, "this medicine of this student is delegated to them today"),
    "controlled": (bool, "the medicine is counted"),
    "controlled_allowed": (bool, "a delegate may give controlled medicine in this school"),
    "who_gives_controlled": (str, "who may, in words"),
    "witness_needed": (bool, "two people must sign"),
    "witness_given": (bool, "a second, different person signs"),
    # the order
    "order_state": (str, "active, upcoming, expired, discontinued, hold, waiting"),
    "starts": (str, "its first day"),
    "ends": (str, "its last day"),
    "prescriber_on_paper": (bool, "the prescriber's statement is here"),
    "parent_on_paper": (bool, "the parent's statement is here"),
    "phone_consent": (bool, "the parent agreed by telephone"),
    "reviewed": (bool, "a nurse reviewed it"),
    "missing": (str, "what is missing, in words"),
    "label_checked": (bool, "the container was held against the order"),
    "label_differs": (bool, "and does not say the same"),
    "medicine_expired": (bool, "the container's last good day is over"),
    "expires": (str, "its last good day"),
    "dose_above": (bool, "more than ordered"),
    "dose_below": (bool, "less than ordered"),
    "dose_unit_differs": (bool, "in another unit than ordered"),
    "dose_given": (str, "the dose, with its unit"),
    "dose_ordered": (str, "the ordered dose, with its unit"),
    "over_maximum": (bool, "the ordered dose is above the label's or the weight's most"),
    "over_confirmed": (bool, "somebody confirmed that"),
    "allergy": (str, "what on the list of allergies it conflicts with"),
    "allergies_known": (bool, "allergies, or that there are none, are written down"),
    # when
    "timing": (str, "early, soon, due, late, overdue, missed; blank for as needed"),
    "due": (str, "when it is due"),
    "opens": (str, "when its window begins"),
    "window": (int, "minutes on either side"),
    "already": (bool, "another dose for this time is on record"),
    "already_at": (str, "when that was"),
    "prn": (bool, "an as-needed order"),
    "prn_early": (bool, "within the interval since the last dose"),
    "prn_again": (str, "when it may be given again"),
    "prn_last": (str, "when the last one was"),
    "prn_interval": (str, "the interval, in words"),
    "prn_left": (int, "how many are left of the day"),
    "prn_most": (int, "the most in a day"),
    "prn_month": (int, "how many in the last 30 days"),
    "prn_often": (int, "from so many in 30 days on it is worth a talk"),
    "home_asked": (bool, "the last dose at home was asked for"),
    "symptom_told": (bool, "a symptom is written"),
    "symptom_ordered": (bool, "it is one the order names"),
    "symptoms": (str, "the symptoms of the order"),
    # stock
    "count_mismatch": (bool, "the newest count of the container did not come out"),
    "mismatch": (str, "by how much"),
    "balance_short": (bool, "less is there than the dose takes"),
    "balance": (str, "what the ledger says is there"),
    "takes": (str, "what the dose takes"),
    "move": (str, "the kind of the ledger's line"),
    "adult": (bool, "whoever carried it is an adult"),
    "method": (str, "how it is disposed of"),
    # afterwards
    "effect_told": (bool, "how it worked is written down"),
    "minutes_since": (int, "minutes since it was given"),
    "effect_minutes": (int, "after so many it is asked for"),
    "parent_told": (bool, "the parent was told"),
    "refused_in_row": (int, "how many times in a row it was refused"),
    "open_cells": (int, "cells of past days that say nothing"),
    "unsigned_initials": (int, "initials without a signature in the key"),
    "closing": (bool, "the month is about to be closed"),
}


_BLANK: dict[str, Any] = {name: kind() for name, (kind, _) in FACTS.items()}


def blank() -> dict[str, Any]:
    """Every fact as it is where nothing is known: no, nothing, none."""
    return dict(_BLANK)
