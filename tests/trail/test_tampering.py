"""Real edits of the encrypted file with its raw key: `audit verify` names the first wrong entry."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from bt_desktop.cli import main
from bt_desktop.models.store import connect
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.security.permissions import Role
from tests.factory import FAST, PASSWORD, School, signed_report
from tests.services.picture_maker import png

PAGE = 4096
Edit = Callable[[Any], object]


@dataclass
class Opened:
    """The school's vault, closed by everybody, with the raw key of its database."""

    school: School
    key: bytearray
    entries: dict[str, int]

    @property
    def path(self) -> Path:
        return self.school.folder / DATABASE_NAME

    def edit(self, deed: Edit) -> None:
        """As somebody with the key would: guards dropped, all of it in the main file at the end."""
        connection = connect(self.path, self.key)
        try:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            deed(connection)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        finally:
            connection.close()


@pytest.fixture
def vault(school: School) -> Opened:
    record = signed_report(school)
    dana = school.sign_in("dana")
    dana.records.attach(record, "hall.png", "image/png", png())
    olga = school.sign_in("olga")
    olga.copies.school_copy(record)
    tom = school.sign_in("tom")
    found = {one.action: one.seq for one in tom.log.entries(200)}  # the first of each
    key = bytearray(tom._context.keys.database_key)
    school.close()
    return Opened(school, key, found)


@pytest.fixture
def verify(
    vault: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[], tuple[int, dict[str, Any]]]:
    """`bt-desktop audit verify --json` as an auditor runs it: status, and what it said."""
    monkeypatch.setattr("bt_desktop.services.access.PRODUCTION", FAST)

    def run() -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
        capsys.readouterr()
        status = main(
            ["audit", "verify", "--vault", str(vault.school.folder), "--user", "Amir Haddad",
             "--password-stdin", "--json"]
        )  # fmt: skip
        return status, json.loads(capsys.readouterr().out)

    return run


def sql(deed: str) -> Edit:
    return lambda connection: connection.execute(deed)


def test_an_untouched_store(vault: Opened, verify: Callable[[], Any]) -> None:
    status, said = verify()
    assert (status, said["ok"], said["first_wrong"]) == (0, True, None)
    assert said["compared"]
    assert said["entries"] > 20


def test_guards_that_were_taken_away(vault: Opened, verify: Callable[[], Any]) -> None:
    vault.edit(lambda _: None)  # no row is another one, and the triggers are gone
    status, said = verify()
    assert (status, said["reason"]) == (1, "file-changed")


@pytest.mark.parametrize(
    ("deed", "entry", "reason"),
    [
        (sql("UPDATE revision SET body = CAST(replace(body, 'Mateo', 'Matea') AS BLOB)"),
         "record.sign", "revision-changed"),
        (sql("UPDATE audit SET body = CAST(replace(body, 'administrator', 'auditor') AS BLOB) "
             "WHERE seq = 5"), 5, "hash"),
        (sql("DELETE FROM audit WHERE seq > (SELECT max(seq) - 3 FROM audit)"),
         None, "database-older"),
        (sql("UPDATE copy SET pdf = CAST(pdf || x'0A' AS BLOB)"), "copy.make", "copy-changed"),
        (sql("UPDATE attachment SET data = CAST(data || x'00' AS BLOB)"),
         "attachment.add", "attachment-changed"),
        (sql("DELETE FROM attachment"), "attachment.add", "attachment-missing"),
        (sql("UPDATE record SET number = 'BER-2026-0099'"), 0, "record-changed"),
        (sql("UPDATE account SET role = 'administrator' WHERE role = 'technician'"),
         None, "account-changed"),
        (sql("INSERT INTO account SELECT 'stranger', staff_id, 'x', 'administrator', 1, made_at "
             "FROM account LIMIT 1"), 0, "account-unannounced"),
        (sql("UPDATE opening SET user_id = 'somebody-else'"), "opening.add", "opening-changed"),
    ],
)  # fmt: skip
def test_each_edit_is_named(
    vault: Opened, verify: Callable[[], Any], deed: Edit, entry: str | int | None, reason: str
) -> None:
    vault.edit(deed)
    status, said = verify()
    assert status == 1
    assert (said["ok"], said["reason"]) == (False, reason)
    first = vault.entries[entry] if isinstance(entry, str) else entry
    if first is not None:
        assert said["first_wrong"] == first
    where = f"entry {said['first_wrong']}" if said["first_wrong"] else "row that has no entry"
    assert where in said["sentence"]


def test_a_body_with_its_hash_made_anew(vault: Opened, verify: Callable[[], Any]) -> None:
    from bt_desktop.security.audit import _hash

    def rewrite(connection: Any) -> None:
        body, sig = connection.execute("SELECT body, sig FROM audit WHERE seq = 20").fetchone()
        other = body.replace(b'"role":"', b'"role":"x', 1)
        connection.execute(
            "UPDATE audit SET body = ?, hash = ? WHERE seq = 20", (other, _hash(other, sig))
        )

    vault.edit(rewrite)
    status, said = verify()
    assert (status, said["first_wrong"]) == (1, 20)
    assert said["reason"] in ("signature", "key")


def test_an_old_page_put_back(vault: Opened, verify: Callable[[], Any]) -> None:
    """A former administrator's role comes back with one page: SQLCipher and SQLite find nothing."""
    tom = vault.school.sign_in("tom")
    olga = vault.school.users["olga"]
    tom.accounts.set_role(olga, Role.ADMINISTRATOR)
    vault.school.close()
    old = vault.path.read_bytes()
    tom = vault.school.sign_in("tom")
    tom.accounts.set_role(olga, Role.FRONT_OFFICE)
    vault.school.close()
    new = vault.path.read_bytes()
    log = vault.school.folder / "anchors.log"
    notes, served = log.read_bytes(), 0
    for at in range(PAGE, min(len(old), len(new)), PAGE):
        if old[at : at + PAGE] == new[at : at + PAGE]:
            continue
        vault.path.write_bytes(new[:at] + old[at : at + PAGE] + new[at + PAGE :])
        if not _clean(vault) or _role(vault, olga) != Role.ADMINISTRATOR.value:
            continue
        served += 1
        log.write_bytes(notes)
        status, said = verify()
        assert (status, said["reason"]) == (1, "account-changed")
        assert said["first_wrong"] > vault.entries["account.add"]
    assert served, "the page that passes both checks and serves the old role"


def _role(vault: Opened, user: str) -> str:
    connection = connect(vault.path, vault.key)
    try:
        wanted = "SELECT role FROM account WHERE user_id = ?"
        return str(connection.execute(wanted, (user,)).fetchone()[0])
    finally:
        connection.close()


def _clean(vault: Opened) -> bool:
    """Whether the checks of SQLCipher and SQLite find nothing."""
    connection = connect(vault.path, vault.key)
    try:
        pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        return not pages and connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except dbapi2.DatabaseError:
        return False
    finally:
        connection.close()
