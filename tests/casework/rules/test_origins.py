"""出處: what a limit rests on, and how much of a city's data nobody has confirmed."""

import pytest
from msgspec.structs import replace

from casework.pack.files import MARKS
from casework.rulebook import RuleBook
from casework.rules.origins import UNSURE, Listed, basis_of_limit, is_unsure, mark_of, tallies
from casework.scheme import Condition, Limit
from casework.terms import AreaId
from casework.territory import Area, AreaLevel
from tests.casework.case_kit import RULES, hours

HEAP = Condition(id="heap", text="成堆", general=hours(2), extended=hours(9), basis="report: p. 3")


def test_a_mark_may_say_more_after_a_colon() -> None:
    assert mark_of("second_hand: a public list") == "second_hand"


def test_what_no_source_says_is_unsure() -> None:
    assert set(MARKS) >= UNSURE
    assert is_unsure("assumed: by us")
    assert not is_unsure("report")


@pytest.mark.parametrize("limit", [hours(2), hours(9)])
def test_a_limit_of_the_condition_rests_on_what_the_condition_does(limit: Limit) -> None:
    assert basis_of_limit(HEAP, limit) == "report: p. 3"


@pytest.mark.parametrize("limit", [hours(3), None])
def test_a_limit_of_an_older_rule_book_or_none_rests_on_nothing_here(limit: Limit | None) -> None:
    assert basis_of_limit(HEAP, limit) == ""
    assert basis_of_limit(None, limit) == ""


def test_each_list_with_entries_is_counted_by_its_marks() -> None:
    known = Area(id=AreaId("1"), name="甲", level=AreaLevel.DISTRICT, basis="registry")
    book: RuleBook = replace(RULES, areas=(*RULES.areas, known), responsibilities=(), places=())
    found = dict(tallies(book))
    assert found[Listed.AREAS] == {"assumed": 3, "registry": 1}
    assert found.keys() == set(Listed) - {Listed.RESPONSIBILITIES, Listed.PLACES}
