"""What an act on a set would do: for each case its command, or the reason why it cannot take it.

The console does not judge: `casework.decisions.foreseen` says what stands in the way, the server
alone decides when the act is carried out.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from casework.case import Case
from casework.decider import Context, Refused
from casework.deciding.table import require
from casework.decisions import foreseen
from casework.terms import CaseId, UnitId, UserId
from console.batch.offers import BatchOffer
from console.offers import Offer, Said, is_order
from console.picture import Picture, Wish

OUT_OF_SIGHT, NO_UNIT, NOT_OFFERED = "batch.out_of_sight", "batch.no_unit", "case.wrong_state"


class Given(NamedTuple):
    """What the person filled in once for all."""

    opinion: str = ""
    reason: str = ""
    answers: Mapping[str, Any] = MappingProxyType({})
    """By `Question`."""
    unit: UnitId | None = None
    """The lead of a dispatch for all; None: each to its proposed unit."""
    inspector: UserId | None = None
    """Who gets all orders; None: each to its proposed one."""
    proposed: Mapping[CaseId, UserId] = MappingProxyType({})
    """Whom the server proposes for each case; where it names nobody, it chooses at the order."""


class Step(NamedTuple):
    """One case of a plan: what would be asked for it, or why that cannot be done."""

    case: CaseId
    wish: Wish | None
    code: str = ""
    detail: Mapping[str, str] = MappingProxyType({})


class Plan(NamedTuple):
    """Every case of the set once, those that can be done first."""

    offer: BatchOffer
    ready: tuple[Step, ...]
    hindered: tuple[Step, ...]

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What is to be asked."""
        return tuple(step.wish for step in self.ready if step.wish is not None)


def plan(offer: BatchOffer, cases: Iterable[CaseId], given: Given, picture: Picture) -> Plan:
    """What `offer` would do to each of the cases."""
    steps = [_step(offer, case, given, picture) for case in cases]
    return Plan(
        offer,
        tuple(step for step in steps if step.wish is not None),
        tuple(step for step in steps if step.wish is None),
    )


def _step(batch: BatchOffer, case_id: CaseId, given: Given, picture: Picture) -> Step:
    case = picture.case(case_id)
    if case is None:
        return Step(case_id, None, OUT_OF_SIGHT)
    offer = batch.takes.get(case_id)
    if offer is None:
        return _not_offered(batch.offer, case, given, picture)
    said = said_of(offer, case, given, picture)
    if offer.needs == "units" and said.lead is None:
        return Step(case_id, None, NO_UNIT)
    command = offer.command(said)
    refused = foreseen(case, command, _context(offer, case_id, picture))
    if refused is not None:
        return Step(case_id, None, refused.code, refused.detail)
    return Step(case_id, Wish(offer.name, case_id, offer.role, command, seen=case.version))


def _not_offered(offer: Offer, case: Case, given: Given, picture: Picture) -> Step:
    """Why the table lets the case not take it; where it would let the command pass, but as another
    act of its own, the case stands elsewhere."""
    said = said_of(offer, case, given, picture)
    command = offer.command(said if said.lead else said._replace(lead=UnitId("-")))
    try:
        require(case, command, _context(offer, case.id, picture))
    except Refused as refused:
        return Step(case.id, None, refused.code, refused.detail)
    return Step(case.id, None, NOT_OFFERED, {"state": case.state})


def said_of(offer: Offer, case: Case, given: Given, picture: Picture) -> Said:
    """What is said about one case: the same for all, but for its own unit and condition."""
    responsible = picture.responsible(case) if offer.needs == "units" else None
    joint: tuple[UnitId, ...] = ()
    lead = given.unit
    if lead is None and responsible is not None:
        lead, joint = responsible.lead, responsible.joint
    of = picture.case_class(case)
    usual = of.conditions[0].id if of is not None and of.conditions else ""
    return Said(
        opinion=given.opinion,
        reason=given.reason,
        lead=lead,
        joint=joint,
        condition=case.condition or usual,
        answers=given.answers,
        inspector=(given.inspector or given.proposed.get(case.id)) if is_order(offer) else None,
    )


def _context(offer: Offer, case: CaseId, picture: Picture) -> Context:
    site = picture.site_of(case)
    assert site.actor is not None  # nobody is offered an act before they have signed in
    assert site.welcome is not None
    assert site.rules is not None
    return Context(
        at=picture.now(case),
        log=site.log,
        practice=site.welcome.practice,
        actor=site.actor,
        role=offer.role,
        rules=site.rules,
    )
