"""Commands that may open a vault: `verify`, `audit verify`, `school-ca`."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bt_desktop.cli import CANNOT_TELL, DONE, FINDING, WRONG_USE, WrongUse
from bt_desktop.cli.waiting import shown
from bt_desktop.clock import SystemClock
from bt_desktop.errors import StorageDamaged
from bt_desktop.security.audit import AuditVerdict
from bt_desktop.security.problems import KeyFileDamaged, KeyFileMissing, KeyFileNewer
from bt_desktop.services import access, verification
from bt_desktop.services.log import PAGE_DAMAGED
from bt_desktop.services.on_paper import OnPaper, read_code
from bt_desktop.services.trail_watch import FILE_CHANGED
from bt_desktop.services.workspace import Workspace


class NoSuchUser(WrongUse):
    """The named user has no way into this vault, or several have and none was named."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            "no-such-user",
            "Nobody of that name can open these records.",
            f"Name one with --user: {', '.join(names)}." if names else "Set the vault up first.",
        )


class NoVault(WrongUse):
    """The folder holds no vault."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "no-vault",
            f"There are no records in {folder}.",
            "Look whether the folder is right; a vault holds records.db and vault.keys.json.",
        )


class CannotWrite(WrongUse):
    """Nothing can be written to the place that was named."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "cannot-write",
            f"{path} cannot be written.",
            "Name another place, or look whether there is room and whether you may write there.",
        )


_NOT_COMPARED = (
    "How the file was closed the last time is not known (the program was stopped in the middle, is "
    "open, or was an older one): what no entry tells of, as people, drafts and settings, was not "
    "compared. Lock the program, then verify again."
)
_PUT_BACK = "Put the newest backup back, or look into it."
_BROKEN = {"missing": KeyFileMissing, "damaged": KeyFileDamaged, "newer": KeyFileNewer}


def user_id_of(status: access.VaultState, name: str | None) -> str:
    users = [u for u in status.users if not u.disabled]
    if name is None:
        if len(users) == 1:
            return users[0].user_id
        last = [u for u in users if u.user_id == status.last_user_id]
        if last:
            return last[0].user_id
    else:
        wanted = name.strip().casefold()
        named = [u for u in users if u.sign_in_name.casefold() == wanted]
        if len(named) == 1:
            return named[0].user_id
    raise NoSuchUser(tuple(u.sign_in_name for u in users))


