"""What this desk knows of the component register: never all of it, only what was asked for.

The map asks for the box it looks at, once it rests, and a little around it, so that a drag brings
nothing new; the report's form for what stands near; a case for its own component. Answers are kept
for a while: the register changes seldom, and never by itself on the screen.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from casework.queries import BoxQuery, ComponentQuery, NearQuery
from casework.replies import ComponentMark, ComponentsReply, MarksReply
from casework.rules.geo import Box
from casework.rules.register import Component
from casework.terms import CaseId, ComponentId, Point
from console.picture import Picture, Replied

REST_MS = 150
"""The map rests for so long before a box is asked for."""
KEPT_SECONDS = 60.0
LIMIT = 1_000
"""Components in one box; a closer look brings the others."""
OFFERED = 9
"""Number keys."""
MOST_KEPT = 500


class Near(NamedTuple):
    """What stands near a position, of one class, the nearest first."""

    point: Point
    code: str
    components: tuple[Component, ...]


class ComponentBook(QObject):
    """Asks, keeps, and says what came. All of the first server but a case's own component."""

    marks_changed = Signal()
    known = Signal(object)
    """`Component` that was asked for."""
    offered = Signal(object)
    """`Near`."""

    def __init__(self, picture: Picture, steady: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._picture, self._steady = picture, steady
        self.marks: tuple[ComponentMark, ...] = ()
        self.more = False
        """The last box held more than were sent."""
        self._components: dict[ComponentId, Component] = {}
        self._wanted: Box | None = None
        self._held: Box | None = None
        self._held_at = 0.0
        self._box_ref: tuple[tuple[int, int], Box] | None = None
        self._near_ref: tuple[tuple[int, int], Point, str] | None = None
        self._id_refs: set[tuple[int, int]] = set()
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._ask_for_box)
        picture.replied.connect(self._take)

    # --- the map's box --------------------------------------------------------------------------

    def look(self, box: Box) -> None:
        """The map looks at this box; what is at hand for it is not asked for again."""
        self._wanted = box
        if not self._has(box):
            self._rest.start()

    def look_away(self) -> None:
        """The map is too far away for components."""
        self._wanted = None
        self._rest.stop()

    def _has(self, box: Box) -> bool:
        fresh = self._steady() - self._held_at < KEPT_SECONDS
        return self._held is not None and fresh and not self.more and _covers(self._held, box)

    @Slot()
    def _ask_for_box(self) -> None:
        if self._wanted is None:
            return
        box = _grown(self._wanted)
        ref = self._picture.question(BoxQuery(box=box, limit=LIMIT))
        self._box_ref = (ref, box) if ref is not None else None

    # --- near a position, and by id -------------------------------------------------------------

    def look_near(self, point: Point, code: str) -> None:
        """Ask what stands near a position; `offered` brings it."""
        ref = self._picture.question(NearQuery(point=point, code=code, limit=OFFERED))
        self._near_ref = (ref, point, code) if ref is not None else None

    def component(self, id: ComponentId) -> Component | None:
        """A component as last heard."""
        return self._components.get(id)

    def look_up(self, id: ComponentId, case: CaseId | None = None) -> None:
        """Ask for a component, of a case's own server; `known` brings it."""
        ref = self._picture.question(ComponentQuery(ids=(id,)), case)
        if ref is not None:
            self._id_refs.add(ref)

    # --- what comes -----------------------------------------------------------------------------

    @Slot(object)
    def _take(self, replied: Replied) -> None:
        if self._box_ref is not None and replied.ref == self._box_ref[0]:
            self._take_box(replied, self._box_ref[1])
        elif self._near_ref is not None and replied.ref == self._near_ref[0]:
            _, point, code = self._near_ref
            self._near_ref = None
            self.offered.emit(Near(point, code, self._keep(replied)))
        elif replied.ref in self._id_refs:
            self._id_refs.discard(replied.ref)
            for component in self._keep(replied):
                self.known.emit(component)

    def _take_box(self, replied: Replied, box: Box) -> None:
        self._box_ref = None
        if isinstance(replied.body, MarksReply):
            self.marks, self.more = replied.body.marks, replied.body.more
            self._held, self._held_at = box, self._steady()
            self.marks_changed.emit()

    def _keep(self, replied: Replied) -> tuple[Component, ...]:
        if not isinstance(replied.body, ComponentsReply):
            return ()
        if len(self._components) > MOST_KEPT:
            self._components.clear()
        self._components.update((each.id, each) for each in replied.body.components)
        return replied.body.components


def _covers(held: Box, box: Box) -> bool:
    inside = held.south <= box.south and held.west <= box.west
    return inside and held.north >= box.north and held.east >= box.east


def _grown(box: Box) -> Box:
    """Half as much again on every side."""
    high, wide = (box.north - box.south) // 2, (box.east - box.west) // 2
    return Box(box.south - high, box.west - wide, box.north + high, box.east + wide)
