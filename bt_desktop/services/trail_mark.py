"""The mark of a sealed paper that is of no record: the trail's head, and the square code of it."""

from __future__ import annotations

from datetime import datetime

from bt_desktop.paper.document import CopyMark
from bt_desktop.security.audit import Head
from bt_desktop.services.on_paper import trail_code


def trail_mark(
    trail: Head, ca_pem: bytes, made_at: datetime, made_by: str, *, for_whom: str = ""
) -> CopyMark:
    """What stands in its foot and in the PDF itself; `for_whom` makes it a parent's paper.

    `made_at` is aware; `ca_pem` is the school's certificate.
    """
    return CopyMark(
        kind="parent" if for_whom else "school",
        copy_number=1 if for_whom else 0,
        made_at=made_at,
        made_by=made_by,
        for_whom=for_whom,
        qr_payload=trail_code(trail, ca_pem),
        audit_seq=trail.seq,
        audit_head=trail.hash,
    )
