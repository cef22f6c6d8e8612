"""What a typed number may mean, however it was written down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.reporting import case_id, receipt_number, spoken
from casework.rules.case_number import case_meant, spellings
from casework.rules.working_time import EARLIEST
from casework.terms import CaseId, LogId

LOG = LogId("440300")
CASE = CaseId("440300-20080613-00042")


@pytest.mark.parametrize(
    "text",
    [
        "440300-20080613-00042",
        "20080613-00042",
        " 20080613-42 ",
        "２００８０６１３－００４２",
        "20080613–00042",
        "2008061300042",
    ],
)
def test_a_case_number_is_read_with_its_log_or_without_and_in_any_width(text: str) -> None:
    assert case_meant(text, LOG) == (CASE, False)


@pytest.mark.parametrize("text", ["20080613000421", "2008 0613 0004 21", "2008-0613-0004-21"])
def test_a_receipt_number_is_read_as_it_was_read_out(text: str) -> None:
    assert case_meant(text, LOG) == (CASE, True)


def test_a_later_reporter_s_receipt_means_the_same_case() -> None:
    assert case_meant(receipt_number(CASE, 12), LOG) == (CASE, True)


@pytest.mark.parametrize(
    "text",
    ["", "前进路 12 号", "440301-20080613-00042", "20081341-00001", "13800002190", "CG-2007-1"],
)
def test_anything_else_is_no_number_of_ours(text: str) -> None:
    assert case_meant(text, LOG) == (None, False)


@given(order=st.integers(1, 99_999), reporter=st.integers(1, 999))
def test_every_number_that_we_give_is_read_back(order: int, reporter: int) -> None:
    case = case_id(LOG, EARLIEST.replace(year=2008), order, "Asia/Shanghai")
    assert case_meant(case, LOG) == (case, False)
    assert case_meant(spoken(receipt_number(case, reporter)), LOG) == (case, True)


def test_a_log_with_hyphens_is_a_log_too() -> None:
    log = LogId("Practice-7")
    assert case_meant("practice-7-20080613-1", log) == (CaseId("Practice-7-20080613-00001"), False)


def test_another_system_s_number_is_compared_as_typed_and_in_capitals() -> None:
    assert spellings(" ｃｇ-12 a ") == ("ｃｇ-12 a", "cg-12 a", "cg-12a", "CG-12A")
    assert spellings("  ") == ()
