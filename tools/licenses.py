"""The license of everything that travels with the program: docs/licenses.md (`make licenses`).

What a package says about itself is read from its metadata and written as an SPDX expression. A
license that is not known here, or does not fit, stops the making and the tests.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys

from lock_file import ROOT, Locked, read

PAGE = ROOT / "docs" / "licenses.md"
# Free to use and to pass on with the notice kept; MPL asks for changes of its own files only.
FIT = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "OFL-1.1",
    "PSF-2.0",
    "Zlib",
}
# Weak copyleft is taken for these alone, because its conditions are met: see the page's text.
LIBRARY = {"LGPL-3.0-only": {"pyside6-essentials", "pyside6-pdf", "shiboken6"}}
_TEXTS = {
    "Apache 2.0": "Apache-2.0",
    "SIL OFL 1.1": "OFL-1.1",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
}
# Read by a person in the package's own license file, where its metadata does not say it exactly,
# and for what is installed on some computers only (the page is the same on all of them).
TOLD = {
    "backports-tarfile": "MIT",
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "lazy-importer": "Apache-2.0",
    "pywin32-ctypes": "BSD-3-Clause",
    "reportlab": "BSD-3-Clause",
    "secretstorage": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
    "zipp": "MIT",
}
INSIDE = {
    "cryptography": "OpenSSL (Apache-2.0)",
    "lxml": "libxml2, libxslt (MIT)",
    "pillow": "libjpeg-turbo, libpng, zlib, FreeType and others (named in its license file)",
    "pyside6-essentials": "Qt 6 (LGPL-3.0-only)",
    "pyside6-pdf": "Qt PDF (LGPL-3.0-only) with PDFium (BSD-3-Clause, Apache-2.0)",
    "sqlcipher3": "SQLCipher (BSD-3-Clause), SQLite (public domain), OpenSSL (Apache-2.0)",
    "font-source-sans-pro": "the fonts Source Sans Pro, on screen and in every PDF (OFL-1.1)",
}
HEAD = """# Licenses

What travels with bt_desktop, made by `make licenses` from `locks/run.txt` and each package's own
words. A license that is unknown, or not fit to be passed on, stops the tests.

**Qt (PySide6, shiboken6) is taken under the LGPL 3.** What follows from it: Qt is not changed; it
lies in libraries of its own that anybody may replace (installed by pip, that is another PySide6 of
the same series), and nothing may forbid taking the program apart to debug such a replacement.
Whoever freezes the program into an installer keeps Qt as separate files, not as one, and adds this
page and the texts of the LGPL 3 and the GPL 3. No part of Qt that stands under the GPL alone
(Charts, Virtual Keyboard and others) is installed: of PySide6 only *Essentials* and *Pdf* are.

**Fonts.** Source Sans Pro stands under the SIL Open Font License: it may be embedded in documents
and passed on with the program, not sold by itself; a changed font must not carry its name.

**MPL 2.0** (certifi's list of authorities) asks only that changes of its own files are given on.

| Package | Version | License | Carried inside | Where |
| --- | --- | --- | --- | --- |
"""


def said(package: Locked) -> str:
    """The SPDX expression of a package, or an empty string when it says none that is known here."""
    if package.name in TOLD:
        return TOLD[package.name]
    try:
        about = importlib.metadata.metadata(package.name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    if expression := about.get("License-Expression"):
        return expression
    words = [about.get("License") or "", *(about.get_all("Classifier") or [])]
    for word in words:
        if word in _TEXTS or fits(package.name, word):
            return _TEXTS.get(word, word)
    return ""


def fits(name: str, expression: str) -> bool:
    """Whether a package under this SPDX expression may travel with the program."""
    allowed = FIT | {one for one, names in LIBRARY.items() if name in names}

    def every(part: str) -> bool:
        return all(one.strip() in allowed for one in re.split(r"\s+AND\s+", part.strip()))

    return any(every(part) for part in re.split(r"\s+OR\s+", expression))


def page(packages: list[Locked]) -> str:
    """The page. Raises ValueError with every package whose license is unknown or unfit."""
    rows, wrong = [], []
    for one in packages:
        expression = said(one)
        if not expression or not fits(one.name, expression):
            wrong.append(f"{one.name} {one.version}: {expression or 'no license that is known'}")
        where = f"`{one.where}`" if one.where else "everywhere"
        inside = INSIDE.get(one.name, "")
        rows.append(f"| {one.name} | {one.version} | {expression} | {inside} | {where} |")
    if wrong:
        raise ValueError("; ".join(wrong))
    return HEAD + "\n".join(rows) + "\n"


def main() -> int:
    """Write the page; 1 when a license does not fit."""
    try:
        PAGE.write_text(page(read("run")), "utf-8")
    except ValueError as wrong:
        print(f"Not fit to travel with the program: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
