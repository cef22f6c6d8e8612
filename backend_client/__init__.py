"""The public Python client of the case server: session, replica and link, without Qt."""

from backend_client.client import Connection, command_ids, connect
from backend_client.credentials import Credentials, drill_token
from backend_client.link import Link
from backend_client.notices import (
    Answered,
    Changed,
    Fetched,
    Gathering,
    Joined,
    LinkChanged,
    LinkState,
    Moved,
    Notice,
    Remembered,
    Tick,
)
from backend_client.pace import Pace

__all__ = [
    "Answered",
    "Changed",
    "Connection",
    "Credentials",
    "Fetched",
    "Gathering",
    "Joined",
    "Link",
    "LinkChanged",
    "LinkState",
    "Moved",
    "Notice",
    "Pace",
    "Remembered",
    "Tick",
    "command_ids",
    "connect",
    "drill_token",
]
