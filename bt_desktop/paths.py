"""Where things lie: shipped data, and the folder of this computer's records."""

from __future__ import annotations

import os
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def _data(name: str) -> Path:
    """Shipped data lies in `_data/` of an installed wheel, beside the package in a checkout."""
    installed = _HERE / "_data" / name
    return installed if installed.is_dir() else _HERE.parent / name


def forms_dir() -> Path:
    """The folder of the form definitions (`restraint.yaml`, `choices.yaml`, `packs/`)."""
    return _data("forms")


def resources_dir() -> Path:
    """The folder of style, icons and other shipped resources."""
    return _data("resources")


def manual_dir() -> Path:
    """The folder of the manual: its chapters as Markdown, and their pictures."""
    installed = _HERE / "_data" / "manual"
    return installed if installed.is_dir() else _HERE.parent / "docs" / "manual"


def _home() -> Path | None:
    """`BT_DESKTOP_HOME` moves everything of this computer into one folder (portable use, tests)."""
    named = os.environ.get("BT_DESKTOP_HOME")
    return Path(named) if named else None


def default_vault_dir() -> Path:
    """The vault of this computer's user, in local application data (never a synced folder)."""
    if home := _home():
        return home / "vault"
    from platformdirs import user_data_path  # deferred: not needed by the engine or the tests

    return user_data_path("bt_desktop", appauthor=False, roaming=False) / "vault"


def settings_dir() -> Path:
    """The folder of what this computer remembers (window size, pinned school CA); no records."""
    if home := _home():
        return home / "settings"
    from platformdirs import user_config_path  # deferred: not needed by the engine or the tests

    return user_config_path("bt_desktop", appauthor=False, roaming=False)
