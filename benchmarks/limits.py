"""Limits: the barest programs that do the same work, written without anything of ours.

The bare loop keeps what a desk must keep of a command, an event row chained by SHA-256, found by
its number and by its stream, and the row of its stream's fold, in transactions of 64, and does
nothing else: no decision, no encoding, no socket. Its rows are those of real practice cases, byte
for byte, each case a new one.
"""

import asyncio
import contextlib
import hashlib
import multiprocessing
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import count, islice
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import NamedTuple

import msgspec
import psycopg
from sqlalchemy.engine import make_url
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from benchmarks import practice
from benchmarks.figure import Figure, Run, percentile

BATCH = 64
FRAME = b"x" * 300

_SQLITE = """
    CREATE TABLE event (log TEXT, number INTEGER, stream TEXT, version INTEGER, type TEXT,
        at INTEGER, written BLOB, leaf BLOB, PRIMARY KEY (log, number)) WITHOUT ROWID;
    CREATE UNIQUE INDEX life ON event (log, stream, version);
    CREATE TABLE state (log TEXT, stream TEXT, version INTEGER, body BLOB,
        PRIMARY KEY (log, stream)) WITHOUT ROWID;
"""
_POSTGRES = """
    CREATE TABLE event (log text, number bigint, stream text, version int, type text,
        at bigint, written bytea, leaf bytea, PRIMARY KEY (log, number));
    CREATE UNIQUE INDEX life ON event (log, stream, version);
    CREATE TABLE state (log text, stream text, version int, body bytea, PRIMARY KEY (log, stream));
"""
_KEEP = """
    INSERT INTO state VALUES (?, ?, ?, ?)
    ON CONFLICT (log, stream) DO UPDATE SET version = excluded.version, body = excluded.body
"""
_APPEND_MANY = """
    INSERT INTO event SELECT %s, * FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[],
        %s::bigint[], %s::bytea[], %s::bytea[])
"""
_KEEP_MANY = """
    INSERT INTO state SELECT %s, * FROM unnest(%s::text[], %s::int[], %s::bytea[])
    ON CONFLICT (log, stream) DO UPDATE SET version = excluded.version, body = excluded.body
"""


def measure(run: Run) -> Iterator[Figure]:
    """The echo's rates, for themselves: one connection pipelined beside 32 that wait."""
    seconds = 2.0 if not run.quick else 0.2

    async def rounds() -> tuple[tuple[float, ...], tuple[float, ...]]:
        one, many = [], []
        async with echoing() as address:
            for _ in range(run.rounds):
                one.append(await echo_rate(address, 1, seconds))
                many.append(await echo_rate(address, 32, seconds))
        return tuple(many), tuple(one)

    values, bares = asyncio.run(rounds())
    yield Figure(
        name="bare websocket echo, 32 connections",
        unit="/s",
        values=values,
        limit="one connection, 64 frames ahead",
        limits=bares,
    )


class Row(NamedTuple):
    """One command's worth of bytes."""

    stream: str
    version: int
    type: str
    written: bytes
    body: bytes


def rows(cases: int = 256) -> tuple[Row, ...]:
    """The rows of real cases, those of many cases side by side, as a busy desk meets them."""
    by_step: dict[int, list[Row]] = {}
    for change in practice.whole_lives(cases):
        assert change.after is not None
        row = Row(
            change.stream,
            change.after.version,
            change.after.state.value,
            change.written,
            msgspec.json.encode(change.after),
        )
        by_step.setdefault(row.version, []).append(row)
    return tuple(row for step in sorted(by_step) for row in by_step[step])


def _batches(of: Sequence[Row]) -> Iterator[list[tuple[int, str, Row]]]:
    """Number, stream and row of each command: every time round they are other cases."""
    numbered = (
        (around * len(of) + order, f"{row.stream}-{around}", row)
        for around in count()
        for order, row in enumerate(of, 1)
    )
    while True:
        yield list(islice(numbered, BATCH))


def sqlite_loop(run: Run, of: Sequence[Row], seconds: float) -> float:
    """Commands a second of the stdlib's sqlite3 alone: WAL, synchronous FULL, batches of 64."""
    path = run.folder / f"bare-{time.monotonic_ns()}.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(_SQLITE)
        done, last, begun = 0, b"", time.perf_counter()
        for batch in _batches(of):
            connection.execute("BEGIN IMMEDIATE")
            events = []
            for number, stream, row in batch:
                last = hashlib.sha256(last + row.written).digest()
                events.append(("t", number, stream, row.version, row.type, 0, row.written, last))
            connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", events)
            states = [("t", stream, row.version, row.body) for _, stream, row in batch]
            connection.executemany(_KEEP, states)
            connection.execute("COMMIT")
            done += BATCH
            if time.perf_counter() - begun >= seconds:
                break
        rate = done / (time.perf_counter() - begun)
    _remove(path)
    return rate


