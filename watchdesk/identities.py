"""Posts a person can take in a practice log: a name, the grants, and a drill token for them."""

import hashlib
from collections.abc import Iterable

from backend_client.credentials import Credentials, drill_token
from casework.decider import Grant
from casework.terms import Role, UnitId, UserId
from casework.territory import Unit
from watchdesk.failure import DeskError

_LONGEST = 40
"""Characters of a sign-in name."""
DUTY = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER)
POSTS: dict[str, tuple[str, tuple[Role, ...]]] = {
    "duty": ("值守 Duty", DUTY),
    "acceptor": ("受理员 Acceptor", (Role.ACCEPTOR,)),
    "shift_leader": ("值班长 Shift leader", (Role.SHIFT_LEADER,)),
    "dispatcher": ("派遣员 Dispatcher", (Role.DISPATCHER,)),
    "inspector": ("监督员 Inspector", (Role.INSPECTOR,)),
    "administrator": ("管理员 Administrator", (Role.ADMINISTRATOR,)),
}


def grants_of(post: str) -> tuple[str, tuple[Grant, ...]]:
    """Name and grants of a post: one of `POSTS`, or `unit:ID`.

    Raises: DeskError: `console.post`.
    """
    kind, _, unit = post.partition(":")
    if kind == "unit" and unit:
        return f"责任单位 {unit}", (Grant(role=Role.UNIT, unit=UnitId(unit)),)
    if post not in POSTS:
        posts = ", ".join(POSTS)
        raise DeskError("console.post", f"{post!r} is no post; they are {posts} and unit:ID.")
    name, roles = POSTS[post]
    return name, tuple(Grant(role=role) for role in roles)


def credentials(key: bytes, post: str) -> Credentials:
    """What signs a person in to a practice log in a post. Raises: DeskError: `console.post`."""
    name, grants = grants_of(post)
    user = _user(post)
    return Credentials(drill=drill_token(key, user, name, grants))


def keeper(key: bytes) -> Credentials:
    """What signs an administrator in to a practice log."""
    grants = (Grant(role=Role.ADMINISTRATOR),)
    return Credentials(drill=drill_token(key, _user("administrator"), "管理员", grants))


def _user(post: str) -> UserId:
    """The sign-in name; a long one is not cut, as two units would then share it."""
    name = f"practice.{post.replace(':', '.').replace('@', '.')}"
    if len(name) > _LONGEST:
        name = f"practice.unit.{hashlib.sha256(post.encode()).hexdigest()[:16]}"
    return UserId(name)


def people(units: Iterable[Unit]) -> list[tuple[UserId, str, tuple[Grant, ...]]]:
    """Those who may take a post: sign-in name, the name that a case's record shows, grants. A
    unit's officer goes by the unit's name."""
    posts = {post: name.split()[0] for post, (name, _) in POSTS.items()}
    posts |= {f"unit:{unit.id}": unit.name for unit in units}
    return [(_user(post), name, grants_of(post)[1]) for post, name in posts.items()]


def identities(key: bytes, first: str, units: Iterable[str]) -> list[tuple[str, Credentials]]:
    """The posts to choose from, by name, `first` at the head."""
    posts = dict.fromkeys((first, *POSTS, *(f"unit:{unit}" for unit in units)))
    return [(grants_of(post)[0], credentials(key, post)) for post in posts]
