"""How an order to an inspector stands: sent, delivered, read, or something is wrong with it.

The centre's report for 2008 complains that inspectors sometimes do not get their orders in time; so
an order that was not delivered, not read or not done shows itself.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from casework.rulebook import Orders


class Standing(StrEnum):
    """Worst first."""

    LATE = "late"  # 已超時: not done within the limit
    UNDELIVERED = "undelivered"  # 未送達: no device has it
    UNREAD = "unread"  # 未讀: delivered, but nobody has opened it
    SENT = "sent"  # 已發出
    DELIVERED = "delivered"  # 已送達
    READ = "read"  # 已讀


ALARMS = frozenset({Standing.LATE, Standing.UNDELIVERED, Standing.UNREAD})
"""Somebody in the centre has to do something."""


def standing(
    *,
    sent_at: datetime,
    due: datetime | None,
    delivered_at: datetime | None,
    read_at: datetime | None,
    named: bool,
    now: datetime,
    settings: Orders,
) -> Standing:
    """How an order stands at `now`; all instants aware UTC. An order that names nobody is open to
    all inspectors of the area: no device can be missing it, but it can be late."""
    if due is not None and now > due:
        return Standing.LATE
    if read_at is not None:
        return Standing.READ
    if delivered_at is not None:
        late = now - delivered_at > timedelta(minutes=settings.read_minutes)
        return Standing.UNREAD if late else Standing.DELIVERED
    late = named and now - sent_at > timedelta(seconds=settings.deliver_seconds)
    return Standing.UNDELIVERED if late else Standing.SENT
