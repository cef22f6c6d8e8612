"""Addresses of earlier cases can be looked up; those that are there already are made so."""

import json

import sqlalchemy as sa
from alembic import op

from case_server.memory import address_key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the folded address beside each report's texts."""
    op.add_column("personal", sa.Column("address", sa.String(200)))
    op.create_index("case_row_opened", "case_row", ["opened_at"])
    personal = sa.table("personal", *map(sa.column, ("log", "number", "content", "address")))
    connection = op.get_bind()
    for log, number, content in connection.execute(
        sa.select(personal.c.log, personal.c.number, personal.c.content)
    ).fetchall():
        found = address_key(json.loads(bytes(content)).get("address", ""))
        if found is not None:
            here = sa.and_(personal.c.log == log, personal.c.number == number)
            connection.execute(sa.update(personal).where(here).values(address=found))
