"""Is this PDF a genuine, unchanged copy of ours? Asked with or without an open vault."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bt_desktop import paths
from bt_desktop.errors import KnownError
from bt_desktop.paper import words
from bt_desktop.paper.verify import Verdict, verify
from bt_desktop.services.on_paper import OnPaper
from bt_desktop.services.results.copies import Amended

Kind = Literal["genuine", "amended", "records_older", "changed", "not_ours", "cannot_tell"]

# A copy of a long report with pictures stays far below this; more is refused unread.
MOST_BYTES = 200 * 1024 * 1024
_CA_MOST_BYTES = 64 * 1024


class UnreadableFile(KnownError):
    """The file that should be checked cannot be read at all."""

    def __init__(self) -> None:
        super().__init__(
            "unreadable-file",
            "The file cannot be read.",
            "Look whether it is still there and whether you may open it, then try again.",
        )


@dataclass(frozen=True, slots=True)
class Verification:
    """What may be said of a file: `sentence` says it, `remedy` says what to do next.

    `amended` is what was signed after a genuine copy was made; `trail` how the open records stand
    to the head of their trail that the copy bears.
    """

    kind: Kind
    sentence: str
    remedy: str
    verdict: Verdict | None
    amended: Amended | None = None
    trail: OnPaper | None = None


_REMEDY: dict[Kind, str] = {
    "genuine": "Nothing in it was changed since the school sealed it.",
    "records_older": "The copy is genuine; it is the records here that do not fit it.",
    "amended": "Ask the school for the newest copy; both versions are kept.",
    "changed": "Do not rely on it. Ask the school for a fresh copy.",
    "not_ours": "Ask whoever gave it to you where it came from, and the school for a copy.",
    "cannot_tell": "Get the school's certificate (school-ca.pem) from its office and check again.",
}


def _pins(settings: Path | None) -> Path:
    return (settings or paths.settings_dir()) / "school-certificates"


def pin_ca(pem: bytes, settings: Path | None = None) -> None:
    """Remember a school's certificate on this computer, so that `check` needs none named.

    `pem` is the CA certificate (public). Kept one file a certificate, named by its SHA-256.
    """
    folder = _pins(settings)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{hashlib.sha256(pem).hexdigest()[:32]}.pem"
    if not file.exists():
        file.write_bytes(pem)


def pinned_cas(settings: Path | None = None) -> tuple[bytes, ...]:
    """The school certificates remembered on this computer (PEM), oldest first."""
    folder = _pins(settings)
    if not folder.is_dir():
        return ()
    files = [f for f in folder.glob("*.pem") if f.stat().st_size <= _CA_MOST_BYTES]
    return tuple(f.read_bytes() for f in sorted(files, key=lambda f: f.stat().st_mtime))


def check(
    pdf: bytes,
    cas: tuple[bytes, ...],
    amended: Callable[[Verdict], Amended | None] | None = None,
    trail: Callable[[Verdict], OnPaper | None] | None = None,
) -> Verification:
    """Judge the bytes of a PDF against the school certificates `cas` (PEM).

    `amended` tells, for a genuine copy, what was signed of its record since; it needs an open vault
    and is left out without one; `trail` whether the open records are what the copy saw of them. A
    copy is genuine when one of the certificates says so;
    "changed" by one outweighs "not ours" by another.
    """
    if not cas:
        return Verification(
            "cannot_tell",
            "No school certificate is known on this computer, so this file cannot be checked.",
            _REMEDY["cannot_tell"],
            None,
        )
    order: tuple[Kind, ...] = ("genuine", "changed", "cannot_tell", "not_ours")
    verdict = min((verify(pdf, ca) for ca in cas), key=lambda v: order.index(v.kind))
    genuine = verdict.kind == "genuine"
    seen = trail(verdict) if genuine and trail is not None else None
    if seen is not None and seen.kind in ("older", "other"):
        return Verification(
            "records_older", seen.sentence, f"{_REMEDY['records_older']} {seen.remedy}", verdict,
            trail=seen,
        )  # fmt: skip
    later = amended(verdict) if genuine and amended is not None else None
    if later is not None:
        return Verification("amended", _amended(later), _REMEDY["amended"], verdict, later, seen)
    return Verification(verdict.kind, verdict.sentence, _REMEDY[verdict.kind], verdict, trail=seen)


def _amended(later: Amended) -> str:
    """What the newest amendment did to the record that a copy shows, and when."""
    day = words.long_day(later.at).partition(", ")[2]
    if later.kind == "entered_in_error":
        return f"Genuine; entered in error on {day}: the record was withdrawn since this copy."
    kind = later.kind.replace("_", " ") or "a part was signed anew"
    return f"Genuine; amended on {day} ({kind}): the record was amended since this copy was made."


def read_pdf(file: Path) -> bytes:
    """The bytes of `file`, bounded; raises `UnreadableFile`."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise UnreadableFile
        return file.read_bytes()
    except OSError as e:
        raise UnreadableFile from e
