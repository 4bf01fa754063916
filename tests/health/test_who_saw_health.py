"""Every public way out of the health office is classed by what it shows of a student.

As tests/services/test_who_saw_what.py: what shows a student's health file leaves a line in the
student's access log (once in half an hour) and an entry in the trail; a line of a board or a list
leaves none, and it is said why; the rest shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bt_desktop.models.access import Opening
from bt_desktop.paper.verify import verify
from bt_desktop.security.audit import Head
from bt_desktop.services.health.away_model import NewAway
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.office import HealthOffice
from bt_desktop.services.health.visit_model import NewVisit
from bt_desktop.services.on_paper import trail_code
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School
from tests.health.kit import active_order, stocked, terms
from tests.paper.pdf import says_square
from tests.services.test_who_saw_what import public


@dataclass
class Ward:
    """Maria, the nurse, with an order of Mateo's, its scan and its tablets."""

    school: School
    maria: Workspace
    order: str
    document: str
    lot: str

    @property
    def mateo(self) -> str:
        return self.school.ids["mateo"]

    def took_out_a_day(self) -> None:
        """Maria, who has just exported the day of a visit of Mateo's (each time is told)."""
        office, now = self.school.sign_in("maria").health, self.school.clock.now()
        office.visits.add(NewVisit(self.mateo, now, complaint="headache"))
        office.visit_export.day(now.date())

    def paper(self) -> str:
        """The key of a paper that waits: about an emergency dose of just now."""
        request = DoseRequest("", self.mateo, None, medicine_text="Epinephrine 0.3 mg")
        return f"given:{self.maria.health.doses.emergency(request).dose.id}"

    def made(self) -> str:
        """A paper that was made."""
        return self.maria.health.parent_papers.release(self.paper()).copy_id

    def trip(self) -> str:
        """A trip that Mateo goes on."""
        day = self.school.clock.now().date()
        new = NewAway("trip", day, day, name=f"Trip {self.school.clock.now()}")
        return self.maria.health.trips.plan(new, [self.mateo])

    def through_glass(self) -> HealthOffice:
        """Tom, who has just broken the glass on Mateo's file."""
        office = self.school.sign_in("tom").health
        office.glass.open(self.mateo, "The nurse is out and he has a rash", PASSWORD)
        return office


OPENS: dict[str, Callable[[Ward], object]] = {
    "orders.of_student": lambda w: w.maria.health.orders.of_student(w.mateo),
    "orders.document_data": lambda w: w.maria.health.orders.document_data(w.document),
    "doses.of_student": lambda w: w.maria.health.doses.of_student(
        w.mateo, date(2026, 11, 1), date(2026, 11, 30)
    ),
    "card.get": lambda w: w.maria.health.card.get(w.mateo),
    "card.printed": lambda w: w.maria.health.card.printed(w.mateo),
    "card.offer": lambda w: w.maria.health.card.offer(w.mateo),
    "months.view": lambda w: w.maria.health.months.view(w.order, date(2026, 11, 1)),
    "months.printed": lambda w: w.maria.health.months.printed(w.order, date(2026, 11, 1)),
    "months.year": lambda w: w.maria.health.months.year(w.order),
    "printing.trip_packet": lambda w: w.maria.health.printing.trip_packet(w.trip()),
    "printing.self_carry": lambda w: w.maria.health.printing.self_carry(w.order),
    "printing.authorization": lambda w: w.maria.health.printing.authorization(w.mateo, w.order),
    "printing.year_end": lambda w: w.maria.health.printing.year_end(w.maria.health.sweep.view()),
    "visits.of_student": lambda w: w.maria.health.visits.of_student(w.mateo),
    "visit_export.day": lambda w: w.took_out_a_day(),
    "packets.packet": lambda w: w.maria.health.packets.packet(w.mateo, Purpose("request")),
    "packets.order": lambda w: w.maria.health.packets.order(w.order),
    "export.file": lambda w: w.maria.health.export.file(w.mateo, "fhir", Purpose("request")),
    "parent_papers.draft": lambda w: w.maria.health.parent_papers.draft(w.paper()),
    "parent_papers.release": lambda w: w.maria.health.parent_papers.release(w.paper()),
    "parent_papers.pdf": lambda w: w.maria.health.parent_papers.pdf(w.made()),
    "parent_papers.print_again": lambda w: w.maria.health.parent_papers.print_again(
        w.made(), "lost"
    ),
    "glass.open": lambda w: w.through_glass(),
    "glass.view": lambda w: w.through_glass().glass.view(w.mateo),
    "glass.document": lambda w: w.through_glass().glass.document(w.mateo, w.document),
}
"""What shows a student's health file: a line for the student, once in half an hour."""

_LINE = "a line of the board or of a list of the day: who, what, when it is due"
_WORK = "one order or lot that a deed is done with; the deed itself stands in the trail"

