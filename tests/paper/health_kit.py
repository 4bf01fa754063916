"""The other papers of the health office, made up, as the services hand them over."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

from PIL import Image

from bt_desktop.paper.appendix import AppendixFile
from bt_desktop.paper.document import CopyMark
from bt_desktop.paper.health_content import (
    AuthorizationForm,
    Contact,
    DisposalPaper,
    EmergencyCard,
    EndedOrder,
    MedicineReceipt,
    OpenTask,
    OrderCopy,
    Packet,
    Rescue,
    SelfCarryPaper,
    Sweep,
    ToReturn,
    TripMedicine,
    TripPacket,
    TripStudent,
)
from bt_desktop.paper.health_notice_content import (
    HealthNotice,
    MedicineGiven,
    MedicineNotGiven,
    Missed,
    SupplyNotice,
)
from bt_desktop.paper.mar_content import Student
from tests.paper import mar_kit as mar
from tests.paper import story
from tests.paper.mar_kit import CLERK, DIGEST, METHYL, MOTHER, NURSE, TIAGO, ZONE, moment

AS_OF = moment(12, 14, 5, month=10)
MARK = CopyMark("school", 0, AS_OF, "Maria Chen", qr_payload=story.TRAIL_PAYLOAD)
BLANK_MARK = CopyMark("blank", 0, AS_OF, "Maria Chen")
PARENT_MARK = CopyMark(
    "parent", 1, moment(17, 15, 20), "Olga Petrenko", "Inês Duarte", qr_payload=story.TRAIL_PAYLOAD
)
ANA = Student("Ana Souza-Bright", date(2017, 2, 3), "4", "11", "bee stings (throat swells)")
PEOPLE = (
    Contact("Inês Duarte", "mother", ("(555) 010-0163", "(555) 010-0164")),
    Contact("Rui Duarte", "uncle", ("(555) 010-0199",)),
)
EPINEPHRINE = Rescue(
    medicine="Epinephrine delivery system (auto-injector) 0.3 mg",
    dose="1 dose",
    route="into the outer thigh, through clothes",
    when="Trouble breathing, swollen lips or tongue, hives all over, or he ate peanuts and throws "
    "up.",
    then="Call 911. Lay him down with his legs up. After 5 to 15 minutes a second dose if he is no "
    "better.",
    stored="Health office, unlocked cabinet, red bag",
    expires_on=date(2027, 4, 30),
    carried=True,
)
EPI_ORDER = replace(
    METHYL,
    medicine="Epinephrine delivery system",
    strength="0.3 mg",
    form="auto-injector",
    schedule="",
    dose="1 dose (0.3 mg)",
    route="into the outer thigh",
    times=(),
    as_needed="for a serious allergic reaction",
    reason="peanut allergy",
    storage="Health office, unlocked cabinet, red bag; one is carried",
)


def card() -> EmergencyCard:
    """Peanuts, penicillin, and what to do."""
    return EmergencyCard(
        student=TIAGO,
        allergies=("Peanuts", "Penicillin (hives)"),
        rescue=(EPINEPHRINE,),
        contacts=PEOPLE,
        as_of=AS_OF,
        conditions=("Attention disorder: takes medicine at noon.", "Wears glasses."),
        doctor=Contact("A. Okonkwo, MD", "pediatrician", ("(555) 010-0177",)),
        photo=photo(),
    )


def photo() -> bytes:
    """A plain picture in the size of a passport's."""
    out = io.BytesIO()
    Image.new("RGB", (240, 320), "#8899AA").save(out, "JPEG")
    return out.getvalue()


def full_card() -> EmergencyCard:
    """As much as may ever stand on one."""
    people = tuple(
        Contact(
            f"Aunt Number {n} Duarte-Łoś", "aunt", (f"(555) 010-02{n:02}", f"(555) 010-03{n:02}")
        )
        for n in range(6)
    )
    return replace(
        card(),
        allergies=("Peanuts and all tree nuts", "Penicillin and amoxicillin (hives, swelling)",
                   "Bee and wasp stings (throat swells)", "Latex gloves", "Ibuprofen"),
        rescue=(EPINEPHRINE, replace(EPINEPHRINE, medicine="Albuterol inhaler with spacer",
                dose="2 puffs", route="breathed in", carried=False),
                replace(EPINEPHRINE, medicine="Midazolam nasal spray 5 mg", route="one nostril",
                        when="A seizure of 5 minutes, or two without waking up between them.")),
        contacts=people,
        conditions=("Asthma", "Seizures", "Diabetes: has a pump", "Wears hearing aids"),
    )  # fmt: skip


