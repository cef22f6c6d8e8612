"""What counts as a refusal code, and as met; the run itself is looked at in `tests.refusals`."""

import ast

import pytest

from casework import acts, wire
from casework.decider import Refused
from console.refusals import refusal
from tests import refusals
from tests.casework.case_kit import ACCEPTOR, DISPATCHED, Life
from tests.refusals import MET, RULES, Met, catalogue

FOUND = """
def check(case, context):
    if case.late:
        raise Refused("case.late" if case.x else f"{case.kind}.late")
    raise GridError("grid.bad_code", "No grid code.")

def doubt(point):
    return "place.zero"

TABLE = {"case.held": 1, "no.sentence": 2}
"""


DESK = """
def say(code):
    if code == "case.held":
        return refusal("batch.no_unit")
    raise LinkError(code or "link.hole")
"""


def found(package: str) -> set[str]:
    return set(refusals._of(package, ast.parse(FOUND)))


def test_a_code_is_what_a_refusal_is_made_with() -> None:
    assert found("console") == {"case.late", "grid.bad_code"}


def test_in_the_packages_that_refuse_it_is_also_what_has_a_sentence() -> None:
    assert found("casework") == {"case.late", "grid.bad_code", "place.zero", "case.held"}


def test_at_the_desk_it_is_what_it_says_of_its_own() -> None:
    assert set(refusals._of("console", ast.parse(DESK))) == {"batch.no_unit", "link.hole"}


def test_every_package_that_says_no_is_looked_at() -> None:
    packages = {each.package for each in catalogue()}
    assert packages == set(refusals.EVERY)


def test_what_a_command_prints_is_met_and_a_sentence_of_a_test_is_not() -> None:
    refusals.printed("watchdesk: There is no such thing. [thing.printed]\n")
    assert {each.package for each in MET if each.code == "thing.printed"} == set(refusals.EVERY)
    refusal("thing.worded")
    assert "thing.worded" not in {each.code for each in MET}


def test_every_kind_of_refusal_is_in_the_catalogue() -> None:
    kinds = {each.code.partition(".")[0] for each in catalogue(RULES)}
    assert {"case", "account", "component", "import", "order", "patrol", "photo", "place"} <= kinds
    assert {"undo", "application", "queue", "sign_in", "database", "server", "grid"} <= kinds


def test_what_a_rule_refuses_is_met_and_what_a_test_makes_up_is_not() -> None:
    Life().run(*DISPATCHED).refusal(ACCEPTOR, acts.PassForFiling())
    Refused("made.up")
    assert Met("casework", "case.wrong_state") in MET
    assert "made.up" not in {each.code for each in MET}


def test_what_a_server_says_is_met_and_what_a_test_writes_is_not() -> None:
    wire.encode(wire.Nack(id="12345678", code="made.up.too"))
    assert "made.up.too" not in {each.code for each in MET}


@pytest.mark.parametrize(
    ("argument", "whole"), [("", True), ("tests", True), ("tests/casework", False)]
)
def test_only_a_run_of_everything_answers_for_everything(argument: str, whole: bool) -> None:
    given = [str(refusals.ROOT / argument)]
    config = pytest.Config.fromdictargs({"keyword": "", "markexpr": ""}, given)
    assert refusals.is_whole(config) is whole
