"""Qt's own words: the menus of its text fields, its buttons, its dialog for a file.

They come from the catalogues that Qt ships. The Chinese ones lag behind Qt: what its file dialog
says and they lack is in this desk's own catalogues.
"""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from console import wording
from console.wording import mark, tr

_CATALOGUES = {"zh_CN": "qtbase_zh_CN", "zh_HK": "qtbase_zh_TW"}
_LACKED = frozenset(
    {
        ("QFileDialog", mark("&Look in:")),
        ("QFileDialog", mark("Files of &type:")),
        ("QAbstractFileIconProvider", mark("Folder")),
        ("QAbstractFileIconProvider", mark("File Folder")),
        ("QAbstractFileIconProvider", mark("Drive")),
        ("QAbstractFileIconProvider", mark("Unknown")),
    }
)
"""By who in Qt says it."""


class QtWords:
    """Makes Qt speak the language in use; lives as long as the program."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._installed: tuple[QTranslator, ...] = ()

    def speak(self) -> None:
        """From now on; what Qt shows already keeps its words."""
        for each in self._installed:
            self._app.removeTranslator(each)
        self._installed = tuple(_translators(wording.language()))
        for each in self._installed:  # the last one is asked first
            self._app.installTranslator(each)


def _translators(language: str) -> list[QTranslator]:
    name = _CATALOGUES.get(language)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    shipped = QTranslator()
    if name is None or not shipped.load(name, folder):
        return []
    return [shipped, _Lacked()]


class _Lacked(QTranslator):
    """What the shipped catalogues lack; None leaves a sentence to them."""

    def isEmpty(self) -> bool:  # an empty one is not asked
        return False

    def translate(
        self,
        context: str,
        source_text: str,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str | None:
        return tr(source_text) if (context, source_text) in _LACKED else None
