"""The cases a session may see, folded from what the server sends. No I/O, no clock.

The replica is true at one number of one log. It takes a snapshot part by part, then ranges of
events that tile; what it cannot explain is a `HoleError`, and the session asks again.
"""

import heapq
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from msgspec import Raw, Struct
from msgspec.structs import replace

from backend_client.notices import Changed
from casework.case import Case
from casework.decider import Grant, case_stream
from casework.envelope import read_envelope, recorded
from casework.folding import evolve
from casework.terms import CaseId, LogId
from casework.wire import Events, Resume, Snapshot, Welcome, read_case

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_CASE = case_stream(CaseId(""))


class HoleError(Exception):
    """Something between what is known and what came is missing."""


class Standing(Struct, frozen=True, kw_only=True):
    """Which history a replica shows, for whom, and up to where. `at` is the log's clock."""

    log: LogId
    epoch: str = ""
    number: int = 0
    at: datetime = EARLIEST
    ended_hours: int = 24
    grants: tuple[Grant, ...] = ()
    rules_digest: str = ""


class Replica:
    """Open cases of one log and those that ended within the last `ended_hours` of its clock."""

    def __init__(self, log: LogId, epoch: str = "", *, ended_hours: int = 24) -> None:
        self._standing = Standing(log=log, epoch=epoch, ended_hours=ended_hours)
        self._cases: dict[CaseId, Case] = {}
        self._ended: list[tuple[datetime, CaseId]] = []
        self._part = 0
        self._parts = 0
        self.complete = False

    @property
    def standing(self) -> Standing:
        """What the replica is a picture of."""
        return self._standing

    @property
    def cases(self) -> Mapping[CaseId, Case]:
        """The folded cases; a view that follows."""
        return MappingProxyType(self._cases)

    @property
    def number(self) -> int:
        """The log's last number that is folded in."""
        return self._standing.number

    @property
    def resume(self) -> Resume | None:
        """Where a session may go on; None when only a snapshot helps."""
        if not self.complete:
            return None
        known = self._standing
        return Resume(log=known.log, epoch=known.epoch, number=known.number)

    def restore(self, standing: Standing, cases: Iterable[Case]) -> None:
        """Take over a whole picture that was kept."""
        self._forget()
        self._standing = standing
        for case in cases:
            self._put(case)
        self.complete = True

    def fits(self, welcome: Welcome) -> bool:
        """Events may be folded onto this picture: same history, seen through the same grants."""
        known = self._standing
        here = (known.log, known.epoch, known.grants)
        return self.complete and here == (welcome.log, welcome.epoch, welcome.grants)

    def join(self, welcome: Welcome) -> None:
        """A session begins. Without a resume the old picture stays until the snapshot comes."""
        resumes = welcome.resumes
        self._standing = Standing(
            log=welcome.log,
            epoch=welcome.epoch,
            number=self.number if resumes else 0,
            at=max(self._standing.at, welcome.at) if resumes else welcome.at,
            ended_hours=welcome.ended_hours,
            grants=welcome.grants,
            rules_digest=welcome.rules_digest,
        )
        self._part = self._parts = 0
        self.complete = resumes

    def apply(self, message: Snapshot | Events) -> Changed:
        """Fold what the server sent; a range that is known already changes nothing.

        Raises:
            HoleError: a range, a part or a case's version is missing; nothing of it is folded.
        """
        if isinstance(message, Snapshot):
            return self._take_part(message)
        return self._take_events(message)

    # --- snapshot -----------------------------------------------------------------------------

    def _take_part(self, part: Snapshot) -> Changed:
        if part.part == 1:
            self._forget()
        if part.part != self._part + 1 or (part.part > 1 and part.parts != self._parts):
            raise HoleError(f"part {part.part} of {part.parts} after part {self._part}")
        self._part, self._parts = part.part, part.parts
        cases = tuple(map(read_case, part.cases))
        for case in cases:
            self._put(case)
        if part.part == part.parts:
            self._advance(part.number, self._standing.at)
            self.complete = True
        return self._change(cases, (), number=part.number, reset=part.part == 1)

    def _forget(self) -> None:
        self._cases.clear()
        self._ended.clear()
        self._part = self._parts = 0
        self.complete = False

    # --- events -------------------------------------------------------------------------------

    def _take_events(self, events: Events) -> Changed:
        if not self.complete or events.first > self.number + 1:
            raise HoleError(f"numbers {events.first} to {events.last} after {self.number}")
        if events.last <= self.number:
            return self._change((), ())
        folded = self._fold(events.events)  # raises before anything is changed
        for case in map(read_case, events.cases):
            known = folded.get(case.id) or self._cases.get(case.id)
            if known is None or known.version <= case.version:
                folded[case.id] = case
        for case in folded.values():
            self._put(case)
        gone = [case for case in events.gone if self._cases.pop(case, None) is not None]
        self._advance(events.last, events.at)
        gone += self._drop_ended()
        upserted = tuple(case for case in folded.values() if case.id in self._cases)
        return self._change(upserted, tuple(dict.fromkeys(gone)))

    def _fold(self, written: tuple[Raw, ...]) -> dict[CaseId, Case]:
        folded: dict[CaseId, Case] = {}
        for raw in written:
            envelope = read_envelope(raw)
            if not envelope.stream.startswith(_CASE):
                continue
            case = CaseId(envelope.stream.removeprefix(_CASE))
            before = folded.get(case) or self._cases.get(case)
            known = before.version if before is not None else 0
            # an ended case that was dropped here may still get a note: nothing is missing
            if envelope.version <= known or (before is None and envelope.version > 1):
                continue
            if envelope.version > known + 1:
                raise HoleError(f"{case} version {envelope.version} after {known}")
            after = evolve(before, recorded(envelope))
            if after is not None:
                folded[case] = after
        return folded

    def expire(self, at: datetime) -> Changed | None:
        """The log's clock says `at`: drop what ended too long ago. None if nothing did."""
        self._advance(self.number, at)
        gone = self._drop_ended() if self.complete else ()
        return self._change((), tuple(gone)) if gone else None

    def _drop_ended(self) -> list[CaseId]:
        known = self._standing
        since = known.at - timedelta(hours=known.ended_hours)
        gone = []
        while self._ended and self._ended[0][0] < since:
            ended_at, case = heapq.heappop(self._ended)
            if case in self._cases and self._cases[case].ended_at == ended_at:
                del self._cases[case]
                gone.append(case)
        return gone

    # --- state --------------------------------------------------------------------------------

    def _put(self, case: Case) -> None:
        before = self._cases.get(case.id)
        self._cases[case.id] = case
        if case.ended_at is not None and (before is None or before.ended_at != case.ended_at):
            heapq.heappush(self._ended, (case.ended_at, case.id))

    def _advance(self, number: int, at: datetime) -> None:
        self._standing = replace(self._standing, number=number, at=max(at, self._standing.at))

    def _change(
        self,
        upserted: tuple[Case, ...],
        gone: tuple[CaseId, ...],
        *,
        number: int | None = None,
        reset: bool = False,
    ) -> Changed:
        known = self._standing
        return Changed(
            log=known.log,
            upserted=upserted,
            gone=gone,
            reset=reset,
            number=known.number if number is None else number,
            at=known.at,
            complete=self.complete,
        )

    def picture(self) -> Changed:
        """All of it, as a change that begins anew."""
        return self._change(tuple(self._cases.values()), (), reset=True)
