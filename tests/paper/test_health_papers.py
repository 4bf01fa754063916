"""The health office's other papers say what they must, on the pages they should be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bt_desktop.paper.authorization import authorization
from bt_desktop.paper.emergency_card import emergency_card
from bt_desktop.paper.health_content import EmergencyCard
from bt_desktop.paper.medicine_hands import disposal, medicine_receipt
from bt_desktop.paper.order_copy import order_copy
from bt_desktop.paper.packet import packet
from bt_desktop.paper.seal import Authority, seal
from bt_desktop.paper.self_carry import boxes, self_carry
from bt_desktop.paper.sweep import sweep
from bt_desktop.paper.trip_packet import trip_packet
from bt_desktop.paper.verify import verify
from tests.paper import health_kit as kit
from tests.paper import pdf, story

HEAD, MARK = story.HEAD, kit.MARK
EVERY: dict[str, Callable[[], bytes]] = {
    "card": lambda: emergency_card(kit.card(), HEAD, MARK),
    "order": lambda: order_copy(kit.order(), HEAD, MARK),
    "trip": lambda: trip_packet(kit.trip(), HEAD, MARK),
    "self-carry": lambda: self_carry(kit.carry(), HEAD, MARK),
    "authorization": lambda: authorization(kit.form(), HEAD, kit.BLANK_MARK),
    "sweep": lambda: sweep(kit.sweep(), HEAD, MARK),
    "receipt": lambda: medicine_receipt(kit.receipt(), HEAD, MARK),
    "disposal": lambda: disposal(kit.disposed(), HEAD, MARK),
    "packet": lambda: packet(kit.packet(), HEAD, MARK, kit.scans()),
}
every_paper = pytest.mark.parametrize("name", EVERY)


@every_paper
def test_only_our_fonts_same_bytes_and_no_name_outside_its_pages(name: str, tmp_path: Path) -> None:
    made = EVERY[name]()
    rows = pdf.fonts(made, tmp_path)

    assert rows
    assert all("SourceSans" in row[0] for row in rows)
    assert made == EVERY[name]()
    assert "Tiago" not in pdf.info(made)


@every_paper
def test_every_page_is_counted(name: str) -> None:
    pages = pdf.pages(EVERY[name]())

    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in page


def test_a_packet_of_pages_that_lie_and_stand_can_be_sealed(authority: Authority) -> None:
    moment = story.at(9, 40, day=13)
    sealed = seal(EVERY["packet"](), authority.seal_cert_pem, authority.seal_key_pem,
                  authority.ca_cert_pem, moment)  # fmt: skip

    assert verify(sealed, authority.ca_cert_pem).kind == "genuine"


# --- emergency card ------------------------------------------------------------------------------


def card(made: EmergencyCard) -> bytes:
    return emergency_card(made, HEAD, MARK)


def test_the_card_says_what_to_give_where_it_is_and_whom_to_call() -> None:
    told = pdf.words(card(kit.card()))

    for said in ("Tiago Duarte-Łoś", "ALLERGIES Peanuts Penicillin (hives)", "call 911",
                 "Epinephrine delivery system (auto-injector) 0.3 mg: 1 dose",
                 "into the outer thigh", "Trouble breathing, swollen lips", "Lay him down",
                 "The student carries it. A second one: Health office, unlocked cabinet, red bag",
                 "Expires Apr 30, 2027", "(555) 010-0163, (555) 010-0164", "Rui Duarte", "uncle",
                 "A. Okonkwo, MD", "as of Oct 12, 2026, 2:05 pm"):  # fmt: skip
        assert said in told


def test_allergies_are_the_largest_words_of_the_card() -> None:
    boxed = pdf.run("pdftotext", "-bbox", "-", "-", data=card(kit.card()))
    high = {
        word: float(low) - float(top)
        for top, low, word in re.findall(r'yMin="([\d.]+)".*?yMax="([\d.]+)">([^<]+)<', boxed)
    }

    assert high["Peanuts"] == max(high.values())
    assert high["Peanuts"] > 1.9 * high["Trouble"]


def test_the_card_is_one_page_whatever_stands_on_it() -> None:
    assert len(pdf.pages(card(kit.full_card()))) == 1
    assert len(pdf.pages(card(replace(kit.full_card(), photo=None)))) == 1


def test_a_card_without_entries_says_so() -> None:
    bare = replace(kit.card(), allergies=(), rescue=(), contacts=(), conditions=(), doctor=None)
    told = pdf.words(card(bare))

    assert "ALLERGIES Not entered: ask a parent" in told
    assert "Emergency medicine None at school." in told
    assert "Not entered: ask the school office." in told
    assert "ALLERGIES No known allergies" in pdf.words(card(replace(bare, no_allergies=True)))


def test_a_bad_picture_does_not_stop_the_card() -> None:
    assert "Peanuts" in pdf.words(card(replace(kit.card(), photo=b"no picture")))
    images = pdf.run("pdfimages", "-list", "-", data=card(kit.card())).splitlines()
    assert len(images) == 3  # two lines of heads


# --- order and packet ----------------------------------------------------------------------------


def test_an_order_is_one_page_with_both_statements() -> None:
    (page,) = pdf.pages(EVERY["order"]())
    told = " ".join(page.split())

    for said in ("Methylphenidate 10 mg tablet", "active", "A. Okonkwo, MD, (555) 010-0177, signed "
                 "Aug 10, 2026", "Inês Duarte, (555) 010-0163, signed Aug 12, 2026",
                 "Maria Chen, Aug 14, 2026, 9:30 am", "Health office, double lock", "C-II",
                 "On hold: the mother asked to wait"):  # fmt: skip
        assert said in told


def test_a_statement_that_is_not_there_is_not_said_to_be_signed() -> None:
    waiting = replace(kit.order(), prescriber_signed=None, status="waiting")
    told = pdf.words(order_copy(waiting, HEAD, MARK))

    assert "A. Okonkwo, MD, (555) 010-0177, not signed" in told


def test_the_packet_holds_orders_scans_and_logs_in_one_count_of_pages() -> None:
    made = EVERY["packet"]()
    pages = pdf.pages(made)
    told = "\n".join(pages)

    for said in ("Medication record of Tiago Duarte-Łoś", "Attachment 1: statement.jpg",
                 "Log of September 2026: Methylphenidate 10 mg tablet",
                 "Log of October 2026", "School year 2026–2027: Cetirizine 10 mg tablet",
                 "Tiago said his stomach hurt and refused."):  # fmt: skip
        assert said in told
    assert told.count(f"Record hash of this log {kit.DIGEST}") == 3
    sizes = {line.split("size:")[1].strip() for line in pdf.run(
        "pdfinfo", "-l", "99", "-", data=made).splitlines() if "size:" in line and "Page" in line
    }  # fmt: skip
    assert sizes == {"612 x 792 pts (letter)", "792 x 612 pts (letter)"}
    assert len(pages) <= 12


def test_a_packet_without_orders_says_so() -> None:
    bare = replace(kit.packet(), orders=(), sheets=(), years=())
    (page,) = pdf.pages(packet(bare, HEAD, MARK))

    assert "No medicine was ordered for this student." in page


# --- trip ----------------------------------------------------------------------------------------


def test_every_page_of_a_trip_says_as_of_when() -> None:
    for page in pdf.pages(EVERY["trip"]()):
        assert "As of Oct 12, 2026, 2:05 pm. Print it again if an order changes." in page


def test_a_trip_has_for_each_medicine_its_order_and_its_sheet() -> None:
    pages = pdf.pages(EVERY["trip"]())
    told = "\n".join(pages)

    assert len(pages) == 10
    assert told.count("Trip medication record:") == 3
    assert told.count("Who allowed it") == 3
    for said in ("Priya Raman and Dana Whitcomb", "2 tablets", "labelled envelope",
                 "Inês Duarte", "Beth Bright", "Signed out and signed in"):  # fmt: skip
        assert said in told
    (signing,) = [page for page in pages if "Signed out and signed in" in page]
    assert signing.count("auto-injector") >= 2


def test_a_student_s_pages_name_no_other_student() -> None:
    for page in pdf.pages(EVERY["trip"]())[2:]:
        assert ("Tiago" in page) != ("Ana" in page)


def test_a_trip_without_medicine_is_one_page() -> None:
    (page,) = pdf.pages(trip_packet(replace(kit.trip(), students=()), HEAD, MARK))

    assert "No student on this trip has medicine at school." in page


# --- forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["us-ca", "us-ok", ""])
@pytest.mark.parametrize("blank", [True, False])
def test_the_agreement_to_carry_is_one_page_with_its_boxes(state: str, *, blank: bool) -> None:
    paper = kit.carry(state, blank=blank)
    (page,) = pdf.pages(self_carry(paper, HEAD, MARK))
    told = " ".join(page.split())

    asked = boxes(paper)
    assert told.count("☐") + told.count("☑") == len(asked)
    assert ("☑" in told) == (not blank)
    for signer in ("Prescriber", "Parent or", "Student", "School nurse"):
        assert signer in told


def test_the_agreement_cites_the_law_of_its_state() -> None:
    ca = pdf.words(self_carry(kit.carry("us-ca"), HEAD, MARK)).replace("\u00a0", " ")
    assert "EC 49423" in ca
    assert "wording unverified" in ca
    assert "O.S." not in ca
    inhaler = pdf.words(self_carry(replace(kit.carry(), kind="inhaler"), HEAD, MARK))
    assert "EC 49423.1" in inhaler.replace("\u00a0", " ")
    ok = kit.carry("us-ok")
    assert pdf.words(self_carry(ok, HEAD, MARK)).count("1-116.3") == 5
    assert sum(bool(box.law) for box in boxes(ok)) == 5
    other = kit.carry("")
    assert not any(box.law for box in boxes(other))


def test_a_box_is_ticked_only_where_it_is_fulfilled() -> None:
    paper = replace(kit.carry(), ticks=frozenset(("prescriber", "shown")))

    assert pdf.words(self_carry(paper, HEAD, MARK)).count("☑") == 2


def test_the_authorization_is_two_pages_to_write_on() -> None:
    pages = pdf.pages(EVERY["authorization"]())

    assert len(pages) == 2
    for said in ("Statement of the prescriber", "Prescriber's signature", "Hours apart, at least",
                 "A school day, at most", "Dose: a number and its unit"):  # fmt: skip
        assert said in pages[0]
    for said in ("Statement of the parent or guardian", "Parent's or guardian's signature",
                 "may talk with the prescriber"):  # fmt: skip
        assert said in pages[1]


@pytest.mark.parametrize(("state", "law"), [
    ("us-ca", "California Education Code 49423"), ("us-ok", "70 O.S. 1-116.2"), ("", "Both"),
])  # fmt: skip
def test_a_filled_authorization_has_what_is_known(state: str, law: str) -> None:
    made = authorization(kit.form(filled=True, state=state), HEAD, kit.BLANK_MARK)
    told = pdf.words(made)

    for said in (law, "Tiago Duarte-Łoś", "Methylphenidate 10 mg tablet", "10 mg (1 tablet)",
                 "12:00 pm", "A. Okonkwo, MD", "Inês Duarte", "no appetite"):  # fmt: skip
        assert said in told
    assert len(pdf.pages(made)) == 2


# --- lists and receipts --------------------------------------------------------------------------


def test_the_sweep_lists_what_is_open_with_its_law() -> None:
    told = pdf.words(EVERY["sweep"]())

    for said in ("Medicine to return or dispose of", "Orders that end", "Not finished",
                 "5 CCR 609", "letter May 20, called May 27", "not yet",
                 "(controlled: two people)"):  # fmt: skip
        assert said in told
    assert told.count("☐") == 9


def test_a_long_sweep_repeats_its_heads() -> None:
    pages = pdf.pages(sweep(kit.sweep(120), HEAD, MARK))

    assert len(pages) > 10
    assert all("Done" in page and "Student" in page for page in pages)


def test_an_empty_sweep_says_nothing_is_open() -> None:
    assert pdf.words(sweep(kit.sweep(0), HEAD, MARK)).count("Nothing.") == 3


@pytest.mark.parametrize(("kind", "said"), [
    ("delivered", ("Medicine came to school", "Brought by", "Taken in by", "Now at school")),
    ("returned", ("Medicine went home", "Taken home by", "Given out by", "Still at school")),
])  # fmt: skip
def test_a_receipt_has_count_and_two_signatures(kind: str, said: tuple[str, ...]) -> None:
    (page,) = pdf.pages(medicine_receipt(kit.receipt(kind), HEAD, MARK))
    told = " ".join(page.split())

    for words in (*said, "30 tablets", "34 tablets", "Inês Duarte", "Mother", "Maria Chen",
                  "Monday, September 14, 2026, 7:50 am"):  # fmt: skip
        assert words in told
    assert "C-II" not in told


def test_a_disposal_is_one_page_with_two_people_and_where_it_went() -> None:
    (page,) = pdf.pages(EVERY["disposal"]())
    told = " ".join(page.split())

    for said in ("Maple Creek Police, Officer J. Example, badge 114", "MC-2027-0611",
                 "79 FR 53520, 53546", "telephone, no answer", "Maria Chen", "Olga Petrenko",
                 "14 tablets", "C-II"):  # fmt: skip
        assert said in told
    plain = replace(kit.disposed(), controlled=False, schedule="", agency="", officer="",
                    receipt="", asked=())  # fmt: skip
    other = pdf.words(disposal(plain, HEAD, MARK))
    assert "79 FR" not in other
    assert "Handed to Maple" not in other
