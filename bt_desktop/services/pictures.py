"""Pictures made small and clean: within bounds, upright, without anything a camera wrote beside.

A picture is a stranger's file. Its size in pixels is looked at before a single one is unpacked, and
only PNG and JPEG decoders are ever asked (the others of Pillow are not needed and had their holes).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bt_desktop.errors import KnownError

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MOST_PIXELS = 64_000_000
"""Unpacked some 190 MB; cameras of phones make 12 to 50 million."""

MOST_BYTES = 25 * 1024 * 1024
_FORMATS = ("PNG", "JPEG")
_MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg"}
_THIN = 40  # a strip thinner than one part in so many shows nobody


class PictureUnusable(KnownError):
    """A file is no picture that can be shown. `code`: picture-kind, -large, -broken."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a picture is, read from its head alone."""

    media_type: str
    width: int
    height: int


def facts(data: bytes) -> Facts:
    """What the picture is. Raises PictureUnusable; unpacks nothing."""
    with _opened(data) as picture:
        return Facts(_MEDIA[str(picture.format)], picture.width, picture.height)


def small(data: bytes, side: int, *, quality: int = 85) -> bytes:
    """The picture as JPEG within `side` x `side` pixels: upright, on white, without metadata.

    Raises PictureUnusable.
    """
    from PIL import Image, ImageOps

    with _opened(data) as picture:
        try:
            picture.draft("RGB", (side * 2, side * 2))  # a JPEG is unpacked at a fraction
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((side, side), Image.Resampling.LANCZOS)
            shown = upright.convert("RGBA")
            flat = Image.new("RGB", shown.size, "white")
            flat.paste(shown, mask=shown)
        except (OSError, ValueError, SyntaxError, MemoryError, OverflowError, EOFError) as problem:
            raise _broken() from problem
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _opened(data: bytes) -> Picture:
    """The picture, not unpacked yet. Raises PictureUnusable."""
    import warnings

    from PIL import Image  # deferred: only where pictures are handled

    if len(data) > MOST_BYTES:
        raise PictureUnusable(
            "picture-large",
            "This picture is larger than 25 MB.",
            "Save it smaller, then try again.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # measured below
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except Exception as problem:  # whatever Pillow makes of bytes that are no picture
        raise PictureUnusable(
            "picture-kind",
            "This file is not a PNG or JPEG picture.",
            "Save it as PNG or JPEG, then try again.",
        ) from problem
    wide, high = picture.size
    if wide * high > MOST_PIXELS:
        raise _too_many_pixels()
    if min(wide, high) < 1 or max(wide, high) > _THIN * min(wide, high):
        raise _broken()
    return picture


def _too_many_pixels() -> PictureUnusable:
    return PictureUnusable(
        "picture-large",
        "This picture has more than 64 million pixels.",
        "Save it smaller, then try again.",
    )


def _broken() -> PictureUnusable:
    return PictureUnusable(
        "picture-broken",
        "This picture is damaged and cannot be shown.",
        "Open it elsewhere to see whether it is whole, then try again.",
    )
