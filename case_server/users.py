"""Signing in: passwords, resume tokens and, on practice logs, drill tokens.

Accounts are events of the journal; only the hash of a password lies beside it. A password is
checked in one of two threads, never in the loop; an unknown name costs the same time as a known
one. Source: trust.md T8, T9.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from case_server import journal
from case_server.accounts import jot_sign_in
from case_server.bucket import Bucket
from case_server.credentials import (
    Secret,
    fits,
    hashed,
    nobody,
    one_time,
    pair,
    signed,
    verified,
)
from case_server.database import Database
from case_server.desk import Desk
from case_server.tables import credential
from casework.decider import Command, Grant, Refused
from casework.procedures.account import AddAccount, ChangePassword, ResetPassword
from casework.rules import passwords
from casework.terms import LogId, Role, UserId
from casework.wire import Ask

TOKEN_LIVES = 12 * 3600
"""Seconds that a resume token is good for."""

_MOST_BUCKETS = 10_000


class Person(Struct, frozen=True, kw_only=True):
    """Who signed in, with the grants held at that moment; `drill` for a practice token.

    `passwords` tells which of the account's passwords it was, `must_change` that somebody else
    gave it.
    """

    user: UserId
    name: str
    grants: tuple[Grant, ...]
    drill: bool = False
    must_change: bool = False
    passwords: int = 0

    @property
    def administers(self) -> bool:
        """Whether this person keeps the accounts."""
        return any(grant.role is Role.ADMINISTRATOR for grant in self.grants)


class _Token(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a resume token says. Only a drill person's grants are in it: they have no account."""

    user: UserId
    until: int
    name: str = ""
    grants: tuple[Grant, ...] = ()
    drill: bool = False
    passwords: int = 0
    """A token dies with the password that it came from."""


class _Drill(Struct, frozen=True, kw_only=True):
    user: UserId
    name: str
    grants: tuple[Grant, ...]


