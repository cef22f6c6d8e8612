"""Inspectors as the server tells of them: who is enrolled, where, how busy, and to whom."""

from collections import Counter
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from case_server import inspectors, journal, orders_over, readside, whereabouts
from case_server.roster import Roster, read_roster
from case_server.tables import command_result, event, position, stream_state
from case_server.users import Person
from casework import acts
from casework.case import Case
from casework.decider import Actor, Grant, Position
from casework.enquiries import InspectorRow
from casework.procedures.account import AddAccount, DisableAccount
from casework.procedures.patrol import GoOffDuty, GoOnDuty, ReportPosition
from casework.rules.proposal import Reason
from casework.terms import AreaId, CaseId, Point, Role, UserId, point
from casework.wire import Nack
from tests.case_server.desk_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    BIRTH,
    EAST,
    INSPECTOR,
    LOG,
    RULES,
    WEST,
    Office,
    report,
)

HERE, FURTHER = point(22.55, 114.15), point(22.56, 114.15)


def enrol(office: Office, user: str, *areas: AreaId, role: Role = Role.INSPECTOR) -> Actor:
    grants = (Grant(role=role, areas=areas),)
    office.accepted(ADMINISTRATOR, AddAccount(user=user, name=f"演练{user}", grants=grants))
    return Actor(user=UserId(user), grants=grants, device=user)


def on_duty(office: Office, user: str, *areas: AreaId, at: Point | None = None) -> Actor:
    inspector = enrol(office, user, *areas)
    office.accepted(inspector, GoOnDuty(point=at))
    return inspector


def roster(office: Office) -> Roster:
    with office.database.read() as connection:
        return read_roster(connection, LOG, RULES)


def told(
    office: Office, *grants: Grant, user: str = "asking", at: object = None
) -> list[InspectorRow]:
    person = Person(user=UserId(user), name="", grants=grants, drill=False)
    found = inspectors.reply(roster(office), person, at, office.desk.clock.now(), limit=9)  # type: ignore[arg-type]
    return list(found.inspectors)


CENTRE = Grant(role=Role.ACCEPTOR, areas=(EAST,))


def test_an_inspector_on_duty_is_seen_where_they_said_they_are(office: Office) -> None:
    chen = enrol(office, "chen", EAST)
    stream = office.accepted(chen, GoOnDuty(point=HERE)).stream
    assert stream == "patrol/chen"
    office.accepted(chen, ReportPosition(point=FURTHER, accuracy_m=9), stream)
    (row,) = told(office, CENTRE)
    assert (row.user, row.name, row.point, row.accuracy_m) == ("chen", "演练chen", FURTHER, 9)
    assert row.on_duty_since is not None
    assert not row.stale


def test_off_duty_no_position_is_kept(office: Office) -> None:
    chen = enrol(office, "chen", EAST)
    stream = office.accepted(chen, GoOnDuty(point=HERE)).stream
    office.accepted(chen, GoOffDuty(), stream)
    (row,) = told(office, CENTRE)
    assert (row.on_duty_since, row.point, row.at) == (None, None, None)


def kept(office: Office) -> list[tuple[str, int]]:
    with office.database.read() as connection:
        found = connection.execute(
            select(position.c.user, position.c.lat).order_by(position.c.user)
        )
        return [(row.user, row.lat) for row in found]


def test_only_the_last_position_is_kept_and_none_in_the_journal(office: Office) -> None:
    chen = enrol(office, "chen", EAST)
    stream = office.accepted(chen, GoOnDuty(point=HERE)).stream
    number = office.desk.head
    ack = office.accepted(chen, ReportPosition(point=FURTHER), stream)
    assert (ack.number, office.desk.head) == (number, number)
    assert kept(office) == [("chen", FURTHER.lat)]
    with office.database.read() as connection:
        remembered = office.desk._memory.roster(connection)
    assert list(remembered.everybody()) == list(roster(office).everybody())
    with office.database.read() as connection:
        written = connection.execute(select(event.c.written)).scalars()
        assert not any(str(at.lat).encode() in body for body in written for at in (HERE, FURTHER))
        bodies = connection.execute(select(stream_state.c.body)).scalars()
        assert not any(str(FURTHER.lat).encode() in bytes(body) for body in bodies)
        results = connection.execute(select(command_result.c.stream)).scalars()
        assert list(results).count(stream) == 1
    office.accepted(chen, GoOffDuty(), stream)
    assert kept(office) == []


