"""派遣: choose the lead unit and who joins. The rule book suggests, a search finds the rest."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from casework.rules.classification import Responsible
from casework.terms import UnitId
from console.picture import Site
from console.wording import tr
from widgets.plain_label import one_line
from widgets.theme import Theme

MOST_SHOWN = 40
_UNIT = Qt.ItemDataRole.UserRole


class UnitChooser(QWidget):
    """The marked row is the lead; Space, or a tick, lets a unit join."""

    typing = Signal()
    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._site: Site | None = None
        self._suggested: tuple[UnitId, ...] = ()
        self._joint: dict[UnitId, None] = {}
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.textEdited.connect(self._search)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._marked)
        self.list.itemChanged.connect(self._ticked)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self.search)
        self._box.addWidget(self.list)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def lead(self) -> UnitId | None:
        """The marked unit."""
        row = self.list.currentRow()
        return UnitId(self.list.item(row).data(_UNIT)) if row >= 0 else None

    @property
    def joint(self) -> tuple[UnitId, ...]:
        """The ticked units but the lead."""
        return tuple(unit for unit in self._joint if unit != self.lead)

    def offer(self, found: Responsible, site: Site) -> None:
        """Suggest by the rule book's responsibility for the case's class and place."""
        self._site = site
        self._suggested = (*((found.lead,) if found.lead else ()), *found.joint)
        self._joint = dict.fromkeys(found.joint)
        self.search.clear()
        self._search("")
        if found.lead is None:
            self.list.setCurrentRow(-1)  # 視情況定: the dispatcher chooses

    def speak(self) -> None:
        """The language is another."""
        self._restyle()
        self._search(self.search.text())

    @Slot(str)
    def _search(self, text: str) -> None:
        if text:
            self.typing.emit()
        wanted = text.strip().casefold()
        self.list.blockSignals(True)
        self.list.clear()
        for unit in self._found(wanted):
            self.list.addItem(self._item(unit))
        self.list.blockSignals(False)
        if self.list.count():
            self.list.setCurrentRow(0)
        self.changed.emit()

    def _found(self, wanted: str) -> list[UnitId]:
        """Suggested and joining units first, then by the list, at most `MOST_SHOWN`."""
        if self._site is None or self._site.rules is None:
            return []
        names = self._site.names
        every = dict.fromkeys((*self._suggested, *self._joint))
        every |= dict.fromkeys(unit.id for unit in self._site.rules.units)
        return [
            unit
            for unit in every
            if wanted in names.unit(unit).casefold() or wanted in unit.casefold()
        ][:MOST_SHOWN]

    def _item(self, unit: UnitId) -> QListWidgetItem:
        assert self._site is not None  # `_found` has seen it
        name = self._site.names.unit(unit)
        if self._suggested and unit == self._suggested[0]:
            name = tr("{unit} · by the rule book", unit=name)
        item = QListWidgetItem(one_line(name))
        item.setData(_UNIT, unit)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        ticked = Qt.CheckState.Checked if unit in self._joint else Qt.CheckState.Unchecked
        item.setCheckState(ticked)
        return item

    @Slot()
    def _marked(self) -> None:
        self.changed.emit()

    @Slot(QListWidgetItem)
    def _ticked(self, item: QListWidgetItem) -> None:
        unit = UnitId(item.data(_UNIT))
        if item.checkState() is Qt.CheckState.Checked:
            self._joint[unit] = None
        else:
            self._joint.pop(unit, None)
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the search field walk the list."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step:
                last = self.list.count() - 1
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), last))
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._box.setSpacing(px(4))
        self.search.setPlaceholderText(tr("Search units; tick those that join"))
        self.list.setFixedHeight(px(70))
