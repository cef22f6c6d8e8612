"""How often a client speaks, and how long it waits."""

from msgspec import Struct


class Pace(Struct, frozen=True, kw_only=True):
    """Seconds of the monotonic clock (trust.md c.7)."""

    heartbeat: float = 5.0
    """Idle time after which a sign of life is sent."""
    silence: float = 11.5
    """Without any frame for so long the link is lost, whatever the socket says: within 12 s, as
    it is looked after each tenth of `heartbeat`."""
    seen: float = 2.0
    """Between two reports of how far the replica is."""
    least_wait: float = 0.25
    most_wait: float = 8.0
    """Between two tries to connect, before the dice."""
    keep: float = 60.0
    """Between two pictures on disk."""