def _remove(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def postgres_loop(url: str, of: Sequence[Row], seconds: float) -> float:
    """The same through psycopg: whole batches as arrays, unnested by the server."""
    with bare_postgres(url) as connection:
        connection.execute(_POSTGRES)
        done, last, begun = 0, b"", time.perf_counter()
        for batch in _batches(of):
            leaves = []
            for _, _, row in batch:
                last = hashlib.sha256(last + row.written).digest()
                leaves.append(last)
            _append(connection, batch, leaves)
            done += BATCH
            if time.perf_counter() - begun >= seconds:
                break
        return done / (time.perf_counter() - begun)


def _append(
    connection: psycopg.Connection, batch: list[tuple[int, str, Row]], leaves: list[bytes]
) -> None:
    numbers, streams, of = map(list, zip(*batch, strict=True))
    last = dict(zip(streams, of, strict=True))  # one upsert cannot touch a row twice
    with connection.pipeline(), connection.transaction():
        connection.execute(
            _APPEND_MANY,
            (
                "t",
                numbers,
                streams,
                [row.version for row in of],
                [row.type for row in of],
                [0] * len(of),
                [row.written for row in of],
                leaves,
            ),
        )
        kept = list(last.values())
        connection.execute(
            _KEEP_MANY,
            ("t", list(last), [row.version for row in kept], [row.body for row in kept]),
        )


@contextlib.contextmanager
def bare_postgres(url: str) -> Iterator[psycopg.Connection]:
    """A plain psycopg connection to the database that SQLAlchemy calls `url`."""
    parsed = make_url(url)
    with psycopg.connect(
        host=str(parsed.query["host"]),
        user=parsed.username,
        dbname=parsed.database,
        autocommit=True,
    ) as connection:
        yield connection


# --- websockets --------------------------------------------------------------------------------


def _echo_server(pipe: Pipe) -> None:
    """A process of its own, as our server is one."""

    async def echo(socket: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in socket:
                await socket.send(frame)

    async def main() -> None:
        async with serve(echo, "127.0.0.1", 0, compression=None) as server:
            pipe.send(next(iter(server.sockets)).getsockname()[1])
            await asyncio.to_thread(pipe.recv)

    asyncio.run(main())


@contextlib.asynccontextmanager
async def echoing() -> AsyncIterator[str]:
    """The address of a bare echo server."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_echo_server, args=(theirs,))
    process.start()
    try:
        port = await asyncio.to_thread(ours.recv)
        yield f"ws://127.0.0.1:{port}"
    finally:
        ours.send(None)
        await asyncio.to_thread(process.join)


async def echo_rate(address: str, connections: int, seconds: float, ahead: int = 64) -> float:
    """Frames of 300 bytes there and back a second; `ahead` are on their way on one connection,
    one each on several."""
    ahead = ahead if connections == 1 else 1

    async def talk(socket: ClientConnection, until: float) -> int:
        done = 0
        for _ in range(ahead):
            await socket.send(FRAME)
        while time.perf_counter() < until:
            await socket.recv()
            await socket.send(FRAME)
            done += 1
        return done

    async with contextlib.AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(connect(address, compression=None))
            for _ in range(connections)
        ]
        begun = time.perf_counter()
        done = await asyncio.gather(*(talk(socket, begun + seconds) for socket in sockets))
        return sum(done) / (time.perf_counter() - begun)


async def echo_milliseconds(address: str, samples: int, share: float) -> float:
    """A frame's way there and back on a quiet connection, the given percentile."""
    taken = []
    async with connect(address, compression=None) as socket:
        for _ in range(samples):
            begun = time.perf_counter()
            await socket.send(FRAME)
            await socket.recv()
            taken.append((time.perf_counter() - begun) * 1000)
    return percentile(taken, share)


async def transfer_milliseconds(address: str, size: int, part: int) -> float:
    """How long so many bytes take from a server in frames of `part`: echoed, since that is half
    of the way, twice."""
    async with connect(address, compression=None, max_size=None) as socket:
        begun = time.perf_counter()
        for _ in range(0, size, part):
            await socket.send(bytes(part))
            await socket.recv()
        return (time.perf_counter() - begun) / 2 * 1000
