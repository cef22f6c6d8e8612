"""What stands beside a case's link, in words."""

from datetime import timedelta

from msgspec.structs import replace

from casework.case import Claim, Order, Waiting
from casework.terms import Application, State, UserId
from console.names import Names
from console.standing import Named, holder, standing_facts
from tests.console import cases

WANG = UserId("wang")


def test_who_has_a_case_in_hand_is_said_until_the_claim_is_stale() -> None:
    case = replace(cases.one(State.FILED), claim=Claim(user=WANG, since=cases.NOW))
    rules = cases.rules()
    later = cases.NOW + timedelta(minutes=rules.queues.claim_minutes, seconds=1)
    assert holder(case, "王强", cases.NOW, rules) == "王强"
    assert holder(case, "王强", later, rules).startswith("王强 (free to take")
    assert holder(cases.one(State.FILED), "", cases.NOW, rules) == ""


def test_an_order_is_said_with_the_inspector_s_name_and_how_it_stands() -> None:
    names, at, rules = Names(cases.rules()), cases.NOW, cases.rules()
    sent = replace(
        cases.one(State.CHECKING), inspector=WANG, order=Order(sent_at=at - timedelta(minutes=3))
    )
    said = standing_facts(sent, at, rules, names, Named(inspector="王强"))["order"]
    assert said.startswith("王强 · ▲ Order not delivered")
    assert standing_facts(replace(sent, order=None), at, rules, names, Named())["order"] == ""


def test_an_application_names_what_is_asked_and_by_whom() -> None:
    names, case = Names(cases.rules()), cases.one(State.DISPATCHED)
    first, *rest = case.assignments
    waiting = Waiting(kind=Application.EXTENSION, since=cases.NOW)
    case = replace(case, assignments=(replace(first, waiting=waiting), *rest))
    said = standing_facts(case, cases.NOW, cases.rules(), names, Named())["waiting"]
    assert said.startswith(f"more time · {names.unit(first.unit)}")


def test_an_application_for_a_suspension_says_until_when() -> None:
    names, case = Names(cases.rules()), cases.one(State.DISPATCHED)
    first, *rest = case.assignments
    end = cases.NOW + timedelta(days=7)
    waiting = Waiting(kind=Application.SUSPENSION, since=cases.NOW, until=end)
    case = replace(case, assignments=(replace(first, waiting=waiting), *rest))
    said = standing_facts(case, cases.NOW, cases.rules(), names, Named())["waiting"]
    assert said.startswith(f"suspension until {names.local(end):%Y-%m-%d %H:%M} · ")
