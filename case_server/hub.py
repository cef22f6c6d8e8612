"""The hub: sockets on one side, the desk on the other, one asyncio loop between them.

Sessions join with a snapshot or resume by number, then learn of each committed batch what their
grants let them see; the ranges they are told always tile. Commands go to the desk, questions to
the read side in a few threads. Source: docs/protocol.md, trust.md c.5-c.7.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from case_server import catching_up, questions
from case_server.accounts import Seats
from case_server.attendance import Attendance, farewell
from case_server.audiences import Chapter
from case_server.database import Database
from case_server.desk import Batch, Desk
from case_server.door import Door, address_of, is_private
from case_server.fanout import Fanout
from case_server.frames import MalformedError, read_frame
from case_server.greeting import Dismissed, dismiss, hear_hello, may_resume, welcome
from case_server.keeper import settle_answers
from case_server.session import Limits, Session
from case_server.uploads import Uploads, part
from case_server.users import Users
from casework import queries, replies, wire
from casework.decider import Grant, Refused
from casework.procedures.account import ChangePassword

READERS = 4
"""Threads that read the database."""

Found = TypeVar("Found")
_log = logging.getLogger(__name__)


class Hub:
    """Made and used in one running loop; only `publish` may be called from elsewhere."""

    def __init__(
        self, desk: Desk, database: Database, users: Users, limits: Limits | None = None
    ) -> None:
        self._desk = desk
        self._database = database
        self._users = users
        self._limits = limits or Limits()
        self.door = Door(users, self._limits.sockets_per_address, loopback_free=desk.log.practice)
        self._loop = asyncio.get_running_loop()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._uploads = Uploads(database, desk.rules)
        self._sessions: dict[Session, set[asyncio.Task[None]]] = {}
        self._attendance = Attendance(self._sessions.keys(), users)
        users.noted = self._noted
        self._fanout = Fanout(
            desk.log.id, desk.head, desk.clock.now(), self._missed, self._catch_up
        )
        self._ticking = self._loop.create_task(self._tick())
        self._ticking.add_done_callback(_report_fault)
        self._reading = self._loop.create_task(self._read(self._know_addresses))
        self._reading.add_done_callback(_report_fault)

    # --- sessions ------------------------------------------------------------------------------

    async def handle(self, socket: ServerConnection) -> None:
        """The life of one socket after the handshake."""
        person = self.door.person(socket)
        try:
            with self.door.socket_of(address_of(socket)):
                hello = await hear_hello(socket, self._limits.hello)
                session = Session(socket, person, hello.device, self._limits)
                await self._converse(session, hello)
        except Dismissed as dismissed:
            await dismiss(socket, dismissed.bye)
        except Refused as refused:  # the address filled up while the password was checked
            await dismiss(socket, wire.Bye(code=refused.code))
        except ConnectionClosed:
            pass

    async def _converse(self, session: Session, hello: wire.Hello) -> None:
        self._sessions[session] = set()
        self._attendance.stir()
        quiet = hello.quiet or session.person.must_change
        if not quiet:
            self._fanout.enter(session)
        try:
            resume = None if session.person.must_change else hello.resume
            resumes = may_resume(self._desk, resume, self._limits.resume_within)
            token = self._users.token(session.person)
            session.tell(welcome(self._desk, session.person, token, resumes=resumes))
            number = resume.number if resume is not None and resumes else None
            if not quiet:
                self._spawn(session, self._join(session, number))
            await self._listen(session)
        finally:
            self._attendance.stir()
            if not quiet:
                self._fanout.leave(session)
            for task in self._sessions.pop(session):
                task.cancel()

    def _spawn(self, session: Session, work: Coroutine[Any, Any, None]) -> None:
        """Run something for a session, and no longer than it lives."""
        task = self._loop.create_task(work)
        tasks = self._sessions[session]
        tasks.add(task)

        def over(done: asyncio.Task[None]) -> None:
            tasks.discard(done)
            if _report_fault(done):
                session.socket.transport.abort()

        task.add_done_callback(over)

    # --- what a session says -------------------------------------------------------------------

    async def _listen(self, session: Session) -> None:
        async for frame in session.socket:
            try:
                message = read_frame(frame)
            except MalformedError as malformed:
                raise Dismissed("frame.malformed", str(malformed)) from None
            self._receive(session, message)
            await session.room()

    def _receive(self, session: Session, message: wire.Message) -> None:
        if session.over:
            return
        match message:
            case wire.Ask():
                self._ask(session, message)
            case wire.Fetch():
                self._spawn(session, self._reply(session, message))
            case wire.Heartbeat(echo=echo):
                session.tell(self._heartbeat(session, echo))
            case wire.Hello():
                raise Dismissed("frame.malformed", "Hello comes once, first.")
            case _:  # Seen: how far the client has folded; nothing here depends on it
                pass

    def _ask(self, session: Session, ask: wire.Ask) -> None:
        if not session.may_ask(ask.command):
            session.tell(wire.Nack(id=ask.id, code="session.too_fast"))
        elif session.person.must_change and not isinstance(ask.command, ChangePassword):
            session.tell(wire.Nack(id=ask.id, code="password.must_change"))
        elif ask.passwords is not None:
            self._spawn(session, self._ask_secretly(session, ask))
        else:
            session.asked()
            self._desk.submit(session.submission(ask))

    async def _ask_secretly(self, session: Session, ask: wire.Ask) -> None:
        """A command with a password: it is hashed first, one after the other."""
        socket, device = session.socket, session.actor.device
        try:
            if not is_private(socket):
                raise Refused("password.not_private")
            async with session.secretly:
                whose = session.person, device, address_of(socket)
                secret = await self._users.secret(ask, *whose)
        except Refused as refused:
            session.tell(wire.Nack(id=ask.id, code=refused.code, detail=refused.detail))
            return
        session.asked()
        self._desk.submit(session.submission(ask, secret))

    async def _reply(self, session: Session, fetch: wire.Fetch) -> None:
        try:
            if not session.may_ask():
                raise Refused("session.too_fast")
            if session.person.must_change and not isinstance(fetch.query, queries.RulesQuery):
                raise Refused("password.must_change")
            body = await self._body(session, fetch.query)
            reply = wire.Reply(ref=fetch.ref, body=body)
        except Refused as refused:
            reply = wire.Reply(ref=fetch.ref, code=refused.code)
        except SQLAlchemyError:
            _log.exception("a question could not be answered")
            reply = wire.Reply(ref=fetch.ref, code="server.read_failed")
        await session.send([wire.encode(reply)])

    async def _body(self, session: Session, query: queries.Query) -> replies.ReplyBody:
        if isinstance(query, queries.BlobOffer | queries.BlobChunk):
            return await self._uploads.answer(session.person, query)
        if isinstance(query, queries.BlobRange):
            return await self._read(part, self._database, session.person, query)
        return await self._read(self._look_up, session, query, self._attendance.seats())

    def _look_up(
        self, session: Session, query: queries.Question, seats: Seats
    ) -> replies.ReplyBody:
        with self._database.read() as connection:
            return questions.answer(connection, self._desk, session.person, query, seats)

    def _know_addresses(self) -> None:
        """Read the addresses before somebody asks."""
        with self._database.read() as connection:
            self._desk.addresses.follow(connection)

    async def _read(self, work: Callable[..., Found], *given: object) -> Found:
        return await self._loop.run_in_executor(self._readers, work, *given)

    # --- what the desk says --------------------------------------------------------------------

    def publish(self, batch: Batch) -> None:
        """Take a committed batch, in whatever thread; one wake-up of the loop."""
        self._loop.call_soon_threadsafe(self._take, batch)

    def _noted(self) -> None:
        """A sign-in was noted, in the desk's thread: administrators may ask for it."""
        self._loop.call_soon_threadsafe(self._attendance.stir)

    def _take(self, batch: Batch) -> None:
        """Tell everyone, then answer: one's own act is on the screen before its Ack."""
        told = self._fanout.tell(Chapter(batch)) if batch.changes else set()
        for submission, answer in batch.answers:
            session = submission.tag
            if isinstance(session, Session):
                if isinstance(answer, wire.Ack) and submission.secret is not None:
                    answer = self._attendance.answer(submission, answer, batch)  # noqa: PLW2901
                session.answered(wire.encode(discreet(answer)))
                told.add(session)
        for session in told:
            session.flush()
        settle_answers(batch)
        self._follow(batch)

    def _follow(self, batch: Batch) -> None:
        """What else a batch means: another pace, other grants, a disabled account."""
        streams = {change.stream for change in batch.changes if change.after is None}
        if any(stream.startswith("log/") for stream in streams):
            self._beat(self._sessions)
        if any(stream.startswith("account/") for stream in streams):
            self._attendance.stir()
        for session in self._attendance.concerned(streams):
            self._spawn(session, self._check_account(session))

    async def _check_account(self, session: Session) -> None:
        account = await self._read(self._desk.account, session.person.user)
        bye = farewell(session, account, self._limits.retry_after)
        if bye is not None and not session.over:
            session.over = True
            await dismiss(session.socket, bye)

    # --- joining and catching up ---------------------------------------------------------------

    async def _join(self, session: Session, number: int | None) -> None:
        session.announced = await self._send_snapshot(session) if number is None else number
        await self._fanout.catch_up(session)

    async def _send_snapshot(self, session: Session) -> int:
        ended_since = self._desk.clock.now() - timedelta(hours=self._desk.rules.queues.ended_hours)
        number, frames = await self._read(
            catching_up.snapshot,
            self._database,
            self._desk.log.id,
            session.person.grants,
            ended_since,
        )
        await session.send(frames)
        return number

    def _catch_up(self, session: Session) -> None:
        self._spawn(session, self._fanout.catch_up(session))

    async def _missed(self, grants: Sequence[Grant], first: int) -> tuple[int, list[bytes]]:
        at = self._desk.clock.now()
        return await self._read(
            catching_up.missed, self._database, self._desk.log.id, grants, first, at
        )

    # --- time ----------------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Announce quiet ranges, cut stuck sockets, and give a sign of life."""
        checked = beaten = self._loop.time()
        while True:
            await asyncio.sleep(self._limits.quiet)
            now = self._loop.time()
            self._fanout.announce()
            if now - checked >= 1:
                checked = now
                for session in self._sessions:
                    session.cut_if_stuck()
            self._beat(self._attendance.news())
            if now - beaten >= self._limits.heartbeat:
                beaten = now
                self._beat(self._sessions)

    def _heartbeat(self, session: Session, echo: float = 0.0) -> wire.Heartbeat:
        clock = self._desk.clock
        return wire.Heartbeat(
            echo=echo,
            at=clock.now(),
            milli_speed=clock.milli_speed,
            head=self._fanout.head,
            people=self._attendance.people(session),
        )

    def _beat(self, sessions: Iterable[Session]) -> None:
        for session in sessions:
            if not session.is_slow:
                session.tell(self._heartbeat(session))

    # --- the end -------------------------------------------------------------------------------

    def say_goodbye(self) -> None:
        """Tell every session that the server stops."""
        bye = wire.Bye(code="shutting_down", retry_after=self._limits.retry_after)
        for session in self._sessions:
            session.tell(bye)

    async def close(self) -> None:
        """Stop ticking and let go of the threads; the sockets are closed already."""
        self._ticking.cancel()
        await asyncio.gather(self._ticking, self._reading, return_exceptions=True)
        await self._uploads.close()
        self._readers.shutdown()


def discreet(answer: wire.Ack | wire.Nack) -> wire.Ack | wire.Nack:
    """A refusal that came before the desk knew whether the case is visible must not tell its
    version; the codes of a case's own rules come after (`Desk`)."""
    if isinstance(answer, wire.Nack) and not answer.code.startswith("case."):
        return wire.Nack(id=answer.id, code=answer.code, detail=answer.detail)
    return answer


def _report_fault(done: asyncio.Task[None]) -> bool:
    """Whether a task ended by a fault, which goes to the log; a lost socket is none."""
    fault = None if done.cancelled() else done.exception()
    if fault is None or isinstance(fault, ConnectionClosed):
        return False
    _log.error("the hub's work failed", exc_info=fault)
    return True
