"""Which acts a set of cases has: each act that one of them allows, and how many may take it.

`console.offers` says what each case allows; here equal acts of several cases become one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from casework.case import Case
from casework.terms import CaseId
from console.offers import Offer, Question, offers, suggested
from console.picture import Picture
from console.vocabulary import OFFERS

NOT_FOR_SETS = frozenset({"show_contact"})
"""Whose telephone number it is, is looked up for one case at a time."""
_DIGITS = 9


class BatchOffer(NamedTuple):
    """One act for a set: its key, and for each case that may take it that case's own offer."""

    offer: Offer
    """Of the first case: the words, what is needed and what is asked are the same for all."""
    key: str
    takes: Mapping[CaseId, Offer]
    suggests: int
    """For how many of the cases it is the suggested act."""

    @property
    def name(self) -> str:
        """The offer's name, for the words."""
        return self.offer.name

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked once for all."""
        return self.offer.questions


def batch_offers(cases: Iterable[Case], picture: Picture) -> tuple[BatchOffer, ...]:
    """What may be done with at least one of the cases: first what most of them suggest, then what
    most of them allow."""
    takes: dict[tuple[str, str], dict[CaseId, Offer]] = {}
    suggests: Counter[tuple[str, str]] = Counter()
    for case in cases:
        found = _offers(case, picture)
        first = suggested(case, found)
        for offer in found:
            takes.setdefault(_alike(offer), {})[case.id] = offer
        if first is not None:
            suggests[_alike(first)] += 1
    order = sorted(takes, key=lambda alike: (-suggests[alike], -len(takes[alike])))
    return _with_keys([(takes[alike], suggests[alike]) for alike in order])


def _offers(case: Case, picture: Picture) -> tuple[Offer, ...]:
    site = picture.site_of(case.id)
    if site.actor is None:
        return ()
    found = offers(case, site.actor, picture.case_class(case), site.rules)
    return tuple(offer for offer in found if offer.name not in NOT_FOR_SETS)


def _alike(offer: Offer) -> tuple[str, str]:
    """Acts of the same words and key are one to a person, though the table may have two rows."""
    return OFFERS[offer.name], offer.key


def _with_keys(found: Iterable[tuple[Mapping[CaseId, Offer], int]]) -> tuple[BatchOffer, ...]:
    """Each its own key: where cases of several links bring two acts of one letter, the later one
    takes a digit."""
    taken: set[str] = set()
    digits = (str(number) for number in range(1, _DIGITS + 1))
    made = []
    for takes, suggests in found:
        offer = next(iter(takes.values()))
        key = offer.key if offer.key not in taken else next(digits, "")
        taken.add(key)
        made.append(BatchOffer(offer, key, takes, suggests))
    return tuple(made)
