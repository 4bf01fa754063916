"""One student's medication record as a PDF: everything of theirs, nothing of anybody else."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from pypdf import PdfReader

from bt_desktop.errors import Denied
from bt_desktop.services.health.model import STOCK_SUBJECT
from bt_desktop.services.health.paper_problems import ExportNothing, PurposeMissing
from bt_desktop.services.health.problems import OrderRefused
from bt_desktop.services.health.student_file import WITHHELD
from bt_desktop.services.health.visit_model import NewVisit
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.copies import PrintedCopy
from bt_desktop.services.workspace import Workspace
from tests.factory import School
from tests.health.dose_kit import as_it_happened, noon_dose, prn_dose
from tests.health.kit import active_order, as_needed, at, stocked, terms
from tests.health.test_parent_papers import emergency, papers

ASKED = Purpose("request")


@pytest.fixture
def maria(school: School) -> Workspace:
    return school.sign_in("maria")


@pytest.fixture
def mateo(school: School) -> str:
    return school.ids["mateo"]


def pages(copy: PrintedCopy) -> list[str]:
    found = PdfReader(io.BytesIO(copy.pdf)).pages
    return [" ".join(page.extract_text().split()) for page in found]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), "#8899AA").save(out, "PNG")
    return out.getvalue()


def full(nurse: Workspace, school: School, student: str) -> str:
    """Orders, doses, stock, a visit, an emergency, papers; returns the order of noon."""
    noon = active_order(nurse, terms(student))
    stocked(nurse, school, noon)
    as_it_happened(nurse, noon_dose(student, noon))
    ended = active_order(nurse, as_needed(student))
    as_it_happened(nurse, prn_dose(student, ended, at(9), symptom="headache in math"))
    nurse.health.orders.discontinue(ended, "Not needed any more")
    wrong = emergency(nurse, student)
    nurse.health.doses.strike(wrong, "Entered twice")
    emergency(nurse, student, at=at(11, 30))
    now = nurse.clock.now()
    nurse.health.visits.add(NewVisit(student, now, complaint="headache", words="since math"))
    nurse.health.orders.keep_document(
        student, picture(), kind="parent", name="statement.png", media_type="image/png",
        order_id=noon,
    )  # fmt: skip
    for due in papers(nurse).waiting(student):
        if due.kind == "given" and due.state == "ready":
            papers(nurse).release(due.key)
    return noon


def test_the_record_holds_everything_of_the_student(
    maria: Workspace, school: School, mateo: str
) -> None:
    full(maria, school, mateo)
    copy = maria.health.packets.packet(mateo, ASKED)
    assert copy.sealed
    first, *rest = pages(copy)
    for part in (
        "Medication record of Mateo Núñez-Okafor",
        "Made for: A records request or an audit.",
        "What is in it",
        "Emergency doses without an order",
        "Epinephrine 0.3 mg auto-injector",
        "Struck: Entered twice",
        "What is at school",
        "29 tablets" if "29 tablets" in first else "30 tablets",
        "Visits to the health office",
        "Headache",
        "Papers for parents",
        "MED-2026-0001",
    ):
        assert part in first + rest[0], part
    whole = " ".join([first, *rest])
    for part in (
        "A. Prescriber, MD",
        "Reviewed by the nurse (Maria Chen)",
        "Ended: Not needed any more (Maria Chen)",
        "Log of November 2026: Methylphenidate 10 mg tablet",
        "Log of November 2026: Ibuprofen 200 mg tablet",
        "headache in math",
        "statement.png",
        "Parent's statement",
    ):
        assert part in whole, part


def test_it_can_be_without_scans_and_logs(maria: Workspace, school: School, mateo: str) -> None:
    full(maria, school, mateo)
    less = maria.health.packets.packet(mateo, ASKED, scans=False, months=False)
    whole = " ".join(pages(less))
    assert "Log of" not in whole
    assert "statement.png" not in whole
    assert len(pages(less)) < len(pages(maria.health.packets.packet(mateo, ASKED)))


def test_nothing_of_another_student_gets_into_it(
    maria: Workspace, school: School, mateo: str
) -> None:
    full(maria, school, school.ids["lucja"])
    order = active_order(maria, as_needed(mateo))
    as_it_happened(maria, prn_dose(mateo, order, at(9), symptom="Łucja Kowalczyk hit him"))
    as_it_happened(
        maria,
        noon_dose(
            mateo, active_order(maria, terms(mateo)), outcome="R", reason="played with Kowalczyk"
        ),
    )
    maria.health.visits.add(NewVisit(mateo, maria.clock.now(), words="bumped into Łucja"))
    copy = maria.health.packets.packet(mateo, Purpose("other", "For the file of Łucja Kowalczyk"))
    whole = " ".join(pages(copy))
    for part in ("Kowalczyk", "Łucja", "Epinephrine"):
        assert part not in whole, part
    assert whole.count(WITHHELD) >= 4
    assert "Mateo" not in copy.file_name


def test_what_it_is_for_is_asked_and_stays(maria: Workspace, school: School, mateo: str) -> None:
    full(maria, school, mateo)
    with pytest.raises(PurposeMissing):
        maria.health.packets.packet(mateo, Purpose(""))
    copy = maria.health.packets.packet(mateo, ASKED)
    tom = school.sign_in("tom")
    [line] = [one for one in tom.access_log.read(mateo).rows if one.what == "Printed a copy"]
    assert (line.who, line.purpose) == ("Maria Chen", "A records request or an audit")
    [entry] = [one for one in tom.log.entries() if one.action == "packet.print"]
    assert entry.object == mateo
    assert copy.file_name == f"medication-record-E{entry.seq:05d}.pdf"
    assert tom.log.verify().holds


def test_one_order_as_a_copy(maria: Workspace, school: School, mateo: str) -> None:
    noon = full(maria, school, mateo)
    told = " ".join(pages(maria.health.packets.order(noon)))
    for part in ("Methylphenidate 10 mg tablet", "C-II", "What was done to it", "Mateo"):
        assert part in told
    with pytest.raises(OrderRefused):
        maria.health.packets.order("no-such-order")


def test_an_order_over_two_months_has_a_log_of_each(
    maria: Workspace, school: School, mateo: str
) -> None:
    order = active_order(maria, terms(mateo))
    as_it_happened(maria, noon_dose(mateo, order))
    school.clock.advance(timedelta(days=25))
    whole = " ".join(pages(maria.health.packets.packet(mateo, ASKED)))
    assert "Log of November 2026" in whole
    assert "Log of December 2026" in whole
    assert "Log of October 2026" not in whole  # it was not reviewed before


@pytest.mark.parametrize("who", ["dana", "olga", "tom", "amir"])
def test_only_a_nurse_prints_it(maria: Workspace, school: School, mateo: str, who: str) -> None:
    order = active_order(maria, terms(mateo))
    packets = school.sign_in(who).health.packets
    assert not packets.may
    with pytest.raises(Denied):
        packets.packet(mateo, ASKED)
    with pytest.raises(Denied):
        packets.order(order)


def test_the_schools_own_stock_is_no_student(maria: Workspace) -> None:
    with pytest.raises(ExportNothing):
        maria.health.packets.packet(STOCK_SUBJECT, ASKED)
