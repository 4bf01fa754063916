"""The page around the blocks: head, foot with the copy's mark and QR, DRAFT, and the PDF itself.

Letter, margins of 0.75 in. Same blocks, same mark: same bytes (`invariant`). The document's
title is its number and never a name; a file's properties are read by anyone who finds it.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFInfo, PDFString
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from bt_desktop.paper import blocks as b
from bt_desktop.paper import fonts, words
from bt_desktop.paper.content import Block
from bt_desktop.paper.document import CopyMark, Letterhead
from bt_desktop.paper.letter import SIZES, Letter
from bt_desktop.paper.letter import flow as letter_flow
from bt_desktop.paper.marks import Marks
from bt_desktop.paper.shape import LYING, UPRIGHT, Shape

_INK, _MUTED, _HAIR = HexColor("#14181D"), HexColor("#4A535E"), HexColor("#BFC7D0")
_DRAFT = HexColor("#E4E7EA")

QR_SIZE = 62.4
"""Points (22 mm): the smallest at which 163 characters at level M scan well from paper."""

SMALL_QR = QR_SIZE * 41 / 53
"""Points: a code of at most 41 modules (a head of the trail alone), in modules of that size."""

_EDGE = 18.0
"""Points (0.25 in): what no office printer prints on, at the lower edge."""

_LARGEST, _DIAGONAL = 150.0, 800.0
"""Points: the size of what lies across a page, and how long it may be from corner to corner."""

_FOOT_SIZE, _FOOT_LEADING = 8.5, 11.0
_HEAD_LATER, _HEAD_SIZE = 26.0, 11.5
_ABOVE_SIZE = 10.5
_COUNT, _QR = "pages", "qr"
_LOGO_PIXELS = 20_000_000

# reportlab's fonts count what each document uses of them; two builds at once would mix it up.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one paper is called: `title` goes into the PDF (no names), the rest on its pages.

    `above` stands over the head of every page, in the margin: what must not be overlooked.
    `across` lies pale across every page, under everything else.
    """

    title: str
    head_right: tuple[str, ...] = ()
    running: str = ""
    foot: str = ""
    record_number: str | None = None
    record_digest: str = ""
    above: str = ""
    across: str = ""


def build(
    blocks: Sequence[Block],
    head: Letterhead,
    mark: CopyMark,
    sheet: Sheet,
    lang: str = "en-US",
    shape: Shape = UPRIGHT,
) -> bytes:
    """The PDF of these blocks. Deterministic; reads nothing but the fonts; no temporary file.

    `shape` is how its first page lies.
    """
    return _built(lambda: b.flow(blocks, shape), head, mark, sheet, lang, shape)[0]


def build_letter(
    letter: Sequence[Letter],
    head: Letterhead,
    mark: CopyMark,
    sheet: Sheet,
    lang: str = "en-US",
    sizes: Sequence[float] = SIZES,
) -> tuple[bytes, int]:
    """The PDF of a letter, in the largest type in which it is one page, and its count of pages."""
    made = (b"", 0)
    for size in sizes:
        made = _built(partial(letter_flow, letter, size), head, mark, sheet, lang)
        if made[1] == 1:
            break
    return made


def _built(
    flow: Callable[[], list[Any]],
    head: Letterhead,
    mark: CopyMark,
    sheet: Sheet,
    lang: str,
    shape: Shape = UPRIGHT,
) -> tuple[bytes, int]:
    """A PDF and its count of pages."""
    with _ONE_AT_A_TIME:
        fonts.ready()
        out = io.BytesIO()
        page = _Page(head, mark, sheet)
        template = BaseDocTemplate(
            out,
            pagesize=(shape.wide, shape.high),
            title=sheet.title,
            author=head.school_name,
            subject="",
            creator="bt_desktop",
            producer="bt_desktop",
            keywords="",
            invariant=1,
            pageCompression=1,
            initialFontName=fonts.REGULAR,
            initialFontSize=10.5,
            initialLeading=14,
            lang=lang,
            displayDocTitle=1,
        )
        template.addPageTemplates(page.templates(shape))
        template.build(flow(), canvasmaker=page.canvas)
        return out.getvalue(), template.page


class _Info(PDFInfo):  # type: ignore[misc]  # reportlab has no types
    """The document information: the copy's moment instead of the computer's, and our marks."""

    def __init__(self, at: datetime, marks: Marks) -> None:
        super().__init__()
        self._at, self._marks = at, marks

    def format(self, document: Any) -> bytes:
        entries = {
            "Title": PDFString(self.title),
            "Author": PDFString(self.author),
            "Creator": PDFString(self.creator),
            "Producer": PDFString(self.producer),
            "CreationDate": PDFString(_pdf_date(self._at)),
            "ModDate": PDFString(_pdf_date(self._at)),
        }
        entries |= {key: PDFString(text) for key, text in self._marks.entries().items()}
        formatted: bytes = PDFDictionary(entries).format(document)
        return formatted


