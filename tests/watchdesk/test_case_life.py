"""The page on a case's life says what the table of acts and the rules say."""

import re
from pathlib import Path

from casework import case, deciding, decisions, reporting
from casework.life import ACTS
from casework.terms import State
from watchdesk.case_life import GLOSSARY, case_life

PAGE = GLOSSARY.with_name("case-life.md").read_text("utf-8")


def test_the_committed_page_is_the_one_that_the_table_makes() -> None:
    assert case_life(GLOSSARY.read_text("utf-8")) == PAGE


def codes(of: Path) -> set[str]:
    """Codes that a module's rules refuse with, as they stand in its source."""
    return set(
        re.findall(r'"((?:case|application|order|undo|queue)\.[a-z_]+)"', of.read_text("utf-8"))
    )


def refused() -> set[str]:
    """Every code that a case's own rules refuse with."""
    rules = (*deciding.__path__, *(module.__file__ for module in (case, decisions, reporting)))
    files = [file for each in map(Path, filter(None, rules)) for file in sources(each)]
    return set().union(*map(codes, files))


def test_every_refusal_of_a_case_stands_in_the_page() -> None:
    assert {
        "case.wrong_state",
        "undo.too_late",
        "queue.empty",
        "case.accepted_already",
    } <= refused()
    assert refused() <= set(re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE))


def test_every_refusal_of_a_case_is_met_in_a_test_of_the_rules() -> None:
    tests = sources(Path(__file__).parent.parent / "casework")
    assert refused() <= set().union(*map(codes, tests))


def sources(of: Path) -> list[Path]:
    return sorted(of.glob("*.py")) if of.is_dir() else [of]


def test_every_act_stands_in_the_table_of_each_of_its_states_or_in_that_of_all() -> None:
    for act in ACTS:
        everywhere = set(act.states) == set(State)
        tables = 1 if everywhere or not act.states else len(act.states)
        assert PAGE.count(f"`{act.name}` |") == tables, act.name
