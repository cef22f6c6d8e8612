import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.acts import CaseClosed, CaseReported, ReportCase
from casework.terms import Kind, Role, Source, State, UnitId
from drill import script
from drill.plan import Plan, command_id, next_link
from drill.records import recorded_life
from drill.stage import Refusal, Stage

from .conftest import START, UNITS, FakeDesk

SECOND = timedelta(seconds=1)


def life(number: int, opened: int, lasts: int | None, unit: UnitId = UNITS[0]) -> Plan:
    at = START + opened * SECOND
    report = ReportCase(
        kind=Kind.INCIDENT, code="hole", source=Source.PHONE, reference=f"r{number}"
    )
    closed = None if lasts is None else at + lasts * SECOND
    return recorded_life(report, unit, at, closed, line=number + 2)


LIVES = st.lists(
    st.tuples(st.integers(0, 40), st.none() | st.integers(-5, 60), st.sampled_from(UNITS)),
    max_size=25,
).map(
    lambda rows: [
        life(number, *row) for number, row in enumerate(sorted(rows, key=lambda row: row[0]))
    ]
)


def play(desk: FakeDesk, plans: Sequence[Plan], *, going_on: bool = False) -> list[Refusal]:
    refused: list[Refusal] = []

    async def run() -> None:
        stage = Stage(desk.cast, "test", refused=refused.append)
        past = desk.at if going_on else None
        await stage.play(script.marks(plans), past, desk.standing() if going_on else {})

    asyncio.run(run())
    return refused


def instants(desk: FakeDesk, kind: type[Any]) -> dict[str, datetime]:
    """When each case by reference had its event of a kind."""
    names = {recorded.stream: "" for recorded in desk.history}
    for recorded in desk.history:
        if isinstance(recorded.event, CaseReported):
            names[recorded.stream] = recorded.event.reference
    return {names[r.stream]: r.at for r in desk.history if isinstance(r.event, kind)}


def opened_and_closed(plans: Sequence[Plan]) -> tuple[dict[str, datetime], dict[str, datetime]]:
    opened = {plan.reference: plan.links[0].at for plan in plans}
    closed = {plan.reference: plan.links[-1].at for plan in plans if len(plan.links) == 8}
    return opened, closed  # type: ignore[return-value]  # both ends have instants


@given(LIVES)
def test_marks_come_in_time_order_and_along_each_plan(plans: list[Plan]) -> None:
    found = list(script.marks(plans))
    assert found == sorted(found)
    assert len(found) == sum(link.at is not None for plan in plans for link in plan.links)


def test_plans_out_of_order_are_a_broken_promise() -> None:
    with pytest.raises(ValueError, match="r1: plans come in the order of their reports"):
        list(script.marks([life(0, 5, None), life(1, 4, None)]))


@given(LIVES, st.integers())
def test_a_case_opens_and_closes_at_the_very_instants_of_its_record(
    plans: list[Plan], seed: int
) -> None:
    desk = FakeDesk(seed)
    assert play(desk, plans) == []
    opened, closed = opened_and_closed(plans)
    assert instants(desk, CaseReported) == opened
    assert instants(desk, CaseClosed) == closed


@given(LIVES, st.integers(), st.lists(st.integers(0, 60), min_size=1, max_size=4))
def test_a_replay_cut_anywhere_goes_on_without_a_lost_or_doubled_case(
    plans: list[Plan], seed: int, cuts: list[int]
) -> None:
    desk = FakeDesk(seed)
    for number, cut in enumerate(cuts):
        desk.crash, desk.commands = cut, 0
        try:
            assert play(desk, plans, going_on=number > 0) == []
        except ConnectionError:
            desk.sessions.clear()
    desk.crash = None
    assert play(desk, plans, going_on=True) == []
    opened, closed = opened_and_closed(plans)
    assert len(desk.cases) == len(plans)
    assert instants(desk, CaseReported) == opened
    assert instants(desk, CaseClosed) == closed


def test_a_record_that_closes_before_it_opens_closes_at_its_opening_and_claims_its_own_time(
    new_desk: Callable[[int], FakeDesk],
) -> None:
    desk = new_desk(0)
    play(desk, [life(0, 10, -4), life(1, 20, None)])
    closing = next(r for r in desk.history if isinstance(r.event, CaseClosed))
    assert (closing.at, closing.claimed) == (START + 10 * SECOND, START + 6 * SECOND)


def test_each_link_is_acted_by_a_session_of_that_role_and_unit_alone(
    new_desk: Callable[[int], FakeDesk],
) -> None:
    desk = new_desk(1)
    play(desk, [life(0, 0, 9, UNITS[0]), life(1, 1, 9, UNITS[1])])
    assert {(session.role, session.unit) for session in desk.sessions} == {
        (Role.ACCEPTOR, None),
        (Role.SHIFT_LEADER, None),
        (Role.DISPATCHER, None),
        (Role.INSPECTOR, None),
        (Role.UNIT, UNITS[0]),
        (Role.UNIT, UNITS[1]),
    }


def test_a_refused_report_is_told_and_the_rest_goes_on(
    new_desk: Callable[[int], FakeDesk],
) -> None:
    desk = new_desk(0)
    report = ReportCase(kind=Kind.INCIDENT, code="moon", source=Source.PHONE, reference="r0")
    strange = recorded_life(report, UNITS[0], START, START + SECOND, line=2)
    refused = play(desk, [strange, life(1, 1, 5)])
    assert [(r.plan.line, r.link, r.code) for r in refused] == [(2, 0, "case.unknown_class")]
    assert [case.state for case in desk.cases.values()] == [State.CLOSED]


def test_a_case_in_other_hands_is_left_alone(new_desk: Callable[[int], FakeDesk]) -> None:
    plan = life(0, 0, 5)
    assert next_link(plan, State.VERIFYING) is None
    assert [next_link(plan, link.leads_to) for link in plan.links] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_command_ids_are_the_same_in_every_run_and_differ_by_link() -> None:
    assert command_id("boston311", "101", 0) == "8fd54ff8f8da18d73fc253b2a42152d0"
    assert len({command_id("a", "1", n) for n in range(8)} | {command_id("b", "1", 0)}) == 9
