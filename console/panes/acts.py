"""The acts of the open case: each a key, the suggested one is what Enter does."""

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
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
from console.panes.dispatch import UnitChooser
from console.panes.inspector_chooser import InspectorChooser
from console.panes.prompt import Asked, Prompt
from console.picture import Ask, Picture, Refusal, Wish
from console.refusals import refusal
from console.standing import kept_by
from console.vocabulary import OFFERS
from console.wording import tr
from widgets.choice import Choice
from widgets.key_button import KeyButton
from widgets.key_flow import KeyFlow
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
        self.buttons: dict[str, KeyButton] = {}
        self._build()
        self._colleagues = Colleagues(picture, self)
        self._colleagues.found.connect(self._colleagues_came)
        picture.pending_changed.connect(self._pending_changed)
        picture.refused.connect(self._refused)
        picture.sites_changed.connect(self.look_again)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _build(self) -> None:
        self.opinion = QLineEdit(maxLength=2000)
        self.opinion.textEdited.connect(self.typing)
        self.reason = Choice()
        self.reason.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.condition = Choice()
        self.condition.currentIndexChanged.connect(self._say_suggestion)
        self.units = UnitChooser(self._theme)
        self.units.typing.connect(self.typing)
        self.units.changed.connect(self._say_suggestion)
        self.sent = InspectorChooser(self.inspectors, self._theme)
        self.sent.changed.connect(self._say_suggestion)
        self.sent.typing.connect(self.typing)
        self.sent.taken.connect(self._leave_field)
        self.answer = PlainLabel(parent=self, wrap=True)
        """What was answered; who shows this pane gives it a place that does not scroll."""
        self.answer.hide()
        self._nothing = PlainLabel(tone="muted", wrap=True)
        self._keys = QWidget()
        self._flow = KeyFlow(self._keys)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._said = QHBoxLayout()
        self._said.addWidget(self.opinion, 3)
        self._said.addWidget(self.reason, 2)
        self._box.addLayout(self._said)
        self._box.addWidget(self.condition)
        self._first = QVBoxLayout()
        self._box.addLayout(self._first)
        for part in (self.units, self.sent, self._keys, self._nothing):
            self._box.addWidget(part)
        self.prompt = Prompt(self._theme)
        self.prompt.hide()
        self.prompt.answered.connect(self._answered)
        self.prompt.left.connect(self._leave_prompt)
        self.prompt.typing.connect(self.typing)
        self._box.insertWidget(self._box.indexOf(self._keys), self.prompt)
        self._box.addStretch(1)
        for field, act in (
            (self.opinion, self._leave_field),
            (self.units.search, self._leave_field),
            (self.sent.search, self._leave_search),
        ):
            leave = QShortcut(Qt.Key.Key_Escape, field)
            leave.setContext(Qt.ShortcutContext.WidgetShortcut)
            leave.activated.connect(act)

    # --- which case -----------------------------------------------------------------------------

    def show_case(self, case: Case | None) -> None:
        """Offer what may be done with this case; another case clears what was written."""
        if (case.id if case else None) != (self._case.id if self._case else None):
            self.opinion.clear()
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

    # --- building the keys ------------------------------------------------------------------------

    def _lay_out(self, case: Case | None) -> None:
        for button in self.buttons.values():
            button.setParent(None)
            button.deleteLater()
        self.buttons = {}
        first = suggested(case, self._offers) if case is not None else None
        for offer in self._offers:
            button = self._key(offer, is_first=offer is first)
            self.buttons[offer.name] = button
            (self._first if offer is first else self._flow).addWidget(button)
        self._fill_fields(case)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab walks as the eye does: fields, the suggested act, units, the other acts."""
        firsts = [key for key in self.buttons.values() if self._first.indexOf(key) >= 0]
        others = [key for key in self.buttons.values() if self._first.indexOf(key) < 0]
        fields: list[QWidget] = [self.opinion, self.reason, self.condition]
        cards = [*self.units.cards.values(), *self.sent.cards]
        walk = [*fields, *firsts, *cards, self.sent.search, self.units.search, *others]
        for before, after in pairwise(walk):
            QWidget.setTabOrder(before, after)

    def _key(self, offer: Offer, *, is_first: bool) -> KeyButton:
        shown = "Enter" if is_first else offer.key
        button = KeyButton(
            tr(OFFERS[offer.name]),
            shown,
            self._theme,
            suggested=is_first,
            bind=not is_first,
            fills=True,
        )
        button.setProperty("offer", offer.name)
        button.setMinimumWidth(self._theme.px(72))  # a large scale elides, it never clips
        if is_first:
            letter = QShortcut(QKeySequence(offer.key), button)
            letter.activated.connect(button.click)
        button.clicked.connect(self._pressed)
        return button

    def _fill_fields(self, case: Case | None) -> None:
        names = {offer.name for offer in self._offers}
        needs = {offer.needs for offer in self._offers}
        self.opinion.setVisible(bool(self._offers))
        self.opinion.setPlaceholderText(tr("Opinion  F4"))
        self.opinion.setToolTip(tr("Optional; it goes with the next act."))
        self.units.setVisible("dispatch" in names)
        self._fill_conditions(case, shown="file" in names)
        self._fill_reasons(case, shown="reason" in needs)
        if case is not None and "dispatch" in names:
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

    def _fill_conditions(self, case: Case | None, *, shown: bool) -> None:
        with QSignalBlocker(self.condition):
            self.condition.clear()
            of = self._picture.case_class(case) if case is not None else None
            names = self._picture.names(case.id if case else None)
            for condition in of.conditions if of is not None else ():
                self.condition.addItem(names.condition(condition), condition.id)
            chosen = self.condition.findData(case.condition) if case and case.condition else 0
            self.condition.setCurrentIndex(max(chosen, 0))
        self.condition.setVisible(shown and self.condition.count() > 1)

    def _fill_reasons(self, case: Case | None, *, shown: bool) -> None:
        self.reason.clear()
        self.reason.addItem(tr("Reason …"), "")
        site = self._picture.site_of(case.id if case else None)
        wanted = {offer.reasons for offer in self._offers if not offer.questions}
        for reason in site.rules.reasons if site.rules is not None else ():
            if reason.act in wanted:
                self.reason.addItem(site.names.reason(reason), reason.id)
        self.reason.setAccessibleName(tr("Reason …"))
        self.reason.setToolTip(tr("Needed to send back, to cancel and not to file."))
        self.reason.setVisible(shown)

    # --- saying how it stands -----------------------------------------------------------------

    @Slot()
    def _say_suggestion(self) -> None:
        """The second line of the suggested key: what exactly Enter will ask."""
        self._keys.setVisible(not (self.units.is_searching and "dispatch" in self.buttons))
        if self._case is None or not self._offers:
            return
        offer = suggested(self._case, self._offers)
        if offer is not None:
            condition = str(self.condition.currentData() or "")
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
            asked = " · ".join(tr(OFFERS[wish.name]) for wish in waiting)
            self._say(tr("“{act}” was sent; waiting for the server …", act=asked), "accent")
        elif self._refusal is not None:
            detail = self._picture.staff.named(self._refusal.detail, self._refusal.wish.case)
            said = refusal(self._refusal.code, **detail)
            act = tr(OFFERS[self._refusal.wish.name])
            self._say(tr("“{act}” was refused: {sentence}", act=act, sentence=said), "late")
        else:
            self._say(reason or self._say_held(), "late")
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

    def _say(self, sentence: str, tone: str) -> None:
        self.answer.setText(sentence)
        self.answer.set_tone("accent" if tone == "accent" else "late")
        self.answer.setVisible(bool(sentence))

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

    @Slot()
    def _pressed(self) -> None:
        button = self.sender()
        name = button.property("offer")
        offer = next((each for each in self._offers if each.name == name), None)
        if offer is not None and self._case is not None and not self._why_not_this(offer):
            self._try(offer, self._case)

    def _try(self, offer: Offer, case: Case, answers: Mapping[str, object] | None = None) -> None:
        said = self._said_with(offer, answers or {})
        if offer.needs == "units" and said.lead is None:
            self.units.search.setFocus()
            self._say(tr("Choose the lead unit first."), "late")
        elif self._missing(offer, case, said):
            self._prompted = (offer, case.id)
            self._ask_for(offer, case, answers)
            self._show_prompt(shown=True)
        else:
            at = QApplication.focusWidget()
            was_inside = at is not None and (at is self or self.isAncestorOf(at))
            self._refusal = None
            self.opinion.clear()
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
            opinion=str(given.pop("text", "")) or self.opinion.text().strip(),
            reason=str(given.pop("reason", "")) or self._reason_for(offer),
            answers=given,
            lead=self.units.lead,
            joint=self.units.joint,
            condition=str(self.condition.currentData() or ""),
            inspector=self.sent.chosen,
        )

    def _reason_for(self, offer: Offer) -> str:
        """The reason that was chosen beforehand, if it is one for this act."""
        chosen = str(self.reason.currentData() or "")
        site = self._picture.site_of(self._case.id if self._case else None)
        fits = site.rules is not None and offer.reasons is not None
        known = site.rules.reasons_for(offer.reasons) if site.rules and offer.reasons else ()
        return chosen if fits and chosen in known else ""

    def _missing(self, offer: Offer, case: Case, said: Said) -> tuple[Asked, ...]:
        """What has still to be asked before the act can be sent."""
        site, now = self._picture.site_of(case.id), self._picture.now(case.id)
        wanted: list[Asked] = [
            questions.question(each, case, site, now)
            for each in offer.questions
            if each not in said.answers
        ]
        if offer.needs == "reason" and not said.reason:
            asked = questions.reason(offer, site)
            if asked.options or not said.opinion:
                wanted.append(asked)
        if offer.needs == "text" and not said.opinion:
            wanted.append(questions.text())
        return tuple(wanted)

    def _show_prompt(self, *, shown: bool) -> None:
        """The question stands where the keys were, so that nothing else can be pressed."""
        self.prompt.setVisible(shown)
        self._keys.setVisible(not shown)
        names = self.buttons if self._case is not None else ()
        self.units.setVisible(not shown and "dispatch" in names)
        self.condition.setVisible(not shown and "file" in names and self.condition.count() > 1)
        self.sent.setVisible(not shown and self._may_order())  # its numbers rest
        for key in self.buttons.values():
            key.setVisible(not shown)
            key.setEnabled(not shown)
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
        self._said.setSpacing(px(6))
        self._flow.setSpacing(px(5))
        self._shown = None
        self.look_again()
