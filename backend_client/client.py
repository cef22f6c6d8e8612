"""The public Python client: connect, watch, ask. docs/client.md shows it at work."""

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from backend_client.credentials import Credentials, Trust
from backend_client.link import Link
from backend_client.notices import (
    Answered,
    Changed,
    Fetched,
    Gathering,
    Joined,
    LinkChanged,
    LinkState,
    Notice,
)
from backend_client.replica import Replica
from backend_client.rule_shelf import RuleShelf
from backend_client.transfer import Progress, download, unheard, upload
from casework.decider import Command, Refused
from casework.queries import Query
from casework.replies import ReplyBody
from casework.rulebook import RuleBook
from casework.terms import Digest, Role
from casework.wire import Ack, Ask, Passwords, Welcome


def command_ids() -> Callable[[], str]:
    """Makes ids that no other maker makes, in the order of time: one per command, cheaply."""
    start = f"{time.time_ns() // 1_000_000:012x}-{secrets.token_hex(6)}"
    numbers = count(1)
    return lambda: f"{start}-{next(numbers):x}"


class Connection:
    """A session with one case server, kept up until the context ends. Use it in its own loop."""

    def __init__(self, link: Callable[[Callable[[Notice], None]], Link]) -> None:
        self._welcome: Welcome | None = None
        self._rules: RuleBook | None = None
        self._new_id = command_ids()
        self._refs = count(1)
        self._answers: dict[str, asyncio.Future[Ack]] = {}
        self._replies: dict[int, asyncio.Future[ReplyBody]] = {}
        self._watchers: set[_Watcher] = set()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.link = link(self._take)

    # --- what is known ------------------------------------------------------------------------

    @property
    def welcome(self) -> Welcome:
        """Who the server takes us for, and which log it keeps."""
        assert self._welcome is not None  # `connect` waits for it
        return self._welcome

    @property
    def rules(self) -> RuleBook:
        """The rule book in force."""
        assert self._rules is not None  # `connect` waits for it
        return self._rules

    @property
    def replica(self) -> Replica:
        """The cases this session may see, as last heard."""
        return self.link.replica

    def now(self) -> datetime:
        """The log's clock, aware UTC: virtual in a practice log."""
        return self.link.now()

    # --- asking -------------------------------------------------------------------------------

    def post(
        self,
        command: Command,
        *,
        role: Role,
        stream: str = "",
        base_version: int = 0,
        claimed: datetime | None = None,
        passwords: Passwords | None = None,
        id: str = "",
    ) -> asyncio.Future[Ack]:
        """Send a command and do not wait: the future brings the `Ack` or `Refused`.

        An `id` of one's own makes a retry the same command; while it is unanswered, the same
        future is returned. `claimed` is when it is said to have happened, aware UTC. `passwords` go
        beside an account's command; `Ack.once` brings the one that the server made up.

        Raises:
            Refused: `link.closed`, `command.malformed`, `command.too_large`.
        """
        id = id or self._new_id()
        waiting = self._answers.get(id)
        if waiting is not None:
            return waiting
        self.link.ask(
            Ask(
                id=id,
                stream=stream,
                base_version=base_version,
                role=role,
                command=command,
                claimed=claimed,
                passwords=passwords,
            )
        )
        answer: asyncio.Future[Ack] = self._ready.get_loop().create_future()
        self._answers[id] = answer
        return answer

    async def ask(
        self,
        command: Command,
        *,
        role: Role,
        stream: str = "",
        base_version: int = 0,
        claimed: datetime | None = None,
        passwords: Passwords | None = None,
        id: str = "",
    ) -> Ack:
        """Send a command and wait until it is durable, over as many connections as it takes.

        Raises:
            Refused: the server's refusal, `link.closed`, or what `post` refuses.
        """
        return await self.post(
            command,
            role=role,
            stream=stream,
            base_version=base_version,
            claimed=claimed,
            passwords=passwords,
            id=id,
        )

    async def fetch(self, query: Query) -> ReplyBody:
        """Ask a question that changes nothing.

        Raises:
            Refused: the server's refusal, `link.closed`, `query.malformed`, `query.too_large`.
        """
        reply: asyncio.Future[ReplyBody] = self._ready.get_loop().create_future()
        ref = next(self._refs)
        self.link.fetch(ref, query)
        self._replies[ref] = reply
        return await reply

    async def upload(self, photo: bytes, progress: Progress = unheard) -> Digest:
        """Send a picture in, over as many connections as it takes, and return its digest.

        `progress` is told (bytes so far, bytes in all). It is on no case until `AttachPhoto`.

        Raises:
            Refused: as `backend_client.transfer.upload`.
        """
        return await upload(self.fetch, self.link.blobs, photo, progress)

    async def download(self, digest: Digest, progress: Progress = unheard) -> bytes:
        """A picture that one may see, from the disk where it was kept before.

        Raises:
            Refused: as `backend_client.transfer.download`.
        """
        return await download(self.fetch, self.link.blobs, digest, progress)

    async def changes(self) -> AsyncIterator[Changed]:
        """What happens from now on, after one change that holds all cases known now.

        Whoever takes slowly gets fewer, larger changes. Ends when the connection is closed.
        """
        watcher = _Watcher(self.replica.picture())
        self._watchers.add(watcher)
        try:
            while (change := await watcher.take()) is not None:
                yield change
        finally:
            self._watchers.discard(watcher)

    # --- what the link tells ------------------------------------------------------------------

    async def ready(self) -> None:
        """Wait until all visible cases are here. Raises: Refused: nobody may sign in so."""
        await self._ready

    def _take(self, notice: Notice) -> None:
        match notice:
            case Answered():
                self._answer(notice)
            case Changed():
                for watcher in self._watchers:
                    watcher.add(notice)
                self._check_ready()
            case Fetched():
                self._reply(notice)
            case Joined():
                self._welcome, self._rules = notice.welcome, notice.rules
                if notice.welcome.must_change and not self.link.session.quiet:
                    self._refuse("password.must_change")
                self._check_ready()
            case LinkChanged(state=LinkState.REFUSED | LinkState.CLOSED):
                self._stop(notice)

    def _check_ready(self) -> None:
        if self.link.session.current and not self._ready.done():
            self._ready.set_result(None)

    def _answer(self, answered: Answered) -> None:
        future = self._answers.pop(answered.id, None)
        if future is None or future.done():
            return
        if isinstance(answered.answer, Ack):
            future.set_result(answered.answer)
        else:
            future.set_exception(Refused(answered.answer.code, **answered.answer.detail))

    def _reply(self, fetched: Fetched) -> None:
        future = self._replies.pop(fetched.ref, None)
        if future is None or future.done():
            return
        if fetched.body is not None:
            future.set_result(fetched.body)
        else:
            future.set_exception(Refused(fetched.code))

    def _refuse(self, code: str) -> None:
        if not self._ready.done():
            self._ready.set_exception(Refused(code))

    def _stop(self, change: LinkChanged) -> None:
        self._refuse(change.code or "link.closed")
        for watcher in self._watchers:
            watcher.end()


