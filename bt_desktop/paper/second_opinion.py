"""pyHanko's judgement of a sealed file, asked only after our own check found it genuine.

Import this module only where something is verified: pyHanko is heavy.
"""

from __future__ import annotations

import io
import logging
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext


def agrees(pdf: bytes, authority_der: bytes, at: datetime) -> bool:
    """Whether pyHanko too finds one trusted signature over the whole file, valid at `at`.

    Nothing is fetched. Whatever pyHanko raises counts as "no": it is only a second opinion.
    """
    # pyHanko logs a traceback for what it finds suspicious; our answer is the return value.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    try:
        return _judge(pdf, authority_der, at)
    except Exception:  # any failure of the second opinion is the same finding
        return False


def _judge(pdf: bytes, authority_der: bytes, at: datetime) -> bool:
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    if len(signatures) != 1 or signatures[0].field_name != "SchoolSeal":
        return False
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(authority_der)], moment=at, allow_fetching=False
    )
    status = validate_pdf_signature(
        signatures[0],
        signer_validation_context=context,
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
    )
    return bool(status.bottom_line and status.coverage == SignatureCoverageLevel.ENTIRE_FILE)
