"""No open case of the Shenzhen pack waits for no instant, whatever its class."""

from pathlib import Path

import pytest

from casework import acts
from casework.holding import next_instant
from casework.pack import read_pack
from casework.rulebook import RuleBook
from casework.terms import Kind, Role
from tests.casework.case_kit import (
    ACCEPTOR,
    DISPATCHER,
    INSPECTOR,
    LEADER,
    Life,
    grant,
    person,
    report,
)

FOLDER = Path(__file__).parents[2] / "resources/cities/shenzhen"


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    return read_pack({path.name: path.read_bytes() for path in FOLDER.iterdir()})


@pytest.mark.parametrize("kind", Kind)
def test_no_case_of_the_city_waits_for_no_instant(rules: RuleBook, kind: Kind) -> None:
    """Also where the condition sets no limit (視情況定) each link falls due some time."""
    unlimited = [of for of in rules.scheme.classes if of.kind is kind and not of.conditions]
    assert bool(unlimited) is (kind is Kind.COMPONENT)
    of = (unlimited or [each for each in rules.scheme.classes if each.kind is kind])[0]
    life = Life(rules)
    unit = rules.units[0].id
    crew = person("crew", grant(Role.UNIT, unit))
    reported = report(kind=kind, code=of.code, district=None, street=None)
    for actor, command in (
        (ACCEPTOR, reported),
        (ACCEPTOR, acts.PassForFiling()),
        (LEADER, acts.FileCase()),
        (DISPATCHER, acts.DispatchCase(lead=unit)),
        (crew, acts.AcceptWork()),
        (crew, acts.FeedBack()),
        (ACCEPTOR, acts.OrderCheck()),
        (INSPECTOR, acts.CheckCase(passed=True)),
    ):
        life.act(actor, command)
        assert next_instant(life.now) is not None, life.now.state
