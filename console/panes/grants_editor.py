"""Posts of one person: ticked posts with their areas, centre, unit and grids, and below them the
short form, which holds what ticks cannot say (the same post twice, in two centres)."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from casework.decider import Grant, Refused
from casework.grants import read_grants, write_grants
from casework.rulebook import RuleBook
from casework.terms import AreaId, CentreId, Role, UnitId
from casework.territory import AreaLevel
from console.names import Names
from console.refusals import refusal
from console.vocabulary import ROLES
from console.wording import tr
from widgets.check_combo import CheckCombo
from widgets.choice import Choice
from widgets.plain_label import PlainLabel
from widgets.theme import Theme


class _Post:
    """The line of one role."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.held = QCheckBox()
        self.areas = CheckCombo()
        self.centre = Choice()
        self.units = CheckCombo()
        self.grids = CheckCombo()

    def wheres(self) -> list[QWidget]:
        """What says where the post is held."""
        match self.role:
            case Role.ADMINISTRATOR:
                return []
            case Role.UNIT:
                return [self.units]
            case Role.INSPECTOR:
                return [self.areas, self.grids]
            case _:
                return [self.areas, self.centre]

    def grants(self) -> list[Grant]:
        """What the line says; of several units one grant each."""
        if not self.held.isChecked():
            return []
        if self.role is Role.UNIT:
            units = [UnitId(str(unit)) for unit in self.units.values()]
            several = [Grant(role=self.role, unit=unit) for unit in units]
            return several or [Grant(role=self.role)]
        wheres = self.wheres()
        centre = self.centre.currentData() if self.centre in wheres else None
        return [
            Grant(
                role=self.role,
                areas=tuple(AreaId(str(area)) for area in self.areas.values()),
                centre=None if centre is None else CentreId(centre),
                grids=tuple(map(str, self.grids.values())) if self.grids in wheres else (),
            )
        ]

    def show(self, grants: Sequence[Grant]) -> None:
        """Set the line to what is held in this role."""
        self.held.setChecked(bool(grants))
        first = grants[0] if grants else Grant(role=self.role)
        self.areas.tick(first.areas)
        self.centre.setCurrentIndex(max(self.centre.findData(first.centre), 0))
        self.units.tick([grant.unit for grant in grants if grant.unit])
        self.grids.tick(first.grids)


class GrantsEditor(QWidget):
    """`grants` is what stands there; `edited` says that it is another."""

    edited = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._posts = [_Post(role) for role in Role if role is not Role.SYSTEM]
        self._quiet = False
        self.line = QLineEdit(maxLength=2_000)
        self.answer = PlainLabel(tone="late", wrap=True)
        self._hint = PlainLabel(tone="muted", size="label")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        for row, post in enumerate(self._posts):
            self._grid.addWidget(post.held, row, 0)
            wheres = post.wheres()
            for column, where in enumerate(wheres, 1):
                across = 2 if len(wheres) == 1 else 1
                self._grid.addWidget(where, row, column, 1, across)
                _as_wide_as_there_is(where)
            self._connect(post)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._grid)
        layout.addWidget(self._hint)
        layout.addWidget(self.line)
        layout.addWidget(self.answer)
        self.line.textEdited.connect(self._line_edited)
        self._restyle()
        theme.changed.connect(self._restyle)

    def _connect(self, post: _Post) -> None:
        post.held.toggled.connect(self._ticked)
        post.areas.ticked.connect(self._ticked)
        post.units.ticked.connect(self._ticked)
        post.centre.currentIndexChanged.connect(self._ticked)
        post.grids.ticked.connect(self._ticked)

    # --- the value ------------------------------------------------------------------------------

    def grants(self) -> tuple[Grant, ...]:
        """What stands there. Raises: Refused: the short form cannot be read."""
        return read_grants(self.line.text())

    def show_grants(self, grants: Sequence[Grant]) -> None:
        """Set everything to these grants."""
        self.line.setText(write_grants(grants))
        self.line.setCursorPosition(0)
        self._show_ticks(grants)

    def _show_ticks(self, grants: Sequence[Grant]) -> None:
        self._quiet = True
        for post in self._posts:
            post.show([grant for grant in grants if grant.role is post.role])
        self._quiet = False
        said = [grant for post in self._posts for grant in post.grants()]
        whole = set(said) == set(grants)
        for post in self._posts:
            for part in (post.held, *post.wheres()):
                part.setEnabled(whole)
        self.answer.setText("" if whole else tr("Ticks cannot say this; change the line below."))

    @Slot()
    def _ticked(self) -> None:
        if self._quiet:
            return
        said = [grant for post in self._posts for grant in post.grants()]
        self.line.setText(write_grants(said))
        self.line.setCursorPosition(0)
        self.answer.setText("")
        self.edited.emit()

    @Slot()
    def _line_edited(self) -> None:
        try:
            self._show_ticks(self.grants())
        except Refused as refused:
            self.answer.setText(refusal(refused.code, **refused.detail))
        self.edited.emit()

    # --- words and lists ------------------------------------------------------------------------

    def follow_rules(self, rules: RuleBook | None, names: Names) -> None:
        """Offer the areas, centres, units and grids of this rule book, in the language in use."""
        areas = _areas(rules, names)
        centres = [(each.id, names.centre(each.id)) for each in rules.centres] if rules else []
        grids = _grids(rules, names)
        units = [(each.id, names.unit(each.id)) for each in rules.units] if rules else []
        self._quiet = True
        for post in self._posts:
            post.areas.offer(areas, tr("everywhere"))
            post.units.offer(units, tr("no unit chosen"))
            post.grids.offer(grids, tr("no responsibility grid"))
            chosen = post.centre.currentData()
            post.centre.clear()
            post.centre.addItem(tr("every centre"), None)
            for value, text in centres:
                post.centre.addItem(text, value)
            post.centre.setCurrentIndex(max(post.centre.findData(chosen), 0))
        self._quiet = False

    def speak(self) -> None:
        """The language is another."""
        for post in self._posts:
            post.held.setText(tr(ROLES[post.role]))
            for part in post.wheres():
                part.setAccessibleName(tr(ROLES[post.role]))
        self._hint.setText(tr("The same in short; several are parted by semicolons"))
        self.line.setAccessibleName(tr("Posts"))

    @Slot()
    def _restyle(self) -> None:
        self._grid.setHorizontalSpacing(self._theme.px(8))
        self._grid.setVerticalSpacing(self._theme.px(4))
        layout = self.layout()
        if layout is not None:
            layout.setSpacing(self._theme.px(6))


def _as_wide_as_there_is(field: QWidget) -> None:
    """The longest entry must not push the fields out of the pane."""
    field.setMinimumWidth(0)
    field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)


def _areas(rules: RuleBook | None, names: Names) -> list[tuple[AreaId, str]]:
    """Each district with its streets below it."""
    if rules is None:
        return []
    found: list[tuple[AreaId, str]] = []
    for district in rules.areas:
        if district.level is AreaLevel.DISTRICT:
            found.append((district.id, names.area(district.id)))
            found += [
                (street.id, f"{names.area(district.id)} · {names.area(street.id)}")
                for street in rules.areas
                if street.parent == district.id
            ]
    return found


def _grids(rules: RuleBook | None, names: Names) -> list[tuple[str, str]]:
    """責任網格 of the rule book, each with its street, so that either is found by typing."""
    if rules is None:
        return []
    return [
        (each.id, " · ".join(filter(None, (names.area(each.street), each.name, each.id))))
        for each in rules.responsibility_grids
    ]
