"""What the desk can decide and read: names are unique, and a journalled event is read for ever.

`golden/events.jsonl` has one line for each kind of event, as a journal holds it. A line is never
changed: a test that fails here means that an old journal would be read otherwise. A new kind, or
one that has new fields, adds its line, with every field filled.
"""

from collections import Counter
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from casework.catalogue import (
    COMMANDS,
    DECIDERS,
    EVENTS,
    decider_of,
    decider_of_stream,
    read_event,
)
from casework.decider import Event, Unknown
from casework.envelope import event_body
from tests.casework.case_kit import REPORTED

GOLDEN = Path(__file__).parent / "golden" / "events.jsonl"
LINES = [line for line in GOLDEN.read_bytes().splitlines() if line]


def type_of(line: bytes) -> str:
    return str(msgspec.json.decode(line)["type"])


def parts(hint: Any) -> set[Any]:
    """A type hint and everything inside it, the fields of structs included."""
    found = {hint}
    for inner in get_args(hint):
        found |= parts(inner)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        for inner in get_type_hints(hint).values():
            found |= parts(inner)
    return found


def test_every_kind_of_event_has_its_golden_line() -> None:
    assert set(map(type_of, LINES)) == {event.__name__ for event in EVENTS}


@pytest.mark.parametrize("line", LINES, ids=type_of)
def test_a_golden_line_is_read_and_written_as_it_was(line: bytes) -> None:
    event = read_event(type_of(line), line)
    assert type(event).__name__ == type_of(line)
    assert bytes(event_body(event)) == line


NEWEST = {type_of(line): line for line in LINES}
"""A kind that has got fields has a second line; the first one stays as old journals hold it."""


@pytest.mark.parametrize("line", NEWEST.values(), ids=type_of)
def test_a_newest_golden_line_fills_every_field(line: bytes) -> None:
    event = read_event(type_of(line), line)
    assert set(msgspec.json.decode(line)) == {"type", *event.__struct_fields__}


@pytest.mark.parametrize("event", EVENTS)
def test_no_event_holds_a_float(event: type[Event]) -> None:
    assert float not in parts(event)


def test_a_float_would_be_found_inside_a_field() -> None:
    class Inside(msgspec.Struct):
        value: float | None

    class Outside(msgspec.Struct):
        inside: tuple[Inside, ...]

    assert float in parts(Outside)


@pytest.mark.parametrize("line", LINES, ids=type_of)
def test_a_field_of_a_newer_program_is_passed_over(line: bytes) -> None:
    newer = line[:-1] + b',"added_later":{"any":1.5}}'
    assert read_event(type_of(line), newer) == read_event(type_of(line), line)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("CaseTeleported", b'{"type":"CaseTeleported"}'),
        ("NoteAdded", b'{"type":"NoteAdded","opinion":7}'),
        ("NoteAdded", b'{"type":"NoteAdded"}'),
        ("NoteAdded", b'{"type":"CaseClosed","state":"closed"}'),
    ],
)
def test_an_event_that_cannot_be_read_stays_opaque(name: str, body: bytes) -> None:
    assert read_event(name, body) == Unknown()


def test_names_of_messages_and_streams_are_unique() -> None:
    names = Counter(kind.__name__ for kind in (*COMMANDS, *EVENTS))
    prefixes = Counter(decider.prefix for decider in DECIDERS)
    assert max(names.values()) == max(prefixes.values()) == 1


def test_commands_and_streams_find_their_decider() -> None:
    (_, command), *_ = REPORTED
    assert decider_of(command) is decider_of_stream("case/city-20080613-00001")
    assert decider_of_stream("weather/x") is None
