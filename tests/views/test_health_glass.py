"""Breaking the glass in the window: asked with a reason, a red frame for an hour, reviewed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bt_desktop.security.permissions import Role
from bt_desktop.services.health.dose_request import DoseRequest
from bt_desktop.services.health.visit_model import NewVisit
from bt_desktop.views.health.glass_page import GlassPage
from bt_desktop.views.health.glass_uses import GlassUses
from bt_desktop.views.health.page import HealthPage
from bt_desktop.views.student_view import StudentPage
from tests.factory import PASSWORD, School
from tests.health.kit import active_order, at, terms
from tests.services.picture_maker import png
from tests.views.access_kit import controls, faults, groups_of_one, out_of_order, walk
from tests.views.shell_kit import Office, shown_text

WHY = "The nurse is out and he has a rash after lunch"


@pytest.fixture
def ward(school: School) -> School:
    """Mateo's file: an order, a dose, a visit and a scan."""
    maria = school.sign_in("maria")
    mateo = school.ids["mateo"]
    order = active_order(maria, terms(mateo))
    maria.health.doses.emergency(
        DoseRequest("", mateo, None, medicine_text="Benadryl", at=at(14), reason="hives")
    )
    maria.health.visits.add(NewVisit(mateo, at(13), complaint="allergic"))
    maria.health.orders.keep_document(
        mateo, png(), kind="plan", name="plan.png", media_type="image/png", order_id=order
    )
    maria.lock()
    return school


@pytest.fixture
def office(qtbot: QtBot, ward: School, tmp_path: Path) -> Office:
    made = Office(qtbot, ward, tmp_path / "settings")
    made.window.resize(1280, 900)
    return made


def student_page(office: Office) -> StudentPage:
    office.shell.open_student(office.school.ids["mateo"])
    office.settle()
    page = office.shell.page
    assert isinstance(page, StudentPage)
    return page


def ask(office: Office) -> None:
    student_page(office).sealed.click()
    office.settle()


def open_glass(office: Office) -> GlassPage:
    ask(office)
    sheet = office.shell.glass.sheet
    assert sheet is not None
    sheet.reason.setPlainText(WHY)
    sheet.password.setText(PASSWORD)
    sheet.save()
    office.settle()
    page = office.shell.page
    assert isinstance(page, GlassPage)
    return page


# --- asking -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["olga", "dana", "maria"])
def test_it_is_offered_to_administrators_alone(office: Office, who: str) -> None:
    office.sign_in(who)
    assert not student_page(office).sealed.isVisible()


def test_reason_and_password_are_asked_for_in_place(office: Office) -> None:
    office.sign_in("tom")
    ask(office)
    sheet = office.shell.glass.sheet
    assert sheet is not None
    assert "emergency card" in shown_text(sheet)
    sheet.reason.setPlainText("he is ill")
    sheet.save()
    assert "at least 15" in sheet.frames["reason"].says()
    sheet.reason.setPlainText(WHY)
    sheet.save()
    assert "Type your password" in sheet.frames["password"].says()
    sheet.password.setText("not mine at all")
    sheet.save()
    office.settle()
    assert "not the password" in sheet.frames["password"].says()
    assert not sheet.frames.get("second")
    assert office.workspace.health.glass.opened() == ()


def test_the_fourth_time_somebody_agrees(office: Office) -> None:
    chief = office.school.sign_in("tom")
    chief.accounts.set_role(office.school.users["olga"], Role.ADMINISTRATOR)
    for _ in range(3):
        chief.health.glass.open(office.school.ids["mateo"], WHY, PASSWORD)
        chief.health.glass.close(office.school.ids["mateo"])
    chief.lock()
    office.sign_in("tom")
    ask(office)
    sheet = office.shell.glass.sheet
    assert sheet is not None
    sheet.reason.setPlainText(WHY)
    for says, key in (("Choose who agrees", "second"), ("their own", "second_password")):
        sheet.password.setText(PASSWORD)
        sheet.save()
        assert says in sheet.frames[key].says()
        sheet.second.setCurrentIndex(1)
    sheet.theirs.setText("not hers")
    sheet.save()
    office.settle()
    assert "not the password" in sheet.frames["second_password"].says()
    sheet.password.setText(PASSWORD)
    sheet.theirs.setText(PASSWORD)
    sheet.save()
    office.settle()
    assert isinstance(office.shell.page, GlassPage)


# --- reading ------------------------------------------------------------------------------------


def test_the_file_is_read_and_nothing_else_can_be_done(office: Office) -> None:
    office.sign_in("tom")
    page = open_glass(office)
    words = shown_text(page)
    for part in (
        "Mateo Núñez-Okafor",
        "Open until 4:30 pm, 60 minutes left",
        f"Why: {WHY}",
        "to be read only",
        "Methylphenidate 10 mg tablet",
        "Benadryl",
        "by Maria Chen",
        "Allergic reaction",
    ):
        assert part in words
    for deed in ("Discontinue", "New order", "Save", "Print"):
        assert deed not in words
    assert page.scroll_area.objectName() == "glassFrame"


