"""巡查: an inspector goes on duty, says where, and goes off; nobody does it for another."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework.decider import Actor, Command, Place, Refused
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
)
from casework.rulebook import Orders
from casework.terms import Role, point
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


def refusal(
    patrol: Patrol | None,
    command: Command,
    actor: Actor = INSPECTOR,
    place: Place | None = None,
    seconds: int = 0,
    settings: Orders = RULES.orders,
) -> str:
    rules = replace(RULES, orders=settings)
    of = replace(context(actor, place=place, rules=rules), at=NINE + timedelta(seconds=seconds))
    with pytest.raises(Refused) as refused:
        decide(patrol, command, of)
    return refused.value.code


ON_DUTY = done(None, GoOnDuty(point=HERE))


def test_an_inspector_goes_on_duty_with_or_without_a_position() -> None:
    assert decide(None, GoOnDuty(), context(INSPECTOR)) == [WentOnDuty()]
    assert (ON_DUTY.since, ON_DUTY.point, ON_DUTY.at) == (NINE, HERE, NINE)
    assert DECIDER.opens(GoOnDuty(), context(INSPECTOR)) == "patrolling"


def test_on_duty_positions_are_kept_with_their_accuracy() -> None:
    moved = done(ON_DUTY, ReportPosition(point=AROUND_THE_CORNER, accuracy_m=12), 10)
    assert (moved.point, moved.accuracy_m) == (AROUND_THE_CORNER, 12)
    assert moved.at == NINE + timedelta(seconds=10)
    assert moved.since == NINE


def test_a_position_close_by_and_soon_is_no_news() -> None:
    report = ReportPosition(point=NEXT_DOOR)
    assert refusal(ON_DUTY, report, seconds=59) == "patrol.too_soon"
    assert done(ON_DUTY, report, 60).point == NEXT_DOOR


def test_how_soon_and_how_close_is_the_citys_setting() -> None:
    of = replace(context(INSPECTOR), at=NINE + timedelta(seconds=59))
    near = ReportPosition(point=NEXT_DOOR)
    for settings in (Orders(position_seconds=30), Orders(position_metres=20)):
        lenient = replace(of, rules=replace(RULES, orders=settings))
        assert decide(ON_DUTY, near, lenient) == [PositionReported(point=NEXT_DOOR)]
    far = ReportPosition(point=AROUND_THE_CORNER)
    wide = Orders(position_metres=500)
    assert refusal(ON_DUTY, far, seconds=59, settings=wide) == "patrol.too_soon"


def test_off_duty_nothing_is_kept_of_where_somebody_is() -> None:
    off = done(ON_DUTY, GoOffDuty(), 60)
    assert (off.since, off.point, off.at) == (None, None, None)
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
    assert refusal(patrol, command, place=doubt, seconds=600) == "place.outside"


def test_only_an_inspector_patrols_and_only_for_himself() -> None:
    assert refusal(None, GoOnDuty(), ACCEPTOR) == "patrol.inspectors_only"
    other = person("another", grant(Role.INSPECTOR))
    assert refusal(ON_DUTY, GoOffDuty(), other) == "patrol.not_yours"