def order() -> OrderCopy:
    """The order of the noon tablet."""
    return OrderCopy(
        student=TIAGO,
        order=replace(METHYL, storage="Health office, double lock", instructions="With water."),
        status="active",
        prescriber_signed=date(2026, 8, 10),
        parent_signed=date(2026, 8, 12),
        may_contact_prescriber=True,
        reviewed_by="Maria Chen",
        reviewed_at=moment(14, 9, 30, 8),
        side_effects="no appetite, headache, trouble sleeping",
        label=("student", "medicine", "strength", "dose", "route", "time", "prescriber"),
        pharmacy="Maple Pharmacy",
        filled_on=date(2026, 8, 11),
        past=((moment(14, 9, 30, 8), "Reviewed and made active by Maria Chen"),
              (moment(2, 8, 5, 9), "On hold: the mother asked to wait"),
              (moment(3, 8, 0, 9), "Taken up again")),
    )  # fmt: skip


def rescue_order() -> OrderCopy:
    """The order of the epinephrine."""
    return replace(
        order(),
        order=EPI_ORDER,
        self_carry=True,
        call_911_when="always, when it was used",
        call_parent_when="always",
        past=(),
    )


def trip() -> TripPacket:
    """Two students who go to camp for two days."""
    epinephrine = replace(mar.trip(), order=EPI_ORDER, times=(None,), controlled=False)
    anas = replace(rescue_order(), student=ANA)
    return TripPacket(
        name="Science camp",
        place="Pine Lake",
        first=date(2026, 10, 14),
        last=date(2026, 10, 15),
        leader="Priya Raman",
        trained=("Priya Raman", "Dana Whitcomb"),
        students=(
            TripStudent(
                TIAGO,
                (
                    TripMedicine(order(), "2 tablets", mar.trip(), "labelled envelope"),
                    TripMedicine(rescue_order(), "1 auto-injector", epinephrine),
                ),
                PEOPLE,
                (EPINEPHRINE,),
            ),
            TripStudent(
                ANA,
                (TripMedicine(anas, "1 auto-injector", replace(epinephrine, student=ANA)),),
                (Contact("Beth Bright", "mother", ("(555) 010-0142",)),),
            ),
        ),
        as_of=AS_OF,
        school_phone="(555) 010-0140",
    )


def carry(state: str = "us-ca", *, blank: bool = False) -> SelfCarryPaper:
    """Tiago carries his epinephrine."""
    keys = ("prescriber", "competent", "parent", "contact", "release", "shown", "backup_at_school")
    return SelfCarryPaper(
        student=TIAGO,
        order=EPI_ORDER,
        school_year="2026–2027",
        state=state,  # type: ignore[arg-type]  # one of them
        kind="epinephrine",
        ticks=None if blank else frozenset(keys),
        hands=() if blank else (("parent", MOTHER, date(2026, 8, 12)),
                                ("nurse", NURSE, date(2026, 8, 14))),
    )  # fmt: skip


def form(*, filled: bool = False, state: str = "us-ca") -> AuthorizationForm:
    """The form for the two statements."""
    blank = AuthorizationForm(state=state, school_year="2026–2027")  # type: ignore[arg-type]  # as above
    if not filled:
        return blank
    return replace(blank, student=TIAGO, order=METHYL, side_effects="no appetite")


def sweep(count: int = 3) -> Sweep:
    """What is open in May, for so many students each."""
    names = [f"Student {chr(65 + n % 26)}. Example-{n}" for n in range(count)]
    return Sweep(
        school_year="2026–2027",
        as_of=datetime(2027, 5, 28, 9, 0, tzinfo=ZONE),
        last_day=date(2027, 6, 11),
        orders=tuple(EndedOrder(name, "5", "Methylphenidate 10 mg tablet", date(2027, 6, 11),
                                "Ends with the school year") for name in names),
        medicines=tuple(
            ToReturn(name, "5", "Methylphenidate 10 mg tablet", "14 tablets",
                     "letter May 20, called May 27" if n % 2 else "", date(2027, 6, 11), n % 3 == 0)
            for n, name in enumerate(names)
        ),
        tasks=tuple(OpenTask(name, "The effect of the dose of May 3 was not asked for.",
                             date(2027, 5, 3)) for name in names),
    )  # fmt: skip