class _Watcher:
    """One reader of changes."""

    def __init__(self, first: Changed) -> None:
        self._waiting = Gathering(first)
        self._news = asyncio.Event()
        self._news.set()
        self._ended = False

    def add(self, change: Changed) -> None:
        self._waiting.add(change)
        self._news.set()

    def end(self) -> None:
        self._ended = True
        self._news.set()

    async def take(self) -> Changed | None:
        """The next change; None when there will be no more."""
        while True:
            await self._news.wait()
            change = self._waiting.take()
            if change is not None or self._ended:
                return change
            self._news.clear()


@asynccontextmanager
async def connect(  # noqa: PLR0913  each is a keyword of its own with a default
    server: str,
    *,
    user: str = "",
    password: str = "",
    token: str = "",
    drill: str = "",
    device: str = "",
    cache_dir: Path | None = None,
    shelf: RuleShelf | None = None,
    quiet: bool = False,
    ca_file: str = "",
) -> AsyncIterator[Connection]:
    """Sign in to `server` (ws:// on this machine, else wss://) and wait for the visible cases.

    An absent server is waited for; `asyncio.timeout` limits that. `device` names the workstation
    and tells commands of the same id apart; it is invented if empty. In `cache_dir` the last
    picture and the rule book are kept; sessions that share a `shelf` fetch each book once. A
    `quiet` session only asks and is answered: no case is known and no change is told. `ca_file`
    (PEM) is the only authority whose certificate of the server is believed.

    Raises:
        Refused: `server.address`, `server.not_encrypted`, `server.ca_file`, or the server's
            `sign_in.…` code.
    """
    credentials = Credentials(user=user, password=password, token=token, drill=drill)
    device = device or f"{socket.gethostname()[:40]}-{secrets.token_hex(4)}"
    connection = Connection(
        lambda notify: Link(
            server,
            credentials,
            device,
            notify,
            cache_dir,
            shelf=shelf,
            quiet=quiet,
            trust=Trust(ca_file=ca_file),
        )
    )
    running = asyncio.ensure_future(connection.link.run())
    running.add_done_callback(lambda _: connection.link.close())  # nobody waits for a dead link
    try:
        await connection.ready()
        yield connection
    finally:
        connection.link.close()
        await running
