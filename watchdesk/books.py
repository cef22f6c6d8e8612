"""The book of accounts, offline and online: the same few questions to a stopped log and to a
running server."""

import asyncio
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from backend_client.client import Connection, connect
from case_server.database import open_database
from case_server.journal import existing_log
from case_server.keeper import keeping
from casework.decider import Command, Refused
from casework.enquiries import DepartureQuery, DepartureReply
from casework.queries import AccountsQuery
from casework.replies import AccountRow, AccountsReply
from casework.rulebook import RuleBook
from casework.terms import Role
from casework.wire import Passwords
from watchdesk.failure import DeskError
from watchdesk.sign_in_password import password_of

PATIENCE = 0.5
"""Seconds to wait when the server asks for fewer commands at a time."""


class Book(Protocol):
    """Who may read and change accounts."""

    @property
    def rules(self) -> RuleBook:
        """The rule book in force."""

    def accounts(self) -> tuple[AccountRow, ...]:
        """Every account, by sign-in name."""

    def departure(self, asked: DepartureQuery) -> DepartureReply:
        """What stays behind if a person goes or gives up posts."""

    def ask(self, command: Command, user: str = "", *, password: str | None = None) -> str:
        """Give a command and wait; the one-time password, if one was made up. Raises: Refused."""


class Online:
    """Accounts of a running server, through the wire."""

    def __init__(self, runner: asyncio.Runner, connection: Connection) -> None:
        self._runner, self._connection = runner, connection

    @property
    def rules(self) -> RuleBook:
        """The rule book in force."""
        return self._connection.rules

    def accounts(self) -> tuple[AccountRow, ...]:
        """Every account, by sign-in name."""
        reply = self._runner.run(self._connection.fetch(AccountsQuery()))
        assert isinstance(reply, AccountsReply)  # to its own question
        return reply.accounts

    def departure(self, asked: DepartureQuery) -> DepartureReply:
        """What stays behind if a person goes or gives up posts."""
        reply = self._runner.run(self._connection.fetch(asked))
        assert isinstance(reply, DepartureReply)  # to its own question
        return reply

    def ask(self, command: Command, user: str = "", *, password: str | None = None) -> str:
        """Give a command and wait; the one-time password, if one was made up. Raises: Refused."""
        passwords = None if password is None else Passwords(new=password)
        while True:
            try:
                ack = self._runner.run(
                    self._connection.ask(
                        command,
                        role=Role.ADMINISTRATOR,
                        stream=f"account/{user}" if user else "",
                        passwords=passwords,
                    )
                )
            except Refused as refused:
                if refused.code != "session.too_fast":
                    raise
                time.sleep(PATIENCE)
            else:
                return ack.once


@contextmanager
def book(options: Namespace) -> Iterator[Book]:
    """The book that the command line means.

    Raises: DeskError, DatabaseError, Refused.
    """
    if options.server and options.database:
        raise DeskError("accounts.where", "Give --server or --database, not both.")
    with _online(options) if options.server else _offline(options) as opened:
        yield opened


@contextmanager
def _offline(options: Namespace) -> Iterator[Book]:
    database = open_database(options.database or options.database_default)
    try:
        if existing_log(database.writer) is None:
            sentence = "There is no log yet; start watchdesk serve --pack NAME once."
            raise DeskError("log.not_open", sentence)
        with keeping(database) as keeper:
            yield keeper
    finally:
        database.close()


@contextmanager
def _online(options: Namespace) -> Iterator[Book]:
    if not options.user:
        raise DeskError("accounts.who", "Say with --user which administrator signs in.")
    password = password_of(options)
    with asyncio.Runner() as runner:
        session = connect(
            options.server, user=options.user, password=password, device="watchdesk user",
            quiet=True, ca_file=options.ca,
        )  # fmt: skip
        connection = runner.run(session.__aenter__())
        try:
            if connection.welcome.must_change:
                raise Refused("password.must_change")
            yield Online(runner, connection)
        finally:
            runner.run(session.__aexit__(None, None, None))
