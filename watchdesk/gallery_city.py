"""The practice city's morning, decided and folded here: what a gallery shows needs no server."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cached_property, reduce
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from backend_client.blob_shelf import digest_of
from casework import acts, record
from casework.case import Case
from casework.decider import Actor, Context, Facts, Grant, Personal, Place, Recorded, Refused
from casework.decisions import decide
from casework.folding import evolve
from casework.history import history_row
from casework.photos import PhotoAttached, PhotoKind
from casework.replies import CaseDetail, HistoryRow, PhotoRow
from casework.rulebook import RuleBook
from casework.rules.register import registered
from casework.terms import CaseId, Digest, LogId, Media, Role, UserId
from drill.city import City
from drill.opening import DAYS_BACK, morning, opening
from drill.placeholder import placeholder
from drill.plan import Link, Plan
from watchdesk.gallery_day import NAMED, happenings
from watchdesk.gallery_field import GalleryField
from watchdesk.gallery_register import GalleryRegister

LOG = LogId("shenzhen")
_BOT = UserId("bot")
LATELY = timedelta(minutes=3)
NAMES = {
    Role.ACCEPTOR: "陈静",
    Role.SHIFT_LEADER: "周国强",
    Role.DISPATCHER: "李明",
    Role.INSPECTOR: "吴建华",
    Role.UNIT: "黄志伟",
}
"""Invented people of the record."""


class Lived(NamedTuple):
    """A case as far as it has come, its events with what was said at each, and its texts."""

    case: Case
    entries: tuple[Recorded, ...]
    texts: Personal


class Morning:
    """The open cases of a practice morning at its opening instant, reported in the last `days`."""

    def __init__(self, rules: RuleBook, days: int = DAYS_BACK) -> None:
        self.rules = rules
        city = City(rules)
        self.at = opening(city)
        self._zone = ZoneInfo(rules.calendar.time_zone)
        self._orders: Counter[date] = Counter()
        self._pictures: dict[Digest, bytes] = {}
        self.field = GalleryField(rules, self.at)
        self.register = GalleryRegister(rules, city)
        self._open = count()
        lives = (self._lived(plan) for plan in morning(city, days))
        self.lives = {each.case.id: each for each in lives}

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The folded cases."""
        return tuple(each.case for each in self.lives.values())

    def detail(self, case: CaseId) -> CaseDetail:
        """A case opened, as the server would answer: reporters are masked, photos are drawn."""
        lived = self.lives[case]
        texts = replace(lived.texts, name="王**", phone="138****2190")
        return CaseDetail(
            case=lived.case,
            number=lived.case.version,
            texts=texts,
            history=tuple(_rows(lived.entries, self.field)),
            photos=tuple(self._photos(lived)),
        )

    def picture(self, digest: Digest) -> bytes:
        """A drawn photo of a case that was opened. Raises: KeyError."""
        return self._pictures[digest]

    # --- making -------------------------------------------------------------------------------

    def _lived(self, plan: Plan) -> Lived:
        case: Case | None = None
        entries: list[Recorded] = []
        for link in plan.links:
            for entry in self._taken(case, link, len(entries)):
                case = evolve(case, entry)
                entries.append(entry)
        assert case is not None  # every plan begins with a report
        for at, command in self.field.confirmed(case):
            link = Link(role=Role.INSPECTOR, command=command, leads_to=case.state, at=at)
            for entry in self._taken(case, link, len(entries)):
                case = evolve(case, entry)
                entries.append(entry)
            assert case is not None  # as before
        case = self._happened(case, entries)
        report = plan.links[0].command
        texts = report.personal if isinstance(report, acts.ReportCase) else None
        return Lived(case, tuple(entries), texts or Personal())

    def _happened(self, case: Case, entries: list[Recorded]) -> Case:
        """The case after what happened beside the main line; what is refused did not happen."""
        for each in happenings(case, next(self._open), self.rules):
            link = Link(
                role=each.role,
                command=each.command,
                leads_to=case.state,
                unit=each.unit,
                at=self.at - LATELY,
            )
            with suppress(Refused):
                taken = tuple(self._taken(case, link, len(entries), each.by))
                entries += taken
                case = reduce(_after, taken, case)
        return case

    def _taken(
        self, case: Case | None, link: Link, before: int, by: UserId | None = None
    ) -> Iterator[Recorded]:
        assert link.at is not None  # the city gives every link an instant
        command, facts = link.command, Facts()
        if isinstance(command, acts.ReportCase):
            place = Place(district=command.district, street=command.street)
            part = self.register.component(command.component) if command.component else None
            known = registered(part, self.rules) if part is not None else None
            facts = Facts(order=self._order(link.at), place=place, component=known)
        actor = by or _BOT
        if case is not None and isinstance(command, acts.OrderVerification | acts.OrderCheck):
            nearest = self.field.of(case)
            facts = Facts(inspectors=(nearest,) if nearest else None, proposed=nearest)
        elif case is not None and link.role is Role.INSPECTOR:
            actor = case.inspector or _BOT
        context = Context(
            at=link.at,
            log=LOG,
            practice=True,
            actor=Actor(user=actor, grants=(Grant(role=link.role, unit=link.unit),)),
            role=link.role,
            rules=self.rules,
            facts=facts,
        )
        for number, event in enumerate(decide(case, command, context), before + 1):
            yield Recorded(
                log=LOG,
                number=number,
                at=link.at,
                stream="case/-",
                version=number,
                actor=actor,
                role=link.role,
                event=event,
            )

    def _order(self, at: datetime) -> int:
        day = at.astimezone(self._zone).date()
        self._orders[day] += 1
        return self._orders[day]

    def _photos(self, lived: Lived) -> Iterator[PhotoRow]:
        for number, kind in enumerate((PhotoKind.BEFORE, PhotoKind.FAR, PhotoKind.NEAR), 1):
            large, small = placeholder(f"{lived.case.id} {kind}", kind)
            self._pictures |= {digest_of(large): large, digest_of(small): small}
            photo = PhotoAttached(
                kind=kind,
                digest=digest_of(large),
                size=len(large),
                media=Media.PNG,
                thumbnail=digest_of(small),
                shot=lived.case.opened_at,
            )
            yield PhotoRow(
                number=number,
                at=lived.case.opened_at,
                actor=_BOT,
                name=NAMES[Role.INSPECTOR],
                role=Role.INSPECTOR,
                photo=photo,
            )


def _rows(entries: tuple[Recorded, ...], field: GalleryField) -> Iterator[HistoryRow]:
    for step in record.steps(entries):
        entry, event = step.entry, step.entry.event
        yield history_row(
            step,
            name=field.name(entry.actor) or NAMED.get(entry.actor) or NAMES[entry.role],
            inspector=field.name(getattr(event, "inspector", None)),
            unit=getattr(event, "unit", None) or "",
        )


def _after(case: Case, entry: Recorded) -> Case:
    after = evolve(case, entry)
    assert after is not None  # a case does not end by an event
    return after