def test_a_position_is_kept_no_longer_than_the_rule_book_says(office: Office) -> None:
    chen, li = enrol(office, "chen", EAST), enrol(office, "li", EAST)
    office.accepted(chen, GoOnDuty(point=HERE))
    now = office.desk.clock.now()
    with office.database.read() as connection:
        later = now + timedelta(hours=RULES.orders.position_hours, seconds=1)
        assert read_roster(connection, LOG, RULES, later).position(chen.user) is None
        short = replace(RULES, orders=replace(RULES.orders, position_hours=1))
        soon = now + timedelta(minutes=61)
        assert read_roster(connection, LOG, short, soon).position(chen.user) is None
        assert read_roster(connection, LOG, RULES, soon).position(chen.user) is not None
    with office.database.writer.begin() as connection:
        moved = {li.user: Position(point=FURTHER, at=later)}
        since = later - timedelta(hours=RULES.orders.position_hours)
        whereabouts.write(connection, LOG, moved, since)
    assert kept(office) == [("li", FURTHER.lat)]


def test_an_order_keeps_how_far_away_the_inspector_was(office: Office) -> None:
    office.accepted(enrol(office, "chen", EAST), GoOnDuty(point=HERE))
    ack = office.accepted(ACCEPTOR, replace(report(), point=FURTHER))
    ack = office.accepted(ACCEPTOR, acts.OrderVerification(), ack.stream, ack.version)
    with office.database.read() as connection:
        last = journal.life(connection, LOG, ack.stream)[-1].event
    assert isinstance(last, acts.VerificationOrdered)
    assert (last.inspector, last.metres) == ("chen", 1112)


def test_nobody_reports_on_another_ones_patrol(office: Office) -> None:
    chen, li = enrol(office, "chen", EAST), enrol(office, "li", EAST)
    stream = office.accepted(chen, GoOnDuty(point=HERE)).stream
    answer = office.ask(li, GoOffDuty(), stream)
    assert isinstance(answer, Nack)
    assert answer.code == "patrol.not_yours"
    answer = office.ask(chen, GoOnDuty(point=HERE), "patrol/li")
    assert isinstance(answer, Nack)
    assert answer.code == "stream.wrong"


def test_a_position_that_cannot_be_true_is_refused_by_the_desk(office: Office) -> None:
    answer = office.ask(enrol(office, "chen", EAST), GoOnDuty(point=point(0, 0)))
    assert isinstance(answer, Nack)
    assert answer.code == "place.zero"


def test_only_centre_roles_of_the_area_know_where_an_inspector_is(office: Office) -> None:
    enrol(office, "chen", EAST)
    assert [row.user for row in told(office, CENTRE)] == ["chen"]
    assert [row.user for row in told(office, Grant(role=Role.DISPATCHER))] == ["chen"]
    assert told(office, Grant(role=Role.ACCEPTOR, areas=(WEST,))) == []
    assert told(office, Grant(role=Role.OBSERVER)) == []
    assert told(office, Grant(role=Role.INSPECTOR)) == []
    assert [row.user for row in told(office, Grant(role=Role.INSPECTOR), user="chen")] == ["chen"]


def test_only_enabled_inspectors_are_on_the_roster(office: Office) -> None:
    enrol(office, "chen", EAST)
    enrol(office, "wang", role=Role.DISPATCHER)
    office.accepted(ADMINISTRATOR, DisableAccount(), "account/chen")
    assert list(roster(office).everybody()) == []


