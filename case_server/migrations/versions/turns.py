"""Indexes by which a role's next case is found: among those that wait for it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_index(
        "case_row_turn",
        "case_row",
        ["state", "rank", "clock", "case"],
        sqlite_where=sa.text("live = 1"),
        postgresql_where=sa.text("live"),
    )
    op.create_index(
        "case_row_applied",
        "case_row",
        ["rank", "clock", "case"],
        sqlite_where=sa.text("live = 1 AND applied = 1"),
        postgresql_where=sa.text("live AND applied"),
    )
