"""Posts of one person: ticked posts with their areas, centre, unit and grids, and below them the
short form, which holds what ticks cannot say (the same post twice, in two centres)."""

from collections.abc import Sequence
from typing import NamedTuple

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


class _Lists(NamedTuple):
    """What a rule book lets choose from, by id, in the words of the language in use."""

    areas: list[tuple[AreaId, str]]
    centres: list[tuple[CentreId, str]]
    units: list[tuple[UnitId, str]]
    grids: list[tuple[str, str]]


class _Post:
    """The line of one role, with no more fields than the role can use."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.held = QCheckBox()
        by_area = role not in (Role.UNIT, Role.ADMINISTRATOR)
        patrols = role is Role.INSPECTOR
        self.areas = CheckCombo() if by_area else None
        self.centre = Choice() if by_area and not patrols else None
        self.units = CheckCombo() if role is Role.UNIT else None
        self.grids = CheckCombo() if patrols else None

    def wheres(self) -> list[QWidget]:
        """What says where the post is held."""
        every = (self.areas, self.centre, self.units, self.grids)
        return [each for each in every if each is not None]

    def listed(self) -> list[CheckCombo]:
        """Those of them in which several may be ticked."""
        return [each for each in (self.areas, self.units, self.grids) if each is not None]

    def grants(self) -> list[Grant]:
        """What the line says; of several units one grant each."""
        if not self.held.isChecked():
            return []
        if self.units is not None:
            units = [UnitId(unit) for unit in _ticked(self.units)]
            several = [Grant(role=self.role, unit=unit) for unit in units]
            return several or [Grant(role=self.role)]
        centre = self.centre.currentData() if self.centre is not None else None
        return [
            Grant(
                role=self.role,
                areas=tuple(map(AreaId, _ticked(self.areas))),
                centre=None if centre is None else CentreId(centre),
                grids=_ticked(self.grids),
            )
        ]

    def show(self, grants: Sequence[Grant]) -> None:
        """Set the line to what is held in this role."""
        self.held.setChecked(bool(grants))
        first = grants[0] if grants else Grant(role=self.role)
        if self.areas is not None:
            self.areas.tick(first.areas)
        if self.centre is not None:
            self.centre.setCurrentIndex(max(self.centre.findData(first.centre), 0))
        if self.units is not None:
            self.units.tick([grant.unit for grant in grants if grant.unit])
        if self.grids is not None:
            self.grids.tick(first.grids)

    def offer(self, lists: _Lists) -> None:
        """What each field lets choose from."""
        if self.areas is not None:
            self.areas.offer(lists.areas, tr("everywhere"))
        if self.units is not None:
            self.units.offer(lists.units, tr("no unit chosen"))
        if self.grids is not None:
            self.grids.offer(lists.grids, tr("no responsibility grid"))
        if self.centre is not None:
            chosen = self.centre.currentData()
            self.centre.clear()
            self.centre.addItem(tr("every centre"), None)
            for value, text in lists.centres:
                self.centre.addItem(text, value)
            self.centre.setCurrentIndex(max(self.centre.findData(chosen), 0))


def _ticked(field: CheckCombo | None) -> tuple[str, ...]:
    return tuple(map(str, field.values())) if field is not None else ()


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
        for part in post.listed():
            part.ticked.connect(self._ticked)
        if post.centre is not None:
            post.centre.currentIndexChanged.connect(self._ticked)

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
        lists = _lists(rules, names)
        self._quiet = True
        for post in self._posts:
            post.offer(lists)
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


def _lists(rules: RuleBook | None, names: Names) -> _Lists:
    return _Lists(
        areas=_areas(rules, names),
        centres=[(each.id, names.centre(each.id)) for each in rules.centres] if rules else [],
        units=[(each.id, names.unit(each.id)) for each in rules.units] if rules else [],
        grids=_grids(rules, names),
    )


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
