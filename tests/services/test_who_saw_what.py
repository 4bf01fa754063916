"""Every public way out of an open vault is classed by what it shows of a student, and held to it.

A method that is new fails the first story until it stands in one of the three tables: what shows a
student's record leaves a line in the student's access log and an entry in the trail; lines of lists
and of the directory leave none, and it is said why; the rest shows nothing of a student.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bt_desktop.models.access import Opening
from bt_desktop.models.audit import AuditEntry
from bt_desktop.services.results.access import Purpose
from bt_desktop.services.results.records import RecordFilter
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD, School, fill, ink, signed_report
from tests.services.picture_maker import png

TOLD = "He was held and is well."


@dataclass
class World:
    """Dana's report about Mateo, corrected once, in which Łucja had a part; Tom is signed in."""

    school: School
    tom: Workspace
    record: str
    draft: str
    picture: str
    copy: str

    @property
    def mateo(self) -> str:
        return self.school.ids["mateo"]

    @property
    def rosa(self) -> str:
        return self.school.ids["rosa"]


# --- the three tables ----------------------------------------------------------------------------

OPENS: dict[str, Callable[[World], object]] = {
    "records.open": lambda w: w.tom.records.open(w.record),
    "records.document": lambda w: w.tom.records.document(w.record),
    "records.check": lambda w: w.tom.records.check(w.record, "report"),
    "records.notices": lambda w: w.tom.records.notices(w.record),
    "records.begin_notice": lambda w: w.tom.records.begin_notice(w.record),
    "records.attachment_thumbs": lambda w: w.tom.records.attachment_thumbs(w.record),
    "records.attachment_data": lambda w: w.tom.records.attachment_data(w.picture),
    "records.files_to_print": lambda w: w.tom.records.files_to_print(w.record, [w.picture]),
    "records.reviews.view": lambda w: w.tom.records.reviews.view(w.record),
    "records.versions.compare": lambda w: w.tom.records.versions.compare(w.record, "report", 1, 2),
    "student_pages.open": lambda w: w.tom.student_pages.open(w.mateo),
    "copies.school_copy": lambda w: w.tom.copies.school_copy(w.record),
    "copies.draft_print": lambda w: w.tom.copies.draft_print(w.draft),
    "copies.begin_parent_text": lambda w: w.tom.copies.begin_parent_text(w.record),
    "copies.draft_parent_print": lambda w: w.tom.copies.draft_parent_print(w.record, TOLD),
    "copies.release_parent_copy": lambda w: w.tom.copies.release_parent_copy(
        w.record, w.rosa, TOLD, ()
    ),
    "copies.pdf": lambda w: w.tom.copies.pdf(w.copy),
    "copies.print_again": lambda w: w.tom.copies.print_again(w.copy, "lost"),
    "copies.mark": lambda w: w.tom.copies.mark(w.copy, "printed"),
    "export.table": lambda w: w.tom.export.table(RecordFilter(), ("number", "student")),
    "access_log.printed": lambda w: w.tom.access_log.printed(w.mateo),
    "events.view": lambda w: w.tom.events.view(w.draft),
    "events.start": lambda w: w.tom.events.start("incident", like=w.record),
    "events.also_for": lambda w: w.tom.events.also_for(w.record, [w.school.ids["lucja"]]),
}
"""What shows a student's record: a line for the student, each time or once in half an hour."""

_LIST = "a line of a list: number, name, state, when; nothing that was written"
_DIRECTORY = "the directory: who a student is and whom to call, for whoever fills a form (ADR 17)"
_OWN_WORK = "what waits for the person signed in, as a list; opened from it, it is an opening"
_ROSTER = "the school's roster as a list, for whoever keeps it; no record is in it"

