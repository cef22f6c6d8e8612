"""The case server as a whole: opens the log, runs the desk and the hub, and stops in good order.

What keeps it from starting is one clear sentence with a stable code.
"""

import asyncio
import errno
import signal
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from websockets.asyncio.server import Server, serve

from case_server.birth import ServerError, Wanted, open_log
from case_server.database import Database, DatabaseError, open_database
from case_server.desk import Batch, Desk
from case_server.door import is_loopback
from case_server.hub import Hub
from case_server.session import Limits
from case_server.users import Users
from casework.wire import MAX_FRAME

STOP_WITHIN = 5.0
"""Seconds after which sockets that do not close are cut."""
BACKLOG = 1024
"""Connections that may wait to be accepted: everybody comes back at once after a restart."""


class Settings(Struct, frozen=True, kw_only=True):
    """How a server runs. `rules_bytes` (canonical) seeds a new log; an existing one keeps its own.

    `blobs` is the folder of the pictures (beside an SQLite file where it is left out).
    `starts` is where the clock of a new practice log begins (aware UTC). `drill_key_file` holds
    the key of a practice log's drill tokens. Without `certificate` (with `private_key`, PEM files)
    the server speaks plain ws:// and listens on loopback only. Port 0 takes a free one.
    """

    database: str
    blobs: str = ""
    host: str = "127.0.0.1"
    port: int = 8765
    practice: bool = False
    rules_bytes: bytes | None = None
    log: str = ""
    drill_key_file: str = ""
    starts: datetime | None = None
    certificate: str = ""
    private_key: str = ""
    limits: Limits = msgspec.field(default_factory=Limits)

    @property
    def log_wanted(self) -> Wanted:
        """The log that shall be served."""
        return Wanted(self.log, self.rules_bytes, self.practice, self.starts)


async def run(settings: Settings, ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called with the address once all is up.

    Raises:
        ServerError: `server.loopback_only`, `server.certificate`, `server.port_in_use`,
            `server.address`, `server.drill_key`, `server.blobs`, `log.rules_missing`,
            `log.rules_malformed`, `log.name`, `log.kind`, `desk.stopped`, and the codes of
            `DatabaseError`.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError, RuntimeError):  # Windows; not the main thread
            loop.add_signal_handler(number, stop.set)
    faults: list[Exception] = []

    def died(fault: Exception) -> None:
        faults.append(fault)
        loop.call_soon_threadsafe(stop.set)

    async with serving(settings, died) as address:
        if ready is not None:
            ready(address)
        await stop.wait()
    for fault in faults:
        sentence = "The desk met a fault of its own and stopped; start the server again."
        raise ServerError("desk.stopped", sentence) from fault


@asynccontextmanager
async def serving(
    settings: Settings, died: Callable[[Exception], None] | None = None
) -> AsyncIterator[str]:
    """A running server as a context; the value is its address. `died` is `Desk`'s.

    Raises:
        ServerError: as `run`.
    """
    tls = _tls(settings)
    drill_key = _drill_key(settings)
    try:
        database = open_database(settings.database, settings.blobs)
    except DatabaseError as error:
        raise ServerError(error.code, str(error)) from error
    try:
        _require_blobs(database)
        open_log(database, settings.log_wanted)
        async with _desk_and_hub(database, settings, drill_key, died) as hub:
            server = await _listen(hub, settings, tls)
            try:
                yield _address(server, settings)
            finally:
                await _stop(server, hub)
    finally:
        database.close()


@asynccontextmanager
async def _desk_and_hub(
    database: Database,
    settings: Settings,
    drill_key: bytes,
    died: Callable[[Exception], None] | None,
) -> AsyncIterator[Hub]:
    hubs: list[Hub] = []

    def publish(batch: Batch) -> None:
        hubs[0].publish(batch)

    desk = Desk(database, publish, died)
    if settings.practice and not desk.log.practice:
        raise ServerError("log.kind", f"The log {desk.log.id} is real; practice needs its own.")
    users = Users(desk, database, drill_key)
    hubs.append(Hub(desk, database, users, settings.limits))
    desk.start()
    try:
        yield hubs[0]
    finally:
        await asyncio.to_thread(desk.stop)
        await hubs[0].close()
        users.close()


async def _listen(hub: Hub, settings: Settings, tls: ssl.SSLContext | None) -> Server:
    try:
        return await serve(
            hub.handle,
            settings.host,
            settings.port,
            ssl=tls,
            process_request=hub.door.admit,
            compression=None,
            max_size=MAX_FRAME,
            max_queue=16,
            open_timeout=5,
            close_timeout=3,
            ping_interval=5,
            ping_timeout=5,
            server_header=None,
            backlog=BACKLOG,
        )
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        if error.errno == errno.EADDRINUSE:
            raise ServerError(
                "server.port_in_use", f"{where} is in use; choose another port or stop the other."
            ) from error
        raise ServerError(
            "server.address", f"The server cannot listen on {where}: {error.strerror}."
        ) from error


async def _stop(server: Server, hub: Hub) -> None:
    """Tell everybody, close, and after `STOP_WITHIN` cut what is left."""
    hub.say_goodbye()
    server.close()
    try:
        async with asyncio.timeout(STOP_WITHIN):
            await asyncio.shield(server.wait_closed())
    except TimeoutError:
        for connection in list(server.all_connections):
            connection.transport.abort()
        await server.wait_closed()


def _address(server: Server, settings: Settings) -> str:
    port = next(iter(server.sockets)).getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'wss' if settings.certificate else 'ws'}://{host}:{port}"


# --- what must be right before ----------------------------------------------------------------


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(settings.certificate, settings.private_key or None)
        except OSError as error:  # ssl.SSLError is one
            raise ServerError(
                "server.certificate", f"The certificate or its key cannot be used: {error}."
            ) from error
        return context
    if not is_loopback(settings.host):
        raise ServerError(
            "server.loopback_only",
            f"Without a certificate the server listens on this machine only, not on "
            f"{settings.host}; give a certificate and its key.",
        )
    return None


def _require_blobs(database: Database) -> None:
    if database.blobs is None:
        raise ServerError(
            "server.blobs", "PostgreSQL has no folder beside it for pictures; say which one to use."
        )
    try:
        database.blobs.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ServerError(
            "server.blobs",
            f"The folder {database.blobs.folder} for pictures cannot be used: {error.strerror}.",
        ) from error


def _drill_key(settings: Settings) -> bytes:
    if not settings.drill_key_file:
        return b""
    try:
        return Path(settings.drill_key_file).read_bytes()
    except OSError as error:
        raise ServerError(
            "server.drill_key",
            f"The drill key {settings.drill_key_file} cannot be read: {error.strerror}.",
        ) from error