def test_a_scan_is_looked_at(office: Office) -> None:
    office.sign_in("tom")
    page = open_glass(office)
    [paper] = office.workspace.health.glass.view(office.school.ids["mateo"]).documents
    page._show_paper(paper)
    office.settle()
    assert page._over is not None
    assert not page.scroll_area.isVisible()
    page._lift()
    assert page.scroll_area.isVisible()
    reasons = [
        one.detail for one in office.workspace.log.entries(30) if one.action == "health.glass_view"
    ]
    assert reasons == ["document", "file", "file"]


def test_a_line_stands_above_every_page_and_leads_back(office: Office) -> None:
    office.sign_in("tom")
    open_glass(office)
    watch = office.shell.glass.watch
    office.shell.go("home")
    office.settle()
    assert watch.isVisible()
    assert "Sealed health file of Mateo Núñez-Okafor. Open until 4:30 pm" in watch.words.text()
    office.school.clock.advance(timedelta(minutes=10))
    watch.look()
    assert "50 minutes left" in watch.words.text()
    watch.show_it.click()
    office.settle()
    assert isinstance(office.shell.page, GlassPage)
    ask(office)
    assert isinstance(office.shell.page, GlassPage), "it is open: nothing is asked again"


@pytest.mark.parametrize("how", ["page", "line"])
def test_closing_takes_it_off_the_screen(office: Office, how: str) -> None:
    office.sign_in("tom")
    page = open_glass(office)
    watch = office.shell.glass.watch
    if how == "line":
        office.shell.go("home")
        office.settle()
        watch.close_it.click()
    else:
        assert not watch.isVisible(), "the page says it all"
        page.close_now.click()
    office.settle()
    assert not isinstance(office.shell.page, GlassPage)
    assert not watch.isVisible()
    assert "Methylphenidate" not in office.all_text()
    assert office.workspace.health.glass.opened() == ()
    assert office.workspace.log.entries(1)[0].action != "health.glass_open"


@pytest.mark.parametrize("set_back", [False, True])
def test_when_the_hour_is_over_it_is_gone(office: Office, set_back: bool) -> None:
    office.sign_in("tom")
    open_glass(office)
    clock = office.school.clock
    clock.advance(timedelta(minutes=59))
    office.shell.glass.watch.look()
    assert isinstance(office.shell.page, GlassPage)
    if set_back:
        clock.set(clock.now() - timedelta(minutes=30))
    clock.advance(timedelta(minutes=1))
    office.shell.glass.watch.look()
    office.settle()
    assert isinstance(office.shell.page, StudentPage)
    assert "The hour is over" in office.shell.banner.text()
    assert "Methylphenidate" not in office.all_text()
    [closed] = [
        one for one in office.workspace.log.entries(20) if one.action == "health.glass_close"
    ]
    assert closed.detail == "over"


def test_a_lock_closes_it(office: Office) -> None:
    office.sign_in("tom")
    open_glass(office)
    office.window.lock()
    office.until(lambda: office.window.shell is None)
    office.settle()
    office.sign_in("tom")
    assert isinstance(office.shell.page, StudentPage)
    assert not office.shell.glass.watch.isVisible()


def test_the_page_is_named_and_walked_through_in_order(office: Office) -> None:
    office.sign_in("tom")
    page = open_glass(office)
    assert faults(page) == []
    reached = walk(page)
    assert groups_of_one(reached, controls(page)) == []
    assert out_of_order(reached) == []


# --- reviewing ----------------------------------------------------------------------------------


def used(school: School) -> None:
    tom = school.sign_in("tom")
    tom.accounts.set_role(school.users["olga"], Role.ADMINISTRATOR)
    tom.health.glass.open(school.ids["mateo"], WHY, PASSWORD)
    tom.lock()


def test_another_administrator_is_told_on_home_and_reviews(office: Office) -> None:
    used(office.school)
    office.sign_in("olga")
    home = office.shell.page
    words = shown_text(home)  # type: ignore[arg-type]  # the home page
    for part in ("Sealed health file of Mateo", "Tom Becker", WHY, "Review by"):
        assert part in words
    home.health.rows[0].go.click()  # type: ignore[union-attr]  # the home page
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    uses = page.section("glass")
    assert isinstance(uses, GlassUses)
    [button] = uses.buttons.values()
    button.click()
    assert uses.sheet is not None
    uses.sheet.remark.setPlainText("Spoke with him and the mother")
    uses.sheet.save()
    office.settle()
    assert uses.buttons == {}
    assert "Reviewed by Olga Petrenko" in shown_text(uses)
    office.shell.go("home")
    office.settle()
    assert "Sealed health file" not in office.all_text()


def test_whoever_opened_it_reviews_nothing(office: Office) -> None:
    used(office.school)
    office.sign_in("tom")
    assert "Sealed health file" not in office.all_text()
    office.shell.go("health", "glass")
    office.settle()
    assert "Another administrator reviews it" in office.all_text()


def test_the_nurse_sees_that_it_was_used(office: Office) -> None:
    office.sign_in("maria")
    office.shell.go("health")
    office.settle()
    page = office.shell.page
    assert isinstance(page, HealthPage)
    assert "glass" not in page.chips
    used(office.school)
    page.load()
    office.settle()
    page.chips["glass"].click()
    office.settle()
    assert WHY in office.all_text()
