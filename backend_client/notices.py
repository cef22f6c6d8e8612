"""What a link tells whoever listens: typed, frozen, in the order in which it happened."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from casework.case import Case
from casework.replies import ReplyBody
from casework.rulebook import RuleBook
from casework.terms import CaseId, Digest, LogId
from casework.wire import Ack, Nack, Welcome


class LinkState(StrEnum):
    """How a link stands."""

    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"
    REFUSED = "refused"  # nothing is tried any more until somebody signs in anew
    CLOSED = "closed"


class LinkChanged(Struct, frozen=True, kw_only=True):
    """The link's state from `since` on (the workstation's clock, aware UTC).

    `code` says why it was lost or refused: the server's own code, or `link.unreachable`,
    `link.untrusted` (its certificate), `link.cut`, `link.silent`, `link.hole`, `link.malformed`,
    `link.grants_changed`, `link.wrong_rules`, `sign_in.token`.
    """

    state: LinkState
    since: datetime
    code: str = ""


class Remembered(Struct, frozen=True, kw_only=True):
    """Before any server answers: the picture of `saved_at` (the workstation's clock, aware UTC)
    follows as a change. `rules` is its rule book, if that was kept too."""

    saved_at: datetime
    rules: RuleBook | None


class Joined(Struct, frozen=True, kw_only=True):
    """A session stands, or its rule book changed. Comes before the session's first change."""

    welcome: Welcome
    rules: RuleBook


class Changed(Struct, frozen=True, kw_only=True):
    """What changed in the replica. With `reset`, everything known before is forgotten first.

    `number` is the log's last number that is folded in, `at` the log's clock then (aware UTC).
    While a snapshot's parts arrive `complete` is false: more rows follow.
    """

    log: LogId
    upserted: tuple[Case, ...] = ()
    gone: tuple[CaseId, ...] = ()
    reset: bool = False
    number: int
    at: datetime
    complete: bool = True


class Answered(Struct, frozen=True, kw_only=True):
    """A command is durable (`Ack`) or refused (`Nack`); `link.closed` means that nobody knows."""

    id: str
    answer: Ack | Nack


class Fetched(Struct, frozen=True, kw_only=True):
    """The answer to a question: a body, or the code of a refusal."""

    ref: int
    body: ReplyBody | None = None
    code: str = ""


class Moved(Struct, frozen=True, kw_only=True):
    """How far a picture is, sent in or fetched under `ref`: `done` of `size` bytes. The last one
    has the whole picture's `digest` and, fetched, its `data`, or the `code` of a refusal."""

    ref: int
    done: int = 0
    size: int = 0
    digest: Digest | None = None
    data: bytes = b""
    code: str = ""
    detail: dict[str, str] = {}


class Tick(Struct, frozen=True, kw_only=True):
    """A heartbeat of the server: the log's clock, how fast it runs (1000 = real time) and the
    log's last number; `delay` is the way to the server and back in seconds, if it is known.
    `people` moves with every account and sign-in, for administrators; 0 for everybody else."""

    log: LogId
    at: datetime
    milli_speed: int
    head: int
    delay: float | None = None
    people: int = 0


Notice = LinkChanged | Remembered | Joined | Changed | Answered | Fetched | Moved | Tick
Notify = Callable[[Notice], None]


class Gathering:
    """Changes that nobody has taken yet, as one: never larger than the replica itself."""

    def __init__(self, first: Changed | None = None) -> None:
        self._last: Changed | None = None
        self._reset = False
        self._upserted: dict[CaseId, Case] = {}
        self._gone: dict[CaseId, None] = {}
        if first is not None:
            self.add(first)

    def __bool__(self) -> bool:
        return self._last is not None

    def add(self, change: Changed) -> None:
        """Lay `change` over what is waiting."""
        self._last = change
        if change.reset:
            self._reset = True
            self._upserted.clear()
            self._gone.clear()
        self._lay(change.upserted)
        for case in change.gone:
            self._upserted.pop(case, None)
            self._gone[case] = None

    def _lay(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self._gone.pop(case.id, None)
            self._upserted[case.id] = case

    def take(self) -> Changed | None:
        """All that waited; nothing waits afterwards."""
        last = self._last
        if last is None:
            return None
        whole = Changed(
            log=last.log,
            upserted=tuple(self._upserted.values()),
            gone=tuple(self._gone),
            reset=self._reset,
            number=last.number,
            at=last.at,
            complete=last.complete,
        )
        self.__init__()  # type: ignore[misc]  # back to the beginning
        return whole
