"""Pictures of our own: small ones, turned ones, bombs, and broken ones."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

LATITUDE = b"GPS-37.7749"


def jpeg(wide: int = 300, high: int = 400, *, turned: bool = False, gps: bool = False) -> bytes:
    """A JPEG: its upper half red, its lower half blue; `turned` says so in its metadata only."""
    picture = Image.new("RGB", (wide, high), "red")
    picture.paste("blue", (0, high // 2, wide, high))
    exif = Image.Exif()
    if turned:
        exif[0x0112] = 6  # orientation: to be turned by 90 degrees
    if gps:
        exif[0x010E] = LATITUDE.decode("ascii")  # ImageDescription
        exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def png(wide: int = 30, high: int = 30) -> bytes:
    """A PNG with see-through parts."""
    out = io.BytesIO()
    Image.new("RGBA", (wide, high), (0, 128, 0, 128)).save(out, "PNG")
    return out.getvalue()


def bomb(wide: int = 30_000, high: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that claims to be enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
