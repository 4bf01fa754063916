"""Where a vault must not lie: synced folders and network drives corrupt databases (SQLite docs)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from bt_desktop.services.problems import PlaceRefused

_SYNCED = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "my drive",
    "icloud drive",
    "iclouddrive",
    "mobile documents",  # where macOS keeps iCloud Drive
    "cloudstorage",  # where macOS keeps every file provider
    "box sync",
    "nextcloud",
    "owncloud",
    "pcloud",
    "megasync",
)
_SYNC_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_SYNC_MARKS = (".dropbox", ".dropbox.cache", ".owncloudsync.log", ".sync.ffs_db")
_NETWORK = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "afpfs",
        "webdav",
        "davfs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.davfs2",
        "fuse.gvfsd-fuse",
        "fuse.onedriver",
        "fuse.google-drive-ocamlfuse",
    ]
)
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


def refuse_unsafe(
    folder: Path,
    *,
    environ: Mapping[str, str] | None = None,
    mounts: str | None = None,
) -> None:
    """Raise PlaceRefused when the folder is synced or on a network drive.

    `environ` and `mounts` (the text of `/proc/mounts`) are the computer's own unless given.
    """
    place = folder.expanduser().absolute()
    if _is_synced(place, os.environ if environ is None else environ):
        raise PlaceRefused(
            "place-synced",
            "This folder is kept in step with a cloud drive, which can damage the records.",
        )
    if _is_network(place, mounts):
        raise PlaceRefused(
            "place-network",
            "This folder is on a network drive, where the records can be damaged.",
        )


def _is_synced(place: Path, environ: Mapping[str, str]) -> bool:
    roots = [Path(environ[name]) for name in _SYNC_VARIABLES if environ.get(name)]
    if any(place.is_relative_to(root) for root in roots):
        return True
    if any(_names_a_cloud(part) for part in place.parts):
        return True
    return any((above / mark).exists() for above in place.parents for mark in _SYNC_MARKS)


def _names_a_cloud(part: str) -> bool:
    """`OneDrive`, `OneDrive - Maple Creek USD`, `Dropbox (Personal)`, but not `dropboxes`."""
    low = part.casefold()
    return any(
        low == name or (low.startswith(name) and low[len(name)] in " -_(") for name in _SYNCED
    )


def _is_network(place: Path, mounts: str | None) -> bool:
    if str(place).startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":  # pragma: no cover - Windows only
        import ctypes

        windll = getattr(ctypes, "windll")  # noqa: B009 - absent on the type-checking platform
        return bool(windll.kernel32.GetDriveTypeW(place.anchor) == _REMOTE_DRIVE)
    return _kind_of_mount(place, _read_mounts() if mounts is None else mounts) in _NETWORK


def _read_mounts() -> str:
    try:
        return Path("/proc/mounts").read_text("utf-8", "replace")
    except OSError:
        return ""


def _kind_of_mount(place: Path, mounts: str) -> str:
    """The file system of the deepest mount point above `place`; empty where unknown."""
    best, kind = -1, ""
    for point, name in _mount_points(mounts.splitlines()):
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), name
    return kind


def _mount_points(lines: Iterable[str]) -> Iterable[tuple[Path, str]]:
    for line in lines:
        fields = line.split()
        if len(fields) >= 3:
            # The kernel writes a space in a path as \040.
            yield Path(fields[1].replace("\\040", " ")), fields[2].casefold()
