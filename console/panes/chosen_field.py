"""A line in which a part of a name finds one of the answers that are told."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from widgets.candidate_field import Candidate, CandidateField
from widgets.theme import Theme

_MOST_FOUND = 40


class ChosenField(CandidateField):
    """Holds one of the told answers, or none."""

    chosen_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._options: tuple[tuple[object, str], ...] = ()
        self.chosen: object = None
        self.typed.connect(self._look)
        self.taken.connect(self._take)

    def forget(self) -> None:
        """Nothing is chosen, and what was told is gone."""
        self._options, self.chosen = (), None
        self.clear()
        self.put_away()

    @property
    def finds_nobody(self) -> bool:
        """Whether something is looked for that none of the told answers has."""
        return bool(self.text().strip()) and self.chosen is None and not self.is_offering

    def tell(self, options: Sequence[tuple[object, str]]) -> None:
        """These can be chosen; who is looking already sees them."""
        self._options = tuple(options)
        if self.hasFocus() and self.chosen is None:
            self._look(self.text())

    @Slot(str)
    def _look(self, text: str) -> None:
        wanted = text.strip().casefold()
        if self.chosen is not None:
            self.chosen = None
            self.chosen_changed.emit()
        found = [each for each in self._options if wanted in each[1].casefold()]
        offered = [Candidate(words, "", value) for value, words in found[:_MOST_FOUND]]
        self.offer(offered, mark_first=bool(wanted))

    @Slot(object)
    def _take(self, value: object) -> None:
        self.chosen = value
        self.setText(next((words for each, words in self._options if each == value), ""))
        self.chosen_changed.emit()
