"""The small case server: the journal, the desk that writes it, and the doors to both."""
