"""A simulated day ends with every open case in somebody's hands, and has used every act."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

import resources
from case_server.server import Settings, serving
from case_server.session import Limits
from casework.holding import holder
from casework.life import ACTS
from casework.pack import encode_rules, read_pack
from casework.rulebook import RuleBook
from casework.terms import Role
from console.panes.boxes import BOXES
from drill.city import City
from drill.day import Day
from drill.day_people import Outcome, begins
from drill.troupe import Troupe
from tests.databases import log_url


def shenzhen() -> RuleBook:
    folder = resources.root() / "cities" / "shenzhen"
    return read_pack({entry.name: entry.read_bytes() for entry in folder.iterdir()})


def played(folder: Path, cases: int, step: timedelta, operators: dict[Role, int]) -> Outcome:
    rules = shenzhen()
    key = folder / "key"
    key.write_bytes(os.urandom(32))
    settings = Settings(
        database=log_url(folder),
        blobs=str(folder / "blobs"),
        port=0,
        practice=True,
        rules_bytes=encode_rules(rules),
        drill_key_file=str(key),
        starts=begins(rules),
        limits=Limits(sockets_per_address=200),
    )

    async def play() -> Outcome:
        async with serving(settings) as address, Troupe(address, key.read_bytes()) as troupe:
            return await Day(troupe, key.read_bytes(), City(rules), operators).run(cases, step)

    return asyncio.run(play())


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """240 cases, 12 operators, rounds of ten minutes."""
    few = {Role.ACCEPTOR: 4, Role.SHIFT_LEADER: 4, Role.DISPATCHER: 4}
    return played(tmp_path_factory.mktemp("day"), 240, timedelta(minutes=10), few)


def hold(day: Outcome) -> None:
    assert day.open
    assert day.unheld() == []
    assert day.timeless() == []
    percent = shenzhen().queues.soon_percent
    for case in day.open:
        has = holder(case)
        assert has is not None
        boxes = [box for box in BOXES if box.group == "links"]
        assert [b.key for b in boxes if b.holds(case, day.at, percent, has.user)] == [case.state]


def test_the_day_ends_with_every_open_case_held_and_due_and_in_its_holders_box(
    day: Outcome,
) -> None:
    assert day.reported == 240
    hold(day)


def test_while_inspectors_are_on_duty_every_order_of_the_day_names_one_of_them(
    day: Outcome,
) -> None:
    on_duty = {who.user for who in day.players if who.grants[0].role is Role.INSPECTOR}
    ordered = [case.inspector for case in day.cases if case.order is not None]
    assert ordered
    assert set(ordered) <= on_duty


def test_the_day_uses_every_act_of_the_table(day: Outcome) -> None:
    assert {act.name for act in ACTS} - day.acts.keys() == set()
