"""Names of one rule book: classes, units, areas and places as the city calls them, and its wall
clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from casework.case import Case
from casework.rulebook import Phrase, ReasonCode, RuleBook
from casework.scheme import CaseClass, Condition
from casework.terms import (
    AreaId,
    CentreId,
    UnitId,
)
from casework.territory import Landmark, ResponsibilityGrid
from console.wording import ENGLISH, language, tr

BETWEEN = " · "


def street_of(place: str) -> str:
    """The last part of `Names.place`, where both have no room."""
    return place.rpartition(BETWEEN)[2]


class Names:
    """Names of one rule book in the language in use; a code that it lacks is shown as it is."""

    def __init__(self, rules: RuleBook | None) -> None:
        self._rules = rules
        zone = rules.calendar.time_zone if rules is not None else "UTC"
        self._zone = ZoneInfo(zone)

    def _pick(self, name: str, english: str) -> str:
        return english if language() == ENGLISH and english else name

    def city(self) -> str:
        """The city's name, "" before the rule book is here."""
        return self._pick(self._rules.city, self._rules.city_en) if self._rules else ""

    def case_class(self, case: Case) -> str:
        """小類, by the snapshot the case keeps."""
        of = self._rules.case_class(case.kind, case.code) if self._rules else None
        ours = of is not None and (not case.imported or of.name == case.name)
        return self._pick(case.name, of.name_en if of is not None and ours else "")

    def class_of(self, of: CaseClass) -> str:
        """小類 by the rule book."""
        return self._pick(of.name, of.name_en)

    def big_class(self, of: CaseClass) -> str:
        """大類 by the rule book."""
        return self._pick(of.big_name, of.big_name_en)

    def unit(self, unit: UnitId | str | None) -> str:
        """責任單位."""
        if not unit:
            return ""
        found = self._rules.unit(UnitId(unit)) if self._rules else None
        return self._pick(found.name, found.name_en) if found is not None else str(unit)

    def area(self, area: AreaId | None) -> str:
        """A district or a street."""
        if area is None:
            return ""
        found = self._rules.area(area) if self._rules else None
        return self._pick(found.name, found.name_en) if found is not None else str(area)

    def centre(self, centre: CentreId | None) -> str:
        """監督指揮中心."""
        if centre is None:
            return ""
        found = self._rules.centre(centre) if self._rules else None
        return self._pick(found.name, found.name_en) if found is not None else str(centre)

    def phrase(self, phrase: Phrase) -> str:
        """A sentence of the phrase library."""
        return self._pick(phrase.text, phrase.text_en)

    def beat(self, grid: ResponsibilityGrid) -> str:
        """責任網格: its name, which is Chinese; its id reads in any language."""
        return self._pick(grid.name, grid.id)

    def landmark(self, landmark: Landmark) -> str:
        """A name of the gazetteer."""
        return self._pick(landmark.name, landmark.name_en)

    def place(self, case: Case) -> str:
        """District · street."""
        parts = [name for name in (self.area(case.district), self.area(case.street)) if name]
        return BETWEEN.join(parts) or tr("place unknown")

    def reason(self, reason: ReasonCode) -> str:
        """A reason to choose."""
        return self._pick(reason.text, reason.text_en)

    def condition(self, condition: Condition) -> str:
        """立案條件."""
        return self._pick(condition.text, condition.text_en)

    def closing(self, condition: Condition) -> str:
        """結案條件."""
        return self._pick(condition.closing, condition.closing_en)

    def reason_of(self, code: str) -> str:
        """A reason by its code."""
        every = self._rules.reasons if self._rules else ()
        found = next((reason for reason in every if reason.id == code), None)
        return self.reason(found) if found is not None else code

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone, UTC before the rule book is here."""
        return self._zone

    def local(self, at: datetime) -> datetime:
        """An instant on the city's wall clock."""
        return at.astimezone(self._zone)

    def moment(self, at: datetime, now: datetime) -> str:
        """Time of day; with month and day where it is another day than `now`,
        and the year where it is another one."""
        here, today = self.local(at), self.local(now)
        if here.date() == today.date():
            return f"{here:%H:%M}"
        return f"{here:%m-%d %H:%M}" if here.year == today.year else f"{here:%Y-%m-%d %H:%M}"
