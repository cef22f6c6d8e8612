"""An order that was not delivered, not read or not done shows itself."""

from datetime import UTC, datetime, timedelta

from casework.rulebook import Orders
from casework.rules.order_watch import ALARMS, Standing, standing

SENT = datetime(2008, 6, 13, 9, tzinfo=UTC)
SETTINGS = Orders(deliver_seconds=120, read_minutes=10)
DUE = SENT + timedelta(minutes=30)


def after(
    seconds: int,
    *,
    delivered: int | None = None,
    read: int | None = None,
    due: datetime | None = DUE,
    named: bool = True,
) -> Standing:
    def instant(at: int | None) -> datetime | None:
        return None if at is None else SENT + timedelta(seconds=at)

    return standing(
        sent_at=SENT,
        due=due,
        delivered_at=instant(delivered),
        read_at=instant(read),
        named=named,
        now=SENT + timedelta(seconds=seconds),
        settings=SETTINGS,
    )


def test_an_order_goes_from_sent_to_delivered_to_read() -> None:
    assert after(120) is Standing.SENT
    assert after(121, delivered=3) is Standing.DELIVERED
    assert after(200, delivered=3, read=40) is Standing.READ


def test_an_order_that_no_device_has_in_time_is_undelivered() -> None:
    assert after(121) is Standing.UNDELIVERED


def test_an_order_that_nobody_opens_in_time_is_unread() -> None:
    assert after(3 + 600, delivered=3) is Standing.DELIVERED
    assert after(3 + 601, delivered=3) is Standing.UNREAD


def test_after_its_limit_an_order_that_is_read_or_names_nobody_is_late() -> None:
    assert after(1800, delivered=3, read=4) is Standing.READ
    assert after(1801, delivered=3, read=4) is Standing.LATE
    assert after(1801, named=False) is Standing.LATE


def test_a_limit_that_ends_before_the_device_or_the_reader_is_late_makes_the_order_late() -> None:
    soon = SENT + timedelta(seconds=60)
    assert after(61, due=soon) is Standing.LATE
    assert after(61, delivered=3, due=soon) is Standing.LATE


def test_of_a_late_order_it_is_said_first_that_nobody_has_it_or_has_opened_it() -> None:
    assert after(1801) is Standing.UNDELIVERED
    assert after(1801, delivered=3) is Standing.UNREAD


def test_an_order_without_a_limit_is_never_late() -> None:
    assert after(100_000, delivered=1, read=2, due=None) is Standing.READ


def test_an_order_to_nobody_by_name_cannot_be_undelivered() -> None:
    assert after(121, named=False) is Standing.SENT


def test_what_asks_for_somebody_comes_first() -> None:
    order = list(Standing)
    assert {order.index(each) for each in ALARMS} == {0, 1, 2}
    assert order[0] is Standing.UNDELIVERED
