"""Accounts as the database holds them: all folds, and what lies beside them. SQL that only reads.

The last sign-in is jotted by the desk's thread (`jot_sign_in`), since it alone may write.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, and_, select

from case_server.tables import credential, personal, signed_in, stream_state, upsert
from casework.decider import Personal
from casework.procedures.account import Account
from casework.replies import AccountRow, AccountsReply
from casework.terms import LogId, UserId

_PREFIX = "account/"
_FOLDS = msgspec.json.Decoder(Account)
_PERSONAL = msgspec.json.Decoder(Personal)

Seats = Mapping[UserId, tuple[str, ...]]
"""Who is signed in now, at which seats (`Hello.device`)."""


def accounts(connection: Connection, log: LogId) -> dict[str, Account]:
    """Every account of a log by its stream."""
    stream = stream_state.c.stream
    query = select(stream, stream_state.c.body).where(
        stream_state.c.log == log, _of_account(stream, connection)
    )
    return {stream: _FOLDS.decode(body) for stream, body in connection.execute(query)}


def _of_account(stream: Column[str], connection: Connection) -> ColumnElement[bool]:
    """Streams of accounts, in the form for which each dialect takes its index: SQLite compares
    bytes, PostgreSQL by its locale, where only LIKE means a prefix."""
    if connection.dialect.name == "sqlite":
        return and_(stream >= _PREFIX, stream < "account0")  # 0 follows the slash
    return stream.startswith(_PREFIX)


def administrators(connection: Connection, log: LogId, staged: Mapping[str, Any]) -> int:
    """How many enabled accounts may keep accounts; `staged` folds are newer than the rows."""
    newest = {**accounts(connection, log), **staged}
    return sum(isinstance(each, Account) and each.administers for each in newest.values())


def reply(connection: Connection, log: LogId, seats: Seats) -> AccountsReply:
    """What an administrator sees of all accounts, by sign-in name."""
    folds = accounts(connection, log)
    with_password = _users(connection, log)
    last = _last_sign_ins(connection, log)
    phones = _phones(connection, log, folds.values())
    rows = [
        AccountRow(
            user=each.user,
            version=each.version,
            name=each.name,
            post=each.post,
            job_number=each.job_number,
            phone=phones.get(each.phone_at, ""),
            grants=each.grants,
            enabled=each.enabled,
            must_change=each.must_change,
            has_password=each.user in with_password,
            signed_in_at=last.get(each.user),
            seats=seats.get(each.user, ()),
        )
        for each in folds.values()
    ]
    return AccountsReply(accounts=tuple(sorted(rows, key=lambda row: row.user)))


def _users(connection: Connection, log: LogId) -> set[str]:
    found = connection.execute(select(credential.c.user).where(credential.c.log == log))
    return {user for (user,) in found}


def _last_sign_ins(connection: Connection, log: LogId) -> dict[str, datetime]:
    found = connection.execute(
        select(signed_in.c.user, signed_in.c.at).where(signed_in.c.log == log)
    )
    return {user: datetime.fromtimestamp(at / 1000, UTC) for user, at in found}


def _phones(connection: Connection, log: LogId, folds: Iterable[Account]) -> dict[int, str]:
    """Numbers by the event beside which they lie; an erased one is not there."""
    if not any(each.phone_at for each in folds):
        return {}
    found = connection.execute(
        select(personal.c.number, personal.c.content).where(
            personal.c.log == log, _of_account(personal.c.stream, connection)
        )
    )
    return {number: _PERSONAL.decode(content).phone for number, content in found}


def jot_sign_in(connection: Connection, log: LogId, user: UserId, at: float) -> None:
    """Write when a person signed in; `at` is in seconds since 1970."""
    row = {"log": log, "user": user, "at": round(at * 1000)}
    connection.execute(upsert(signed_in, connection.dialect.name), row)
