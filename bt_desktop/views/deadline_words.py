"""Deadlines in words: what must happen to whom by when, how far it is, what comes next."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bt_desktop.clock import local_at
from bt_desktop.views.widgets.when import clock_words, day_words, moment_words, short_day

if TYPE_CHECKING:
    from bt_desktop.services.results.deadlines import DeadlineLine, DueDate

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_END_OF_DAY = time(23, 59)
_A_WEEK = 6

_MUST = {
    "tell_parent": "parent must be told",
    "tell_provider": "care provider must be told",
    "tell_untrained": "parent must hear that untrained staff took part",
    "tell_recordings": "parent must hear that recordings exist",
    "tell_administrator": "administrator must be told",
    "complete_report": "report must be signed",
    "written_to_administrator": "written report must be signed",
    "review": "report must be reviewed",
    "schedule_iep": "IEP meeting must be scheduled",
    "refer_iep": "IEP team must get the referral",
    "iep_reasons": "team's reasons must be written down",
    "parent_copy": "parent must get the copy they asked for",
    "written_notice": "parent must get it in writing",
    "debrief": "debriefing must be held",
    "tell_police": "police must be told of the attack on staff",
    "claim_form": "claim form must be handed over",
    "employer_report": "employer's report must be sent",
    "serious_injury_call": "Cal/OSHA must be called",
    "injury_form": "injury report must be signed",
    "violence_log": "violent incident must be logged",
    "state_injury_report": "state must hear of the injury",
    "tell_agencies": "state and district must hear of the police contact",
}
"""What must happen, by task; a task that is not here is said by its rule's own label."""

_OUTCOMES = {
    "message": "left a message",
    "no_answer": "no answer",
    "wrong_number": "the number did not work",
    "declined": "did not want to talk",
}
_READINGS = {
    "district": "the district's reading",
    "best_practice": "a suggestion",
    "unverified": "no text was read",
    "state_report": "for the state's report",
}
_DEEDS = {
    "notice": "Log a call",
    "copy": "Print the copy",
    "report": "Continue",
    "review": "Review",
    "follow_up": "Follow up",
    "debrief": "Debrief",
    "outside": "Say when",
}
NO_CALENDAR = "counted Monday to Friday, the school calendar says nothing here"


def headline(line: DeadlineLine, now: datetime) -> str:
    """“Mateo N.-O.: parent must be told by 3:10 pm today: 42 minutes left”."""
    whom = line.who or line.title
    must = _MUST.get(line.task)
    what = must or line.label[:1].lower() + line.label[1:]
    due, late = line.due, line.late(now)
    if late:
        what = what.replace(" must ", " had to ")
        return f"{whom}: {what} {by_words(due, now)}. {late_words(line, now)}"
    left = left_words(due, now)
    return f"{whom}: {what} {by_words(due, now)}{f': {left}' if left else ''}"


def short_headline(line: DeadlineLine, now: datetime) -> str:
    """“Tell the parent by Fri 3:10 pm”: for the narrow column beside a form."""
    return f"{line.label} {by_words(line.due, now, short=True)}"


