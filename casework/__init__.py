"""The pure domain of Watchdesk: what a case is, every rule, and the messages' wire form.

Nothing here does I/O, reads a clock, logs, or knows Qt or SQL.
"""
