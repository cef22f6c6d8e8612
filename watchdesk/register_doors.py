"""Two ways to a component register: a running server's websocket, or the database of one that is
stopped. Both decide every entry; the second acts as the server itself.
"""

import asyncio
import concurrent.futures
import itertools
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from backend_client.client import Connection, connect
from backend_client.credentials import Credentials
from case_server import journal, keeper, register
from case_server.database import Database, open_database
from case_server.desk import Desk, Submission
from casework.decider import Actor, Command, Grant, Refused
from casework.queries import ComponentQuery
from casework.replies import ComponentsReply
from casework.rulebook import RuleBook
from casework.rules.register import Component
from casework.terms import ComponentId, Role
from casework.wire import Ask, Nack
from watchdesk.failure import DeskError

KEEPER = (Grant(role=Role.ADMINISTRATOR),)
PAUSE = 0.5
"""Seconds to wait when a server says that questions come too fast."""


class Door(Protocol):
    """What an import asks of a register."""

    rules: RuleBook

    async def known(self, ids: Sequence[ComponentId]) -> dict[str, Component]:
        """Those of these components that are registered, by id."""

    async def give(self, command: Command, stream: str) -> None:
        """Have a command decided and wait until it is durable. Raises: Refused."""


class _Socket:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.rules = connection.rules

    async def known(self, ids: Sequence[ComponentId]) -> dict[str, Component]:
        while True:
            try:
                reply = await self._connection.fetch(ComponentQuery(ids=tuple(ids)))
            except Refused as refused:
                if refused.code != "session.too_fast":
                    raise
                await asyncio.sleep(PAUSE)
            else:
                assert isinstance(reply, ComponentsReply)
                return {each.id: each for each in reply.components}

    async def give(self, command: Command, stream: str) -> None:
        await self._connection.ask(command, role=Role.ADMINISTRATOR, stream=stream)


@asynccontextmanager
async def socket_door(
    server: str, credentials: Credentials, ca_file: str = ""
) -> AsyncIterator[Door]:
    """The register of a running server, signed in to as an administrator.

    Raises: Refused: the sign-in's code, or `component.administrators_only`,
        `password.must_change`.
    """
    async with connect(
        server,
        user=credentials.user,
        password=credentials.password,
        drill=credentials.drill,
        device="watchdesk components",
        quiet=True,
        ca_file=ca_file,
    ) as connection:
        if connection.welcome.must_change:
            raise Refused("password.must_change")
        held = {grant.role for grant in connection.welcome.grants}
        if Role.ADMINISTRATOR not in held:
            raise Refused("component.administrators_only")
        yield _Socket(connection)


class _Files:
    def __init__(self, desk: Desk, database: Database) -> None:
        self._desk, self._database = desk, database
        self._actor = Actor(user=journal.SERVER, grants=KEEPER, device="server")
        self._ids = (f"components-{secrets.token_hex(8)}-{n}" for n in itertools.count())
        self.rules = desk.rules

    async def known(self, ids: Sequence[ComponentId]) -> dict[str, Component]:
        with self._database.read() as connection:
            seer = (KEEPER, self.rules)
            found = register.by_id(connection, self._desk.log.id, seer, ids)
        return {each.id: each for each in found}

    async def give(self, command: Command, stream: str) -> None:
        answer: concurrent.futures.Future[object] = concurrent.futures.Future()
        ask = Ask(id=next(self._ids), stream=stream, role=Role.ADMINISTRATOR, command=command)
        self._desk.submit(Submission(ask, self._actor, answer))
        said = await asyncio.wrap_future(answer)
        if isinstance(said, Nack):
            raise Refused(said.code, **said.detail)


@asynccontextmanager
async def database_door(url: str) -> AsyncIterator[Door]:
    """The register in a database whose server is stopped.

    Raises: DatabaseError; DeskError: `log.not_open`.
    """
    database = open_database(url)
    try:
        if journal.existing_log(database.writer) is None:
            sentence = "There is no log yet; start watchdesk serve --pack NAME once."
            raise DeskError("log.not_open", sentence)
        desk = Desk(database, keeper.settle_answers)
        desk.start()
        try:
            yield _Files(desk, database)
        finally:
            desk.stop()
    finally:
        database.close()
