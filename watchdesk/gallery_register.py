"""The gallery's component register: invented parts, told of as a server would."""

from datetime import timedelta
from functools import cached_property

from casework.replies import ComponentMark, ComponentsReply, MarksReply
from casework.rulebook import RuleBook
from casework.rules.geo import Box, distance
from casework.rules.placing import Locator
from casework.rules.register import Component, ComponentPlace
from casework.terms import ComponentId, Kind, Point
from drill.city import City
from drill.components import BASIS, Placed
from drill.opening import opening

AGE = timedelta(days=200)


class GalleryRegister:
    """Built when it is first asked: most scenes show no component."""

    def __init__(self, rules: RuleBook, city: City) -> None:
        self._rules, self._city = rules, city
        self._locator = Locator(rules)
        self._known: dict[ComponentId, Component] = {}

    @cached_property
    def _placed(self) -> dict[ComponentId, Placed]:
        return {each.id: each for some in self._city.components.values() for each in some}

    def component(self, id: ComponentId) -> Component | None:
        """A component; None where there is none such."""
        placed = self._placed.get(id)
        if placed is not None and id not in self._known:
            self._known[id] = self._whole(placed)
        return self._known.get(id)

    def by_id(self, ids: tuple[ComponentId, ...]) -> ComponentsReply:
        """Those of these that there are."""
        found = (self.component(id) for id in ids)
        return ComponentsReply(components=tuple(each for each in found if each is not None))

    def near(self, point: Point, code: str, limit: int) -> ComponentsReply:
        """The nearest of one class within the rule book's reach."""
        reach = self._rules.register.near_metres
        away = [
            (distance(each.command.point, point), each.id)
            for each in self._placed.values()
            if each.code == code
        ]
        near = sorted(one for one in away if one[0] <= reach)[:limit]
        return self.by_id(tuple(id for _, id in near))

    def marks(self, box: Box, limit: int) -> MarksReply:
        """Those in a box of the map."""
        found = [each for each in self._placed.values() if _holds(box, each.command.point)]
        marks = tuple(
            ComponentMark(
                id=each.id,
                code=each.code,
                point=each.command.point,
                state=each.command.state,
            )
            for each in found[:limit]
        )
        return MarksReply(marks=marks, more=len(found) > limit)

    def any_of(self, code: str) -> Component:
        """The first of a class. Raises: StopIteration: the city has none."""
        id = next(each.id for each in self._placed.values() if each.code == code)
        found = self.component(id)
        assert found is not None  # its id is one of the register's
        return found

    def _whole(self, placed: Placed) -> Component:
        command, of = placed.command, self._rules.case_class(Kind.COMPONENT, placed.code)
        at = opening(self._city) - AGE
        place = self._locator.place(command.point)
        return Component(
            id=placed.id,
            version=1,
            scheme=self._rules.scheme.id,
            code=placed.code,
            name=of.name if of is not None else placed.code,
            owner=command.owner,
            maintainer=command.maintainer,
            place=ComponentPlace(
                point=command.point, district=place.district, street=place.street, grid=place.grid
            ),
            state=command.state,
            basis=BASIS,
            registered_at=at,
            changed_at=at,
        )


def _holds(box: Box, point: Point) -> bool:
    return box.south <= point.lat <= box.north and box.west <= point.lon <= box.east
