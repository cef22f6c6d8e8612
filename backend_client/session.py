"""One client's conversation with the case server, without a socket and without a clock.

Frames go in and notices come out; what is to be sent waits in `outgoing`. A session outlives its
connections: unanswered commands are sent again under the same id, and the log is taken up where
the replica stands. Source: docs/protocol.md.
"""

from collections import deque

import msgspec

from backend_client.log_clock import LogClock
from backend_client.notices import Changed, Joined, Notice, Tick
from backend_client.pace import Pace
from backend_client.replica import HoleError, Replica
from backend_client.rule_shelf import RuleShelf, WrongRulesError
from backend_client.waiting import Waiting
from casework.queries import Query, RulesQuery
from casework.replies import RulesReply
from casework.rulebook import RuleBook
from casework.wire import (
    PROTOCOL,
    Ack,
    Ask,
    Bye,
    Events,
    Fetch,
    Heartbeat,
    Hello,
    Message,
    Nack,
    Reply,
    Seen,
    Snapshot,
    Welcome,
    encode,
    read_from_server,
)

FATAL = frozenset({"upgrade", "signed_out", "sign_in"})
"""First words of the codes with which a `Bye` that names no delay ends all trying."""
TRIES = 2
"""A hole is asked for again so often; then only a snapshot helps."""

_RULES_REF = 0
"""Of the session's own question for a rule book."""


