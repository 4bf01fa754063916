"""Signatures of signed parts, as paper prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bt_desktop.paper.document import Ink, SignatureBlock, Stroke
from bt_desktop.services.record_load import Frozen


def signature_of(frozen: Frozen) -> SignatureBlock:
    """A signed part as it is printed."""
    told = frozen.told
    return SignatureBlock(
        part=frozen.row.part_key,
        name=told["signer"]["name"],
        title=told["signer"]["title"],
        meaning=told["meaning"],
        at=frozen.row.signed_at,
        ink=ink_of(frozen.row.ink),
        key_id=frozen.row.key_id,
        digest=frozen.row.digest,
    )


def ink_of(told: Mapping[str, Any]) -> Ink:
    """A signature's picture out of the store."""
    strokes: tuple[Stroke, ...] = tuple(
        tuple((float(x), float(y), float(t)) for x, y, t in stroke) for stroke in told["strokes"]
    )
    return Ink(told["kind"], told["text"], strokes, told["width"], told["height"])