LINES: dict[str, str] = {
    "orders.get": _WORK,
    "orders.history": _WORK,
    "orders.documents": "names of papers, not what is in them",
    "delegation.all": "who may give what to whom: for the nurse who delegates",
    "delegation.mine": "what one may give oneself",
    "doses.panel": _WORK,
    "doses.check": _WORK,
    "doses.waiting": _WORK,
    "doses.one": _WORK,
    "overview.orders": _LINE,
    "overview.supplies": _LINE,
    "overview.lot": _WORK,
    "glass.opened": "which files are open now, by oneself",
    "glass.uses": "who broke the glass, when and why, for whoever answers for it: nothing sealed",
    "glass.to_review": "the same, as work that waits",
    "night_notes.waiting": "words of a locked screen that are nobody's file yet",
    "night_notes.finish": "the same note, once more, as it becomes a student's dose",
    "card.due": "whose card waits for the nurse, and for which medicine",
    "months.lines": "one line for each order of a month: what is open, whether it is closed",
    "visits.day": _LINE,
    "board.today": _LINE,
    "sweep.view": "work that waits before the year ends, as a list; opened from it, it is a look",
    "printing.carried": "who carries which medicine, and what is missing for it",
    "trips.waiting": "trips whose medicine is not back, by name and day",
    "trips.list": "trips by name and day, with how many medicines go along",
    "trips.view": "what goes on a trip, for whoever packs it or gives it",
    "trips.givers": "who of the staff may give an order on a trip",
    "away.groups": "students by grade and class, as the directory has them",
    "away.of": "who is not at school: known to all the staff, and nothing of health",
    "parent_papers.waiting": _LINE,
    "parent_papers.findings": "words that were just typed, of a paper that was looked at",
    "parent_papers.made": "which papers were made, for whom and when: for whoever may make them",
    "stock.balances": _LINE,
    "stock.ledger": _WORK,
}
"""What shows less than a health file: why it leaves no line."""

NOTHING = frozenset(
    f"{service}.{name}"
    for service, names in {
        "orders": "today problems add consent container keep_document review hold resume "
        "discontinue change",
        "overview": "names witnesses allowers year_end",
        "stock": "receive move moves spoken standing",
        "doses": "record emergency effect strike",
        "dose_notes": "parent_told finish",
        "settings": "may_edit get save",
        "delegation": "may_edit give end",
        "away": "may_read may_edit problems add take_back today",
        "sweep": "may_read",
        "printing": "may",
        "trips": "may_plan may_pack plan add_students leave_out problems take_along send "
        "bring_back record",
        "card": "may_read may_confirm confirm",
        "months": "may_close may_print months close close_all note",
        "visits": "may_add may_read problems add leave strike replace link link_dose now counts "
        "totals",
        "visit_export": "may",
        "export": "may",
        "packets": "may",
        "parent_papers": "may mark receive slip_back attempt waive administrator",
        "finishing": "finish",
        "night_notes": "require_waiting take_in take_all_in found news may_finish count damaged"
        " set_aside",
        "glass": "may_open may_review plan close close_all review",
    }.items()
    for name in names.split()
)
INSIDE = frozenset(
    (
        "delegation.tend",
        "card.card_in",
        "away.add_in",
        "away.take_back_in",
        "away.of_in",
        "away.of_trip",
        "board.forget",
        "glass.tend",
        "night_notes.finish_in",
        "parent_papers.recipients_in",
        "visits.states_in",
        "visits.lines_in",
        "stock.balances_in",
        "stock.balance_in",
        "stock.lot_in",
        "stock.take_in",
    )
)
"""For the services beside it, inside a transaction of theirs: no window calls them."""


@pytest.fixture
def ward(school: School) -> Ward:
    maria = school.sign_in("maria")
    mateo = school.ids["mateo"]
    order = active_order(maria, terms(mateo))
    document = maria.health.orders.keep_document(
        mateo, b"scan", kind="parent", name="scan.png", media_type="image/png", order_id=order
    )
    return Ward(school, maria, order, document, stocked(maria, school, order))


def lines(workspace: Workspace) -> list[Opening]:
    with workspace._context.store.read() as session:
        return list(session.scalars(select(Opening)))


def looks(workspace: Workspace, user: str) -> list[str]:
    """The looks of one person; what is taken out is told each time."""
    return [one.id for one in lines(workspace) if one.user_id == user and one.what == "health"]


def bears_its_head(pdf: bytes, ca: bytes) -> bool:
    """Whether its square code tells the head of the trail that its mark tells."""
    told = verify(pdf, ca)
    if told.audit_seq is None or told.audit_head is None:
        return False
    return says_square(pdf, trail_code(Head(told.audit_seq, told.audit_head), ca))


def test_every_public_way_out_of_the_health_office_is_classed(ward: Ward) -> None:
    found = {
        way
        for name, service in vars(ward.maria.health).items()
        if not name.startswith("_") and type(service).__module__.startswith("bt_desktop.services")
        for way in public(service, name)
    }
    tables = (set(OPENS), set(LINES), set(NOTHING), set(INSIDE))
    classed = set().union(*tables)
    assert found - classed == set(), "class these: what do they show of a student?"
    assert classed - found == set(), "these are gone"
    assert sum(map(len, tables)) == len(classed), "classed twice"


def test_whatever_shows_a_health_file_leaves_a_line(ward: Ward) -> None:
    missing = []
    squares: dict[str, bool] = {}
    ca = ward.school.sign_in("tom").copies.school_ca_pem()
    for way, call in OPENS.items():
        ward.school.clock.advance(timedelta(minutes=31))
        before = len(lines(ward.maria))
        made = call(ward)
        pdf = getattr(made, "pdf", made)
        if isinstance(pdf, bytes) and pdf.startswith(b"%PDF"):
            squares[way] = bears_its_head(pdf, ca)
        fresh = lines(ward.maria)[before:]
        if not any(one.student_id == ward.mateo for one in fresh):
            missing.append(way)
    assert missing == []
    assert {way for way, fits in squares.items() if not fits} == {"printing.authorization"}
    assert {"card.printed", "months.printed", "packets.packet", "parent_papers.pdf"} <= set(squares)
    assert ward.school.sign_in("tom").log.verify().holds


def test_a_line_is_left_once_for_one_look(ward: Ward) -> None:
    ward.school.clock.advance(timedelta(minutes=31))
    ward.maria.health.orders.of_student(ward.mateo)
    me = ward.maria.actor.user_id
    before = looks(ward.maria, me)
    for call in OPENS.values():
        call(ward)
    assert looks(ward.maria, me) == before
