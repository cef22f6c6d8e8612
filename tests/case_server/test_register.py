"""The component register in the database: written with its events, asked by box, nearness, id."""

import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select

from case_server import readside, register, tiles
from case_server.server import serving
from case_server.tables import component_row
from casework.acts import ReportCase
from casework.decider import Grant
from casework.pack import encode_rules
from casework.procedures.component import ChangeComponent, RegisterComponent
from casework.queries import BoxQuery, ComponentQuery, NearQuery
from casework.replies import ComponentsReply, MarksReply
from casework.rulebook import Register, RuleBook
from casework.rules.geo import Box, box_around, distance
from casework.rules.register import Component, component_stream
from casework.terms import (
    AreaId,
    CaseId,
    ComponentId,
    ComponentState,
    Kind,
    Point,
    Role,
    Source,
    UnitId,
    point,
)
from casework.territory import Unit, UnitLevel
from casework.wire import Ack, Nack
from tests.case_server.desk_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    EAST,
    LAMPS,
    LOG,
    RULES,
    WATER,
    WEST,
    Office,
)
from tests.case_server.socket_kit import guest, in_time, server, settings

LID, LAMP, FAR = (
    ComponentId(f"440301{code}") for code in ("0103000001", "0118000001", "0103000002")
)
HERE = point(22.55, 114.15)
BOX = Box(HERE.lat - 10_000, HERE.lon - 10_000, HERE.lat + 10_000, HERE.lon + 10_000)
EVERYTHING = (Grant(role=Role.DISPATCHER),)


def near(north: float = 0.0, east: float = 0.0) -> Point:
    """A point so many metres from `HERE`, about."""
    return Point(HERE.lat + round(north * 90), HERE.lon + round(east * 97))


def put(office: Office, id: ComponentId, at: Point = HERE, **fields: object) -> Ack:
    command = RegisterComponent(id=id, point=at, **fields)  # type: ignore[arg-type]  # a test's own
    return office.accepted(ADMINISTRATOR, command)


def in_box(
    office: Office, grants: Sequence[Grant] = EVERYTHING, box: Box = BOX, limit: int = 10
) -> tuple[set[str], bool]:
    with office.database.read() as connection:
        marks, more = register.in_box(connection, LOG, (grants, RULES), box, limit)
    return {mark.id for mark in marks}, more


def nearest(office: Office, metres: int = 50, **how: object) -> list[Component]:
    with office.database.read() as connection:
        return register.nearest(
            connection,
            LOG,
            (EVERYTHING, RULES),
            HERE,
            metres=metres,
            **how,  # type: ignore[arg-type]  # a test's own
        )


def by_id(office: Office, *ids: ComponentId, grants: Sequence[Grant] = EVERYTHING) -> list[str]:
    with office.database.read() as connection:
        return [c.id for c in register.by_id(connection, LOG, (grants, RULES), ids)]


def test_a_registered_component_is_on_the_map_and_found_by_its_id(office: Office) -> None:
    put(office, LID, owner=WATER)
    assert in_box(office) == ({LID}, False)
    assert by_id(office, FAR, LID) == [LID]


def test_a_change_is_seen_and_what_moved_is_where_it_is_now(office: Office) -> None:
    ack = put(office, LID)
    away = point(22.56, 114.16)
    command = ChangeComponent(point=away, state=ComponentState.DAMAGED)
    office.accepted(ADMINISTRATOR, command, ack.stream)
    assert in_box(office) == (set(), False)
    with office.database.read() as connection:
        (mark,), _ = register.in_box(connection, LOG, (EVERYTHING, RULES), box_around(away, 5), 9)
    assert (mark.id, mark.point, mark.state) == (LID, away, ComponentState.DAMAGED)


def test_what_is_removed_is_neither_shown_nor_offered_but_still_known(office: Office) -> None:
    put(office, LID, state=ComponentState.REMOVED)
    assert in_box(office)[0] == set()
    assert nearest(office) == []
    assert by_id(office, LID) == [LID]


def test_a_box_says_when_there_is_more(office: Office) -> None:
    for number, id in enumerate((LID, LAMP, FAR)):
        put(office, id, near(number))
    found, more = in_box(office, limit=2)
    assert (len(found), more) == (2, True)
    assert in_box(office, limit=3) == ({LID, LAMP, FAR}, False)


