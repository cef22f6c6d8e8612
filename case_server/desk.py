"""The desk: the journal's one writer. Commands queue up; it takes what queued during the last
commit, decides them one by one in a single transaction, and answers only after the commit.

Deciding is pure and works on staged states, and rows are written in bulk after it; so a refused
command leaves nothing behind and needs no savepoint (docs/adr/0007). The caches are only moved on
after the commit. If a transaction fails it is run once more: command ids make that safe.
"""

import hashlib
import hmac
import logging
import queue
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError

from case_server import journal, rows
from case_server.clock import ServerClock
from case_server.database import Database
from case_server.journal import Head, Origin, Writer
from case_server.tables import case_row, command_result, personal, stream_state
from casework.case import Case
from casework.catalogue import decider_of, decider_of_stream
from casework.decider import Actor, Context, Decider, Facts, Need, Personal, Place, Refused
from casework.pack import decode_rules
from casework.procedures.account import Account
from casework.procedures.log import Log
from casework.rulebook import RuleBook
from casework.rules.audience import sees
from casework.rules.geo import AreaIndex, area_index, locate, suspicious
from casework.rules.grid import UnitGrid, grid_cell, unit_grids
from casework.terms import LogId, Point, UserId
from casework.wire import Ack, Ask, Nack

BATCH = 64
"""Commands in one transaction at most."""

_log = logging.getLogger(__name__)


class Submission(NamedTuple):
    """A command with who sent it; `tag` is the sender's own, handed back with the answer."""

    ask: Ask
    actor: Actor
    tag: object = None


class Change(NamedTuple):
    """A committed event; `before` and `after` are the case's folds on a case's stream."""

    number: int
    written: bytes
    stream: str
    before: Case | None
    after: Case | None


class Batch(NamedTuple):
    """What one transaction did: the answers, and what happened in `first … last`."""

    answers: list[tuple[Submission, Ack | Nack]]
    changes: list[Change]
    first: int
    last: int
    at: datetime


class _Result(Struct, frozen=True):
    """What a command id earned before."""

    digest: bytes
    number: int
    stream: str
    version: int


class _Staged:
    """What the present transaction has decided and not yet committed."""

    def __init__(self, head: Head) -> None:
        self.writer = Writer(head)
        self.states: dict[str, Any] = {}
        self.orders: dict[str, int] = {}
        self.results: dict[tuple[str, str], _Result] = {}
        self.sealed: list[dict[str, object]] = []
        self.answers: list[tuple[Submission, Ack | Nack]] = []
        self.changes: list[Change] = []


