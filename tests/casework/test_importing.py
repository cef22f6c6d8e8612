"""導入: what the log takes over from an earlier system, and what it refuses."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from casework import acts
from casework.case import Case
from casework.decider import Actor, Event, Place, Refused
from casework.decisions import DECIDER, decide
from casework.folding import evolve
from casework.old_cases import CaseImported, ImportCase, OldStep
from casework.rulebook import LinkLimit
from casework.terms import (
    AreaId,
    CaseId,
    DeadlineBasis,
    GridCode,
    Kind,
    Role,
    State,
    UnitId,
    Urgency,
)
from tests.casework.case_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    CREWS,
    EAST,
    HARBOUR,
    LEADER,
    NINE,
    RULES,
    WATER,
    context,
    hours,
    recorded,
)

OPENED = datetime(2006, 3, 1, 17, tzinfo=UTC)
"""01:00 of the second of March in Shenzhen."""
DAY = timedelta(days=1)


def old(**changes: Any) -> ImportCase:
    """A closed case of the earlier system."""
    given = ImportCase(
        system="A",
        reference="CG-1",
        state=State.CLOSED,
        kind=Kind.INCIDENT,
        code="0102",
        opened=OPENED,
        ended=OPENED + DAY,
    )
    return replace(given, **changes)


def live(state: State = State.DISPATCHED, **changes: Any) -> ImportCase:
    """A case that the earlier system left open."""
    return old(state=state, ended=None, unit=WATER, **changes)


def imported(command: ImportCase, actor: Actor = ADMINISTRATOR, **known: Any) -> CaseImported:
    [event] = decide(None, command, context(actor, **known))
    assert isinstance(event, CaseImported)
    return event


def folded(command: ImportCase, **known: Any) -> Case:
    of = context(ADMINISTRATOR, **known)
    [event] = decide(None, command, of)
    case = evolve(None, recorded(event, of, 1))
    assert case is not None
    return case


def refusal(command: ImportCase, **known: Any) -> str:
    with pytest.raises(Refused) as refused:
        imported(command, **known)
    return refused.value.code


def test_the_new_number_names_the_local_day_of_the_old_opening() -> None:
    assert imported(old()).case == "city-20060302-00007"
    assert DECIDER.opens(old(), context(ADMINISTRATOR)) == "city-20060302-00007"


def test_an_ended_case_keeps_the_instants_that_the_earlier_system_says() -> None:
    case = folded(old(handled=OPENED + DAY / 2, due=OPENED + DAY))
    assert (case.opened_at, case.handled_at, case.ended_at, case.due, case.due_basis) == (
        OPENED,
        OPENED + DAY / 2,
        OPENED + DAY,
        OPENED + DAY,
        DeadlineBasis.RECORD,
    )


def test_an_ended_case_is_history_and_has_no_clock() -> None:
    case = folded(old())
    assert (case.imported, case.is_history, case.link_due) == (True, True, None)


def test_a_live_case_is_no_history_and_goes_on_with_the_old_deadline() -> None:
    case = folded(live(due=NINE + DAY))
    assert (case.imported, case.is_history, case.link_due) == (True, False, NINE + DAY)


def test_a_live_case_that_waits_in_the_centre_starts_its_link_anew() -> None:
    assert folded(live(State.PREFILED)).link_due == NINE + timedelta(hours=3)


def test_a_live_case_that_is_urgent_has_the_limit_of_its_urgency() -> None:
    soon = LinkLimit(state=State.PREFILED, limit=hours(1), urgency=Urgency.URGENT)
    rules = replace(RULES, link_limits=(*RULES.link_limits, soon))
    assert folded(live(State.PREFILED, urgency=Urgency.URGENT), rules=rules).link_due == (
        NINE + timedelta(hours=1)
    )


def test_a_live_case_goes_on_by_the_acts_of_its_link() -> None:
    case = folded(live())
    of = context(CREWS[WATER], at=NINE + DAY)
    [event] = decide(case, acts.FeedBack(), of)
    after = evolve(case, recorded(event, of, 2))
    assert after is not None
    assert (after.state, after.handled_at) == (State.FEEDBACK, NINE + DAY)


def test_rework_of_an_imported_case_goes_to_the_unit_that_had_it() -> None:
    case = folded(live(State.FEEDBACK))
    of = context(ACCEPTOR, at=NINE + DAY)
    events: Sequence[Event] = decide(case, acts.SendBack(reason="not_ours"), of)
    after = evolve(case, recorded(events[0], of, 2))
    assert after is not None
    assert (after.state, after.lead) == (State.HANDLING, WATER)


def test_a_class_of_the_scheme_in_force_has_the_rule_books_name() -> None:
    event = imported(old(name="whatever"))
    assert (event.scheme, event.name) == ("shenzhen-a", "暴露垃圾占道堆放杂物")


def test_a_class_of_the_earlier_scheme_is_kept_as_it_was() -> None:
    event = imported(old(scheme="old", scheme_version="1", code="77", name="旧类"))
    assert (event.scheme, event.scheme_version, event.code, event.name) == (
        "old",
        "1",
        "77",
        "旧类",
    )


def test_steps_stand_in_the_order_of_time() -> None:
    late = OldStep(at=OPENED + DAY, act="结案", person="李四")
    early = OldStep(at=OPENED, act="受理", person="张三", post="受理员")
    assert imported(old(steps=(late, early))).steps == (early, late)


def test_the_point_tells_the_place_before_the_words_do() -> None:
    place = Place(district=EAST, street=HARBOUR, grid=GridCode("440301001000001"))
    event = imported(old(district=AreaId("440302")), place=place)
    assert (event.district, event.street, event.grid) == (EAST, HARBOUR, "440301001000001")


def test_a_street_tells_its_district() -> None:
    assert imported(old(street=HARBOUR)).district == EAST


def test_what_is_told_takes_a_kilobyte_at_most_when_folded() -> None:
    name = "旧" * 40
    case = folded(old(scheme=name, code=name, name=name, reference="九" * 40, unit=WATER))
    assert len(msgspec.json.encode(case)) <= 1024


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (old(ended=None), "import.needs_end"),
        (live(State.VERIFYING), "import.state"),
        (live(State.CHECKING), "import.state"),
        (replace(live(), ended=OPENED), "import.has_end"),
        (replace(live(), unit=None), "import.needs_unit"),
        (replace(live(), scheme="old"), "import.old_class_open"),
        (old(ended=NINE + DAY), "import.future"),
        (old(steps=(OldStep(at=NINE + DAY, act="a"),)), "import.future"),
        (old(opened=datetime(1066, 10, 14, tzinfo=UTC)), "case.target_beyond_time"),
        (old(due=datetime(9000, 1, 1, tzinfo=UTC)), "case.target_beyond_time"),
        (old(code="9999"), "case.unknown_class"),
        (old(unit=UnitId("nobody")), "case.unknown_unit"),
        (old(district=AreaId("nowhere")), "case.unknown_area"),
        (old(grid=GridCode("12")), "grid.bad_code"),
    ],
)
def test_what_does_not_fit_is_refused(command: ImportCase, code: str) -> None:
    assert refusal(command) == code


def test_an_old_number_comes_once() -> None:
    of = context(ADMINISTRATOR)
    again = replace(of, facts=replace(of.facts, imported=CaseId("city-20060302-00001")))
    with pytest.raises(Refused) as refused:
        decide(None, old(), again)
    assert (refused.value.code, refused.value.detail["case"]) == (
        "import.already_here",
        "city-20060302-00001",
    )


def test_a_doubtful_point_is_refused() -> None:
    assert refusal(old(), place=Place(doubt="place.zero")) == "place.zero"


def test_only_an_administrator_imports() -> None:
    assert refusal(old(), actor=LEADER) == "case.wrong_role"


def test_a_practice_log_takes_old_cases_too() -> None:
    assert imported(old(), practice=True).reference == "CG-1"


@pytest.mark.parametrize("number", ["", "a\x00b", "a\nb", "x" * 41])
def test_an_old_number_is_one_short_line(number: str) -> None:
    body = msgspec.json.encode({**msgspec.to_builtins(old()), "reference": number})
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=ImportCase)


def test_a_role_is_not_taken_from_the_persons_other_grants() -> None:
    with pytest.raises(Refused):
        decide(None, old(), context(ADMINISTRATOR, Role.OBSERVER))
