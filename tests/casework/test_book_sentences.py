"""Sentences of the field's own book that no other test says (domain.md 2.4, 2.5, 2.8)."""

import pytest

from casework import acts
from casework.photos import AttachPhoto, PhotoAttached, PhotoKind
from casework.terms import Role, Source, State
from tests.casework.case_kit import (
    ACCEPTOR,
    CHECKING,
    CLOSED,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    FILED,
    INSPECTOR,
    LAMPS,
    LEADER,
    PENDING,
    REPORTED,
    SENT,
    WATER,
    Life,
    grant,
    person,
    report,
)

RETURN = acts.SendBack(reason="not_ours")
SECOND = person("second", grant(Role.SHIFT_LEADER))


def test_who_gets_a_case_back_does_not_push_it_past_its_own_link() -> None:
    """2.5: it goes down the line again, link by link."""
    life = Life().run(*FILED, (DISPATCHER, RETURN))
    assert life.refusal(DISPATCHER, acts.DispatchCase(lead=WATER)) == "case.wrong_state"
    assert life.refusal(LEADER, acts.DispatchCase(lead=WATER)) == "case.wrong_state"
    life.run((LEADER, acts.FileCase()))
    assert life.now.state is State.FILED


def test_a_case_is_not_closed_in_the_ordinary_way_while_its_check_is_unanswered() -> None:
    """2.4, node 102."""
    life = Life().run(*CHECKING)
    assert life.refusal(LEADER, acts.CloseCase()) == "case.closing_kind_missing"
    life.run((INSPECTOR, acts.CheckCase(passed=True)), (LEADER, acts.CloseCase()))
    assert life.now.state is State.CLOSED


def test_any_leader_may_close_what_another_filed() -> None:
    """2.5: who closes may be anybody of the post."""
    life = Life().run(*PENDING, (SECOND, acts.CloseCase()))
    assert life.now.state is State.CLOSED
    assert life.now.filed_by == LEADER.user


def test_what_a_round_brought_stays_when_the_case_is_dispatched_anew() -> None:
    """2.5: the units of an earlier round are kept, returned."""
    life = Life().run(*DISPATCHED, (CREWS[WATER], RETURN), (DISPATCHER, DISPATCH_TO_LAMPS))
    assert [(a.unit, a.state) for a in life.now.assignments] == [
        (WATER, "returned"),
        (LAMPS, "open"),
    ]


DISPATCH_TO_LAMPS = acts.DispatchCase(lead=LAMPS)


def test_what_ended_is_never_deleted_and_can_come_back() -> None:
    """2.4, node 12: a recorded act brings it back, and its whole record with it."""
    life = Life().run(*CLOSED)
    events = len(life.events)
    life.run((LEADER, acts.ReopenCase(link=State.FILED, reason="", opinion="反复")))
    assert (life.now.state, len(life.events)) == (State.FILED, events + 1)


@pytest.mark.parametrize("source", Source)
def test_every_source_of_the_list_opens_a_case(source: Source) -> None:
    """2.8, the source list; who did not take a call is a source too."""
    assert Life().run((ACCEPTOR, report(source=source))).now.source is source


@pytest.mark.parametrize("name", ["near", "far", "reference", "before", "after"])
def test_a_photo_says_what_it_shows(name: str) -> None:
    """2.8, text group."""
    photo = AttachPhoto(kind=PhotoKind(name), digest=SENT.digest)
    (event,) = Life().run(*REPORTED).act(ACCEPTOR, photo)
    assert isinstance(event, PhotoAttached)
    assert event.kind == name