def test_the_nearest_come_first_within_the_distance_asked(office: Office) -> None:
    put(office, FAR, near(east=40))
    put(office, LAMP, near(north=-3))
    put(office, LID, near(north=8))
    assert [each.id for each in nearest(office)] == [LAMP, LID, FAR]
    assert [each.id for each in nearest(office, metres=20)] == [LAMP, LID]
    assert [each.id for each in nearest(office, limit=1)] == [LAMP]
    assert [each.id for each in nearest(office, code="0103")] == [LID, FAR]


@pytest.mark.parametrize(
    ("grant", "seen"),
    [
        (Grant(role=Role.ACCEPTOR), {LID, LAMP}),
        (Grant(role=Role.OBSERVER, areas=(EAST,)), {LID, LAMP}),
        (Grant(role=Role.INSPECTOR, areas=(WEST,)), set()),
        (Grant(role=Role.ADMINISTRATOR), {LID, LAMP}),
        (Grant(role=Role.UNIT, unit=WATER), {LID}),
        (Grant(role=Role.UNIT, unit=LAMPS), {LAMP}),
        (Grant(role=Role.UNIT, unit=UnitId("ghost")), set()),
    ],
)
def test_people_see_their_areas_and_units_their_own(
    office: Office, grant: Grant, seen: set[str]
) -> None:
    put(office, LID, owner=WATER)
    put(office, LAMP, owner="某物业", maintainer=LAMPS)
    assert in_box(office, (grant,))[0] == seen
    assert set(by_id(office, LID, LAMP, grants=(grant,))) == seen


def test_an_areas_team_sees_what_stands_in_its_area(office: Office) -> None:
    put(office, LID)
    rules = _with_team(EAST)
    team = (Grant(role=Role.UNIT, unit=UnitId("team")),)
    with office.database.read() as connection:
        marks, _ = register.in_box(connection, LOG, (team, rules), BOX, 9)
        none, _ = register.in_box(connection, LOG, (team, _with_team(WEST)), BOX, 9)
    assert ([mark.id for mark in marks], none) == ([LID], [])


def _with_team(area: AreaId) -> RuleBook:
    team = Unit(id=UnitId("team"), name="队", level=UnitLevel.AREA, area=area)
    return replace(RULES, units=(*RULES.units, team))


def test_the_register_is_one_transaction_with_its_events(office: Office) -> None:
    answers = office.ask_all(
        [
            (ADMINISTRATOR, RegisterComponent(id=LID, point=HERE), "", 0, "", None),
            (ADMINISTRATOR, RegisterComponent(id=LID, point=HERE), "", 0, "", None),
            (
                ADMINISTRATOR,
                RegisterComponent(id=LAMP, point=HERE),
                component_stream(LAMP),
                0,
                "",
                None,
            ),
        ]
    )
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds == ["Ack", "Nack", "Ack"]
    with office.database.read() as connection:
        rows = connection.execute(select(component_row.c.component)).scalars()
        assert set(rows) == {LID, LAMP}


def test_a_stream_that_is_not_the_component_s_own_is_refused(office: Office) -> None:
    command = RegisterComponent(id=LID, point=HERE)
    answer = office.ask(ADMINISTRATOR, command, component_stream(LAMP))
    assert isinstance(answer, Nack)
    assert answer.code == "stream.wrong"


def test_a_report_takes_place_and_unit_from_the_register(office: Office) -> None:
    put(office, LID, owner=WATER)
    report = ReportCase(kind=Kind.COMPONENT, code="0103", source=Source.PHONE, component=LID)
    ack = office.accepted(ACCEPTOR, report)
    with office.database.read() as connection:
        case_id = CaseId(ack.stream.removeprefix("case/"))
        case, _ = readside.cases(connection, [case_id])[case_id]
    assert (case.component, case.component_unit, case.point) == (LID, WATER, HERE)
    assert case.district == EAST


def test_a_report_of_a_component_that_is_not_there_is_refused(office: Office) -> None:
    report = ReportCase(kind=Kind.COMPONENT, code="0103", source=Source.PHONE, component=LID)
    answer = office.ask(ACCEPTOR, report)
    assert isinstance(answer, Nack)
    assert answer.code == "component.not_found"


# --- the same, by brute force ------------------------------------------------------------------


