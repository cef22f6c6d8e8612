"""The component register's read rows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; a register begins empty."""
    op.create_table(
        "component_row",
        sa.Column("component", sa.String(40), primary_key=True),
        sa.Column("log", sa.String(16), primary_key=True),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("maintainer", sa.String(100), nullable=False),
        sa.Column("district", sa.String(60)),
        sa.Column("street", sa.String(60)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("lat", sa.Integer(), nullable=False),
        sa.Column("lon", sa.Integer(), nullable=False),
        sa.Column("tile", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("component_row_tile", "component_row", ["tile"])
