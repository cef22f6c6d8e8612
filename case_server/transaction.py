"""One transaction of the desk: decide its commands one by one on staged states, then write all
rows in bulk. Nothing leaves here before the commit.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, insert, select

from case_server import journal, old_numbers, register, rows, timers, whereabouts
from case_server.clock import ServerClock
from case_server.facts import gather
from case_server.journal import Head, Origin, Writer
from case_server.memory import Memory, Sealed, seal
from case_server.next_case import find_next
from case_server.rows import Change
from case_server.staging import Staging
from case_server.statements import Finder, Statement
from case_server.submission import Submission
from case_server.tables import command_result, credential, personal, upsert
from casework.case import Case
from casework.catalogue import decider_of, decider_of_stream
from casework.claims import TakeNext
from casework.decider import (
    Actor,
    Command,
    Context,
    Decider,
    Event,
    Position,
    Refused,
)
from casework.procedures.account import Account, require_unrevoked
from casework.procedures.patrol import Patrol, position_of
from casework.rules.audience import sees
from casework.terms import Role, UserId
from casework.wire import Ack, Ask, Nack

_FIND_RESULTS = Finder(
    command_result.c.id,
    lambda among: select(command_result).where(command_result.c.log == bindparam("of_log"), among),
)
_KEEP_RESULT = Statement(lambda _dialect: insert(command_result))
_PUT_ASIDE = Statement(lambda _dialect: insert(personal))
_KEEP_SECRET = Statement(lambda dialect: upsert(credential, dialect))


class _Result(Struct, frozen=True):
    """What a command id has earned."""

    digest: bytes
    number: int
    stream: str
    version: int


class Transaction:
    """Between the desk's BEGIN and COMMIT, on a connection that holds the counter row."""

    def __init__(self, connection: Connection, memory: Memory, clock: ServerClock) -> None:
        self._connection = connection
        self._memory = memory
        self._clock = clock
        self._before = journal.lock_head(connection, memory.log_id)
        self._writer = Writer(self._before)
        self._staging = Staging(connection, memory, self._writer)
        self._done_before: dict[tuple[str, str], _Result] = {}
        self._done: dict[tuple[str, str], _Result] = {}
        self._sealed: list[dict[str, object]] = []
        self._secrets: dict[str, str] = {}
        self._moved: dict[UserId, Position | None] = {}
        self._timers: dict[str, datetime | None] = {}
        self.answers: list[tuple[Submission, Ack | Nack]] = []
        self.changes: list[Change] = []

    @property
    def head(self) -> Head:
        """Where the log stands when this commits."""
        written = self._writer.written
        at = written[-1].recorded.at if written else self._before.at
        return self._writer.head(self._before.epoch, at)

    @property
    def states(self) -> dict[str, Any]:
        """Folds of the streams that were touched, as they are when this commits."""
        return self._staging.states

    @property
    def orders(self) -> dict[str, int]:
        """Order of the last case of each local day that was touched."""
        return self._staging.orders

    @property
    def timed(self) -> bool:
        """Whether a timer was set or cleared."""
        return bool(self._timers)

    def run(self, work: Sequence[Submission]) -> None:
        """Decide `work` in order and write what it earned."""
        self._find_results(work)
        self._memory.fetch(self._connection, _streams(work))
        for submission in work:
            self.answers.append((submission, self._answer(submission)))
        if self.changes:
            self._write()
        if self._moved:
            kept = timedelta(hours=self._memory.rules.orders.position_hours)
            since = self._clock.now() - kept
            whereabouts.write(self._connection, self._memory.log_id, self._moved, since)

    def _find_results(self, work: Sequence[Submission]) -> None:
        """Which of these command ids were done before."""
        ids = sorted({each.ask.id for each in work})
        found = _FIND_RESULTS.run(self._connection, ids, {"of_log": self._memory.log_id})
        for row in found:
            self._done_before[row.device, row.id] = _Result(
                bytes(row.digest), row.number, row.stream, row.version
            )

    # --- one command ---------------------------------------------------------------------------

    def _answer(self, submission: Submission) -> Ack | Nack:
        ask = submission.ask
        digest = self._digest(ask)
        key = (submission.actor.device, ask.id)
        before = self._done_before.get(key) or self._done.get(key)
        if before is not None:
            if hmac.compare_digest(before.digest, digest):
                return self._ack(ask, before)
            return Nack(id=ask.id, code="command.id_reused")
        state, written = self._staging.state(ask.stream), len(self._writer.written)
        try:
            stream, state, number = self._decide(submission, state)
        except Refused as refused:
            hidden = state is None or refused.code == "case.not_found"
            version = 0 if hidden else state.version
            return Nack(id=ask.id, code=refused.code, detail=refused.detail, version=version)
        result = _Result(digest, number, stream, state.version)
        if len(self._writer.written) > written:
            self._done[key] = result
        return self._ack(ask, result)

    def _ack(self, ask: Ask, result: _Result) -> Ack:
        return Ack(
            id=ask.id,
            log=self._memory.log_id,
            number=result.number,
            stream=result.stream,
            version=result.version,
        )

    def _digest(self, ask: Ask) -> bytes:
        """Keyed, so that it does not betray the personal data of a short command."""
        content = msgspec.json.encode((ask.stream, ask.command, ask.claimed))
        return hashlib.blake2b(content, key=self._memory.digest_key, digest_size=16).digest()

    def _decide(self, submission: Submission, state: Any) -> tuple[str, Any, int]:
        """Stage one command's events: (stream, its new fold, number of the last event).

        Raises: Refused: by the rules of its decider or of `_check`.
        """
        ask, actor = submission.ask, submission.actor
        decider = decider_of(ask.command)
        if isinstance(ask.command, TakeNext) and not ask.stream:
            ask, state = self._next(ask, ask.command, actor)
        self._check_authority(submission)
        self._check(ask, actor, decider, state)
        if ask.claimed is not None:
            self._clock.step_to(ask.claimed)
        sealed = seal(ask.command)
        context = self._context(submission, decider, sealed)
        stream, state = self._stream(ask, decider, state, context)
        events = decider.decide(state, ask.command, context)
        if not events:
            self._locate(state, ask.command, context.at)
            return stream, state, self.head.number
        origin = Origin(
            actor=actor.user,
            role=ask.role,
            device=actor.device,
            command=ask.id,
            rules=self._memory.rules_version,
            claimed=ask.claimed,
        )
        state = self._stage(stream, state, events, context.at, origin)
        self._locate(state, ask.command, context.at)
        number = self._writer.written[-1].recorded.number
        if context.facts.order:
            self._staging.numbered(ask.command, context.at, context.facts.order, state.id)
        if sealed is not None:
            self._put_aside(sealed, number, stream)
        if submission.secret is not None:
            self._secrets[stream.partition("/")[2]] = submission.secret.hash
        return stream, state, number

    def _stream(self, ask: Ask, decider: Decider, state: Any, context: Context) -> tuple[str, Any]:
        """The stream that a command is for, or opens, and its fold."""
        if state is not None:
            return ask.stream, state
        stream = f"{decider.prefix}/{decider.opens(ask.command, context)}"
        if ask.stream and ask.stream != stream:
            raise Refused("stream.wrong")
        return stream, None if ask.stream else self._staging.begun(stream)

    def _stage(
        self, stream: str, state: Any, events: Sequence[Event], at: datetime, origin: Origin
    ) -> Any:
        """Number, chain and fold the events; the stream's new fold."""
        decider = decider_of_stream(stream)
        assert decider is not None  # one of its commands was decided
        due = decider.due(state) if state is not None else None
        for happened in events:
            version = 1 + (state.version if state is not None else 0)
            entry = self._writer.add(stream, version, at, origin, happened)
            before, state = state, decider.evolve(state, entry.recorded)
            self._staging.roster.follow(before, state)
            folds = (before, state) if isinstance(state, Case) else (None, None)
            self.changes.append(Change(entry.recorded.number, entry.bytes, stream, *folds))
        self.states[stream] = state
        if decider.due(state) != due:
            self._timers[stream] = decider.due(state)
        return state

    def _locate(self, state: Any, command: Command, at: datetime) -> None:
        """Where an inspector says to be is no event: it replaces what was known, and off duty
        nothing of it stays."""
        if not isinstance(state, Patrol):
            return
        position = position_of(command, at)
        if position is not None or state.since is None:
            self._moved[state.user] = position
            self._staging.roster.locate(state.user, position)

    def _check_authority(self, submission: Submission) -> None:
        """What is taken away ends with the event that takes it, whatever its holder has sent in the
        meantime: the session hears of it only after the commit. Source: trust.md T8.

        Raises: Refused: what `casework.procedures.account.require_unrevoked` refuses.
        """
        if submission.passwords is None:
            return
        actor = submission.actor
        account = self._staging.at_hand(f"account/{actor.user}")
        require_unrevoked(account, actor.grants, submission.passwords)

    def _check(self, ask: Ask, actor: Actor, decider: Decider, state: Any) -> None:
        """What holds for every command, whatever it asks for.

        Raises: Refused: `actor.role_not_held`, `stream.wrong`, `case.not_found` for a case outside
            the actor's grants (as if it were not there), `case.stale`, `account.stale`.
        """
        unheld = all(grant.role is not ask.role for grant in actor.grants)
        if unheld or (ask.role is Role.SYSTEM and actor.user != journal.SERVER):
            raise Refused("actor.role_not_held", role=ask.role)
        if ask.stream and ask.stream.partition("/")[0] != decider.prefix:
            raise Refused("stream.wrong")
        if isinstance(state, Account) and ask.base_version not in (0, state.version):
            raise Refused("account.stale", user=state.user)
        if not isinstance(state, Case):
            return
        if not sees(actor.grants, state.scope):
            raise Refused("case.not_found")
        if not type(ask.command).additive and ask.base_version < state.step:
            raise Refused("case.stale", case=state.id)

    def _next(self, ask: Ask, command: TakeNext, actor: Actor) -> tuple[Ask, Any]:
        """The most urgent free case for this person: the ask with its stream, and its fold."""
        stream = find_next(
            self._connection,
            command,
            actor,
            ask.role,
            now=self._clock.now(),
            claim_minutes=self._memory.rules.queues.claim_minutes,
            staged=self._staging.at_hand,
        )
        if stream is None:
            return ask, None
        return replace(ask, stream=stream), self._staging.at_hand(stream)

    def _context(self, submission: Submission, decider: Decider, sealed: Sealed | None) -> Context:
        at = self._clock.now()
        return Context(
            at=at,
            log=self._memory.log_id,
            practice=self._memory.log.practice,
            actor=submission.actor,
            role=submission.ask.role,
            rules=self._memory.rules,
            facts=gather(self._staging, submission, decider, at, sealed.digest if sealed else ""),
        )

    # --- writing -------------------------------------------------------------------------------

    def _put_aside(self, sealed: Sealed, number: int, stream: str) -> None:
        self._sealed.append(
            {
                "log": self._memory.log_id,
                "number": number,
                "stream": stream,
                "salt": sealed.salt,
                "content": sealed.content,
                "address": sealed.address,
            }
        )

    def _write(self) -> None:
        log = self._memory.log_id
        journal.append(self._connection, self._writer.written, self.head)
        rows.write_states(self._connection, log, self.states)
        rows.write_cases(self._connection, log, self.changes)
        rows.write_blobs(self._connection, log, (w.recorded for w in self._writer.written))
        register.write_components(self._connection, log, self.states)
        if self._staging.imported:
            old_numbers.keep(self._connection, log, self._staging.imported)
        if self._timers:
            timers.write(self._connection, log, self._timers)
        if self._sealed:
            _PUT_ASIDE.run(self._connection, self._sealed)
        if self._secrets:
            kept = [{"log": log, "user": u, "secret": s} for u, s in self._secrets.items()]
            _KEEP_SECRET.run(self._connection, kept)
        _KEEP_RESULT.run(
            self._connection,
            [
                {
                    "log": log,
                    "device": device,
                    "id": command,
                    "digest": result.digest,
                    "number": result.number,
                    "stream": result.stream,
                    "version": result.version,
                }
                for (device, command), result in self._done.items()
            ],
        )


def _streams(work: Sequence[Submission]) -> set[str]:
    """What deciding these commands looks at first: their streams, and who sends them."""
    own = {each.ask.stream for each in work if each.ask.stream}
    return own | {f"account/{s.actor.user}" for s in work if s.passwords is not None}
