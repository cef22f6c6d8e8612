"""Asking for a file's name, and writing it without holding up the window.

A workbook of 3,000 rows takes about 0.4 s of Python: it is made in Qt's pool, one at a time, from
frozen values only. The dialog asks for the name and nothing else, and remembers the folder.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QStandardPaths, Qt, QThreadPool, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from casework.decider import Refused
from console.export.saving import file_name, save
from console.settings import Settings

WAIT_MS = 30_000


class Form(NamedTuple):
    """A form that a file may take: its words, its suffix (`.csv`), and how its bytes are made."""

    words: str
    suffix: str
    write: Callable[[], bytes]


class Outcome(NamedTuple):
    """A file that was written, or the refusal."""

    file: Path
    refused: Refused | None = None


class Saving(QObject):
    """One file at a time; `done` tells what came of it, in the window's own thread."""

    done = Signal(object)
    """`Outcome`."""
    _written = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._settings = parent, settings
        self._forms: tuple[Form, ...] = ()
        self.dialog: QFileDialog | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._written.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def ask(self, title: str, name: str, forms: Sequence[Form]) -> None:
        """Ask for the name; the first form is offered. Nothing waits for the answer."""
        if self.dialog is not None:
            self.dialog.deleteLater()
        self._forms = tuple(forms)
        dialog = QFileDialog(self._window, title, str(self._folder()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{form.words} (*{form.suffix})" for form in forms])
        dialog.setDefaultSuffix(forms[0].suffix)
        dialog.selectFile(file_name(name) + forms[0].suffix)
        dialog.filterSelected.connect(self._form_chosen)
        dialog.fileSelected.connect(self._named)
        self.dialog = dialog
        dialog.open()

    def stop(self) -> None:
        """Wait for a file that is being written: the program ends."""
        self._pool.waitForDone(WAIT_MS)

    def _folder(self) -> Path:
        kept = self._settings.folder
        if kept and Path(kept).is_dir():
            return Path(kept)
        place = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(QStandardPaths.writableLocation(place))

    @Slot(str)
    def _form_chosen(self, chosen: str) -> None:
        """Another form: the name in the field takes its suffix."""
        dialog, form = self.dialog, self._form_of(chosen)
        if dialog is None:
            return
        dialog.setDefaultSuffix(form.suffix)
        for typed in dialog.selectedFiles():
            if Path(typed).suffix in {each.suffix for each in self._forms}:
                dialog.selectFile(Path(typed).stem + form.suffix)

    def _form_of(self, chosen: str) -> Form:
        """The form by the dialog's filter, the first where there is none."""
        return next((f for f in self._forms if chosen.endswith(f"(*{f.suffix})")), self._forms[0])

    @Slot(str)
    def _named(self, named: str) -> None:
        dialog = self.dialog
        if dialog is None or not named:
            return
        file = Path(named)
        by_filter = self._form_of(dialog.selectedNameFilter())
        form = next((f for f in self._forms if f.suffix == file.suffix.lower()), by_filter)
        if file.suffix.lower() != form.suffix:
            file = file.with_name(file.name + form.suffix)
        self._settings.folder = str(file.parent)
        self._pool.start(partial(self._write, file, form))

    def _write(self, file: Path, form: Form) -> None:
        """In the pool's thread."""
        try:
            save(file, form.write())
        except Refused as refused:
            self._written.emit(Outcome(file, refused))
        else:
            self._written.emit(Outcome(file))

    @Slot(object)
    def _tell(self, outcome: Outcome) -> None:
        self.done.emit(outcome)
