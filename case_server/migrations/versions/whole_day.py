"""Claims and applications beside a case's row; timers of what falls due by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; the cases of before are free and nothing of theirs falls due."""
    op.add_column("case_row", sa.Column("claimed_by", sa.String(40)))
    op.add_column("case_row", sa.Column("claimed_at", sa.BigInteger()))
    applied: sa.Column[bool] = sa.Column(
        "applied", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("case_row", applied)
    op.create_table(
        "due_timer",
        sa.Column("log", sa.String(16), primary_key=True),
        sa.Column("stream", sa.String(120), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("due_timer_at", "due_timer", ["log", "at"])
