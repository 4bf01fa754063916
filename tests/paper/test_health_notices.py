"""The health office's papers for parents: one page, plain words, the next dose first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest
from reading_level import grade

from bt_desktop.paper.health_notice_content import HealthNotice
from bt_desktop.paper.health_notices import MISSED, health_notice, missed_words
from bt_desktop.paper.mar_content import CODES
from bt_desktop.paper.marks import read_marks
from bt_desktop.paper.notice import Reader
from tests.paper import health_kit as kit
from tests.paper import pdf, story

HARDEST = 8.0
"""Grade of reading that a parent's paper must not pass (health-office §6)."""

ABBREVIATIONS = re.compile(
    r"\b(PRN|C-II|C-IV|MAR|ME|PC|BID|TID|PO|qd|DOB|EpiPen|RN|RX|Rx|mL approx|OTC|N/A|e\.g\.)\b"
)
every_paper = pytest.mark.parametrize("paper", kit.NOTICES.values(), ids=[*kit.NOTICES])


def printed(paper: HealthNotice, language: str = "") -> tuple[bytes, int]:
    return health_notice(paper, story.HEAD, kit.PARENT_MARK, Reader(language))


def told(paper: HealthNotice, language: str = "") -> str:
    return pdf.words(printed(paper, language)[0])


@every_paper
def test_it_is_one_page_with_a_slip(paper: HealthNotice) -> None:
    for language in ("", "vi"):
        made, pages = printed(paper, language)
        assert pages == 1
        assert len(pdf.pages(made)) == 1
        page = pdf.words(made)
        assert "Please sign, cut off, and send this part back to school." in page
        assert "sent home with Tiago" in page
        assert "for Inês Duarte" in page


@every_paper
def test_a_parent_of_grade_eight_reads_it_easily(paper: HealthNotice) -> None:
    page = told(replace(paper, medicine="Ibuprofen"))  # a drug's name is as long as it is
    assert grade(page.partition("Please sign, cut off")[0]) <= HARDEST


@every_paper
def test_no_code_no_abbreviation_no_family_name(paper: HealthNotice) -> None:
    page = told(paper)
    assert not ABBREVIATIONS.search(page)
    assert "Łoś" not in page


@every_paper
def test_whom_to_call_and_who_wrote_it(paper: HealthNotice) -> None:
    page = told(paper, "es")
    assert "Questions? Call Tom Becker, Principal, (555) 010-0140." in page
    assert "Filled in by" in page
    assert "We can tell you about this paper in Spanish." in page


def test_the_earliest_next_dose_stands_first_and_largest() -> None:
    page = told(kit.given())

    assert "EARLIEST NEXT DOSE 4:20 pm, Thursday, September 17" in page
    assert page.index("EARLIEST NEXT DOSE") < page.index("Ibuprofen")
    for said in ("10:20 am on Thursday, September 17, 2026", "Headache",
                 "At 11:15 am: The headache was gone.", "at least 6 hours between two doses",
                 "1 tablet (200 mg), by mouth"):  # fmt: skip
        assert said in page
    sizes = pdf.run("pdftotext", "-bbox", "-", "-", data=printed(kit.given())[0])
    high = {
        word: float(low) - float(top)
        for top, low, word in re.findall(r'yMin="([\d.]+)".*?yMax="([\d.]+)">([^<]+)<', sizes)
    }
    assert high["4:20"] == max(high.values())


def test_the_next_dose_of_another_day_says_the_day() -> None:
    page = told(kit.NOTICES["given, no more"])

    assert "6:00 am, Friday, September 18" in page
    assert "Tiago has had the most for one school day." in page
    assert "We called 911." in page


def test_without_a_time_it_says_whom_to_ask() -> None:
    page = told(kit.NOTICES["given, ask"])

    assert "NEXT DOSE Ask your doctor or pharmacy first" in page
    assert "We had not asked yet when this was printed." in page


def test_free_words_are_said_to_be_in_english_to_a_family_of_another_language() -> None:
    assert "Written by staff in English." in told(kit.given(), "es")
    assert "Written by staff in English." not in told(kit.given(), "en")


@pytest.mark.parametrize("code", [code for code, _ in CODES] + [""])
def test_every_code_of_the_record_is_a_sentence(code: str) -> None:
    assert code in MISSED
    sentence = missed_words(code, "Tiago")
    assert sentence.endswith(".")
    assert len(sentence.split()) > 2
    assert sentence in told(kit.not_given(code) if code else replace(
        kit.not_given("R"), missed=(replace(kit.not_given("R").missed[0], code=""),)))  # fmt: skip


def test_an_unknown_code_is_never_printed() -> None:
    page = told(replace(kit.not_given("R"), missed=(kit.Missed(kit.moment(3, 12, 0), "QZ"),)))

    assert "QZ" not in page
    assert "Nothing was written down." in page


def test_what_to_do_follows_what_happened() -> None:
    assert "Please bring more." in told(kit.not_given("N"))
    assert "Please bring more." not in told(kit.not_given("R"))
    assert "Please talk with Tiago about it" in told(kit.not_given("R"))
    assert "Do not give two doses at once" in told(kit.not_given("A"))


def test_a_hundred_missed_doses_are_counted() -> None:
    made, pages = printed(kit.not_given("R" * 100))

    assert pages == 1
    assert "And 88 more. The school has the full list." in pdf.words(made)


def test_low_supply_says_how_much_until_when_and_who_may_bring_it() -> None:
    page = told(kit.supply("low"))

    for said in ("We have 4 tablets of this medicine left", "enough until Monday, September 28",
                 "Please bring more by Friday, September 25, 2026.",
                 "An adult has to bring it", "do not send it with Tiago"):  # fmt: skip
        assert said in page


def test_expiry_says_the_day() -> None:
    assert "We may not use it after Wednesday, September 30, 2026." in told(kit.supply("expiry"))


def test_pick_up_says_by_when_what_happens_then_and_what_was_asked_before() -> None:
    page = told(kit.supply("pick_up"))

    for said in ("Please pick it up by Friday, September 25, 2026.", "throw it away in a safe way",
                 "We have told you before: a letter on Sep 10.", "☐ Please throw it away.",
                 "The school year ends."):  # fmt: skip
        assert said in page


def test_the_file_names_nobody_and_has_its_number() -> None:
    made, _ = printed(kit.given())

    assert "Tiago" not in pdf.info(made)
    assert read_marks(made).record_number == "MED-2026-0021"
    assert made == printed(kit.given())[0]


def test_the_day_of_the_clock_is_the_day_of_the_paper() -> None:
    late = datetime.fromisoformat("2026-09-17T23:30:00-07:00")
    after = datetime.fromisoformat("2026-09-18T05:30:00-07:00")
    page = told(replace(kit.given(), at=late, next_at=after))

    assert "5:30 am, Friday, September 18" in page
