"""The journal: birth of a log, appending, and the head that a desk goes on from.

Event bytes are final: built after the counter row is locked, chained to the leaf before, stored as
written (docs/protocol.md; trust.md d.1).
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Engine, Select, bindparam, insert, select, update

from case_server.clock import from_ms, to_ms
from case_server.statements import Statement
from case_server.tables import counter, event, log_secret, rulebook, stream_state
from casework.decider import Event, Recorded
from casework.envelope import (
    GENESIS,
    SCHEMA_VERSION,
    Envelope,
    envelope_bytes,
    event_body,
    leaf,
    read_envelope,
    recorded,
)
from casework.procedures import log as log_life
from casework.rulebook import RuleBook
from casework.terms import LogId, Role, UserId

SERVER = UserId("server")
"""Actor of the acts a server does itself."""


class Head(Struct, frozen=True, kw_only=True):
    """Where a log stands: `leaf` is hex, `at` the last recorded instant (UTC)."""

    log: LogId
    epoch: str
    number: int
    leaf: str
    at: datetime


class Written(Struct, frozen=True, kw_only=True):
    """An event as it goes into the journal."""

    recorded: Recorded
    type: str
    leaf: bytes
    bytes: bytes


class Origin(Struct, frozen=True, kw_only=True):
    """What an event's envelope says of the command that caused it."""

    actor: UserId
    role: Role
    device: str
    command: str
    rules: int
    claimed: datetime | None = None


class Writer:
    """Numbers and chains the events of one transaction, from a locked head."""

    def __init__(self, head: Head) -> None:
        self._log = head.log
        self._number = head.number
        self._leaf = head.leaf
        self.written: list[Written] = []

    def mark(self) -> tuple[int, str, int]:
        """Where the chain stands, for `back_to`."""
        return self._number, self._leaf, len(self.written)

    def add(self, stream: str, version: int, at: datetime, origin: Origin, event: Event) -> Written:
        """Give `event` the next number and its final bytes."""
        name = type(event).__name__
        envelope = Envelope(
            v=SCHEMA_VERSION,
            log=self._log,
            number=self._number + 1,
            at=at,
            claimed=origin.claimed,
            stream=stream,
            version=version,
            type=name,
            actor=origin.actor,
            role=origin.role,
            device=origin.device,
            cmd=origin.command,
            rules=origin.rules,
            body=event_body(event),
            blobs=event.blobs,
            prev=self._leaf,
        )
        written = envelope_bytes(envelope)
        hashed = leaf(written)
        happened = Recorded(
            log=self._log,
            number=envelope.number,
            at=at,
            claimed=origin.claimed,
            stream=stream,
            version=version,
            actor=origin.actor,
            role=origin.role,
            event=event,
        )
        self._number += 1
        self._leaf = hashed.hex()
        entry = Written(recorded=happened, type=name, bytes=written, leaf=hashed)
        self.written.append(entry)
        return entry

    def head(self, epoch: str, at: datetime) -> Head:
        """Where the log stands once these events are committed."""
        return Head(log=self._log, epoch=epoch, number=self._number, leaf=self._leaf, at=at)


def _locked(dialect: str) -> Select[Any]:
    query = select(counter).where(counter.c.log == bindparam("of_log"))
    return query.with_for_update() if dialect == "postgresql" else query


_LOCK_HEAD = Statement(_locked)
_ADD_EVENT = Statement(lambda _dialect: insert(event))
_MOVE_COUNTER = Statement(
    lambda _dialect: (
        update(counter)
        .where(counter.c.log == bindparam("of_log"))
        .values(number=bindparam("new_number"), leaf=bindparam("new_leaf"), at=bindparam("new_at"))
    )
)


def lock_head(connection: Connection, log: LogId) -> Head:
    """The head, its row locked until the transaction ends (SQLite holds the one write lock)."""
    row = _LOCK_HEAD.run(connection, {"of_log": log}).one()
    return Head(
        log=log, epoch=row.epoch, number=row.number, leaf=bytes(row.leaf).hex(), at=from_ms(row.at)
    )


