"""Colours, type and measures of every widget, in one place.

A palette is a set of tokens by name. `day` and `night` are the two light conditions of a
control room; `safe` is for eyes that do not tell red from green: there late and in time also
differ in lightness. Shapes and words go with every colour (see `widgets.shapes`), so no
palette carries a meaning alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from widgets.stylesheet import stylesheet_of

Token = Literal[
    "canvas",
    "pane",
    "raised",
    "line",
    "text",
    "muted",
    "accent",
    "selected",
    "late",
    "soon",
    "in_time",
    "done",
    "on_accent",
    "water",
    "land",
    "border",
    "field",
]
TOKENS: tuple[Token, ...] = get_args(Token)
TEXT_TOKENS: tuple[Token, ...] = ("text", "muted", "accent", "late", "soon", "done")
GRAPHIC_TOKENS: tuple[Token, ...] = ("accent", "late", "soon", "in_time", "done")
GROUNDS: tuple[Token, ...] = ("pane", "raised", "selected")
BARE_GROUNDS: tuple[Token, ...] = ("canvas", "water")
"""What lies between the panes and around the land: facts and scale bars may stand there too."""

SMALLEST_SCALE, LARGEST_SCALE = 90, 175  # per cent of the 13 px base

Palette = dict[Token, str]


def _palette(colours: str) -> Palette:
    return dict(zip(TOKENS, colours.split(), strict=True))


PALETTES: dict[str, Palette] = {
    "day": _palette(
        "#E9ECEF #FFFFFF #F5F7F9 #D3D9DF #15202B #5A6875 #0B66C3 #D9E9FA"
        " #C3261F #955400 #71849A #196C43 #FFFFFF #DDE7EF #F8F9FA #AEBCC8 #808C99"
    ),
    "night": _palette(
        "#10151A #171E25 #1F2831 #2A343E #E6ECF2 #8E9CAA #4FA3FF #16324F"
        " #FF6B60 #FFB340 #7C91A5 #4CC38A #0B1117 #0D1822 #1B242C #3A4753 #687887"
    ),
    "safe": _palette(
        "#E9ECEF #FFFFFF #F5F7F9 #D3D9DF #15202B #566471 #0B5FB8 #E4EFFB"
        " #7D1500 #8A5600 #6F849C #00607A #FFFFFF #DDE7EF #F8F9FA #AEBCC8 #808C99"
    ),
}


_TOE = 0.04045  # below it sRGB is a straight line


def luminance(colour: QColor) -> float:
    """Return the relative luminance, 0 (black) to 1 (white), of WCAG 2.2."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= _TOE else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = colour.redF(), colour.greenF(), colour.blueF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio, 1 to 21, of WCAG 2.2 (text wants 4.5, graphics 3)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def load_fonts(paths: Iterable[Path]) -> str:
    """Load font files and return the family of the first that Qt accepts, "" if none.

    Several weights of one family are several files; the family name is the same.
    """
    families = [
        family
        for path in sorted(paths)
        for family in QFontDatabase.applicationFontFamilies(
            QFontDatabase.addApplicationFont(str(path))
        )
    ]
    return families[0] if families else ""


@dataclass(frozen=True, slots=True)
class Measures:
    """Lengths in pixels at 100 %; `Theme.px` scales them."""

    font: int = 13
    label: int = 12
    heading: int = 15
    row: int = 30
    gap: int = 12
    padding: int = 14
    radius: int = 6
    edge: int = 3


MEASURES = Measures()


class Theme(QObject):
    """The palette, scale and font in use; painted widgets hold it and follow `changed`."""

    changed = Signal()

    def __init__(self, palette: str = "day", scale: int = 100, family: str = "") -> None:
        super().__init__()
        self._family = family
        self._take(palette, scale)

    def use(self, palette: str, scale: int) -> None:
        """Change palette and scale (per cent, held within 90–175) everywhere.

        Raises:
            KeyError: no palette has that name.
        """
        self._take(palette, scale)
        self.changed.emit()

    def _take(self, palette: str, scale: int) -> None:
        self._colours = {token: QColor(value) for token, value in PALETTES[palette].items()}
        self._palette = palette
        self._scale = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)

    @property
    def palette(self) -> str:
        return self._palette

    @property
    def scale(self) -> int:
        return self._scale

    def color(self, token: Token, alpha: float = 1.0) -> QColor:
        """Return the token's colour, `alpha` 0 (clear) to 1 (solid)."""
        if alpha >= 1:
            return self._colours[token]
        colour = QColor(self._colours[token])
        colour.setAlphaF(alpha)
        return colour

    def px(self, base: float) -> int:
        """Return a length, given in pixels at 100 %, at the scale in use."""
        return round(base * self._scale / 100)

    def font(self, base: int = MEASURES.font, *, bold: bool = False) -> QFont:
        """Return the interface font with tabular figures, `base` in pixels at 100 %."""
        font = QFont(self._family) if self._family else QFont(QApplication.font())
        font.setPixelSize(self.px(base))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def stylesheet(self) -> str:
        """Return the style sheet for the stock widgets (fields, headers, scroll bars)."""
        colours = {str(token): value for token, value in PALETTES[self._palette].items()}
        return stylesheet_of(colours, self.px)

    def dress(self, app: QApplication) -> None:
        """Give the whole application this palette, font and style sheet."""
        app.setFont(self.font())
        app.setPalette(self._qt_palette())
        app.setStyleSheet(self.stylesheet())

    def _qt_palette(self) -> QPalette:
        role = QPalette.ColorRole
        roles: dict[QPalette.ColorRole, Token] = {
            role.Window: "canvas",
            role.Base: "pane",
            role.AlternateBase: "raised",
            role.Button: "raised",
            role.Text: "text",
            role.WindowText: "text",
            role.ButtonText: "text",
            role.PlaceholderText: "muted",
            role.ToolTipBase: "raised",
            role.ToolTipText: "text",
            role.Highlight: "selected",
            role.HighlightedText: "text",
            role.Link: "accent",
        }
        palette = QPalette()
        for place, token in roles.items():
            palette.setColor(place, self.color(token))
        return palette
