"""What an act on a set would do, before it is done: how many can take it, which cannot and why, and
what is said once for all. Enter does it, Esc leaves; without this page no act on a set happens.
"""

from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from casework.acts import OrderCheck, OrderVerification
from casework.terms import CaseId
from console.batch.offers import BatchOffer
from console.batch.plan import Plan, Step, plan
from console.panes.batch_fields import BatchFields
from console.panes.batch_page import BatchPage
from console.panes.batch_rows import Row
from console.picture import Change, Picture
from console.refusals import refusal
from console.vocabulary import OFFERS
from console.wording import mark, tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

CROSS = "✕"


class BatchPreview(BatchPage):
    """Plans anew whenever a field or one of the cases changes."""

    wanted = Signal(object)
    """`Plan` to be carried out."""
    begun = Signal(str)
    """The name of the act that is previewed now."""

    def __init__(self, picture: Picture, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(picture, theme, mark("What will happen"), parent)
        self._offer: BatchOffer | None = None
        self._cases: tuple[CaseId, ...] = ()
        self.plan: Plan | None = None
        self.fields = BatchFields(picture, theme)
        self.fields.opinion.textChanged.connect(self._say_answer)
        self.fields.changed.connect(self.look_again)
        self.do = KeyButton("", "Enter", theme, suggested=True, bind=False)
        self.do.clicked.connect(self.carry_out)
        self.table.activated_key.connect(self.carry_out)
        self._answer = PlainLabel(tone="late", wrap=True)
        picture.changed.connect(self._changed)
        self._lay_out(self.do, self.fields, self._answer)

    # --- what is planned ------------------------------------------------------------------------

    def begin(self, offer: BatchOffer, cases: tuple[CaseId, ...]) -> None:
        """Show what this act would do to these cases."""
        self._offer, self._cases = offer, cases
        found = (self._picture.case(case) for case in offer.takes)
        self.fields.show_offer(offer, [case for case in found if case is not None])
        self.begun.emit(offer.name)
        self.look_again()
        for before, after in pairwise((*self.fields.walk(), self.do, self.leave, self.table)):
            QWidget.setTabOrder(before, after)
        self.fields.first().setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def act(self) -> str:
        """Name of the act that waits here; "" for none."""
        return self._offer.name if self._offer is not None else ""

    @property
    def is_under_way(self) -> bool:
        """Whether an act waits here to be carried out."""
        return self._offer is not None

    def end(self) -> None:
        """No act waits here any more."""
        self._offer, self.plan, self._cases = None, None, ()
        self.table.show_rows(())

    @Slot()
    def look_again(self) -> None:
        """Ask anew what stands in each case's way."""
        self._soon.stop()
        if self._offer is None:
            return
        given = self.fields.given(filled=True)
        self.plan = plan(self._offer, self._cases, given, self._picture)
        self._say(self.plan)

    @Slot(object)
    def _changed(self, change: Change) -> None:
        cases = set(self._cases)
        if not cases.isdisjoint(change.gone) or any(c.id in cases for c in change.upserted):
            self._soon.start()

    @Slot()
    def carry_out(self) -> None:
        """Enter: do it, if everything is filled in and any case can take it."""
        missing = self.fields.missing()
        if self._offer is None:
            return
        if missing is not None:
            self._answer.setText(tr("Fill this in first: {field}", field=missing.accessibleName()))
            self._answer.show()
            missing.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        made = plan(self._offer, self._cases, self.fields.given(), self._picture)
        if made.ready:
            self.wanted.emit(made)

    # --- what is shown --------------------------------------------------------------------------

    def _say(self, made: Plan) -> None:
        act = tr(OFFERS[made.offer.name])
        self._title.setText(act)
        done, cannot = len(made.ready), len(made.hindered)
        count = f"{done + cannot:,}"
        said = tr("{n} cases: {done} will be done", n=count, done=f"{done:,}")
        if cannot:
            said += tr(", {cannot} cannot", cannot=f"{cannot:,}")
        self._count.setText(said)
        self.table.show_rows(self._shown(made))
        words = tr("{act}: {n} cases", act=act, n=f"{done:,}")
        self.do.set_words(words)
        self.do.set_reason("" if done else tr("None of the cases can take this act."))
        self._say_answer()

    def _outcome(self, step: Step) -> str:
        command = step.wish.command if step.wish is not None else None
        if isinstance(command, OrderVerification | OrderCheck):
            return self.fields.goes_to(command.inspector)
        return self._rows.outcome(step.case, command) if command is not None else ""

    def _why_not(self, step: Step) -> str:
        return refusal(step.code, **self._picture.staff.named(step.detail, step.case))

    def _shown(self, made: Plan) -> list[Row]:
        rows = [
            self._rows.row(step.case, 0, f"{CROSS} {self._why_not(step)}", "late")
            for step in made.hindered
        ]
        for step in made.ready:
            said = self._outcome(step)
            rows.append(self._rows.row(step.case, 1, said, "text"))
        return rows

    @Slot()
    def _say_answer(self) -> None:
        nothing = self.plan is not None and not self.plan.ready
        self._answer.setText(tr("None of the cases can take this act.") if nothing else "")
        self._answer.setVisible(nothing)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.carry_out()
        elif key is Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        super().speak()
        self.leave.set_words(tr("Leave, nothing is sent"))
        self.fields.speak()
        if self._offer is not None:
            self.look_again()
