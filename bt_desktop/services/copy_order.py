"""One copy to be made: of what, for whom, with which words; built into pages and named."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bt_desktop.paper.appendix import AppendixFile
from bt_desktop.paper.document import CopyMark as Mark
from bt_desktop.paper.document import Letterhead
from bt_desktop.security.audit import Head
from bt_desktop.services.record_document import Printable
from bt_desktop.services.results.people import Guardian

Kind = Literal["school", "parent", "draft", "draft_parent", "osha_301"]


@dataclass(frozen=True, slots=True)
class Order:
    """A copy to be made: of what, for whom, with which words.

    `names_a_child` judges, for a parent, the short texts that the school wrote; `files` are printed
    along on the school's own copies, never on a parent's.
    """

    kind: Kind
    record_id: str
    made: Printable
    head: Letterhead
    guardian: Guardian | None = None
    text: str = ""
    settled: tuple[dict[str, Any], ...] = ()
    names_a_child: Callable[[str], bool] | None = None
    files: tuple[AppendixFile, ...] = ()

    @property
    def number(self) -> str | None:
        """The record's number, once it has one."""
        return self.made.document.number

    @property
    def draft(self) -> bool:
        """Whether it says DRAFT and is not sealed."""
        return self.kind.startswith("draft")


def built(order: Order, mark: Mark) -> bytes:
    """The pages, not yet sealed."""
    if order.kind == "osha_301":
        from bt_desktop.paper.osha_301 import osha_301  # deferred: loads reportlab

        return osha_301(order.made.document, order.head, mark)
    if not order.kind.endswith("parent"):
        from bt_desktop.paper.report import school_copy  # deferred: loads reportlab

        return school_copy(order.made.document, order.head, mark, order.files)
    from bt_desktop.paper.parent_copy import parent_copy  # deferred: loads reportlab

    contact = ", ".join(part for part in (order.head.contact, order.head.phone) if part)
    return parent_copy(
        order.made.document,
        order.head,
        mark,
        order.text,
        contact,
        names_a_child=order.names_a_child,
    )


def payload(number: str, head: Head, digest: str, ca_pem: bytes) -> str:
    """What the square code holds (security design §3.3)."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    fingerprint = x509.load_pem_x509_certificate(ca_pem).fingerprint(SHA256()).hex()[:16]
    return (
        f"BTD1|{number}|SEQ={head.seq}|HEAD={_base32(head.hash)}|REC={_base32(digest)}"
        f"|K={fingerprint}"
    )


def _base32(digest: str) -> str:
    return base64.b32encode(bytes.fromhex(digest)).decode("ascii").rstrip("=")


def file_name(kind: Kind, number: str | None, copy_number: int) -> str:
    """A name that tells no child: `BER-2026-0001-parent-copy-2.pdf`."""
    what = {
        "school": "school-copy",
        "parent": "parent-copy",
        "draft": "draft",
        "draft_parent": "parent-draft",
        "osha_301": "301-equivalent",
    }[kind]
    return f"{number or 'no-number'}-{what}-{copy_number}.pdf"
