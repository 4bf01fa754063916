"""A closed month is signed, sealed and not changed any more; what comes later stands beside it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bt_desktop.errors import Denied
from bt_desktop.models.health import HealthEntry, HealthFile
from bt_desktop.paper.verify import verify
from bt_desktop.security.problems import WrongPassword
from bt_desktop.services.health.mar_fill import fill
from bt_desktop.services.health.mar_source import MarSource
from bt_desktop.services.health.month_model import Explained
from bt_desktop.services.health.months import CLOSED
from bt_desktop.services.health.problems import MonthClosed, MonthRefused
from bt_desktop.services.work_progress import Canceled, Progress
from bt_desktop.services.workspace import Workspace
from tests.factory import PASSWORD
from tests.health.kit import active_order, terms
from tests.health.month_kit import LEFT_OPEN, MONTH, Month, at, over
from tests.health.test_simulated_year import Killed, MortalClock
from tests.paper import pdf

REMEMBERED = "Nobody remembers that noon"
NOON = at(12, 0, LEFT_OPEN)


def close(month: Month, **how: object) -> None:
    told: dict[str, object] = {"signed_as": "Maria Chen", "reason": REMEMBERED}
    month.maria.health.months.close(
        month.order,
        MONTH,
        PASSWORD,
        **(told | how),  # type: ignore[arg-type]  # names checked there
    )


def state(month: Month, of: date = MONTH) -> str:
    [line] = [one for one in month.maria.health.months.lines(of) if one.order_id == month.order]
    return line.state


def kept(workspace: Workspace) -> tuple[int, int, int]:
    """How many entries, files and lines of the trail there are."""
    with workspace._context.store.read() as session:
        return (
            session.scalar(select(func.count()).select_from(HealthEntry)) or 0,
            session.scalar(select(func.count()).select_from(HealthFile)) or 0,
            workspace._context.store
            and session.execute(
                text("SELECT count(*) FROM audit WHERE body LIKE '%month.close%'")
            ).scalar_one(),
        )


# --- looking through -----------------------------------------------------------------------------


def test_the_months_of_the_school_begin_with_the_first_review(month: Month) -> None:
    assert month.maria.health.months.months() == (
        date(2027, 2, 1), date(2027, 1, 1), date(2026, 12, 1),
    )  # fmt: skip


def test_a_month_is_a_list_of_orders_with_what_is_open(month: Month) -> None:
    [line] = month.maria.health.months.lines(MONTH)
    assert (line.student, line.medicine) == ("Mateo Núñez-Okafor", "Methylphenidate 10 mg tablet")
    assert (line.state, line.entries, line.open, line.controlled) == ("open", 19, 1, True)
    view = month.maria.health.months.view(month.order, MONTH)
    assert view.open_cells == (NOON,)
    assert view.may_close


def test_a_month_that_runs_is_not_closed(month: Month) -> None:
    month.school.clock.set(at(16, 0, date(2027, 1, 31)))
    assert state(month) == "running"
    assert not month.maria.health.months.view(month.order, MONTH).may_close
    with pytest.raises(MonthRefused, match="not closed"):
        close(month)


def test_an_order_that_has_ended_is_closed_before_the_month_is_over(month: Month) -> None:
    month.school.clock.set(at(16, 0, date(2027, 1, 29)))
    month.maria.health.orders.discontinue(month.order, "Another medicine")
    assert state(month) == "open"
    close(month)
    assert state(month) == "closed"


def test_only_a_nurse_looks_through_and_closes_months(month: Month) -> None:
    for who in ("tom", "olga", "dana", "amir"):
        office = month.school.sign_in(who).health.months
        assert not office.may_close
        for deed in (
            office.months,
            lambda office=office: office.lines(MONTH),
            lambda office=office: office.view(month.order, MONTH),
            lambda office=office: office.printed(month.order, MONTH),
            lambda office=office: office.year(month.order),
            lambda office=office: office.close(month.order, MONTH, PASSWORD),
            lambda office=office: office.close_all(MONTH, PASSWORD),
            lambda office=office: office.note(month.order, MONTH, "Something"),
        ):
            with pytest.raises(Denied):
                deed()


# --- R25, R26 ------------------------------------------------------------------------------------


def test_R25_an_empty_cell_is_told_and_what_nobody_knows_stays_open_with_a_reason(
    month: Month,
) -> None:
    months = month.maria.health.months
    with pytest.raises(MonthRefused) as refused:
        close(month, reason="")
    assert refused.value.unexplained == (NOON,)
    assert state(month) == "open"
    close(month, reason="", explained=(Explained(NOON, REMEMBERED),))
    [line] = months.lines(MONTH)
    assert (line.state, line.open, line.closed_by) == ("closed", 1, "Maria Chen")
    front, back = pdf.pages(months.printed(month.order, MONTH).pdf)
    assert "with one cell not documented" in front
    assert f"Not documented: {REMEMBERED}." in " ".join(back.split())


def test_R25_still_recordable_an_empty_cell_is_filled_late_and_the_month_is_complete(
    month: Month,
) -> None:
    late = month.write_open_cell()
    assert late.late_entry
    assert state(month) == "complete"
    close(month, reason="")
    [line] = month.maria.health.months.lines(MONTH)
    assert (line.state, line.open) == ("closed", 0)


def test_R26_a_month_with_open_cells_is_closed_with_a_reason_of_two_words_at_least(
    month: Month,
) -> None:
    for reason in ("", "dunno", "   short   "):
        with pytest.raises(MonthRefused, match="not closed"):
            close(month, reason=reason)
    close(month)
    assert state(month) == "closed"


def test_R26_a_closed_month_takes_no_entry_as_if_it_had_been_there(month: Month) -> None:
    close(month)
    health, on = month.maria.health, date(2027, 1, 29)
    with pytest.raises(MonthClosed):
        month.write_open_cell()
    with pytest.raises(MonthClosed):
        health.doses.strike(month.doses[on].id, "It was his brother")
    with pytest.raises(MonthRefused):
        close(month)


def test_R26_still_recordable_after_the_closing_it_stands_on_an_addendum(month: Month) -> None:
    close(month)
    months = month.maria.health.months
    frozen = months.printed(month.order, MONTH)
    assert (frozen.closed, frozen.addendum) == (True, None)
    month.school.clock.advance(timedelta(hours=1))
    month.write_open_cell(happened=True, outcome="R", reason="His mother says he did not want it")
    months.note(month.order, MONTH, "The substitute teacher remembers it, too.")
    paper = months.printed(month.order, MONTH)
    assert paper.pdf == frozen.pdf  # byte for byte as it was signed
    assert paper.addendum is not None
    told = pdf.words(paper.addendum)
    for words in (
        "After the closing", "closed by Maria Chen on Feb 1, 2027, 9:00 am",
        "Refused: His mother says he did not want it.", "Written Feb 1, 2027, 10:00 am",
        "The substitute teacher remembers it, too.",
    ):  # fmt: skip
        assert words in told
    [line] = months.lines(MONTH)
    assert (line.state, line.after, line.open) == ("closed", 1, 1)
    assert month.school.sign_in("tom").log.verify().holds


def test_a_record_filled_anew_says_what_came_after_the_closing(month: Month) -> None:
    close(month)
    month.school.clock.advance(timedelta(hours=1))
    month.write_open_cell(happened=True)
    month.maria.health.months.note(month.order, MONTH, "The substitute remembers it, too.")
    with month.maria._context.store.read() as session:
        made = fill(month.maria.health.months._reader.source(session, month.order, MONTH))
    told = [note.text for note in made.back.notes if note.text.startswith("After the closing: ")]
    assert [text.removeprefix("After the closing: ").split(".")[0] for text in told] == [
        "Absent", "The substitute remembers it, too",
    ]  # fmt: skip


def test_what_is_told_of_a_dose_or_its_container_later_is_on_the_addendum_too(
    month: Month,
) -> None:
    close(month)
    dose = month.doses[date(2027, 1, 29)]
    month.maria.health.doses.effect(dose.id, "calm in class", worse=False)
    addendum = month.maria.health.months.printed(month.order, MONTH).addendum
    assert addendum is not None
    assert "Effect of the dose: calm in class" in pdf.words(addendum)


# --- signed and sealed ---------------------------------------------------------------------------


def test_closing_asks_for_the_closers_own_password(month: Month) -> None:
    with pytest.raises(WrongPassword):
        month.maria.health.months.close(month.order, MONTH, "not hers", reason=REMEMBERED)
    assert state(month) == "open"


def test_the_closed_page_is_sealed_signed_and_kept_in_the_students_file(month: Month) -> None:
    close(month)
    months, orders = month.maria.health.months, month.maria.health.orders
    paper = months.printed(month.order, MONTH).pdf
    [line] = months.lines(MONTH)
    assert line.closed is not None
    front = " ".join(pdf.pages(paper)[0].split())
    assert "Closed by" in front
    assert f"Record hash {line.closed.digest}" in front
    ca = month.school.sign_in("tom").copies.school_ca_pem()
    seen = verify(paper, ca)
    assert (seen.kind, seen.record_digest) == ("genuine", line.closed.digest)
    [document] = [one for one in orders.documents(month.mateo, month.order) if one.kind == "paper"]
    assert document.name == "Medication record 2027-01.pdf"
    assert orders.document_data(document.id) == paper


def test_the_trail_tells_a_closing_by_counts_and_names_nobody(month: Month) -> None:
    close(month)
    tom = month.school.sign_in("tom")
    with tom._context.store.read() as session:
        [body] = session.scalars(
            text("SELECT body FROM audit WHERE body LIKE '%month.close%'")
        ).all()
    told = str(body)
    assert '"entries":38' in told
    assert '"open":1' in told
    for secret in ("Mateo", "Methylphenidate", REMEMBERED):
        assert secret not in told


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE health_entry SET sealed = x'00' WHERE kind = 'dose'",
        "UPDATE health_entry SET day = '2027-02-03' WHERE kind = 'dose'",
        "DELETE FROM health_entry WHERE kind = 'dose_struck' OR kind = 'dose'",
        "UPDATE health_entry SET at_us = at_us - 60000000 WHERE kind = 'move'",
        "UPDATE health_entry SET sealed = x'00' WHERE kind = 'month_closed'",
        "UPDATE health_file SET sealed = x'00'",
    ],
)
def test_an_entry_of_a_closed_month_that_was_tampered_with_is_found(
    month: Month, deed: str
) -> None:
    close(month)
    tom = month.school.sign_in("tom")
    assert tom.log.verify().holds
    with tom._context.store.write() as session:
        for table in ("health_entry", "health_file"):
            for change in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER {table}_no_{change}"))
        session.execute(text(deed))
    assert not tom.log.verify().holds


def test_a_closing_that_holds_other_entries_than_it_says_is_found(month: Month) -> None:
    """Whoever has a key and the program's own ways can write a closing; not one that fits."""
    close(month)
    maria = month.maria._context
    with maria.store.write() as session:
        wanted = select(HealthEntry.id).where(HealthEntry.kind == "month_closed")
        entry = session.scalars(wanted).one()
        maria.note(
            session, CLOSED, f"entry:{entry}", digest="0" * 64, counts={"entries": 38, "open": 0}
        )
    assert month.school.sign_in("tom").log.verify().reason == "month-changed"


