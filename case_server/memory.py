"""What a desk remembers between transactions: rule book, folded states, the day's case orders.

All of it can be read again from the database; after a failed transaction it is.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from case_server import journal
from case_server.blobs import Blobs
from case_server.roster import Roster, read_roster
from case_server.statements import Finder
from case_server.tables import case_row, stream_state
from casework.case import Case
from casework.catalogue import decider_of_stream
from casework.decider import Command, Personal, Place
from casework.pack import decode_rules
from casework.procedures.log import Log
from casework.rules.gazetteer import folded
from casework.rules.placing import Locator
from casework.rules.register import Component
from casework.terms import LogId, Point

_FIND_STATES = Finder(
    stream_state.c.stream,
    lambda among: select(stream_state.c.stream, stream_state.c.body).where(
        stream_state.c.log == bindparam("of_log"), among
    ),
)


_LONGEST_ADDRESS = 200


class Sealed(NamedTuple):
    """Personal data put aside: the event gets `digest` (hex), the erasable table the rest."""

    digest: str
    salt: bytes
    content: bytes
    address: str | None
    """The address, folded for looking up."""


class Memory:
    """Belongs to the desk's thread, but for `rules*`, which do not change."""

    def __init__(self, connection: Connection, log: LogId, blobs: Blobs | None = None) -> None:
        self.blobs = blobs
        self.log_id = log
        self.log_stream = f"log/{log}"
        self.rules_version, self.rules_digest, self.rules_bytes = journal.rules_in_force(
            connection, log
        )
        self.rules = decode_rules(self.rules_bytes)
        self.digest_key = journal.secret(connection, log, "command_digests")
        self._zone = ZoneInfo(self.rules.calendar.time_zone)
        self._locator = Locator(self.rules)
        self._states: dict[str, Any] = {}
        self._orders: dict[str, int] = {}
        self._roster: Roster | None = None
        found = self.load(connection, self.log_stream)
        assert isinstance(found, Log)  # born with its journal
        self.log = found

    def roster(self, connection: Connection) -> Roster:
        """Who can be sent where: read once, then following what is staged. A transaction that
        fails forgets it, so that nothing stays of what was not committed."""
        if self._roster is None:
            self._roster = read_roster(connection, self.log_id, self.rules)
        return self._roster

    # --- states --------------------------------------------------------------------------------

    def state(self, stream: str) -> Any:
        """The fold of a stream, if it is at hand."""
        return self.log if stream == self.log_stream else self._states.get(stream)

    def load(self, connection: Connection, stream: str) -> Any:
        """The fold of a stream, from its row; None where it has not begun."""
        body = connection.execute(
            select(stream_state.c.body).where(
                stream_state.c.log == self.log_id, stream_state.c.stream == stream
            )
        ).scalar()
        return None if body is None else _fold(stream, body)

    def fetch(self, connection: Connection, streams: set[str]) -> None:
        """Bring the folds of these streams to hand, in one query."""
        missing = streams - self._states.keys() - {self.log_stream}
        if not missing:
            return
        found = _FIND_STATES.run(connection, sorted(missing), {"of_log": self.log_id})
        self._states.update((stream, _fold(stream, body)) for stream, body in found)

    def keep(self, states: dict[str, Any], orders: dict[str, int]) -> None:
        """After a commit. Ended cases and components are let go: they are seldom decided on
        again, and a register is large."""
        self._orders.update(orders)
        for stream, state in states.items():
            if isinstance(state, Log):
                self.log = state
            elif isinstance(state, Component) or (isinstance(state, Case) and state.ended):
                self._states.pop(stream, None)
            else:
                self._states[stream] = state

    def forget(self) -> None:
        """After a failed transaction."""
        self._states.clear()
        self._orders.clear()
        self._roster = None

    # --- facts ---------------------------------------------------------------------------------

    def day(self, at: datetime) -> str:
        """The local day of an instant, `yyyymmdd`."""
        return f"{at.astimezone(self._zone):%Y%m%d}"

    def last_order(self, connection: Connection, day: str) -> int:
        """Order of the last case of a local day, 0 before the first."""
        last = self._orders.get(day)
        if last is None:
            prefix = f"{self.log_id}-{day}-"
            found = connection.execute(
                select(func.max(case_row.c.case)).where(
                    case_row.c.case >= prefix, case_row.c.case < f"{prefix}~"
                )
            ).scalar()
            last = int(found.rpartition("-")[2]) if found else 0
            self._orders[day] = last
        return last

    def place(self, point: Point | None) -> Place:
        """Where a point lies, or why it cannot be taken as a place."""
        return self._locator.place(point)


def seal(command: Command) -> Sealed | None:
    """Put a command's personal data aside under a fresh salt; None where it has none."""
    given = getattr(command, "personal", None)
    if not isinstance(given, Personal) or given == Personal():
        return None
    salt = secrets.token_bytes(16)
    content = msgspec.json.encode(given)
    digest = hashlib.sha256(salt + content).hexdigest()
    return Sealed(digest, salt, content, address_key(given.address))


def address_key(address: str) -> str | None:
    """An address as it is looked up; None where there is none."""
    return folded(address)[:_LONGEST_ADDRESS] or None


def _fold(stream: str, body: bytes) -> Any:
    decider = decider_of_stream(stream)
    return None if decider is None else msgspec.json.decode(body, type=decider.state)
