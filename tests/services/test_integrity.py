"""What somebody with the key could change, and that it shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from bt_desktop.services.integrity import RecordAltered
from bt_desktop.services.workspace import Workspace
from tests.factory import School, signed_report


@pytest.fixture
def record(school: School) -> str:
    record = signed_report(school)
    office = school.sign_in("olga")
    office.copies.school_copy(record)
    return record


def tamper(workspace: Workspace, *deeds: str) -> None:
    """Change rows as an attacker would: triggers dropped first."""
    with workspace._context.store.write() as session:
        names = session.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).scalars()
        for name in names.all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for deed in deeds:
            session.execute(text(deed))


def test_all_is_well_as_long_as_nobody_tampers(school: School, record: str) -> None:
    verdict = school.sign_in("amir").log.verify()
    assert verdict.holds
    assert verdict.checked > 20


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (
            "UPDATE revision SET body = CAST(replace(body, 'Mateo', 'Matea') AS BLOB)",
            "revision-changed",
        ),
        (
            "UPDATE revision SET signer_user = entered FROM (SELECT 'x' AS entered)",
            "revision-changed",
        ),
        ("DELETE FROM revision", "revision-missing"),
        ("UPDATE copy SET pdf = x'25504446'", "copy-changed"),
        ("DELETE FROM copy", "copy-missing"),
        (
            "UPDATE audit SET body = CAST(replace(body, 'record.open', 'record.list') AS BLOB)",
            "hash",
        ),
        ("DELETE FROM audit WHERE seq = 7", "gap"),
    ],
)
def test_a_changed_or_missing_row_is_named(
    school: School, record: str, deed: str, reason: str
) -> None:
    tom = school.sign_in("tom")
    tamper(tom, deed)
    verdict = tom.log.verify()
    assert not verdict.holds
    assert verdict.reason == reason


def test_a_row_that_nobody_announced_is_named(school: School, record: str) -> None:
    tom = school.sign_in("tom")
    tamper(
        tom,
        "INSERT INTO copy SELECT 'forged', record_id, 9, kind, guardian_id, for_whom, sealed,"
        " sha256, record_digest, revisions, text, settled, pdf, file_name, by_user, made_at,"
        " paper, override FROM copy",
    )
    assert tom.log.verify().reason == "copy-unannounced"


def test_a_part_that_is_not_what_was_signed_is_neither_printed_nor_sealed(
    school: School, record: str
) -> None:
    tom = school.sign_in("tom")
    tamper(tom, "UPDATE revision SET body = CAST(body || ' ' AS BLOB)")
    with pytest.raises(RecordAltered):
        tom.copies.school_copy(record)
    with pytest.raises(RecordAltered):
        tom.records.document(record)


def test_an_old_database_put_back_does_not_verify(
    school: School, record: str, tmp_path: Path
) -> None:
    school.close()
    shutil.copy(school.folder / "records.db", tmp_path / "old.db")
    signed_report(school)
    school.close()
    shutil.copy(tmp_path / "old.db", school.folder / "records.db")
    assert school.sign_in("tom").log.verify().reason == "database-older"
