"""A mistake for each constraint and warning of the incident report, by its id (R-INC-nn)."""

from __future__ import annotations

from ber_answers import MATEO
from mistakes import Mistake

_TODAY = {"/event_date": "11/13/2026"}

RULES: dict[str, Mistake] = {
    "R-INC-01": Mistake("/student_birth_date", "1/1/2027"),
    "R-INC-02": Mistake("/student_birth_date", "1/1/1990", "warning"),
    "R-INC-03": Mistake("/event_date", "12/1/2026"),
    "R-INC-04": Mistake("/event_date", "9/1/2026", "warning"),
    "R-INC-05": Mistake("/event_began", "1100", first=_TODAY),
    "R-INC-06": Mistake("/event_ended", "1008"),
    "R-INC-07": Mistake("/event_ended", "3pm", "warning"),
    "R-INC-08": Mistake("/people[2]/other_student", MATEO),
    "R-INC-09": Mistake("/antecedents", ["unknown", "demand"]),
    "R-INC-10": Mistake("/bullying_about", ["none", "race"]),
    "R-INC-11": Mistake("/weapons", ["none", "club"]),
    "R-INC-12": Mistake("/hands_on", ["none", "held"]),
    "R-INC-13": Mistake("/kept_how", ["not_prevented"]),
    "R-INC-14": Mistake("/student_harm", ["none", "afraid"]),
    "R-INC-15": Mistake("/others_harm[1]/hurt_student", MATEO),
    "R-INC-16": Mistake("/others_harm[1]/hurt_how", ["none"]),
    "R-INC-17": Mistake("/property[1]/damage_cost", "-1"),
    "R-INC-18": Mistake("/property[1]/damage_cost", "200000", "warning"),
    "R-INC-19": Mistake("/tried", ["no_time", "space"]),
    "R-INC-20": Mistake("/returned_at", "1008"),
    "R-INC-21": Mistake("/recordings", ["none", "video"]),
    "R-INC-22": Mistake("/outside_help[1]/agency_called_at", "1100", first=_TODAY),
    "R-INC-23": Mistake("/outside_help[1]/agency_arrived_at", "1014"),
    "R-INC-24": Mistake("/outside_help[1]/agency_left_at", "1019"),
    "R-INC-25": Mistake("/forwarded_on", "11/11/2026"),
    "R-INC-26": Mistake("/consequences", ["none", "talk"]),
    "R-INC-27": Mistake("/suspended_from", "11/11/2026"),
    "R-INC-28": Mistake("/suspended_days", "0"),
    "R-INC-29": Mistake("/other_means", ["none", "conference"]),
    "R-INC-30": Mistake("/support_given", ["none", "check_in"]),
    "R-INC-31": Mistake("/referrer_told_on", "11/11/2026"),
    "R-INC-32": Mistake("/next_steps", ["none", "training"]),
    "R-INC-33": Mistake("/checked_in_on", "11/11/2026"),
    "R-INC-34": Mistake("/written_on", "11/11/2026"),
    "R-INC-35": Mistake("/written_on", "11/13/2026", "warning"),
    "R-INC-CA-01": Mistake("/consequences", ["suspension"], "warning", first={"/offenses": ["k"]}),
    "R-INC-CA-02": Mistake("/suspended_days", "6", "warning"),
}
