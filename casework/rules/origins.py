"""Where an entry of the rule book comes from: its `basis`, a mark and after a colon what else is to
be known. A desk says what a limit rests on, and what of the city's data nobody has confirmed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from casework.rulebook import RuleBook
from casework.scheme import Condition, Limit

UNSURE = frozenset({"assumed", "invented", "implied"})
"""Marks of what no source says of this city."""


class Listed(StrEnum):
    """Lists of the rule book whose entries are marked."""

    SCHEME = "scheme"
    CLASSES = "classes"
    CONDITIONS = "conditions"
    UNITS = "units"
    RESPONSIBILITIES = "responsibilities"
    AREAS = "areas"
    RESPONSIBILITY_GRIDS = "responsibility_grids"
    PLACES = "places"


class Marked(Protocol):
    """An entry with a mark of origin."""

    @property
    def basis(self) -> str: ...


class Tally(NamedTuple):
    """How many entries of a list have each mark, the commonest first."""

    listed: Listed
    marks: Mapping[str, int]


def mark_of(basis: str) -> str:
    """The mark, one of `casework.pack.files.MARKS`."""
    return basis.partition(":")[0].strip()


def is_unsure(basis: str) -> bool:
    """Whether no source says it of this city."""
    return mark_of(basis) in UNSURE


def basis_of_limit(of: Condition | None, limit: Limit | None) -> str:
    """What a case's limit rests on; "" where it is none of this condition's, as when the rule book
    has changed since the case was filed."""
    if of is None or limit is None or limit not in (of.general, of.extended):
        return ""
    return of.basis


def tallies(rules: RuleBook) -> Iterator[Tally]:
    """Each list of the rule book that has entries, with their marks."""
    lists: Mapping[Listed, Iterable[Marked]] = {
        Listed.SCHEME: (rules.scheme,),
        Listed.CLASSES: rules.scheme.classes,
        Listed.CONDITIONS: (each for of in rules.scheme.classes for each in of.conditions),
        Listed.UNITS: rules.units,
        Listed.RESPONSIBILITIES: rules.responsibilities,
        Listed.AREAS: rules.areas,
        Listed.RESPONSIBILITY_GRIDS: rules.responsibility_grids,
        Listed.PLACES: rules.places,
    }
    for listed, entries in lists.items():
        marks = Counter(mark_of(each.basis) for each in entries)
        if marks:
            yield Tally(listed, dict(marks.most_common()))
