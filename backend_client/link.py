"""The link to one case server: connects, listens, sends, and starts anew until it is told to stop.

Everything happens in one asyncio loop; `ask`, `fetch` and `close` are called there too. What the
frames mean is the session's; here are the socket, the waiting and the files.
"""

import asyncio
import hashlib
import random
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import websockets
from msgspec import Struct
from websockets.asyncio.client import ClientConnection

from backend_client.blob_shelf import BlobShelf
from backend_client.credentials import Credentials, Trust, checked_address, trusted
from backend_client.notices import LinkChanged, LinkState, Notify, Remembered
from backend_client.pace import Pace
from backend_client.picture import KeptPicture
from backend_client.replica import Replica
from backend_client.rule_shelf import RuleShelf
from backend_client.session import LinkError, Session
from casework.decider import Refused
from casework.queries import Query
from casework.terms import LogId
from casework.wire import MAX_REPLY, Ask

_OPEN_TIMEOUT = 5.0
_CLOSE_TIMEOUT = 2.0
_PING = 5.0
_UNAUTHORIZED = (401, 403)


class _Refusal(Struct):
    """Body of a refused handshake."""

    code: str = ""


class Link:
    """Keeps one session up. `notify` is called in the loop's thread and must not wait."""

    def __init__(  # noqa: PLR0913  each is a keyword of its own with a default
        self,
        server: str,
        credentials: Credentials,
        device: str,
        notify: Notify,
        cache_dir: Path | None = None,
        *,
        pace: Pace | None = None,
        shelf: RuleShelf | None = None,
        quiet: bool = False,
        trust: Trust | None = None,
    ) -> None:
        """`shelf` may be shared by links: a rule book is then fetched and kept once for all. A
        `quiet` link asks and is answered, and hears nothing of what others do. `trust` says whose
        certificates are believed; None means this machine's authorities.

        Raises: Refused: `server.address`, `server.not_encrypted`, `server.ca_file`.
        """
        self.credentials = credentials
        self._server = checked_address(server)
        self._tls = trusted(trust or Trust()) if server.startswith("wss:") else None
        self._notify = notify
        self._pace = pace or Pace()
        self._picture = _kept_picture(cache_dir, server, credentials)
        self.blobs = _blob_shelf(cache_dir, server, credentials)
        replica, shelf = Replica(LogId("")), shelf or RuleShelf(cache_dir)
        self.session = Session(device, replica, shelf, self._pace, quiet=quiet)
        self._shelf = shelf
        self._state: LinkState | None = None
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._saving: asyncio.Task[None] | None = None
        self._keep_at = 0.0

    # --- what the user wants ------------------------------------------------------------------

    @property
    def replica(self) -> Replica:
        """What is known of the cases."""
        return self.session.replica

    def now(self) -> datetime:
        """The log's clock, aware UTC. Raises: LookupError: no server was heard yet."""
        return self.session.clock.now(asyncio.get_running_loop().time())

    def ask(self, ask: Ask) -> None:
        """Send a command; `Answered` brings the answer, after as many connections as it takes.

        Raises:
            Refused: `link.closed`, `command.malformed`, `command.too_large`.
        """
        if self._closing.is_set():
            raise Refused("link.closed")
        self.session.ask(ask)
        self._wake.set()

    def fetch(self, ref: int, query: Query) -> None:
        """Ask a question; `Fetched` with this `ref` (from 1, of the caller's choice) answers.

        Raises:
            Refused: `link.closed`, `query.malformed`, `query.too_large`.
        """
        if self._closing.is_set():
            raise Refused("link.closed")
        self.session.fetch(ref, query)
        self._wake.set()

    def close(self) -> None:
        """End it: what waits for an answer is told `link.closed`, and `run` returns soon."""
        if self._closing.is_set():
            return
        self._closing.set()
        for notice in self.session.close():
            self._notify(notice)
        self._tell(LinkState.CLOSED)

    # --- staying connected --------------------------------------------------------------------

    async def run(self) -> None:
        """Stay connected until `close`, or until the server refuses for good.

        After a refusal `credentials` may be set anew and `run` be called again: nothing that
        waits for an answer is forgotten.
        """
        self._remember()
        tries = 0
        try:
            while not self._closing.is_set():
                if self._state is not LinkState.LOST:
                    self._tell(LinkState.CONNECTING)
                was_live, end = await self._attempt()
                if self._closing.is_set():
                    break
                self._tell(LinkState.REFUSED if end.fatal else LinkState.LOST, end.code)
                if end.fatal:
                    break
                tries = 0 if was_live else tries + 1
                await self._pause(end, tries)
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            if self._picture is not None:
                await self._picture.keep(self.replica)

    def _remember(self) -> None:
        """Show what was known last, before any server answers."""
        kept = None if self._picture is None else self._picture.recall()
        if kept is None or self.replica.complete:
            return
        head, cases = kept
        self.replica.restore(head.standing, cases)
        rules = self._shelf.find(head.standing.rules_digest)
        self._notify(Remembered(saved_at=head.saved_at, rules=rules))
        self._notify(self.replica.picture())

    async def _attempt(self) -> tuple[bool, LinkError]:
        """One connection, from its handshake to its end; whether it was live, and why it ended."""
        was_live, socket = False, None
        try:
            socket = await self._connect()
            await self._converse(socket)
            end = LinkError("link.closed")
        except LinkError as error:
            end = error
        except websockets.ConnectionClosed:
            end = LinkError("link.cut")
        finally:
            was_live = self.session.live
            self.session.lose()
            if socket is not None:
                await self._hang_up(socket)
        return was_live, end

    async def _connect(self) -> ClientConnection:
        header = self.credentials.authorization(self.session.token)
        try:
            return await websockets.connect(
                self._server,
                ssl=self._tls,
                additional_headers={"Authorization": header},
                compression=None,
                origin=None,
                proxy=None,
                max_size=MAX_REPLY,
                open_timeout=_OPEN_TIMEOUT,
                ping_interval=_PING,
                ping_timeout=_PING,
                close_timeout=_CLOSE_TIMEOUT,
            )
        except websockets.InvalidStatus as refusal:
            raise self._refusal(refusal) from None
        except ssl.SSLCertVerificationError:
            raise LinkError("link.untrusted") from None
        except (OSError, websockets.WebSocketException):
            raise LinkError("link.unreachable") from None

    def _refusal(self, refusal: websockets.InvalidStatus) -> LinkError:
        code = ""
        with suppress(msgspec.DecodeError):
            code = msgspec.json.decode(refusal.response.body or b"", type=_Refusal).code
        if refusal.response.status_code not in _UNAUTHORIZED:
            return LinkError(code or "link.unreachable")
        if self.session.token and self.credentials.lasting:
            self.session.token = ""  # it ran out; the password is still good
            return LinkError(code or "sign_in.token")
        return LinkError(code or "sign_in.refused", fatal=True)

    async def _pause(self, end: LinkError, tries: int) -> None:
        """Full jitter: a thousand consoles must not come back in step."""
        ceiling = min(self._pace.most_wait, self._pace.least_wait * 2 ** min(tries, 16))
        wait = end.retry_after + random.random() * ceiling
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._closing.wait()

    # --- while connected ----------------------------------------------------------------------

    async def _converse(self, socket: ClientConnection) -> None:
        """Until something ends it. The first to fail tells why; the server's word goes first."""
        self.session.open(asyncio.get_running_loop().time())
        self._wake.set()
        parts = (self._listen(socket), self._send(socket), self._watch(), self._closing.wait())
        tasks = [asyncio.ensure_future(part) for part in parts]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    async def _listen(self, socket: ClientConnection) -> None:
        time = asyncio.get_running_loop().time
        session, notify = self.session, self._notify
        while True:
            notices = session.receive(await socket.recv(decode=False), time())
            if self._state is not LinkState.LIVE and session.live:
                self._tell(LinkState.LIVE)
            for notice in notices:
                notify(notice)
            if session.outgoing:
                self._wake.set()

    async def _send(self, socket: ClientConnection) -> None:
        outgoing = self.session.outgoing
        while True:
            await self._wake.wait()
            self._wake.clear()
            while outgoing:
                await socket.send(outgoing.popleft(), text=True)

    async def _watch(self) -> None:
        time = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(self._pace.heartbeat / 10)
            self.session.tick(time())
            if self.session.outgoing:
                self._wake.set()
            if self._picture is not None and time() >= self._keep_at:
                self._keep_at = time() + self._pace.keep
                self._saving = asyncio.ensure_future(self._picture.keep(self.replica))

    async def _hang_up(self, socket: ClientConnection) -> None:
        """Only the end is polite, and not for long: `close` waits for ever on a peer that reads
        no more (trust.md f.13)."""
        try:
            if self._closing.is_set():
                async with asyncio.timeout(_CLOSE_TIMEOUT):
                    await socket.close()
        except TimeoutError:
            pass
        finally:
            socket.transport.abort()

    def _tell(self, state: LinkState, code: str = "") -> None:
        if state is not self._state:
            self._state = state
            self._notify(LinkChanged(state=state, since=datetime.now(UTC), code=code))


def _kept_picture(
    cache_dir: Path | None, server: str, credentials: Credentials
) -> KeptPicture | None:
    """One file per server and person: what one may see is not for the next."""
    if cache_dir is None:
        return None
    return KeptPicture(cache_dir / f"picture-{_whose(server, credentials)}.jsonl")


def _blob_shelf(cache_dir: Path | None, server: str, credentials: Credentials) -> BlobShelf:
    """One folder per server and person, for the same reason."""
    whose = _whose(server, credentials)
    return BlobShelf(None if cache_dir is None else cache_dir / f"photos-{whose}")


def _whose(server: str, credentials: Credentials) -> str:
    return hashlib.sha256(f"{server}\0{credentials.holder}".encode()).hexdigest()[:16]
