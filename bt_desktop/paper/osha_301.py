"""A paper equivalent to Cal/OSHA Form 301, from a signed staff injury report.

The eighteen numbered fields as read in secondary sources (8 CCR 14300.29; domain research,
health-office §2.7); nobody has compared them with the official form, and the paper says so.
"""

from __future__ import annotations

from bt_desktop.paper import words
from bt_desktop.paper.content import (
    Blank,
    Block,
    Fields,
    Heading,
    Notice,
    Row,
    Signed,
    Title,
    Whole,
)
from bt_desktop.paper.document import CopyMark, Letterhead, RecordDocument, SignatureBlock
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.shown import Sayer

TITLE = "Injury and illness incident report"
EQUIVALENT = "Equivalent to Cal/OSHA Form 301 (unverified: nobody has compared it with the form)"
PRIVACY = (
    "This paper tells about the health of an employee. Use it only for safety and health at work, "
    "and in a way that keeps it confidential as far as possible (8 CCR 14300.29, unverified)."
)
DUE = "Complete it within seven calendar days of learning of a recordable injury (unverified)."
RETENTION = "Keep it for five years following the year that it is about (unverified)."
UNKNOWN_TIME = "Cannot be determined"
_FIRST = "report"


def osha_301(doc: RecordDocument, head: Letterhead, mark: CopyMark) -> bytes:
    """The paper as PDF bytes, not yet sealed; the same input gives the same bytes."""
    number = doc.number or ""
    sheet = Sheet(
        title=f"{number} 301 equivalent",
        head_right=("Equivalent to Cal/OSHA 301", number),
        running=f"{number} · {TITLE}",
        foot=RETENTION,
        record_number=doc.number,
        record_digest=doc.digest,
    )
    return build(osha_blocks(doc), head, mark, sheet)


def osha_blocks(doc: RecordDocument) -> list[Block]:
    """What stands on the paper, in order."""
    tell = _Teller(doc)
    return [
        Title(TITLE, EQUIVALENT),
        Notice(f"{PRIVACY} {DUE}", "Confidential"),
        *tell.group(
            "The employee",
            (1, "Full name", tell.name()),
            (2, "Home address", tell("employee_address")),
            (3, "Birth date", tell("employee_birth_date")),
            (4, "Date hired", tell("employee_hired_on")),
            (5, "Gender", tell("employee_gender")),
        ),
        *tell.group(
            "The treatment",
            (6, "Doctor or other professional", tell.away("professional")),
            (7, "Place of treatment, if not at the school", tell.away("facility")),
            (8, "Emergency room?", tell.away("emergency_room")),
            (9, "Overnight as an in-patient?", tell.away("overnight")),
        ),
        *tell.group(
            "The case",
            (10, "Case number in the 300 log", tell("case_number")),
            (11, "Date of the injury", tell("event_date")),
            (12, "Time the employee began work", tell("began_work_at")),
            (13, "Time of the event", tell.time()),
            (14, "What the employee was doing just before", tell("doing_before")),
            (15, "What happened", tell("narrative")),
            (16, "The injury", tell.injuries()),
            (17, "Object or substance that hurt the employee", tell("object_substance")),
            (18, "Date of death, if the employee died", tell("died_on") or "Did not die"),
        ),
        *tell.completed(),
    ]


class _Teller:
    """Says the answers of one staff injury report."""

    def __init__(self, doc: RecordDocument) -> None:
        self._doc = doc
        self._say = Sayer(doc)

    def __call__(self, name: str) -> str:
        """The answer as words; "" where there is none."""
        told = self._say.value(self._doc.form.field(name), self._doc.answers)
        return told if isinstance(told, str) else "".join(span.text for span in told)

    def group(self, heading: str, *rows: tuple[int, str, str]) -> list[Block]:
        """Numbered rows under a heading; what is blank can be written in by hand."""
        made = tuple(Row(f"{number}. {label}", told or Blank()) for number, label, told in rows)
        return [Heading(heading), Fields(made)]

    def name(self) -> str:
        subject = self._doc.subject
        return subject.name if subject is not None else ""

    def away(self, name: str) -> str:
        """An answer about care away from the school; where there was none, that."""
        if self._doc.answers.get("treated_away") == "no":
            return "No care away from the school"
        return self(name)

    def time(self) -> str:
        value = self._doc.answers.get("event_began")
        return UNKNOWN_TIME if isinstance(value, dict) else self("event_began")

    def injuries(self) -> str:
        """Each injury, the part of the body and more about it, then the doctor's words."""
        said = [self._injury(row) for row in self._doc.answers.get("injuries") or ()]
        diagnosis = self("diagnosis")
        return "\n".join([*said, *([f"Diagnosis: {diagnosis}"] if diagnosis else [])])

    def _injury(self, row: dict[str, object]) -> str:
        names = ("injury", "injury_region", "injury_side", "injury_note")
        told = [self._say.value(self._doc.form.field(name), row, brief=True) for name in names]
        words_ = [t if isinstance(t, str) else "".join(s.text for s in t) for t in told]
        return ", ".join(filter(None, words_))

    def completed(self) -> list[Block]:
        """By whom, with title and phone, and the signature."""
        signed = next((s for s in self._doc.signatures if s.part == _FIRST), None)
        if signed is None:
            return []
        return [
            Whole(
                (
                    Heading("Completed by"),
                    Fields(
                        (
                            Row("Name and title", f"{signed.name}, {signed.title}"),
                            Row("Phone", self("completed_phone") or Blank()),
                            Row("Date", self("written_on")),
                        )
                    ),
                    _signature(signed),
                )
            )
        ]


def _signature(signed: SignatureBlock) -> Signed:
    return Signed(signed.ink, signed.name, (signed.title, words.moment(signed.at)))
