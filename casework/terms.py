"""The words of the field as types: identifiers, states, roles, places.

Identifiers are `NewType`s over text, values are frozen structs. Enumerations carry the code that
is stored and sent; the words a person reads are made in the console from these codes.
Sources: docs/glossary.md names 中文 · code · source for each.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, NewType

from msgspec import Meta, Struct

LogId = NewType("LogId", str)
"""Name of one journal, `[a-z0-9]{1,16}`; event numbers are unique within a log only."""
CaseId = NewType("CaseId", str)
"""案卷号 `{log}-{yyyymmdd}-{order:05}`: the log that filed the case, the local day, the order."""
UnitId = NewType("UnitId", str)
"""責任單位: a municipal unit (`water_group`) or an area's team (`street_team@440303001`)."""
AreaId = NewType("AreaId", str)
"""A district (6 digits of GB/T 2260), a street (9 digits) or, elsewhere, a slug."""
CentreId = NewType("CentreId", str)
"""監督指揮中心: the city's (`440300`) or a district's, usually by the code of its district."""
GridCode = NewType("GridCode", str)
"""單元網格 code: 15 digits (6 + 3 + 3 + 3); 14 digits in 2008-line data."""
ComponentId = NewType("ComponentId", str)
"""部件標識碼: 16 digits (2008 line: district 6, class 2 + 2, order 6) or 17 (2026: 6, 2 + 3, 6)."""
UserId = NewType("UserId", str)
"""Sign-in name of a person or a practice bot."""
ReceiptNumber = NewType("ReceiptNumber", str)
"""回執號 given to one reporter of one case."""

Digest = NewType("Digest", str)
"""SHA-256 of a blob's bytes, 64 hex digits: its name."""

Instant = Annotated[datetime, Meta(tz=True)]
"""An instant as a message brings it: with its zone, for a naive one has no meaning."""

E7 = 10_000_000
"""Stored coordinates are integers of 1e-7 degree: events hold no floats."""


class Point(Struct, frozen=True, array_like=True):
    """WGS-84 position in integers of 1e-7 degree (about 11 mm of latitude)."""

    lat: int
    lon: int

    @property
    def degrees(self) -> tuple[float, float]:
        """(latitude, longitude) in degrees."""
        return self.lat / E7, self.lon / E7


def point(lat: float, lon: float) -> Point:
    """The stored form of a WGS-84 position given in degrees."""
    return Point(round(lat * E7), round(lon * E7))


class Kind(StrEnum):
    """事件 or 部件 (the standard's 事件 is `incident`; `Event` is always a recorded message)."""

    INCIDENT = "incident"
    COMPONENT = "component"


class Role(StrEnum):
    """The post a person acts in (domain.md 2.3)."""

    ACCEPTOR = "acceptor"  # 受理員
    SHIFT_LEADER = "shift_leader"  # 值班長
    DISPATCHER = "dispatcher"  # 派遣員
    UNIT = "unit"  # 責任單位
    INSPECTOR = "inspector"  # 監督員
    ADMINISTRATOR = "administrator"  # 管理員
    OBSERVER = "observer"  # 領導、大屏: sees, never acts
    SYSTEM = "system"  # 系統: the server itself, when a time has come; nobody is granted it


CENTRE_ROLES = frozenset({Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER})
"""監督指揮中心: who works at the centre's own links, and claims cases there."""


class State(StrEnum):
    """Where a case stands (domain.md 2.5)."""

    REGISTERED = "registered"  # 待受理
    ANSWERED = "answered"  # 當即辦理
    VERIFYING = "verifying"  # 核實中
    PREFILED = "prefiled"  # 待立案
    NOT_FILED = "not_filed"  # 不予立案
    FILED = "filed"  # 待派遣
    DISPATCHED = "dispatched"  # 待處置
    HANDLING = "handling"  # 處置中
    SUSPENDED = "suspended"  # 掛賬
    FEEDBACK = "feedback"  # 待核查
    CHECKING = "checking"  # 核查中
    PENDING_CLOSE = "pending_close"  # 待結案
    CLOSED = "closed"  # 已結案
    CANCELLED = "cancelled"  # 作廢


