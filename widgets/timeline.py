"""The steps of one matter in time: along a line, or down a list with opinions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from widgets.painted_line import paint_words
from widgets.plain_label import one_line, visible
from widgets.shapes import STATE_TOKENS, State, draw_state
from widgets.theme import MEASURES, Theme, Token

_SIDE, _LINE, _STEP_ACROSS, _ACROSS_HEIGHT, _GAP = 2, 20, 236, 84, 10
_DOT = 10
_LONG_WORD = re.compile(r"[!-~]{24}")
_TOP_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop

_CENTRE = Qt.AlignmentFlag.AlignVCenter


def _wrap(text: str) -> Qt.TextFlag:
    """Break between words, so that no line begins with a full stop; long ones anywhere."""
    if _LONG_WORD.search(text):
        return Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
    return Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class Step:
    """One step, all texts ready for the eye; `used` says how long it took, and where; `is_now`
    marks where the matter stands."""

    time: str
    title: str
    person: str = ""
    opinion: str = ""
    used: str = ""
    state: State = "done"
    is_now: bool = False

    @property
    def facts(self) -> str:
        """Who, and how long the step took."""
        return " · ".join(one_line(part) for part in (self.person, self.used) if part)


class Timeline(QAbstractScrollArea):
    """Scrolls; text is plain; `vertical` also shows what was said at each step."""

    def __init__(
        self, theme: Theme, *, vertical: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._vertical = vertical
        self._steps: tuple[Step, ...] = ()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show the steps in the order given, and scroll to the last."""
        self._steps = tuple(steps)
        self.setAccessibleDescription("\n".join(f"{s.time} {s.title} {s.facts}" for s in steps))
        self._measure()
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.setValue(bar.maximum())
        self.viewport().update()

    @Slot()
    def _restyle(self) -> None:
        if not self._vertical:
            self.setFixedHeight(self._theme.px(_ACROSS_HEIGHT))
        self._measure()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        px, view = self._theme.px, self.viewport()
        if self._vertical:
            whole = sum(self._height_of(step) for step in self._steps) + px(_SIDE)
            bar, page = self.verticalScrollBar(), view.height()
        else:
            whole = px(_STEP_ACROSS) * len(self._steps) + px(_SIDE)
            bar, page = self.horizontalScrollBar(), view.width()
        was_at_end = bar.value() == bar.maximum()
        bar.setRange(0, max(0, whole - page))
        if was_at_end:  # stay with the last step when the room changes
            bar.setValue(bar.maximum())
        bar.setPageStep(page)
        bar.setSingleStep(px(MEASURES.row))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.color("pane"))
        if self._vertical:
            self._paint_down(painter)
        else:
            self._paint_across(painter)
        painter.end()

    # --- along a line -----------------------------------------------------------------

    def _paint_across(self, painter: QPainter) -> None:
        px = self._theme.px
        left = px(_SIDE) - self.horizontalScrollBar().value()
        for number, step in enumerate(self._steps):
            x = left + number * px(_STEP_ACROSS)
            line = px(_LINE)
            if number + 1 < len(self._steps):
                self._paint_line(painter, QPointF(x, line), QPointF(x + px(_STEP_ACROSS), line))
            self._paint_dot(painter, step, QPointF(x, line))
            room = QRect(x - px(4), line + px(10), px(_STEP_ACROSS - _GAP), px(20))
            head = f"{step.time} {step.title}"
            paint_words(painter, room, head, self._theme, bold=step.is_now)
            lower = room.translated(0, px(19))
            paint_words(painter, lower, step.facts, self._theme, "muted", base=MEASURES.label)

    # --- down a list ------------------------------------------------------------------

    def _room(self, text: str, top: int, base: int) -> QRect:
        """Where a text stands below `top`, on as many lines as it needs; no height for none."""
        px = self._theme.px
        left = px(_SIDE + 18)
        wide = max(self.viewport().width() - left - px(_SIDE), px(60))
        metrics = QFontMetrics(self._theme.font(base))
        tall = metrics.boundingRect(0, 0, wide, 100_000, _wrap(text), text).height() if text else 0
        return QRect(left, top, wide, tall)

    def _below(self, step: Step) -> list[tuple[str, Token, int]]:
        """What stands under the title, each on lines of its own."""
        tone: Token = "late" if step.state == "late" else "muted"
        texts: list[tuple[str, Token, int]] = [
            (one_line(step.person), "muted", MEASURES.label),
            (one_line(step.used), tone, MEASURES.label),
            (visible(step.opinion), "text", MEASURES.font),
        ]
        return [each for each in texts if each[0]]

    def _height_of(self, step: Step) -> int:
        px = self._theme.px
        rooms = [self._room(text, 0, base).height() + px(2) for text, _, base in self._below(step)]
        return self._head(step, 0).height() + px(_GAP) + sum(rooms)

    def _head(self, step: Step, top: int) -> QRect:
        """Where the title stands, beside the instant: it says what was decided, never cut."""
        line, title = self._room("", top, MEASURES.font), one_line(step.title)
        wide = line.width() - self._time_wide(step) - self._theme.px(8)
        metrics = QFontMetrics(self._theme.font(MEASURES.font, bold=True))
        tall = metrics.boundingRect(0, 0, wide, 100_000, _wrap(title), title).height()
        return QRect(line.left(), top, wide, max(tall, self._theme.px(20)))

    def _time_wide(self, step: Step) -> int:
        metrics = QFontMetrics(self._theme.font(MEASURES.label))
        return metrics.horizontalAdvance(one_line(step.time))

    def _paint_down(self, painter: QPainter) -> None:
        px = self._theme.px
        top = px(_GAP) - self.verticalScrollBar().value()
        x = px(_SIDE) + px(_DOT) / 2
        for number, step in enumerate(self._steps):
            tall = self._height_of(step)
            if top + tall >= 0 and top <= self.viewport().height():
                middle = QPointF(x, top + px(10))
                if number + 1 < len(self._steps):
                    self._paint_line(painter, middle, QPointF(x, top + px(10) + tall))
                self._paint_dot(painter, step, middle)
                self._paint_step(painter, step, top)
            top += tall

    def _paint_step(self, painter: QPainter, step: Step, top: int) -> None:
        px = self._theme.px
        head, title = self._head(step, top), one_line(step.title)
        painter.setFont(self._theme.font(MEASURES.font, bold=True))
        painter.setPen(self._theme.color("text"))
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | _CENTRE | _wrap(title), title)
        wide = self._time_wide(step)
        time = QRect(head.right() + px(8), top, wide + 2, px(20))
        paint_words(painter, time, step.time, self._theme, "muted", base=MEASURES.label)
        below = top + head.height()
        for text, token, base in self._below(step):
            room = self._room(text, below, base)
            painter.setFont(self._theme.font(base))
            painter.setPen(self._theme.color(token))
            painter.drawText(room, _TOP_LEFT | _wrap(text), text)
            below = room.bottom() + px(2) + 1

    # --- marks and words --------------------------------------------------------------

    def _paint_line(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        painter.setPen(QPen(self._theme.color("line"), self._theme.px(2)))
        painter.drawLine(start, end)

    def _paint_dot(self, painter: QPainter, step: Step, middle: QPointF) -> None:
        size = self._theme.px(_DOT)
        box = QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size)
        painter.fillRect(box.adjusted(-1, -1, 1, 1), self._theme.color("pane"))
        token: Token = (
            "accent" if step.is_now and step.state == "in_time" else STATE_TOKENS[step.state]
        )
        draw_state(painter, step.state, box, self._theme.color(token))
