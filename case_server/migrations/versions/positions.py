"""Positions of inspectors beside the journal, the last one of each; none in their folds any more.

What the folds held is let go, not moved: who is on duty tells the next position within minutes.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
_GONE = ("point", "at", "accuracy_m")


def upgrade() -> None:
    """Make the table, and take the positions out of the folds of patrols."""
    op.create_table(
        "position",
        sa.Column("log", sa.String(16), primary_key=True),
        sa.Column("user", sa.String(40), primary_key=True),
        sa.Column("lat", sa.Integer(), nullable=False),
        sa.Column("lon", sa.Integer(), nullable=False),
        sa.Column("accuracy_m", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    state = sa.table("stream_state", *map(sa.column, ("log", "stream", "body")))
    connection = op.get_bind()
    found = connection.execute(sa.select(state).where(state.c.stream.like("patrol/%")))
    for log, stream, body in found.fetchall():
        fold = {key: value for key, value in json.loads(body).items() if key not in _GONE}
        connection.execute(
            sa.update(state)
            .where(state.c.log == log, state.c.stream == stream)
            .values(body=json.dumps(fold, separators=(",", ":")).encode())
        )
