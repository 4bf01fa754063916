"""`bt-desktop roster check`: the preview of a roster, without a vault."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bt_desktop.cli import DONE, WRONG_USE
from bt_desktop.services.roster_import import NotARoster, preview_json


def check_roster(path: Path) -> int:
    """Print the preview as JSON; 0 whenever it could be read, whatever problems it lists."""
    try:
        preview = preview_json(path)
    except NotARoster as e:
        print(f"{e.sentence}\n{e.remedy}", file=sys.stderr)
        return WRONG_USE
    print(json.dumps(preview, ensure_ascii=False, indent=2))
    return DONE
