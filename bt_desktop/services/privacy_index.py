"""The names of a whole roster, ready to be asked whether a word is one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache, cached_property

from bt_desktop.services.names import PersonNames, name_forms, named
from bt_desktop.services.privacy_near import Neighbors

SHORTEST_NEAR = 4
"""Names of fewer letters are not matched nearly for students who were not at the event."""


class NameIndex:
    """People by every folded form of their names. Build it once per roster; it never changes.

    `exact` maps a form to the numbers of the people who bear it (a pet name is in `nicks`);
    `sizes` are how many letters the forms have.
    """

    def __init__(self, people: Sequence[PersonNames]) -> None:
        self.people = people
        self.exact: dict[str, list[int]] = {}
        self.nicks: dict[str, list[int]] = {}
        forms_of = cache(name_forms)  # many bear the same names
        for number, person in enumerate(people):
            for kind, name in named(person):
                for form, what in forms_of(name, kind):
                    table = self.nicks if what == "nickname" else self.exact
                    bearers = table.setdefault(form, [])
                    if not bearers or bearers[-1] != number:
                        bearers.append(number)
        self.sizes = frozenset(map(len, self.exact))
        self.longest = max(self.sizes, default=0)

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Person's id → number."""
        return {person.id: number for number, person in enumerate(self.people)}

    @cached_property
    def near(self) -> Neighbors:
        """The forms long enough to be matched nearly; built at the first question."""
        return Neighbors(form for form in self.exact if len(form) >= SHORTEST_NEAR)

    def kinds(self, number: int, form: str) -> frozenset[str]:
        """What `form` is to this person: given, family ... (empty if nothing)."""
        person = self.people[number]
        return frozenset(
            what for kind, name in named(person) for f, what in name_forms(name, kind) if f == form
        )

    def split_in_two(self, word: str, least: int = 2) -> frozenset[int]:
        """The people two of whose names, run together, make `word` (`lucjakowalczyk`).

        `least` is how many letters a name must have: one, where a letter is a whole word (李明).
        """
        found: set[int] = set()
        for cut in range(least, len(word) - least + 1):
            left = self.exact.get(word[:cut])
            if left and (right := self.exact.get(word[cut:])):
                found |= set(left) & set(right)
        return frozenset(found)


def only(people: Iterable[PersonNames], ids: Collection[str]) -> tuple[PersonNames, ...]:
    """Those of the people whose ids are among `ids`."""
    return tuple(person for person in people if person.id in ids)