def append(connection: Connection, written: Sequence[Written], head: Head) -> None:
    """Write events and move the counter row."""
    rows = [
        {
            "log": entry.recorded.log,
            "number": entry.recorded.number,
            "stream": entry.recorded.stream,
            "version": entry.recorded.version,
            "type": entry.type,
            "at": to_ms(entry.recorded.at),
            "written": entry.bytes,
            "leaf": entry.leaf,
        }
        for entry in written
    ]
    _ADD_EVENT.run(connection, rows)
    moved = {
        "of_log": head.log,
        "new_number": head.number,
        "new_leaf": bytes.fromhex(head.leaf),
        "new_at": to_ms(head.at),
    }
    _MOVE_COUNTER.run(connection, moved)


def life(connection: Connection, log: LogId, stream: str) -> list[Recorded]:
    """Everything that is committed of a stream, in order."""
    written = connection.execute(
        select(event.c.written)
        .where(event.c.log == log, event.c.stream == stream)
        .order_by(event.c.version)
    )
    return [recorded(read_envelope(bytes(row.written))) for row in written]


def existing_log(engine: Engine) -> LogId | None:
    """The log that lives in this database, if one was born here."""
    with engine.connect() as connection:
        found = connection.execute(select(counter.c.log)).scalar()
        return None if found is None else LogId(found)


def create_log(
    engine: Engine,
    *,
    log: LogId,
    practice: bool,
    rules: RuleBook,
    rules_bytes: bytes,
    digest: str,
    at: datetime,
) -> None:
    """Bear a log: its first two events, its rule book, its secrets, in one transaction.

    Args:
        at: the first recorded instant (UTC); a practice log's clock starts here.
    """
    first = Head(log=log, epoch=secrets.token_hex(8), number=0, leaf=GENESIS, at=at)
    writer = Writer(first)
    stream = f"log/{log}"
    origin = Origin(
        actor=SERVER, role=Role.ADMINISTRATOR, device="server", command=f"birth-{log}", rules=1
    )
    opened = log_life.LogOpened(
        log=log,
        practice=practice,
        city=rules.city,
        city_code=rules.code,
        time_zone=rules.calendar.time_zone,
    )
    adopted = log_life.RulesAdopted(version=1, digest=digest)
    state = None
    for version, happened in enumerate((opened, adopted), start=1):
        state = log_life.evolve(state, writer.add(stream, version, at, origin, happened).recorded)
    with engine.begin() as connection:
        connection.execute(
            insert(counter),
            {"log": log, "epoch": first.epoch, "number": 0, "leaf": b"", "at": to_ms(at)},
        )
        append(connection, writer.written, writer.head(first.epoch, at))
        connection.execute(
            insert(stream_state),
            {"log": log, "stream": stream, "version": 2, "body": msgspec.json.encode(state)},
        )
        connection.execute(
            insert(rulebook), {"log": log, "version": 1, "digest": digest, "content": rules_bytes}
        )
        connection.execute(
            insert(log_secret),
            [
                {"log": log, "name": name, "value": secrets.token_bytes(32)}
                for name in ("resume_tokens", "command_digests")
            ],
        )


def secret(connection: Connection, log: LogId, name: str) -> bytes:
    """One of the log's keys, 32 bytes."""
    found = connection.execute(
        select(log_secret.c.value).where(log_secret.c.log == log, log_secret.c.name == name)
    ).scalar_one()
    return bytes(found)


def rules_in_force(connection: Connection, log: LogId) -> tuple[int, str, bytes]:
    """(version, digest, bytes) of the rule book the log goes by."""
    row = connection.execute(
        select(rulebook).where(rulebook.c.log == log).order_by(rulebook.c.version.desc()).limit(1)
    ).one()
    return row.version, row.digest, bytes(row.content)
