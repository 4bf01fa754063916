"""A mistake for each constraint and warning of the risk report, by its id (R-RSK-nn)."""

from __future__ import annotations

from mistakes import Mistake

_TODAY = {"/event_date": "11/13/2026"}

RULES: dict[str, Mistake] = {
    "R-RSK-01": Mistake("/parent_called_at", "1008"),
    "R-RSK-02": Mistake("/property[1]/damage_cost", "-1"),
    "R-RSK-03": Mistake("/property[1]/damage_cost", "200000", "warning"),
    "R-RSK-04": Mistake("/event_date", "12/1/2026"),
    "R-RSK-05": Mistake("/event_date", "9/1/2026", "warning"),
    "R-RSK-06": Mistake("/event_began", "1100", first=_TODAY),
    "R-RSK-07": Mistake("/supervisor_where", "He was careless\nand far off.", "warning"),
    "R-RSK-08": Mistake("/students_present", "-1"),
    "R-RSK-09": Mistake("/adults_present", "900"),
    "R-RSK-10": Mistake("/recordings", ["none", "video"]),
    "R-RSK-11": Mistake("/narrative", "The aide SHOULD HAVE seen it.", "warning"),
    "R-RSK-12": Mistake("/forwarded_on", "11/11/2026"),
    "R-RSK-13": Mistake("/risk_told_on", "11/11/2026"),
    "R-RSK-14": Mistake("/insurer_told_on", "11/11/2026"),
    "R-RSK-15": Mistake("/days_lost", "500"),
    "R-RSK-16": Mistake("/corrective[1]/corrective_due", "11/11/2026"),
    "R-RSK-17": Mistake("/corrective[1]/corrective_done", "11/11/2026"),
    "R-RSK-18": Mistake("/statement_text", "It was the school at fault.", "warning"),
    "R-RSK-19": Mistake("/written_on", "11/11/2026"),
    "R-RSK-20": Mistake("/written_on", "11/13/2026", "warning"),
}
