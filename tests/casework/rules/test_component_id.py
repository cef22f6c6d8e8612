"""The id of a component: two forms, each taken apart and put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.component_id import (
    LENGTHS,
    ComponentIdError,
    component_id,
    parse_component_id,
)

DIGITS = "0123456789"


def digits(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=least, max_size=most or least)


@given(digits(6), digits(4, 5), st.integers(0, 999_999))
def test_what_is_put_together_is_taken_apart_again(district: str, code: str, order: int) -> None:
    parts = parse_component_id(component_id(district, code, order))
    assert parts == (district, code, f"{order:06}")


@given(digits(16, 17))
def test_every_digit_of_an_id_belongs_to_one_part(text: str) -> None:
    parts = parse_component_id(text)
    assert "".join(parts) == text
    assert (len(parts.district), len(parts.code), len(parts.order)) == (6, len(text) - 12, 6)


@given(st.text(max_size=20).filter(lambda text: len(text) not in LENGTHS))
def test_another_length_is_no_id(text: str) -> None:
    with pytest.raises(ComponentIdError):
        parse_component_id(text)


@given(digits(15), st.characters().filter(lambda sign: sign not in DIGITS), st.integers(0, 15))
def test_sixteen_signs_that_are_not_all_digits_are_no_id(text: str, sign: str, at: int) -> None:
    with pytest.raises(ComponentIdError) as wrong:
        parse_component_id(text[:at] + sign + text[at:])
    assert wrong.value.code == "component.bad_id"


def test_a_full_width_digit_is_none() -> None:
    with pytest.raises(ComponentIdError):
        parse_component_id("４" + "4" * 15)
