"""巡查: an inspector goes on duty, says where, and goes off; nobody does it for another."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework.decider import Actor, Command, Context, Place, Position, Refused
from casework.procedures.patrol import (
    DECIDER,
    GoOffDuty,
    GoOnDuty,
    Patrol,
    PositionReported,
    ReportPosition,
    WentOnDuty,
    decide,
    evolve,
    position_of,
)
from casework.rulebook import Orders
from casework.terms import Point, Role, point
from tests.casework.case_kit import ACCEPTOR, NINE, RULES, context, grant, person, recorded

INSPECTOR = person("patrolling", grant(Role.INSPECTOR))
HERE, NEXT_DOOR, AROUND_THE_CORNER = (
    point(22.54, 114.05),
    point(22.5402, 114.05),
    point(22.541, 114.05),
)


def done(patrol: Patrol | None, command: Command, seconds: int = 0) -> Patrol:
    of = replace(context(INSPECTOR), at=NINE + timedelta(seconds=seconds))
    for event in decide(patrol, command, of):
        version = 1 if patrol is None else patrol.version + 1
        patrol = evolve(patrol, recorded(event, of, version, "patrol/patrolling"))
    assert patrol is not None
    return patrol


def at(point: Point, seconds: int = 0, settings: Orders = RULES.orders) -> Context:
    """A decision so many seconds after a position that was told at nine."""
    of = replace(context(INSPECTOR), at=NINE + timedelta(seconds=seconds))
    rules = replace(RULES, orders=settings)
    return replace(
        of, rules=rules, facts=replace(of.facts, position=Position(point=point, at=NINE))
    )


def refusal(
    patrol: Patrol | None,
    command: Command,
    actor: Actor = INSPECTOR,
    place: Place | None = None,
) -> str:
    with pytest.raises(Refused) as refused:
        decide(patrol, command, context(actor, place=place))
    return refused.value.code


ON_DUTY = done(None, GoOnDuty(point=HERE))


def test_an_inspector_goes_on_duty_with_or_without_a_position() -> None:
    for command in (GoOnDuty(), GoOnDuty(point=HERE)):
        assert decide(None, command, context(INSPECTOR)) == [WentOnDuty()]
    assert ON_DUTY.since == NINE
    assert DECIDER.opens(GoOnDuty(), context(INSPECTOR)) == "patrolling"


def test_a_position_is_no_event() -> None:
    report = ReportPosition(point=AROUND_THE_CORNER, accuracy_m=12)
    assert decide(ON_DUTY, report, at(HERE, 10)) == []
    assert position_of(report, NINE) == Position(point=AROUND_THE_CORNER, at=NINE, accuracy_m=12)
    assert position_of(GoOnDuty(point=HERE), NINE) == Position(point=HERE, at=NINE)
    assert position_of(GoOnDuty(), NINE) is None
    assert position_of(GoOffDuty(), NINE) is None


def test_positions_that_earlier_programs_journalled_are_read_and_not_kept() -> None:
    of = context(INSPECTOR)
    went = evolve(None, recorded(WentOnDuty(point=HERE), of, 1, "patrol/patrolling"))
    told = evolve(went, recorded(PositionReported(point=HERE), of, 2, "patrol/patrolling"))
    assert told == Patrol(user=INSPECTOR.user, version=2, since=of.at)


def test_a_position_close_by_and_soon_is_no_news() -> None:
    report = ReportPosition(point=NEXT_DOOR)
    with pytest.raises(Refused) as refused:
        decide(ON_DUTY, report, at(HERE, 59))
    assert refused.value.code == "patrol.too_soon"
    assert decide(ON_DUTY, report, at(HERE, 60)) == []


def test_how_soon_and_how_close_is_the_citys_setting() -> None:
    near, far = ReportPosition(point=NEXT_DOOR), ReportPosition(point=AROUND_THE_CORNER)
    for settings in (Orders(position_seconds=30), Orders(position_metres=20)):
        assert decide(ON_DUTY, near, at(HERE, 59, settings)) == []
    with pytest.raises(Refused) as refused:
        decide(ON_DUTY, far, at(HERE, 59, Orders(position_metres=500)))
    assert refused.value.code == "patrol.too_soon"


def test_who_is_off_duty_reports_nothing() -> None:
    off = done(ON_DUTY, GoOffDuty(), 60)
    assert off.since is None
    assert refusal(off, ReportPosition(point=HERE)) == "patrol.off_duty"
    assert refusal(off, GoOffDuty()) == "patrol.off_duty"
    assert done(off, GoOnDuty(), 120).version == 3


def test_nobody_goes_on_duty_twice_or_reports_before() -> None:
    assert refusal(ON_DUTY, GoOnDuty()) == "patrol.on_duty"
    assert refusal(None, ReportPosition(point=HERE)) == "patrol.off_duty"


@pytest.mark.parametrize("command", [GoOnDuty(point=HERE), ReportPosition(point=HERE)])
def test_a_position_that_cannot_be_true_is_refused(command: Command) -> None:
    patrol = ON_DUTY if isinstance(command, ReportPosition) else None
    doubt = Place(doubt="place.outside")
    assert refusal(patrol, command, place=doubt) == "place.outside"


def test_only_an_inspector_patrols_and_only_for_himself() -> None:
    assert refusal(None, GoOnDuty(), ACCEPTOR) == "patrol.inspectors_only"
    other = person("another", grant(Role.INSPECTOR))
    assert refusal(ON_DUTY, GoOffDuty(), other) == "patrol.not_yours"
