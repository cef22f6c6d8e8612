"""What leaves the desk: the list or the case that has the focus as a file, the case on paper.

Exporting is a read of what is on the screen: the pane's rows, filter and columns, masked as there.
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from casework.decider import Refused
from console.dossier import Dossier
from console.export.csv import write_csv
from console.export.table import Origin, Table, local
from console.picture import Picture
from console.refusals import refusal
from console.saving import Form, Outcome, Saving
from console.settings import Settings
from console.sheets.sheets import case_sheet, job_sheet
from console.wording import tr


@runtime_checkable
class Listed(Protocol):
    """A pane whose rows can be exported."""

    def as_table(self) -> Table | None:
        """What it shows now, None where there is nothing to export."""


class Outputs(QObject):
    """One action a kind of output, by key and by menu, for the pane that had the focus last."""

    saved = Signal(str)
    """One sentence with the path."""
    refused = Signal(str)
    """One sentence why nothing was written."""

    def __init__(
        self,
        window: QWidget,
        picture: Picture,
        settings: Settings,
        first: QWidget,
        opened: Callable[[], Dossier | None],
    ) -> None:
        """`first` is exported before any pane had the focus; `opened` is the case on the desk."""
        super().__init__(window)
        self._window, self._picture = window, picture
        self._pane = self._first = first
        self._opened = opened
        self._folder = ""
        self.saving = Saving(settings, window)
        self.saving.done.connect(self._done)
        keys = {
            "Ctrl+E": self.export,
            "Ctrl+Shift+E": self.open_folder,
            "Ctrl+P": self.print_case,
            "Ctrl+Shift+P": self.print_job,
        }
        for key, act in keys.items():
            QShortcut(QKeySequence(key), window).activated.connect(act)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        at = now if now is not None and self._window.isAncestorOf(now) else None
        while at is not None:
            if isinstance(at, Listed):
                self._pane = at
                return
            at = at.parentWidget()

    def origin(self) -> Origin:
        """Where a file comes from, by the log's clock."""
        welcome = self._picture.sites[0].welcome
        practice = any(each.welcome and each.welcome.practice for each in self._picture.sites)
        return Origin(
            city=self._picture.names().city(),
            by=welcome.name if welcome is not None else "–",
            at=self._picture.now(),
            practice=tr("PRACTICE") if practice else "",
        )

    @property
    def pane(self) -> QWidget:
        """What would be exported now."""
        return self._pane if self._pane.isVisible() else self._first

    @Slot()
    def export(self) -> None:
        """Ask where the pane's table goes, as a workbook or as CSV."""
        pane = self.pane
        from console.export.xlsx import write_xlsx  # half of what the desk's start would import

        table = pane.as_table() if isinstance(pane, Listed) else None
        if table is None or not (table.rows or table.facts):
            self.refused.emit(tr("There is nothing here to export."))
            return
        origin = self.origin()
        at = local(origin.at, table.zone)
        name = "-".join(filter(None, (table.title, f"{at:%Y%m%d-%H%M%S}", origin.practice)))
        forms = (
            Form(tr("Excel workbook"), ".xlsx", partial(write_xlsx, table, origin)),
            Form(tr("Comma-separated text"), ".csv", partial(write_csv, table, origin)),
        )
        self.saving.ask(tr("Export"), name, forms)

    @Slot()
    def print_case(self) -> None:
        """案卷表 of the open case."""
        self._print(tr("Case sheet"), case_sheet)

    @Slot()
    def print_job(self) -> None:
        """派遣單 of the open case."""
        self._print(tr("Job sheet"), job_sheet)

    def _print(self, title: str, write: Callable[[Dossier, Origin, str], bytes]) -> None:
        of = self._opened()
        if of is None:
            self.refused.emit(tr("Open a case first, and wait until its text is here."))
            return
        origin = self.origin()
        try:
            content = write(of, origin, QApplication.font().family())
        except Refused as refused:
            self.refused.emit(refusal(refused.code))
            return
        name = "-".join(filter(None, (title, of.case.id, origin.practice)))
        self.saving.ask(title, name, (Form(tr("PDF document"), ".pdf", lambda: content),))

    @Slot(object)
    def _done(self, outcome: Outcome) -> None:
        if outcome.refused is not None:
            self.refused.emit(refusal(outcome.refused.code, **outcome.refused.detail))
            return
        self._folder = str(outcome.file.parent)
        self.saved.emit(tr("Saved: {file}", file=outcome.file))

    @Slot()
    def open_folder(self) -> None:
        """Show the folder of the last file in the system's own program."""
        if self._folder:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))

    def stop(self) -> None:
        """The program ends."""
        self.saving.stop()
