import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import resources
from case_server.server import Settings, serving
from casework.acts import OrderVerification, ReportCase
from casework.decider import Refused
from casework.enquiries import InspectorRow, InspectorsQuery, InspectorsReply
from casework.pack import encode_rules, read_pack
from casework.procedures.log import SetPace
from casework.queries import CaseQuery
from casework.replies import CaseDetail
from casework.rulebook import RuleBook
from casework.terms import CaseId, Kind, Role, Source, UnitId
from drill.city import City
from drill.enrol import enrol
from drill.inspectors import inspectors
from drill.live import Live
from drill.opening import opening
from drill.plan import Plan
from drill.records import recorded_life
from drill.replay import replay
from drill.troupe import Troupe, bot

from .conftest import RULES, START, UNITS


@asynccontextmanager
async def troupe_on(folder: Path, rules: RuleBook, starts: datetime) -> AsyncIterator[Troupe]:
    key = folder / "key"
    key.write_bytes(os.urandom(32))
    settings = Settings(
        database=f"sqlite:///{folder}/log.sqlite",
        port=0,
        practice=True,
        rules_bytes=encode_rules(rules),
        drill_key_file=str(key),
        starts=starts,
    )
    async with serving(settings) as address, Troupe(address, key.read_bytes()) as troupe:
        yield troupe


def test_a_bot_holds_its_one_grant_and_a_name_that_a_server_takes() -> None:
    unit = UnitId("a_unit_with_a_very_long_name_indeed@440303001")
    for who in (bot(Role.ACCEPTOR), bot(Role.UNIT, UnitId("road@1")), bot(Role.UNIT, unit)):
        assert len(who.grants) == 1
        assert len(who.user) <= 40
        assert "@" not in who.user


def test_players_act_without_hearing_of_others_and_the_watch_sees_every_case(
    tmp_path: Path,
) -> None:
    async def play() -> None:
        async with troupe_on(tmp_path, RULES, START) as troupe:
            acceptor = await troupe.session(Role.ACCEPTOR)
            assert acceptor is await troupe.session(Role.ACCEPTOR)
            report = ReportCase(kind=Kind.INCIDENT, code="hole", source=Source.PHONE)
            await acceptor.ask(report, role=Role.ACCEPTOR)
            async with troupe.watch() as watch:
                assert len(watch.replica.cases) == 1
            assert not acceptor.replica.cases

    asyncio.run(play())


def test_a_log_past_the_first_record_or_with_other_cases_is_refused(tmp_path: Path) -> None:
    def one(reference: str) -> list[Plan]:
        report = ReportCase(
            kind=Kind.INCIDENT, code="hole", source=Source.PHONE, reference=reference
        )
        return [recorded_life(report, UNITS[0], START + timedelta(hours=2), None, line=2)]

    async def play(troupe: Troupe, reference: str) -> None:
        plans = one(reference)
        await replay(troupe, plans, "t", refused=print, show=print)

    async def both() -> None:
        async with troupe_on(tmp_path, RULES, START + timedelta(days=1)) as troupe:
            with pytest.raises(Refused, match=r"replay\.clock_ahead"):
                await play(troupe, "a")
        (tmp_path / "new").mkdir()
        async with troupe_on(tmp_path / "new", RULES, START) as troupe:
            await play(troupe, "a")
            with pytest.raises(Refused, match=r"replay\.other_log"):
                await play(troupe, "b")

    asyncio.run(both())


@pytest.mark.slow
def test_a_living_city_brings_cases_in_and_on(tmp_path: Path) -> None:
    folder = resources.root() / "cities" / "shenzhen"
    rules = read_pack({entry.name: entry.read_bytes() for entry in folder.iterdir()})
    city = City(rules)

    async def live() -> set[str]:
        async with troupe_on(tmp_path, rules, opening(city)) as troupe, troupe.watch() as eye:
            keeper = await troupe.session(Role.ADMINISTRATOR)
            log = keeper.welcome.log
            await keeper.ask(SetPace(speed=600), stream=f"log/{log}", role=Role.ADMINISTRATOR)
            bots = Live(troupe, city)
            living = asyncio.ensure_future(bots.run())
            seen: set[str] = set()

            async with asyncio.timeout(120):
                async for change in eye.changes():
                    seen.update(case.state for case in change.upserted)
                    if "dispatched" in seen:
                        break
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            assert bots.acted > bots.refused
            return seen

    assert {"registered", "filed", "dispatched"} <= asyncio.run(live())


@pytest.mark.slow
def test_an_order_by_name_is_done_by_that_inspector_who_is_on_duty(tmp_path: Path) -> None:
    folder = resources.root() / "cities" / "shenzhen"
    rules = read_pack({entry.name: entry.read_bytes() for entry in folder.iterdir()})
    city = City(rules)
    named = inspectors(rules)[0]

    async def live() -> tuple[str, InspectorRow]:
        async with troupe_on(tmp_path, rules, opening(city)) as troupe, troupe.watch() as eye:
            keeper = await troupe.session(Role.ADMINISTRATOR)
            await enrol(keeper, inspectors(rules))
            acceptor = await troupe.session(Role.ACCEPTOR)
            report = ReportCase(
                kind=Kind.INCIDENT,
                code="0102",
                source=Source.PHONE,
                district=named.grants[0].areas[0],
            )
            ack = await acceptor.ask(report, role=Role.ACCEPTOR)
            order = OrderVerification(inspector=named.user)
            await acceptor.ask(
                order, role=Role.ACCEPTOR, stream=ack.stream, base_version=ack.version
            )
            log = keeper.welcome.log
            await keeper.ask(SetPace(speed=600), stream=f"log/{log}", role=Role.ADMINISTRATOR)
            living = asyncio.ensure_future(Live(troupe, city).run())
            id = CaseId(ack.stream.removeprefix("case/"))
            async with asyncio.timeout(40):
                async for _ in eye.changes():
                    if eye.replica.cases[id].confirmed:
                        break
            detail = await acceptor.fetch(CaseQuery(case=id))
            everybody = await acceptor.fetch(InspectorsQuery())
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            assert isinstance(detail, CaseDetail)
            assert isinstance(everybody, InspectorsReply)
            verified = next(row for row in detail.history if row.type == "ReportVerified")
            row = next(row for row in everybody.inspectors if row.user == named.user)
            return verified.name, row

    name, row = asyncio.run(live())
    assert name == named.name
    assert row.point is not None
    assert row.on_duty_since is not None
