"""Laws of a whole case life: random acts by random people, on time and late."""

from datetime import timedelta
from itertools import chain

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from casework import acts
from casework.acts import Handling
from casework.case import Case, allowed
from casework.decider import Actor, Command, Event, Refused, Unknown
from casework.decisions import DECIDER, decide
from casework.folding import evolve
from casework.photos import AttachPhoto, PhotoAttached, PhotoKind
from casework.rulebook import DeadlineStart
from casework.terms import (
    AssignmentState,
    DeadlineBasis,
    Kind,
    Role,
    State,
    point,
)
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
    person,
    recorded,
    report,
)

ONE_KILOBYTE = 1024
POSTS = [role for role in Role if role is not Role.UNIT]
RELIEF = person("i" * 24, grant(Role.INSPECTOR))
PEOPLE: tuple[Actor, ...] = (
    ACCEPTOR,
    LEADER,
    DISPATCHER,
    INSPECTOR,
    RELIEF,
    *CREWS.values(),
    person("everybody", *(grant(r) for r in POSTS), grant(Role.UNIT, UNITS[1])),
    person("onlooker", grant(Role.OBSERVER)),
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


class CaseLife(RuleBasedStateMachine):
    """One case. `act` tries anything by anybody; `go_on` does something that is allowed."""

    case: Case

    @initialize(
        start=st.sampled_from(DeadlineStart),
        unlimited=st.booleans(),
        replayed=st.booleans(),
        links=st.integers(0, 6),
        dispatch=dispatches(),
    )
    def open(
        self,
        start: DeadlineStart,
        unlimited: bool,
        replayed: bool,
        links: int,
        dispatch: acts.DispatchCase,
    ) -> None:
        """A case some links down its main line, so that runs begin anywhere in its life."""
        self.book = replace(RULES, deadline_start=start)
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
            self.folded = self.case = after
        if before is not None:
            self.moved(before, command)
        return ""

    def moved(self, before: Case, command: Command) -> None:
        """What holds between one fold and the next."""
        case = self.case
        if before.ended:
            assert isinstance(command, acts.AddNote | acts.ShowContact | AttachPhoto)
            still = {"version": 0, "notes": 0, "photos": 0}
            assert replace(case, **still) == replace(before, **still)
        failed = isinstance(command, acts.CheckCase) and not command.passed
        redone = isinstance(command, acts.SendBack) and before.state is State.FEEDBACK
        assert case.rework == before.rework + (failed or redone)
        assert case.returns == before.returns + isinstance(command, acts.SendBack)
        if case.due != before.due and case.due is not None and case.target is None:
            assert case.due > self.at

    @rule(command=ANYTHING, actor=st.sampled_from(PEOPLE), role=st.sampled_from(Role))
    def try_anything(self, command: Command, actor: Actor, role: Role) -> None:
        may = {act.command for act, _ in allowed(self.case, actor)}
        assert self.do(command, actor, role) or type(command) in may

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
                if act.to and act.command not in (acts.CancelCase, acts.DeclineCase)
            ]
            assert choices or self.case.ended, "nobody can do anything: the case is stuck"
            if choices:
                kind, role, actor = data.draw(st.sampled_from(choices))
                command = data.draw(PROPER[kind])
                assert self.do(command, actor, role) in ("", "case.no_extended_limit")

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
        assert len(written) <= ONE_KILOBYTE

    @invariant()
    def one_unit_at_most_leads(self) -> None:
        units = [a.unit for a in self.case.assignments]
        assert len(set(units)) == len(units) <= len(UNITS)
        here = [a for a in self.case.assignments if a.state is not AssignmentState.RETURNED]
        assert sum(a.lead for a in here) <= 1
        if self.case.state is State.DISPATCHED:
            assert sum(a.lead for a in here) == 1
            assert any(a.state is AssignmentState.OPEN for a in here)
        elif not self.case.ended:
            assert all(a.state is not AssignmentState.OPEN for a in here)
        if self.case.state in BEFORE_THE_DISPATCH:
            assert here == []
        for a in self.case.assignments:
            assert (a.until is None) == (a.state is AssignmentState.OPEN)

    @invariant()
    def clocks_run_while_a_case_lives(self) -> None:
        case = self.case
        assert (case.ended_at is not None) == case.ended
        if case.ended:
            assert case.link_due is None
        elif case.state is State.DISPATCHED:
            assert case.link_due == case.due
        else:
            assert case.link_due is not None
            assert case.link_due > case.link_since
        assert (case.due is None) == (case.due_basis is DeadlineBasis.NONE)

    @invariant()
    def a_case_is_handled_from_the_feedback_on(self) -> None:
        handled = (State.FEEDBACK, State.CHECKING, State.PENDING_CLOSE, State.CLOSED)
        if self.case.state is not State.CANCELLED:
            assert (self.case.handled_at is not None) == (self.case.state in handled)

    @invariant()
    def a_closed_case_has_passed_its_last_check(self) -> None:
        if self.case.state is State.CLOSED:
            checks = [e for e in self.events if isinstance(e, acts.CaseChecked)]
            assert checks
            assert checks[-1].passed

    @invariant()
    def an_unknown_event_moves_only_the_version(self) -> None:
        of = context(ACCEPTOR, at=self.at)
        after = evolve(self.case, recorded(Unknown(), of, self.case.version + 1))
        assert after == replace(self.case, version=self.case.version + 1)


CaseLife.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestCaseLife = CaseLife.TestCase
