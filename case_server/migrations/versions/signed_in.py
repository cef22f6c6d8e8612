"""When each person last signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "signed_in",
        sa.Column("log", sa.String(16), primary_key=True),
        sa.Column("user", sa.String(40), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
