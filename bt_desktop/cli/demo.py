"""`bt-desktop demo`: the example event, told in plain words while it happens."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bt_desktop.cli import DONE, WRONG_USE
from bt_desktop.demo import Demo, NotADemoFolder, clear


def run_demo(out: Path, *, event_only: bool = False) -> int:
    """Carry the event through into `out`; a demo that lies there already is replaced.

    `event_only` leaves out the two school years around it.
    """
    try:
        clear(out)
    except NotADemoFolder:
        print(f"{out} holds files that no demo left there; name another folder.", file=sys.stderr)
        return WRONG_USE
    print("A child was held at school, another was hit by a book, a technician was bitten.")
    print("What follows is how the school writes it down. Every name is made up.\n")
    told = Demo(out, years=0.0 if event_only else 1.0).tell()
    print(f"\nDone. The record is {told['record']}. In {out}:")
    print("  school-copy.pdf   everything, for the school's file")
    print("  parent-copy.pdf   for the mother: her child, no other")
    print("  mar-controlled.pdf  a month of a controlled medicine, closed and signed")
    print("  mar-prn.pdf       a month of a medicine given as needed")
    print("  medicine-given-notice.pdf  for a mother: what was given, when the next dose may be")
    print("  school-ca.pem     the school's certificate, to check both with")
    around = "" if event_only else ", and two school years of 600 students"
    print(f"  vault             the encrypted records{around}")
    print("  summary.json      record, user and password of this demo vault, digests, seconds")
    program = "bt-desktop" if shutil.which("bt-desktop") else sys.argv[0]
    print(f"\nCheck a copy:  {program} verify {out}/parent-copy.pdf --ca {out}/school-ca.pem")
    print(f"Look around:   {program} open --vault {out}/vault   (as {told['user']})")
    return DONE
