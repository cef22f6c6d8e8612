"""Every key of the desk by what one does with it; an act's key is that of the table of acts."""

from collections.abc import Iterator
from typing import NamedTuple

from casework.life import ACTS, TAKE_NEXT
from console.offers import SPECIAL_KEY
from console.panes.dispatch import SEARCH_KEY as UNIT_KEY
from console.panes.inspector_chooser import SEARCH_KEY as INSPECTOR_KEY
from console.vocabulary import OFFERS
from console.wording import mark

Line = tuple[str, str]
"""A key, and what it does in English."""


class Section(NamedTuple):
    """Keys that belong together; of `lines` a plain word is the name of an act."""

    title: str
    lines: tuple[Line | str, ...]

    @property
    def keys(self) -> Iterator[Line]:
        """What is shown, line by line."""
        yield from (line if isinstance(line, tuple) else _act(line) for line in self.lines)


_NOES = {"verify_not": "verify", "check_not": "check", "file_extended": "file"}
"""Second answers of an act: its key with Shift."""
_KEYS = {act.name: act.key for act in (*ACTS, TAKE_NEXT)}


def _act(name: str) -> Line:
    if name == "file_special":
        return SPECIAL_KEY, OFFERS[name]
    if name in _NOES:
        return f"Shift+{_KEYS[_NOES[name]]}", OFFERS[name]
    return _KEYS[name], OFFERS[name]


_COMMONEST = Section(
    mark("Used most"),
    (
        ("Enter", mark("Do the suggested act")),
        "take_next",
        ("↑ ↓", mark("Walk through the rows")),
        ("B", mark("Send back to the link before")),
        "note",
        "take_back",
        ("Ctrl+F", mark("Filter the queue")),
        ("Ctrl+Shift+F", mark("Find a case of any year")),
        "report",
        ("Esc", mark("Leave, close, select none")),
    ),
)
_GOING = Section(
    mark("Go to"),
    (
        ("F2", mark("Boxes")),
        ("Ctrl+1 … 9, 0", mark("One of the boxes")),
        ("F3", mark("Queue")),
        ("F4", mark("Acts and opinion")),
        ("F5", mark("Orders; again: inspectors")),
        ("F6", mark("Map")),
        ("Tab", mark("Next field")),
        ("F10", mark("Menu: language, colours …")),
        ("F12", mark("People (administrators)")),
        ("?", mark("This page")),
    ),
)
_QUEUE = Section(
    mark("Rows of the queue"),
    (
        ("Home  End", mark("First row, last row")),
        ("Shift+↑ ↓", mark("Select what one passes")),
        ("Space", mark("Select the row")),
        ("Insert", mark("Select it, and go on")),
        ("Ctrl+A", mark("Select all that is shown")),
    ),
)
_IN_HAND = Section(
    mark("Claim and urge"),
    ("claim", "release", "pass_on", "take_over", "urge", "lift_urge"),
)
_FILING = Section(
    mark("Until the filing"),
    (
        "answer",
        "order_verification",
        "verify",
        "verify_not",
        "pass_for_filing",
        "file",
        "file_extended",
        "file_special",
        "decline",
        "cancel",
    ),
)
_UNITS = Section(
    mark("Dispatch and units"),
    (
        "dispatch",
        (UNIT_KEY, mark("Search another unit")),
        ("2 … 9", mark("Let a unit join or not")),
        "hand_over",
        "withdraw",
        "remind",
        "accept",
        "pass_down",
        "pull_back",
        "feed_back",
        "apply",
        "approve",
        "refuse",
        "resume",
    ),
)
_INSPECTORS = Section(
    mark("Inspectors and closing"),
    (
        "order_check",
        "check",
        "check_not",
        ("1 … 3", mark("Send one who is near by")),
        (INSPECTOR_KEY, mark("Search all inspectors")),
        "order_check_anew",
        "withdraw_order",
        "close",
        "close_specially",
        "reopen",
    ),
)
_CASE = Section(
    mark("About the case"),
    (
        ("H", mark("The whole record")),
        "attach_photo",
        ("← → + − 0", mark("Photo: next, closer, whole")),
        "show_contact",
        ("Ctrl+P", mark("Case sheet as PDF")),
        ("Ctrl+Shift+P", mark("Job sheet as PDF")),
        ("Ctrl+E", mark("Export as XLSX or CSV")),
        ("Ctrl+Shift+E", mark("Folder of the last file")),
    ),
)
_WRITING = Section(
    mark("A report, a text"),
    (
        ("Ctrl+Enter", mark("Send the report")),
        ("Alt+1 … 9, 0", mark("A component, or none")),
        ("Ctrl+Space F9", mark("Sentences to choose from")),
    ),
)
_MAP = Section(
    mark("On the map"),
    (
        ("+ − 0", mark("Closer, farther, whole city")),
        ("Space", mark("The report's place is here")),
        (".", mark("Go near, next component")),
        (",", mark("Inspectors or none")),
    ),
)
COLUMNS: tuple[tuple[Section, ...], ...] = (
    (_COMMONEST, _GOING, _IN_HAND),
    (_FILING, _UNITS, _QUEUE),
    (_INSPECTORS, _CASE, _WRITING, _MAP),
)
"""From the left, each read downwards."""
