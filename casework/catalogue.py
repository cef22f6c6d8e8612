"""One line a capability: what the desk can decide and every message it can read.

The unions of commands and events, and the look-ups by stream and by name, derive from `DECIDERS`.
"""

from functools import reduce
from operator import or_
from typing import Any

import msgspec

from casework import decisions
from casework.decider import Command, Decider, Event, Unknown
from casework.procedures import account, component, log, patrol

DECIDERS: tuple[Decider, ...] = (
    decisions.DECIDER,
    account.DECIDER,
    log.DECIDER,
    component.DECIDER,
    patrol.DECIDER,
)

COMMANDS: tuple[type[Command], ...] = tuple(c for d in DECIDERS for c in d.commands)
EVENTS: tuple[type[Event], ...] = tuple(e for d in DECIDERS for e in d.events)

AnyCommand: Any = reduce(or_, COMMANDS)
"""Union of all commands, for strict decoding."""

_BY_COMMAND = {command: decider for decider in DECIDERS for command in decider.commands}
_BY_PREFIX = {decider.prefix: decider for decider in DECIDERS}
_EVENT_DECODERS = {event.__name__: msgspec.json.Decoder(event) for event in EVENTS}


def decider_of(command: Command) -> Decider:
    """The decider that answers `command`."""
    return _BY_COMMAND[type(command)]


def decider_of_stream(stream: str) -> Decider | None:
    """The decider that folds `stream`; None for a kind this program does not know."""
    return _BY_PREFIX.get(stream.partition("/")[0])


def read_event(name: str, body: bytes | msgspec.Raw) -> Event:
    """An event's body, read leniently: an unknown kind, or one that a newer program changed
    beyond reading, stays opaque (`Unknown`) and its number still counts."""
    decoder = _EVENT_DECODERS.get(name)
    if decoder is None:
        return Unknown()
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        return Unknown()
