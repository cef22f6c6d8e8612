"""Which blobs a case names."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; no case of before has photos."""
    op.create_table(
        "case_blob",
        sa.Column("log", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("case", sa.String(40), primary_key=True),
        sqlite_with_rowid=False,
    )
