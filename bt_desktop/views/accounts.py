"""Accounts: who may sign in, as what; one's own password."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bt_desktop.errors import KnownError
from bt_desktop.views.desk import Desk
from bt_desktop.views.feedback import Banner, Tone
from bt_desktop.views.key_sheet import CloseAccountSheet
from bt_desktop.views.settings_keys import changed_words
from bt_desktop.views.tasks import Lane
from bt_desktop.views.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from bt_desktop.views.widgets.card import Card, Hairline
from bt_desktop.views.widgets.inputs import Choice, PasswordLine, TextLine
from bt_desktop.views.widgets.new_password import NewPassword
from bt_desktop.views.widgets.sheet import Sheet
from bt_desktop.views.widgets.text import Muted, Pill, SectionTitle, plain_label

if TYPE_CHECKING:
    from bt_desktop.services.key_change import KeyChanged, KeyStanding
    from bt_desktop.services.results.people import Person
    from bt_desktop.services.results.school import Account
    from bt_desktop.services.workspace import Workspace

ROLES = (
    ("technician", "Technician, teacher, aide", "writes and signs own reports"),
    ("front_office", "Front office", "types from paper, prints copies, imports the roster"),
    ("nurse", "Nurse", "fills and signs the nurse's part"),
    ("administrator", "Administrator", "sees everything, sets up, reviews"),
    ("auditor", "Auditor", "reads everything, changes nothing"),
)
"""Each role: its value, its word, what it is for."""


def role_word(role: str) -> str:
    """The word of a role."""
    return next((word for value, word, _ in ROLES if value == role), role)


class AccountSheet(Sheet):
    """Add an account for somebody on the staff list, or for somebody new."""

    def __init__(
        self, desk: Desk, workspace: Workspace, staff: tuple[Person, ...], parent: QWidget
    ) -> None:
        super().__init__(desk, "Add an account", "Add the account", parent)
        self._workspace = workspace
        self._staff = {person.id: person for person in staff}
        self.who, self.role = Choice(), Choice()
        rows: list[tuple[str, object]] = [("Somebody new", "")]
        rows += [(f"{p.name}{', ' + p.title if p.title else ''}", p.id) for p in staff]
        self.who.fill(rows)
        self.who.currentIndexChanged.connect(self._fold)
        self.given, self.family, self.job = TextLine(), TextLine(), TextLine()
        self.sign_in = TextLine()
        self.role.fill([(f"{word}: {what}", value) for value, word, what in ROLES])
        self.add("who", "For whom?", self.who)
        self.add("given", "First name", self.given, required=True)
        self.add("family", "Last name", self.family, required=True)
        self.pair("given", "family")
        self.add("title", "Title", self.job)
        self.add(
            "sign_in_name", "Name on the sign-in page", self.sign_in, hint="Left blank: the name"
        )
        self.add("role", "Role", self.role)
        accounts = workspace.accounts
        from bt_desktop.security.passwords import offer_passphrase  # deferred: loads word lists

        self.password = NewPassword(desk, accounts.password_problems, offer_passphrase)
        self.password.set_names(lambda: (self._name(),))
        self.column.addWidget(self.password)
        self.column.addWidget(
            Muted("Hand it over in person. It can be changed in Settings after signing in.", self)
        )
        self.on_save(self._collect_account)

    @Slot()
    def _fold(self) -> None:
        new = not self.who.currentData()
        for key in ("given", "family", "title"):
            self.frames[key].setVisible(new)

    def _name(self) -> str:
        person = self._staff.get(str(self.who.currentData() or ""))
        if person is not None:
            return person.name
        return f"{self.given.text().strip()} {self.family.text().strip()}".strip()

    def _collect_account(self) -> Callable[[], str] | None:
        from bt_desktop.security.permissions import Role
        from bt_desktop.services.results.people import NewStaff

        chosen = str(self.who.currentData() or "")
        if not chosen and not self._name():
            self.frames["given"].say("Write the name.")
            return None
        if not self.password.good():
            return None
        staff: str | NewStaff = chosen or NewStaff(
            self.given.text().strip(), self.family.text().strip(), self.job.text().strip()
        )
        sign_in = self.sign_in.text().strip() or self._name()
        role, password = Role(str(self.role.currentData())), self.password.text()
        accounts = self._workspace.accounts
        return lambda: accounts.add(sign_in, password, role, staff)


class PasswordSheet(Sheet):
    """Change one's own password, or give somebody a new one (`account`)."""

    def __init__(
        self, desk: Desk, workspace: Workspace, account: Account | None, parent: QWidget
    ) -> None:
        title = "Change your password" if account is None else "Give a new password"
        super().__init__(desk, title, "Change", parent)
        self._workspace, self._account = workspace, account
        self.old = PasswordLine()
        if account is None:
            self.add("old", "Your password now", self.old, required=True)
        else:
            self.column.addWidget(
                Muted(
                    "A new password makes new signing keys: nobody can sign as the person of "
                    "before. Hand it over in person.",
                    self,
                )
            )
        from bt_desktop.security.passwords import offer_passphrase  # deferred: loads word lists

        name = account.name if account else workspace.actor.name
        self.password = NewPassword(desk, workspace.accounts.password_problems, offer_passphrase)
        self.password.set_names(lambda: (name,))
        self.column.addWidget(self.password)
        self.on_save(self._collect_password)

    def _collect_password(self) -> Callable[[], None] | None:
        accounts, account = self._workspace.accounts, self._account
        if account is None and not self.old.text():
            self.frames["old"].say("Type the password you have now.")
            return None
        if not self.password.good():
            return None
        new, old = self.password.text(), self.old.text()
        if account is None:
            return lambda: accounts.change_password(old, new)
        user_id, active = account.user_id, account.active
        if active:
            return lambda: accounts.reset_password(user_id, new)
        return lambda: accounts.enable(user_id, new)


