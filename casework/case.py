"""案卷: the folded case, and who may do what with it now.

The folded `Case` holds no texts and no timeline: those are fetched when a case is opened. Encoded
it takes 1 KB at most with one unit, and 160 bytes for each further one. Its transitions stand in
`casework.folding`, the rules in `casework.decisions`; the console asks `allowed`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from casework import acts, applications, claims
from casework.act import Act
from casework.acts import Handling
from casework.decider import Actor, Command, Grant
from casework.life import ACTS, takes_in_hand
from casework.links import APPROVER, HOLDERS, ORDERER
from casework.rulebook import RuleBook
from casework.rules.audience import Scope, covers
from casework.scheme import Limit
from casework.terms import (
    AT_THE_UNITS,
    AT_WORK,
    CENTRE_ROLES,
    ENDED,
    Application,
    AreaId,
    AssignmentState,
    CaseId,
    CentreId,
    ClosingKind,
    ComponentId,
    DeadlineBasis,
    GridCode,
    Kind,
    Point,
    Role,
    Source,
    State,
    UnitId,
    Urgency,
    UserId,
)


class Waiting(Struct, frozen=True, kw_only=True, array_like=True):
    """An application that waits for the centre's word. `until` is a suspension's end; `decide_by`
    when the decision is due."""

    kind: Application
    since: datetime
    until: datetime | None = None
    decide_by: datetime | None = None


class Assignment(Struct, frozen=True, kw_only=True, array_like=True):
    """(case × unit): its own state, clock and application. A unit has one, which a new dispatch to
    it begins anew; a returned one is kept, so that it shows who had the case.

    The clock ends at `due`; while it stands, `left` holds the milliseconds that it stands at
    (negative: late by that) and `due` is as it was. `via` are the units above that
    passed the assignment down, the highest first.
    """

    unit: UnitId
    lead: bool = False
    state: AssignmentState = AssignmentState.OPEN
    since: datetime
    until: datetime | None = None
    due: datetime | None = None
    left: int | None = None
    via: tuple[UnitId, ...] = ()
    waiting: Waiting | None = None
    gave_back: bool = False
    """The unit gave its part back unasked: were it sent the case again, it does answer."""


class Order(Struct, frozen=True, kw_only=True, array_like=True):
    """核實 / 核查 order that is out, to `Case.inspector`: sent, delivered, read; done ends it.

    `left`: milliseconds that the acceptor's clock stands at meanwhile; None where it has none.
    """

    sent_at: datetime
    due: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    left: int | None = None


class Claim(Struct, frozen=True, kw_only=True, array_like=True):
    """我的: who has the case in hand. `since` is the holder's last act; `given`: a colleague passed
    it on to them, and they have not touched it since."""

    user: UserId
    since: datetime
    given: bool = False

    def is_stale(self, at: datetime, minutes: int) -> bool:
        """Not touched for so long that others may take the case."""
        return at - self.since > timedelta(minutes=minutes)


class Case(Struct, frozen=True, kw_only=True, array_like=True):
    """A case as folded from its events. Times are aware UTC.

    Encoded as a list without names, a third smaller: a new field goes to the end, with a default.
    """

    id: CaseId
    version: int = 0
    step: int = 0
    """Version of the last event that moved the case; older commands are stale."""
    state: State
    kind: Kind
    scheme: str
    scheme_version: str
    code: str
    name: str
    condition: str = ""
    source: Source
    urgency: Urgency = Urgency.NORMAL
    point: Point | None = None
    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None
    reference: str = ""
    reporters: int = 1
    opened_at: datetime
    link_since: datetime
    link_due: datetime | None = None
    target: datetime | None = None
    handling: Handling = Handling.GENERAL
    limit: Limit | None = None
    due: datetime | None = None
    """The lead's deadline, as it was when its clock last ran; None where there is none."""
    due_basis: DeadlineBasis = DeadlineBasis.NONE
    due_provisional: bool = False
    handled_at: datetime | None = None
    ended_at: datetime | None = None
    assignments: tuple[Assignment, ...] = ()
    inspector: UserId | None = None
    confirmed: bool | None = None
    filed_by: UserId | None = None
    rework: int = 0
    returns: int = 0
    notes: int = 0
    component: ComponentId | None = None
    component_unit: UnitId | None = None
    """Who answers for the component by the register, as of the report."""
    wants_reply: bool = False
    photos: int = 0
    imported_at: datetime | None = None
    """When it was taken over from an earlier system; None for a case that began here."""

    centre: CentreId | None = None
    claim: Claim | None = None
    order: Order | None = None
    resumes_at: datetime | None = None
    """掛賬 ends by itself then."""
    approved: tuple[int, ...] = ()
    """How often each kind of application was approved, in the order of `Application`."""
    urged: int = 0
    """督辦 in force."""
    reminders: int = 0
    closing: ClosingKind | None = None
    first_ended_at: datetime | None = None
    """The first ending of a case that was reopened (歸檔還原), …"""
    first_closing: ClosingKind | None = None
    """…, and how it was closed then, if it was."""
    shirked: int = 0
    """推諉: how often a unit wanted to give the case back and was refused, or gave it back unasked
    and was sent it again: it does answer."""

    @property
    def imported(self) -> bool:
        """Taken over from an earlier system, by whose word it opened when it did."""
        return self.imported_at is not None

    @property
    def is_history(self) -> bool:
        """Ended before this log ever heard of it: nobody's work here, only looked up."""
        at, ended = self.imported_at, self.ended_at
        return at is not None and ended is not None and ended <= at

    @property
    def ended(self) -> bool:
        """No clock runs any more."""
        return self.state in ENDED

    @property
    def lead(self) -> UnitId | None:
        """The unit that answers for the case now, or did when it ended."""
        found = self.lead_assignment
        return found.unit if found is not None else None

    @property
    def lead_assignment(self) -> Assignment | None:
        """The lead unit's part, unless it was returned."""
        for assignment in self.assignments:
            if assignment.lead and assignment.state is not AssignmentState.RETURNED:
                return assignment
        return None

    @property
    def application(self) -> Assignment | None:
        """The assignment whose application has waited longest for the centre's word; None while
        nobody can give it: in a suspension (it waits for its end), and when the case has ended."""
        if self.state not in AT_THE_UNITS or self.state is State.SUSPENDED:
            return None
        waiting = [a for a in self.assignments if a.waiting is not None]
        return min(waiting, key=_waits_since, default=None)

    def times_approved(self, kind: Application) -> int:
        """How often an application of this kind was approved."""
        return self.approved[list(Application).index(kind)] if self.approved else 0

    @property
    def scope(self) -> Scope:
        """What decides who may see the case."""
        current = [a for a in self.assignments if a.state is not AssignmentState.RETURNED]
        return self._scope(current)

    @property
    def widest_scope(self) -> Scope:
        """As `scope`, with the units that once had the case."""
        return self._scope(self.assignments)

    def _scope(self, of: "list[Assignment] | tuple[Assignment, ...]") -> Scope:
        units = tuple(unit for a in of for unit in (a.unit, *a.via))
        return Scope(district=self.district, street=self.street, units=units)


