"""`watchdesk user add`: a person is added as a recorded act, the password kept beside it."""

import getpass
import sys
from argparse import Namespace

from case_server import users
from case_server.database import open_database
from case_server.desk import Desk
from case_server.journal import existing_log
from casework.decider import Grant
from casework.terms import AreaId, Role, UnitId
from watchdesk.failure import DeskError


def run(options: Namespace) -> int:
    """Add the person. The server must not run: a log has one writer.

    Raises: DeskError, DatabaseError, Refused.
    """
    grants = tuple(_grant(role, options) for role in options.role)
    password = _password(from_stdin=options.password_stdin)
    database = open_database(options.database)
    try:
        if existing_log(database.writer) is None:
            sentence = "There is no log yet; start watchdesk serve --pack NAME once."
            raise DeskError("log.not_open", sentence)
        desk = Desk(database, users.settle_answers)
        desk.start()
        try:
            users.add_person(
                desk,
                database,
                user=options.user,
                name=options.name,
                grants=grants,
                password=password,
            )
        finally:
            desk.stop()
    finally:
        database.close()
    print(f"{options.user} ({options.name}) may sign in: {', '.join(options.role)}")
    return 0


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
