"""What other programs say of a PDF: poppler and NSS, as anyone outside would run them."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import segno


def run(*command: str | Path, data: bytes | None = None) -> str:
    """The output of a program that must succeed."""
    done = subprocess.run(
        [str(part) for part in command], input=data, capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode("utf-8")


def text(pdf: bytes) -> str:
    """What `pdftotext` reads, spaces as they are laid out."""
    return run("pdftotext", "-layout", "-enc", "UTF-8", "-", "-", data=pdf)


def words(pdf: bytes) -> str:
    """The same in reading order, on one line, every run of space as one."""
    plain = run("pdftotext", "-enc", "UTF-8", "-", "-", data=pdf)
    return " ".join(plain.replace("\u00a0", " ").split())


def square(pdf: bytes) -> list[list[bool]]:
    """The modules of the square code that each page bears, row by row, as they are drawn; [] where
    a page bears none. What they say is for `segno` (its `matrix` is alike)."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        drawn = {
            name: form
            for page in opened.pages
            for name, form in page.Resources.get("/XObject", {}).items()
            if name.endswith(".qr")
        }
        if not drawn or any(n not in p.Resources.XObject for p in opened.pages for n in drawn):
            return []
        [form] = drawn.values()
        side = float(form.BBox[3])
        rects = [
            [float(one) for one in told.operands]
            for told in pikepdf.parse_content_stream(form)
            if str(told.operator) == "re"
        ]
    module = min(high for *_, high in rects)
    count = round(side / module)
    rows = [[False] * count for _ in range(count)]
    for x, y, wide, high in rects:
        row = rows[round((side - y - high) / module)]
        for column in range(round(x / module), round((x + wide) / module)):
            row[column] = True
    return rows


def says_square(pdf: bytes, text: str) -> bool:
    """Whether each page bears the square code of this text."""
    matrix = segno.make_qr(text, error="m", boost_error=False).matrix
    return square(pdf) == [[bool(module) for module in row] for row in matrix]


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return text(pdf).split("\f")[:-1]


def info(pdf: bytes) -> str:
    """What `pdfinfo` says."""
    return run("pdfinfo", "-", data=pdf)


def fonts(pdf: bytes, where: Path) -> list[list[str]]:
    """The rows of `pdffonts`, split at spaces."""
    file = where / "fonts.pdf"
    file.write_bytes(pdf)
    return [line.split() for line in run("pdffonts", file).splitlines()[2:]]


def trust(ca_pem: bytes, where: Path) -> Path:
    """An NSS database that trusts one school's certificate."""
    folder = where / "nss"
    folder.mkdir()
    certificate = where / "ca.pem"
    certificate.write_bytes(ca_pem)
    run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    run("certutil", "-A", "-d", f"sql:{folder}", "-n", "school", "-t", "CT,C,C", "-i", certificate)
    return folder


def signatures(pdf: bytes, nss: Path) -> str:
    """What `pdfsig` says with that database."""
    file = nss.parent / "signed.pdf"
    file.write_bytes(pdf)
    return run("pdfsig", "-nssdir", f"sql:{nss}", file)
