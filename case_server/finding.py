"""Finding earlier cases by what people say of them: a number, or a part of the address.

Every function takes the grants of who asks and leaves out what they do not cover.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select, text

from case_server import readside
from case_server.address_book import AddressBook
from case_server.clock import to_ms
from case_server.tables import HAS_REFERENCE, case_row, personal
from casework.decider import Grant, Personal
from casework.finding import LEAST_FRAGMENT, FindReply, FoundBy, FoundCase
from casework.replies import EarlierAddress
from casework.rules.audience import sees
from casework.rules.case_number import case_meant, spellings
from casework.rules.gazetteer import folded
from casework.terms import CaseId, LogId, Point

_LOOKED_AT = 4_000
"""Reports looked at for one text, the latest with it: who sees few of them types more of it."""
_PATIENCE = 0.5
"""Seconds that a question waits for addresses somebody else is reading: a server that has just
started reads a year of them."""
_PORTIONS = (50, 250, 700)
"""Reports asked of the table at once: few at first, for who may see all of them."""
_LONG_NUMBER = re.compile(r"\d[\d -]{5,}\d")
"""Seven digits and more are no house's: a telephone, or a person's number."""


def earlier_addresses(
    connection: Connection,
    book: AddressBook,
    grants: Sequence[Grant],
    wanted: str,
    since: datetime,
    *,
    limit: int,
) -> tuple[EarlierAddress, ...]:
    """Where visible cases opened since then were whose address has the text, each address once,
    the latest first."""
    by_address: dict[str, EarlierAddress] = {}
    for rows in _reported(connection, book, grants, wanted, since):
        for row in rows:
            by_address.setdefault(row.folded, _earlier(row))
        if len(by_address) >= limit:
            break
    return tuple(by_address.values())[:limit]


def find(
    connection: Connection,
    book: AddressBook,
    grants: Sequence[Grant],
    wanted: str,
    limit: int,
) -> FindReply:
    """The visible cases that a text may mean, ended and imported ones too."""
    meant: dict[CaseId, FoundBy] = {}
    number, by_receipt = case_meant(wanted, book.log)
    if number is not None:
        meant[number] = FoundBy.RECEIPT if by_receipt else FoundBy.NUMBER
    for case in _by_reference(connection, book.log, wanted, limit + 1):
        meant.setdefault(case, FoundBy.REFERENCE)
    for rows in _reported(connection, book, grants, wanted, None):
        for row in rows:
            meant.setdefault(CaseId(row.case), FoundBy.ADDRESS)
        if len(meant) > limit:
            break
    found = readside.cases(connection, list(meant))
    visible = [
        FoundCase(case=found[id][0], by=by)
        for id, by in meant.items()
        if id in found and sees(grants, found[id][0].scope)
    ]
    shown = visible[:limit]
    addresses = _addresses(connection, [each.case.id for each in shown])
    told = [msgspec.structs.replace(e, address=addresses.get(e.case.id, "")) for e in shown]
    return FindReply(cases=tuple(told), more=len(visible) > limit)


def _by_reference(connection: Connection, log: LogId, wanted: str, limit: int) -> Iterator[CaseId]:
    """Cases that came with such a number, the latest first."""
    written = spellings(wanted)
    found = (
        select(case_row.c.case)
        .where(text(HAS_REFERENCE), case_row.c.log == log, case_row.c.reference.in_(written))
        .order_by(case_row.c.opened_at.desc(), case_row.c.case)
        .limit(limit)
    )
    return (CaseId(case) for (case,) in connection.execute(found))


# --- by address --------------------------------------------------------------------------------


def _reported(
    connection: Connection,
    book: AddressBook,
    grants: Sequence[Grant],
    wanted: str,
    since: datetime | None,
) -> Iterator[list[Any]]:
    """Visible reports whose address has the text, some at a time, the latest first."""
    fragment = folded(wanted)
    if len(fragment) < LEAST_FRAGMENT:
        return
    book.follow(connection, _PATIENCE)
    numbers = islice(book.latest(fragment, since), _LOOKED_AT)
    portions = iter(_PORTIONS)
    size = next(portions)
    while some := list(islice(numbers, size)):
        yield _visible(connection, book.log, grants, some, since)
        size = next(portions, size)


def _visible(
    connection: Connection,
    log: LogId,
    grants: Sequence[Grant],
    numbers: list[int],
    since: datetime | None,
) -> list[Any]:
    found = (
        select(case_row, personal.c.content, personal.c.address.label("folded"))
        .join(case_row, case_row.c.case == func.substr(personal.c.stream, len("case/") + 1))
        .where(
            personal.c.log == log,
            personal.c.number.in_(numbers),
            readside.visible(grants),
        )
        .order_by(case_row.c.opened_at.desc(), personal.c.number.desc())
    )
    if since is not None:
        found = found.where(case_row.c.opened_at >= to_ms(since))
    return list(connection.execute(found))


def _addresses(connection: Connection, cases: Sequence[CaseId]) -> dict[CaseId, str]:
    """The first address of each case, as a list may show it."""
    found = (
        select(personal.c.stream, personal.c.content)
        .where(personal.c.stream.in_([f"case/{case}" for case in cases]))
        .order_by(personal.c.number.desc())
    )
    return {
        CaseId(stream.removeprefix("case/")): discreet(_address(content))
        for stream, content in connection.execute(found)
    }


def _earlier(row: Any) -> EarlierAddress:
    placed = row.lat is not None and row.lon is not None
    return EarlierAddress(
        case=CaseId(row.case),
        address=discreet(_address(row.content)),
        point=Point(row.lat, row.lon) if placed else None,
        district=row.district,
        street=row.street,
    )


def _address(content: bytes) -> str:
    return msgspec.json.decode(content, type=Personal).address


def discreet(address: str) -> str:
    """An address with its long numbers masked."""
    return _LONG_NUMBER.sub(lambda found: "*" * len(found[0]), address)
