"""What goes with an act of the open case: words of one's own, a reason, the filing condition."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from casework.case import Case
from casework.terms import CaseId
from console.offers import Offer
from console.picture import Picture
from console.wording import tr
from widgets.choice import Choice


class ActFields(QWidget):
    """The opinion, the reason for the acts that need one, the condition that a case is filed by."""

    typing = Signal()
    changed = Signal()
    """Another condition was chosen."""

    def __init__(self, picture: Picture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._case: CaseId | None = None
        self._files = False
        self.opinion = QLineEdit(maxLength=2000)
        self.opinion.textEdited.connect(self.typing)
        self.reason = Choice()
        self.reason.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.condition = Choice()
        self.condition.currentIndexChanged.connect(self.changed)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._row = QHBoxLayout()
        self._row.addWidget(self.opinion, 3)
        self._row.addWidget(self.reason, 2)
        self._box.addLayout(self._row)
        self._box.addWidget(self.condition)

    def space(self, between_lines: int, within: int) -> None:
        """Pixels between the fields."""
        self._box.setSpacing(between_lines)
        self._row.setSpacing(within)

    def fields(self) -> tuple[QWidget, ...]:
        """In the order that Tab walks."""
        return self.opinion, self.reason, self.condition

    # --- filling --------------------------------------------------------------------------------

    def fill(self, case: Case | None, offers: Sequence[Offer]) -> None:
        """Ask for what these acts can take."""
        self._case = case.id if case is not None else None
        self.opinion.setVisible(bool(offers))
        self.opinion.setPlaceholderText(tr("Opinion  F4"))
        self.opinion.setToolTip(tr("Optional; it goes with the next act."))
        self._files = any(offer.name == "file" for offer in offers)
        self._fill_conditions(case)
        self._fill_reasons(offers)

    def _fill_conditions(self, case: Case | None) -> None:
        with QSignalBlocker(self.condition):
            self.condition.clear()
            of = self._picture.case_class(case) if case is not None else None
            names = self._picture.names(self._case)
            for condition in of.conditions if of is not None else ():
                self.condition.addItem(names.condition(condition), condition.id)
            chosen = self.condition.findData(case.condition) if case and case.condition else 0
            self.condition.setCurrentIndex(max(chosen, 0))
        self.ask_condition(asked=True)

    def ask_condition(self, *, asked: bool) -> None:
        """Show the condition where there is something to choose; not while a question is open."""
        self.condition.setVisible(asked and self._files and self.condition.count() > 1)

    def _fill_reasons(self, offers: Iterable[Offer]) -> None:
        self.reason.clear()
        self.reason.addItem(tr("Reason …"), "")
        site = self._picture.site_of(self._case)
        wanted = {offer.reasons for offer in offers if not offer.questions}
        for reason in site.rules.reasons if site.rules is not None else ():
            if reason.act in wanted:
                self.reason.addItem(site.names.reason(reason), reason.id)
        self.reason.setAccessibleName(tr("Reason …"))
        self.reason.setToolTip(tr("Needed to send back, to cancel and not to file."))
        self.reason.setVisible(any(offer.needs == "reason" for offer in offers))

    # --- what they say --------------------------------------------------------------------------

    @property
    def words(self) -> str:
        """The opinion."""
        return self.opinion.text().strip()

    @property
    def chosen_condition(self) -> str:
        """Id of the condition that filing would name; "" for none."""
        return str(self.condition.currentData() or "")

    def reason_for(self, offer: Offer) -> str:
        """The reason that was chosen beforehand, if it is one for this act."""
        chosen = str(self.reason.currentData() or "")
        rules = self._picture.site_of(self._case).rules
        known = rules.reasons_for(offer.reasons) if rules and offer.reasons else ()
        return chosen if chosen in known else ""