def test_box_and_nearness_agree_with_looking_at_each_one(office: Office) -> None:
    dice = random.Random(300)
    placed = {
        ComponentId(f"4403010103{number:06}"): near(
            dice.uniform(-400, 400), dice.uniform(-400, 400)
        )
        for number in range(150)
    }
    office.ask_all(
        [
            (ADMINISTRATOR, RegisterComponent(id=id, point=at), "", 0, "", None)
            for id, at in placed.items()
        ]
    )
    for _ in range(20):
        corner, other = (near(dice.uniform(-450, 450), dice.uniform(-450, 450)) for _ in range(2))
        lats, lons = sorted((corner.lat, other.lat)), sorted((corner.lon, other.lon))
        box = Box(lats[0], lons[0], lats[1], lons[1])
        inside = {id for id, at in placed.items() if box.holds(at)}
        assert in_box(office, box=box, limit=200) == (inside, False)
    found = nearest(office, metres=300, limit=50)
    away = {id: distance(at, HERE) for id, at in placed.items()}
    expected = sorted((id for id in away if away[id] <= 300), key=away.__getitem__)[:50]
    assert {each.id for each in found} == set(expected)
    assert all(away[one.id] <= away[two.id] + 0.01 for one, two in pairwise(found))


# --- tiles -------------------------------------------------------------------------------------

LAT = st.integers(-90 * 10**7, 90 * 10**7 - 1)
LON = st.integers(-180 * 10**7, 180 * 10**7 - 1)


@given(LAT, LON, st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_every_point_of_a_box_lies_in_one_of_its_runs(
    lat: int, lon: int, high: int, wide: int, up: float, along: float
) -> None:
    box = Box(lat, lon, lat + high, lon + wide)
    inside = Point(lat + int(high * up), lon + int(wide * along))
    found = [
        (first, last) for first, last in tiles.runs(box) if first <= tiles.tile(inside) <= last
    ]
    assert len(found) == 1
    assert tiles.rows_of(box) == len(list(tiles.runs(box)))


# --- over the wire -----------------------------------------------------------------------------


def test_a_session_asks_by_box_by_nearness_and_by_id(tmp_path: Path) -> None:
    async def work() -> None:
        async with (
            server(tmp_path) as address,
            guest(address, ADMINISTRATOR) as keeper,
            guest(address, ACCEPTOR) as acceptor,
        ):
            await keeper.hello()
            await acceptor.hello()
            for id, at in ((LID, near(north=5)), (LAMP, near(north=90))):
                await keeper.accepted(Role.ADMINISTRATOR, RegisterComponent(id=id, point=at))
            boxed = (await acceptor.fetch(BoxQuery(box=BOX))).body
            close = (await acceptor.fetch(NearQuery(point=HERE))).body
            named = (await acceptor.fetch(ComponentQuery(ids=(LAMP, FAR)))).body
        assert isinstance(boxed, MarksReply)
        assert {mark.id for mark in boxed.marks} == {LID, LAMP}
        assert isinstance(close, ComponentsReply)
        assert [each.id for each in close.components] == [LID]  # the rule book's 50 m
        assert isinstance(named, ComponentsReply)
        assert [each.id for each in named.components] == [LAMP]

    in_time(work)


@pytest.mark.parametrize(("metres", "offered"), [(4, []), (60, [LID])])
def test_the_rule_book_says_how_far_components_are_offered(
    tmp_path: Path, metres: int, offered: list[ComponentId]
) -> None:
    rules = replace(RULES, register=Register(near_metres=metres))

    async def work() -> None:
        async with (
            serving(settings(tmp_path, rules_bytes=encode_rules(rules))) as address,
            guest(address, ADMINISTRATOR) as keeper,
        ):
            await keeper.hello()
            command = RegisterComponent(id=LID, point=near(north=20))
            await keeper.accepted(Role.ADMINISTRATOR, command)
            close = (await keeper.fetch(NearQuery(point=HERE))).body
        assert isinstance(close, ComponentsReply)
        assert [each.id for each in close.components] == offered

    in_time(work)


def test_a_box_is_found_by_its_tiles_and_not_by_walking_the_log(office: Office) -> None:
    if office.database.dialect != "sqlite":
        pytest.skip("PostgreSQL chooses by what the tables hold")
    clause = register._within(BOX)
    compiled = (
        select(component_row.c.component)
        .where(component_row.c.log == LOG, clause)
        .compile(dialect=office.database.writer.dialect, compile_kwargs={"literal_binds": True})
    )
    with office.database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
    assert "component_row_tile" in str(plan)