def _waits_since(assignment: Assignment) -> tuple[datetime, UnitId]:
    assert assignment.waiting is not None  # asked of those only
    return assignment.waiting.since, assignment.unit


# --- who may do what ---------------------------------------------------------------------------


def holds(grant: Grant, role: Role, case: Case) -> bool:
    """Whether the grant lets its person act on the case in this post."""
    at_centre = role in CENTRE_ROLES and None not in (grant.centre, case.centre)
    return _reaches(grant, role, case) and not (at_centre and grant.centre != case.centre)


def _reaches(grant: Grant, role: Role, case: Case) -> bool:
    """As `holds`, whichever centre has the case."""
    return grant.role is role and covers(grant, case.scope)


def turns(case: Case, at: datetime) -> tuple[Role, ...]:
    """Whose turn a case is at `at` (aware UTC): as `turns_at_link`, and the approver's while an
    application waits."""
    applied = (APPROVER,) if case.application is not None else ()
    return (*turns_at_link(case, at), *applied)


def turns_at_link(case: Case, at: datetime) -> tuple[Role, ...]:
    """That of the link's post, and the acceptor's again when an order that they sent is late."""
    holder, order = HOLDERS.get(case.state), case.order
    late = order is not None and order.due is not None and order.due <= at
    return (*((holder,) if holder is not None else ()), *((ORDERER,) if late else ()))


