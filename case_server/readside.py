"""SQL that only reads: snapshots, the most urgent cases, counts, one case with its history.

Every function takes the grants of who asks and leaves out what they do not cover.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, false, func, not_, or_, select, true

from case_server.clock import to_ms
from case_server.tables import (
    case_blob,
    case_row,
    case_unit,
    counter,
    event,
    personal,
    stream_state,
)
from casework import acts, record
from casework.case import Case
from casework.decider import Grant, Personal, Recorded, Refused, case_stream
from casework.envelope import read_envelope, recorded
from casework.history import colleague_of, history_row
from casework.old_cases import CaseImported
from casework.photos import PhotoAttached
from casework.procedures.account import Account
from casework.replies import CaseDetail, HistoryRow, PhotoRow, TallyReply
from casework.rules.audience import sees
from casework.terms import CaseId, Digest, Role, State, UserId
from casework.wire import read_case

_AT_ONCE = 500
"""Values in one IN list."""
CONTACT_STAYS = timedelta(minutes=10)
"""How long a reporter's name and number stay readable to the person who asked for them."""


def head(connection: Connection) -> int:
    """Number of the last event in this snapshot of the database."""
    return int(connection.execute(select(counter.c.number)).scalar_one())


def visible(grants: Iterable[Grant]) -> ColumnElement[bool]:
    """The same rule as `casework.rules.audience`, in SQL (a test holds them equal)."""
    ways: list[ColumnElement[bool]] = []
    for grant in grants:
        if grant.role is Role.UNIT:
            held = select(case_unit.c.case).where(case_unit.c.unit == grant.unit, case_unit.c.live)
            ways.append(case_row.c.case.in_(held))
        elif grant.role is not Role.ADMINISTRATOR and not grant.areas:
            return true()
        elif grant.role is not Role.ADMINISTRATOR:
            ways.append(case_row.c.district.in_(grant.areas))
            ways.append(case_row.c.street.in_(grant.areas))
    return or_(*ways) if ways else false()


def _bodies(where: ColumnElement[bool], limit: int | None = None) -> Any:
    """Folds in the order of urgency; picked first, so that only those are looked up."""
    order = (case_row.c.rank, case_row.c.clock, case_row.c.case)
    picked = select(case_row.c.log, *order).where(where).order_by(*order).limit(limit).subquery()
    return (
        select(stream_state.c.body)
        .join(
            picked,
            and_(
                stream_state.c.log == picked.c.log,
                stream_state.c.stream == "case/" + picked.c.case,
            ),
        )
        .order_by(picked.c.rank, picked.c.clock, picked.c.case)
    )


def live_cases(
    connection: Connection, grants: Sequence[Grant], ended_since: datetime
) -> Iterator[tuple[Case, bytes]]:
    """Open cases and those ended since then, most urgent first, each with its encoded fold. What
    an earlier system had ended is only looked up."""
    seen = and_(visible(grants), not_(case_row.c.history))
    for where in (case_row.c.live, case_row.c.ended_at >= to_ms(ended_since)):
        for (body,) in connection.execute(_bodies(and_(where, seen))):
            yield read_case(body), bytes(body)


def urgent(
    connection: Connection, grants: Sequence[Grant], limit: int, state: State | None = None
) -> list[bytes]:
    """The most urgent open cases: by urgency, then by the present link's clock."""
    where = and_(case_row.c.live, visible(grants))
    if state is not None:
        where = and_(where, case_row.c.state == state.value)
    return [bytes(body) for (body,) in connection.execute(_bodies(where, limit))]


def tally(connection: Connection, grants: Sequence[Grant], at: datetime | None) -> TallyReply:
    """Cases by state now; open and ended as of `at` (now, if None), by recorded instants.

    What had ended in an earlier system before it was taken over is no work of this log and not
    counted.
    """
    seen = and_(visible(grants), not_(case_row.c.history))
    states = connection.execute(
        select(case_row.c.state, func.count()).where(seen).group_by(case_row.c.state)
    )
    by_state = {State(state): int(n) for state, n in states}
    opened, ended = [seen], [seen, case_row.c.ended_at.is_not(None)]
    if at is not None:
        opened.append(case_row.c.opened_at <= to_ms(at))
        ended.append(case_row.c.ended_at <= to_ms(at))
    total = connection.execute(
        select(func.count()).select_from(case_row).where(*opened)
    ).scalar_one()
    over = connection.execute(select(func.count()).select_from(case_row).where(*ended)).scalar_one()
    return TallyReply(states=by_state, open=total - over, ended=over)


def cases(connection: Connection, ids: Sequence[CaseId]) -> dict[CaseId, tuple[Case, bytes]]:
    """Folded cases by id, whoever asks: the caller filters."""
    streams = [case_stream(case) for case in ids]
    found = connection.execute(
        select(stream_state.c.body).where(stream_state.c.stream.in_(streams))
    )
    folded = ((read_case(body), bytes(body)) for (body,) in found)
    return {case.id: (case, body) for case, body in folded}


def sees_blob(connection: Connection, grants: Iterable[Grant], digest: Digest) -> bool:
    """Whether a case that these grants cover names the blob."""
    found = (
        select(case_blob.c.case)
        .join(case_row, case_row.c.case == case_blob.c.case)
        .where(case_blob.c.digest == digest, visible(grants))
        .limit(1)
    )
    return connection.execute(found).first() is not None


