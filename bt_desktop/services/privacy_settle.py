"""What the net found, and how each finding is settled and stays settled while the text changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from bt_desktop.services.names import fold
from bt_desktop.services.privacy_tokens import letter_name
from bt_desktop.services.privacy_words import words_of

Suggestion = Literal["", "own_child", "own_family", "staff", "ordinary_word"]
Shared = Literal["own_child", "own_family", "staff"]
Decision = Literal["not_a_name", "replaced", "own_child", "staff"]


_SETTLING = frozenset(("not_a_name", "own_child", "staff"))


@dataclass(frozen=True, slots=True)
class NameFinding:
    """A place in a text, from `start` to `end`, where another student (or the parent of one) may
    be named.

    `student_id` is whom it most likely means, `candidates` all it may mean (the likeliest first,
    at most eight). `letter` is that student's letter, blank where the student was not at the
    event. `why`: `name`, `nickname`, `near` (a letter or two off), `inside` (part of a longer
    word), `joined` (written in pieces), `short`, `initials`. `suggestion` tells what it probably
    is instead: the own child's name, a parent's of that child, a staff member's, an ordinary word.
    `also` tells whose name it is besides: then nobody guesses, and a person decides. `key` stays
    the same while the word and its neighbors do, so that a decision outlives edits elsewhere.
    """

    start: int
    end: int
    word: str
    student_id: str
    letter: str
    why: str
    candidates: tuple[str, ...] = ()
    suggestion: Suggestion = ""
    key: str = ""
    also: tuple[Shared, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether it may mean more than one student."""
        return len(self.candidates) > 1

    @property
    def is_parent(self) -> bool:
        """Whether it names the parent of another student, not the student."""
        return self.student_id.startswith("guardian:")

    @property
    def stand_in(self) -> str:
        """What stands on the paper instead: `Student A`, another student, another parent."""
        return "another parent" if self.is_parent else letter_name(self.letter)


@dataclass(frozen=True, slots=True)
class ParentText:
    """What is told to the parent while it is being worked on.

    `findings` are what the net finds in `text` now; `settled` the decisions so far, by the key of
    the finding; `letters` the letters of the event's students, by id.
    """

    text: str
    findings: tuple[NameFinding, ...] = ()
    settled: Mapping[str, Decision] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)


class Decided(Protocol):
    """A decision with the place it was made for (`results.copies.Settled`)."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def word(self) -> str: ...
    @property
    def decision(self) -> Decision: ...


def with_keys(text: str, findings: Sequence[NameFinding]) -> tuple[NameFinding, ...]:
    """The findings in order, each with a key made of its word, its neighbors and a count."""
    ordered = sorted(findings, key=lambda f: (f.start, f.end))
    words = words_of(text)
    ends = [word.end for word in words]
    starts = [word.start for word in words]
    met: Counter[str] = Counter()
    keyed = []
    before = after = 0
    for finding in ordered:
        while before < len(words) and ends[before] <= finding.start:
            before += 1
        after = max(after, before)
        while after < len(words) and starts[after] < finding.end:
            after += 1
        left = words[before - 1].plain if before else ""
        right = words[after].plain if after < len(words) else ""
        key = f"{left}|{fold(finding.word)}|{right}"
        met[key] += 1
        keyed.append(replace(finding, key=f"{key}#{met[key]}"))
    return tuple(keyed)


def replace_finding(text: str, finding: NameFinding, letter: str | None = None) -> str:
    """The text with the finding replaced by "Student A" (by `letter`, else the finding's own).

    With no letter at all it becomes "another student". Raises ValueError where the text has
    changed under the finding: then `find` has to be asked again.
    """
    if text[finding.start : finding.end] != finding.word:
        raise ValueError("the text is not the one in which this was found")
    said = finding.stand_in if letter is None else letter_name(letter)
    return text[: finding.start] + said + text[finding.end :]


def replace_all(
    text: str, findings: Iterable[NameFinding], letters: Mapping[str, str] | None = None
) -> str:
    """The text with all these findings replaced, each by its student's letter."""
    for finding in sorted(findings, key=lambda f: f.start, reverse=True):
        given = (letters or {}).get(finding.student_id)
        text = replace_finding(text, finding, given)
    return text


def unsettled(
    findings: Iterable[NameFinding], settled: Iterable[Decided]
) -> tuple[NameFinding, ...]:
    """The findings for which no decision stands that was made for this very place and word.

    A decision "replaced" does not settle: what was replaced is no longer found.
    """
    places = {(s.start, s.end, s.word) for s in settled if s.decision in _SETTLING}
    return tuple(f for f in findings if (f.start, f.end, f.word) not in places)


def still_settled(
    settled: Mapping[str, Decision], findings: Iterable[NameFinding]
) -> dict[str, Decision]:
    """The decisions (by key) that still stand after the text was edited."""
    keys = {finding.key for finding in findings}
    return {key: decision for key, decision in settled.items() if key in keys}
