"""The acts of the open case: each a key, the suggested one is what Enter does."""

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QVBoxLayout,
    QWidget,
)

from casework.case import Case
from casework.terms import CaseId
from console import questions
from console.colleagues import Colleagues, Found, options
from console.inspectors import Inspectors
from console.offers import WITH_THE_PAST, Offer, Said, is_order, offers, suggested
from console.panes import act_words
from console.panes.act_answer import ActAnswer
from console.panes.act_fields import ActFields
from console.panes.act_keys import ActKeys
from console.panes.dispatch import UnitChooser
from console.panes.inspector_chooser import InspectorChooser
from console.panes.prompt import Asked, Prompt
from console.picture import Ask, Picture, Refusal, Wish
from console.refusals import refusal
from console.standing import kept_by
from console.vocabulary import OFFERS
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme


class ActsPane(QWidget):
    """What may be done now, and what was answered to what was asked."""

    typing = Signal()
    """Somebody writes: nothing should move."""
    settled = Signal()
    """An act was sent from a field or a question here, which may be gone next, or an inspector is
    looked for no more: the keys go on where they were."""

    def __init__(
        self,
        picture: Picture,
        ask: Ask,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        inspectors: Inspectors | None = None,
    ) -> None:
        super().__init__(parent)
        self.inspectors = inspectors or Inspectors(picture, self)
        self._picture, self._ask, self._theme = picture, ask, theme
        self._case: Case | None = None
        self._offers: tuple[Offer, ...] = ()
        self._prompted: tuple[Offer, CaseId] | None = None
        self._shown: object = None
        self._held = ""
        self._refusal: Refusal | None = None
        self._build()
        self._colleagues = Colleagues(picture, self)
        self._colleagues.found.connect(self._colleagues_came)
        picture.pending_changed.connect(self._pending_changed)
        picture.refused.connect(self._refused)
        picture.sites_changed.connect(self.look_again)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _build(self) -> None:
        self.fields = ActFields(self._picture)
        self.fields.typing.connect(self.typing)
        self.fields.changed.connect(self._say_suggestion)
        self.units = UnitChooser(self._theme)
        self.units.typing.connect(self.typing)
        self.units.changed.connect(self._say_suggestion)
        self.sent = InspectorChooser(self.inspectors, self._theme)
        self.sent.changed.connect(self._say_suggestion)
        self.sent.typing.connect(self.typing)
        self.sent.taken.connect(self._leave_field)
        self.answer = ActAnswer(self._picture, self)
        """Who shows this pane gives it a place that does not scroll."""
        self._nothing = PlainLabel(tone="muted", wrap=True)
        self.keys = ActKeys(self._theme)
        self.keys.pressed.connect(self._pressed)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self.fields)
        self._box.addLayout(self.keys.first)
        for part in (self.units, self.sent, self.keys, self._nothing):
            self._box.addWidget(part)
        self.prompt = Prompt(self._theme)
        self.prompt.hide()
        self.prompt.answered.connect(self._answered)
        self.prompt.left.connect(self._leave_prompt)
        self.prompt.typing.connect(self.typing)
        self._box.insertWidget(self._box.indexOf(self.keys), self.prompt)
        self._box.addStretch(1)
        for field, act in (
            (self.fields.opinion, self._leave_field),
            (self.units.search, self._leave_field),
            (self.sent.search, self._leave_search),
        ):
            leave = QShortcut(Qt.Key.Key_Escape, field)
            leave.setContext(Qt.ShortcutContext.WidgetShortcut)
            leave.activated.connect(act)

    @property
    def buttons(self) -> Mapping[str, KeyButton]:
        """The keys, by the name of the act."""
        return self.keys.buttons

    # --- which case -----------------------------------------------------------------------------

    def show_case(self, case: Case | None) -> None:
        """Offer what may be done with this case; another case clears what was written."""
        if (case.id if case else None) != (self._case.id if self._case else None):
            self.fields.opinion.clear()
            self._refusal = None
            self._show_prompt(shown=False)
        self._case = case
        self.look_again()

    @Slot()
    def look_again(self) -> None:
        """Ask the rules anew what is allowed, and whether it can be sent."""
        case = self._case
        actor = self._picture.site_of(case.id).actor if case is not None else None
        of = self._picture.case_class(case) if case is not None else None
        rules = self._picture.site_of(case.id if case is not None else None).rules
        self._offers = ()
        if case is not None and actor is not None:
            found = offers(case, actor, of, rules)
            past = self._picture.is_looked_back_at(case)
            self._offers = tuple(o for o in found if not past or o.name in WITH_THE_PAST)
        shown = (case.id, case.version, self._offers and actor) if case is not None else None
        if shown != self._shown:
            self._shown = shown
            self._lay_out(case)
            if self._prompted is not None:  # the new keys wait behind the question as the old did
                self._show_prompt(shown=True)
        self._say_whether()

    def speak(self) -> None:
        """The language is another."""
        self._shown = None
        self.units.speak()
        self.sent.speak()
        self.look_again()
        if self._prompted is not None and self._case is not None:
            self._ask_for(self._prompted[0], self._case)

    # --- laying out -------------------------------------------------------------------------------

    def _lay_out(self, case: Case | None) -> None:
        first = suggested(case, self._offers) if case is not None else None
        self.keys.lay_out(self._offers, first)
        self._fill_fields(case)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab walks as the eye does: fields, the suggested act, units, the other acts."""
        firsts, others = self.keys.in_tab_order()
        cards = [*self.units.cards.values(), *self.sent.cards]
        ahead = [*self.fields.fields(), *firsts, *cards]
        walk = [*ahead, self.sent.search, self.units.search, *others]
        for before, after in pairwise(walk):
            QWidget.setTabOrder(before, after)

    def _fill_fields(self, case: Case | None) -> None:
        self.fields.fill(case, self._offers)
        dispatching = "dispatch" in self.buttons
        self.units.setVisible(dispatching)
        if case is not None and dispatching:
            site = self._picture.site_of(case.id)
            rules = site.rules
            entry = rules.responsibility(case.kind, case.code) if rules is not None else None
            self.units.offer(self._picture.responsible(case), site, entry)
        self._fill_inspectors(case)
        self._say_suggestion()

    def _fill_inspectors(self, case: Case | None) -> None:
        """Whom to send, where an order may be given and the server can be asked."""
        ordering = case is not None and self._may_order()
        self.sent.setVisible(ordering)
        if case is not None and ordering:
            self.sent.offer(case)
        else:
            self.sent.put_away()

    def _may_order(self) -> bool:
        """Whether an order can be given now: not while a colleague has the case in hand."""
        return any(map(is_order, self._offers)) and not self._held_by()

    # --- saying how it stands -----------------------------------------------------------------

    @Slot()
    def _say_suggestion(self) -> None:
        """The second line of the suggested key: what exactly Enter will ask."""
        self.keys.setVisible(not (self.units.is_searching and "dispatch" in self.buttons))
        if self._case is None or not self._offers:
            return
        offer = suggested(self._case, self._offers)
        if offer is not None:
            condition = self.fields.chosen_condition
            words = act_words.suggestion(offer, self._case, self._picture, self.units, condition)
            self.buttons[offer.name].set_words(*words)
        for each in filter(is_order, self._offers):
            words = act_words.order(each, self.sent.chosen_name, is_first=each is offer)
            self.buttons[each.name].set_words(*words)

    def pass_time(self) -> None:
        """A claim that nobody touches keeps others away for so long only; a name may have come."""
        if self._held_by() != self._held:
            if self._prompted is None:
                self._fill_inspectors(self._case)
            self._say_whether()
        else:
            self._say_turn()

    def _held_by(self) -> str:
        return kept_by(self._case, self._picture) if self._case is not None else ""

    def _why_not_this(self, offer: Offer) -> str:
        """As `_why_not`; and what moves a case waits while a colleague has it in hand."""
        why = self._why_not()
        if why or not offer.waits or not self._held:
            return why
        return refusal("case.held", by=self._held)

    def _why_not(self) -> str:
        if self._case is None:
            return ""
        site = self._picture.site_of(self._case.id)
        if not self._picture.is_live(site):
            return tr("The link is lost: nothing can be sent.")
        if self._picture.pending(self._case.id):
            return tr("Waiting for the server's answer.")
        return ""

    @Slot()
    def _say_whether(self) -> None:
        reason, self._held = self._why_not(), self._held_by()
        for offer in self._offers:
            self.buttons[offer.name].set_reason(self._why_not_this(offer))
        waiting = self._picture.pending(self._case.id) if self._case is not None else ()
        if waiting:
            self.answer.waits(waiting)
        elif self._refusal is not None:
            self.answer.refuses(self._refusal)
        else:
            self.answer.objects(reason or self._say_held())
        self._say_turn()

    def _say_turn(self) -> None:
        """Whose step the next one is, where it is not this person's."""
        case = self._case
        is_theirs = case is not None and suggested(case, self._offers) is None
        turn = act_words.whose_turn(case, self._picture, self.inspectors) if case else ""
        self._nothing.setText(turn if is_theirs else "")
        self._nothing.setVisible(bool(self._nothing.text()) and self._prompted is None)

    def _say_held(self) -> str:
        """Why the keys are dull, where a colleague has the case."""
        if not self._held or not any(offer.waits for offer in self._offers):
            return ""
        return refusal("case.held", by=self._held)

    def asking(self) -> str:
        """Name of the act that asks something now; "" for none."""
        return self._prompted[0].name if self._prompted is not None else ""

    # --- pressing ---------------------------------------------------------------------------------

    @Slot()
    def do_suggested(self) -> None:
        """Enter: press the suggested key; while a question is open, go back into it."""
        if self._prompted is not None:
            self.prompt.go_in()
            return
        if self._case is None:
            return
        offer = suggested(self._case, self._offers)
        button = self.buttons.get(offer.name) if offer is not None else None
        if button is not None and button.isEnabled():
            button.click()

    @Slot(str)
    def _pressed(self, name: str) -> None:
        offer = next((each for each in self._offers if each.name == name), None)
        if offer is not None and self._case is not None and not self._why_not_this(offer):
            self._try(offer, self._case)

    def _try(self, offer: Offer, case: Case, answers: Mapping[str, object] | None = None) -> None:
        said = self._said_with(offer, answers or {})
        if offer.needs == "units" and said.lead is None:
            self.units.search.setFocus()
            self.answer.objects(tr("Choose the lead unit first."))
        elif self._missing(offer, case, said):
            self._prompted = (offer, case.id)
            self._ask_for(offer, case, answers)
            self._show_prompt(shown=True)
        else:
            at = QApplication.focusWidget()
            was_inside = at is not None and (at is self or self.isAncestorOf(at))
            self._refusal = None
            self.fields.opinion.clear()
            self._show_prompt(shown=False)
            if was_inside:
                self.settled.emit()
            self._ask(Wish(offer.name, case.id, offer.role, offer.command(said)))
            self._say_whether()

    def _ask_for(
        self, offer: Offer, case: Case, answers: Mapping[str, object] | None = None
    ) -> None:
        """Put what is missing into the question."""
        missing = self._missing(offer, case, self._said_with(offer, answers or {}))
        if missing:
            self.prompt.ask(tr(OFFERS[offer.name]), missing)
            if any(asked.told for asked in missing):
                self._colleagues.ask(case.id, offer.role)

    def _said_with(self, offer: Offer, answers: Mapping[str, object]) -> Said:
        """What the fields say, and what was answered to a question."""
        given = dict(answers)
        return Said(
            opinion=str(given.pop("text", "")) or self.fields.words,
            reason=str(given.pop("reason", "")) or self.fields.reason_for(offer),
            answers=given,
            lead=self.units.lead,
            joint=self.units.joint,
            condition=self.fields.chosen_condition,
            inspector=self.sent.chosen,
        )

    def _missing(self, offer: Offer, case: Case, said: Said) -> tuple[Asked, ...]:
        """What has still to be asked before the act can be sent."""
        site, now = self._picture.site_of(case.id), self._picture.now(case.id)
        return questions.missing(offer, case, said, site, now)

    def _show_prompt(self, *, shown: bool) -> None:
        """The question stands where the keys were, so that nothing else can be pressed."""
        self.prompt.setVisible(shown)
        self.keys.rest(resting=shown)
        self.units.setVisible(not shown and "dispatch" in self.buttons)
        self.fields.ask_condition(asked=not shown)
        self.sent.setVisible(not shown and self._may_order())  # its numbers rest
        self._nothing.setVisible(not shown and bool(self._nothing.text()))
        if not shown:
            self._prompted = None

    @Slot(object)
    def _answered(self, answers: Mapping[str, object]) -> None:
        if self._prompted is None or self._case is None or self._case.id != self._prompted[1]:
            self._leave_prompt()
            return
        self._try(self._prompted[0], self._case, answers)

    @Slot(object)
    def _colleagues_came(self, found: Found) -> None:
        if self._case is not None and found.case == self._case.id:
            names = self._picture.names(found.case)
            none = tr("No colleague of this post could take it. Esc: back")
            why = refusal(found.code) if found.code else none
            self.prompt.tell("colleague", options(found, names), why)

    @Slot()
    def _leave_prompt(self) -> None:
        self._show_prompt(shown=False)
        self._say_whether()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- answers ----------------------------------------------------------------------------------

    @Slot(object)
    def _pending_changed(self, case: CaseId | None) -> None:
        if self._case is not None and case == self._case.id:
            self._say_whether()

    @Slot(object)
    def _refused(self, refused: Refusal) -> None:
        if self._case is not None and refused.wish.case == self._case.id:
            self._refusal = refused
            self._say_whether()

    @Slot()
    def _leave_field(self) -> None:
        self.sent.end_search()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _leave_search(self) -> None:
        """No other inspector is looked for."""
        self._leave_field()
        self.settled.emit()

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._box.setSpacing(px(5))
        self.fields.space(px(5), px(6))
        self.keys.space(px(5))
        self._shown = None
        self.look_again()
