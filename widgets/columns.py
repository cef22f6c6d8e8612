"""What a live table shows: columns as data, and how their values are put in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from PySide6.QtCore import Qt

from widgets.plain_label import Tone

RowT = TypeVar("RowT")


class Sortable(Protocol):
    """A value that can be ordered against its like."""

    def __lt__(self, other: Any, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """One column: what is shown, and what it is sorted by (never by the shown text of a number).

    A text's room narrower than `whole`, in pixels at 100 %, shows `brief` instead, if there is one.
    `sort` returns None for "unknown", which comes last in both directions. `painter` names a
    delegate of the view; "" is plain text. `width` is in pixels at 100 %; 0 takes its part of
    the rest, by its weight `grow`, and at least `least`. Where the room is short, columns with the
    highest `gives_way` are hidden first; 0 always stays.
    """

    title: str
    display: Callable[[RowT], str]
    sort: Callable[[RowT], Sortable | None] | None = None
    align: Literal["left", "right"] = "left"
    width: int = 120
    least: int = 80
    grow: int = 1
    gives_way: int = 0
    tooltip: Callable[[RowT], str] | None = None
    painter: str = ""
    tone: Callable[[RowT], Tone] | None = None
    brief: Callable[[RowT], str] | None = None
    whole: int = 0

    def shown(self, row: RowT, room: float) -> str:
        """What a cell says of the row with `room` pixels, at 100 %, inside its padding."""
        short = self.brief if room < self.whole else None
        return (short or self.display)(row)


def fitted(columns: Sequence[Column[Any]], shown: Sequence[bool], room: float) -> list[float]:
    """Return each column's width in a table `room` pixels wide; 0 is hidden.

    `shown` says which columns are wanted at all. Only where even the columns that always stay
    need more than the room do the growing ones get less than their least.
    """
    here = [number for number, wanted in enumerate(shown) if wanted]

    def need() -> int:
        return sum(columns[number].width or columns[number].least for number in here)

    for number in sorted(here, key=lambda number: -columns[number].gives_way):
        if need() > room and columns[number].gives_way:
            here.remove(number)
    widths = [0.0] * len(columns)
    growing = [number for number in here if not columns[number].width]
    spare = room - need()
    weigh = [columns[n].grow if spare >= 0 else columns[n].least for n in growing]
    for number in here:
        widths[number] = columns[number].width or columns[number].least
    for number, weight in zip(growing, weigh, strict=True):
        widths[number] = max(widths[number] + spare * weight / sum(weigh), _NARROWEST)
    return widths


_NARROWEST = 32


class Backwards:
    """A value whose order is reversed; ties stay ties, so the key decides forwards."""

    __slots__ = ("value",)

    def __init__(self, value: Sortable) -> None:
        self.value = value

    def __lt__(self, other: "Backwards") -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Backwards) and bool(self.value == other.value)

    __hash__ = None  # type: ignore[assignment]  # compared, never looked up


def alignment_of(column: Column[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.align == "right" else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
