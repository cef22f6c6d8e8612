"""Accounts kept while no server runs: the command line's own desk on a stopped log.

The journal has one writer, so the database's lock keeps a running server and this apart.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from case_server import accounts, journal
from case_server.credentials import Secret, hashed, one_time
from case_server.database import Database
from case_server.departure import departure
from case_server.desk import Batch, Desk, Submission
from case_server.tables import credential, upsert
from casework.decider import Actor, Command, Grant, Refused
from casework.enquiries import DepartureQuery, DepartureReply
from casework.procedures.account import AddAccount
from casework.replies import AccountRow
from casework.rulebook import RuleBook
from casework.rules import passwords
from casework.terms import Role
from casework.wire import Ack, Ask, Nack

_KEEPER = Actor(user=journal.SERVER, grants=(Grant(role=Role.ADMINISTRATOR),), device="server")


def settle_answers(batch: Batch) -> None:
    """Give the answers of a batch to those who wait for them with a `Future`."""
    for submission, answer in batch.answers:
        if isinstance(submission.tag, Future):
            submission.tag.set_result(answer)


class Keeper:
    """Acts as the server itself, in the administrator's role. The desk must run and its publisher
    must settle answers."""

    def __init__(self, desk: Desk, database: Database) -> None:
        self._desk, self._database = desk, database
        with database.read() as connection:
            self._key = journal.secret(connection, desk.log.id, "resume_tokens")

    @property
    def rules(self) -> RuleBook:
        """The rule book in force."""
        return self._desk.rules

    def accounts(self) -> tuple[AccountRow, ...]:
        """Every account, by sign-in name."""
        with self._database.read() as connection:
            return accounts.reply(connection, self._desk.log.id, {}).accounts

    def departure(self, asked: DepartureQuery) -> DepartureReply:
        """What stays behind if a person goes or gives up posts."""
        with self._database.read() as connection:
            return departure(connection, self._desk.log.id, asked, self.rules)

    def ask(self, command: Command, user: str = "", *, password: str | None = None) -> str:
        """Give a command about `user` (none for `AddAccount`) and wait until it is durable.

        An empty `password` is made up by us; returns the one-time password then, else "".

        Raises:
            Refused: what `account.decide` refuses, or `casework.rules.passwords`.
        """
        stream = f"account/{user}" if user else ""
        ask = Ask(
            id=f"keeper-{time.time_ns()}", stream=stream, role=Role.ADMINISTRATOR, command=command
        )
        whose = command.user if isinstance(command, AddAccount) else user
        secret = None if password is None else self._secret(ask.id, whose, password)
        answer: Future[Ack | Nack] = Future()
        self._desk.submit(Submission(ask, _KEEPER, answer, secret))
        said = answer.result()
        if isinstance(said, Nack):
            raise Refused(said.code, **said.detail)
        return secret.once if secret is not None else ""

    def _secret(self, occasion: str, user: str, password: str) -> Secret:
        rules = self.rules.passwords
        if not password:
            once = one_time(self._key, occasion, rules.least)
            return Secret(hashed(once), once)
        passwords.check(password, user, rules)
        return Secret(hashed(password))


@contextmanager
def keeping(database: Database) -> Iterator[Keeper]:
    """A keeper with a desk of its own. Raises: LookupError: no log was born here yet."""
    desk = Desk(database, settle_answers)
    desk.start()
    try:
        yield Keeper(desk, database)
    finally:
        desk.stop()


def keep_secret(desk: Desk, database: Database, user: str, secret: str) -> None:
    """Write a hash beside the journal without a record of it; only while the desk is idle."""
    row = {"log": desk.log.id, "user": user, "secret": secret}
    with database.writer.begin() as connection:
        connection.execute(upsert(credential, database.dialect), row)
