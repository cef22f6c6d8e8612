"""How an order to an inspector stands: sent, delivered, read, or something is wrong with it.

The centre's report for 2008 complains that inspectors sometimes do not get their orders in time; so
an order that was not delivered, not read or not done shows itself.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from casework.rulebook import Orders


class Standing(StrEnum):
    """Worst first."""

    UNDELIVERED = "undelivered"  # 未送達: no device has it in time
    UNREAD = "unread"  # 未讀: delivered, but nobody has opened it in time
    LATE = "late"  # 已超時: not done within the limit
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
    """How an order stands at `now`; all instants aware UTC.

    That nobody has it, or nobody has opened it, says more of a late order than that it is late:
    somebody else must be sent. An order that names nobody is open to all inspectors of the area:
    no device can be missing it, but it can be late.
    """
    if read_at is None and delivered_at is not None:
        if now - delivered_at > timedelta(minutes=settings.read_minutes):
            return Standing.UNREAD
    elif named and read_at is None and now - sent_at > timedelta(seconds=settings.deliver_seconds):
        return Standing.UNDELIVERED
    if due is not None and now > due:
        return Standing.LATE
    if read_at is not None:
        return Standing.READ
    return Standing.DELIVERED if delivered_at is not None else Standing.SENT
