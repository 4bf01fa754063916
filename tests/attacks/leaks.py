"""Every place of a PDF where a word can hide, read out."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from typing import Any

import pikepdf

from bt_desktop.services.names import fold


def shown(pdf: bytes) -> str:
    """What `pdftotext` reads, on one line."""
    told = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return " ".join(told.stdout.decode().replace("\u00a0", " ").split())


def everything(pdf: bytes) -> str:
    """The text of the pages, and every string, name and stream beside them, folded."""
    found = [shown(pdf), pdf.decode("latin-1")]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert not document.attachments
        with document.open_outline() as outline:
            found += [item.title for item in outline.root]
        for one in document.objects:
            found += _strings(one)
    return fold("\n".join(found))


def _strings(one: Any, depth: int = 0) -> Iterator[str]:
    if depth > 12:
        return
    if isinstance(one, pikepdf.Stream) and "/FontFile2" not in one and "/Length1" not in one:
        data = one.read_bytes()
        yield data.decode("latin-1")
        yield data.decode("utf-16-be", "ignore")
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in one.items():
            yield key
            if not getattr(value, "is_indirect", False):
                yield from _strings(value, depth + 1)
    elif isinstance(one, pikepdf.Array):
        for value in one:
            if not getattr(value, "is_indirect", False):
                yield from _strings(value, depth + 1)
    elif isinstance(one, pikepdf.String | pikepdf.Name | str):
        yield str(one)


def leaks(pdf: bytes, *words: str) -> list[str]:
    """Those of the words that are anywhere in the file, in any case, with or without accents.

    Words of three letters are looked for in the text only: compressed bytes hold every such word.
    """
    whole, text = everything(pdf), fold(shown(pdf))
    joined = "".join(character for character in text if character.isalnum())
    return [
        word
        for word in words
        if fold(word) in text or (len(word) > 3 and fold(word) in whole + joined)
    ]
