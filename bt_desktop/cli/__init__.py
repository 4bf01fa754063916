"""The door without a window: every job that needs none.

Exit status of every command: 0 done, 1 a finding (a fault in a form, a copy that is not genuine),
2 wrong use (no such file, no roster), 3 cannot tell (no certificate known, no vault opened).
Heavy imports wait until a command needs them, so that the window starts fast.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bt_desktop import __version__
from bt_desktop.errors import KnownError

DONE, FINDING, WRONG_USE, CANNOT_TELL = 0, 1, 2, 3


_WRONG_USE = frozenset(("bad-fact", "not-a-calendar", "no-square-code"))
"""Codes of problems of what was handed in, raised below the commands."""


class WrongUse(KnownError):
    """What was asked for makes no sense here (no such vault, no such user): exit status 2."""


def _vault_options(parser: argparse.ArgumentParser, required: bool = False) -> None:
    parser.add_argument(
        "--vault", type=Path, required=required, metavar="DIR", help="the folder of the records"
    )
    parser.add_argument(
        "--user", metavar="NAME", help="sign-in name (left out: the only or the last one)"
    )
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def _of_the_vault(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Commands that need one: its trail, its backups, its certificate."""
    audit = commands.add_parser("audit", help="check the audit trail")
    audit_do = audit.add_subparsers(dest="deed", metavar="DEED", required=True)
    trail = audit_do.add_parser("verify", help="tell whether the trail and the records agree")
    trail.add_argument("--json", action="store_true", help="say it as JSON")
    _vault_options(trail, required=True)
    told = audit_do.add_parser("export", help="write the trail to a file, without any name")
    told.add_argument("--out", type=Path, required=True, metavar="FILE")
    _vault_options(told, required=True)

    kept = commands.add_parser("backup", help="make a backup beside the records, or check one")
    kept.add_argument("--check", metavar="NAME", help="check this backup instead")
    _vault_options(kept, required=True)

    back = commands.add_parser("restore", help="put a backup back; the old records stay beside")
    back.add_argument("backup", type=Path, metavar="BACKUP", help="the folder with backup.json")
    _vault_options(back, required=True)

    key = commands.add_parser("change-key", help="change the key that everything is encrypted with")
    key.add_argument("--look", action="store_true", help="only say whether a change is owed")
    key.add_argument(
        "--second", metavar="NAME", help="the other administrator; their password follows"
    )
    _vault_options(key, required=True)

    ca = commands.add_parser("school-ca", help="write the school's public certificate to a file")
    ca.add_argument("--out", type=Path, required=True, metavar="FILE")
    _vault_options(ca, required=True)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, as data: a test walks it and compares it with the README."""
    parser = argparse.ArgumentParser(
        prog="bt-desktop",
        description="Exact, sealed, encrypted school incident records.",
        epilog="Exit status: 0 done, 1 a finding, 2 wrong use, 3 cannot tell.",
    )
    parser.add_argument("--version", action="version", version=f"bt-desktop {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    opened = commands.add_parser("open", help="open the window (also without any command)")
    opened.add_argument("--vault", type=Path, metavar="DIR", help="the folder of the records")
    opened.add_argument(
        "--or-demo", type=Path, metavar="DIR", help="without a screen, carry the demo there"
    )

    demo = commands.add_parser("demo", help="carry the example event through, unattended")
    demo.add_argument("--out", type=Path, default=Path("build/demo"), metavar="DIR")
    demo.add_argument(
        "--event-only", action="store_true", help="leave out the two school years around it"
    )

    forms = commands.add_parser("forms", help="check and try form definitions")
    forms_do = forms.add_subparsers(dest="deed", metavar="DEED", required=True)
    check = forms_do.add_parser("check", help="name every fault of form files, with file and line")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE")
    tried = forms_do.add_parser("try", help="evaluate a form with answers, as JSON")
    tried.add_argument("form", metavar="FORM", help="name of a shipped form, or a file")
    tried.add_argument("--pack", metavar="PACK", help="rules of a jurisdiction, such as us-ca")
    tried.add_argument(
        "--answers", required=True, metavar="FILE", help="JSON; - for standard input"
    )
    tried.add_argument("--now", metavar="MOMENT", help="ISO date and time to take for now")

    roster = commands.add_parser("roster", help="look into a school's OneRoster export")
    roster_do = roster.add_subparsers(dest="deed", metavar="DEED", required=True)
    looked = roster_do.add_parser("check", help="preview a roster as JSON, without any vault")
    looked.add_argument("path", type=Path, metavar="PATH", help="CSV folder or zip")

    due = commands.add_parser("deadlines", help="what is due when, for an event told by its facts")
    due.add_argument("--pack", required=True, metavar="PACK", help="such as us-ca")
    due.add_argument("--facts", required=True, metavar="FILE", help="JSON; - for standard input")
    due.add_argument("--calendar", type=Path, metavar="FILE", help=".ics: whole days are days off")
    due.add_argument("--now", metavar="MOMENT", help="say what is late at this ISO date and time")
    due.add_argument("--json", action="store_true", help="say it as JSON")

    verify = commands.add_parser("verify", help="tell whether a PDF is a genuine, unchanged copy")
    verify.add_argument("file", type=Path, nargs="?", metavar="FILE.pdf")
    verify.add_argument(
        "--code", metavar="TEXT", help="the scanned text of a square code, with --vault"
    )
    verify.add_argument("--ca", type=Path, metavar="FILE", help="the school's certificate (PEM)")
    verify.add_argument("--json", action="store_true", help="say it as JSON")
    verify.set_defaults(wrong_use=verify.error)
    _vault_options(verify)

    _of_the_vault(commands)
    return parser


def _dispatch(args: argparse.Namespace) -> int:
    if args.command in (None, "open"):
        from bt_desktop.cli.window import open_window

        return open_window(getattr(args, "vault", None), getattr(args, "or_demo", None))
    if args.command == "demo":
        from bt_desktop.cli.demo import run_demo

        return run_demo(args.out, event_only=args.event_only)
    if args.command == "roster":
        from bt_desktop.cli.roster import check_roster

        return check_roster(args.path)
    if args.command in ("forms", "deadlines"):
        return _without_vault(args)
    return _with_vault(args)


def _with_vault(args: argparse.Namespace) -> int:
    """What may open one."""
    from bt_desktop.cli import vault

    if args.command == "verify":
        return vault.verify_copy(args)
    if args.command == "audit":
        return vault.export_audit(args) if args.deed == "export" else vault.verify_audit(args)
    if args.command in ("backup", "restore"):
        from bt_desktop.cli import backup

        return backup.restore(args) if args.command == "restore" else backup.make(args)
    if args.command == "change-key":
        from bt_desktop.cli import keys

        return keys.change_key(args)
    return vault.write_school_ca(args)


def _without_vault(args: argparse.Namespace) -> int:
    """Forms and rules, tried without any vault."""
    if args.command == "deadlines":
        from bt_desktop.cli.deadlines import run_deadlines

        return run_deadlines(args)
    from bt_desktop.cli import forms

    if args.deed == "check":
        return forms.check(args.files)
    return forms.try_form(args.form, args.pack, args.answers, args.now)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. Known errors become one sentence and a remedy."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0].partition("=")[0] in ("--vault", "--or-demo"):
        words.insert(0, "open")  # `bt-desktop --vault DIR` opens the window
    args = build_parser().parse_args(words)
    try:
        return _dispatch(args)
    except KnownError as e:
        print(f"{e.sentence}\n{e.remedy}", file=sys.stderr)
        return WRONG_USE if isinstance(e, WrongUse) or e.code in _WRONG_USE else CANNOT_TELL
    except BrokenPipeError:  # `| head` closed our output: nobody is reading, nothing is wrong
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return CANNOT_TELL
    except Exception as e:
        if os.environ.get("BT_DESKTOP_DEBUG"):
            raise
        print(f"A fault in the program stopped this ({_place(e)}). Nothing saved is lost.\n"
              "Please report it with that place; it names no person.", file=sys.stderr)  # fmt: skip
        return CANNOT_TELL


def _place(problem: BaseException) -> str:
    """Kind and place of a fault, never its text: that can hold a name."""
    step = problem.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    where = f" at {Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}" if step else ""
    return f"{type(problem).__name__}{where}"