class Failures:
    """How often a password may be tried, for each account and each address.

    An account gets 5 tries and one more each 30 s, an address 30 and one more each 2 s.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._buckets: dict[str, Bucket] = {}

    def take(self, user: str, address: str) -> tuple[Bucket, Bucket]:
        """Count a try, as if it would fail; put the tokens back when it does not.

        Raises:
            Refused: `sign_in.too_many`.
        """
        account = self._bucket(f"account {user}", 1 / 30, 5)
        place = self._bucket(f"address {address}", 1 / 2, 30)
        if not (account.take(self._now()) and place.take(self._now())):
            raise Refused("sign_in.too_many")
        return account, place

    def _bucket(self, name: str, rate: float, burst: float) -> Bucket:
        if len(self._buckets) >= _MOST_BUCKETS:
            now = self._now()
            self._buckets = {k: b for k, b in self._buckets.items() if not b.is_full(now)}
        return self._buckets.setdefault(name, Bucket(rate, burst, self._now()))


class Users:
    """Checks who signs in to one log.

    Args:
        drill_key: verifies drill tokens; ignored on a real log.
        now: seconds since 1970, for the life of tokens.
    """

    def __init__(
        self,
        desk: Desk,
        database: Database,
        drill_key: bytes = b"",
        now: Callable[[], float] = time.time,
    ) -> None:
        self._desk = desk
        self._database = database
        self._drill_key = drill_key
        self._now = now
        self._failures = Failures()
        self.noted: Callable[[], None] = lambda: None
        """Called in the desk's thread when a sign-in has been noted."""
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="password")
        with database.read() as connection:
            self._token_key = journal.secret(connection, desk.log.id, "resume_tokens")

    def close(self) -> None:
        """Let go of the threads."""
        self._threads.shutdown()

    async def sign_in(self, authorization: str, address: str) -> Person:
        """Who the handshake's Authorization header stands for.

        Raises:
            Refused: `sign_in.required`, `sign_in.wrong` (name or password), `sign_in.disabled`,
                `sign_in.too_many`, `sign_in.token`, `sign_in.practice_only`.
        """
        scheme, _, given = authorization.partition(" ")
        match scheme.lower():
            case "basic":
                return await self._by_password(given, address)
            case "bearer":
                return await self._by_token(given)
            case "drill":
                return self._by_drill(given)
            case _:
                raise Refused("sign_in.required")

    def token(self, person: Person) -> str:
        """A token that signs the same person in again for 12 hours."""
        until = int(self._now()) + TOKEN_LIVES
        if person.drill:
            said = _Token(
                user=person.user, until=until, name=person.name, grants=person.grants, drill=True
            )
        else:
            said = _Token(user=person.user, until=until, passwords=person.passwords)
        return signed(self._token_key, msgspec.json.encode(said))

    # --- the three ways ------------------------------------------------------------------------

    async def _by_password(self, given: str, address: str) -> Person:
        user, password = pair(given)
        taken = self._failures.take(user, address)
        loop = asyncio.get_running_loop()
        account = await loop.run_in_executor(self._threads, self._checked, user, password)
        for bucket in taken:
            bucket.put_back()
        self._desk.jot(partial(self._jot, account.user, self._now()))
        return account

    def _jot(self, user: UserId, at: float, connection: Connection) -> None:
        jot_sign_in(connection, self._desk.log.id, user, at)
        self.noted()

    def _checked(self, user: str, password: str) -> Person:
        stored = secret_of(self._database, self._desk.log.id, user)
        if not fits(stored or nobody(), password) or stored is None:
            raise Refused("sign_in.wrong")
        return self._person(UserId(user))

    async def _by_token(self, given: str) -> Person:
        content = verified(self._token_key, given)
        try:
            said = msgspec.json.decode(content, type=_Token)
        except msgspec.DecodeError:
            raise Refused("sign_in.token") from None
        if said.until < self._now() or (said.drill and not self._desk.log.practice):
            raise Refused("sign_in.token")
        if said.drill:
            return Person(user=said.user, name=said.name, grants=said.grants, drill=True)
        loop = asyncio.get_running_loop()
        person = await loop.run_in_executor(self._threads, self._person, said.user)
        if said.passwords != person.passwords:
            raise Refused("sign_in.token")
        return person

    def _person(self, user: UserId) -> Person:
        account = self._desk.account(user)
        if account is None:
            raise Refused("sign_in.wrong")
        if not account.enabled:
            raise Refused("sign_in.disabled")
        return Person(
            user=account.user,
            name=account.name,
            grants=account.grants,
            must_change=account.must_change,
            passwords=account.passwords,
        )

    def _by_drill(self, given: str) -> Person:
        if not self._desk.log.practice:
            raise Refused("sign_in.practice_only")
        if not self._drill_key:
            raise Refused("sign_in.token")
        try:
            said = msgspec.json.decode(verified(self._drill_key, given), type=_Drill)
        except msgspec.DecodeError:
            raise Refused("sign_in.token") from None
        return Person(user=said.user, name=said.name, grants=said.grants, drill=True)

    # --- new passwords -------------------------------------------------------------------------

    async def secret(self, ask: Ask, person: Person, device: str, address: str) -> Secret | None:
        """What is to be kept of the password that came with `ask`; None where it cannot matter.

        Raises:
            Refused: `password.unexpected`, `password.missing`, `password.wrong` (the old one),
                `password.same`, `sign_in.too_many`, or what `casework.rules.passwords` refuses.
        """
        command = ask.command
        if isinstance(command, ChangePassword):
            taken = self._failures.take(person.user, address)
            secret = await self._in_thread(self._changed, ask, person)
            for bucket in taken:
                bucket.put_back()
            return secret
        if not person.administers:
            return None  # the desk refuses it; nothing is hashed for that
        user = _whose(command, ask.stream)
        return await self._in_thread(self._given, ask, user, f"{device}\0{ask.id}\0{user}")

    async def _in_thread(self, work: Callable[..., Secret], *given: object) -> Secret:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)

    def _changed(self, ask: Ask, person: Person) -> Secret:
        assert ask.passwords is not None  # the hub looked
        new, old = ask.passwords.new, ask.passwords.old
        stored = secret_of(self._database, self._desk.log.id, person.user)
        if not fits(stored or nobody(), old) or stored is None:
            raise Refused("password.wrong")
        if not new:
            raise Refused("password.missing")
        if new == old:
            raise Refused("password.same")
        passwords.check(new, person.user, self._desk.rules.passwords)
        return Secret(hashed(new))

    def _given(self, ask: Ask, user: str, occasion: str) -> Secret:
        assert ask.passwords is not None  # the hub looked
        rules = self._desk.rules.passwords
        if not ask.passwords.new:
            once = one_time(self._token_key, occasion, rules.least)
            return Secret(hashed(once), once)
        passwords.check(ask.passwords.new, user, rules)
        return Secret(hashed(ask.passwords.new))


def _whose(command: Command, stream: str) -> str:
    """Sign-in name of the account that gets a password."""
    if isinstance(command, AddAccount):
        return command.user
    if isinstance(command, ResetPassword):
        return stream.partition("/")[2]
    raise Refused("password.unexpected")


def secret_of(database: Database, log: LogId, user: str) -> str | None:
    """The hash kept for a sign-in name."""
    query = select(credential.c.secret).where(credential.c.log == log, credential.c.user == user)
    with database.read() as connection:
        return connection.execute(query).scalar()
