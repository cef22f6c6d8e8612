"""我的: who has a case in hand, who takes it over, who is reminded, and taking an act back."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework import acts, claims
from casework.case import allowed
from casework.decider import Actor, Command, Grant, Refused
from casework.decisions import DECIDER
from casework.rulebook import ReasonCode, ReasonedAct
from casework.terms import Role, State, UserId
from tests.casework.case_kit import (
    ACCEPTOR,
    CLOSED,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    EAST_CENTRE,
    FEEDBACK,
    FILED,
    LEADER,
    PREFILED,
    REPORTED,
    RULES,
    WATER,
    Life,
    context,
    grant,
    person,
)

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
RELIEF = person("relief", grant(Role.ACCEPTOR))
MINE, NEXT = claims.ClaimCase(), claims.TakeNext()
COLLEAGUE = (grant(Role.ACCEPTOR),)


def claimed() -> Life:
    return Life().run(*REPORTED, (ACCEPTOR, MINE))


# --- in hand --------------------------------------------------------------------------------------


def test_a_claim_says_who_has_the_case_in_hand_since_when() -> None:
    life = claimed()
    assert life.now.claim is not None
    assert (life.now.claim.user, life.now.claim.since) == (ACCEPTOR.user, life.at)


def test_a_claimed_case_cannot_be_claimed_again_by_the_same() -> None:
    assert claimed().refusal(ACCEPTOR, MINE) == "case.held_already"


@pytest.mark.parametrize("command", [MINE, NEXT, claims.PassOn(to=UserId("x"))])
def test_what_a_colleague_holds_is_not_taken(command: Command) -> None:
    life = claimed()
    soon = life.at + MINUTE
    assert life.refusal(RELIEF, command, at=soon, colleague=COLLEAGUE) == "case.held"


def test_what_a_colleague_holds_is_not_acted_upon_but_may_be_noted() -> None:
    life = claimed()
    soon = life.at + MINUTE
    assert life.refusal(RELIEF, acts.PassForFiling(), at=soon) == "case.held"
    assert life.decide(RELIEF, acts.AddNote(opinion="急"), at=soon)
    assert life.decide(ACCEPTOR, acts.PassForFiling(), at=soon)


@pytest.mark.parametrize(("minutes", "stale"), [(15, False), (16, True)])
def test_a_claim_that_its_holder_has_not_touched_for_so_long_is_stale(
    minutes: int, stale: bool
) -> None:
    life = claimed()
    at = life.at + minutes * MINUTE
    if stale:
        assert life.decide(RELIEF, MINE, at=at)
    else:
        assert life.refusal(RELIEF, MINE, at=at) == "case.held"
    life.rules = replace(RULES, queues=replace(RULES.queues, claim_minutes=60))
    assert life.refusal(RELIEF, MINE, at=at) == "case.held"


def test_the_holders_own_acts_keep_the_claim_fresh_and_it_ends_with_the_link() -> None:
    life = claimed()
    life.act(ACCEPTOR, acts.OrderVerification())
    assert life.now.claim is not None
    assert (life.now.claim.user, life.now.claim.since) == (ACCEPTOR.user, life.at)
    life.act(ACCEPTOR, acts.WithdrawOrder())
    life.act(ACCEPTOR, acts.PassForFiling())
    assert life.now.claim is None


def test_a_released_case_is_free_again_and_only_its_holder_releases_it() -> None:
    life = claimed()
    assert life.refusal(RELIEF, claims.ReleaseClaim()) == "case.not_held"
    life.act(ACCEPTOR, claims.ReleaseClaim())
    assert life.now.claim is None


def test_taking_the_next_case_claims_it_when_it_is_ones_turn() -> None:
    life = Life().run(*REPORTED)
    assert life.refusal(DISPATCHER, NEXT) == "case.wrong_state"
    assert life.decide(ACCEPTOR, NEXT) == [claims.CaseClaimed(next=True)]


def test_where_nothing_waits_the_queue_is_empty() -> None:
    with pytest.raises(Refused) as refused:
        DECIDER.opens(NEXT, context(ACCEPTOR))
    assert refused.value.code == "queue.empty"


# --- taking over, passing on ----------------------------------------------------------------------


def test_a_leader_takes_a_case_over_with_a_reason() -> None:
    life = claimed()
    soon = life.at + MINUTE
    assert life.refusal(LEADER, claims.TakeOver(reason=""), at=soon) == "case.reason_missing"
    life.act(LEADER, claims.TakeOver(reason="away"), at=soon)
    assert life.now.claim is not None
    assert life.now.claim.user == LEADER.user
    assert life.events[-1] == claims.ClaimTakenOver(held_by=ACCEPTOR.user, reason="away")


def test_a_reason_to_take_over_is_one_of_the_rule_books() -> None:
    life = claimed()
    away = ReasonCode(id="away", act=ReasonedAct.TAKE_OVER, text="离岗")
    life.rules = replace(RULES, reasons=(away,))
    assert life.refusal(LEADER, claims.TakeOver(reason="x")) == "case.unknown_reason"
    assert life.decide(LEADER, claims.TakeOver(reason="away"))


def test_only_what_another_holds_is_taken_over() -> None:
    life = Life().run(*DISPATCHED)
    assert life.refusal(LEADER, claims.TakeOver(reason="x")) == "case.not_held"
    life.act(LEADER, MINE)
    assert life.refusal(LEADER, claims.TakeOver(reason="x")) == "case.not_held"


@pytest.mark.parametrize("command", [MINE, claims.PassOn(to=UserId("x"))])
def test_a_case_is_taken_in_hand_by_the_post_whose_turn_it_is(command: Command) -> None:
    """As the next one is given out: a leader could only hold up what the acceptor is to do."""
    life = Life().run(*REPORTED)
    assert life.refusal(LEADER, command) == "case.not_your_turn"
    assert life.refusal(DISPATCHER, command) == "case.not_your_turn"
    assert not [act for act, _ in allowed(life.now, LEADER) if act.command is claims.ClaimCase]
    life.act(ACCEPTOR, MINE)


def test_a_case_that_is_out_is_taken_in_hand_by_every_post_that_can_move_it() -> None:
    """A dispatcher who withdraws it, a leader who decides; an acceptor has nothing to do there."""
    for actor in (DISPATCHER, LEADER):
        assert Life().run(*DISPATCHED).decide(actor, MINE)
    assert Life().run(*DISPATCHED).refusal(ACCEPTOR, MINE) == "case.not_your_turn"


def test_a_case_is_passed_on_into_the_hands_of_a_colleague() -> None:
    life = claimed()
    life.act(ACCEPTOR, claims.PassOn(to=RELIEF.user), colleague=COLLEAGUE)
    assert life.now.claim is not None
    assert (life.now.claim.user, life.now.state) == (RELIEF.user, State.REGISTERED)


@pytest.mark.parametrize(
    "held",
    [
        None,
        (),
        (grant(Role.DISPATCHER),),
        (Grant(role=Role.ACCEPTOR, centre=EAST_CENTRE),),
    ],
)
def test_a_case_is_passed_on_only_to_who_may_work_on_it(held: tuple[Grant, ...] | None) -> None:
    """An enabled account of the same post, whose grants reach the case and its centre."""
    life = claimed()
    command = claims.PassOn(to=UserId("somebody"))
    assert life.refusal(ACCEPTOR, command, colleague=held) == "case.no_such_colleague"


# --- reminding and urging -------------------------------------------------------------------------


def test_reminders_are_counted() -> None:
    life = Life().run(*DISPATCHED, (DISPATCHER, claims.RemindUnits(opinion="请加快")))
    life.act(LEADER, claims.RemindUnits())
    assert life.now.reminders == 2
    assert life.events[-2] == claims.UnitsReminded(opinion="请加快")


def test_an_urge_stays_until_it_is_lifted() -> None:
    life = Life().run(*FILED)
    assert life.refusal(LEADER, claims.LiftUrge()) == "case.not_urged"
    life.act(LEADER, claims.UrgeCase(leader="李局长", opinion="今日办结"))
    assert life.events[-1] == claims.CaseUrged(leader="李局长", opinion="今日办结")
    assert life.now.urged == 1
    life.act(DISPATCHER, claims.LiftUrge())
    assert life.now.urged == 0


@pytest.mark.parametrize("command", [claims.RemindUnits(), claims.UrgeCase(leader="x"), MINE])
def test_nothing_beside_the_line_makes_anothers_act_stale(command: Command) -> None:
    life = Life().run(*DISPATCHED)
    step = life.now.step
    life.act(DISPATCHER, command)
    assert (life.now.step, life.now.version) == (step, step + 1)
    assert type(command).additive


# --- taking back ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "actor"),
    [(PREFILED, ACCEPTOR), (FILED, LEADER), (DISPATCHED, DISPATCHER), (CLOSED, LEADER)],
)
def test_an_act_that_is_taken_back_leaves_the_case_as_it_was(
    line: tuple[tuple[Actor, Command], ...], actor: Actor
) -> None:
    before = Life().run(*line[:-1]).now
    life = Life().run(*line)
    life.act(actor, acts.TakeBack(), at=life.at + 30 * SECOND)
    version = before.version + 2
    assert life.now == replace(before, version=version, step=version)


def test_notes_and_claims_that_came_after_the_act_stay() -> None:
    life = Life().run(*FILED)
    life.act(DISPATCHER, acts.AddNote(opinion="x"), at=life.at + SECOND)
    life.act(LEADER, acts.TakeBack(), at=life.at + SECOND)
    assert (life.now.state, life.now.notes) == (State.PREFILED, 1)


@pytest.mark.parametrize(("seconds", "late"), [(60, False), (61, True)])
def test_an_act_may_be_taken_back_for_so_many_seconds(seconds: int, late: bool) -> None:
    life = Life().run(*FILED)
    at = life.at + seconds * SECOND
    if late:
        assert life.refusal(LEADER, acts.TakeBack(), at=at) == "undo.too_late"
    else:
        assert life.decide(LEADER, acts.TakeBack(), at=at)
    life.rules = replace(RULES, queues=replace(RULES.queues, undo_seconds=5))
    assert life.refusal(LEADER, acts.TakeBack(), at=at) == "undo.too_late"


def test_only_ones_own_last_act_is_taken_back() -> None:
    life = Life().run(*FILED)
    assert life.refusal(DISPATCHER, acts.TakeBack(), at=life.at) == "undo.not_yours"


def test_a_report_is_not_taken_back() -> None:
    life = Life().run(*REPORTED)
    assert life.refusal(ACCEPTOR, acts.TakeBack(), at=life.at) == "undo.nothing"


def test_what_the_table_does_not_let_undo_is_not_taken_back() -> None:
    """Neither a unit's or an inspector's word, nor a taking back itself."""
    both = person("both", grant(Role.DISPATCHER), grant(Role.UNIT, WATER))
    life = Life().run(*DISPATCHED)
    life.act(both, acts.AcceptWork(), Role.UNIT)
    assert life.refusal(both, acts.TakeBack(), Role.DISPATCHER, at=life.at) == "undo.not_this"
    again = Life().run(*FILED)
    again.act(LEADER, acts.TakeBack(), at=again.at)
    assert again.refusal(LEADER, acts.TakeBack(), at=again.at) == "undo.not_this"


def test_taking_back_is_for_the_centre() -> None:
    life = Life().run(*FEEDBACK)
    assert "take_back" not in {act.name for act, _ in allowed(life.now, CREWS[WATER])}
    assert life.refusal(CREWS[WATER], acts.TakeBack(), at=life.at) == "case.wrong_role"
