"""A practice city: deterministic lives of cases, calibrated to the annual report of 2008.

The same rule book and seed give the same cases for ever. Every number of the report is named with
its source; what the report does not say is ours and says so. Times are aware UTC.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from casework.acts import ReportCase
from casework.rulebook import RuleBook
from casework.rules import classification, geo, working_time
from casework.scheme import CaseClass, Condition, Limit
from casework.terms import AreaId, Kind, Point, Source, UnitId, Urgency
from casework.territory import Area, AreaLevel
from drill import phrases
from drill.components import Placed, components
from drill.lives import Casework, life
from drill.plan import Plan


class Group(StrEnum):
    """The report's three groups of cases: two of districts, and the municipal units'."""

    INSIDE = "inside"  # 特區內
    OUTSIDE = "outside"  # 特區外
    MUNICIPAL = "municipal"  # 市屬責任單位


CITY_FILED = 106_983
"""December's cases of the whole city (annual report, domain.md 1)."""
INSIDE_FILED, OUTSIDE_FILED = 43_976, 55_616
"""December, the same table."""
MUNICIPAL_FILED = CITY_FILED - INSIDE_FILED - OUTSIDE_FILED
"""Derived: what the city has and neither group of districts has."""
INSIDE_ON_TIME, OUTSIDE_ON_TIME, CITY_ON_TIME = 0.8823, 0.1586, 0.5108
"""December, the same table."""
MUNICIPAL_ON_TIME = (
    CITY_ON_TIME * CITY_FILED - INSIDE_ON_TIME * INSIDE_FILED - OUTSIDE_ON_TIME * OUTSIDE_FILED
) / MUNICIPAL_FILED
"""Derived so that the city's own share comes out: 95.06 %."""
DAYS_OF_DECEMBER = 31
INCIDENTS = 0.98
"""«Over 98 %» of all cases are incidents (annual report)."""

FILED = {
    Group.INSIDE: INSIDE_FILED,
    Group.OUTSIDE: OUTSIDE_FILED,
    Group.MUNICIPAL: MUNICIPAL_FILED,
}
ON_TIME = {
    Group.INSIDE: INSIDE_ON_TIME,
    Group.OUTSIDE: OUTSIDE_ON_TIME,
    Group.MUNICIPAL: MUNICIPAL_ON_TIME,
}

MUNICIPAL_COMPONENTS = 0.26
"""Ours: most components belong to a municipal unit (shenzhen_responsibility.csv)."""
AREA_COMPONENTS = ((1 - INCIDENTS) * CITY_FILED - MUNICIPAL_COMPONENTS * MUNICIPAL_FILED) / (
    INSIDE_FILED + OUTSIDE_FILED
)
"""Derived so that incidents are 98 % of all."""

HOURS = (
    4, 3, 2, 2, 2, 4, 14, 30, 62, 84, 86, 66, 38, 46, 70, 82, 76, 54, 34, 30, 26, 20, 12, 7,
)  # fmt: skip
"""Ours: arrivals by local hour of the day, in parts of their sum."""

DISTRICTS = {
    "440303": 22, "440304": 33, "440305": 35, "440308": 10,
    "440306": 45, "440307": 45, "440311": 10,
}  # fmt: skip
"""Ours: parts of a district's group; a district not named here counts 10."""

COMMON = {
    (Kind.INCIDENT, "0102"): 130, (Kind.INCIDENT, "0104"): 110, (Kind.INCIDENT, "0201"): 120,
    (Kind.INCIDENT, "0501"): 120, (Kind.INCIDENT, "0504"): 90, (Kind.INCIDENT, "0103"): 60,
    (Kind.INCIDENT, "0505"): 60, (Kind.INCIDENT, "0506"): 35, (Kind.INCIDENT, "0507"): 50,
    (Kind.INCIDENT, "0108"): 30, (Kind.INCIDENT, "0110"): 60, (Kind.INCIDENT, "0203"): 30,
    (Kind.INCIDENT, "0202"): 20, (Kind.INCIDENT, "0301"): 30, (Kind.INCIDENT, "0101"): 20,
    (Kind.INCIDENT, "0112"): 18, (Kind.INCIDENT, "0106"): 30, (Kind.INCIDENT, "0404"): 30,
    (Kind.INCIDENT, "0508"): 15, (Kind.INCIDENT, "0510"): 15, (Kind.INCIDENT, "0502"): 12,
    (Kind.INCIDENT, "0402"): 12, (Kind.INCIDENT, "0406"): 10, (Kind.INCIDENT, "0405"): 0,
    (Kind.INCIDENT, "0407"): 0, (Kind.COMPONENT, "0110"): 0, (Kind.COMPONENT, "0118"): 40,
    (Kind.COMPONENT, "0103"): 30, (Kind.COMPONENT, "0402"): 30, (Kind.COMPONENT, "0305"): 20,
}  # fmt: skip
"""Ours: parts of a class in its group; one not named counts 4. Nothing freezes in Shenzhen, and
nothing is heated from afar: 0."""

