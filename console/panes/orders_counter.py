"""Under the boxes: how many orders are out and how many of them ask for somebody, also while the
list of orders is shut."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from console.order_book import OrderBook, Tallied
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.plain_label import plain_tooltip
from widgets.theme import Theme, Token

RECOUNT_MS = 2_000


class OrdersCounter(KeyButton):
    """A key that opens the list; it says in a shape, a number and a colour that an order is bad."""

    def __init__(
        self, book: OrderBook, key: str, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("", key, theme, bind=False, parent=parent)
        self._book = book
        self._again = QTimer(self, interval=RECOUNT_MS)
        self._again.timeout.connect(self.count)
        self._again.start()
        book.changed.connect(self.count)
        self.count()

    @Slot()
    def count(self) -> None:
        """Count at this instant."""
        tally = self._book.tally()
        figure, tone = _figure(tally)
        self.set_words(tr("Orders"), figure=figure, figure_tone=tone)
        said = (
            tr("out {n}", n=tally.out),
            tr("not delivered {n}", n=tally.undelivered),
            tr("not read {n}", n=tally.unread),
            tr("late {n}", n=tally.late),
            tr("due soon {n}", n=tally.soon),
        )
        self.setToolTip(plain_tooltip(" · ".join(said)))
        policy = self.sizePolicy().Policy
        self.setSizePolicy(policy.Ignored, policy.Fixed)


def _figure(tally: Tallied) -> tuple[str, Token]:
    if tally.wrong:
        return f"▲ {tally.wrong}", "late"
    return (f"◆ {tally.soon}", "soon") if tally.soon else (str(tally.out), "muted")
