"""What was answered to an act, or why none can be sent."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from console.picture import Picture, Refusal, Wish
from console.refusals import refusal
from console.vocabulary import OFFERS
from console.wording import tr
from widgets.plain_label import PlainLabel, Tone


class ActAnswer(PlainLabel):
    """One sentence; it takes no room where there is nothing to say."""

    def __init__(self, picture: Picture, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, wrap=True)
        self._picture = picture
        self.hide()

    def waits(self, asked: Sequence[Wish]) -> None:
        """These acts were sent and are not answered."""
        acts = " · ".join(tr(OFFERS[wish.name]) for wish in asked)
        self._say(tr("“{act}” was sent; waiting for the server …", act=acts), "accent")

    def refuses(self, refused: Refusal) -> None:
        """An act was refused."""
        detail = self._picture.staff.named(refused.detail, refused.wish.case)
        sentence = refusal(refused.code, **detail)
        act = tr(OFFERS[refused.wish.name])
        self.objects(tr("“{act}” was refused: {sentence}", act=act, sentence=sentence))

    def objects(self, sentence: str) -> None:
        """Why something cannot be done; "" leaves nothing to say."""
        self._say(sentence, "late")

    def _say(self, sentence: str, tone: Tone) -> None:
        self.setText(sentence)
        self.set_tone(tone)
        self.setVisible(bool(sentence))
