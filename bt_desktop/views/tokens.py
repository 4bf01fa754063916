"""The look in one place: colors, sizes, spacing. The stylesheet and the painted widgets read it.

Every pair that carries text meets 4.5:1 and every control border 3:1 (a test computes them).
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Tokens:
    """Named colors as `#RRGGBB`. `*_weak` are grounds for the color they are named after."""

    name: str
    bg: str
    surface: str
    raised: str
    ink: str
    muted: str
    line: str
    line_strong: str
    danger: str
    danger_weak: str
    warn: str
    warn_weak: str
    ok: str
    ok_weak: str
    accent: str
    accent_weak: str
    accent_ink: str
    accent_hover: str
    rail: str
    rail_ink: str
    rail_on: str

    def colors(self) -> dict[str, str]:
        """Every color by its name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "name"}


LIGHT = Tokens(
    name="light",
    bg="#F4F6F8",
    surface="#FFFFFF",
    raised="#FBFCFD",
    ink="#1A2330",
    muted="#556171",
    line="#D5DCE4",
    line_strong="#768494",
    danger="#A8231C",
    danger_weak="#FCEBEA",
    warn="#7A4F00",
    warn_weak="#FFF3D9",
    ok="#1B6B43",
    ok_weak="#E6F4EC",
    accent="#1D5B9E",
    accent_weak="#E6EFF8",
    accent_ink="#FFFFFF",
    accent_hover="#174B84",
    rail="#1B2836",
    rail_ink="#DCE4EC",
    rail_on="#2C3E52",
)

DARK = Tokens(
    name="dark",
    bg="#12171D",
    surface="#1A2129",
    raised="#202932",
    ink="#E6EBF1",
    muted="#A5B1BF",
    line="#323D49",
    line_strong="#748597",
    danger="#F2938C",
    danger_weak="#3A2020",
    warn="#F0C36D",
    warn_weak="#382C14",
    ok="#7FD0A3",
    ok_weak="#173226",
    accent="#8ABAF2",
    accent_weak="#20344A",
    accent_ink="#0E1A28",
    accent_hover="#A4CAF6",
    rail="#0D1218",
    rail_ink="#C9D3DE",
    rail_on="#22303E",
)

# Spacing steps at 100 % (px).
SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_5, SPACE_6, SPACE_8 = 4, 8, 12, 16, 20, 24, 32

BODY_PX = 15
SMALL_PX = 13
SECTION_PX = 18
TITLE_PX = 24
CONTROL_HEIGHT = 36
TOUCH_HEIGHT = 44
RAIL_WIDTH = 200
QUESTION_WIDTH = 560
"""The widest a column of questions gets (look.md)."""
RAIL_ICONS_BELOW = 1000
RIGHT_COLUMN_FOLDS_BELOW = 1100
SCALES = (100, 110, 125, 150, 175, 200)


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two `#RRGGBB` colors, 1 to 21."""

    def light(color: str) -> float:
        parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
