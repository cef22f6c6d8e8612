"""Passwords: long enough, and not what everybody tries first."""

import pytest

from casework.decider import Refused
from casework.rulebook import Passwords
from casework.rules.passwords import LONGEST, check

RULES = Passwords(least=8, refused=("Password1", "woaini1314"))


@pytest.mark.parametrize("password", ["correct horse", "我爱北京天安门广场", "x7" * (LONGEST // 2)])
def test_a_good_password_is_taken(password: str) -> None:
    check(password, "li", RULES)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("1234567", "password.too_short"),
        ("x7" * (LONGEST // 2) + "!", "password.too_long"),
        ("PASSWORD1", "password.refused"),
        ("woaini1314", "password.refused"),
        ("Chen.Xiaoming", "password.refused"),
        ("zzzzzzzzz", "password.refused"),
    ],
)
def test_a_bad_password_is_refused(password: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check(password, "chen.xiaoming", RULES)


def test_the_least_length_and_the_list_are_the_citys_own() -> None:
    with pytest.raises(Refused, match=r"password\.too_short.*least=12"):
        check("eleven char", "li", Passwords(least=12))
    check("woaini1314", "li", Passwords())
