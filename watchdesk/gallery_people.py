"""Invented people of the gallery's centre."""

from datetime import datetime, timedelta

from casework.decider import Grant
from casework.enquiries import Colleague, PersonName
from casework.replies import AccountRow
from casework.terms import AreaId, Role, UnitId, UserId

_DISTRICT = AreaId("440305")
_LEADER = (Grant(role=Role.SHIFT_LEADER), Grant(role=Role.ADMINISTRATOR))
_PEOPLE: tuple[tuple[str, str, str, tuple[Grant, ...]], ...] = (
    ("chen", "陈静", "受理员", (Grant(role=Role.ACCEPTOR),)),
    ("he", "何丽华", "受理员", (Grant(role=Role.ACCEPTOR),)),
    ("huang", "黄志伟", "园林绿化", (Grant(role=Role.UNIT, unit=UnitId("greening")),)),
    ("li", "李明", "派遣员", (Grant(role=Role.DISPATCHER, areas=(_DISTRICT,)),)),
    ("lin", "林小燕", "派遣员", (Grant(role=Role.DISPATCHER),)),
    ("tan", "谭文杰", "受理员", (Grant(role=Role.ACCEPTOR), Grant(role=Role.DISPATCHER))),
    ("wu", "吴建华", "监督员", (Grant(role=Role.INSPECTOR, areas=(_DISTRICT,)),)),
    ("xu", "许志强", "值班长", (Grant(role=Role.SHIFT_LEADER),)),
    ("zheng", "郑海涛", "观察员", (Grant(role=Role.OBSERVER),)),
    ("zhou", "周国强", "值班长", _LEADER),
)
_AWAY, _NEVER, _LEFT = 3, 7, 8
"""One in three is not here now; who has never signed in, and who has left, by their place."""


def accounts(at: datetime) -> tuple[AccountRow, ...]:
    """All of them on the morning of `at`."""
    return tuple(_account(number, at) for number in range(len(_PEOPLE)))


def _account(number: int, at: datetime) -> AccountRow:
    user, name, post, grants = _PEOPLE[number]
    is_here, is_new = number % _AWAY != 0 and number != _LEFT, number == _NEVER
    before = timedelta(minutes=95 + 7 * number) if is_here else timedelta(days=number, hours=3)
    return AccountRow(
        user=UserId(user),
        version=1,
        name=name,
        post=post,
        job_number=f"44{number:04}",
        phone=f"0755-8200{number:04}",
        grants=grants,
        enabled=number != _LEFT,
        must_change=is_new,
        has_password=True,
        signed_in_at=None if is_new else at - before,
        seats=(f"座席 {number}",) if is_here and not is_new else (),
    )


def names() -> tuple[PersonName, ...]:
    """What they are called."""
    return tuple(
        PersonName(user=UserId(user), name=name, post=post) for user, name, post, _ in _PEOPLE
    )


def colleagues(role: Role) -> tuple[Colleague, ...]:
    """Those who hold a post, who is here first."""
    found = [
        Colleague(
            user=UserId(user), name=name, post=post, present=number % _AWAY != 0, in_hand=number
        )
        for number, (user, name, post, grants) in enumerate(_PEOPLE)
        if any(grant.role is role for grant in grants)
    ]
    return tuple(sorted(found, key=lambda each: not each.present))
