"""責任網格: whose beat a place lies in."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from casework.rulebook import RuleBook
from casework.rules.responsibility import responsibility_grid
from casework.scheme import Scheme, WorkCalendar
from casework.terms import AreaId, GridCode
from casework.territory import ResponsibilityGrid

STREET, OTHER = AreaId("440303001"), AreaId("440303002")


def beat(name: str, *cells: str, street: AreaId = STREET) -> ResponsibilityGrid:
    return ResponsibilityGrid(id=name, name=name, street=street, cells=cells)


WHOLE = beat("whole", "440303001")
MARKET = beat("market", "440303001002")
CORNER = beat("corner", "440303001002031")
RULES = RuleBook(
    city="深圳",
    code="440300",
    calendar=WorkCalendar(time_zone="Asia/Shanghai", first_year=2008, last_year=2008),
    default_scheme="A",
    schemes=(Scheme(id="A", version="2007", name="A", classes=()),),
    units=(),
    responsibility_grids=(WHOLE, MARKET, CORNER),
)


def in_beat(code: str, street: AreaId | None = STREET) -> ResponsibilityGrid | None:
    return responsibility_grid(RULES, GridCode(code), street)


def test_the_most_exact_beat_has_the_place() -> None:
    assert in_beat("440303001002031") == CORNER
    assert in_beat("440303001002032") == MARKET
    assert in_beat("440303001003001") == WHOLE


def test_a_code_of_fourteen_digits_belongs_to_its_community() -> None:
    assert in_beat("44030300100203") == MARKET


def test_without_a_cell_the_beat_of_the_whole_street_has_the_place() -> None:
    assert responsibility_grid(RULES, None, STREET) == WHOLE
    assert responsibility_grid(RULES, None, OTHER) is None
    assert responsibility_grid(RULES, None, None) is None


def test_a_site_code_that_no_beat_begins_belongs_to_the_street_of_the_case() -> None:
    assert in_beat("449999001002031") == WHOLE
    assert in_beat("449999001002031", None) is None


parts = st.text("01", min_size=3, max_size=3)


@given(
    cells=st.sets(
        st.one_of(
            st.just("440303001"),
            st.builds("440303001{}".format, parts),
            st.builds("440303001{}{}".format, parts, parts),
        ),
        max_size=12,
    ),
    code=st.builds("440303001{}{}".format, parts, parts),
)
def test_the_longest_beginning_wins_whatever_the_beats(cells: set[str], code: str) -> None:
    beats = tuple(beat(cell, cell) for cell in sorted(cells))
    found = responsibility_grid(replace(RULES, responsibility_grids=beats), GridCode(code), STREET)
    begun = [cell for cell in cells if code.startswith(cell)]
    assert (found.id if found else None) == max(begun, key=len, default=None)
