"""The desk: durable before it answers, once per command id, gapless, chained."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, insert, select

from case_server import readside
from case_server.desk import Desk, Submission
from case_server.tables import command_result, counter, event
from casework import acts
from casework.applications import ApplyFor, ApproveApplication, RefuseApplication
from casework.decider import Grant, Personal
from casework.envelope import GENESIS, leaf, read_envelope
from casework.procedures.log import SetPace
from casework.terms import Application, CaseId, Role, Source, State, point
from casework.wire import Ack, Ask, Nack
from tests.case_server.desk_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    BIRTH,
    DISPATCHER,
    EAST,
    LAMP_CREW,
    LAMPS,
    LEADER,
    LOG,
    MAIN_LINE,
    WATER,
    WATER_CREW,
    WEST,
    Office,
    open_office,
    person,
    report,
)

ALL = (Grant(role=Role.OBSERVER),)


def code(answer: Ack | Nack) -> str:
    return answer.code if isinstance(answer, Nack) else "accepted"


def journal_of(office: Office) -> list[tuple[int, bytes, bytes]]:
    with office.database.read() as connection:
        rows = connection.execute(
            select(event.c.number, event.c.written, event.c.leaf).order_by(event.c.number)
        )
        return [(n, bytes(written), bytes(hashed)) for n, written, hashed in rows]


def case_of(ack: Ack) -> CaseId:
    return CaseId(ack.stream.removeprefix("case/"))


def test_a_log_begins_with_its_birth_and_its_rule_book(office: Office) -> None:
    types = [read_envelope(written).type for _, written, _ in journal_of(office)]
    assert types == ["LogOpened", "RulesAdopted"]
    assert (office.desk.log.practice, office.desk.head) == (True, 2)


def test_a_case_goes_down_the_main_line_and_is_closed(office: Office) -> None:
    ack = office.live_through()
    with office.database.read() as connection:
        detail = readside.case_detail(connection, ALL, LEADER.user, case_of(ack), BIRTH)
        tally = readside.tally(connection, ALL, None)
    assert detail.case.state is State.CLOSED
    assert [row.type for row in detail.history] == [
        "CaseReported",
        "ReportPassed",
        "CaseFiled",
        "CaseDispatched",
        "UnitFedBack",
        "CheckOrdered",
        "CaseChecked",
        "CaseClosed",
    ]
    assert (tally.open, tally.ended, tally.states) == (0, 1, {State.CLOSED: 1})


def test_the_record_says_who_acted_for_whom_and_what_each_link_used(office: Office) -> None:
    ack = office.live_through()
    with office.database.read() as connection:
        history = readside.case_detail(connection, ALL, LEADER.user, case_of(ack), BIRTH).history
    assert [row.left for row in history] == [
        None,
        State.REGISTERED,
        State.PREFILED,
        State.FILED,
        State.DISPATCHED,
        State.FEEDBACK,
        State.CHECKING,
        State.PENDING_CLOSE,
    ]
    assert [row.received for row in history[1:4]] == [row.at for row in history[:3]]
    assert history[4].unit == WATER
    assert history[4].received == history[3].at
    assert [row.passed for row in history if row.type == "CaseChecked"] == [True]


def test_the_record_says_what_was_applied_for_until_when_and_what_was_refused(
    office: Office,
) -> None:
    until = BIRTH + timedelta(days=30)
    ack = office.live_through(3)
    pause = ApplyFor(kind=Application.SUSPENSION, reason="season", until=until)
    for actor, command in (
        (WATER_CREW, pause),
        (LEADER, RefuseApplication(reason="weak")),
        (WATER_CREW, pause),
        (LEADER, ApproveApplication()),
    ):
        ack = office.accepted(actor, command, ack.stream, ack.version)
    with office.database.read() as connection:
        history = readside.case_detail(connection, ALL, LEADER.user, case_of(ack), BIRTH).history
    assert [(row.type, row.application, row.until) for row in history[4:]] == [
        ("AppliedFor", Application.SUSPENSION, until),
        ("ApplicationRefused", Application.SUSPENSION, None),
        ("AppliedFor", Application.SUSPENSION, until),
        ("SuspensionApproved", None, until),
    ]
    assert {(row.application, row.until) for row in history[:4]} == {(None, None)}


def test_numbers_are_gapless_and_each_leaf_is_chained_to_the_one_before(office: Office) -> None:
    office.live_through()
    entries = journal_of(office)
    assert [number for number, _, _ in entries] == list(range(1, len(entries) + 1))
    assert all(leaf(written) == hashed for _, written, hashed in entries)
    assert read_envelope(entries[0][1]).prev == GENESIS
    for (_, _, before), (_, written, _) in pairwise(entries):
        assert read_envelope(written).prev == before.hex()


def test_the_same_command_id_is_done_once_and_answered_alike(office: Office) -> None:
    asks = [(ACCEPTOR, report(), "", 0, "the-same-id", None)] * 3
    first, second, third = office.ask_all(asks)
    assert isinstance(first, Ack)
    assert first == second == third == office.ask(ACCEPTOR, report(), id="the-same-id")
    assert office.desk.head == 3


def test_a_command_id_with_another_content_is_refused(office: Office) -> None:
    office.ask(ACCEPTOR, report(), id="the-same-id")
    other = report(reference="another")
    assert code(office.ask(ACCEPTOR, other, id="the-same-id")) == "command.id_reused"


def test_a_stale_version_is_refused_with_the_present_one(office: Office) -> None:
    ack = office.live_through(2)
    answer = office.ask(DISPATCHER, acts.DispatchCase(lead=WATER), ack.stream, version=1)
    assert answer == Nack(
        id=answer.id, code="case.stale", detail={"case": case_of(ack)}, version=ack.version
    )


def test_a_note_never_conflicts(office: Office) -> None:
    ack = office.live_through(2)
    noted = office.ask(LEADER, acts.AddNote(opinion="请注意"), ack.stream, version=1)
    assert code(noted) == "accepted"
    sent = office.ask(DISPATCHER, acts.DispatchCase(lead=WATER), ack.stream, version=ack.version)
    assert code(sent) == "accepted"


def test_a_refused_command_leaves_its_neighbours_and_the_journal_alone(office: Office) -> None:
    asks = [
        (ACCEPTOR, report(), "", 0, "neighbour-one", None),
        (ACCEPTOR, report(code="9999"), "", 0, "refused-one", None),
        (ACCEPTOR, report(), "", 0, "neighbour-two", None),
    ]
    answers = office.ask_all(asks)
    assert [code(answer) for answer in answers] == ["accepted", "case.unknown_class", "accepted"]
    numbers = [answer.number for answer in answers if isinstance(answer, Ack)]
    streams = [answer.stream for answer in answers if isinstance(answer, Ack)]
    assert (numbers, streams) == ([3, 4], ["case/t-20080613-00001", "case/t-20080613-00002"])


@pytest.mark.parametrize(
    ("actor", "command", "refusal"),
    [
        (LAMP_CREW, acts.FeedBack(), "case.not_found"),
        (person(Role.DISPATCHER, areas=(WEST,)), acts.AddNote(opinion="?"), "case.not_found"),
        (ACCEPTOR, acts.FeedBack(), "case.wrong_role"),
        (WATER_CREW, acts.CheckCase(passed=True), "case.wrong_state"),
        (WATER_CREW, acts.SendBack(reason=""), "case.reason_missing"),
        (ACCEPTOR, SetPace(), "stream.wrong"),
    ],
)
def test_an_act_outside_the_table_or_the_grants_is_refused(
    office: Office, actor: object, command: object, refusal: str
) -> None:
    ack = office.live_through(3)
    answer = office.ask(actor, command, ack.stream, version=ack.version)  # type: ignore[arg-type]
    assert code(answer) == refusal


def test_a_case_outside_the_grants_is_refused_like_one_that_does_not_exist(office: Office) -> None:
    ack = office.live_through(3)
    hidden = office.ask(LAMP_CREW, acts.FeedBack(), ack.stream, id="hidden-one")
    absent = office.ask(LAMP_CREW, acts.FeedBack(), f"{ack.stream}9", id="hidden-one")
    assert hidden == absent


def test_a_role_that_is_not_held_cannot_be_used(office: Office) -> None:
    ack = office.live_through(1)
    desk = office.desk
    ask = Ask(id="other-role", stream=ack.stream, role=Role.SHIFT_LEADER, command=acts.FileCase())
    desk.submit(Submission(ask, ACCEPTOR))
    answers = [answer for _, answer in office.batches.get(timeout=30).answers]
    assert [code(answer) for answer in answers] == ["actor.role_not_held"]


@pytest.mark.parametrize(
    ("where", "doubt"),
    [
        (point(0, 0), "place.zero"),
        (point(114.15, 22.55), "place.swapped"),
        (point(30, 30), "place.outside"),
    ],
)
def test_a_doubtful_place_is_refused(office: Office, where: object, doubt: str) -> None:
    assert code(office.ask(ACCEPTOR, report(point=where))) == doubt


def test_a_point_finds_its_district(office: Office) -> None:
    ack = office.accepted(ACCEPTOR, report(point=point(22.55, 113.95), district=None))
    with office.database.read() as connection:
        case, _ = readside.cases(connection, [case_of(ack)])[case_of(ack)]
    assert case.district == WEST


def test_personal_data_lies_beside_the_event_and_only_its_digest_inside(office: Office) -> None:
    ack = office.live_through(0)
    whole = b"".join(written for _, written, _ in journal_of(office))
    assert "张三".encode() not in whole
    assert b"13800002190" not in whole
    with office.database.read() as connection:
        detail = readside.case_detail(connection, ALL, LEADER.user, case_of(ack), BIRTH)
    assert (detail.texts.name, detail.texts.phone) == ("张**", "*******2190")


def test_contact_is_shown_to_whom_asked_and_the_asking_is_recorded(office: Office) -> None:
    ack = office.live_through(0)
    office.accepted(ACCEPTOR, acts.ShowContact(), ack.stream)
    now = office.desk.clock.now()
    with office.database.read() as connection:
        mine = readside.case_detail(connection, ALL, ACCEPTOR.user, case_of(ack), now)
        other = readside.case_detail(connection, ALL, LEADER.user, case_of(ack), now)
        later = readside.case_detail(
            connection, ALL, ACCEPTOR.user, case_of(ack), now + timedelta(hours=1)
        )
    assert [d.texts.phone for d in (mine, other, later)] == [
        "13800002190",
        "*******2190",
        "*******2190",
    ]
    assert mine.history[-1].type == "ContactShown"


def test_a_record_moves_a_practice_clock_and_its_target_becomes_the_deadline(
    office: Office,
) -> None:
    office.accepted(ADMINISTRATOR, SetPace(by_record=True), f"log/{LOG}")
    opened = BIRTH + timedelta(days=3)
    target = opened + timedelta(days=1)
    office.ask(ACCEPTOR, report(target=target), claimed=opened)
    earlier = office.ask(ACCEPTOR, report(), claimed=BIRTH)
    assert isinstance(earlier, Ack)
    with office.database.read() as connection:
        ats = [read_envelope(w).at for _, _, w in readside.events(connection, 4, 5)]
        claims = [read_envelope(w).claimed for _, _, w in readside.events(connection, 4, 5)]
        cases = [case for case, _ in readside.live_cases(connection, ALL, BIRTH)]
    assert ats == [opened, opened]
    assert claims == [opened, BIRTH]
    assert [case.due for case in cases] == [target, None]


def test_a_real_log_has_no_pace_and_takes_no_targets(database_url: str) -> None:
    with open_office(database_url, practice=False) as office:
        paced = office.ask(ADMINISTRATOR, SetPace(speed=60), f"log/{LOG}")
        aimed = office.ask(ACCEPTOR, report(target=BIRTH))
        assert [code(paced), code(aimed)] == ["log.real_time", "case.target_needs_practice"]


def test_a_desk_goes_on_where_the_last_one_stopped(database_url: str) -> None:
    with open_office(database_url) as office:
        ack = office.live_through(3)
        head, epoch, at = office.desk.head, office.desk.epoch, office.desk.clock.now()
    with open_office(database_url) as office:
        assert (office.desk.head, office.desk.epoch) == (head, epoch)
        assert office.desk.clock.now() >= at - timedelta(seconds=1)
        fed = office.accepted(WATER_CREW, acts.FeedBack(), ack.stream, ack.version)
        again = office.accepted(ACCEPTOR, report())
    assert (fed.number, again.stream) == (head + 1, "case/t-20080613-00002")


def test_the_most_urgent_come_first_and_only_from_the_grants(office: Office) -> None:
    office.live_through(3)
    lamps = office.accepted(ACCEPTOR, report(source=Source.APP, district=WEST))
    for actor, command in (
        *MAIN_LINE[:2],
        (DISPATCHER, acts.DispatchCase(lead=LAMPS, joint=(WATER,))),
    ):
        lamps = office.accepted(actor, command, lamps.stream, lamps.version)
    with office.database.read() as connection:

        def seen(*grants: Grant) -> int:
            return len(readside.urgent(connection, grants, 50))

        assert seen(*WATER_CREW.grants) == 2
        assert seen(*LAMP_CREW.grants) == 1
        assert seen(Grant(role=Role.DISPATCHER, areas=(EAST,))) == 1
        assert seen(Grant(role=Role.ADMINISTRATOR)) == 0


@pytest.mark.logs("transaction failed")
def test_a_failed_transaction_is_run_once_more_and_then_said_to_be_unavailable(
    database_url: str,
) -> None:
    with open_office(database_url) as office:
        ack = office.live_through(0)
        with office.database.writer.begin() as connection:
            # a row that the next command's own will collide with, twice
            connection.execute(
                insert(event),
                {
                    "log": LOG,
                    "number": office.desk.head + 1,
                    "stream": "elsewhere",
                    "version": 1,
                    "type": "X",
                    "at": 0,
                    "written": b"",
                    "leaf": b"",
                },
            )
        answer = office.ask(ACCEPTOR, acts.PassForFiling(), ack.stream, version=ack.version)
        assert code(answer) == "journal.unavailable"
        with office.database.writer.begin() as connection:
            connection.execute(event.delete().where(event.c.stream == "elsewhere"))
        again = office.ask(ACCEPTOR, acts.PassForFiling(), ack.stream, version=ack.version)
        assert code(again) == "accepted"


def test_what_is_written_beside_the_events_agrees_with_them(office: Office) -> None:
    for steps in range(8):
        office.live_through(steps)
    with office.database.read() as connection:
        head = connection.execute(select(counter.c.number)).scalar_one()
        last = connection.execute(select(func.max(event.c.number))).scalar_one()
        results = connection.execute(select(func.count()).select_from(command_result)).scalar()
    assert head == last
    assert results == last - 2


@pytest.mark.logs("the desk stopped")
def test_a_desk_that_meets_a_fault_of_ours_says_so_instead_of_falling_silent(
    database_url: str,
) -> None:
    faults: list[Exception] = []
    with open_office(database_url) as office:
        database = office.database

        def publish(_batch: object) -> None:
            raise ZeroDivisionError

        desk = Desk(database, publish, faults.append)
        desk.start()
        desk.submit(
            Submission(Ask(id="last-words", role=Role.ACCEPTOR, command=report()), ACCEPTOR)
        )
        desk.stop()
    assert [type(fault) for fault in faults] == [ZeroDivisionError]


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("", ""),
        ("110", "***"),
        ("1234", "****"),
        ("123456", "****56"),
        ("13800002190", "*******2190"),
    ],
)
def test_a_masked_number_shows_its_last_four_digits_at_most(phone: str, shown: str) -> None:
    assert readside.masked(Personal(name="张三", phone=phone)).phone == shown
