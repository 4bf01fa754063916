"""`change-key`: another key for the records, on a computer that has no window open."""

from __future__ import annotations

import argparse
import sys

from bt_desktop import paths
from bt_desktop.cli import CANNOT_TELL, DONE, FINDING
from bt_desktop.cli.vault import opened, password_of
from bt_desktop.cli.waiting import shown
from bt_desktop.one_at_a_time import OneAtATime
from bt_desktop.services.key_owed import WORDS
from bt_desktop.services.results.export import Second


def change_key(args: argparse.Namespace) -> int:
    """Change the key, or say whether it is to be changed. 0 done; 1 a change is owed (`--look`).

    The password comes first; where there is a second administrator (`--second`), theirs follows.
    """
    only = OneAtATime(args.vault, paths.settings_dir())
    if not only.hold():
        print("The window has these records open: close it first.", file=sys.stderr)
        return CANNOT_TELL
    try:
        with opened(args) as workspace:
            standing = workspace.key_change.standing()
            if args.look:
                owed = standing.owed
                print(WORDS[owed.why] if owed is not None else "No change is owed.")
                return DONE if owed is None else FINDING
            named = {name.casefold(): user for user, name in standing.seconds}
            second = None
            if args.second is not None:
                user = named.get(args.second.strip().casefold(), "")
                second = Second(user, password_of(args.password_stdin))
            with shown("Changing the key") as progress:
                told = workspace.key_change.change(second, progress)
    finally:
        only.release()
    print("The key is changed. Everybody signs in with the same password as before.")
    if told.no_backup:
        print(f"The backup after it could not be made: {told.no_backup}", file=sys.stderr)
    return DONE
