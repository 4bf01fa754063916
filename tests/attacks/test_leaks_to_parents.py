"""Other children's names, carried toward a parent's copy by every road there is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text as sql

from bt_desktop.form_engine import FormSession
from bt_desktop.services.privacy import replace_all
from bt_desktop.services.problems import CopyRefused, UnsettledNames
from bt_desktop.services.results.copies import PrintedCopy, Settled
from bt_desktop.services.results.people import NewGuardian, NewStaff, NewStudent
from bt_desktop.services.workspace import Workspace
from tests.attacks.leaks import leaks, shown
from tests.factory import PASSWORD, School, fill, ink, signed_report

OTHERS = ("Łucja", "Lucja", "Kowalczyk", "Huy", "Nguyễn")
TOLD = "Mateo threw a book. He was held twice and was calm at 10:19."


def release(school: School, record: str, text: str = TOLD, *settled: Settled) -> PrintedCopy:
    """The mother's copy with this text, by the office."""
    copies = school.sign_in("olga").copies
    return copies.release_parent_copy(record, school.ids["rosa"], text, settled)


def refused(school: School, record: str, text: str, *settled: Settled) -> None:
    """The text is held back, as a release and as a draft."""
    copies = school.sign_in("olga").copies
    before = len(copies.log(record))
    with pytest.raises(UnsettledNames):
        copies.release_parent_copy(record, school.ids["rosa"], text, settled)
    with pytest.raises(UnsettledNames):
        copies.draft_parent_print(record, text, settled)
    assert len(copies.log(record)) == before


def signed_with(school: School, **answers: Any) -> str:
    """The record of the event with some answers as given, signed by its author."""
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    typed = dana.records.open(record).answers | answers
    dana.records.save_draft(record, "report", typed)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    return record


# --- by the answers ------------------------------------------------------------------------------


def typed_into(school: School, dana: Workspace, record: str, **typed: Any) -> dict[str, Any]:
    opened = dana.records.open(record)
    session = FormSession(opened.form, opened.answers, now=dana.clock.now)
    for path, value in typed.items():
        session.set("/" + path.replace("__", "/").replace("_1/", "[1]/"), value)
    return session.answers()


def test_a_name_in_the_other_of_a_choice(school: School) -> None:
    names = "with Łucja Kowalczyk and Huy Nguyễn"
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    opened = dana.records.open(record)
    session = FormSession(opened.form, opened.answers, now=dana.clock.now)
    others = 0
    for field in opened.form.fields().values():
        if field.repeat or field.other_of is not None or field.privacy != "parent":
            continue
        if any(choice.name == "other" for choice in opened.form.choices_of(field.name)):
            several = field.type == "select_multiple"
            session.set(f"/{field.name}", ["other"] if several else "other")
            session.set(f"/{field.name}_other", names)
            others += 1
    assert others > 5
    dana.records.save_draft(record, "report", session.answers())
    pdf = dana.copies.draft_parent_print(record, TOLD).pdf
    assert leaks(pdf, *OTHERS) == []


@pytest.mark.parametrize("name", ["location_detail", "activity", "demand", "outside_name"])
def test_a_name_in_a_text_beside_the_narrative(school: School, name: str) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    answers = dana.records.open(record).answers | {name: "beside Łucja Kowalczyk"}
    if isinstance(answers.get("people"), list):
        answers["people"] = [row | {name: "Huy Nguyễn"} for row in answers["people"]]
    dana.records.save_draft(record, "report", answers)
    assert leaks(dana.copies.draft_parent_print(record, TOLD).pdf, *OTHERS) == []


RAW: list[Any] = [
    "Łucja_Kowalczyk",
    "Łucja Kowalczyk",
    ["Łucja Kowalczyk", "Huy"],
    {"$typed": "Łucja Kowalczyk"},
    {"$unknown": "only Łucja Kowalczyk knows"},
    {"Łucja": "Kowalczyk"},
    {"marks": [{"region": "Kowalczyk", "note": "Huy"}]},
]


@pytest.mark.parametrize("value", RAW, ids=range(len(RAW)))
def test_a_name_stored_where_another_kind_of_answer_belongs(school: School, value: Any) -> None:
    """A draft takes what a window hands over; a hostile one hands over anything."""
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    opened = dana.records.open(record)
    kept = {"student", "narrative", "what_happened"}
    answers = dict(opened.answers)
    for section in opened.form.sections:
        if section.part != "report":
            continue
        names = [f.name for f in section.fields if f.name not in kept and f.privacy == "parent"]
        if section.repeat is None:
            answers.update(dict.fromkeys(names, value))
        else:
            answers[section.name] = [{"$id": "k3j2", **dict.fromkeys(names, value)}]
    dana.records.save_draft(record, "report", answers)
    assert leaks(dana.copies.draft_parent_print(record, TOLD).pdf, *OTHERS) == []


