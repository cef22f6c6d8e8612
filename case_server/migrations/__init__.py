"""Schema changes, one file each, by Alembic; the first makes all tables."""

from pathlib import Path

from sqlalchemy import Engine

KNOWN: tuple[str, ...] = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
)
"""Revisions in order; the last is what this program needs."""
HEAD = KNOWN[-1]


def upgrade(engine: Engine) -> None:
    """Bring a database to `HEAD` in one transaction."""
    from alembic import command  # imported here: 0.2 s that a running server need not pay
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
