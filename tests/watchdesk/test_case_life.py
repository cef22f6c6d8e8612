"""The page on a case's life says what the table of acts and the rules say."""

import re
from pathlib import Path

from casework import decisions
from casework.life import ACTS
from casework.terms import State
from watchdesk.case_life import GLOSSARY, case_life

PAGE = GLOSSARY.with_name("case-life.md").read_text("utf-8")


def test_the_committed_page_is_the_one_that_the_table_makes() -> None:
    assert case_life(GLOSSARY.read_text("utf-8")) == PAGE


def refusals() -> set[str]:
    """Every code that the rules of a case name."""
    folder = Path(decisions.__file__).parent
    files = [
        *(folder / "deciding").glob("*.py"),
        *(folder / f"{n}.py" for n in ("case", "reporting")),
    ]
    code = re.compile(r'"((?:case|application|order|undo)\.[a-z_]+)"')
    return {found for file in files for found in code.findall(file.read_text("utf-8"))}


def test_every_refusal_of_a_case_stands_in_the_page() -> None:
    assert "case.wrong_state" in refusals()
    assert refusals() <= set(re.findall(r"`([a-z]+\.[a-z_*]+)`", PAGE))


def test_every_act_stands_in_the_table_of_each_of_its_states_or_in_that_of_all() -> None:
    for act in ACTS:
        everywhere = set(act.states) == set(State)
        tables = 1 if everywhere or not act.states else len(act.states)
        assert PAGE.count(f"`{act.name}` |") == tables, act.name
