"""A call to a parent, begun: to whom, which number, in which language, as the roster has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import Form, Section, say
from bt_desktop.form_engine.expressions import Expression
from bt_desktop.models.people import Student
from bt_desktop.paper.languages import language_name
from bt_desktop.security.permissions import Action
from bt_desktop.services.context import Context
from bt_desktop.services.people_rows import bare, people
from bt_desktop.services.person_names import whole_name
from bt_desktop.services.recipients import recipients_of
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_rights import Rights
from bt_desktop.services.results.calls import CallSheet
from bt_desktop.services.results.people import Guardian, PersonHit


def call_sheet(
    context: Context, session: Session, loaded: Loaded, section: Section, attempts: int
) -> CallSheet:
    """What the quick sheet begins with. Raises Denied, NoSuchRecord."""
    Rights(context, loaded).require(Action.NOTICE_ADD)
    subject = loaded.subject_id or ""
    student = session.get(Student, bare(subject)) if subject.startswith("student:") else None
    now = context.clock.now()
    guardians: tuple[Guardian, ...] = ()
    if student is not None and context.may(Action.GUARDIAN_READ):
        found = recipients_of(session, student, now.date())
        guardians = tuple(one for one in found if one.id.startswith("guardian:"))
    answers = loaded.answers()
    known = {name: answers[name] for name in _looked_at(loaded.form, section) if name in answers}
    actor = context.actor
    row: dict[str, Any] = {
        "notice_to": "parent",
        "notice_date": now.date().isoformat(),
        "notice_time": now.strftime("%H:%M"),
        "notice_method": "phone",
        "notice_by": actor.staff_id,
    }
    reachable = [one for one in guardians if not one.no_contact]
    if reachable:
        row |= told_of(reachable[0])
    return CallSheet(
        record_id=loaded.row.id,
        title=say(loaded.form.title),
        number=loaded.row.number or "",
        student=whole_name(student) if student is not None else "",
        event_at=loaded.event_at,
        form=loaded.form,
        section=section.name,
        answers=known,
        guardians=guardians,
        row={name: value for name, value in row.items() if name in loaded.form.fields()},
        people=_hits(session, (actor.staff_id, *(one.id for one in guardians))),
        attempts=attempts,
    )


def told_of(guardian: Guardian) -> dict[str, Any]:
    """What the roster knows of a guardian, by the questions of the log; blanks left out."""
    told = {
        "notice_person": guardian.id,
        "notice_relation": guardian.relation,
        "notice_number": guardian.phone,
        "notice_language": language_name(guardian.language),
    }
    return {name: value for name, value in told.items() if value}


def _hits(session: Session, ids: tuple[str, ...]) -> dict[str, PersonHit]:
    """These people as an editor shows them."""
    found = {}
    for key, person in people(session, ids).items():
        best = person.trainings[0] if person.trainings else None
        found[key] = PersonHit(
            key,
            person.name,
            person.kind,
            title=person.title,
            training=best.program if best else "",
            training_until=best.until if best else None,
        )
    return found


def _looked_at(form: Form, section: Section) -> frozenset[str]:
    """The questions outside the log at which the log's own rules look."""
    own = {field.name for field in section.fields}
    named = {
        reference.name
        for expression in _expressions(section)
        for reference in expression.references
    }
    return frozenset(named - own) & frozenset(form.fields())


def _expressions(section: Section) -> Iterator[Expression]:
    if section.relevant is not None:
        yield section.relevant
    for field in section.fields:
        for each in (field.relevant, field.required, field.constraint, field.warning,
                     field.default, field.calculation):  # fmt: skip
            if each is not None:
                yield each
