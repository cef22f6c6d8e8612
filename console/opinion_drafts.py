"""An opinion that is being typed stays with its case: another case, a crash, a refusal loses none.

It watches the opinion field from outside: what a person types is kept for the selected case, put
back when that case is selected again, and dropped once the act that carried it is durable.
"""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QLineEdit

from backend_client.drafts import Drafts, Owner
from casework.terms import CaseId
from console.picture import Picture, Refusal, Wish
from console.selection import Selection

KIND = "opinion"


class OpinionDrafts(QObject):
    """Lives as long as the field it watches."""

    def __init__(
        self, picture: Picture, selection: Selection, field: QLineEdit, drafts: Drafts
    ) -> None:
        super().__init__(field)
        self._picture, self._selection, self._field = picture, selection, field
        self._drafts = drafts
        field.textEdited.connect(self._typed)
        selection.moved.connect(self._put_back)
        picture.granted.connect(self._granted)
        picture.refused.connect(self._refused)

    def _owner(self, case: CaseId) -> Owner | None:
        site = self._picture.site_of(case)
        return Owner(site.server, site.welcome.user) if site.welcome is not None else None

    def kept(self, case: CaseId) -> str:
        """What was typed for a case and not said yet."""
        owner = self._owner(case)
        found = self._drafts.all(owner, KIND) if owner is not None else ()
        return next((d.body.decode(errors="replace") for d in found if d.name == case), "")

    @Slot(str)
    def _typed(self, text: str) -> None:
        case = self._selection.case
        owner = self._owner(case) if case is not None else None
        if case is None or owner is None:
            return
        if text.strip():
            self._drafts.keep(owner, KIND, case, text.encode(errors="replace"))
        else:
            self._drafts.drop(owner, KIND, case)

    @Slot(object)
    def _put_back(self, case: CaseId | None) -> None:
        if case is not None and not self._field.text():
            self._field.setText(self.kept(case))

    @Slot(object)
    def _granted(self, wish: Wish) -> None:
        said = getattr(wish.command, "opinion", "")
        owner = self._owner(wish.case) if wish.case is not None else None
        if wish.case is None or owner is None or not said:
            return
        if self.kept(wish.case).strip() == said:
            self._drafts.drop(owner, KIND, wish.case)

    @Slot(object)
    def _refused(self, refused: Refusal) -> None:
        if refused.wish.case == self._selection.case:
            self._put_back(refused.wish.case)
