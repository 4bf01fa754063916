"""Which font prints which character, so that nothing typed is ever a box or nothing.

Source Sans Pro is embedded in every PDF. A character it lacks is taken from an optional
`fontpkg-noto-sans-*` package where one is installed, and else printed as its Unicode name in
brackets: `[GRINNING FACE]`. Scripts that need shaping or run from right to left are always named,
in the order in which they were typed: unshaped letters in the wrong order would be worse to read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

REGULAR, BOLD, ITALIC = "BT-Regular", "BT-Bold", "BT-Italic"

_FILES = {
    REGULAR: "SourceSansPro",
    BOLD: "SourceSansProBold",
    ITALIC: "SourceSansProIt",
}
_EXTRA = re.compile(r"fontpkg[-_]noto[-_]sans($|[-_])", re.IGNORECASE)
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")
_OTHER_SPACES = re.compile("[\u1680\u2000-\u200a\u202f\u205f\u3000]")
_RUN_OF_SPACES = re.compile(" {2,}")
_MOST_SPACES = 8

# Typed by a keyboard or an emoji picker, without a shape of their own: joiners, variation
# selectors, the byte-order mark, the soft hyphen. Their neighbours are printed.
_SHAPELESS = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")

# Text pasted from old Windows programs brings its quotes as C1 control characters. The five that
# Windows-1252 leaves empty stay what they are (and are then named).
_WINDOWS = {
    code: bytes((code,)).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# Blocks whose letters change shape or order beside others (Syriac to Tibetan, Burmese, Khmer...).
_SHAPED = re.compile(
    "[\u0700-\u0dff\u0f00-\u109f\u1700-\u1aff\u1b00-\u1c7f\ua800-\uabff\U00010a00-\U00011fff]"
)


@dataclass(frozen=True, slots=True)
class Fonts:
    """The characters of our fonts and, by name, those of the optional ones.

    `own` is what the upright fonts have; the italic one has no Greek and no Cyrillic.
    """

    own: frozenset[str]
    italic: frozenset[str]
    extra: tuple[tuple[str, frozenset[str]], ...]

    def for_character(self, character: str) -> str | None:
        """ "" for our own fonts, the name of an optional one, or None where no font has it."""
        if character in self.own:
            return ""
        if _SHAPED.match(character) or unicodedata.bidirectional(character) in ("R", "AL"):
            return None
        return next((name for name, has in self.extra if character in has), None)


def _characters(font: TTFont) -> frozenset[str]:
    return frozenset(chr(code) for code in font.face.charToGlyph if 0x20 <= code != 0xFFFF)


def _extra_files() -> Iterator[str]:
    for package in metadata.distributions():
        if _EXTRA.match(package.metadata["Name"] or ""):
            for file in package.files or ():
                if file.suffix == ".ttf" and "Italic" not in file.name:
                    yield str(file.locate())


@cache
def ready() -> Fonts:
    """Register the fonts with reportlab, once per process, and say what they can print."""
    import font_source_sans_pro as package

    own = [TTFont(name, package.font_files_ttf[file]) for name, file in _FILES.items()]
    for font in own:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD
    )
    extra = []
    for number, path in enumerate(sorted(_extra_files())):
        try:
            font = TTFont(f"BT-Extra{number}", path)
        except (OSError, TTFError):  # a damaged package must not stop the printing
            continue
        pdfmetrics.registerFont(font)
        extra.append((font.fontName, _characters(font)))
    regular, bold, italic = map(_characters, own)
    return Fonts(regular & bold, italic, tuple(extra))


def _named(character: str) -> str:
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}')}]"


def tidy(text: str) -> str:
    """`text` as it is to be printed: composed, one kind of newline, spaces that survive layout."""
    text = _NEWLINES.sub("\n", text).translate(_WINDOWS).replace("\t", "    ")
    text = _OTHER_SPACES.sub(" ", _SHAPELESS.sub("", text))
    text = unicodedata.normalize("NFC", text)
    return _RUN_OF_SPACES.sub(_kept_spaces, text)


def _kept_spaces(found: re.Match[str]) -> str:
    """Layout would collapse a run of spaces: all but one become no-break spaces (at most 8)."""
    return " " + "\u00a0" * (min(len(found[0]), _MOST_SPACES) - 1)


def runs(text: str) -> list[tuple[str, str]]:
    """Tidied `text` (no newlines in it) cut into (font, characters); font "" is our own."""
    fonts = ready()
    if fonts.own.issuperset(text):
        return [("", text)]
    placed = []
    for character in text:
        font = fonts.for_character(character)
        placed.append(("", _named(character)) if font is None else (font, character))
    return [(font, "".join(part for _, part in group)) for font, group in groupby(placed, _font)]


def _font(placed: tuple[str, str]) -> str:
    return placed[0]


def printable(text: str) -> str:
    """`text` on one line with every character that our own fonts lack named (for outlines)."""
    return " ".join(
        "".join(c if c in ready().own else _named(c) for c in line)
        for line in tidy(text).split("\n")
    )
