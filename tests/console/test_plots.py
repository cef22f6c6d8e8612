"""What the map knows of each open case: right at every instant, and worked out once a change."""

import pytest
from msgspec.structs import replace

from casework.case import Case
from casework.terms import State, point
from console import plots
from console.clocks import Clock, link_clock, standing
from console.plots import Plots
from tests.console import cases
from tests.console.fake_desk import FakeDesk


def place(lat: float, lon: float) -> tuple[float, float]:
    return lon * 1000, lat * 1000


@pytest.fixture
def plotted(desk: FakeDesk) -> Plots:
    desk.show(*cases.cases(300))
    made = Plots(desk.picture)
    made.stand_on(place)
    return made


@pytest.mark.parametrize("hours", [0, 5, 100])
def test_each_open_case_stands_as_its_clock_says_whatever_time_has_passed(
    plotted: Plots, desk: FakeDesk, hours: int
) -> None:
    plotted.every()
    desk.steady.seconds += hours * 3600
    picture = desk.picture
    told = {plot.case.id: at for plot, at in plotted.every()}
    assert told == {
        case.id: standing(case, picture.now(case.id), picture.soon_percent(case.id))
        for case in picture.cases()
        if not case.ended
    }


def test_time_passing_works_out_no_clock_anew(
    plotted: Plots, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plotted.every()
    changed = replace(cases.one(State.FILED), urged=7)
    desk.show(changed)
    worked_out: list[Case] = []

    def counted(case: Case, percent: int) -> Clock | None:
        worked_out.append(case)
        return link_clock(case, percent)

    monkeypatch.setattr(plots, "link_clock", counted)
    desk.steady.seconds += 60
    plotted.every()
    assert worked_out == [changed]


def test_other_ground_places_every_case_anew(plotted: Plots) -> None:
    plotted.every()
    plotted.stand_on(lambda _lat, _lon: (1.0, 2.0))
    assert {plot.at for plot, _ in plotted.every()} <= {(1.0, 2.0), None}


def test_a_case_without_a_position_has_no_place(plotted: Plots, desk: FakeDesk) -> None:
    nowhere = replace(cases.one(State.FILED), point=None)
    somewhere = replace(cases.one(State.PREFILED), point=point(22.5, 114.0))
    assert [plot.at for plot, _ in plotted.of((nowhere, somewhere))] == [
        None,
        (114_000.0, 22_500.0),
    ]
