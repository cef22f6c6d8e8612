"""`watchdesk user`: a person is added as a recorded act; passwords are kept beside the journal."""

import getpass
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from case_server.database import open_database
from case_server.journal import existing_log
from case_server.keeper import Keeper, keeping, new_account
from casework.decider import Grant
from casework.procedures.account import ResetPassword
from casework.terms import AreaId, Role, UnitId
from watchdesk.failure import DeskError


def run(options: Namespace) -> int:
    """Add a person, or give one another password. The server must not run: a log has one writer.

    Raises: DeskError, DatabaseError, Refused.
    """
    return _change(options) if options.only_password else _add(options)


def _add(options: Namespace) -> int:
    grants = tuple(_grant(role, options) for role in options.role)
    password = _password(from_stdin=options.password_stdin)
    command = new_account(user=options.user, name=options.name, grants=grants, lasting=True)
    with _keeper(options.database) as keeper:
        keeper.ask(command, password=password)
    print(f"{options.user} ({options.name}) may sign in: {', '.join(options.role)}")
    return 0


def _change(options: Namespace) -> int:
    password = _password(from_stdin=options.password_stdin)
    with _keeper(options.database) as keeper:
        keeper.ask(ResetPassword(lasting=True), options.user, password=password)
    print(f"{options.user} signs in with the new password from now on")
    return 0


@contextmanager
def _keeper(url: str) -> Iterator[Keeper]:
    database = open_database(url)
    try:
        if existing_log(database.writer) is None:
            sentence = "There is no log yet; start watchdesk serve --pack NAME once."
            raise DeskError("log.not_open", sentence)
        with keeping(database) as keeper:
            yield keeper
    finally:
        database.close()


def _grant(role: str, options: Namespace) -> Grant:
    try:
        known = Role(role)
    except ValueError:
        sentence = f"{role!r} is no role; they are {', '.join(Role)}."
        raise DeskError("account.unknown_role", sentence) from None
    unit = UnitId(options.unit) if known is Role.UNIT and options.unit else None
    return Grant(role=known, areas=tuple(AreaId(area) for area in options.area), unit=unit)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        raise DeskError("password.differs", "The two passwords differ.")
    return password
