"""The fields of a report and their order, without the server: what stands in them is a value."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from casework.rulebook import RuleBook
from casework.terms import Role, Source, Urgency
from console.names import Names
from console.panes.class_field import ClassField
from console.panes.place_field import PlaceField
from console.panes.receipt import ReceiptPanel
from console.panes.report_state import ReportState
from console.vocabulary import OFFERS, SOURCES, URGENCIES
from console.wording import mark, tr
from widgets.choice import Choice
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

E = TypeVar("E", Source, Urgency)

LABELS = (
    mark("Class"),
    mark("Place"),
    mark("Address"),
    mark("Report"),
    mark("Name"),
    mark("Phone"),
    mark("Source"),
    mark("Urgency"),
)
_ENTER, _CONTROL = (Qt.Key.Key_Return, Qt.Key.Key_Enter), Qt.KeyboardModifier.ControlModifier
_FORM_SHARE, _BESIDE_SHARE = 13, 8
_LONGEST, _NARROW = 2_000, 640
_TEXT_LEAST, _TEXT_MOST, _SECOND_LINE = 72, 220, 20
"""Pixels at 100 %."""


class ReportForm(QWidget):
    """`state` is what stands in the fields; `edited` says that it is another."""

    edited = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._addressed = ""
        """The address that a place brought: another place may replace it, a person's own not."""
        self.case_class = ClassField(theme)
        self.place = PlaceField(theme)
        self.address, self.name = QLineEdit(maxLength=_LONGEST), QLineEdit(maxLength=100)
        self.phone = QLineEdit(maxLength=100)
        self.text = QPlainTextEdit(tabChangesFocus=True)
        self.wants_reply, self.handled = QCheckBox(), QCheckBox()
        self.handled.hide()
        self.source, self.urgency = Choice(), Choice()
        self.receipt = ReceiptPanel(theme)
        self.title = PlainLabel(size="heading")
        self.kept = PlainLabel(tone="muted", size="label")
        self.answer = PlainLabel(tone="late", wrap=True)
        self.go = KeyButton("", "Ctrl+Enter", theme, suggested=True, bind=False)
        self.back = KeyButton("", "Esc", theme, bind=False)
        self._labels = [PlainLabel(tone="muted", size="label") for _ in LABELS]
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        (of, place, address, report, name, phone, source, urgency) = self._labels
        top = Qt.AlignmentFlag.AlignTop
        rows: tuple[tuple[PlainLabel, QWidget], ...] = (
            (of, self.case_class),
            (place, self.place),
            (address, self.address),
            (report, self.text),
        )
        for row, (label, field) in enumerate(rows):
            self._grid.addWidget(label, row, 0, top)
            self._grid.addWidget(field, row, 1, 1, 3)
        self._grid.setRowStretch(len(rows) - 1, 1)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        pairs = ((name, self.name, phone, self.phone), (source, self.source, urgency, self.urgency))
        for row, (left, one, right, other) in enumerate(pairs, len(rows)):
            for column, part in enumerate((left, one, right, other)):
                self._grid.addWidget(part, row, column, Qt.AlignmentFlag(0) if column % 2 else top)
                part.setMinimumWidth(0)
        for row, check in enumerate((self.wants_reply, self.handled), len(rows) + 2):
            self._grid.addWidget(check, row, 1, 1, 3)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.kept)
        foot = QHBoxLayout()
        foot.addWidget(self.answer, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.go)
        self._form = QVBoxLayout()
        self._form.addLayout(head)
        self._form.addLayout(self._grid, 1)
        self._form.addLayout(foot)
        self._whole = QHBoxLayout(self)
        self._whole.addLayout(self._form, _FORM_SHARE)
        self._whole.addWidget(self.receipt, _BESIDE_SHARE)

    @property
    def _in_order(self) -> tuple[QWidget, ...]:
        """As a call goes: what, where, in whose words, who, and the rest."""
        return (
            self.case_class.line,
            self.case_class.condition,
            self.place.line,
            self.address,
            self.text,
            self.name,
            self.phone,
            self.source,
            self.urgency,
            self.wants_reply,
            self.handled,
            self.go,
            self.back,
            self.receipt.open,
        )

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab stays within the form, round and round: a call taker is not led out of a report by
        the key that leads through it. `Esc` leaves."""
        fields = [each for each in self._in_order if each.isVisible() and each.isEnabled()]
        here = self.focusWidget()
        at = fields.index(here) if here in fields else (-1 if next else 0)
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        fields[(at + (1 if next else -1)) % len(fields)].setFocus(reason)
        return True

    def _connect(self) -> None:
        for line in (self.address, self.name, self.phone):
            line.textChanged.connect(self._edited)
            line.returnPressed.connect(self._next)
        self.text.textChanged.connect(self._edited)
        for check in (self.wants_reply, self.handled):
            check.toggled.connect(self._edited)
            check.installEventFilter(self)
        for box in (self.source, self.urgency):
            box.currentIndexChanged.connect(self._edited)
        for box in (self.case_class.condition, self.source, self.urgency):
            box.installEventFilter(self)
        self.case_class.changed.connect(self._edited)
        self.place.changed.connect(self._edited)
        self.place.addressed.connect(self._take_address)

    @Slot()
    def _edited(self) -> None:
        self.edited.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on from a list or a mark too, as from a line: Qt would let it lie."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in _ENTER
            and not event.modifiers() & _CONTROL
        ):
            self._next()
            return True
        return super().eventFilter(watched, event)

    def work_as(self, role: Role) -> None:
        """Who reports: an inspector's own find is where its reports come from, and only an
        inspector deals with a thing on the spot."""
        source = Source.INSPECTOR if role is Role.INSPECTOR else Source.PHONE
        self.source.setCurrentIndex(self.source.findData(source))
        self.handled.setVisible(role is Role.INSPECTOR)

    @Slot()
    def _next(self) -> None:
        self.focusNextChild()

    @Slot(str)
    def _take_address(self, address: str) -> None:
        if self.address.text().strip() in ("", self._addressed):
            self.address.setText(address)
            self._addressed = address

    @property
    def tall(self) -> int:
        """Pixels in which every field is whole, a refusal of two lines included."""
        return self.minimumSizeHint().height() + self._theme.px(_SECOND_LINE)

    def give_room(self) -> None:
        """In a narrow place the fields come first, and the keys of the form not at all."""
        is_narrow = self.width() < self._theme.px(_NARROW)
        self.receipt.show_keys(not is_narrow)
        self.receipt.setHidden(is_narrow and not self.receipt.has_more)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.give_room()

    # --- words and lists ------------------------------------------------------------------------

    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._whole.setContentsMargins(px(14), px(10), px(14), px(10))
        self._whole.setSpacing(px(20))
        self._form.setSpacing(px(8))
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setVerticalSpacing(px(8))
        self.title.setText(tr(OFFERS["report"]))
        for label, english in zip(self._labels, LABELS, strict=True):
            label.setText(tr(english))
            label.setContentsMargins(0, px(6), 0, 0)
            label.setMinimumWidth(label.sizeHint().width())
        self.text.setMinimumHeight(px(_TEXT_LEAST))
        self.text.setMaximumHeight(px(_TEXT_MOST))
        self.text.setPlaceholderText(tr("What is the matter, in the reporter's own words"))
        self.wants_reply.setText(tr("The reporter wants a reply"))
        self.handled.setText(tr("I have dealt with it on the spot: close the case at once"))
        self.go.set_words(tr(OFFERS["report"]))
        self.back.set_words(tr("Back"))
        self._refill(self.source, {each: tr(SOURCES[each]) for each in Source}, Source.PHONE)
        self._refill(self.urgency, {each: tr(URGENCIES[each]) for each in Urgency}, Urgency.NORMAL)
        self.place.speak()
        self.receipt.speak()

    def _refill(self, box: QComboBox, entries: dict[E, str], default: E) -> None:
        chosen = box.currentData() or default
        box.blockSignals(True)
        box.clear()
        for value, text in entries.items():
            box.addItem(text, value)
        box.setCurrentIndex(box.findData(chosen))
        box.blockSignals(False)

    def follow_rules(self, rules: RuleBook, names: Names) -> None:
        """Classes and places of this rule book from now on."""
        self.case_class.follow_rules(rules, names)
        self.place.follow_rules(rules, names)

    # --- the value ------------------------------------------------------------------------------

    @property
    def state(self) -> ReportState:
        """What stands in the fields now."""
        of = self.case_class.chosen
        return ReportState(
            class_text=self.case_class.line.text(),
            kind=of.kind if of is not None else None,
            code=of.code if of is not None else "",
            condition=self.case_class.condition_id,
            place_text=self.place.line.text(),
            place=self.place.chosen,
            address=self.address.text(),
            text=self.text.toPlainText(),
            name=self.name.text(),
            phone=self.phone.text(),
            wants_reply=self.wants_reply.isChecked(),
            source=Source(self.source.currentData()),
            urgency=Urgency(self.urgency.currentData()),
            handled=not self.handled.isHidden() and self.handled.isChecked(),
        )

    def show_state(self, state: ReportState) -> None:
        """Put this in the fields; `edited` is said once, at the end."""
        self.blockSignals(True)
        self._addressed = ""
        self.case_class.restore(state.class_text, state.kind, state.code, state.condition)
        self.place.restore(state.place_text, state.place)
        self.address.setText(state.address)
        self.text.setPlainText(state.text)
        self.name.setText(state.name)
        self.phone.setText(state.phone)
        self.wants_reply.setChecked(state.wants_reply)
        self.source.setCurrentIndex(self.source.findData(state.source))
        self.urgency.setCurrentIndex(self.urgency.findData(state.urgency))
        self.handled.setChecked(state.handled)
        self.blockSignals(False)
        self.edited.emit()
