"""Laws of a whole case life: random acts by random people, on time and late."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from casework import acts, applications, claims
from casework.acts import Handling
from casework.applications import CaseResumed
from casework.case import Case, allowed
from casework.counting import Counted, counting, urgency_key
from casework.decider import Actor, Command, Event, Recorded, Refused, Unknown
from casework.decisions import DECIDER, decide
from casework.folding import evolve, undone
from casework.holding import next_instant
from casework.links import REOPENED_TO
from casework.photos import AttachPhoto, PhotoAttached, PhotoKind
from casework.rulebook import ApplicationRule, DeadlineStart
from casework.terms import (
    AT_THE_UNITS,
    AT_WORK,
    Application,
    AssignmentState,
    ClosingKind,
    DeadlineBasis,
    Kind,
    Role,
    State,
    UnitId,
    point,
)
from casework.territory import Unit
from tests.casework.case_kit import (
    ACCEPTOR,
    CREWS,
    DISPATCHER,
    INSPECTOR,
    LEADER,
    NINE,
    RULES,
    SENT,
    UNITS,
    context,
    grant,
    hours,
    person,
    recorded,
    report,
)

ONE_KILOBYTE = 1024
USUAL_UNITS, ONE_UNIT = 3, 160
"""A case that had more units than usual takes so many bytes more for each."""
POSTS = [role for role in Role if role not in (Role.UNIT, Role.SYSTEM)]
BELOW = UnitId("crew@440301001")
RELIEF = person("i" * 24, grant(Role.INSPECTOR))
PEOPLE: tuple[Actor, ...] = (
    ACCEPTOR,
    LEADER,
    DISPATCHER,
    INSPECTOR,
    RELIEF,
    *CREWS.values(),
    person("below", grant(Role.UNIT, BELOW)),
    person("everybody", *(grant(r) for r in POSTS), grant(Role.UNIT, UNITS[1])),
    person("onlooker", grant(Role.OBSERVER)),
)
CITY, EASTERN = (centre.id for centre in RULES.centres[:2])
BOOK = replace(
    RULES,
    units=(*RULES.units, Unit(id=BELOW, name="班组", parent=UNITS[0])),
    applications=tuple(
        ApplicationRule(kind=kind, most=3, pauses=kind is Application.RETURN, limit=hours(2))
        for kind in Application
    ),
)
INSPECTORS = st.sampled_from((None, INSPECTOR.user, RELIEF.user))


@st.composite
def dispatches(draw: st.DrawFn) -> acts.DispatchCase:
    lead, *joint = draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=4, unique=True))
    return acts.DispatchCase(lead=lead, joint=tuple(joint))


PROPER: dict[type[Command], st.SearchStrategy[Command]] = {
    acts.OrderVerification: st.builds(acts.OrderVerification, inspector=INSPECTORS),
    acts.VerifyReport: st.builds(acts.VerifyReport, confirmed=st.booleans()),
    acts.PassForFiling: st.just(acts.PassForFiling()),
    acts.FileCase: st.builds(acts.FileCase, handling=st.sampled_from(Handling)),
    acts.DeclineCase: st.just(acts.DeclineCase(reason="out of town")),
    acts.DispatchCase: dispatches(),
    acts.FeedBack: st.just(acts.FeedBack()),
    acts.OrderCheck: st.builds(acts.OrderCheck, inspector=INSPECTORS),
    acts.CheckCase: st.builds(acts.CheckCase, passed=st.booleans()),
    acts.CloseCase: st.just(acts.CloseCase()),
    acts.SendBack: st.just(acts.SendBack(reason="not_ours")),
    acts.CancelCase: st.just(acts.CancelCase(reason="repeated")),
    acts.AddNote: st.just(acts.AddNote(opinion="备注")),
    acts.ShowContact: st.just(acts.ShowContact()),
    acts.AnswerAtOnce: st.just(acts.AnswerAtOnce(opinion="已答复")),
    acts.HandOver: st.sampled_from(
        [acts.HandOver(to=centre, reason="x") for centre in (CITY, EASTERN)]
    ),
    acts.AcceptWork: st.just(acts.AcceptWork()),
    acts.PassDown: st.just(acts.PassDown(to=BELOW)),
    acts.PullBack: st.just(acts.PullBack()),
    acts.WithdrawDispatch: st.just(acts.WithdrawDispatch(reason="x")),
    acts.WithdrawOrder: st.just(acts.WithdrawOrder()),
    acts.MarkDelivered: st.just(acts.MarkDelivered()),
    acts.MarkRead: st.just(acts.MarkRead()),
    acts.ReopenCase: st.builds(
        acts.ReopenCase, link=st.sampled_from(REOPENED_TO), reason=st.just("x")
    ),
    acts.TakeBack: st.just(acts.TakeBack()),
    applications.ApplyFor: st.builds(
        applications.ApplyFor,
        kind=st.sampled_from(Application),
        reason=st.just("not_ours"),
        until=st.sampled_from((NINE + timedelta(days=60), NINE + timedelta(days=200))),
    ),
    applications.ApproveApplication: st.just(applications.ApproveApplication()),
    applications.RefuseApplication: st.just(applications.RefuseApplication(reason="x")),
    applications.ResumeCase: st.just(applications.ResumeCase()),
    claims.ClaimCase: st.just(claims.ClaimCase()),
    claims.ReleaseClaim: st.just(claims.ReleaseClaim()),
    claims.TakeOver: st.just(claims.TakeOver(reason="x")),
    claims.PassOn: st.just(claims.PassOn(to=ACCEPTOR.user)),
    claims.RemindUnits: st.just(claims.RemindUnits()),
    claims.UrgeCase: st.just(claims.UrgeCase(leader="局长")),
    claims.LiftUrge: st.just(claims.LiftUrge()),
    AttachPhoto: st.builds(
        AttachPhoto, kind=st.sampled_from(PhotoKind), digest=st.just(SENT.digest)
    ),
}
"""Commands that no rule but the table refuses."""
ANYTHING: st.SearchStrategy[Command] = st.one_of(
    *PROPER.values(),
    st.builds(acts.SendBack, reason=st.sampled_from(("", "repeated"))),
    st.just(acts.FileCase(condition="unheard of")),
)


BEFORE_THE_DISPATCH = (State.REGISTERED, State.VERIFYING, State.PREFILED, State.FILED)


NOT_ON = (*(acts.CancelCase, acts.DeclineCase, acts.TakeBack, acts.AnswerAtOnce, acts.ReopenCase),)
"""What ends a case or goes back: `try_anything` does it."""
BY_CHANCE = (
    *("case.no_extended_limit", "case.no_special_handling", "case.return_by_application"),
    *("case.held", "case.same_centre"),
    *("case.unit_of_other_centre", "case.not_below", "case.unknown_unit", "case.unit_twice"),
    *("application.unknown_kind", "application.too_often", "application.lead_only"),
    *("application.no_limit", "application.until_beyond", "application.return_to_above"),
    *("case.closing_kind_missing",),
)
"""What may stand in the way of an act that the table allows."""


class CaseLife(RuleBasedStateMachine):
    """One case. `act` tries anything by anybody; `go_on` does something that is allowed."""

    case: Case

    @initialize(
        start=st.sampled_from(DeadlineStart),
        unlimited=st.booleans(),
        replayed=st.booleans(),
        links=st.integers(0, 6),
        by_application=st.booleans(),
        dispatch=dispatches(),
    )
    def open(
        self,
        start: DeadlineStart,
        unlimited: bool,
        replayed: bool,
        links: int,
        by_application: bool,
        dispatch: acts.DispatchCase,
    ) -> None:
        """A case some links down its main line, so that runs begin anywhere in its life."""
        self.book = replace(BOOK if by_application else RULES, deadline_start=start)
        self.history: list[Recorded] = []
        self.at = NINE
        self.events: list[Event] = []
        self.folded: Case | None = None
        command = report(
            kind=Kind.COMPONENT if unlimited else Kind.INCIDENT,
            code="2101" if unlimited else "0102",
            point=point(22.54312, 114.05712),
            reference="1" * 40,
            target=NINE + timedelta(days=3) if replayed else None,
        )
        self.do(command, ACCEPTOR, Role.ACCEPTOR)
        units = (dispatch.lead, *dispatch.joint)
        line = (
            ((acts.PassForFiling(), ACCEPTOR),),
            ((acts.FileCase(), LEADER),),
            ((dispatch, DISPATCHER),),
            tuple((acts.FeedBack(), CREWS[unit]) for unit in units),
            ((acts.OrderCheck(), ACCEPTOR),),
            ((acts.CheckCase(passed=True), INSPECTOR),),
        )
        for done, actor in chain.from_iterable(line[:links]):
            assert self.do(done, actor, actor.grants[0].role) == ""

    def do(self, command: Command, actor: Actor, role: Role) -> str:
        """Decide and fold; the code if it is refused."""
        before = self.folded
        of = context(actor, role, at=self.at, rules=self.book, practice=True)
        taking_back = isinstance(command, acts.TakeBack)
        undo, last = undone(self.history) if taking_back else (None, None)
        colleague = (grant(role),)
        facts = replace(of.facts, before=undo, last_step=last, colleague=colleague)
        of = replace(of, facts=facts)
        try:
            earned = decide(before, command, of)
        except Refused as refused:
            return refused.code
        assert earned
        for event in earned:
            assert type(event) in DECIDER.events
            version = 1 if self.folded is None else self.folded.version + 1
            after = evolve(self.folded, recorded(event, of, version))
            assert after is not None
            assert after.version == version
            if isinstance(event, acts.Step):
                assert after.step == version
                assert after.state is event.state
            self.events.append(event)
            self.history.append(recorded(event, of, version))
            self.folded = self.case = after
        if before is not None:
            self.moved(before, command)
        return ""

    def moved(self, before: Case, command: Command) -> None:
        """What holds between one fold and the next."""
        case = self.case
        if isinstance(command, acts.TakeBack):
            undo, _ = undone(self.history[:-1])
            assert undo is not None
            assert replace(case, version=0, step=0) == replace(undo, version=0, step=0)
            return
        if before.ended and case.ended:
            assert isinstance(command, acts.AddNote | acts.ShowContact | AttachPhoto)
            assert replace(case, version=0, notes=0, photos=0) == replace(
                before, version=0, notes=0, photos=0
            )
        failed = isinstance(command, acts.CheckCase) and not command.passed
        redone = isinstance(self.events[-1], acts.CaseSentBack) and self.events[-1].rework
        assert case.rework == before.rework + (failed or redone)
        self.clocks_keep_what_was_left(before)

    def clocks_keep_what_was_left(self, before: Case) -> None:
        """A clock that stands and goes on has as much left as when it stopped."""
        known = {a.unit: a for a in before.assignments}
        for a in self.case.assignments:
            was = known.get(a.unit)
            if was is None or was.left is None or a.left is not None or a.due is None:
                continue
            if isinstance(self.events[-1], applications.ApplicationRefused | CaseResumed):
                assert a.due == self.at + timedelta(milliseconds=was.left)

    @rule(command=ANYTHING, actor=st.sampled_from(PEOPLE), role=st.sampled_from(Role))
    def try_anything(self, command: Command, actor: Actor, role: Role) -> None:
        may = {act.command for act, _ in allowed(self.case, actor)}
        assert self.do(command, actor, role) or type(command) in may

    @precondition(lambda self: self.case.resumes_at is not None)
    @rule()
    def the_suspension_ends_by_itself(self) -> None:
        assert self.case.resumes_at is not None
        self.at = max(self.at, self.case.resumes_at)
        system = person("server", grant(Role.SYSTEM))
        assert self.do(applications.ResumeCase(), system, Role.SYSTEM) == ""
        assert self.case.resumes_at is None

    @precondition(lambda self: not self.case.ended)
    @rule(data=st.data(), moves=st.integers(1, 5), hours=st.integers(0, 40))
    def go_on(self, data: st.DataObject, moves: int, hours: int) -> None:
        """What busy people would do next; as long as a case lives, somebody can."""
        for _ in range(moves):
            self.at += timedelta(hours=hours)
            choices = [
                (act.command, role, actor)
                for actor in PEOPLE
                for act, role in allowed(self.case, actor)
                if act.to and act.command not in NOT_ON
            ]
            assert choices or self.case.ended, "nobody can do anything: the case is stuck"
            if choices:
                kind, role, actor = data.draw(st.sampled_from(choices))
                command = data.draw(PROPER[kind])
                assert self.do(command, actor, role) in ("", *BY_CHANCE)

    @invariant()
    def versions_count_the_events(self) -> None:
        assert self.case.version == len(self.events)
        assert self.case.step <= self.case.version
        assert self.case.notes == sum(isinstance(e, acts.NoteAdded) for e in self.events)
        assert self.case.photos == sum(isinstance(e, PhotoAttached) for e in self.events)

    @invariant()
    def the_fold_comes_to_the_same_from_the_bytes(self) -> None:
        written = msgspec.json.encode(self.case)
        assert msgspec.json.decode(written, type=Case) == self.case
        more = max(0, len(self.case.assignments) - USUAL_UNITS)
        assert len(written) <= ONE_KILOBYTE + more * ONE_UNIT

    @invariant()
    def one_unit_at_most_leads(self) -> None:
        units = [a.unit for a in self.case.assignments]
        assert len(set(units)) == len(units) <= len(UNITS) + 1
        here = [a for a in self.case.assignments if a.state is not AssignmentState.RETURNED]
        assert sum(a.lead for a in here) <= 1
        if self.case.state in AT_THE_UNITS:
            assert any(a.state in AT_WORK for a in here)
        elif not self.case.ended:
            assert all(a.state not in AT_WORK for a in here)
        if self.case.state in BEFORE_THE_DISPATCH:
            assert here == []
        for a in self.case.assignments:
            assert (a.until is None) == (a.state in AT_WORK)
            assert a.waiting is None or a.state in AT_WORK

    @invariant()
    def clocks_run_while_a_case_lives(self) -> None:
        case = self.case
        assert (case.ended_at is not None) == case.ended
        if case.ended:
            assert case.link_due is None
        elif case.state is State.SUSPENDED:
            assert (case.link_due, case.resumes_at is not None) == (None, True)
        elif case.state in AT_THE_UNITS:
            # where the limit starts with the acceptance there is none before it
            assert case.link_due == case.due or case.due is None
        else:
            assert case.link_due is not None
            # the acceptor's clock may have run out before the order went out
            late = case.state in (State.REGISTERED, State.FEEDBACK)
            assert late or case.link_due > case.link_since
        assert (case.due is None) == (case.due_basis is DeadlineBasis.NONE)

    @invariant()
    def what_is_shown_first_is_a_clock_that_runs(self) -> None:
        case, clock = self.case, counting(self.case)
        due = clock.due if clock is not None else None
        assert next_instant(case) == due
        assert urgency_key(case)[1] == (due or datetime.max.replace(tzinfo=UTC))
        if clock is None or clock.of is not Counted.LINK:
            return
        assert case.order is None or case.order.due is None
        assert case.state is not State.SUSPENDED
        lead = case.lead_assignment
        if case.state in AT_THE_UNITS and (lead is None or lead.left is not None):
            assert due in [a.due for a in case.assignments if a.state in AT_WORK and a.left is None]

    @invariant()
    def a_case_is_handled_from_the_feedback_on(self) -> None:
        handled = (State.FEEDBACK, State.CHECKING, State.PENDING_CLOSE)
        if not self.case.ended and self.case.first_ended_at is None:
            assert (self.case.handled_at is not None) == (self.case.state in handled)

    @invariant()
    def a_closed_case_has_passed_its_last_check(self) -> None:
        if self.case.closing in (ClosingKind.NORMAL, ClosingKind.LATE):
            checks = [e for e in self.events if isinstance(e, acts.CaseChecked)]
            assert checks
            assert checks[-1].passed

    @invariant()
    def an_unknown_event_moves_only_the_version(self) -> None:
        of = context(ACCEPTOR, at=self.at)
        after = evolve(self.case, recorded(Unknown(), of, self.case.version + 1))
        assert after == replace(self.case, version=self.case.version + 1)


CaseLife.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestCaseLife = CaseLife.TestCase
