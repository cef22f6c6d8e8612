"""What a typed number may mean: a whole case number, one without its log, a receipt number. Pure.

People read numbers aloud and write them down with spaces and hyphens, in full-width digits and
without leading zeros; none of that makes a difference. Numbers of other systems are no form of
ours: they are compared as they are (`spellings`).
"""

import re
import unicodedata

from casework.terms import CaseId, LogId

ORDER_DIGITS = 5
"""Digits of a case's order within its day."""
_DAY = r"(?:19|20|21)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SPLIT = re.compile(rf"(?:(?P<log>.+)[-‐–—])?(?P<day>{_DAY})[-‐–—](?P<order>\d{{1,7}})")
_TOGETHER = re.compile(rf"(?P<day>{_DAY})(?P<order>\d{{{ORDER_DIGITS}}})(?P<reporter>\d{{0,3}})")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def case_meant(text: str, log: LogId) -> tuple[CaseId | None, bool]:
    """The case whose number or receipt number (回執號) the text may be, None where it is neither;
    and whether it is a receipt's: its last digits name the reporter."""
    words = "".join(_plain(text).casefold().split())
    split = _SPLIT.fullmatch(words)
    if split is not None:
        ours = split["log"] in (None, log.casefold())
        return (_case(log, split["day"], split["order"]) if ours else None), False
    together = _TOGETHER.fullmatch(words.replace("-", ""))
    if together is None:
        return None, False
    return _case(log, together["day"], together["order"]), bool(together["reporter"])


def _case(log: LogId, day: str, order: str) -> CaseId:
    return CaseId(f"{log}-{day}-{int(order):0{ORDER_DIGITS}}")


def spellings(text: str) -> tuple[str, ...]:
    """How another system may have written the number: as typed, and in capitals or without."""
    words = _plain(text)
    together = "".join(words.split())
    every = (text.strip(), words, together, together.upper(), together.lower())
    return tuple(dict.fromkeys(each for each in every if each))
