"""A case's record in words."""

from datetime import timedelta

import pytest

from casework.replies import HistoryRow
from casework.terms import Application, ClosingKind, Role, State, UserId
from console import wording
from console.names import Names
from console.record import Line, lines
from tests.console import cases

NAMES = Names(cases.rules())
UNIT = cases.rules().units[0]


def row(**fields: object) -> HistoryRow:
    given: dict[str, object] = {
        "number": 1,
        "at": cases.NOW,
        "type": "NoteAdded",
        "actor": UserId("li"),
        "role": Role.ACCEPTOR,
    }
    return HistoryRow(**{**given, **fields})  # type: ignore[arg-type]  # a test's own fields


def line(**fields: object) -> Line:
    (only,) = lines([row(**fields)], NAMES)
    return only


def test_a_note_has_neither_link_nor_used_time() -> None:
    said = line(opinion="等回电")
    assert (said.left, said.used, said.late_by, said.said) == ("", None, None, "等回电")


def test_a_step_names_the_link_it_left_the_time_it_used_and_how_late_it_was() -> None:
    said = line(
        type="CaseDispatched", left=State.FILED, used_seconds=900, late=True, late_seconds=60
    )
    assert (said.left, said.used, said.late_by) == (
        "To dispatch",
        timedelta(minutes=15),
        timedelta(minutes=1),
    )


@pytest.mark.parametrize(
    ("step", "passed", "act"),
    [
        ("ReportVerified", True, "Verified: confirmed"),
        ("ReportVerified", False, "Verified: not confirmed"),
        ("CaseChecked", True, "Checked: passed"),
        ("CaseChecked", False, "Checked: not passed"),
        ("CaseFiled", None, "Filed"),
        ("MoonRose", None, "MoonRose"),
    ],
)
def test_an_inspector_s_answer_stands_with_the_act(
    step: str, passed: bool | None, act: str
) -> None:
    assert line(type=step, passed=passed).act == act


def test_a_unit_stands_as_who_acted_and_the_others_as_to_whom() -> None:
    back = line(type="UnitFedBack", role=Role.UNIT, unit=UNIT.id, units=(UNIT.id,))
    assert (back.unit, back.to) == (UNIT.name_en or UNIT.name, "")
    sent = line(type="CaseDispatched", units=(UNIT.id,))
    assert (sent.unit, sent.to) == ("", UNIT.name_en or UNIT.name)


def test_a_post_that_the_name_says_already_is_said_once() -> None:
    wording.use("zh_CN")
    assert line(name="受理员七").who == "受理员七"
    assert line(name="张三").who == "张三 受理员"
    assert line().who == "li 受理员"


def test_reason_and_opinion_stand_together() -> None:
    reason = cases.rules().reasons[0]
    said = line(type="CaseSentBack", reason=reason.id, opinion="<b>看不清</b>").said
    assert said == f"{reason.text_en or reason.text} <b>看不清</b>"


def test_a_step_of_an_earlier_system_is_marked_and_keeps_its_own_words() -> None:
    told = line(type="OldStep", imported=True, act="受理", name="张三", post="受理员", unit="旧局")
    assert (told.act, told.who, told.unit) == ("受理 (imported)", "张三 受理员", "旧局")


def test_nobody_of_this_log_stands_in_for_a_person_whom_the_earlier_system_does_not_name() -> None:
    assert line(type="OldStep", imported=True, act="受理").who == ""


def test_an_order_names_the_inspector_it_went_to() -> None:
    assert line(type="CheckOrdered", inspector="吴建华").to == "吴建华"


def test_who_takes_a_case_over_has_it_from_the_one_who_had_it() -> None:
    said = line(type="ClaimTakenOver", name="王", colleague="李")
    assert (said.to, said.taken_from) == ("", "李")
    assert said.parties.endswith("← 李")


def test_who_passes_a_case_on_gives_it_to_the_colleague() -> None:
    said = line(type="CasePassedOn", name="王", colleague="李")
    assert (said.to, said.taken_from) == ("李", "")
    assert said.parties.endswith("→ 李")


def test_an_application_says_what_is_asked_and_until_when() -> None:
    said = line(
        type="AppliedFor", application=Application.SUSPENSION, until=cases.NOW + timedelta(days=7)
    )
    until = NAMES.local(cases.NOW + timedelta(days=7))
    assert said.act == f"Applied for: suspension until {until:%Y-%m-%d %H:%M}"


def test_a_hand_over_names_both_centres() -> None:
    city, district, *_ = cases.rules().centres
    said = line(type="CaseHandedOver", centres=(city.id, district.id))
    assert (said.unit, said.to) == (city.name_en or city.name, district.name_en or district.name)


def test_work_that_is_passed_names_the_unit_it_went_to_and_whether_that_was_up_again() -> None:
    other = cases.rules().units[1]
    passed = {"type": "WorkPassed", "unit": UNIT.id, "units": (UNIT.id, other.id)}
    down, up = line(**passed), line(**passed, back=True)
    assert (down.act, down.to) == ("Passed down", other.name_en or other.name)
    assert (up.act, up.to) == ("Passed back", other.name_en or other.name)


@pytest.mark.parametrize("step", ["CaseReopened", "CaseSentBack", "StepTakenBack"])
def test_a_step_that_may_lead_into_several_links_names_the_one(step: str) -> None:
    assert line(type=step, state=State.PREFILED).act.endswith(": To file")


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        (ClosingKind.NORMAL, "Closed"),
        (ClosingKind.LATE, "Closed late"),
        (ClosingKind.INFORMATION, "Closed as information"),
    ],
)
def test_a_closing_says_how_it_was_closed(kind: ClosingKind, act: str) -> None:
    assert line(type="CaseClosed", closing=kind).act == act


def test_an_approval_names_the_leader_who_agreed_and_until_when() -> None:
    end = cases.NOW + timedelta(days=7)
    said = line(type="SuspensionApproved", until=end, leader="分管领导").act
    assert said == f"Suspension approved: until {NAMES.local(end):%Y-%m-%d %H:%M} · 分管领导"
    assert line(type="ExtensionApproved", leader="分管领导").act == "Extension approved: 分管领导"


def test_an_urge_names_the_leader() -> None:
    assert line(type="CaseUrged", leader="张副市长").act == "Urged: 张副市长"


def test_a_suspension_that_ended_by_itself_was_ended_by_nobody_and_lasted_as_long_as_it_did() -> (
    None
):
    said = line(
        type="CaseResumed",
        actor=UserId("server"),
        role=Role.SYSTEM,
        left=State.SUSPENDED,
        received=cases.NOW - timedelta(days=7),
    )
    assert (said.who, said.used) == ("System", timedelta(days=7))
