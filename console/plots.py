"""Open cases as the map needs them: where each is and on which clock. Worked out when a case
changes, only compared when time passes, however many are open.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from casework.case import Case
from casework.terms import CaseId
from console.clocks import Clock, Standing, link_clock
from console.picture import Picture

Place = Callable[[float, float], tuple[float, float]]
"""(east, north) in metres of a latitude and longitude in degrees."""


class Plot(NamedTuple):
    """An open case; `at` in metres, None without a position or before there is ground for it."""

    case: Case
    at: tuple[float, float] | None
    clock: Clock | None

    def standing(self, now: datetime) -> Standing:
        """How it stands at `now`."""
        return self.clock.standing(now) if self.clock is not None else "none"


class Plots:
    """The plots of a picture's open cases; `stand_on` begins anew on other ground or rules."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._place: Place | None = None
        self._known: dict[CaseId, Plot] = {}

    def stand_on(self, place: Place) -> None:
        """Other ground: every place and limit is worked out anew."""
        self._place = place
        self._known.clear()

    def every(self) -> list[tuple[Plot, Standing]]:
        """Every open case in sight and how it stands now; others are forgotten."""
        found: list[tuple[Plot, Standing]] = []
        for site in self._picture.sites:
            cases = [case for case in site.cases.values() if not case.ended]
            if cases:
                now = self._picture.now(cases[0].id)
                plots = map(self._plot, cases)
                found.extend((plot, plot.standing(now)) for plot in plots)
        self._known = {plot.case.id: plot for plot, _ in found}
        return found

    def of(self, cases: Iterable[Case]) -> list[tuple[Plot, Standing]]:
        """These cases and how they stand now."""
        plots = map(self._plot, cases)
        return [(plot, plot.standing(self._picture.now(plot.case.id))) for plot in plots]

    def _plot(self, case: Case) -> Plot:
        """What is known of the case as it is now, or worked out."""
        known = self._known.get(case.id)
        if known is not None and known.case is case:
            return known
        at = None
        if case.point is not None and self._place is not None:
            at = self._place(*case.point.degrees)
        made = Plot(case, at, link_clock(case, self._picture.soon_percent(case.id)))
        self._known[case.id] = made
        return made