def test_a_name_in_the_list_of_holds(school: School) -> None:
    tom = school.sign_in("tom")
    tom.school.set_hold_names(["Kowalczyk hold", "Standing hold"])
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    opened = dana.records.open(record)
    answers = dict(opened.answers)
    name = opened.form.choices_of("hold_name")[0].name
    answers["holds"] = [row | {"hold_name": name} for row in answers["holds"]]
    dana.records.save_draft(record, "report", answers)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    assert leaks(release(school, record).pdf, *OTHERS) == []


def test_an_ordinary_hold_keeps_its_name(school: School, record: str) -> None:
    assert "hold" in shown(release(school, record).pdf).casefold()


def test_a_name_in_the_title_of_a_staff_member(school: School) -> None:
    tom = school.sign_in("tom")
    tom.people.add_student(NewStudent("Zebulon", "Quartermaine"))
    tom.people.update_staff(
        school.ids["dana"], NewStaff("Dana", "Whitcomb", "Aide to Zebulon Quartermaine")
    )
    tom.people.update_staff(school.ids["priya"], NewStaff("Priya", "Raman", "Dean of students"))
    tom.people.add_student(NewStudent("Dean", "Hall"))
    pdf = release(school, signed_report(school)).pdf
    assert leaks(pdf, "Zebulon", "Quartermaine") == []
    assert "Dana Whitcomb" in shown(pdf)
    assert "Dean of students" in shown(pdf)


def test_a_student_in_the_place_of_a_staff_member(school: School) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    answers = dict(dana.records.open(record).answers)
    for who in (school.ids["lucja"], school.ids["huy"]):
        answers["people"] = [row | {"staff_member": who} for row in answers["people"]]
        answers["holds"] = [row | {"staff_holding": [who]} for row in answers["holds"]]
        dana.records.save_draft(record, "report", answers)
        pdf = dana.copies.draft_parent_print(record, TOLD).pdf
        assert leaks(pdf, *OTHERS) == []


def test_another_childs_mother_in_the_place_of_a_staff_member(school: School) -> None:
    tom = school.sign_in("tom")
    lan = tom.people.add_guardian(school.ids["huy"], NewGuardian("Lan", "Trinh", "mother"))
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    answers = dict(dana.records.open(record).answers)
    answers["people"] = [row | {"staff_member": lan} for row in answers["people"]]
    dana.records.save_draft(record, "report", answers)
    pdf = dana.copies.draft_parent_print(record, f"Mateo called {{@{lan}}}.").pdf
    assert leaks(pdf, "Trinh") == []
    assert "Mateo called another person." in shown(pdf)


# --- by the text ---------------------------------------------------------------------------------


HIDDEN = [
    "Lu\u200bcja", "Lu\u00adcja", "L\u0301ucja", "Lu\ncja", "Lu\n\ncja", "Lu\u2028cja",
    "Lu\u2009cja", "Lu\x0bcja", "Lu,cja", "Lu(cja)", "Lu!cja", "Lu\"cja", "Lu-\ncja", "Lu - cja",
    "L.u.c.j.a", "L u c j a", "LUCJA", "łucja", "Łucją", "Lucja’s", "Luсja", "Lцcja", "Ｌｕｃｊａ",
    "𝐋𝐮𝐜𝐣𝐚", "\u202eLucja\u202c", "Lu\ufe0fcja", "Lu\u0336cja", "Lu*cja", "**Lu**cja", "Lu/cja",
    "Lu<b>cja", "LucjaK", "xLucja", "Lucya", "Kowal\u00adczyk", "Kowalchyk", "Ko\nwalczyk", "L.K.",
    "ŁK", "Huy's", "H u y", "Ng.uyen", "Nguyen", "NGUYEN", "Ngu\u200dyen", "Kowal    czyk",
    "{@student:Lucja Kowalczyk}", "{@Student:Lucja}", "{@person:Kowalczyk}", "{student:Lucja}",
]  # fmt: skip


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_name_hidden_in_the_text(founded_record: tuple[School, str], hidden: str) -> None:
    school, record = founded_record
    refused(school, record, f"Mateo ran to {hidden} and sat down.")


