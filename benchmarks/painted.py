"""A process that says `painted` when the first row is on its screen, and ends: the real console,
started by its own command line, or a bare table. Started by `benchmarks.first_row`."""

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QTableView, QTableWidget, QTableWidgetItem


class Watcher(QObject):
    """Waits for a frame of a table that has rows."""

    def __init__(self) -> None:
        super().__init__()
        self._seen = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self._seen:
            table = watched.parent()
            if isinstance(table, QTableView) and table.model().rowCount() > 0:
                self._seen = True
                # said once this frame is painted, which happens after the filter
                QTimer.singleShot(0, self._say)
        return False

    def _say(self) -> None:
        print("painted", flush=True)
        QApplication.quit()


def _console(server: str, key: str) -> None:
    from watchdesk.__main__ import main as watchdesk

    sys.exit(watchdesk(["console", "--server", server, "--drill-key", key]))


def _bare(app: QApplication) -> None:
    table = QTableWidget(1, 1)
    table.setItem(0, 0, QTableWidgetItem("1"))
    table.show()
    app.exec()


def main() -> None:
    app = QApplication(["watchdesk"])
    watcher = Watcher()
    app.installEventFilter(watcher)
    what, *given = sys.argv[1:]
    if what == "console":
        _console(*given)
    else:
        _bare(app)


if __name__ == "__main__":
    main()
