"""Scenes of keys: a change that is owed, the sheets, the PIN set and typed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bt_desktop.security.permissions import Role
from bt_desktop.services.computer import ComputerService
from bt_desktop.services.pin import PinKeeper
from bt_desktop.views.key_sheet import CloseAccountSheet, KeySheet
from bt_desktop.views.pin_sheet import PasswordAgainSheet, PinSheet
from bt_desktop.views.recovery_sheets import FindSheet, NewKeySheet, ReplaceSheet
from tests.desk_keyring import KeyringOnTheDesk

if TYPE_CHECKING:
    from tools.screens import Stage

PIN = "280417"


def keys(stage: Stage) -> Iterator[tuple[str, QWidget]]:
    """On a copy of the vault: the scenes of others show it as it was."""
    folder = stage.told.folder / f"keys-{stage.theme.tokens.name}-{stage.theme.scale}"
    shutil.copytree(stage.told.demo.vault, folder)
    window, shell = stage.signed_in("tom", folder)
    workspace = shell._workspace
    shell.go("settings", "keys")
    stage.settle()
    yield "keys-settled", window
    people = [one for one in workspace.accounts.list() if not one.own and one.active]
    workspace.accounts.set_role(people[1].user_id, Role.ADMINISTRATOR)
    workspace.accounts.disable(people[0].user_id)
    shell.go("settings", "keys")
    stage.settle()
    yield "keys-owed", window
    section = shell.page.section("keys")  # type: ignore[union-attr]  # SettingsPage
    section.change_key()  # type: ignore[union-attr]  # KeysSection
    [sheet] = section.findChildren(KeySheet)  # type: ignore[union-attr]  # KeysSection
    sheet.waiting.begin("Writing everything under the new key…")
    sheet.waiting.show()
    stage.settle()
    yield "keys-change!", sheet
    sheet.waiting.end()
    sheet.reject()
    shell.go("home")
    stage.settle()
    yield "home-key-owed", window
    shell.go("settings", "accounts")
    stage.settle()
    accounts = shell.page.section("accounts")  # type: ignore[union-attr]  # SettingsPage
    accounts._close(people[2])  # type: ignore[union-attr]  # AccountsSection
    stage.settle()
    [close] = accounts.findChildren(CloseAccountSheet)  # type: ignore[union-attr]  # as above
    yield "account-close!", close
    close.reject()
    yield from _pin(stage, window, folder)
    stage.close(window)
    shutil.rmtree(folder)
    yield from _sheet(stage, folder)


def _sheet(stage: Stage, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """A year later: the recovery sheet is looked for, is not found, and is replaced."""
    shutil.copytree(stage.told.demo.vault, folder)
    clock = stage.told.clock
    before = clock.now()
    clock.advance(timedelta(days=400))
    window, shell = stage.signed_in("tom", folder)
    accounts = shell._workspace.accounts
    other = next(one for one in accounts.list() if not one.own and one.active)
    accounts.set_role(other.user_id, Role.ADMINISTRATOR)
    shell.go("home")
    stage.settle()
    yield "home-look-for-sheet", window
    shell.go("settings", "keys")
    stage.settle()
    shell.page.sections.clearFocus()
    yield "recovery-due", window
    card = shell.page.section("keys").recovery
    card.find_sheet()
    stage.settle()
    [find] = card.findChildren(FindSheet)
    yield "recovery-find!", find
    find.lost.click()
    stage.settle()
    [replace] = card.findChildren(ReplaceSheet)
    replace.why.setCurrentIndex(1)
    yield "recovery-replace!", replace
    replace.second.setCurrentIndex(1)
    staff = stage.told.demo.told["staff"]
    passwords = {one.get("sign_in"): one.get("password") for one in staff.values()}
    replace.password.edit.setText(staff["tom"]["password"])
    replace.theirs.edit.setText(passwords[other.sign_in_name])
    replace.save()
    stage.settle()
    [new] = card.findChildren(NewKeySheet)
    yield "recovery-new-key!", new
    new.save()
    stage.settle()
    yield "recovery-asked-back!", new
    printed = new._made.recovery_key.split("-")
    for box, number in zip(new.confirm.lines, new._made.asked, strict=True):
        box.setText(printed[number - 1])
    new.save()
    stage.settle()
    yield "recovery-replaced", window
    stage.close(window)
    shutil.rmtree(folder)
    clock.set(before)


def _pin(stage: Stage, window: QWidget, folder: Path) -> Iterator[tuple[str, QWidget]]:
    keyring = KeyringOnTheDesk()
    door = window._door  # type: ignore[attr-defined]  # AppWindow
    door._pin = PinKeeper(folder, stage.told.clock, door._policy, keyring)
    shell = window.shell  # type: ignore[attr-defined]  # AppWindow
    ComputerService(shell._workspace._context, shell._workspace.held, keyring).look()
    shell.go("settings", "computer")
    stage.settle()
    yield "computer-pin", window
    card = shell.page.section("computer").pin
    card.set_pin()
    [sheet] = card.findChildren(PinSheet)
    stage.settle()
    yield "pin-set!", sheet
    password = stage.told.demo.told["staff"]["tom"]["password"]
    sheet.password.edit.setText(password)
    for line in (sheet.pin, sheet.twice):
        line.edit.setText(PIN)
    sheet.save()
    stage.settle()
    window.lock()  # type: ignore[attr-defined]  # AppWindow
    stage.settle()
    page = window.unlock_page  # type: ignore[attr-defined]  # AppWindow
    yield "unlock-pin", window
    page.pin.edit.setText("999333")
    page.unlock()
    stage.settle()
    yield "unlock-pin-wrong", window
    page.pin.edit.setText(PIN)
    page.unlock()
    stage.settle()
    yield "opened-by-pin", window
    sheet = PasswordAgainSheet(stage.desk, window.workspace, window)  # type: ignore[attr-defined]  # AppWindow
    sheet.open_sheet()
    stage.settle()
    yield "password-again!", sheet
    sheet.reject()