def password_of(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline(4096).rstrip("\r\n")
    return getpass.getpass("Password: ")


@contextmanager
def opened(args: argparse.Namespace, *, every_page: bool = False) -> Iterator[Workspace]:
    """The workspace of the vault that the command names; locked again at the end. `every_page` as
    `access.unlock`."""
    folder: Path = args.vault
    status = access.vault_status(folder)
    if status.kind == "none":
        raise NoVault(folder)
    if status.kind in _BROKEN:
        raise _BROKEN[status.kind]()
    user = user_id_of(status, args.user)
    password = password_of(args.password_stdin)
    workspace = access.unlock(folder, user, password, SystemClock(), every_page=every_page)
    try:
        yield workspace
    finally:
        workspace.lock()


def _trail(seen: OnPaper | None) -> dict[str, object]:
    """How the records stand to a copy, for `--json`; nulls where no vault was opened."""
    return {
        "trail": seen.kind if seen else None,
        "trail_entry": seen.seq if seen else None,
        "newest_entry": seen.newest if seen else None,
    }


def _say(found: verification.Verification, as_json: bool) -> None:
    v = found.verdict
    if as_json:
        told = {
            "kind": found.kind,
            "code": v.code if v else "no-certificate",
            "sentence": found.sentence,
            "record": v.record_number if v else None,
            "copy": v.copy_number if v else None,
            "sealed_at": v.sealed_at.isoformat() if v and v.sealed_at else None,
            "amended_at": found.amended.at.isoformat() if found.amended else None,
            "amendment": found.amended.kind if found.amended else None,
            **_trail(found.trail),
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    print(found.sentence)
    if v and found.kind in ("genuine", "amended"):
        when = (
            f", sealed {v.sealed_at.isoformat(sep=' ', timespec='seconds')}" if v.sealed_at else ""
        )
        print(f"Record {v.record_number}, copy {v.copy_number}{when}.")
    if found.trail is not None and found.kind != "records_older":
        print(found.trail.sentence)
    print(found.remedy)


def verify_code(args: argparse.Namespace) -> int:
    """The text of a square code, held against the trail of a vault: 0 it fits, 1 a finding."""
    if args.vault is None:
        args.wrong_use("name the folder of the records with --vault")
    code = read_code(args.code)  # before anybody is asked for a password
    with opened(args) as workspace:
        seen = workspace.log.square_code(args.code)
    if args.json:
        told = {"record": code.number, "sentence": seen.sentence, **_trail(seen)}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(" ".join(filter(None, (seen.sentence, seen.remedy))))
    return DONE if seen.is_fine else FINDING


def verify_copy(args: argparse.Namespace) -> int:
    """0 only for a genuine, unchanged, current copy; 1 a finding; 3 without a certificate."""
    if args.code is not None:
        return verify_code(args)
    if args.file is None:
        args.wrong_use("name the PDF, or the text of a square code with --code")
    if not args.file.is_file():
        print(f"{args.file}: there is no such file.", file=sys.stderr)
        return WRONG_USE
    if args.ca is not None and not args.ca.is_file():
        print(f"{args.ca}: there is no such file.", file=sys.stderr)
        return WRONG_USE
    pdf = verification.read_pdf(args.file)
    cas = (args.ca.read_bytes(),) if args.ca else verification.pinned_cas()
    if args.vault is None:
        found = verification.check(pdf, cas)
    else:
        with opened(args) as workspace:
            mine = cas if args.ca else (workspace.copies.school_ca_pem(),)
            found = verification.check(
                pdf, mine, workspace.copies.amended_since, workspace.log.on_paper
            )
    _say(found, args.json)
    return {"genuine": DONE, "cannot_tell": CANNOT_TELL}.get(found.kind, FINDING)


def verify_audit(args: argparse.Namespace) -> int:
    """0 only when nothing in the store was touched; 1 names the first entry that is wrong; 3 where
    the trail holds and what no entry tells of could not be compared."""
    try:
        with opened(args, every_page=True) as workspace, shown("Checking the records") as progress:
            found, compared = workspace.log.verify(progress), workspace.compared
    except StorageDamaged as damaged:
        if not args.json:
            raise
        print(json.dumps(_verified(None, compared=False, sentence=str(damaged)), indent=2))
        return CANNOT_TELL
    sentence = _trail_sentence(found, compared=compared)
    told = _verified(found, compared=compared, sentence=sentence)
    print(json.dumps(told, indent=2) if args.json else sentence)
    if not found.holds:
        return FINDING
    return DONE if compared else CANNOT_TELL


def _verified(found: AuditVerdict | None, *, compared: bool, sentence: str) -> dict[str, object]:
    """What `audit verify --json` tells; `found` None: the file is too damaged to be read.

    `ok`: nothing was touched; `holds`: the trail and what it tells of; `compared`: the rest, too.
    """
    return {
        "ok": found is not None and found.holds and compared,
        "holds": found is not None and found.holds,
        "entries": found.checked if found else 0,
        "first_wrong": found.first_bad if found else None,
        "reason": found.reason if found else StorageDamaged().code,
        "compared": compared,
        "sentence": sentence,
    }


def _trail_sentence(found: AuditVerdict, *, compared: bool) -> str:
    """What was found, for people."""
    if found.holds:
        holds = f"The audit trail holds: {found.checked} entries, none changed, none missing."
        return holds if compared else f"{holds} {_NOT_COMPARED}"
    if found.reason == PAGE_DAMAGED:
        return f"Every entry fits, and a page of the file is damaged ({found.reason}). {_PUT_BACK}"
    if found.reason == FILE_CHANGED:
        return (
            f"Every entry fits, and since entry {found.first_bad} something was changed while the "
            f"program was closed ({found.reason}): a person, a draft or a setting. {_PUT_BACK}"
        )
    where = f"at entry {found.first_bad}" if found.first_bad else "at a row that has no entry"
    return f"The audit trail is wrong {where} ({found.reason})."


def _take_out(path: Path, data: bytes) -> None:
    """Write a file that leaves the vault, whole or not at all. Raises CannotWrite."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        os.replace(part, path)
    except OSError as problem:
        with suppress(OSError):
            part.unlink()
        raise CannotWrite(path) from problem


def export_audit(args: argparse.Namespace) -> int:
    """Write the whole trail as lines of JSON, for a program that checks it on its own."""
    with opened(args) as workspace:
        lines = list(workspace.log.export())
    _take_out(args.out, ("\n".join(lines) + "\n").encode("ascii"))
    print(f"{len(lines)} lines are in {args.out}. They hold no name; ids stand for people.")
    return DONE


def write_school_ca(args: argparse.Namespace) -> int:
    """Write the public certificate that anyone needs to check the school's copies."""
    with opened(args) as workspace:
        pem = workspace.copies.school_ca_pem()
    _take_out(args.out, pem)
    print(f"The school's certificate is in {args.out}. It is public: give it to whoever checks.")
    return DONE