def test_orders_that_are_out_are_counted_until_they_are_done(office: Office) -> None:
    chen = enrol(office, "chen", EAST)
    ack = office.accepted(ACCEPTOR, report())
    order = acts.OrderVerification(inspector=UserId("chen"))
    ack = office.accepted(ACCEPTOR, order, ack.stream, ack.version)
    assert told(office, CENTRE)[0].open_orders == 1
    office.accepted(chen, acts.VerifyReport(confirmed=True), ack.stream, ack.version)
    assert told(office, CENTRE)[0].open_orders == 0


def test_the_nearest_come_first_with_reasons_for_a_point(office: Office) -> None:
    for user, at in (("far", FURTHER), ("near", HERE)):
        office.accepted(enrol(office, user), GoOnDuty(point=at))
    first, second = told(office, Grant(role=Role.ACCEPTOR), at=HERE)
    assert (first.user, first.metres, second.user) == ("near", 0, "far")
    assert first.reasons == (Reason.ON_DUTY, Reason.FREE, Reason.NEAR)
    assert second.metres == pytest.approx(1112, abs=2)


def test_a_followed_roster_equals_one_read_again(office: Office) -> None:
    """What the desk keeps in memory from the folds it commits is what the database would tell."""
    followed = Roster(RULES)
    chen = enrol(office, "chen", EAST)
    stream = office.accepted(chen, GoOnDuty()).stream
    ack = office.accepted(ACCEPTOR, report())
    order = acts.OrderVerification(inspector=UserId("chen"))
    ack = office.accepted(ACCEPTOR, order, ack.stream, ack.version)
    before: dict[str, object] = {}
    with office.database.read() as connection:
        for each in ("account/chen", stream, ack.stream):
            after = office.desk._memory.load(connection, each)
            followed.follow(before.get(each), after)
            before[each] = after
    assert list(followed.everybody()) == list(roster(office).everybody())
    office.accepted(chen, acts.VerifyReport(confirmed=True), ack.stream, ack.version)
    with office.database.read() as connection:
        after = office.desk._memory.load(connection, ack.stream)
    followed.follow(before[ack.stream], after)
    assert list(followed.everybody()) == list(roster(office).everybody())
    assert next(followed.everybody()).open_orders == 0


def test_nobody_is_proposed_for_a_case_of_another_area_and_names_are_free_without_a_roster(
    office: Office,
) -> None:
    office.accepted(ACCEPTOR, report())
    ack = office.accepted(ACCEPTOR, report())
    with office.database.read() as connection:
        case = office.desk._memory.load(connection, ack.stream)
    now = office.desk.clock.now()
    assert roster(office).ranked_for(case, now) is None
    enrol(office, "li", WEST)
    assert roster(office).ranked_for(case, now) == ()
    enrol(office, "chen", EAST)
    ranked = roster(office).ranked_for(case, now)
    assert ranked is not None
    assert [each.user for each in ranked] == ["chen"]


def test_an_order_without_a_name_goes_to_the_one_proposed(office: Office) -> None:
    for user in ("busy", "free"):
        on_duty(office, user, EAST)
    first = office.accepted(ACCEPTOR, report())
    office.accepted(
        ACCEPTOR, acts.OrderVerification(inspector=UserId("busy")), first.stream, first.version
    )
    second = office.accepted(ACCEPTOR, report())
    office.accepted(ACCEPTOR, acts.OrderVerification(), second.stream, second.version)
    assert {row.user: row.open_orders for row in told(office, CENTRE)} == {"busy": 1, "free": 1}


def orders_of(office: Office) -> dict[str, int]:
    return {row.user: row.open_orders for row in told(office, CENTRE)}


def test_an_order_names_somebody_who_is_on_duty_before_anybody_who_is_not(office: Office) -> None:
    enrol(office, "asleep", EAST)
    on_duty(office, "awake", EAST, at=HERE)
    ack = office.accepted(ACCEPTOR, report())
    office.accepted(ACCEPTOR, acts.OrderVerification(), ack.stream, ack.version)
    assert orders_of(office) == {"asleep": 0, "awake": 1}


