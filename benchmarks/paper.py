"""Paper against its floor: raw reportlab and raw pyHanko making the same pages.

`python -m benchmarks.paper [COPIES]`; 1,000 parent copies unless a number is given. Times are
processor time, so that a busy machine does not count.
"""

from __future__ import annotations

import io
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from xml.sax.saxutils import escape

import segno
from asn1crypto import keys, pem
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from benchmarks._row import quick, row
from bt_desktop.form_engine import load_form
from bt_desktop.paper import fonts
from bt_desktop.paper.content import (
    Block,
    Fields,
    Grid,
    Heading,
    Narrative,
    Signed,
    Span,
    Title,
    Whole,
)
from bt_desktop.paper.notice import Reader, notice
from bt_desktop.paper.notice_papers import shipped_papers
from bt_desktop.paper.parent_copy import parent_copy
from bt_desktop.paper.report import school_blocks, school_copy
from bt_desktop.paper.seal import Authority, make_school_authority, seal
from bt_desktop.paper.verify import verify
from bt_desktop.services.notices_due import joined_pages
from tests.paper import story

ROUNDS = 3 if quick() else 15
COPIES = 20 if quick() else 1000
BESIDE = 20
"""Copies made between two looks at one alone."""
MADE = story.at(9, 40, day=13)


def timed(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median of each work's processor time in milliseconds, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began = time.process_time()
            work()
            taken[name].append((time.process_time() - began) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


# --- the floor -----------------------------------------------------------------------------------


def _markup(rich: object) -> str:
    """Rich text as reportlab's tags, as one would write them by hand."""
    if not isinstance(rich, tuple):
        return escape(str(rich)).replace("\n", "<br/>")
    made = []
    for span in rich:
        words = escape(span.text).replace("\n", "<br/>")
        words = f"<b>{words}</b>" if span.bold else words
        words = f"<i>{words}</i>" if span.italic else words
        made.append(f'<font size="8" color="#4A535E">{words}</font>' if span.small else words)
    return "".join(made)


def _noted(label: str, note: str) -> tuple[Span, ...]:
    return (Span(label), Span("  " + note, small=True)) if note else (Span(label),)


def _raw_flowables(
    blocks: list[Block], text: ParagraphStyle, bold: ParagraphStyle
) -> list[Flowable]:
    made: list[Flowable] = []
    line = ("LINEBELOW", (0, 0), (-1, -1), 0.5, "#BFC7D0")

    def paragraph(words: object, style: ParagraphStyle = text) -> Paragraph:
        return Paragraph(_markup(words), style)

    for block in blocks:
        match block:
            case Title(words, lead):
                made += [paragraph(words, bold), paragraph(lead)]
            case Heading(words, note):
                made += [Spacer(0, 12), paragraph(_noted(words, note), bold)]
            case Fields(rows):
                cells = [[paragraph(_noted(r.label, r.note)), paragraph(r.value)] for r in rows]
                made.append(Table(cells, (172, 332), style=[line]))
            case Narrative(words, label, note):
                made += [paragraph(_noted(label, note)), paragraph(words)]
            case Grid(columns, rows):
                cells = [[paragraph(column.head, bold) for column in columns]]
                for n, row in enumerate(rows):
                    cells.append([paragraph(cell) for cell in row])
                    if block.more and block.more[n]:
                        cells.append(["", paragraph(block.more[n]), *[""] * (len(columns) - 2)])
                spans = [
                    ("SPAN", (1, n), (-1, n)) for n, row in enumerate(cells) if len(row) > 1
                    and row[0] == ""
                ]  # fmt: skip
                shares = sum(column.share for column in columns)
                widths = [504 * column.share / shares for column in columns]
                made.append(Table(cells, widths, repeatRows=1, style=[line, *spans]))
            case Signed(_, name, lines, small):
                made += [Spacer(0, 40), *map(paragraph, (name, *lines, *small))]
            case Whole(parts):
                made += [KeepTogether(_raw_flowables(list(parts), text, bold))]
    return made


def _raw_foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """Head, foot and square code, drawn by hand on each page."""
    canvas.setFont(fonts.BOLD, 11)
    canvas.drawString(54, 730, "Maple Creek Elementary")
    canvas.drawRightString(558, 730, "BER-2026-0001")
    canvas.line(54, 720, 558, 720)
    canvas.setFont(fonts.REGULAR, 8.5)
    canvas.drawString(54, 51, f"BER-2026-0001 · copy 1 · page {document.page}")
    canvas.drawString(54, 40, "Sealed by the school.")
    if document.page == 1:
        canvas.beginForm("code", 0, 0, 62, 62)
        matrix = segno.make_qr(story.PAYLOAD, error="m", boost_error=False).matrix
        size = 62 / len(matrix)
        path = canvas.beginPath()
        for y, row in enumerate(matrix):
            for x, dark in enumerate(row):
                if dark:
                    path.rect(x * size, 62 - y * size, size, size)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.endForm()
    canvas.saveState()
    canvas.translate(496, 40)
    canvas.doForm("code")
    canvas.restoreState()


def raw_pages(blocks: list[Block]) -> bytes:
    """The same pages with reportlab alone, written by hand for this one report."""
    fonts.ready()
    text = ParagraphStyle("text", fontName=fonts.REGULAR, fontSize=10.5, leading=14)
    bold = ParagraphStyle("bold", fontName=fonts.BOLD, fontSize=12.5, leading=16)
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=LETTER, leftMargin=54, rightMargin=54, topMargin=80, bottomMargin=112
    ).build(_raw_flowables(blocks, text, bold), onFirstPage=_raw_foot, onLaterPages=_raw_foot)
    return out.getvalue()


def raw_signer(authority: Authority) -> signers.SimpleSigner:
    """pyHanko's own signer with the school's key."""

    def der(data: bytes) -> bytes:
        return bytes(pem.unarmor(data)[2])

    store = SimpleCertificateStore()
    store.register(asn1.Certificate.load(der(authority.ca_cert_pem)))
    return signers.SimpleSigner(
        asn1.Certificate.load(der(authority.seal_cert_pem)),
        keys.PrivateKeyInfo.load(der(authority.seal_key_pem)),
        store,
    )


def raw_seal(pdf: bytes, signer: signers.SimpleSigner) -> bytes:
    """The PDF signed as pyHanko's documentation shows."""
    metadata = signers.PdfSignatureMetadata(
        field_name="SchoolSeal",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        md_algorithm="sha256",
    )
    out: bytes = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=signer
    ).getvalue()
    return out