@pytest.fixture(scope="module")
def founded_record(founded: School, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One signed record for many attempts: none of them leaves anything behind."""
    from bt_desktop.clock import SetClock
    from tests.conftest import AFTERNOON

    school = founded.copied_to(tmp_path_factory.mktemp("many") / "vault", SetClock(AFTERNOON))
    record = signed_report(school)
    school.sign_in("olga").copies.begin_parent_text(record)  # letters are given
    yield school, record
    school.close()


def test_a_token_left_in_the_text(school: School, record: str) -> None:
    office = school.sign_in("olga").copies
    office.begin_parent_text(record)
    lucja = f"{{@{school.ids['lucja']}}}"
    refused(school, record, f"Mateo ran to {lucja}.")
    end = len("Mateo ran to ") + len(lucja)
    settled = Settled(len("Mateo ran to "), end, lucja, "not_a_name", "")
    pdf = release(school, record, f"Mateo ran to {lucja}.", settled).pdf
    assert leaks(pdf, *OTHERS) == []
    assert "ran to Student A." in shown(pdf)


@pytest.mark.parametrize(
    "token", ["{@student:unknown}", "{@staff:Kowalczyk}", "{@student:Kowalczyk}", "{@guardian:Huy}"]
)
def test_a_token_of_nobody_prints_no_word_of_it(school: School, record: str, token: str) -> None:
    pdf = release(school, record, f"Mateo ran to {token} and back.").pdf
    assert leaks(pdf, *OTHERS, "unknown") == []


def test_markup_is_text_and_draws_nothing_unseen(school: School, record: str) -> None:
    text = 'Mateo <font color="white" size="1">sat</font> <!-- so --> <img src="x"> &amp; left.'
    pdf = release(school, record, text).pdf
    for part in ('<font color="white" size="1">sat</font>', "<!-- so -->", "&amp; left."):
        assert part in shown(pdf)


# --- by the roster -------------------------------------------------------------------------------


def add(school: School, **named: Any) -> str:
    values = {"given": "Zebulon", "family": "Quartermaine"} | named
    return school.sign_in("tom").people.add_student(NewStudent(**values))


@pytest.mark.parametrize(
    ("named", "word"),
    [
        ({}, "Zebulon"),
        ({}, "Quartermaine"),
        ({"preferred": "Wombat"}, "Wombat"),
        ({"middle": "Thelonious"}, "Thelonious"),
        ({"given": "Will", "family": "Grace"}, "will"),
        ({"given": "Mateo", "family": "Silva"}, "Mateo"),
        ({"given": "Rosa", "family": "Núñez"}, "Rosa"),
        ({"family": "Núñez-Okafor"}, "Okafor"),
        ({"given": "Li", "family": "Bo"}, "Li"),
        ({"given": "李明", "family": "王"}, "李明"),
    ],
)
def test_a_child_of_the_school_who_was_not_there(
    school: School, record: str, named: dict[str, str], word: str
) -> None:
    olga = school.sign_in("olga")
    olga.copies.findings(record, word)  # the names are looked up, and kept
    add(school, **named)  # by somebody else, later than the record and than that look
    with pytest.raises(UnsettledNames):
        olga.copies.release_parent_copy(record, school.ids["rosa"], f"He saw {word} run.", ())


def test_a_child_who_has_left_the_school(school: School, record: str) -> None:
    gone = add(school)
    tom = school.sign_in("tom")
    with tom._context.store.write() as session:
        session.execute(
            sql("UPDATE student SET active = 0 WHERE id = :one"), {"one": gone.partition(":")[2]}
        )
    refused(school, record, "Mateo hit Zebulon.")


def test_a_child_taken_out_of_the_record_later(school: School, record: str) -> None:
    school.sign_in("olga").copies.begin_parent_text(record)
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "Another child than I thought")
    answers = dana.records.open(record).answers
    answers["narrative"] = "Mateo threw a book. He was held and was calm at 10:19. " * 3
    dana.records.save_draft(record, "report", answers)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    refused(school, record, "Mateo hit Lucja.")
    refused(school, record, "Mateo hit L.K.")


def test_the_mothers_own_name_stays(school: School, record: str) -> None:
    """She may bear another child's family name; it is hers, and the copy is for her."""
    tom = school.sign_in("tom")
    anna = tom.people.add_guardian(
        school.ids["mateo"], NewGuardian("Anna", "Kowalczyk", "stepmother")
    )
    copy = tom.copies.release_parent_copy(record, anna, TOLD, ())
    assert shown(copy.pdf).count("Kowalczyk") == 1
    assert "Kowalczyk" not in copy.file_name


# --- by the decisions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda s: Settled(s.start + 1, s.end + 1, s.word, s.decision, s.by),
        lambda s: Settled(s.start, s.end - 1, s.word, s.decision, s.by),
        lambda s: Settled(s.start, s.end, "Lucia", s.decision, s.by),
        lambda s: Settled(s.start, s.end, s.word.lower(), s.decision, s.by),
        lambda s: Settled(s.start, s.end, s.word, "replaced", s.by),
        lambda s: Settled(s.start, s.end, s.word, "own_child", s.by),
        lambda s: Settled(s.start, s.end, s.word, "yes", s.by),  # type: ignore[arg-type]  # forged
        lambda s: Settled(-5, 10**9, "", s.decision, s.by),
    ],
)
def test_a_decision_that_does_not_fit(
    school: School, record: str, change: Callable[[Settled], Settled]
) -> None:
    text = "Mateo hit Lucja."
    fitting = Settled(10, 15, "Lucja", "not_a_name", "")
    refused(school, record, text, change(fitting))
    assert release(school, record, text, fitting).sealed


