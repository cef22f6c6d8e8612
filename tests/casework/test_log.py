"""The life of a log: born real or practice for ever, its rule book, a practice clock's pace."""

import pytest

from casework.decider import Actor, Command, Recorded, Refused
from casework.procedures.log import (
    FASTEST,
    Log,
    LogOpened,
    PaceSet,
    RulesAdopted,
    SetPace,
    decide,
    evolve,
)
from casework.terms import Role
from tests.casework.case_kit import ACCEPTOR, ADMINISTRATOR, LOG, context, grant, person, recorded

DIGEST = "a1" * 32


def log(*, practice: bool = True) -> Log:
    """A log that was just born."""
    return Log(id=LOG, version=1, practice=practice)


def refusal(state: Log | None, command: Command, actor: Actor = ADMINISTRATOR) -> str:
    with pytest.raises(Refused) as refused:
        decide(state, command, context(actor))
    return refused.value.code


def folded(state: Log | None, command: Command) -> Log | None:
    of = context(ADMINISTRATOR)
    for event in decide(state, command, of):
        version = 1 if state is None else state.version + 1
        state = evolve(state, recorded(event, of, version, f"log/{LOG}"))
    return state


def test_a_log_is_born_with_its_kind() -> None:
    born = LogOpened(
        log=LOG, practice=True, city="试验城", city_code="440300", time_zone="Asia/Shanghai"
    )
    assert evolve(None, recorded(born, context(ADMINISTRATOR), 1)) == log()


def test_nothing_happens_to_a_log_that_is_not_open() -> None:
    assert refusal(None, SetPace()) == "log.not_open"


def test_a_log_goes_by_the_rule_book_it_adopted_last() -> None:
    of = context(ADMINISTRATOR)
    state: Log | None = log()
    for version, digest in enumerate((DIGEST, "b2" * 32), start=1):
        adopted = RulesAdopted(version=version, digest=digest)
        state = evolve(state, recorded(adopted, of, version + 1))
    assert state is not None
    assert (state.version, state.rules_version, state.rules_digest) == (3, 2, "b2" * 32)


def test_only_who_leads_sets_the_pace_of_a_practice_clock() -> None:
    both = person("x", grant(Role.ACCEPTOR), grant(Role.ADMINISTRATOR))
    assert refusal(log(), SetPace(speed=0), ACCEPTOR) == "log.leaders_only"
    assert refusal(log(), SetPace(speed=0), both) == "log.leaders_only"  # as an acceptor
    assert decide(log(), SetPace(speed=0), context(both, Role.ADMINISTRATOR))
    leader = person("y", grant(Role.SHIFT_LEADER))
    assert decide(log(), SetPace(speed=0), context(leader))


@pytest.mark.parametrize(
    ("speed", "milli"), [(1.0, 1000), (0, 0), (0.5, 500), (FASTEST, FASTEST * 1000)]
)
def test_a_practice_clock_runs_at_the_speed_that_was_set(speed: float, milli: int) -> None:
    after = folded(log(), SetPace(speed=speed))
    assert after is not None
    assert (after.milli_speed, after.by_record) == (milli, False)


def test_records_may_move_a_practice_clock() -> None:
    assert decide(log(), SetPace(by_record=True), context(ADMINISTRATOR)) == [
        PaceSet(milli_speed=1000, by_record=True)
    ]


def test_real_time_has_no_pace() -> None:
    assert refusal(log(practice=False), SetPace(speed=2)) == "log.real_time"


@pytest.mark.parametrize("speed", [-0.1, FASTEST + 1, float("inf"), float("nan")])
def test_a_speed_that_no_clock_runs_at_is_refused(speed: float) -> None:
    assert refusal(log(), SetPace(speed=speed)) == "log.speed"


def test_a_log_knows_no_command_of_another_kind() -> None:
    with pytest.raises(TypeError):
        decide(log(), Command(), context(ADMINISTRATOR))


def test_an_event_before_the_birth_folds_to_nothing() -> None:
    of = context(ADMINISTRATOR)
    early: Recorded = recorded(PaceSet(milli_speed=1), of, 1)
    assert evolve(None, early) is None
