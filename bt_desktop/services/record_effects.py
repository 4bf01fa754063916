"""What signing a part brings with it beyond the revision, and what may stand in its way.

One place that knows which form does what, so that `record_signing` need not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from bt_desktop.form_engine.definition import say
from bt_desktop.security.permissions import STAFF_INJURY
from bt_desktop.services.context import Context
from bt_desktop.services.person_names import people_in
from bt_desktop.services.record_load import Loaded
from bt_desktop.services.record_parts import REPORT, part_of
from bt_desktop.services.violence_line import texts_of
from bt_desktop.services.violence_log import add_line
from bt_desktop.services.violence_names import event_answers, words_that_name

if TYPE_CHECKING:
    from bt_desktop.form_engine.issues import Issue
    from bt_desktop.form_engine.session import FormSession

_CAUSED = "person_caused"


def hindrances(
    session: Session, loaded: Loaded, key: str, form_session: FormSession
) -> tuple[Issue, ...]:
    """What the form cannot see by itself: names in what goes into the log of violent incidents."""
    if not _is_violence(loaded, key):
        return ()
    answers = form_session.final_answers(REPORT)
    if answers.get(_CAUSED) != "yes":
        return ()
    texts = texts_of(answers)
    found = words_that_name(session, texts, event_answers(session, loaded.row.event_id))
    return tuple(_issue(form_session, name, words[0]) for name, words in found.items())


def _issue(form_session: FormSession, name: str, word: str) -> Issue:
    from bt_desktop.form_engine.issues import Code, Issue  # deferred: loads the engine

    asked = form_session.form.field(name)
    where = say(asked.label)
    return Issue(
        path=f"/{name}",
        code=Code.NAMES_SOMEBODY,
        severity=Code.NAMES_SOMEBODY.severity,
        where=where,
        sentence=Code.NAMES_SOMEBODY.sentence(where, word=word),
        section=asked.section,
        part=REPORT,
    )


def follow(
    session: Session, context: Context, loaded: Loaded, key: str, answers: Mapping[str, Any]
) -> None:
    """Do what the signature of these answers brings with it, in the transaction that signs."""
    if not _is_violence(loaded, key) or answers.get(_CAUSED) != "yes":
        return
    former = loaded.frozen.get(key)
    if former is not None and former.answers.get(_CAUSED) == "yes":
        return  # the line of this incident stands in the log already
    there = people_in(event_answers(session, loaded.row.event_id))
    add_line(
        session,
        context,
        loaded.form,
        answers,
        author_took_part=context.actor.staff_id in there,
    )


def _is_violence(loaded: Loaded, key: str) -> bool:
    return loaded.form.form == STAFF_INJURY and part_of(key) == REPORT
