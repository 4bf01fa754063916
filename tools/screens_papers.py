"""Every printed paper as pictures: build/screens/paper-<name>-<page>.png.

`make screens` takes them too; `python tools/screens_papers.py first-aid` only those whose names
begin so. The records are those of the tests, so that no question stays unanswered on them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "forms")]

import aid_answers  # noqa: E402 - after the path
import incident_answers  # noqa: E402
import med_answers  # noqa: E402
import risk_answers  # noqa: E402
import sti_answers  # noqa: E402
from ber_answers import DANA, LUCJA, MATEO  # noqa: E402
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize  # noqa: E402
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter  # noqa: E402
from PySide6.QtPdf import QPdfDocument  # noqa: E402

from bt_desktop.form_engine.body_drawing import drawing  # noqa: E402
from bt_desktop.form_engine.loader import load_form  # noqa: E402
from bt_desktop.paper.access_log import AccessLine, AccessPaper, access_log  # noqa: E402
from bt_desktop.paper.anchor_slip import Slip, anchor_slip  # noqa: E402
from bt_desktop.paper.blank import blank_form  # noqa: E402
from bt_desktop.paper.document import CopyMark, EarlierVersion  # noqa: E402
from bt_desktop.paper.osha_301 import osha_301  # noqa: E402
from bt_desktop.paper.parent_copy import parent_copy  # noqa: E402
from bt_desktop.paper.report import school_copy  # noqa: E402
from bt_desktop.paper.violence_log import violence_log  # noqa: E402
from tests.paper import mar_kit, papers_kit, story  # noqa: E402
from tests.paper.test_amendments import amended  # noqa: E402

OUT = ROOT / "build" / "screens"
_WIDE = 620
"""Pixels: about 73 to the inch."""
_MARKS = (
    ("forearm_left", "front", {"type": "bruise", "size_1": 20, "size_2": 10, "color": "purple"}),
    ("upper_back_right", "back", {"type": "swelling"}),
    ("forehead", "head_front", {"type": "swelling", "size_1": 30, "note": "round, warm"}),
)


def _marks(figure: str) -> dict[str, Any]:
    made = []
    for n, (region, view, more) in enumerate(_MARKS, 1):
        x, y = drawing(figure, view).anchor(region)
        made.append({"n": n, "view": view, "region": region, "x": x, "y": y, **more})
    return {"figure": figure, "marks": made}


def _school(form: str, typed: Any, subject: str, number: str, **more: Any) -> bytes:
    doc = papers_kit.document(load_form(form, "us-ca"), dict(typed) | more, subject, number)
    return school_copy(doc, story.HEAD, story.mark())


def _notice(name: str, variant: str = "") -> bytes:
    docs = {"incident": papers_kit.incident, "restraint": papers_kit.restraint}
    if name == "medication_error":
        told = {
            "": "Łucja was given two tablets of her medicine instead of one.",
            "left_out": "Nobody called Łucja from class at noon.",
            "near_miss": "Another bottle was in hand. The label was read, and it went back.",
        }
        doc = papers_kit.medication_error(variant or "wrong_dose")
        return papers_kit.printed(name, doc, told[variant])[0]
    texts = {
        "incident": "Mateo hit another student. Staff stood between them, and he calmed down.",
        "restraint": story.PARENT_TEXT,
    }
    doc = docs[name]() if name in docs else papers_kit.first_aid(variant)
    return papers_kit.printed(name, doc, texts.get(name, ""))[0]


def _osha() -> bytes:
    form = load_form("staff_injury", "us-ca")
    doc = papers_kit.document(form, dict(sti_answers.BITTEN), DANA, "STI-2026-0001")
    return osha_301(doc, story.HEAD, story.mark())


def _both_versions() -> bytes:
    doc = amended()
    first = EarlierVersion(
        "report", "Report", 1, story.answers() | {"location_detail": "Room 14, at the door"},
        story.people(), doc.signatures[0],
    )  # fmt: skip
    return school_copy(replace(doc, earlier=(first,)), story.HEAD, story.mark())


def _of_no_record() -> CopyMark:
    """The mark of a paper that is of no record."""
    return replace(mar_kit.MARK, made_by="Tom Becker, Principal")


def _violence() -> bytes:
    day = datetime.fromisoformat("2026-11-12").date()
    line = SimpleNamespace(
        number="2026-1", day=day, time="10:13 am", place="Classroom", area="By the door",
        type="Type 2: a student, parent or visitor", by="Student",
        characteristics=("Attack without a weapon",), circumstances=("Usual duties",),
        consequences=("Medical care was needed",), author="Tom Becker, Principal", written_on=day,
        description="A student bit an employee on the arm while they walked together.",
        keep_until=day.replace(year=2031),
    )  # fmt: skip
    lines = [line, SimpleNamespace(**{**vars(line), "number": "2026-2", "time": ""})]
    return violence_log(lines, story.HEAD, _of_no_record())  # type: ignore[arg-type]  # stands in for lines


def _access() -> bytes:
    first = datetime.fromisoformat("2026-11-12T10:40:00-08:00")
    told = ("Opened a record", "Made a copy of a record", "Opened the student's page")
    lines = tuple(
        AccessLine(
            first + timedelta(minutes=17 * n), "Dana Whitcomb", "Behavior technician", "",
            told[n % 3], "BER-2026-0001" if n % 3 < 2 else "",
            "I work with this student (legitimate educational interest)",
        )
        for n in range(40)
    )  # fmt: skip
    born = datetime.fromisoformat("2017-03-09").date()
    paper = AccessPaper("Mateo Núñez-Okafor", born, "400117", None, None, lines)
    return access_log(paper, story.HEAD, _of_no_record())


def _slip() -> bytes:
    slip = Slip("7f3c11d0-5a0e-4f5e-9d0c-1d2b3a4c5d6e", 1042, "07c1" * 16)
    return anchor_slip(slip, story.HEAD, _of_no_record())


PAPERS: dict[str, Callable[[], bytes]] = {
    "ber": lambda: school_copy(story.document(), story.HEAD, story.mark()),
    "ber-parent": lambda: parent_copy(
        story.document(), story.HEAD, papers_kit.MARK, story.PARENT_TEXT, story.CONTACT
    ),
    "incident": lambda: _school("incident", incident_answers.WHOLE, MATEO, "INC-2026-0001"),
    "first-aid": lambda: _school(
        "first_aid", aid_answers.VARIANT_C, LUCJA, "AID-2026-0001",
        **{"/body_marks": _marks("child")},
    ),
    "medication-error": lambda: _school(
        "medication_error", med_answers.WRONG_STUDENT, LUCJA, "MED-2026-0001"
    ),
    "medication-count": lambda: _school(
        "medication_error", med_answers.STOCK_COUNT, "", "MED-2026-0002"
    ),
    "staff-injury": lambda: _school("staff_injury", sti_answers.BITTEN, DANA, "STI-2026-0001"),
    "osha-301": _osha,
    "risk": lambda: _school("risk", risk_answers.STUDENT, MATEO, "RSK-2026-0001"),
    "notice-first-aid": lambda: _notice("first_aid"),
    "notice-head-a": lambda: _notice("head_injury", "A"),
    "notice-head-b": lambda: _notice("head_injury", "B"),
    "notice-head-c": lambda: _notice("head_injury", "C"),
    "notice-incident": lambda: _notice("incident"),
    "notice-medicine": lambda: _notice("medication_error"),
    "notice-medicine-left-out": lambda: _notice("medication_error", "left_out"),
    "notice-medicine-near-miss": lambda: _notice("medication_error", "near_miss"),
    "notice-emergency": lambda: _notice("restraint"),
    "amended": _both_versions,
    "violence-log": _violence,
    "access-log": _access,
    "anchor-slip": _slip,
    **{
        f"blank-{name}": lambda name=name: blank_form(  # type: ignore[misc]  # bound at once
            load_form(name, "us-ca"), story.HEAD, story.mark().made_at
        )
        for name in ("incident", "first_aid", "medication_error", "staff_injury", "risk")
    },
}  # fmt: skip
"""Each paper by the name of its pictures."""


def pages(pdf: bytes, wide: int = _WIDE) -> list[QImage]:
    """Every page as a picture, on white."""
    buffer, document = QBuffer(), QPdfDocument()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    made = []
    for number in range(document.pageCount()):
        size = document.pagePointSize(number)
        page = document.render(number, QSize(wide, round(wide * size.height() / size.width())))
        sheet = QImage(page.size(), QImage.Format.Format_RGB32)
        sheet.fill(QColor("white"))
        painter = QPainter(sheet)
        painter.drawImage(0, 0, page)
        painter.end()
        made.append(sheet)
    return made


def take(names: list[str]) -> int:
    """The pictures of the papers whose names begin so (of all, without names); how many failed."""
    OUT.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name, make in PAPERS.items():
        if names and not name.startswith(tuple(names)):
            continue
        try:
            for number, sheet in enumerate(pages(make()), 1):
                sheet.save(str(OUT / f"paper-{name}-{number}.png"))
        except Exception as problem:
            failed += 1
            print(f"paper {name}: {type(problem).__name__}: {problem}")
    return failed


if __name__ == "__main__":
    app = QGuiApplication([*sys.argv[:1], "-platform", "offscreen"])
    raise SystemExit(1 if take(sys.argv[1:]) else 0)
