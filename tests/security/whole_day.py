"""A day's work in a program of its own, which then locks and looks for its keys in its memory.

`python -m tests.security.whole_day FOLDER USER PASSWORD` prints how often each was found: before
the lock (the search finds what is there), and after it.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

from bt_desktop.clock import SystemClock
from bt_desktop.errors import KnownError
from bt_desktop.services import access
from bt_desktop.services.pin import PinKeeper
from bt_desktop.services.results.people import NewStudent
from tests.desk_keyring import KeyringOnTheDesk
from tests.factory import FAST
from tests.security.memory_search import copies, masked


def main(folder: str, user: str, password: str) -> None:
    """Sign in, work, change the key, lock; then a lock that the PIN opens, and lock again."""
    from bt_desktop.services.computer import ComputerService

    clock, keyring = SystemClock(), KeyringOnTheDesk()
    keeper = PinKeeper(Path(folder), clock, FAST, keyring)
    workspace = access.unlock(Path(folder), user, password, clock, kdf_policy=FAST)
    ComputerService(workspace._context, workspace.held, keyring).look()
    keys = workspace._context.keys
    first = masked(keys.database_key)
    workspace.people.add_student(NewStudent("Ada", "Okoro"))
    workspace.people.search("ada")
    workspace.reauthenticate(password)
    workspace.backups.make()
    workspace.key_change.change()
    second = masked(keys.database_key)
    signing = masked(keys.signing.private_bytes_raw())
    keeper.set(workspace, password, "280417")
    there = [copies(second), copies(signing)]
    workspace.lock()
    again = keeper.unlock("280417")
    with suppress(KnownError):
        again.people.search("ada")
    again.lock()
    kept = (workspace, again, keys)  # the window may hold them: locked they hold no key
    names = [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.exists()]
    told = {
        "there": there,
        "left": [copies(first), copies(second), copies(signing)],
        "files": [name for name in names if name.startswith(folder)],
    }
    print(json.dumps(told))
    assert all(kept)


if __name__ == "__main__":
    main(*sys.argv[1:])
