"""Names: folded to plain letters so that they can be compared, and taken apart into their parts.

Used by the search for people and by the net under a parent's copy. `fold` never changes which
person is meant, only how a name is written: accents, capitals, hidden characters, letters that
merely look alike.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bt_desktop.services.names_nick import nicknames

__all__ = [
    "PersonNames",
    "fold",
    "folded_words",
    "forms",
    "initials",
    "name_forms",
    "named",
    "nicknames",
]

_LETTERS = {
    "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i", "ĸ": "k",
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ə": "e", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k",
    "ƴ": "y", "ɛ": "e", "ɔ": "o", "ɣ": "g", "ɩ": "i", "ɨ": "i", "ʉ": "u", "ŀ": "l", "ſ": "s",
    "ƒ": "f", "ɑ": "a", "ɡ": "g", "ȷ": "j", "ƀ": "b", "ꞌ": "", "ʻ": "", "ʼ": "", "ʹ": "", "ʽ": "",
}  # fmt: skip
"""Letters that Unicode does not take apart. Okina and letter apostrophes are dropped."""

_LOOKALIKES = {
    # Cyrillic
    "а": "a", "в": "b", "с": "c", "е": "e", "н": "h", "і": "i", "ї": "i", "ј": "j", "к": "k",
    "м": "m", "о": "o", "р": "p", "ԛ": "q", "ѕ": "s", "т": "t", "у": "y", "ү": "y", "х": "x",
    "ԁ": "d", "ԝ": "w", "һ": "h", "ӏ": "l", "ɴ": "n", "г": "r", "п": "n", "и": "u", "ь": "b",
    "ѵ": "v", "є": "e", "з": "3", "ԍ": "g",
    # Greek
    "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v",
    "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ϲ": "c", "ϳ": "j", "σ": "o", "ς": "c",
    "ω": "w", "ζ": "z",
    # Armenian and others, as far as fonts draw them alike
    "օ": "o", "ս": "u", "հ": "h", "ո": "n", "յ": "j", "ց": "g", "զ": "q", "ա": "w",
}  # fmt: skip
"""Small letters of other alphabets that look like one of ours."""

_APOSTROPHES = "'’‘‛`´′＇ʹʻʼʽˈ"
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_FAMILY_PARTICLES = """
de da do dos das del della di du la las le les los lo el al van von der den ter ten bin bint ibn
abu abd ben st saint y e i ii iii iv jr sr af av zu zum mac mc o d
"""
_PARTICLES = {
    "family": frozenset(_FAMILY_PARTICLES.split()),
    "given": frozenset(("de", "la", "las", "los", "del", "el", "y", "e")),
}
"""Parts of family names that say nothing by themselves."""


def fold(text: str) -> str:
    """Plain small letters: no accents, no capitals, no hidden characters, look-alikes resolved.

    `Łucja` → `lucja`, `O’Brien` → `obrien`, `Núñez-Okafor` → `nunez-okafor`, `İpek` → `ipek`.
    Everything that is no letter (spaces, hyphens, digits) stays. Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", "".join(_plain_letter(c) for c in plain))


@lru_cache(maxsize=4096)
def _plain_letter(c: str) -> str:
    if c in _APOSTROPHES or (
        unicodedata.category(c) in ("Mn", "Me", "Cf", "Cc") and c not in "\n\t"
    ):
        return ""
    return _LETTERS.get(c) or _LOOKALIKES.get(c, "" if c in _LETTERS else c)


_BETWEEN = re.compile(r"[\W_]+")


def folded_words(name: str) -> tuple[str, ...]:
    """The folded parts of a name: `Núñez-Okafor` → (`nunez`, `okafor`)."""
    return tuple(part for part in _BETWEEN.split(fold(name)) if part)


@dataclass(frozen=True, slots=True)
class PersonNames:
    """All names of one person. `id` is `student:<uuid>` or `staff:<uuid>`.

    `family_first` says that the family name stands first when the whole name is written
    (Nguyễn Gia Huy). `preferred` is what the person is called, where it differs from `given`.
    """

    id: str
    given: str
    family: str
    middle: str = ""
    preferred: str = ""
    family_first: bool = False
    preferred_family: str = ""

    @property
    def called(self) -> str:
        """What the person is called: the preferred name, else the given name, else the family's."""
        return self.preferred or self.given or self.family

    @property
    def whole(self) -> str:
        """The whole name in its own order."""
        parts = (
            (self.family, self.middle, self.given)
            if self.family_first
            else (self.given, self.middle, self.family)
        )
        return " ".join(part for part in parts if part)

    @property
    def short(self) -> str:
        """Called name and family name, in the person's own order."""
        parts = (self.family, self.called) if self.family_first else (self.called, self.family)
        return " ".join(dict.fromkeys(part for part in parts if part))


def forms(person: PersonNames) -> tuple[tuple[str, str], ...]:
    """Every folded word by which a text can name this person, with what it is.

    Kinds: `given`, `family`, `middle`, `preferred`, `nickname`. A double name gives its parts and
    the parts run together; a letter with two dots also gives its long spelling (Müller, Mueller).
    A particle (de, van) or a single letter is no form of a longer name.
    """
    found: dict[tuple[str, str], None] = {}
    for kind, name in named(person):
        found.update(dict.fromkeys(name_forms(name, kind)))
    return tuple(found)


def named(person: PersonNames) -> tuple[tuple[str, str], ...]:
    """(kind, name) of every name that the person has."""
    pairs = (
        ("preferred", person.preferred),
        ("given", person.given),
        ("family", person.family),
        ("family", person.preferred_family),
        ("middle", person.middle),
    )
    return tuple(pair for pair in pairs if pair[1])


def name_forms(name: str, kind: str) -> tuple[tuple[str, str], ...]:
    """The folded forms of one name, with their kinds; see `forms`."""
    found: dict[tuple[str, str], None] = {}
    for spelled in _spellings(name):
        parts = folded_words(spelled)
        for part in parts:
            if len(part) == 1 and part.isascii():
                continue  # an initial: it would be found in every "a" and "I"
            if len(parts) > 1 and not _tells(part, kind):
                continue
            found[part, kind] = None
            if kind in ("given", "preferred"):
                found.update(dict.fromkeys((nick, "nickname") for nick in nicknames(part)))
        if len(parts) > 1:
            found["".join(parts), kind] = None
    return tuple(found)


def _tells(part: str, kind: str) -> bool:
    particles = _PARTICLES["family" if kind == "family" else "given"]
    return part not in particles


def _spellings(name: str) -> tuple[str, ...]:
    if name.isascii():
        return (name,)
    small = unicodedata.normalize("NFC", name).casefold()
    long = "".join(_GERMAN.get(c, c) for c in small)
    return (name,) if long == small else (name, long)


def initials(person: PersonNames) -> frozenset[str]:
    """The initials as people write them: `lk`, `kl`, and with a middle name `lmk`."""
    given = "".join(part[0] for part in folded_words(person.given))
    called = fold(person.called)[:1]
    middle = "".join(part[0] for part in folded_words(person.middle))
    family = "".join(part[0] for part in folded_words(person.family))
    found = set()
    for g in {given, given[:1], called}:
        for f in {family, family[:1]}:
            if g and f:
                found |= {g + f, f + g, g + middle + f, f + middle + g}
    return frozenset(found)