ENDED = frozenset({State.ANSWERED, State.NOT_FILED, State.CLOSED, State.CANCELLED})
"""States in which no clock runs and no link waits."""
AT_THE_UNITS = frozenset({State.DISPATCHED, State.HANDLING, State.SUSPENDED})
"""States in which the case lies with its units."""
BEFORE_DISPATCH = frozenset({State.REGISTERED, State.VERIFYING, State.PREFILED, State.FILED})
"""States in which no unit has the case yet."""


class Source(StrEnum):
    """來源 (domain.md 2.8)."""

    PUBLIC = "public"  # 公眾舉報
    INSPECTOR = "inspector"  # 監督員上報
    LEADER = "leader"  # 領導交辦
    WEBSITE = "website"
    FAX = "fax"
    SMS = "sms"
    PETITION = "petition"  # 信訪
    MEDIA = "media"
    EMAIL = "email"
    PHONE = "phone"  # 電話
    APP = "app"
    CAMERA = "camera"  # 監控抓拍
    SELF_SERVICE = "self_service"
    OTHER = "other"
    HOTLINE = "hotline"  # 12319 熱線
    WECHAT = "wechat"  # 微信
    QUICK = "quick"  # 監督員快速上報
    REFUSED = "refused"  # 座席拒接: a call that nobody took
    EVALUATION = "evaluation"  # 考評發現
    AUDIT = "audit"  # 督查檢查
    DISTRICT_VIDEO = "district_video"  # 區視頻
    CITY_VIDEO = "city_video"  # 市視頻


class Urgency(StrEnum):
    """緊急程度; sorts before time."""

    NORMAL = "normal"  # 一般
    URGENT = "urgent"  # 緊急
    CRITICAL = "critical"  # 特急


class ComponentState(StrEnum):
    """State of a component in the register (domain.md 4)."""

    INTACT = "intact"  # 完好
    DAMAGED = "damaged"  # 破損
    MISSING = "missing"  # 丟失
    ABANDONED = "abandoned"  # 廢棄
    REMOVED = "removed"  # 移除: kept in the register, shown nowhere


class Media(StrEnum):
    """Kinds of picture that can be stored, as their media types."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


class AssignmentState(StrEnum):
    """State of one (case × unit)."""

    OPEN = "open"  # 待處置: not accepted yet
    HANDLING = "handling"  # 處置中
    DONE = "done"
    RETURNED = "returned"


AT_WORK = frozenset({AssignmentState.OPEN, AssignmentState.HANDLING})
"""The unit still has something to do."""


class Application(StrEnum):
    """What a unit may apply for, and the centre approves or refuses (domain.md 2.6)."""

    EXTENSION = "extension"  # 延期
    SUSPENSION = "suspension"  # 掛賬
    RETURN = "return"  # 回退
    HANDLING = "handling"  # 一般 → 綜合 / 工程


class ClosingKind(StrEnum):
    """結案類型 (domain.md 2.5)."""

    NORMAL = "normal"  # 正常結案
    LATE = "late"  # 超時結案
    ERROR = "error"  # 差錯結案
    SPECIAL = "special"  # 特殊結案
    FORCED = "forced"  # 強制結案
    INFORMATION = "information"  # 告知性結案
    SELF_HANDLED = "self_handled"  # 自行處理


class DeadlineBasis(StrEnum):
    """Where a case's own deadline comes from; shown beside it."""

    RULE = "rule"  # a limit of the rule book
    RECORD = "record"  # carried by a replayed or imported record
    NONE = "none"  # 視情況定: a designed state, not an error


class Datum(StrEnum):
    """坐標系: the system in which a person, records or a map give latitude and longitude."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"  # 火星坐標: Chinese web maps and telephones
    BD09 = "bd09"  # 百度坐標: GCJ-02, moved once more
