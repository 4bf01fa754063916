"""The parent's copy: their own child, in plain words, and no other child's name.

Safe by construction, not by painting over: only fields marked `privacy: parent` stand here, other
students are letters, of others' injuries only a count, and the one long text is the one that a
person wrote for the parent and released. No other free text is printed: not the "other" of a
choice, not the reason of a "not known".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bt_desktop.paper import words
from bt_desktop.paper.columns import column_shares, text_of
from bt_desktop.paper.content import (
    Block,
    Column,
    Fields,
    Grid,
    Heading,
    Narrative,
    Notice,
    Row,
    Title,
    ToSign,
    Whole,
)
from bt_desktop.paper.document import CopyMark, Letterhead, RecordDocument
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.parent_names import names_another_student
from bt_desktop.paper.report import DRAFT, SEALED
from bt_desktop.paper.shown import Sayer, moment_of, say

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Field, Form

_NEVER = frozenset({"note", "body_map", "image", "signature", "acknowledge"})
_ROW_TEXT = 700
"""Characters up to which the released text stands beside its label, as the other answers do."""

_HELD = (
    ("physical_restraint", "was physically held by staff"),
    ("mechanical_restraint", "was held with a device"),
    ("seclusion", "was kept in a place and could not leave"),
)
_PLANS = {
    "iep": "an individualized education program (IEP)",
    "section_504": "a plan under the law called Section 504",
    "evaluation_pending": "an evaluation under way",
    "none": "",
}
_BEHAVIOR_PLANS = {
    "bip_iep": "a behavior plan in it",
    "bsp": "a behavior support plan",
    "plan_504": "a behavior plan under Section 504",
    "plan_general": "a behavior plan",
    "none": "no behavior plan",
    "unknown": "",
}
_MINOR = frozenset({"no_treatment", "first_aid", "nurse"})
_ASK = "You may ask the school to see the full report."
_SEAL_NOTE = (
    "This paper also comes as a PDF file with the school's seal. Your PDF program may say that it "
    "does not know the seal. The school office can check the file for you."
)


def parent_fields(form: Form) -> tuple[str, ...]:
    """The names of all fields that may stand on a parent's copy, in the form's order."""
    return tuple(field.name for field in form.fields().values() if may_stand(field))


def may_stand(field: Field) -> bool:
    """Whether a field may stand on any paper for a parent at all."""
    if field.privacy != "parent" or field.type in _NEVER or field.other_of is not None:
        return False
    return field.type != "text" or "short" in field.appearance.split()


def parent_copy(
    doc: RecordDocument,
    head: Letterhead,
    mark: CopyMark,
    text: str,
    contact: str,
    language: str = "en",
    names_a_child: Callable[[str], bool] | None = None,
) -> bytes:
    """The parent's copy as PDF bytes, not yet sealed; the same input gives the same bytes.

    `text` is what the releasing person confirmed (tokens in it become letters), `contact` whom to
    call. `language` other than English is for a later version: the words are English now.
    `names_a_child` is asked about every short text that somebody at the school wrote (a title, a
    hold's name): where it says yes, the text is left out. Raises ValueError for a confidential
    record: whoever asks has to refuse before.
    """
    if doc.form.is_confidential:
        raise ValueError("no parent's copy is made of a confidential record")
    number = doc.number or "Draft without a number"
    subject = doc.subject
    sheet = Sheet(
        title=number,
        head_right=("Copy for the parent of", subject.name if subject else "the student"),
        running=f"{number} · copy for the parent",
        foot=DRAFT if mark.draft else SEALED,
        record_number=doc.number,
        record_digest=doc.digest,
    )
    return build(parent_blocks(doc, mark, text, contact, names_a_child), head, mark, sheet)


def parent_blocks(
    doc: RecordDocument,
    mark: CopyMark,
    text: str,
    contact: str,
    names_a_child: Callable[[str], bool] | None = None,
) -> list[Block]:
    """What the parent's copy says, in order."""
    page = _Telling(doc, names_a_child)
    made: list[Block] = [Title(page.title(), page.lead())]
    if mark.replaces is not None:
        day = words.long_day(mark.replaces).partition(", ")[2]
        made.append(Notice(f"This replaces the copy of {day}. The report was changed since then."))
    made += page.what_happened(text)
    made += page.held()
    made += page.secluded()
    made += page.hurt()
    made += page.next_steps(contact)
    made += page.rest()
    given = f"Given to {mark.for_whom} (date)" if mark.for_whom else "Given to (name, date)"
    made.append(ToSign((given, "Parent's signature (shows receipt only)")))
    return made


class _Telling:
    """Tells one record to a parent. Every answer goes through `_said`, which asks leave first."""

    def __init__(
        self, doc: RecordDocument, names_a_child: Callable[[str], bool] | None = None
    ) -> None:
        self._doc = doc
        self._say = Sayer(doc, for_parent=True, names_a_child=names_a_child)
        self._fields = doc.form.fields()
        self._told: set[str] = {"student", "student_birth_date", "student_age", "event_date"}
        subject = doc.subject
        self._child = (subject.given or subject.name) if subject else "Your child"

    # --- answers -------------------------------------------------------------------------------

    def _said(self, name: str, answers: Mapping[str, Any] | None = None) -> str:
        """The answer to a field in words, if a parent may read it; else ""."""
        field = self._fields.get(name)
        if field is None or not may_stand(field):
            return ""
        self._told.add(name)
        value = text_of(self._say.value(field, self._doc.answers if answers is None else answers))
        if field.type == "text" and (
            names_another_student(value, self._doc) or self._say.names_another(value)
        ):
            return ""
        return value

    def _moment(self, name: str, answers: Mapping[str, Any] | None = None) -> Any:
        field = self._fields.get(name)
        if field is None or not may_stand(field):
            return None
        self._told.add(name)
        return moment_of((self._doc.answers if answers is None else answers).get(name))

    def _list(self, name: str, answers: Mapping[str, Any] | None = None) -> str:
        """Several choices as one phrase: `Shouted, threw objects and bit`."""
        parts = [_lower(p) if n else p for n, p in enumerate(self._said(name, answers).split("; "))]
        return words.listed(parts)

    def _rows_of(self, section: str) -> list[Mapping[str, Any]]:
        rows = self._doc.answers.get(section)
        return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []

    # --- parts of the page -----------------------------------------------------------------------

    def title(self) -> str:
        """What this paper is."""
        if "what_happened" in self._fields:
            return "Report of an emergency at school"
        return say(self._doc.form.title)

    def lead(self) -> str:
        """In two sentences: what happened to the child, and what this paper is for."""
        self._said("what_happened")
        happened = self._doc.answers.get("what_happened")
        deeds = [deed for name, deed in _HELD if isinstance(happened, list) and name in happened]
        deed = words.listed(deeds) or "was part of an event at school"
        when = f" on {words.long_day(self._doc.event_at)}" if self._doc.event_at else ""
        return (
            f"{self._child} {deed}{when}. This paper tells you what happened, what staff did, and "
            "what comes next. Please call us with any question."
        )

    def what_happened(self, text: str) -> list[Block]:
        """When, where, what came before, the released text, what staff tried."""
        rows = _rows(
            ("When", self._when()),
            ("Where", _joined(self._said("location"), _lower(self._said("setting")))),
            ("Right before", self._list("antecedents")),
        )
        made: list[Block] = [Heading("What happened")]
        told = self._say.text(text).strip()
        if len(told) <= _ROW_TEXT:
            rows += _rows(("What happened", told))
            made.append(Fields(tuple(rows)))
        else:
            made += [Fields(tuple(rows)), Narrative(told, "What happened")]
        more = _rows(
            (f"What {self._child} did", self._list("behaviors")),
            ("Toward whom or what", self._list("directed_at")),
            ("What staff tried first", self._tried()),
        )
        return [*made, Fields(tuple(more))]

    def _when(self) -> str:
        began, ended = self._moment("event_began"), self._moment("event_ended")
        if began is None:
            return ""
        day = words.long_day(began)
        return f"{day}, {words.span(began, ended) if ended else words.clock(began)}"

    def _tried(self) -> str:
        told = []
        for row in self._rows_of("de_escalation"):
            tried = self._said("tried", row)
            if not tried:
                continue
            at, effect = self._moment("tried_at", row), _lower(self._said("tried_effect", row))
            when = f" ({words.clock(at)})" if at else ""
            told.append(f"{tried}{when}{': ' if effect else ''}{effect}.")
            self._said("tried_by", row)
        return " ".join(told)

    def held(self) -> list[Block]:
        """The holds as a table with their minutes, and how it ended."""
        rows = self._rows_of("holds")
        made: list[Block] = []
        cells = [self._hold(row) for row in rows]
        if any(map(any, cells)):  # of a draft, a row may be begun and say nothing yet
            heads = ("Hold", "Time", "Minutes", "Staff", "Why staff let go")
            total = self._said("held_minutes")
            self._said("hold_count")
            made += [
                Heading(f"How {self._child} was held"),
                _table(heads, cells, ("In all", "", total, "", "") if total else ()),
            ]
        ended = _rows(
            ("How it ended", self._list("ended_how")),
            (f"How {self._child} was after", self._list("student_after")),
            ("Where next", self._where_next()),
        )
        if ended and not made:
            made.append(Heading("How it ended"))
        return [*made, Fields(tuple(ended))]

    def _hold(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        what = _joined(self._said("position", row), _lower_first(self._said("hold_name", row)))
        device = self._said("device", row)
        kind = self._said("restraint_kind", row)
        start, end = self._moment("start", row), self._moment("end", row)
        return (
            _joined(what, _lower(device)) or kind,
            words.span(start, end) if start and end else "",
            self._said("minutes", row),
            self._said("staff_holding", row),
            self._said("release_reason", row),
        )

    def _where_next(self) -> str:
        where, at = self._said("returned_to"), self._moment("returned_at")
        return f"{where}, {words.clock(at)}" if where and at else where

    def secluded(self) -> list[Block]:
        """Time kept in a place, as a table."""
        cells = []
        for row in self._rows_of("seclusion"):
            start, end = self._moment("seclusion_start", row), self._moment("seclusion_end", row)
            cells.append(
                (
                    words.span(start, end) if start and end else "",
                    self._said("seclusion_minutes", row),
                    self._said("seclusion_observer", row),
                    self._said("seclusion_release", row),
                )
            )
        total = self._said("seclusion_total")
        if not any(map(any, cells)):
            return []
        heads = ("Time", "Minutes", "Who watched", "Why it ended")
        return [
            Heading(f"When {self._child} could not leave"),
            _table(heads, cells, ("In all", total, "", "") if total else ()),
        ]

    def hurt(self) -> list[Block]:
        """The child's own injuries and care; of all others only how many were hurt."""
        own = [self._injury(row) for row in self._rows_of("student_injuries")]
        told = " ".join(own) or self._said("student_hurt")
        self._said("student_hurt")
        rows = _rows(
            (self._child, told),
            ("School nurse", self._nurse()),
            ("Others", _others_hurt(self._doc.answers)),
        )
        return [Heading(f"Is {self._child} hurt?"), Fields(tuple(rows))] if rows else []

    def _injury(self, row: Mapping[str, Any]) -> str:
        place = _place(self._said("injury_side", row), self._said("injury_region", row))
        told = self._said("injury", row) or "Injury"
        parts = [f"{told}{place}"]
        if self._said("injury_skin_broken", row) == "Yes":
            parts.append("The skin was broken")
        parts.append(self._said("injury_cause", row))
        parts.append(self._said("injury_severity", row))
        if by := self._said("injury_treated_by", row):
            parts.append(f"Cared for by {by}")
        return " ".join(f"{part}." for part in parts if part)

    def _nurse(self) -> str:
        by, at = self._said("examined_by"), self._moment("nurse_seen_at")
        who = by or _lower(self._said("examiner"))
        self._said("examiner")
        parts = []
        if who or at:
            seen = f"Seen by {who}" if who else "Seen"
            comma = "," if by else ""
            parts.append(f"{seen}{comma} at {words.clock(at)}" if at else seen)
        if found := self._list("nurse_findings"):
            place = _place(self._said("nurse_side"), self._list("nurse_regions"))
            parts.append(f"Found: {_lower(found)}{place}")
        if care := self._list("treatment"):
            parts.append(f"Care: {_lower(care)}")
        if sent := self._said("medical_referral"):
            parts.append(f"Sent on to: {_lower_first(sent)}")
        if back := self._moment("back_to_class_at"):
            parts.append(f"Back to class at {words.clock(back)}")
        return " ".join(f"{part}." for part in parts)

    def next_steps(self, contact: str) -> list[Block]:
        """Plan and meetings, how to get the whole report, whom to call."""
        staff = [self._said("staff_member", row) for row in self._rows_of("people")]
        rows = _rows(
            ("Staff who were there", "; ".join(dict.fromkeys(filter(None, staff)))),
            ("Your child's plan", self._plan()),
            ("Team meeting", self._meeting()),
            ("What the team decided", self._decided()),
            ("Full report", _full_report(self._doc)),
            ("Who to call", contact),
            ("About this paper", _SEAL_NOTE),
        )
        return [Heading("What comes next"), Fields(tuple(rows))]

    def _plan(self) -> str:
        parts = [self._has_plan()]
        if self._said("new_behavior") == "Yes":
            parts.append("The plan did not expect this behavior.")
        if self._said("plan_ineffective") == "Yes":
            parts.append("The plan did not work this time.")
        if referred := self._said("referred_on"):
            parts.append(f"The report went to {self._child}'s IEP team on {referred}.")
        return " ".join(filter(None, parts))

    def _has_plan(self) -> str:
        """Which plans the child has, spelled out; a plan of another pack by its own label."""
        plan, behavior = self._said("plan_status"), self._said("bip_status")
        status, bip = (self._doc.answers.get(name) for name in ("plan_status", "bip_status"))
        plans = [
            _PLANS.get(str(status), _lower(plan)) if plan else "",
            _BEHAVIOR_PLANS.get(str(bip), _lower(behavior)) if behavior else "",
        ]
        has = words.listed([each for each in plans if each])
        return f"{self._child} has {has}." if has else ""

    def _meeting(self) -> str:
        parts = []
        if scheduled := self._said("iep_scheduled_on"):
            parts.append(f"The meeting was set up on {scheduled}.")
        if meeting := self._said("iep_meeting_on"):
            parts.append(f"It will be on {meeting}.")
        return " ".join(parts)

    def _decided(self) -> str:
        decided = (
            self._said(name) for name in ("fba_decision", "interim_decision", "bip_decision")
        )
        return " ".join(dict.fromkeys(f"{each}." for each in decided if each))

    def rest(self) -> list[Block]:
        """Whatever else a parent may read: a form or a pack can hold fields not known here."""
        made: list[Block] = []
        for section in self._doc.form.sections:
            rows = []
            if section.repeat is None and section.part not in ("notice", "statement"):
                for field in section.fields:
                    if field.name not in self._told and field.label:
                        rows += _rows((say(field.label), self._said(field.name)))
            if rows:
                made.append(Whole((Heading(say(section.label)), Fields(tuple(rows)))))
        return made


def _rows(*told: tuple[str, str]) -> list[Row]:
    return [Row(label, value) for label, value in told if value]


def _table(heads: Sequence[str], cells: Sequence[tuple[str, ...]], total: tuple[str, ...]) -> Grid:
    """A table without the columns that no row fills."""
    kept = [n for n, _ in enumerate(heads) if any(row[n] for row in cells)]
    rows = tuple(tuple(row[n] for n in kept) for row in cells)
    shown = [heads[n] for n in kept]
    shares = column_shares(shown, rows)
    columns = tuple(
        Column(head, share, head == "Minutes") for head, share in zip(shown, shares, strict=True)
    )
    return Grid(columns, rows, tuple(total[n] for n in kept) if total else ())


def _lower(text: str) -> str:
    """All but names in small letters: only for labels of choices, which hold none."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or len(text) == 1 else text


def _lower_first(text: str) -> str:
    return _lower(text)


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _place(side: str, region: str) -> str:
    """` on the right wrist`; nothing where no place was given."""
    place = " ".join(filter(None, (side.lower(), region.lower())))
    return f" on the {place}" if region else ""


def _others_hurt(answers: Mapping[str, Any]) -> str:
    """How many staff and other students were hurt, and never who or how."""
    rows = answers.get("other_injuries")
    rows = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    groups = [str(row.get("hurt_group") or "") for row in rows]
    staff, students = groups.count("staff"), groups.count("student")
    others = len(groups) - staff - students
    told = []
    if staff:
        told.append(words.some(staff, "staff member"))
    if students:
        told.append(words.some(students, "other student"))
    if others:
        told.append(words.some(others, "other person", "other people"))
    if not told:
        known = [answers.get(name) for name in ("staff_hurt", "others_hurt")]
        return "Nobody else was hurt." if known == ["none", "none"] else ""
    minor = all(str(row.get("hurt_severity") or "") in _MINOR for row in rows)
    said = words.listed(told)
    how = "had minor injuries" if minor else "had injuries"
    return f"{said[:1].upper()}{said[1:]} {how}."


def _full_report(doc: RecordDocument) -> str:
    """How to ask for the whole report: the pack's own words, its deadline, and its cite."""
    pack = doc.form.pack
    if pack is None:
        return _ASK
    rights = pack.raw.get("rights") or pack.raw.get("parent_rights")
    told = say(rights).strip() if isinstance(rights, Mapping | str) else ""
    parts = [told or _ASK]
    deadline = _copy_deadline(pack.raw.get("deadlines"))
    amount = deadline.get("amount")
    if amount:
        unit = str(deadline.get("unit", "day")).replace("_", " ")
        parts.append(f"When you ask for a copy, you get it within {amount} {unit}s.")
    if cite := deadline.get("cite"):
        checked = "" if pack.is_verified else "; the school has not yet checked this rule"
        parts.append(f"({cite}{checked})")
    return " ".join(parts)


def _copy_deadline(deadlines: Any) -> Mapping[str, Any]:
    """The pack's deadline for giving a parent a copy, where it has one."""
    for deadline in deadlines if isinstance(deadlines, list | tuple) else ():
        if isinstance(deadline, Mapping) and deadline.get("task") == "parent_copy":
            return deadline
    return {}
