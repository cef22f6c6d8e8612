"""At a share of an order's limit its inspector is told, and it counts as near its limit."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from backend_client.notices import Joined
from casework.case import Case, Order
from casework.decider import Grant
from casework.terms import Role, State, UserId
from console.nearing import Nearing
from console.order_book import OrderBook
from console.panes.notice import NoticeLine
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

LI = UserId("li")
MINUTE = timedelta(minutes=1)


def order(used: int, to: UserId = LI) -> Case:
    """A check of a hundred minutes, so many of which are used."""
    sent = cases.NOW - used * MINUTE
    out = Order(sent_at=sent, due=sent + 100 * MINUTE, read_at=sent)
    return replace(cases.one(State.CHECKING), inspector=to, order=out)


class Seat:
    """An inspector's desk: what it was told."""

    def __init__(self, role: Role = Role.INSPECTOR) -> None:
        self.desk = FakeDesk()
        self.desk.join(replace(cases.welcome(), user=LI, grants=(Grant(role=role),)))
        self.nearing = Nearing(self.desk.picture, self.desk.picture)
        self.book = OrderBook(self.desk.picture, self.desk.picture)
        self.told: list[str] = []
        self.nearing.told.connect(self.told.append)

    @property
    def said(self) -> list[str]:
        return [each for each in self.told if each]


@pytest.mark.parametrize(("used", "near"), [(59, False), (60, True), (99, True), (100, False)])
def test_an_inspector_is_told_when_so_much_of_an_orders_limit_is_used(
    qapp: object, used: int, near: bool
) -> None:
    seat = Seat()
    seat.desk.show(order(used))
    assert bool(seat.said) is near
    assert seat.book.tally().soon == near


def test_it_says_which_order_and_how_long_there_is(qapp: object) -> None:
    seat = Seat()
    case = order(75)
    seat.desk.show(case)
    number = case.id.partition("-")[2]
    assert seat.said == [f"{number}: the order to check is due in 0:25."]


def test_it_is_told_once_and_taken_away_when_the_order_is_done(qapp: object) -> None:
    seat = Seat()
    seat.desk.show(order(60))
    seat.desk.show(order(61))
    seat.nearing.look()
    assert len(seat.said) == 1
    seat.desk.show(replace(order(62), order=None, inspector=None))
    assert seat.told[-1] == ""


def test_time_alone_brings_it_near(qapp: object) -> None:
    seat = Seat()
    seat.desk.show(order(59))
    seat.desk.steady.seconds += 61
    seat.nearing.look()
    assert len(seat.said) == 1


def test_anothers_order_and_another_post_are_told_nothing(qapp: object) -> None:
    for seat, case in (
        (Seat(), order(80, UserId("wang"))),
        (Seat(role=Role.ACCEPTOR), order(80)),
    ):
        seat.desk.show(case)
        assert seat.said == []


def test_the_share_is_the_rule_books(qapp: object) -> None:
    rules = cases.rules()
    late = replace(rules, orders=replace(rules.orders, warn_percent=90))
    desk = FakeDesk()
    welcome = replace(cases.welcome(), user=LI, grants=(Grant(role=Role.INSPECTOR),))
    desk.hear(Joined(welcome=welcome, rules=late))
    for used, near in ((89, False), (90, True)):
        desk.show(order(used))
        assert OrderBook(desk.picture, desk.picture).tally().soon == near


def test_the_line_stays_until_it_is_put_away(qtbot: QtBot, theme: Theme) -> None:
    desk = FakeDesk()
    desk.join()
    line = NoticeLine(desk.picture, theme)
    qtbot.addWidget(line)
    line.say_near("1: the order to check is due in 0:25.")
    assert not line.near.isHidden()
    line.near.act_asked.emit()
    assert line.near.isHidden()
    line.say_near("again")
    line.say_near("")
    assert line.is_silent
