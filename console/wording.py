"""All words that people read: English in the source, other languages in TOML catalogues.

`tr` looks an English sentence up; `mark` only names one, for tables of codes that are made before
a language is chosen. A test collects both and compares them with each catalogue. Names of classes,
units and areas are the rule book's own.
"""

import tomllib

import resources

ENGLISH = "en"
NATIVE_NAMES = {ENGLISH: "English", "zh_CN": "简体中文", "zh_HK": "繁體中文"}
_NARROW = str.maketrans("“”", '""')
"""The shipped face draws the round marks as wide as a Chinese character."""
_catalogues: dict[str, dict[str, str]] = {ENGLISH: {}}
_language = ENGLISH


class Blanks(dict[str, str]):
    """Values of a sentence; one that an older server does not send reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def use(language: str) -> None:
    """Speak this language from now on.

    Raises: FileNotFoundError: there is no catalogue for it.
    """
    global _language  # noqa: PLW0603 one desk speaks one language
    if language not in _catalogues:
        file = resources.root() / "translations" / f"{language}.toml"
        _catalogues[language] = tomllib.loads(file.read_text("utf-8"))
    _language = language


def language() -> str:
    """The language in use."""
    return _language


def mark(english: str) -> str:
    """Name a sentence for the catalogues without speaking it."""
    return english


def tr(english: str, /, **values: object) -> str:
    """The sentence in the language in use, its `{names}` filled in; English where it is missing."""
    said = _catalogues[_language].get(english, english)
    if _language == ENGLISH:
        said = said.translate(_NARROW)
    if not values:
        return said
    return said.format_map(Blanks({name: str(value) for name, value in values.items()}))


PALETTES: dict[str, str] = {
    "day": mark("Day"),
    "night": mark("Night"),
    "safe": mark("Red-green safe"),
}