def _pdf_date(at: datetime) -> str:
    offset = at.strftime("%z") or "+0000"
    return f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"


class _Canvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that knows, once all pages are drawn, how many they are."""

    def save(self) -> None:
        """The count of pages is a picture that every foot has already referred to."""
        count = str(self.getPageNumber() - 1)
        self.beginForm(_COUNT)
        self.setFont(fonts.REGULAR, _FOOT_SIZE)
        self.setFillColor(_MUTED)
        self.drawString(0, 0, count)
        self.endForm()
        super().save()


class _Page:
    """Draws what stands around the blocks on each page of one sheet."""

    def __init__(self, head: Letterhead, mark: CopyMark, sheet: Sheet) -> None:
        self._head, self._mark, self._sheet = head, mark, sheet
        self._logo = _logo(head.logo)
        self._qr = _qr(mark.qr_payload) if mark.qr_payload else None
        small = self._qr is not None and len(self._qr.matrix) <= 41
        self._side = 0.0 if self._qr is None else SMALL_QR if small else QR_SIZE

    def canvas(self, *args: Any, **kwargs: Any) -> _Canvas:
        """The canvas of this sheet (`canvasmaker` of reportlab), with our document information."""
        made = _Canvas(*args, **kwargs)
        mark, sheet = self._mark, self._sheet
        marks = Marks(
            record_number=sheet.record_number,
            copy_number=mark.copy_number or None,
            record_digest=sheet.record_digest,
            audit_head=mark.audit_head,
            audit_seq=mark.audit_seq,
        )
        made._doc.info = _Info(mark.made_at, marks)
        return made

    def templates(self, first: Shape) -> list[PageTemplate]:
        """The first page with the school's head, and all later ones with a running line.

        Later pages are named as their shape is: what turns the paper asks for one by that name.
        """
        logo = 10 if self._logo else 0
        head = first.top - first.head - logo
        made = [
            PageTemplate(
                "first",
                [_frame(first, self._above_foot(first), head)],
                onPage=partial(self._first, first),
                autoNextPageTemplate=first.name,
                pagesize=(first.wide, first.high),
            )
        ]
        for shape in (UPRIGHT, LYING):
            frame = _frame(shape, self._above_foot(shape), shape.top - _HEAD_LATER)
            size = (shape.wide, shape.high)
            on = partial(self._later, shape)
            made.append(PageTemplate(shape.name, [frame], onPage=on, pagesize=size))
        return made

    def _above_foot(self, shape: Shape) -> float:
        """The lowest line of what stands on the page."""
        foot = max(self._code_at(shape) + self._side, shape.foot + 2 * _FOOT_LEADING)
        return foot + shape.gap

    def _code_at(self, shape: Shape) -> float:
        """The lower edge of the square code: a small one stands deeper, for the text's sake."""
        return shape.foot if self._side == QR_SIZE else min(shape.foot, _EDGE)

    def _first(self, shape: Shape, canvas: Canvas, _: BaseDocTemplate) -> None:
        self._under(shape, canvas)
        left, top = shape.margin, shape.top
        if self._logo:
            left += _draw_logo(canvas, self._logo, left, top) + 10
        head = self._head
        width = shape.right - left
        right = self._sheet.head_right
        if right:
            width -= max(stringWidth(t, fonts.BOLD, _HEAD_SIZE) for t in map(_shown, right)) + 18
        _line(canvas, left, top - 11, head.school_name, fonts.BOLD, _HEAD_SIZE, width)
        where = " · ".join(filter(None, (head.address, head.phone)))
        _line(canvas, left, top - 26, where, fonts.REGULAR, 10, width, _MUTED)
        for number, text in enumerate(right[:2]):
            canvas.setFont(fonts.BOLD, _HEAD_SIZE - number * 0.5)
            canvas.setFillColor(_INK)
            canvas.drawRightString(shape.right, top - 11 - 15 * number, _shown(text))
        y = top - 36 - (10 if self._logo else 0)
        canvas.setStrokeColor(_INK)
        canvas.setLineWidth(1.2)
        canvas.line(shape.margin, y, shape.right, y)
        self._draw_foot(shape, canvas)

    def _later(self, shape: Shape, canvas: Canvas, _: BaseDocTemplate) -> None:
        self._under(shape, canvas)
        running = self._sheet.running
        school = _shown(self._head.school_name)
        school = _cut(school, fonts.REGULAR, 9, shape.width / 2 - 2)
        canvas.setFont(fonts.REGULAR, 9)
        canvas.setFillColor(_MUTED)
        y = shape.top - 8
        canvas.drawRightString(shape.right, y, school)
        free = shape.width - stringWidth(school, fonts.REGULAR, 9) - 16
        _line(canvas, shape.margin, y, running, fonts.REGULAR, 9, free, _MUTED)
        canvas.setStrokeColor(_HAIR)
        canvas.setLineWidth(0.5)
        canvas.line(shape.margin, y - 6, shape.right, y - 6)
        self._draw_foot(shape, canvas)

    def _under(self, shape: Shape, canvas: Canvas) -> None:
        """What stands above the head; DRAFT (or that it was entered in error), under everything
        else, pale enough to read through."""
        if self._sheet.above:
            canvas.setFont(fonts.BOLD, _ABOVE_SIZE)
            canvas.setFillColor(_INK)
            canvas.drawCentredString(shape.wide / 2, shape.top + 14, _shown(self._sheet.above))
        across = "DRAFT" if self._mark.draft else self._sheet.across
        if not across:
            return
        size = min(_LARGEST, _LARGEST * _DIAGONAL / stringWidth(across, fonts.BOLD, _LARGEST))
        canvas.saveState()
        canvas.setFillColor(_DRAFT)
        canvas.setFont(fonts.BOLD, size)
        canvas.translate(shape.wide / 2, shape.high / 2)
        canvas.rotate(52 if shape.high > shape.wide else 38)
        canvas.drawCentredString(0, -size / 3, across)
        canvas.restoreState()

    def _draw_foot(self, shape: Shape, canvas: Canvas) -> None:
        mark, sheet = self._mark, self._sheet
        parts = [_shown(sheet.title)]
        if mark.copy_number:
            parts.append(f"copy {mark.copy_number} of {words.moment(mark.made_at)}")
        else:
            parts.append(words.moment(mark.made_at))
        text = " · ".join([*parts, f"page {canvas.getPageNumber()} of "])
        left, upper = shape.margin, shape.foot + _FOOT_LEADING
        canvas.setFont(fonts.REGULAR, _FOOT_SIZE)
        canvas.setFillColor(_MUTED)
        canvas.drawString(left, upper, text)
        canvas.saveState()
        canvas.translate(left + stringWidth(text, fonts.REGULAR, _FOOT_SIZE), upper)
        canvas.doForm(_COUNT)
        canvas.restoreState()
        canvas.setFont(fonts.REGULAR, _FOOT_SIZE)
        canvas.drawString(left, shape.foot, _shown(sheet.foot))
        if self._qr:
            self._draw_qr(shape, canvas, self._qr)

    def _draw_qr(self, shape: Shape, canvas: Canvas, code: segno.QRCode) -> None:
        """The code as a picture drawn once and referred to from every page."""
        if not canvas.hasForm(_QR):
            canvas.beginForm(_QR, 0, 0, self._side, self._side)
            _draw_modules(canvas, code, self._side)
            canvas.endForm()
        canvas.saveState()
        canvas.translate(shape.right - self._side, self._code_at(shape))
        canvas.doForm(_QR)
        canvas.restoreState()