def test_a_closing_nobody_announced_is_found(month: Month) -> None:
    months = month.maria.health.months
    close(month)
    with month.maria._context.store.write() as session:
        closing = months._reader.source(session, month.order, MONTH).closing
        assert closing is not None
        months._box.add(
            session, month.mateo, "month_closed", closing.month, about=month.order, day=MONTH
        )
    assert month.school.sign_in("tom").log.verify().reason == "month-unannounced"


def test_killed_between_signing_and_sealing_leaves_nothing_or_a_whole_closing(
    month: Month,
) -> None:
    month.maria.lock()
    survived = 0
    for breath in range(60):
        clock = MortalClock(over())
        school = month.school
        school.clock = clock
        maria = school.sign_in("maria")
        entries, files, closings = kept(maria)
        clock.dies_after = breath
        try:
            maria.health.months.close(month.order, MONTH, PASSWORD, reason=REMEMBERED)
        except Killed:
            clock.dies_after = None
            maria.lock()
            again = school.sign_in("maria")
            assert kept(again) == (entries, files, closings)
            again.lock()
            continue
        survived = breath
        clock.dies_after = None
        assert kept(maria) == (entries + 2, files + 1, closings + 1)
        break
    assert survived > 5  # it was killed at each of these moments before
    assert month.school.sign_in("tom").log.verify().holds