def by_words(due: datetime, now: datetime, *, short: bool = False) -> str:
    """by 3:10 pm today; by 3:10 pm on Friday; by the end of Saturday; by Fri 3:10 pm (short)."""
    days = (due.date() - now.astimezone(due.tzinfo).date()).days
    whole = due.time().replace(second=0, microsecond=0) == _END_OF_DAY
    if days in (0, 1, -1):
        named = {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
        return f"by the end of {named}" if whole else f"by {clock_words(due)} {named}"
    near = abs(days) <= _A_WEEK
    if short:
        day = _DAYS[due.weekday()][:3] if near else _short_date(due.date(), now.date())
        return f"by the end of {day}" if whole else f"by {day} {clock_words(due)}"
    far = due.year != now.year
    day = _DAYS[due.weekday()] if near else day_words(due.date(), year=far)
    return f"by the end of {day}" if whole else f"by {clock_words(due)} on {day}"


def _short_date(day: date, today: date) -> str:
    words = day_words(day, weekday=False, year=day.year != today.year)
    return f"{_DAYS[day.weekday()][:3]}, {words[:3]}{words[words.index(' ') :]}"


def left_words(due: datetime, now: datetime) -> str:
    """“42 minutes left”, “3 hours left”; blank where it is not due today."""
    left = due - now
    if left > timedelta(hours=12) or due.date() != now.astimezone(due.tzinfo).date():
        return ""
    minutes = int(left.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute left"
    return f"{_some(minutes, 'minute')} left" if minutes < 120 else f"{minutes // 60} hours left"


def late_words(line: DeadlineLine, now: datetime) -> str:
    """“Late by 18 hours”; “Done 2 days late”."""
    if line.done_at is not None and _day_alone(line.done_at):
        days = (line.done_at.date() - line.due.date()).days
        if days > 0:
            return f"Done {_some(days, 'day')} late"
    over = (line.done_at or now) - line.due
    minutes = max(1, int(over.total_seconds() // 60))
    if minutes < 120:
        much = _some(minutes, "minute")
    elif minutes < 48 * 60:
        much = f"{minutes // 60} hours"
    else:
        much = _some(minutes // (24 * 60), "day")
    return f"Late by {much}" if line.done_at is None else f"Done {much} late"


def _day_alone(at: datetime) -> bool:
    """Whether only the day was told: nobody holds a meeting at midnight sharp."""
    return at.time() == time(0)


def _some(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def evidence_words(line: DeadlineLine, now: datetime) -> str:
    """How far it is: “1 call logged, no answer 10:45 am”, “2 tries, not reached yet”."""
    if line.done_at is not None:
        done = line.done_at
        when = short_day(done.date(), now.date()) if _day_alone(done) else moment_words(done, now)
        return f"Done {when}: {line.done_how}"
    tries = line.tries
    if tries is None:
        return ""
    if tries.count == 0:
        return "No call logged yet"
    if tries.count == 1 and tries.last_at is not None:
        outcome = _OUTCOMES.get(tries.last_outcome, "not reached")
        at = local_at(tries.last_at, now)
        when = clock_words(at) if at.date() == now.date() else moment_words(at, now)
        return f"1 call logged, {outcome} {when}"
    return f"{tries.count} tries, not reached yet"


def detail(line: DeadlineLine, now: datetime) -> str:
    """The quiet line below: which record, how far it is, the rule, whose reading, what was
    counted."""
    first = line.dates[0]
    at_once = "the rule says immediately" if line.at_once else ""
    words = [line.number or "", evidence_words(line, now), at_once, cite_words(line, first)]
    words += [other_words(date, now) for date in line.dates[1:]]
    if first.fallback:
        words.append(NO_CALENDAR)
    return " · ".join(word for word in words if word)


def cite_words(line: DeadlineLine, first: DueDate) -> str:
    """“EC 56521.1(e), unverified”; “a suggestion (EC 56521.1(f))”."""
    cite = line.cite if first.verified or "not checked" in line.cite else f"{line.cite}, unverified"
    reading = _READINGS.get(first.reading)
    return f"{reading}, {cite}" if reading else cite


def other_words(date: DueDate, now: datetime) -> str:
    """The second reading: “the district's reading: by 3:10 pm on Monday”."""
    reading = _READINGS.get(date.reading, "another reading")
    return f"{reading}: {by_words(date.due, now)}"


def edge(line: DeadlineLine, now: datetime) -> str:
    """The bar at a card's left: red where it is late, amber where it is due by tomorrow."""
    if line.late(now):
        return "danger"
    days = (line.due.date() - now.astimezone(line.due.tzinfo).date()).days
    return "warn" if days <= 1 else ""


def deed_words(line: DeadlineLine) -> str:
    """What the button beside it does."""
    does_it = line.may_call if line.ends_by == "notice" else line.mine
    if not does_it:
        return "Open"
    return _DEEDS.get(line.ends_by, "Open")


def place_for(line: DeadlineLine) -> dict[str, object]:
    """Where in its record to go on: for `FormPage.restore`. A call is logged without opening it."""
    if line.ends_by == "copy":
        return {"deed": "parent_copy"}
    if line.ends_by in ("review", "follow_up", "debrief", "nurse"):
        return {"part_key": line.ends_by}
    return {}