# --- ours ----------------------------------------------------------------------------------------


def memory() -> float:
    """The most memory this process has held so far, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _one_alone(make: Callable[[], object], line: Connection) -> None:
    """The other process: makes one whenever it is asked to, and tells how long it took."""
    while line.recv():
        line.send(timed({"one": make}, 3)["one"])


def many(what: str, make: Callable[[], object], copies: int) -> float:
    """As many copies, each against one alone: made, in between, by a process that made few before.

    Both are measured at the same moments, since a shared machine is now quick and now slow; the
    milliseconds of one alone.
    """
    timed({"one": make}, ROUNDS)
    held = memory()
    forked = multiprocessing.get_context("fork")
    line, its_line = forked.Pipe()
    beside = forked.Process(target=_one_alone, args=(make, its_line))
    beside.start()
    taken: list[float] = []
    alone: list[float] = []
    for _ in range(0, copies, BESIDE):
        line.send(True)
        alone.append(line.recv())
        taken += [timed({"one": make}, 1)["one"] for _ in range(BESIDE)]
    line.send(False)
    beside.join()
    each, one = statistics.median(taken), statistics.median(alone)
    row(f"{copies} {what}, each (floor: one alone)", each, one, "ratio 1.00")
    row("  memory after them", memory(), held, "flat", unit="MiB")
    return one


def notices(copies: int, sealed: Callable[[bytes], bytes]) -> None:
    """As many one-page notices: each against one alone, and all of them joined for the printer."""
    paper = next(one for one in shipped_papers() if one.form == "incident")
    document = replace(story.document(), form=load_form("incident", "us-ca"))
    whom = story.mark("parent")
    made: list[bytes] = []

    def one() -> None:
        made[:] = [sealed(notice(paper, document, story.HEAD, whom, "He fell.", Reader("es"))[0])]

    alone = many("notices", one, copies)
    joined = timed({"joined": lambda: joined_pages(made * 20)}, ROUNDS)["joined"]
    row("  20 joined for the printer, each", joined / 20, alone, "none")


def main() -> None:
    """Print each row of the budget with its ratio to the floor."""
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else COPIES
    authority = make_school_authority("Maple Creek Elementary", story.at(7, 40))
    signer = raw_signer(authority)
    document, mark = story.document(), story.mark()
    blocks = school_blocks(document, mark)

    def sealed(pdf: bytes) -> bytes:
        return seal(
            pdf, authority.seal_cert_pem, authority.seal_key_pem, authority.ca_cert_pem, MADE
        )

    def ours() -> bytes:
        return sealed(school_copy(document, story.HEAD, mark))

    def mother() -> bytes:
        whom = story.mark("parent")
        return sealed(parent_copy(document, story.HEAD, whom, story.PARENT_TEXT, story.CONTACT))

    file = ours()
    works = {
        "floor": lambda: raw_seal(raw_pages(blocks), signer),
        "ours": ours,
        "verify": lambda: verify(file, authority.ca_cert_pem),
    }
    timed(works, 2)
    took = timed(works, ROUNDS)
    row("BER built and sealed", took["ours"], took["floor"], "ratio 1.30")
    row(f"  verified, {len(file) // 1000} kB", took["verify"], took["ours"], "none")

    many("parent copies", mother, copies)
    notices(copies, sealed)


if __name__ == "__main__":
    main()
