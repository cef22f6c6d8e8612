"""What a live table shows: columns as data, and how their values are put in order."""

from collections.abc import Callable
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

    `sort` returns None for "unknown", which comes last in both directions. `painter` names a
    delegate of the view; "" is plain text. `width` is in pixels at 100 %, 0 takes the rest.
    """

    title: str
    display: Callable[[RowT], str]
    sort: Callable[[RowT], Sortable | None] | None = None
    align: Literal["left", "right"] = "left"
    width: int = 120
    tooltip: Callable[[RowT], str] | None = None
    painter: str = ""
    tone: Callable[[RowT], Tone] | None = None


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