def test_one_decision_settles_one_place(school: School, record: str) -> None:
    refused(school, record, "Lucja, Lucja.", Settled(0, 5, "Lucja", "not_a_name", ""))


def test_a_text_changed_after_it_was_settled(school: School, record: str) -> None:
    fitting = Settled(10, 15, "Lucja", "not_a_name", "")
    refused(school, record, "Mateo hit Lucja and Huy.", fitting)
    refused(school, record, "So Mateo hit Lucja.", fitting)


def test_the_own_childs_name_settles_as_such(school: School, record: str) -> None:
    add(school, given="Mateo", family="Silva")
    own = Settled(0, 5, "Mateo", "own_child", "")
    assert release(school, record, "Mateo ran.", own).sealed


# --- by the record -------------------------------------------------------------------------------


def test_an_amendment_in_progress_does_not_move_the_record_to_another_family(
    school: School, record: str
) -> None:
    """An unsigned change of the student must not let that student's mother have this report."""
    tom = school.sign_in("tom")
    lan = tom.people.add_guardian(school.ids["huy"], NewGuardian("Lan", "Nguyễn", "mother"))
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "Perhaps it was another child")
    answers = dana.records.open(record).answers
    dana.records.save_draft(record, "report", answers | {"student": school.ids["huy"]})
    office = school.sign_in("olga").copies
    assert [one.id for one in office.recipients(record)] == [school.ids["rosa"]]
    with pytest.raises(CopyRefused):
        office.release_parent_copy(record, lan, TOLD, ())
    refused(school, record, "Mateo hit Huy.")
    pdf = office.release_parent_copy(record, school.ids["rosa"], TOLD, ()).pdf
    assert leaks(pdf, *OTHERS) == []
    assert "Mateo Núñez-Okafor" in shown(pdf)
    assert "Mateo Núñez-Okafor · grade 4" in shown(office.school_copy(record).pdf)


def test_a_nurse_signs_for_the_child_whom_the_report_names(school: School, record: str) -> None:
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "Perhaps it was another child")
    answers = dana.records.open(record).answers
    dana.records.save_draft(record, "report", answers | {"student": school.ids["huy"]})
    nurse = school.sign_in("maria")
    fill(school, nurse, record, "nurse")
    nurse.records.sign_part(record, "nurse", PASSWORD, ink("Maria Chen"))
    with nurse._context.store.read() as session:
        loaded = nurse.records.loaded(session, record)
    assert loaded.frozen["nurse"].told["subject"] == school.ids["mateo"]


def test_a_record_entered_in_error_is_told_to_no_parent(school: School, record: str) -> None:
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "entered_in_error", "It was another child altogether")
    dana.records.sign_part(record, "report", PASSWORD, ink())
    with pytest.raises(CopyRefused, match="entered in error"):
        release(school, record)


def test_a_record_about_nobody_has_no_parent(school: School) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    assert dana.copies.recipients(record) == ()
    for deed in (
        lambda: dana.copies.begin_parent_text(record),
        lambda: dana.copies.draft_parent_print(record, TOLD),
        lambda: dana.copies.findings(record, TOLD),
    ):
        with pytest.raises(CopyRefused):
            deed()