LINES: dict[str, str] = {
    **dict.fromkeys(
        ("records.list", "records.recent", "records.drafts", "records.count", "records.facets",
         "records.attachments", "records.versions.of", "events.records", "events.today",
         "events.near", "copies.log", "copies.given", "copies.papers", "deadlines.open",
         "deadlines.owed", "deadlines.of_record", "deadlines.counts", "export.plan"),
        _LIST,
    ),
    **dict.fromkeys(
        ("people.search", "people.get", "people.guardians", "people.labels", "people.students",
         "people.among", "people.student_names", "people.names_of_families", "people.offered_names",
         "caseloads.students", "caseloads.team", "caseloads.mine", "caseloads.of",
         "photos.photo", "photos.thumb", "photos.thumbs", "copies.recipients", "copies.findings"),
        _DIRECTORY,
    ),
    **dict.fromkeys(
        ("records.reviews.queue", "records.reviews.returned", "records.reviews.open_parts",
         "notices.list", "notices.count", "head_checks.waiting"),
        _OWN_WORK,
    ),
    **dict.fromkeys(
        ("roster.preview", "roster.apply", "tables.look", "tables.preview", "tables.apply",
         "tables.unsure_date", "year.plan", "year.moves", "year.last", "photos.look"),
        _ROSTER,
    ),
    "search.texts": "a few words around a match; a search that was read is one entry of the trail",
    "search.looked": "writes that entry",
    "deadlines.export": "one's own deadlines by record numbers, no student; an entry of its own",
    "access_log.read": "who looked, not at what; an entry of its own in the trail (access.read)",
    "access_log.find": "students by name, number or pseudonym, to choose whose log is read",
    "notices.release": "is copies.release_parent_copy",
    "notices.joined": "binds copies together that were each made before",
    "copies.receive": "writes who received a copy",
    "log.entries": "ids and codes; names and words stay out of the trail",
}  # fmt: skip
"""What shows students without their records, or less than a record: why it leaves no line."""

NOTHING: frozenset[str] = frozenset(
    f"{service}.{name}"
    for service, names in {
        "school": "get hold_names set_hold_names set_up_gaps update",
        "people": "count staff may_search warm_up forget_index student_problems staff_problems "
        "guardian_problems add_student update_student update_health "
        "may_edit may_edit_health add_staff update_staff add_guardian update_guardian set_active",
        "backups": "may_make all due changed daily at_exit make verify second set_second "
        "copy_to_second before_change after_change alone",
        "pin": "memory box tell proved entered",
        "slips": "may standing make",
        "recovery": "may standing due found replace",
        "key_change": "may standing stop close_account change",
        "tables": "may_import",
        "year": "may_end may_move apply undo enter leave",
        "photos": "may_edit set remove bring_in",
        "caseloads": "may_edit add remove",
        "openings": "usual state is_own is_own_student enter shown shown_student shown_health "
        "looked_into note note_students",
        # What is typed into a record shows nobody what stands in it.
        "records": "forms start start_in save_draft set_reported_by hand_over sign_part amend "
        "change_amendment discard begin look_again write_anew add_statement attach add_notice",
        "deadlines": "excuse told_done copy_requested",
        "calendar": "get set_bell set_terms set_days clear_days look_into look_into_file take "
        "school_day",
        "events": "answer_offer join take_out",
        "views": "list save rename delete may_share keep_last last",
        "export": "may",
        "search": "catch_up",
        # Cal/OSHA 301 is about an employee; a copy's standing says only whether it is the newest.
        "copies": "empty_form blank may_override school_ca_pem school_ca_pems copy_status "
        "amended_since osha_301",
        "access_log": "may_read may_print",
        "accounts": "list add disable enable set_role reset_password change_password "
        "check_password password_problems",
        "computer": "look accept",
        "log": "head verify week_due verify_week on_paper square_code export",
        "drill": "last due monthly try_out sweep worries",
        "held": "held may_accept findings learn report known accept",
        "violence": "may_read may_export lines years table printed",  # it names nobody
    }.items()
    for name in names.split()
)

HEALTH = frozenset(("health", "health_keys"))
"""Sealed apart, and classed apart: tests/health/test_who_saw_health.py."""

INSIDE = frozenset(
    {f"records.{one}" for one in ("context", "keeper", "lists", "shelf", "signing", "loaded",
                                  "printable", "looked_into")}
)  # fmt: skip
"""For the services beside it, inside a transaction of theirs: no window calls them."""


def public(service: object, name: str) -> Iterator[str]:
    """`name.method` of everything public of a service and of the services within it."""
    for key in dir(type(service)):
        if not key.startswith("_"):
            yield f"{name}.{key}"
    for key, inner in vars(service).items():
        if f"{name}.{key}" in INSIDE:
            yield f"{name}.{key}"
        elif key.startswith("_"):
            continue
        elif type(inner).__module__.startswith("bt_desktop.services"):
            yield from public(inner, f"{name}.{key}")


