"""Which inspectors somebody may know of, ranked for a case or a point, or all of them.

Positions of people at work are told to the centre roles of the inspector's own areas, and to the
inspector; to nobody else.
"""

from collections.abc import Sequence
from datetime import datetime

from case_server.roster import Roster, target_of
from case_server.users import Person
from casework.case import Case
from casework.decider import Grant
from casework.enquiries import InspectorRow, InspectorsReply, Proposed, ProposedReply
from casework.rulebook import RuleBook
from casework.rules.audience import Scope
from casework.rules.common_ground import areas_of, overlap
from casework.rules.placing import Locator
from casework.rules.proposal import Candidate, Proposal, Target, is_fresh
from casework.rules.responsibility import responsibility_grid
from casework.terms import Point, Role

_CENTRE = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER)


def target_at(point: Point, rules: RuleBook) -> Target:
    """An order at a point, wherever no case is yet."""
    place = Locator(rules).place(point)
    grid = responsibility_grid(rules, place.grid, place.street)
    scope = Scope(district=place.district, street=place.street)
    return Target(scope=scope, point=point, grid=grid.id if grid else "")


def reply(
    roster: Roster, person: Person, at: Case | Point | None, now: datetime, *, limit: int
) -> InspectorsReply:
    """The inspectors whom this person may know of: best first for a case or a point, else by
    name."""
    rules = roster.rules
    known = {
        each.user: each
        for each in roster.everybody()
        if each.user == person.user or _visible(person.grants, each, rules)
    }
    if at is None:
        rows = [_row(roster, each, None, now) for each in known.values()]
    else:
        target = target_of(at, rules) if isinstance(at, Case) else target_at(at, rules)
        ranked = [each for each in roster.ranked(target, now) if each.user in known]
        rows = [_row(roster, known[each.user], each, now) for each in ranked]
    return InspectorsReply(inspectors=tuple(rows[:limit]), more=len(rows) > limit)


def one_after_the_other(
    roster: Roster, person: Person, cases: Sequence[Case], now: datetime
) -> ProposedReply:
    """Whom each case would get if these were ordered in this order: an order that goes to somebody
    counts for the next case. `roster` is the asker's own to change."""
    found = []
    for case in cases:
        best = next(iter(reply(roster, person, case, now, limit=1).inspectors), None)
        row = best if best is not None and best.proposed else None
        if row is not None:
            found.append(Proposed(case=case.id, user=row.user, name=row.name))
        roster.send(case, row.user if row is not None else None)
    return ProposedReply(proposed=tuple(found))


def _row(roster: Roster, of: Candidate, proposal: Proposal | None, now: datetime) -> InspectorRow:
    last = roster.position(of.user)
    return InspectorRow(
        user=of.user,
        name=of.name,
        areas=tuple(dict.fromkeys(area for grant in of.grants for area in grant.areas)),
        grids=tuple(dict.fromkeys(grid for grant in of.grants for grid in grant.grids)),
        on_duty_since=roster.patrol(of.user).since,
        point=of.point,
        at=of.at,
        accuracy_m=last.accuracy_m if last is not None else 0,
        stale=of.point is not None and not is_fresh(of.at, now, roster.rules.orders),
        open_orders=of.open_orders,
        metres=proposal.metres if proposal else None,
        reasons=proposal.reasons if proposal else (),
        proposed=proposal is not None and proposal.proposed,
    )


def _visible(grants: Sequence[Grant], inspector: Candidate, rules: RuleBook) -> bool:
    """Whether a centre role of the asker reaches into the areas of an inspector's."""
    theirs = [areas_of(grant, rules) for grant in inspector.grants]
    mine = [areas_of(grant, rules) for grant in grants if grant.role in _CENTRE]
    return any(overlap(one, other, rules) for one in mine for other in theirs)
