"""習慣用語 for the field one writes in: the city's for the acts at hand, and the person's own."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from casework.case import allowed
from console.offers import SUGGESTED
from console.picture import Picture
from console.selection import Selection
from console.settings import Settings
from console.wording import tr
from widgets.phrase_list import Phrase, PhraseList, PhraseWords
from widgets.theme import Theme

REPORT, OPINION = "report", "opinion"
"""What a field is for; a person's own sentences are kept apart by it."""


class Phrases(QObject):
    """Knows what each field is for, and answers the list when it opens there."""

    def __init__(
        self,
        picture: Picture,
        selection: Selection,
        settings: Settings,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._picture, self._selection, self._settings = picture, selection, settings
        self._uses: dict[QObject, str] = {}
        self._asking: dict[QObject, Callable[[], str]] = {}
        self.list = PhraseList(theme, window)
        self.list.wanted.connect(self._offer)
        self.list.own_added.connect(self._add)
        self.list.own_removed.connect(self._remove)
        self.speak()

    def attach(
        self,
        field: QLineEdit | QPlainTextEdit,
        use: str,
        asking: Callable[[], str] | None = None,
    ) -> None:
        """Offer sentences in this field: `REPORT`, or `OPINION` for the selected case's acts; first
        those of the act that is `asking` there."""
        self._uses[field] = use
        if asking is not None:
            self._asking[field] = asking
        self.list.attach(field)

    def speak(self) -> None:
        """The language is another."""
        self.list.set_words(
            PhraseWords(
                placeholder=tr("Type a part of the sentence, or its digit"),
                empty=tr("No such sentence. Ctrl+S keeps what stands in the field as your own."),
                hint=tr("1–9 or Enter inserts · Ctrl+S keeps the field as your own · Del removes"),
                own=tr("own"),
            )
        )

    def _acts(self, use: str, asking: str) -> list[str]:
        """Names of the acts at hand, first the one that is asking, or else the suggested one."""
        case = self._picture.case(self._selection.case)
        if use == REPORT or case is None:
            return [use]
        actor = self._picture.site_of(case.id).actor
        names = (
            [act.name for act, _ in allowed(case, actor, self._picture.site_of(case.id).rules)]
            if actor is not None
            else []
        )
        return sorted(names, key=lambda name: name != (asking or SUGGESTED.get(case.state)))

    def _user(self) -> str:
        welcome = self._picture.site_of(self._selection.case).welcome
        return welcome.user if welcome is not None else ""

    @Slot(object)
    def _offer(self, field: QObject) -> None:
        use = self._uses[field]
        site = self._picture.site_of(self._selection.case if use == OPINION else None)
        own = self._settings.phrases(self._user(), use)
        asking = self._asking[field]() if field in self._asking else ""
        acts = self._acts(use, asking)
        citys = site.rules.phrases_for(acts) if site.rules is not None else ()
        texts = [site.names.phrase(each) for each in citys]
        self.list.offer(
            [*(Phrase(text, is_own=True) for text in own), *(Phrase(text) for text in texts)]
        )

    @Slot(object, str)
    def _add(self, field: QObject, text: str) -> None:
        use = self._uses[field]
        own = self._settings.phrases(self._user(), use)
        if text not in own:
            self._settings.keep_phrases(self._user(), use, [*own, text])

    @Slot(object, str)
    def _remove(self, field: QObject, text: str) -> None:
        use = self._uses[field]
        own = self._settings.phrases(self._user(), use)
        self._settings.keep_phrases(self._user(), use, [each for each in own if each != text])