def test_a_draft_for_a_parent_waits_for_the_same_names(school: School) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    with pytest.raises(UnsettledNames):
        dana.copies.draft_parent_print(record, "Mateo hit Lucja.")
    made = dana.copies.draft_parent_print(record, TOLD)
    assert not made.sealed
    assert leaks(made.pdf, *OTHERS) == []
    assert "DRAFT" in shown(made.pdf)


def test_a_flag_set_while_the_copy_was_being_written_holds(school: School, record: str) -> None:
    office = school.sign_in("olga").copies
    office.begin_parent_text(record)
    tom = school.sign_in("tom").people
    for change in ({"no_contact": True}, {"may_receive_copies": False}):
        tom.update_guardian(
            school.ids["mateo"],
            school.ids["rosa"],
            NewGuardian("Rosa", "Núñez", "mother", **change),  # type: ignore[arg-type]  # flags
        )
        with pytest.raises(CopyRefused):
            office.release_parent_copy(record, school.ids["rosa"], TOLD, ())


# --- letters -------------------------------------------------------------------------------------


def test_more_than_twenty_six_children_have_letters(school: School) -> None:
    tom = school.sign_in("tom").people
    crowd = [tom.add_student(NewStudent(f"Xq{n:02d}zor", f"Vw{n:02d}bek")) for n in range(30)]
    told = " ".join(f"{{@{one}}}" for one in crowd)
    record = signed_with(school, narrative=f"{{@{school.ids['mateo']}}} ran past {told} and sat.")
    begun = school.sign_in("olga").copies.begin_parent_text(record)
    assert len(set(begun.letters.values())) == len(begun.letters) >= 30
    assert {"Z", "AA", "AB"} <= set(begun.letters.values())
    pdf = release(school, record, begun.text).pdf
    assert leaks(pdf, *(f"Xq{n:02d}" for n in range(30)), *(f"Vw{n:02d}" for n in range(30))) == []
    assert "Student AB" in shown(pdf)


def test_letters_stay_after_an_amendment(school: School, record: str) -> None:
    before = school.sign_in("olga").copies.begin_parent_text(record).letters
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "The order was another one")
    answers = dana.records.open(record).answers
    huy, lucja, zeb = (f"{{@{one}}}" for one in (school.ids["huy"], school.ids["lucja"],
                                                 add(school)))  # fmt: skip
    answers["narrative"] = f"He ran to {zeb}, then to {huy} and {lucja}, and then sat down again."
    dana.records.save_draft(record, "report", answers)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    begun = school.sign_in("olga").copies.begin_parent_text(record)
    assert before.items() <= begun.letters.items()
    assert begun.text.startswith("He ran to Student C, then to Student B and Student A")


# --- what is handed out --------------------------------------------------------------------------


def test_what_is_handed_out_is_what_is_kept(school: School, record: str) -> None:
    office = school.sign_in("olga").copies
    begun = office.begin_parent_text(record)
    text = replace_all(begun.text, begun.findings, begun.letters)
    made = [
        office.school_copy(record),
        office.release_parent_copy(record, school.ids["rosa"], text, ()),
        office.draft_parent_print(record, text),
        office.release_parent_copy(record, school.ids["rosa"], text, ()),
    ]
    assert [one.number for one in made] == [1, 2, 3, 4]
    for one in made:
        assert hashlib.sha256(one.pdf).hexdigest() == one.sha256
        assert school.sign_in("tom").copies.pdf(one.copy_id).pdf == one.pdf
    for one in (made[1], made[2], made[3]):
        assert leaks(one.pdf, *OTHERS) == []


def test_a_sibling_at_the_event_is_a_letter_too(school: School) -> None:
    tom = school.sign_in("tom")
    sister = tom.people.add_student(
        NewStudent("Ximena", "Núñez-Okafor", birth_date=date(2018, 4, 4))
    )
    told = f"{{@{school.ids['mateo']}}} ran to {{@{sister}}} and sat down beside her for a while."
    record = signed_with(school, narrative=told)
    begun = school.sign_in("olga").copies.begin_parent_text(record)
    letter = begun.letters[sister]
    assert begun.text.startswith(f"Mateo ran to Student {letter}")
    refused(school, record, "Mateo ran to Ximena.")
    refused(school, record, "Mateo ran to the Okafor girl.")
    assert leaks(release(school, record, begun.text).pdf, "Ximena") == []
