"""A last look at a short text before it stands on a parent's copy: does it name another student?

Only a net. The released text is checked far more closely where it is written (`services`), and
no form marks free text for parents; but a district's own form might.
"""

from __future__ import annotations

import re
import unicodedata

from bt_desktop.paper.document import RecordDocument

_WORD = re.compile(r"[^\W\d_]+")
# Letters that are no letter with an accent, and so survive decomposition.
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d"})


def folded(text: str) -> str:
    """Without case and accents: `Łucja` and `lucja` are one."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(part for part in parts if not unicodedata.combining(part))
    return kept.translate(_PLAIN)


def names_another_student(text: str, doc: RecordDocument) -> bool:
    """Whether a word of `text` is, or begins with, a part of another student's name."""
    words = _WORD.findall(folded(text))
    own = set(_WORD.findall(folded(doc.subject.name))) if doc.subject else set()
    names = {
        part
        for person in doc.people.values()
        if person.kind == "student" and person.id != doc.subject_id
        for part in _WORD.findall(folded(person.name))
        if len(part) > 1 and part not in own
    }
    return any(
        word == part or (len(part) > 2 and word.startswith(part))
        for word in words
        for part in names
    )
