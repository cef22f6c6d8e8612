"""An opinion that is being typed stays with its case, or with its act on a set: another case, a
crash, a refusal loses none.

Both watch their field from outside: what a person types is kept, put back when the case is selected
or the act begun again, and dropped once the act that carried it is durable.
"""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QLineEdit

from backend_client.drafts import Drafts, Owner
from casework.terms import CaseId
from console.batch.batch import Batch
from console.picture import Picture, Refusal, Wish
from console.selection import Selection

KIND, OF_SETS = "opinion", "set_opinion"


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


class SetOpinionDrafts(QObject):
    """The words for a set, by its act's name: what was refused can be tried with them again."""

    def __init__(self, picture: Picture, batch: Batch, drafts: Drafts) -> None:
        super().__init__(batch)
        self._picture, self._preview, self._drafts = picture, batch.preview, drafts
        self._field = batch.preview.fields.opinion
        self._field.textEdited.connect(self._typed)
        batch.preview.begun.connect(self._put_back)
        batch.all_done.connect(self._all_done)

    @property
    def _owner(self) -> Owner | None:
        site = self._picture.sites[0]
        return Owner(site.server, site.welcome.user) if site.welcome is not None else None

    @Slot(str)
    def _typed(self, text: str) -> None:
        owner, act = self._owner, self._preview.act
        if owner is None or not act:
            return
        if text.strip():
            self._drafts.keep(owner, OF_SETS, act, text.encode(errors="replace"))
        else:
            self._drafts.drop(owner, OF_SETS, act)

    @Slot(str)
    def _put_back(self, act: str) -> None:
        owner = self._owner
        found = self._drafts.all(owner, OF_SETS) if owner is not None else ()
        kept = next((draft.body for draft in found if draft.name == act), b"")
        self._field.setText(kept.decode(errors="replace"))

    @Slot(str)
    def _all_done(self, act: str) -> None:
        owner = self._owner
        if owner is not None:
            self._drafts.drop(owner, OF_SETS, act)
