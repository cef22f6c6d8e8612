"""Cases are found by the number that another system gave them."""

import sqlalchemy as sa
from alembic import op

from case_server.tables import HAS_REFERENCE

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index them; most cases have none."""
    here = sa.text(HAS_REFERENCE)
    op.create_index(
        "case_row_reference", "case_row", ["reference"], sqlite_where=here, postgresql_where=here
    )