def named_blobs(connection: Connection, among: Collection[Digest] | None = None) -> set[Digest]:
    """The blobs that cases name, whoever asks: all, or those of some."""
    found = select(case_blob.c.digest).distinct()
    if among is None:
        return {Digest(digest) for (digest,) in connection.execute(found)}
    wanted, kept = sorted(among), set()
    for start in range(0, len(wanted), _AT_ONCE):
        part = case_blob.c.digest.in_(wanted[start : start + _AT_ONCE])
        kept |= {Digest(digest) for (digest,) in connection.execute(found.where(part))}
    return kept


def touched(connection: Connection, first: int, last: int) -> list[str]:
    """Streams with an event in `first … last`."""
    found = connection.execute(
        select(event.c.stream).where(event.c.number.between(first, last)).distinct()
    )
    return [str(stream) for (stream,) in found]


def events(connection: Connection, first: int, last: int) -> list[tuple[int, str, bytes]]:
    """(number, stream, bytes) of the events `first … last`."""
    found = connection.execute(
        select(event.c.number, event.c.stream, event.c.written)
        .where(event.c.number.between(first, last))
        .order_by(event.c.number)
    )
    return [(number, stream, bytes(written)) for number, stream, written in found]


# --- one case, opened --------------------------------------------------------------------------


def case_detail(
    connection: Connection, grants: Sequence[Grant], user: UserId, case: CaseId, now: datetime
) -> CaseDetail:
    """A case with its texts and its history.

    Raises: Refused: `case.not_found`, also when the grants do not cover it.
    """
    found = cases(connection, [case]).get(case)
    if found is None or not sees(grants, found[0].scope):
        raise Refused("case.not_found")
    stream = case_stream(case)
    written = connection.execute(
        select(event.c.written).where(event.c.stream == stream).order_by(event.c.version)
    )
    life = [recorded(read_envelope(bytes(row.written))) for row in written]
    shown = any(
        isinstance(r.event, acts.ContactShown) and r.actor == user and now - r.at <= CONTACT_STAYS
        for r in life
    )
    people = _accounts(connection, {user for r in life for user in _named(r)})
    return CaseDetail(
        case=found[0],
        number=head(connection),
        texts=_texts(connection, stream, shown=shown),
        history=tuple(_history(life, people)),
        photos=tuple(_photos(life, people)),
    )


def _photos(life: Sequence[Recorded], people: dict[UserId, Account]) -> Iterator[PhotoRow]:
    for entry in life:
        photo = entry.event
        if isinstance(photo, PhotoAttached):
            person = people.get(entry.actor)
            yield PhotoRow(
                number=entry.number,
                at=entry.at,
                actor=entry.actor,
                name=person.name if person is not None else "",
                role=entry.role,
                photo=photo,
            )


def _texts(connection: Connection, stream: str, *, shown: bool) -> Personal:
    content = connection.execute(
        select(personal.c.content).where(personal.c.stream == stream).order_by(personal.c.number)
    ).scalar()
    texts = msgspec.json.decode(content, type=Personal) if content else Personal()
    return texts if shown else masked(texts)


def masked(texts: Personal) -> Personal:
    """Name and number made unreadable; text and address of the problem stay, they are the work."""
    name = f"{texts.name[0]}**" if texts.name else ""
    hidden = max(len(texts.phone) - 4, min(len(texts.phone), 4))
    phone = "*" * hidden + texts.phone[hidden:]
    return msgspec.structs.replace(texts, name=name, phone=phone)


def _accounts(connection: Connection, users: Iterable[UserId]) -> dict[UserId, Account]:
    streams = [f"account/{user}" for user in users]
    found = connection.execute(
        select(stream_state.c.body).where(stream_state.c.stream.in_(streams))
    )
    accounts = (msgspec.json.decode(body, type=Account) for (body,) in found)
    return {account.user: account for account in accounts}


def _history(life: Sequence[Recorded], people: dict[UserId, Account]) -> Iterator[HistoryRow]:
    for step in record.steps(life):
        entry, happened = step.entry, step.entry.event
        if isinstance(happened, CaseImported):
            yield from _old_history(entry, happened)
        person = people.get(entry.actor)
        unit, centre = _acted_for(happened, entry.role, person)
        yield history_row(
            step,
            name=person.name if person is not None else "",
            inspector=_name(getattr(happened, "inspector", None), people),
            unit=unit,
            centre=centre,
            colleague=_name(colleague_of(happened), people),
        )


def _named(entry: Recorded) -> tuple[UserId, ...]:
    """Whom a step names: who took it, the inspector whom its order went to, and the colleague who
    had the case or was given it."""
    others = (getattr(entry.event, "inspector", None), colleague_of(entry.event))
    return (entry.actor, *(user for user in others if user is not None))


def _name(user: UserId | None, people: dict[UserId, Account]) -> str:
    """A person's name; the sign-in name of somebody without an account; "" for nobody."""
    person = people.get(user) if user is not None else None
    return person.name if person is not None else user or ""


def _old_history(entry: Recorded, imported: CaseImported) -> Iterator[HistoryRow]:
    """What the earlier system told, step by step: by its people, at the instants it says."""
    for step in imported.steps:
        yield HistoryRow(
            number=entry.number,
            at=step.at,
            type="OldStep",
            actor=entry.actor,
            name=step.person,
            role=entry.role,
            opinion=step.opinion,
            unit=step.unit,
            imported=True,
            act=step.act,
            post=step.post,
        )


def _acted_for(happened: object, role: Role, person: Account | None) -> tuple[str, str]:
    """Unit and centre; where the event does not say the unit, the one grant of that role does."""
    held = [grant for grant in person.grants if grant.role is role] if person is not None else []
    unit = (getattr(happened, "unit", None) if role is Role.UNIT else None) or ""
    if len(held) != 1:
        return unit, ""
    return unit or held[0].unit or "", held[0].centre or ""