def test_an_order_that_names_nobody_is_open_to_all_where_nobody_is_on_duty(office: Office) -> None:
    enrol(office, "asleep", EAST)
    ack = office.accepted(ACCEPTOR, report())
    ack = office.accepted(ACCEPTOR, acts.OrderVerification(), ack.stream, ack.version)
    assert orders_of(office) == {"asleep": 0}
    named = acts.OrderVerification(inspector=UserId("asleep"))
    office.accepted(ACCEPTOR, named, ack.stream, ack.version)
    assert orders_of(office) == {"asleep": 1}


def test_an_order_given_again_goes_to_another_than_who_has_it(office: Office) -> None:
    on_duty(office, "near", EAST, at=HERE)
    on_duty(office, "far", EAST, at=FURTHER)
    ack = office.accepted(ACCEPTOR, replace(report(), point=HERE))
    ack = office.accepted(ACCEPTOR, acts.OrderVerification(), ack.stream, ack.version)
    assert orders_of(office) == {"near": 1, "far": 0}
    (case,), now = waiting(office, ack.stream), office.desk.clock.now()
    rows = told(office, CENTRE, at=case)
    assert [(row.user, row.proposed) for row in rows] == [("far", True), ("near", False)]
    asker = Person(user=UserId("asking"), name="", grants=(CENTRE,))
    set_of_one = inspectors.one_after_the_other(roster(office), asker, [case], now)
    office.accepted(ACCEPTOR, acts.OrderVerification(), ack.stream, ack.version)
    assert orders_of(office) == {"near": 0, "far": 1}, "what the desk does is what it proposed"
    assert [each.user for each in set_of_one.proposed] == ["far"]


def test_a_set_takes_off_the_orders_of_who_had_them(office: Office) -> None:
    """Each order of the set that goes to somebody else leaves its first inspector freer."""
    for user in ("a", "b"):
        on_duty(office, user, EAST, at=HERE)
    streams = []
    for user in ("a", "b") * RULES.orders.most:
        ack = office.accepted(ACCEPTOR, replace(report(), point=HERE))
        order = acts.OrderVerification(inspector=UserId(user))
        streams.append(office.accepted(ACCEPTOR, order, ack.stream, ack.version).stream)
    asker, now = Person(user=UserId("x"), name="", grants=(CENTRE,)), office.desk.clock.now()
    found = inspectors.one_after_the_other(roster(office), asker, waiting(office, *streams), now)
    counted = Counter(each.user for each in found.proposed)
    assert counted == {"a": RULES.orders.most, "b": RULES.orders.most}


def waiting(office: Office, *streams: str) -> list[Case]:
    ids = [CaseId(stream.partition("/")[2]) for stream in streams]
    with office.database.read() as connection:
        found = readside.cases(connection, ids)
    return [found[each][0] for each in ids]


def test_the_record_names_the_inspector_whom_an_order_went_to(office: Office) -> None:
    on_duty(office, "chen", EAST)
    ack = office.accepted(ACCEPTOR, report())
    ack = office.accepted(ACCEPTOR, acts.OrderVerification(), ack.stream, ack.version)
    office.accepted(ACCEPTOR, acts.WithdrawOrder(), ack.stream, ack.version)
    case = CaseId(ack.stream.partition("/")[2])
    grants = (Grant(role=Role.ACCEPTOR),)
    with office.database.read() as connection:
        detail = readside.case_detail(connection, grants, UserId("x"), case, BIRTH)
    assert [row.inspector for row in detail.history] == ["", "演练chen", "演练chen"]


def test_orders_of_one_transaction_are_shared_out(office: Office) -> None:
    for user in ("chen", "li"):
        on_duty(office, user, EAST)
    acks = [office.accepted(ACCEPTOR, report()) for _ in range(2)]
    order = acts.OrderVerification()
    office.ask_all([(ACCEPTOR, order, ack.stream, ack.version, "", None) for ack in acks])
    assert {row.user: row.open_orders for row in told(office, CENTRE)} == {"chen": 1, "li": 1}


