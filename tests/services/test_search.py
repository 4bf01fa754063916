"""Words found in records: kept in step, however they are written, and only where one may read."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select, text

from bt_desktop.errors import Denied
from bt_desktop.models.finding import TextPart
from bt_desktop.security.permissions import Role
from bt_desktop.services import search, search_index
from bt_desktop.services.results.people import NewStaff
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.results.search import TextHits
from bt_desktop.services.search import asked
from bt_desktop.services.search_texts import other_spellings
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, fill, ink, mateo, notice_rows, signed_report

SECRET = "zephyrine"
"""A word that stands in one narrative only."""


def drafted(
    school: School, who: str = "dana", narrative: str = SECRET, form: str = "restraint"
) -> str:
    """A draft by `who` whose narrative says this."""
    workspace = school.sign_in(who)
    record = workspace.records.start(form)
    field = "narrative" if form == "restraint" else "description"
    workspace.records.save_draft(record, "report", {field: narrative})
    return record


def first_text(workspace: Workspace, record: str, part: str = "report") -> str:
    """The first question of a part that is answered in free words."""
    sections = workspace.records.open(record).form.sections
    return next(
        f.name
        for s in sections
        if s.part == part and s.repeat is None
        for f in s.fields
        if f.type == "text"
    )


def found(workspace: Workspace, typed: str, **asked_for: object) -> list[str]:
    return [hit.record.id for hit in workspace.search.texts(typed, **asked_for).hits]  # type: ignore[arg-type]  # limit, after, filters


# --- what is found -------------------------------------------------------------------------------


WRITTEN = [
    ("fluorescent", True),
    ("FLUORESCENT", True),
    ("fluor", True),  # as it is typed
    ("fluor ", False),  # a word that is finished
    ("uorescent", False),
    ("nunez", True),  # the name in the text, without its accents
    ("Núñez-Okafor", True),
    ("nunezokafor", True),
    ("lucja", True),  # Ł is no accent to SQLite
    ("Łucja", True),
    ("łuc", True),
    ("obrien", True),
    ("O’Brien", True),
    ("o'brien", True),
    ("light flickered", True),
    ('"light flickered"', True),
    ('"flickered light"', False),
    ("flickered light", True),
    ("light zebra", False),
    ('"light flick', True),  # the quote is not closed yet
    ("cafe", True),
    ("café", True),
    ("小明", True),
]
"""What is typed, and whether the record below is found by it."""


def test_words_are_found_however_they_are_written(school: School) -> None:
    token = f"{{@{school.ids['lucja']}}}"
    told = f"The fluorescent light flickered. {token} and Mr. O’Brien of the café saw 小明 leave."
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    answers = dana.records.open(record).answers | {"narrative": told}
    dana.records.save_draft(record, "report", answers)
    for typed, finds in WRITTEN:
        assert found(dana, typed) == ([record] if finds else []), typed


def test_choices_people_and_numbers_are_found_by_what_is_read_on_the_page(school: School) -> None:
    record = signed_report(school)
    dana = school.sign_in("dana")
    number = dana.records.open(record).number
    assert number is not None
    for typed in ("Behavior Emergency", "classroom", "Priya Raman", "Mateo", f'"{number}"'):
        assert found(dana, typed) == [record], typed


def test_a_new_name_is_found_as_well_as_the_one_that_was_signed(school: School) -> None:
    record = signed_report(school)
    tom = school.sign_in("tom")
    tom.people.update_student(school.ids["mateo"], mateo(given="Matthias", preferred="Hias"))
    for typed in ("matthias", "mateo", "hias"):
        assert found(tom, typed) == [record], typed


def test_what_is_typed_is_found_as_soon_as_it_is_saved(school: School) -> None:
    dana = school.sign_in("dana")
    record = drafted(school, narrative="first account")
    assert found(dana, "first") == [record]
    school.clock.advance(timedelta(seconds=2))
    dana.records.save_draft(record, "report", {"narrative": "second account"})
    assert found(dana, "second") == [record]
    assert found(dana, "first") == []


def test_saving_touches_no_index(school: School) -> None:
    dana = school.sign_in("dana")
    record = drafted(school)
    found(dana, SECRET)
    before = counted(dana)
    dana.records.save_draft(record, "report", {"narrative": "other words"})
    assert counted(dana) == before
    with dana._context.store.read() as session:
        rows = session.execute(text("SELECT count(*) FROM record_text WHERE record_text MATCH "
                                    "'other'"))  # fmt: skip
        assert rows.scalar_one() == 0


def counted(workspace: Workspace) -> int:
    with workspace._context.store.read() as session:
        return session.scalar(select(func.count()).select_from(TextPart)) or 0


def test_the_log_of_calls_is_found(school: School) -> None:
    record = signed_report(school)
    office = school.sign_in("olga")
    for row in notice_rows(office, record, school.ids):
        office.records.add_notice(record, row)
    [hit] = office.search.texts("spanish").hits
    assert (hit.record.id, hit.part) == (record, "Log of calls")
    assert nothing(school.sign_in("priya").search.texts("spanish interpreter zebra"))


# --- what was amended ----------------------------------------------------------------------------


def test_what_was_taken_back_stays_findable_and_says_so(school: School) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    answers = dana.records.open(record).answers | {"narrative": f"He broke the {SECRET}."}
    dana.records.save_draft(record, "report", answers)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    [before] = dana.search.texts(SECRET).hits
    assert not before.earlier
    dana.records.amend(record, "report", "correction", "It was another thing.")
    dana.records.save_draft(record, "report", answers | {"narrative": "He broke the lamp."})
    dana.records.sign_part(record, "report", PASSWORD, ink())
    [after] = dana.search.texts(SECRET).hits
    assert after.earlier
    [now] = dana.search.texts("lamp").hits
    assert not now.earlier
    [reason] = dana.search.texts("another thing").hits
    assert reason.record.id == record


# --- rights --------------------------------------------------------------------------------------


def nothing(hits: TextHits) -> bool:
    return hits.hits == () and not hits.more


@pytest.mark.parametrize("who", ["priya", "maria", "olga"])
def test_a_word_of_anothers_narrative_is_not_even_hinted_at(school: School, who: str) -> None:
    drafted(school)
    other = school.sign_in(who)
    with_it, without = other.search.texts(SECRET), other.search.texts("nosuchword")
    assert nothing(with_it)
    assert with_it == without
    assert other.search.texts(SECRET, RecordFilter(form="restraint")) == without


@pytest.mark.parametrize("who", ["tom", "amir", "dana"])
def test_whoever_may_read_it_finds_it(school: School, who: str) -> None:
    record = drafted(school)
    assert found(school.sign_in(who), SECRET) == [record]


@pytest.mark.parametrize(
    ("who", "finds"),
    [("tom", True), ("dana", True), ("amir", False), ("maria", False), ("priya", False)],
)
def test_a_confidential_report_is_found_by_its_author_and_the_administrator(
    school: School, who: str, finds: bool
) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start("risk")
    dana.records.save_draft(record, "report", {first_text(dana, record): SECRET})
    assert found(school.sign_in(who), SECRET) == ([record] if finds else [])


def test_the_nurses_words_are_found_by_who_reads_them(school: School) -> None:
    record = drafted(school)
    maria = school.sign_in("maria")
    name = first_text(maria, record, "nurse")
    maria.records.save_draft(record, "nurse", {name: "bruise on the quixotic elbow"})
    for who, finds in (("maria", True), ("tom", True), ("olga", False), ("priya", False)):
        assert found(school.sign_in(who), "quixotic") == ([record] if finds else []), who


@pytest.mark.parametrize(("hurt", "finds"), [("injured", True), ("not_injured", False)])
def test_a_nurse_reads_an_incident_in_which_somebody_was_hurt(
    school: School, hurt: str, finds: bool
) -> None:
    dana = school.sign_in("dana")
    record = dana.records.start("incident")
    name = first_text(dana, record)
    dana.records.save_draft(record, "report", {name: SECRET, "student_hurt": hurt})
    assert found(school.sign_in("maria"), SECRET) == ([record] if finds else [])


def test_a_statement_of_another_is_found_only_by_who_reads_it(school: School) -> None:
    record = signed_report(school)
    priya = school.sign_in("priya")
    key = priya.records.add_statement(record)
    form = priya.records.open(record).form
    assert "statement_text" in form.fields()
    priya.records.save_draft(record, key, {"statement_text": SECRET})
    assert found(priya, SECRET) == [record]
    assert found(school.sign_in("tom"), SECRET) == [record]
    assert found(school.sign_in("maria"), SECRET) == []


def test_a_draft_handed_over_is_found_by_who_has_it_now(school: School) -> None:
    record = drafted(school)
    dana, priya = school.sign_in("dana"), school.sign_in("priya")
    assert found(priya, SECRET) == []
    dana.records.hand_over(record, school.users["priya"], "on leave from tomorrow")
    assert found(priya, SECRET) == [record]


def test_many_hits_that_one_may_not_read_hide_none_that_one_may(school: School) -> None:
    for _ in range(5):
        drafted(school)
    school.clock.advance(timedelta(days=-2))
    mine = drafted(school, "priya")
    assert found(school.sign_in("priya"), SECRET, limit=2) == [mine]


@pytest.mark.parametrize("few", [0, 10])
def test_own_texts_are_found_among_many_as_among_few(
    school: School, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "_FEW_OWN", few)
    record = signed_report(school)
    tom = school.sign_in("tom")
    tom.records.save_draft(tom.records.start(), "report", {"narrative": "A zebra ran past."})
    assert found(school.sign_in("dana"), "mateo") == [record]
    assert found(school.sign_in("dana"), "zebra") == []


def test_an_auditor_reads_no_students_name_in_what_is_found(school: School) -> None:
    token = f"{{@{school.ids['mateo']}}}"
    dana = school.sign_in("dana")
    record = dana.records.start()
    fill(school, dana, record)
    answers = dana.records.open(record).answers
    dana.records.save_draft(record, "report", answers | {"narrative": f"{token} ran. {SECRET}"})
    [hit] = school.sign_in("amir").search.texts(SECRET).hits
    assert "Mateo" not in hit.snippet + hit.record.subject_name
    assert "Student " in hit.snippet
    [hit] = school.sign_in("amir").search.texts("mateo").hits
    assert "Mateo" not in hit.snippet
    [hit] = dana.search.texts("mateo").hits
    assert "Mateo" in hit.snippet


# --- what is shown -------------------------------------------------------------------------------


def test_the_snippet_marks_what_was_found(school: School) -> None:
    long = "word " * 60 + "the flickering light began and the light stayed " + "end " * 60
    drafted(school, narrative=long)
    [hit] = school.sign_in("dana").search.texts("light flick").hits
    marked = [hit.snippet[start:end] for start, end in hit.spans]
    assert marked[:2] == ["flickering", "light"]
    assert hit.snippet.startswith("… ")
    assert hit.snippet.endswith(" …")
    assert len(hit.snippet) < 230
    assert hit.part == "Report"


def test_a_record_stands_once_newest_event_first_page_by_page(school: School) -> None:
    dana = school.sign_in("dana")
    records = []
    for n in range(5):
        records.append(drafted(school, narrative=f"{SECRET} {SECRET} {n}"))
        school.clock.advance(timedelta(days=1))
    newest = records[::-1]
    assert found(dana, SECRET) == newest
    first = dana.search.texts(SECRET, limit=2)
    assert first.more
    second = dana.search.texts(SECRET, limit=2, after=first.hits[-1].place)
    last = dana.search.texts(SECRET, limit=2, after=second.hits[-1].place)
    told = [hit.record.id for page in (first, second, last) for hit in page.hits]
    assert told == newest
    assert not last.more


def test_what_is_found_can_be_narrowed_like_the_list(school: School) -> None:
    dana = school.sign_in("dana")
    restraint = drafted(school)
    incident = drafted(school, form="incident", narrative="nothing")
    dana.records.save_draft(incident, "report", {first_text(dana, incident): SECRET})
    assert set(found(dana, SECRET)) == {restraint, incident}
    assert found(dana, SECRET, filters=RecordFilter(form="incident")) == [incident]
    assert found(dana, SECRET, filters=RecordFilter(states=("signed",))) == []


# --- bounds and bad input ------------------------------------------------------------------------


def test_a_backlog_is_read_within_bounds_and_told(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bt_desktop.services.search.AT_A_SEARCH", 2)
    monkeypatch.setattr(search_index, "AT_ONCE", 1)
    dana = school.sign_in("dana")
    for n in range(3):
        drafted(school, narrative=f"{SECRET} {n}")
        school.clock.advance(timedelta(hours=1))
    hits = dana.search.texts(SECRET)
    assert (len(hits.hits), hits.behind) == (2, 1)
    assert dana.search.catch_up() == 0
    assert len(dana.search.texts(SECRET).hits) == 3


def test_two_who_search_at_once_index_a_record_once(school: School) -> None:
    drafted(school)
    dana, tom = school.sign_in("dana"), school.sign_in("tom")
    assert found(dana, SECRET) == found(tom, SECRET)
    with dana._context.store.read() as session:
        rows = session.execute(text("SELECT count(*) FROM record_text")).scalar_one()
    assert rows == counted(dana)


@pytest.mark.parametrize(
    "typed",
    ['"', '""', "*", "a", "-", "NEAR(", "text:x", "^a", "(", ") OR (", "\x00", "'; DROP TABLE x",
     "AND OR NOT", '" OR "', "{text also} : zz", "x" * 5000, "é" * 300, "\ud800"],
)  # fmt: skip
def test_nothing_typed_is_read_as_the_indexs_own_words(school: School, typed: str) -> None:
    drafted(school)
    dana = school.sign_in("dana")
    assert nothing(dana.search.texts(typed)) or typed == "'; DROP TABLE x"


@given(typed=some.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_every_text_is_a_question_or_none(typed: str) -> None:
    question = asked(typed)
    if question is not None:
        assert question.question.count('"') % 2 == 0


@given(name=some.text(min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_other_spellings_never_break(name: str) -> None:
    assert "  " not in other_spellings(name)


def test_a_role_without_the_right_searches_nothing(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = school.sign_in("dana")
    monkeypatch.setattr(type(dana._context), "may", lambda *_, **__: False)
    with pytest.raises(Denied):
        dana.search.texts(SECRET)
    assert dana.search.catch_up() == 0


def test_words_lie_nowhere_outside_the_encrypted_file(school: School) -> None:
    drafted(school)
    dana = school.sign_in("dana")
    assert found(dana, SECRET)
    for file in school.folder.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file.name
    with dana._context.store.read() as session:
        trail = session.execute(text("SELECT group_concat(body) FROM audit")).scalar_one()
    assert SECRET not in json.dumps(str(trail))


def test_a_review_while_it_is_written_is_found_by_its_writer_alone(school: School) -> None:
    record = signed_report(school)
    tom, second = school.sign_in("tom"), school.sign_in("tom")
    school.ids["nia"] = tom.people.add_staff(NewStaff("Nia", "Ortega", "Vice principal"))
    school.users["nia"] = tom.accounts.add(
        "Nia Ortega", PASSWORD, Role.ADMINISTRATOR, school.ids["nia"]
    )
    name = first_text(second, record, "review")
    second.records.save_draft(record, "review", {name: SECRET})
    assert found(tom, SECRET) == [record]
    assert found(school.sign_in("nia"), SECRET) == []
