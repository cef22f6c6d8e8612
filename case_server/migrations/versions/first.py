"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _key(name: str, of: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, of, primary_key=True, autoincrement=False)


def _fact(name: str, of: sa.types.TypeEngine[Any], null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, of, nullable=null)


def upgrade() -> None:
    """Make them."""
    log, stream = sa.String(16), sa.String(120)
    number, version, blob = sa.BigInteger(), sa.Integer(), sa.LargeBinary()
    op.create_table(
        "event",
        _key("log", log),
        _key("number", number),
        _fact("stream", stream),
        _fact("version", version),
        _fact("type", sa.String(60)),
        _fact("at", number),
        _fact("written", blob),
        _fact("leaf", blob),
        sa.UniqueConstraint("log", "stream", "version", name="event_stream_version"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counter",
        _key("log", log),
        _fact("epoch", sa.String(32)),
        _fact("number", number),
        _fact("leaf", blob),
        _fact("at", number),
    )
    op.create_table(
        "stream_state",
        _key("log", log),
        _key("stream", stream),
        _fact("version", version),
        _fact("body", blob),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "command_result",
        _key("log", log),
        _key("id", sa.String(64)),
        _key("device", sa.String(80)),
        _fact("digest", blob),
        _fact("number", number),
        _fact("stream", stream),
        _fact("version", version),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "personal",
        _key("log", log),
        _key("number", number),
        _fact("stream", stream),
        _fact("salt", blob),
        _fact("content", blob),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_personal_stream", "personal", ["stream"])
    op.create_table(
        "rulebook",
        _key("log", log),
        _key("version", version),
        _fact("digest", sa.String(64)),
        _fact("content", blob),
    )
    op.create_table(
        "log_secret", _key("log", log), _key("name", sa.String(40)), _fact("value", blob)
    )
    op.create_table(
        "credential", _key("log", log), _key("user", sa.String(40)), _fact("secret", sa.String(200))
    )
    _case_tables()


def _case_tables() -> None:
    instant = sa.BigInteger()
    op.create_table(
        "case_row",
        _fact("log", sa.String(16)),
        _key("case", sa.String(40)),
        _fact("state", sa.String(20)),
        _fact("live", sa.Boolean()),
        _fact("rank", sa.Integer()),
        _fact("clock", instant),
        _fact("due", instant, null=True),
        _fact("opened_at", instant),
        _fact("ended_at", instant, null=True),
        _fact("kind", sa.String(12)),
        _fact("code", sa.String(100)),
        _fact("district", sa.String(60), null=True),
        _fact("street", sa.String(60), null=True),
        _fact("lead", sa.String(100), null=True),
        _fact("reference", sa.String(100)),
        _fact("lat", sa.Integer(), null=True),
        _fact("lon", sa.Integer(), null=True),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "case_row_urgent",
        "case_row",
        ["rank", "clock", "case"],
        sqlite_where=sa.text("live = 1"),
        postgresql_where=sa.text("live"),
    )
    op.create_index("case_row_ended", "case_row", ["ended_at"])
    op.create_table(
        "case_unit",
        _key("case", sa.String(40)),
        _key("unit", sa.String(100)),
        _fact("live", sa.Boolean()),
        sqlite_with_rowid=False,
    )
    op.create_index("case_unit_unit", "case_unit", ["unit", "live"])
