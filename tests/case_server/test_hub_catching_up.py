"""What a session that was away is told, read from the journal."""

from case_server.catching_up import missed
from casework import acts
from casework.decider import Actor
from casework.terms import Role
from casework.wire import Events, read_case, read_from_server
from tests.case_server.desk_kit import (
    ACCEPTOR,
    BIRTH,
    EAST,
    LAMP_CREW,
    LOG,
    WATER_CREW,
    WEST,
    Office,
    person,
    report,
)

WEST_OBSERVER = person(Role.OBSERVER, areas=(WEST,))
EAST_OBSERVER = person(Role.OBSERVER, areas=(EAST,))


def told(office: Office, who: Actor, first: int) -> tuple[list[str], list[str]]:
    """(cases, gone) that `who` is told of since `first`."""
    number, frames = missed(office.database, LOG, who.grants, first, BIRTH)
    found = [read_from_server(frame) for frame in frames]
    messages = [message for message in found if isinstance(message, Events)]
    assert (messages[0].first, messages[-1].last) == (first, number)
    return (
        [f"case/{read_case(raw).id}" for message in messages for raw in message.cases],
        [f"case/{case}" for message in messages for case in message.gone],
    )


def test_a_case_that_was_given_back_is_gone_for_its_unit_and_unheard_of_for_others(
    office: Office,
) -> None:
    first = office.desk.head + 1
    ack = office.live_through(3)
    assert told(office, WATER_CREW, first) == ([ack.stream], [])
    back = acts.SendBack(reason="not_ours")
    office.accepted(WATER_CREW, back, ack.stream, ack.version)
    assert told(office, WATER_CREW, first) == ([], [ack.stream])
    assert told(office, LAMP_CREW, first) == ([], [])
    assert told(office, EAST_OBSERVER, first) == ([ack.stream], [])
    assert told(office, WEST_OBSERVER, first) == ([], [])


def test_only_what_was_touched_since_is_told(office: Office) -> None:
    office.accepted(ACCEPTOR, report())
    second = office.accepted(ACCEPTOR, report())
    assert told(office, EAST_OBSERVER, second.number) == ([second.stream], [])
