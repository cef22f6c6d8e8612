"""From the report to the filing: what each act earns, and why it is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from casework import acts
from casework.acts import Handling
from casework.decider import Place, Refused
from casework.decisions import DECIDER, decide
from casework.reporting import spoken
from casework.rules.working_time import FURTHEST
from casework.scheme import CaseClass, Condition
from casework.terms import (
    AreaId,
    CentreId,
    DeadlineBasis,
    GridCode,
    Kind,
    ReceiptNumber,
    Role,
    State,
)
from tests.casework.case_kit import (
    ACCEPTOR,
    CASE,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    EAST,
    FILED,
    HARBOUR,
    INSPECTOR,
    LEADER,
    NINE,
    PREFILED,
    REPORTED,
    RULES,
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


@pytest.mark.parametrize(
    "doubt",
    ["place.outside", "place.zero", "place.placeholder", "place.impossible", "place.swapped"],
)
def test_a_doubtful_position_is_refused_by_its_doubt(doubt: str) -> None:
    with pytest.raises(Refused) as refused:
        decide(None, report(), context(ACCEPTOR, place=Place(doubt=doubt)))
    assert refused.value.code == doubt


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


LAMP = CaseClass(
    kind=Kind.COMPONENT, code="2102", name="路灯", big_code="21", big_name="其他",
    conditions=(Condition(id="dark", text="不亮", general=hours(24), extended=hours(72)),),
)  # fmt: skip
SCHEME = RULES.schemes[0]
WITH_LAMPS = replace(RULES, schemes=(replace(SCHEME, classes=(*SCHEME.classes, LAMP)),))


def test_extended_handling_takes_the_conditions_extended_limit() -> None:
    case = Life().run(*PREFILED, (LEADER, acts.FileCase(handling=Handling.EXTENDED))).now
    assert (case.handling, case.limit) == (Handling.EXTENDED, hours(72))


def test_extended_handling_needs_an_extended_limit() -> None:
    filing = acts.FileCase(condition="scattered", handling=Handling.EXTENDED)
    assert Life().run(*PREFILED).refusal(LEADER, filing) == "case.no_extended_limit"


def test_a_class_without_a_condition_has_no_extended_limit() -> None:
    life = Life().run((ACCEPTOR, report(kind=Kind.COMPONENT, code="2101")), *PREFILED[1:])
    filing = acts.FileCase(handling=Handling.EXTENDED)
    assert life.refusal(LEADER, filing) == "case.no_extended_limit"


def test_special_handling_of_a_component_goes_without_a_fixed_limit() -> None:
    component = ((ACCEPTOR, report(kind=Kind.COMPONENT, code="2102")), *PREFILED[1:])
    filing = acts.FileCase(handling=Handling.SPECIAL)
    case = Life(WITH_LAMPS).run(*component, (LEADER, filing), DISPATCHED[-1]).now
    assert (case.handling, case.limit, case.due) == (Handling.SPECIAL, None, None)
    assert case.due_basis is DeadlineBasis.NONE


def test_an_incident_is_not_handled_specially() -> None:
    filing = acts.FileCase(handling=Handling.SPECIAL)
    assert Life().run(*PREFILED).refusal(LEADER, filing) == "case.no_special_handling"


def test_a_class_without_a_condition_has_no_deadline() -> None:
    unlimited = ((ACCEPTOR, report(kind=Kind.COMPONENT, code="2101")), *DISPATCHED[1:])
    case = Life().run(*unlimited).now
    assert (case.limit, case.due, case.due_basis) == (None, None, DeadlineBasis.NONE)


def test_a_declined_case_ends_with_its_reason() -> None:
    life = Life().run(*PREFILED)
    (event,) = life.act(LEADER, acts.DeclineCase(reason="", opinion="不属城管范围"))
    assert event == acts.CaseDeclined(state=State.NOT_FILED, opinion="不属城管范围", reason="")
    assert life.now.ended_at == life.at
