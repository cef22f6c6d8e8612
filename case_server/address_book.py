"""Every report's address in memory, folded for looking up, so that any part of one is found.

No index of the two databases finds a text inside an address, and reading them all takes a tenth of
a second for 40,000 of them. Here they lie end to end in blocks that are searched as one text each.
The book follows the table by its numbers, a few rows at a question, and costs a report nothing.
It names rows only: what may be shown of them is asked of the table, where an erased one is no more.
"""

import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from case_server.clock import to_ms
from case_server.tables import case_row, personal
from casework.terms import LogId

MOST = 2_000_000
"""Addresses kept, the latest: two years of a city of ten million, 130 MB. An older one is found by
its case's number only."""
_BLOCK = 8_192
"""Addresses in a block: a search gives way to other threads between two blocks."""
_AT_ONCE = 20_000
_MINUTE_MS = 60_000


class _Block:
    """Addresses end to end, one a line, with the number of each and the minute it was reported."""

    def __init__(self) -> None:
        self.text = ""
        self._starts = array("I")
        self._numbers = array("q")
        self._minutes = array("I")

    def __len__(self) -> int:
        return len(self._numbers)

    def grown(self, rows: Sequence[Any]) -> "_Block":
        """A block with these rows too; whoever searches this one is not disturbed."""
        block = _Block()
        block._starts, block._numbers = self._starts[:], self._numbers[:]
        block._minutes = self._minutes[:]
        parts, at = [self.text], len(self.text)
        for number, address, opened_at in rows:
            block._starts.append(at)
            block._numbers.append(number)
            block._minutes.append(max(0, opened_at // _MINUTE_MS))
            parts.append(f"{address}\n")
            at += len(address) + 1
        block.text = "".join(parts)
        return block

    def latest(self, wanted: str, minute: int) -> Iterator[int]:
        """Numbers of the addresses that hold the text and are not older, the latest first."""
        found = self.text.rfind(wanted)
        while found >= 0:
            place = bisect_right(self._starts, found) - 1
            if self._minutes[place] >= minute:
                yield self._numbers[place]
            found = self.text.rfind(wanted, 0, self._starts[place])


class AddressBook:
    """Any thread."""

    def __init__(self, log: LogId, most: int = MOST) -> None:
        self.log, self._most = log, most
        self._lock = threading.Lock()
        self._blocks: tuple[_Block, ...] = ()
        self._upto: int | None = None

    def __len__(self) -> int:
        return sum(map(len, self._blocks))

    def follow(self, connection: Connection, patience: float = -1) -> bool:
        """Take what was reported since; the first time all of it. Who is impatient goes on with
        what is here when somebody else takes so long (in seconds); whether it is all of it."""
        if not self._lock.acquire(timeout=patience):
            return False
        try:
            self._take_all(connection)
        finally:
            self._lock.release()
        return True

    def _take_all(self, connection: Connection) -> None:
        if self._upto is None:
            self._upto = self._before_the_oldest(connection)
        while rows := self._next_rows(connection):
            self._take(rows)
            self._upto = rows[-1][0]
            if len(rows) < _AT_ONCE:
                return

    def latest(self, wanted: str, since: datetime | None = None) -> Iterator[int]:
        """Numbers of the reports whose folded address holds a folded text, the latest first."""
        minute = 0 if since is None else max(0, to_ms(since) // _MINUTE_MS)
        for block in reversed(self._blocks):
            yield from block.latest(wanted, minute)

    def _before_the_oldest(self, connection: Connection) -> int:
        of_log = select(personal.c.number).where(personal.c.log == self.log)
        beyond = of_log.order_by(personal.c.number.desc()).limit(1).offset(self._most)
        found = connection.execute(beyond).scalar()
        return 0 if found is None else int(found)

    def _next_rows(self, connection: Connection) -> Sequence[Any]:
        found = (
            select(personal.c.number, personal.c.address, case_row.c.opened_at)
            .join(case_row, case_row.c.case == func.substr(personal.c.stream, len("case/") + 1))
            .where(
                personal.c.log == self.log,
                personal.c.number > self._upto,
                personal.c.address.is_not(None),
            )
            .order_by(personal.c.number)
            .limit(_AT_ONCE)
        )
        return connection.execute(found).fetchall()

    def _take(self, rows: Sequence[Any]) -> None:
        blocks, start = list(self._blocks), 0
        while start < len(rows):
            last = blocks.pop() if blocks and len(blocks[-1]) < _BLOCK else _Block()
            end = start + _BLOCK - len(last)
            blocks.append(last.grown(rows[start:end]))
            start = end
        while sum(map(len, blocks)) - len(blocks[0]) >= self._most:
            del blocks[0]
        self._blocks = tuple(blocks)
