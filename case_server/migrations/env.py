"""Alembic's entry: runs on the connection that `migrations.upgrade` hands over."""

from alembic import context

from case_server.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
