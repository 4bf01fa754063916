"""Flowables of what is kept with a record: a picture, and the room for a page of a PDF."""

from __future__ import annotations

import io

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from bt_desktop.paper import fonts
from bt_desktop.paper.content import Photo, Room, Spot

_MUTED = HexColor("#4A535E")
_CAPTION, _SIZE = 16.0, 8.0


class PictureFlow(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A picture as wide as the page or as high as what is left of it, its caption below."""

    def __init__(self, block: Photo) -> None:
        super().__init__()
        self._reader = ImageReader(io.BytesIO(block.data))
        self._caption = block.caption

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        wide, high = self._reader.getSize()
        scale = min(width / wide, max(height - _CAPTION, 72.0) / high, 1.0)  # 72 to an inch at most
        self.width, self.height = wide * scale, high * scale + _CAPTION
        return self.width, self.height

    def draw(self) -> None:
        self.canv.drawImage(
            self._reader, 0, _CAPTION, self.width, self.height - _CAPTION, preserveAspectRatio=True
        )
        _caption(self, self._caption)


class RoomFlow(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The rest of a page, kept free; says where it is once it is drawn."""

    def __init__(self, block: Room) -> None:
        super().__init__()
        self._block = block

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, height
        return width, height

    def draw(self) -> None:
        left, low = self.canv.absolutePosition(0, _CAPTION)
        spot = Spot(self.canv.getPageNumber(), left, low, self.width, self.height - _CAPTION)
        self._block.spots.append(spot)
        _caption(self, self._block.caption)


def _caption(flow: Flowable, text: str) -> None:
    flow.canv.setFont(fonts.REGULAR, _SIZE)
    flow.canv.setFillColor(_MUTED)
    flow.canv.drawString(0, 3, fonts.printable(text))
