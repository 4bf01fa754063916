"""One copy to be made: of what, for whom, with which words; built into pages and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bt_desktop.paper.appendix import AppendixFile
from bt_desktop.paper.document import CopyMark as Mark
from bt_desktop.paper.document import Letterhead
from bt_desktop.security.audit import Head
from bt_desktop.services.on_paper import base32, head_part, school_part
from bt_desktop.services.problems import CopyRefused
from bt_desktop.services.record_document import Printable
from bt_desktop.services.results.copies import CopyKind
from bt_desktop.services.results.people import Guardian

if TYPE_CHECKING:
    from bt_desktop.paper.notice_papers import Paper


@dataclass(frozen=True, slots=True)
class Order:
    """A copy to be made: of what, for whom, with which words.

    `names_a_child` judges, for a parent, the short texts that the school wrote. `paper` is the
    one-page paper for parents, where it is one; `override` what is kept of a flag that was
    overridden. `files` are printed along on the school's own copies, never on a parent's.
    `replaces` is when the same person's copy was made that shows what was changed since.
    """

    kind: CopyKind
    record_id: str
    made: Printable
    head: Letterhead
    guardian: Guardian | None = None
    text: str = ""
    settled: tuple[dict[str, Any], ...] = ()
    names_a_child: Callable[[str], bool] | None = None
    paper: Paper | None = None
    override: dict[str, Any] | None = None
    files: tuple[AppendixFile, ...] = ()
    replaces: datetime | None = None

    @property
    def number(self) -> str | None:
        """The record's number, once it has one."""
        return self.made.document.number

    @property
    def draft(self) -> bool:
        """Whether it says DRAFT and is not sealed."""
        return self.kind.startswith("draft")

    @property
    def for_parent(self) -> bool:
        """Whether it goes to a parent."""
        return self.kind.endswith(("parent", "notice"))

    @property
    def paper_name(self) -> str:
        """What the log calls the paper: its name and variant; blank for a whole copy."""
        if self.paper is None:
            return ""
        from bt_desktop.paper.notice import variant_of  # deferred: loads reportlab

        variant = variant_of(self.paper, self.made.document)
        return "_".join(filter(None, (self.paper.name, variant.lower())))


def built(order: Order, mark: Mark) -> bytes:
    """The pages, not yet sealed. Raises CopyRefused where a notice does not fit on its page."""
    if order.kind == "osha_301":
        from bt_desktop.paper.osha_301 import osha_301  # deferred: loads reportlab

        return osha_301(order.made.document, order.head, mark)
    if not order.for_parent:
        from bt_desktop.paper.report import school_copy  # deferred: loads reportlab

        return school_copy(order.made.document, order.head, mark, order.files)
    if order.paper is not None:
        return _notice(order, order.paper, mark)
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


def _notice(order: Order, paper: Paper, mark: Mark) -> bytes:
    from bt_desktop.paper.notice import Reader, notice  # deferred: loads reportlab

    whom = order.guardian
    reader = Reader(whom.language, whom.needs_interpreter) if whom is not None else Reader()
    document, judge = order.made.document, order.names_a_child
    pdf, pages = notice(paper, document, order.head, mark, order.text, reader, judge)
    if pages > 1 and order.text.strip():
        raise CopyRefused(
            "text-too-long",
            "This does not fit on one page.",
            "Make the text shorter: a few sentences about what happened.",
        )
    return pdf


def payload(number: str, head: Head, digest: str, ca_pem: bytes) -> str:
    """What the square code holds (security design §3.3)."""
    return f"BTD1|{number}|{head_part(head)}|REC={base32(digest)}|K={school_part(ca_pem)}"


def file_name(kind: CopyKind, number: str | None, copy_number: int) -> str:
    """A name that tells no child and no injury: `BER-2026-0001-parent-copy-2.pdf`."""
    what = {
        "school": "school-copy",
        "parent": "parent-copy",
        "notice": "notice",
        "draft": "draft",
        "draft_parent": "parent-draft",
        "draft_notice": "notice-draft",
        "osha_301": "301-equivalent",
    }[kind]
    return f"{number or 'no-number'}-{what}-{copy_number}.pdf"
