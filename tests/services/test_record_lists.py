"""Lists narrowed and ordered as asked, at any size, and only to what the person may know of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, event, text

from bt_desktop.clock import SetClock
from bt_desktop.services import record_lists, record_order
from bt_desktop.services.record_load import load
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.records import Order, RecordFilter
from bt_desktop.services.workspace import Workspace
from tests.conftest import AFTERNOON
from tests.factory import School
from tests.services.many_records import FORMS, PLACES, PREFIX, STATES, Made, put

STUDENTS = ("mateo", "lucja", "huy", None)
NAMES = {"mateo": "nunez-okafor", "lucja": "kowalczyk", "huy": "nguyen", None: "~"}
STAFF = ("dana", "priya", "maria", "olga", "tom")
EVERYBODY = (*STAFF, "amir")


def scattered() -> list[Made]:
    """Two hundred records, each unlike the one before; numbers given where they are signed."""
    made = []
    for n in range(200):
        state = STATES[n * 5 % 6]
        made.append(
            Made(
                form=FORMS[n * 7 % 5],
                state=state,
                student=STUDENTS[n * 3 % 4],
                author=STAFF[n * 11 % 5],
                owner=STAFF[n * 13 % 5],
                there=STAFF[n % 5] if n % 3 == 0 else None,
                place=PLACES[n % 5],
                days=n * 17 % 400,
                due=n % 9 - 4 if n % 4 == 0 else None,
                number=None if state == "draft" else n + 1,
            )
        )
    return made


@pytest.fixture(scope="module")
def many(founded: School, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder = tmp_path_factory.mktemp("many") / "vault"
    school = founded.copied_to(folder, SetClock(AFTERNOON))
    put(school, school.sign_in("tom"), MADE)
    yield school
    school.close()


MADE = scattered()


@pytest.fixture(scope="module")
def signed_in(many: School) -> Callable[[str], Workspace]:
    known: dict[str, Workspace] = {}

    def sign_in(who: str) -> Workspace:
        if who not in known:
            known[who] = many.sign_in(who)
        return known[who]

    return sign_in


def seen_by(who: str, one: Made) -> bool:
    """What the table of roles says of the list, written out."""
    own = who in (one.author, one.owner, one.there)
    if one.form in ("risk", "staff_injury"):
        return who == "tom" or (own and who != "amir")
    if one.form == "medication_error" and who == "olga":
        return own
    return own if who in ("dana", "priya") else True


def keys(one: Made, order: Order) -> tuple[object, ...]:
    newest = (-one.at.timestamp(), tuple(-ord(c) for c in one.id))
    first: dict[Order, tuple[object, ...]] = {
        "newest": (),
        "number": (one.number is None, prefixed(one)),
        "student": (NAMES[one.student],),
        "author": ({"dana": "w", "priya": "r", "maria": "c", "olga": "p", "tom": "b"}[one.author],),
        "state": (STATES.index(one.state),),
        "form": (one.form,),
    }
    return (*first[order], *newest)


def prefixed(one: Made) -> str:
    prefix = PREFIX.get(one.form, "RSK")
    return "" if one.number is None else f"{prefix}-{one.at.year}-{one.number:04d}"


def naive(who: str, asked: RecordFilter, ids: dict[str, str]) -> list[str]:
    """The list as it is said in words, in Python."""
    back = {value: key for key, value in ids.items()}
    now = AFTERNOON

    def fits(one: Made) -> bool:
        day = one.at.date()
        return (
            seen_by(who, one)
            and asked.form in (None, one.form)
            and (not asked.states or one.state in asked.states)
            and (asked.subject_id is None or back[asked.subject_id] == one.student)
            and (asked.author is None or back[asked.author] == one.author)
            and (not asked.place or asked.place == one.place)
            and (asked.since is None or day >= asked.since)
            and (asked.until is None or day <= asked.until)
            and (not asked.mine or who in (one.owner, one.author))
            and due(one)
        )

    def due(one: Made) -> bool:
        if not asked.deadlines:
            return True
        private = one.form in ("risk", "staff_injury") and who != "tom"  # no deadlines shown there
        overdue = one.due is not None and now + timedelta(days=one.due) < now
        return one.due is not None and not private and (asked.deadlines == "open" or overdue)

    found = [one for one in MADE if fits(one)]
    if asked.order == "oldest":
        return [one.id for one in sorted(found, key=lambda one: (one.at, one.id))]
    return [one.id for one in sorted(found, key=lambda one: keys(one, asked.order))]


def filters(ids: dict[str, str]) -> some.SearchStrategy[RecordFilter]:
    day = some.integers(0, 420).map(lambda n: AFTERNOON.date() - timedelta(days=n))
    return some.builds(
        RecordFilter,
        form=some.sampled_from((None, *FORMS)),
        states=some.lists(some.sampled_from(STATES), max_size=2, unique=True).map(tuple),
        subject_id=some.sampled_from((None, ids["mateo"], ids["huy"])),
        since=some.none() | day,
        until=some.none() | day,
        mine=some.sampled_from((False, False, True)),
        author=some.sampled_from((None, *(ids[one] for one in STAFF))),
        place=some.sampled_from(("", "", *PLACES)),
        deadlines=some.sampled_from(("", "", "open", "overdue")),
        order=some.sampled_from(
            ("newest", "oldest", "number", "student", "author", "state", "form")
        ),
    )


def whole(workspace: Workspace, asked: RecordFilter, page: int) -> list[str]:
    """Every page of a list, one after the other."""
    found: list[str] = []
    while True:
        rows = workspace.records.list(asked, page, found[-1] if found else None)
        found += [row.id for row in rows]
        if len(rows) < page:
            return found


@given(data=some.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_list_is_what_its_filters_say_in_every_order_and_page_by_page(
    many: School,
    signed_in: Callable[[str], Workspace],
    monkeypatch: pytest.MonkeyPatch,
    data: some.DataObject,
) -> None:
    who = data.draw(some.sampled_from(EVERYBODY))
    asked = data.draw(filters(many.ids))
    page = data.draw(some.sampled_from((7, 50, 300)))
    few = data.draw(some.sampled_from((0, 3, 2000)))  # 0: group by group, as a long list is read
    monkeypatch.setattr(record_order, "FEW", few)
    monkeypatch.setattr(record_order, "_STUDENTS", data.draw(some.sampled_from((1, 16))))
    monkeypatch.setattr(record_order, "_MANY", data.draw(some.sampled_from((1, 300))))
    monkeypatch.setattr(record_lists, "_MANY_OWN", data.draw(some.sampled_from((0, 1000))))
    expected = naive(who, asked, many.ids)
    assert whole(signed_in(who), asked, page) == expected
    assert signed_in(who).records.count(asked).number == len(expected)


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_list_shows_exactly_what_can_be_opened(
    many: School, signed_in: Callable[[str], Workspace], who: str
) -> None:
    workspace = signed_in(who)
    listed = set(whole(workspace, RecordFilter(), 500))
    with workspace._context.store.read() as session:
        for one in MADE[:60]:
            loaded = load(session, workspace.records.shelf, one.id)
            assert Rights(workspace._context, loaded).sees == (one.id in listed), one


def test_a_confidential_form_that_nobody_knows_is_nobodys(school: School) -> None:
    tom = school.sign_in("tom")
    put(school, tom, [Made(form="district_form", record_class="confidential", author="tom"),
                      Made(form="district_log", record_class="education")])  # fmt: skip
    [listed] = tom.records.list()
    assert listed.form == "district_log"
    assert tom.records.count().number == 1


def test_a_list_is_counted_as_far_as_anybody_reads(
    many: School, signed_in: Callable[[str], Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_lists, "COUNTED", 150)
    found = signed_in("tom").records.count()
    assert (found.number, found.more) == (150, True)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("8", {8}),
        ("0008", {8}),
        ("ber 2026", None),
        ("2026-8", {8}),
        ("2026-0", None),
        ("nonsense 8 x", set()),
        ("8; DROP TABLE record", set()),
        ("%", set()),
    ],
)
def test_a_record_is_found_by_any_part_of_its_number(
    many: School, signed_in: Callable[[str], Workspace], typed: str, numbers: set[int] | None
) -> None:
    found = signed_in("tom").records.list(RecordFilter(text=typed), 500)
    told = {row.number for row in found if row.number}
    if numbers is None:
        prefix = "BER-2026" if "ber" in typed else "2026-"
        assert told
        assert all(prefix in number for number in told)
    else:
        assert {int(number.rpartition("-")[2]) for number in told} == numbers


def test_facets_hold_nothing_that_only_others_may_know_of(
    school: School, signed_in: Callable[[str], Workspace]
) -> None:
    tom = school.sign_in("tom")
    put(
        school,
        tom,
        [
            Made(place="By Łucja's desk", author="priya", owner="priya"),
            Made(form="risk", place="Office", author="priya", owner="priya"),
            Made(form="incident", place="Hallway"),
        ],
    )
    dana = school.sign_in("dana").records.facets()
    assert dana.forms == (("incident", "Incident report"),)
    assert dana.places == ("Hallway",)
    assert [name for _, name in dana.authors] == ["Dana Whitcomb"]
    assert not dana.confidential
    everything = tom.records.facets()
    assert everything.confidential
    assert everything.places == ("By Łucja's desk", "Hallway", "Office")
    assert not school.sign_in("amir").records.facets().confidential


def test_an_auditor_reads_pseudonyms(school: School) -> None:
    put(school, school.sign_in("tom"), [Made(), Made(days=1)])
    first, second = school.sign_in("amir").records.list()
    assert first.subject_name == second.subject_name
    assert first.subject_name.startswith("Student ")
    assert "Mateo" not in first.subject_name
    assert first.author_name == "Dana Whitcomb"


# --- what the store does for it ------------------------------------------------------------------

PLANS = {
    "newest": RecordFilter(),
    "oldest": RecordFilter(order="oldest"),
    "form": RecordFilter(form="incident"),
    "state": RecordFilter(states=("returned",)),
    "form and state": RecordFilter(form="incident", states=("returned",)),
    "several states": RecordFilter(states=("signed", "returned", "amended")),
    "author": RecordFilter(author="staff:x"),
    "student": RecordFilter(subject_id="student:x"),
    "place": RecordFilter(place="Hallway"),
    "dates": RecordFilter(since=date(2026, 11, 1), until=date(2026, 11, 12)),
    "deadlines": RecordFilter(deadlines="open"),
    "confidential": RecordFilter(record_class="confidential"),
    "number": RecordFilter(text="BER-2026-0001"),
    "count of a number": RecordFilter(text="17"),
    "by number": RecordFilter(order="number"),
}
SORTED_ANYWAY = {"deadlines", "number", "count of a number"}
"""What is narrowed to a handful by something else than the record: sorting it costs nothing."""


@pytest.mark.parametrize("what", PLANS)
@pytest.mark.parametrize("who", ["tom", "olga", "maria"])
def test_no_common_filter_reads_the_whole_table(
    signed_in: Callable[[str], Workspace], what: str, who: str
) -> None:
    for plan in plans_of(signed_in(who), replace(PLANS[what])):
        told = "\n".join(plan)
        assert "SCAN record\n" not in told + "\n", told
        if what not in SORTED_ANYWAY:
            assert "TEMP B-TREE FOR ORDER BY" not in told, told


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_a_technician_is_not_walked_through_the_records_of_others(
    signed_in: Callable[[str], Workspace], order: Order
) -> None:
    [plan] = plans_of(signed_in("dana"), RecordFilter(order=order))
    assert any("SEARCH record USING INDEX sqlite_autoindex_record_1 (id=?)" in step
               for step in plan), plan  # fmt: skip


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_whoever_has_very_many_of_their_own_walks_the_list(
    signed_in: Callable[[str], Workspace], monkeypatch: pytest.MonkeyPatch, order: Order
) -> None:
    monkeypatch.setattr(record_lists, "_MANY_OWN", 0)
    [plan] = plans_of(signed_in("dana"), RecordFilter(order=order))
    told = "\n".join(plan)
    assert "ix_record_event_us" in told, told
    assert "TEMP B-TREE FOR ORDER BY" not in told, told


def plans_of(workspace: Workspace, asked: RecordFilter) -> list[list[str]]:
    """How SQLite reads each page's question about records."""
    engine: Engine = workspace._context.store._engine
    asked_for: list[tuple[str, object]] = []

    def listen(_conn: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        if "FROM record" in statement and "ORDER BY" in statement:
            asked_for.append((statement, values))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        workspace.records.list(asked)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    plans = []
    with workspace._context.store.read() as session:
        session.execute(text("SELECT 1"))
        connection = session.connection()
        for statement, values in asked_for:
            rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values)
            plans.append([row[3] for row in rows if row[1] == 0])  # not of what it asks beside
    assert plans
    return plans
