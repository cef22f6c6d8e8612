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
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from case_server import journal, timers
from case_server.address_book import AddressBook
from case_server.clock import ServerClock
from case_server.database import Database
from case_server.memory import Memory
from case_server.rows import Change
from case_server.submission import Submission
from case_server.transaction import Transaction
from casework.catalogue import decider_of_stream
from casework.decider import Actor, Grant
from casework.procedures.account import Account
from casework.procedures.log import Log
from casework.rulebook import RuleBook
from casework.terms import Role, UserId
from casework.wire import Ack, Ask, Nack

__all__ = ["BATCH", "Batch", "Change", "Desk", "Submission"]

BATCH = 64
"""Commands in one transaction at most."""
TRIES = 2
PUT_OFF = timedelta(minutes=1)
"""Log time after which a refused timer is tried again."""
_LONGEST_WAIT = 3600.0
_ITSELF = Actor(user=journal.SERVER, grants=(Grant(role=Role.SYSTEM),), device="server")

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
        self.addresses = AddressBook(log)
        """Where cases were: for questions."""
        self._next_due: datetime | None = None
        self._look_for_timers()
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
            self._wake_what_is_due()
            try:
                batch = [self._queue.get(timeout=self._patience())]
            except queue.Empty:
                continue
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

    # --- what falls due by itself ----------------------------------------------------------------

    def _patience(self) -> float | None:
        """Seconds until the next timer runs out by the log's clock; None: there is none, or
        records move the clock, which then is looked at after each batch."""
        if self._next_due is None or not self.clock.milli_speed:
            return None
        ahead = (self._next_due - self.clock.now()).total_seconds() * 1000 / self.clock.milli_speed
        return min(max(ahead, 0.0), _LONGEST_WAIT)

    def _wake_what_is_due(self) -> None:
        """Ask for what the streams' own deciders want when their time has come."""
        while self._next_due is not None and self._next_due <= self.clock.now():
            with self._database.read() as connection:
                found = timers.lapsed(connection, self.log.id, self.clock.now(), BATCH)
            work = [each for each in map(self._lapse, found) if each is not None]
            batch = self._commit(work)
            self._publish(batch)
            refused = [s for s, answer in batch.answers if isinstance(answer, Nack)]
            if refused or not work:
                _log.warning("what fell due was refused: %s", batch.answers)
                self._put_off(found)
            self._look_for_timers()

    def _lapse(self, stream: str) -> Submission | None:
        decider = decider_of_stream(stream)
        if decider is None or decider.lapse is None:
            return None
        with self._database.read() as connection:
            state = self._memory.load(connection, stream)
        if state is None:
            return None
        ask = Ask(
            id=f"due-{stream}-{state.version}",
            stream=stream,
            base_version=state.version,
            role=Role.SYSTEM,
            command=decider.lapse(state),
        )
        return Submission(ask, _ITSELF)

    def _put_off(self, streams: list[str]) -> None:
        """Try again later: a timer that cannot be settled must not keep the desk busy."""
        later = self.clock.now() + PUT_OFF
        with self._database.writer.begin() as connection:
            timers.write(connection, self.log.id, dict.fromkeys(streams, later))

    def _look_for_timers(self) -> None:
        with self._database.read() as connection:
            self._next_due = timers.earliest(connection, self.log.id)

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
        if done.timed:
            self._look_for_timers()
        if self._memory.log_stream in done.states:
            self.clock.set_pace(self.log.milli_speed, by_record=self.log.by_record)
        return Batch(done.answers, done.changes, first, self._head.number, self._head.at)

    def _unavailable(self, work: list[Submission]) -> Batch:
        answers: list[tuple[Submission, Ack | Nack]] = [
            (each, Nack(id=each.ask.id, code="journal.unavailable")) for each in work
        ]
        head = self._head
        return Batch(answers, [], head.number + 1, head.number, head.at)
