"""What a transaction has staged so far: folds and orders that are not committed yet, before what
the desk remembers, before what the database holds.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from case_server import journal
from case_server.journal import Writer
from case_server.memory import Memory
from case_server.old_numbers import OldNumber
from casework.decider import Command, Recorded
from casework.importing import numbered_at
from casework.old_cases import ImportCase
from casework.terms import CaseId


class Staging:
    """`states` are folds by stream, `orders` the last case's order of each local day, `imported`
    the cases that came under numbers of earlier systems."""

    def __init__(self, connection: Connection, memory: Memory, writer: Writer) -> None:
        self.connection = connection
        self.memory = memory
        self._writer = writer
        self.roster = memory.roster(connection)
        self.states: dict[str, Any] = {}
        self.orders: dict[str, int] = {}
        self.imported: dict[OldNumber, CaseId] = {}

    def state(self, stream: str) -> Any:
        """A stream's fold, if it is at hand."""
        return self.states.get(stream) or self.memory.state(stream)

    def at_hand(self, stream: str) -> Any:
        """A stream's fold; fetched if it must be, None where it has not begun."""
        if self.state(stream) is None:
            self.memory.fetch(self.connection, {stream})
        return self.state(stream)

    def begun(self, stream: str) -> Any:
        """The fold of a stream that a command means to open: a case's number is always new."""
        if stream.startswith("case/"):
            return None
        return self.state(stream) or self.memory.load(self.connection, stream)

    def day(self, command: Command, at: datetime) -> str:
        """The local day that a new case's number names."""
        return self.memory.day(numbered_at(command) if isinstance(command, ImportCase) else at)

    def numbered(self, command: Command, at: datetime, order: int, case: CaseId) -> None:
        """A new case has taken its order of the day, and an imported one its old number."""
        self.orders[self.day(command, at)] = order
        if isinstance(command, ImportCase):
            self.imported[command.system, command.reference] = case

    def life(self, stream: str) -> list[Recorded]:
        """Every event of a stream, in order, those of this transaction last."""
        staged = [w.recorded for w in self._writer.written if w.recorded.stream == stream]
        return [*journal.life(self.connection, self.memory.log_id, stream), *staged]
