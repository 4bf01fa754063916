"""The net under a parent's copy: every word that is, or nearly is, another student's name.

Two meshes. Students of the event (those who have a letter) are looked for generously: any form of
any name, pet names, short forms, initials, one letter off (two in long names), names inside longer
words. Everyone else on the roster is looked for exactly (any case, accents, possessive, pet
names) and one letter off. An ordinary word that *is* a name (will, grace), or is one letter off a
name of five letters or more (grade, where a Grace goes to the school), is always marked; it then
carries a suggestion, so that all such words of a text are settled at once. Parents of other
students are looked for as the roster is. A word that is also the name of the own child, of its
family or of a staff member is marked all the same and says so: a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bt_desktop.services.names import PersonNames, fold, folded_words, forms, initials, named
from bt_desktop.services.names_common import is_common
from bt_desktop.services.privacy_index import NameIndex
from bt_desktop.services.privacy_joins import joined_runs, spelled_out
from bt_desktop.services.privacy_near import Neighbors, apart
from bt_desktop.services.privacy_settle import NameFinding, Shared, Suggestion, with_keys
from bt_desktop.services.privacy_tokens import find_tokens
from bt_desktop.services.privacy_words import Word, humps, without_digits, words_of

_FIVE = 5
"""From so many letters on, a name is looked for in ordinary words too, one letter off."""
_LONG_NAME = 7
"""From so many letters on, a name of the event is looked for with two letters off."""
_INSIDE = 4
_INSIDE_ROSTER = 5
_MOST_CANDIDATES = 8
_STRENGTH = ("name", "nickname", "joined", "inside", "near", "short", "initials")
_BETWEEN_PARTS = re.compile(r"\s{1,2}|[-'’]|\.\s?|")
_AFTER_FAMILY = re.compile(r",\s{1,2}")
_NO_INITIALS = frozenset(("ok", "am", "pm", "id", "tv", "us", "pe", "iep", "bip", "fba", "ii"))
_LETTERED = re.compile(r"\b(grade|room|part|section|step|class|unit)\s$", re.IGNORECASE)
_LETTERED_SIZE = len("section ")


@dataclass(frozen=True, slots=True)
class _Hit:
    """Something found from `start` to `end`: who it may be (numbers), each with how sure."""

    start: int
    end: int
    who: Mapping[int, int]  # number of a person -> place in _STRENGTH
    capital: bool = True  # only a word that stands alone can say no


class NameNet:
    """The net for one event: the roster, whose copy it is, and who was there.

    `index` holds the roster and its parents (the subject may be in it, and `family`, the ids of the
    subject's own guardians: they are passed over), `letters` the students of the event with their
    letters. Build it once per copy; `find` is asked at every pause in
    typing and answers within 50 ms for 2,000 words and 50,000 students.
    """

    def __init__(
        self,
        index: NameIndex,
        subject: PersonNames,
        staff: Sequence[PersonNames] = (),
        letters: Mapping[str, str] | None = None,
        family: Collection[str] = (),
    ) -> None:
        self._index = index
        own = (index.number_of.get(one) for one in (subject.id, *family))
        self._passed = frozenset(number for number in own if number is not None)
        self._letters = dict(letters or {})
        self._event = {
            index.number_of[i] for i in self._letters if i in index.number_of and i != subject.id
        }
        self._event_forms = self._forms_of_event()
        self._near_one = Neighbors(form for form in self._event_forms if len(form) >= 3)
        self._near_two = Neighbors((f for f in self._event_forms if len(f) >= _LONG_NAME), 2)
        self._initials = self._initials_of_event()
        self._own = {form for form, _ in forms(subject)}
        self._own_exact = {form for form, what in forms(subject) if what != "nickname"}
        self._family = {
            form
            for number in self._passed
            if index.people[number].id != subject.id
            for form, what in forms(index.people[number])
            if what != "nickname"
        }
        self._staff = {form for person in staff for form, what in forms(person)}
        self._known: dict[tuple[str, bool, bool], dict[int, int]] = {}

    def find(self, text: str) -> tuple[NameFinding, ...]:
        """Every place in `text` where another student may be named, in order, none overlapping."""
        words = self._unlettered(text)
        hits = [hit for word in words for hit in self._of_word(text, word)]
        hits += [
            _Hit(start, end, who)
            for start, end, plain, tight, common in joined_runs(text, words, self._index.longest)
            if (who := self._of_joined(plain, tight=tight, common=common))
        ]
        hits += self._spelled(text, words)
        hits += self._tokens(text)
        whole = self._grow(text, self._beside(text, _disjoint(hits)))
        return with_keys(text, [self._finding(text, hit) for hit in whole])

    def _unlettered(self, text: str) -> list[Word]:
        """The words, without the letters that already stand for a student ("Student A")."""
        words = words_of(text)
        letters = {letter.lower() for letter in self._letters.values()}
        return [
            word
            for before, word in zip([None, *words], words, strict=False)
            if not (before and before.plain == "student" and word.capital
                    and word.plain in letters and text[before.end : word.start] == " ")
        ]  # fmt: skip

    # ---- one word

    def _of_word(self, text: str, word: Word) -> Iterator[_Hit]:
        raw = text[word.start : word.end]
        who = dict(self._match(word.plain, word.capital, word.proper))
        if raw.isupper() and not _is_no_initial(text, word.start, word.plain):
            for number in self._initials.get(word.plain, ()):
                who.setdefault(number, _STRENGTH.index("initials"))
        if who:
            yield _Hit(word.start, word.end, who, word.capital)
            return
        for part in humps(text, word):
            if found := self._match(part.plain, part.capital, part.proper):
                yield _Hit(part.start, part.end, found)

    def _match(self, plain: str, capital: bool, proper: bool) -> dict[int, int]:
        key = (plain, capital, proper)
        if key not in self._known:
            who: dict[int, int] = {}
            for spelled in dict.fromkeys((plain, without_digits(plain))):
                for why, numbers in self._ways(spelled, capital, proper):
                    for number in numbers:
                        if number not in self._passed:
                            strength = _STRENGTH.index(why)
                            who[number] = min(strength, who.get(number, strength))
            self._known[key] = who
        return self._known[key]

    def _ways(self, w: str, capital: bool, proper: bool) -> Iterator[tuple[str, Sequence[int]]]:
        index, common = self._index, is_common(w)
        plainly_a_word = common and not proper
        yield "name", index.exact.get(w, ())
        yield "nickname", index.nicks.get(w, ())
        if w.endswith("s"):
            yield "name", index.exact.get(w[:-1], ())
            yield "nickname", index.nicks.get(w[:-1], ())
        yield from self._long_near_event(w) if plainly_a_word else self._near_event(w)
        if not common:
            yield from self._inside_event(w)
        if self._passed.issuperset(index.exact.get(w, ())):
            known = plainly_a_word or w in self._own or w in self._staff
            yield "near", self._near_roster(w, proper and not known)
            if not common and not known:
                yield "inside", self._inside_roster(w)
        if capital and len(w) >= 3 and not plainly_a_word:
            yield (
                "short",
                [
                    n
                    for form, numbers in self._event_forms.items()
                    if form.startswith(w)
                    for n in numbers
                ],
            )

    def _seen(self, numbers: Sequence[int], event_only: bool) -> Sequence[int]:
        return [n for n in numbers if n in self._event] if event_only else numbers

    def _near_event(self, w: str) -> Iterator[tuple[str, Sequence[int]]]:
        for word in (w, w[:-1]) if w.endswith("s") and len(w) > 4 else (w,):
            for form in (*self._near_one.of(word), *self._near_two.of(word)):
                yield "near", self._event_forms[form]

    def _long_near_event(self, w: str) -> Iterator[tuple[str, Sequence[int]]]:
        """An ordinary word one letter off a long name of the event (`grape` where Grace was)."""
        for form in (*self._near_one.of(w), *self._near_two.of(w)):
            if len(form) >= _FIVE and apart(w, form) == 1:
                yield "near", self._event_forms[form]

    def _inside_event(self, w: str) -> Iterator[tuple[str, Sequence[int]]]:
        for form, numbers in self._event_forms.items():
            if form not in w:
                continue
            rest = w.removeprefix(form) if w.startswith(form) else w.removesuffix(form)
            edge = len(form) == 3 and rest != w and (is_common(rest) or rest in self._index.exact)
            if len(form) >= _INSIDE or edge or (len(form) > 1 and not form.isascii()):
                yield "inside", numbers

    def _near_roster(self, w: str, proper: bool) -> list[int]:
        if len(w) < 4:
            return []
        near = (f for f in self._index.near.of(w) if len(f) > 4 or proper)
        return [n for form in near for n in self._index.exact[form]]

    def _inside_roster(self, w: str) -> list[int]:
        exact = self._index.exact
        found = list(self._index.split_in_two(w)) if len(w) > _INSIDE_ROSTER else []
        for size in range(_INSIDE_ROSTER, len(w)):
            for piece in (w[:size], w[-size:]):
                if piece in exact and not is_common(piece):
                    found += exact[piece]
        if not w.isascii():  # Chinese, Japanese, Korean: names stand within a run of signs
            for size in self._index.sizes - {1}:
                for at in range(len(w) - size + 1):
                    found += exact.get(w[at : at + size], ())
            for one, other in pairwise(w):
                found += self._index.split_in_two(one + other, 1)
        return found

    # ---- several words

    def _of_joined(self, plain: str, *, tight: bool, common: bool) -> dict[int, int]:
        """Pieces that make a name when put together (`Luc-` at the end of a line, `ja`)."""
        there: set[int] = set()
        for w in (plain, plain[:-1]) if plain.endswith("s") else (plain,):
            numbers = self._index.exact.get(w, ())
            if len(w) >= (2 if tight else 5) and (tight or not common):
                there.update(numbers)
            elif len(w) >= (6 if common else 4):
                there.update(self._seen(numbers, True))
        if tight and len(plain) > 4 and not is_common(plain):
            for _, near in self._near_event(plain):
                there.update(near)
        there -= self._passed
        return dict.fromkeys(there, _STRENGTH.index("joined"))

    def _spelled(self, text: str, words: Sequence[Word]) -> Iterator[_Hit]:
        """`L u c j a`, and initials with points: `L.K.`"""
        for start, end, plain, capitals in spelled_out(text, words):
            numbers: set[int] = set()
            if len(plain) >= 3:
                there_only = len(plain) < 4 and is_common(plain)
                numbers.update(self._seen(self._index.exact.get(plain, ()), there_only))
            if len(plain) >= 4:
                for _, near in self._near_event(plain):
                    numbers.update(near)
            why = "joined"
            if not numbers and capitals and not _is_no_initial(text, start, plain):
                numbers = set(self._initials.get(plain, ()))
                why = "initials"
            numbers -= self._passed
            if numbers:
                yield _Hit(start, end, dict.fromkeys(numbers, _STRENGTH.index(why)))

    def _tokens(self, text: str) -> Iterator[_Hit]:
        """A token of another student that was left in the text is a name in waiting."""
        for token in find_tokens(text):
            if token.kind == "guardian":
                continue  # prints as "another person", whoever it is
            number = self._index.number_of.get(token.id)
            if number is not None and number not in self._passed:
                yield _Hit(token.start, token.end, {number: 0})

    def _beside(self, text: str, hits: Sequence[_Hit]) -> list[_Hit]:
        """Given and family name side by side are one finding, so that one letter replaces both."""
        found: list[_Hit] = []
        for hit in hits:
            last = found[-1] if found else None
            both = self._same_person(text, last, hit) if last else {}
            if last and both:
                found[-1] = _Hit(last.start, hit.end, both)
                continue
            found.append(hit)
        return found

    def _same_person(self, text: str, one: _Hit, other: _Hit) -> dict[int, int]:
        """Who bears both words as different names of theirs."""
        gap = text[one.end : other.start]
        comma = _AFTER_FAMILY.fullmatch(gap) is not None
        if not comma and not _BETWEEN_PARTS.fullmatch(gap):
            return {}
        first, second = ("".join(folded_words(text[h.start : h.end])) for h in (one, other))
        shared = one.who.keys() & other.who.keys()
        if comma:  # Kowalczyk, Lucja
            shared = {
                n
                for n in shared
                if "family" in self._index.kinds(n, first)
                and self._index.kinds(n, second) & {"given", "preferred", "nickname"}
            }
        if first == second:
            return {}
        return {n: min(one.who[n], other.who[n]) for n in shared}

    def _grow(self, text: str, hits: Sequence[_Hit]) -> Iterator[_Hit]:
        """Takes an initial beside a name in: `Ł. Kowalczyk`, `Lucja K.`"""
        end_before = 0
        for hit in hits:
            start, end = hit.start, hit.end
            letters = {
                part[0]
                for n in list(hit.who)[:_MOST_CANDIDATES]
                for _, name in named(self._index.people[n])
                for part in folded_words(name)
            }
            if (m := re.search(r"(?<!\w)(\w\w?)(\.?)\s?$", text[end_before:start])) and _is_initial(
                m, letters
            ):
                start = end_before + m.start()
            if (m := re.match(r"\s(\w)(\.(?=\s+[a-z]|,)|(?!\w))", text[end:])) and _is_initial(
                m, letters
            ):
                end += m.end()
            end_before = end
            yield _Hit(start, end, hit.who, hit.capital)

    # ---- what is told

    def _finding(self, text: str, hit: _Hit) -> NameFinding:
        order = sorted(hit.who, key=lambda n: (n not in self._event, hit.who[n], n))
        best = order[0]
        people = self._index.people
        ids = tuple(people[n].id for n in order[:_MOST_CANDIDATES])
        return NameFinding(
            start=hit.start,
            end=hit.end,
            word=text[hit.start : hit.end],
            student_id=ids[0],
            letter=self._letters.get(ids[0], ""),
            why=_STRENGTH[hit.who[best]],
            candidates=ids,
            suggestion=self._suggestion(text, hit, sure=best in self._event and hit.who[best] < 2),
            also=self._also(text, hit),
        )

    def _also(self, text: str, hit: _Hit) -> tuple[Shared, ...]:
        """Whose name the words are besides."""
        parts = folded_words(text[hit.start : hit.end])
        whose: tuple[tuple[Shared, set[str]], ...] = (
            ("own_child", self._own),
            ("own_family", self._family),
            ("staff", self._staff),
        )
        return tuple(who for who, own in whose if all(part in own for part in parts))

    def _suggestion(self, text: str, hit: _Hit, *, sure: bool) -> Suggestion:
        parts = folded_words(text[hit.start : hit.end])
        if sure:
            return ""
        if all(part in self._own_exact for part in parts):
            return "own_child"
        if all(part in self._family for part in parts):
            return "own_family"
        if all(part in self._staff for part in parts):
            return "staff"
        near = all(strength == _STRENGTH.index("near") for strength in hit.who.values())
        event = any(n in self._event for n in hit.who)
        plain = all(is_common(part) for part in parts)
        ordinary = plain and (near or (not hit.capital and not event))
        return "ordinary_word" if ordinary else ""

    def _forms_of_event(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number in sorted(self._event):
            for form in dict(forms(self._index.people[number])):
                found.setdefault(form, []).append(number)
        return found

    def _initials_of_event(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number in sorted(self._event):
            person = self._index.people[number]
            for written in {*initials(person), fold(person.called)[:1]}:
                found.setdefault(written, []).append(number)
        return found


def _is_no_initial(text: str, start: int, plain: str) -> bool:
    """What is said at school all day: `OK`, `PM`, `I`, the letter of `Room K`."""
    lettered = len(plain) == 1 and _LETTERED.search(text, start - _LETTERED_SIZE, start) is not None
    return plain == "i" or plain in _NO_INITIALS or lettered


def _is_initial(found: re.Match[str], letters: set[str]) -> bool:
    written = found[1]
    lone = found[2] == "" and written in ("I", "A")
    return written.isupper() and fold(written) in letters and not lone


def _disjoint(hits: Sequence[_Hit]) -> list[_Hit]:
    """Hits that overlap become one over both; who is in both counts, or else anyone in either."""
    found: list[_Hit] = []
    for hit in sorted(hits, key=lambda h: h.start):
        last = found[-1] if found else None
        if last is None or hit.start >= last.end:
            found.append(hit)
            continue
        who = dict(last.who)
        for number, strength in hit.who.items():
            who[number] = min(strength, who.get(number, strength))
        found[-1] = _Hit(last.start, max(last.end, hit.end), who)
    return found
