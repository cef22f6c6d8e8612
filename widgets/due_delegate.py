"""The remaining time of a row: shape, text and bar, worked out anew each time it is painted.

The clock runs in the delegate: once a second the view repaints this one column (0.5–0.8 ms), so
the passing of time is never a change of the model. Words come with the text of each `Due`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from widgets.cell_delegate import CellDelegate
from widgets.live_table import Index, LiveTable
from widgets.painted_line import paint_line
from widgets.plain_label import one_line
from widgets.shapes import STATE_TOKENS, State, draw_state
from widgets.theme import Theme, Token

NowT = TypeVar("NowT")

_SHAPE, _TEXT_AT, _TEXT_WIDTH, _BAR_WIDTH, _BAR_HEIGHT = 11, 16, 50, 66, 5
_SMALLEST_BAR = 24


@dataclass(frozen=True, slots=True)
class Due:
    """How a row stands with its clock.

    `seconds_left` is below 0 when late; `share_left` is 0 (used up) to 1 (all left);
    `text` is ready for the eye, such as `0:07` or the word for "late" with `0:37`.
    """

    state: State
    seconds_left: float
    share_left: float
    text: str


class DueDelegate(CellDelegate, Generic[NowT]):
    """Paints `due_of(row, now())`; give it to a table view as the painter `due`."""

    def __init__(
        self,
        theme: Theme,
        due_of: Callable[[Any, NowT], Due],
        now: Callable[[], NowT],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._due_of = due_of
        self._now = now

    def paint_content(
        self, painter: QPainter, room: QRect, table: LiveTable[Any, Any], index: Index
    ) -> None:
        due = self._due_of(table.row_at(index.row()), self._now())
        paint_due(painter, room, due, self.theme)


def text_token(state: State) -> Token:
    """Return the text's colour: grey until it matters."""
    return STATE_TOKENS[state] if state in ("late", "soon") else "text"


def paint_due(painter: QPainter, room: QRect, due: Due, theme: Theme) -> None:
    """Paint shape, text and bar into `room`, the bar only where it has space."""
    px = theme.px
    size = px(_SHAPE)
    middle = room.center().y() + 1
    shape = QRectF(room.left(), middle - size / 2, size, size)
    draw_state(painter, due.state, shape, theme.color(STATE_TOKENS[due.state]))
    font = theme.font(bold=due.state in ("late", "soon"))
    text = one_line(due.text)
    wide = max(px(_TEXT_WIDTH), QFontMetrics(font).horizontalAdvance(text) + px(4))
    words = QRect(room.left() + px(_TEXT_AT), room.top(), wide, room.height())
    words = words.intersected(room)
    paint_line(painter, words, text, font, theme.color(text_token(due.state)))
    left = words.right() + px(4)
    width = min(px(_BAR_WIDTH), room.right() - left)
    if width >= px(_SMALLEST_BAR) and due.state not in ("done", "none"):
        bar = QRectF(left, middle - px(_BAR_HEIGHT) / 2, width, px(_BAR_HEIGHT))
        _paint_bar(painter, bar, due, theme)


def _paint_bar(painter: QPainter, bar: QRectF, due: Due, theme: Theme) -> None:
    """Paint the share that is left; a late bar is full: nothing is left but to act."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    round_end = bar.height() / 2
    painter.setBrush(theme.color("line"))
    painter.drawRoundedRect(bar, round_end, round_end)
    share = 1.0 if due.state == "late" else min(max(due.share_left, 0.0), 1.0)
    if share > 0:
        bar.setWidth(max(bar.width() * share, bar.height()))
        painter.setBrush(theme.color(STATE_TOKENS[due.state]))
        painter.drawRoundedRect(bar, round_end, round_end)