# --- all of a month ------------------------------------------------------------------------------


def second_order(month: Month) -> str:
    """A second order of the same student, complete: reviewed after the month's last noon."""
    month.school.clock.set(at(15, 0, date(2027, 1, 29)))
    order = active_order(month.maria, terms(month.school.ids["lucja"]))
    month.school.clock.set(over())
    return order


def test_all_complete_months_are_closed_at_once_and_the_others_are_left(month: Month) -> None:
    order = second_order(month)
    progress = Progress()
    done = month.maria.health.months.close_all(
        MONTH, PASSWORD, signed_as="Maria Chen", progress=progress
    )
    assert (done.closed, done.left) == (1, ())
    assert (progress.done, progress.total) == (1, 1)
    states = {one.order_id: one.state for one in month.maria.health.months.lines(MONTH)}
    assert states == {month.order: "open", order: "closed"}
    assert month.school.sign_in("tom").log.verify().holds


def test_what_was_closed_before_it_was_canceled_stays_closed(month: Month) -> None:
    second_order(month)
    month.write_open_cell()
    progress = Progress()
    begin = progress.begin

    def begun(total: int) -> None:
        begin(total)
        progress.cancel()

    progress.begin = begun  # type: ignore[method-assign]  # the person presses Cancel just then
    with pytest.raises(Canceled):
        month.maria.health.months.close_all(MONTH, PASSWORD, progress=progress)
    states = [one.state for one in month.maria.health.months.lines(MONTH)]
    assert states == ["complete", "complete"]


def test_what_a_colleague_writes_while_the_page_is_made_is_on_it(month: Month) -> None:
    colleague = month.school.sign_in("maria").health
    months = month.maria.health.months
    readings = []

    def read(session: Session) -> MarSource:
        """Reads the month; just then, the first time, the colleague writes something down."""
        source = months._reader.source(session, month.order, MONTH)
        if not readings:
            dose = month.doses[date(2027, 1, 29)].id
            colleague.doses.effect(dose, "calm in class", worse=False)
        readings.append(source)
        return source

    made = months._closer.close(read, "Maria Chen", (), REMEMBERED)
    assert len(readings) == 2
    assert made.entries == 39
    assert months.printed(month.order, MONTH).addendum is None
    assert month.school.sign_in("tom").log.verify().holds


def test_a_note_needs_a_few_words_and_an_order(month: Month) -> None:
    months = month.maria.health.months
    for text_, order in (("no", month.order), ("Something to say", "x")):
        with pytest.raises(MonthRefused):
            months.note(order, MONTH, text_)
