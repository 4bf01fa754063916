"""What other programs say of a PDF: poppler and NSS, as anyone outside would run them."""

from __future__ import annotations

import subprocess
from pathlib import Path


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