def _frame(shape: Shape, bottom: float, top: float) -> Frame:
    return Frame(
        shape.margin,
        bottom,
        shape.width,
        top - bottom,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )


def _shown(text: str) -> str:
    return fonts.printable(text)


def _cut(text: str, font: str, size: float, width: float) -> str:
    """One line of the head has its width: a longer text ends in an ellipsis there.

    The whole text stands in the record; only repeated heads are ever shortened.
    """
    if stringWidth(text, font, size) <= width:
        return text
    while text and stringWidth(text + "…", font, size) > width:
        text = text[:-1]
    return text + "…"


def _line(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    font: str,
    size: float,
    width: float,
    color: HexColor = _INK,
) -> None:
    canvas.setFont(font, size)
    canvas.setFillColor(color)
    canvas.drawString(x, y, _cut(_shown(text), font, size, width))


def _logo(data: bytes | None) -> ImageReader | None:
    """A picture that can be drawn, or None: a bad logo never stops a print."""
    if not data:
        return None
    try:
        from PIL import Image  # deferred: only schools with a logo need it

        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if not 0 < image.width * image.height <= _LOGO_PIXELS:
                return None
            image.thumbnail((600, 300))
            flat = Image.new("RGB", image.size, "white")
            rgba = image.convert("RGBA")
            flat.paste(rgba, mask=rgba)
        return ImageReader(flat)
    except Exception:  # whatever Pillow makes of bytes that are no picture
        return None


def _draw_logo(canvas: Canvas, logo: ImageReader, left: float, top: float) -> float:
    wide, high = logo.getSize()
    scale = min(110 / wide, 40 / high)
    width, height = wide * scale, high * scale
    canvas.drawImage(logo, left, top - height, width, height)
    return float(width)


def _qr(payload: str) -> segno.QRCode:
    return segno.make_qr(payload, error="m", boost_error=False)


def _draw_modules(canvas: Canvas, code: segno.QRCode, side: float) -> None:
    rows = list(code.matrix)
    size = side / len(rows)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        y = side - (number + 1) * size
        at = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                path.rect(at * size, y, length * size, size)
            at += length
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)
