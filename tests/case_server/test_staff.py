"""People at work by name, as the server tells of them: to whom, and who could take a case over."""

import pytest

from case_server import staff
from case_server.accounts import Seats
from case_server.departure import departure
from case_server.users import Person
from casework import acts
from casework.case import Case
from casework.claims import ClaimCase
from casework.decider import Actor, Grant, Refused
from casework.enquiries import Colleague, DepartureQuery, DepartureReply, UnitLeft
from casework.procedures.account import AddAccount, DisableAccount
from casework.terms import AreaId, Role, UnitId, UserId
from tests.case_server.desk_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    EAST,
    LOG,
    RULES,
    WATER,
    WEST,
    Office,
    report,
)

CENTRE = Grant(role=Role.ACCEPTOR, areas=(EAST,))


def enrol(office: Office, user: str, *grants: Grant) -> Actor:
    command = AddAccount(user=user, name=f"姓名{user}", post="受理", grants=grants)
    office.accepted(ADMINISTRATOR, command)
    return Actor(user=UserId(user), grants=grants, device=user)


def acceptor(*areas: AreaId) -> Grant:
    return Grant(role=Role.ACCEPTOR, areas=areas)


def named(office: Office, *grants: Grant, user: str = "asking") -> dict[str, str]:
    person = Person(user=UserId(user), name="", grants=grants)
    users = [UserId(each) for each in ("chen", "li", "crew", "keeper", "nobody")]
    with office.database.read() as connection:
        found = staff.names(connection, LOG, person, users, RULES)
    return {each.user: each.name for each in found.people}


@pytest.fixture
def peopled(office: Office) -> Office:
    enrol(office, "chen", acceptor(EAST))
    enrol(office, "li", acceptor(WEST))
    enrol(office, "crew", Grant(role=Role.UNIT, unit=UnitId(WATER)))
    enrol(office, "keeper", Grant(role=Role.ADMINISTRATOR))
    return office


def test_people_who_may_come_upon_the_same_cases_know_each_others_names(peopled: Office) -> None:
    assert named(peopled, acceptor(EAST)) == {"chen": "姓名chen", "crew": "姓名crew"}
    assert set(named(peopled, acceptor())) == {"chen", "li", "crew"}
    assert set(named(peopled, Grant(role=Role.UNIT, unit=UnitId(WATER)))) == {"chen", "li", "crew"}


def test_who_keeps_accounts_only_is_known_to_themselves(peopled: Office) -> None:
    assert named(peopled, Grant(role=Role.ADMINISTRATOR), user="keeper") == {"keeper": "姓名keeper"}


# --- who could take a case over -------------------------------------------------------------------


def could_take(
    office: Office, seats: Seats | None = None, *, role: Role = Role.ACCEPTOR, mine: Grant = CENTRE
) -> list[Colleague]:
    ack = office.accepted(ACCEPTOR, report())
    person = Person(user=UserId("asking"), name="", grants=(mine,))
    case = office.desk._memory
    with office.database.read() as connection:
        of = case.load(connection, ack.stream)
        assert isinstance(of, Case)
        return list(staff.colleagues(connection, LOG, person, (of, role), seats or {}).colleagues)


def test_colleagues_are_the_enabled_ones_of_the_post_whose_grants_reach_the_case(
    peopled: Office,
) -> None:
    enrol(peopled, "wang", acceptor(EAST))
    enrol(peopled, "asking", acceptor(EAST))
    peopled.accepted(ADMINISTRATOR, DisableAccount(), "account/wang")
    (found,) = could_take(peopled)
    assert found == Colleague(user=UserId("chen"), name="姓名chen", post="受理", areas=(EAST,))


def test_who_is_present_comes_first_the_least_busy_before_the_others(peopled: Office) -> None:
    busy = enrol(peopled, "busy", acceptor(EAST))
    enrol(peopled, "idle", acceptor())
    peopled.accepted(busy, ClaimCase(), peopled.accepted(ACCEPTOR, report()).stream)
    found = could_take(peopled, {UserId("busy"): ("a",), UserId("idle"): ("b",)})
    assert [(each.user, each.present, each.in_hand) for each in found] == [
        ("idle", True, 0),
        ("busy", True, 1),
        ("chen", False, 0),
    ]


@pytest.mark.parametrize(
    ("role", "mine"),
    [(Role.ACCEPTOR, acceptor(WEST)), (Role.INSPECTOR, Grant(role=Role.INSPECTOR))],
)
def test_only_the_post_itself_asks_for_its_colleagues(
    peopled: Office, role: Role, mine: Grant
) -> None:
    with pytest.raises(Refused) as refused:
        could_take(peopled, role=role, mine=mine)
    assert refused.value.code == "actor.role_not_held"


# --- who goes, and what stays behind --------------------------------------------------------------


def behind(office: Office, user: str, *kept: Grant) -> DepartureReply:
    with office.database.read() as connection:
        return departure(connection, LOG, DepartureQuery(user=UserId(user), grants=kept), RULES)


def test_the_only_enabled_officer_of_a_unit_leaves_it_with_its_open_cases(peopled: Office) -> None:
    peopled.live_through(3)
    peopled.live_through(3)
    left = behind(peopled, "crew")
    assert left == DepartureReply(user=UserId("crew"), units=(UnitLeft(unit=WATER, cases=2),))


def test_a_unit_with_another_enabled_officer_is_not_left(peopled: Office) -> None:
    enrol(peopled, "mate", Grant(role=Role.UNIT, unit=UnitId(WATER)))
    assert behind(peopled, "crew").units == ()
    peopled.accepted(ADMINISTRATOR, DisableAccount(), "account/mate")
    assert [each.unit for each in behind(peopled, "crew").units] == [WATER]


def test_a_unit_is_left_by_its_only_officer_s_other_posts_as_well(peopled: Office) -> None:
    of_water = Grant(role=Role.UNIT, unit=UnitId(WATER))
    assert behind(peopled, "crew", of_water, acceptor(EAST)).units == ()
    elsewhere = Grant(role=Role.UNIT, unit=UnitId("other"))
    assert [each.unit for each in behind(peopled, "crew", elsewhere).units] == [WATER]


def test_what_somebody_has_in_hand_and_is_ordered_to_do_is_told(peopled: Office) -> None:
    chen = Actor(user=UserId("chen"), grants=(acceptor(EAST),), device="chen")
    peopled.accepted(chen, ClaimCase(), peopled.accepted(ACCEPTOR, report()).stream)
    enrol(peopled, "wu", Grant(role=Role.INSPECTOR, areas=(EAST,)))
    ack = peopled.accepted(ACCEPTOR, report())
    order = acts.OrderVerification(inspector=UserId("wu"))
    peopled.accepted(ACCEPTOR, order, ack.stream, ack.version)
    assert (behind(peopled, "chen").in_hand, behind(peopled, "chen").orders) == (1, 0)
    assert (behind(peopled, "wu").in_hand, behind(peopled, "wu").orders) == (0, 1)
    still_centre, still_inspector = Grant(role=Role.DISPATCHER), Grant(role=Role.INSPECTOR)
    assert behind(peopled, "chen", still_inspector).in_hand == 1
    assert behind(peopled, "chen", still_centre).in_hand == 0
    assert behind(peopled, "wu", still_centre).orders == 1
    assert behind(peopled, "wu", still_inspector).orders == 0
