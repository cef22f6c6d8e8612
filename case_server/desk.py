"""The desk: the journal's one writer. Commands queue up; it takes what queued during the last
commit, decides them in one transaction, and answers only after the commit.

A refused command leaves nothing behind and needs no savepoint, since deciding is pure and rows are
written in bulk after it (docs/adr/0005). If a transaction fails it is run once more: command ids
make that safe, even where it is not known whether the first commit went through.
"""

import logging
import queue
import threading
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from case_server import journal
from case_server.clock import ServerClock
from case_server.database import Database
from case_server.memory import Memory
from case_server.rows import Change
from case_server.transaction import Submission, Transaction
from casework.procedures.account import Account
from casework.procedures.log import Log
from casework.rulebook import RuleBook
from casework.terms import UserId
from casework.wire import Ack, Nack

__all__ = ["BATCH", "Batch", "Change", "Desk", "Submission"]

BATCH = 64
"""Commands in one transaction at most."""
TRIES = 2

Jotting = Callable[[Connection], None]
"""Writes something that is no event, on the one connection that may write."""

_log = logging.getLogger(__name__)


class Batch(NamedTuple):
    """What one transaction did: the answers, and the events `first … last` (none: last < first).
    `at` is the server's clock."""

    answers: list[tuple[Submission, Ack | Nack]]
    changes: list[Change]
    first: int
    last: int
    at: datetime


class Desk:
    """Runs in a thread of its own between `start` and `stop`.

    Args:
        publish: called in the desk's thread after each transaction.
        died: called in the desk's thread when a fault of ours ends it. Nothing is acknowledged any
            more, so whoever runs the desk should end too and be started anew.

    Raises:
        LookupError: no log was born in this database yet.
    """

    def __init__(
        self,
        database: Database,
        publish: Callable[[Batch], None],
        died: Callable[[Exception], None] | None = None,
    ) -> None:
        self._database = database
        self._publish = publish
        self._died = died
        self._queue: queue.SimpleQueue[Submission | Jotting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        log = journal.existing_log(database.writer)
        if log is None:
            raise LookupError("no log lives in this database yet")
        with database.writer.begin() as connection:
            self._head = journal.lock_head(connection, log)
            self._memory = Memory(connection, log, database.blobs)
        self.clock = ServerClock(
            practice=self.log.practice,
            last=self._head.at,
            milli_speed=self.log.milli_speed,
            by_record=self.log.by_record,
        )

    # --- what others may read ------------------------------------------------------------------

    @property
    def log(self) -> Log:
        """The log's own fold."""
        return self._memory.log

    @property
    def epoch(self) -> str:
        """Name of this history of the log."""
        return self._head.epoch

    @property
    def head(self) -> int:
        """Number of the last committed event."""
        return self._head.number

    @property
    def rules(self) -> RuleBook:
        """The rule book in force."""
        return self._memory.rules

    @property
    def rules_bytes(self) -> bytes:
        """Its canonical bytes, as the log adopted them."""
        return self._memory.rules_bytes

    def account(self, user: UserId) -> Account | None:
        """A person as the journal has them. Any thread."""
        with self._database.read() as connection:
            found = self._memory.load(connection, f"account/{user}")
        return found if isinstance(found, Account) else None

    # --- working -------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to take commands."""
        self._thread.start()

    def submit(self, submission: Submission) -> None:
        """Queue a command; the answer comes with a batch. Never blocks; any thread."""
        self._queue.put(submission)

    def jot(self, jotting: Jotting) -> None:
        """Have something that is no event written soon; nobody hears of it. Any thread."""
        self._queue.put(jotting)

    def stop(self) -> None:
        """Finish what is queued, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:
            _log.critical("the desk stopped", exc_info=True)
            if self._died is None:
                raise
            self._died(error)

    def _work(self) -> None:
        while True:
            batch = [self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get())
            work = [each for each in batch if isinstance(each, Submission)]
            if work:
                self._publish(self._commit(work))
            for jotting in batch:
                if jotting is not None and not isinstance(jotting, Submission):
                    self._jot(jotting)
            if None in batch:
                return

    def _jot(self, jotting: Jotting) -> None:
        try:
            with self._database.writer.begin() as connection:
                jotting(connection)
        except DBAPIError as error:
            _log.warning("a jotting was not written: %s", error.orig)

    def _commit(self, work: list[Submission]) -> Batch:
        for _ in range(TRIES):
            try:
                with self._database.writer.begin() as connection:
                    done = Transaction(connection, self._memory, self.clock)
                    done.run(work)
            except DBAPIError as error:
                _log.warning("transaction failed: %s", error.orig)
                self._memory.forget()
            else:
                return self._committed(done)
        return self._unavailable(work)

    def _committed(self, done: Transaction) -> Batch:
        first = self._head.number + 1
        self._head = done.head
        self._memory.keep(done.states, done.orders)
        if self._memory.log_stream in done.states:
            self.clock.set_pace(self.log.milli_speed, by_record=self.log.by_record)
        return Batch(done.answers, done.changes, first, self._head.number, self._head.at)

    def _unavailable(self, work: list[Submission]) -> Batch:
        answers: list[tuple[Submission, Ack | Nack]] = [
            (each, Nack(id=each.ask.id, code="journal.unavailable")) for each in work
        ]
        head = self._head
        return Batch(answers, [], head.number + 1, head.number, head.at)
