"""`watchdesk db upgrade`: bring a database to this version's schema."""

from argparse import Namespace

from case_server.database import upgrade_database


def run(options: Namespace) -> int:
    """Upgrade. Raises: DatabaseError."""
    before, after = upgrade_database(options.database)
    changed = "is up to date" if before == after else f"was {before or 'empty'}"
    print(f"schema {after} ({changed})")
    return 0
