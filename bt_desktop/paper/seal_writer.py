"""Appends the seal's objects to a PDF through pyHanko, with nothing left to chance or the clock.

Import this module only where something is sealed: pyHanko is heavy.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import datetime

from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import SignatureObject

FIELD = "SchoolSeal"
TOOLTIP = "School record seal"
# Outside the CropBox: there, PDF/UA exempts a seal that is not seen from being tagged.
PLACE = (-60, -60, -10, -10)


class _QuietWriter(IncrementalPdfFileWriter):  # type: ignore[misc]  # pyHanko's types are not read
    """Leaves the document's own information as it is: pyHanko would stamp it with this minute."""

    def __init__(self, pdf: bytes, at: datetime) -> None:
        super().__init__(io.BytesIO(pdf))
        # pyHanko draws the second half of the file's id by lot; ours follows from what is sealed.
        second = hashlib.sha256(pdf + at.isoformat().encode()).digest()[:16]
        self._document_id = ArrayObject(
            [ByteStringObject(self.document_id[0]), ByteStringObject(second)]
        )

    def _update_meta(self) -> None:
        """Nothing: see the class."""


def embed(pdf: bytes, at: datetime, reserved: int, contain: Callable[[bytes], bytes]) -> bytes:
    """`pdf` with one certifying signature (no changes allowed) in an invisible field.

    `contain` is given the SHA-256 of the file without its container and returns the container as
    DER, for which `reserved` hex digits are kept free. `at` is aware.
    """
    writer = _QuietWriter(pdf, at)
    place = SigFieldSpec(FIELD, on_page=0, box=PLACE, readable_field_name=TOOLTIP)
    steps = PdfCMSEmbedder(new_field_spec=place).write_cms(field_name=FIELD, writer=writer)
    next(steps)
    signature = SignatureObject(
        timestamp=at, subfilter=SigSeedSubFilter.PADES, bytes_reserved=reserved
    )
    no_changes = SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    steps.send(SigObjSetup(sig_placeholder=signature, mdp_setup=no_changes))
    output = io.BytesIO()
    prepared, _ = steps.send(SigIOSetup(md_algorithm="sha256", output=output))
    steps.send(contain(prepared.document_digest))
    return output.getvalue()