class LinkError(Exception):
    """This connection cannot go on. `code` says why, `fatal` that trying again is useless."""

    def __init__(self, code: str, *, retry_after: float = 0.0, fatal: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.fatal = fatal


class Session:
    """Not safe for threads. `mono` is seconds of one monotonic clock throughout."""

    def __init__(
        self,
        device: str,
        replica: Replica,
        shelf: RuleShelf,
        pace: Pace | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """A quiet session asks and is answered, and hears nothing of what others do."""
        self.quiet = quiet
        self.replica = replica
        self.clock = LogClock()
        self.outgoing: deque[bytes] = deque()
        self.welcome: Welcome | None = None
        self.rules: RuleBook | None = None
        self.token = ""
        self._device = device
        self._shelf = shelf
        self._pace = pace or Pace()
        self._joined = False
        self._waiting = Waiting()
        self._held: list[Notice] = []
        self._holes = 0
        self._anew = False
        self._heard = self._sent = self._seen_sent = 0.0
        self._seen = 0
        self._echo = 0.0
        self._milli_speed = 1000

    # --- a connection's life ------------------------------------------------------------------

    def open(self, mono: float) -> None:
        """A connection stands: say hello."""
        self._heard = self._sent = self._seen_sent = mono
        self._echo = 0.0
        resume = None if self._anew or self._holes >= TRIES else self.replica.resume
        self._seen = 0
        self.outgoing.clear()
        self._say(Hello(protocol=PROTOCOL, device=self._device, resume=resume, quiet=self.quiet))

    def lose(self) -> None:
        """The connection is gone; what waits for an answer is kept."""
        self._joined = False
        self.outgoing.clear()
        self._held.clear()

    @property
    def current(self) -> bool:
        """The replica is as far as the log was when the session began, if it is to follow it."""
        if not self._joined or self.welcome is None or self.rules is None:
            return False
        if self.quiet:
            return True
        return self.replica.complete and self.replica.number >= self.welcome.head

    @property
    def live(self) -> bool:
        """The server has welcomed this connection."""
        return self._joined

    def close(self) -> list[Notice]:
        """Nobody will answer any more: say so for everything that waits."""
        self.lose()
        return self._waiting.close()

    # --- what the client wants ----------------------------------------------------------------

    def ask(self, ask: Ask) -> None:
        """Send a command, now or when the server is there. The same id twice is one command.

        Raises:
            Refused: `command.malformed` when no server would read it, `command.too_large`.
        """
        frame = self._waiting.ask(ask)
        if frame is not None and self._joined:
            self.outgoing.append(frame)

    def fetch(self, ref: int, query: Query) -> None:
        """Ask a question, now or when the server is there. `ref`, from 1, names the answer.

        Raises:
            Refused: `query.malformed` when no server would read it, `query.too_large`.
        """
        frame = self._waiting.fetch(ref, query)
        if self._joined:
            self.outgoing.append(frame)

    def tick(self, mono: float) -> None:
        """Time has passed.

        Raises:
            LinkError: `link.silent` when the server has been silent for too long.
        """
        if mono - self._heard > self._pace.silence:
            raise LinkError("link.silent")
        if self._joined and mono - self._seen_sent >= self._pace.seen:
            self._report(mono)
        if self._joined and mono - self._sent >= self._pace.heartbeat:
            self._echo = mono
            self._say(Heartbeat(echo=mono))
        if self.outgoing:
            self._sent = mono

    def _report(self, mono: float) -> None:
        self._seen_sent = mono
        if self.replica.complete and self.replica.number > self._seen:
            self._seen = self.replica.number
            self._say(Seen(number=self._seen))

    def _say(self, message: Message) -> None:
        self.outgoing.append(encode(message))

    # --- what the server says -----------------------------------------------------------------

    def receive(self, frame: bytes | str, mono: float) -> list[Notice]:
        """Take one frame.

        Raises:
            LinkError: the connection is to be given up; the link decides when to try again.
        """
        self._heard = mono
        try:
            message = read_from_server(frame)
            return self._take(message)
        except HoleError:
            self._holes += 1
            raise LinkError("link.hole") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._holes += 1  # a snapshot leads past an event that cannot be read
            raise LinkError("link.malformed") from None
        except WrongRulesError:
            raise LinkError("link.wrong_rules") from None

    def _take(self, message: Message) -> list[Notice]:
        match message:
            case Ack() | Nack():
                return self._take_answer(message)
            case Welcome():
                return self._take_welcome(message)
            case Bye():
                raise _end(message)
            case Heartbeat():
                return self._take_heartbeat(message)
            case Events() if self._joined:
                return self._take_events(message)
            case Snapshot() if self._joined:
                return self._take_snapshot(message)
            case Reply() if self._joined:
                return self._take_reply(message)
        raise LinkError("link.malformed")

    def _take_answer(self, answer: Ack | Nack) -> list[Notice]:
        if isinstance(answer, Ack) and answer.token:
            self.token = answer.token  # the one before died with the old password
        return self._waiting.answered(answer)

    def _take_welcome(self, welcome: Welcome) -> list[Notice]:
        if welcome.protocol != PROTOCOL:
            raise LinkError("upgrade", fatal=True)
        if welcome.resumes and not self.replica.fits(welcome):
            self._anew = True  # what was seen through other grants is not to be built upon
            raise LinkError("link.grants_changed")
        self._anew = False
        self._joined = True
        self.welcome = welcome
        self.token = welcome.token
        self.clock.join(welcome.log, welcome.epoch)
        self._milli_speed = welcome.milli_speed
        self.clock.hear(welcome.at, welcome.milli_speed, self._heard)
        self.replica.join(welcome)
        notices = self._find_rules(welcome.rules_digest)
        self.outgoing.extend(self._waiting.frames())
        return notices

    def _find_rules(self, digest: str) -> list[Notice]:
        rules = self._shelf.find(digest)
        if rules is not None:
            return self._adopt(rules)
        self.rules = None
        self._say(Fetch(ref=_RULES_REF, query=RulesQuery(digest=digest)))
        return []

    def _adopt(self, rules: RuleBook) -> list[Notice]:
        assert self.welcome is not None
        self.rules = rules
        held, self._held = self._held, []
        return [Joined(welcome=self.welcome, rules=rules), *held]

    def _take_rules(self, reply: Reply) -> list[Notice]:
        if not isinstance(reply.body, RulesReply):
            raise LinkError("link.wrong_rules")
        return self._adopt(self._shelf.keep(reply.body.digest, bytes(reply.body.rules)))

    def _take_snapshot(self, snapshot: Snapshot) -> list[Notice]:
        changed = self.replica.apply(snapshot)
        if changed.complete:
            self._holes = 0
        return self._tell(changed)

    def _take_events(self, events: Events) -> list[Notice]:
        before = self.replica.number
        changed = self.replica.apply(events)
        if self._milli_speed == 0:  # else a range may have been committed long before it comes
            self.clock.hear(events.at, 0, self._heard)
        if changed.number == before:
            return []
        self._holes = 0
        return self._tell(changed)

    def _tell(self, changed: Changed) -> list[Notice]:
        """A listener needs the rule book first, so changes wait for it."""
        if self.rules is not None:
            return [changed]
        self._held.append(changed)
        return []

    def _take_reply(self, reply: Reply) -> list[Notice]:
        if reply.ref == _RULES_REF:
            return self._take_rules(reply)
        return self._waiting.replied(reply)

    def _take_heartbeat(self, beat: Heartbeat) -> list[Notice]:
        if beat.at is None or self.welcome is None:
            return []
        delay = self._heard - self._echo if beat.echo and beat.echo == self._echo else None
        self._echo = 0.0
        self._milli_speed = beat.milli_speed
        self.clock.hear(beat.at, beat.milli_speed, self._heard)
        at = self.clock.now(self._heard)
        tick = Tick(
            log=self.welcome.log,
            at=at,
            milli_speed=beat.milli_speed,
            head=beat.head,
            delay=delay,
            people=beat.people,
        )
        expired = self.replica.expire(at)
        return [tick] if expired is None else [tick, *self._tell(expired)]


def _end(bye: Bye) -> LinkError:
    fatal = bye.retry_after == 0 and bye.code.partition(".")[0] in FATAL
    return LinkError(bye.code, retry_after=bye.retry_after, fatal=fatal)