def own_assignment(case: Case, actor: Actor) -> Assignment | None:
    """The assignment under way of a unit that this person speaks for."""
    units = {grant.unit for grant in actor.grants if grant.role is Role.UNIT}
    for assignment in case.assignments:
        if assignment.unit in units and assignment.state in AT_WORK:
            return assignment
    return None


def passed_down(case: Case, actor: Actor) -> Assignment | None:
    """The assignment under way that a unit this person speaks for passed right down."""
    units = {grant.unit for grant in actor.grants if grant.role is Role.UNIT}
    for assignment in case.assignments:
        if assignment.via and assignment.via[-1] in units and assignment.state in AT_WORK:
            return assignment
    return None


def hindrance(case: Case, act: Act, actor: Actor, role: Role) -> str:
    """Why this person may not do `act` in `role`, the case's state apart; empty: nothing does."""
    if role not in act.roles:
        return "case.wrong_role"
    reach = _reaches if act.whichever_centre else holds
    if not any(reach(grant, role, case) for grant in actor.grants):
        return "case.not_yours"
    if role is Role.INSPECTOR and act.for_inspector and case.inspector not in (None, actor.user):
        return "case.not_yours"
    if role is Role.UNIT and act.for_assignment and own_assignment(case, actor) is None:
        return "case.not_yours"
    if act.command in _INTO_HANDS and not takes_in_hand(role, case.state):
        return "case.not_your_turn"
    standing = HINDRANCES.get(act.command)
    return standing(case, actor) if standing is not None else ""


def may(case: Case, act: Act, actor: Actor, role: Role) -> bool:
    """Whether this person may do `act` in `role`, the case's state apart."""
    return not hindrance(case, act, actor, role)


def allowed(
    case: Case, actor: Actor, rules: RuleBook | None = None
) -> tuple[tuple[Act, Role], ...]:
    """The acts this person may do on this case now, each with the role it would be done in; with
    a rule book, only those that make sense by it."""
    found = []
    for act in ACTS:
        if case.state not in act.states:
            continue
        role = next((role for role in act.roles if may(case, act, actor, role)), None)
        if role is not None and (rules is None or _by_the_book(case, act, actor, role, rules)):
            found.append((act, role))
    return tuple(found)


def _by_the_book(case: Case, act: Act, actor: Actor, role: Role, rules: RuleBook) -> bool:
    """Whether the city knows the act: a return goes by application where it has a rule for that,
    and what was passed down goes up again without asking (domain.md 2.6)."""
    if act.command is applications.ApplyFor:
        return bool(may_apply_for(case, actor, rules))
    if act.command is acts.SendBack and role is Role.UNIT:
        own = own_assignment(case, actor)
        passed_down = own is not None and bool(own.via)
        return passed_down or rules.application(Application.RETURN) is None
    if act.command is acts.HandOver:
        return any(centre.id != case.centre for centre in rules.centres)
    if act.command is acts.PassDown:
        own = own_assignment(case, actor)
        return own is not None and any(unit.parent == own.unit for unit in rules.units)
    return True


