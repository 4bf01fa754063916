"""Files kept with a record as pages of its copy: pictures scaled, the pages of PDFs laid in.

Each page keeps our head and foot, so that whoever holds the paper knows what it belongs to, and the
school's seal covers it like the rest. A picture is made anew without what a camera wrote beside it;
of a PDF only what shows on its pages is taken: no script, no form, no file within.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bt_desktop.paper.content import Block, Heading, NewPage, Notice, Photo, Room, Spot

MOST_PAGES = 100
"""Pages of PDFs in one copy; more is no appendix but a file of its own."""

_WIDEST = 1600
"""Pixels of a picture's longer side: 200 to an inch at the width of our page."""

_NO_PICTURE = "This picture is damaged and could not be printed. It is kept with the record."
_NO_PDF = "This PDF is locked or damaged and could not be printed. It is kept with the record."
_TOO_LONG = "This PDF has more pages than a copy takes (100). Print it by itself."


@dataclass(frozen=True, slots=True)
class AppendixFile:
    """A file to be printed. `kind` says in words what it is ("Signed slip")."""

    name: str
    media_type: str
    kind: str
    data: bytes
    sha256: str


class Appendix:
    """The pages of some files: `blocks` to be built with the rest, then `laid_in` over the PDF."""

    def __init__(self, files: Sequence[AppendixFile]) -> None:
        self._spots: list[Spot] = []
        self._pages: list[Any] = []
        self.blocks: list[Block] = []
        for number, file in enumerate(files, 1):
            self.blocks += self._file(number, file)

    def _file(self, number: int, file: AppendixFile) -> list[Block]:
        title = f"Attachment {number}: {file.name}"
        head: list[Block] = [NewPage(), Heading(title, file.kind)]
        proof = f"SHA-256 {file.sha256}"
        if file.media_type != "application/pdf":
            picture = _clean(file.data)
            if picture is None:
                return [*head, Notice(_NO_PICTURE), Notice(proof)]
            return [*head, Photo(picture, proof)]
        pages = _pages_of(file.data)
        if pages is None or len(pages) + len(self._pages) > MOST_PAGES:
            return [*head, Notice(_NO_PDF if pages is None else _TOO_LONG), Notice(proof)]
        made: list[Block] = []
        for count, page in enumerate(pages, 1):
            self._pages.append(page)
            of = f"page {count} of {len(pages)}"
            made += [NewPage(), Heading(title, f"{file.kind} · {of}"), Room(self._spots, proof)]
        return made

    def laid_in(self, pdf: bytes) -> bytes:
        """The copy with the pages of the PDFs in the rooms kept for them."""
        if not self._pages:
            return pdf
        from pypdf import PdfReader, PdfWriter  # deferred: only where a PDF is printed along
        from pypdf.generic import NameObject

        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
        for spot, page in zip(self._spots, self._pages, strict=True):
            for key in ("/Annots", "/AA"):
                if key in page:
                    del page[NameObject(key)]
            _lay(writer.pages[spot.page - 1], page, spot)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()


def _lay(ours: Any, theirs: Any, spot: Spot) -> None:
    """One page scaled into its room, upright, centered at the top."""
    from pypdf import Transformation

    box = theirs.cropbox
    wide, high = float(box.width), float(box.height)
    scale = min(spot.width / wide, spot.height / high)
    left = spot.x + (spot.width - wide * scale) / 2 - float(box.left) * scale
    low = spot.y + spot.height - high * scale - float(box.bottom) * scale
    theirs.mediabox = box  # what lies outside of the crop does not show
    ours.merge_transformed_page(theirs, Transformation().scale(scale).translate(left, low))