SOURCES = {
    Source.INSPECTOR: 52, Source.PUBLIC: 12, Source.PHONE: 24, Source.WEBSITE: 3, Source.SMS: 3,
    Source.MEDIA: 2, Source.LEADER: 2, Source.PETITION: 1, Source.EMAIL: 1,
}  # fmt: skip
"""Ours, in parts of their sum."""

LATE_BY = 2.9
"""Ours: how far late work is over, on average, in limits; with it some 3,000 cases are open at a
time."""
SHORT_LIMIT, URGENT = timedelta(hours=2), 0.1
"""Ours: of the cases with no longer limit, this share is 緊急."""
CRITICAL = {(Kind.INCIDENT, "0401"), (Kind.INCIDENT, "0403"), (Kind.INCIDENT, "0409")}
"""Ours: classes whose cases are 特急."""
_HOUR = 3_600_000


class Work(NamedTuple):
    """A class that can come up in a group, with the condition it is filed on."""

    of: CaseClass
    condition: Condition
    limit: Limit


class _Menu(NamedTuple):
    """Things to choose from, with running sums of their parts."""

    works: tuple[Work, ...]
    sums: tuple[int, ...]

    def draw(self, dice: Random) -> Work:
        return dice.choices(self.works, cum_weights=self.sums)[0]


