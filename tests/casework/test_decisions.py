"""What each act earns, and why it is refused: one test a rule, one a code."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from casework import acts
from casework.acts import Handling
from casework.decider import Command, Place, Refused
from casework.decisions import DECIDER, decide
from casework.reporting import spoken
from casework.rulebook import DeadlineStart, LinkLimit
from casework.rules.working_time import FURTHEST
from casework.terms import (
    AT_WORK,
    AreaId,
    AssignmentState,
    CentreId,
    ClosingKind,
    DeadlineBasis,
    GridCode,
    Kind,
    ReceiptNumber,
    Role,
    State,
    UnitId,
)
from tests.casework.case_kit import (
    ACCEPTOR,
    CASE,
    CHECKING,
    CLOSED,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    EAST,
    FEEDBACK,
    FILED,
    HARBOUR,
    INSPECTOR,
    JOINT,
    LAMPS,
    LEADER,
    LINKS,
    NINE,
    PENDING,
    PREFILED,
    REPORTED,
    RULES,
    TREES,
    WATER,
    WEST,
    Life,
    context,
    hours,
    report,
)

HOUR = timedelta(hours=1)
RETURNED = acts.SendBack(reason="not_ours")


# --- reporting ------------------------------------------------------------------------------------


def test_a_receipt_number_is_read_out_in_groups_of_four() -> None:
    assert spoken(ReceiptNumber("20080613000421")) == "2008 0613 0004 21"


def test_whether_the_reporter_wants_a_reply_stays_with_the_case() -> None:
    for wants in (True, False):
        life = Life()
        life.act(ACCEPTOR, report(wants_reply=wants))
        assert life.now.wants_reply is wants


def test_a_report_opens_a_case_with_a_snapshot_of_its_class_and_place() -> None:
    assert list(Life().decide(ACCEPTOR, report())) == [
        acts.CaseReported(
            state=State.REGISTERED,
            link_due=NINE + 1 * HOUR,
            case=CASE,
            receipt=ReceiptNumber("20080613000071"),
            kind=Kind.INCIDENT,
            scheme="shenzhen-a",
            scheme_version="2008",
            code="0102",
            name="暴露垃圾占道堆放杂物",
            source=report().source,
            district=EAST,
            street=HARBOUR,
            centre=CentreId("440300"),
        )
    ]


def test_a_case_is_numbered_by_the_local_day() -> None:
    late = datetime(2008, 6, 13, 16, 30, tzinfo=UTC)  # half past midnight in Shenzhen
    assert DECIDER.opens(report(), context(ACCEPTOR, at=late)) == "city-20080614-00007"


def test_only_a_report_opens_a_case() -> None:
    with pytest.raises(Refused, match=r"^case\.not_found"):
        DECIDER.opens(acts.PassForFiling(), context(ACCEPTOR))


def test_the_place_found_by_the_map_overrules_the_one_that_was_said() -> None:
    found = Place(district=WEST)
    (event,) = decide(None, report(), context(ACCEPTOR, place=found))
    assert isinstance(event, acts.CaseReported)
    assert (event.district, event.street) == (WEST, HARBOUR)


def test_a_doubtful_position_is_refused_by_its_doubt() -> None:
    with pytest.raises(Refused, match=r"^place\.outside$"):
        decide(None, report(), context(ACCEPTOR, place=Place(doubt="place.outside")))


def test_a_unit_reports_no_case() -> None:
    assert Life().refusal(CREWS[WATER], report()) == "case.wrong_role"


def test_a_role_that_is_not_held_reports_no_case() -> None:
    assert Life().refusal(LEADER, report(), Role.ACCEPTOR) == "case.wrong_role"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "9999"}, "case.unknown_class"),
        ({"kind": Kind.COMPONENT}, "case.unknown_class"),
        ({"condition": "nothing"}, "case.unknown_condition"),
        ({"district": AreaId("440399")}, "case.unknown_area"),
        ({"street": AreaId("440399")}, "case.unknown_area"),
        ({"grid": GridCode("44030")}, "grid.bad_code"),
        ({"target": NINE}, "case.target_needs_practice"),
    ],
)
def test_a_report_that_the_rule_book_does_not_know_is_refused(
    changes: dict[str, object], code: str
) -> None:
    assert Life().refusal(ACCEPTOR, report(**changes)) == code


def test_a_sites_own_grid_code_is_kept_where_no_cell_is_computed() -> None:
    given = GridCode("44030300100201")
    (kept,) = decide(None, report(grid=given), context(ACCEPTOR))
    cell = GridCode("440303001002001")
    (computed,) = decide(None, report(grid=given), context(ACCEPTOR, place=Place(grid=cell)))
    assert [event.grid for event in (kept, computed) if isinstance(event, acts.CaseReported)] == [
        given,
        cell,
    ]


def test_a_records_target_is_kept_in_utc_and_is_the_deadline_in_practice() -> None:
    beijing = timezone(timedelta(hours=8))
    life = Life(practice=True)
    life.run((ACCEPTOR, report(target=datetime(2008, 6, 20, 18, tzinfo=beijing))), *FILED[1:])
    life.act(DISPATCHER, acts.DispatchCase(lead=WATER))
    target = datetime(2008, 6, 20, 10, tzinfo=UTC)
    case = life.now
    assert (case.due, case.due_basis, case.link_due) == (target, DeadlineBasis.RECORD, target)
    assert case.due is not None
    assert case.due.tzinfo is UTC


def test_a_target_beyond_computed_time_is_refused() -> None:
    far = report(target=FURTHEST + HOUR)
    assert Life(practice=True).refusal(ACCEPTOR, far) == "case.target_beyond_time"


# --- who, when ------------------------------------------------------------------------------------


def test_a_case_that_is_not_there_is_not_found() -> None:
    assert Life().refusal(ACCEPTOR, acts.PassForFiling()) == "case.not_found"


def test_an_act_out_of_its_state_is_refused() -> None:
    assert Life().run(*REPORTED).refusal(LEADER, acts.FileCase()) == "case.wrong_state"


def test_an_act_in_another_post_is_refused() -> None:
    assert Life().run(*PREFILED).refusal(ACCEPTOR, acts.FileCase()) == "case.wrong_role"


def test_another_unit_cannot_feed_back() -> None:
    life = Life().run(*DISPATCHED)
    assert life.refusal(CREWS[LAMPS], acts.FeedBack()) == "case.not_yours"


def test_a_unit_feeds_back_once() -> None:
    life = Life().run(*JOINT, (CREWS[WATER], acts.FeedBack()))
    assert life.refusal(CREWS[WATER], acts.FeedBack()) == "case.not_yours"


def test_a_check_that_names_an_inspector_is_that_inspectors_alone() -> None:
    life = Life().run(*FEEDBACK, (ACCEPTOR, acts.OrderCheck(inspector=DISPATCHER.user)))
    assert life.refusal(INSPECTOR, acts.CheckCase(passed=True)) == "case.not_yours"


# --- before filing --------------------------------------------------------------------------------


def test_a_verification_comes_back_to_the_acceptor_with_its_answer() -> None:
    life = Life().run(*REPORTED, (ACCEPTOR, acts.OrderVerification(inspector=INSPECTOR.user)))
    assert (life.now.state, life.now.inspector) == (State.VERIFYING, INSPECTOR.user)
    life.act(INSPECTOR, acts.VerifyReport(confirmed=False))
    case = life.now
    assert (case.state, case.confirmed, case.inspector) == (State.REGISTERED, False, None)


def test_filing_keeps_the_condition_of_the_report_unless_another_is_named() -> None:
    scattered = ((ACCEPTOR, report(condition="scattered")), *PREFILED[1:])
    kept = Life().run(*scattered, (LEADER, acts.FileCase())).now
    other = Life().run(*scattered, (LEADER, acts.FileCase(condition="heap"))).now
    assert (kept.condition, kept.limit) == ("scattered", hours(48))
    assert (other.condition, other.limit) == ("heap", hours(24))


def test_filing_without_a_word_takes_the_first_condition_of_the_class() -> None:
    case = Life().run(*FILED).now
    assert (case.condition, case.limit, case.filed_by) == ("heap", hours(24), LEADER.user)


def test_an_unknown_condition_cannot_be_filed() -> None:
    life = Life().run(*PREFILED)
    assert life.refusal(LEADER, acts.FileCase(condition="none")) == "case.unknown_condition"


def test_a_class_that_the_rule_book_lost_cannot_be_filed() -> None:
    life = Life().run(*PREFILED)
    life.rules = replace(RULES, schemes=(replace(RULES.schemes[0], classes=()),))
    assert life.refusal(LEADER, acts.FileCase()) == "case.unknown_class"


def test_extended_handling_takes_the_conditions_extended_limit() -> None:
    case = Life().run(*PREFILED, (LEADER, acts.FileCase(handling=Handling.EXTENDED))).now
    assert (case.handling, case.limit) == (Handling.EXTENDED, hours(72))


def test_extended_handling_needs_an_extended_limit() -> None:
    filing = acts.FileCase(condition="scattered", handling=Handling.EXTENDED)
    assert Life().run(*PREFILED).refusal(LEADER, filing) == "case.no_extended_limit"


def test_a_class_without_a_condition_has_no_deadline() -> None:
    unlimited = ((ACCEPTOR, report(kind=Kind.COMPONENT, code="2101")), *DISPATCHED[1:])
    case = Life().run(*unlimited).now
    assert (case.limit, case.due, case.due_basis) == (None, None, DeadlineBasis.NONE)


def test_a_declined_case_ends_with_its_reason() -> None:
    life = Life().run(*PREFILED)
    (event,) = life.act(LEADER, acts.DeclineCase(reason="", opinion="不属城管范围"))
    assert event == acts.CaseDeclined(state=State.NOT_FILED, opinion="不属城管范围", reason="")
    assert life.now.ended_at == life.at


# --- at the units ---------------------------------------------------------------------------------


def test_the_deadline_runs_from_the_dispatch() -> None:
    life = Life().run(*DISPATCHED)
    case = life.now
    assert (case.due, case.link_due) == (life.at + 24 * HOUR, life.at + 24 * HOUR)
    assert case.due_basis is DeadlineBasis.RULE


def test_a_city_may_let_the_deadline_run_from_the_filing() -> None:
    life = Life(replace(RULES, deadline_start=DeadlineStart.FILED)).run(*FILED)
    filed = life.at
    life.act(DISPATCHER, acts.DispatchCase(lead=WATER))
    assert life.now.due == filed + 24 * HOUR


def test_a_deadline_past_the_known_calendar_is_provisional() -> None:
    book = replace(RULES, calendar=replace(RULES.calendar, last_year=2007))
    days = replace(hours(24), clock="work_day")
    (scheme,) = book.schemes
    heap = replace(scheme.classes[0].conditions[0], general=days)
    classes = (replace(scheme.classes[0], conditions=(heap,)),)
    life = Life(replace(book, schemes=(replace(scheme, classes=classes),))).run(*DISPATCHED)
    assert life.now.due_provisional


def test_a_dispatch_to_an_unknown_unit_is_refused() -> None:
    life = Life().run(*FILED)
    strange = acts.DispatchCase(lead=WATER, joint=(UnitId("nobody"),))
    assert life.refusal(DISPATCHER, strange) == "case.unknown_unit"


def test_a_dispatch_names_each_unit_once() -> None:
    life = Life().run(*FILED)
    assert life.refusal(DISPATCHER, acts.DispatchCase(lead=WATER, joint=(WATER,))) == (
        "case.unit_twice"
    )


def test_a_case_waits_for_its_last_unit() -> None:
    life = Life().run(*JOINT)
    dispatched, due = life.at, life.now.link_due
    life.act(CREWS[WATER], acts.FeedBack())
    waiting = life.now
    assert (waiting.state, waiting.handled_at) == (State.DISPATCHED, None)
    assert (waiting.link_since, waiting.link_due) == (dispatched, due)
    life.act(CREWS[LAMPS], acts.FeedBack())
    assert (life.now.state, life.now.handled_at) == (State.FEEDBACK, life.at)


def test_a_joint_units_return_leaves_the_case_with_the_others() -> None:
    life = Life().run(*JOINT)
    before = life.now
    life.act(CREWS[LAMPS], RETURNED)
    case = life.now
    assert (case.state, case.link_due, case.link_since) == (
        State.DISPATCHED,
        before.link_due,
        before.link_since,
    )
    assert [a.state for a in case.assignments] == [AssignmentState.OPEN, AssignmentState.RETURNED]


def test_a_joint_units_return_after_all_others_are_done_goes_to_the_check() -> None:
    life = Life().run(*JOINT, (CREWS[WATER], acts.FeedBack()))
    handled = life.at
    life.act(CREWS[LAMPS], RETURNED)
    assert (life.now.state, life.now.handled_at) == (State.FEEDBACK, handled)
    assert life.now.link_due == life.at + LINKS[State.FEEDBACK] * HOUR


def test_the_leads_return_takes_the_joint_units_work_back_with_it() -> None:
    life = Life().run(*JOINT, (CREWS[LAMPS], acts.FeedBack()), (CREWS[WATER], RETURNED))
    case = life.now
    assert (case.state, case.lead, case.returns) == (State.FILED, None, 1)
    assert {a.state for a in case.assignments} == {AssignmentState.RETURNED}


def test_rework_opens_nothing_of_an_earlier_round() -> None:
    life = Life().run(*JOINT, (CREWS[LAMPS], acts.FeedBack()), (CREWS[WATER], RETURNED))
    life.run(
        (DISPATCHER, acts.DispatchCase(lead=TREES)),
        (CREWS[TREES], acts.FeedBack()),
        *CHECKING[-1:],
        (INSPECTOR, acts.CheckCase(passed=False)),
    )
    assert [a.unit for a in life.now.assignments if a.state in AT_WORK] == [TREES]


def test_a_unit_has_one_assignment_however_often_it_gets_the_case() -> None:
    life = Life().run(*JOINT)
    for lead, joint in ((LAMPS, WATER), (WATER, LAMPS), (LAMPS, WATER)):
        life.act(CREWS[life.now.lead or WATER], RETURNED)
        life.act(DISPATCHER, acts.DispatchCase(lead=lead, joint=(joint,)))
    assert [(a.unit, a.lead) for a in life.now.assignments] == [(LAMPS, True), (WATER, False)]


def test_dispatch_back_to_the_same_unit_goes_on_with_what_its_clock_had_left() -> None:
    life = Life().run(*DISPATCHED)
    due = life.now.due
    assert due is not None
    life.act(CREWS[WATER], RETURNED)
    life.act(DISPATCHER, acts.DispatchCase(lead=WATER), at=life.at + 5 * HOUR)
    assert life.now.due == due + 5 * HOUR


def test_dispatch_to_another_unit_starts_the_clock_anew() -> None:
    life = Life().run(*DISPATCHED)
    life.run((CREWS[WATER], RETURNED), (DISPATCHER, acts.DispatchCase(lead=LAMPS)))
    assert life.now.due == life.at + 24 * HOUR


@pytest.mark.parametrize(("handling", "anew"), [("general", False), ("extended", True)])
def test_filing_anew_counts_anew_only_with_another_limit(handling: str, anew: bool) -> None:
    life = Life().run(*DISPATCHED)
    due = life.now.due
    assert due is not None
    life.act(CREWS[WATER], RETURNED)
    away_since = life.at
    life.act(DISPATCHER, RETURNED)
    life.act(LEADER, acts.FileCase(handling=Handling(handling)))
    life.act(DISPATCHER, acts.DispatchCase(lead=WATER))
    assert life.now.due == (life.at + 72 * HOUR if anew else due + (life.at - away_since))


# --- checking and closing -------------------------------------------------------------------------


def test_a_failed_check_sends_the_work_back_to_the_same_units() -> None:
    life = Life().run(*JOINT, (CREWS[LAMPS], RETURNED), (CREWS[WATER], acts.FeedBack()))
    life.run(*CHECKING[-1:], (INSPECTOR, acts.CheckCase(passed=False)))
    case = life.now
    assert (case.state, case.rework, case.handled_at) == (State.HANDLING, 1, None)
    assert case.link_due == case.due
    assert [a.state for a in case.assignments] == [
        AssignmentState.HANDLING,
        AssignmentState.RETURNED,
    ]


def test_sending_back_from_feedback_is_rework_too() -> None:
    case = Life().run(*FEEDBACK, (ACCEPTOR, RETURNED)).now
    assert (case.state, case.rework, case.returns, case.handled_at) == (
        State.HANDLING,
        1,
        1,
        None,
    )


@pytest.mark.parametrize(
    ("before", "actor", "to"),
    [
        (PREFILED, LEADER, State.REGISTERED),
        (FILED, DISPATCHER, State.PREFILED),
        (DISPATCHED, CREWS[WATER], State.FILED),
        (FEEDBACK, ACCEPTOR, State.HANDLING),
        (PENDING, LEADER, State.FEEDBACK),
    ],
)
def test_a_case_goes_back_to_the_link_before(
    before: tuple[tuple[object, Command], ...], actor: object, to: State
) -> None:
    life = Life().run(*before)  # type: ignore[arg-type]  # the kit's own lines
    (event,) = life.act(actor, RETURNED)  # type: ignore[arg-type]
    assert isinstance(event, acts.CaseSentBack)
    assert (life.now.state, event.reason) == (to, "not_ours")


@pytest.mark.parametrize(("late", "on_time"), [(23 * HOUR, True), (25 * HOUR, False)])
def test_a_case_is_on_time_when_it_was_handled_within_its_deadline(
    late: timedelta, on_time: bool
) -> None:
    life = Life().run(*DISPATCHED)
    life.act(CREWS[WATER], acts.FeedBack(), at=life.at + late)
    life.run(*PENDING[-2:])
    (event,) = life.act(LEADER, acts.CloseCase(opinion="结案"))
    kind = ClosingKind.NORMAL if on_time else ClosingKind.LATE
    assert event == acts.CaseClosed(state=State.CLOSED, opinion="结案", on_time=on_time, kind=kind)


def test_a_case_without_a_deadline_is_neither_on_time_nor_late() -> None:
    unlimited = ((ACCEPTOR, report(kind=Kind.COMPONENT, code="2101")), *PENDING[1:])
    (event,) = Life().run(*unlimited).decide(LEADER, acts.CloseCase())
    assert event == acts.CaseClosed(state=State.CLOSED, on_time=None)


def test_a_city_may_want_two_people_to_file_and_to_close() -> None:
    strict = replace(RULES, same_person_may_file_and_close=False)
    life = Life(strict).run(*PENDING)
    other = replace(LEADER, user="relief")
    assert life.refusal(LEADER, acts.CloseCase()) == "case.filer_may_not_close"
    assert life.decide(other, acts.CloseCase())
    assert Life().run(*PENDING).decide(LEADER, acts.CloseCase())


# --- reasons --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (acts.SendBack(reason="unheard_of"), "case.unknown_reason"),
        (acts.SendBack(reason="repeated"), "case.unknown_reason"),  # a reason to cancel
        (acts.SendBack(reason=""), "case.reason_missing"),
        (acts.SendBack(reason="", opinion="说来话长"), "case.reason_missing"),
        (acts.DeclineCase(reason=""), "case.reason_missing"),
        (acts.DeclineCase(reason=" ", opinion="\n"), "case.reason_missing"),
    ],
)
def test_a_return_and_an_end_need_a_reason_of_the_rule_book(command: Command, code: str) -> None:
    assert Life().run(*PREFILED).refusal(LEADER, command) == code


def test_a_city_without_a_list_of_reasons_takes_a_written_one() -> None:
    life = Life(replace(RULES, reasons=())).run(*PREFILED)
    assert life.decide(LEADER, acts.SendBack(reason="", opinion="地点不清"))
    assert life.decide(LEADER, acts.SendBack(reason="地点不清"))
    assert life.refusal(LEADER, acts.SendBack(reason="")) == "case.reason_missing"


def test_a_cancelled_case_ends_with_its_reason() -> None:
    life = Life().run(*REPORTED)
    (event,) = life.act(ACCEPTOR, acts.CancelCase(reason="repeated"))
    assert event == acts.CaseCancelled(state=State.CANCELLED, reason="repeated")
    assert (life.now.ended_at, life.now.link_due) == (life.at, None)


# --- link limits ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (REPORTED, State.REGISTERED),
        (PREFILED, State.PREFILED),
        (FILED, State.FILED),
        (FEEDBACK, State.FEEDBACK),
        (CHECKING, State.CHECKING),
        (PENDING, State.PENDING_CLOSE),
    ],
)
def test_each_link_has_the_limit_that_the_rule_book_sets(
    line: tuple[tuple[object, Command], ...], state: State
) -> None:
    life = Life().run(*line)  # type: ignore[arg-type]  # the kit's own lines
    assert (life.now.state, life.now.link_due) == (state, life.at + LINKS[state] * HOUR)
    free = Life(replace(RULES, link_limits=())).run(*line)  # type: ignore[arg-type]
    assert free.now.link_due is None


def test_the_limit_of_the_dispatched_is_the_time_to_accept() -> None:
    limit = LinkLimit(state=State.DISPATCHED, limit=hours(2))
    life = Life(replace(RULES, link_limits=(limit,))).run(*DISPATCHED)
    dispatched, due = life.at, life.now.due
    assert life.now.link_due == dispatched + 2 * HOUR
    life.act(CREWS[WATER], acts.AcceptWork())
    assert (life.now.state, life.now.link_due) == (State.HANDLING, due)


def test_a_link_limit_at_the_units_stands_in_for_a_missing_deadline_only() -> None:
    limit = LinkLimit(state=State.HANDLING, limit=hours(9))
    rules = replace(RULES, link_limits=(*RULES.link_limits, limit))
    unlimited = ((ACCEPTOR, report(kind=Kind.COMPONENT, code="2101")), *DISPATCHED[1:])
    without, limited = Life(rules).run(*unlimited), Life(rules).run(*DISPATCHED)
    for life in (without, limited):
        life.act(CREWS[WATER], acts.AcceptWork())
    assert (without.now.due, without.now.link_due) == (None, without.at + 9 * HOUR)
    assert limited.now.link_due == limited.now.due
    without.run(*FEEDBACK[-1:], *CHECKING[-1:], (INSPECTOR, acts.CheckCase(passed=False)))
    assert without.now.link_due == without.at + 9 * HOUR


# --- beside the line ------------------------------------------------------------------------------


def test_a_note_and_a_look_at_the_reporter_move_nothing() -> None:
    life = Life().run(*CLOSED)
    before = life.now
    life.act(DISPATCHER, acts.AddNote(opinion="已回复"))
    life.act(ACCEPTOR, acts.ShowContact())
    version = before.version + 2
    assert life.now == replace(before, version=version, notes=1)
    assert life.events[-2:] == [acts.NoteAdded(opinion="已回复"), acts.ContactShown()]