def _pages_of(data: bytes) -> list[Any] | None:
    """The pages of a PDF, or None where it cannot be read without a password or at all."""
    from pypdf import PdfReader, PdfWriter

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return None
        if len(reader.pages) > MOST_PAGES:
            return [None] * len(reader.pages)
        writer = PdfWriter(clone_from=reader)  # pages can be changed in a writer only
        pages = list(writer.pages)
        for page in pages:
            _flatten(page, writer)
            page.transfer_rotation_to_content()
            if not (float(page.cropbox.width) > 0 and float(page.cropbox.height) > 0):
                return None
            page.get_contents()
    except Exception:  # whatever a stranger's PDF makes of the reader
        return None
    return pages or None


def _flatten(page: Any, writer: Any) -> None:
    """Draw what annotations show (ink, stamps, filled fields) into the page itself, so that taking
    the annotations away takes nothing away that a person saw. ISO 32000-1, 12.5.5."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

    drawn: list[bytes] = []
    forms = DictionaryObject()
    for number, reference in enumerate(page.get("/Annots") or ()):
        note = reference.get_object()
        shown = _appearance(note)
        if shown is None or int(note.get("/F", 0)) & 0b100010:  # hidden, or not to be viewed
            continue
        name = f"/BtNote{number}"
        forms[NameObject(name)] = shown.indirect_reference or shown
        matrix = " ".join(f"{part:.5f}" for part in _placed(note, shown))
        drawn.append(f"q {matrix} cm {name} Do Q".encode("ascii"))
    if not drawn:
        return
    resources = page.get("/Resources", DictionaryObject()).get_object()
    known = resources.get("/XObject", DictionaryObject()).get_object()
    page[NameObject("/Resources")] = DictionaryObject(
        {**resources, NameObject("/XObject"): DictionaryObject({**known, **forms})}
    )
    before, after = DecodedStreamObject(), DecodedStreamObject()
    old = page.get_contents()
    before.set_data(b"q\n" + (old.get_data() if old is not None else b"") + b"\nQ\n")
    after.set_data(b"\n".join(drawn))
    streams = [writer._add_object(before), writer._add_object(after)]
    page[NameObject("/Contents")] = ArrayObject(streams)


def _appearance(note: Any) -> Any | None:
    """The stream that draws an annotation, in the state it is in."""
    looks = note.get("/AP")
    normal = looks.get_object().get("/N") if looks is not None else None
    if normal is None or note.get("/Subtype") in ("/Popup", "/Link"):
        return None
    shown = normal.get_object()
    if "/BBox" not in shown:
        state = shown.get(note.get("/AS", "/Off"))
        shown = state.get_object() if state is not None else None
    return shown if shown is not None and "/BBox" in shown else None


def _placed(note: Any, shown: Any) -> tuple[float, ...]:
    """The matrix that puts an appearance's box into its annotation's rectangle."""
    left, low, right, high = (float(part) for part in note["/Rect"])
    left, right, low, high = min(left, right), max(left, right), min(low, high), max(low, high)
    box = [float(part) for part in shown["/BBox"]]
    a, b, c, d, e, f = (float(part) for part in shown.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]]
    x0, x1 = min(x for x, _ in corners), max(x for x, _ in corners)
    y0, y1 = min(y for _, y in corners), max(y for _, y in corners)
    across = (right - left) / (x1 - x0) if x1 > x0 else 1.0
    up = (high - low) / (y1 - y0) if y1 > y0 else 1.0
    return across, 0.0, 0.0, up, left - x0 * across, low - y0 * up


def _clean(data: bytes) -> bytes | None:
    """The picture as a JPEG that fits the page, upright, without metadata; None for a bad one."""
    try:
        from PIL import Image, ImageOps  # deferred: only where pictures are printed along

        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            picture.draft("RGB", (_WIDEST * 2, _WIDEST * 2))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((_WIDEST, _WIDEST))
            shown = upright.convert("RGBA")
            flat = Image.new("RGB", shown.size, "white")
            flat.paste(shown, mask=shown)
    except Exception:  # whatever Pillow makes of bytes that are no picture
        return None
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85)
    return out.getvalue()