def may_apply_for(case: Case, actor: Actor, rules: RuleBook) -> tuple[Application, ...]:
    """What a unit's person may apply for now (申請), in the order of `Application`: a kind that the
    city knows, not used up, and open to this part of the case. When it is asked for counts too
    (`ApplicationRule.before_due`); that is seen at the application."""
    own = own_assignment(case, actor)
    if own is None or own.waiting is not None:
        return ()
    return tuple(
        kind
        for kind in Application
        if (rule := rules.application(kind)) is not None
        and (not rule.most or case.times_approved(kind) < rule.most)
        and _OPEN_TO[kind](case, own)
    )


_OPEN_TO: Mapping[Application, Callable[[Case, Assignment], bool]] = {
    Application.EXTENSION: lambda case, own: (
        case.limit is not None and own.due is not None and case.due_basis is DeadlineBasis.RULE
    ),
    Application.SUSPENSION: lambda _case, own: own.lead,
    Application.RETURN: lambda _case, own: not own.via,
    Application.HANDLING: lambda case, own: own.lead and case.handling is Handling.GENERAL,
}


# --- what stands in an act's way, beyond state and post -----------------------------------------


def _holder(case: Case) -> UserId | None:
    return case.claim.user if case.claim is not None else None


def _claimed(case: Case, actor: Actor) -> str:
    return "case.held_already" if _holder(case) == actor.user else ""


def _not_claimed(case: Case, actor: Actor) -> str:
    return "" if _holder(case) == actor.user else "case.not_held"


def _not_anothers(case: Case, actor: Actor) -> str:
    return "case.not_held" if _holder(case) in (None, actor.user) else ""


def _no_application(case: Case, _actor: Actor) -> str:
    return "" if case.application is not None else "case.no_application"


def _applied(case: Case, actor: Actor) -> str:
    own = own_assignment(case, actor)
    return "case.applied_already" if own is not None and own.waiting is not None else ""


def _asked_above(case: Case, actor: Actor) -> str:
    """What goes up to the unit above waits for the centre's word first."""
    own = own_assignment(case, actor)
    asked = own is not None and own.via and own.waiting is not None
    return "case.applied_already" if asked else ""


def _nothing_below(case: Case, actor: Actor) -> str:
    below = passed_down(case, actor)
    if below is None:
        return "case.not_yours"
    return "case.applied_already" if below.waiting is not None else ""


def _accepted(case: Case, actor: Actor) -> str:
    own = own_assignment(case, actor)
    is_open = own is not None and own.state is AssignmentState.OPEN
    return "" if is_open else "case.accepted_already"


def _not_urged(case: Case, _actor: Actor) -> str:
    return "" if case.urged else "case.not_urged"


def _delivered(case: Case, actor: Actor) -> str:
    if case.order is None or case.inspector != actor.user:
        return "case.not_yours"
    return "order.delivered_already" if case.order.delivered_at is not None else ""


def _read(case: Case, actor: Actor) -> str:
    if case.order is None or case.inspector != actor.user:
        return "case.not_yours"
    return "order.read_already" if case.order.read_at is not None else ""


_INTO_HANDS = (claims.ClaimCase, claims.PassOn)
HINDRANCES: Mapping[type[Command], Callable[[Case, Actor], str]] = {
    claims.ClaimCase: _claimed,
    claims.ReleaseClaim: _not_claimed,
    claims.TakeOver: _not_anothers,
    claims.LiftUrge: _not_urged,
    applications.ApplyFor: _applied,
    applications.ApproveApplication: _no_application,
    applications.RefuseApplication: _no_application,
    acts.AcceptWork: _accepted,
    acts.PassDown: _applied,
    acts.PullBack: _nothing_below,
    acts.SendBack: _asked_above,
    acts.MarkDelivered: _delivered,
    acts.MarkRead: _read,
}
"""The code of what stands in the way, by command; the console then does not offer the act."""