def test_every_public_way_out_of_a_vault_is_classed(school: School) -> None:
    workspace = school.sign_in("tom")
    found = {
        way
        for name, service in vars(workspace).items()
        if not name.startswith("_")
        and name not in HEALTH
        and type(service).__module__.startswith("bt_desktop.services")
        for way in public(service, name)
    }
    tables = (set(OPENS), set(LINES), NOTHING, INSIDE)
    classed = set().union(*tables)
    assert found - classed == set(), "class these: what do they show of a student?"
    assert classed - found == set(), "these are gone"
    assert sum(map(len, tables)) == len(classed), "classed twice"


# --- held to it ----------------------------------------------------------------------------------


@pytest.fixture
def world(school: School) -> World:
    record = signed_report(school)
    dana = school.sign_in("dana")
    dana.records.amend(record, "report", "correction", "A word of it was wrong.")
    fill(school, dana, record)
    dana.records.sign_part(record, "report", PASSWORD, ink())
    picture = dana.records.attach(record, "hall.png", "image/png", png()).id
    tom = school.sign_in("tom", says="review")
    draft = tom.events.start("incident", like=record)
    copy = tom.copies.school_copy(record).copy_id
    return World(school, tom, record, draft, picture, copy)


def lines(workspace: Workspace) -> list[Opening]:
    with workspace._context.store.read() as session:
        return list(session.scalars(select(Opening).order_by(text("rowid"))))


def entries(workspace: Workspace) -> int:
    with workspace._context.store.read() as session:
        bodies = session.scalars(select(AuditEntry.body))
        return sum(b'"opening.add"' in body for body in bodies)


def test_whatever_shows_a_students_record_leaves_a_line(world: World) -> None:
    missing = []
    for way, call in OPENS.items():
        world.school.clock.advance(timedelta(minutes=31))  # what was seen before is another look
        world.tom.openings.state(Purpose("review"))
        before, told = len(lines(world.tom)), entries(world.tom)
        call(world)
        fresh = lines(world.tom)[before:]
        of_mateo = any(one.student_id == world.mateo for one in fresh)
        if not (of_mateo and entries(world.tom) > told):
            missing.append(way)
    assert missing == []


def test_a_line_is_left_once_for_one_look(world: World) -> None:
    world.school.clock.advance(timedelta(minutes=31))
    world.tom.records.open(world.record)
    before = len(lines(world.tom))
    for way in ("records.check", "records.versions.compare", "records.reviews.view",
                "records.attachment_thumbs", "copies.begin_parent_text"):  # fmt: skip
        OPENS[way](world)
    assert len(lines(world.tom)) == before


def test_a_list_that_left_does_not_stand_for_an_opening(world: World) -> None:
    world.school.clock.advance(timedelta(minutes=31))
    world.tom.openings.state(Purpose("review"))
    world.tom.export.table(RecordFilter(), ("number",))
    before = len(lines(world.tom))
    world.tom.records.document(world.record)
    assert {one.what for one in lines(world.tom)[before:]} == {"open"}


# --- whose record it is --------------------------------------------------------------------------


def test_who_had_a_part_in_it_finds_the_look_in_their_own_log(world: World) -> None:
    ids, log = world.school.ids, world.tom.access_log
    of_mateo, of_lucja = log.read(ids["mateo"]).rows, log.read(ids["lucja"]).rows
    assert any(row.what == "Opened a record" and not row.part for row in of_mateo)
    named = [row for row in of_lucja if row.part]
    assert "Opened a record" in {row.what for row in named}
    assert {row.number for row in named} <= {row.number for row in of_mateo}


def test_who_was_not_in_it_has_no_line(world: World) -> None:
    assert world.tom.access_log.read(world.school.ids["huy"]).rows == ()


def test_the_trail_still_holds_against_the_rows(world: World) -> None:
    for way in ("records.open", "copies.begin_parent_text", "records.begin_notice"):
        OPENS[way](world)
    assert world.tom.log.verify().holds


def test_the_tables_are_about_methods_that_can_be_called(school: School) -> None:
    workspace = school.sign_in("tom")
    for way in OPENS:
        target: object = workspace
        for part in way.split("."):
            target = getattr(target, part)
        assert inspect.ismethod(target), way
