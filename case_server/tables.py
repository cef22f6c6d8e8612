"""The tables, as SQLAlchemy Core, and what the two dialects do differently.

`event` is appended only. `stream_state` holds each stream's fold, `case_row` what queues, counts
and maps ask for; both are written in the transaction of their events and can be rebuilt from them.
Instants are whole milliseconds since 1970 UTC; `log` is in every key, since one database will hold
the mirrors of other logs.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    and_,
    false,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

metadata = MetaData()

NO_CLOCK = 2**62
"""`case_row.clock` of a case without a running clock: after all that have one."""

event = Table(
    "event",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", String(60), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("written", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    UniqueConstraint("log", "stream", "version", name="event_stream_version"),
    sqlite_with_rowid=False,
)

counter = Table(
    "counter",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("epoch", String(32), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""The last number and leaf, moved in the transaction of the events (never a sequence)."""

stream_state = Table(
    "stream_state",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("stream", String(120), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

command_result = Table(
    "command_result",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("device", String(80), primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("stream", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""What an accepted command earned: the same id is never done twice, and there is no window."""

personal = Table(
    "personal",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", String(120), nullable=False, index=True),
    Column("salt", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("address", String(200)),
    sqlite_with_rowid=False,
)
"""Erasable: names, phones, addresses, citizens' texts. The event holds a salted digest. `address`
is the content's, folded for looking up, and goes with it."""

rulebook = Table(
    "rulebook",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

log_secret = Table(
    "log_secret",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""Keys of this log: resume tokens, command digests. Never sent."""

credential = Table(
    "credential",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("user", String(40), primary_key=True),
    Column("secret", String(200), nullable=False),
)
"""Argon2id hashes; the account itself is a stream of events."""

signed_in = Table(
    "signed_in",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("user", String(40), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""When each person last signed in with the password, by the clock on the wall: no event, since
looking in changes nothing."""

position = Table(
    "position",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("user", String(40), primary_key=True),
    Column("lat", Integer, nullable=False),
    Column("lon", Integer, nullable=False),
    Column("accuracy_m", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Where each inspector on duty last said to be (`case_server.whereabouts`); no event, kept for a
stated time."""

case_row = Table(
    "case_row",
    metadata,
    Column("log", String(16), nullable=False),
    Column("case", String(40), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("live", Boolean, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("clock", BigInteger, nullable=False),
    Column("due", BigInteger),
    Column("opened_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("kind", String(12), nullable=False),
    Column("code", String(100), nullable=False),
    Column("district", String(60)),
    Column("street", String(60)),
    Column("lead", String(100)),
    Column("reference", String(100), nullable=False),
    Column("lat", Integer),
    Column("lon", Integer),
    Column("history", Boolean, nullable=False, server_default=false()),
    Column("claimed_by", String(40)),
    Column("claimed_at", BigInteger),
    Column("applied", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)
Index(
    "case_row_urgent",
    case_row.c.rank,
    case_row.c.clock,
    case_row.c.case,
    sqlite_where=text("live = 1"),  # as queries say it: SQLite compares the words
    postgresql_where=case_row.c.live,
)
Index(
    "case_row_turn",
    case_row.c.state,
    case_row.c.rank,
    case_row.c.clock,
    case_row.c.case,
    sqlite_where=text("live = 1"),
    postgresql_where=case_row.c.live,
)
Index(
    "case_row_applied",
    case_row.c.rank,
    case_row.c.clock,
    case_row.c.case,
    sqlite_where=text("live = 1 AND applied = 1"),
    postgresql_where=and_(case_row.c.live, case_row.c.applied),
)
"""The next case of a role is found among those that wait for it, not among all that are open."""
Index(
    "case_row_claimed",
    case_row.c.claimed_by,
    sqlite_where=text("claimed_by IS NOT NULL"),
    postgresql_where=case_row.c.claimed_by.is_not(None),
)
Index("case_row_ended", case_row.c.ended_at)
Index("case_row_opened", case_row.c.opened_at)
HAS_REFERENCE = "reference != ''"
"""Said by the index and by whoever uses it: SQLite compares the words."""
Index(
    "case_row_reference",
    case_row.c.reference,
    sqlite_where=text(HAS_REFERENCE),
    postgresql_where=text(HAS_REFERENCE),
)

case_unit = Table(
    "case_unit",
    metadata,
    Column("case", String(40), primary_key=True),
    Column("unit", String(100), primary_key=True),
    Column("live", Boolean, nullable=False),
    Index("case_unit_unit", "unit", "live"),
    sqlite_with_rowid=False,
)
"""Units that hold a case now: what an audience of units may see."""


component_row = Table(
    "component_row",
    metadata,
    Column("component", String(40), primary_key=True),
    Column("log", String(16), primary_key=True),
    Column("code", String(20), nullable=False),
    Column("owner", String(100), nullable=False),
    Column("maintainer", String(100), nullable=False),
    Column("district", String(60)),
    Column("street", String(60)),
    Column("state", String(20), nullable=False),
    Column("lat", Integer, nullable=False),
    Column("lon", Integer, nullable=False),
    Column("tile", BigInteger, nullable=False),
    Index("component_row_tile", "tile"),
    sqlite_with_rowid=False,
)
"""The component register, as map and report form ask for it (`case_server.register`). The log comes
last in the key and not at all in the index: SQLite would walk a whole log rather than use tiles."""


case_blob = Table(
    "case_blob",
    metadata,
    Column("log", String(16), nullable=False),
    Column("digest", String(64), primary_key=True),
    Column("case", String(40), primary_key=True),
    sqlite_with_rowid=False,
)
"""Blobs that a case names: who may read them."""


imported_case = Table(
    "imported_case",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("system", String(40), primary_key=True),
    Column("reference", String(40), primary_key=True),
    Column("case", String(40), nullable=False),
    sqlite_with_rowid=False,
)
"""Old numbers of cases taken over from earlier systems: each once (`case_server.old_numbers`)."""


due_timer = Table(
    "due_timer",
    metadata,
    Column("log", String(16), primary_key=True),
    Column("stream", String(120), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index("due_timer_at", "log", "at"),
    sqlite_with_rowid=False,
)
"""Streams of which something falls due by itself, and when."""


def upsert(table: Table, dialect: str) -> Insert:
    """INSERT that replaces the row with the same primary key; values are bound per row."""
    maker: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = maker(table)
    keys = [column.name for column in table.primary_key]
    rest = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    result: Insert = statement.on_conflict_do_update(index_elements=keys, set_=rest)
    return result