class Desk:
    """Runs in a thread of its own between `start` and `stop`.

    Args:
        publish: called in the desk's thread after each commit, and for batches of refusals.
    """

    def __init__(self, database: Database, publish: Callable[[Batch], None]) -> None:
        self._database = database
        self._publish = publish
        self._queue: queue.SimpleQueue[Submission | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        log = journal.existing_log(database.writer)
        if log is None:
            raise LookupError("no log lives in this database yet")
        self._log = log
        self._states: dict[str, Any] = {}
        self._orders: dict[str, int] = {}
        with database.writer.begin() as connection:
            self._take_over(connection, log)

    def _take_over(self, connection: Connection, log: LogId) -> None:
        """Go on from what the database holds."""
        self._head = journal.lock_head(connection, log, self._database.dialect)
        self.rules_version, self.rules_digest, self.rules_bytes = journal.rules_in_force(
            connection, log
        )
        self.rules: RuleBook = decode_rules(self.rules_bytes)
        self._zone = ZoneInfo(self.rules.calendar.time_zone)
        self._areas: AreaIndex = area_index(self.rules.areas)
        self._grids: dict[Any, UnitGrid] = unit_grids(self.rules.areas, self.rules.central_meridian)
        self._digest_key = journal.secret(connection, log, "command_digests")
        state = self._load(connection, f"log/{log}")
        assert isinstance(state, Log)  # born with its journal
        self._states[f"log/{log}"] = state
        self.clock = ServerClock(
            practice=state.practice,
            last=self._head.at,
            milli_speed=state.milli_speed,
            by_record=state.by_record,
        )

    # --- what others may read ------------------------------------------------------------------

    @property
    def log(self) -> Log:
        """The log's own fold."""
        state: Log = self._states[f"log/{self._log}"]
        return state

    @property
    def epoch(self) -> str:
        """Name of this history of the log."""
        return self._head.epoch

    @property
    def head(self) -> int:
        """Number of the last committed event."""
        return self._head.number

    def account(self, user: UserId) -> Account | None:
        """A person as the journal has them. Any thread."""
        with self._database.read() as connection:
            return self._load(connection, f"account/{user}")  # type: ignore[no-any-return]  # that stream's decider folds accounts

    # --- working -------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to take commands."""
        self._thread.start()

    def submit(self, submission: Submission) -> None:
        """Queue a command; the answer comes with a batch. Never blocks; any thread."""
        self._queue.put(submission)

    def stop(self) -> None:
        """Finish what is queued, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            batch = [self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get())
            work = [submission for submission in batch if submission is not None]
            if work:
                self._publish(self._commit(work))
            if len(work) < len(batch):
                return

    def _commit(self, work: list[Submission]) -> Batch:
        """Decide and write; after a failed transaction, once more from the database's own state."""
        for attempt in count():
            try:
                with self._database.writer.begin() as connection:
                    staged = self._decide_all(connection, work)
                return self._committed(staged)
            except DBAPIError as error:
                _log.warning("transaction failed: %s", error.orig)
                self._forget()
                if attempt:
                    return self._unavailable(work)
        raise AssertionError  # `count` never ends

    def _forget(self) -> None:
        """After a failure nothing remembered is trusted but the log's own fold."""
        stream = f"log/{self._log}"
        self._states = {stream: self._states[stream]}
        self._orders = {}

    def _unavailable(self, work: list[Submission]) -> Batch:
        answers: list[tuple[Submission, Ack | Nack]] = [
            (each, Nack(id=each.ask.id, code="journal.unavailable")) for each in work
        ]
        head = self._head
        return Batch(answers, [], head.number + 1, head.number, head.at)

    def _committed(self, staged: _Staged) -> Batch:
        first = self._head.number + 1
        if staged.changes:
            self._states.update(staged.states)
            self._orders.update(staged.orders)
            at = staged.writer.written[-1].recorded.at
            self._head = staged.writer.head(self._head.epoch, at)
            self._set_pace(staged)
            self._let_go(staged)
        return Batch(staged.answers, staged.changes, first, self._head.number, self._head.at)

    def _set_pace(self, staged: _Staged) -> None:
        log = staged.states.get(f"log/{self._log}")
        if isinstance(log, Log):
            self.clock.set_pace(log.milli_speed, by_record=log.by_record)

    def _let_go(self, staged: _Staged) -> None:
        """Ended cases are not decided on again soon: their state is in the database."""
        for stream, state in staged.states.items():
            if isinstance(state, Case) and state.ended:
                del self._states[stream]

    # --- one transaction -----------------------------------------------------------------------

    def _decide_all(self, connection: Connection, work: list[Submission]) -> _Staged:
        head = journal.lock_head(connection, self._log, self._database.dialect)
        self._head = head
        staged = _Staged(head)
        self._find_results(connection, work, staged)
        self._find_states(connection, work)
        for submission in work:
            staged.answers.append((submission, self._answer(connection, submission, staged)))
        if staged.changes:
            self._write(connection, staged)
        return staged

    def _find_results(
        self, connection: Connection, work: list[Submission], staged: _Staged
    ) -> None:
        """Which of these command ids were done before."""
        ids = {submission.ask.id for submission in work}
        found = connection.execute(
            select(command_result).where(
                command_result.c.log == self._log,
                command_result.c.device.in_({each.actor.device for each in work}),
                command_result.c.id.in_(ids),
            )
        )
        for row in found:
            staged.results[row.device, row.id] = _Result(
                bytes(row.digest), row.number, row.stream, row.version
            )

    def _find_states(self, connection: Connection, work: list[Submission]) -> None:
        """States that this batch needs and that are not at hand, in one query."""
        wanted = {each.ask.stream for each in work if each.ask.stream} - self._states.keys()
        if not wanted:
            return
        found = connection.execute(
            select(stream_state.c.stream, stream_state.c.body).where(
                stream_state.c.log == self._log, stream_state.c.stream.in_(wanted)
            )
        )
        for stream, body in found:
            decider = decider_of_stream(stream)
            if decider is not None:
                self._states[stream] = msgspec.json.decode(body, type=decider.state)

    def _load(self, connection: Connection, stream: str) -> Any:
        body = connection.execute(
            select(stream_state.c.body).where(
                stream_state.c.log == self._log, stream_state.c.stream == stream
            )
        ).scalar()
        decider = decider_of_stream(stream)
        if body is None or decider is None:
            return None
        return msgspec.json.decode(body, type=decider.state)

    def _answer(
        self, connection: Connection, submission: Submission, staged: _Staged
    ) -> Ack | Nack:
        ask, actor = submission.ask, submission.actor
        digest = self._digest(ask)
        key = (actor.device, ask.id)
        before = staged.results.get(key)
        if before is not None:
            return self._again(ask, before, digest)
        state = self._state(ask.stream, staged)
        try:
            result = self._decide(connection, submission, state, staged, digest)
        except Refused as refused:
            version = state.version if state is not None else 0
            if refused.code == "case.not_found":
                version = 0
            return Nack(id=ask.id, code=refused.code, detail=refused.detail, version=version)
        staged.results[key] = result
        return self._ack(ask, result)

    def _again(self, ask: Ask, before: _Result, digest: bytes) -> Ack | Nack:
        if hmac.compare_digest(before.digest, digest):
            return self._ack(ask, before)
        return Nack(id=ask.id, code="command.id_reused")

    def _ack(self, ask: Ask, result: _Result) -> Ack:
        return Ack(
            id=ask.id,
            log=self._log,
            number=result.number,
            stream=result.stream,
            version=result.version,
        )

    def _digest(self, ask: Ask) -> bytes:
        """Keyed, so that it does not betray the personal data of a short command."""
        content = msgspec.json.encode((ask.stream, ask.command, ask.claimed))
        return hashlib.blake2b(content, key=self._digest_key, digest_size=16).digest()

    def _state(self, stream: str, staged: _Staged) -> Any:
        return staged.states.get(stream) or self._states.get(stream)

    def _decide(
        self,
        connection: Connection,
        submission: Submission,
        state: Any,
        staged: _Staged,
        digest: bytes,
    ) -> _Result:
        """Stage the events of one command.

        Raises: Refused: by its decider, or `case.not_found` for a case outside the actor's grants,
            `stream.wrong`, `case.stale`, `actor.not_held`.
        """
        ask, actor = submission.ask, submission.actor
        decider = decider_of(ask.command)
        self._check(ask, actor, decider, state)
        if ask.claimed is not None:
            self.clock.step_to(ask.claimed)
        at = self.clock.now()
        seal, kept = self._seal(ask)
        context = Context(
            at=at,
            log=self._log,
            practice=self.log.practice,
            actor=actor,
            role=ask.role,
            rules=self.rules,
            facts=self._facts(connection, decider, ask, at, seal, staged),
        )
        stream = ask.stream or f"{decider.prefix}/{decider.opens(ask.command, context)}"
        if not ask.stream:
            state = self._opened(connection, stream, staged)
        events = decider.decide(state, ask.command, context)
        origin = Origin(
            actor=actor.user,
            role=ask.role,
            device=actor.device,
            command=ask.id,
            rules=self.rules_version,
            claimed=ask.claimed,
        )
        for happened in events:
            version = 1 + (state.version if state is not None else 0)
            entry = staged.writer.add(stream, version, at, origin, happened)
            before, state = state, decider.evolve(state, entry.recorded)
            is_case = isinstance(state, Case)
            staged.changes.append(
                Change(
                    entry.recorded.number,
                    entry.bytes,
                    stream,
                    before if is_case else None,
                    state if is_case else None,
                )
            )
        staged.states[stream] = state
        number = staged.writer.written[-1].recorded.number
        self._keep(staged, context.facts, kept, number, stream, at)
        return _Result(digest, number, stream, state.version)

    def _check(self, ask: Ask, actor: Actor, decider: Decider, state: Any) -> None:
        if all(grant.role is not ask.role for grant in actor.grants):
            raise Refused("actor.not_held", role=ask.role)
        if ask.stream and ask.stream.partition("/")[0] != decider.prefix:
            raise Refused("stream.wrong")
        if not isinstance(state, Case):
            return
        if not sees(actor.grants, state.scope):
            raise Refused("case.not_found")
        if not type(ask.command).additive and ask.base_version < state.step:
            raise Refused("case.stale", case=state.id)

    def _opened(self, connection: Connection, stream: str, staged: _Staged) -> Any:
        """The state of a stream that a command opens: normally none yet."""
        return self._state(stream, staged) or (
            None if stream.startswith("case/") else self._load(connection, stream)
        )

    # --- facts ---------------------------------------------------------------------------------

    def _facts(
        self,
        connection: Connection,
        decider: Decider,
        ask: Ask,
        at: datetime,
        seal: str,
        staged: _Staged,
    ) -> Facts:
        needs = decider.needs(ask.command)
        if not needs:
            return Facts(seal=seal)
        order = self._next_order(connection, at, staged) if Need.ORDER in needs else 0
        point = getattr(ask.command, "point", None)
        place = self._place(point) if Need.PLACE in needs and point is not None else Place()
        return Facts(order=order, seal=seal, place=place)

    def _next_order(self, connection: Connection, at: datetime, staged: _Staged) -> int:
        day = f"{at.astimezone(self._zone):%Y%m%d}"
        last = staged.orders.get(day) or self._orders.get(day)
        if last is None:
            prefix = f"{self._log}-{day}-"
            found = connection.execute(
                select(func.max(case_row.c.case)).where(
                    case_row.c.case >= prefix, case_row.c.case < f"{prefix}~"
                )
            ).scalar()
            last = int(found.rpartition("-")[2]) if found else 0
            self._orders[day] = last
        return last + 1

    def _place(self, point: Point) -> Place:
        doubt = suspicious(point, self._areas, self.rules.placeholder_points)
        if doubt is not None:
            return Place(doubt=doubt)
        district, street = locate(self._areas, point)
        grid = self._grids.get(street)
        return Place(
            district=district, street=street, grid=grid_cell(grid, point) if grid else None
        )

    def _seal(self, ask: Ask) -> tuple[str, tuple[bytes, bytes] | None]:
        """(digest for the event, salt and content for the erasable table)."""
        given = getattr(ask.command, "personal", None)
        if not isinstance(given, Personal) or given == Personal():
            return "", None
        salt = secrets.token_bytes(16)
        content = msgspec.json.encode(given)
        return hashlib.sha256(salt + content).hexdigest(), (salt, content)

    def _keep(
        self,
        staged: _Staged,
        facts: Facts,
        kept: tuple[bytes, bytes] | None,
        number: int,
        stream: str,
        at: datetime,
    ) -> None:
        if facts.order:
            staged.orders[f"{at.astimezone(self._zone):%Y%m%d}"] = facts.order
        if kept is not None:
            salt, content = kept
            staged.sealed.append(
                {
                    "log": self._log,
                    "number": number,
                    "stream": stream,
                    "salt": salt,
                    "content": content,
                }
            )

    # --- writing -------------------------------------------------------------------------------

    def _write(self, connection: Connection, staged: _Staged) -> None:
        """All rows of the transaction, in bulk."""
        written = staged.writer.written
        journal.append(
            connection, written, staged.writer.head(self._head.epoch, written[-1].recorded.at)
        )
        rows.write_states(connection, self._database.dialect, self._log, staged.states)
        rows.write_cases(connection, self._database.dialect, self._log, staged.changes)
        if staged.sealed:
            connection.execute(insert(personal), staged.sealed)
        new = {entry.recorded.number for entry in written}
        results = [
            {
                "log": self._log,
                "device": device,
                "id": command,
                "digest": result.digest,
                "number": result.number,
                "stream": result.stream,
                "version": result.version,
            }
            for (device, command), result in staged.results.items()
            if result.number in new
        ]
        connection.execute(insert(command_result), results)