def test_an_order_names_an_enabled_inspector_of_the_area(office: Office) -> None:
    enrol(office, "chen", EAST)
    enrol(office, "li", WEST)
    ack = office.accepted(ACCEPTOR, report())
    for name in ("li", "nobody"):
        order = acts.OrderVerification(inspector=UserId(name))
        answer = office.ask(ACCEPTOR, order, ack.stream, version=ack.version)
        assert isinstance(answer, Nack)
        assert answer.code == "order.unknown_inspector"
    office.accepted(ADMINISTRATOR, DisableAccount(), "account/chen")
    answer = office.ask(
        ACCEPTOR, acts.OrderVerification(inspector=UserId("chen")), ack.stream, version=ack.version
    )
    assert isinstance(answer, Nack)


def test_where_nobody_is_enrolled_an_order_is_open_to_all(office: Office) -> None:
    ack = office.accepted(ACCEPTOR, report())
    ack = office.accepted(ACCEPTOR, acts.OrderVerification(), ack.stream, ack.version)
    office.accepted(INSPECTOR, acts.VerifyReport(confirmed=True), ack.stream, ack.version)


def test_a_set_is_proposed_as_if_its_orders_went_out_one_after_the_other(office: Office) -> None:
    """Else the nearest would get all of them; once nobody is free they are shared out."""
    for user, at in (("near", HERE), ("far", FURTHER)):
        on_duty(office, user, at=at)
    most = RULES.orders.most
    reports = range(most * 2 + 4)
    streams = [office.accepted(ACCEPTOR, replace(report(), point=HERE)).stream for _ in reports]
    person = Person(user=UserId("asking"), name="", grants=(Grant(role=Role.ACCEPTOR),))
    of_set, now = waiting(office, *streams), office.desk.clock.now()
    told = inspectors.one_after_the_other(roster_with_positions(office), person, of_set, now)
    whole = roster_with_positions(office)
    alone = [inspectors.reply(whole, person, case, now, limit=1) for case in of_set]
    assert [each.case for each in told.proposed] == [case.id for case in of_set]
    assert {each.inspectors[0].user for each in alone} == {"near"}
    users = [each.user for each in told.proposed]
    assert users == ["near"] * most + ["far"] * most + ["near", "far"] * 2
    assert told.proposed[0].name == "演练near"


def roster_with_positions(office: Office) -> Roster:
    with office.database.read() as connection:
        return read_roster(connection, LOG, RULES, office.desk.clock.now())


# --- orders that are over -------------------------------------------------------------------------


def ended(office: Office, *grants: Grant, minutes: int = 60) -> list[tuple[str, str]]:
    since = office.desk.clock.now() - timedelta(minutes=minutes)
    with office.database.read() as connection:
        found = orders_over.reply(connection, LOG, grants, since).orders
    return [(each.case.inspector or "", each.how) for each in found]


def test_orders_that_ended_are_told_with_how_they_ended(office: Office) -> None:
    chen, li = enrol(office, "chen", EAST), enrol(office, "li", EAST)
    ack = office.accepted(ACCEPTOR, report())
    for user in (chen.user, li.user):
        order = acts.OrderVerification(inspector=user)
        ack = office.accepted(ACCEPTOR, order, ack.stream, ack.version)
    ack = office.accepted(ACCEPTOR, acts.WithdrawOrder(), ack.stream, ack.version)
    order = acts.OrderVerification(inspector=li.user)
    ack = office.accepted(ACCEPTOR, order, ack.stream, ack.version)
    assert ended(office, CENTRE) == [("chen", "anew"), ("li", "withdrawn")]
    office.accepted(li, acts.VerifyReport(confirmed=True), ack.stream, ack.version)
    assert ended(office, CENTRE)[-1] == ("li", "done")
    assert ended(office, Grant(role=Role.ACCEPTOR, areas=(WEST,))) == []
    assert ended(office, CENTRE, minutes=-1) == []
