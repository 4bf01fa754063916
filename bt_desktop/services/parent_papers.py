"""Which papers a record has for parents: the one-page notices, the whole parent's copy, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bt_desktop.services.problems import CopyRefused
from bt_desktop.services.results.copies import PaperInfo

if TYPE_CHECKING:
    from bt_desktop.paper.document import RecordDocument
    from bt_desktop.paper.notice_papers import Paper

WHOLE = PaperInfo("", "The parent's copy", "needed")
"""The parent's copy of the whole report, for forms that have no paper of their own or want both."""


def papers_of(document: RecordDocument) -> tuple[Paper | None, ...]:
    """The papers for this record, the usual one first; None stands for the whole parent's copy.

    Raises CopyRefused for a form that has papers of its own, none of which is for this record.
    """
    from bt_desktop.paper.notice import papers_for  # deferred: loads reportlab
    from bt_desktop.paper.notice_papers import shipped_papers

    own = [paper for paper in shipped_papers() if paper.form == document.form.form]
    if not own:
        return (None,)
    found = papers_for(own, document)
    if not found:
        raise CopyRefused(
            "no-paper",
            "There is no paper for a parent about this record.",
            "It is about no student, or the checks that the paper tells of are not written down.",
        )
    return (None, *found) if any(paper.beside_copy for paper in found) else found


def named_paper(document: RecordDocument, name: str | None) -> Paper | None:
    """The paper of that name; without a name the usual one. Raises CopyRefused."""
    found = papers_of(document)
    if name is None:
        return found[0]
    for paper in found:
        if (paper.name if paper is not None else WHOLE.name) == name:
            return paper
    raise CopyRefused(
        "no-paper",
        "This paper is not for this record.",
        "Choose one of the papers that are offered.",
    )


def paper_info(paper: Paper | None, document: RecordDocument) -> PaperInfo:
    """A paper as it is offered."""
    if paper is None:
        return WHOLE
    from bt_desktop.paper.notice import variant_of  # deferred: loads reportlab
    from bt_desktop.paper.shown import say

    variant = variant_of(paper, document)
    label = say(paper.label) + (f", letter {variant}" if variant else "")
    return PaperInfo(paper.name, label, paper.text, variant)
