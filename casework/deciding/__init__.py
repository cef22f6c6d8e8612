"""What each act of a case's life earns beyond the table: one module a stretch of that life."""
