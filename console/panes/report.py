"""受理登記 (Ctrl+N): report a case by keys alone, in place of the open case, never a dialog."""

from itertools import pairwise

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from casework import acts
from casework.decider import Personal
from casework.rulebook import AreaLevel, CaseClass, RuleBook
from casework.terms import AreaId, Point, Role, Source, Urgency, point
from console.picture import Ask, Picture, Refusal, Wish
from console.wording import KINDS, OFFERS, SOURCES, URGENCIES, mark, refusal, tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

LABELS = (
    mark("Class"),
    mark("District"),
    mark("Street"),
    mark("Address"),
    mark("Source"),
    mark("Urgency"),
    mark("Name"),
    mark("Phone"),
)


class ReportPane(QFrame):
    """A form; a click on the map sets the position. Ctrl+Enter reports, Esc goes back."""

    closed = Signal()

    def __init__(
        self, picture: Picture, ask: Ask, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._ask, self._theme = picture, ask, theme
        self._rules: RuleBook | None = None
        self._classes: dict[str, CaseClass] = {}
        self._point: Point | None = None
        self._build()
        self._keys()
        picture.refused.connect(self._refused)
        picture.granted.connect(self._granted)
        picture.sites_changed.connect(self._follow_rules)
        theme.changed.connect(self.speak)
        self.speak()

    def _build(self) -> None:
        self.case_class = QLineEdit()
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.case_class.setCompleter(completer)
        self.district, self.street = QComboBox(), QComboBox()
        self.district.currentIndexChanged.connect(self._fill_streets)
        self.source, self.urgency = QComboBox(), QComboBox()
        self.address, self.name, self.phone = QLineEdit(), QLineEdit(), QLineEdit()
        self.text = QPlainTextEdit(tabChangesFocus=True)
        self.fields: tuple[QWidget, ...] = (
            self.case_class,
            self.district,
            self.street,
            self.address,
            self.source,
            self.urgency,
            self.name,
            self.phone,
        )
        self._title = PlainLabel(size="heading")
        self._position = PlainLabel(tone="muted")
        self.answer = PlainLabel(tone="late", wrap=True)
        self.go = KeyButton("", "Ctrl+Enter", self._theme, suggested=True, bind=False)
        self.go.clicked.connect(self.report)
        self.back = KeyButton("", "Esc", self._theme, bind=False)
        self.back.clicked.connect(self.closed)
        self._labels = [PlainLabel(tone="muted", size="label") for _ in LABELS]
        self._lay_out()

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        half = len(self.fields) // 2
        for number, (label, field) in enumerate(zip(self._labels, self.fields, strict=True)):
            row, column = number % half, number // half * 2
            self._grid.addWidget(label, row, column)
            self._grid.addWidget(field, row, column + 1)
            self._grid.setColumnStretch(column + 1, 1)
            field.setMinimumWidth(0)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._position)
        foot = QHBoxLayout()
        foot.addWidget(self.answer, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.go)
        self._box = QVBoxLayout(self)
        self._box.addLayout(head)
        self._box.addLayout(self._grid)
        self._box.addWidget(self.text, 1)
        self._box.addLayout(foot)
        order = (*self.fields, self.text, self.go, self.back)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _keys(self) -> None:
        keys = (("Ctrl+Return", self.report), ("Ctrl+Enter", self.report), ("Esc", self.closed))
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # --- lists ------------------------------------------------------------------------------------

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(10), px(14), px(10))
        self._box.setSpacing(px(8))
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setVerticalSpacing(px(6))
        self._title.setText(tr(OFFERS["report"]))
        for label, english in zip(self._labels, LABELS, strict=True):
            label.setText(tr(english))
        self.case_class.setPlaceholderText(tr("Type a part of the class's name"))
        self.text.setPlaceholderText(tr("What is the matter, in the reporter's own words"))
        self.go.set_words(tr(OFFERS["report"]))
        self.back.set_words(tr("Back"))
        self._refill(self.source, {each: tr(SOURCES[each]) for each in Source})
        self._refill(self.urgency, {each: tr(URGENCIES[each]) for each in Urgency})
        if self.source.currentIndex() < 0:
            self.source.setCurrentIndex(self.source.findData(Source.PHONE))
        self._rules = None
        self._follow_rules()
        self._say_position()

    def _refill(self, box: QComboBox, entries: dict[Source, str] | dict[Urgency, str]) -> None:
        chosen = box.currentIndex()
        box.clear()
        for value, text in entries.items():
            box.addItem(text, value)
        if chosen >= 0:
            box.setCurrentIndex(chosen)

    @Slot()
    def _follow_rules(self) -> None:
        site = self._picture.sites[0]
        if site.rules is None or site.rules is self._rules:
            return
        self._rules = site.rules
        self._classes = {}
        for of in site.rules.scheme.classes:
            name = site.names.class_of(of)
            self._classes[f"{name} · {tr(KINDS[of.kind])} {of.code}"] = of
        self._names.setStringList(list(self._classes))
        self.district.clear()
        self.district.addItem("–", None)
        for area in site.rules.areas:
            if area.level is AreaLevel.DISTRICT:
                self.district.addItem(site.names.area(area.id), area.id)

    @Slot()
    def _fill_streets(self) -> None:
        self.street.clear()
        self.street.addItem("–", None)
        site, district = self._picture.sites[0], self.district.currentData()
        for area in site.rules.areas if site.rules is not None else ():
            if area.parent == district and area.level is AreaLevel.STREET:
                self.street.addItem(site.names.area(area.id), area.id)

    # --- filling and sending ----------------------------------------------------------------------

    def begin(self) -> None:
        """Start a new report with the cursor in the first field."""
        self.answer.setText("")
        self.case_class.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(float, float)
    def place(self, lat: float, lon: float) -> None:
        """The position, by a click on the map; the server finds district and street."""
        self._point = point(lat, lon)
        self._say_position()

    def _say_position(self) -> None:
        if self._point is None:
            self._position.setText(tr("Position: click on the map, or choose district and street"))
        else:
            lat, lon = self._point.degrees
            self._position.setText(tr("Position {lat}, {lon}", lat=f"{lat:.5f}", lon=f"{lon:.5f}"))

    @Slot()
    def report(self) -> None:
        """Ask for a new case."""
        of = self._chosen_class()
        if of is None:
            self.answer.setText(tr("Choose a class from the list."))
            self.case_class.setFocus()
            return
        site = self._picture.sites[0]
        held = {grant.role for grant in site.welcome.grants} if site.welcome is not None else set()
        role = Role.ACCEPTOR if Role.ACCEPTOR in held or not held else Role.INSPECTOR
        self.answer.set_tone("accent")
        self.answer.setText(tr("Sent; waiting for the server …"))
        self._ask(Wish("report", None, role, self._command(of)))

    def _chosen_class(self) -> CaseClass | None:
        typed = self.case_class.text().strip().casefold()
        exact = self._classes.get(self.case_class.text().strip())
        if exact is not None or not typed:
            return exact
        near = [of for name, of in self._classes.items() if typed in name.casefold()]
        return near[0] if len(near) == 1 else None

    def _command(self, of: CaseClass) -> acts.ReportCase:
        district, street = self.district.currentData(), self.street.currentData()
        return acts.ReportCase(
            kind=of.kind,
            code=of.code,
            source=Source(self.source.currentData()),
            point=self._point,
            district=AreaId(district) if district else None,
            street=AreaId(street) if street else None,
            urgency=Urgency(self.urgency.currentData()),
            personal=Personal(
                name=self.name.text().strip(),
                phone=self.phone.text().strip(),
                address=self.address.text().strip(),
                text=self.text.toPlainText().strip(),
            ),
        )

    @Slot(object)
    def _refused(self, refused: Refusal) -> None:
        if refused.wish.name == "report":
            self.answer.set_tone("late")
            self.answer.setText(refusal(refused.code, **refused.detail))

    @Slot(object)
    def _granted(self, wish: Wish) -> None:
        if wish.name != "report":
            return
        for field in (self.case_class, self.address, self.name, self.phone, self.text):
            field.clear()
        self._point = None
        self._say_position()
        self.answer.set_tone("done")
        self.answer.setText(tr("Recorded: the case lies in “To accept”."))
