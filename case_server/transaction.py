"""One transaction of the desk: decide its commands one by one on staged states, then write all
rows in bulk. Nothing leaves here before the commit.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, select

from case_server import journal, old_numbers, register, rows
from case_server.accounts import administrators
from case_server.clock import ServerClock
from case_server.credentials import Secret
from case_server.journal import Head, Origin, Writer
from case_server.memory import Memory, Sealed, seal
from case_server.rows import Change
from case_server.statements import Finder, Statement
from case_server.tables import command_result, credential, personal, upsert
from casework.case import Case
from casework.catalogue import decider_of
from casework.decider import (
    Actor,
    Blob,
    Command,
    Context,
    Decider,
    Facts,
    Need,
    Place,
    Refused,
    Registered,
)
from casework.importing import numbered_at
from casework.old_cases import ImportCase
from casework.photos import AttachPhoto, named
from casework.procedures.account import Account
from casework.rules.audience import sees
from casework.rules.register import Component, component_stream, registered
from casework.terms import CaseId, ComponentId
from casework.wire import Ack, Ask, Nack

_FIND_RESULTS = Finder(
    command_result.c.id,
    lambda among: select(command_result).where(command_result.c.log == bindparam("of_log"), among),
)
_KEEP_RESULT = Statement(lambda _dialect: insert(command_result))
_PUT_ASIDE = Statement(lambda _dialect: insert(personal))
_KEEP_SECRET = Statement(lambda dialect: upsert(credential, dialect))


class Submission(NamedTuple):
    """A command with who sent it; `tag` is the sender's own, handed back with the answer. `secret`
    is written beside an account's event, and goes nowhere else."""

    ask: Ask
    actor: Actor
    tag: object = None
    secret: Secret | None = None


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
        self._done_before: dict[tuple[str, str], _Result] = {}
        self._done: dict[tuple[str, str], _Result] = {}
        self._sealed: list[dict[str, object]] = []
        self._secrets: dict[str, str] = {}
        self._imported: dict[old_numbers.OldNumber, CaseId] = {}
        self.states: dict[str, Any] = {}
        self.orders: dict[str, int] = {}
        self.answers: list[tuple[Submission, Ack | Nack]] = []
        self.changes: list[Change] = []

    @property
    def head(self) -> Head:
        """Where the log stands when this commits."""
        written = self._writer.written
        at = written[-1].recorded.at if written else self._before.at
        return self._writer.head(self._before.epoch, at)

    def run(self, work: Sequence[Submission]) -> None:
        """Decide `work` in order and write what it earned."""
        self._find_results(work)
        self._memory.fetch(self._connection, {s.ask.stream for s in work if s.ask.stream})
        for submission in work:
            self.answers.append((submission, self._answer(submission)))
        if self.changes:
            self._write()

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
        state = self._state(ask.stream)
        try:
            stream, state, number = self._decide(submission, state)
        except Refused as refused:
            hidden = state is None or refused.code == "case.not_found"
            version = 0 if hidden else state.version
            return Nack(id=ask.id, code=refused.code, detail=refused.detail, version=version)
        result = _Result(digest, number, stream, state.version)
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

    def _state(self, stream: str) -> Any:
        return self.states.get(stream) or self._memory.state(stream)

    def _decide(self, submission: Submission, state: Any) -> tuple[str, Any, int]:
        """Stage one command's events: (stream, its new fold, number of the last event).

        Raises: Refused: by the rules of its decider or of `_check`.
        """
        ask, actor = submission.ask, submission.actor
        decider = decider_of(ask.command)
        self._check(ask, actor, decider, state)
        if ask.claimed is not None:
            self._clock.step_to(ask.claimed)
        sealed = seal(ask.command)
        context = self._context(submission, decider, sealed)
        stream = ask.stream
        if state is None:
            stream = f"{decider.prefix}/{decider.opens(ask.command, context)}"
            if ask.stream and ask.stream != stream:
                raise Refused("stream.wrong")
            state = None if ask.stream else self._begun(stream)
        events = decider.decide(state, ask.command, context)
        origin = Origin(
            actor=actor.user,
            role=ask.role,
            device=actor.device,
            command=ask.id,
            rules=self._memory.rules_version,
            claimed=ask.claimed,
        )
        for happened in events:
            version = 1 + (state.version if state is not None else 0)
            entry = self._writer.add(stream, version, context.at, origin, happened)
            before, state = state, decider.evolve(state, entry.recorded)
            folds = (before, state) if isinstance(state, Case) else (None, None)
            self.changes.append(Change(entry.recorded.number, entry.bytes, stream, *folds))
        self.states[stream] = state
        number = self._writer.written[-1].recorded.number
        if context.facts.order:
            self._numbered(ask.command, context, state.id)
        if sealed is not None:
            self._put_aside(sealed, number, stream)
        if submission.secret is not None:
            self._secrets[stream.partition("/")[2]] = submission.secret.hash
        return stream, state, number

    def _check(self, ask: Ask, actor: Actor, decider: Decider, state: Any) -> None:
        """What holds for every command, whatever it asks for.

        Raises: Refused: `actor.role_not_held`, `stream.wrong`, `case.not_found` for a case outside
            the actor's grants (as if it were not there), `case.stale`, `account.stale`.
        """
        if all(grant.role is not ask.role for grant in actor.grants):
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

    def _begun(self, stream: str) -> Any:
        """The fold of a stream that a command means to open: a case's number is always new."""
        if stream.startswith("case/"):
            return None
        return self._state(stream) or self._memory.load(self._connection, stream)

    def _context(self, submission: Submission, decider: Decider, sealed: Sealed | None) -> Context:
        at = self._clock.now()
        return Context(
            at=at,
            log=self._memory.log_id,
            practice=self._memory.log.practice,
            actor=submission.actor,
            role=submission.ask.role,
            rules=self._memory.rules,
            facts=self._facts(submission, decider, at, sealed),
        )

    def _facts(
        self, submission: Submission, decider: Decider, at: datetime, sealed: Sealed | None
    ) -> Facts:
        command = submission.ask.command
        needs = decider.needs(command)
        order, place, component = 0, Place(), None
        if Need.ORDER in needs:
            day = self._day(command, at)
            last = self.orders.get(day) or self._memory.last_order(self._connection, day)
            order = last + 1
        if Need.PLACE in needs:
            place = self._memory.place(getattr(command, "point", None))
        if Need.COMPONENT in needs:
            component = self._named(command)
        if component is not None and getattr(command, "point", None) is None:
            place = self._memory.place(component.point)
        return Facts(
            order=order,
            place=place,
            component=component,
            seal=sealed.digest if sealed else "",
            password=Need.PASSWORD in needs and submission.secret is not None,
            imported=self._imported_as(command) if isinstance(command, ImportCase) else None,
            administrators=self._administrators() if Need.ADMINISTRATORS in needs else 0,
            blobs=self._sent(command, submission.actor) if Need.BLOBS in needs else (),
        )

    def _numbered(self, command: Command, context: Context, case: CaseId) -> None:
        """A new case has taken its order of the day, and an imported one its old number."""
        self.orders[self._day(command, context.at)] = context.facts.order
        if isinstance(command, ImportCase):
            self._imported[_old_number(command)] = case

    def _day(self, command: Command, at: datetime) -> str:
        """The local day that a new case's number names."""
        return self._memory.day(numbered_at(command) if isinstance(command, ImportCase) else at)

    def _imported_as(self, command: ImportCase) -> CaseId | None:
        number = _old_number(command)
        staged = self._imported.get(number)
        return staged or old_numbers.imported_as(self._connection, self._memory.log_id, number)

    def _administrators(self) -> int:
        return administrators(self._connection, self._memory.log_id, self.states)

    def _sent(self, command: Command, actor: Actor) -> tuple[Blob, ...]:
        """Those of the blobs a command names that this person has sent in whole."""
        blobs = self._memory.blobs
        if blobs is None or not isinstance(command, AttachPhoto):
            return ()
        found = (blobs.attachable(actor.user, digest) for digest in named(command))
        return tuple(blob for blob in found if blob is not None)

    def _named(self, command: Command) -> Registered | None:
        """The component of the register that a command names."""
        found = self._begun(component_stream(getattr(command, "component", ComponentId(""))))
        return registered(found, self._memory.rules) if isinstance(found, Component) else None

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
        if self._imported:
            old_numbers.keep(self._connection, log, self._imported)
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


def _old_number(command: ImportCase) -> old_numbers.OldNumber:
    return command.system, command.reference
