"""What is filled in once for all cases of a set: the unit, the reason, the answers, the opinion."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from casework.case import Case
from casework.terms import UnitId, UserId
from console import questions
from console.batch.offers import BatchOffer
from console.batch.plan import Given
from console.batch.proposals import Proposals
from console.colleagues import Colleagues, Found, options
from console.offers import is_order
from console.panes.chosen_field import ChosenField
from console.panes.prompt import Asked
from console.picture import Picture
from console.site import Site
from console.wording import language, tr
from widgets.candidate_field import Candidate, CandidateField
from widgets.choice import Choice
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

_MOST_FOUND = 40
_WIDE = (1, 3)
"""Columns of the fields; their labels stand before them, two fields in a row."""
_ANYTHING = "…"
"""Stands for what is not written yet while the set is looked through."""


class BatchFields(QWidget):
    """The fields of one act; `changed` when a value is another."""

    changed = Signal()
    typing = Signal()

    def __init__(self, picture: Picture, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._theme = picture, theme
        self._site: Site | None = None
        self._unit: UnitId | None = None
        self._needs = ""
        self._ordering = False
        self._shown: tuple[BatchOffer, Sequence[Case], str] | None = None
        self._fields: dict[str, QComboBox | QLineEdit] = {}
        self._colleagues = Colleagues(picture, self)
        self._colleagues.found.connect(self._colleagues_came)
        self.opinion = QLineEdit(maxLength=2000)
        self.opinion.textEdited.connect(self.typing)
        self.unit = CandidateField(theme)
        self.unit.typed.connect(self._look_for_unit)
        self.unit.taken.connect(self._take_unit)
        self.proposals = Proposals(picture, self)
        self.proposals.changed.connect(self._proposals_came)
        self.inspector = ChosenField(theme)
        self.inspector.typed.connect(self.typing)
        self.inspector.chosen_changed.connect(self.changed)
        self._labels: list[PlainLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for column in _WIDE:
            self._grid.setColumnStretch(column, 1)

    def show_offer(self, offer: BatchOffer, cases: Sequence[Case]) -> None:
        """Ask what this act needs; what was written before is gone."""
        self._clear()
        self._shown = offer, cases, language()
        first = cases[0]
        self._site, self._needs = self._picture.site_of(first.id), offer.offer.needs
        if self._needs == "units":
            self._add(tr("Lead unit"), self.unit)
            self.unit.setPlaceholderText(tr("Each to its proposed unit; type for another"))
        self._ordering = is_order(offer.offer)
        if self._ordering:
            self._add(tr("Inspector"), self.inspector)
            self.inspector.setPlaceholderText(
                tr("Each to its proposed inspector; type for another")
            )
            self.proposals.ask([case.id for case in cases])
        for asked in self._questions(offer, cases):
            self._fields[asked.name] = field = self._field(asked)
            self._add(asked.words, field)
            if asked.told:
                self._colleagues.ask(first.id, offer.offer.role)
        self._add(tr("Opinion"), self.opinion)
        self.opinion.setPlaceholderText(tr("Written once, for all of them"))

    def speak(self) -> None:
        """The language is another; what was filled in stays, but for people, who are asked anew."""
        if self._shown is None or self._shown[2] == language():
            return
        kept = {name: self._value(name) for name in self._fields}
        opinion, unit, chosen = self.opinion.text(), self.unit.text(), self._unit
        focus = next((each for each in (self.unit, self.opinion) if each.hasFocus()), None)
        self.show_offer(*self._shown[:2])
        self.opinion.setText(opinion)
        self.unit.setText(unit)
        self._unit = chosen
        for name, value in kept.items():
            self._put(self._fields.get(name), value)
        if focus is not None:
            focus.setFocus()

    @staticmethod
    def _put(field: QWidget | None, value: object) -> None:
        if isinstance(field, QComboBox):
            held = [field.itemData(at) for at in range(field.count())]
            places = [at for at, each in enumerate(held) if each and each[0] == value]
            field.setCurrentIndex(places[0] if places else 0)
        elif isinstance(field, QLineEdit) and not isinstance(field, ChosenField):
            field.setText(str(value or ""))

    def given(self, *, filled: bool = False) -> Given:
        """What was filled in; `filled`: what is missing is taken as any answer."""
        answers: dict[str, Any] = {name: self._value(name) for name in self._fields}
        opinion = self.opinion.text().strip()
        if filled:
            answers = {name: value or self._any(name) for name, value in answers.items()}
            opinion = opinion or (_ANYTHING if self._needs == "text" else "")
        reason = answers.pop("reason", "")
        written = self._written_reason
        return Given(
            opinion=str(reason) if written and not opinion else opinion,
            reason="" if written else str(reason or ""),
            answers=answers,
            unit=self._unit,
            inspector=self._named_inspector,
            proposed={each.case: each.user for each in self.proposals.by_case.values()},
        )

    @property
    def _named_inspector(self) -> UserId | None:
        chosen = self.inspector.chosen
        return UserId(str(chosen)) if chosen is not None else None

    def goes_to(self, inspector: UserId | None) -> str:
        """Whom an order goes to, in words."""
        if inspector is not None:
            return f"→ {self.proposals.names.get(inspector, inspector)}"
        if self.proposals.is_waiting:
            return tr("Looking for inspectors …")
        return tr("open to all inspectors of the area")

    def missing(self) -> QWidget | None:
        """The first field that has to be filled in before the act can be done."""
        if self._needs == "units" and self._unit is None and self.unit.text().strip():
            return self.unit  # half a name is no unit, and not each one's proposed one either
        if self._ordering and self.inspector.chosen is None and self.inspector.text().strip():
            return self.inspector
        empty = [name for name in self._fields if not self._value(name)]
        if empty:
            return self._fields[empty[0]]
        wanting = self._needs == "text" and not self.opinion.text().strip()
        return self.opinion if wanting else None

    def walk(self) -> list[QWidget]:
        """The fields from top to bottom."""
        unit: list[QWidget] = [self.unit] if self._needs == "units" else []
        unit += [self.inspector] if self._ordering else []
        return [*unit, *self._fields.values(), self.opinion]

    def first(self) -> QWidget:
        """Where writing begins."""
        return self.missing() or self.opinion

    # --- fields ---------------------------------------------------------------------------------

    def _questions(self, offer: BatchOffer, cases: Sequence[Case]) -> list[Asked]:
        wanted = []
        now = self._picture.now(cases[0].id)
        for name in offer.questions:
            every = [
                questions.question(name, case, self._picture.site_of(case.id), now)
                for case in cases
            ]
            others = [dict(asked.options).keys() for asked in every[1:]]
            common = [o for o in every[0].options if all(o[0] in each for each in others)]
            wanted.append(every[0]._replace(options=tuple(common)))
        if offer.offer.needs == "reason" and self._site is not None:
            wanted.append(questions.reason(offer.offer, self._site))
        return wanted

    def _field(self, asked: Asked) -> QComboBox | QLineEdit:
        if asked.told:
            chosen = ChosenField(self._theme)
            chosen.setPlaceholderText(tr("Part of the name …"))
            chosen.typed.connect(self.typing)
            chosen.chosen_changed.connect(self.changed)
            return chosen
        if asked.typed:
            line = QLineEdit(maxLength=2000)
            line.textEdited.connect(self.typing)
            line.textChanged.connect(self.changed)
            return line
        combo = Choice()
        combo.addItem(tr("Choose …"), None)
        for value, words in asked.options:
            combo.addItem(words)
            combo.setItemData(combo.count() - 1, (value,))  # bare, an enumeration becomes text
        combo.currentIndexChanged.connect(self.changed)
        return combo

    def _add(self, words: str, field: QWidget) -> None:
        row, second = divmod(len(self._labels), 2)
        last = field is self.opinion and not second
        label = PlainLabel(words, tone="muted")
        label.setBuddy(field)
        field.setAccessibleName(words)
        self._labels.append(label)
        self._grid.addWidget(label, row, 2 * second)
        self._grid.addWidget(field, row, 2 * second + 1, 1, 3 if last else 1)
        label.show()
        field.show()

    def _clear(self) -> None:
        for part in (*self._labels, *self._fields.values()):
            self._grid.removeWidget(part)
            part.hide()
            part.deleteLater()
        self.inspector.forget()
        for field in (self.unit, self.inspector, self.opinion):
            self._grid.removeWidget(field)
            field.clear()
            field.hide()
        self._labels, self._fields, self._unit = [], {}, None

    def _value(self, name: str) -> Any:
        field = self._fields[name]
        if isinstance(field, ChosenField):
            return field.chosen
        if isinstance(field, QLineEdit):
            return field.text().strip()
        held = field.currentData()
        return held[0] if held else None

    def _any(self, name: str) -> Any:
        field = self._fields[name]
        if isinstance(field, QComboBox) and field.count() > 1:
            return field.itemData(1)[0]
        return _ANYTHING

    @property
    def _written_reason(self) -> bool:
        return isinstance(self._fields.get("reason"), QLineEdit)

    @Slot()
    def _proposals_came(self) -> None:
        names = self.proposals.names
        self.inspector.tell([(user, f"{name} ({user})") for user, name in names.items()])
        self.changed.emit()

    @Slot(object)
    def _colleagues_came(self, found: Found) -> None:
        field = self._fields.get("colleague")
        if isinstance(field, ChosenField):
            field.tell(options(found, self._picture.names(found.case)))

    # --- the unit for all -----------------------------------------------------------------------

    @Slot(str)
    def _look_for_unit(self, text: str) -> None:
        wanted, site = text.strip().casefold(), self._site
        if site is None or site.rules is None:
            return
        if self._unit is not None or not wanted:
            self._take_unit(None)
        if not wanted:
            self.unit.put_away()
            return
        self.typing.emit()
        found = [
            Candidate(site.names.unit(unit.id), "", unit.id)
            for unit in site.rules.units
            if any(wanted in word.casefold() for word in (unit.name, unit.name_en, unit.id))
        ]
        self.unit.offer(found[:_MOST_FOUND], mark_first=True)

    @Slot(object)
    def _take_unit(self, unit: UnitId | None) -> None:
        self._unit = unit
        if unit is not None and self._site is not None:
            self.unit.setText(self._site.names.unit(unit))
        self.changed.emit()
