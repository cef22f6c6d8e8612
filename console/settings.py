"""What a seat remembers: language, palette, scale, window and columns. Never a password."""

import json
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from widgets.theme import LARGEST_SCALE, PALETTES, SMALLEST_SCALE

LANGUAGES = ("en", "zh_CN", "zh_HK")


def default_file() -> Path:
    """`console.ini` in the user's own configuration folder."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(folder) / "watchdesk" / "console.ini"


def default_drafts() -> Path:
    """`drafts.sqlite` in the user's own cache folder."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
    return Path(folder) / "watchdesk" / "drafts.sqlite"


class Settings:
    """One INI file; what it holds that is impossible reads as the default."""

    def __init__(self, file: Path, palette: str = "day") -> None:
        """`palette` is the one of a person who has not chosen."""
        self._palette = palette
        self._ini = QSettings(str(file), QSettings.Format.IniFormat)

    def _text(self, key: str) -> str:
        value = self._ini.value(key, "")
        return value if isinstance(value, str) else ""

    @property
    def language(self) -> str:
        """One of `LANGUAGES`, "" where the seat has not chosen."""
        found = self._text("language")
        return found if found in LANGUAGES else ""

    @language.setter
    def language(self, language: str) -> None:
        self._ini.setValue("language", language)

    @property
    def palette(self) -> str:
        """Name of a palette of `widgets.theme`."""
        found = self._text("palette")
        return found if found in PALETTES else self._palette

    @palette.setter
    def palette(self, palette: str) -> None:
        self._ini.setValue("palette", palette)

    @property
    def scale(self) -> int:
        """Per cent, within 90 … 175."""
        found = self._text("scale")
        scale = int(found) if found.isascii() and found.isdigit() else 100
        return min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)

    @scale.setter
    def scale(self, scale: int) -> None:
        self._ini.setValue("scale", str(scale))

    @property
    def folder(self) -> str:
        """Where the last file was saved, "" before the first."""
        return self._text("folder")

    @folder.setter
    def folder(self, folder: str) -> None:
        self._ini.setValue("folder", folder)

    def layout(self, name: str) -> QByteArray:
        """A window's, splitter's or table's saved layout; empty when there is none."""
        value = self._ini.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_layout(self, name: str, layout: QByteArray) -> None:
        """Remember a layout under a name."""
        self._ini.setValue(f"layout/{name}", layout)

    def phrases(self, user: str, use: str) -> list[str]:
        """A person's own sentences for one use, in the order they were kept."""
        value = self._ini.value(f"phrases/{_key(user)}/{use}", "[]")
        try:
            found = json.loads(value) if isinstance(value, str) else []
        except ValueError:
            return []
        return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []

    def keep_phrases(self, user: str, use: str, phrases: list[str]) -> None:
        """Remember a person's own sentences."""
        self._ini.setValue(f"phrases/{_key(user)}/{use}", json.dumps(phrases, ensure_ascii=False))
        self._ini.sync()

    def flush(self) -> None:
        """Write to the disk now."""
        self._ini.sync()


def _key(user: str) -> str:
    """A sign-in name as a key of the file, where / and \\ part groups."""
    return user.encode().hex() or "nobody"
