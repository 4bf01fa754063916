"""Looks for names and words of a report in raw bytes, however they may be written there."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

SHORTEST = 5  # shorter words stand in random bytes by chance; they are looked for with a neighbor
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "latin-1", "cp1252", "cp437")


def without_accents(text: str) -> str:
    """ł, đ and every combining accent gone."""
    split = unicodedata.normalize("NFKD", text.translate(str.maketrans("łŁđĐøØ", "lLdDoO")))
    return "".join(c for c in split if not unicodedata.combining(c))


def spellings(word: str) -> set[bytes]:
    """Every way in which a word may lie in a file, in lower case."""
    forms = {word, without_accents(word), unicodedata.normalize("NFD", word)}
    found: set[bytes] = set()
    for form in {f for f in forms for f in (f, f.lower())}:
        for encoding in ENCODINGS:
            found.add(form.encode(encoding, "ignore"))
        for escaped in (json.dumps(form)[1:-1], quote(form), html.escape(form), ascii(form)[1:-1],
                        form.encode("ascii", "xmlcharrefreplace").decode()):  # fmt: skip
            found.add(escaped.encode("utf-8"))
    return {lowered(f) for f in found if len(f) >= SHORTEST}


def lowered(data: bytes) -> bytes:
    """ASCII letters in lower case; every other byte as it is."""
    return data.lower()


def words_of(text: str) -> set[str]:
    """The distinctive words of a text: six letters and more."""
    return {w for w in re.findall(r"[^\W\d_]{6,}", text)}


def names_of(given: str, family: str) -> set[str]:
    """A name's parts and wholes that are long enough to mean something."""
    whole = {f"{given} {family}", f"{family} {given}", f"{family}, {given}"}
    parts = {p for name in (given, family) for p in (name, *re.split(r"[ \-']", name))}
    return {n for n in whole | parts if len(n) >= SHORTEST}


def every_file(*folders: Path) -> dict[Path, bytes]:
    """All that lies in these folders, names of files and folders included."""
    found: dict[Path, bytes] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder)).encode()
            try:
                body = path.read_bytes() if path.is_file() else b""
            except FileNotFoundError:
                continue  # gone in between: a temporary of this moment
            found[path] = name + b"\n" + body
    return found


def found_in(files: dict[Path, bytes], words: Iterable[str]) -> list[str]:
    """`file: word` for each word that stands readable in a file."""
    wanted = {word: spellings(word) for word in words}
    hits = []
    for path, data in files.items():
        low = lowered(data)
        hits += [
            f"{path.name}: {w}" for w, forms in wanted.items() if any(_is_in(low, f) for f in forms)
        ]
    return hits


def _is_in(data: bytes, form: bytes) -> bool:
    """Whether it stands there; seven letters or fewer only where no letter stands beside them:
    keys in base64 spell each name of five letters once in some thousand runs."""
    if form not in data:
        return False
    if len(form) > 7 or not form.isalpha():
        return True
    return re.search(rb"(?<![a-z0-9+/])" + form + rb"(?![a-z0-9+/])", data) is not None