def receipt(kind: str = "delivered") -> MedicineReceipt:
    """Thirty tablets, counted by two."""
    return MedicineReceipt(
        kind=kind,  # type: ignore[arg-type]  # one of two
        at=moment(14, 7, 50),
        child="Tiago Duarte-Łoś",
        medicine="Methylphenidate 10 mg tablet",
        amount="30 tablets",
        adult=MOTHER,
        staff=NURSE,
        relation="Mother",
        rx_number="RX 60-4502",
        expires_on=date(2027, 3, 31),
        total="34 tablets",
        number="REC-2026-0007",
    )


def disposed() -> DisposalPaper:
    """What nobody picked up, handed to an officer."""
    return DisposalPaper(
        at=datetime(2027, 6, 11, 14, 30, tzinfo=ZONE),
        student=TIAGO,
        medicine="Methylphenidate 10 mg tablet",
        amount="14 tablets",
        reason="The school year ended and nobody picked it up.",
        method="Handed to a law enforcement officer at the school",
        staff=NURSE,
        witness=CLERK,
        controlled=True,
        schedule="C-II",
        rx_number="RX 60-4502",
        agency="Maple Creek Police",
        officer="Officer J. Example, badge 114",
        receipt="MC-2027-0611",
        asked=((date(2027, 5, 20), "letter"), (date(2027, 5, 27), "telephone, no answer")),
        number="DSP-2027-0002",
    )


def packet() -> Packet:
    """Orders, two months, a school year."""
    october = replace(mar.empty(2026, 10), as_of=AS_OF, number="MAR-2026-0052")
    return Packet(
        student=TIAGO,
        school_year="2026–2027",
        orders=(order(), rescue_order()),
        sheets=(mar.controlled(), october, mar.as_needed()),
        as_of=AS_OF,
        years=(mar.school_year(),),
    )


def scans() -> tuple[AppendixFile, ...]:
    """A photo of the parent's statement."""
    return (AppendixFile("statement.jpg", "image/jpeg", "Parent's statement", photo(), DIGEST),)


def given() -> MedicineGiven:
    """One tablet for a headache."""
    return MedicineGiven(
        child="Tiago",
        medicine="Ibuprofen 200 mg tablet",
        dose="1 tablet (200 mg)",
        route="by mouth",
        at=moment(17, 10, 20),
        reason="Headache",
        next_at=moment(17, 16, 20),
        hours="6 hours",
        response="The headache was gone.",
        checked_at=moment(17, 11, 15),
        by="Maria Chen",
        number="MED-2026-0021",
    )


def not_given(codes: str = "RN") -> MedicineNotGiven:
    """Doses missed, one for each code."""
    missed = tuple(Missed(moment(1 + n % 28, 12, 0), code) for n, code in enumerate(codes))
    return MedicineNotGiven("Tiago", "Methylphenidate 10 mg tablet", missed, "Maria Chen")


def supply(kind: str = "low") -> SupplyNotice:
    """What is short, old or to be picked up."""
    return SupplyNotice(
        kind=kind,  # type: ignore[arg-type]  # one of three
        child="Tiago",
        medicine="Methylphenidate 10 mg tablet",
        left="4 tablets",
        by=date(2026, 9, 25),
        lasts=date(2026, 9, 28),
        expires_on=date(2026, 9, 30),
        why="year_end" if kind == "pick_up" else "",
        asked=("a letter on Sep 10",) if kind == "pick_up" else (),
        writer="Olga Petrenko",
    )


NOTICES: dict[str, HealthNotice] = {
    "given": given(),
    "given, ask": replace(given(), next_at=None, response="", checked_at=None),
    "given, no more": replace(given(), next_at=moment(18, 6, 0), most_reached=True,
                              called_911=True),
    "not given": not_given(),
    "not given, all": not_given("AXEFNORWTVS"),
    "low": supply("low"),
    "expiry": supply("expiry"),
    "pick up": supply("pick_up"),
}  # fmt: skip
"""Every paper for parents, in its variants."""