class City:
    """The practice city of a rule book. Any book with outlines and responsibilities will do."""

    def __init__(self, rules: RuleBook, seed: int = 2008) -> None:
        self.rules = rules
        self.seed = seed
        self._zone = ZoneInfo(rules.calendar.time_zone)
        self._areas = {area.id: area for area in rules.areas}
        self._shapes = {shape.id: shape for shape in geo.area_index(rules.areas).streets}
        self._streets = self._streets_by_group()
        self._menus = self._menus_by_group()

    def lives(self, start: datetime, end: datetime) -> Iterator[Plan]:
        """The cases reported in start ≤ t < end, in time order, each with its whole life."""
        hour = start.astimezone(self._zone).replace(minute=0, second=0, microsecond=0)
        while hour < end:
            for number, at in enumerate(self._arrivals(hour)):
                if start <= at < end:
                    yield self._life(at, f"{hour:%Y%m%d%H}-{number:03}")
            hour += timedelta(hours=1)

    def handled_after(self, dice: Random, group: Group, since: datetime, limit: Limit) -> timedelta:
        """How long a unit takes that got a case at `since`: within the limit as often as its group
        was in December. The spread is ours."""
        if dice.random() < ON_TIME[group]:
            share = dice.uniform(0.12, 0.93)
        else:
            share = 1.04 + dice.expovariate(1 / LATE_BY)
        whole = working_time.amount(limit, self.rules.calendar)
        end = working_time.advance(since, whole * share, limit.clock, self.rules.calendar)
        return end - since

    def group_of(self, lead: UnitId | None, district: AreaId | None) -> Group:
        """The group a case counts in, by who answers for it and where it is."""
        if lead is None or "@" not in lead:
            return Group.MUNICIPAL
        area = self._areas.get(district) if district else None
        inside = area is not None and area.group == Group.INSIDE
        return Group.INSIDE if inside else Group.OUTSIDE

    @cached_property
    def components(self) -> dict[tuple[AreaId, str], list[Placed]]:
        """The invented components by street area and class."""
        found: dict[tuple[AreaId, str], list[Placed]] = {}
        for placed in components(self.rules, self.seed):
            found.setdefault((placed.street, placed.code), []).append(placed)
        return found

    # --- drawing -------------------------------------------------------------------------------

    def _arrivals(self, hour: datetime) -> list[datetime]:
        dice = Random(f"{self.seed} arrivals {hour:%Y%m%d%H}")
        expected = CITY_FILED / DAYS_OF_DECEMBER * HOURS[hour.hour] / sum(HOURS)
        count = int(expected * dice.uniform(0.85, 1.15) + dice.random())
        begin = hour.astimezone(ZoneInfo("UTC"))
        return sorted(
            begin + timedelta(milliseconds=dice.randrange(3_600_000)) for _ in range(count)
        )

    def _life(self, at: datetime, reference: str) -> Plan:
        dice = Random(f"{self.seed} life {reference}")
        group = dice.choices(tuple(FILED), tuple(FILED.values()))[0]
        share = MUNICIPAL_COMPONENTS if group is Group.MUNICIPAL else AREA_COMPONENTS
        kind = Kind.COMPONENT if dice.random() < share else Kind.INCIDENT
        work = self._menus[group, kind].draw(dice)
        street = self._street(dice, group)
        report = self._report(dice, work, street, reference)
        lead, joint = classification.responsible(
            self.rules, kind, work.of.code, report.district, report.street
        )
        assert lead is not None  # the menu holds only classes with a lead
        needed = Casework(report=report, lead=lead, joint=joint)
        return life(
            dice, needed, at, lambda since: self.handled_after(dice, group, since, work.limit)
        )

    def _report(self, dice: Random, work: Work, street: Area, reference: str) -> ReportCase:
        source = dice.choices(tuple(SOURCES), tuple(SOURCES.values()))[0]
        component = self._component(dice, work.of, street)
        return ReportCase(
            kind=work.of.kind,
            code=work.of.code,
            condition=work.condition.id,
            source=source,
            point=component.command.point if component else self._point(dice, street),
            component=component.id if component else None,
            district=street.parent,
            street=street.id,
            urgency=self._urgency(dice, work),
            reference=reference,
            personal=phrases.report(dice, work.of, work.condition, street.name),
        )

    def _urgency(self, dice: Random, work: Work) -> Urgency:
        if (work.of.kind, work.of.code) in CRITICAL:
            return Urgency.CRITICAL
        short = working_time.amount(work.limit, self.rules.calendar) <= SHORT_LIMIT
        return Urgency.URGENT if short and dice.random() < URGENT else Urgency.NORMAL

    def _street(self, dice: Random, group: Group) -> Area:
        places = [each for each in self._streets if group in (each, Group.MUNICIPAL)]
        weights = [FILED[each] for each in places]
        streets, sums = self._streets[dice.choices(places, weights)[0]]
        return dice.choices(streets, cum_weights=sums)[0]

    def _component(self, dice: Random, of: CaseClass, street: Area) -> Placed | None:
        """One of the street's invented components of that class, if it has any."""
        if of.kind is not Kind.COMPONENT:
            return None
        there = self.components.get((street.id, of.code))
        return dice.choice(there) if there else None

    def _point(self, dice: Random, street: Area) -> Point:
        shape = self._shapes[street.id]
        box = shape.box
        while True:
            point = Point(dice.randint(box.south, box.north), dice.randint(box.west, box.east))
            if shape.holds(point):
                return point

    # --- what there is to draw from ------------------------------------------------------------

    def _streets_by_group(self) -> dict[Group, tuple[tuple[Area, ...], tuple[float, ...]]]:
        found: dict[Group, tuple[tuple[Area, ...], tuple[float, ...]]] = {}
        for group in (Group.INSIDE, Group.OUTSIDE):
            streets = tuple(
                area
                for area in self.rules.areas
                if area.level is AreaLevel.STREET
                and area.parent is not None
                and area.id in self._shapes
                and self._areas[area.parent].group == group
            )
            parents = [area.parent or "" for area in streets]
            parts = [DISTRICTS.get(each, 10) / parents.count(each) for each in parents]
            found[group] = (streets, tuple(accumulate(parts)))
        return found

    def _menus_by_group(self) -> dict[tuple[Group, Kind], _Menu]:
        drawn: dict[tuple[Group, Kind], list[tuple[Work, int]]] = {
            (group, kind): [] for group in Group for kind in Kind
        }
        for of in self.rules.scheme.classes:
            answers = self.rules.responsibility(of.kind, of.code)
            if answers is None or answers.lead is None:
                continue  # 視情況定: the dispatcher chooses, so no bot reports it
            municipal = self.rules.unit(UnitId(answers.lead)) is not None
            groups = (Group.MUNICIPAL,) if municipal else (Group.INSIDE, Group.OUTSIDE)
            for work, part in _works(of):
                for group in groups:
                    drawn[group, of.kind].append((work, part))
        return {
            key: _Menu(
                tuple(work for work, _ in parts), tuple(accumulate(part for _, part in parts))
            )
            for key, parts in drawn.items()
        }


def _works(of: CaseClass) -> Iterator[tuple[Work, int]]:
    """Every condition of a class with a limit; the first is thrice as common as the others."""
    part = COMMON.get((of.kind, of.code), 4)
    for order, condition in enumerate(of.conditions):
        if condition.general is not None and part:
            yield Work(of, condition, condition.general), part * (1 if order else 3)
