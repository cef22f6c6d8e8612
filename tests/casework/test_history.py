"""A step of the record as the row that is shown: what its event names is named in it."""

from casework import acts, claims
from casework.applications import ExtensionApproved
from casework.decider import Event
from casework.history import history_row
from casework.record import StepTaken
from casework.replies import HistoryRow
from casework.terms import CentreId, ClosingKind, State, UnitId
from tests.casework.case_kit import DISPATCHER, context, recorded

CITY, DISTRICT = CentreId("city"), CentreId("district")
STREET, TEAM = UnitId("street"), UnitId("team")


def row(event: Event) -> HistoryRow:
    step = StepTaken(recorded(event, context(DISPATCHER), 1))
    return history_row(step, name="", inspector="", unit="")


def test_a_hand_over_names_from_which_centre_to_which() -> None:
    event = acts.CaseHandedOver(state=State.FILED, centre=CITY, to=DISTRICT, reason="x")
    assert row(event).centres == (CITY, DISTRICT)


def test_a_case_without_a_centre_is_handed_to_one() -> None:
    event = acts.CaseHandedOver(state=State.FILED, to=DISTRICT, reason="x")
    assert row(event).centres == (DISTRICT,)


def test_passed_work_names_both_units_and_whether_it_went_up() -> None:
    down = row(acts.WorkPassed(state=State.HANDLING, unit=STREET, to=TEAM))
    up = row(acts.WorkPassed(state=State.HANDLING, unit=TEAM, to=STREET, back=True))
    assert (down.units, down.back) == ((STREET, TEAM), False)
    assert (up.units, up.back) == ((TEAM, STREET), True)


def test_a_closing_keeps_its_kind() -> None:
    event = acts.CaseClosed(state=State.CLOSED, kind=ClosingKind.FORCED)
    assert row(event).closing is ClosingKind.FORCED


def test_an_urge_keeps_the_leader_s_name() -> None:
    assert row(claims.CaseUrged(leader="张副市长")).leader == "张副市长"


def test_an_approval_keeps_the_name_of_the_leader_who_agreed() -> None:
    event = ExtensionApproved(state=State.HANDLING, unit=TEAM, leader="分管领导")
    assert row(event).leader == "分管领导"
