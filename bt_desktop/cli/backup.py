"""`backup` and `restore`: the same as in the window, for a computer that has none."""

from __future__ import annotations

import argparse
import sys

from bt_desktop.cli import DONE, FINDING
from bt_desktop.cli.vault import opened, password_of, user_id_of
from bt_desktop.cli.waiting import shown
from bt_desktop.clock import SystemClock
from bt_desktop.security.backup import BackupDamaged, BackupNewer
from bt_desktop.services import restore as restoring


def make(args: argparse.Namespace) -> int:
    """Make a backup, or check one: 0 it is whole, 1 it is not."""
    with opened(args) as workspace:
        if args.check is None:
            with shown("Making the backup") as progress:
                made = workspace.backups.make(progress)
            print(f"Backup {made.name}: {made.size / 1e6:.1f} MB, checked.")
            print(f"It lies in {workspace.backups.folder}.")
            return DONE
        try:
            with shown("Checking the backup") as progress:
                manifest = workspace.backups.verify(args.check, progress)
        except (BackupDamaged, BackupNewer) as problem:
            print(problem, file=sys.stderr)
            return FINDING
    counts = ", ".join(f"{count} {name}" for name, count in sorted(manifest.counts.items()))
    print(f"Whole and unchanged: {counts}.".replace("_", " "))
    return DONE


def restore(args: argparse.Namespace) -> int:
    """Put a backup back. 0 done; 1 it is damaged; what lay there is named and stays."""
    user = user_id_of(restoring.people(args.backup), args.user)
    password = password_of(args.password_stdin)
    try:
        with shown("Putting the backup back") as progress:
            told = restoring.restore(
                args.backup, args.vault, user, password, SystemClock(), progress=progress
            )
    except (BackupDamaged, BackupNewer) as problem:
        print(problem, file=sys.stderr)
        return FINDING
    print(f"The records are as they were on {told.manifest.made_at:%Y-%m-%d %H:%M} (UTC).")
    if told.aside:
        print(f"What lay there before is kept in {args.vault}: {', '.join(told.aside)}.")
    print("Passwords are those of that time. Check it: bt-desktop audit verify.")
    return DONE
