"""小類 with its 立案條件: any part of a name or code finds the class, incidents first."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from casework.rulebook import RuleBook
from casework.rules.gazetteer import folded
from casework.scheme import CaseClass
from casework.terms import Kind
from console.names import Names
from console.origins import origin
from console.vocabulary import KINDS, limit
from console.wording import tr
from widgets.candidate_field import Candidate, CandidateField
from widgets.choice import Choice
from widgets.theme import Theme

MOST = 40


class ClassField(QWidget):
    """Typing finds; the conditions of the class that was taken stand below, each with its limit."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rules: RuleBook | None = None
        self._names = Names(None)
        self.chosen: CaseClass | None = None
        self.line = CandidateField(theme)
        self.condition = Choice()
        self.condition.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(6))
        layout.addWidget(self.line)
        layout.addWidget(self.condition)
        self.setFocusProxy(self.line)
        self.line.typed.connect(self._look)
        self.line.taken.connect(self.choose)
        self.condition.currentIndexChanged.connect(self.changed)

    def follow_rules(self, rules: RuleBook, names: Names) -> None:
        """Find classes in this rule book from now on; what is chosen stays chosen."""
        chosen, condition = self.chosen, self.condition_id
        self._rules, self._names = rules, names
        self.line.setPlaceholderText(tr("Type a part of the class's name or code"))
        self.condition.setAccessibleName(tr("Filing condition"))
        if chosen is not None:
            self.restore(self.line.text(), chosen.kind, chosen.code, condition)
        else:
            self._fill_conditions("")
        if self.line.is_offering:  # in the words of another language, or of another rule book
            self._look(self.line.text())

    @property
    def condition_id(self) -> str:
        """立案條件 that is chosen; empty where the class has none."""
        return str(self.condition.currentData() or "")

    def found(self, text: str) -> list[CaseClass]:
        """Classes whose name, English name, big class or code has the text; a code's or name's
        beginning comes first, incidents before components."""
        wanted = folded(text)
        if self._rules is None or not wanted:
            return []
        ranked = []
        for order, of in enumerate(self._rules.scheme.classes):
            words = [folded(word) for word in (of.code, of.name, of.name_en)]
            if any(wanted in word for word in words):
                later = not any(word.startswith(wanted) for word in words)
                ranked.append((later, of.kind is not Kind.INCIDENT, order, of))
            elif wanted in folded(of.big_name) or wanted in folded(of.big_name_en):
                ranked.append((True, True, order + len(self._rules.scheme.classes), of))
        return [of for *_, of in sorted(ranked, key=lambda row: row[:3])[:MOST]]

    @Slot(str)
    def _look(self, text: str) -> None:
        self.chosen = None
        found = self.found(text)
        self.line.offer([self._candidate(of) for of in found], mark_first=True)
        if len(found) == 1:
            self.chosen = found[0]
        self._fill_conditions("")
        self.changed.emit()

    def _candidate(self, of: CaseClass) -> Candidate:
        detail = f"{tr(KINDS[of.kind])} {of.code} · {self._names.big_class(of)}"
        return Candidate(self._names.class_of(of), detail, of)

    @Slot(object)
    def choose(self, of: CaseClass) -> None:
        """Take this class, with its first condition."""
        self.chosen = of
        self.line.setText(self._names.class_of(of))
        self._fill_conditions("")
        self.changed.emit()

    def restore(self, text: str, kind: Kind | None, code: str, condition: str) -> None:
        """Show what was typed and chosen before."""
        self.line.setText(text)
        self.chosen = None
        if self._rules is not None and kind is not None:
            self.chosen = self._rules.case_class(kind, code)
        if self.chosen is not None:
            self.line.setText(self._names.class_of(self.chosen))
        self._fill_conditions(condition)
        self.changed.emit()

    def _fill_conditions(self, wanted: str) -> None:
        self.condition.blockSignals(True)
        self.condition.clear()
        conditions = self.chosen.conditions if self.chosen is not None else ()
        for each in conditions:
            words = (limit(each.general), self._names.condition(each), origin(each.basis))
            self.condition.addItem(" · ".join(filter(None, words)), each.id)
        if not conditions:
            self.condition.addItem(tr("Filing condition: choose the class first"), "")
        found = self.condition.findData(wanted) if wanted else 0
        self.condition.setCurrentIndex(max(found, 0))
        self.condition.setEnabled(bool(conditions))
        self.condition.blockSignals(False)
