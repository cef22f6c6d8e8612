"""Cases of earlier systems, by their old numbers; which rows are history."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the column; what is here already began here."""
    op.create_table(
        "imported_case",
        sa.Column("log", sa.String(16), primary_key=True),
        sa.Column("system", sa.String(40), primary_key=True),
        sa.Column("reference", sa.String(40), primary_key=True),
        sa.Column("case", sa.String(40), nullable=False),
    )
    op.add_column(
        "case_row", sa.Column("history", sa.Boolean(), nullable=False, server_default=sa.false())
    )