class RoleSheet(Sheet):
    """Change what an account may do."""

    def __init__(self, desk: Desk, workspace: Workspace, account: Account, parent: QWidget) -> None:
        super().__init__(desk, "Change the role", "Change", parent)
        self._workspace, self._account = workspace, account
        self.role = Choice()
        self.role.fill(
            [(f"{word}: {what}", value) for value, word, what in ROLES], account.role.value
        )
        self.add("role", "Role", self.role, hint="Takes effect at the next sign-in")
        self.on_save(self._collect_role)

    def _collect_role(self) -> Callable[[], None]:
        from bt_desktop.security.permissions import Role

        role, user_id = Role(str(self.role.currentData())), self._account.user_id
        accounts = self._workspace.accounts
        return lambda: accounts.set_role(user_id, role)


class AccountsSection(QWidget):
    """The list of accounts with what can be done about each."""

    def __init__(self, desk: Desk, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, workspace
        self._may = workspace.actor.role.value == "administrator"
        self.banner = Banner(desk.theme, self)
        self.add = PrimaryButton("Add an account", self)
        self.add.clicked.connect(self.add_account)
        self.add.setVisible(self._may)
        self.own = SecondaryButton("Change my password", self)
        self.own.clicked.connect(self._change_own)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(SectionTitle("Accounts", self))
        head.addStretch(1)
        head.addWidget(self.own)
        head.addWidget(self.add)
        self.card = Card(self, margin=0, spacing=0)
        self.hint = Muted("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.card)
        column.addWidget(self.hint)
        column.addStretch(1)

    @Slot()
    def load(self) -> None:
        """Read the accounts."""
        self._desk.tasks.run(
            self, self._workspace.accounts.list, self.show_accounts, lane=Lane.READ
        )

    def show_accounts(self, accounts: tuple[Account, ...]) -> None:
        """Show them."""
        while (item := self.card.column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for i, account in enumerate(accounts):
            if i:
                self.card.column.addWidget(Hairline(self.card))
            self.card.column.addWidget(self._row(account))
        chiefs = sum(1 for a in accounts if a.active and a.role.value == "administrator")
        alone = self._may and chiefs == 1
        self.hint.setText(
            "There is one administrator only. Add a second, so that one forgotten password does "
            "not lock the school out."
            if alone
            else "Signatures stay valid when an account is closed."
        )

    def _row(self, account: Account) -> QWidget:
        row = QWidget(self.card)
        words = QVBoxLayout()
        words.setSpacing(1)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(plain_label(account.name, "strong", row))
        if account.own:
            first.addWidget(Pill("you", "accent", row))
        if not account.active:
            first.addWidget(Pill("closed", "plain", row))
        first.addStretch(1)
        words.addLayout(first)
        named = account.sign_in_name
        sign_in = "" if named == account.name else f"signs in as {named}"
        facts = (account.title, role_word(account.role.value), sign_in)
        words.addWidget(Muted(" · ".join(f for f in facts if f), row))
        line = QHBoxLayout(row)
        line.setContentsMargins(14, 10, 14, 10)
        line.setSpacing(14)
        line.addLayout(words, 1)
        if self._may and not account.own:
            for word, deed in self._deeds(account):
                link = LinkButton(word, row)
                link.setAccessibleName(f"{word}: {account.name}")
                link.clicked.connect(deed)
                line.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _deeds(self, account: Account) -> list[tuple[str, Callable[[], None]]]:
        def sheet(kind: type[PasswordSheet] | type[RoleSheet]) -> Callable[[], None]:
            return lambda: self._open(kind(self._desk, self._workspace, account, self))

        if not account.active:
            return [("Open again", lambda: self._open_again(account))]
        return [
            ("Role", sheet(RoleSheet)),
            ("New password", sheet(PasswordSheet)),
            ("Close", lambda: self._close(account)),
        ]

    def _open(self, sheet: Sheet) -> None:
        sheet.saved.connect(self._changed)
        sheet.open_sheet()

    @Slot()
    def add_account(self) -> None:
        """Ask for whom, then open the sheet."""
        people = self._workspace.people
        self._desk.tasks.run(
            self,
            people.staff,
            lambda staff: self._open(AccountSheet(self._desk, self._workspace, staff, self)),
            lane=Lane.READ,
        )

    @Slot()
    def _change_own(self) -> None:
        self._open(PasswordSheet(self._desk, self._workspace, None, self))

    def _close(self, account: Account) -> None:
        """Ask who agrees, then open the sheet."""
        keys = self._workspace.key_change
        self._desk.tasks.run(
            self,
            lambda: keys.standing(besides=account.user_id),
            lambda standing: self._open_close(account, standing),
            lane=Lane.READ,
        )

    def _open_close(self, account: Account, standing: KeyStanding) -> None:
        sheet = CloseAccountSheet(self._desk, self._workspace, account, standing, self)
        sheet.saved.connect(self._closed)
        sheet.refused.connect(self.load)  # closed it may be all the same
        sheet.open_sheet()

    def _closed(self, told: KeyChanged | None) -> None:
        if told is None:
            self.banner.tell(
                "The account is closed. The key of the records is still to be changed: Settings, "
                "Key of the records.",
                Tone.WARN,
            )
        else:
            words = f"The account is closed. {changed_words(told)}"
            self.banner.tell(words, Tone.WARN if told.no_backup else Tone.OK)
        self.load()

    def _open_again(self, account: Account) -> None:
        accounts, user_id = self._workspace.accounts, account.user_id
        self._desk.tasks.run(self, lambda: accounts.enable(user_id), self._changed, self._refused)

    def _changed(self, _: object = None) -> None:
        self.banner.tell("Done.", Tone.OK)
        self.load()

    def _refused(self, problem: BaseException) -> None:
        if isinstance(problem, KnownError):
            self.banner.tell(str(problem), Tone.DANGER)
        else:
            self._desk.feedback.report(self, problem)
